"""What each person of the practice town lives with: categories, illness, disability, and how the station follows."""

from __future__ import annotations

from datetime import date, timedelta

from stationdesk.core.vocab import FollowLevel
from stationdesk.services.practice.dice import Dice
from stationdesk.services.practice.families import Kind, Member

ELDERLY_ILLS = {"31": 5, "32": 2, "33": 2, "34": 1, "37": 2.5, "49": 3, "41": 0.3, "35": 0.3}
_OWN_GROUPS = {"G18": 3, "G43": 2, "G51": 3, "G61": 2, "G62": 1, "G63": 1, "G81": 3}
"""Categories that a few households have, with how many of them."""

_SUITS = {
    "G18": (Kind.OLD_COUPLE,),
    "G43": (Kind.CORE, Kind.THREE),
    "G51": (Kind.CORE,),
    "G61": (Kind.CORE, Kind.SINGLE, Kind.COUPLE),
    "G62": (Kind.LONER, Kind.COUPLE),
    "G63": (Kind.CORE,),
    "G81": (Kind.SINGLE, Kind.COUPLE, Kind.GRANDPARENTS),
}


def settle(dice: Dice, kind: Kind, home: list[Member], today: date) -> None:
    """Give the people of a household their illnesses, disabilities and categories."""
    for member in home:
        _health(dice, member, today)
    _BY_KIND.get(kind, _ordinary)(dice, home, today)
    for member in home:
        if member.age >= 80:
            member.groups["G16"] = _birthday(member, 80, today)
        if member.disability:
            member.groups["G21"] = _since(dice, today, 15)
            if member.age >= 60 and member.disability[1] in "12":
                member.groups["G17"] = None
            if member.disability[0] == "6" and dice.chance(0.5):
                member.groups["G64"] = _since(dice, today, 8)
        if not member.groups:
            member.groups["G99"] = None


def single_out(dice: Dice, homes: list[tuple[Kind, list[Member]]], today: date) -> None:
    """The few who carry a category that is kept from sight, so that its rules can be tried."""
    free = dice.mixed(range(len(homes)))
    for code, count in _OWN_GROUPS.items():
        suited = [place for place in free if homes[place][0] in _SUITS[code]][:count]
        for place in suited:
            free.remove(place)
            home = homes[place][1]
            who = home[1] if code == "G43" else home[0]
            for member in home[:2] if code == "G18" else [who]:
                member.groups[code] = _since(dice, today, 3)
                member.groups.pop("G99", None)


def follow_level(dice: Dice, kind: Kind, home: list[Member]) -> FollowLevel | None:
    """How closely a household is followed: old and alone first, then whoever cannot help himself."""
    groups = {code for member in home for code in member.groups}
    eldest = max(member.age for member in home)
    alone = kind is Kind.OLD_ALONE
    if (alone and eldest >= 87) or "G33" in groups:
        return FollowLevel.HIGH
    close = (
        (alone and (eldest >= 78 or "G01" in groups))
        or bool(groups & {"G02", "G15", "G18", "G34", "G43", "G64"})
        or (kind is Kind.GRANDPARENTS and (eldest >= 68 or dice.chance(0.25)))
        or (kind is Kind.DISABLED and dice.chance(0.5))
    )
    if close:
        return FollowLevel.PRIORITY
    if groups <= {"G99", "G71", "G41"}:
        return FollowLevel.NORMAL if dice.chance(0.35) else None
    return FollowLevel.NORMAL


def _health(dice: Dice, member: Member, today: date) -> None:
    chance = 0.04 if member.age < 40 else 0.15 if member.age < 60 else 0.5 if member.age < 75 else 0.68
    if member.age > 18 and dice.chance(chance):
        member.ills.add(dice.weighed(ELDERLY_ILLS))
        if member.age > 65 and dice.chance(0.3):
            member.ills.add(dice.weighed(ELDERLY_ILLS))
    share = 0.02 if member.age < 50 else 0.07
    if member.disability is None and dice.chance(share):
        member.disability = (dice.pick("1223444"), dice.pick("1223344"))
    if member.age >= 70 and dice.chance(0.006 * (member.age - 66)):
        member.groups["G15"] = _since(dice, today, 4)


