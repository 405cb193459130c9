"""Plane geometry on paper: boxes, lines cut to a frame, points in outlines. Millimetres, y downwards."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Point = tuple[float, float]
Line = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with upright sides: its left upper corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower side."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """The middle."""
        return (self.x + self.width / 2, self.y + self.height / 2)

    def grown(self, by: float) -> Box:
        """The box with `by` more on every side, less where negative."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def with_box(self, other: Box) -> Box:
        """The smallest box around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Box(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def holds(self, point: Point) -> bool:
        """Whether the point lies in the box or on its side."""
        return self.x <= point[0] <= self.right and self.y <= point[1] <= self.bottom

    def holds_box(self, other: Box) -> bool:
        """Whether the other box lies wholly in this one."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: Box) -> bool:
        """Whether the two boxes share any ground; touching sides do not count."""
        # Written out: the marks ask this a million times for a crowded map.
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def nearest(self, point: Point) -> Point:
        """The point of the box that is nearest to `point`."""
        return (min(max(point[0], self.x), self.right), min(max(point[1], self.y), self.bottom))


def box_around(centre: Point, width: float, height: float) -> Box:
    """The box of that size with its middle at `centre`."""
    return Box(centre[0] - width / 2, centre[1] - height / 2, width, height)


def distance(a: Point, b: Point) -> float:
    """How far two points are apart."""
    return math.hypot(a[0] - b[0], a[1] - b[1])


def cut(a: Point, b: Point, box: Box) -> tuple[Point, Point] | None:
    """The part of a straight line that lies in the box, or None (Liang and Barsky, 1984)."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    start, end = 0.0, 1.0
    for slope, gap in (
        (-dx, a[0] - box.x),
        (dx, box.right - a[0]),
        (-dy, a[1] - box.y),
        (dy, box.bottom - a[1]),
    ):
        if slope == 0:
            if gap < 0:
                return None
        elif slope < 0:
            start = max(start, gap / slope)
        else:
            end = min(end, gap / slope)
    if start > end:
        return None
    # The very end, where nothing is cut off: a line is put together again by it.
    return (a[0] + start * dx, a[1] + start * dy), b if end == 1 else (a[0] + end * dx, a[1] + end * dy)


def length_inside(line: Sequence[Point], box: Box) -> float:
    """How much of a line lies in the box."""
    total = 0.0
    for a, b in pairwise(line):
        part = cut(a, b, box)
        if part is not None:
            total += distance(*part)
    return total


def clip(line: Sequence[Point], box: Box) -> tuple[Line, ...]:
    """The pieces of a line that lie in the box."""
    pieces: list[list[Point]] = []
    for a, b in pairwise(line):
        part = cut(a, b, box)
        if part is None:
            continue
        if pieces and pieces[-1][-1] == part[0]:
            pieces[-1].append(part[1])
        else:
            pieces.append([part[0], part[1]])
    return tuple(tuple(piece) for piece in pieces)


def turning(ring: Sequence[Point]) -> float:
    """Twice the area of an outline, positive for one that goes clockwise on paper."""
    return sum(one[0] * other[1] - other[0] * one[1] for one, other in pairwise((*ring, *ring[:1])))


def inside(point: Point, ring: Sequence[Point]) -> bool:
    """Whether a point lies within a closed outline, by the even-odd rule."""
    x, y = point
    odd = False
    for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


def walk(line: Sequence[Point]) -> list[float]:
    """The length of the line up to each of its points."""
    run = [0.0]
    for a, b in pairwise(line):
        run.append(run[-1] + distance(a, b))
    return run


def along(line: Sequence[Point], run: Sequence[float], at: float) -> Point:
    """The point of a line at the given length from its start."""
    for (a, b), (low, high) in zip(pairwise(line), pairwise(run), strict=True):
        if at <= high and high > low:
            share = (at - low) / (high - low)
            return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
    return line[-1]


def points_of(geometry: Any) -> Iterator[Point]:
    """The (lon, lat) of every Point of a GeoJSON geometry."""
    match geometry.get("type"):
        case "Point":
            yield _pair(geometry["coordinates"])
        case "MultiPoint":
            yield from (_pair(each) for each in geometry["coordinates"])
        case "GeometryCollection":
            for part in geometry["geometries"]:
                yield from points_of(part)
        case _:
            return


def lines_of(geometry: Any) -> Iterator[Line]:
    """The (lon, lat) of every LineString of a GeoJSON geometry."""
    match geometry.get("type"):
        case "LineString":
            yield _line(geometry["coordinates"])
        case "MultiLineString":
            yield from (_line(each) for each in geometry["coordinates"])
        case "GeometryCollection":
            for part in geometry["geometries"]:
                yield from lines_of(part)
        case _:
            return


def polygons_of(geometry: Any) -> Iterator[tuple[Line, ...]]:
    """The rings, outer one first, in (lon, lat), of every Polygon of a GeoJSON geometry."""
    match geometry.get("type"):
        case "Polygon":
            yield tuple(_line(ring) for ring in geometry["coordinates"])
        case "MultiPolygon":
            yield from (tuple(_line(ring) for ring in rings) for rings in geometry["coordinates"])
        case "GeometryCollection":
            for part in geometry["geometries"]:
                yield from polygons_of(part)
        case _:
            return


def _pair(position: Sequence[float]) -> Point:
    return (float(position[0]), float(position[1]))


def _line(positions: Iterable[Sequence[float]]) -> Line:
    return tuple(_pair(each) for each in positions)
