"""What every page of an atlas has that is not a map: its head, its foot, and the room between them."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from stationdesk.core.text import clean_line
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.ink import BLACK, COLOURS, Ink
from stationdesk.maps.sheet.metrics import POINT, Type, em_width, type_of
from stationdesk.maps.sheet.pen import element
from stationdesk.maps.sheet.spec import SheetSpec
from stationdesk.maps.sheet.watermarks import draw_watermarks

_HEAD = 0.72
"""Size of a page's heading, in that of the title of a hand-out."""


@dataclass(frozen=True, slots=True)
class Book:
    """The look of one atlas: its paper, type and ink, and how many pages it has in all."""

    whole: SheetSpec
    pages: int = 0

    @property
    def type(self) -> Type:
        """The sizes of its type."""
        return type_of(self.whole.setup, self.whole.enlarged)

    @property
    def ink(self) -> Ink:
        """Colours, or black and white."""
        return COLOURS if self.whole.colour else BLACK

    @property
    def page(self) -> Box:
        """The paper within its margins."""
        width, height = self.whole.setup.size
        margin = self.type.margin
        return Box(margin, margin, width - 2 * margin, height - 2 * margin)

    @property
    def body(self) -> Box:
        """What head and foot leave of a page."""
        page, kind = self.page, self.type
        top = page.y + kind.title_pt * _HEAD * POINT * 1.35 + 2.5 + 2.5
        return Box(page.x, top, page.width, page.bottom - self._foot - 2.0 - top)

    @property
    def _foot(self) -> float:
        return self.type.footer_pt * POINT * 1.4 + 1.5


def style(book: Book) -> str:
    """Numbers and constants only: no word of the station comes here."""
    kind, ink = book.type, book.ink
    return f"""
.book-head {{ border-bottom: .5mm solid {ink.text}; display: flex; align-items: baseline; gap: 3mm }}
.book-head b {{ font-size: {kind.title_pt * _HEAD:.2f}pt; line-height: 1.3; letter-spacing: .04em }}
.book-head span {{ font-size: {kind.subtitle_pt}pt; color: {ink.quiet} }}
.book-head .practice {{ color: #fff }}
.book-head .end {{ margin-left: auto }}
.book-foot {{ border-top: .2mm solid {ink.rule}; padding-top: 1mm; font-size: {kind.footer_pt}pt; line-height: 1.4;
  color: {ink.quiet}; display: flex; gap: 1.6em }}
.book-foot .end {{ margin-left: auto; color: {ink.text} }}
.lines {{ line-height: 1.24 }}
.lines th {{ height: 1.6em; vertical-align: middle; color: {ink.quiet}; font-size: .88em;
  border-bottom: .3mm solid {ink.text} }}
.lines td {{ padding-top: .1em; border-bottom: .12mm solid {ink.rule} }}
.lines .letter td {{ background: {ink.shade}; font-weight: 700; padding-top: .1em }}
.lines .strong {{ font-weight: 700 }}
.lines .end {{ text-align: right }}
.story {{ line-height: 1.4 }}
.story b {{ font-weight: 700 }}
"""


def placed(parent: etree._Element, tag: str, box: Box, /, **attributes: object) -> etree._Element:
    """An element at a place of the page, in millimetres."""
    place = f"left:{box.x:.3f}mm;top:{box.y:.3f}mm;width:{box.width:.3f}mm;height:{box.height:.3f}mm"
    given = attributes.pop("style", "")
    return element(parent, tag, style=f"{place};{given}", **attributes)


def add_page(
    body: etree._Element, book: Book, number: int, title: str, words: str = ""
) -> tuple[etree._Element, Box]:
    """A page with head and foot; its element, and the room for what belongs on it."""
    section = element(body, "section", class_="book")
    draw_watermarks(section, book.whole, book.ink)
    page, room = book.page, book.body
    head = placed(section, "div", Box(page.x, page.y, page.width, room.y - page.y - 2.5), class_="book-head")
    element(head, "b", title)
    if words:
        element(head, "span", words)
    if book.whole.practice:
        element(head, "span", "练习镇　资料均为编造", class_="practice")
    rest = page.width - (em_width(title, bold=True) * 1.06 * book.type.title_pt * _HEAD) * POINT
    if em_width(words + book.whole.title) * book.type.subtitle_pt * POINT + 12 < rest and title != clean_line(
        book.whole.title
    ):
        element(head, "span", book.whole.title, class_="end")
    add_foot(section, book, number)
    return section, room


def add_foot(section: etree._Element, book: Book, number: int) -> None:
    """Who made it, how fresh it is, and the number of the page."""
    page, room = book.page, book.body
    top = room.bottom + 2.0
    foot = placed(section, "div", Box(page.x, top, page.width, page.bottom - top), class_="book-foot")
    element(foot, "span", f"制作：{book.whole.station}")
    if book.whole.checked_on is not None:
        element(foot, "span", f"信息核对至 {book.whole.checked_on.isoformat()}")
    element(foot, "span", page_words(number, book.pages), class_="end")


def page_words(number: int, pages: int) -> str:
    """How a page is numbered, as on every sheet."""
    return f"第 {number} / {pages} 页"


def columns_of(box: Box, count: int, space: float) -> tuple[Box, ...]:
    """A box divided into so many columns."""
    width = (box.width - (count - 1) * space) / count
    return tuple(Box(box.x + at * (width + space), box.y, width, box.height) for at in range(count))
