"""What the station drew of its ground, as sheets show it: villages and their groups, roads, water, places."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Key
from stationdesk.db.models import Feature, Village, VillageGroup
from stationdesk.maps.sheet.classes import GroundClass
from stationdesk.maps.sheet.geometry import Point, lines_of, points_of, polygons_of, walk
from stationdesk.maps.sheet.spec import Entry, Extent, Geometry, GroundKind
from stationdesk.maps.sheet.spec import Feature as SheetFeature

_AROUND = 0.02
"""Degrees, some 2 km, that are shown around a village of which only the place is known."""
_AIR = 0.04
"""What is shown around the outermost thing, in shares of the whole."""
_SHOWN_BESIDES = 0.3
_NUMBERED = {GroundKind.PLACE: GroundClass.PLACE, GroundKind.SIGHT: GroundClass.SIGHT}
_LISTED = {
    GroundKind.MAIN_ROAD: GroundClass.ROAD,
    GroundKind.LANE: GroundClass.ROAD,
    GroundKind.RIVER: GroundClass.WATER,
    GroundKind.AREA: GroundClass.AREA,
}
_RUNNING = frozenset({GroundKind.MAIN_ROAD, GroundKind.LANE, GroundKind.RIVER})


def ground_of(session: Session, area: Key | None) -> tuple[SheetFeature, ...]:
    """Everything that was drawn and may be handed out, and the villages; in the chosen village group by group."""
    return (*_villages(session, area), *_drawings(session))


def numbered_ground(features: Sequence[SheetFeature], extent: Extent | None) -> tuple[Entry, ...]:
    """The index of a community map: important places and sights with numbers, then groups, roads and water.

    Numbers follow the order in which things were drawn, so that what is drawn later changes none of them. What lies
    beyond the extent keeps its number and is left out; of roads, water and groups what is near is listed, because
    the paper shows more than the extent.
    """
    near = _grown(extent) if extent is not None else None
    counts: dict[GroundClass, int] = {}
    found: list[Entry] = []
    seen: set[tuple[GroundClass, str]] = set()
    for feature in features:
        of = _NUMBERED.get(feature.kind) or _LISTED.get(feature.kind) or GroundClass.GROUP
        point = middle_of(feature.geometry, extent)
        if point is not None and extent is not None and not is_in(point, extent):
            point = middle_of(feature.geometry, near)
        if point is None or not feature.name.strip() or (not of.on_map and (of, feature.name) in seen):
            continue
        seen.add((of, feature.name))
        counts[of] = counts.get(of, 0) + 1
        if near is not None and not is_in(point, extent if of.on_map and extent is not None else near):
            continue
        code = f"{of.letter}-{counts[of]:02d}"
        found.append(Entry(code, str(counts[of]), of, feature.name, lon=point[0], lat=point[1]))
    return tuple(found)


def without_numbered(features: Sequence[SheetFeature]) -> tuple[SheetFeature, ...]:
    """What is drawn below the numbers."""
    return tuple(feature for feature in features if feature.kind not in _NUMBERED)


def extent_of_village(session: Session, area: Key) -> Extent | None:
    """The rectangle around a village: around what was drawn of its groups, or about its place."""
    shapes = [
        json.loads(boundary)
        for boundary in session.scalars(
            select(VillageGroup.boundary).where(
                VillageGroup.village_key == area, VillageGroup.boundary.is_not(None)
            )
        )
        if boundary
    ]
    extent = extent_of(shapes)
    if extent is not None:
        return extent
    village = session.get(Village, area)
    if village is None or village.latitude is None or village.longitude is None:
        return None
    lat, lon = village.latitude, village.longitude
    return lon - _AROUND, lat - _AROUND, lon + _AROUND, lat + _AROUND


def extent_of_ground(features: Sequence[SheetFeature]) -> Extent | None:
    """The rectangle around villages, areas and places; roads run on beyond them and count where nothing else does."""
    near = [feature.geometry for feature in features if feature.kind not in _RUNNING]
    return extent_of(near) or extent_of([feature.geometry for feature in features])


def extent_of(shapes: Iterable[Geometry]) -> Extent | None:
    """The rectangle around shapes with a little air; None without any."""
    points = [point for shape in shapes for point in _points(shape)]
    if not points:
        return None
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    wide = max(max(lons) - min(lons), 0.004) * _AIR
    high = max(max(lats) - min(lats), 0.004) * _AIR
    return min(lons) - wide, min(lats) - high, max(lons) + wide, max(lats) + high


def is_in(point: Point, extent: Extent) -> bool:
    """Whether (lon, lat) lies in a rectangle."""
    west, south, east, north = extent
    return west <= point[0] <= east and south <= point[1] <= north


def middle_of(shape: Geometry, extent: Extent | None = None) -> Point | None:
    """A (lon, lat) that stands for a shape: its place, the middle of its longest line or of its first outline.

    Of a line, the middle of what lies within the extent, where any of it does.
    """
    for point in points_of(shape):
        return point
    lines = [line for line in lines_of(shape) if line]
    if lines:
        line = max(lines, key=lambda each: walk(each)[-1])
        inside = [point for each in lines for point in each if extent is not None and is_in(point, extent)]
        course = inside or line
        return course[len(course) // 2]
    for rings in polygons_of(shape):
        lons, lats = [lon for lon, _ in rings[0]], [lat for _, lat in rings[0]]
        return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    return None


def _grown(extent: Extent) -> Extent:
    west, south, east, north = extent
    across, down = (east - west) * _SHOWN_BESIDES, (north - south) * _SHOWN_BESIDES
    return west - across, south - down, east + across, north + down


def _points(shape: Geometry) -> Iterator[Point]:
    yield from points_of(shape)
    for line in lines_of(shape):
        yield from line
    for rings in polygons_of(shape):
        yield from rings[0]


def _villages(session: Session, area: Key | None) -> Iterable[SheetFeature]:
    """Each village by the drawn ranges of its groups, or by its place; in the chosen village, group by group."""
    groups: dict[Key, list[tuple[str, Mapping[str, Any]]]] = {}
    query = select(VillageGroup.village_key, VillageGroup.name, VillageGroup.boundary).order_by(
        VillageGroup.key
    )
    for row in session.execute(query.where(VillageGroup.boundary.is_not(None))):
        groups.setdefault(row.village_key, []).append((row.name, json.loads(row.boundary)))
    places = select(Village.key, Village.name, Village.latitude, Village.longitude).order_by(Village.key)
    for village in session.execute(places):
        drawn = groups.get(village.key, [])
        if village.key == area and drawn:
            yield from (SheetFeature(GroundKind.VILLAGE, name, shape) for name, shape in drawn)
        elif drawn:
            whole = {"type": "GeometryCollection", "geometries": [shape for _name, shape in drawn]}
            yield SheetFeature(GroundKind.VILLAGE, village.name, whole)
        elif village.latitude is not None:
            place = {"type": "Point", "coordinates": [village.longitude, village.latitude]}
            yield SheetFeature(GroundKind.VILLAGE, village.name, place)


def _drawings(session: Session) -> Iterable[SheetFeature]:
    query = select(Feature.kind, Feature.name, Feature.geometry).where(Feature.on_handout.is_(True))
    for row in session.execute(query.order_by(Feature.key)):
        yield SheetFeature(GroundKind(row.kind.code), row.name, json.loads(row.geometry))
