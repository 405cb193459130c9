"""A base map as it is printed: its pictures cut to a frame of the sheet, or its shapes.

A picture has at least 200 points to the inch and is paled, so that marks and names stand out on it. Of shapes only
what is known is drawn: roads, water, greens, buildings. Boundaries never are, and of a file in no known scheme only
lines are, because its areas may well be counties.
"""

from __future__ import annotations

import io
import math
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, UnidentifiedImageError

from stationdesk.core.datum import from_wgs84, to_wgs84
from stationdesk.core.vocab import Datum
from stationdesk.maps.basemaps.boundaries import is_high_boundary
from stationdesk.maps.basemaps.content import SHAPES, Unreadable
from stationdesk.maps.basemaps.mercator import place_at, world_xy
from stationdesk.maps.basemaps.shape_tiles import LINE, SURFACE
from stationdesk.maps.basemaps.shapes import DRAWN
from stationdesk.maps.basemaps.tiles import Tiles
from stationdesk.maps.basemaps.vector_reading import TileThing, outlines, things_in
from stationdesk.maps.sheet.geometry import Box, clip
from stationdesk.maps.sheet.spec import BaseKind, BaseShape, Extent, Picture

PPI = 220
_MOST_PIXELS = 40_000_000
_SIDE = 256
_TILE = Box(0.0, 0.0, 1.0, 1.0)
_CELLS = 12
_PALE = 0.38
_PALE_GREY = 0.6
_MOST_TILES = 900
_COARSER = 4
"""Levels by which a file may fall short of the map: its own pixels are then some 2 mm wide on paper."""
_ZOOMS = ((8_000, 15), (26_000, 14), (52_000, 13), (110_000, 12), (250_000, 11))
"""Down to which level shapes are read for a map of 1 : n."""

_NAMES = ("name:zh-Hans", "name:zh", "name", "NAME", "名称", "name:nonlatin", "name:latin")
_SURFACES = frozenset({"landcover", "landuse", "land", "park", "sites"})
_WATERS = frozenset({"water", "ocean", "water_polygons"})
_STREAMS = frozenset({"waterway", "water_lines", "water"})
_BUILDINGS = frozenset({"building", "buildings"})
_ROADS = frozenset({"transportation", "roads", "streets", "road", "street_polygons"})
_KINDS = ("class", "kind", "subclass", "kind_detail")
_MAIN = ("motorway", "trunk", "primary", "secondary", "highway", "major_road")
_ROAD_KINDS: Mapping[str, BaseKind | None] = {
    **dict.fromkeys(("ferry", "aerialway", "pier", "runway", "taxiway", "proposed", "construction"), None),
    **dict.fromkeys(
        ("rail", "railway", "transit", "tram", "subway", "light_rail", "narrow_gauge"), BaseKind.RAIL
    ),
    **dict.fromkeys(
        ("path", "footway", "track", "pedestrian", "steps", "cycleway", "bridleway", "corridor"),
        BaseKind.PATH,
    ),
    **dict.fromkeys((*_MAIN, *(f"{kind}_link" for kind in _MAIN[:3])), BaseKind.ROAD),
}
"""What kinds of roads are drawn as, the first that fits; others are streets, and None is not drawn."""
_GREEN = frozenset({
    "park", "wood", "forest", "grass", "grassland", "garden", "meadow", "scrub", "orchard",
    "farmland", "farm", "cemetery", "nature_reserve", "village_green", "recreation_ground",
    "allotments", "wetland", "vineyard", "heath", "greenhouse_horticulture", "pitch",
})  # fmt: skip
_BOUNDS = frozenset({"boundary", "admin_level", "adcode", "ADCODE", "行政区划", "区划代码", "PAC", "adm"})


@dataclass(frozen=True, slots=True)
class Window:
    """A map frame on paper: what it shows, its millimetres, and the n of 1 : n."""

    extent: Extent
    width: float
    height: float
    n: int


@dataclass(frozen=True, slots=True)
class Source:
    """A base map that stands open: its tiles, their datum, its lowest and its deepest level."""

    tiles: Tiles
    datum: Datum
    zooms: tuple[int, int]


