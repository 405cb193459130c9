"""Web pages named .xls, as many systems export them: their tables as one sheet, in the order of the page.

The page is read as a stream and never built; nothing in it is run, followed or fetched.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.archives import MAX_COLUMNS, MAX_ROWS
from stationdesk.sheets.reading.delimited import decode
from stationdesk.sheets.reading.placing import Placing
from stationdesk.sheets.reading.refusals import broken

_PIECE = 1 << 16  # signs fed to the parser at once
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_OTHER_ENCODINGS = {"big5": "big5hkscs", "big5-hkscs": "big5hkscs", "shift_jis": "cp932", "euc-kr": "cp949"}
"""What the page may declare and the bytes do not tell; everything else is recognised by the bytes."""

_UNSEEN = frozenset({"script", "style", "head", "title", "xml", "noscript", "template"})
_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "center", "hr", "form"}
)
_CELLS = frozenset({"td", "th"})
_RUNS = re.compile(r"\s+")


def page_text(content: bytes) -> str:
    """The page as text.

    Raises:
        UserError: when it is in no encoding that is known.
    """
    declared = _DECLARED.search(content[:4096])
    other = _OTHER_ENCODINGS.get(declared[1].decode("ascii").lower()) if declared else None
    if other is not None:
        try:
            return content.decode(other)
        except UnicodeDecodeError:
            pass  # the page says what it is not
    return decode(content)[0]


def page_sheet(text: str) -> Placing:
    """The tables of a page below one another, and the text around them as rows of one cell.

    Raises:
        UserError: when there is no table, or more than is read.
    """
    from lxml import etree

    reading = _Page()
    # Neither entities nor the network; the tree is never built, so that memory stays flat.
    parser = etree.HTMLParser(target=cast("etree.ParserTarget", reading), no_network=True, huge_tree=False)
    try:
        for start in range(0, len(text), _PIECE):
            parser.feed(text[start : start + _PIECE])
        parser.close()
    except etree.LxmlError as error:
        raise broken() from error
    if not reading.tables and reading.frames:
        raise UserError(
            "这是网页的外框，里面没有表格，表格在旁边同名的文件夹里。"
            "请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。"
        )
    if not reading.tables:
        raise UserError("这是网页，里面没有表格。请选 .xlsx、.xls、.ods 或 .csv 文件。")
    return reading.sheet


def archived_pages(content: bytes) -> list[str]:
    """The pages with a table in a web archive (.mht, which Excel saves as "single file web page").

    Raises:
        UserError: when there is none.
    """
    try:
        message = email.message_from_bytes(content, policy=email.policy.compat32)
    except RecursionError as error:  # parts within parts without end
        raise broken() from error
    pages = []
    for part in message.walk():
        body = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(body, bytes) and b"<table" in body.replace(b"\x00", b"").lower():
            pages.append(page_text(body))
    if not pages:
        raise broken()
    return pages


@dataclass(slots=True)
class _Table:
    """A table that has begun and not ended."""

    column: int = 0
    in_row: bool = False
    holds_table: bool = False  # the present row holds another table, as layouts do


class _Page:
    """Takes the events of the parser and lays the cells out."""

    def __init__(self) -> None:
        self.sheet = Placing()
        self.tables = 0
        self.frames = 0
        self._open: list[_Table] = []
        self._unseen = 0
        self._in_cell = False
        self._span = (0, 0)
        self._words: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._begin_table()
        elif tag in ("frame", "iframe"):
            self.frames += 1
        elif tag == "tr":
            self._end_row()
            if self._open:
                self._open[-1].in_row = True
        elif tag in _CELLS:
            self._begin_cell(attributes)
        elif tag == "br":
            self._words.append("\n")
        elif tag in _BLOCKS:
            self._block()

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _CELLS:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._end_table()
        elif tag in _BLOCKS or tag == "caption":
            self._block()

    def data(self, text: str) -> None:
        """Text, perhaps only a part of it."""
        if not self._unseen:
            self._words.append(_RUNS.sub(" ", text))

    def comment(self, text: str) -> None:
        """Remarks of the program that wrote the page."""

    def close(self) -> None:
        """The page ends, whatever is still open."""
        while self._open:
            self._end_table()
        self._paragraph()

    def _block(self) -> None:
        if self._in_cell:
            self._words.append("\n")
        else:
            self._paragraph()

    def _paragraph(self) -> None:
        """Text outside of any cell becomes a row of its own."""
        text = self._said()
        if text is None:
            return
        if self.sheet.is_begun:
            self.sheet.end_row()
        self.sheet.put(0, text)
        self.sheet.end_row()

    def _said(self) -> str | None:
        lines = (_RUNS.sub(" ", line).strip() for line in "".join(self._words).split("\n"))
        self._words = []
        return "\n".join(line for line in lines if line) or None

    def _begin_table(self) -> None:
        self.tables += 1
        if self._open:
            # A layout: what stands in its cell before the inner table is a row above it.
            self._in_cell = False
            self._open[-1].holds_table = True
        self._paragraph()
        self._open.append(_Table())

    def _end_table(self) -> None:
        self._end_row()
        if self._open:
            self._open.pop()
            self.sheet.end_table()

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        self._end_cell()
        if not self._open:
            self.tables += 1
            self._open.append(_Table())
        self._open[-1].in_row = True
        self._paragraph()  # what stands between two cells, after a table inside one
        self._in_cell = True
        self._span = (
            _number(attributes.get("rowspan"), MAX_ROWS) - 1,
            _number(attributes.get("colspan"), MAX_COLUMNS) - 1,
        )

    def _end_cell(self) -> None:
        if not self._in_cell or not self._open:
            return
        self._in_cell = False
        table = self._open[-1]
        down, across = self._span
        column = self.sheet.free(table.column)
        text = self._said()
        if table.holds_table:
            down = across = 0
        if text is not None or down or across:
            self.sheet.put(column, text, down=down, across=across)
        table.column = column + across + 1

    def _end_row(self) -> None:
        self._end_cell()
        if not self._open or not self._open[-1].in_row:
            return
        table = self._open[-1]
        if not table.holds_table or self.sheet.is_begun:
            self.sheet.end_row()
        table.column, table.in_row, table.holds_table = 0, False, False


def _number(text: str | None, most: int) -> int:
    """A span as the page tells it; nonsense is 1."""
    digits = (text or "").strip()
    return min(max(int(digits[:7]), 1), most) if digits.isascii() and digits.isdecimal() else 1
