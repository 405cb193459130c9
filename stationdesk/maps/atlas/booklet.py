"""Pages in the order of a booklet: two side by side on a sheet, so that the folded pile reads from first to last."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader, PdfWriter

from stationdesk.maps.imposing import POINT, Laid, form_of, lay
from stationdesk.maps.sheet.geometry import Box

A_SHEET = 4
"""Pages on one folded sheet."""


def padded(pages: int) -> int:
    """How many pages a booklet has that must hold so many: whole sheets."""
    return -(-pages // A_SHEET) * A_SHEET


def folded(pages: int) -> tuple[tuple[int, int], ...]:
    """The page on the left and on the right of every side of the sheets, from 1; 0 where none is left.

    The sides alternate, front and back, the outer sheet first: printed on both sides along the short edge, laid
    on one another as they come out and folded in the middle, the pages are in order.
    """
    whole = padded(pages)
    sides: list[tuple[int, int]] = []
    for sheet in range(whole // A_SHEET):
        outer, inner = whole - 2 * sheet, 2 * sheet + 1
        sides += [(outer, inner), (inner + 1, outer - 1)]
    return tuple((_kept(left, pages), _kept(right, pages)) for left, right in sides)


def _kept(page: int, pages: int) -> int:
    return page if page <= pages else 0


def fold(source: Path, target: Path) -> int:
    """Write the pages of a file as the sides of folded sheets twice as wide; returns how many sides there are."""
    reader = PdfReader(source)
    box = reader.pages[0].mediabox
    width, height = float(box.width) * POINT, float(box.height) * POINT
    whole = Box(0, 0, width, height)
    sides = folded(len(reader.pages))
    with PdfWriter() as writer:
        forms = [form_of(writer, page) for page in reader.pages]
        for pair in sides:
            laid = [
                Laid(forms[page - 1], whole, place * width, 0.0) for place, page in enumerate(pair) if page
            ]
            lay(writer, (2 * width, height), laid)
        writer.write(target)
    return len(sides)
