"""Households, people and their categories, as records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from stationdesk.core.changes import Change
from stationdesk.core.vocab import (
    Datum,
    DatumOrigin,
    FollowLevel,
    HouseholdStatus,
    Precision,
)
from stationdesk.services.practice import persons
from stationdesk.services.practice.conditions import follow_level, settle, single_out
from stationdesk.services.practice.dice import Dice
from stationdesk.services.practice.families import Kind, families
from stationdesk.services.practice.layout import Lot
from stationdesk.services.practice.terrain import VILLAGES, degrees
from stationdesk.services.practice.town import Home, Soul, Town, worker_of

_NUMERALS = "一二三四五六七八"
_LATE = 0.06  # share of followed households whose visit is overdue
_HOUSEHOLD_KINDS = (("G02", "H2"), ("G01", "H1"), ("G03", "H3"), ("G05", "H4"))


def group_name(village: int, group: int) -> str:
    """三组 in a village, 第三网格 in a community."""
    return f"第{_NUMERALS[group]}网格" if VILLAGES[village].town else f"{_NUMERALS[group]}组"


def placed(point: tuple[float, float]) -> dict[str, Any]:
    """The place of a record: clicked on the map, at its house."""
    latitude, longitude = degrees(point)
    return {
        "latitude": latitude,
        "longitude": longitude,
        "precision": Precision.BUILDING,
        "place_datum": Datum.WGS84,
        "place_text": f"{latitude:.6f}, {longitude:.6f}",
        "place_origin": DatumOrigin.CLICKED,
    }


class Addresses:
    """House numbers along each street, given once."""

    def __init__(self) -> None:
        self._last: dict[tuple[int, str], int] = {}

    def of(self, lot: Lot) -> str:
        """柳河镇东岗村三组12号, or with the street in the township seat."""
        hamlet = VILLAGES[lot.village]
        where = lot.street if hamlet.town else group_name(lot.village, lot.group)
        number = self._last[lot.village, where] = self._last.get((lot.village, where), 0) + 1
        return f"柳河镇{hamlet.name}{where}{number}号"


def settle_people(town: Town, addresses: Addresses) -> Iterator[Change]:
    """Fill `town.homes`; the changes come by household: itself, then its people and their categories."""
    dice = town.dice("people")
    drafts = list(families(dice))
    for kind, members in drafts:
        settle(dice, kind, members, town.today)
    single_out(dice, drafts, town.today)
    places = _villages_of(dice, [kind for kind, _members in drafts])
    opened = _opening_days(town, dice, len(drafts))
    for (kind, members), (village, group), day in zip(drafts, places, opened, strict=True):
        lot = town.layout.take(village, group)
        worker = town.workers[worker_of(village) % len(town.workers)]
        home = Home(town.keys.take(), kind, lot, worker, day, follow_level(dice, kind, members))
        home.late = home.level is not None and dice.chance(_LATE)
        surname = town.names.surname(village)
        for member in members:
            given = surname if member.line else town.names.surname((village + dice.whole(1, 10)) % 11)
            name = town.names.full(given, man=member.man, age=member.age)
            home.souls.append(Soul(town.keys.take(), name, member, home, day))
        town.homes.append(home)
    _part(town, dice)
    faulty = persons.faults(dice, [soul for home in town.homes for soul in home.souls])
    for home in town.homes:
        yield town.new("household", _household(town, dice, home, addresses), home.key)
        for soul in home.souls:
            yield town.new("person", persons.values(town, dice, soul, faulty.get(soul.key)), soul.key)
            yield from persons.categories(town, dice, soul)


def _villages_of(dice: Dice, kinds: list[Kind]) -> list[tuple[int, int]]:
    """A group for each household: the township seat holds more, and more young families."""
    places = []
    for kind in kinds:
        seat = 0.45 if kind in {Kind.CORE, Kind.COUPLE, Kind.SINGLE} else 0.26
        village = dice.whole(0, 1) if dice.chance(seat) else dice.whole(2, len(VILLAGES) - 1)
        first = 0.4 if not VILLAGES[village].town else 0.25
        sites = len(VILLAGES[village].sites)
        places.append((village, 0 if dice.chance(first) else dice.whole(1, sites - 1)))
    return places


def _opening_days(town: Town, dice: Dice, count: int) -> list[date]:
    """Two thirds were on file before the half year; the rest came evenly since, at least one today."""
    days = [dice.day(town.first - timedelta(days=1000), town.first) for _ in range(count * 2 // 3)]
    days += [dice.day(town.first, town.today) for _ in range(count - len(days) - 1)]
    return dice.mixed([*days, town.today])


def _part(town: Town, dice: Dice) -> None:
    """A few have died or moved away within the half year, so that files are closed too."""
    window = town.first + timedelta(days=30)
    before = [home for home in dice.mixed(town.homes) if home.opened < town.first]
    ends = [home for home in before if home.kind is Kind.OLD_ALONE and home.souls[0].age > 74][:3]
    ends += [home for home in before if home.kind is Kind.CORE and not home.groups & {"G43", "G61", "G63"}][
        :2
    ]
    for home in ends:
        home.closed = dice.day(window, town.past(1))
        home.late = False
        for soul in home.souls:
            soul.closed = home.closed
    widowed = [home for home in before if home.kind is Kind.OLD_COUPLE and home.souls[0].age > 72][:4]
    for home in widowed:
        home.souls[0].closed = dice.day(window, town.past(1))
        home.souls[1].member.marital = "30"


def _household(town: Town, dice: Dice, home: Home, addresses: Addresses) -> dict[str, Any]:
    groups = home.groups
    kind = next((code for group, code in _HOUSEHOLD_KINDS if group in groups), "H0")
    size = len(home.souls)
    status = HouseholdStatus.ACTIVE
    if home.closed is not None:
        status = HouseholdStatus.DIED if home.kind is Kind.OLD_ALONE else HouseholdStatus.MOVED
    return {
        "village_key": town.villages[home.lot.village],
        "group_key": town.groups[home.lot.village, home.lot.group],
        "address": addresses.of(home.lot),
        "kind": kind,
        "follow_level": home.level,
        "worker_key": home.worker,
        "status": status,
        "opened_on": home.opened,
        "closed_on": home.closed,
        "registered_size": size + (dice.whole(0, 3) if home.kind in {Kind.OLD_COUPLE, Kind.OLD_ALONE} else 0),
        "resident_size": sum(not soul.member.away for soul in home.souls),
        "income": Decimal(dice.whole(3200, 6800) if kind in {"H1", "H2"} else dice.whole(7000, 19000)) * size,
        "income_sources": _income_sources(dice, home, kind),
        "hardship": _hardship(dice, home, kind),
        "housing": "1" if dice.chance(0.45) else "2" if dice.chance(0.93) else dice.pick("346"),
        "housing_area": float(dice.whole(6, 18) * 10),
        "danger": dice.weighed({"A": 5, "B": 3, "C": 0.35}) if kind != "H0" else "A",
        "vehicle": dice.pick(("电动三轮车", "电动三轮车", "电动自行车", "面包车", "小轿车", "无", "自行车")),
        "strengths": _strengths(dice, home),
        "note": _note(dice, home),
        **placed(home.lot.point),
    }


def _income_sources(dice: Dice, home: Home, kind: str) -> frozenset[str]:
    old = max(soul.age for soul in home.souls) >= 60
    young = min((soul.age for soul in home.souls if soul.age > 18), default=99) < 58
    sources = {"4"} if old else set()
    sources |= {"1"} if young and dice.chance(0.8) else set()
    sources |= {"2"} if dice.chance(0.6) else set()
    sources |= {"5"} if kind in {"H1", "H2"} else set()
    sources |= {"6"} if old and dice.chance(0.4) else set()
    sources |= {"7"} if home.groups & {"G16", "G21", "G31"} else set()
    return frozenset(sources or {"2"})


def _hardship(dice: Dice, home: Home, kind: str) -> frozenset[str]:
    if kind == "H0":
        return frozenset()
    causes = {"2"} if "G21" in home.groups else set()
    causes |= {"1"} if any(soul.member.ills for soul in home.souls) else set()
    causes |= {"3"} if any(15 < soul.age < 23 for soul in home.souls) else set()
    return frozenset(causes or {dice.pick("5567")})


def _strengths(dice: Dice, home: Home) -> str | None:
    old = home.kind in {Kind.OLD_ALONE, Kind.OLD_COUPLE, Kind.LONER}
    return dice.pick(persons.OLD_STRENGTHS if old else persons.STRENGTHS) if dice.chance(0.5) else None


def _note(dice: Dice, home: Home) -> str | None:
    if home.closed is not None:
        return (
            "老人已故，丧事由村红白理事会帮办。"
            if home.kind is Kind.OLD_ALONE
            else "全家随务工迁往外地，电话仍可联系。"
        )
    if home.level is FollowLevel.HIGH:
        return dice.pick(persons.HIGH_NOTES)
    return dice.pick(persons.NOTES) if dice.chance(0.2) else None
