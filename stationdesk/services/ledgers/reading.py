"""What all ledgers read alike: the columns a ledger names, in parts, and which rows no export may hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session
from typing_extensions import override

from stationdesk.core.fields import Book, Field, Place
from stationdesk.core.vocab import Privacy
from stationdesk.db.base import fields_of, table_of
from stationdesk.db.models import (
    RECORDS,
    CodeRow,
    Household,
    Match,
    Need,
    Person,
    PersonCategory,
    Resource,
    ResourceHuman,
    Station,
    Visit,
)
from stationdesk.db.telling import own_fields
from stationdesk.services.book import read_book
from stationdesk.sheets.columns import Column, bound, column_of
from stationdesk.sheets.ledger import Ledger

GROUPS = "client_group"
_PART = 500


@dataclass(frozen=True, slots=True)
class PaperBook(Book):
    """Labels and titles as the station keeps them: paper is Chinese whatever language the window speaks."""

    labels: dict[tuple[str, str], str]
    titles: dict[tuple[str, str], str]

    @override
    def label(self, codes: str, code: str) -> str:
        return self.labels.get((codes, code), code)

    @override
    def title(self, record: str, key: str) -> str:
        return self.titles.get((record, key), "")


def paper_book(session: Session) -> PaperBook:
    """The book for whatever is printed or written."""
    book = read_book(session)
    return PaperBook(dict(book.labels), dict(book.titles))


def all_fields() -> dict[str, Field]:
    """Every field of every kind of record, by `record.field`."""
    return {told.name: told for model in RECORDS.values() for told in fields_of(model)}


def own_columns(ledger: Ledger) -> tuple[Column, ...]:
    """The columns of the fields that the station added itself to what a ledger is about."""
    told = (each for record in ledger.about for each in own_fields().of(record))
    return tuple(column_of(each) for each in told if Place.SHEET in each.spec.places)


def full_columns(ledger: Ledger) -> tuple[Column, ...]:
    """All columns of a ledger, the station's own before the remarks, before any set of columns is applied."""
    columns = bound(ledger.columns, all_fields())
    own = own_columns(ledger)
    last = len(columns) - 1 if columns and columns[-1].key.endswith(".note") else len(columns)
    return (*columns[:last], *own, *columns[last:])


def told_columns(columns: Sequence[Column]) -> list[ColumnElement[Any]]:
    """The database columns of the fields that these columns show, labelled with their keys."""
    shown = (column for column in columns if column.field is not None and not column.field.derived)
    return [_stored(column.key) for column in shown]


def _stored(name: str) -> ColumnElement[Any]:
    record, key = name.split(".")
    return table_of(RECORDS[record]).c[key].label(name)


def first_day_of(session: Session) -> int:
    """The day on which the station's months start."""
    return session.scalar(select(Station.month_starts_on)) or 1


def in_parts(session: Session, query: Select[Any]) -> Iterator[list[dict[str, Any]]]:
    """The rows of a query as mappings, some hundred at a time, never all in memory."""
    result = session.execute(query.execution_options(yield_per=_PART))
    for part in result.mappings().partitions(_PART):
        yield [dict(row) for row in part]


def count_of(session: Session, query: Select[Any]) -> int:
    """How many rows a query has, counted by the database."""
    return session.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()


def restricted_groups() -> Select[Any]:
    """The categories whose people are never listed by name."""
    private = [level for level in Privacy if level.needs_permission]
    return select(CodeRow.code).where(CodeRow.list == GROUPS, CodeRow.privacy.in_(private))


def restricted_people() -> Select[Any]:
    """The keys of people who carry, or ever carried, a category that is never listed by name."""
    return select(PersonCategory.person_key).where(PersonCategory.category.in_(restricted_groups()))


def restricted_person() -> ColumnElement[bool]:
    """Whether a person is one of them."""
    return Person.key.in_(restricted_people())


def restricted_home() -> ColumnElement[bool]:
    """Whether one of them lives, or lived, in a household."""
    return Household.key.in_(select(Person.household_key).where(Person.key.in_(restricted_people())))


def restricted_need() -> ColumnElement[bool]:
    """Whether a need tells of one of them: their own, or that of their household."""
    return _about(Need.person_key, Need.household_key)


def restricted_resource() -> ColumnElement[bool]:
    """Whether a resource is one of them: somebody who helps others."""
    return Resource.key.in_(_restricted_helpers())


def restricted_match() -> ColumnElement[bool]:
    """Whether a match tells of one of them, in need or as a helper: it names both sides."""
    needs = select(Need.key).where(restricted_need())
    return or_(Match.need_key.in_(needs), Match.resource_key.in_(_restricted_helpers()))


def _restricted_helpers() -> Select[Any]:
    return select(ResourceHuman.key).where(ResourceHuman.person_key.in_(restricted_people()))


def restricted_visit() -> ColumnElement[bool]:
    """Whether a visit tells of one of them: to them, or to nobody in particular of their household."""
    return _about(Visit.person_key, Visit.household_key)


def _about(person: Any, household: Any) -> ColumnElement[bool]:
    # Every part is true or false, never unknown: NOT of it must keep the other rows.
    homes = select(Person.household_key).where(Person.key.in_(restricted_people()))
    return or_(
        and_(person.is_not(None), person.in_(restricted_people())),
        and_(person.is_(None), household.is_not(None), household.in_(homes)),
    )
