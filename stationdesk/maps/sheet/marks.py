"""Where the marks lie: none covering another, each tied to its place by a line where it had to move.

Three steps: every plate takes the cheapest free box near its place; those that lie far off look again once
all others have settled; and pairs of one size change boxes where that makes their lines shorter.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from stationdesk.core.errors import UserError
from stationdesk.maps.sheet.geometry import Box, Point, box_around, distance, length_inside
from stationdesk.maps.sheet.ground import Ground
from stationdesk.maps.sheet.plates import Mark, Plate, plates_of
from stationdesk.maps.sheet.spec import Entry

_GAP = 0.5
_TRIES = ((1.0, 0.17), (0.9, 0.35), (0.8, 0.6), (0.72, 1.0), (0.66, 1.5))
"""How large the shapes are, and how near (in their sides) places must be to share a plate; roomy to crowded."""
_FULL = 0.4
"""No arrangement is looked for where plates would cover more of the frame than this."""
_MENDS = 1.6
_HOPELESS = 2.4
"""A first laying down is given up at this strain: looking again mends some third of it."""
_BUSY = 0.22
_CALM = 0.5
"""Up to this strain a map reads well: half a shape's side of line to a mark."""
_TURNS = tuple((math.cos(turn * math.tau / 24), math.sin(turn * math.tau / 24)) for turn in range(24))


def place_marks(
    entries: Sequence[Entry], ground: Ground, size: float, blocked: Sequence[Box] = ()
) -> tuple[Mark, ...]:
    """A mark for each place of `entries`, none meeting another and all within the frame.

    `size` is the side of a shape. A crowded map gets smaller shapes, and neighbours share a plate. Nothing lies on
    what is `blocked`.

    Raises:
        UserError: when the map is too full for the paper.
    """
    best: tuple[Mark, ...] | None = None
    for shrink, near in _TRIES:
        side = size * shrink
        plates = plates_of(entries, ground, side, side * near)
        if load(plates, ground.frame) > _FULL:
            continue
        worst = _HOPELESS if best is None else min(_HOPELESS, strain(best) * _MENDS)
        marks = _arrange(plates, ground.frame.grown(-0.6), side, worst, blocked)
        if marks is not None and (best is None or strain(marks) < strain(best)):
            best = marks
        if best is not None and strain(best) <= _CALM:
            break
    if best is None:
        raise UserError(
            "{count} 处资源在这张纸上放不下，编号会互相遮盖。请改用 A3，或者只选一个村来打印。",
            count=len(entries),
        )
    return best


def load(plates: Sequence[Plate], frame: Box) -> float:
    """The share of a box that plates would cover."""
    return sum(plate.width * plate.height for plate in plates) / (frame.width * frame.height)


def crowding(entries: Sequence[Entry], ground: Ground, size: float) -> float:
    """How much more of the ground about the places marks would cover than leaves a good map; 0 where all is well."""
    if not entries:
        return 0.0
    plates = plates_of(entries, ground, size, size * _TRIES[0][1])
    xs, ys = [plate.place[0] for plate in plates], [plate.place[1] for plate in plates]
    around = Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)).grown(size * 2)
    return max(0.0, load(plates, around) - _BUSY)


def strain(marks: Sequence[Mark]) -> float:
    """How far marks lie from their places: the mean length of line a mark, in sides of a shape."""
    return sum(distance(*mark.leader) / mark.size for mark in marks) / max(1, len(marks))


def _arrange(
    plates: Sequence[Plate], frame: Box, size: float, worst: float, blocked: Sequence[Box]
) -> tuple[Mark, ...] | None:
    """Plates without any meeting, near their places; None where that cannot be done with less strain than `worst`."""
    left = worst * size * len(plates)
    board = _Board(plates, frame, size, blocked)
    order = sorted(
        range(len(plates)), key=lambda at: (-len(plates[at].cells), -plates[at].width, plates[at].place)
    )
    for at in order:
        box = board.best(at)
        if box is None:
            return None
        left -= distance(plates[at].place, box.nearest(plates[at].place))
        if left < 0:
            return None
        board.put(at, box)
    board.exchange()
    board.settle()
    board.exchange()
    marks = [plate.at(board.boxes[at], size) for at, plate in enumerate(plates)]
    return tuple(sorted(marks, key=lambda mark: (mark.plate.y, mark.plate.x)))


