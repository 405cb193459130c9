"""One list that is printed in two or more columns beside one another on a sheet, read as one list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any, overload

from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.core.packed import Packed
from stationdesk.sheets.reading.cells import Row
from stationdesk.sheets.reading.filling import columns_to_continue, continued
from stationdesk.sheets.reading.found import LeftOut, SheetTable
from stationdesk.sheets.reading.labels import label_text
from stationdesk.sheets.reading.records import SideRow, TableRow

_FILLED_BLANK = re.compile(r".{1,12}[:：].*")
_CONTINUED = re.compile(r"[（(]?(续表?|接上表?|接左[栏表]?|右栏?|左栏?|之?[一二三])[）)]?")


class _SideRows(Sequence[TableRow]):
    """The rows of all sides, from top to bottom and from left to right, each made when it is asked for."""

    def __init__(self, sides: Sequence[SheetTable]) -> None:
        self._sides = [(side.columns[0].index, side.rows) for side in sides]
        self._ends = list(accumulate(len(rows) for _column, rows in self._sides))

    @override
    def __len__(self) -> int:
        return self._ends[-1]

    @overload
    def __getitem__(self, index: int) -> TableRow: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[TableRow]: ...

    @override
    def __getitem__(self, index: int | slice) -> TableRow | Sequence[TableRow]:
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        at = range(len(self))[index]
        side = next(place for place, end in enumerate(self._ends) if at < end)
        column, rows = self._sides[side]
        return _beside(rows[at - (self._ends[side - 1] if side else 0)], column)

    @override
    def __iter__(self) -> Iterator[TableRow]:
        return (_beside(row, column) for column, rows in self._sides for row in rows)

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(mine == its for mine, its in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # its rows are not looked at for that


def _beside(row: TableRow, column: int) -> TableRow:
    return TableRow(SideRow(row.number, column), row.cells)


def put_together(tables: Sequence[SheetTable]) -> tuple[SheetTable, ...]:
    """The tables with one more in front of those that are the sides of one list: the whole of it.

    Sides stand below one header, have the same labels in the same order, and no titles of their own.
    """
    found: list[SheetTable] = []
    for group in _groups(tables):
        if len(group) > 1:
            found.append(_whole(group))
        found += group
    return tuple(found)


def _groups(tables: Sequence[SheetTable]) -> list[list[SheetTable]]:
    groups: list[list[SheetTable]] = []
    for table in tables:
        if groups and _is_next_side(groups[-1], table):
            groups[-1].append(table)
        else:
            groups.append([table])
    return groups


def _is_next_side(sides: Sequence[SheetTable], table: SheetTable) -> bool:
    first, last = sides[0], sides[-1]
    return (
        len(table.columns) > 1
        and table.header == first.header
        and table.columns[0].index > last.columns[-1].index
        and _labels(table) == _labels(first)
        and _has_no_title(table, first)
    )


def _labels(table: SheetTable) -> list[str]:
    return [label_text(column.label) if column.path else "" for column in table.columns]


def _has_no_title(table: SheetTable, first: SheetTable) -> bool:
    """Whether nothing above a side calls it another list than the first: 填报日期： does not, 东村 does."""
    if not table.title or _FILLED_BLANK.fullmatch(table.title) or _CONTINUED.fullmatch(table.title):
        return True
    return label_text(table.title).startswith(label_text(first.title)) and bool(first.title)


def _whole(sides: Sequence[SheetTable]) -> SheetTable:
    first = sides[0]
    sides = _continued(sides)
    letters = "、".join(side.columns[0].letter for side in sides)
    told = _(
        "从 {letters} 列起并排的 {count} 栏是同一张表，合成一张读。"
        "行号带着列：{letter}{row} 是从 {letter} 列起的那一栏的第 {row} 行。"
    ).format(
        letters=letters,
        count=len(sides),
        letter=sides[1].columns[0].letter,
        row=first.header[1] + 1,
    )
    return replace(
        first,
        rows=_SideRows(sides),
        left_out=tuple(
            LeftOut(SideRow(each.number, side.columns[0].index), each.why, each.text)
            for side in sides
            for each in side.left_out
        ),
        notes=(told, *dict.fromkeys(note for side in sides for note in side.notes)),
        sides=tuple(sides),
    )


def _continued(sides: Sequence[SheetTable]) -> list[SheetTable]:
    """The sides, with what was written once at the end of one carried over to the top of the next."""
    found = [sides[0]]
    for side in sides[1:]:
        before = found[-1]
        places = [place for place in before.continued if side.rows and side.rows[0].cells[place] is None]
        if before.rows and places:
            side = _carried_on(side, before.rows[-1].cells, places)  # noqa: PLW2901 - the side as it is meant
        found.append(side)
    return found


def _carried_on(side: SheetTable, last: Row, places: Sequence[int]) -> SheetTable:
    cells: list[Any] = [row.cells for row in side.rows]
    cells[0] = tuple(last[place] if place in places else cell for place, cell in enumerate(cells[0]))
    columns = columns_to_continue([column.path[-1] if column.path else "" for column in side.columns], cells)
    numbers = [row.number for row in side.rows]
    rows = Packed(
        TableRow(number, row) for number, row in zip(numbers, continued(cells, columns), strict=True)
    )
    return replace(side, rows=rows, continued=tuple(columns))


__all__ = ["put_together"]
