"""A workbook read back before it takes its place: nothing lost, totals right, no full personal number."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, Final

from lxml import etree

from stationdesk.core.progress import SILENT, Progress
from stationdesk.sheets.leaks import (
    MOST,
    NO_NAMES,
    Leak,
    MinorNames,
    PersonalKind,
    PersonalNumber,
    leak_in,
    leaks_in,
    personal_number,
    refuse,
    sheet_parts,
)

__all__ = [
    "NO_NAMES",
    "Expected",
    "Leak",
    "LostRows",
    "MinorNames",
    "PersonalKind",
    "PersonalNumber",
    "check_workbook",
    "leak_in",
    "leaks_in",
    "personal_number",
    "refuse",
]


class LostRows(Exception):
    """The file does not hold what was written into it: a bug, so the target stays as it was."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a sheet must hold: rows before, in and after the table, a label a column, totals by column index.

    Totals of the columns in `sums` add up, the others count. With `numbered`, the first column counts the
    rows from 1.
    """

    title: str
    before: int
    rows: int
    after: int
    labels: Sequence[str]
    totals: Mapping[int, Decimal | int] = field(default_factory=dict)
    sums: frozenset[int] = frozenset()
    numbered: bool = True


_STEP: Final = 500
_APART: Final = "|"  # no sign that people put between digits
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def check_workbook(
    path: Path,
    sheets: Sequence[Expected],
    *,
    masked: bool,
    names: MinorNames = NO_NAMES,
    progress: Progress = SILENT,
) -> tuple[Leak, ...]:
    """Read the file back, row by row, and compare it with what was written.

    Returns where a `masked` file holds a full number, or one of the `names`, all the same.

    Raises:
        LostRows: when rows or totals are not what they were.
    """
    total = sum(sheet.rows for sheet in sheets)
    done = 0
    leaks: list[Leak] = []
    with zipfile.ZipFile(path) as package:
        parts = sheet_parts(package)
        if list(parts) != [sheet.title for sheet in sheets]:
            raise LostRows(f"the file has the sheets {list(parts)}")
        for sheet in sheets:
            with package.open(parts[sheet.title]) as part:
                for number, row in _checked(part, sheet):
                    if masked and len(leaks) < MOST:
                        leaks += _leaks(sheet, number, row, names)
                    if sheet.before < number <= sheet.before + sheet.rows:
                        done += 1
                        if done % _STEP == 0:
                            progress.step(done, total)
                    _let_go(row)
    return tuple(leaks)


def _checked(part: IO[bytes], expected: Expected) -> Iterator[tuple[int, etree._Element]]:
    """Check one sheet; gives each row and its number as it is passed."""
    counted = 0
    sums: dict[int, Decimal | int] = dict.fromkeys(expected.totals, 0)
    last = expected.before + expected.rows
    for _event, row in etree.iterparse(part, tag=f"{_MAIN}row"):
        counted += 1
        if row.get("r") != str(counted) or len(row) != len(expected.labels):
            raise LostRows(
                f"{expected.title}: row {row.get('r')} with {len(row)} cells stands as row {counted}"
            )
        if expected.before < counted <= last:
            _add_up(expected, counted - expected.before, row, sums)
        yield counted, row
    if counted != last + expected.after:
        raise LostRows(f"{expected.title}: {counted} rows in the file, {last + expected.after} written")
    if sums != {index: _rounded(value) for index, value in expected.totals.items()}:
        raise LostRows(f"{expected.title}: totals in the file {sums}, written {dict(expected.totals)}")


def _add_up(expected: Expected, number: int, row: etree._Element, sums: dict[int, Decimal | int]) -> None:
    if expected.numbered and _text(row[0]) != str(number):
        raise LostRows(f"{expected.title}: row {number} carries the number {_text(row[0])!r}")
    for index in sums:
        text = _text(row[index])
        if index not in expected.sums:
            sums[index] += bool(text)
        elif text and row[index].get("t") == "n":
            sums[index] += _rounded(Decimal(text))


def _rounded(value: Decimal | int) -> Decimal | int:
    return value if isinstance(value, int) else value.quantize(Decimal("0.000001"))


def _text(cell: etree._Element) -> str:
    return "".join(map(str, cell.itertext()))


def _let_go(row: etree._Element) -> None:
    """Drop a row that was looked at, and its place among its parent's children, so that memory stays flat."""
    row.clear()
    parent = row.getparent()
    if parent is not None:
        del parent[0]


def _leaks(expected: Expected, number: int, row: etree._Element, names: MinorNames) -> Iterator[Leak]:
    if leak_in(_APART.join(map(str, row.itertext())), names) is None:
        return
    for label, cell in zip(expected.labels, row, strict=True):
        found = leak_in(_text(cell), names)
        if found is not None:
            yield Leak(found, expected.title, number, label)
