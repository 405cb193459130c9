"""A cell as the value of a field: what other people typed, in our types, or a sentence why not."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum

from stationdesk.core.fields import Field, Kind, Value
from stationdesk.core.idcard import looks_damaged, normalise
from stationdesk.core.messages import _
from stationdesk.core.text import clean, clean_line, full_to_half
from stationdesk.sheets.reading.cells import Cell
from stationdesk.sheets.reading.choosing import Codes, choose_code, choose_member, parts_of
from stationdesk.sheets.reading.dates import read_date
from stationdesk.sheets.reading.numbers import read_number, read_truth
from stationdesk.sheets.reading.outcomes import Problem, Read
from stationdesk.sheets.reading.phones import read_phone

NOTHING = frozenset({"-", "--", "—", "——", "－", "/", "／", "\\", "."})
"""What people put into a cell that is to stay empty."""
NO_VALUE = NOTHING | {"无", "没有", "暂无", "不详", "未知", "不清楚", "空", "null", "none", "n/a", "na"}
"""The same where a number, a date, a code or a phone should stand."""

_FAILED = re.compile(r"(?P<narrow>#{3,})|#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)")
_EXACT_DIGITS = 10**15
"""Excel keeps 15 digits of a number; what is longer has lost its tail."""


def read_cell(field: Field, cell: Cell, codes: Codes) -> Read | Problem:
    """The cell as a value of the field, perhaps with a note on what was understood; or the problem.

    A blank cell is None, whatever the field. Links to other records are given back as text for the
    caller to look up. ID numbers that a spreadsheet has shortened are refused, never padded.
    """
    if cell is None:
        return Read(None)
    plain = clean_line(cell) if isinstance(cell, str) else cell
    if plain == "" or plain in NOTHING:
        return Read(None)
    if isinstance(plain, str) and (failed := _FAILED.fullmatch(plain)):
        return _failed(plain, narrow=failed["narrow"] is not None)
    # In a text 无 is an answer; to a yes or no it is no; elsewhere it is nothing.
    says_nothing = isinstance(plain, str) and plain.lower() in NO_VALUE
    if says_nothing and not _is_text(field) and field.type is not bool:
        return Read(None)
    # Where line breaks mean something the cell is read as it is, everywhere else as one clean line.
    return _read(field, cell if field.many or field.spec.kind is Kind.TEXT else plain, codes)


def _failed(text: str, *, narrow: bool) -> Problem:
    if narrow:
        return Problem(_("这一格只显示成 {text}，列太窄了。请把列拉宽，重新导出。").format(text=text[:8]))
    return Problem(_("这一格的公式出错（{text}），没有值。请改好公式，或直接填写。").format(text=text))


def _is_text(field: Field) -> bool:
    return (
        field.type is str
        and not field.many
        and not field.spec.codes
        and not field.spec.link
        and field.spec.kind in {Kind.LINE, Kind.TEXT, Kind.PLAIN, Kind.NUMBER}
    )


def _read(field: Field, cell: Cell, codes: Codes) -> Read | Problem:  # noqa: PLR0911 - one line a type
    if field.many:
        return _read_set(field, cell, codes)
    if field.spec.kind is Kind.ID_NUMBER:
        return read_id_number(cell)
    if field.spec.kind is Kind.PHONE:
        return read_phone(cell)
    if field.spec.codes:
        return choose_code(codes, field.spec.codes, _as_text(cell))
    if issubclass(field.type, Enum):
        return choose_member(field.type, _as_text(cell))
    if field.type is bool:
        return read_truth(cell)
    if field.type is date:
        return read_date(cell)
    if field.type is datetime:
        return _read_moment(cell)
    if field.type in (int, float, Decimal):
        return read_number(field.type, cell)
    return _read_text(field, cell)


def _as_text(cell: Cell) -> str:
    """A cell as somebody would have typed it; a text is clean already."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case datetime():
            return cell.strftime("%Y-%m-%d %H:%M") if cell.time() != time() else cell.date().isoformat()
        case float():
            return f"{cell:.10f}".rstrip("0").rstrip(".")
        case time():
            return cell.strftime("%H:%M")
        case _:
            return str(cell)


def _read_text(field: Field, cell: Cell) -> Read | Problem:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _EXACT_DIGITS:
        return Problem(_("号码太长，被表格软件当成数字，末尾已经丢失。请对照原件重新填写。"))
    if field.spec.kind is Kind.TEXT and isinstance(cell, str):
        return Read(clean(cell).strip() or None)
    return Read(_as_text(cell) or None)


def read_id_number(cell: Cell) -> Read | Problem:
    """An identity number as text in its normal form; whether it is right is checked by who stores it."""
    damaged = Problem(_("证件号被表格软件当成数字，末尾已经变成 0，原号码找不回来了。请对照证件重新填写。"))
    if isinstance(cell, float | bool | date | time):
        return damaged
    if isinstance(cell, int):
        # Fifteen digits still fit, which is the length of an old number.
        return damaged if cell >= _EXACT_DIGITS else Read(str(cell))
    number = normalise(clean_line(cell or ""))
    # Some offices write two numbers or a remark into the cell; that is for a person to sort out.
    number = re.sub(r"^(身份证号?码?|证件号码?)[:：]?", "", number)
    if looks_damaged(number):
        return damaged
    return Read(number or None)


def _read_moment(cell: Cell) -> Read | Problem:
    if isinstance(cell, datetime):
        return Read(cell if cell.tzinfo else cell.astimezone())
    day = read_date(cell)
    if isinstance(day, Problem) or day.value is None:
        return day
    return Read(datetime.combine(day.value, time(12)).astimezone(), day.note)


def _read_set(field: Field, cell: Cell, codes: Codes) -> Read | Problem:
    values: set[Value] = set()
    text = clean(cell) if isinstance(cell, str) else _as_text(cell)  # a line break may divide values
    for part in parts_of(text):
        if part.lower() in NO_VALUE:
            continue
        named = field.spec.codes
        each = choose_code(codes, named, part) if named else choose_member(field.type, part)
        if isinstance(each, Problem):
            return each
        values.add(each.value)
    return Read(frozenset(values))


def plain_words(cell: Cell) -> str:
    """The cell as one line of text, for keys that are looked up (names, numbers); empty for a blank one."""
    return clean_line(cell) if isinstance(cell, str) else _as_text(cell)


def plain_number(cell: Cell) -> str:
    """The cell as a code or number without blanks, half width."""
    return full_to_half(_as_text(cell)).upper()


__all__ = ["NO_VALUE", "Problem", "Read", "plain_number", "plain_words", "read_cell", "read_id_number"]
