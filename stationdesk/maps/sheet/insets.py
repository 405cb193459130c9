"""The inset: a crowded part of the map drawn a second time and larger, so that its marks can be told apart.

Where an inset may lie is tried in turn: in a corner of the map where there is nothing to cover, or beside a map
that makes room for it. What is chosen is what brings the marks nearest to their places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stationdesk.core.errors import UserError
from stationdesk.maps.sheet.geometry import Box, Point, box_around
from stationdesk.maps.sheet.ground import Ground, choose_ground, larger_scales
from stationdesk.maps.sheet.metrics import POINT, Type
from stationdesk.maps.sheet.spec import Entry, Extent
from stationdesk.maps.sheet.views import TITLE_BAND, Marked, cost_of, mark_view

_CORNERS = ((0.34, 0.42), (0.42, 0.52), (0.28, 0.6), (0.52, 0.36))
_STRIPS = (0.36, 0.44, 0.52)
_GAP = 2.5
_LARGER = (1.7, 5.0)
_NEEDED = 4
"""So many pairs of marks must meet in one part of the map before it is drawn larger."""
_FEWEST = 5
_TRIED = 4
_CENTRES = 30
_BETTER = 0.8
_NEAR = 1.7  # sides of a shape within which two marks meet


@dataclass(frozen=True, slots=True)
class Inset:
    """A map with its inset, both with their marks."""

    main: Marked
    larger: Marked


@dataclass(frozen=True, slots=True)
class _Try:
    gain: float
    ground: Ground  # of the map
    frame: Box  # of the inset, its title included
    outline: Box
    n: int


def with_inset(
    entries: Sequence[Entry], now: Marked, kind: Type, room: float, square: float, extent: Extent | None
) -> Inset | None:
    """The map with an inset of its most crowded part; None where that would not read better than `now`."""
    best: tuple[float, Inset] | None = None
    limit = cost_of([now], kind.mark) * _BETTER
    tries = sorted(_tries(entries, now.ground, kind, room, square, extent), key=lambda each: -each.gain)
    for each in tries[:_TRIED]:
        made = _made(entries, each, kind)
        if made is None:
            continue
        cost = cost_of([made.main, made.larger], kind.mark)
        if cost < limit and (best is None or cost < best[0]):
            best = (cost, made)
    return best[1] if best else None


def map_part(frame: Box, kind: Type) -> Box:
    """The part of an inset that is map, below its title."""
    band = TITLE_BAND * kind.legend_pt * POINT
    return Box(frame.x, frame.y + band, frame.width, frame.height - band)


def _made(entries: Sequence[Entry], each: _Try, kind: Type) -> Inset | None:
    inner, outer = _split(entries, each.ground, each.outline)
    part = map_part(each.frame, kind)
    lon, lat = each.ground.degrees(each.outline.centre)
    larger = replace(each.ground, frame=part, n=each.n, lon=lon, lat=lat)
    hidden = (each.frame.grown(1.0),) if each.frame.meets(each.ground.frame) else ()
    try:
        main = mark_view(outer, each.ground, kind, each.outline, hidden)
        return Inset(main, mark_view(inner, larger, kind))
    except UserError:
        return None


def _split(entries: Sequence[Entry], ground: Ground, outline: Box) -> tuple[list[Entry], list[Entry]]:
    inner: list[Entry] = []
    outer: list[Entry] = []
    for entry in entries:
        (inner if outline.holds(ground.point(entry.lon or 0.0, entry.lat or 0.0)) else outer).append(entry)
    return inner, outer


def _tries(
    entries: Sequence[Entry], ground: Ground, kind: Type, room: float, square: float, extent: Extent | None
) -> Iterator[_Try]:
    whole = ground.frame
    spread = _Spread(entries, ground, kind.mark)
    if len(spread.pairs) < _NEEDED:
        return
    for across, down in _CORNERS:
        width, height = whole.width * across, whole.height * down
        for x in (whole.x, whole.right - width):
            for y in (whole.y, whole.bottom - height):
                yield from spread.best_for(Box(x, y, width, height), kind)
    wide = whole.width >= whole.height
    for share in _STRIPS:
        if wide:
            width = whole.width * share
            rest = Box(whole.x, whole.y, whole.width - width - _GAP, whole.height)
            strip = Box(whole.right - width, whole.y, width, whole.height)
        else:
            height = whole.height * share
            rest = Box(whole.x, whole.y, whole.width, whole.height - height - _GAP)
            strip = Box(whole.x, whole.bottom - height, whole.width, height)
        beside = choose_ground(entries, rest, room, square, extent)
        yield from _Spread(entries, beside, kind.mark).best_for(strip, kind)


class _Spread:
    """The places on paper, and which of their marks would meet."""

    def __init__(self, entries: Sequence[Entry], ground: Ground, size: float) -> None:
        self.ground = ground
        self.size = size
        self.points = [ground.point(entry.lon or 0.0, entry.lat or 0.0) for entry in entries]
        self.pairs = self._pairs(size * _NEAR)
        middles = sorted(
            ((self.points[a][0] + self.points[b][0]) / 2, (self.points[a][1] + self.points[b][1]) / 2)
            for a, b in self.pairs
        )
        self.centres: list[Point] = middles[:: max(1, len(middles) // _CENTRES)]

    def best_for(self, frame: Box, kind: Type) -> Iterator[_Try]:
        """What an inset in `frame` is best used for: what it shows, and how large."""
        part = map_part(frame, kind)
        inside = frame.meets(self.ground.frame)
        kept = frame.grown(self.size * 0.8)
        best: _Try | None = None
        for n in larger_scales(self.ground.n, *_LARGER):
            ratio = self.ground.n / n
            still = (self.size * _NEAR / ratio) ** 2
            for centre in self.centres:
                outline = self._fitted(centre, part.width / ratio, part.height / ratio)
                if inside and (outline.meets(frame) or self._covers(kept, outline)):
                    continue
                core = outline.grown(-self.size / ratio * 0.5)
                parted = sum(
                    1
                    for a, b in self.pairs
                    if core.holds(self.points[a]) and core.holds(self.points[b]) and self._far(a, b, still)
                )
                gain = parted - self._cut_off(outline) * 0.5
                if gain >= _NEEDED and (best is None or gain > best.gain):
                    best = _Try(gain, self.ground, frame, outline, n)
        if best is not None and sum(map(best.outline.holds, self.points)) >= _FEWEST:
            yield best

    def _fitted(self, centre: Point, width: float, height: float) -> Box:
        """The box around a point, moved into the frame."""
        frame = self.ground.frame
        box = box_around(centre, width, height)
        x = min(max(box.x, frame.x), frame.right - width)
        y = min(max(box.y, frame.y), frame.bottom - height)
        return Box(x, y, width, height)

    def _covers(self, frame: Box, outline: Box) -> bool:
        """Whether an inset would lie on places that it does not show."""
        return any(frame.holds(point) and not outline.holds(point) for point in self.points)

    def _cut_off(self, outline: Box) -> int:
        """Places just beyond the outline: their marks have to keep away from it."""
        around = outline.grown(self.size)
        return sum(1 for point in self.points if around.holds(point) and not outline.holds(point))

    def _far(self, a: int, b: int, least: float) -> bool:
        (ax, ay), (bx, by) = self.points[a], self.points[b]
        return (ax - bx) ** 2 + (ay - by) ** 2 >= least

    def _pairs(self, near: float) -> list[tuple[int, int]]:
        order = sorted(range(len(self.points)), key=lambda at: self.points[at])
        found: list[tuple[int, int]] = []
        for place, one in enumerate(order):
            x, y = self.points[one]
            for other in order[place + 1 :]:
                if self.points[other][0] - x > near:
                    break
                if abs(self.points[other][1] - y) <= near:
                    found.append((one, other))
        return found
