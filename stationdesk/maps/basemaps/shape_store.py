"""The station's own file of shapes: WGS-84, found by place, given out as vector tiles in any of China's datums."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from typing_extensions import override

from stationdesk.core.datum import from_wgs84, to_wgs84
from stationdesk.core.vocab import Datum
from stationdesk.maps.basemaps.content import SHAPES
from stationdesk.maps.basemaps.mbtiles import connect
from stationdesk.maps.basemaps.mercator import place_at, world_xy
from stationdesk.maps.basemaps.shape_tiles import EXTENT, LINE, POINT, SURFACE, Dot, TileShape, vector_tile
from stationdesk.maps.basemaps.shapes import Shape, Spot
from stationdesk.maps.basemaps.tiles import Tile, Tiles

MAX_ZOOM = 16
"""The deepest tiles that are made; there a unit is 15 cm."""

_MOST_IN_A_TILE = 12_000
_AIR = 128  # units around a tile that are drawn along, so that wide lines and names cross its edge
_COARSE = 4  # units to which shapes are rounded above the deepest level: half a pixel
_SCHEMA = (
    """CREATE TABLE shape
    (id INTEGER PRIMARY KEY, layer TEXT, kind INTEGER, from_zoom INTEGER, size REAL, tags TEXT, parts TEXT)""",
    "CREATE VIRTUAL TABLE box USING rtree(id, west, east, south, north)",
)


def write_shapes(target: Path, shapes: Iterable[Shape]) -> int:
    """Write a file of shapes in WGS-84; returns how many."""
    count = 0
    with closing(sqlite3.connect(target)) as store:
        store.execute("PRAGMA journal_mode = OFF")
        store.execute("PRAGMA synchronous = OFF")  # the whole file is synced before it is moved into place
        for statement in _SCHEMA:
            store.execute(statement)
        for count, shape in enumerate(shapes, 1):
            west, south, east, north = shape.box
            parts = [[(round(lon, 7), round(lat, 7)) for lon, lat in part] for part in shape.parts]
            row = (
                count,
                shape.layer,
                shape.kind,
                shape.from_zoom,
                max(east - west, north - south),
                json.dumps(dict(shape.tags), ensure_ascii=False),
                json.dumps(parts, separators=(",", ":")),
            )
            store.execute("INSERT INTO shape VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            store.execute("INSERT INTO box VALUES (?, ?, ?, ?, ?)", (count, west, east, south, north))
        store.commit()
    return count


class ShapeTiles(Tiles):
    """The tiles of a file of shapes, made when they are asked for."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)

    @override
    def tile(self, zoom: int, column: int, row: int, datum: Datum = Datum.WGS84) -> Tile | None:
        side = 1 << zoom
        air = _AIR / EXTENT
        north, west = _exact(place_at((column - air) / side, (row - air) / side), datum)
        south, east = _exact(place_at((column + 1 + air) / side, (row + 1 + air) / side), datum)
        found = self._connection.execute(
            "SELECT layer, kind, tags, parts FROM box JOIN shape USING (id)"
            " WHERE west <= ? AND east >= ? AND south <= ? AND north >= ? AND from_zoom <= ?"
            " ORDER BY size DESC LIMIT ?",
            (east, west, north, south, zoom, _MOST_IN_A_TILE),
        )
        layers: dict[str, list[TileShape]] = {}
        coarse = 1 if zoom >= MAX_ZOOM else _COARSE
        for layer, kind, tags, parts in found:
            lines = [_in_tile(part, zoom, column, row, datum) for part in json.loads(parts)]
            drawn = _clipped(kind, lines, coarse)
            if drawn:
                layers.setdefault(layer, []).append(TileShape(kind, drawn, json.loads(tags)))
        return Tile(SHAPES, vector_tile(layers)) if layers else None

    @override
    def close(self) -> None:
        self._connection.close()


