"""The use case: one workbook with every ledger of a month, checked, logged, and moved into place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import Audience
from stationdesk.db.models import Station
from stationdesk.services.ledgers.column_sets import columns_in_use
from stationdesk.services.ledgers.figures import categories, figures_of
from stationdesk.services.ledgers.monthly import Check, ThreeFigures, Written, checks, monthly_lines
from stationdesk.services.ledgers.period import Period, Periods, periods_of
from stationdesk.services.ledgers.reading import PaperBook, count_of, paper_book
from stationdesk.services.ledgers.rows import ROWS
from stationdesk.services.store import Store
from stationdesk.sheets.columns import Line, cells_of
from stationdesk.sheets.ledger import Ledger, split
from stationdesk.sheets.ledgers import LEDGERS

if TYPE_CHECKING:
    from stationdesk.sheets.page import Head
    from stationdesk.sheets.workbook import Sheet, WrittenSheet

__all__ = ["Check", "LedgerReport", "LedgerSheet", "ledger"]

MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """One sheet as it was written: its rows, and how many may not be listed (限制查看)."""

    name: str
    title: str
    rows: int
    withheld: int
    cleaned: int
    cut: int


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """The file, its sheets, and the cross-foot checks that are printed in it."""

    path: Path
    sheets: tuple[LedgerSheet, ...]
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that do not hold: something was entered without its date."""
        return tuple(check for check in self.checks if not check.holds)


def ledger(
    store: Store,
    month: Month,
    audience: Audience,
    target: Path,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
) -> LedgerReport:
    """Write all ledgers of a month to one workbook, for the station itself or masked as a report.

    All sheets come from one state of the file. The export is logged before the workbook takes its place.

    Raises:
        UserError: a full ID or phone number stands in a report, the target cannot be written, or `audience`
            is the public: lists of clients are never put up on a wall.
        Cancelled: by `progress`; the target is as it was.
    """
    from stationdesk.sheets.workbook import write_workbook  # keeps openpyxl out of the start

    if audience is Audience.PUBLIC:
        raise UserError("台账里有服务对象的个人情况，不能用于公示。请选“内部使用”或“外送上报”。")
    periods = periods_of(month)
    with store.reading() as session:
        maker = _Maker(session, periods, audience, paper_book(session))
        sheets = [maker.sheet(each) for each in LEDGERS.values()]
        written = write_workbook(
            target,
            _head(store, session, periods.this, audience),
            sheets,
            masked=audience.is_masked,
            beside=beside,
            progress=progress,
            release=lambda: _log(store, periods.this, audience, target),
        )
    by_title = {sheet.title: sheet for sheet in written.sheets}
    return LedgerReport(
        written.path,
        tuple(
            LedgerSheet(
                each.name,
                each.title,
                by_title[each.title].rows,
                maker.withheld.get(each.name, 0),
                by_title[each.title].cleaned,
                by_title[each.title].cut,
            )
            for each in LEDGERS.values()
        ),
        tuple(maker.checks),
    )


class _Maker:
    """Makes the sheets of one workbook; what they withhold and how they add up is known at the end."""

    def __init__(self, session: Session, periods: Periods, audience: Audience, book: PaperBook) -> None:
        self._session = session
        self._periods = periods
        self._audience = audience
        self._book = book
        self.withheld: dict[str, int] = {}
        self.checks: list[Check] = []

    def sheet(self, ledger: Ledger) -> Sheet:
        """The sheet of a ledger; its rows are read when it is written."""
        if ledger.name == MONTHLY:
            return self._monthly(ledger)
        from stationdesk.sheets.workbook import Sheet

        rows = ROWS[ledger.name]
        columns = split(columns_in_use(self._session, ledger), self._audience)
        period = self._periods.this
        hidden = rows.withheld(period)
        withheld = self.withheld[ledger.name] = count_of(self._session, hidden) if hidden is not None else 0
        lines = rows.read(self._session, columns.shown, period, self._book)
        return Sheet(
            ledger.title,
            columns.shown,
            cells_of(columns.shown, lines, self._book, masked=self._audience.is_masked),
            count_of(self._session, rows.listed((), period)),
            notes=(*ledger.notes, *((_withheld(withheld),) if withheld else ())),
            left_out=columns.left_out,
            frozen=ledger.frozen,
        )

    def _monthly(self, ledger: Ledger) -> Sheet:
        from stationdesk.sheets.workbook import Sheet

        session, periods = self._session, self._periods
        figures = ThreeFigures(
            *(figures_of(session, each) for each in (periods.this, periods.previous, periods.year))
        )
        lines: list[Line] = list(monthly_lines(figures, categories(session)))
        columns = split(columns_in_use(session, ledger), self._audience)

        def closing(sheets: Sequence[WrittenSheet]) -> tuple[str, ...]:
            self.checks = list(checks(figures, self._written(sheets)))
            return tuple(check.text for check in self.checks)

        return Sheet(
            ledger.title,
            columns.shown,
            cells_of(columns.shown, lines, self._book, masked=self._audience.is_masked),
            len(lines),
            notes=ledger.notes,
            frozen=ledger.frozen,
            closing=closing,
        )

    def _written(self, sheets: Sequence[WrittenSheet]) -> dict[str, Written]:
        names = {each.title: each.name for each in LEDGERS.values()}
        return {
            names[sheet.title]: Written(sheet.rows, sheet.totals, self.withheld.get(names[sheet.title], 0))
            for sheet in sheets
        }


def _withheld(count: int) -> str:
    return f"另有 {count} 条涉及按规定限制查看的对象，不列入本表，已计入月报表数字。"


def _head(store: Store, session: Session, period: Period, audience: Audience) -> Head:
    from stationdesk.sheets.page import Head

    station = session.execute(
        select(Station.name, Station.leader, Station.reviewer, Station.practice)
    ).first()
    today = store.clock.today()
    handling = "外送上报（已按规定遮盖）" if audience.is_masked else "内部资料　注意保密"
    practice = "　练习数据，非真实情况" if station is not None and station.practice else ""
    filler = store.actor.name
    return Head(
        station=station.name if station is not None else "社会工作服务站",
        period=period.label,
        filled_on=today,
        mark=f"{handling}{practice}　{filler}　{today.isoformat()} 导出",
        signers=(
            ("单位负责人", (station.leader or "") if station is not None else ""),
            ("复核人", (station.reviewer or "") if station is not None else ""),
            ("填表人", filler),
        ),
    )


def _log(store: Store, period: Period, audience: Audience, target: Path) -> None:
    sentence = _("导出 {period} 台账（{audience}）到“{name}”").format(
        period=period.label, audience=_(audience.label), name=target.name
    )
    with store.writing(sentence) as work:
        work.note("export", "ledger", (period.first.isoformat()[:7],), sentence)
