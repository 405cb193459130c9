"""A value as the form wants it: text, number or day, after the rule of its column and the masks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from types import MappingProxyType
from typing import Final

from stationdesk.core.fields import Book, Field, Guard, Kind, Value, plain_code, plain_text, text_of
from stationdesk.core.masks import mask_id
from stationdesk.sheets.cells import day_of, number_of, tidied
from stationdesk.sheets.columns import CellKind, Open
from stationdesk.sheets.template.rules import DateForm, IdForm, Rule, Writing
from stationdesk.sheets.template.sources import Source

DASH: Final = "—"
"""Stands where a figure has no sum over the year, or nothing to divide by."""

_CARD_LENGTH: Final = 18


@dataclass(frozen=True, slots=True)
class Content:
    """What a cell gets. One of `number`, `day` or, where both are None, `text`; an empty text leaves it blank.

    `code` text is stored as text for good (format @), `quoted` as typed with an apostrophe. `cleaned` and `cut`
    count the characters that no cell can hold.
    """

    text: str = ""
    number: Decimal | int | float | None = None
    day: date | None = None
    code: bool = False
    quoted: bool = False
    cleaned: int = 0
    cut: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written."""
        return self.number is None and self.day is None and not self.text

    @property
    def shown(self) -> str:
        """The content as text, for checks and for gaps in a text."""
        if self.day is not None:
            return self.day.isoformat()
        return self.text if self.number is None else plain_number(self.number)


BLANK: Final = Content()


def content_of(
    rule: Rule, source: Source | None, value: Value, book: Book, *, masked: bool, minor: bool = False
) -> Content:
    """The content for one cell; `masked` says that the file leaves the station.

    A value that must not leave is blank. Text is cleaned and cut to what a cell holds.
    """
    writing = rule.writing
    if source is None:
        return text_content(rule.text)
    masked = masked or writing.masked
    if masked and source.guard is Guard.DROPPED:
        return BLANK
    if isinstance(value, Open):
        value, masked = value.value, False
    if value is None or value in ("", frozenset()):
        return text_content(writing.empty)
    if masked and source.guard is Guard.MASKED and source.mask is not None:
        mask = (source.minor_mask if minor else None) or source.mask
        return text_content(_around(mask(_words(source.field, value, book)), writing), code=True)
    return _content(source, writing, value, book)


def _content(source: Source, writing: Writing, value: Value, book: Book) -> Content:
    if isinstance(value, datetime):
        value = value.astimezone().date() if value.tzinfo else value.date()
    match value:
        case date():
            return _day(value, writing)
        case bool():
            return text_content(writing.yes if value else writing.no)
        case Enum() | str():
            return _text(source, writing, _words(source.field, value, book))
        case int() | float() | Decimal():
            return _number(source, writing, value)
        case _:
            return text_content(_around(_joined(source, writing, value, book), writing))


def _text(source: Source, writing: Writing, text: str) -> Content:
    if _is_id(source):
        return _id(text, writing)
    known = dict(writing.codes)
    if text in known:
        code = known[text]
        # 1 for 男 is a number where the form counts or checks it.
        if (
            code.isascii()
            and code.isdecimal()
            and str(int(code)) == code
            and not (writing.before or writing.after)
        ):
            return Content(number=int(code))
        text = code
    return text_content(_around(text, writing), code=source.kind is CellKind.CODE)


def text_content(text: str, *, code: bool = False) -> Content:
    """Text as a cell can hold it."""
    tidy = tidied(text)
    return Content(tidy.text, code=code, cleaned=tidy.cleaned, cut=tidy.cut)


def day_text(day: date, form: DateForm) -> str:
    """A day in one of the written forms; REAL reads like 2026-10-01."""
    return _DAYS[form].format(y=f"{day.year:04d}", m=day.month, d=day.day)


def plain_number(number: Decimal | float) -> str:
    """A number without exponent or trailing zeros beyond what it has."""
    return f"{number:f}" if isinstance(number, Decimal) else plain_text(number)


def signs_of(content: Content, span: int) -> list[str]:
    """One sign for each of `span` boxes; what is longer than the boxes is not cut but left out altogether."""
    signs = list(content.shown)
    return signs if len(signs) <= span else []


