"""The sheets of one workbook, made from one state of the file: ledgers, figures, charts, corrections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Value
from stationdesk.core.vocab import Audience
from stationdesk.services.ledgers.column_sets import columns_in_use
from stationdesk.services.ledgers.corrections import Correction, corrections_for, personal_columns
from stationdesk.services.ledgers.drawings import chart_lines, charts_over
from stationdesk.services.ledgers.gathering import MonthFigures, gathered
from stationdesk.services.ledgers.monthly import Check, Written, checks, monthly_lines
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import count_of, paper_book
from stationdesk.services.ledgers.rows import ROWS
from stationdesk.sheets.columns import Line, cells_of
from stationdesk.sheets.ledger import Columns, Ledger, split
from stationdesk.sheets.ledgers import LEDGERS
from stationdesk.sheets.ledgers.charts import CHARTS
from stationdesk.sheets.ledgers.corrections import CORRECTIONS
from stationdesk.sheets.ledgers.monthly import MONTHLY

if TYPE_CHECKING:
    from stationdesk.sheets.workbook import Sheet, WrittenSheet

NOT_PUBLIC = (
    "台账里有服务对象的个人情况，不能用于公示。会有公示版的只有物资收发、微心愿、志愿服务时长和经费结余，"
    "现在还没有这些表。请选“内部使用”或“外送上报”。"
)


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """One sheet as it was written: its rows, and how many may not be listed (限制查看)."""

    name: str
    title: str
    rows: int
    withheld: int
    cleaned: int
    cut: int


def wanted_ledgers(audience: Audience, only: Sequence[str] = ()) -> tuple[Ledger, ...]:
    """The ledgers of a workbook: those of a month, or those that are named, by name or title.

    Raises:
        UserError: there is none of that name, or one that is not for `audience`.
    """
    for name in only:
        if not any(name in (each.name, each.title) for each in LEDGERS.values()):
            titles = "、".join(each.title for each in LEDGERS.values())
            raise UserError("没有叫“{name}”的表。可以选：{titles}。", name=name, titles=titles)
    chosen = tuple(
        each
        for each in LEDGERS.values()
        if (each.name in only or each.title in only if only else each.monthly)
    )
    if audience is Audience.PUBLIC and not all(each.public for each in chosen):
        raise UserError(NOT_PUBLIC)
    return chosen


class Maker:
    """Makes the sheets of one workbook; what they withhold and how they add up is known at the end."""

    def __init__(self, session: Session, month: Month, first_day: int, audience: Audience) -> None:
        self.figures: MonthFigures = gathered(session, month, first_day)
        self.book = paper_book(session)
        self.corrections: list[Correction] = []
        self.withheld: dict[str, int] = {}
        self.checks: list[Check] = []
        self._session = session
        self._first_day = first_day
        self._audience = audience

    @property
    def period(self) -> Period:
        """The days of the month."""
        return self.figures.periods.this

    def sheets(self, ledgers: Sequence[Ledger]) -> list[Sheet]:
        """The sheets of these ledgers; their rows are read when they are written.

        Corrections have a sheet only where an earlier month is closed.
        """
        return [
            self._sheet(each)
            for each in ledgers
            if each.name != CORRECTIONS.name or self.figures.handed_in or len(ledgers) == 1
        ]

    def told(self, ledgers: Sequence[Ledger], written: Sequence[WrittenSheet]) -> tuple[LedgerSheet, ...]:
        """What became of the sheets."""
        by_title = {sheet.title: sheet for sheet in written}
        return tuple(
            LedgerSheet(
                each.name,
                each.title,
                by_title[each.title].rows,
                self.withheld.get(each.name, 0),
                by_title[each.title].cleaned,
                by_title[each.title].cut,
            )
            for each in ledgers
            if each.title in by_title
        )

    def _sheet(self, ledger: Ledger) -> Sheet:
        made = {MONTHLY.name: self._monthly, CHARTS.name: self._charts, CORRECTIONS.name: self._corrections}
        columns = split(columns_in_use(self._session, ledger), self._audience)
        return made.get(ledger.name, self._rows)(ledger, columns)

    def _rows(self, ledger: Ledger, columns: Columns) -> Sheet:
        rows, period = ROWS[ledger.name], self.period
        hidden = rows.withheld(period)
        withheld = self.withheld[ledger.name] = count_of(self._session, hidden) if hidden is not None else 0
        lines = rows.read(self._session, columns.shown, period, self.book)
        return self._made(
            ledger,
            columns,
            cells_of(columns.shown, lines, self.book, masked=self._audience.is_masked),
            count_of(self._session, rows.listed((), period)),
            *((_withheld(withheld),) if withheld else ()),
        )

    def _monthly(self, ledger: Ledger, columns: Columns) -> Sheet:
        def closing(sheets: Sequence[WrittenSheet]) -> tuple[str, ...]:
            self.checks = list(checks(self.figures, self._written(sheets)))
            return tuple(check.text for check in self.checks)

        months = "、".join(month.label for month in self.figures.handed_in)
        notes = (f"已结账、用上报数的月份：{months}。",) if months else ()
        made = self._of_lines(ledger, columns, list(monthly_lines(self.figures)), *notes)
        return replace(made, closing=closing)

    def _charts(self, ledger: Ledger, columns: Columns) -> Sheet:
        made = self._of_lines(ledger, columns, chart_lines(self.figures))
        return replace(made, numbered=False, charts=charts_over(self.figures))

    def _corrections(self, ledger: Ledger, columns: Columns) -> Sheet:
        month = self.figures.periods.month
        self.corrections = corrections_for(self._session, month, self._first_day, self.book)
        personal, masked = personal_columns(), self._audience.is_masked
        return self._of_lines(
            ledger, columns, [each.line(personal, masked=masked) for each in self.corrections]
        )

    def _of_lines(self, ledger: Ledger, columns: Columns, lines: list[Line], *notes: str) -> Sheet:
        cells = cells_of(columns.shown, lines, self.book, masked=self._audience.is_masked)
        return self._made(ledger, columns, cells, len(lines), *notes)

    def _made(
        self, ledger: Ledger, columns: Columns, cells: Iterable[Sequence[Value]], count: int, *notes: str
    ) -> Sheet:
        from stationdesk.sheets.workbook import Sheet  # keeps openpyxl out of the start

        return Sheet(
            ledger.title,
            columns.shown,
            cells,
            count,
            notes=(*ledger.notes, *notes),
            left_out=columns.left_out,
            frozen=min(ledger.frozen, len(columns.shown)),
        )

    def _written(self, sheets: Sequence[WrittenSheet]) -> dict[str, Written]:
        names = {each.title: each.name for each in LEDGERS.values()}
        return {
            names[sheet.title]: Written(sheet.rows, sheet.totals, self.withheld.get(names[sheet.title], 0))
            for sheet in sheets
        }


def _withheld(count: int) -> str:
    return f"另有 {count} 条涉及按规定限制查看的对象，不列入本表，已计入月报表数字。"
