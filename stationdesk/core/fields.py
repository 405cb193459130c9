"""A field is told once: what `Spec` says about it serves form, table, workbook, import, map and audit.

The model in `stationdesk.db.models` declares a field with its type and a `Spec`; `fields_of` turns
the declaration into a `Field`, a plain value that the window, the workbook and the map read without
knowing the database. The type says which editor and which cell, `| None` says optional; the spec
says the label, the places, the width, the mask, the order, and the names other people use for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, Flag, StrEnum, auto
from typing import Any, NewType, Protocol

from typing_extensions import override

Key = NewType("Key", str)
"""The key of a record: a UUIDv7 in 32 hexadecimal digits, so that two laptops can be merged."""

Code = NewType("Code", str)
"""A code of one of the editable lists; `Spec.codes` names the list."""

Value = Any
"""What a field may hold: None, str, int, float, bool, Decimal, date, datetime, an enum, a frozenset."""


class Place(Flag):
    """Where a field meets people."""

    FORM = auto()
    TABLE = auto()
    SHEET = auto()
    IMPORT = auto()
    POPUP = auto()
    SLIP = auto()
    HISTORY = auto()
    PRINT = auto()


EVERYWHERE = ~Place(0)
OFF_TABLE = EVERYWHERE & ~(Place.TABLE | Place.POPUP | Place.SLIP)
"""On the form and in the ledger, not in the list beside it."""
INTERNAL = Place.HISTORY
"""Kept by the program itself, never typed."""
NOWHERE = Place(0)
"""An own field that the station has hidden: its history still tells what it was."""


class Kind(StrEnum):
    """What a text is, where the type alone does not say it."""

    LINE = "line"
    TEXT = "text"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    NUMBER = "number"  # the human number of a record, given by the program (医-07)
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    GEOMETRY = "geometry"  # GeoJSON geometry, WGS-84
    FIGURE = "figure"  # a number that is no money: 3 and 2.5, not 3.00
    PLAIN = "plain"  # nothing to add to the type


class Search(StrEnum):
    """How the one search box finds a field."""

    NO = "no"
    NAME = "name"  # words and pinyin initials
    WORDS = "words"
    DIGITS = "digits"  # last four, leading digits, any other piece


class Guard(StrEnum):
    """What happens to a field in anything that leaves the station."""

    OPEN = "open"
    MASKED = "masked"  # shown through the mask
    DROPPED = "dropped"  # left out: health, disability, free text about a person


Mask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Spec:
    """How people meet a field. See the module text; `width` is in Chinese characters."""

    label: str
    kind: Kind = Kind.PLAIN
    places: Place = EVERYWHERE
    width: int = 8
    page: str = ""
    ordered: bool = False
    search: Search = Search.NO
    mask: Mask | None = None
    guard: Guard = Guard.OPEN
    aliases: tuple[str, ...] = ()
    codes: str = ""
    link: str = ""
    unit: str = ""
    hint: str = ""
    default: Value = None  # what a new record starts with
    mask_inside: bool = True  # whether the mask holds on the screen too, until it is lifted
    suggested: bool = False  # a plain text whose earlier values are offered while typing


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one kind of record, as plain as a value.

    `type` is the type of a single value: str, int, float, bool, Decimal, date, datetime, or an enum;
    `many` says that the value is a frozenset of them. `derived` says that the value is computed
    when it is read (age, remaining capacity) and stored nowhere.
    """

    record: str
    key: str
    type: type
    optional: bool
    many: bool
    spec: Spec
    derived: bool = False

    @property
    def blank(self) -> Value:
        """What a new record starts with: the told default, else the empty set, False, or None."""
        if self.spec.default is not None:
            return self.spec.default
        if self.many and not self.optional:
            return frozenset()
        return False if self.type is bool and not self.optional else None

    @property
    def label(self) -> str:
        """The Chinese label, which is also the message to translate."""
        return self.spec.label

    @property
    def name(self) -> str:
        """`record.field`, unique in the station."""
        return f"{self.record}.{self.key}"


class Book(Protocol):
    """Turns codes and keys into the words people read."""

    def label(self, codes: str, code: str) -> str:
        """The label of a code of an editable list; the code itself when it is not listed."""

    def title(self, record: str, key: str) -> str:
        """What a linked record is called; empty when it is gone."""


class NoBook(Book):
    """For values that hold neither codes nor links."""

    @override
    def label(self, codes: str, code: str) -> str:
        del codes
        return code

    @override
    def title(self, record: str, key: str) -> str:
        del record
        return key


JOINT = "、"
"""What joins several values in one cell."""


def text_of(field: Field, value: Value, book: Book) -> str:
    """The value as people read it on the screen and on paper; empty for None.

    Dates read yyyy-mm-dd, money has two decimals, sets are joined by `、` in the order of their codes.
    """
    if value is None:
        return ""
    if field.many:
        return JOINT.join(_single(field, each, book) for each in sorted(value, key=plain_code))
    return _single(field, value, book)


def plain_code(value: object) -> str:
    """The stored form of a code, whether it is an enum member or a text."""
    return str(value.value) if isinstance(value, Enum) else str(value)


def _single(field: Field, value: Value, book: Book) -> str:
    if field.spec.codes:
        return book.label(field.spec.codes, str(value))
    if field.spec.link:
        return book.title(field.spec.link, str(value))
    if field.spec.kind is Kind.FIGURE:
        return plain_figure(value)
    return plain_text(value)


def plain_figure(value: Decimal) -> str:
    """A number with as many decimals as it has."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain_text(value: Value) -> str:  # noqa: PLR0911 - one line a type
    """A value without code lists or links, as people read it."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case Enum():
            return str(getattr(value, "label", value.value))
        case datetime():
            return value.astimezone().strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:.2f}"
        case float():
            return f"{value:z.6f}".rstrip("0").rstrip(".")
        case _:
            return str(value)


def to_json(value: Value) -> Any:
    """The value as JSON holds it in the audit; `from_json` is its inverse for the same field."""
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case frozenset():
            return sorted(plain_code(each) for each in value)
        case _:
            return str(value)


def from_json(field: Field, value: Any) -> Value:
    """The value that `to_json` wrote, in the field's own type."""
    if value is None:
        return None
    if field.many:
        return frozenset(_from_json(field.type, each) for each in value)
    return _from_json(field.type, value)


def _from_json(kind: type, value: Any) -> Value:
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is Decimal:
        return Decimal(value)
    if issubclass(kind, Enum):
        return kind(value)
    return value


Values = Mapping[str, Value]
"""Field key to value."""
