"""From degrees to paper: which part of the world is shown, how large, and in which square a place lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stationdesk.maps.sheet.geometry import Box, Point
from stationdesk.maps.sheet.spec import Entry, Extent

_STEPS = (1.0, 1.2, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.5)
_LARGEST = 2_500
"""No map is larger than 1 : 2,500, however close together its places are."""
_SCALES = tuple(n for power in range(3, 8) for step in _STEPS if (n := round(step * 10**power)) >= _LARGEST)

_BAR_STEPS = (50, *(step * 10**power for power in range(2, 6) for step in (1, 2, 3, 4, 5, 6, 8)))
WALKING = 4_000 / 60
"""Metres an old person with a bag walks in a minute: 4 km an hour."""

_FAR = 3.0
"""Places that would make the map so many times smaller than all the others need are listed, not drawn."""
_FAR_SHARE = 0.1
_ROSE = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A bar of round metres: `width` on paper is `metres` / n, exactly."""

    metres: int
    width: float

    @property
    def minutes(self) -> int:
        """How long one walks its length, in whole minutes."""
        return max(1, round(self.metres / WALKING))


@dataclass(frozen=True, slots=True)
class Ground:
    """The map on paper: its frame, the 1 : `n` it is drawn at, and the degrees in its middle.

    Equirectangular around the middle: within a township that is true to less than the width of a line.
    """

    frame: Box
    n: int
    lat: float
    lon: float
    columns: int
    rows: int

    def point(self, lon: float, lat: float) -> Point:
        """Where a place lies on paper, in the frame or beyond it."""
        per_lat, per_lon = _metres_per_degree(self.lat)
        x, y = self.frame.centre
        to_paper = 1000 / self.n
        return (x + (lon - self.lon) * per_lon * to_paper, y - (lat - self.lat) * per_lat * to_paper)

    def degrees(self, point: Point) -> tuple[float, float]:
        """The (lon, lat) of a point on paper; undoes `point`."""
        per_lat, per_lon = _metres_per_degree(self.lat)
        x, y = self.frame.centre
        to_ground = self.n / 1000
        return (
            self.lon + (point[0] - x) * to_ground / per_lon,
            self.lat - (point[1] - y) * to_ground / per_lat,
        )

    @property
    def extent(self) -> Extent:
        """What of the world the frame shows."""
        west, north = self.degrees((self.frame.x, self.frame.y))
        east, south = self.degrees((self.frame.right, self.frame.bottom))
        return west, south, east, north

    def square(self, point: Point) -> str:
        """The square of the margin's letters and digits, e.g. D2."""
        column = int((point[0] - self.frame.x) / self.frame.width * self.columns)
        row = int((point[1] - self.frame.y) / self.frame.height * self.rows)
        return f"{letter(min(max(column, 0), self.columns - 1))}{min(max(row, 0), self.rows - 1) + 1}"

    def bar(self, longest: float) -> ScaleBar:
        """The longest bar of round metres that fits into `longest` millimetres."""
        fitting = [metres for metres in _BAR_STEPS if metres * 1000 / self.n <= longest]
        metres = fitting[-1] if fitting else _BAR_STEPS[0]
        return ScaleBar(metres, metres * 1000 / self.n)

    def direction(self, entry: Entry) -> str:
        """Where a place beyond the frame lies, seen from the middle: 西北12公里."""
        east, north = _offset(entry, self.lat, self.lon)
        rose = _ROSE[round(math.degrees(math.atan2(east, north)) / 45) % 8]
        kilometres = math.hypot(east, north) / 1000
        return f"{rose}{kilometres:.0f}公里" if kilometres >= 10 else f"{rose}{kilometres:.1f}公里"


def letter(column: int) -> str:
    """A, B, ... of the columns, without I and O, which look like digits."""
    return "ABCDEFGHJKLMNPQRSTUVWXYZ"[column]


def split_far(entries: Sequence[Entry], frame: Box) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """The places to draw, and the few so far away that they would shrink the map for everybody else."""
    placed = [entry for entry in entries if entry.is_placed]
    if len(placed) < 5:
        return tuple(placed), ()
    lat = _median([entry.lat or 0.0 for entry in placed])
    lon = _median([entry.lon or 0.0 for entry in placed])
    by_distance = sorted(placed, key=lambda entry: math.hypot(*_offset(entry, lat, lon)))
    droppable = max(1, int(len(placed) * _FAR_SHARE))
    whole = _needed(placed, frame)
    for dropped in range(droppable, 0, -1):
        near = by_distance[:-dropped]
        gap = math.hypot(*_offset(by_distance[-dropped], lat, lon)) / 1000 > frame.width * _LARGEST / 2e6
        if gap and whole > _FAR * _needed(near, frame) and _is_outlier(by_distance, dropped, lat, lon):
            far = {id(entry) for entry in by_distance[-dropped:]}
            return (
                tuple(entry for entry in placed if id(entry) not in far),
                tuple(entry for entry in placed if id(entry) in far),
            )
    return tuple(placed), ()


