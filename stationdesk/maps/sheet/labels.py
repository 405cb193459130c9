"""Where the names on the map stand: clear of marks always, clear of roads wherever there is room.

Villages have theirs inside their own ground; roads and rivers along their course, sign by sign, each sign
upright where the course is steep, as Chinese maps set them; places beside their dot.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stationdesk.core.text import clean_line
from stationdesk.maps.sheet.geometry import (
    Box,
    Line,
    Point,
    along,
    box_around,
    clip,
    distance,
    inside,
    length_inside,
    walk,
)
from stationdesk.maps.sheet.metrics import POINT, em_width
from stationdesk.maps.sheet.plates import Mark
from stationdesk.maps.sheet.spec import BaseKind, GroundKind
from stationdesk.maps.sheet.terrain import WIDTHS, BaseDrawn, Patch, Spot, Stroke, Terrain, bounds

AREA_SPACING = 0.45
"""Ems between the signs of a village's name."""
_LANES_NAMED = 16_000
_CLOSE = 16_000
"""On larger maps than this places are named before villages: one goes by them."""
_NAMED_BASES = frozenset({BaseKind.ROAD, BaseKind.STREET, BaseKind.STREAM})
_MOST_BASE = 60
_RANKS = {GroundKind.VILLAGE: 0, GroundKind.PLACE: 1, GroundKind.SIGHT: 1, GroundKind.RIVER: 2}
"""Whose names are set first and so have the choice."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of a name set along a line: its middle and how far it is turned, in degrees clockwise."""

    text: str
    middle: Point
    turn: float


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map: `signs` where it follows a line, otherwise centred in `box`. `size` in millimetres."""

    kind: GroundKind
    text: str
    box: Box
    size: float
    signs: tuple[Sign, ...] = ()

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What it covers: the box of each sign along a line, otherwise that of the whole name."""
        along_line = tuple(box_around(sign.middle, self.size, self.size) for sign in self.signs)
        return along_line or (self.box,)


@dataclass(frozen=True, slots=True)
class Labels:
    """The names that found room, and those that did not."""

    shown: tuple[Label, ...]
    dropped: tuple[str, ...]
    spots: tuple[Spot, ...]  # those whose name found room: a dot without a name tells nobody anything


class _Room:
    """What is taken already."""

    def __init__(self, frame: Box, marks: Sequence[Mark], terrain: Terrain, blocked: Sequence[Box]) -> None:
        self.frame = frame.grown(-0.8)
        self.plates = [*(mark.plate.grown(0.4) for mark in marks), *blocked]
        self.leaders = [mark.leader for mark in marks if mark.is_moved]
        self.roads = _Streets(terrain)
        self.ponds = [
            bounds(rings[0])
            for patch in terrain.patches
            if patch.kind is GroundKind.RIVER
            for rings in patch.polygons
        ]
        self.names: list[Box] = []
        self.spots: list[Box] = []

    def is_free(self, box: Box) -> bool:
        """Whether no mark, name or dot lies there, and no line from a place to its mark runs there."""
        taken = (*self.plates, *self.names, *self.spots)
        return (
            self.frame.holds_box(box)
            and not any(box.meets(each) for each in taken)
            and not any(length_inside(leader, box) > 0 for leader in self.leaders)
        )

    def crowding(self, box: Box) -> int:
        """How many marks and names come close."""
        return sum(box.meets(each) for each in (*self.plates, *self.names))

    def crossings(self, box: Box) -> float:
        """How much road and river runs through a box, in millimetres."""
        return self.roads.length_in(box)


