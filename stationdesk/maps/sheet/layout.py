"""The whole hand-out laid out: which boxes stand on which page, the map's ground, its marks and the index."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stationdesk.core.errors import UserError
from stationdesk.core.vocab.resources import MapClass
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.ground import Ground, choose_ground, split_far
from stationdesk.maps.sheet.index import Column, Filled, Section, column_for, flow, sections_of
from stationdesk.maps.sheet.labels import Labels, place_labels
from stationdesk.maps.sheet.marks import is_crowded, place_marks
from stationdesk.maps.sheet.metrics import POINT, TYPES, Type, em_width
from stationdesk.maps.sheet.plates import Mark
from stationdesk.maps.sheet.spec import Entry, GroundKind, SheetSpec
from stationdesk.maps.sheet.terrain import Terrain, terrain_of

GAP = 3.5
LEGEND_LINE = 1.75  # ems of the legend's type
KINDS = {
    GroundKind.MAIN_ROAD: "主路",
    GroundKind.LANE: "小路",
    GroundKind.RIVER: "河流水面",
    GroundKind.VILLAGE: "村组范围（示意）",
    GroundKind.AREA: "片区",
    GroundKind.PLACE: "地点",
    GroundKind.SIGHT: "景点",
}

_LIST_SHARES = (0.44, 0.48, 0.53)
_MAP_SHARES = (0.70, 0.62, 0.55, 0.48)
_TWO_COLUMNS = 75  # ems of width from which an index on a page of its own stands in two columns


@dataclass(frozen=True, slots=True)
class LegendItem:
    """One thing explained: a class by its mark or a kind of feature; where it stands."""

    what: MapClass | GroundKind
    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Front:
    """The boxes of the first page."""

    header: Box
    frame: Box
    legend: Box
    scale: Box
    list: Box
    hotlines: Box
    footer: Box


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
    first: Filled
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

    Raises:
        UserError: when nothing has a place, or the paper cannot hold it.
    """
    if not any(entry.is_placed for entry in spec.entries):
        raise UserError("没有一处资源可以上图：请先在地图上标出资源的位置，再打印资源图。")
    kind = TYPES[spec.setup.paper]
    page = _page_box(spec, kind)
    fronts = list(_fronts(spec, kind, page))
    tried = []
    for rank, front in enumerate(fronts):
        _, far = split_far(spec.entries, front.frame)
        sections = sections_of(spec.entries, far)
        pages = len(_flow(spec, kind, page, front, sections, {}, far)[1])
        tried.append((pages, rank))
    _, chosen = min(tried)
    front = fronts[chosen]
    near, _ = split_far(spec.entries, front.frame)
    if is_crowded(near, _ground(near, front.frame, kind), kind.mark):
        # The map matters more than paper now: the first page that draws it largest, with as much list as that leaves.
        fronts.append(_whole_front(spec, kind, page))
        scale = {id(each): _ground(near, each.frame, kind).n for each in fronts}
        front = min(reversed(fronts), key=lambda each: (scale[id(each)], -each.list.height * each.list.width))
    return _finish(spec, kind, page, front)


def _ground(near: Sequence[Entry], frame: Box, kind: Type) -> Ground:
    return choose_ground(near, frame, kind.mark * 1.1 + 2, 26 * kind.mark / 5.4)


def _finish(spec: SheetSpec, kind: Type, page: Box, front: Front) -> Layout:
    near, far = split_far(spec.entries, front.frame)
    ground = _ground(near, front.frame, kind)
    terrain = terrain_of(spec.features, ground)
    marks = place_marks(near, ground, kind.mark)
    labels = place_labels(terrain, marks, front.frame, kind.legend_pt, ground.n)
    squares = {
        entry.code: ground.square(ground.point(entry.lon or 0.0, entry.lat or 0.0)) for entry in near
    } | {entry.code: ground.direction(entry) for entry in far}
    sections = sections_of(spec.entries, far)
    first, rest = _flow(spec, kind, page, front, sections, squares, far)
    classes = {entry.map_class for entry in near}
    kinds = terrain.kinds | {spot.kind for spot in labels.spots if spot.kind is not GroundKind.VILLAGE}
    legend, _ = _legend(kind, front.legend, [each for each in MapClass if each in classes], kinds)
    return Layout(
        spec, kind, front, ground, terrain, marks, labels, legend, squares, sections, first, rest, far
    )


