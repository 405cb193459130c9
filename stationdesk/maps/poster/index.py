"""The index of a poster on A4 sheets, for a map so full that it cannot stand beside it."""

from __future__ import annotations

from dataclasses import replace

from stationdesk.core.printing import PageSetup
from stationdesk.maps.sheet.compose import Sheet, html_of, new_document, style_of, write_pages
from stationdesk.maps.sheet.frames import page_box
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.ink import BLACK, COLOURS
from stationdesk.maps.sheet.layout import Layout
from stationdesk.maps.sheet.metrics import type_of
from stationdesk.maps.sheet.pages import pages_of


def compose_index(large: Layout, setup: PageSetup) -> Sheet:
    """The index of a large map on sheets of `setup`, with the squares of that map."""
    spec = replace(large.spec, setup=setup, enlarged=1.0)
    kind = type_of(setup)
    page = page_box(spec, kind)
    pages = pages_of(spec, kind, page, Box(page.x, page.bottom, page.width, 0.0), large.squares, large.far)
    layout = replace(large, spec=spec, type=kind, first=(), rest=pages.rest)
    ink = COLOURS if spec.colour else BLACK
    body = new_document(spec.title, style_of(layout, ink))
    write_pages(body, layout, ink)
    body.remove(body[0])  # the map, which is on the sheets already
    return Sheet(html_of(body), layout)
