"""The index of a hand-out: its columns, its rows, and how they flow over columns and pages. Measured in ems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from stationdesk.core.errors import UserError
from stationdesk.core.pinyin import initials, sort_key
from stationdesk.core.vocab.sheets import IndexOrder
from stationdesk.maps.sheet.classes import CLASSES, EntryClass
from stationdesk.maps.sheet.metrics import break_lines, em_width
from stationdesk.maps.sheet.spec import Entry

LINE = 1.24
ROW_PAD = 0.5
HEADING = 1.75
TABLE_HEAD = 1.7
CELL_PAD = 0.5  # left and right together
OFF_MAP = "—"

_ROUNDING = 0.02
"""Ems by which a column is wider than its longest number, so that sums of floats never break it."""
_OFFER_LINES = 3
_TRIED = 120
"""So many entries are looked at to find the best widths."""
_NAME_SHARES = (0.48, 0.42, 0.55, 0.62)
_PHONE_CUTS = str.maketrans(dict.fromkeys("/、，,；;", "\n"))
_MAX_SQUARE = 3.4
_WIDE = 50
_NAMED = 16  # ems of a name in a sentence


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under one heading; `map_class` where the heading carries its mark."""

    title: str
    map_class: EntryClass | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section, or of the rest of it in the next column."""

    title: str
    map_class: EntryClass | None

    @property
    def height(self) -> float:
        """In ems."""
        return HEADING


@dataclass(frozen=True, slots=True)
class Row:
    """One entry; `cells` are the lines of each column, `contact` the lines under the phone."""

    entry: Entry
    cells: tuple[tuple[str, ...], ...]
    contact: tuple[str, ...]
    is_beside: bool = False  # the contact fits behind the phone

    @property
    def height(self) -> float:
        """In ems."""
        below = 0 if self.is_beside else len(self.contact)
        lines = max(*(len(cell) for cell in self.cells), len(self.cells[-1]) + below)
        return lines * LINE + ROW_PAD


Item = Heading | Row


@dataclass(frozen=True, slots=True)
class Style:
    """What stands in the columns of an index: their titles and what the style sheet calls them."""

    titles: tuple[str, ...]
    names: tuple[str, ...]


WHOLE = Style(
    ("编号", "方格", "名称", "能帮什么", "时间", "电话"),
    ("code", "square", "name", "offer", "hours", "phone-cell"),
)
PLAIN = Style(("编号", "名称", "方格"), ("code", "name", "square"))
"""The index of a map without resources."""
BY_NUMBER = Style(("编号", "名称", "方格"), ("brief", "name", "square"))
BY_NAME = Style(("名称", "编号", "方格"), ("name", "brief", "square"))
"""A second index, by which one finds what the first one tells in full."""
HOUSEHOLDS = Style(
    ("编号", "方格", "户主", "类别", "跟进和应走访"), ("code", "square", "name", "offer", "hours")
)
"""The index of an internal map: who lives there, as far as it may be told, and when somebody is to look in."""
SUMS = Style(("编号", "方格", "村居", "服务对象"), ("code", "square", "name", "offer"))
"""The index of a map that shows sums by village."""


@dataclass(frozen=True, slots=True)
class Column:
    """Room for a part of the index, in ems, and how it is divided between its columns."""

    width: float
    height: float
    widths: tuple[float, ...]
    style: Style = WHOLE


@dataclass(frozen=True, slots=True)
class Filled:
    """A column with what stands in it."""

    column: Column
    items: tuple[Item, ...]

    @property
    def height(self) -> float:
        """How much of the column is used, its head included."""
        return TABLE_HEAD + sum(item.height for item in self.items)


def sections_of(
    entries: Sequence[Entry], far: Iterable[Entry], order: IndexOrder = IndexOrder.BY_CLASS
) -> tuple[Section, ...]:
    """The entries as an index lists them.

    By class: in the order of the legend, then those beyond the map, then those without a place; entries that name
    their heading stand below it, whether they are on the map or not. By number: all together. By name: under the
    letter that their pinyin begins with.
    """
    if order is IndexOrder.BY_NUMBER:
        return (Section("", None, _ordered(entries)),) if entries else ()
    if order is IndexOrder.BY_NAME:
        return _by_letter(entries)
    if any(entry.under for entry in entries):
        headings = dict.fromkeys(entry.under for entry in entries)
        return tuple(
            Section(heading, None, _ordered_by_code(entry for entry in entries if entry.under == heading))
            for heading in headings
        )
    beyond = tuple(far)
    off = {id(entry) for entry in beyond}
    shown = [entry for entry in entries if entry.is_placed and id(entry) not in off]
    lost = [entry for entry in entries if not entry.is_placed and entry.map_class.on_map]
    parts = [
        Section(each.label, each, _ordered(entry for entry in shown if entry.map_class is each))
        for each in CLASSES
    ]
    parts.append(Section("本图范围以外", None, _ordered(beyond)))
    parts.append(Section("未上图（位置待核实）", None, _ordered(lost)))
    parts.extend(
        Section(each.label, None, _ordered(entry for entry in entries if entry.map_class is each))
        for each in CLASSES
        if not each.on_map
    )
    return tuple(part for part in parts if part.entries)


def _by_letter(entries: Sequence[Entry]) -> tuple[Section, ...]:
    ordered = sorted(entries, key=lambda entry: (sort_key(entry.name, person=False), entry.code))
    return tuple(Section(letter, None, tuple(members)) for letter, members in groupby(ordered, key=_letter))


def _letter(entry: Entry) -> str:
    """The letter that a name is looked up under; 0–9 and other signs stand together."""
    first = next(iter(initials(entry.name)), "")[:1].upper()
    return first if "A" <= first <= "Z" else "0–9"


def _ordered_by_code(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (len(entry.code), entry.code)))


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    places = {each: at for at, each in enumerate(CLASSES)}
    return tuple(sorted(entries, key=lambda entry: (places[entry.map_class], len(entry.code), entry.code)))


def brief_column(entries: Sequence[Entry], width: float, height: float, style: Style, *, far: bool) -> Column:
    """Divide a width between number, name and square."""
    code = max((em_width(_number(entry), bold=True) for entry in entries), default=2.0) + CELL_PAD + _ROUNDING
    square = (_MAX_SQUARE if far else 2.1) + CELL_PAD
    wide = {"code": code, "brief": code, "square": square}
    return Column(width, height, tuple(wide.get(name, width - code - square) for name in style.names), style)


def people_column(entries: Sequence[Entry], width: float, height: float, *, far: bool) -> Column:
    """Divide a width for the index of households, or of sums by village: what is longest gets the rest."""
    of_households = any(entry.under for entry in entries)
    base = brief_column(entries, width, height, HOUSEHOLDS if of_households else SUMS, far=far)
    code, square = base.widths[:2]
    rest = width - code - square
    natural = max((em_width(entry.name) for entry in entries), default=3.0) + CELL_PAD + _ROUNDING
    if not of_households:
        name = min(natural, rest * 0.55)
        return Column(width, height, (code, square, name, rest - name), SUMS)
    name = min(max(natural, 2.6), rest * 0.3)
    told = max((em_width(entry.hours) for entry in entries), default=3.0) + CELL_PAD + _ROUNDING
    hours = min(max(told, 6.5), (rest - name) * 0.5)
    return Column(width, height, (code, square, name, rest - name - hours, hours), HOUSEHOLDS)


def _number(entry: Entry) -> str:
    return entry.code if entry.is_numbered else ""


def column_for(entries: Sequence[Entry], width: float, height: float, *, far: bool) -> Column:
    """Divide a width between the six columns: as much as code and phones need, the rest so that rows break least."""
    code = max((em_width(entry.code, bold=True) for entry in entries), default=2.0) + CELL_PAD + _ROUNDING
    square = (_MAX_SQUARE if far else 2.1) + CELL_PAD
    phones = [part for entry in entries for part in entry.phone.translate(_PHONE_CUTS).splitlines()]
    phone = min(max((em_width(part, bold=True) for part in phones), default=4.0), 9.0) + CELL_PAD
    if width > _WIDE:  # the contact stands behind the phone instead of under it
        phone += min(
            max((em_width(entry.contact) + 0.6 for entry in entries if entry.contact), default=0.0), 6.0
        )
    rest = width - code - square - phone
    name, offer, hours = _words_widths(entries, rest)
    return Column(width, height, (code, square, name, offer, hours, phone))


def _words_widths(entries: Sequence[Entry], rest: float) -> tuple[float, float, float]:
    """How name, offer and hours share what is left: the way in which the rows take the fewest lines."""
    natural = min(max((em_width(entry.hours) for entry in entries), default=0.0) + CELL_PAD, rest * 0.4)
    least = min(max(natural, 4.0), 5.6) + CELL_PAD
    tried = entries[:_TRIED]
    best: tuple[float, tuple[float, float, float]] | None = None
    for hours in sorted({least, min(max(natural, least), 7.6), max(natural, least)}):
        for share in _NAME_SHARES:
            widths = ((rest - hours) * share, (rest - hours) * (1 - share), hours)
            lines = sum(_lines_of(entry, widths) for entry in tried)
            cost = lines + abs(share - _NAME_SHARES[0]) * 0.1 * len(tried)
            if best is None or cost < best[0]:
                best = (cost, widths)
    return best[1] if best else (rest * 0.4, rest * 0.4, rest * 0.2)


def _lines_of(entry: Entry, widths: tuple[float, float, float]) -> float:
    """How tall a row comes out, and a little more where a line has to open with a comma."""
    hours = break_lines(entry.hours, widths[2] - CELL_PAD)
    name = break_lines(entry.name, widths[0] - CELL_PAD)
    offer = break_lines(entry.offer, widths[1] - CELL_PAD, most=_OFFER_LINES)
    odd = sum(0.4 for line in (*hours, *name) if line[0] in "，。、；：）")
    return max(1, len(name), len(offer), len(hours)) + odd


def row_of(entry: Entry, square: str, column: Column) -> Row:
    """One entry broken into the lines that its column allows."""
    if column.style is not WHOLE:
        return _brief_row(entry, square, column)
    code, where, name, offer, hours, phone = (width - CELL_PAD for width in column.widths)
    help_lines = break_lines(entry.offer, offer, most=_OFFER_LINES)
    if square == OFF_MAP and entry.address:
        help_lines += break_lines("地址：" + entry.address, offer, most=_OFFER_LINES)
    phones = break_lines(entry.phone.translate(_PHONE_CUTS), phone, bold=True)
    contact = break_lines(entry.contact, phone)
    beside = len(phones) == len(contact) == 1 and (
        em_width(phones[0], bold=True) + 0.6 + em_width(contact[0]) <= phone
    )
    return Row(
        entry,
        (
            break_lines(_number(entry), code, bold=True),
            break_lines(square, where),
            break_lines(entry.name, name),
            help_lines,
            break_lines(entry.hours, hours),
            phones,
        ),
        contact,
        beside,
    )


def _brief_row(entry: Entry, square: str, column: Column) -> Row:
    words = {"name": entry.name, "square": square, "offer": entry.offer, "hours": entry.hours}
    cells = (
        break_lines(words.get(name, _number(entry)), width - CELL_PAD, bold=name in {"code", "brief"})
        for name, width in zip(column.style.names, column.widths, strict=True)
    )
    return Row(entry, tuple(cells), ())


def flow(
    sections: Sequence[Section], squares: Mapping[str, str], columns: Iterator[Column]
) -> tuple[Filled, ...]:
    """Fill one column after the other. No heading stands last in a column; what goes on is headed again.

    `squares` gives the square of each entry's code. The last column of `columns` is never reached: it must
    go on for as long as there are rows.

    Raises:
        UserError: when one entry alone is taller than a page.
    """
    filled: list[Filled] = []
    column = next(columns)
    items: list[Item] = []
    free = column.height - TABLE_HEAD

    for section in sections:
        heading = Heading(section.title, section.map_class)
        pending: Heading | None = heading if section.title else None
        for entry in section.entries:
            row = row_of(entry, squares.get(entry.code, OFF_MAP), column)
            skipped = 0
            while row.height + (pending.height if pending else 0.0) > free:
                filled.append(Filled(column, tuple(items)))
                skipped = 0 if items else skipped + 1
                if skipped > 2:
                    raise UserError(
                        "{code}“{name}”的文字太长，一页也放不下。请缩短名称、时间或联系人后再打印。",
                        code=entry.code,
                        name=break_lines(entry.name, _NAMED, most=1)[0],
                    )
                column = next(columns)
                items, free = [], column.height - TABLE_HEAD
                if section.title:
                    again = Heading(section.title + "（续）", section.map_class)
                    pending = heading if entry is section.entries[0] else again
                row = row_of(entry, squares.get(entry.code, OFF_MAP), column)
            if pending is not None:
                items.append(pending)
                free -= pending.height
                pending = None
            items.append(row)
            free -= row.height
    filled.append(Filled(column, tuple(items)))
    return tuple(filled)