_DAYS: Mapping[DateForm, str] = MappingProxyType(
    {
        DateForm.REAL: "{y}-{m:02d}-{d:02d}",
        DateForm.DASHED: "{y}-{m:02d}-{d:02d}",
        DateForm.SLASHED: "{y}/{m}/{d}",
        DateForm.DOTTED: "{y}.{m:02d}.{d:02d}",
        DateForm.CHINESE: "{y}年{m}月{d}日",
        DateForm.COMPACT: "{y}{m:02d}{d:02d}",
        DateForm.MONTH_DASHED: "{y}-{m:02d}",
        DateForm.MONTH_DOTTED: "{y}.{m:02d}",
        DateForm.MONTH_CHINESE: "{y}年{m}月",
        DateForm.MONTH_COMPACT: "{y}{m:02d}",
        DateForm.YEAR: "{y}",
    }
)


def _day(day: date, writing: Writing) -> Content:
    if writing.date_form is DateForm.REAL:
        held = day_of(day)
        if held is not None:
            return Content(day=day)
    return text_content(_around(day_text(day, writing.date_form), writing), code=True)


def _number(source: Source, writing: Writing, value: Decimal | float) -> Content:
    if isinstance(value, float):
        value = Decimal(str(value))
    number: Decimal | int = value * writing.factor if writing.factor != 1 else value
    if writing.places is not None:
        number = Decimal(number).quantize(Decimal(1).scaleb(-writing.places), ROUND_HALF_UP)
    if (
        isinstance(number, Decimal)
        and number == number.to_integral_value()
        and source.kind is CellKind.INTEGER
    ):
        number = int(number)
    if writing.before or writing.after or number_of(number) is None:
        return text_content(_around(plain_number(number), writing))
    return Content(number=number)


def _joined(source: Source, writing: Writing, values: Value, book: Book) -> str:
    codes = dict(writing.codes)
    inner = sorted(values, key=plain_code) if isinstance(values, frozenset) else values
    words = [source_word(source.field, each, book) for each in inner]
    return writing.joint.join(dict.fromkeys(codes.get(word, word) for word in words if word))


def source_word(told: Field | None, value: Value, book: Book) -> str:
    """The word for one value of a set."""
    if told is not None and told.spec.codes:
        return book.label(told.spec.codes, plain_code(value))
    return value if isinstance(value, str) and not isinstance(value, Enum) else plain_text(value)


def words_of(source: Source | None, value: Value, book: Book) -> frozenset[str]:
    """Every word a value has, for boxes to tick."""
    if source is None or value is None:
        return frozenset()
    if isinstance(value, frozenset | tuple | list):
        return frozenset(source_word(source.field, each, book) for each in value)
    return frozenset({_words(source.field, value, book)})


def _words(told: Field | None, value: Value, book: Book) -> str:
    if isinstance(value, frozenset | tuple | list) and (told is None or not told.many):
        return "、".join(source_word(told, each, book) for each in value)
    if told is not None:
        return text_of(told, value, book)
    return value if isinstance(value, str) and not isinstance(value, Enum) else plain_text(value)


def _id(text: str, writing: Writing) -> Content:
    form = writing.id_form
    if form is IdForm.MASKED:
        return text_content(mask_id(text), code=True)
    if form is IdForm.SPACED and len(text) == _CARD_LENGTH:
        text = f"{text[:6]} {text[6:14]} {text[14:]}"
    elif form is IdForm.APART:
        text = " ".join(text)
    tidy = tidied(_around(text, writing))
    return Content(tidy.text, code=True, quoted=form is IdForm.APOSTROPHE, cleaned=tidy.cleaned, cut=tidy.cut)


def _around(text: str, writing: Writing) -> str:
    return f"{writing.before}{text}{writing.after}" if text else text


def _is_id(source: Source) -> bool:
    return (
        source.kind is CellKind.CODE and source.field is not None and source.field.spec.kind is Kind.ID_NUMBER
    )


__all__ = [
    "BLANK",
    "DASH",
    "Content",
    "content_of",
    "day_text",
    "plain_number",
    "signs_of",
    "text_content",
    "words_of",
]
