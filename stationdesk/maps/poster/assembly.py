"""The file of a poster: the plan, every sheet with its window of the large map and its marks, then the index."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader, PdfWriter

from stationdesk.maps.imposing import Laid, form_of, lay
from stationdesk.maps.poster.cutting import MARGIN, Tiling
from stationdesk.maps.poster.marks import plan_box
from stationdesk.maps.sheet.geometry import Box


def cut_up(whole: Path, marks: Path, index: Path | None, tiling: Tiling, target: Path) -> int:
    """Write the sheets; `whole` holds the large map on its first page, `marks` a page for the plan and for each sheet.

    The pages of `index` follow as they are. Returns how many pages the file has.
    """
    with PdfWriter() as writer:
        large = form_of(writer, PdfReader(whole).pages[0])
        over = [form_of(writer, page) for page in PdfReader(marks).pages]
        width, height = tiling.setup.size
        sheet = Box(0, 0, width, height)
        plan = plan_box(tiling)
        everything = Box(0, 0, *tiling.size)
        small = Laid(large, everything, plan.x, plan.y, plan.width / everything.width)
        lay(writer, (width, height), [small, Laid(over[0], sheet)])
        for tile, mark in zip(tiling.tiles(), over[1:], strict=True):
            lay(writer, (width, height), [Laid(large, tile.window, MARGIN, MARGIN), Laid(mark, sheet)])
        if index is not None:
            for page in PdfReader(index).pages:
                writer.add_page(page)
        count = len(writer.pages)
        writer.write(target)
    return count
