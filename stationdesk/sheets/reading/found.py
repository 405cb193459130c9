"""What is found in a sheet: a table with its columns, its records, and what was left out with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stationdesk.core.messages import _
from stationdesk.sheets.reading.archives import column_letters
from stationdesk.sheets.reading.cells import Cell
from stationdesk.sheets.reading.records import SideRow, TableRow


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: `index` counts from 0 in the file, `path` are its labels from top to bottom."""

    index: int
    path: tuple[str, ...]

    @property
    def label(self) -> str:
        """The labels joined, 联系方式/电话; for a column without any, its letter."""
        return "/".join(self.path) or _("{letter} 列").format(letter=self.letter)

    @property
    def letter(self) -> str:
        """The letters of the column in the office program."""
        return column_letters(self.index + 1)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no record of the table, why, and what stands in it."""

    number: int
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table found in a sheet.

    `header` are the numbers, from 1, of the first and last header row, `title` what stands above it,
    `notes` sentences on what was done to understand it, `continued` the places of the columns whose blank
    cells were filled from above. `sides` are the tables that one list was put together from, where it is
    printed in several columns beside one another; `columns` are then those of the first.
    """

    sheet: str
    columns: tuple[Column, ...]
    rows: Sequence[TableRow]
    left_out: tuple[LeftOut, ...]
    header: tuple[int, int]
    title: str = ""
    notes: tuple[str, ...] = ()
    continued: tuple[int, ...] = ()
    sides: tuple[SheetTable, ...] = ()
    bottom: int = 0
    """The last row, from 1, where it is told; else that of the last record."""

    @property
    def area(self) -> str:
        """Where the table stands, as the office program calls it: A4:F120."""
        tables = self.sides or (self,)
        columns = sorted(column.index for each in tables for column in each.columns)
        bottoms = (each.bottom or each.rows[-1].number for each in tables if each.rows)
        first, last = (column_letters(index + 1) for index in (columns[0], columns[-1]))
        return f"{first}{self.header[0]}:{last}{max(bottoms, default=self.header[1])}"

    def side_of(self, row: TableRow) -> SheetTable:
        """The table on the sheet in which a row stands: this one, or one of its sides."""
        if not isinstance(row.number, SideRow):
            return self
        column = row.number.column
        return next((side for side in self.sides if side.columns[0].index == column), self)

    def cells(self, index: int) -> list[Cell]:
        """The cells of a column, counted in the table, from top to bottom."""
        return [row.cells[index] for row in self.rows]

    def samples(self, most: int) -> list[list[Cell]]:
        """Of each column as many of its cells as told, blank ones left out, from its whole length."""
        filled = [0] * len(self.columns)
        for row in self.rows:
            for index, cell in enumerate(row.cells):
                filled[index] += cell is not None
        steps = [max(1, count // most) for count in filled]
        met = [0] * len(self.columns)
        found: list[list[Cell]] = [[] for _column in self.columns]
        for row in self.rows:
            for index, cell in enumerate(row.cells):
                if cell is None:
                    continue
                if met[index] % steps[index] == 0 and len(found[index]) < most:
                    found[index].append(cell)
                met[index] += 1
        return found


__all__ = ["Column", "LeftOut", "SheetTable"]