class _Board:
    """The frame with the plates laid on it so far, found by where they lie: a map may hold hundreds."""

    _TILE = 12.0

    def __init__(self, plates: Sequence[Plate], frame: Box, size: float, blocked: Sequence[Box]) -> None:
        self.plates = plates
        self.frame = frame
        self.size = size
        self.boxes: dict[int, Box] = {}
        self._leaders: dict[int, tuple[Box, tuple[Point, Point]]] = {}
        self._tiles: dict[tuple[int, int], dict[int, Box]] = {}
        self._places: dict[tuple[int, int], list[Point]] = {}
        for plate in plates:
            self._places.setdefault(self._tile(*plate.place), []).append(plate.place)
        for number, box in enumerate(blocked):
            for tile in self._under(box):
                self._tiles.setdefault(tile, {})[-1 - number] = box

    def put(self, at: int, box: Box) -> None:
        """Lay a plate down."""
        self.boxes[at] = box
        for tile in self._under(box):
            self._tiles.setdefault(tile, {})[at] = box
        place = self.plates[at].place
        if not box.holds(place):
            end = box.nearest(place)
            self._leaders[at] = (_span(place, end), (place, end))

    def lift(self, at: int) -> Box:
        """Take a plate up again."""
        box = self.boxes.pop(at)
        self._leaders.pop(at, None)
        for tile in self._under(box):
            del self._tiles[tile][at]
        return box

    def best(self, at: int) -> Box | None:
        """The cheapest free box: near, not over somebody else's place, no line behind a plate or across another."""
        plate = self.plates[at]
        best: tuple[float, Box] | None = None
        for moved, box in _candidates(plate, self.frame, self.size):
            if best is not None and moved >= best[0]:
                break
            if not self.frame.holds_box(box) or not self._is_free(box.grown(_GAP)):
                continue
            most = best[0] - moved if best is not None else math.inf
            penalty = self._penalty(plate.place, box, most)
            if penalty < most:
                best = (moved + penalty, box)
        return best[1] if best else None

    def settle(self) -> None:
        """Let every plate that was moved look for a better box, the farthest first."""
        for at in sorted(self._leaders, key=lambda each: -distance(*self._leaders[each][1])):
            old = self.lift(at)
            self.put(at, self.best(at) or old)

    def exchange(self) -> None:
        """Change the boxes of two plates of one size where their lines become shorter; that uncrosses them too."""
        moved = list(self._leaders)
        for one in moved:
            for other in moved:
                if one < other and self._is_better_exchanged(one, other):
                    first, second = self.lift(one), self.lift(other)
                    self.put(one, second)
                    self.put(other, first)

    def _is_better_exchanged(self, one: int, other: int) -> bool:
        a, b = self.plates[one], self.plates[other]
        if abs(a.width - b.width) > 1e-6 or abs(a.height - b.height) > 1e-6:
            return False
        box_a, box_b = self.boxes[one], self.boxes[other]
        now = distance(a.place, box_a.nearest(a.place)) + distance(b.place, box_b.nearest(b.place))
        then = distance(a.place, box_b.nearest(a.place)) + distance(b.place, box_a.nearest(b.place))
        return then < now - 0.1

    def _penalty(self, place: Point, box: Box, most: float) -> float:
        """What speaks against a box, in millimetres of line; no more is counted once `most` is reached."""
        near = (each for tile in self._under(box) for each in self._places.get(tile, ()))
        cost = self.size * sum(0.8 for each in near if each != place and box.holds(each))
        if cost >= most:
            return cost
        behind = (leader for span, leader in self._leaders.values() if span.meets(box))
        cost += self.size * sum(1.0 for leader in behind if length_inside(leader, box) > 0)
        if cost >= most or box.holds(place):
            return cost
        end = box.nearest(place)
        span = _span(place, end)
        plates = {each for tile in self._under(span) for each in self._tiles.get(tile, {}).values()}
        cost += self.size * sum(
            2.0 for each in plates if span.meets(each) and length_inside((place, end), each) > 0
        )
        if cost >= most:
            return cost
        met = (leader for other, leader in self._leaders.values() if other.meets(span))
        return cost + self.size * sum(1.0 for leader in met if _cross(place, end, *leader))

    def _is_free(self, box: Box) -> bool:
        tiles = self._tiles
        return not any(
            box.meets(plate) for tile in self._under(box) if tile in tiles for plate in tiles[tile].values()
        )

    def _tile(self, x: float, y: float) -> tuple[int, int]:
        return int(x // self._TILE), int(y // self._TILE)

    def _under(self, box: Box) -> list[tuple[int, int]]:
        left, top = self._tile(box.x, box.y)
        right, bottom = self._tile(box.x + box.width, box.y + box.height)
        if left == right and top == bottom:
            return [(left, top)]
        return [(column, row) for column in range(left, right + 1) for row in range(top, bottom + 1)]


def _span(a: Point, b: Point) -> Box:
    """The box around a line, never without width or height."""
    return Box(
        min(a[0], b[0]) - 0.01, min(a[1], b[1]) - 0.01, abs(a[0] - b[0]) + 0.02, abs(a[1] - b[1]) + 0.02
    )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the lines a-b and c-d cross."""

    def side(p: Point, q: Point, r: Point) -> bool:
        return (q[0] - p[0]) * (r[1] - p[1]) > (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) != side(a, b, d) and side(c, d, a) != side(c, d, b)


def _candidates(plate: Plate, frame: Box, size: float) -> Iterator[tuple[float, Box]]:
    """Boxes for a plate, the nearest to its place first, with how far it was moved."""
    yield 0.0, plate.home
    x, y = plate.place
    step = size * 0.3
    furthest = max(frame.width, frame.height)
    reach = size * 0.3
    while reach < furthest:
        # The plate's middle goes round its place on an ellipse, so that the lines are of one length.
        for across, down in _TURNS:
            middle = (x + across * (reach + plate.width / 2), y + down * (reach + plate.height / 2))
            yield reach, box_around(middle, plate.width, plate.height)
        reach += step
