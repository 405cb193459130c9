"""How ledgers look: fonts, borders, alignment and number formats, each made once and shared by all cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from stationdesk.core.fields import Value
from stationdesk.sheets.columns import CellKind, Column

SONG: Final = "宋体"
HEI: Final = "黑体"

_THIN: Final = Side(style="thin", color="FF000000")
GRID: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
NO_GRID: Final = Border()

BODY: Final = Font(name=SONG, size=10)
STRONG: Final = Font(name=SONG, size=10, bold=True)
HEADER: Final = Font(name=HEI, size=10)
TITLE: Final = Font(name=HEI, size=18)
SMALL: Final = Font(name=SONG, size=9)
MARK: Final = Font(name=HEI, size=10, color="FFC00000")

HEADER_FILL: Final = PatternFill("solid", fgColor="FFEDEDED")  # light enough for a black-and-white printer

LEFT: Final = Alignment(horizontal="left", vertical="center", wrap_text=True)
CENTRE: Final = Alignment(horizontal="center", vertical="center", wrap_text=True)
RIGHT: Final = Alignment(horizontal="right", vertical="center", wrap_text=True)
FIGURE: Final = Alignment(horizontal="right", vertical="center", indent=1)

FORMATS: Final[Mapping[CellKind, str]] = {
    CellKind.TEXT: "@",
    CellKind.CODE: "@",
    CellKind.LONG: "@",
    CellKind.DATE: "yyyy-mm-dd",
    CellKind.MONEY: "#,##0.00",
    CellKind.INTEGER: "0",
    CellKind.NUMBER: "General",
    CellKind.PERCENT: "0.0%",
    CellKind.ANY: "@",
}

_ALIGNMENTS: Final[Mapping[CellKind, Alignment]] = {
    CellKind.TEXT: CENTRE,
    CellKind.CODE: CENTRE,
    CellKind.LONG: LEFT,
    CellKind.DATE: CENTRE,
    CellKind.MONEY: FIGURE,
    CellKind.INTEGER: CENTRE,
    CellKind.NUMBER: CENTRE,
    CellKind.PERCENT: CENTRE,
}

_SHORT: Final = 8
"""A text column of so many characters stands in the middle; wider ones (addresses, lists) begin at the left."""

TEXT_FORMAT: Final = "@"
TEXTS: Final = frozenset({CellKind.TEXT, CellKind.CODE, CellKind.LONG})
"""The kinds whose cells hold text."""


class LedgerCell(Cell):
    """A cell that is styled once and filled again for every row, see `streaming`.

    Values come checked (see `cells.native`), so that they are stored as they are.
    """

    __slots__ = ("_style_text", "held")

    def __init__(self, sheet: Worksheet) -> None:
        super().__init__(sheet, row=1, column=1)
        self._style_text = ""
        self.held: Value = None

    @property
    def style_text(self) -> str:
        """The index of the style as the file has it; looked up once, when the cell is styled."""
        if not self._style_text:
            self._style_text = str(self.style_id)
        return self._style_text

    def hold(self, value: Value) -> None:
        """Store a text as text, whatever it begins with; a date as date; a number; None for an empty cell."""
        self.held = value


def body_cell(sheet: Worksheet, column: Column, kind: CellKind, *, strong: bool = False) -> LedgerCell:
    """A cell of the table's body for values of a kind, where the column does not say which (see `Typed`)."""
    cell = LedgerCell(sheet)
    cell.font = STRONG if strong else BODY
    cell.border = GRID
    cell.alignment = _alignment(column, kind)
    cell.number_format = FORMATS[kind]
    return cell


def _alignment(column: Column, kind: CellKind) -> Alignment:
    if column.kind is CellKind.ANY:
        return FIGURE
    if kind is CellKind.TEXT and column.width > _SHORT:
        return LEFT
    return _ALIGNMENTS[kind]


def plain_cell(
    sheet: Worksheet,
    font: Font,
    alignment: Alignment,
    *,
    border: Border = NO_GRID,
    fill: PatternFill | None = None,
) -> LedgerCell:
    """A text cell of the head, the foot or the notes."""
    cell = LedgerCell(sheet)
    cell.font = font
    cell.alignment = alignment
    cell.border = border
    cell.number_format = TEXT_FORMAT
    if fill is not None:
        cell.fill = fill
    return cell
