"""Cells and ranges of a sheet by their names, A1 and A1:C9, both counting from 1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from stationdesk.sheets.reading.archives import column_letters, column_number

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A cell; row and column count from 1."""

    row: int
    column: int

    @property
    def name(self) -> str:
        """As the office program calls it: AB12."""
        return f"{column_letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """As the office program calls it: A1:C9, or A1 for a single cell."""
        first = Spot(self.top, self.left).name
        last = Spot(self.bottom, self.right).name
        return first if first == last else f"{first}:{last}"

    @property
    def first(self) -> Spot:
        """The upper left cell."""
        return Spot(self.top, self.left)

    def meets(self, other: Area) -> bool:
        """Whether the two have a cell in common."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    def __contains__(self, spot: Spot) -> bool:
        return self.top <= spot.row <= self.bottom and self.left <= spot.column <= self.right


def spot_of(name: str) -> Spot:
    """The cell of a name; ValueError when it is none."""
    match = _CELL.fullmatch(name.strip())
    if match is None:
        raise ValueError(f"not a cell: {name!r}")
    spot = Spot(int(match[2]), column_number(match[1].upper()))
    if spot.row > LAST_ROW or spot.column > LAST_COLUMN:
        raise ValueError(f"not a cell: {name!r}")
    return spot


def area_of(name: str) -> Area:
    """The rectangle of a name such as A1:C9 or A1; ValueError when it is none."""
    first, _colon, last = name.partition(":")
    start = spot_of(first)
    end = spot_of(last) if last else start
    return Area(
        min(start.row, end.row),
        min(start.column, end.column),
        max(start.row, end.row),
        max(start.column, end.column),
    )