class _Streets:
    """Every straight bit of road and river, found by where it lies: a town has thousands."""

    _TILE = 8.0

    def __init__(self, terrain: Terrain) -> None:
        self._bits: list[tuple[Point, Point, float]] = []
        self._tiles: dict[tuple[int, int], list[int]] = {}
        for piece, half in terrain.roads():
            for a, b in pairwise(piece):
                span = Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))
                for tile in self._under(span.grown(half)):
                    self._tiles.setdefault(tile, []).append(len(self._bits))
                self._bits.append((a, b, half))

    def length_in(self, box: Box) -> float:
        """How much of them runs through a box, their width counted."""
        total = 0.0
        for at in {at for tile in self._under(box) for at in self._tiles.get(tile, ())}:
            a, b, half = self._bits[at]
            total += length_inside((a, b), box.grown(half))
        return total

    def _under(self, box: Box) -> list[tuple[int, int]]:
        columns = range(int(box.x // self._TILE), int(box.right // self._TILE) + 1)
        rows = range(int(box.y // self._TILE), int(box.bottom // self._TILE) + 1)
        return [(column, row) for column in columns for row in rows]


def place_labels(
    terrain: Terrain,
    marks: Sequence[Mark],
    frame: Box,
    pt: float,
    n: int,
    *,
    base: Sequence[BaseDrawn] = (),
    blocked: Sequence[Box] = (),
) -> Labels:
    """Names for all of the terrain, around the marks. `pt` is the type of the legend, in points; 1 : `n` the map.

    Lanes have names on maps of a village only: on that of a whole town they would fill it. The roads and waters of
    the `base` map are named where there is room left, and nobody is told of those that found none.
    """
    room = _Room(frame, marks, terrain, blocked)
    shown: list[Label] = []
    dropped: list[str] = []
    spots: list[Spot] = []

    def take(label: Label | None, name: str) -> None:
        if label is None:
            dropped.append(name)
            return
        shown.append(label)
        if label.signs:
            room.names.extend(box_around(sign.middle, label.size, label.size) for sign in label.signs)
        else:
            room.names.append(label.box)

    grounds: list[Patch | Spot] = [*terrain.patches, *terrain.spots]
    ranks = _RANKS if n > _CLOSE else {**_RANKS, GroundKind.PLACE: -1}
    for each in sorted(grounds, key=lambda each: ranks.get(each.kind, 9)):
        if not (name := clean_line(each.name)):
            continue
        if isinstance(each, Patch):
            take(_area_label(each, name, room, pt), name)
            continue
        is_village = each.kind is GroundKind.VILLAGE
        label = _village_label(each, name, room, pt) if is_village else _spot_label(each, name, room, pt)
        take(label, name)
        if label is not None:
            spots.append(each)
            room.spots.append(box_around(each.point, *((0.0, 0.0) if is_village else (1.8, 1.8))))
    named: set[str] = set()  # a road drawn in several pieces is named once
    for stroke in sorted(terrain.strokes, key=lambda stroke: -sum(_length(piece) for piece in stroke.pieces)):
        name = clean_line(stroke.name)
        is_shown = stroke.kind is not GroundKind.LANE or n <= _LANES_NAMED
        if name and is_shown and name not in named:
            named.add(name)
            take(_line_label(stroke, name, room, pt * 0.9 * POINT), name)
    _name_base(base, room, named | {label.text for label in shown}, pt * 0.75 * POINT, shown)
    return Labels(tuple(shown), tuple(dropped), tuple(spots))


def _name_base(
    base: Sequence[BaseDrawn], room: _Room, named: set[str], size: float, shown: list[Label]
) -> None:
    """Names along the roads and streams of a base map, the longest first."""
    courses = [each for each in base if clean_line(each.name) and each.lines and each.kind in _NAMED_BASES]
    for each in sorted(courses, key=lambda each: -sum(_length(line) for line in each.lines))[:_MOST_BASE]:
        name = clean_line(each.name)
        if name in named:
            continue
        named.add(name)
        kind = GroundKind.RIVER if each.kind is BaseKind.STREAM else GroundKind.LANE
        label = _line_label(Stroke(kind, name, each.lines), name, room, size)
        if label is not None:
            shown.append(label)
            room.names.extend(box_around(sign.middle, label.size, label.size) for sign in label.signs)


def _area_label(patch: Patch, name: str, room: _Room, pt: float) -> Label | None:
    """The place within the area that is nearest to its middle and clear; smaller type before a road crossed."""
    best: tuple[float, Label] | None = None
    is_area = patch.kind is GroundKind.VILLAGE
    for shrink, penalty in ((1.0, 0.0), (0.8, 6.0), (0.65, 14.0)):
        size = pt * (1.35 if is_area else 0.9) * POINT * shrink
        spacing = AREA_SPACING if is_area else 0.0
        width = (em_width(name, bold=True) + spacing * (len(name) - 1)) * size
        for ring in (rings[0] for rings in patch.polygons):
            middle, points = _inner_points(ring, room.frame)
            for point in points:
                box = box_around(point, width + 0.6, size * 1.25)
                if not room.is_free(box):
                    continue
                out = sum(1 for corner in _corners(box) if not inside(corner, ring))
                cost = penalty + distance(point, middle) * 0.35 + out * 5
                if best is not None and cost >= best[0]:
                    continue
                cost += room.crossings(box.grown(0.8)) * 4 + room.crowding(box.grown(1.6)) * 3
                cost += 10 if is_area and any(box.meets(pond) for pond in room.ponds) else 0
                if best is None or cost < best[0]:
                    best = (cost, Label(patch.kind, name, box, size))
        if best is not None and best[0] < penalty + 12:
            break
    return best[1] if best else None


def _inner_points(ring: Line, frame: Box) -> tuple[Point, list[Point]]:
    """Points within an outline and the frame, some 3 mm apart, and their middle."""
    low_x, high_x = max(min(x for x, _ in ring), frame.x), min(max(x for x, _ in ring), frame.right)
    low_y, high_y = max(min(y for _, y in ring), frame.y), min(max(y for _, y in ring), frame.bottom)
    step = max(2.5, (high_x - low_x) / 40, (high_y - low_y) / 40)
    points: list[Point] = []
    y = low_y + step / 2
    while y < high_y:
        x = low_x + step / 2
        while x < high_x:
            if inside((x, y), ring):
                points.append((x, y))
            x += step
        y += step
    if not points:
        return ((low_x + high_x) / 2, (low_y + high_y) / 2), []
    count = len(points)
    return (sum(x for x, _ in points) / count, sum(y for _, y in points) / count), points


def _corners(box: Box) -> tuple[Point, ...]:
    return (box.x, box.y), (box.right, box.y), (box.x, box.bottom), (box.right, box.bottom)


def _village_label(spot: Spot, name: str, room: _Room, pt: float) -> Label | None:
    """The name of a village that has no drawn range: over its place or as near as marks allow."""
    size = pt * 1.35 * POINT
    width = (em_width(name, bold=True) + AREA_SPACING * (len(name) - 1)) * size
    best: tuple[float, Label] | None = None
    for across in range(-5, 6):
        for down in range(-5, 6):
            middle = (spot.point[0] + across * 3, spot.point[1] + down * 2.5)
            box = box_around(middle, width + 0.6, size * 1.25)
            if not room.is_free(box):
                continue
            cost = distance(middle, spot.point) * 0.35 + room.crossings(box.grown(0.8)) * 4
            if best is None or cost < best[0]:
                best = (cost, Label(spot.kind, name, box, size))
    return best[1] if best else None


def _spot_label(spot: Spot, name: str, room: _Room, pt: float) -> Label | None:
    """Right, left, below, above, then the corners of the dot."""
    size = pt * 0.85 * POINT
    width, height = em_width(name) * size + 0.4, size * 1.2
    x, y = spot.point
    aside, above = 1.2 + width / 2, 1.2 + height / 2
    best: tuple[float, Label] | None = None
    if not room.is_free(box_around(spot.point, 1.8, 1.8)):
        return None
    for rank, (dx, dy) in enumerate(
        ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -0.8), (1, 0.8), (-1, -0.8), (-1, 0.8), (0, 1.8), (0, -1.8))
    ):
        box = box_around((x + dx * aside, y + dy * above), width, height)
        if not room.is_free(box):
            continue
        cost = rank * 0.3 + room.crossings(box)
        if best is None or cost < best[0]:
            best = (cost, Label(spot.kind, name, box, size))
    return best[1] if best else None


def _line_label(stroke: Stroke, name: str, room: _Room, size: float) -> Label | None:
    """The straightest free stretch, near the middle of the line, the name on the better side of it."""
    best: tuple[float, Label] | None = None
    off = WIDTHS[stroke.kind] / 2 + size * 0.62
    for piece in (part for each in stroke.pieces for part in clip(each, room.frame)):
        run = walk(piece)
        for start, signs in _settings(piece, run, name, size, off):
            boxes = [box_around(sign.middle, size, size) for sign in signs]
            if not all(room.is_free(box) for box in boxes):
                continue
            turns = [_upright(sign.turn) for sign in signs]
            bend = max(turns) - min(turns)
            if bend > 35:
                continue
            crossed = sum(room.crossings(box.grown(-size * 0.15)) for box in boxes)
            cost = crossed * 3 + bend * 0.2 + abs(start - run[-1] * 0.4) * 0.05
            if best is None or cost < best[0]:
                best = (cost, Label(stroke.kind, name, _around(boxes), size, signs))
    return best[1] if best else None


def _settings(
    piece: Line, run: Sequence[float], name: str, size: float, off: float
) -> Iterator[tuple[float, tuple[Sign, ...]]]:
    """Every way to set a name along a line: where it starts, and its signs in reading order."""
    pitches = [max(em_width(sign), 0.3) * size * 1.12 for sign in name]
    span = sum(pitches)
    start = 1.0
    while start + span <= run[-1]:
        first, last = along(piece, run, start), along(piece, run, start + span)
        course = math.degrees(math.atan2(last[1] - first[1], last[0] - first[0]))
        backwards = last[1] < first[1] if 45 < abs(course) < 135 else last[0] < first[0]
        for side in (-1, 1):
            yield start, _signs(piece, run, name, pitches, start, side * off, backwards=backwards)
        start += 3.0


def _signs(
    piece: Line,
    run: Sequence[float],
    name: str,
    pitches: Sequence[float],
    start: float,
    off: float,
    *,
    backwards: bool,
) -> tuple[Sign, ...]:
    signs: list[Sign] = []
    at = start
    order = list(zip(name, pitches, strict=True))
    for text, pitch in reversed(order) if backwards else order:
        before, after = along(piece, run, at), along(piece, run, min(at + pitch, run[-1]))
        here = along(piece, run, at + pitch / 2)
        at += pitch
        span = distance(before, after) or 1.0
        dx, dy = (after[0] - before[0]) / span, (after[1] - before[1]) / span
        angle = math.degrees(math.atan2(dy, dx)) + (180 if backwards else 0)
        # Ideographs stand below one another on a steep line; letters and figures lean with it, as they are narrow.
        turn = _upright(angle) if em_width(text) >= 1 else (angle + 180) % 360 - 180
        signs.append(Sign(text, (here[0] - dy * off, here[1] + dx * off), turn))
    return tuple(reversed(signs)) if backwards else tuple(signs)


def _upright(angle: float) -> float:
    """The setting of a sign along a line that stands nearest to upright."""
    return (angle + 45) % 90 - 45


def _around(boxes: Sequence[Box]) -> Box:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y)


def _length(piece: Line) -> float:
    return walk(piece)[-1]
