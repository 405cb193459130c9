"""Where a field is told: `Told[...]` with `field(...)`, and `fields_of` that reads it back as values.

`Told[T]` is SQLAlchemy's `Mapped[T]` whose assignment mypy refuses: a record is read only. What
changes travels as a `core.changes.Change` through `db.writing.write`, the only door.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum as PyEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast, overload

from sqlalchemy import Boolean, Enum, Float, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column
from typing_extensions import override

from stationdesk.core.fields import (
    EVERYWHERE,
    Code,
    Field,
    Guard,
    Key,
    Kind,
    Mask,
    Place,
    Search,
    Spec,
    Value,
    Values,
    plain_text,
)
from stationdesk.db.columns import Cents, CodeSet, IsoDate, Moment
from stationdesk.db.telling import kept_while_told, own_fields

T = TypeVar("T")

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute

    class Told(Generic[T]):
        """A field of a record: the column on the class, the value on a record; never assigned."""

        @overload
        def __get__(self, instance: None, owner: Any) -> InstrumentedAttribute[T]: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> T: ...
        def __get__(self, instance: object, owner: Any) -> InstrumentedAttribute[T] | T: ...
else:

    class Told(Mapped[T]):
        """A field of a record: the column on the class, the value on a record; never assigned."""


_FIELD = "field"


def field(  # noqa: PLR0913 - the one place where everything about a field is said
    label: str,
    *,
    kind: Kind = Kind.PLAIN,
    places: Place = EVERYWHERE,
    width: int = 8,
    page: str = "",
    ordered: bool = False,
    search: Search = Search.NO,
    mask: Mask | None = None,
    guard: Guard | None = None,
    aliases: tuple[str, ...] = (),
    codes: str = "",
    link: str = "",
    unit: str = "",
    hint: str = "",
    default: Value = None,
    suggested: bool = False,
    unique: bool = False,
) -> Any:
    """Tell a field once; see `core.fields.Spec` for what each word means.

    A field with a mask is masked in whatever leaves the station unless `guard` says otherwise.
    `ordered` adds the index (column, key) that sorting a long list needs. `link` names the record
    kind that the key points to; deleting that record is refused while it is pointed to.
    """
    spec = Spec(
        label=label,
        kind=kind,
        places=places,
        width=width,
        page=page,
        ordered=ordered,
        search=search,
        mask=mask,
        guard=guard or (Guard.MASKED if mask else Guard.OPEN),
        aliases=aliases,
        codes=codes,
        link=link,
        unit=unit,
        hint=hint,
        default=default,
        suggested=suggested,
    )
    return _Declared(spec, unique)


@dataclass(frozen=True, slots=True)
class _Declared:
    """What `field` leaves in a class body until the class is built; a mixin may lend it to several."""

    spec: Spec
    unique: bool

    def column(self, told: Field) -> MappedColumn[Any]:
        target = [ForeignKey(f"{told.spec.link}.key")] if told.spec.link else []
        return mapped_column(
            _column_type(told),
            *target,
            info={_FIELD: told},
            nullable=told.optional,
            unique=self.unique or None,
            index=bool(told.spec.link) or None,
        )


class Base(DeclarativeBase):
    """The tables of the station's file."""


class Plain(Base):
    """A table of the program itself: not a record, not told by fields."""

    __abstract__ = True


class Record(Base):
    """A thing the station keeps. Every record has a UUIDv7 `key`; the rest is told by `field`."""

    __abstract__ = True

    __title__: ClassVar[tuple[str, ...]] = ("name",)
    """The fields that name the record, joined by blanks, wherever it is linked to."""

    key: Mapped[Key] = mapped_column(String(32), primary_key=True, sort_order=-1)

    @override
    def __init_subclass__(cls, **keywords: Any) -> None:
        """Turn what is told, here and in mixins, into columns before SQLAlchemy maps the class."""
        ordered = []
        for name, annotation, declared in _declarations(cls):
            told = _field(cls.__tablename__, name, typing.get_args(annotation)[0], declared.spec)
            cls.__annotations__[name] = annotation
            setattr(cls, name, declared.column(told))
            if told.spec.ordered:
                ordered.append(name)
        if ordered:
            indexes = tuple(Index(f"ix_{cls.__tablename__}_{name}_key", name, "key") for name in ordered)
            cls.__table_args__ = (*cls.__dict__.get("__table_args__", ()), *indexes)
        super().__init_subclass__(**keywords)


