"""A workbook of tables in which colour says whose side a cell is of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from itertools import chain, zip_longest
from pathlib import Path
from typing import Final, cast

from openpyxl import load_workbook
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from stationdesk.core.progress import SILENT, Progress
from stationdesk.sheets import styles
from stationdesk.sheets.cells import as_stored, tidied
from stationdesk.sheets.checking import LostRows
from stationdesk.sheets.page import A4
from stationdesk.sheets.pieces import streamed
from stationdesk.sheets.streaming import append_row, begin_rows
from stationdesk.sheets.styles import LedgerCell
from stationdesk.sheets.widths import text_width

HEAD_ROWS: Final = 2
_ONE_LINE: Final = Alignment(horizontal="left", vertical="center")
_SAMPLE: Final = 300
_NARROW, _WIDE = 8.0, 44.0
_STEP: Final = 200


class Tint(Enum):
    """Whose side a table shows; light enough for a black-and-white printer."""

    THEIRS = "FFFCE4D6"
    OURS = "FFDDEBF7"
    BOTH = "FFFFF2CC"
    UNCLEAR = "FFE7E6E6"


@dataclass(frozen=True, slots=True)
class TintedSheet:
    """One table of texts. `note` stands below; `sides` are the columns of ours and of theirs, where both are shown."""

    title: str
    tint: Tint
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    sides: tuple[int, int] | None = None


def write_tinted(
    part: Path, heading: str, sheets: Sequence[TintedSheet], progress: Progress = SILENT
) -> None:
    """Write the tables; every cell is text, whatever it begins with."""
    with streamed(part) as workbook:
        total = sum(len(sheet.rows) for sheet in sheets)
        done = 0
        for sheet in sheets:
            page = cast("Worksheet", workbook.create_sheet(sheet.title))
            _open(page, sheet, heading)
            fills = [PatternFill("solid", fgColor=tint.value) for tint in _tints(sheet)]
            for row in sheet.rows:
                append_row(page, [_cell(page, *each) for each in zip(row, fills, strict=True)], None)
                done += 1
                if done % _STEP == 0:
                    progress.step(done, total)
            if sheet.note:
                append_row(page, _across(page, sheet, _cell(page, sheet.note, None)), None)
        workbook.save(part)


def _tints(sheet: TintedSheet) -> list[Tint]:
    tints = [sheet.tint] * len(sheet.labels)
    if sheet.sides is not None:
        tints[sheet.sides[0]], tints[sheet.sides[1]] = Tint.OURS, Tint.THEIRS
    return tints


def _open(page: Worksheet, sheet: TintedSheet, heading: str) -> None:
    for place, label in enumerate(sheet.labels):
        texts = [label, *(row[place] for row in sheet.rows[:_SAMPLE])]
        width = max(text_width(line) for text in texts for line in (text.split("\n") or [""]))
        page.column_dimensions[get_column_letter(place + 1)].width = min(max(width + 2, _NARROW), _WIDE)
    page.freeze_panes = f"A{HEAD_ROWS + 1}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.print_title_rows = f"{HEAD_ROWS}:{HEAD_ROWS}"
    head = styles.plain_cell(page, styles.STRONG, styles.LEFT)
    head.hold(as_stored(tidied(f"{sheet.title}：{len(sheet.rows)} 行　{heading}").text))
    head.alignment = _ONE_LINE
    begin_rows(page, len(sheet.labels))
    append_row(page, _across(page, sheet, head), None)
    labels = []
    for label in sheet.labels:
        cell = styles.plain_cell(
            page, styles.HEADER, styles.CENTRE, border=styles.GRID, fill=styles.HEADER_FILL
        )
        cell.hold(as_stored(tidied(label).text))
        labels.append(cell)
    append_row(page, labels, None)


def _across(page: Worksheet, sheet: TintedSheet, first: LedgerCell) -> list[LedgerCell]:
    """A row that holds one sentence, which runs over the blank cells behind."""
    return [first, *(_cell(page, "", None) for _label in sheet.labels[1:])]


def _cell(page: Worksheet, text: str, fill: PatternFill | None) -> LedgerCell:
    border = styles.NO_GRID if fill is None else styles.GRID
    cell = styles.plain_cell(page, styles.BODY, styles.LEFT, border=border, fill=fill)
    cell.hold(as_stored(tidied(text).text) if text else None)
    return cell


def check_tinted(part: Path, sheets: Sequence[TintedSheet]) -> None:
    """Read the file back: every table is there, and every cell says what was written into it.

    Raises:
        LostRows: it is not so.
    """
    workbook = load_workbook(BytesIO(part.read_bytes()), read_only=True)
    try:
        if workbook.sheetnames != [sheet.title for sheet in sheets]:
            raise LostRows(f"the file has the sheets {workbook.sheetnames}")
        for page, sheet in zip(workbook.worksheets, sheets, strict=True):
            for number, (found, wanted) in enumerate(zip_longest(page.values, _texts(sheet)), 1):
                if number > 1 and found != wanted:  # the heading is no cell of the table
                    raise LostRows(f"{sheet.title}: row {number} is not what was written")
    finally:
        workbook.close()


def _texts(sheet: TintedSheet) -> Iterator[tuple[str | None, ...]]:
    """What stands in the cells of a sheet, from top to bottom."""
    note = ((sheet.note, *[""] * (len(sheet.labels) - 1)),) if sheet.note else ()
    for row in chain(((),), (sheet.labels,), sheet.rows, note):
        yield tuple(tidied(text).text or None for text in row)