def _exact(place: tuple[float, float], datum: Datum) -> tuple[float, float]:
    return to_wgs84(*place, datum)


def _in_tile(
    part: Sequence[Spot], zoom: int, column: int, row: int, datum: Datum
) -> list[tuple[float, float]]:
    """The points of a part in units of a tile."""
    units = EXTENT * (1 << zoom)
    left, top = column * EXTENT, row * EXTENT
    found = []
    for lon, lat in part:
        x, y = world_xy(*from_wgs84(lat, lon, datum))
        found.append((x * units - left, y * units - top))
    return found


def _clipped(kind: int, lines: Sequence[list[tuple[float, float]]], coarse: int) -> list[list[Dot]]:
    """What of a shape lies in the tile or near its edge, rounded; a shape that shrinks to nothing is left out."""
    if kind == POINT:
        return [[dot] for line in lines for dot in _rounded(line, coarse) if _is_near(dot)]
    if kind == LINE:
        return [dots for line in lines for run in _runs(line) if len(dots := _rounded(run, coarse)) >= 2]
    rings = []
    for number, line in enumerate(lines):
        dots = _rounded(_cut(line), coarse)
        if len(dots) > 1 and dots[0] == dots[-1]:
            dots.pop()
        area = _area(dots)
        if len(dots) < 3 or not area:
            if number == 0:
                return []
            continue
        # The outline goes clockwise on the screen, holes against it (Vector Tile 2.1, section 4.3.3.3).
        rings.append(dots if (area > 0) == (number == 0) else dots[::-1])
    return rings


def _is_near(dot: tuple[float, float]) -> bool:
    return -_AIR <= dot[0] <= EXTENT + _AIR and -_AIR <= dot[1] <= EXTENT + _AIR


def _rounded(line: Iterable[tuple[float, float]], coarse: int) -> list[Dot]:
    dots: list[Dot] = []
    for x, y in line:
        if not (math.isfinite(x) and math.isfinite(y)):
            continue
        dot = (round(x / coarse) * coarse, round(y / coarse) * coarse)
        if not dots or dots[-1] != dot:
            dots.append(dot)
    return dots


def _runs(line: Sequence[tuple[float, float]]) -> Iterable[list[tuple[float, float]]]:
    """The stretches of a line that touch the tile; a stretch keeps the points just beyond the edge."""
    run: list[tuple[float, float]] = []
    for one, other in pairwise(line):
        low, high = -_AIR, EXTENT + _AIR
        beyond = (
            max(one[0], other[0]) < low
            or min(one[0], other[0]) > high
            or max(one[1], other[1]) < low
            or min(one[1], other[1]) > high
        )
        if beyond:
            if run:
                yield run
            run = []
        else:
            run = run or [one]
            run.append(other)
    if run:
        yield run


def _cut(ring: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """A ring cut at the four edges, one after the other (Sutherland and Hodgman, 1974)."""
    low, high = -float(_AIR), float(EXTENT + _AIR)
    points = list(ring)
    for axis, limit, sign in ((0, low, 1), (0, high, -1), (1, low, 1), (1, high, -1)):
        kept: list[tuple[float, float]] = []
        for place, here in enumerate(points):
            before = points[place - 1]
            inside, was_inside = sign * (here[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0
            if inside != was_inside:
                part = (limit - before[axis]) / (here[axis] - before[axis])
                other = before[1 - axis] + part * (here[1 - axis] - before[1 - axis])
                kept.append((limit, other) if axis == 0 else (other, limit))
            if inside:
                kept.append(here)
        points = kept
        if not points:
            break
    return points


def _area(ring: Sequence[Dot]) -> int:
    """Twice the area; positive for a ring that goes clockwise on the screen."""
    return sum(
        one[0] * other[1] - other[0] * one[1] for one, other in zip(ring, (*ring[1:], *ring[:1]), strict=True)
    )


__all__ = ["MAX_ZOOM", "SURFACE", "ShapeTiles", "write_shapes"]
