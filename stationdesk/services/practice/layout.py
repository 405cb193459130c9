"""Where everything of the practice town stands: group areas, village streets, and lots to build on."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stationdesk.core.vocab.places import FeatureKind
from stationdesk.services.practice import terrain
from stationdesk.services.practice.dice import Dice
from stationdesk.services.practice.shapes import (
    Grid,
    Line,
    Point,
    cells,
    curve,
    distance,
    distance_to,
    inside,
    lots,
)

_REACH = 260.0  # metres from a group's site within which houses stand
_RIVER = 70.0  # metres from the middle of the river that stay free
_BORDER = 8.0  # metres from the border of a group that stay free
_ROOM = 19.0  # metres from one house to the next at least


@dataclass(frozen=True, slots=True)
class Lot:
    """A place for a house: in which village and group (by number), and along which street."""

    point: Point
    village: int
    group: int
    street: str


@dataclass(slots=True)
class Layout:
    """The whole town on the ground. Lots are given out once."""

    areas: dict[tuple[int, int], Line]
    streets: dict[str, list[Line]]
    _free: dict[tuple[int, int], list[Lot]] = field(default_factory=dict)

    def take(self, village: int, group: int, *, near: Point | None = None, street: str = "") -> Lot:
        """A free lot of a group: on a street if told, the nearest to a point if told, else the next one."""
        free = self._free[village, group]
        some = [lot for lot in free if street and lot.street == street] or free
        if not some:
            raise ValueError(f"no lot is left in group {group} of {terrain.VILLAGES[village].name}")
        lot = min(some, key=lambda each: distance(each.point, near)) if near else some[0]
        free.remove(lot)
        return lot

    def has(self, village: int, group: int, street: str) -> bool:
        """Whether a group has a free lot on a street."""
        return any(lot.street == street for lot in self._free[village, group])


def lay_out(dice: Dice) -> Layout:
    """The town's ground, with its lots in the order in which they are built on."""
    areas = dict(_areas())
    streets = {name: [line] for name, line in terrain.STREETS.items()}
    for name, lines in terrain.LANES.items():
        streets[name] = list(lines)
    for number, hamlet in enumerate(terrain.VILLAGES):
        if not hamlet.town:
            for nickname, site, lane in zip(hamlet.nicknames, hamlet.sites, _crossing(number), strict=True):
                streets[f"{nickname}巷"] = [lane] if lane else []
                if site == hamlet.sites[0]:
                    streets[f"{nickname}后街"] = [_beside(lane, 85)]
    layout = Layout(areas, streets)
    layout._free = _lots(layout, dice)  # noqa: SLF001 - its own maker
    return layout


def _areas() -> Iterator[tuple[tuple[int, int], Line]]:
    for bank in (terrain.NORTH_BANK, terrain.SOUTH_BANK):
        names = [
            (number, group)
            for number, hamlet in enumerate(terrain.VILLAGES)
            for group, site in enumerate(hamlet.sites)
            if inside(site, bank)
        ]
        sites = [terrain.VILLAGES[number].sites[group] for number, group in names]
        yield from zip(names, cells(sites, bank), strict=True)


def _crossing(number: int) -> Iterator[Line]:
    """The street across the lane at each site of a village: longest in the middle of the village."""
    for place, site in enumerate(terrain.VILLAGES[number].sites):
        dx, dy = _direction(site)
        reach = 210.0 if place == 0 else 150.0
        bow = 14.0 if (number + place) % 2 else -14.0
        steps = (-1.0, -0.5, 0.0, 0.5, 1.0)
        yield curve(
            tuple(
                (site[0] - dy * t * reach + dx * bow * abs(t), site[1] + dx * t * reach + dy * bow * abs(t))
                for t in steps
            ),
            pieces=3,
        )


def _direction(site: Point) -> Point:
    """Which way the lane through a site runs."""
    pieces = [
        (a, b) for lines in terrain.LANES.values() for line in lines for a, b in itertools.pairwise(line)
    ]
    a, b = min(pieces, key=lambda piece: distance_to(site, piece))
    length = distance(a, b)
    return ((b[0] - a[0]) / length, (b[1] - a[1]) / length)


