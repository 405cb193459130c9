"""A month is closed when its ledgers are handed in: files, figures and rows are kept as they stand.

Closing, and opening again, are changes of one record: they are in the history and can be undone. The kept bytes
stay in the file whatever happens to that record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import ChangeSet, changed, created
from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import private_folder
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import Audience
from stationdesk.core.vocab.paperwork import MonthState
from stationdesk.db.base import values_of
from stationdesk.db.kept import keep
from stationdesk.db.models import ClosedMonth, Need, Visit, Worker
from stationdesk.db.writing import Work
from stationdesk.services.ledgers.corrections import KEPT_COLUMNS, Correction, corrections_for
from stationdesk.services.ledgers.export import watch_of
from stationdesk.services.ledgers.frozen import figures_to_json, frozen_months
from stationdesk.services.ledgers.handed_in import KeptWorkbook, files_to_json
from stationdesk.services.ledgers.heads import head_of
from stationdesk.services.ledgers.kept_rows import Heading, KeptRow, kept_rows, packed
from stationdesk.services.ledgers.making import LedgerSheet, Maker, wanted_ledgers
from stationdesk.services.ledgers.monthly import Check
from stationdesk.services.ledgers.period import Period, checked_first_day, month_of, period_of
from stationdesk.services.ledgers.reading import first_day_of, full_columns, paper_book
from stationdesk.services.ledgers.rows import ROWS
from stationdesk.services.release import Override, note_release
from stationdesk.services.store import Store
from stationdesk.sheets.ledgers import LEDGERS
from stationdesk.sheets.ledgers.corrections import CORRECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stationdesk.sheets.leaks import Leak

_KEPT_FOR = (Audience.INTERNAL, Audience.REPORT)
_LEAST = 2
"""Characters of a reason for opening a month again."""
_ATTEMPTS = 2
"""So often a closing is made while others may save; each takes some seconds."""


@dataclass(frozen=True, slots=True)
class Closing:
    """How a month stands: its days, whether it is closed, by whom and when, and which earlier months are open."""

    month: Month
    period: Period
    ended: bool
    state: MonthState | None = None
    closed_on: date | None = None
    worker: str = ""
    reopened_on: date | None = None
    reason: str = ""
    earlier_open: tuple[Month, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether its figures stand as they were handed in."""
        return self.state is MonthState.CLOSED


def closing_of(store: Store, month: Month, first_day: int | None = None) -> Closing:
    """How a month stands."""
    with store.reading() as session:
        return _state(session, month, first_day or first_day_of(session), store.clock.today())


def close(
    store: Store,
    month: Month,
    progress: Progress = SILENT,
    *,
    first_day: int | None = None,
    override: Override | None = None,
) -> ChangeSet:
    """Close a month: write its workbooks, and keep them with the figures and the rows of every ledger.

    What is kept is one state of the file, kept in one transaction: a cancelled or refused closing leaves no trace.
    It is made from what a reader sees, so that others go on saving meanwhile; where they did, it is made once more,
    and at last with nobody saving.

    Raises:
        UserError: it has not ended yet, or is closed already.
        PersonalNumber: something of one person stands in the report, and nobody answers for it.
        Cancelled: by `progress`.
    """
    if first_day is not None:
        checked_first_day(first_day)
    wanted = _Wanted(month, first_day, override)
    for _attempt in range(_ATTEMPTS):
        version = store.version  # before anything is read: what is saved from here on is seen by it
        with store.reading() as session:
            made = _made(store, session, wanted, progress)
        with store.writing(_why(month)) as work:
            if store.version == version:
                return _kept(store, work, wanted, made)
        progress.say(_("期间有新的保存，按最新的资料再做一次"))
    with store.writing(_why(month)) as work:
        return _kept(store, work, wanted, _made(store, work.session, wanted, progress))


def reopen(store: Store, month: Month, reason: str) -> ChangeSet:
    """Open a closed month again; its files stay kept, and it is closed anew when it is right.

    Raises:
        UserError: it is not closed, or nobody says why.
    """
    reason = clean_line(reason)
    if len(reason) < _LEAST:
        raise UserError("请写明重新打开的原因，例如“漏记两次走访”。它会记入操作记录。")
    why = _("重新打开 {month}：{reason}").format(month=month.label, reason=reason)
    with store.writing(why) as work:
        stored = _stored(work.session, month)
        if stored is None or stored.state is not MonthState.CLOSED:
            raise UserError("{month}没有结账，不用重新打开。", month=month.label)
        after = {"state": MonthState.REOPENED, "reopened_on": work.today, "reason": reason}
        edit = changed("closed_month", stored.key, values_of(stored), after)
        work.write([edit] if edit is not None else [])
        return work.done()


def corrections_of(store: Store, month: Month, progress: Progress = SILENT) -> tuple[Correction, ...]:
    """What the workbook of a month would list as corrections of earlier months."""
    progress.say(_("正在与上报数比对"))
    with store.reading() as session:
        return tuple(corrections_for(session, month, first_day_of(session), paper_book(session)))


@dataclass(frozen=True, slots=True)
class _Wanted:
    month: Month
    first_day: int | None
    override: Override | None


@dataclass(frozen=True, slots=True)
class _Made:
    """All that is kept of a month, made and not yet kept."""

    period: Period
    books: list[_Book]
    figures: str
    rows: bytes
    leaks: list[Leak]