def picture_for(source: Source, window: Window, *, colour: bool) -> Picture | None:
    """The part of a base map of pictures that a frame shows.

    None where it has nothing there, or was made for so much smaller maps that only spots of colour would be seen.
    """
    across, down = _pixels(window)
    zoom = _zoom_for(source, window, across)
    if zoom is None:
        return None
    side = _SIDE << zoom
    west, south, east, north = window.extent
    corners = [_world(lat, lon, source.datum) for lat in (south, north) for lon in (west, east)]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    columns = range(int(left * side) // _SIDE, int(right * side) // _SIDE + 1)
    rows = range(int(top * side) // _SIDE, int(bottom * side) // _SIDE + 1)
    sheet = Image.new("RGB", (len(columns) * _SIDE, len(rows) * _SIDE), "white")
    found = False
    for row in rows:
        for column in columns:
            tile = _tile_picture(source, zoom, column, row)
            if tile is not None:
                found = True
                sheet.paste(tile, ((column - columns[0]) * _SIDE, (row - rows[0]) * _SIDE))
    if not found:
        return None
    origin = (columns[0] * _SIDE, rows[0] * _SIDE)
    mesh = list(_mesh(window.extent, (across, down), source.datum, side, origin))
    drawn = sheet.transform((across, down), Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)
    return Picture(_paled(drawn, colour=colour), "image/jpeg", window.extent)


def shapes_for(source: Source, window: Window) -> Iterator[BaseShape]:
    """What of a base map of shapes a frame shows."""
    zoom = next((level for most, level in _ZOOMS if window.n <= most), 10)
    zoom = max(source.zooms[0], min(zoom, source.zooms[1]))
    side = 1 << zoom
    west, south, east, north = window.extent
    left, top = _world(north, west, source.datum)
    right, bottom = _world(south, east, source.datum)
    places = [
        (column, row)
        for row in range(max(0, int(top * side)), min(side - 1, int(bottom * side)) + 1)
        for column in range(max(0, int(left * side)), min(side - 1, int(right * side)) + 1)
    ]
    for column, row in places[:_MOST_TILES]:
        try:
            tile = source.tiles.tile(zoom, column, row, Datum.WGS84)
            if tile is not None and tile.kind == SHAPES:
                for thing in things_in(tile.content):
                    yield from _base_shapes(thing, source.datum, side, column, row)
        except (Unreadable, OSError, sqlite3.DatabaseError):
            continue  # a damaged tile leaves a gap, as on the screen


def _base_shapes(thing: TileThing, datum: Datum, side: int, column: int, row: int) -> Iterator[BaseShape]:
    kind = _kind_of(thing)
    if kind is None:
        return

    def turned(part: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
        found = []
        for x, y in part:
            place = to_wgs84(*place_at((column + x) / side, (row + y) / side), datum)
            found.append((place.lon, place.lat))
        return found

    name = next((thing.tags[key] for key in _NAMES if thing.tags.get(key)), "")
    if thing.kind == LINE:
        # Tiles overlap: dashes that are drawn twice would fill each other's gaps.
        lines = [turned(piece) for part in thing.parts for piece in clip(part, _TILE)]
        if lines:
            yield BaseShape(kind, name, {"type": "MultiLineString", "coordinates": lines})
    elif areas := [[turned(ring) for ring in rings] for rings in outlines(thing)]:
        yield BaseShape(kind, "", {"type": "MultiPolygon", "coordinates": areas})


def _kind_of(thing: TileThing) -> BaseKind | None:
    """What a shape is drawn as; None for what is not drawn on paper."""
    if _BOUNDS & thing.tags.keys() or is_high_boundary(thing.layer, thing.tags):
        return None
    kinds = [thing.tags[key] for key in _KINDS if key in thing.tags]
    if thing.kind == SURFACE:
        return _ground_kind(thing.layer, kinds)
    return _course_kind(thing, kinds) if thing.kind == LINE else None


def _ground_kind(layer: str, kinds: Sequence[str]) -> BaseKind | None:
    if layer in _WATERS:
        return BaseKind.WATER
    if layer in _BUILDINGS:
        return BaseKind.BUILDING
    return BaseKind.GREEN if layer in _SURFACES and _GREEN.intersection(kinds) else None


def _course_kind(thing: TileThing, kinds: Sequence[str]) -> BaseKind | None:
    if thing.layer in _STREAMS:
        return BaseKind.STREAM
    if thing.layer in _ROADS:
        found = [kind for kind in _ROAD_KINDS if kind in kinds]
        return _ROAD_KINDS[found[0]] if found else BaseKind.STREET
    # Of a scheme that nobody knows; a line that closes on itself is the edge of something.
    closed = any(part[0] == part[-1] for part in thing.parts if len(part) > 3)
    return BaseKind.STREET if thing.layer == DRAWN and not closed else None


def _pixels(window: Window) -> tuple[int, int]:
    across, down = window.width / 25.4 * PPI, window.height / 25.4 * PPI
    times = min(1.0, math.sqrt(_MOST_PIXELS / (across * down)))
    return max(1, round(across * times)), max(1, round(down * times))


def _zoom_for(source: Source, window: Window, across: int) -> int | None:
    """The level whose pixels are about as large as those that are printed, as deep as the file goes."""
    left, _ = _world(window.extent[1], window.extent[0], source.datum)
    right, _ = _world(window.extent[1], window.extent[2], source.datum)
    wanted = math.ceil(math.log2(across / _SIDE / max(right - left, 1e-12)) - 0.35)
    if wanted - source.zooms[1] > _COARSER:
        return None
    zoom = max(source.zooms[0], min(wanted, source.zooms[1]))
    while zoom > source.zooms[0] and ((right - left) * (1 << zoom)) ** 2 > _MOST_TILES:
        zoom -= 1
    return zoom


def _world(lat: float, lon: float, datum: Datum) -> tuple[float, float]:
    return world_xy(*from_wgs84(lat, lon, datum))


def _tile_picture(source: Source, zoom: int, column: int, row: int) -> Image.Image | None:
    try:
        tile = source.tiles.tile(zoom, column, row, source.datum)
        if tile is None or tile.kind == SHAPES:
            return None
        with Image.open(io.BytesIO(tile.content)) as picture:
            shown = picture.convert("RGBA")
    except (Unreadable, OSError, UnidentifiedImageError, sqlite3.DatabaseError, ValueError):
        return None
    if shown.size != (_SIDE, _SIDE):
        shown = shown.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", shown.size, "white")
    return Image.alpha_composite(ground, shown).convert("RGB")


Quad = tuple[float, float, float, float, float, float, float, float]
Cell = tuple[tuple[int, int, int, int], Quad]


def _mesh(
    extent: Extent, size: tuple[int, int], datum: Datum, side: int, origin: tuple[int, int]
) -> Iterator[Cell]:
    """Which part of the tiles each small rectangle of the picture is taken from: degrees there, Mercator here."""
    west, south, east, north = extent

    def source(x: float, y: float) -> tuple[float, float]:
        lon = west + (east - west) * x / size[0]
        lat = north - (north - south) * y / size[1]
        across, down = _world(lat, lon, datum)
        return across * side - origin[0], down * side - origin[1]

    xs = [round(size[0] * at / _CELLS) for at in range(_CELLS + 1)]
    ys = [round(size[1] * at / _CELLS) for at in range(_CELLS + 1)]
    for top, bottom in pairwise(ys):
        for left, right in pairwise(xs):
            corners = (source(left, top), source(left, bottom), source(right, bottom), source(right, top))
            (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
            yield (left, top, right, bottom), (ax, ay, bx, by, cx, cy, dx, dy)


def _paled(picture: Image.Image, *, colour: bool) -> bytes:
    if not colour:
        picture = picture.convert("L")
    ground = Image.new(picture.mode, picture.size, "white")
    pale = Image.blend(picture, ground, _PALE if colour else _PALE_GREY)
    file = io.BytesIO()
    pale.save(file, "JPEG", quality=85, dpi=(PPI, PPI))
    return file.getvalue()