def _beside(line: Line, metres: float) -> Line:
    """A lane that leaves a street near one end, runs along it, and comes back near the other."""
    first, last = line[1], line[-2]
    length = distance(first, last)
    nx, ny = (last[1] - first[1]) / length * metres, (first[0] - last[0]) / length * metres
    return curve((first, *((x + nx, y + ny) for x, y in line[2:-2]), last), pieces=2)


def _lots(layout: Layout, dice: Dice) -> dict[tuple[int, int], list[Lot]]:
    free: dict[tuple[int, int], list[Lot]] = {name: [] for name in layout.areas}
    roads, houses, borders, water = Grid(), Grid(), Grid(), Grid()
    for line in (*terrain.MAIN_ROADS.values(), *(each for some in layout.streets.values() for each in some)):
        roads.add(*line)
    for area in layout.areas.values():
        borders.add(*area, area[0])
    water.add(*terrain.RIVER_LINE)
    for street, line, step, setback in _fronts(layout):
        for middle in lots(line, step, setback):
            point = (middle[0] + dice.between(-3, 3), middle[1] + dice.between(-3, 3))
            built = not (roads.is_free(point, setback - 6) and houses.is_free(point, _ROOM))
            if built or not (borders.is_free(point, _BORDER) and water.is_free(point, _RIVER)):
                continue
            group = _group_of(point, layout)
            if group and not any(inside(point, ring) for _kind, _name, ring in terrain.GREENS):
                houses.add(point)
                free[group].append(Lot(point, *group, street))
    for (village, number), some in free.items():
        hamlet = terrain.VILLAGES[village]
        spread = 900.0 if hamlet.town else 170.0
        order = {lot: distance(lot.point, hamlet.sites[number]) + dice.between(0, spread) for lot in some}
        some.sort(key=order.__getitem__)
    return free


def _fronts(layout: Layout) -> Iterator[tuple[str, Line, float, float]]:
    """What houses stand along: the street's name, its line, metres from house to house, and from its middle."""
    for name, line in terrain.MAIN_ROADS.items():
        yield name, tuple(point for point in line if _in_town(point)), 36.0, 24.0
    for name, along in layout.streets.items():
        for line in along:
            yield name, line, 34.0 if name in terrain.STREETS else 27.0, 17.0


def _in_town(point: Point) -> bool:
    return 3400 < point[0] < 4760 and 2440 < point[1] < 3760


def _group_of(point: Point, layout: Layout) -> tuple[int, int] | None:
    """The group whose area a point lies in, near enough to its site to be built on."""
    for (village, group), area in layout.areas.items():
        hamlet = terrain.VILLAGES[village]
        near = _in_town(point) if hamlet.town else distance(point, hamlet.sites[group]) < _REACH
        if near and inside(point, area):
            return village, group
    return None


def geometry(kind: str, points: Sequence[Point]) -> str:
    """GeoJSON (RFC 7946) of a point, a line, or a ring that is closed here; counter-clockwise outside."""
    pairs = [[lon, lat] for lat, lon in map(terrain.degrees, points)]
    if kind == "Point":
        return json.dumps({"type": kind, "coordinates": pairs[0]})
    if kind == "Polygon":
        turn = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in zip(pairs, pairs[1:] + pairs[:1], strict=True))
        ring = pairs if turn < 0 else pairs[::-1]
        return json.dumps({"type": kind, "coordinates": [[*ring, ring[0]]]})
    return json.dumps({"type": kind, "coordinates": pairs})


def features(layout: Layout) -> Iterator[tuple[FeatureKind, str, str]]:
    """What the station has drawn: kind, name and shape."""
    yield FeatureKind.RIVER, "柳河", geometry("LineString", terrain.RIVER_LINE)
    for kind, name, ring in terrain.GREENS:
        yield kind, name, geometry("Polygon", ring)
    for name, line in terrain.MAIN_ROADS.items():
        yield FeatureKind.MAIN_ROAD, name, geometry("LineString", line)
    for name, lines in layout.streets.items():
        for line in lines:
            yield FeatureKind.LANE, name, geometry("LineString", line)
    for kind, name, point in terrain.SPOTS:
        yield kind, name, geometry("Point", (point,))