def _page_box(spec: SheetSpec, kind: Type) -> Box:
    width, height = spec.setup.size
    return Box(kind.margin, kind.margin, width - 2 * kind.margin, height - 2 * kind.margin)


@dataclass(frozen=True, slots=True)
class Header:
    """How the head of the page is set, so that it fits: the size of its title, and whether it needs two lines."""

    title_pt: float
    is_double: bool
    height: float


def header_of(spec: SheetSpec, kind: Type, width: float, *, further: bool = False) -> Header:
    """Title, edition and phone in one line where they fit, otherwise the edition in a line below."""
    phone = (
        em_width(f"社工站 {spec.phone}", bold=True) * kind.subtitle_pt * 1.3 * POINT if spec.phone else 0.0
    )
    words = "资源索引（续）" if further else f"{spec.subtitle}　{spec.edition}"
    words += "练习镇　资料均为编造　　" if spec.practice else ""
    beside = em_width(words) * kind.subtitle_pt * POINT
    title_pt = kind.title_pt * (0.7 if further else 1.0)
    gap = kind.em * 3
    title = em_width(spec.title, bold=True) * 1.05 * title_pt * POINT
    double = title + gap + beside + gap + phone > width
    if double and title + gap + phone > width:
        title_pt *= max(0.5, (width - gap - phone) / title)
    height = title_pt * POINT * 1.35 + 2.5 + (kind.subtitle_pt * POINT * 1.6 if double else 0.0)
    return Header(title_pt, double, height)


def footer_height(kind: Type) -> float:
    """Two lines and their rule."""
    return kind.footer_pt * POINT * 1.4 * 2 + 1.5


