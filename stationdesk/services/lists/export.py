"""A list to a workbook: checked, logged, and moved into place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.naming import file_name
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import Audience
from stationdesk.db.models import Station
from stationdesk.services.ledgers.reading import paper_book
from stationdesk.services.lists.choosing import ListOut, columns_of, filter_words
from stationdesk.services.lists.rows import cells_out, keys_out
from stationdesk.services.release import Override, minor_names, note_release
from stationdesk.services.sealing import lock_for
from stationdesk.services.store import Store

if TYPE_CHECKING:
    from stationdesk.sheets.leaks import Leak, Watch
    from stationdesk.sheets.page import Head


@dataclass(frozen=True, slots=True)
class ListReport:
    """The file, its rows, how many may not be listed (限制查看), and the columns that the rules left out."""

    path: Path
    rows: int
    withheld: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who gives a list out, and when: what stands around the table."""

    station: str
    worker: str
    today: date
    practice: bool

    def mark(self, audience: Audience) -> str:
        """How what is given out is to be handled, who made it, and when."""
        handling = "外送上报（已按规定遮盖）" if audience.is_masked else "内部资料　注意保密"
        practice = "　练习数据，非真实情况" if self.practice else ""
        return f"{handling}{practice}　{self.worker}　{self.today.isoformat()} 导出"


def standing_of(store: Store, session: Session) -> Standing:
    """Who gives a list out now."""
    station = session.execute(select(Station.name, Station.practice)).first()
    name = station.name if station is not None else "社会工作服务站"
    practice = bool(station is not None and station.practice)
    return Standing(name, store.actor.name, store.clock.today(), practice)


def list_name(town: str, wanted: ListOut, today: date, ending: str) -> str:
    """What the file of a list is called, by the rule."""
    return file_name(town, wanted.title, today.isoformat(), wanted.audience, ending)


def export_list(
    store: Store,
    wanted: ListOut,
    target: Path,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
    password: str | None = None,
    override: Override | None = None,
) -> ListReport:
    """Write a list to a workbook of one sheet, for the station itself or masked as a report.

    All rows come from one state of the file and are read in parts. The export is logged before the workbook takes
    its place. With a `password` the file asks for it when it is opened; with an `override` somebody answers for
    what the search of a report finds.

    Raises:
        PersonalNumber: a full number or the name of a minor stands in a report, and nobody answers for it.
        UserError: nothing is in the list, or the target cannot be written.
        Cancelled: by `progress`; the target is as it was.
    """
    from stationdesk.sheets.workbook import Sheet, write_workbook  # keeps openpyxl out of the start

    today = store.clock.today()
    with store.reading() as session:
        keys, withheld = keys_out(session, wanted, today)
        refuse_empty(keys, withheld)
        columns = columns_of(wanted)
        book = paper_book(session)
        words = filter_words(session, wanted, book)
        leaks: list[Leak] = []
        sheet = Sheet(
            wanted.title,
            columns.shown,
            cells_out(session, wanted, keys, columns.shown, book, today),
            len(keys),
            notes=notes_of(withheld),
            left_out=columns.left_out,
            frozen=2,
        )
        written = write_workbook(
            target,
            _head(standing_of(store, session), wanted, words, len(keys)),
            [sheet],
            masked=wanted.audience.is_masked,
            beside=beside,
            progress=progress,
            lock=lock_for(store, password),
            release=lambda: log_list(store, "export", wanted, words, len(keys), target.name, leaks, override),
            watch=watch_of(session, wanted, today, leaks, override),
        )
    return ListReport(written.path, len(keys), withheld, columns.left_out)


def refuse_empty(keys: tuple[object, ...], withheld: int) -> None:
    """Refuse a list in which nothing may stand."""
    if keys:
        return
    if withheld:
        raise UserError("这些记录都涉及按规定限制查看的对象，不能导出或打印。")
    raise UserError("列表是空的，没有可以导出或打印的。请换一个筛选。")


def notes_of(withheld: int) -> tuple[str, ...]:
    """The sentence below the table about what is not in it."""
    return (f"另有 {withheld} 条涉及按规定限制查看的对象，不列入本表。",) if withheld else ()


def watch_of(
    session: Session, wanted: ListOut, today: date, leaks: list[Leak], override: Override | None
) -> Watch:
    """What a report is searched for; with an override, what was found is put into `leaks` and let go."""
    from stationdesk.sheets.leaks import NO_NAMES, Watch

    names = minor_names(session, today) if wanted.audience.is_masked else NO_NAMES
    return Watch(names, leaks.extend if override is not None else None)


def log_list(
    store: Store,
    action: str,
    wanted: ListOut,
    words: str,
    rows: int,
    name: str,
    leaks: Sequence[Leak] = (),
    override: Override | None = None,
) -> None:
    """Log that a list leaves the program: an "export" to a file, or a "print"; called before it does."""
    said = {
        "export": _("导出{title}（{audience}，{filter}，{rows} 行）到“{name}”"),
        "print": _("打印{title}（{audience}，{filter}，{rows} 行）"),
    }
    sentence = said[action].format(
        title=wanted.title, audience=_(wanted.audience.label), filter=words, rows=rows, name=name
    )
    with store.writing(sentence) as work:
        work.note(action, wanted.record, (), sentence)
        if leaks and override is not None:
            note_release(work, wanted.record, sentence, leaks, override)


def _head(standing: Standing, wanted: ListOut, words: str, rows: int) -> Head:
    from stationdesk.sheets.page import Head

    return Head(
        station=standing.station,
        period=standing.today.isoformat(),
        filled_on=standing.today,
        mark=standing.mark(wanted.audience),
        signers=(("制表人", standing.worker), ("复核人", "")),
        facts=(
            f"单位：{standing.station}",
            f"范围：{words}",
            f"截至 {standing.today.isoformat()}，共 {rows:,} 行",
        ),
    )
