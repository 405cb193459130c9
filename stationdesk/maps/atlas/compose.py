"""The whole atlas as one static document: every page numbered, every entry on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from stationdesk.core.errors import UserError
from stationdesk.core.text import clean_line
from stationdesk.core.vocab.resources import MapClass
from stationdesk.maps.atlas.arrows import Way, draw_arrows, place_arrows
from stationdesk.maps.atlas.booklet import padded
from stationdesk.maps.atlas.front import Title, contents_pages, draw_contents, draw_cover
from stationdesk.maps.atlas.furniture import Book, add_page, placed, style
from stationdesk.maps.atlas.guides import GuidePages, draw_guides, guide_pages
from stationdesk.maps.atlas.listing import Listing, Spot, by_name, by_number, draw_listing
from stationdesk.maps.atlas.overview import draw_frames, shown_box, unnamed
from stationdesk.maps.atlas.pages import MapPage, Under, based_on, map_pages, overview_of
from stationdesk.maps.atlas.plots import neighbours, plots_of
from stationdesk.maps.atlas.spec import AtlasSpec
from stationdesk.maps.sheet.compose import html_of, new_document, style_of, write_pages
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.layout import Layout
from stationdesk.maps.sheet.metrics import POINT
from stationdesk.maps.sheet.pen import element, svg
from stationdesk.maps.sheet.spec import Entry, Extent

_NOTES = 9.0
"""Millimetres between the lines of an empty page."""


@dataclass(frozen=True, slots=True)
class Atlas:
    """A composed atlas: the document to print and what it was made from, for the checks.

    `spots` are where entries are found by their code; those with a place that no page shows are not among them.
    `listed` are the pages of the indexes, from 1.
    """

    html: str
    spec: AtlasSpec
    overview: Layout
    maps: tuple[MapPage, ...]
    spots: Mapping[str, Spot]
    listed: tuple[int, ...]
    pages: int

    @property
    def lost(self) -> tuple[Entry, ...]:
        """Entries with a place that stand in the index alone."""
        return tuple(
            each for each in self.spec.whole.entries if each.is_placed and each.code not in self.spots
        )

    @property
    def unnamed(self) -> tuple[str, ...]:
        """Names of the ground that found no room on any page."""
        shown = {
            label.text for each in self.maps for view in each.layout.views for label in view.labels.shown
        }
        dropped = (name for each in self.maps for name in each.layout.unnamed)
        return tuple(dict.fromkeys(name for name in dropped if name not in shown))


def _untold(_done: int, _total: int) -> None:
    return


def compose_atlas(
    spec: AtlasSpec, tell: Callable[[int, int], None] = _untold, under: Under | None = None
) -> Atlas:
    """Lay all pages out and write them; `tell` is called with how many maps are done, of how many.

    `under` gives the base map that lies under a page; the words of its makers are the backdrop of the whole.

    Raises:
        UserError: when there is nothing to show, or a page cannot hold it. Whatever `tell` raises.
    """
    plots = plots_of(spec)
    if not plots:
        raise UserError(
            "没有一个{unit}可以上图：请先在地图上标出位置，或者画出村组范围，再打印地图册。", unit=spec.unit
        )
    maps: list[MapPage] = []
    for done, plot in enumerate(plots):
        tell(done, len(plots) + 1)
        maps += [replace(each, layout=based_on(each.layout, under)) for each in map_pages(spec, plot)]
    tell(len(plots), len(plots) + 1)
    overview = based_on(overview_of(spec, maps), under)
    return _write(spec, overview, maps)


# The numbers


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which page everything begins on."""

    contents: int
    overview: int
    maps: tuple[MapPage, ...]
    spots: dict[str, Spot]
    numbers: int
    names: int
    notes: int
    guides: int
    pages: int


def _write(spec: AtlasSpec, overview: Layout, maps: Sequence[MapPage]) -> Atlas:
    book = Book(spec.whole)
    guides = guide_pages(spec.guides, book)
    classes = _classes(spec)
    contents = 2
    at = contents + contents_pages(len(maps) + _OTHER_TITLES, book, classes)
    overview_at = at
    at += overview.pages
    numbered = []
    for each in maps:
        numbered.append(replace(each, number=at))
        at += each.layout.pages
    spots = _spots(numbered)
    numbers, names = by_number(spec.whole.entries, spots, book), by_name(spec.whole.entries, spots, book)
    names_at = at + len(numbers.pages)
    notes_at = names_at + len(names.pages)
    total = notes_at - 1 + len(guides.pages)
    notes = padded(total) - total if spec.folded else 0
    plan = _Plan(
        contents, overview_at, tuple(numbered), spots, at, names_at, notes_at, notes_at + notes, total + notes
    )
    return _draw(spec, plan, overview, (numbers, names), guides)


_OTHER_TITLES = 5
"""Lines of the contents besides those of the maps."""


def _spots(maps: Sequence[MapPage]) -> dict[str, Spot]:
    """Where each entry is found: on the page of its own plot, in the square that the page names."""
    spots: dict[str, Spot] = {}
    for each in maps:
        drawn = {entry.code for entry in each.layout.drawn}
        for code in each.plot.codes:
            if code in drawn:
                spots[code] = Spot(each.number, each.layout.squares[code])
    return spots


