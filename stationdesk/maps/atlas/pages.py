"""The maps of an atlas: each plot on its page, with its list and whatever else lies on its ground."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from stationdesk.core.errors import UserError
from stationdesk.core.vocab.sheets import IndexOrder, SheetForm, SheetKind
from stationdesk.maps.atlas.arrows import Arrow, edge_of
from stationdesk.maps.atlas.furniture import Book
from stationdesk.maps.atlas.plots import halves, union, within
from stationdesk.maps.atlas.spec import AtlasSpec, Plot
from stationdesk.maps.sheet.frames import fronts_of, page_box
from stationdesk.maps.sheet.layout import Layout, lay_out
from stationdesk.maps.sheet.metrics import type_of
from stationdesk.maps.sheet.pages import pages_of
from stationdesk.maps.sheet.spec import Backdrop, Entry, Extent, GroundKind, SheetSpec

Under = Callable[[Layout], Backdrop | None]
"""Finds what of the base maps lies under a page."""

_PARTS = 3
"""A crowded plot is halved so many times at most: eight pages."""
_DETAILS = frozenset({GroundKind.LANE, GroundKind.PLACE, GroundKind.SIGHT, GroundKind.AREA})
"""What the overview leaves to the pages."""


@dataclass(frozen=True, slots=True)
class MapPage:
    """One plot on its page, `number` the first of them where its list goes on; arrows to the pages beside it."""

    plot: Plot
    layout: Layout
    number: int = 0
    arrows: tuple[Arrow, ...] = ()

    @property
    def shown(self) -> Extent:
        """What of the ground its map shows."""
        return self.layout.ground.extent


def map_pages(spec: AtlasSpec, plot: Plot, depth: int = 0) -> Iterator[MapPage]:
    """The page of a plot; as many as it takes where one cannot show all its entries."""
    entries = spec.whole.entries
    own = [entry for entry in entries if entry.code in set(plot.codes)]
    layout = _alone(_sheet(spec, plot, own, plot.extent))
    if layout is not None:
        yield MapPage(plot, _with_others(spec, plot, own, layout))
    elif depth < _PARTS and len(own) > 1:
        for part in halves(plot, own):
            yield from map_pages(spec, part, depth + 1)
    else:
        raise UserError("“{name}”的图在一页上放不下，编号会互相遮盖。请换大一些的纸。", name=plot.name)


def _alone(sheet: SheetSpec) -> Layout | None:
    """A page on which all its entries are drawn; None where that cannot be done.

    The list stands below the map where both fit on a page. Otherwise the map has the page to itself and the list
    the next one.
    """
    fits = _fits(sheet)
    found: Layout | None = None
    for form in (
        (SheetForm.ONE_PAGE, SheetForm.TWO_PAGES) if fits else (SheetForm.TWO_PAGES, SheetForm.ONE_PAGE)
    ):
        try:
            layout = _map_alone(lay_out(replace(sheet, form=form)))
        except UserError:
            continue
        if not {entry.code for entry in layout.drawn} >= {entry.code for entry in sheet.entries}:
            continue
        if layout.pages == 1 or (not fits and layout.pages == 2):
            return layout
        if found is None or layout.pages < found.pages:
            found = layout
    return found


def _map_alone(layout: Layout) -> Layout:
    """Without the page of index that would be empty, where there is nothing to list."""
    return layout if layout.spec.entries else replace(layout, first=(), rest=())


def _fits(sheet: SheetSpec) -> bool:
    """Whether the list finds room below the map; asked before anything is placed, which takes far longer."""
    if not sheet.entries:
        return False
    kind = type_of(sheet.setup, sheet.enlarged)
    page = page_box(sheet, kind)
    return any(
        not pages_of(sheet, kind, page, front.list, {}, ()).rest for front in fronts_of(sheet, kind, page)
    )


def based_on(layout: Layout, under: Under | None) -> Layout:
    """The page with its base map, unless an entry would lose its place by it."""
    if under is None:
        return layout
    backdrop = under(layout)
    based = replace(layout, spec=replace(layout.spec, backdrop=backdrop))
    if backdrop is None or not backdrop.shapes:
        return based
    again = _map_alone(lay_out(based.spec))  # the legend explains shapes, and names keep clear of them
    return again if set(again.drawn) >= set(layout.drawn) and again.pages == layout.pages else based


def _with_others(spec: AtlasSpec, plot: Plot, own: Sequence[Entry], alone: Layout) -> Layout:
    """The same page with whatever else lies on the ground that it shows, as far as its own entries stay on it."""
    extent = _inner(alone)
    others = [each for each in within(extent, spec.whole.entries) if each.code not in set(plot.codes)]
    if not others:
        return alone
    try:
        form = (
            alone.spec.form if own else SheetForm.ONE_PAGE
        )  # a page of nothing else has room for their list
        layout = lay_out(replace(_sheet(spec, plot, [*own, *others], extent), form=form))
    except UserError:
        return alone
    drawn = {entry.code for entry in layout.drawn}
    fits = layout.pages <= alone.pages and layout.ground.n <= alone.ground.n * 1.5
    return layout if fits and drawn >= {each.code for each in (*own, *others)} else alone


def _inner(layout: Layout) -> Extent:
    """What a map shows without its rim, on which no mark has room."""
    rim = layout.type.mark * 1.1 + 2.5
    inner = layout.ground.frame.grown(-rim)
    west, north = layout.ground.degrees((inner.x, inner.y))
    east, south = layout.ground.degrees((inner.right, inner.bottom))
    return west, south, east, north


def _sheet(spec: AtlasSpec, plot: Plot, entries: Sequence[Entry], extent: Extent) -> SheetSpec:
    """A page of the atlas as the engine knows it."""
    whole = spec.whole
    codes = {entry.code for entry in entries}
    features = whole.features
    if plot.area.parts:
        rest = (
            each for each in features if each.kind is not GroundKind.VILLAGE or each.name != plot.area.name
        )
        features = (*rest, *plot.area.parts)
    return replace(
        whole,
        title=plot.name,
        subtitle="　".join(each for each in (whole.subtitle, whole.title) if each),
        edition="",
        phone="",
        hotlines=(),
        changes=(),
        edition_number=0,
        kind=SheetKind.RESOURCES,
        form=SheetForm.ONE_PAGE,
        orders=(IndexOrder.BY_NUMBER,),
        entries=tuple(entry for entry in whole.entries if entry.code in codes),
        features=features,
        extent=extent,
        edge=edge_of(Book(whole).type),
    )


def overview_of(spec: AtlasSpec, maps: Sequence[MapPage]) -> Layout:
    """All of the ground without any entry; the frames of the pages are drawn over it."""
    whole = spec.whole
    sheet = replace(
        _sheet(spec, maps[0].plot, (), union([each.shown for each in maps])),
        title="总图",
        features=tuple(each for each in whole.features if each.kind not in _DETAILS),
        form=SheetForm.TWO_PAGES,
        orders=(),
        edge=0.0,
    )
    return _map_alone(lay_out(sheet))
