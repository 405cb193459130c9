"""The whole hand-out laid out: which boxes stand on which page, its maps with their marks, and the index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stationdesk.core.errors import UserError
from stationdesk.core.vocab.sheets import SheetForm, SheetKind
from stationdesk.maps.sheet.classes import CLASSES
from stationdesk.maps.sheet.frames import (
    Front,
    LegendItem,
    fronts_of,
    legend_of,
    legend_words,
    page_box,
    whole_front,
)
from stationdesk.maps.sheet.geometry import Box, box_around, points_of
from stationdesk.maps.sheet.ground import Ground, choose_ground, nearest, split_extent, split_far
from stationdesk.maps.sheet.index import Filled
from stationdesk.maps.sheet.insets import Inset, with_inset
from stationdesk.maps.sheet.labels import Labels
from stationdesk.maps.sheet.large import LargeRow, large_layout
from stationdesk.maps.sheet.marks import crowding, strain
from stationdesk.maps.sheet.metrics import Type, type_of
from stationdesk.maps.sheet.pages import Page, Pages, pages_of
from stationdesk.maps.sheet.plates import Mark
from stationdesk.maps.sheet.spec import Entry, Extent, GroundKind, SheetSpec
from stationdesk.maps.sheet.terrain import Terrain
from stationdesk.maps.sheet.views import Marked, View, cost_of, finish_view, mark_view

_SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""How much of the places the map tries to show, until its marks can be read."""
_BEARABLE = 1.6
"""No map is printed whose marks lie farther from their places than this, in sides of a shape, on average."""
_DOT = 2.6
_MOST_WITH_INSET = 240
"""Of more places no single part is the crowded one; looking for it would take minutes."""
_EASY = 0.3
"""Up to this cost a map reads well without an inset."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything placed; what is left is to draw it. `views` are the map and, where it is crowded, its inset."""

    spec: SheetSpec
    type: Type
    front: Front
    views: tuple[View, ...]
    legend: tuple[LegendItem, ...]
    squares: dict[str, str]
    first: tuple[tuple[Box, Filled], ...]  # the columns beside the map
    rest: tuple[Page, ...]
    far: tuple[Entry, ...]
    large: tuple[LargeRow, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages the file must have."""
        return 1 + max(len(self.rest), *(row.page for row in self.large), 0)

    @property
    def main(self) -> View:
        """The map itself."""
        return self.views[0]

    @property
    def inset(self) -> View | None:
        """What of it is drawn a second time and larger."""
        return self.views[1] if len(self.views) > 1 else None

    @property
    def ground(self) -> Ground:
        """The ground of the map itself."""
        return self.main.ground

    @property
    def terrain(self) -> Terrain:
        """The terrain of the map itself."""
        return self.main.terrain

    @property
    def labels(self) -> Labels:
        """The names on the map itself."""
        return self.main.labels

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Every mark, of the map and of its inset."""
        return tuple(mark for view in self.views for mark in view.marks)

    @property
    def drawn(self) -> tuple[Entry, ...]:
        """The entries that stand on the map."""
        return tuple(entry for mark in self.marks for entry in mark.entries)

    @property
    def unnamed(self) -> tuple[str, ...]:
        """The names that found no room, neither on the map nor on its inset."""
        shown = {label.text for view in self.views for label in view.labels.shown}
        return tuple(name for name in self.main.labels.dropped if name not in shown)


def lay_out(spec: SheetSpec) -> Layout:
    """Place everything on paper.

    Where the marks of all places together cannot be read, the map shows the ground that is nearest to most of
    them, and lists the others as lying beyond it.

    Raises:
        UserError: when nothing has a place, or the paper cannot hold it.
    """
    if spec.extent is None and not any(entry.is_placed for entry in spec.entries):
        raise UserError("没有一处资源可以上图：请先在地图上标出资源的位置，再打印资源图。")
    kind = type_of(spec.setup, spec.enlarged)
    page = page_box(spec, kind)
    if spec.kind is SheetKind.LARGE_PRINT:
        return _lay_out_large(spec, kind, page)
    alone = spec.form is SheetForm.TWO_PAGES
    fronts = [whole_front(spec, kind, page)] if alone else list(fronts_of(spec, kind, page))
    if spec.extent is not None:
        near, far = split_extent(spec.entries, spec.extent)
    else:
        near, far = split_far(spec.entries, fronts[0].frame)
    full: UserError | None = None
    for share in _SHARES:
        shown, beyond = nearest(near, share)
        extent = spec.extent if share == _SHARES[0] or not shown else None
        front = fronts[0] if alone else _choose(spec, kind, page, fronts, shown, (*far, *beyond), extent)
        try:
            main, inset = _map(shown, front.frame, kind, extent)
        except UserError as trouble:
            full = trouble
            continue
        marks = (*main.marks, *(inset.larger.marks if inset is not None else ()))
        if strain(marks) <= _BEARABLE:
            return _finish(spec, kind, page, front, main, inset, (*far, *beyond))
    raise full or UserError("这张纸上放不下，编号会互相遮盖。请改用 A3，或者只选一个村来打印。")


def _map(
    shown: Sequence[Entry], frame: Box, kind: Type, extent: Extent | None
) -> tuple[Marked, Inset | None]:
    """The marks on their ground, with an inset where that reads better."""
    main = mark_view(shown, _ground(shown, frame, kind, extent), kind)
    if cost_of([main], kind.mark) <= _EASY or len(shown) > _MOST_WITH_INSET:
        return main, None
    inset = with_inset(shown, main, kind, _room(kind), _square(kind), extent)
    return (main, None) if inset is None else (inset.main, inset)


def _choose(
    spec: SheetSpec,
    kind: Type,
    page: Box,
    fronts: Sequence[Front],
    near: Sequence[Entry],
    far: Sequence[Entry],
    extent: Extent | None,
) -> Front:
    """The first page that takes the fewest pages; for a crowded map the one that draws it largest.

    A map that is told its ground is a page of many: it keeps its list, and its crowd goes to the inset.
    """
    pages = [len(pages_of(spec, kind, page, each.list, {}, far).rest) for each in fronts]
    front = fronts[pages.index(min(pages))]
    if spec.extent is not None or not crowding(near, _ground(near, front.frame, kind, extent), kind.mark):
        return front

    def cost(each: Front) -> tuple[float, ...]:
        ground = _ground(near, each.frame, kind, extent)
        return ground.n, round(crowding(near, ground, kind.mark), 2), -each.list.height * each.list.width

    return min((*fronts, whole_front(spec, kind, page)), key=cost)


def _room(kind: Type) -> float:
    return kind.mark * 1.1 + 2


def _square(kind: Type) -> float:
    return 26 * kind.mark / 5.4


def _ground(near: Sequence[Entry], frame: Box, kind: Type, extent: Extent | None) -> Ground:
    return choose_ground(near, frame, _room(kind), _square(kind), extent)


def _finish(
    spec: SheetSpec,
    kind: Type,
    page: Box,
    front: Front,
    main: Marked,
    inset: Inset | None,
    far: tuple[Entry, ...],
) -> Layout:
    views = [finish_view(spec, main, kind)]
    if inset is not None:
        views.append(finish_view(spec, inset.larger, kind))
    squares = _squares(spec, main.ground, far)
    pages: Pages = pages_of(spec, kind, page, front.list, squares, far)
    legend = _legend(kind, front, views)
    return Layout(spec, kind, front, tuple(views), legend, squares, pages.first, pages.rest, far)


def _squares(spec: SheetSpec, ground: Ground, far: Sequence[Entry]) -> dict[str, str]:
    """In which square each entry is looked for, or where it lies beyond the map."""
    beyond = {entry.code for entry in far}
    squares: dict[str, str] = {}
    for entry in spec.entries:
        if entry.lat is None or entry.lon is None or (entry.is_numbered and not entry.is_placed):
            continue
        point = ground.point(entry.lon, entry.lat)
        is_shown = entry.code not in beyond and ground.frame.holds(point)
        squares[entry.code] = ground.square(point) if is_shown else ground.direction(entry)
    return squares


def _legend(kind: Type, front: Front, views: Sequence[View]) -> tuple[LegendItem, ...]:
    """Only what is on the maps."""
    classes = {entry.map_class for view in views for mark in view.marks for entry in mark.entries}
    kinds = frozenset(
        kind
        for view in views
        for kind in (
            *view.terrain.kinds,
            *(spot.kind for spot in view.labels.spots if spot.kind is not GroundKind.VILLAGE),
        )
    )
    bases = frozenset(each.kind for view in views for each in view.base)
    wanted = legend_words([each for each in CLASSES if each in classes], kinds, bases)
    return legend_of(kind, front.legend, wanted)[0]


def _lay_out_large(spec: SheetSpec, kind: Type, page: Box) -> Layout:
    """A plain map and a few places in large type; two pages where one cannot hold them."""
    large = large_layout(spec, kind, page)
    near = [entry for entry in spec.entries if entry.is_placed]
    ground = _ground(near, large.front.frame, large.type, spec.extent)
    main = mark_view(near, ground, large.type, kept=tuple(_told_places(spec, ground)))
    view = finish_view(spec, main, large.type)
    legend = _legend(large.type, large.front, [view])
    squares = _squares(spec, main.ground, ())
    return Layout(spec, large.type, large.front, (view,), legend, squares, (), (), (), large.rows)


def _told_places(spec: SheetSpec, ground: Ground) -> Iterator[Box]:
    """The dots from which the way is told: no mark may lie on them."""
    ways = " ".join(entry.way for entry in spec.entries)
    for feature in spec.features:
        if feature.kind is GroundKind.PLACE and feature.name and feature.name in ways:
            yield from (box_around(ground.point(*point), _DOT, _DOT) for point in points_of(feature.geometry))
