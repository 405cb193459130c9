"""What the reader hands over: plain cells in rows, sheet by sheet, and how they cross from the child process.

The child is not trusted with anything but text: it writes JSON, and nothing that arrives is unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from typing_extensions import override

from stationdesk.core.packed import Packed

Cell = str | int | float | bool | date | datetime | time | None
"""One cell. Whole numbers are int, blank cells are None, a formula that failed is what it shows: #N/A."""

Row = tuple[Cell, ...]


class PackedRows(Packed[Row]):
    """The rows of a long sheet in little room; how wide they are is known without unpacking them."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.width = 0
        super().__init__(rows)

    @override
    def append(self, item: Row) -> None:
        self.width = max(self.width, len(item))
        super().append(item)


def rows_from(rows: Sequence[Row], start: int) -> Iterator[Row]:
    """The rows from a place on, without a copy of them."""
    return rows.after(start) if isinstance(rows, Packed) else islice(rows, start, None)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; rows and columns count from 0, both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it stands in the file: `rows[0]` is row 1 of the file, `rows[0][0]` its column A.

    Trailing blank cells of a row are cut, so rows differ in length.
    """

    name: str
    rows: Sequence[Row]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        if isinstance(self.rows, PackedRows):
            return self.rows.width
        return max(map(len, self.rows), default=0)

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(self.rows)


@dataclass(frozen=True, slots=True)
class Workbook:
    """What was read from one file; `encoding` and `separator` are told for text files only.

    `form` is the code of an open format (geojson, kml, ...) whose first row is the header; `notes` say in
    sentences what of such a file was not read. `pasted_into` is told of rows that came without a header, whose first
    row is therefore blank: the names of the fields of the list that they are meant for, column by column.
    """

    name: str
    sheets: tuple[Sheet, ...]
    encoding: str = ""
    separator: str = ""
    form: str = ""
    notes: tuple[str, ...] = ()
    pasted_into: tuple[str, ...] | None = None

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def plain_cell(value: object) -> Cell:
    """A cell of calamine as a cell of ours."""
    match value:
        case None | "":
            return None
        case bool() | int() | datetime() | date() | time():
            return value
        case str():
            return value if not value.isspace() else None
        case float():
            return int(value) if value.is_integer() else value
        case timedelta():
            return _clock_time(value)
        case _:
            return str(value)


def _clock_time(span: timedelta) -> Cell:
    seconds = round(span.total_seconds())
    if 0 <= seconds < 24 * 3600:
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def plain_row(values: Sequence[object]) -> Row:
    """A row of calamine without its blank end."""
    cells = [plain_cell(value) for value in values]
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)


def with_cells(row: Row, cells: Mapping[int, Cell]) -> Row:
    """The row with some cells set."""
    found = list(row)
    for index, cell in cells.items():
        found.extend([None] * (index + 1 - len(found)))
        found[index] = cell
    return tuple(found)


def pack(message: Any) -> bytes:
    """A message of the child, dates and times included, as bytes."""
    return json.dumps(message, default=_tagged, separators=(",", ":")).encode("ascii")


def unpack(packed: bytes) -> Any:
    """The message that `pack` wrote; rows come as lists."""
    return json.loads(packed, object_hook=_untagged)


def _tagged(value: object) -> dict[str, str]:
    # A datetime is a date, so it is asked first.
    if isinstance(value, datetime):
        return {"t": "datetime", "v": value.isoformat()}
    if isinstance(value, date):
        return {"t": "date", "v": value.isoformat()}
    if isinstance(value, time):
        return {"t": "time", "v": value.isoformat()}
    raise TypeError(f"not a cell: {type(value).__name__}")


def _untagged(mapping: dict[str, Any]) -> Any:
    match mapping:
        case {"t": "datetime", "v": str(text)}:
            return datetime.fromisoformat(text)
        case {"t": "date", "v": str(text)}:
            return date.fromisoformat(text)
        case {"t": "time", "v": str(text)}:
            return time.fromisoformat(text)
        case _:
            return mapping
