"""The first pages of an atlas: its cover, and what stands where."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from stationdesk.core.text import clean_line
from stationdesk.core.vocab.resources import MapClass
from stationdesk.maps.atlas.furniture import Book, add_page, columns_of, placed
from stationdesk.maps.sheet.drawing import draw_symbol
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.metrics import POINT, break_lines, em_width
from stationdesk.maps.sheet.pen import element
from stationdesk.maps.sheet.watermarks import draw_watermarks

_ROW = 1.75
_WIDEST = 2.5
"""Ems from line to line of the contents, at the least and at the most."""
_PAIR = 40
"""Ems of a page on which the contents may stand in two columns."""
_HOW = (
    "先在总图上找到要去的地方，看框上的页码，翻到那一页。",
    "图上一个标记就是一处资源：形状和字是类别，数字是编号。同一处有几项的，编号写在一起。",
    "图边的字母和数字是方格。索引里写着每一项在哪一页、哪一个方格。",
    "图边的箭头写着相邻地方的页码。",
    "知道编号的，查“按编号查”；只知道名称的，查“按名称查”。",
)


@dataclass(frozen=True, slots=True)
class Title:
    """A line of the contents: what it is, from which page on, and a word about it; `depth` 1 below a part."""

    words: str
    page: int
    note: str = ""
    depth: int = 0


def draw_cover(body: etree._Element, book: Book, picture: tuple[etree._Element, Box] | None) -> None:
    """Title, edition, the ground as a picture without words, and who made it.

    `picture` is the drawing of a map and the part of its page that is shown.
    """
    whole, kind, ink = book.whole, book.type, book.ink
    height = whole.setup.size[1]
    section = element(body, "section", class_="book cover")
    draw_watermarks(section, whole, ink)
    page = book.page
    size = kind.title_pt * 1.55
    size *= min(1.0, page.width / (em_width(whole.title, bold=True) * size * POINT * 1.06 + 0.01))
    top = height * 0.1
    title = placed(
        section, "div", Box(page.x, top, page.width, size * POINT * 1.4),
        style=f"font-size:{size:.2f}pt;font-weight:700;letter-spacing:.04em;text-align:center;line-height:1.3",
    )  # fmt: skip
    title.text = clean_line(whole.title)
    y = top + size * POINT * 1.5
    words = "　".join(clean_line(each) for each in (whole.subtitle, whole.edition) if each.strip())
    line = placed(
        section, "div", Box(page.x, y, page.width, kind.subtitle_pt * POINT * 2.2),
        style=f"font-size:{kind.subtitle_pt * 1.35:.2f}pt;text-align:center;color:{ink.quiet}",
    )  # fmt: skip
    line.text = words
    if whole.practice:
        element(line, "span", "练习镇　资料均为编造", class_="practice", style="margin-left:1em")
    y += kind.subtitle_pt * POINT * 3
    foot = height - kind.margin - kind.list_pt * POINT * 7.5
    if picture is not None:
        _picture(section, *picture, Box(page.x, y, page.width, foot - y - 6))
    maker = placed(
        section, "div", Box(page.x, foot, page.width, height - kind.margin - foot),
        class_="story", style="text-align:center",
    )  # fmt: skip
    element(maker, "div", whole.station, style=f"font-size:{kind.list_pt * 1.45:.2f}pt;font-weight:700")
    if whole.phone:
        element(maker, "div", f"电话 {whole.phone}", style=f"font-size:{kind.list_pt * 1.25:.2f}pt")
    if whole.checked_on is not None:
        element(maker, "div", f"信息核对至 {whole.checked_on.isoformat()}", style=f"color:{ink.quiet}")
    element(maker, "div", "免费发放", style=f"color:{ink.quiet}")


def _picture(section: etree._Element, drawing: etree._Element, shown: Box, room: Box) -> None:
    """A part of a drawing of another page made to fit, without its words and without pictures, which would blur."""
    drawn = copy.deepcopy(drawing)
    for child in list(drawn.iter("text", "image")):
        parent = child.getparent()
        if parent is not None:
            parent.remove(child)
    scale = min(room.width / shown.width, room.height / shown.height)
    width, height = shown.width * scale, shown.height * scale
    left, top = room.x + (room.width - width) / 2, room.y + (room.height - height) / 2
    place = f"left:{left:.3f}mm;top:{top:.3f}mm;width:{width:.3f}mm;height:{height:.3f}mm"
    drawn.set("style", f"{place};overflow:hidden")
    drawn.set("viewBox", f"{shown.x:.3f} {shown.y:.3f} {shown.width:.3f} {shown.height:.3f}")
    drawn.set("class", "picture")
    drawn.tail = None
    section.append(drawn)


def contents_room(book: Book, classes: Sequence[MapClass]) -> tuple[int, int]:
    """How many lines of contents stand on the first page of them, below the words how to read, and on a further."""
    em = book.type.em
    columns = 2 if book.body.width / em > _PAIR else 1
    first = book.body.height - _how_height(book, classes)
    return columns * int(first / em / _ROW), columns * int(book.body.height / em / _ROW)


def contents_pages(count: int, book: Book, classes: Sequence[MapClass]) -> int:
    """How many pages so many lines of contents take."""
    first, further = contents_room(book, classes)
    return 1 + max(0, -(-(count - first) // further))


def draw_contents(
    body: etree._Element, book: Book, number: int, titles: Sequence[Title], classes: Sequence[MapClass]
) -> None:
    """The contents, from page `number` on; above them how the book is read."""
    first, further = contents_room(book, classes)
    parts = [titles[:first]] + [titles[at : at + further] for at in range(first, len(titles), further)]
    em = book.type.em
    count = 2 if book.body.width / em > _PAIR else 1
    for at, part in enumerate(parts):
        section, room = add_page(body, book, number + at, "目录" if at == 0 else "目录（续）")
        if at == 0:
            tall = _how_height(book, classes)
            room = Box(room.x, room.y, room.width, room.height - tall)
            _how(section, Box(room.x, room.bottom, room.width, tall), book, classes)
        rows = int(room.height / em / _ROW)
        boxes = columns_of(room, count if len(part) > rows else 1, 8.0)
        rows = -(-len(part) // len(boxes))
        tall = min(_WIDEST, room.height / em / max(1, rows)) * em
        for column, box in enumerate(boxes):
            for line, title in enumerate(part[column * rows : (column + 1) * rows]):
                _title(section, title, Box(box.x, box.y + line * tall, box.width, tall), book)


def _title(section: etree._Element, title: Title, box: Box, book: Book) -> None:
    row = placed(section, "div", box, style="display:flex;align-items:baseline;gap:1mm;overflow:hidden")
    em = book.type.em
    room = box.width / em - em_width(title.note) * 0.9 - 5 - title.depth * 1.2
    words = break_lines(title.words, max(room, 6), bold=not title.depth, most=1)
    weight = "400" if title.depth else "700"
    style = f"font-weight:{weight};padding-left:{title.depth * 1.2 * em:.2f}mm"
    element(row, "span", words[0] if words else "", style=style)
    if title.note:
        element(row, "span", title.note, style=f"font-size:.9em;color:{book.ink.quiet}")
    element(row, "span", style=f"flex:1;border-bottom:.3mm dotted {book.ink.rule};min-width:3mm")
    element(row, "b", str(title.page), style="font-weight:700")


def _key_columns(book: Book) -> int:
    return max(2, int(book.body.width / book.type.em / 11))


def _how_height(book: Book, classes: Sequence[MapClass]) -> float:
    em = book.type.em
    width = book.body.width / em - 2.5
    lines = sum(len(break_lines(each, width)) for each in _HOW)
    rows = -(-len(classes) // _key_columns(book))
    return (2.2 + lines * 1.4 + 0.8 + rows * 2.0) * em + 2


def _how(section: etree._Element, box: Box, book: Book, classes: Sequence[MapClass]) -> None:
    """How the book is read, and what each mark stands for."""
    em, ink = book.type.em, book.ink
    width = box.width / em - 2.5
    place = placed(section, "div", box, class_="story", style=f"border-top:.3mm solid {ink.text}")
    element(
        place,
        "div",
        "怎样用这本地图册",
        style=f"font-weight:700;height:{2.2 * em:.3f}mm;line-height:{2.2 * em:.3f}mm",
    )
    for number, each in enumerate(_HOW, start=1):
        lines = break_lines(each, width)
        row = element(place, "div", style=f"display:flex;height:{len(lines) * 1.4 * em:.3f}mm")
        element(row, "b", f"{number}", style=f"flex:none;width:{1.6 * em:.3f}mm")
        told = element(row, "div")
        for at, words in enumerate(lines):
            if at == 0:
                told.text = words
            else:
                element(told, "br").tail = words
    key = element(
        place, "div",
        style=f"display:grid;grid-template-columns:repeat({_key_columns(book)},1fr);margin-top:{0.8 * em:.3f}mm",
    )  # fmt: skip
    for each in classes:
        item = element(key, "div", style=f"height:{2 * em:.3f}mm;line-height:{2 * em:.3f}mm")
        mark = element(
            item, "svg", viewBox="0 0 24 24", style="width:1.5em;height:1.5em;vertical-align:-.4em;margin-right:.35em"
        )  # fmt: skip
        draw_symbol(mark, each, (12.0, 12.0), 24.0, ink)
        mark.tail = each.label
