"""The rows of a table in a long sheet, each made when it is asked for."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self, overload

from typing_extensions import override

from stationdesk.sheets.reading.archives import column_letters
from stationdesk.sheets.reading.cells import Row
from stationdesk.sheets.reading.filling import Filled

_ROWS = 1 << 21  # more than a sheet has, and few enough that 700 columns fit into 32 bits


class SideRow(int):
    """The number of a row of one of several tables beside one another: alone among the rows of all of them.

    In words it is the cell in which the row begins: E12.
    """

    row: int
    column: int

    def __new__(cls, row: int, column: int) -> Self:
        """The row, from 1, of the table that begins in the column, from 0."""
        made = super().__new__(cls, (column + 1) * _ROWS + row)
        made.row, made.column = row, column
        return made

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return SideRow, (self.row, self.column)

    @override
    def __str__(self) -> str:
        return f"{column_letters(self.column + 1)}{self.row}"

    @override
    def __format__(self, format_spec: str) -> str:
        del format_spec
        return str(self)


def as_told(number: int) -> int:
    """The number of a row so that it reads as people should be told it, wherever it was kept meanwhile."""
    return number if number < _ROWS else SideRow(number % _ROWS, number // _ROWS - 1)


def sheet_row(number: int) -> int:
    """The number that the office program shows for a row, whether its table stands alone or beside another."""
    return number % _ROWS


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the table: `number` counts from 1 as in the office program, one cell a column of the table.

    Where tables beside one another are read as one list it is a `SideRow`.
    """

    number: int
    cells: Row


class Records(Sequence[TableRow]):
    """The rows of a table, cut out of the rows of the sheet when they are asked for: a long list is held once."""

    def __init__(self, cells: Filled, places: Sequence[int], numbers: Iterable[int] = ()) -> None:
        self._cells = cells
        self._places = tuple(places)
        self.numbers = array("L", numbers)
        """The numbers of the rows, from 1; a row that is added to them is a record."""

    def cells(self, at: int) -> Row:
        """The cells of a row of the sheet that stand in the columns of the table."""
        filled = self._cells[at]
        return tuple([filled[index] if index < len(filled) else None for index in self._places])

    def narrowed(self, places: Sequence[int]) -> Records:
        """The same rows with fewer columns."""
        return Records(self._cells, [self._places[place] for place in places], self.numbers)

    @override
    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int) -> TableRow: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[TableRow]: ...

    @override
    def __getitem__(self, index: int | slice) -> TableRow | Sequence[TableRow]:
        if isinstance(index, slice):
            return tuple(self._row(number) for number in self.numbers[index])
        return self._row(self.numbers[index])

    @override
    def __iter__(self) -> Iterator[TableRow]:
        return map(self._row, self.numbers)

    def _row(self, number: int) -> TableRow:
        return TableRow(number, self.cells(number - 1))

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # its rows are not looked at for that


class Rows(Sequence[Row]):
    """Rows by their numbers, each asked for when it is needed."""

    def __init__(self, row: Callable[[int], Row], numbers: Sequence[int]) -> None:
        self._row = row
        self._numbers = numbers

    @override
    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...

    @override
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return Rows(self._row, self._numbers[index])
        return self._row(self._numbers[index] - 1)
