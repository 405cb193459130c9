"""The base map under a printed sheet: whatever the screen shows, as pictures or shapes, with the words it asks for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from stationdesk.core.messages import _
from stationdesk.maps.basemaps.found import Extent as Rectangle
from stationdesk.maps.sheet.spec import Backdrop, BaseShape, Picture, SheetSpec
from stationdesk.services.basemaps import map_bases
from stationdesk.services.field_sheets import returned_bases
from stationdesk.services.store import Store

if TYPE_CHECKING:
    from stationdesk.maps.basemaps.on_paper import Source, Window
    from stationdesk.maps.layers import MapBase
    from stationdesk.maps.sheet.compose import Sheet
    from stationdesk.maps.sheet.layout import Layout

_AIR = 0.15
"""Shapes are read from so much around a frame: the legend that explains them may still move it."""


def composed(store: Store, spec: SheetSpec, *, based: bool = True) -> Sheet:
    """The sheet, laid over the base maps that the screen shows; `based` False leaves them out.

    Raises:
        UserError: as for `compose`.
    """
    from stationdesk.maps.sheet.compose import compose, compose_layout

    with store.reading() as session:
        bases = shown_bases(store, session) if based else ()
    if not bases:
        return compose(spec)
    sheet = compose(replace(spec, backdrop=words_of(bases)))
    backdrop = backdrop_of(bases, windows_of(sheet.layout), colour=spec.colour)
    if backdrop is None:
        return compose(spec)
    spec = replace(spec, backdrop=backdrop)
    if backdrop.shapes or backdrop.attribution != words_of(bases).attribution:
        return compose(spec)  # the legend explains them, and names keep clear of them
    return compose_layout(replace(sheet.layout, spec=spec))


def unprinted(store: Store, spec: SheetSpec) -> Iterator[str]:
    """What is told where the screen shows base maps and none of them lies under the sheet."""
    with store.reading() as session:
        bases = shown_bases(store, session) if spec.backdrop is None else ()
    if bases:
        yield _("底图“{names}”没有印：这一带没有路、河、房屋，或者底图太粗").format(
            names="、".join(base.title for base in bases)
        )


def shown_bases(store: Store, session: Session) -> tuple[MapBase, ...]:
    """The base maps that the screen shows, the topmost first, without the sheets that were drawn on and came back."""
    returned = returned_bases(session)
    return tuple(base for base in map_bases(store, session) if base.shown and base.key not in returned)


def windows_of(layout: Layout) -> tuple[Window, ...]:
    """The map frames of a sheet."""
    from stationdesk.maps.basemaps.on_paper import Window

    return tuple(
        Window(view.ground.extent, view.frame.width, view.frame.height, view.ground.n)
        for view in layout.views
    )


def backdrop_of(
    bases: Sequence[MapBase], windows: Sequence[Window], *, colour: bool = True
) -> Backdrop | None:
    """What lies under these frames: the topmost pictures, at least 200 points to the inch, and all shapes.

    None where none of the base maps has anything there. A file that is gone or damaged is passed over.
    """
    from stationdesk.maps.basemaps.on_paper import picture_for, shapes_for

    pictures: list[Picture] = []
    shapes: list[BaseShape] = []
    used: list[MapBase] = []
    for base in bases:
        near = [window for window in windows if _meets(base, window)]
        if not near or (pictures and not base.kind.is_vector):
            continue
        with _opened(base) as source:
            if source is None:
                continue
            before = len(pictures) + len(shapes)
            if base.kind.is_vector:
                shapes.extend(shapes_for(source, _wider(near)))
            else:
                cut = (picture_for(source, window, colour=colour) for window in near)
                pictures.extend(picture for picture in cut if picture is not None)
        if len(pictures) + len(shapes) > before:
            used.append(base)
    if not used:
        return None
    return replace(words_of(used), pictures=tuple(pictures), shapes=tuple(shapes))


def words_of(bases: Sequence[MapBase]) -> Backdrop:
    """What the makers of base maps ask to be printed."""
    makers = dict.fromkeys(base.attribution.strip() for base in bases if base.attribution.strip())
    reviews = dict.fromkeys(base.review_number.strip() for base in bases if base.review_number.strip())
    return Backdrop(attribution="；".join(makers), review_number="、".join(reviews))


@contextmanager
def _opened(base: MapBase) -> Iterator[Source | None]:
    from stationdesk.core.vocab import Datum
    from stationdesk.maps.basemaps.on_paper import Source
    from stationdesk.maps.basemaps.reading import open_tiles

    try:
        tiles = open_tiles(base.path, base.kind)
    except (OSError, ValueError, sqlite3.DatabaseError):
        yield None
        return
    try:
        yield Source(tiles, Datum.WGS84 if base.kind.is_ours else base.datum, base.zooms)
    finally:
        tiles.close()


def _meets(base: MapBase, window: Window) -> bool:
    """Whether a base map may have something in a frame; datums differ by less than the air."""
    west, south, east, north = base.extent
    left, low, right, high = window.extent
    air = 0.01
    return left < east + air and west - air < right and low < north + air and south - air < high


def _wider(windows: Sequence[Window]) -> Window:
    """The widest of the frames, which holds the others, with some air."""
    widest = max(windows, key=lambda each: each.n)
    west, south, east, north = Rectangle(*widest.extent)
    across, down = (east - west) * _AIR, (north - south) * _AIR
    finest = min(each.n for each in windows)
    return replace(
        widest, extent=(west - across, south - down, east + across, north + down), n=(widest.n + finest) // 2
    )
