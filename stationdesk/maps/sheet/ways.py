"""The way to a place in words, from a landmark that everybody knows: 从村委会沿人民路往东约 300 米.

The drawn roads are taken as a net (crossings and loose ends near a road are joined), the shortest way through it is
looked for (Dijkstra, 1959) and told road by road. Where the net has no way, the direction as the crow flies is told.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stationdesk.maps.sheet.geometry import Line, Point, distance
from stationdesk.maps.sheet.ground import WALKING, metres_from

_JOINED = 30.0
"""Metres within which the loose end of a drawn road is taken to meet another road."""
_OFF_ROAD = 150.0
_AT = 40.0
_SHORT = 35.0
"""Metres of a leg that nobody has to be told of."""
_DETOUR = 3.0
_MOST_LEGS = 4
_NEAR_ROAD = 12.0
_ROSE = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that everybody knows; degrees of WGS-84."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Road:
    """A drawn road: `name` is what one calls it, its points are (lon, lat)."""

    name: str
    points: Line


def way_in_words(lat: float, lon: float, landmark: Landmark, roads: Sequence[Road]) -> str:
    """How one gets from a landmark to a place, with the minutes that it takes on foot."""
    start = (0.0, 0.0)
    end = _flat(landmark, lon, lat)
    crow = distance(start, end)
    if crow < _AT:
        return f"就在{landmark.name}旁边"
    net = _Net([(road.name, tuple(_flat(landmark, *each) for each in road.points)) for road in roads])
    found = net.way(start, end, crow)
    if found is None:
        towards = _direction(start, end)
        towards = f"正{towards}" if len(towards) == 1 else towards
        return f"在{landmark.name}{towards}方向约{_metres(crow)}{_minutes(crow * 1.3)}"
    legs, length, aside = found
    told = "，再".join(f"沿{name}往{towards}约{_metres(metres)}" for name, towards, metres in legs)
    return f"从{landmark.name}{told}{aside}{_minutes(length)}"


def nearest_landmark(lat: float, lon: float, landmarks: Sequence[Landmark]) -> Landmark | None:
    """The landmark to tell a way from: the first of the list that is near enough to walk from, else the nearest."""

    def far(each: Landmark) -> float:
        return distance((0.0, 0.0), _flat(each, lon, lat))

    near = [each for each in landmarks if far(each) <= 2_000]
    return near[0] if near else min(landmarks, key=far, default=None)


def metres_between(landmark: Landmark, lat: float, lon: float) -> float:
    """How far a place is from a landmark, as the crow flies."""
    return distance((0.0, 0.0), _flat(landmark, lon, lat))


@dataclass(frozen=True, slots=True)
class _Foot:
    """Where a place meets the net: between two points of a road, how far from it, and how far along."""

    at: Point
    off: float
    edge: tuple[Point, Point]
    name: str


_Way = tuple[list[tuple[str, str, float]], float, str]


class _Net:
    def __init__(self, roads: Sequence[tuple[str, Line]]) -> None:
        self._edges: list[tuple[Point, Point, str]] = []
        bits = [(a, b, name) for name, line in roads for a, b in pairwise(line) if a != b]
        ends = [(end, line) for _, line in roads if len(line) > 1 for end in (line[0], line[-1])]
        cuts: dict[int, list[Point]] = {at: [] for at in range(len(bits))}
        self._cross(bits, cuts)
        joins: list[tuple[Point, Point, str]] = []
        for end, own in ends:
            join = self._join(end, own, bits)
            if join is not None:
                at, point = join
                cuts[at].append(point)
                if point != end:
                    joins.append((end, point, bits[at][2]))
        for at, (a, b, name) in enumerate(bits):
            chain = sorted({a, b, *cuts[at]}, key=lambda each, a=a: distance(a, each))  # type: ignore[misc]  # mypy loses the default's type
            self._edges.extend((one, other, name) for one, other in pairwise(chain))
        self._edges.extend(joins)
        self._from: dict[Point, list[tuple[Point, str]]] = {}
        for one, other, name in self._edges:
            self._from.setdefault(one, []).append((other, name))
            self._from.setdefault(other, []).append((one, name))

    def way(self, start: Point, end: Point, crow: float) -> _Way | None:
        """The legs (road, direction, metres), their length, and on which side of the road the place lies."""
        first, last = self._foot(start), self._foot(end)
        if first is None or last is None:
            return None
        steps = self._shortest(first, last)
        if steps is None:
            return None
        legs = _legs(steps)
        length = sum(metres for _, _, metres in legs)
        if not legs or len(legs) > _MOST_LEGS or length > crow * _DETOUR + 200:
            return None
        aside = ""
        if last.off >= _NEAR_ROAD:
            far = f"约{_metres(last.off)}" if last.off > _AT else ""
            aside = f"，在路{_direction(last.at, end)}边{far}"
        return legs, length + first.off + last.off, aside

    @staticmethod
    def _cross(bits: Sequence[tuple[Point, Point, str]], cuts: dict[int, list[Point]]) -> None:
        for one, (a, b, _) in enumerate(bits):
            for other in range(one + 1, len(bits)):
                c, d, _ = bits[other]
                if max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0]):
                    continue
                point = _crossing(a, b, c, d)
                if point is not None:
                    cuts[one].append(point)
                    cuts[other].append(point)

    @staticmethod
    def _join(end: Point, own: Line, bits: Sequence[tuple[Point, Point, str]]) -> tuple[int, Point] | None:
        """Which bit of another road a loose end meets, and where."""
        mine = set(pairwise(own))
        best: tuple[float, int, Point] | None = None
        for at, (a, b, _) in enumerate(bits):
            if (a, b) in mine:
                continue
            point = _foot_on(end, a, b)
            off = distance(end, point)
            if off <= _JOINED and (best is None or off < best[0]):
                best = (off, at, point)
        return best[1:] if best else None

    def _foot(self, place: Point) -> _Foot | None:
        best: _Foot | None = None
        for a, b, name in self._edges:
            point = _foot_on(place, a, b)
            off = distance(place, point)
            if off <= _OFF_ROAD and (best is None or off < best.off):
                best = _Foot(point, off, (a, b), name)
        return best

    def _shortest(self, first: _Foot, last: _Foot) -> list[tuple[Point, Point, str]] | None:
        """The bits of the shortest way from one foot to the other."""
        if first.edge == last.edge:
            return [(first.at, last.at, first.name)]
        queue: list[tuple[float, int, Point]] = []
        came: dict[Point, tuple[Point, str]] = {}
        best: dict[Point, float] = {}
        for number, end in enumerate(first.edge):
            best[end] = distance(first.at, end)
            came[end] = (first.at, first.name)
            heapq.heappush(queue, (best[end], number, end))
        number = 2
        while queue:
            run, _, here = heapq.heappop(queue)
            if run > best[here]:
                continue
            for there, name in self._from.get(here, ()):
                far = run + distance(here, there)
                if far < best.get(there, math.inf):
                    best[there], came[there] = far, (here, name)
                    heapq.heappush(queue, (far, number, there))
                    number += 1
        ends = [end for end in last.edge if end in best]
        if not ends:
            return None
        here = min(ends, key=lambda end: best[end] + distance(end, last.at))
        steps = [(here, last.at, last.name)]
        while here in came and here != first.at:
            before, name = came[here]
            steps.append((before, here, name))
            here = before
        return [step for step in reversed(steps) if step[0] != step[1]]


def _legs(steps: Iterable[tuple[Point, Point, str]]) -> list[tuple[str, str, float]]:
    """Road by road; a road that turns far is told in as many legs as it has directions."""
    runs: list[tuple[str, Point, Point, float]] = []
    for a, b, name in steps:
        if runs and runs[-1][0] == name and not _turns(runs[-1], a, b):
            runs[-1] = (name, runs[-1][1], b, runs[-1][3] + distance(a, b))
        else:
            runs.append((name, a, b, distance(a, b)))
    told = [run for run in runs if run[3] >= _SHORT] or runs[:1]
    merged: list[tuple[str, Point, Point, float]] = []
    for run in told:
        if merged and merged[-1][0] == run[0] and not _turns(merged[-1], run[1], run[2]):
            merged[-1] = (run[0], merged[-1][1], run[2], merged[-1][3] + run[3])
        else:
            merged.append(run)
    return [(name, _direction(a, b), metres) for name, a, b, metres in merged]


def _turns(run: tuple[str, Point, Point, float], a: Point, b: Point) -> bool:
    """Whether a road goes on in quite another direction than so far."""
    if run[3] < _SHORT * 2 or distance(a, b) < _SHORT:
        return False
    turned = abs(_bearing(run[1], run[2]) - _bearing(a, b)) % 360
    return min(turned, 360 - turned) > 60


def _flat(origin: Landmark, lon: float, lat: float) -> Point:
    """Metres east and north of the landmark."""
    return metres_from(origin.lat, origin.lon, lat, lon)


def _foot_on(place: Point, a: Point, b: Point) -> Point:
    """The point of a straight line that is nearest to a place."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    share = ((place[0] - a[0]) * dx + (place[1] - a[1]) * dy) / (dx * dx + dy * dy)
    share = min(1.0, max(0.0, share))
    return a if share == 0 else b if share == 1 else (a[0] + share * dx, a[1] + share * dy)