def split_extent(entries: Sequence[Entry], extent: Extent) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """The places within an extent, and those beyond it."""
    west, south, east, north = extent
    placed = [entry for entry in entries if entry.is_placed]
    near = {
        id(entry)
        for entry in placed
        if west <= (entry.lon or 0.0) <= east and south <= (entry.lat or 0.0) <= north
    }
    return (
        tuple(entry for entry in placed if id(entry) in near),
        tuple(entry for entry in placed if id(entry) not in near),
    )


def nearest(entries: Sequence[Entry], share: float) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """The share of the places that lies nearest to the middle of them all, and the rest; both in their old order."""
    if share >= 1:
        return tuple(entries), ()
    lat = _median([entry.lat or 0.0 for entry in entries])
    lon = _median([entry.lon or 0.0 for entry in entries])
    ordered = sorted(entries, key=lambda entry: math.hypot(*_offset(entry, lat, lon)))
    kept = {id(entry) for entry in ordered[: max(1, round(len(ordered) * share))]}
    return (
        tuple(entry for entry in entries if id(entry) in kept),
        tuple(entry for entry in entries if id(entry) not in kept),
    )


def choose_ground(
    entries: Sequence[Entry], frame: Box, room: float, square: float, extent: Extent | None = None
) -> Ground:
    """The largest round scale at which all of `entries` fit into the frame with `room` left around them.

    `square` is about how large the squares of the margin are to be. An `extent` is shown whole besides.
    """
    spans = [] if extent is None else [(extent, frame)]
    if entries:
        spans.append((_span(entries), frame.grown(-room)))
    west, south = min(each[0] for each, _ in spans), min(each[1] for each, _ in spans)
    east, north = max(each[2] for each, _ in spans), max(each[3] for each, _ in spans)
    middle = ((west + east) / 2, (south + north) / 2)
    needed = max(_needed_for(_about(each, middle), box) for each, box in spans)
    columns = min(max(2, round(frame.width / square)), 24)
    rows = max(2, round(frame.height / square))
    return Ground(frame, round_scale(needed), middle[1], middle[0], columns, rows)


def round_scale(needed: float) -> int:
    """The round n of 1 : n that is at least what is needed."""
    return int(next((scale for scale in _SCALES if scale >= needed), _SCALES[-1]))


def larger_scales(n: int, least: float, most: float) -> tuple[int, ...]:
    """The round scales that draw everything `least` to `most` times as large as 1 : `n` does, the smallest first."""
    return tuple(scale for scale in reversed(_SCALES) if n / most <= scale <= n / least)


def _span(entries: Sequence[Entry]) -> Extent:
    lats = [entry.lat for entry in entries if entry.lat is not None]
    lons = [entry.lon for entry in entries if entry.lon is not None]
    return min(lons), min(lats), max(lons), max(lats)


def _about(extent: Extent, middle: tuple[float, float]) -> Extent:
    """The extent, grown so that it lies around `middle`: a map shows as much on one side as on the other."""
    west, south, east, north = extent
    half_lon = max(east - middle[0], middle[0] - west)
    half_lat = max(north - middle[1], middle[1] - south)
    return middle[0] - half_lon, middle[1] - half_lat, middle[0] + half_lon, middle[1] + half_lat


def _needed(entries: Sequence[Entry], frame: Box) -> float:
    """The n of 1 : n at which the places just fill the frame."""
    return _needed_for(_span(entries), frame)


def _needed_for(extent: Extent, frame: Box) -> float:
    west, south, east, north = extent
    per_lat, per_lon = _metres_per_degree((south + north) / 2)
    width, height = (east - west) * per_lon, (north - south) * per_lat
    return max(width * 1000 / frame.width, height * 1000 / frame.height, _LARGEST)


def _is_outlier(by_distance: Sequence[Entry], dropped: int, lat: float, lon: float) -> bool:
    """Whether there is a clear gap before the last `dropped` places, and not just a loose edge."""
    last_near = math.hypot(*_offset(by_distance[-dropped - 1], lat, lon))
    first_far = math.hypot(*_offset(by_distance[-dropped], lat, lon))
    return first_far > 2 * last_near


def _offset(entry: Entry, lat: float, lon: float) -> tuple[float, float]:
    """Metres east and north of a point."""
    per_lat, per_lon = _metres_per_degree(lat)
    return (((entry.lon or 0.0) - lon) * per_lon, ((entry.lat or 0.0) - lat) * per_lat)


def metres_from(lat: float, lon: float, to_lat: float, to_lon: float) -> tuple[float, float]:
    """Metres east and north from one place to another that is not far."""
    per_lat, per_lon = _metres_per_degree(lat)
    return (to_lon - lon) * per_lon, (to_lat - lat) * per_lat


def _metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres in a degree of latitude and of longitude on the WGS-84 ellipsoid."""
    phi = math.radians(lat)
    per_lat = 111_132.954 - 559.822 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    per_lon = 111_412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    return per_lat, per_lon


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