def _old(dice: Dice, home: list[Member], today: date) -> None:
    code = "G12" if dice.chance(0.6) else "G11"
    for member in home:
        member.groups[code] = _since(dice, today, 8)
    _income(dice, home, today, (0.07, 0.05, 0.04))


def _alone(dice: Dice, home: list[Member], today: date) -> None:
    home[0].groups["G13"] = _since(dice, today, 9)
    _income(dice, home, today, (0.2, 0.08, 0.03))


def _left_behind(dice: Dice, home: list[Member], today: date) -> None:
    gone = dice.chance(0.08)
    for member in home:
        if member.relation in {"41", "42"} and member.age < 16:
            code = ("G33" if dice.chance(0.15) else "G34") if gone else "G31"
            member.groups[code] = max(_since(dice, today, 3), _birthday(member, 0, today))
        elif not member.away and member.age > 55:
            member.groups["G11"] = _since(dice, today, 6)
    _income(dice, home, today, (0.12, 0.1, 0.06))


def _single_parent(dice: Dice, home: list[Member], today: date) -> None:
    if not home[0].man:
        home[0].groups["G42"] = _since(dice, today, 5)
    for member in home[1:]:
        if member.age < 18 and dice.chance(0.6):
            member.groups["G32"] = max(_since(dice, today, 3), _birthday(member, 0, today))
    _income(dice, home, today, (0.35, 0.15, 0.1))


def _loner(dice: Dice, home: list[Member], today: date) -> None:
    if home[0].age >= 60 or dice.chance(0.4):
        home[0].groups["G02"] = _since(dice, today, 9)
        if home[0].age >= 63 and dice.chance(0.5):
            home[0].groups["G14"] = _since(dice, today, 9)
    else:
        home[0].groups["G01"] = _since(dice, today, 7)


def _with_disabled(dice: Dice, home: list[Member], today: date) -> None:
    _income(dice, home, today, (0.55, 0.25, 0.1))


def _ordinary(dice: Dice, home: list[Member], today: date) -> None:
    if home[0].away and len(home) > 1:
        home[1].groups["G41"] = _since(dice, today, 4)
        for member in home:
            if member.age < 16 and dice.chance(0.12):
                member.groups["G32"] = max(_since(dice, today, 2), _birthday(member, 0, today))
    if home[0].man and dice.chance(0.07):
        home[0].groups["G71"] = None
    _income(dice, home, today, (0.03, 0.04, 0.05))


def _income(dice: Dice, home: list[Member], today: date, shares: tuple[float, float, float]) -> None:
    """低保, 低保边缘, then 刚性支出 or 监测, of the whole household, since one day."""
    low, edge, other = shares
    draw = dice.between(0, 1)
    if draw > low + edge + other:
        return
    code = "G01" if draw < low else "G03" if draw < low + edge else "G04" if dice.chance(0.5) else "G05"
    since = _since(dice, today, 6 if code in {"G01", "G03"} else 2)
    for member in home:
        if not member.away:
            member.groups[code] = max(since, _birthday(member, 0, today))


def _since(dice: Dice, today: date, years: int) -> date:
    return today - timedelta(days=dice.whole(40, 365 * years))


def _birthday(member: Member, age: int, today: date) -> date:
    """About the day on which somebody reached an age; never later than today."""
    return min(today, today - timedelta(days=round((member.age - age) * 365.25)))


_BY_KIND = {
    Kind.OLD_COUPLE: _old,
    Kind.OLD_ALONE: _alone,
    Kind.GRANDPARENTS: _left_behind,
    Kind.SINGLE: _single_parent,
    Kind.LONER: _loner,
    Kind.DISABLED: _with_disabled,
}