def _crossing(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    """Where two straight lines meet, their ends included."""
    dx, dy, ex, ey = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    across = dx * ey - dy * ex
    if across == 0:
        return next((end for end in (a, b) if end in (c, d)), None)
    share = ((c[0] - a[0]) * ey - (c[1] - a[1]) * ex) / across
    other = ((c[0] - a[0]) * dy - (c[1] - a[1]) * dx) / across
    if not (0 <= share <= 1 and 0 <= other <= 1):
        return None
    for end in (a, b, c, d):
        if distance(end, (a[0] + share * dx, a[1] + share * dy)) < 0.01:
            return end
    return (a[0] + share * dx, a[1] + share * dy)


def _bearing(a: Point, b: Point) -> float:
    return math.degrees(math.atan2(b[0] - a[0], b[1] - a[1])) % 360


def _direction(a: Point, b: Point) -> str:
    return _ROSE[round(_bearing(a, b) / 45) % 8]


def _metres(metres: float) -> str:
    """About so far, as one says it: 80 米, 300 米, 1.2 公里."""
    if metres >= 975:
        return f" {metres / 1000:.1f}".removesuffix(".0") + " 公里"
    step = 10 if metres < 100 else 50
    return f" {max(step, round(metres / step) * step)} 米"


def _minutes(metres: float) -> str:
    return f"（步行约 {max(1, round(metres / WALKING))} 分钟）"
