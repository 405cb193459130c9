"""Days as people write them: real dates, serial numbers, 1990.5.3, 90年5月, 19900503."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from stationdesk.core.messages import _
from stationdesk.sheets.reading.cells import Cell
from stationdesk.sheets.reading.outcomes import Problem, Read

_EPOCH = date(1899, 12, 30)  # day 0 of serial numbers, with the year 1900 taken for a leap year as Excel does
_SERIALS = range(3_654, 73_051)  # 1910-01-02 to 2099-12-31; below lie years, ages and running numbers

_FULL = re.compile(
    r"(\d{2}|\d{4})\s*[-/.年、\s]\s*(\d{1,2})\s*[-/.月、\s]\s*(\d{1,2})\s*[日号]?"
    r"(?:[\sT].*)?"
)
_MONTH = re.compile(r"(\d{2}|\d{4})\s*[-/.年、]\s*(\d{1,2})\s*月?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PACKED_MONTH = re.compile(r"(19\d{2}|20\d{2})(0[1-9]|1[0-2])")
_YEAR = re.compile(r"(19|20)\d{2}\s*年?")
_IN_WORDS = re.compile(
    r"([〇零一二三四五六七八九]{2}|[〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_SIGNS = str.maketrans("。・,○", "...〇")


def read_date(cell: Cell) -> Read | Problem:
    """The day. A month alone becomes its first day, two figures of a year a whole year; both are told."""
    match cell:
        case datetime():
            return _in_range(cell.date())
        case date():
            return _in_range(cell)
        case bool() | time() | None:
            return _no_date(str(cell))
        case int() | float():
            return _from_number(cell)
        case str():
            return _from_text(unicodedata.normalize("NFKC", cell).strip().strip("'"))


def _no_date(text: str) -> Problem:
    return Problem(_("“{text}”不是日期。请写成 2026-05-03 的样子。").format(text=text))


def _in_range(day: date, note: str = "") -> Read | Problem:
    if not 1850 <= day.year <= 2100:
        return Problem(_("日期 {day} 不合理。请核对年份。").format(day=day.isoformat()))
    return Read(day, note)


def _from_number(number: float) -> Read | Problem:
    if not 0 < number < 10**9:  # whatever is no number at all fails here too
        return _no_date(str(number))
    if number != int(number) and _PACKED_MONTH.fullmatch(f"{number:.2f}".replace(".", "")):
        # 1990.05 typed as a number; 1990.1 may be January or October.
        return Problem(_("“{text}”看不出是几月。请写成 2026-05-03 的样子。").format(text=f"{number:g}"))
    if int(number) in _SERIALS:
        return Read(_EPOCH + timedelta(days=int(number)))
    return _from_text(str(int(number)) if number == int(number) else str(number))


def _from_text(text: str) -> Read | Problem:
    if "农历" in text or "阴历" in text or re.search(r"[正腊冬初廿]", text):
        return Problem(_("“{text}”是农历，没有换算。请改成公历日期。").format(text=text))
    plain = text.translate(_SIGNS).rstrip(".生")
    if parts := _parts(plain):
        return _day(*parts, text)
    if _YEAR.fullmatch(plain):
        return Problem(_("“{text}”只有年份。请补上月和日。").format(text=text))
    if plain.isdecimal() and int(plain) in _SERIALS:
        return Read(_EPOCH + timedelta(days=int(plain)))
    return _no_date(text)


def _parts(plain: str) -> tuple[str, str, str] | None:
    """Year, month and day as figures; the day empty where only a month is written."""
    if match := _IN_WORDS.fullmatch(plain):
        return match[1].translate(_DIGITS), _counted(match[2]), _counted(match[3] or "")
    if match := _FULL.fullmatch(plain) or _PACKED.fullmatch(plain):
        return match[1], match[2], match[3]
    if match := _MONTH.fullmatch(plain) or _PACKED_MONTH.fullmatch(plain):
        return match[1], match[2], ""
    return None


def _counted(words: str) -> str:
    """二十三 as 23, 十 as 10, nothing as nothing."""
    tens, ten, ones = words.rpartition("十")
    figures = (tens or "一").translate(_DIGITS) if ten else ""
    return figures + (ones or ("0" if ten else "")).translate(_DIGITS)


def _day(year: str, month: str, day: str, text: str) -> Read | Problem:
    notes = []
    number = int(year)
    if len(year) == 2:
        # 90年 is 1990, 08年 is 2008: no station writes of years to come.
        number += 2000 if number <= date.today().year % 100 else 1900  # noqa: DTZ011 - only the century matters
        notes.append(_("“{text}”按 {year} 年记").format(text=text, year=number))
    if not day:
        notes.append(_("“{text}”没有日，按 1 日记").format(text=text))
    try:
        found = date(number, int(month), int(day or 1))
    except ValueError:
        return _no_date(text)
    return _in_range(found, "；".join(notes))
