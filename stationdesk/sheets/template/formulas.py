"""What becomes of references when a table gets more rows: in formulas, and in the lists of ranges beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

from stationdesk.sheets.reading.archives import column_number
from stationdesk.sheets.template.places import LAST_COLUMN, LAST_ROW, Area, area_of

_PREFIX = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\]:]+))!")
_RANGE = re.compile(r"(\$?[A-Za-z]{1,3})(\$?)(\d+):(\$?[A-Za-z]{1,3})(\$?)(\d+)")
_CELL = re.compile(r"(\$?[A-Za-z]{1,3})(\$?)(\d+)(#?)")
_ROWS = re.compile(r"(\$?)(\d+):(\$?)(\d+)")
_COLUMNS = re.compile(r"([A-Za-z]{1,3}):([A-Za-z]{1,3})")
_CACHED: Final = 4096


@dataclass(frozen=True, slots=True)
class Growth:
    """`count` more rows for the table in rows `first` to `last` of a sheet.

    Whatever stands below the table moves down; a range that reaches the table's last row grows with it, so
    that a sum over the table stays one. Ranges that end above the last row are left alone.
    """

    sheet: str
    first: int
    last: int
    count: int

    def row(self, row: int) -> int:
        """Where a row outside the table goes; the rows of the table keep their numbers here."""
        return min(row + self.count, LAST_ROW) if row > self.last else row

    def end(self, row: int) -> int:
        """Where the last row of a range goes."""
        return min(row + self.count, LAST_ROW) if row >= self.last else row

    def area(self, area: Area) -> Area:
        """Where a range goes, or how it grows."""
        return Area(self.row(area.top), area.left, self.end(area.bottom), area.right)

    def holds(self, row: int) -> bool:
        """Whether a row is one of the table."""
        return self.first <= row <= self.last


def grown_formula(formula: str, growth: Growth, home: str, *, own: int | None = None, down: int = 0) -> str:
    """A formula, without its equals sign, as it must read after the growth.

    `home` is the sheet it stands on. `own` is its row when it stands in a row of the growing table: there a
    reference without $ is meant row by row, so it does not grow; it is filled `down` so many rows, like a
    formula that is dragged. A reference to something below the table goes where that goes.
    """
    parts = _tokens(formula)
    if parts is None:
        return formula
    return "".join(
        _reference(value, growth, home, own, down) if is_range else value for value, is_range in parts
    )


def renamed_formula(formula: str, old: str, new: str) -> str:
    """A formula of a sheet that was copied under another title: what named the old sheet names the new."""
    parts = _tokens(formula)
    if parts is None:
        return formula
    return "".join(_renamed(value, old, new) if is_range else value for value, is_range in parts)


def references(formula: str, home: str, names: Mapping[str, str]) -> Iterator[tuple[str, Area]]:
    """The cells of the same workbook that a formula speaks of: sheet, casefolded, and rectangle.

    `home` is the sheet it stands on, `names` are the defined names, casefolded, with what they stand for.
    """
    for value, is_range in _tokens(formula) or ():
        if not is_range:
            continue
        prefix = _PREFIX.match(value)
        sheet, rest = home, value
        if prefix is not None:
            sheet = (prefix[1] or "").replace("''", "'") or prefix[2]
            rest = value[prefix.end() :]
        area = _rectangle(rest)
        if area is not None:
            yield sheet.casefold(), area
        elif rest.casefold() in names:
            others = {name: told for name, told in names.items() if name != rest.casefold()}
            yield from references(names[rest.casefold()], home, others)


def _rectangle(text: str) -> Area | None:
    plain = text.replace("$", "").rstrip("#")
    if match := _ROWS.fullmatch(plain):
        return Area(int(match[2]), 1, int(match[4]), LAST_COLUMN)
    if match := _COLUMNS.fullmatch(plain):
        return Area(1, column_number(match[1].upper()), LAST_ROW, column_number(match[2].upper()))
    try:
        return area_of(plain)
    except ValueError:
        return None


def grown_ranges(ranges: str, growth: Growth) -> str:
    """A list of ranges separated by blanks, as validations and conditional formats keep them."""
    moved = []
    for each in ranges.split():
        try:
            moved.append(growth.area(area_of(each)).name)
        except ValueError:
            moved.append(each)
    return " ".join(moved)


def quoted(title: str) -> str:
    """A sheet's title as it stands in formulas."""
    return "'" + title.replace("'", "''") + "'"


@lru_cache(maxsize=_CACHED)
def _tokens(formula: str) -> tuple[tuple[str, bool], ...] | None:
    try:
        items = Tokenizer("=" + formula).items
    except (TokenizerError, IndexError):
        return None
    return tuple((each.value, each.type == Token.OPERAND and each.subtype == Token.RANGE) for each in items)


def _reference(text: str, growth: Growth, home: str, own: int | None, down: int) -> str:
    prefix = _PREFIX.match(text)
    if prefix is None and "!" in text:
        return text  # of another workbook, or of several sheets at once
    sheet, rest, start = home, text, ""
    if prefix is not None:
        sheet = (prefix[1] or "").replace("''", "'") or prefix[2]
        rest, start = text[prefix.end() :], prefix[0]
    here = sheet.casefold() == growth.sheet.casefold()
    if not here and not down:
        return text
    return start + _moved(rest, _Shift(growth if here else None, own, down))


@dataclass(frozen=True, slots=True)
class _Shift:
    growth: Growth | None
    own: int | None
    down: int

    def start(self, dollar: str, row: str) -> int:
        return self._shifted(dollar, int(row), ends=False)

    def end(self, dollar: str, row: str) -> int:
        return self._shifted(dollar, int(row), ends=True)

    def _shifted(self, dollar: str, row: int, *, ends: bool) -> int:
        growth = self.growth
        if growth is not None and row > growth.last:
            return growth.row(row)
        if self.own is not None and not dollar:
            return max(1, min(row + self.down, LAST_ROW))
        return growth.end(row) if growth is not None and ends else row


def _moved(rest: str, shift: _Shift) -> str:
    if match := _RANGE.fullmatch(rest):
        first, last = shift.start(match[2], match[3]), shift.end(match[5], match[6])
        return f"{match[1]}{match[2]}{first}:{match[4]}{match[5]}{last}"
    if match := _CELL.fullmatch(rest):
        return f"{match[1]}{match[2]}{shift.start(match[2], match[3])}{match[4]}"
    if match := _ROWS.fullmatch(rest):
        return f"{match[1]}{shift.start(match[1], match[2])}:{match[3]}{shift.end(match[3], match[4])}"
    return rest


def _renamed(text: str, old: str, new: str) -> str:
    prefix = _PREFIX.match(text)
    if prefix is None:
        return text
    sheet = (prefix[1] or "").replace("''", "'") or prefix[2]
    return f"{quoted(new)}!{text[prefix.end() :]}" if sheet.casefold() == old.casefold() else text
