"""Columns of a ledger: told by a field where there is one, otherwise by the ledger itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from stationdesk.core.fields import Book, Field, Guard, Kind, Mask, Value, Values, plain_text, text_of


class CellKind(StrEnum):
    """What stands in the cells of a column, and so how they are stored, aligned and formatted."""

    TEXT = "text"
    CODE = "code"  # ID and phone numbers, record numbers: text with format @, never a number
    LONG = "long"  # text of several lines, to the left
    DATE = "date"
    MONEY = "money"  # yuan, two decimals
    INTEGER = "integer"
    NUMBER = "number"
    PERCENT = "percent"  # a share between 0 and 1
    ANY = "any"  # each value brings its own kind, see `Typed`


class Total(StrEnum):
    """What stands in the totals row."""

    NONE = "none"
    SUM = "sum"
    COUNT = "count"  # how many cells hold something


@dataclass(frozen=True, slots=True)
class Typed:
    """A value that brings its own kind, for columns whose rows differ (figures of the monthly table)."""

    kind: CellKind
    value: Value


@dataclass(frozen=True, slots=True)
class Open:
    """A value of a masked column that needs no mask, such as a village where others have a name."""

    value: Value


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a ledger.

    `key` is where a row keeps the value, `width` is in Chinese characters. `guard` and `mask` hold in files
    that leave the station; `minor_mask` takes the place of `mask` in the rows of minors. With `merged`, equal
    neighbours below each other become one cell. `field` turns codes and links into words.
    """

    key: str
    label: str
    kind: CellKind = CellKind.TEXT
    width: int = 8
    total: Total = Total.NONE
    guard: Guard = Guard.OPEN
    mask: Mask | None = None
    minor_mask: Mask | None = None
    merged: bool = False
    field: Field | None = None

    def shown_in(self, *, masked: bool) -> bool:
        """Whether the column stands in the file; what is to be masked but has no mask is left out."""
        if not masked or self.guard is Guard.OPEN:
            return True
        return self.guard is Guard.MASKED and self.mask is not None


@dataclass(frozen=True, slots=True)
class FromField:
    """A column that a field tells: label, width, kind, guard and mask are the field's own.

    `name` is `record.field`, under which rows keep the value. `guard` may only be set to be stricter.
    """

    name: str
    label: str = ""
    width: int = 0
    total: Total = Total.NONE
    guard: Guard | None = None
    minor_mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row for a ledger: values by column key, and whether it is about a minor."""

    values: Values
    minor: bool = False


def column_of(told: Field, wish: FromField | None = None) -> Column:
    """The column of a field, with what the ledger wishes otherwise."""
    wish = wish or FromField(told.name)
    return Column(
        key=wish.name,
        label=wish.label or told.label,
        kind=kind_of(told),
        width=wish.width or told.spec.width,
        total=wish.total,
        guard=wish.guard or told.spec.guard,
        mask=told.spec.mask,
        minor_mask=wish.minor_mask,
        field=told,
    )


_TEXT_KINDS: Mapping[Kind, CellKind] = {
    Kind.PHONE: CellKind.CODE,
    Kind.ID_NUMBER: CellKind.CODE,
    Kind.NUMBER: CellKind.CODE,
    Kind.TEXT: CellKind.LONG,
    Kind.FIGURE: CellKind.NUMBER,
}
_TYPE_KINDS: Mapping[type, CellKind] = {
    date: CellKind.DATE,
    Decimal: CellKind.MONEY,
    int: CellKind.INTEGER,
    float: CellKind.NUMBER,
}


def kind_of(told: Field) -> CellKind:
    """The kind of cell that holds a field's values."""
    if told.many or told.spec.codes or told.spec.link:
        return CellKind.TEXT
    return _TEXT_KINDS.get(told.spec.kind) or _TYPE_KINDS.get(told.type, CellKind.TEXT)


def bound(columns: Iterable[Column | FromField], fields: Mapping[str, Field]) -> tuple[Column, ...]:
    """The columns with their fields, looked up by `record.field`.

    Raises:
        KeyError: when a ledger names a field that no model declares.
    """
    return tuple(
        column_of(fields[column.name], column) if isinstance(column, FromField) else column
        for column in columns
    )


def cells_of(
    columns: Sequence[Column], lines: Iterable[Line], book: Book, *, masked: bool
) -> Iterator[tuple[Value, ...]]:
    """The rows as they stand in the file: words for codes and links, masks where the file leaves the station.

    A line without one of the keys is a bug of its query and raises KeyError.
    """
    readers = [(column.key, _reader(column, book, masked=masked)) for column in columns]
    for line in lines:
        values, minor = line.values, line.minor
        yield tuple(read(values[key], minor) for key, read in readers)


_Reader = Callable[[Any, bool], Value]
_AS_IT_IS = frozenset(CellKind) - {CellKind.TEXT, CellKind.CODE, CellKind.LONG}


def _reader(column: Column, book: Book, *, masked: bool) -> _Reader:
    told = column.field

    def words(value: Value, _minor: bool) -> Value:
        if isinstance(value, Open):
            value = value.value
        if told is not None and not isinstance(value, Typed):
            return text_of(told, value, book)
        return value if isinstance(value, str) else plain_text(value)

    if masked and column.guard is Guard.MASKED and column.mask is not None:
        mask, minor_mask = column.mask, column.minor_mask or column.mask

        def hidden(value: Value, minor: bool) -> Value:
            text = words(value, minor)
            if isinstance(value, Open):
                return text
            return (minor_mask if minor else mask)(text) if text else ""

        return hidden
    if column.kind in _AS_IT_IS:
        return lambda value, _minor: value
    return words
