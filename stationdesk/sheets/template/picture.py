"""A sheet as it is shown beside its rules, so that the worker points at what they see on the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stationdesk.sheets.template.book import Book, Sheet, has_formula, open_book
from stationdesk.sheets.template.places import Area, Spot

MOST_ROWS: Final = 120
MOST_COLUMNS: Final = 80
FORMULA: Final = "ƒ"
"""Stands where the form computes."""


@dataclass(frozen=True, slots=True)
class PictureCell:
    """One cell or merged range: its text, and whether lines are drawn around it."""

    area: Area
    text: str
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """The upper left part of a sheet; widths in the spreadsheet's unit, heights in points, both from 1."""

    title: str
    rows: int
    columns: int
    cells: tuple[PictureCell, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    more: bool = False


def pictures_of(content: bytes) -> tuple[Picture, ...]:
    """Every sheet of a workbook that is not hidden, cut where it grows beyond what can be looked at.

    Raises:
        UserError: no workbook, damaged, or too big for a form.
    """
    book = open_book(content)
    return tuple(_picture(book, sheet) for sheet in book.sheets if not sheet.hidden)


def _picture(book: Book, sheet: Sheet) -> Picture:
    last_row = max(sheet.rows, default=1)
    last_column = _last_column(book, sheet)
    rows, columns = min(last_row, MOST_ROWS), min(last_column, MOST_COLUMNS)
    cells = []
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            spot = Spot(row, column)
            area = sheet.own_area(spot)
            if area.first != spot:
                continue
            cell = sheet.cell(spot)
            text = FORMULA if cell is not None and has_formula(cell) else sheet.text(spot).strip()
            ruled = book.looks.is_ruled(sheet.look(spot))
            if text or ruled or area.bottom > area.top or area.right > area.left:
                shown = Area(row, column, min(area.bottom, rows), min(area.right, columns))
                cells.append(PictureCell(shown, text, ruled))
    return Picture(
        sheet.title,
        rows,
        columns,
        tuple(cells),
        tuple(sheet.widths.get(column, sheet.usual_width) for column in range(1, columns + 1)),
        tuple(_height(sheet, row) for row in range(1, rows + 1)),
        more=last_row > rows or last_column > columns,
    )


def _last_column(book: Book, sheet: Sheet) -> int:
    """The last column with a text or lines in any row; formats alone may run to the end of the sheet."""
    last = 1
    for number in list(sheet.rows)[:MOST_ROWS]:
        for column in range(MOST_COLUMNS, last, -1):
            spot = Spot(number, column)
            cell = sheet.cell(spot)
            if cell is not None and (book.text_of(cell) or book.looks.is_ruled(sheet.look(spot))):
                last = max(last, min(sheet.own_area(spot).right, MOST_COLUMNS))
                break
    return last


def _height(sheet: Sheet, row: int) -> float:
    told = sheet.rows.get(row)
    return float((told.get("ht") if told is not None else None) or sheet.usual_height)
