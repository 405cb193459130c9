"""大字版: which few places it shows, and the way to each in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stationdesk.core.vocab.resources import MapClass
from stationdesk.maps.sheet.geometry import lines_of
from stationdesk.maps.sheet.large import MOST
from stationdesk.maps.sheet.spec import Entry, Feature, GroundKind
from stationdesk.maps.sheet.ways import Landmark, Road, metres_between, nearest_landmark, way_in_words
from stationdesk.services.drawn_ground import middle_of

_FIRST = (
    MapClass.GOVERNMENT,
    MapClass.MEDICAL,
    MapClass.ELDERLY,
    MapClass.CONVENIENCE,
    MapClass.SAFETY,
    MapClass.SOCIAL,
    MapClass.CULTURE,
    MapClass.EDUCATION,
)
"""What an old person asks for most, in that order."""
_KNOWN = (
    re.compile(r"村委会|居委会|村部|党群服务中心"),
    re.compile(r"政府|便民服务中心"),
    re.compile("卫生院|学校|小学"),
)
_ROADS = {GroundKind.MAIN_ROAD: "主路", GroundKind.LANE: "小路"}
_PLAIN = frozenset(
    {GroundKind.MAIN_ROAD, GroundKind.LANE, GroundKind.RIVER, GroundKind.VILLAGE, GroundKind.PLACE}
)
_SAME = 5.0  # metres within which a landmark is the place itself


def six_of(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The places of a large print where nobody picked any: one of each class, then more of the first ones.

    Only what has a place on the map, and rather what has a phone.
    """
    placed = sorted(
        (entry for entry in entries if entry.is_placed and entry.map_class in _FIRST),
        key=lambda entry: (not entry.phone, not _KNOWN[0].search(entry.name), len(entry.code), entry.code),
    )
    chosen: list[Entry] = []
    while len(chosen) < MOST and len(chosen) < len(placed):
        for each in _FIRST:
            more = next((entry for entry in placed if entry.map_class is each and entry not in chosen), None)
            if more is not None and len(chosen) < MOST:
                chosen.append(more)
    return tuple(chosen)


def plain_ground(features: Sequence[Feature]) -> tuple[Feature, ...]:
    """The ground of a large print: roads, water, villages, the places that everybody knows."""
    return tuple(feature for feature in features if feature.kind in _PLAIN)


def with_ways(
    entries: Sequence[Entry], features: Sequence[Feature], known: Sequence[Entry]
) -> tuple[Entry, ...]:
    """The entries with the way to each; landmarks are the drawn places and the well-known ones among `known`."""
    landmarks = _landmarks(features, known)
    roads = [
        Road(feature.name.strip() or _ROADS[feature.kind], line)
        for feature in features
        if feature.kind in _ROADS
        for line in lines_of(feature.geometry)
    ]
    return tuple(replace(entry, way=_way(entry, landmarks, roads)) for entry in entries)


def _way(entry: Entry, landmarks: Sequence[Landmark], roads: Sequence[Road]) -> str:
    if entry.lat is None or entry.lon is None:
        return entry.address
    others = [
        each
        for each in landmarks
        if each.name != entry.name and metres_between(each, entry.lat, entry.lon) > _SAME
    ]
    landmark = nearest_landmark(entry.lat, entry.lon, others)
    return way_in_words(entry.lat, entry.lon, landmark, roads) if landmark is not None else entry.address


def _landmarks(features: Sequence[Feature], known: Sequence[Entry]) -> list[Landmark]:
    """The best known first: the village committee, the town's offices, school and clinic, then what was drawn."""
    found: list[Landmark] = []
    for feature in features:
        point = middle_of(feature.geometry) if feature.kind is GroundKind.PLACE else None
        if point is not None and feature.name.strip():
            found.append(Landmark(feature.name, point[1], point[0]))
    named = {each.name for each in found}
    for entry in known:
        is_known = any(pattern.search(entry.name) for pattern in _KNOWN)
        if is_known and entry.lat is not None and entry.lon is not None and entry.name not in named:
            found.append(Landmark(entry.name, entry.lat, entry.lon))
    return sorted(found, key=_rank)


def _rank(landmark: Landmark) -> int:
    return next((rank for rank, pattern in enumerate(_KNOWN) if pattern.search(landmark.name)), len(_KNOWN))
