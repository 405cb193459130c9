"""The boxes of the pages, worked out from the paper and the words they must hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stationdesk.core.vocab.resources import MapClass
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.metrics import POINT, Type, em_width
from stationdesk.maps.sheet.spec import GroundKind, SheetSpec

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


def fronts_of(spec: SheetSpec, kind: Type, page: Box) -> Iterator[Front]:
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


def whole_front(spec: SheetSpec, kind: Type, page: Box) -> Front:
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
    _, lines = legend_of(kind, Box(left.x, 0, legend_width, 0), classes, kinds)
    height = max(lines * LEGEND_LINE, 3.2) * em
    band = em * 1.25
    frame = Box(left.x + band, left.y + band, left.width - band, left.height - band - height - 2)
    legend = Box(left.x + band, frame.bottom + 2, legend_width - band, height)
    scale = Box(left.right - scale_width, frame.bottom + 2, scale_width, height)
    return Front(header, frame, legend, scale, listing, hotlines, footer)


def legend_of(
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


def further_boxes(spec: SheetSpec, page: Box, kind: Type) -> tuple[Box, ...]:
    """The columns of a page that holds nothing but index."""
    top = page.y + header_of(spec, kind, page.width, further=True).height + GAP
    height = page.bottom - footer_height(kind) - GAP - top
    return columns_of(Box(page.x, top, page.width, height), kind)


def columns_of(box: Box, kind: Type) -> tuple[Box, ...]:
    """The columns of index that stand side by side in a box."""
    count = max(1, int(box.width / kind.em / _TWO_COLUMNS * 2)) if box.width / kind.em >= _TWO_COLUMNS else 1
    width = (box.width - 2 * GAP * (count - 1)) / count
    return tuple(Box(box.x + at * (width + 2 * GAP), box.y, width, box.height) for at in range(count))
