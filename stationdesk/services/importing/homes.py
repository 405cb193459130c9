"""Which household a person of a list lives in: one that is there, or one that the list itself makes."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from stationdesk.core.changes import created
from stationdesk.core.fields import Key
from stationdesk.core.indexed import PackedIndex, PackedTexts
from stationdesk.core.messages import _
from stationdesk.db.models import Household, Person
from stationdesk.services.households import checked_household
from stationdesk.services.importing.judging import TO_BE_NUMBERED, Judging, checked
from stationdesk.services.importing.lines import Line
from stationdesk.services.importing.lists import folded

HEAD_RELATIONS = frozenset({"01", "02"})
"""GB/T 4761: the person himself, the head of the household."""

_TOGETHER = 2000  # rows read from the file at a time


@dataclass(frozen=True, slots=True)
class Home:
    """A household that a row may belong to; `planned` ones are made when somebody in them is taken.

    `number` counts the households of the station and of the list; the same number is the same household.
    """

    number: int
    key: Key
    code: str
    village: Key | None
    address: str
    place: tuple[float | None, float | None] = (None, None)
    planned: bool = False

    @property
    def line(self) -> str:
        """All but the number as one line of text, to be kept."""
        latitude, longitude = ("" if each is None else repr(each) for each in self.place)
        planned = "1" if self.planned else ""
        return _BETWEEN.join(
            (self.key, self.code, self.village or "", self.address, latitude, longitude, planned)
        )

    @classmethod
    def of(cls, number: int, line: str) -> Home:
        """The household that was kept."""
        key, code, village, address, latitude, longitude, planned = line.split(_BETWEEN)
        place = float(latitude) if latitude else None, float(longitude) if longitude else None
        return cls(number, Key(key), code, Key(village) if village else None, address, place, bool(planned))


_BETWEEN = "\x1f"
"""Stands in no text of the station: it is no sign, and cleaned away at entry."""


@dataclass(slots=True)
class Homes:
    """Households by what lists call them: their number, their head, their address."""

    judging: Judging
    lines: PackedTexts = field(default_factory=PackedTexts)
    headed: bytearray = field(default_factory=bytearray)
    """Of each household whether it has a head."""
    by_key: PackedIndex = field(default_factory=PackedIndex)
    by_code: PackedIndex = field(default_factory=PackedIndex)
    by_head: PackedIndex = field(default_factory=PackedIndex)
    by_address: PackedIndex = field(default_factory=PackedIndex)
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
        for key, code, village, address, *place in session.execute(query).yield_per(_TOGETHER):
            self._keep(key, code, village, folded(address), (place[0], place[1]))
        heads = (
            select(Person.name, Household.key, Household.village_key)
            .join(Household, Household.key == Person.household_key)
            .where(Person.is_head.is_(True))
        )
        for name, key, village in session.execute(heads).yield_per(_TOGETHER):
            head = _pair(village, folded(name))
            if head not in self.by_head:
                self.by_head.add(head, self.number_of(key))

    def number_of(self, key: Key) -> int:
        """The number of a household of the station."""
        number = self.by_key.last(key)
        if number is None:
            raise KeyError(key)
        return number

    def of(self, number: int | None) -> Home | None:
        """The household of a number."""
        return None if number is None else self.at(number)

    def at(self, number: int) -> Home:
        """The household of a number that there is."""
        return Home.of(number, self.lines[number])

    def _keep(
        self,
        key: Key,
        code: str,
        village: Key | None,
        address: str,
        place: tuple[float | None, float | None],
        *,
        planned: bool = False,
    ) -> Home:
        home = Home(len(self.lines), key, code, village, address, place, planned)
        self.lines.append(home.line)
        self.headed.append(not planned)
        if not planned:
            self.by_key.add(key, home.number)
        if code and code != TO_BE_NUMBERED:
            self.by_code.add(code, home.number)
        if address and (where := _pair(village, address)) not in self.by_address:
            self.by_address.add(where, home.number)
        return home

    def find(self, line: Line, name: str) -> tuple[Home | None, str]:
        """The household of a row if it can be told; "" or the reason why the row is refused."""
        told = line.of("household")
        code, head = told.get("code"), folded(told.get("head_name"))
        village, address = told.get("village_key"), folded(told.get("address"))
        if code:
            return self.of(self.by_code.last(code)), ""
        if head:
            return self.of(self.by_head.last(_pair(village, head))), ""
        if line.values.get("person.relation") is not None and not is_head(line, name):
            here = self.current
            if here is not None and (not address or not here.address or address == here.address):
                return here, ""
        return self.of(self.by_address.first(_pair(village, address)) if address else None), ""

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
        home = self._keep(
            change.key,
            str(change.values["code"]),
            change.values.get("village_key"),
            folded(values.get("address")),
            (values.get("latitude"), values.get("longitude")),
            planned=True,
        )
        called = _pair(told.get("village_key"), folded(head))
        if called not in self.by_head:
            self.by_head.add(called, home.number)
        return home, ""

    def settle(self, line: Line, name: str, home: Home) -> bool:
        """Note who heads a household as rows arrive; whether this person is its head."""
        if is_head(line, name):
            self.current = home
            self.headed[home.number] = True
            head = _pair(home.village, folded(name))
            if self.by_head.last(head) != home.number:
                self.by_head.add(head, home.number)  # the last one of a name is meant by what follows
            return True
        told = bool(line.values.get("household.head_name")) or line.values.get("person.relation") is not None
        if home.planned and not self.headed[home.number] and not told:
            self.headed[home.number] = True
            line.remarks.append(_("没有写户主，按该户第一人记"))
            return True
        return False


def _pair(village: Key | None, words: str) -> str:
    return f"{village or ''}{_BETWEEN}{words}"


def is_head(line: Line, name: str) -> bool:
    """Whether the row says that this person heads the household."""
    head = line.values.get("household.head_name")
    return (
        line.values.get("person.is_head") is True
        or line.values.get("person.relation") in HEAD_RELATIONS
        or (bool(head) and folded(str(head)) == folded(name))
    )
