"""What the reader understands of somebody's file: every sheet, its tables, and what was left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services.importing.kinds import ImportKind, targets
from stationdesk.sheets.reading.cells import Cell, Row, Sheet, Workbook
from stationdesk.sheets.reading.records import SideRow
from stationdesk.sheets.reading.sides import put_together
from stationdesk.sheets.reading.tables import SheetTable, find_tables
from stationdesk.sheets.reading.workbook import read_workbook


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet as it was understood.

    `refused` says why it has no table with rows in it; `cells` are then its rows as they stand there.
    """

    name: str
    hidden: bool
    taken: bool
    tables: tuple[SheetTable, ...]
    refused: str = ""
    cells: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file as it was understood."""

    name: str
    encoding: str
    separator: str
    sheets: tuple[SheetRead, ...]

    @property
    def refused(self) -> str:
        """Why nothing can be taken from the file; empty where something can."""
        taken = [sheet for sheet in self.sheets if sheet.taken]
        if any(not sheet.refused for sheet in taken):
            return ""
        reasons = [sheet.refused for sheet in taken]
        return next((reason for reason in reasons if reason), _("文件里没有内容。请检查是不是选错了文件。"))


def read_tables(file: Path, sheet: str | None = None, progress: Progress = SILENT) -> FileRead:
    """Read a file and find its tables. Hidden sheets are told too, and taken only when they are named.

    `sheet` is the name of a sheet or its number from 1.

    Raises:
        UserError: the file cannot be read, or has no such sheet.
        Cancelled: the worker pressed Cancel.
    """
    workbook = read_workbook(file, progress)
    chosen = _chosen(workbook, sheet)
    known = {
        name for kind in ImportKind for each in targets(kind) for name in (each.label, *each.spec.aliases)
    }
    shown = [each for each in workbook.sheets if not each.hidden]
    found = tuple(
        _read(each, known, taken=chosen is not None or each in shown)
        for each in (workbook.sheets if chosen is None else (chosen,))
    )
    return FileRead(workbook.name, workbook.encoding, workbook.separator, found)


def _chosen(workbook: Workbook, sheet: str | None) -> Sheet | None:
    if sheet is None:
        return None
    found = workbook.sheet(sheet)
    if found is None and sheet.isdecimal() and 1 <= int(sheet) <= len(workbook.sheets):
        found = workbook.sheets[int(sheet) - 1]
    if found is None:
        raise UserError(
            "文件里没有工作表“{sheet}”，有的是：{names}。",
            sheet=sheet,
            names="、".join(each.name for each in workbook.sheets),
        )
    return found


def _read(sheet: Sheet, known: set[str], *, taken: bool) -> SheetRead:
    try:
        tables = put_together(find_tables(sheet, known, blank=True))
    except UserError as error:
        return SheetRead(sheet.name, sheet.hidden, taken, (), str(error), sheet.rows)
    refused = ""
    if not any(table.rows for table in tables):
        refused = str(UserError("工作表“{sheet}”只有表头，没有内容。", sheet=sheet.name))
    return SheetRead(sheet.name, sheet.hidden, taken, tables, refused)


def as_json(read: FileRead) -> dict[str, Any]:
    """The same in values that JSON has: days as 2026-10-01, numbers as numbers, blank cells as null."""
    return {
        "file": read.name,
        "encoding": read.encoding or None,
        "separator": read.separator or None,
        "refused": read.refused or None,
        "sheets": [
            {
                "name": sheet.name,
                "hidden": sheet.hidden,
                "taken": sheet.taken,
                "refused": sheet.refused or None,
                "tables": [_table(table) for table in sheet.tables],
                "cells": [
                    {"number": number, "cells": [_plain(cell) for cell in row]}
                    for number, row in enumerate(sheet.cells, 1)
                    if row
                ],
            }
            for sheet in read.sheets
        ],
    }


def _table(table: SheetTable) -> dict[str, Any]:
    return {
        "area": table.area,
        "title": table.title or None,
        "header_rows": list(range(table.header[0], table.header[1] + 1)),
        "columns": [
            {"letter": column.letter, "path": list(column.path), "label": column.label}
            for column in table.columns
        ],
        "sides": [side.area for side in table.sides],
        "rows": [{**_where(row.number), "cells": [_plain(cell) for cell in row.cells]} for row in table.rows],
        "left_out": [{**_where(each.number), "why": each.why, "text": each.text} for each in table.left_out],
        "notes": list(table.notes),
    }


def _where(number: int) -> dict[str, Any]:
    """The row of the sheet; of tables beside one another also the cell in which it begins."""
    if isinstance(number, SideRow):
        return {"number": number.row, "cell": str(number)}
    return {"number": number}


def _plain(cell: Cell) -> str | int | float | bool | None:
    return cell.isoformat() if isinstance(cell, date | time) else cell
