from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from stationdesk.maps.atlas.booklet import fold, folded
from stationdesk.maps.imposing import POINT, Laid, form_of, lay
from stationdesk.maps.sheet.geometry import Box


def pages(path: Path, count: int, size: tuple[float, float] = (148, 210)) -> Path:
    """A file whose pages each draw a rectangle of their own width."""
    writer = PdfWriter()
    for number in range(1, count + 1):
        page = writer.add_blank_page(size[0] / POINT, size[1] / POINT)
        drawing = DecodedStreamObject()
        drawing.set_data(f"0 0 {number} 9 re f".encode())
        page[NameObject("/Contents")] = drawing
        page[NameObject("/Resources")] = DictionaryObject()
    writer.write(path)
    return path


def drawn(path: Path) -> list[list[bytes]]:
    """What each sheet of a file draws, its forms' own contents."""
    found = []
    for page in PdfReader(path).pages:
        forms = page["/Resources"]["/XObject"]  # type: ignore[index]  # pypdf tells no more than an object
        found.append([forms[name].get_data() for name in sorted(forms)])
    return found


@pytest.mark.parametrize("count", range(1, 30))
def test_a_folded_pile_reads_from_first_to_last(count: int) -> None:
    sides = folded(count)
    assert len(sides) % 2 == 0
    fronts, backs = sides[::2], sides[1::2]
    # Leafing through: the right halves of the fronts, each followed by the left half of its back, to the middle,
    # and then the other halves the other way round.
    order = [page for front, back in zip(fronts, backs, strict=True) for page in (front[1], back[0])]
    order += [
        page
        for front, back in zip(reversed(fronts), reversed(backs), strict=True)
        for page in (back[1], front[0])
    ]
    assert [page for page in order if page] == list(range(1, count + 1))
    assert len(order) % 4 == 0


def test_pages_stand_side_by_side_on_sheets_twice_as_wide(tmp_path: Path) -> None:
    target = tmp_path / "folded.pdf"
    assert fold(pages(tmp_path / "book.pdf", 8), target) == 4
    reader = PdfReader(target)
    assert {
        (round(float(page.mediabox.width) * POINT), round(float(page.mediabox.height) * POINT))
        for page in reader.pages
    } == {(296, 210)}
    assert drawn(target)[0] == [b"0 0 8 9 re f", b"0 0 1 9 re f"]
    assert drawn(target)[3] == [b"0 0 4 9 re f", b"0 0 5 9 re f"]


def test_a_drawing_on_many_sheets_is_held_once(tmp_path: Path) -> None:
    source, target = pages(tmp_path / "map.pdf", 1, (400, 400)), tmp_path / "cut.pdf"
    with PdfWriter() as writer:
        form = form_of(writer, PdfReader(source).pages[0])
        for at in range(4):
            lay(writer, (100, 100), [Laid(form, Box(at * 100, 0, 100, 100))])
        writer.write(target)
    forms = [page["/Resources"]["/XObject"] for page in PdfReader(target).pages]  # type: ignore[index]  # as above
    assert len({each.raw_get("/Laid0").idnum for each in forms}) == 1
