"""The indexes of an atlas: every entry by its number and by its name, each with its page and its square."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from lxml import etree

from stationdesk.core.pinyin import sort_key
from stationdesk.core.text import clean_line
from stationdesk.core.vocab.resources import MapClass
from stationdesk.maps.atlas.furniture import Book, columns_of, placed
from stationdesk.maps.sheet.drawing import draw_symbol
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.metrics import break_lines, em_width
from stationdesk.maps.sheet.pen import element
from stationdesk.maps.sheet.spec import Entry

_LINE = 1.24
_PAD = 0.32
_HEAD = 1.75
_LETTER = 1.5
_CELL = 0.5
_SPACE = 4.0
_OFF = "—"
_OTHERS = "其他"
_WIDE = 52
"""Ems of a page on which two columns hold phones besides names."""
_PAGE, _SQUARE = 2.5, 2.7
_PHONE_CUTS = str.maketrans(dict.fromkeys("/、，,；;", "\n"))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an entry is found: its page, and the square on it; page 0 where it is on none."""

    page: int
    square: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an index, or a heading where it has but one cell; `height` in ems."""

    cells: tuple[tuple[str, ...], ...]
    height: float
    map_class: MapClass | None = None

    @property
    def is_heading(self) -> bool:
        """Whether it is the heading of what follows."""
        return len(self.cells) == 1


@dataclass(frozen=True, slots=True)
class Listing:
    """An index as it is divided: the titles and widths of its cells in ems, and its pages of columns of lines."""

    title: str
    heads: tuple[str, ...]
    widths: tuple[float, ...]
    columns: tuple[Box, ...]
    pages: tuple[tuple[tuple[Line, ...], ...], ...]


def by_number(entries: Sequence[Entry], spots: Mapping[str, Spot], book: Book) -> Listing:
    """Every entry under its class, by number, with its phone where the page is wide enough for it."""
    em = book.type.em
    with_phones = book.page.width / em > _WIDE
    boxes = columns_of(book.body, 2, _SPACE)
    width = boxes[0].width / em
    code = max((em_width(each.code, bold=True) for each in entries), default=3.0) + _CELL
    phones = [part for each in entries for part in each.phone.translate(_PHONE_CUTS).splitlines()]
    phone = min(max((em_width(part, bold=True) for part in phones), default=4.0), 8.0) + _CELL
    phone = phone if with_phones else 0.0
    widths = (code, width - code - _PAGE - _SQUARE - phone, _PAGE, _SQUARE, phone)
    lines: list[Line] = []
    ordered = sorted(entries, key=_by_class)
    for each, members in groupby(ordered, key=lambda entry: entry.map_class):
        heading = Line(
            ((each.label,),), _LETTER, each if isinstance(each, MapClass) and each.on_map else None
        )
        lines.append(heading)
        for entry in members:
            page, square = _found(entry, spots)
            told = entry.phone.translate(_PHONE_CUTS)
            cells: tuple[tuple[str, ...], ...] = (
                break_lines(entry.code, code - _CELL, bold=True),
                _name(entry, widths[1] - _CELL, is_off=page == _OFF),
                (page,),
                (square,),
            )
            if with_phones:
                cells += (break_lines(told, phone - _CELL, bold=True),)
            lines.append(_line(cells))
    heads = ("编号", "名称", "页", "方格", "电话")[: 5 if with_phones else 4]
    return Listing("按编号查", heads, widths[: len(heads)], boxes, _flow(lines, boxes, em))


def by_name(entries: Sequence[Entry], spots: Mapping[str, Spot], book: Book) -> Listing:
    """Every entry by the sound of its name, under the letter it begins with."""
    em = book.type.em
    count = max(1, int(book.page.width / em / 18.5))
    boxes = columns_of(book.body, count, _SPACE)
    width = boxes[0].width / em
    code = max((em_width(each.code, bold=True) for each in entries), default=3.0) + _CELL
    widths = (width - code - _PAGE - _SQUARE, code, _PAGE, _SQUARE)
    keys = {each.code: sort_key(clean_line(each.name), person=False) for each in entries}
    ordered = sorted(
        entries, key=lambda entry: (_letter(keys[entry.code]) == _OTHERS, keys[entry.code], entry.code)
    )
    lines: list[Line] = []
    for letter, members in groupby(ordered, key=lambda entry: _letter(keys[entry.code])):
        lines.append(Line(((letter,),), _LETTER))
        for entry in members:
            page, square = _found(entry, spots)
            cells = (
                break_lines(entry.name, widths[0] - _CELL),
                break_lines(entry.code, code - _CELL, bold=True),
                (page,),
                (square,),
            )
            lines.append(_line(cells))
    return Listing(
        "按名称查（拼音顺序）", ("名称", "编号", "页", "方格"), widths, boxes, _flow(lines, boxes, em)
    )


def _name(entry: Entry, width: float, *, is_off: bool) -> tuple[str, ...]:
    """A name, with the address where no page shows the place."""
    lines = break_lines(entry.name, width)
    if is_off and entry.map_class.on_map and entry.address:
        lines += break_lines("地址：" + entry.address, width, most=2)
    return lines


def _found(entry: Entry, spots: Mapping[str, Spot]) -> tuple[str, str]:
    spot = spots.get(entry.code)
    return (str(spot.page), spot.square) if spot is not None and spot.page else (_OFF, _OFF)


def _letter(key: str) -> str:
    """The letter that a name is looked for under, by the sound that it is sorted by."""
    first = key.lstrip("~")[:1].upper()
    return first if first.isascii() and first.isalpha() else _OTHERS


def _by_class(entry: Entry) -> tuple[int, int, str]:
    places = {each: at for at, each in enumerate(MapClass)}
    place = places[entry.map_class] if isinstance(entry.map_class, MapClass) else len(places)
    return place, len(entry.code), entry.code


def _line(cells: tuple[tuple[str, ...], ...]) -> Line:
    return Line(cells, max(len(cell) for cell in cells) * _LINE + _PAD)


def _flow(lines: Sequence[Line], boxes: Sequence[Box], em: float) -> tuple[tuple[tuple[Line, ...], ...], ...]:
    """Lines over columns over pages; no heading stands last, and the columns of the last page end side by side."""
    height = boxes[0].height / em
    columns = _columns(lines, height)
    whole = (len(columns) - 1) // len(boxes) * len(boxes)
    rest = [line for column in columns[whole:] for line in column]
    for share in range(10, 101, 2):
        last = _columns(rest, max(height * share / 100, _HEAD + 8))
        if len(last) <= len(boxes):
            columns[whole:] = last
            break
    return tuple(tuple(columns[at : at + len(boxes)]) for at in range(0, len(columns), len(boxes)))


def _columns(lines: Iterable[Line], height: float) -> list[tuple[Line, ...]]:
    columns: list[list[Line]] = [[]]
    free = height - _HEAD
    heading: Line | None = None
    for line in lines:
        if line.is_heading:
            heading = line
            continue
        needed = line.height + (heading.height if heading is not None else 0.0)
        if needed > free and columns[-1]:
            columns.append([])
            free = height - _HEAD
        if heading is not None:
            columns[-1].append(heading)
            free -= heading.height
            heading = None
        columns[-1].append(line)
        free -= line.height
    return [tuple(column) for column in columns]


def draw_listing(section: etree._Element, listing: Listing, at: int, book: Book) -> None:
    """One page of an index."""
    em = book.type.em
    for box, lines in zip(listing.columns, listing.pages[at], strict=False):
        height = (sum(line.height for line in lines) + _HEAD) * em
        table = placed(section, "table", Box(box.x, box.y, box.width, height), class_="lines")
        group = element(table, "colgroup")
        for width in listing.widths:
            element(group, "col", style=f"width:{width * em:.3f}mm")
        head = element(element(table, "thead"), "tr", style=f"height:{_HEAD}em")
        for title in listing.heads:
            element(head, "th", title)
        rows = element(table, "tbody")
        for line in lines:
            _draw_line(rows, line, listing, book)


def _draw_line(rows: etree._Element, line: Line, listing: Listing, book: Book) -> None:
    row = element(rows, "tr", style=f"height:{line.height:.3f}em")
    if line.is_heading:
        row.set("class", "letter")
        cell = element(row, "td", colspan=len(listing.widths))
        if line.map_class is not None:
            mark = element(
                cell, "svg", viewBox="0 0 24 24", style="width:1.15em;height:1.15em;vertical-align:-.2em"
            )
            draw_symbol(mark, line.map_class, (12.0, 12.0), 24.0, book.ink)
            mark.tail = " " + clean_line(line.cells[0][0])
        else:
            cell.text = clean_line(line.cells[0][0])
        return
    for title, lines in zip(listing.heads, line.cells, strict=True):
        cell = element(row, "td", class_="strong" if title in {"编号", "页", "电话"} else "plain")
        if title == "编号":
            cell.set("data-listed", " ".join(lines))
        for at, words in enumerate(lines):
            if at == 0:
                cell.text = clean_line(words)
            else:
                element(cell, "br").tail = clean_line(words)
