"""The index over the pages: the list of the first page, as many further pages as it needs, then the short indexes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stationdesk.core.vocab.sheets import IndexOrder, SheetKind
from stationdesk.maps.sheet.frames import GAP, columns_of, further_boxes
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.index import (
    BY_NAME,
    BY_NUMBER,
    PLAIN,
    Column,
    Filled,
    Style,
    brief_column,
    column_for,
    flow,
    people_column,
    sections_of,
)
from stationdesk.maps.sheet.metrics import Type
from stationdesk.maps.sheet.spec import Entry, SheetSpec

_BRIEF = 17
"""Ems of width of a column that holds a number, a name and a square."""
_LEAST = 14
"""Ems of height below which a short index rather begins on a page of its own."""
_SHORTEST = 8
"""Ems of height that the columns of a short index have at least: a heading and a row of many lines."""
_CAPTION = 2.4
_SQUARE = 3
"""Signs of the longest name of a square; what is longer tells a direction."""

CAPTIONS = {
    IndexOrder.BY_CLASS: "按类别查编号",
    IndexOrder.BY_NUMBER: "按编号查名称",
    IndexOrder.BY_NAME: "按名称查编号（拼音顺序）",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of index: its columns, and the headings of the short indexes that begin on it."""

    columns: tuple[tuple[Box, Filled], ...]
    captions: tuple[tuple[Box, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pages:
    """The whole index: what of it stands on the first page, and the pages after it."""

    first: tuple[tuple[Box, Filled], ...]
    rest: tuple[Page, ...]


def pages_of(
    spec: SheetSpec, kind: Type, page: Box, listing: Box, squares: dict[str, str], far: Sequence[Entry]
) -> Pages:
    """Flow the index over the box of the first page and as many further pages as it needs."""
    beyond = bool(far) or any(len(square) > _SQUARE for square in squares.values())
    whole = _whole(spec, kind, page, listing, squares, far, beyond=beyond)
    rest = list(whole.rest)
    for order in spec.orders[1:]:
        rest = _with_brief(spec, kind, page, rest, order, squares, far, beyond=beyond)
    return Pages(whole.first, tuple(rest))


def _is_plain(spec: SheetSpec) -> bool:
    return spec.kind is SheetKind.COMMUNITY


def _columns_of(box: Box, kind: Type) -> tuple[Box, ...]:
    """A box divided into columns for short rows."""
    count = max(1, int((box.width + GAP) / (_BRIEF * kind.em + GAP)))
    width = (box.width - (count - 1) * GAP) / count
    return tuple(Box(box.x + at * (width + GAP), box.y, width, box.height) for at in range(count))


def _whole(
    spec: SheetSpec,
    kind: Type,
    page: Box,
    listing: Box,
    squares: dict[str, str],
    far: Sequence[Entry],
    *,
    beyond: bool,
) -> Pages:
    em = kind.em
    plain = _is_plain(spec)
    people = spec.kind is SheetKind.CLIENTS
    widths: dict[float, Column] = {}
    first = (_columns_of if plain else columns_of)(listing, kind) if listing.height else ()
    boxes = further_boxes(spec, page, kind)
    if plain:
        area = Box(boxes[0].x, boxes[0].y, boxes[-1].right - boxes[0].x, boxes[0].height)
        boxes = _columns_of(area, kind)
    sections = sections_of(spec.entries, far, spec.orders[0] if spec.orders else IndexOrder.BY_CLASS)

    def column(box: Box) -> Column:
        if box.width not in widths:
            make = _plain_column if plain else people_column if people else column_for
            widths[box.width] = make(spec.entries, box.width / em, 0, far=beyond)
        return replace(widths[box.width], height=box.height / em)

    per_page = len(boxes)

    def fill(last: int, height: float) -> list[tuple[Box, Filled]]:
        """Flow with the columns of page `last` (0 is the first further one) no taller than `height`."""
        offered: list[Box] = []

        def columns() -> Iterator[Column]:
            for box in first:
                offered.append(Box(box.x, box.y, box.width, min(height, box.height)) if last < 0 else box)
                yield column(offered[-1])
            for at, box in enumerate(itertools.cycle(boxes)):
                short = at // per_page == last
                offered.append(Box(box.x, box.y, box.width, min(height, box.height)) if short else box)
                yield column(offered[-1])

        return list(zip(offered, flow(sections, squares, columns()), strict=False))

    placed = fill(0, page.height)
    count = len(placed)
    last = (count - len(first) - 1) // per_page if count > len(first) else -1
    abreast = per_page if last >= 0 else len(first)
    if abreast > 1 and placed:  # the columns of the last page end side by side
        tall = (boxes if last >= 0 else first)[0].height
        for share in range(20, 100, 4):
            tried = fill(last, tall * share / 100)
            if len(tried) <= len(first) + (last + 1) * per_page:
                placed = tried
                break
    further = placed[len(first) :]
    return Pages(
        tuple(placed[: len(first)]),
        tuple(Page(tuple(further[at : at + per_page])) for at in range(0, len(further), per_page)),
    )


def _plain_column(entries: Sequence[Entry], width: float, height: float, *, far: bool) -> Column:
    return brief_column(entries, width, height, PLAIN, far=far)


def _with_brief(
    spec: SheetSpec,
    kind: Type,
    page: Box,
    rest: list[Page],
    order: IndexOrder,
    squares: dict[str, str],
    far: Sequence[Entry],
    *,
    beyond: bool,
) -> list[Page]:
    """Another index by which to find a number: below what stands on the last page, or on pages of its own."""
    em = kind.em
    style: Style = BY_NAME if order is IndexOrder.BY_NAME else BY_NUMBER
    boxes = further_boxes(spec, page, kind)
    area = Box(boxes[0].x, boxes[0].y, boxes[-1].right - boxes[0].x, boxes[0].height)
    entries = tuple(entry for entry in spec.entries if entry.is_numbered)
    if not entries:
        return rest
    sections = sections_of(entries, far, order)
    used = (
        max((box.y + filled.height * em for box, filled in rest[-1].columns), default=area.y) if rest else 0.0
    )
    begins_below = bool(rest) and area.bottom - used - GAP * 2 > _LEAST * em
    top = used + GAP * 2 if begins_below else area.y
    caption = Box(area.x, top, area.width, _CAPTION * em)
    opening = Box(area.x, caption.bottom, area.width, area.bottom - caption.bottom)

    def fill(height: float) -> list[list[tuple[Box, Filled]]]:
        pages: list[list[Box]] = []

        def columns() -> Iterator[Column]:
            for at in itertools.count():
                room = opening if at == 0 else area
                pages.append([])
                for box in _columns_of(Box(room.x, room.y, room.width, min(height, room.height)), kind):
                    pages[-1].append(box)
                    yield brief_column(entries, box.width / em, box.height / em, style, far=beyond)

        filled = iter(flow(sections, squares, columns()))
        return [list(zip(boxes, filled, strict=False)) for boxes in pages]

    found = fill(area.height)
    if len(found) == 1:
        for share in range(10, 100, 3):
            if area.height * share / 100 < _SHORTEST * em:
                continue
            tried = fill(area.height * share / 100)
            if len(tried) == 1:
                found = tried
                break
    fresh = [Page(tuple(columns)) for columns in found if columns]
    fresh[0] = replace(fresh[0], captions=((caption, CAPTIONS[order]),))
    if not begins_below:
        return [*rest, *fresh]
    last = rest[-1]
    joined = Page((*last.columns, *fresh[0].columns), (*last.captions, *fresh[0].captions))
    return [*rest[:-1], joined, *fresh[1:]]