def hotline_rows(spec: SheetSpec, kind: Type, width: float) -> int:
    """How many lines the emergency numbers need."""
    texts = [f"{line.label} {line.number}" for line in spec.hotlines]
    needed = sum((em_width(text, bold=True) + 1.6) * kind.hotline_pt * POINT for text in texts)
    return max(1, -int(-needed // width)) if texts else 0


def _fronts(spec: SheetSpec, kind: Type, page: Box) -> Iterator[Front]:
    """The first page with more and more room for the list; the map keeps about half."""
    header, body, hotlines, footer = _bands(spec, kind, page)
    for share in _LIST_SHARES if spec.setup.landscape else _MAP_SHARES:
        if spec.setup.landscape:
            width = body.width * share
            left = Box(body.x, body.y, body.width - width - GAP, body.height)
            listing = Box(left.right + GAP, body.y, width, body.height)
        else:
            left = Box(body.x, body.y, body.width, body.height * share)
            listing = Box(body.x, left.bottom + GAP * 0.6, body.width, body.bottom - left.bottom - GAP * 0.6)
        yield _front(spec, kind, left, header, footer, hotlines, listing)


def _whole_front(spec: SheetSpec, kind: Type, page: Box) -> Front:
    """The first page as map alone, the whole index on the pages after it: for maps with very many marks."""
    header, body, hotlines, footer = _bands(spec, kind, page)
    return _front(spec, kind, body, header, footer, hotlines, Box(body.x, body.bottom, body.width, 0.0))


def _bands(spec: SheetSpec, kind: Type, page: Box) -> tuple[Box, Box, Box, Box]:
    """What every first page has: its head, the body between, the emergency numbers, the foot."""
    header = Box(page.x, page.y, page.width, header_of(spec, kind, page.width).height)
    top = header.bottom + GAP * 0.6
    footer = Box(page.x, page.bottom - footer_height(kind), page.width, footer_height(kind))
    rows = hotline_rows(spec, kind, page.width)
    height = rows * kind.hotline_pt * POINT * 1.55 + 1.2 if rows else 0.0
    hotlines = Box(page.x, footer.y - GAP * 0.7 - height, page.width, height)
    return header, Box(page.x, top, page.width, hotlines.y - GAP * 0.7 - top), hotlines, footer


def _front(
    spec: SheetSpec, kind: Type, left: Box, header: Box, footer: Box, hotlines: Box, listing: Box
) -> Front:
    em = kind.legend_pt * POINT
    scale_width = em * 16
    legend_width = left.width - scale_width - GAP
    classes = [each for each in MapClass if any(e.map_class is each and e.is_placed for e in spec.entries)]
    kinds = frozenset(feature.kind for feature in spec.features)
    _, lines = _legend(kind, Box(left.x, 0, legend_width, 0), classes, kinds)
    height = max(lines * LEGEND_LINE, 3.2) * em
    band = em * 1.25
    frame = Box(left.x + band, left.y + band, left.width - band, left.height - band - height - 2)
    legend = Box(left.x + band, frame.bottom + 2, legend_width - band, height)
    scale = Box(left.right - scale_width, frame.bottom + 2, scale_width, height)
    return Front(header, frame, legend, scale, listing, hotlines, footer)


def _legend(
    kind: Type, box: Box, classes: Sequence[MapClass], kinds: frozenset[GroundKind]
) -> tuple[tuple[LegendItem, ...], int]:
    """Items set side by side in rows, and how many rows."""
    em = kind.legend_pt * POINT
    wanted: list[tuple[MapClass | GroundKind, str]] = [(each, each.label) for each in classes]
    wanted.extend((each, label) for each, label in KINDS.items() if each in kinds)
    items: list[LegendItem] = []
    x, line = box.x, 0
    for what, label in wanted:
        width = (em_width(label) + 3.1) * em
        if x > box.x and x + width - em > box.right:
            x, line = box.x, line + 1
        items.append(LegendItem(what, label, x, box.y + (line + 0.5) * LEGEND_LINE * em))
        x += width
    return tuple(items), line + 1


def _flow(
    spec: SheetSpec,
    kind: Type,
    page: Box,
    front: Front,
    sections: Sequence[Section],
    squares: dict[str, str],
    far: Sequence[Entry],
) -> tuple[Filled, tuple[tuple[tuple[Box, Filled], ...], ...]]:
    """The index over the list of the first page and as many further pages as it needs."""
    em = kind.em
    widths: dict[float, Column] = {}

    def column(box: Box) -> Column:
        if box.width not in widths:
            widths[box.width] = column_for(spec.entries, box.width / em, 0, far=bool(far))
        return replace(widths[box.width], height=box.height / em)

    boxes = _further(spec, page, kind)
    per_page = len(boxes)

    def fill(last: int, height: float) -> tuple[Filled, list[tuple[Box, Filled]]]:
        """Flow with the columns of page `last` no taller than `height`."""
        offered: list[Box] = []

        def columns() -> Iterator[Column]:
            yield column(front.list) if front.list.height else Column(1, 0, (0.5,) * 6)
            for at, box in enumerate(itertools.cycle(boxes)):
                short = at // per_page == last
                offered.append(Box(box.x, box.y, box.width, min(height, box.height)) if short else box)
                yield column(offered[-1])

        first, *others = flow(sections, squares, columns())
        return first, list(zip(offered, others, strict=True))

    first, placed = fill(-1, 0.0)
    last = (len(placed) - 1) // per_page
    if per_page > 1 and placed:  # the columns of the last page end side by side
        for share in range(20, 100, 4):
            tried = fill(last, boxes[0].height * share / 100)
            if len(tried[1]) <= (last + 1) * per_page:
                first, placed = tried
                break
    return first, tuple(tuple(placed[at : at + per_page]) for at in range(0, len(placed), per_page))


def _further(spec: SheetSpec, page: Box, kind: Type) -> tuple[Box, ...]:
    """The columns of a page that holds nothing but index."""
    top = page.y + header_of(spec, kind, page.width, further=True).height + GAP
    height = page.bottom - footer_height(kind) - GAP - top
    if page.width / kind.em < _TWO_COLUMNS:
        return (Box(page.x, top, page.width, height),)
    width = (page.width - 2 * GAP) / 2
    return Box(page.x, top, width, height), Box(page.x + width + 2 * GAP, top, width, height)
