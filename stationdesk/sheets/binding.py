"""Printed pages put together into one file: in order, with contents, or two A5 sheets on one A4 sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pypdf import PageObject, PdfReader, PdfWriter, Transformation

_A4_LANDSCAPE = (841.89, 595.276)
"""Points."""

Contents = Sequence[tuple[str, int]]
"""Words and the page, from 0, that they lead to."""


def bind(pages: Iterable[tuple[Path, int]], target: Path, contents: Contents = ()) -> None:
    """Pages of several files, each by its place from 0, in one file."""
    readers: dict[Path, PdfReader] = {}
    with PdfWriter() as writer:
        for path, at in pages:
            if path not in readers:
                readers[path] = PdfReader(path)
            writer.add_page(readers[path].pages[at])
        _finish(writer, target, contents)


def bind_two_up(pages: Sequence[tuple[Path, int]], target: Path, contents: Contents = ()) -> None:
    """A5 pages in pairs on A4 sheets that lie."""
    wide, high = _A4_LANDSCAPE
    readers = {path: PdfReader(path) for path, _at in pages}
    with PdfWriter() as writer:
        for start in range(0, len(pages), 2):
            sheet = writer.add_blank_page(width=wide, height=high)
            for place, (path, at) in enumerate(pages[start : start + 2]):
                page: PageObject = readers[path].pages[at]
                sheet.merge_transformed_page(page, Transformation().translate(place * wide / 2, 0))
            sheet.compress_content_streams()
        _finish(writer, target, [(words, page // 2) for words, page in contents])


def sheet_sizes(path: Path) -> list[tuple[float, float]]:
    """Width and height of every sheet of a file, in millimetres; a sheet without a sign on it counts as 0 by 0."""
    point = 25.4 / 72
    found = []
    for page in PdfReader(path).pages:
        contents = page.get_contents()
        drawn = contents is not None and bool(contents.get_data())
        box = page.mediabox
        found.append((float(box.width) * point, float(box.height) * point) if drawn else (0.0, 0.0))
    return found


def _finish(writer: PdfWriter, target: Path, contents: Contents) -> None:
    for words, page in contents:
        writer.add_outline_item(title=words, page_number=page)
    writer.write(target)
