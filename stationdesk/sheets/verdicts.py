"""A copy of somebody's own file in which every row says what an import made of it.

A workbook (.xlsx, .xlsm) keeps its looks: rows get a colour, and two columns stand at the right, 结论 and 原因.
openpyxl writes it, so that drawings and macros of the original are not in the copy. Anything else, and what is
too long for that, becomes a new workbook with the same rows. The file is opened in a process of its own, as
for reading: it is somebody else's.
"""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from stationdesk.core.files import write_safely
from stationdesk.core.progress import SILENT, Progress
from stationdesk.sheets.cells import FIRST_DAY, as_stored, tidied
from stationdesk.sheets.pieces import StreamedBook, save_whole, streamed
from stationdesk.sheets.reading.cells import Cell, Sheet, pack, unpack
from stationdesk.sheets.reading.child import limit_this_process

_LOOK = 0.1  # seconds between two looks at Cancel
_SECONDS = 180
_MOST_CELLS = 400_000
"""More than this openpyxl does not load within the memory of the process."""
_EXACT = 10**15
_WIDTHS = (12, 48)
_LABELS = ("结论", "原因")
_PLAIN_WIDTH = 14


class Tone(Enum):
    """The colour of a row; light enough for a black-and-white printer."""

    NEW = "FFE2F0D9"
    CHANGES = "FFDDEBF7"
    SAME = "FFF2F2F2"
    DOUBTFUL = "FFFFF2CC"
    REFUSED = "FFF8CBAD"
    LEFT_OUT = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a row came to: the verdict, why, and its colour."""

    verdict: str
    why: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Marked:
    """What is written beside the rows of one table: `header` are its header rows, from 1, `marks` by row number.

    `first` and `last` are the columns of the table, from 1: those cells of a row are coloured. Tables beside one
    another are written together: each has its own two columns at the right, which name where it begins.
    """

    header: tuple[int, int]
    first: int
    last: int
    marks: Mapping[int, Mark]


def write_verdicts(
    source: Path, sheet: Sheet, marked: Sequence[Marked], target: Path, progress: Progress = SILENT
) -> Path:
    """Write the copy; `sheet` holds the rows as they were read, for files that openpyxl cannot keep.

    Raises:
        UserError: the target cannot be written.
        Cancelled: the worker pressed Cancel; the target is as it was.
    """

    def write(part: Path) -> None:
        cells = len(sheet.rows) * (sheet.width + 2 * len(marked))
        told = pack({"sheet": sheet.name, "tables": [_plain(each) for each in marked]}).decode()
        if _is_package(source) and cells <= _MOST_CELLS and _copied(source, part, told, progress):
            return
        with streamed(part) as book:
            _write_plain(book, sheet, marked, progress)
            book.save(part)

    return write_safely(target, write)


def _is_package(source: Path) -> bool:
    """Whether openpyxl opens files of this name; what the content is, it finds out itself."""
    return source.suffix.lower() in {".xlsx", ".xlsm"}


def _copied(source: Path, part: Path, told: str, progress: Progress) -> bool:
    """Have the child mark a copy of the file; False when it cannot."""
    processes = multiprocessing.get_context("spawn")
    receiving, sending = processes.Pipe(duplex=False)
    process = processes.Process(target=mark, args=(sending, str(source), str(part), told), daemon=True)
    process.start()
    sending.close()
    deadline = time.monotonic() + _SECONDS
    try:
        while not receiving.poll(_LOOK):
            progress.step(0, 1)
            if time.monotonic() > deadline:
                return False
        return bool(unpack(receiving.recv_bytes()) == ["done"])
    except EOFError:  # memory ran out
        return False
    finally:
        receiving.close()
        process.kill()
        process.join()
        process.close()


def _plain(marked: Marked) -> dict[str, Any]:
    marks = [[row, each.verdict, each.why, each.tone.name] for row, each in marked.marks.items()]
    return {
        "header": list(marked.header),
        "first": marked.first,
        "last": marked.last,
        "marks": marks,
    }


def _marked(plain: dict[str, Any]) -> Marked:
    marks = {row: Mark(verdict, why, Tone[tone]) for row, verdict, why, tone in plain["marks"]}
    return Marked((plain["header"][0], plain["header"][1]), plain["first"], plain["last"], marks)


def _labels(marked: Marked, *, alone: bool) -> Sequence[str]:
    """What stands above the two columns of a table; where there are several, in which column each begins."""
    if alone:
        return _LABELS
    return [f"{label}（{get_column_letter(marked.first)} 列起）" for label in _LABELS]


def mark(connection: Connection, source: str, part: str, told: str) -> None:
    """Open the workbook, colour it, save it as `part`; the entry of the process."""
    limit_this_process()
    try:
        plain = unpack(told.encode())
        _mark_copy(Path(source), Path(part), plain["sheet"], [_marked(each) for each in plain["tables"]])
    except Exception:  # noqa: BLE001 - then the plain copy is written
        connection.send_bytes(pack(["failed", traceback.format_exc()]))
        return
    connection.send_bytes(pack(["done"]))


def _mark_copy(source: Path, part: Path, name: str, tables: Sequence[Marked]) -> None:
    from openpyxl import load_workbook

    book = load_workbook(source)
    sheet = book[name]
    if not isinstance(sheet, Worksheet):
        raise TypeError("a sheet without cells")
    right = sheet.max_column + 1
    for place, marked in enumerate(tables):
        _mark_table(sheet, marked, right + len(_LABELS) * place, _labels(marked, alone=len(tables) == 1))
    book.active = sheet
    save_whole(book, part)


def _mark_table(sheet: Worksheet, marked: Marked, right: int, labels: Sequence[str]) -> None:
    """Colour the rows of one table, and write what they came to from the column `right` on."""
    fills = {tone: PatternFill("solid", fgColor=tone.value) for tone in Tone if tone.value}
    for offset, (label, width) in enumerate(zip(labels, _WIDTHS, strict=True)):
        head = sheet.cell(marked.header[1], right + offset, label)
        head.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(right + offset)].width = width
    for row, each in marked.marks.items():
        fill = fills.get(each.tone)
        if fill is not None:
            for column in range(marked.first, marked.last + 1):
                sheet.cell(row, column).fill = fill
        for offset, text in enumerate((each.verdict, each.why)):
            cell = sheet.cell(row, right + offset)
            cell.value = as_stored(tidied(text).text)
            cell.data_type = "s"
            cell.alignment = Alignment(vertical="center", wrap_text=bool(offset))
            if fill is not None:
                cell.fill = fill


def _write_plain(book: StreamedBook, sheet: Sheet, tables: Sequence[Marked], progress: Progress) -> None:
    """A new workbook with the rows as they were read, every text as text."""
    page = book.create_sheet("导入结论")
    width = sheet.width
    for column in range(1, width + 1):
        page.column_dimensions[get_column_letter(column)].width = _PLAIN_WIDTH
    for offset, wide in enumerate(_WIDTHS * len(tables)):
        page.column_dimensions[get_column_letter(width + 1 + offset)].width = wide
    header = tables[0].header[1]
    page.freeze_panes = f"A{header + 1}"
    fills = {tone: PatternFill("solid", fgColor=tone.value) for tone in Tone if tone.value}
    bold = Font(bold=True)
    for number, row in enumerate(sheet.rows, 1):
        if number % 500 == 0:
            progress.step(number, len(sheet.rows))
        values: list[Cell] = [*row, *[None] * (width - len(row))]
        coloured: dict[int, PatternFill] = {}
        for marked in tables:
            each = marked.marks.get(number)
            fill = fills.get(each.tone) if each is not None else None
            if fill is not None:
                places = (*range(marked.first, marked.last + 1), len(values) + 1, len(values) + 2)
                coloured |= dict.fromkeys(places, fill)
            if number == header:
                values += _labels(marked, alone=len(tables) == 1)
            else:
                values += (None, None) if each is None else (each.verdict, each.why)
        cells = [_cell(page, value) for value in values]
        for place, cell in enumerate(cells, 1):
            if place in coloured:
                cell.fill = coloured[place]
            if number == header:
                cell.font = bold
        page.append(cells)


def _cell(page: Any, value: Cell) -> Any:
    """A cell as it was read: a text stays a text, whatever it begins with, and a long number keeps its digits."""
    stored: Any = value
    is_long = isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _EXACT
    is_early = isinstance(value, date) and date(value.year, value.month, value.day) < FIRST_DAY
    if is_long or is_early:
        stored = str(value)
    if not isinstance(stored, str):
        return WriteOnlyCell(page, stored)
    cell = WriteOnlyCell(page)
    cell.value = as_stored(tidied(stored).text)
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


__all__ = ["Mark", "Marked", "Tone", "mark", "write_verdicts"]
