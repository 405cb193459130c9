"""The whole hand-out laid out: which boxes stand on which page, the map's ground, its marks and the index."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stationdesk.core.errors import UserError
from stationdesk.core.vocab.resources import MapClass
from stationdesk.maps.sheet.frames import (
    Front,
    LegendItem,
    columns_of,
    fronts_of,
    further_boxes,
    legend_of,
    page_box,
    whole_front,
)
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.ground import Ground, choose_ground, nearest, split_far
from stationdesk.maps.sheet.index import Column, Filled, Section, column_for, flow, sections_of
from stationdesk.maps.sheet.labels import Labels, place_labels
from stationdesk.maps.sheet.marks import crowding, place_marks, strain
from stationdesk.maps.sheet.metrics import Type, type_of
from stationdesk.maps.sheet.plates import Mark
from stationdesk.maps.sheet.spec import Entry, GroundKind, SheetSpec
from stationdesk.maps.sheet.terrain import Terrain, terrain_of

_SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""How much of the places the map tries to show, until its marks can be read."""
_BEARABLE = 1.6
"""No map is printed whose marks lie farther from their places than this, in sides of a shape, on average."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything placed; what is left is to draw it."""

    spec: SheetSpec
    type: Type
    front: Front
    ground: Ground
    terrain: Terrain
    marks: tuple[Mark, ...]
    labels: Labels
    legend: tuple[LegendItem, ...]
    squares: dict[str, str]
    sections: tuple[Section, ...]
    first: tuple[tuple[Box, Filled], ...]  # the columns beside the map
    rest: tuple[tuple[tuple[Box, Filled], ...], ...]  # the further pages, each with its columns
    far: tuple[Entry, ...]

    @property
    def pages(self) -> int:
        """How many pages the file must have."""
        return 1 + len(self.rest)

    @property
    def drawn(self) -> tuple[Entry, ...]:
        """The entries that stand on the map."""
        return tuple(entry for mark in self.marks for entry in mark.entries)


def lay_out(spec: SheetSpec) -> Layout:
    """Place everything on paper.

    Where the marks of all places together cannot be read, the map shows the ground that is nearest to most of
    them, and lists the others as lying beyond it.

    Raises:
        UserError: when nothing has a place, or the paper cannot hold it.
    """
    if not any(entry.is_placed for entry in spec.entries):
        raise UserError("没有一处资源可以上图：请先在地图上标出资源的位置，再打印资源图。")
    kind = type_of(spec.setup, spec.enlarged)
    page = page_box(spec, kind)
    fronts = list(fronts_of(spec, kind, page))
    near, far = split_far(spec.entries, fronts[0].frame)
    full: UserError | None = None
    for share in _SHARES:
        shown, beyond = nearest(near, share)
        front = _choose(spec, kind, page, fronts, shown, (*far, *beyond))
        ground = _ground(shown, front.frame, kind)
        try:
            marks = place_marks(shown, ground, kind.mark)
        except UserError as trouble:
            full = trouble
            continue
        if strain(marks) <= _BEARABLE:
            return _finish(spec, kind, page, front, ground, marks, (*far, *beyond))
    raise full or UserError("这张纸上放不下，编号会互相遮盖。请改用 A3，或者只选一个村来打印。")


def _choose(
    spec: SheetSpec,
    kind: Type,
    page: Box,
    fronts: Sequence[Front],
    near: Sequence[Entry],
    far: Sequence[Entry],
) -> Front:
    """The first page that takes the fewest pages; for a crowded map the one that draws it largest."""
    sections = sections_of(spec.entries, far)
    pages = [len(_flow(spec, kind, page, each, sections, {}, far)[1]) for each in fronts]
    front = fronts[pages.index(min(pages))]
    if not crowding(near, _ground(near, front.frame, kind), kind.mark):
        return front

    def cost(each: Front) -> tuple[float, ...]:
        ground = _ground(near, each.frame, kind)
        return ground.n, round(crowding(near, ground, kind.mark), 2), -each.list.height * each.list.width

    return min((*fronts, whole_front(spec, kind, page)), key=cost)


def _ground(near: Sequence[Entry], frame: Box, kind: Type) -> Ground:
    return choose_ground(near, frame, kind.mark * 1.1 + 2, 26 * kind.mark / 5.4)


def _finish(
    spec: SheetSpec,
    kind: Type,
    page: Box,
    front: Front,
    ground: Ground,
    marks: tuple[Mark, ...],
    far: tuple[Entry, ...],
) -> Layout:
    terrain = terrain_of(spec.features, ground)
    labels = place_labels(terrain, marks, front.frame, kind.legend_pt, ground.n)
    near = [entry for mark in marks for entry in mark.entries]
    squares = {entry.code: ground.direction(entry) for entry in far}
    for entry in near:
        squares[entry.code] = ground.square(ground.point(entry.lon or 0.0, entry.lat or 0.0))
    sections = sections_of(spec.entries, far)
    first, rest = _flow(spec, kind, page, front, sections, squares, far)
    classes = {entry.map_class for entry in near}
    kinds = terrain.kinds | {spot.kind for spot in labels.spots if spot.kind is not GroundKind.VILLAGE}
    legend, _ = legend_of(kind, front.legend, [each for each in MapClass if each in classes], kinds)
    return Layout(
        spec, kind, front, ground, terrain, marks, labels, legend, squares, sections, first, rest, far
    )


def _flow(
    spec: SheetSpec,
    kind: Type,
    page: Box,
    front: Front,
    sections: Sequence[Section],
    squares: dict[str, str],
    far: Sequence[Entry],
) -> tuple[tuple[tuple[Box, Filled], ...], tuple[tuple[tuple[Box, Filled], ...], ...]]:
    """The index over the list of the first page and as many further pages as it needs."""
    em = kind.em
    widths: dict[float, Column] = {}

    def column(box: Box) -> Column:
        if box.width not in widths:
            widths[box.width] = column_for(spec.entries, box.width / em, 0, far=bool(far))
        return replace(widths[box.width], height=box.height / em)

    beside = columns_of(front.list, kind) if front.list.height else ()
    boxes = further_boxes(spec, page, kind)
    per_page = len(boxes)

    def fill(last: int, height: float) -> tuple[list[tuple[Box, Filled]], list[tuple[Box, Filled]]]:
        """Flow with the columns of page `last` no taller than `height`; -1 is the first page."""
        offered: list[Box] = []

        def columns() -> Iterator[Column]:
            for at, box in enumerate(itertools.chain(beside, itertools.cycle(boxes))):
                short = (at - len(beside)) // per_page == last if at >= len(beside) else last == -1
                offered.append(Box(box.x, box.y, box.width, min(height, box.height)) if short else box)
                yield column(offered[-1])

        filled = list(zip(offered, flow(sections, squares, columns()), strict=False))
        return filled[: len(beside)], filled[len(beside) :]

    first, placed = fill(-2, 0.0)
    last = (len(placed) - 1) // per_page if placed else -1
    together = beside if last == -1 else boxes
    if len(together) > 1:  # the columns of the last page end side by side
        for share in range(20, 100, 4):
            tried = fill(last, together[0].height * share / 100)
            if len(tried[1]) <= (last + 1) * per_page:
                first, placed = tried
                break
    return tuple(first), tuple(tuple(placed[at : at + per_page]) for at in range(0, len(placed), per_page))
