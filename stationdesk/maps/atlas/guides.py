"""办事指南 at the end of an atlas: how chosen policies are applied for, and on the back the numbers that matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from stationdesk.core.text import clean_line
from stationdesk.maps.atlas.furniture import Book, columns_of, placed
from stationdesk.maps.atlas.spec import Guide
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.metrics import POINT, break_lines, em_width
from stationdesk.maps.sheet.pen import element

_LINE = 1.4
_HEAD = 1.9
_PAD = 0.9
_SPACE = 6.0
_LABEL = 2.9
_MOST = {"条件": 5, "材料": 5, "流程": 5}
"""So many lines of each are printed; who wants more asks at the desk."""
_OTHERS = 2
HOW_TO_CHANGE = "发现资料有变化，或者知道新的资源，请告诉社工站。"
VOLUNTEER = "愿意做志愿者、认领微心愿，也请打这个电话。"


@dataclass(frozen=True, slots=True)
class Told:
    """One policy as it is set: its heading, and lines with their labels; `height` in ems."""

    heading: tuple[str, ...]
    parts: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def height(self) -> float:
        """In ems."""
        lines = sum(len(lines) for _label, lines in self.parts)
        return len(self.heading) * _LINE + (_HEAD - _LINE) + lines * _LINE + _PAD


@dataclass(frozen=True, slots=True)
class GuidePages:
    """The guides over their pages; the last page is the back of the book, with `back` below them."""

    pages: tuple[tuple[tuple[Box, tuple[Told, ...]], ...], ...]
    back: Box


def guide_pages(guides: Sequence[Guide], book: Book) -> GuidePages:
    """Flow the guides; there is one page at least, and the last has room for the back's own words."""
    em = book.type.em
    body = book.body
    tall = _back_height(book)
    back = Box(body.x, body.bottom - tall, body.width, tall)
    count = 2 if body.width / em > 50 else 1
    above = Box(body.x, body.y, body.width, back.y - 3.0 - body.y)
    told = [_told(guide, (body.width - (count - 1) * _SPACE) / count / em) for guide in guides]
    pages: list[tuple[tuple[Box, tuple[Told, ...]], ...]] = []
    left = told
    while True:
        fitting = _fill(left, columns_of(above, count, _SPACE), em)
        if sum(len(part) for _box, part in fitting) == len(left):
            pages.append(_even(left, above, count, em))
            return GuidePages(tuple(pages), back)
        whole = _fill(left, columns_of(body, count, _SPACE), em)
        taken = max(1, sum(len(part) for _box, part in whole))
        if taken == len(left) > 1:  # the back does not stand alone: something is kept for it
            taken -= max(1, taken // 3)
            whole = _fill(left[:taken], columns_of(body, count, _SPACE), em)
        pages.append(whole)
        left = left[taken:]


def _even(told: Sequence[Told], room: Box, count: int, em: float) -> tuple[tuple[Box, tuple[Told, ...]], ...]:
    """The same in columns that end side by side."""
    filled = _fill(told, columns_of(room, count, _SPACE), em)
    for share in range(10, 100, 3):
        lower = Box(room.x, room.y, room.width, room.height * share / 100)
        tried = _fill(told, columns_of(lower, count, _SPACE), em)
        if sum(len(part) for _box, part in tried) == len(told):
            return tried
    return filled


def _told(guide: Guide, width: float) -> Told:
    parts = tuple(
        (label, break_lines(text, width - _LABEL - 0.3, most=_MOST.get(label, _OTHERS)))
        for label, text in guide.lines
    )
    return Told(break_lines(f"{guide.code}　{guide.name}", width - 0.5, bold=True), parts)


def _fill(told: Sequence[Told], boxes: Sequence[Box], em: float) -> tuple[tuple[Box, tuple[Told, ...]], ...]:
    """As many as fit, one column after the other; a guide stays whole."""
    filled: list[tuple[Box, tuple[Told, ...]]] = []
    left = list(told)
    for box in boxes:
        free = box.height / em
        column: list[Told] = []
        while left and left[0].height <= free:
            free -= left[0].height
            column.append(left.pop(0))
        filled.append((box, tuple(column)))
    return tuple(filled)


def _back_height(book: Book) -> float:
    em, kind = book.type.em, book.type
    hotlines = _hotline_rows(book) * kind.hotline_pt * POINT * 1.75 + 3.0 if book.whole.hotlines else 0.0
    return hotlines + em * (1.9 * 1.5 + 1.5 * 2) + 8.0


def _hotline_rows(book: Book) -> int:
    size = book.type.hotline_pt * POINT
    widths = [
        (em_width(f"{each.label} {each.number}", bold=True) + 2.2) * size for each in book.whole.hotlines
    ]
    return max(1, -int(-sum(widths) // book.body.width))


def draw_guides(section: etree._Element, pages: GuidePages, at: int, book: Book) -> None:
    """One page of the guides; with the last, the back's own words."""
    em = book.type.em
    for box, column in pages.pages[at]:
        y = box.y
        for told in column:
            _draw(section, told, Box(box.x, y, box.width, told.height * em), book)
            y += told.height * em
    if at == len(pages.pages) - 1:
        _draw_back(section, pages.back, book)


def _draw(section: etree._Element, told: Told, box: Box, book: Book) -> None:
    em = book.type.em
    story = placed(section, "div", box, class_="story", style="overflow:hidden")
    high = len(told.heading) * _LINE + (_HEAD - _LINE)
    head = element(
        story,
        "div",
        style=f"height:{high * em:.3f}mm;padding:{(_HEAD - _LINE) / 2 * em:.3f}mm {em * 0.25:.3f}mm;"
        f"background:{book.ink.shade};font-weight:700",
    )
    _write(head, told.heading)
    for label, lines in told.parts:
        part = element(story, "div", style=f"height:{len(lines) * _LINE * em:.3f}mm;display:flex")
        element(part, "b", label, style=f"flex:none;width:{_LABEL * em:.3f}mm;padding-left:{em * 0.25:.3f}mm")
        _write(element(part, "div"), lines)


def _write(parent: etree._Element, lines: Sequence[str]) -> None:
    for at, words in enumerate(lines):
        if at == 0:
            parent.text = clean_line(words)
        else:
            element(parent, "br").tail = clean_line(words)


def _draw_back(section: etree._Element, box: Box, book: Book) -> None:
    """Emergency numbers, and how to reach the station."""
    kind, whole = book.type, book.whole
    y = box.y
    if whole.hotlines:
        height = _hotline_rows(book) * kind.hotline_pt * POINT * 1.75
        lines = placed(section, "div", Box(box.x, y, box.width, height), class_="hotlines")
        for line in whole.hotlines:
            each = element(lines, "span", line.label)
            element(each, "b", line.number)
        y += height + 3.0
    words = placed(section, "div", Box(box.x, y, box.width, box.bottom - y), class_="story")
    name = element(words, "div", style=f"font-size:{kind.list_pt * 1.5:.2f}pt;font-weight:700")
    name.text = clean_line(whole.station)
    if whole.phone:
        element(name, "span", f"　{whole.phone}")
    element(words, "div", HOW_TO_CHANGE + (VOLUNTEER if whole.phone else ""), style="white-space:normal")
