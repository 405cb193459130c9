"""The boxes of the pages, worked out from the paper and the words they must hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stationdesk.core.vocab.sheets import SheetForm, SheetKind
from stationdesk.maps.sheet.changes import edition_lines, edition_words
from stationdesk.maps.sheet.classes import CLASSES, EntryClass
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.metrics import POINT, Type, em_width
from stationdesk.maps.sheet.spec import BaseKind, GroundKind, SheetSpec

GAP = 3.5
LEGEND_LINE = 1.75  # ems of the legend's type
CHANGES_SIZE = 1.06  # of the foot's type
KINDS = {
    GroundKind.MAIN_ROAD: "主路",
    GroundKind.LANE: "小路",
    GroundKind.RIVER: "河流水面",
    GroundKind.VILLAGE: "村组范围（示意）",
    GroundKind.AREA: "片区",
    GroundKind.PLACE: "地点",
    GroundKind.SIGHT: "景点",
}
BASE_KINDS = {
    BaseKind.ROAD: "公路街道",
    BaseKind.PATH: "小路",
    BaseKind.RAIL: "铁路",
    BaseKind.WATER: "河流水面",
    BaseKind.BUILDING: "房屋",
    BaseKind.GREEN: "绿地林地",
}
"""What of a base map the legend explains; streets look like roads, streams like water."""
ALIKE = {BaseKind.STREET: BaseKind.ROAD, BaseKind.STREAM: BaseKind.WATER}

_LIST_SHARES = (0.44, 0.48, 0.53)
_MAP_SHARES = (0.70, 0.62, 0.55, 0.48)
_TWO_COLUMNS = 75  # ems of width from which an index on a page of its own stands in two columns


Explained = EntryClass | GroundKind | BaseKind
"""What a legend can explain: a class of marks, a kind of feature, something of the base map."""


@dataclass(frozen=True, slots=True)
class LegendItem:
    """One thing explained: a class by its mark or a kind of feature; where it stands."""

    what: Explained
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
    changes: Box
    hotlines: Box
    footer: Box


def page_box(spec: SheetSpec, kind: Type) -> Box:
    """The paper within its margins."""
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
    words = further_title(spec, 1) if further else f"{spec.subtitle}　{edition_words(spec)}"
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


def further_title(spec: SheetSpec, number: int) -> str:
    """What the pages of the index are called; `number` 0 is the first of them."""
    if spec.kind is SheetKind.LARGE_PRINT:
        return "电话和走法"
    whole = "资源索引" if any(entry.is_resource for entry in spec.entries) else "索引"
    return whole if number == 0 and spec.form is SheetForm.TWO_PAGES else f"{whole}（续）"


def footer_lines(spec: SheetSpec) -> int:
    """Two, and one more where the makers of a base map are named."""
    return 3 if spec.backdrop is not None and spec.backdrop.attribution else 2


def footer_height(spec: SheetSpec, kind: Type) -> float:
    """Its lines and their rule."""
    return kind.footer_pt * POINT * 1.4 * footer_lines(spec) + 1.5


def hotline_rows(spec: SheetSpec, kind: Type, width: float) -> int:
    """How many lines the emergency numbers need."""
    texts = [f"{line.label} {line.number}" for line in spec.hotlines]
    needed = sum((em_width(text, bold=True) + 1.6) * kind.hotline_pt * POINT for text in texts)
    return max(1, -int(-needed // width)) if texts else 0


def fronts_of(spec: SheetSpec, kind: Type, page: Box) -> Iterator[Front]:
    """The first page with more and more room for the list; the map keeps about half."""
    bands = _bands(spec, kind, page)
    body = bands.body
    for share in _LIST_SHARES if spec.setup.landscape else _MAP_SHARES:
        if spec.setup.landscape:
            width = body.width * share
            left = Box(body.x, body.y, body.width - width - GAP, body.height)
            listing = Box(left.right + GAP, body.y, width, body.height)
        else:
            left = Box(body.x, body.y, body.width, body.height * share)
            listing = Box(body.x, left.bottom + GAP * 0.6, body.width, body.bottom - left.bottom - GAP * 0.6)
        yield _front(spec, kind, left, bands, listing)


def whole_front(
    spec: SheetSpec, kind: Type, page: Box, map_width: float | None = None, map_height: float | None = None
) -> Front:
    """The first page as map alone, the whole index on the pages after it: for maps with very many marks.

    The map takes less where something else than an index stands beside or below it.
    """
    bands = _bands(spec, kind, page)
    body = bands.body
    body = Box(body.x, body.y, map_width or body.width, map_height or body.height)
    return _front(spec, kind, body, bands, Box(body.x, body.bottom, body.width, 0.0))


@dataclass(frozen=True, slots=True)
class _Bands:
    """What every first page has: its head, the body between, what changed, the emergency numbers, the foot."""

    header: Box
    body: Box
    changes: Box
    hotlines: Box
    footer: Box


def _bands(spec: SheetSpec, kind: Type, page: Box) -> _Bands:
    header = Box(page.x, page.y, page.width, header_of(spec, kind, page.width).height)
    top = header.bottom + GAP * 0.6
    tall = footer_height(spec, kind)
    footer = Box(page.x, page.bottom - tall, page.width, tall)
    rows = hotline_rows(spec, kind, page.width)
    height = rows * kind.hotline_pt * POINT * 1.55 + 1.2 if rows else 0.0
    hotlines = Box(page.x, footer.y - GAP * 0.7 - height, page.width, height)
    lines = edition_lines(spec, changes_ems(kind, page.width))
    told = len(lines) * kind.footer_pt * POINT * CHANGES_SIZE * 1.35 + 1.6 if lines else 0.0
    changes = Box(page.x, hotlines.y - GAP * 0.5 - told, page.width, told)
    bottom = changes.y - GAP * 0.5 if lines else hotlines.y - GAP * 0.7
    return _Bands(header, Box(page.x, top, page.width, bottom - top), changes, hotlines, footer)


def changes_ems(kind: Type, width: float) -> float:
    """How many signs of the edition box stand side by side."""
    return (width - 4.0) / (kind.footer_pt * POINT * CHANGES_SIZE)


def _front(spec: SheetSpec, kind: Type, left: Box, bands: _Bands, listing: Box) -> Front:
    em = kind.legend_pt * POINT
    scale_width = em * 16
    legend_width = left.width - scale_width - GAP
    classes = [each for each in CLASSES if any(e.map_class is each and e.is_placed for e in spec.entries)]
    kinds = frozenset(feature.kind for feature in spec.features)
    band = em * 1.25
    wanted = legend_words(classes, kinds, base_kinds(spec))
    _, lines = legend_of(kind, Box(left.x, 0, legend_width - band, 0), wanted)
    height = max(lines * LEGEND_LINE, 3.4) * em
    edge = spec.edge
    around = Box(left.x + edge, left.y + edge, left.width - 2 * edge, left.height - 2 * edge)
    frame = Box(around.x + band, around.y + band, around.width - band, around.height - band - height - 2)
    below = frame.bottom + edge + 2
    legend = Box(left.x + band, below, legend_width - band, height)
    scale = Box(left.right - scale_width, below, scale_width, height)
    return Front(bands.header, frame, legend, scale, listing, bands.changes, bands.hotlines, bands.footer)


def base_kinds(spec: SheetSpec) -> frozenset[BaseKind]:
    """What a base map of shapes has in it."""
    return (
        frozenset(shape.kind for shape in spec.backdrop.shapes) if spec.backdrop is not None else frozenset()
    )


def legend_words(
    classes: Sequence[EntryClass], kinds: frozenset[GroundKind], bases: frozenset[BaseKind]
) -> list[tuple[Explained, str]]:
    """What a legend explains, in its order, and by which word; a thing of the base map only where ours has none."""
    wanted: list[tuple[Explained, str]] = [(each, each.label) for each in classes]
    wanted.extend((each, label) for each, label in KINDS.items() if each in kinds)
    seen = {label for _, label in wanted}
    found = frozenset(ALIKE.get(each, each) for each in bases)
    wanted.extend((each, label) for each, label in BASE_KINDS.items() if each in found and label not in seen)
    return wanted


def legend_of(
    kind: Type, box: Box, wanted: Sequence[tuple[Explained, str]]
) -> tuple[tuple[LegendItem, ...], int]:
    """Items set side by side in rows, and how many rows."""
    em = kind.legend_pt * POINT
    items: list[LegendItem] = []
    x, line = box.x, 0
    for what, label in wanted:
        width = (em_width(label) + 3.1) * em
        if x > box.x and x + width - em > box.right:
            x, line = box.x, line + 1
        items.append(LegendItem(what, label, x, box.y + (line + 0.5) * LEGEND_LINE * em))
        x += width
    return tuple(items), line + 1


def further_top(spec: SheetSpec, kind: Type, page: Box) -> float:
    """Where the body of a page after the first begins."""
    return page.y + header_of(spec, kind, page.width, further=True).height + GAP


def further_boxes(spec: SheetSpec, page: Box, kind: Type) -> tuple[Box, ...]:
    """The columns of a page that holds nothing but index."""
    top = further_top(spec, kind, page)
    height = page.bottom - footer_height(spec, kind) - GAP - top
    return columns_of(Box(page.x, top, page.width, height), kind)


def columns_of(box: Box, kind: Type) -> tuple[Box, ...]:
    """The columns of index that stand side by side in a box."""
    count = max(1, int(box.width / kind.em / _TWO_COLUMNS * 2)) if box.width / kind.em >= _TWO_COLUMNS else 1
    width = (box.width - 2 * GAP * (count - 1)) / count
    return tuple(Box(box.x + at * (width + 2 * GAP), box.y, width, box.height) for at in range(count))