@dataclass(frozen=True, slots=True)
class _Book:
    audience: Audience
    content: bytes
    sheets: tuple[LedgerSheet, ...]
    checks: tuple[Check, ...]


def _why(month: Month) -> str:
    return _("结账：{month}").format(month=month.label)


def _made(store: Store, session: Session, wanted: _Wanted, progress: Progress) -> _Made:
    """The workbooks, figures and rows of a month, from one state of the file."""
    from stationdesk.sheets.workbook import write_workbook  # keeps openpyxl out of the start

    today = store.clock.today()
    day = wanted.first_day or first_day_of(session)
    state = _state(session, wanted.month, day, today)
    _refuse(state)
    books: list[_Book] = []
    leaks: list[Leak] = []
    corrections: list[Correction] = []
    figures = ""
    with private_folder(store.folder.exports) as folder:
        for audience in _KEPT_FOR:
            ledgers = wanted_ledgers(audience)
            maker = Maker(session, wanted.month, day, audience)
            target = folder / f"{audience.value}.xlsx"
            written = write_workbook(
                target,
                head_of(session, maker.period.label, audience, filler=store.actor.name, today=today),
                maker.sheets(ledgers),
                masked=audience.is_masked,
                progress=progress,
                watch=watch_of(session, maker.period, audience, leaks, wanted.override),
            )
            sheets = maker.told(ledgers, written.sheets)
            books.append(_Book(audience, target.read_bytes(), sheets, tuple(maker.checks)))
            corrections, figures = maker.corrections, figures_to_json(maker.figures.this)
    progress.say(_("正在保存上报时的明细"))
    rows = packed(_rows(session, state.period, corrections, progress))
    return _Made(state.period, books, figures, rows, leaks)


def _refuse(state: Closing) -> None:
    if not state.ended:
        raise UserError(
            "{month}还没有结束，最后一天是 {last}，之后才能结账。",
            month=state.month.label,
            last=state.period.last,
        )
    if state.is_closed:
        raise UserError(
            "{month}已在 {day} 结账。要改先“重新打开”。", month=state.month.label, day=state.closed_on
        )


def _kept(store: Store, work: Work, wanted: _Wanted, made: _Made) -> ChangeSet:
    files = [
        KeptWorkbook(each.audience, keep(work.connection, each.content), each.sheets, each.checks)
        for each in made.books
    ]
    values = {
        "month": str(wanted.month),
        "first": made.period.first,
        "last": made.period.last,
        "state": MonthState.CLOSED,
        "closed_on": work.today,
        "worker_key": Key(store.actor.key) if store.actor.key else None,
        "figures": made.figures,
        "rows": keep(work.connection, made.rows),
        "files": files_to_json(files),
        "reopened_on": None,
        "reason": None,
    }
    stored = _stored(work.session, wanted.month)
    edit = (
        created("closed_month", values)
        if stored is None
        else changed("closed_month", stored.key, values_of(stored), values)
    )
    work.write([edit] if edit is not None else [])
    if made.leaks and wanted.override is not None:
        note_release(work, "closed_month", work.why, made.leaks, wanted.override)
    return work.done()


def _rows(
    session: Session, period: Period, corrections: list[Correction], progress: Progress
) -> Iterator[Heading | KeptRow]:
    book = paper_book(session)
    done = 0
    for name, rows in ROWS.items():
        if not LEDGERS[name].monthly:
            continue
        columns = full_columns(LEDGERS[name])
        yield Heading(name, tuple(column.key for column in columns))
        for row in kept_rows(columns, rows.read(session, columns, period, book), book):
            yield row
            done += 1
            if done % 500 == 0:
                progress.step(0, 0)
    yield Heading(CORRECTIONS.name, KEPT_COLUMNS)
    yield from (each.kept() for each in corrections)


def _state(session: Session, month: Month, first_day: int, today: date) -> Closing:
    period = period_of(month, first_day)
    earlier = _earlier_open(session, month, first_day)
    stored = _stored(session, month)
    if stored is None:
        return Closing(month, period, period.last < today, earlier_open=earlier)
    if stored.state is MonthState.CLOSED:
        period = Period(month.label, stored.first, stored.last)
    worker = session.scalar(select(Worker.name).where(Worker.key == stored.worker_key)) or ""
    return Closing(
        month,
        period,
        period.last < today,
        stored.state,
        stored.closed_on,
        worker,
        stored.reopened_on,
        stored.reason or "",
        earlier,
    )


def _stored(session: Session, month: Month) -> ClosedMonth | None:
    return session.scalars(select(ClosedMonth).where(ClosedMonth.month == str(month))).first()


def _earlier_open(session: Session, month: Month, first_day: int) -> tuple[Month, ...]:
    """The open months before this one, of its year or just before it, in which something was done."""
    days = [session.scalar(select(func.min(each))) for each in (Visit.visited_on, Need.raised_on)]
    begun = min((each for each in days if each is not None), default=None)
    if begun is None:
        return ()
    closed = frozen_months(session)
    start = max(month_of(begun, first_day), min(Month(month.year, 1), month.previous))
    months = []
    while start < month:
        if start not in closed:
            months.append(start)
        start = start.next
    return tuple(months)


__all__ = ["Closing", "close", "closing_of", "corrections_of", "reopen"]
