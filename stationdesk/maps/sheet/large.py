"""大字版: a plain map and a few places, so large that an old person reads it without glasses.

The phone numbers are 24 points high at least; each place says in words how one gets there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stationdesk.core.errors import UserError
from stationdesk.core.vocab.sheets import SheetForm
from stationdesk.maps.sheet.frames import GAP, Front, further_top, whole_front
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.metrics import POINT, Type, break_lines, em_width
from stationdesk.maps.sheet.spec import Entry, SheetSpec

MOST = 6
"""So many places a large print holds; more would make it small again."""

PHONE_PT = 24.0
_NAME_PT = 20.0
_WORDS_PT = 14.5
_MARK = 8.4
_LEGEND_PT = 12.5
_LINE = 1.28
_PAD = 2.2
_LEAST_MAP = 72.0
_LEFT = 21.0  # of the column with mark and number
_LIST_SHARE = 0.54
_LARGER = (1.5, 1.35, 1.2, 1.1, 1.0)
"""A list that has a page of its own is set as large as the page allows."""
_TWO_COLUMNS = 170.0
"""Millimetres of width, at the size for A4, from which rows stand in two columns."""
_PHONE_CUTS = str.maketrans(dict.fromkeys("/、，,；;", "\n"))


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of one size: `name` says what they are, `pt` their height."""

    name: str
    pt: float
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        """In millimetres."""
        return len(self.lines) * self.pt * POINT * _LINE


@dataclass(frozen=True, slots=True)
class LargeRow:
    """One place: on which page (0 the first), where, and its words; the phone is `beside` the name or below it."""

    entry: Entry
    page: int
    box: Box
    words: tuple[Words, ...]
    phone: Words
    is_beside: bool
    scale: float


@dataclass(frozen=True, slots=True)
class Large:
    """The boxes of a large print, the type of its map, and its rows."""

    front: Front
    type: Type
    rows: tuple[LargeRow, ...]


def large_layout(spec: SheetSpec, kind: Type, page: Box) -> Large:
    """Where map and rows stand; the rows go to a second page where the map would be left too small.

    Raises:
        UserError: there are more places than large type has room for.
    """
    if len(spec.entries) > MOST:
        raise UserError(
            "大字版最多放 {most} 处，现在有 {count} 处。请少选几处。", most=MOST, count=len(spec.entries)
        )
    times = max(1.0, kind.list_pt / 9.5)
    large = replace(
        kind, mark=_MARK * times, legend_pt=_LEGEND_PT * times, subtitle_pt=kind.subtitle_pt * 1.25
    )
    whole = whole_front(spec, large, page)
    top, bottom = whole.frame.y, whole.legend.bottom
    body = Box(page.x, page.y, page.width, page.height)
    if spec.form is SheetForm.ONE_PAGE:
        one = _one_page(spec, large, page, times, top, bottom)
        if one is not None:
            return one
    opening = further_top(spec, large, page)
    room = Box(body.x, opening, body.width, whole.footer.y - GAP - opening)
    for larger in _LARGER:
        rows = _rows(spec.entries, room, times * larger, 1)
        if rows is not None:
            return Large(whole, large, rows)
    raise UserError("大字版一页放不下这些字。请缩短名称、时间或走法，或者少选几处。")


def _one_page(
    spec: SheetSpec, kind: Type, page: Box, times: float, top: float, bottom: float
) -> Large | None:
    if spec.setup.landscape:
        width = page.width * _LIST_SHARE
        listing = Box(page.right - width, top, width, bottom - top)
        rows = _rows(spec.entries, listing, times, 0)
        if rows is None:
            return None
        return Large(whole_front(spec, kind, page, map_width=page.width - width - GAP), kind, rows)
    needed = sum(_row(entry, page.width, times)[-1] for entry in spec.entries)
    tall = bottom - top - needed - GAP
    if tall < _LEAST_MAP * times:
        return None
    front = whole_front(spec, kind, page, map_height=tall)
    listing = Box(page.x, bottom - needed, page.width, needed + 0.1)
    rows = _stacked(spec.entries, listing, times, 0)
    return None if rows is None else Large(front, kind, rows)


