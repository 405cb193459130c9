"""Which household a person of a list lives in: one that is there, or one that the list itself makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from stationdesk.core.changes import created
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.db.models import Household, Person
from stationdesk.services.households import checked_household
from stationdesk.services.importing.judging import TO_BE_NUMBERED, Judging, checked
from stationdesk.services.importing.lines import Line
from stationdesk.services.importing.lists import folded

HEAD_RELATIONS = frozenset({"01", "02"})
"""GB/T 4761: the person himself, the head of the household."""


@dataclass(slots=True)
class Home:
    """A household that a row may belong to; `planned` ones are made when somebody in them is taken."""

    key: Key
    code: str
    village: Key | None
    address: str
    place: tuple[Any, Any] = (None, None)
    planned: bool = False
    has_head: bool = True


@dataclass(slots=True)
class Homes:
    """Households by what lists call them: their number, their head, their address."""

    judging: Judging
    by_key: dict[Key, Home] = field(default_factory=dict)
    by_code: dict[str, Home] = field(default_factory=dict)
    by_head: dict[tuple[str, Key | None], Home] = field(default_factory=dict)
    by_address: dict[tuple[Key | None, str], Home] = field(default_factory=dict)
    current: Home | None = None
    """The household of the last head in the list: members follow their head."""

    def read(self) -> None:
        """Take in the households of the station."""
        session = self.judging.work.session
        query = select(
            Household.key,
            Household.code,
            Household.village_key,
            Household.address,
            Household.latitude,
            Household.longitude,
        )
        for row in session.execute(query):
            home = Home(
                row.key, row.code, row.village_key, folded(row.address), (row.latitude, row.longitude)
            )
            self._keep(home)
        heads = select(Person.name, Person.household_key).where(Person.is_head.is_(True))
        for name, key in session.execute(heads):
            home = self.by_key[key]
            self.by_head.setdefault((folded(name), home.village), home)

    def _keep(self, home: Home) -> None:
        self.by_key[home.key] = home
        if home.code and home.code != TO_BE_NUMBERED:
            self.by_code[home.code] = home
        if home.address:
            self.by_address.setdefault((home.village, home.address), home)

    def find(self, line: Line, name: str) -> tuple[Home | None, str]:
        """The household of a row if it can be told; "" or the reason why the row is refused."""
        told = line.of("household")
        code, head = told.get("code"), folded(told.get("head_name"))
        village, address = told.get("village_key"), folded(told.get("address"))
        if code:
            return self.by_code.get(code), ""
        if head:
            return self.by_head.get((head, village)), ""
        if line.values.get("person.relation") is not None and not is_head(line, name):
            here = self.current
            if here is not None and (not address or not here.address or address == here.address):
                return here, ""
        return (self.by_address.get((village, address)) if address else None), ""

    def plan(self, line: Line, name: str) -> tuple[Home | None, str]:
        """A new household with what the row says of it; or the rule that it breaks."""
        told = line.of("household")
        head = told.pop("head_name", None) or name
        values = {"opened_on": self.judging.work.today, **told}
        changes, broken = checked(self.judging, checked_household, created("household", values))
        if broken:
            return None, broken
        change = changes[0]
        self.judging.homes.put(change.key, change)
        home = Home(
            change.key,
            str(change.values["code"]),
            change.values.get("village_key"),
            folded(values.get("address")),
            (values.get("latitude"), values.get("longitude")),
            planned=True,
            has_head=False,
        )
        self._keep(home)
        self.by_head.setdefault((folded(head), told.get("village_key")), home)
        return home, ""

    def settle(self, line: Line, name: str, home: Home) -> bool:
        """Note who heads a household as rows arrive; whether this person is its head."""
        if is_head(line, name):
            self.current = home
            home.has_head = True
            self.by_head[folded(name), home.village] = home
            return True
        told = bool(line.values.get("household.head_name")) or line.values.get("person.relation") is not None
        if home.planned and not home.has_head and not told:
            home.has_head = True
            line.remarks.append(_("没有写户主，按该户第一人记"))
            return True
        return False


def is_head(line: Line, name: str) -> bool:
    """Whether the row says that this person heads the household."""
    head = line.values.get("household.head_name")
    return (
        line.values.get("person.is_head") is True
        or line.values.get("person.relation") in HEAD_RELATIONS
        or (bool(head) and folded(str(head)) == folded(name))
    )
