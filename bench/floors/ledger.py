"""The plainest code that writes a table of rows into a workbook: what a ledger is measured against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from xlsxwriter import Workbook as XlsxWorkbook

Rows = Iterable[Sequence[Any]]


def openpyxl_plain(rows: Rows, path: Path) -> None:
    """Write-only openpyxl, no style at all."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    for row in rows:
        sheet.append(row)
    book.save(path)


def openpyxl_shared(rows: Rows, path: Path) -> None:
    """Write-only openpyxl with border, wrap and font: one cell per column, styled once and filled again."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    thin = Side(style="thin")
    cells: list[Any] = []
    for row in rows:
        if not cells:
            for _value in row:
                cell = WriteOnlyCell(sheet)
                cell.font = Font(name="宋体", size=10)
                cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
                cell.alignment = Alignment(wrap_text=True)
                cells.append(cell)
        for cell, value in zip(cells, row, strict=True):
            cell.value = value
        sheet.append(cells)
    book.save(path)


def xlsxwriter_styled(rows: Rows, path: Path) -> None:
    """XlsxWriter in constant memory, each cell with border, wrap and font."""
    with XlsxWorkbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        look = {"border": 1, "text_wrap": True, "font_name": "宋体", "font_size": 10}
        style = book.add_format(look)
        day = book.add_format({**look, "num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("台账")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if hasattr(value, "year"):
                    sheet.write_datetime(at, column, value, day)
                elif isinstance(value, str):
                    sheet.write_string(at, column, value, style)
                elif value is None:
                    sheet.write_blank(at, column, None, style)
                else:
                    sheet.write_number(at, column, value, style)


FLOORS = {
    "openpyxl_plain": openpyxl_plain,
    "openpyxl_shared": openpyxl_shared,
    "xlsxwriter_styled": xlsxwriter_styled,
}
