"""People on the books: for the roster (服务对象花名册)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import JOINT, Book, Key
from stationdesk.db.models import Household, Person, PersonCategory, Village
from stationdesk.services.derived import age_on, groups_of
from stationdesk.services.ledgers import conditions as when
from stationdesk.services.ledgers.clients import is_minor, minor_people
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import GROUPS, restricted_person, told_columns
from stationdesk.services.ledgers.rows.source import LedgerRows, Rows, Source, day
from stationdesk.services.scopes import last_visit, on_day
from stationdesk.sheets.columns import Column, Line

RELIEF = ("G01", "G02", "G03", "G04", "G05", "G06")
"""The categories of low income (兜底类型)."""


def _query(columns: Sequence[Column], period: Period) -> Select[Any]:
    return (
        select(
            *told_columns(columns),
            Person.key.label("key"),
            Person.birth_date.label("birth"),
            Person.age_told.label("age_told"),
            last_visit(period.last).label("last_visit"),
            Village.name.label("village"),
        )
        .join(Household, Household.key == Person.household_key)
        .outerjoin(Village, Village.key == Household.village_key)
        .order_by(Village.name, Household.code, Person.is_head.desc(), Person.code)
    )


def _lines(session: Session, rows: Rows, period: Period, book: Book) -> Iterator[Line]:
    keys = [row["key"] for row in rows]
    groups = groups_of(session, keys, period.last)
    relief = _relief(session, keys, period.last, book)
    listed = minor_people(session, keys, period.last)
    for row in rows:
        key, birth = row["key"], row["birth"]
        row["age"] = row["age_told"] if birth is None else age_on(birth, period.last)
        row["groups"] = JOINT.join(groups.get(key, ()))
        row["relief"] = JOINT.join(relief.get(key, ()))
        row["last_visit"] = day(row["last_visit"])
        yield Line(row, is_minor(birth, row["age_told"], period.last, listed=key in listed))


def _relief(session: Session, keys: list[Key], on: date, book: Book) -> dict[Key, list[str]]:
    found = session.execute(
        select(PersonCategory.person_key, PersonCategory.category)
        .where(PersonCategory.person_key.in_(keys), PersonCategory.category.in_(RELIEF), on_day(on))
        .order_by(PersonCategory.category)
    )
    relief: dict[Key, list[str]] = {}
    for row in found:
        relief.setdefault(row.person_key, []).append(book.label(GROUPS, row.category))
    return relief


PEOPLE = Source(Person, _query, _lines, restricted_person)
ROSTER = LedgerRows(PEOPLE, lambda period: when.on_file(period.last))
