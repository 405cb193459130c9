"""Cards, one on each page: a workbook with a sheet for every household or person, upright A4, one page each.

A card is parts below each other on a grid of twelve columns: facts in pairs, tables, texts, a line of signatures.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from stationdesk.core.files import work_beside
from stationdesk.core.progress import SILENT, Progress
from stationdesk.sheets import styles
from stationdesk.sheets.cells import as_stored, tidied
from stationdesk.sheets.checking import LostRows
from stationdesk.sheets.leaks import sheet_parts
from stationdesk.sheets.locking import Lock, write_sealed
from stationdesk.sheets.page import A4
from stationdesk.sheets.streaming import append_row, begin_rows
from stationdesk.sheets.styles import LedgerCell
from stationdesk.sheets.widths import lines_of
from stationdesk.sheets.workbook import clear_away, pieces_in

GRID: Final = 12
_WIDTH: Final = 7.6
_LABEL, _VALUE = 2, 2  # columns of a pair
_LINE: Final = 13.0
_LONGEST_NAME: Final = 31


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of label and value, three beside each other."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose columns take so many of the twelve columns of the grid; `empty` stands where there are no rows."""

    labels: tuple[str, ...]
    spans: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "无"


@dataclass(frozen=True, slots=True)
class Words:
    """A label with a text across the page."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs, with room to do it."""

    roles: tuple[str, ...]


Piece = Facts | Table | Words | Signatures


@dataclass(frozen=True, slots=True)
class Card:
    """One card: how its sheet is called, its heading, the line under it, and its parts with their titles."""

    name: str
    title: str
    line: str
    parts: tuple[tuple[str, tuple[Piece, ...]], ...]


def write_cards(
    target: Path,
    cards: Iterable[Card],
    count: int,
    *,
    mark: str,
    beside: bool = False,
    progress: Progress = SILENT,
    release: Callable[[], None] | None = None,
    lock: Lock | None = None,
) -> Path:
    """Write the cards to one workbook, all or nothing; it is read back before it takes its place.

    Raises:
        UserError: the place cannot be written. Cancelled: by `progress`; nothing is left behind.
    """
    names: list[str] = []

    def write(part: Path) -> None:
        names.clear()
        with work_beside(part) as work, pieces_in(work):
            book = Workbook(write_only=True)
            cast("Any", book)._fonts = IndexedList([styles.BODY])  # noqa: SLF001 - see `workbook`
            try:
                for number, card in enumerate(cards, 1):
                    names.append(_Sheet(book, card, mark, names).write())
                    progress.step(number, count)
                book.save(part)
            except BaseException:
                clear_away(book)
                raise

    def check(part: Path) -> None:
        with zipfile.ZipFile(part) as package:
            if list(sheet_parts(package)) != names or len(names) != count:
                raise LostRows(f"{count} cards wanted, {len(names)} written")

    return write_sealed(target, write, check, release=release, lock=lock, beside=beside, private=True)


