"""Plane geometry in metres: smooth lines, cells around sites, lots beside a street."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence

Point = tuple[float, float]
Line = tuple[Point, ...]


def curve(points: Sequence[Point], pieces: int = 5) -> Line:
    """A smooth line through all the points (Catmull-Rom), so that roads still meet where they are told to."""
    ends = (points[0], *points, points[-1])
    line: list[Point] = [points[0]]
    for before, start, stop, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        line += (_on_curve(before, start, stop, after, piece / pieces) for piece in range(1, pieces + 1))
    return tuple(line)


def _on_curve(before: Point, start: Point, stop: Point, after: Point, t: float) -> Point:
    x, y = (
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(before, start, stop, after, strict=True)
    )
    return (x, y)


def distance(one: Point, other: Point) -> float:
    """Metres between two points."""
    return math.hypot(one[0] - other[0], one[1] - other[1])


def distance_to(point: Point, line: Sequence[Point]) -> float:
    """Metres from a point to the nearest piece of a line."""
    return min(_to_piece(point, a, b) for a, b in itertools.pairwise(line))


def _to_piece(point: Point, a: Point, b: Point) -> float:
    px, py, dx, dy = point[0] - a[0], point[1] - a[1], b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    t = 0.0 if length == 0 else min(1.0, max(0.0, (px * dx + py * dy) / length))
    return math.hypot(px - t * dx, py - t * dy)


def inside(point: Point, ring: Sequence[Point]) -> bool:
    """Whether a point lies in a polygon, given without its closing point."""
    x, y = point
    within = False
    for (ax, ay), (bx, by) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            within = not within
    return within


def cells(sites: Sequence[Point], ground: Sequence[Point]) -> list[Line]:
    """The part of the ground that is nearest to each site; neighbours share their border point by point.

    Borders inside the ground are bent a little, as fields and ditches bend them.
    """
    return [_bent(_cell(site, sites, ground), ground) for site in sites]


def _cell(site: Point, sites: Iterable[Point], ground: Sequence[Point]) -> list[Point]:
    ring = list(ground)
    for other in sites:
        if other != site:
            ring = _nearer(ring, site, other)
    return ring


def _nearer(ring: Sequence[Point], site: Point, other: Point) -> list[Point]:
    """Sutherland-Hodgman: what of the ring is nearer to the site than to the other."""

    def side(point: Point) -> float:
        return distance(point, other) ** 2 - distance(point, site) ** 2

    kept: list[Point] = []
    for start, stop in zip(ring, (*ring[1:], ring[0]), strict=True):
        here, there = side(start), side(stop)
        if here >= 0:
            kept.append(start)
        if (here >= 0) != (there >= 0):
            t = here / (here - there)
            kept.append((start[0] + t * (stop[0] - start[0]), start[1] + t * (stop[1] - start[1])))
    return kept


def _bent(ring: Sequence[Point], ground: Sequence[Point]) -> Line:
    closed = (*ground, ground[0])
    bent: list[Point] = []
    for start, stop in zip(ring, (*ring[1:], ring[0]), strict=True):
        bent.append(start)
        middle = ((start[0] + stop[0]) / 2, (start[1] + stop[1]) / 2)
        if distance(start, stop) > 60 and distance_to(middle, closed) > 1:
            bent += _bends(start, stop)
    return tuple(bent)


def _bends(start: Point, stop: Point) -> list[Point]:
    """Points that swing around a border, the same for both neighbours because they follow from its ends."""
    first, last = sorted((start, stop), key=lambda point: (round(point[0]), round(point[1])))
    dx, dy = last[0] - first[0], last[1] - first[1]
    swing = math.sin(first[0] * 0.013 + last[1] * 0.017)
    amounts = ((0.2, 0.025 * swing), (0.45, -0.04 * swing), (0.7, 0.03 * swing + 0.012))
    points = [(first[0] + t * dx - s * dy, first[1] + t * dy + s * dx) for t, s in amounts]
    return points if first == start else points[::-1]


def lots(line: Sequence[Point], step: float, setback: float) -> Iterator[Point]:
    """Building lots on both sides of a street, `step` metres apart and `setback` metres from its middle."""
    behind = step / 2
    for a, b in itertools.pairwise(line):
        length = distance(a, b)
        while behind < length:
            x, y = a[0] + (b[0] - a[0]) * behind / length, a[1] + (b[1] - a[1]) * behind / length
            nx, ny = (b[1] - a[1]) / length * setback, (a[0] - b[0]) / length * setback
            yield (x + nx, y + ny)
            yield (x - nx, y - ny)
            behind += step
        behind -= length


class Grid:
    """Pieces of lines and single points by squares of 100 m, so that only what is near is measured."""

    _SIDE = 100.0

    def __init__(self) -> None:
        self._pieces: dict[tuple[int, int], list[tuple[Point, Point]]] = {}

    def add(self, *line: Point) -> None:
        """A line, or a single point."""
        pieces = itertools.pairwise(line) if len(line) > 1 else ((line[0], line[0]),)
        for a, b in pieces:
            for column in range(self._square(min(a[0], b[0])), self._square(max(a[0], b[0])) + 1):
                for row in range(self._square(min(a[1], b[1])), self._square(max(a[1], b[1])) + 1):
                    self._pieces.setdefault((column, row), []).append((a, b))

    def is_free(self, point: Point, metres: float) -> bool:
        """Whether nothing lies within so many metres, at most the side of a square."""
        column, row = self._square(point[0]), self._square(point[1])
        return all(
            _to_piece(point, *piece) >= metres
            for x in (column - 1, column, column + 1)
            for y in (row - 1, row, row + 1)
            for piece in self._pieces.get((x, y), ())
        )

    def _square(self, metres: float) -> int:
        return int(metres // self._SIDE)
