"""Telephone numbers as they come out of other people's tables."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time

from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.sheets.reading.cells import Cell
from stationdesk.sheets.reading.outcomes import Problem, Read

_MOBILE = re.compile(r"1[3-9]\d{9}")
# Area code without its 0: Beijing and the two-digit ones with eight digits, the rest with seven or eight.
_LOST_ZERO = re.compile(r"(10|2[0-57-9])([2-8]\d{7})|([3-9][1-9]\d)([2-8]\d{6,7})")
_HOTLINE = re.compile(r"[48]00\d{7}")
_LANDLINE = re.compile(r"0(10|2[0-57-9]|[3-9]\d{2})([2-8]\d{6,7})")
_DAMAGED = re.compile(r"\d(\.\d+)?[eE]\+?\d{1,2}")
_SEVERAL = re.compile(r"[、,，;；/／|\n]+|\s{2,}|\s(?=1[3-9]\d{9}|0\d{2,3}-)")


def read_phone(cell: Cell) -> Read | Problem:
    """One or several numbers joined by 、; a lost leading 0 is put back, and that is told."""
    if isinstance(cell, bool | date | time) or cell is None:
        return _unreadable(str(cell))
    if isinstance(cell, float):
        return _unreadable(f"{cell:g}")
    text = unicodedata.normalize("NFKC", clean_line(str(cell))).strip("'")
    if _DAMAGED.fullmatch(text):
        return _unreadable(text)
    numbers: list[str] = []
    notes: list[str] = []
    for part in filter(None, (each.strip() for each in _SEVERAL.split(text))):
        number, note = _one(part)
        if number is None:
            return _unreadable(text)
        numbers.append(number)
        if note:
            notes.append(note)
    return Read("、".join(numbers) or None, "；".join(notes))


def _unreadable(text: str) -> Problem:
    return Problem(_("“{text}”不像电话号码。").format(text=text))


def _one(text: str) -> tuple[str | None, str]:
    """The number, and a note where more was done than cleaning."""
    said, _comma, rest = text.partition("(") if not text.startswith("(") else (text, "", "")
    body = re.sub(r"^(电话|手机|tel|Tel|TEL)[:：]?\s*", "", said.strip() or text)
    bare = re.sub(r"[\s\-—–()]", "", body)
    bare = (
        re.sub(r"^(\+|00)?86(?=1[3-9]\d{9}$|0?\d{9,11}$)", "", bare) if not _MOBILE.fullmatch(bare) else bare
    )
    remark = f"({rest}" if rest else ""
    if _MOBILE.fullmatch(bare):
        return bare + remark, ""
    if _HOTLINE.fullmatch(bare):
        return f"{bare[:3]}-{bare[3:6]}-{bare[6:]}" + remark, ""
    if match := _LANDLINE.fullmatch(bare):
        return f"0{match[1]}-{match[2]}" + remark, ""
    if match := _LOST_ZERO.fullmatch(bare):
        number = f"0{match[1] or match[3]}-{match[2] or match[4]}"
        return number + remark, _("电话 {text} 少了开头的 0，记为 {number}").format(text=text, number=number)
    figures = sum(sign.isdigit() for sign in bare)
    # Short service numbers, extensions (转 8001) and numbers from elsewhere stay as they are written.
    if 3 <= figures <= 24 and figures * 2 >= len(bare):
        return text, ""
    return None, ""
