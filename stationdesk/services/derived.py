"""Values that are computed when they are read: age, remaining capacity, who heads a household, what waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from stationdesk.core.clock import Month, age
from stationdesk.core.datum import distance_m
from stationdesk.core.fields import JOINT, Key, Value
from stationdesk.core.vocab import CapacityPer, PersonStatus
from stationdesk.db.models import (
    CodeRow,
    CopiesGiven,
    Household,
    Match,
    Need,
    Person,
    PersonCategory,
    Resource,
    Station,
    Village,
    Visit,
)
from stationdesk.services.scopes import OPEN_MATCHES, due_visit, last_visit, on_day

Derived = dict[Key, dict[str, Value]]
_CHUNK = 500


def derived_values(session: Session, record: str, keys: Sequence[Key], today: date) -> Derived:
    """The derived values of these records, by key and field; see the `derive` lines beside the models."""
    compute = _BY_RECORD.get(record)
    values: Derived = {}
    if compute is not None:
        for start in range(0, len(keys), _CHUNK):
            values |= compute(session, keys[start : start + _CHUNK], today)
    return values


def age_on(birth: date | None, day: date) -> int | None:
    """Completed years on a day; None when the birth date is unknown or later."""
    if birth is None or birth > day:
        return None
    return age(birth, day)


def _households(session: Session, keys: Sequence[Key], _today: date) -> Derived:
    rows = session.execute(
        select(Household.key, last_visit().label("last"), due_visit().label("due")).where(
            Household.key.in_(keys)
        )
    )
    values: Derived = {
        row.key: {"last_visit": _day(row.last), "next_visit": _day(row.due), "head": None, "members": 0}
        for row in rows
    }
    people = session.execute(
        select(Person.household_key, Person.name, Person.is_head, Person.status)
        .where(Person.household_key.in_(keys))
        .order_by(Person.is_head, Person.key.desc())
    )
    for row in people:
        home = values[row.household_key]
        home["head"] = row.name  # the head comes last; without one, the first person on file stands for it
        home["members"] += row.status is PersonStatus.ACTIVE
    return values


def _people(session: Session, keys: Sequence[Key], today: date) -> Derived:
    rows = session.execute(
        select(Person.key, Person.birth_date, Person.age_told, Village.name)
        .join(Household, Household.key == Person.household_key)
        .outerjoin(Village, Village.key == Household.village_key)
        .where(Person.key.in_(keys))
    )
    groups = groups_of(session, keys, today)
    return {
        row.key: {
            "village": row.name,
            "age": row.age_told if row.birth_date is None else age_on(row.birth_date, today),
            "groups": JOINT.join(groups.get(row.key, ())),
        }
        for row in rows
    }


def groups_of(session: Session, keys: Sequence[Key], day: date) -> dict[Key, list[str]]:
    """The labels of the categories that people carry on a day, by person."""
    rows = session.execute(
        select(
            PersonCategory.person_key, func.coalesce(CodeRow.label, PersonCategory.category).label("label")
        )
        .outerjoin(CodeRow, and_(CodeRow.list == "client_group", CodeRow.code == PersonCategory.category))
        .where(PersonCategory.person_key.in_(keys), on_day(day))
        .order_by(PersonCategory.category)
    )
    groups: dict[Key, list[str]] = {}
    for row in rows:
        groups.setdefault(row.person_key, []).append(row.label)
    return groups


def _needs(session: Session, keys: Sequence[Key], today: date) -> Derived:
    rows = session.execute(
        select(Need.key, Need.raised_on, Need.closed_on, Village.name, func.count(Match.key).label("matches"))
        .outerjoin(Person, Person.key == Need.person_key)
        .outerjoin(Household, Household.key == func.coalesce(Need.household_key, Person.household_key))
        .outerjoin(Village, Village.key == func.coalesce(Need.village_key, Household.village_key))
        .outerjoin(Match, Match.need_key == Need.key)
        .where(Need.key.in_(keys))
        .group_by(Need.key)
    )
    return {
        row.key: {
            "village": row.name,
            "waiting": ((row.closed_on or today) - row.raised_on).days,
            "matches": row.matches,
        }
        for row in rows
    }


def _resources(session: Session, keys: Sequence[Key], today: date) -> Derived:
    used = taken_capacity(session, keys, today)
    home = session.execute(select(Station.latitude, Station.longitude)).first()
    rows = session.execute(
        select(
            Resource.key,
            Resource.capacity,
            Resource.latitude,
            Resource.longitude,
            func.count(Match.key).label("uses"),
            func.max(Match.matched_on).label("last"),
        )
        .outerjoin(Match, Match.resource_key == Resource.key)
        .where(Resource.key.in_(keys))
        .group_by(Resource.key)
    )
    return {
        row.key: {
            "remaining": None if row.capacity is None else row.capacity - used.get(row.key, 0),
            "uses": row.uses,
            "last_used": _day(row.last),
            "distance": _kilometres(home, row),
        }
        for row in rows
    }


def taken_capacity(
    session: Session, keys: Sequence[Key] | None, day: date, *, but: Key | None = None
) -> dict[Key, int]:
    """How much of each resource's capacity its matches take on a day; the match `but` is left out.

    At a time: what is open. Once: what is open or done. Per day, week or month: what was matched in that
    day, week (from Monday) or month and not given up.
    """
    monday = day - timedelta(days=day.weekday())
    spans = {
        CapacityPer.DAY: (day, day),
        CapacityPer.WEEK: (monday, monday + timedelta(days=6)),
        CapacityPer.MONTH: (Month.of(day).first, Month.of(day).last),
    }
    open_now = Match.state.in_(OPEN_MATCHES)
    alive = Match.state.not_in(("failed", "withdrawn"))
    periods = [
        and_(Resource.capacity_per == per, alive, Match.matched_on.between(first, last))
        for per, (first, last) in spans.items()
    ]
    counts = or_(
        and_(or_(Resource.capacity_per == CapacityPer.AT_A_TIME, Resource.capacity_per.is_(None)), open_now),
        and_(Resource.capacity_per == CapacityPer.ONCE, alive),
        *periods,
    )
    query = (
        select(Match.resource_key, func.sum(func.coalesce(Match.quantity, 1)))
        .join(Resource, Resource.key == Match.resource_key)
        .where(counts)
        .group_by(Match.resource_key)
    )
    if keys is not None:
        query = query.where(Match.resource_key.in_(keys))
    if but is not None:
        query = query.where(Match.key != but)
    return {key: int(taken) for key, taken in session.execute(query)}


def _matches(session: Session, keys: Sequence[Key], _today: date) -> Derived:
    # The head is another person than the one joined below, so that the subquery keeps its own table.
    first = aliased(Person)
    head = (
        select(first.name).where(first.household_key == Need.household_key, first.is_head.is_(True)).limit(1)
    )
    rows = session.execute(
        select(Match.key, func.coalesce(Person.name, head.scalar_subquery(), Village.name).label("client"))
        .join(Need, Need.key == Match.need_key)
        .outerjoin(Person, Person.key == Need.person_key)
        .outerjoin(Village, Village.key == Need.village_key)
        .where(Match.key.in_(keys))
    )
    return {row.key: {"client": row.client} for row in rows}


def _visits(session: Session, keys: Sequence[Key], _today: date) -> Derived:
    head = (
        select(Person.name)
        .where(Person.household_key == Visit.household_key, Person.is_head.is_(True))
        .limit(1)
    )
    rows = session.execute(
        select(Visit.key, Village.name, head.scalar_subquery().label("head"))
        .join(Household, Household.key == Visit.household_key)
        .outerjoin(Village, Village.key == Household.village_key)
        .where(Visit.key.in_(keys))
    )
    return {row.key: {"village": row.name, "head": row.head} for row in rows}


def _editions(session: Session, keys: Sequence[Key], _today: date) -> Derived:
    rows = session.execute(
        select(CopiesGiven.edition_key, func.sum(CopiesGiven.copies))
        .where(CopiesGiven.edition_key.in_(keys))
        .group_by(CopiesGiven.edition_key)
    )
    given = {row[0]: int(row[1]) for row in rows}
    return {key: {"given": given.get(key, 0)} for key in keys}


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _kilometres(home: Any, row: Any) -> float | None:
    if home is None or home.latitude is None or row.latitude is None or row.longitude is None:
        return None
    return round(distance_m((home.latitude, home.longitude), (row.latitude, row.longitude)) / 1000, 1)


_BY_RECORD: Mapping[str, Callable[[Session, Sequence[Key], date], Derived]] = MappingProxyType(
    {
        "household": _households,
        "person": _people,
        "need": _needs,
        "resource": _resources,
        "match": _matches,
        "visit": _visits,
        "sheet_edition": _editions,
    }
)

__all__ = ["age_on", "derived_values", "groups_of", "taken_capacity"]
