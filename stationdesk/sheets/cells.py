"""Values into cells: what a workbook can hold of a value, and the written rule for what it cannot.

The rule for text: a soft line break and its kin (U+000B, U+000C, U+0085, U+2028, U+2029, CR) become a line
break; the other characters that XML does not allow are removed; text of more than 32,767 characters is cut
and says so. Text is always stored as text, whatever it begins with. A date before 1900-03-01, a number of
more than 15 digits and a figure that is none are stored as text, since a spreadsheet would change them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from openpyxl.cell.rich_text import CellRichText

from stationdesk.core.fields import Value, plain_text
from stationdesk.sheets.columns import CellKind

LONGEST: Final = 32_767
"""UTF-16 units that a cell holds, by the limits that spreadsheet programs publish."""

CUT_MARK: Final = "……（文字过长，以下略去，全文见系统）"

FIRST_DAY: Final = date(1900, 3, 1)
"""Serial days before it differ between office programs, which keep a 29 February 1900 that never was."""

DIGITS: Final = 15
"""Digits that a spreadsheet number keeps."""

_SUSPECT = re.compile("[^\t\n\x20-\x84\x86-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SOFT_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile("(?<=_)(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Tidied:
    """A text that fits a cell, how many characters were replaced or removed, and how many were cut off."""

    text: str
    cleaned: int = 0
    cut: int = 0


def tidied(text: str) -> Tidied:
    """The text after the written rule of this module."""
    cleaned = 0
    if _SUSPECT.search(text):
        text, breaks = _SOFT_BREAK.subn("\n", text)
        text, illegal = _ILLEGAL.subn("", text)
        cleaned = breaks + illegal
    if len(text) * 2 <= LONGEST:
        return Tidied(text, cleaned)
    units = text.encode("utf-16-le")
    if len(units) <= LONGEST * 2:
        return Tidied(text, cleaned)
    kept = units[: (LONGEST - len(CUT_MARK)) * 2].decode("utf-16-le", "ignore")
    return Tidied(kept + CUT_MARK, cleaned, len(text) - len(kept))


def is_plain(text: str) -> bool:
    """Whether the rule leaves a text as it is: true of nearly all, and quick to tell."""
    return len(text) * 2 <= LONGEST and _SUSPECT.search(text) is None


def as_stored(text: str) -> str | CellRichText:
    """A tidied text as a cell stores it, so that every program reads the same signs.

    Office programs read _x0041_ as an escape for A, other readers do not; two runs of text are plain to all.
    """
    if "_x" in text and _ESCAPE.search(text):
        return CellRichText(*(run for run in _ESCAPE.split(text) if run))
    return text


def number_of(value: Value) -> Decimal | int | float | None:
    """The number that a cell can hold without changing it; None when it cannot, or when it is none."""
    match value:
        case bool():
            return None
        case int():
            return value if abs(value) < 10**DIGITS else None
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return value if value.is_finite() and len(value.normalize().as_tuple().digits) <= DIGITS else None
        case _:
            return None


def day_of(value: Value) -> date | None:
    """The day that a cell can hold as a date; None when it cannot."""
    if isinstance(value, datetime):
        value = value.astimezone().date() if value.tzinfo else value.date()
    return value if isinstance(value, date) and value >= FIRST_DAY else None


_NATIVE: Mapping[CellKind, Callable[[Value], Value]] = {
    CellKind.DATE: day_of,
    CellKind.MONEY: number_of,
    CellKind.INTEGER: number_of,
    CellKind.NUMBER: number_of,
    CellKind.PERCENT: number_of,
}


def native(kind: CellKind, value: Value) -> Value:
    """What a cell of the kind stores for a value: a number or a date where it can, otherwise a text.

    None and empty text are None. Text for a number column stays text: a cell never changes what was entered.
    """
    if value is None or value == "":
        return None
    turn = _NATIVE.get(kind)
    if turn is not None:
        held = turn(value)
        if held is not None:
            return held
    return value if isinstance(value, str) else plain_text(value)
