"""One sheet of a ledger workbook as an office expects it: head, table, signatures, notes, print set-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate, pairwise
from math import ceil
from typing import Final, cast

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import SheetFormatProperties
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from stationdesk.core.fields import Value
from stationdesk.sheets import styles
from stationdesk.sheets.cells import as_stored, is_plain, native, tidied
from stationdesk.sheets.charts import Chart, drawn
from stationdesk.sheets.columns import CellKind, Column, Total, Typed
from stationdesk.sheets.remarks import SheetRemarks
from stationdesk.sheets.streaming import append_row, begin_rows
from stationdesk.sheets.styles import LedgerCell
from stationdesk.sheets.widths import lines_of, text_width

HEADER_ROW: Final = 4
"""Above it: the mark, the title, and the line with unit, period and date of filling in."""

A4: Final = 9  # ST_PaperSize of SpreadsheetML
_POINTS_A_LINE: Final = 13.0
_PLAIN_ROW: Final = 18.0  # points; a row of one line
_HIGHEST: Final = 409.0  # points; the most that office programs take
_FOOTER_SIGNS: Final = 50
_POINTS_A_CENTIMETRE: Final = 72 / 2.54
_NOTHING: Final = "本期无记录"
_TOTAL: Final = "合计"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above and below every table of a workbook.

    `mark` says how the file is to be handled (内部资料). `signers` stand under the table, with their names
    where these are known. `facts` stand in the line below the title where a table is not that of a period.
    """

    station: str
    period: str
    filled_on: date
    mark: str = ""
    signers: tuple[tuple[str, str], ...] = (("单位负责人", ""), ("复核人", ""), ("填表人", ""))
    facts: tuple[str, ...] = ()