class _Sheet:
    """A card as it is written, row by row."""

    def __init__(self, book: Workbook, card: Card, mark: str, taken: Sequence[str]) -> None:
        self._card = card
        self._mark = mark
        self._name = _sheet_name(card.name, taken)
        self._sheet = cast("Any", book.create_sheet(self._name))
        self._rows = 0
        self._cells: dict[tuple[object, ...], LedgerCell] = {}

    def write(self) -> str:
        self._set_up()
        begin_rows(self._sheet, GRID)
        card = self._card
        self._row([(self._mark, GRID, styles.MARK, styles.RIGHT)], border=False, height=15)
        self._row([(card.title, GRID, styles.TITLE, styles.CENTRE)], border=False, height=30)
        self._row([(card.line, GRID, styles.BODY, styles.LEFT)], border=False)
        for title, pieces in card.parts:
            self._row([(title, GRID, styles.HEADER, styles.LEFT)], fill=True)
            for piece in pieces:
                self._piece(piece)
        return self._name

    def _piece(self, piece: Piece) -> None:
        if isinstance(piece, Facts):
            for start in range(0, len(piece.pairs), 3):
                self._pairs(piece.pairs[start : start + 3])
        elif isinstance(piece, Words):
            label = (piece.label, _LABEL, styles.HEADER, styles.CENTRE)
            self._row([label, (piece.text, GRID - _LABEL, styles.BODY, styles.LEFT)])
        elif isinstance(piece, Signatures):
            span = GRID // len(piece.roles)
            cells = [(f"{role}：", span, styles.BODY, styles.LEFT) for role in piece.roles]
            self._row(cells, height=34)
        else:
            self._table(piece)

    def _pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        cells = []
        for label, value in pairs:
            cells += [
                (label, _LABEL, styles.HEADER, styles.CENTRE),
                (value, _VALUE, styles.BODY, styles.LEFT),
            ]
        left = GRID - (_LABEL + _VALUE) * len(pairs)
        self._row([*cells, *([("", left, styles.BODY, styles.LEFT)] if left else [])])

    def _table(self, table: Table) -> None:
        def row(texts: Sequence[str], font: Any) -> None:
            cells = zip(texts, table.spans, strict=True)
            self._row([(text, span, font, styles.CENTRE) for text, span in cells])

        row(table.labels, styles.HEADER)
        for texts in table.rows:
            row(texts, styles.BODY)
        if not table.rows:
            self._row([(table.empty, GRID, styles.BODY, styles.CENTRE)])

    def _row(
        self,
        cells: Sequence[tuple[str, int, Any, Any]],
        *,
        border: bool = True,
        fill: bool = False,
        height: float = 0.0,
    ) -> None:
        """A row of texts over so many columns each, as tall as its longest text."""
        made: list[LedgerCell] = []
        self._rows += 1
        lines = 1
        for text, span, font, alignment in cells:
            text = tidied(text).text  # noqa: PLW2901 - the same text, as a cell can hold it
            lines = max(lines, lines_of(text, span * _WIDTH))
            first = len(made) + 1
            for at in range(span):
                cell = self._cell(len(made), font, alignment, border=border, fill=fill)
                cell.hold(as_stored(text) if at == 0 else None)
                made.append(cell)
            if span > 1:
                last = get_column_letter(first + span - 1)
                self._sheet.merged_cells.add(f"{get_column_letter(first)}{self._rows}:{last}{self._rows}")
        append_row(self._sheet, made, height or _LINE * lines + 5)

    def _cell(self, column: int, font: Any, alignment: Any, *, border: bool, fill: bool) -> LedgerCell:
        # Styles are costly: a cell is made once for its column and look, and filled again.
        look = (column, id(font), id(alignment), border, fill)
        if look not in self._cells:
            self._cells[look] = styles.plain_cell(
                self._sheet,
                font,
                alignment,
                border=styles.GRID if border else styles.NO_GRID,
                fill=styles.HEADER_FILL if fill else None,
            )
        return self._cells[look]

    def _set_up(self) -> None:
        sheet = self._sheet
        for column in range(1, GRID + 1):
            sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.paperSize = A4
        sheet.page_setup.orientation = "portrait"
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 1
        sheet.page_margins = PageMargins(left=0.5, right=0.4, top=0.5, bottom=0.6, header=0.25, footer=0.3)
        sheet.print_options.horizontalCentered = True
        name = "".join(self._name.split()).replace("&", "&&")
        sheet.HeaderFooter.oddFooter = HeaderFooterItem(
            left=_HeaderFooterPart(name), right=_HeaderFooterPart("内部资料")
        )


def _sheet_name(wanted: str, taken: Sequence[str]) -> str:
    clean = "".join("-" if sign in "[]:*?/\\'" else sign for sign in tidied(wanted).text).strip() or "卡片"
    name, number = clean[:_LONGEST_NAME], 1
    while name.casefold() in {each.casefold() for each in taken}:
        number += 1
        name = f"{clean[: _LONGEST_NAME - 5]}({number})"
    return name
