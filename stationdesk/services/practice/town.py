"""The practice town while it is being invented: what its parts tell each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from stationdesk.core.changes import Change, created
from stationdesk.core.clock import Month
from stationdesk.core.fields import Key
from stationdesk.core.vocab import Choice, FollowLevel
from stationdesk.db.base import blank
from stationdesk.db.models import RECORDS
from stationdesk.services.practice.dice import Dice, Keys
from stationdesk.services.practice.families import Kind, Member
from stationdesk.services.practice.layout import Layout, Lot, lay_out
from stationdesk.services.practice.names import Names
from stationdesk.services.practice.numbers import Numbers

C = TypeVar("C", bound=Choice)

MONTHS = 6
"""So many whole months before the present one hold visits, needs and matches."""


@dataclass(slots=True)
class Soul:
    """A person of the town: what families, needs and visits ask about."""

    key: Key
    name: str
    member: Member
    home: Home
    opened: date
    phone: str | None = None
    closed: date | None = None

    @property
    def age(self) -> int:
        """Years."""
        return self.member.age


@dataclass(slots=True)
class Home:
    """A household of the town."""

    key: Key
    kind: Kind
    lot: Lot
    worker: Key
    opened: date
    level: FollowLevel | None = None
    closed: date | None = None
    late: bool = False
    souls: list[Soul] = field(default_factory=list)

    @property
    def groups(self) -> set[str]:
        """The categories that its people carry."""
        return {code for soul in self.souls for code in soul.member.groups}


@dataclass(slots=True)
class Town:
    """Everything that was invented so far, and the chance and the numbers it is invented with."""

    today: date
    seed: int
    workers: tuple[Key, ...]
    worker_names: tuple[str, ...]
    layout: Layout
    keys: Keys
    numbers: Numbers
    names: Names
    villages: list[Key] = field(default_factory=list)
    groups: dict[tuple[int, int], Key] = field(default_factory=dict)
    homes: list[Home] = field(default_factory=list)

    @property
    def first(self) -> date:
        """The day on which the half year of visits and matches begins."""
        return Month.of(self.today).shifted(-MONTHS).first

    def dice(self, part: str) -> Dice:
        """The chance of one part of the town."""
        return Dice(self.seed, part)

    def past(self, days: int) -> date:
        """The day so many days ago."""
        return self.today - timedelta(days=days)

    def new(self, record: str, values: Mapping[str, Any], key: Key | None = None) -> Change:
        """A new record: `values` over those that a form starts with."""
        return created(record, {**blank(RECORDS[record]), **values}, key or self.keys.take())


def empty_town(today: date, seed: int, workers: tuple[Key, ...], worker_names: tuple[str, ...]) -> Town:
    """The ground before anybody lives there."""
    return Town(
        today,
        seed,
        workers,
        worker_names,
        lay_out(Dice(seed, "ground")),
        Keys(seed, today),
        Numbers(Dice(seed, "numbers")),
        Names(Dice(seed, "names")),
    )


def worker_of(village: int) -> int:
    """Which of the three workers looks after a village."""
    return (0, 0, 1, 1, 1, 2, 2, 0, 1, 2, 2)[village]


def coded(kind: type[C], code: str) -> C:
    """The member of a closed list that is stored as `code`."""
    return next(each for each in kind if each.code == code)