def _rows(entries: Sequence[Entry], box: Box, times: float, page: int) -> tuple[LargeRow, ...] | None:
    """The rows in one column, or in two where a box lies; None where they do not fit."""
    if box.width > box.height and box.width > _TWO_COLUMNS * times:
        return _abreast(entries, box, times, page)
    return _stacked(entries, box, times, page)


def _stacked(entries: Sequence[Entry], box: Box, times: float, page: int) -> tuple[LargeRow, ...] | None:
    """The rows one below the other, the free height shared out among them."""
    measured = [(entry, _row(entry, box.width, times)) for entry in entries]
    free = box.height - sum(height for _, (_, _, _, height) in measured)
    if free < 0:
        return None
    air = min(free / max(1, len(measured)), 6.0 * times)
    rows: list[LargeRow] = []
    y = box.y
    for entry, (words, phone, is_beside, height) in measured:
        rows.append(
            LargeRow(entry, page, Box(box.x, y, box.width, height + air), words, phone, is_beside, times)
        )
        y += height + air
    return tuple(rows)


def _abreast(entries: Sequence[Entry], box: Box, times: float, page: int) -> tuple[LargeRow, ...] | None:
    """Two columns of rows, for paper that lies."""
    half = (len(entries) + 1) // 2
    width = (box.width - 2 * GAP) / 2
    columns = (Box(box.x, box.y, width, box.height), Box(box.right - width, box.y, width, box.height))
    found = [
        _rows(part, column, times, page)
        for part, column in zip((entries[:half], entries[half:]), columns, strict=True)
    ]
    if any(rows is None for rows in found):
        return None
    return tuple(row for rows in found if rows for row in rows)


def _row(entry: Entry, width: float, times: float) -> tuple[tuple[Words, ...], Words, bool, float]:
    """The words of a row, whether its phone stands beside the name, and how tall it is."""
    room = width - _LEFT * times - 2
    phone_pt = PHONE_PT * times

    def words(name: str, pt: float, text: str, ems: float, most: int | None = None) -> Words:
        return Words(name, pt * times, break_lines(text, ems, bold=name != "way", most=most))

    phones = break_lines(entry.phone.translate(_PHONE_CUTS), room / (phone_pt * POINT), bold=True)
    phone = Words("phone", phone_pt, phones)
    taken = max((em_width(line, bold=True) for line in phones), default=0.0) * phone_pt * POINT
    ems = _NAME_PT * times * POINT
    is_beside = em_width(entry.name, bold=True) * ems + taken + 4 <= room
    name = words("name", _NAME_PT, entry.name, room / ems)
    small = room / (_WORDS_PT * times * POINT)
    lines = [name]
    if entry.way:
        lines.append(Words("way", _WORDS_PT * times, _way_lines(f"怎么走：{entry.way}", small)))
    told = "　".join(part for part in (entry.offer, entry.hours) if part)
    parts = (told,) if em_width(told) <= small else (entry.offer, entry.hours)
    lines.extend(words("hours", _WORDS_PT, part, small, 1) for part in parts if part)
    below = 0.0 if is_beside else phone.height
    height = sum(each.height for each in lines) + below + 2 * _PAD * times
    if is_beside:
        height += max(0.0, phone.height - name.height)
    return tuple(lines), phone, is_beside, max(height, 18.0 * times)


def _way_lines(text: str, ems: float) -> tuple[str, ...]:
    """The way in lines; the minutes in brackets at its end stay together."""
    told, opening, minutes = text.rpartition("（")
    if not opening:
        return break_lines(text, ems)
    lines = break_lines(told, ems)
    if em_width(lines[-1] + opening + minutes) <= ems:
        return (*lines[:-1], lines[-1] + opening + minutes)
    return (*lines, *break_lines(opening + minutes, ems))
