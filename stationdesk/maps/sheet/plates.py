"""What a mark looks like before it has its place: the entries of one place as shapes with numbers on a plate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from stationdesk.maps.sheet.classes import CLASSES, EntryClass
from stationdesk.maps.sheet.geometry import Box, Point, box_around, distance
from stationdesk.maps.sheet.ground import Ground
from stationdesk.maps.sheet.metrics import em_width
from stationdesk.maps.sheet.spec import Entry

NUMBER_SIZE = 0.66
"""Height of the numbers' type, in sides of the shape."""

_A_CELL = 3
"""Numbers beside one shape; more go beside a second one."""
_CLASSES = {each: place for place, each in enumerate(CLASSES)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One shape with its numbers, placed on paper; `text` is exactly what is printed on it."""

    map_class: EntryClass
    entries: tuple[Entry, ...]
    box: Box

    @property
    def numbers(self) -> str:
        """The numbers beside the shape."""
        return ",".join(entry.number for entry in self.entries)

    @property
    def text(self) -> str:
        """The letter and the numbers, in the order in which they stand in the file."""
        return self.map_class.letter + self.numbers


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything at one place."""

    place: Point
    plate: Box
    cells: tuple[Cell, ...]
    size: float  # side of the shapes

    @property
    def is_moved(self) -> bool:
        """Whether a line must lead from the place to the plate."""
        return not self.plate.holds(self.place)

    @property
    def leader(self) -> tuple[Point, Point]:
        """From the place to the plate."""
        return self.place, self.plate.nearest(self.place)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries at the place."""
        return tuple(entry for cell in self.cells for entry in cell.entries)


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate that has yet to be placed: cells with boxes relative to the plate's corner."""

    place: Point
    width: float
    height: float
    cells: tuple[Cell, ...]

    @property
    def home(self) -> Box:
        """Where it would lie undisturbed: a single shape right on its place, a group around it."""
        if len(self.cells) == 1:
            half = self.cells[0].box.height / 2
            x, y = self.place[0] - self.cells[0].box.x - half, self.place[1] - self.height / 2
            return Box(x, y, self.width, self.height)
        return box_around(self.place, self.width, self.height)

    def at(self, box: Box, size: float) -> Mark:
        """The mark with its plate there."""
        cells = tuple(
            Cell(
                cell.map_class,
                cell.entries,
                Box(cell.box.x + box.x, cell.box.y + box.y, cell.box.width, cell.box.height),
            )
            for cell in self.cells
        )
        return Mark(self.place, box, cells, size)


def plates_of(entries: Sequence[Entry], ground: Ground, size: float, near: float) -> list[Plate]:
    """A plate for each place; entries nearer than `near` to the first of a group share its plate.

    `size` is the side of a shape.
    """
    groups: list[list[tuple[Point, Entry]]] = []
    for entry in entries:
        point = ground.point(entry.lon or 0.0, entry.lat or 0.0)
        group = min(groups, key=lambda each: distance(each[0][0], point), default=None)
        if group is not None and distance(group[0][0], point) < near:
            group.append((point, entry))
        else:
            groups.append([(point, entry)])
    return [
        _plate(_middle([point for point, _ in group]), [entry for _, entry in group], size)
        for group in groups
    ]


def _middle(points: Sequence[Point]) -> Point:
    count = len(points)
    return sum(x for x, _ in points) / count, sum(y for _, y in points) / count


def _plate(place: Point, entries: list[Entry], size: float) -> Plate:
    """Cells in as many columns as make the plate most nearly square."""
    shapes: list[tuple[EntryClass, tuple[Entry, ...]]] = []
    ordered = sorted(entries, key=lambda entry: (_CLASSES[entry.map_class], len(entry.code), entry.code))
    for each, members in groupby(ordered, key=lambda entry: entry.map_class):
        same = list(members)
        shapes.extend((each, tuple(same[at : at + _A_CELL])) for at in range(0, len(same), _A_CELL))
    columns = 1 if len(shapes) <= 2 else 2 if len(shapes) <= 8 else 3
    rows = math.ceil(len(shapes) / columns)
    pad = size * 0.09
    cells: list[Cell] = []
    x = pad
    for column in range(columns):
        chosen = shapes[column * rows : (column + 1) * rows]
        width = max((_cell_width(members, size) for _, members in chosen), default=0.0)
        for row, (kind, grouped) in enumerate(chosen):
            cells.append(Cell(kind, grouped, Box(x, pad + row * size * 1.08, width, size)))
        x += width + pad
    return Plate(place, x, rows * size * 1.08 - size * 0.08 + 2 * pad, tuple(cells))


def _cell_width(entries: Sequence[Entry], size: float) -> float:
    numbers = ",".join(entry.number for entry in entries)
    return size * 1.08 + em_width(numbers, bold=True) * size * NUMBER_SIZE + size * 0.06