def _declarations(cls: type) -> Iterator[tuple[str, Any, _Declared]]:
    """What the class and its mixins tell: own fields first, in the order they are written."""
    for source in cls.__mro__:
        for name, annotation in list(vars(source).get("__annotations__", {}).items()):
            declared = vars(source).get(name)
            if isinstance(declared, _Declared):
                yield name, annotation, declared


@kept_while_told
def fields_of(model: type[Record], place: Place | None = None) -> tuple[Field, ...]:
    """The fields of a kind of record that meet people at `place` (all of them without), as told.

    The station's own fields stand behind those of the model, see `db.telling`.
    """
    stored = tuple(column.info[_FIELD] for column in model.__mapper__.columns if _FIELD in column.info)
    record = model.__tablename__
    told = (*stored, *own_fields().of(record), *DERIVED.get(record, ()))
    return tuple(each for each in told if place is None or place & each.spec.places)


@kept_while_told
def field_map(model: type[Record]) -> Mapping[str, Field]:
    """The stored fields by key."""
    return MappingProxyType({each.key: each for each in fields_of(model) if not each.derived})


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements over many rows."""
    return cast("Table", model.__table__)


def blank(model: type[Record]) -> Values:
    """The values a new record starts with; fields that must be filled are None."""
    return dict(_blank(model))


@kept_while_told
def _blank(model: type[Record]) -> Values:
    return {each.key: each.blank for each in fields_of(model) if not each.derived}


def values_of(record: Record) -> Values:
    """The stored values of a record that was read, by field key."""
    return {each.key: getattr(record, each.key) for each in fields_of(type(record)) if not each.derived}


@kept_while_told
def own_names(model: type[Record]) -> tuple[str, ...]:
    """The fields of a title that are words by themselves: neither links nor codes."""
    told = field_map(model)
    return tuple(name for name in model.__title__ if not told[name].spec.link and not told[name].spec.codes)


def title_of(record: Record) -> str:
    """What a record is called, from its own words only: keys and codes are not words."""
    names = (getattr(record, name) for name in own_names(type(record)))
    return " ".join(plain_text(name) for name in names if name)


DERIVED: dict[str, tuple[Field, ...]] = {}
"""Fields that are computed when a list is read, by record; told beside their model with `derive`."""


def derive(record: str, key: str, kind: type, spec: Spec) -> None:
    """Tell a derived field of `record`; `services.derived` computes it."""
    told = Field(record, key, kind, optional=True, many=False, spec=spec, derived=True)
    DERIVED[record] = (*DERIVED.get(record, ()), told)


def _field(record: str, name: str, annotation: Any, spec: Spec) -> Field:
    optional = False
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):  # NewType | None is the latter
        options = [each for each in typing.get_args(annotation) if each is not types.NoneType]
        optional, annotation = True, options[0]
    many = typing.get_origin(annotation) is frozenset
    if many:
        annotation = typing.get_args(annotation)[0]
    kind = str if annotation in (Key, Code) else annotation
    return Field(record, name, cast("type", kind), optional=optional, many=many, spec=spec)


def _column_type(told: Field) -> Any:  # noqa: PLR0911 - one line a type
    if told.many:
        return CodeSet(told.type if issubclass(told.type, PyEnum) else None)
    if issubclass(told.type, PyEnum):
        return Enum(
            told.type, native_enum=False, length=16, values_callable=_stored_values, validate_strings=True
        )
    if told.spec.link:
        return String(32)
    if told.type is Decimal:
        return Cents()
    if told.type is datetime:
        return Moment()
    if told.type is date:
        return IsoDate()
    return {str: Text, int: Integer, float: Float, bool: Boolean}[told.type]()


def _stored_values(kind: type[PyEnum]) -> list[str]:
    return [str(member.value) for member in kind]
