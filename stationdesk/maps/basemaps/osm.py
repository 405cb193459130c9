"""Extracts of OpenStreetMap (.osm, .osm.pbf): what a village map needs of them, in layers that the page knows.

Read as a stream by libosmium; what lies beyond the station's own places is left out at import.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import osmium

from stationdesk.core.errors import UserError
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.maps.basemaps import refusals
from stationdesk.maps.basemaps.found import Extent, Found, plain_name
from stationdesk.maps.basemaps.mercator import checked_extent
from stationdesk.maps.basemaps.shape_store import MAX_ZOOM
from stationdesk.maps.basemaps.shape_tiles import LINE, POINT, SURFACE
from stationdesk.maps.basemaps.shapes import Shape, Spot, Sum, shape_of

MOST_BYTES = 400_000_000
_CREDIT = "© OpenStreetMap 贡献者（ODbL）"
_NAMES = ("name:zh-Hans", "name:zh", "name")
_LONGEST_NAME = 40
_MAIN = frozenset({"motorway", "trunk", "primary", "secondary"})
_LANES = frozenset({"tertiary", "unclassified", "residential", "living_street", "road"})
_SPOTS = ("amenity", "shop", "tourism", "office", "healthcare", "leisure", "public_transport", "historic")


def is_osm(head: bytes) -> bool:
    """Whether a file begins as an extract does."""
    return b"OSMHeader" in head[:64] or b"<osm" in head[:512]


def look(path: Path) -> Found:
    """What an extract holds.

    Raises:
        UserError: it is damaged, empty or too large.
    """
    total = Sum()
    for shape in shapes_in(path):
        total.take(shape)
    whole = total.extent
    if whole is None:
        raise refusals.empty(path)
    extent = _told_box(path) or whole
    return Found(
        kind=BasemapKind.OSM,
        name=plain_name(None, path.name.removesuffix(".pbf").removesuffix(".osm")),
        extent=extent,
        min_zoom=0,
        max_zoom=MAX_ZOOM,
        attribution=_CREDIT,
        datum=Datum.WGS84,
        remarks=(total.sentence,),
        named=tuple(total.named),
    )


def _told_box(path: Path) -> Extent | None:
    """The box that was cut out, as the head of the file tells it: long lines run far beyond it."""
    reader = osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING)
    try:
        box = reader.header().box()
        if not box.valid():
            return None
        low, high = box.bottom_left, box.top_right
        return checked_extent([low.lon, low.lat, high.lon, high.lat])
    finally:
        reader.close()


def shapes_in(path: Path) -> Iterator[Shape]:
    """The roads, waters, grounds, buildings and named places of an extract, in WGS-84.

    Raises:
        UserError: it is damaged or too large.
    """
    if path.stat().st_size > MOST_BYTES:
        raise UserError(
            "“{name}”太大（超过 {most} MB），没有加入。请换一个县或地市的 OSM 数据，不用全省的。",
            name=path.name,
            most=MOST_BYTES // 1_000_000,
        )
    try:
        with tempfile.TemporaryDirectory() as folder:
            for thing in _things(path, Path(folder)):
                yield from _shapes(thing)
    except (RuntimeError, osmium.InvalidLocationError, ValueError) as error:
        raise refusals.damaged(path) from error


def _things(path: Path, folder: Path) -> Iterator[Any]:
    """What is in a file; one whose parts are not in order, as some services send them, is put in order first."""
    if not _is_ordered(path):
        ordered = folder / "ordered.osm.pbf"
        reader = osmium.MergeInputReader()
        reader.add_file(str(path))
        writer = osmium.WriteHandler(str(ordered))
        reader.apply(writer)
        writer.close()
        path = ordered
    yield from osmium.FileProcessor(str(path)).with_locations().with_areas()


def _is_ordered(path: Path) -> bool:
    """Whether nodes, ways and relations come by number, as areas need it; packed extracts always do."""
    with path.open("rb") as file:
        if b"OSMHeader" in file.read(64):
            return True
    last = (0, 0)
    things: Iterator[Any] = iter(osmium.FileProcessor(str(path)))
    for thing in things:
        here = (1 if thing.is_node() else 2 if thing.is_way() else 3, thing.id)
        if here < last:
            return False
        last = here
    return True


def _shapes(thing: Any) -> Iterator[Shape]:
    tags: Any = thing.tags
    if not tags:
        return
    shape: Shape | None = None
    if thing.is_node():
        shape = _spot(thing, tags)
    elif thing.is_way():
        shape = _line(thing, tags)
    elif thing.is_area():
        yield from _areas(thing, tags)
    if shape is not None:
        yield shape


def _name(tags: Any) -> dict[str, str]:
    for label in _NAMES:
        if name := clean_line(tags.get(label) or ""):
            return {"name": name[:_LONGEST_NAME]}
    return {}


def _spot(node: Any, tags: Any) -> Shape | None:
    named = _name(tags)
    if not named or not node.location.valid():
        return None
    at = [[(node.location.lon, node.location.lat)]]
    if kind := tags.get("place"):
        near = {"city": 6, "town": 9, "village": 11}.get(kind, 13)
        return shape_of(POINT, at, {**named, "kind": kind}, "places", near)
    kind = next((tags.get(key) for key in _SPOTS if key in tags), None)
    return shape_of(POINT, at, {**named, "kind": kind}, "pois", 14) if kind else None


def _line(way: Any, tags: Any) -> Shape | None:
    layer, kind, near = _line_kind(tags)
    if not layer or "area" in tags:
        return None
    spots: list[Spot] = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
    return shape_of(LINE, [spots], {**_name(tags), "kind": kind}, layer, near)


def _line_kind(tags: Any) -> tuple[str, str, int]:
    if road := tags.get("highway"):
        near = 8 if road.removesuffix("_link") in _MAIN else 11 if road in _LANES else 13
        return "roads", road, near
    if rail := tags.get("railway"):
        return ("roads", rail, 11) if rail in {"rail", "light_rail", "tram", "subway"} else ("", "", 0)
    if water := tags.get("waterway"):
        return ("waterway", water, 9 if water in {"river", "canal"} else 13)
    return "", "", 0


def _areas(area: Any, tags: Any) -> Iterator[Shape]:
    layer, kind, near = _area_kind(tags)
    if not layer:
        return
    named = _name(tags)
    for outer in area.outer_rings():
        rings = [outer, *area.inner_rings(outer)]
        parts = [[(node.lon, node.lat) for node in ring if node.location.valid()] for ring in rings]
        shape = shape_of(SURFACE, parts, {**named, "kind": kind}, layer, near)
        named = {}  # the first outline bears the name
        if shape is not None:
            yield shape


def _area_kind(tags: Mapping[str, str]) -> tuple[str, str, int]:
    if tags.get("natural") in {"water", "wetland"} or tags.get("waterway") == "riverbank":
        return "water", "water", 8
    if "building" in tags:
        return "buildings", str(tags["building"]), 14
    for key in ("landuse", "leisure", "amenity", "natural"):
        if key in tags:
            return "landuse", str(tags[key]), 11
    return "", "", 0
