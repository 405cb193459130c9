"""How a large map is divided between A4 sheets: what each shows, and what of it lies under its neighbour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stationdesk.core.errors import UserError
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.maps.sheet.geometry import Box

MARGIN = 9.0
"""Millimetres of a sheet that stay white: what no printer of the station leaves out, and room for the marks."""
OVERLAP = 10.0
"""Millimetres that two neighbours both show; the glue goes there."""
_MOST = 8
"""Sheets side by side; more would be wider than any wall of a station."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One sheet: its place from 0, and the window of the large map that it shows."""

    row: int
    column: int
    window: Box

    @property
    def name(self) -> str:
        """How it is called on the plan: row, column, from 1."""
        return f"{self.row + 1}-{self.column + 1}"


@dataclass(frozen=True, slots=True)
class Tiling:
    """`columns` by `rows` sheets of A4, upright or lying."""

    columns: int
    rows: int
    landscape: bool = False

    def __post_init__(self) -> None:
        if not (1 <= self.columns <= _MOST and 1 <= self.rows <= _MOST) or self.count < 2:
            raise UserError(
                "{columns}×{rows} 张拼不成大图：每行、每列 1 到 {most} 张，一共至少 2 张。",
                columns=self.columns,
                rows=self.rows,
                most=_MOST,
            )

    @property
    def count(self) -> int:
        """How many sheets."""
        return self.columns * self.rows

    @property
    def setup(self) -> PageSetup:
        """One sheet."""
        return PageSetup(Paper.A4, self.landscape)

    @property
    def shown(self) -> tuple[float, float]:
        """Width and height of what one sheet shows, in millimetres."""
        width, height = self.setup.size
        return width - 2 * MARGIN, height - 2 * MARGIN

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole map, in millimetres."""
        width, height = self.shown
        return (
            round(self.columns * width - (self.columns - 1) * OVERLAP),
            round(self.rows * height - (self.rows - 1) * OVERLAP),
        )

    def tiles(self) -> Iterator[Tile]:
        """The sheets, row by row."""
        width, height = self.shown
        for row in range(self.rows):
            for column in range(self.columns):
                window = Box(column * (width - OVERLAP), row * (height - OVERLAP), width, height)
                yield Tile(row, column, window)

    def own(self, tile: Tile) -> Box:
        """What is to be seen of a sheet when all are glued: its window without the strips under its neighbours."""
        window = tile.window
        return Box(
            window.x,
            window.y,
            window.width - (OVERLAP if tile.column < self.columns - 1 else 0.0),
            window.height - (OVERLAP if tile.row < self.rows - 1 else 0.0),
        )
