"""Whom a list about people on file means: by ID number, by file number, by a name that only one bears."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.db.models import Household, Person
from stationdesk.services.importing.lists import folded


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says of the person or household it is about; None and empty where it says nothing."""

    number: str | None = None
    name: str = ""
    home: str = ""
    head: str = ""
    village: Key | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Dweller:
    """A person on file, with where they live."""

    key: Key
    name: str
    household: Key
    home: str
    village: Key | None
    address: str
    is_head: bool


@dataclass(slots=True)
class Clients:
    """Those on file, by what lists call them."""

    by_id: dict[str, Dweller] = field(default_factory=dict)
    by_name: dict[str, list[Dweller]] = field(default_factory=lambda: defaultdict(list))
    by_key: dict[Key, Dweller] = field(default_factory=dict)
    homes: dict[str, Key] = field(default_factory=dict)
    titles: dict[Key, str] = field(default_factory=dict)
    """The households' numbers."""

    def person(self, told: Told) -> tuple[Dweller | None, str]:
        """The person of an ID number, or the only one of a name; or why nobody can say."""
        if told.number:
            why = _("身份证号 {number} 没有登记过，请先导入服务对象").format(number=told.number)
            found = self.by_id.get(told.number)
            return found, "" if found else why
        named = self.by_name.get(folded(told.name), [])
        if not named:
            return None, _("“{name}”没有登记过，请先导入服务对象").format(name=told.name)
        close = [each for each in named if _agrees(each, told)]
        if len(close) == 1:
            return close[0], ""
        why = _("有 {count} 位“{name}”，分不清是谁，请补上身份证号").format(
            count=len(close) or len(named), name=told.name
        )
        return None, why

    def household(self, told: Told) -> tuple[Key | None, str]:
        """The household of a number or of a head; or why nobody can say."""
        if told.home:
            key = self.homes.get(told.home)
            return key, "" if key else _("没有户编号“{home}”").format(home=told.home)
        heads = [each for each in self.by_name.get(folded(told.head), []) if each.is_head]
        close = [each for each in heads if _agrees(each, told)]
        if len(close) == 1:
            return close[0].household, ""
        if not heads:
            return None, _("没有户主叫“{name}”的户，请先导入服务对象").format(name=told.head)
        return None, _("有 {count} 户的户主叫“{name}”，分不清是哪户，请补上户编号或村居").format(
            count=len(close) or len(heads), name=told.head
        )


def _agrees(known: Dweller, told: Told) -> bool:
    """Whether nothing that a row says speaks against this person."""
    if told.village and known.village and told.village != known.village:
        return False
    if told.home and told.home != known.home:
        return False
    return not (told.address and known.address and folded(told.address) != known.address)


def read_clients(session: Session) -> Clients:
    """Everybody on file."""
    clients = Clients()
    homes = select(Household.key, Household.code, Household.village_key, Household.address)
    lived = {row.key: row for row in session.execute(homes)}
    clients.homes = {row.code: key for key, row in lived.items()}
    clients.titles = {key: row.code for key, row in lived.items()}
    query = select(
        Person.key, Person.name, Person.id_number, Person.code, Person.household_key, Person.is_head
    )
    for row in session.execute(query):
        home = lived[row.household_key]
        known = Dweller(
            row.key, row.name, home.key, home.code, home.village_key, folded(home.address), row.is_head
        )
        clients.by_name[folded(row.name)].append(known)
        clients.by_name[folded(row.code)].append(known)
        clients.by_key[row.key] = known
        if row.id_number:
            clients.by_id[row.id_number] = known
    return clients