class SheetPage:
    """A sheet under construction: `open`, then `row` for each row, then `close`."""

    def __init__(
        self, workbook: Workbook, head: Head, title: str, columns: Sequence[Column], remarks: SheetRemarks
    ) -> None:
        self._head = head
        self._title = title
        self._columns = columns
        self._remarks = remarks
        # A write-only sheet borrows these attributes from the worksheet, which its stubs do not say.
        self._sheet = cast("Worksheet", workbook.create_sheet(title))
        self._widths: Sequence[float] = ()
        self._fits: Sequence[int] = ()  # Chinese characters that surely stand on one line
        self._ready: Sequence[LedgerCell | None] = ()
        self._written = 0
        self._cells: dict[tuple[int, CellKind], LedgerCell] = {}
        self._runs: dict[int, tuple[Value, int]] = {}
        self.rows = 0
        self.totals: dict[int, Decimal | int] = {
            index: Decimal(0) if column.total is Total.SUM else 0
            for index, column in enumerate(columns)
            if column.total is not Total.NONE
        }

    @property
    def written(self) -> int:
        """All rows of the sheet so far, head and foot included."""
        return self._written

    def open(self, widths: Sequence[float], *, frozen: int) -> None:
        """Set up page and columns, and write the head block and the header; before anything else."""
        self._widths = widths
        self._fits = [max(int(width - 2) // 2, 1) for width in widths]
        self._ready = [
            self._cell(index, column, column.kind) if self._is_plain_text(index) else None
            for index, column in enumerate(self._columns)
        ]
        for index, width in enumerate(widths, 1):
            self._sheet.column_dimensions[get_column_letter(index)].width = width
        self._sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{HEADER_ROW + 1}"
        self._set_up_print()
        begin_rows(self._sheet, len(self._columns))
        marked = lines_of(self._head.mark, sum(widths))
        self._across(self._head.mark, styles.MARK, styles.RIGHT, height=15 * marked)
        self._across(f"{self._head.station}{self._title}", styles.TITLE, styles.CENTRE, height=30)
        self._in_parts(
            self._head.facts
            or (
                f"填报单位（盖章）：{self._head.station}",
                f"统计期间：{self._head.period}",
                f"填报日期：{self._head.filled_on.isoformat()}",
            )
        )
        self._header()

    def row(self, values: Sequence[Value]) -> None:
        """Write one row of the table. Nothing that a value holds can end the sheet."""
        self.rows += 1
        cells = []
        lines = 1
        for index, (column, value, ready) in enumerate(zip(self._columns, values, self._ready, strict=True)):
            if ready is not None and type(value) is str:
                cell = ready  # most cells of most ledgers are texts for a column of texts
                self._put(cell, value, column.label)
            else:
                cell = self._body(index, column, self._run(index, value) if column.merged else value)
            cells.append(cell)
            held = cell.held
            if type(held) is str and (len(held) > self._fits[index] or "\n" in held):
                lines = max(lines, lines_of(held, self._widths[index]))
        self._append(cells, height=_row_height(lines))

    def draw(self, charts: Sequence[Chart]) -> None:
        """Put charts to the right of the table, one below the other; such a sheet is one page, upright."""
        if charts:
            self._sheet.page_setup.orientation = "portrait"
            self._sheet.page_setup.fitToHeight = 1
        row = HEADER_ROW
        for chart in charts:
            made = drawn(
                self._sheet, chart, above=HEADER_ROW, labels=len(self._columns) - 1, values=len(self._columns)
            )
            self._sheet.add_chart(made, f"{get_column_letter(len(self._columns) + 2)}{row}")
            row += ceil(made.height * _POINTS_A_CENTIMETRE / _PLAIN_ROW) + 1

    def close(self, notes: Sequence[str]) -> None:
        """Write totals, signatures and notes."""
        for index in self._runs:
            self._end_run(index)
        if not self.rows:
            self._across(_NOTHING, styles.BODY, styles.CENTRE, border=styles.GRID, height=24)
        if self.totals:
            cells = [self._total(index, column) for index, column in enumerate(self._columns)]
            self._append(cells, height=_PLAIN_ROW)
        self._across("", styles.SMALL, styles.LEFT, height=6)
        self._in_parts(tuple(f"{role}：{name}" for role, name in self._head.signers))
        for note in filter(str.strip, notes):
            lines = lines_of(note, sum(self._widths))
            self._across(note, styles.SMALL, styles.LEFT, height=_POINTS_A_LINE * lines + 2)

    def _is_plain_text(self, index: int) -> bool:
        """Whether a text for the column is nothing but written: no total, no run of equal neighbours."""
        column = self._columns[index]
        return column.kind in styles.TEXTS and not column.merged and index not in self.totals

    def _body(self, index: int, column: Column, value: Value) -> LedgerCell:
        kind = column.kind
        if isinstance(value, Typed):
            kind, value = value.kind, value.value
        held = native(kind, value)
        if isinstance(held, str) and kind not in styles.TEXTS:
            kind = CellKind.LONG  # a value that does not fit its kind is told as a text
        cell = self._cell(index, column, kind)
        if held is not None and index in self.totals:
            self.totals[index] += self._summand(column, held)
        if isinstance(held, str):
            self._put(cell, held, column.label)
        else:
            cell.hold(held)
        return cell

    @staticmethod
    def _summand(column: Column, held: Value) -> Decimal | int:
        if column.total is Total.COUNT:
            return 1
        return Decimal(str(held)) if isinstance(held, int | float | Decimal) else 0

    def _put(self, cell: LedgerCell, text: str, label: str) -> None:
        if not is_plain(text):
            tidy = tidied(text)
            self._remarks.note(tidy, row=self._written + 1, label=label)
            text = tidy.text
        cell.hold(as_stored(text))

    def _cell(self, index: int, column: Column, kind: CellKind) -> LedgerCell:
        # One cell a column, filled again for each row: openpyxl writes it out at once, and styles are costly.
        cell = self._cells.get((index, kind))
        if cell is None:
            cell = self._cells[index, kind] = styles.body_cell(self._sheet, column, kind)
        return cell

    def _run(self, index: int, value: Value) -> Value:
        """The value where a run of equal ones begins, nothing below it; a run is merged when it ends."""
        begun = self._runs.get(index)
        if begun is not None and begun[0] == value:
            return None
        if begun is not None:
            self._end_run(index)
        self._runs[index] = (value, self._written + 1)
        return value

    def _end_run(self, index: int) -> None:
        first = self._runs[index][1]
        if first < self._written:
            self._merge(first, index, self._written, index)

    def _total(self, index: int, column: Column) -> LedgerCell:
        total = self.totals.get(index)
        kind = column.kind if column.total is Total.SUM else CellKind.INTEGER
        kind = kind if total is not None else CellKind.TEXT
        cell = styles.body_cell(self._sheet, column, kind, strong=True)
        if total is not None:
            cell.hold(total)
        elif index == 0:
            cell.alignment = styles.CENTRE
            cell.hold(_TOTAL)
        return cell

    def _header(self) -> None:
        cells = []
        lines = 1
        for column, width in zip(self._columns, self._widths, strict=True):
            cell = styles.plain_cell(
                self._sheet, styles.HEADER, styles.CENTRE, border=styles.GRID, fill=styles.HEADER_FILL
            )
            # What is in brackets goes to a line of its own before a bracket stands there alone.
            label = column.label if text_width(column.label) < width else column.label.replace("（", "\n（")
            self._put(cell, label, label)
            cells.append(cell)
            lines = max(lines, lines_of(label, width + 1))
        self._append(cells, height=_row_height(lines) + 6)

    def _across(
        self, text: str, font: Font, alignment: Alignment, *, height: float, border: Border = styles.NO_GRID
    ) -> None:
        cells = [styles.plain_cell(self._sheet, font, alignment, border=border) for _column in self._columns]
        self._put(cells[0], text, "")
        self._append(cells, height=height)
        self._merge(self._written, 0, self._written, len(cells) - 1)

    def _in_parts(self, texts: Sequence[str]) -> None:
        """Texts side by side across the table; in one cell where the columns are too few or too narrow."""
        spans = _spans(self._widths, len(texts))
        roomy = [
            sum(self._widths[first : last + 1]) >= text_width(text)
            for text, (first, last) in zip(texts, spans, strict=False)
        ]
        if len(spans) < len(texts) or not all(roomy):
            spans = [(0, len(self._widths) - 1)]
            texts = ["　　　　　　".join(texts)]
        cells = [styles.plain_cell(self._sheet, styles.BODY, styles.LEFT) for _column in self._columns]
        for text, (first, _last) in zip(texts, spans, strict=True):
            self._put(cells[first], text, "")
        lines = max(lines_of(text, sum(self._widths)) for text in texts) if len(spans) == 1 else 1
        self._append(cells, height=20 * lines)
        for first, last in spans:
            self._merge(self._written, first, self._written, last)

    def _append(self, cells: list[LedgerCell], *, height: float) -> None:
        # Heights are told, since not every office program works them out when it opens a file. A plain row
        # has the sheet's own height.
        append_row(self._sheet, cells, None if height == _PLAIN_ROW else height)
        self._written += 1

    def _merge(self, first_row: int, first: int, last_row: int, last: int) -> None:
        if (first_row, first) != (last_row, last):
            self._sheet.merged_cells.add(
                f"{get_column_letter(first + 1)}{first_row}:{get_column_letter(last + 1)}{last_row}"
            )

    def _set_up_print(self) -> None:
        sheet = self._sheet
        sheet.sheet_format = SheetFormatProperties(defaultRowHeight=_PLAIN_ROW, customHeight=True)
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = A4
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0  # as many pages long as it takes
        sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.25, footer=0.3)
        sheet.print_options.horizontalCentered = True
        sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        sheet.HeaderFooter.oddFooter = HeaderFooterItem(
            left=_HeaderFooterPart(_footer(f"{self._title}　{self._head.period}")),
            center=_HeaderFooterPart("第 &P 页 共 &N 页"),
            right=_HeaderFooterPart(_footer(self._head.mark)),
        )


def _footer(text: str) -> str:
    """Text for a page footer: on one line, with & doubled since it begins a code, and short.

    A footer of more than 255 signs in all makes office programs repair the file.
    """
    return " ".join(tidied(text).text.split())[:_FOOTER_SIGNS].replace("&", "&&")


def _row_height(lines: int) -> float:
    return min(max(_PLAIN_ROW, _POINTS_A_LINE * lines + 4), _HIGHEST)


def _spans(widths: Sequence[float], parts: int) -> list[tuple[int, int]]:
    """First and last column of each of so many parts of about equal width; empty when columns are too few."""
    if len(widths) < parts:
        return []
    edges = [0.0, *accumulate(widths)]
    cuts = [0]
    for part in range(1, parts):
        choices = range(cuts[-1] + 1, len(widths) - (parts - part) + 1)
        cuts.append(min(choices, key=lambda cut: abs(edges[cut] - edges[-1] * part / parts)))
    cuts.append(len(widths))
    return [(first, end - 1) for first, end in pairwise(cuts)]