def _classes(spec: AtlasSpec) -> list[MapClass]:
    found = {entry.map_class for entry in spec.whole.entries if entry.is_placed}
    return [each for each in MapClass if each in found]


def _titles(spec: AtlasSpec, plan: _Plan) -> list[Title]:
    titles = [Title("总图", plan.overview, f"各{spec.unit}在哪一页")]
    for each in plan.maps:
        count = sum(1 for code in each.plot.codes if code in plan.spots)
        titles.append(Title(clean_line(each.plot.name), each.number, f"{count} 项" if count else "", 1))
    titles += [Title("按编号查", plan.numbers), Title("按名称查（拼音顺序）", plan.names)]
    if spec.guides:
        titles.append(Title("办事指南", plan.guides, f"{len(spec.guides)} 项政策"))
    titles.append(Title("求助电话", plan.pages))
    return titles


# The pages


def _draw(
    spec: AtlasSpec, plan: _Plan, overview: Layout, listings: tuple[Listing, Listing], guides: GuidePages
) -> Atlas:
    book = Book(spec.whole, plan.pages)
    body = new_document(spec.whole.title, style_of(overview, book.ink) + style(book))
    pages = etree.Element("body")  # drawn first: the cover shows a picture of the overview
    _draw_overview(pages, overview, plan, book)
    drawing = next(iter(pages.iter("svg")), None)
    ground = shown_box(overview, [each.plot.extent for each in plan.maps])
    draw_cover(body, book, (drawing, ground) if drawing is not None else None)
    draw_contents(body, book, plan.contents, _titles(spec, plan), _classes(spec))
    body.extend(list(pages))
    maps = tuple(_draw_map(body, plan, at, book) for at in range(len(plan.maps)))
    for listing, first in zip(listings, (plan.numbers, plan.names), strict=True):
        for at in range(len(listing.pages)):
            title = listing.title if at == 0 else f"{listing.title}（续）"
            section, _room = add_page(body, book, first + at, title)
            draw_listing(section, listing, at, book)
    for number in range(plan.notes, plan.guides):
        _draw_notes(body, book, number)
    for at in range(len(guides.pages)):
        last = at == len(guides.pages) - 1
        title = "办事指南" if guides.pages[at][0][1] else "求助电话"
        section, _room = add_page(body, book, plan.guides + at, title)
        draw_guides(section, guides, at, book)
        if last:
            section.set("class", "book back")
    html = html_of(body)
    return Atlas(html, spec, overview, maps, plan.spots, tuple(range(plan.numbers, plan.notes)), plan.pages)


def _numbered(layout: Layout, number: int, pages: int) -> Layout:
    return replace(layout, spec=replace(layout.spec, first_page=number, all_pages=pages))


def _draw_overview(body: etree._Element, overview: Layout, plan: _Plan, book: Book) -> None:
    layout = _numbered(overview, plan.overview, plan.pages)
    write_pages(body, unnamed(layout, [each.plot for each in plan.maps]), book.ink)
    section = next(iter(body.iter("section")))
    width, height = layout.spec.setup.size
    drawing = svg(section, Box(0, 0, width, height), "frames")
    draw_frames(drawing, layout, [(each.number, each.plot) for each in plan.maps], book.ink)


def _draw_map(body: etree._Element, plan: _Plan, at: int, book: Book) -> MapPage:
    page = plan.maps[at]
    layout = _numbered(page.layout, page.number, plan.pages)
    before = len(body)
    write_pages(body, layout, book.ink)
    section = body[before]
    frame = layout.main.frame
    for view in layout.views:  # an inset may stand beside the map
        frame = frame.with_box(view.frame)
    plots = [each.plot for each in plan.maps]
    ways = [
        Way(plots[other].name, plan.maps[other].number, _paper_middle(layout, plots[other].extent))
        for other in neighbours(plots, at)
    ]
    arrows = place_arrows(ways, frame, layout.type)
    width, height = layout.spec.setup.size
    drawing = svg(section, Box(0, 0, width, height), "arrows")
    draw_arrows(drawing, arrows, frame, layout.type, book.ink)
    _tab(section, page.number, book)
    return replace(page, layout=layout, arrows=arrows)


def _paper_middle(layout: Layout, extent: Extent) -> tuple[float, float]:
    return layout.ground.point((extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2)


def _tab(section: etree._Element, number: int, book: Book) -> None:
    """The page's number large in the upper corner, as the overview and the arrows name it."""
    kind, page = book.type, book.page
    size = kind.title_pt * 1.15
    box = Box(page.right - 30, page.y - 0.5, 30, size * POINT * 1.2)
    tab = placed(section, "div", box, class_="tab")
    style = f"{tab.get('style')};text-align:right;font-size:{size:.2f}pt;font-weight:700;line-height:1.1"
    tab.set("style", style)
    tab.text = str(number)


def _draw_notes(body: etree._Element, book: Book, number: int) -> None:
    """An empty page with lines, so that the back of the book comes to lie outside."""
    section, room = add_page(body, book, number, "记事")
    drawing = svg(section, room, "notes")
    d = ""
    y = room.y + _NOTES
    while y < room.bottom:
        d += f"M{room.x:.2f} {y:.2f}H{room.right:.2f}"
        y += _NOTES
    element(drawing, "path", d=d, stroke=book.ink.rule, stroke_width=0.15, fill="none")
