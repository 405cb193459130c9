"""What a household is called and drawn as on internal maps: its head, what its people carry, the mark of that."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Key
from stationdesk.core.vocab import PersonStatus
from stationdesk.db.models import Person, PersonCategory
from stationdesk.maps.households import HouseholdMark
from stationdesk.services.scopes import on_day

_CHUNK = 500
_MARKS = (
    (HouseholdMark.CHILDREN, "G3"),
    (HouseholdMark.ELDERLY, "G1"),
    (HouseholdMark.DISABLED, "G2"),
    (HouseholdMark.ASSISTED, "G0"),
)
"""What a household is drawn as, by how the codes of its people's categories begin; the first that holds."""

Keys = Collection[Key] | None
"""Which ones are asked for; None for all."""


def rows_of(session: Session, query: Any, column: Any, keys: Keys) -> Iterator[Any]:
    """The rows of a query, or those of some keys in `column`, in pieces that the database takes."""
    if keys is None:
        yield from session.execute(query)
        return
    wanted = sorted(keys)
    for start in range(0, len(wanted), _CHUNK):
        yield from session.execute(query.where(column.in_(wanted[start : start + _CHUNK])))


def heads_of(session: Session, homes: Keys) -> dict[Key, str]:
    """The name of whoever stands for each household: its head, or the first person on file."""
    # The head comes last and stays.
    query = select(Person.household_key, Person.name).order_by(Person.is_head, Person.key.desc())
    return {row.household_key: row.name for row in rows_of(session, query, Person.household_key, homes)}


def categories_of(session: Session, homes: Keys, today: date) -> Mapping[Key, tuple[str, ...]]:
    """The categories that the people of each household carry today, each once, in the order of their codes."""
    query = (
        select(Person.household_key, PersonCategory.category)
        .join(Person, Person.key == PersonCategory.person_key)
        .where(Person.status == PersonStatus.ACTIVE, on_day(today))
    )
    found: dict[Key, set[str]] = {}
    for row in rows_of(session, query, Person.household_key, homes):
        found.setdefault(row.household_key, set()).add(row.category)
    return {home: tuple(sorted(codes)) for home, codes in found.items()}


def mark_of(categories: Collection[str]) -> HouseholdMark:
    """What a household is drawn as by what its people carry."""
    for mark, beginning in _MARKS:
        if any(category.startswith(beginning) for category in categories):
            return mark
    return HouseholdMark.PLAIN
