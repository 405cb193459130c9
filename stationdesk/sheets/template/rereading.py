"""A filled form read back before it takes its place: every row in it, every sum as it was written."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import IO, Final

from lxml import etree

from stationdesk.core.progress import SILENT, Progress
from stationdesk.sheets.checking import LostRows
from stationdesk.sheets.leaks import sheet_parts
from stationdesk.sheets.template.fill import Filled
from stationdesk.sheets.template.package import MAIN
from stationdesk.sheets.template.places import spot_of
from stationdesk.sheets.template.rows import Tally

_STEP: Final = 500


def check_filled(path: Path, filled: Filled, progress: Progress = SILENT) -> None:
    """Read the file back and compare it with what was written.

    Raises:
        LostRows: a sheet, a row or a value is not there, or is there twice.
    """
    with zipfile.ZipFile(path) as package:
        parts = sheet_parts(package)
        for title in filled.titles:
            if title not in parts:
                raise LostRows(f"the sheet {title!r} is not in the file")
            with package.open(parts[title]) as part:
                if filled.tallies:
                    _check_table(part, filled, progress)
                else:
                    _check_order(part)


def _check_table(part: IO[bytes], filled: Filled, progress: Progress) -> None:
    found = {column: Tally() for column in filled.tallies}
    last, seen = filled.first + filled.rows - 1, 0
    behind = 0
    for _event, row in etree.iterparse(part, tag=f"{MAIN}row"):
        number = int(row.get("r") or 0)
        if number <= behind:
            raise LostRows(f"row {number} stands below row {behind}")
        behind = number
        if filled.first <= number <= last:
            seen += 1
            for cell in row.iterchildren(f"{MAIN}c"):
                tally = found.get(spot_of(cell.get("r") or "").column)
                if tally is not None:
                    _add(tally, cell)
        if number % _STEP == 0:
            progress.step(min(number, last), last)
        row.clear()
        parent = row.getparent()
        if parent is not None and len(parent) > 1:
            del parent[0]
    if seen != filled.rows:
        raise LostRows(f"{seen} rows in the file, {filled.rows} written")
    _compare(found, filled.tallies)


def _add(tally: Tally, cell: etree._Element) -> None:
    number = cell.findtext(f"{MAIN}v") if cell.get("t", "n") == "n" else None
    text = "".join(map(str, cell.itertext()))
    tally.filled += bool(text)
    if number:
        tally.numbers += 1
        tally.total += Decimal(number)


def _compare(found: Mapping[int, Tally], written: Mapping[int, Tally]) -> None:
    for column, tally in written.items():
        here = found[column]
        if here.filled != tally.filled or here.numbers != tally.numbers:
            raise LostRows(f"column {column}: {here.filled} cells in the file, {tally.filled} written")


def _check_order(part: IO[bytes]) -> None:
    behind = 0
    for _event, row in etree.iterparse(part, tag=f"{MAIN}row"):
        number = int(row.get("r") or 0)
        if number <= behind:
            raise LostRows(f"row {number} stands below row {behind}")
        behind = number
        row.clear()
