"""Whom a need, a match or a visit is about, as a ledger names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import JOINT, Key, Value
from stationdesk.core.vocab import Privacy
from stationdesk.db.models import CodeRow, Household, Person, PersonCategory, Village, VillageGroup
from stationdesk.services.derived import age_on, groups_of
from stationdesk.services.ledgers.reading import GROUPS
from stationdesk.services.scopes import on_day
from stationdesk.sheets.columns import Open

OF_AGE = 18


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose it is: a person, or a household as a whole, or a village."""

    person: Key | None
    household: Key | None
    village: Key | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """A subject in the words of a ledger. A household stands under the name of its head."""

    name: Value = ""
    minor: bool = False
    groups: str = ""
    village: str = ""
    group: str = ""


def clients_of(session: Session, subjects: Sequence[Subject], day: date) -> list[Client]:
    """The subjects as they were on a day, one client for each, in their order."""
    heads = heads_of(session, {each.household for each in subjects if each.person is None and each.household})
    people = _people(
        session, {key for each in subjects if (key := each.person or heads.get(each.household))}, day
    )
    homes = _homes(session, {each.household for each in subjects if each.household})
    villages = _villages(session, {each.village for each in subjects if each.village})
    clients = []
    for each in subjects:
        person = people.get(each.person or heads.get(each.household) or Key(""))
        if person is not None and each.person is None:
            person = Client(f"{person.name}（户）", person.minor, person.groups, person.village, person.group)
        if person is not None:
            clients.append(person)
        elif each.household in homes:
            clients.append(homes[each.household])
        else:
            village = villages.get(each.village or Key(""), "")
            clients.append(Client(Open(village), village=village))
    return clients


def minor_categories() -> Select[Any]:
    """The categories that only minors carry."""
    levels = [level for level in Privacy if level.is_minor]
    return select(CodeRow.code).where(CodeRow.list == GROUPS, CodeRow.privacy.in_(levels))


def minor_people(session: Session, keys: Iterable[Key], day: date) -> set[Key]:
    """Those who carry a category of minors on a day."""
    query = select(PersonCategory.person_key).where(
        PersonCategory.person_key.in_(list(keys)),
        PersonCategory.category.in_(minor_categories()),
        on_day(day),
    )
    return set(session.scalars(query))


def is_minor(birth: date | None, age_told: int | None, day: date, *, listed: bool) -> bool:
    """Whether a person counts as a minor: under 18 by age; where no age is known, by category."""
    age = age_on(birth, day) if birth is not None else age_told
    return age < OF_AGE if age is not None else listed


def heads_of(session: Session, households: set[Any]) -> dict[Any, Key]:
    """The head of each household; where nobody is marked, the first person on file."""
    rows = session.execute(
        select(Person.household_key, Person.key)
        .where(Person.household_key.in_(households))
        .order_by(Person.is_head, Person.key.desc())
    )
    return {row.household_key: row.key for row in rows}


def _people(session: Session, keys: set[Key], day: date) -> dict[Key, Client]:
    rows = session.execute(
        select(
            Person.key,
            Person.name,
            Person.birth_date,
            Person.age_told,
            Village.name.label("village"),
            VillageGroup.name.label("part"),
        )
        .join(Household, Household.key == Person.household_key)
        .outerjoin(Village, Village.key == Household.village_key)
        .outerjoin(VillageGroup, VillageGroup.key == Household.group_key)
        .where(Person.key.in_(keys))
    ).all()
    groups = groups_of(session, list(keys), day)
    listed = minor_people(session, keys, day)
    return {
        row.key: Client(
            row.name,
            is_minor(row.birth_date, row.age_told, day, listed=row.key in listed),
            JOINT.join(groups.get(row.key, ())),
            row.village or "",
            row.part or "",
        )
        for row in rows
    }


def _homes(session: Session, keys: set[Any]) -> dict[Any, Client]:
    """Households without anybody on file: known by their number."""
    rows = session.execute(
        select(Household.key, Household.code, Village.name.label("village"), VillageGroup.name.label("part"))
        .outerjoin(Village, Village.key == Household.village_key)
        .outerjoin(VillageGroup, VillageGroup.key == Household.group_key)
        .where(Household.key.in_(keys))
    )
    return {row.key: Client(Open(row.code), village=row.village or "", group=row.part or "") for row in rows}


def _villages(session: Session, keys: set[Any]) -> dict[Key, str]:
    rows = session.execute(select(Village.key, Village.name).where(Village.key.in_(keys)))
    return {row.key: row.name for row in rows}
