"""Column widths that fit what stands in the columns and the page they are printed on.

Widths are in the spreadsheet's unit, about one half-width character; a Chinese character takes two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from stationdesk.core.fields import Value, plain_text
from stationdesk.sheets.columns import CellKind, Column, Total, Typed

PAGE: Final = 146.0
"""Units that fill an A4 sheet, landscape, at 100 %, within the margins of the ledgers."""

BESIDE_CHARTS: Final = 52.0
"""Units of a table that leaves room on the page for charts to its right."""

CROWDED: Final = 236.0
"""The widest table that is still readable when it is shrunk to the page (10 points print as some 6)."""

_PADDING: Final = 1.6
_LEAST_SOFT: Final = 6.6
_MOST_SOFT: Final = 44.0
_STIFF: Final = frozenset(
    {CellKind.CODE, CellKind.DATE, CellKind.MONEY, CellKind.INTEGER, CellKind.NUMBER, CellKind.PERCENT}
)
_LEAST: Final = {CellKind.DATE: 10.0, CellKind.MONEY: 11.0, CellKind.CODE: 5.0}
_CLOSING: Final = "，。、：；）！？”"
_STEEP: Final = 3
_PIECE: Final = 2.0  # one Chinese character
_FAR: Final = 12.0
_SUM_ROOM: Final = 3.0  # a total is longer than the figures it adds up


@dataclass(slots=True)
class _Wish:
    """What a column would like, and the least it can do with."""

    least: float
    liked: float
    stiff: bool
    texts: tuple[tuple[str, int], ...] = ()
    """The texts of the first rows with how often each stands there: what wraps, and how often, is seen in them."""

    def cost(self, width: float) -> int:
        """How much the column makes its rows taller: a row is as tall as its tallest cell, so long cells weigh most."""
        return sum(count * lines_of(text, width) ** _STEEP for text, count in self.texts)


def text_width(text: str) -> int:
    """The width of the longest line, in half-width characters."""
    return max((_line_width(line) for line in text.split("\n")), default=0)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column; a little more rather than less."""
    # A line holds whole Chinese characters. Of a column of 10-point 宋体 (14 pixels a character, 7 a unit), office
    # programs keep some 5 pixels at the edges.
    room = max(int(width - 0.5) // 2 * 2, 2)
    if len(text) * 2 <= room and "\n" not in text:
        return 1
    return sum(_lines(line, room) for line in text.split("\n"))


def _lines(line: str, room: int) -> int:
    width = _line_width(line)
    if width <= room:
        return 1
    # A sign that must not open a line takes the character before it along: half of them do, and surely the last.
    return ceil((width + 2 + sum(map(line.count, _CLOSING))) / room)


def _line_width(line: str) -> int:
    # In this encoding, as in print, a letter takes one and a Chinese character two; rare ones take four, which
    # is a little too much. It is many times faster than asking for the width of each character.
    return len(line.encode("gb18030", "replace"))


def column_widths(
    columns: Sequence[Column], sample: Sequence[Sequence[Value]], *, page: float = PAGE
) -> tuple[float, ...]:
    """One width for each column: codes, dates and figures are as wide as they must be, texts share the rest.

    `sample` is the first rows; later ones that are longer wrap. `page` is the room that is to be filled.
    """
    wishes = [_wish(column, [row[index] for row in sample]) for index, column in enumerate(columns)]
    least, liked = sum(wish.least for wish in wishes), sum(wish.liked for wish in wishes)
    # Half-way between larger print and fewer wrapped lines.
    room = min(max(page, (least + liked) / 2), CROWDED)
    return tuple(round(width, 1) for width in _shared_out(wishes, room, page))


def _wish(column: Column, values: Sequence[Value]) -> _Wish:
    longest = max((_value_width(column.kind, value) for value in values), default=0)
    header = text_width(column.label)
    # Two lines of header are fine, three for a long one.
    header_least = 2 * ceil(header / (4 if header <= 12 else 6)) + _PADDING
    if column.kind in _STIFF:
        room = _SUM_ROOM if column.total is Total.SUM else 0.0
        least = max(header_least, longest + room + _PADDING, _LEAST.get(column.kind, 0.0) + _PADDING)
        return _Wish(least, least, stiff=True)
    told = 2 * column.width + _PADDING
    most = _MOST_SOFT if column.kind is CellKind.LONG else max(told, _LEAST_SOFT)
    liked = min(max(header_least, longest + _PADDING), max(most, header_least))
    least = min(liked, max(header_least, _LEAST_SOFT))
    texts = Counter(value if isinstance(value, str) else plain_text(value) for value in values if value)
    return _Wish(least, liked, stiff=False, texts=tuple(texts.items()))


def _value_width(kind: CellKind, value: Value) -> int:
    if isinstance(value, Typed):
        kind, value = value.kind, value.value
    if value is None:
        return 0
    if kind is CellKind.MONEY and not isinstance(value, str):
        return len(f"{value:,.2f}")
    if kind is CellKind.PERCENT:
        return len("100.0%")
    return text_width(value if isinstance(value, str) else plain_text(value))


def _shared_out(wishes: Sequence[_Wish], room: float, page: float) -> list[float]:
    liked = sum(wish.liked for wish in wishes)
    if liked > room:
        return _widened(wishes, room)
    soft = sum(wish.liked for wish in wishes if not wish.stiff)
    spare = room - liked if room == page else 0.0
    if not soft:
        return [wish.liked * (1 + spare / liked) for wish in wishes] if liked else []
    return [wish.liked if wish.stiff else wish.liked * (1 + spare / soft) for wish in wishes]


def _widened(wishes: Sequence[_Wish], room: float) -> list[float]:
    """Begin with the least, and give what is left, piece by piece, where it saves the most lines."""
    widths = [wish.least for wish in wishes]
    left = room - sum(widths)
    costs = [wish.cost(wish.least) for wish in wishes]
    while left >= _PIECE:
        best: tuple[float, int, float, int] | None = None
        for index, wish in enumerate(wishes):
            extra = _PIECE
            # One more character often saves nothing where two or three would.
            while extra <= min(left, wish.liked - widths[index] + _PIECE / 2, _FAR) and costs[index]:
                cost = wish.cost(widths[index] + extra)
                gain = (costs[index] - cost) / extra
                if best is None or gain > best[0]:
                    best = (gain, index, extra, cost)
                extra += _PIECE
        if best is None or best[0] <= 0:
            break
        _gain, index, extra, costs[index] = best
        widths[index] += extra
        left -= extra
    return widths
