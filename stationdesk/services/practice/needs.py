"""300 needs of the half year: whose, of what kind, how urgent, and when they were raised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from stationdesk.core.fields import Key
from stationdesk.core.vocab import Bradshaw, NeedResult, NeedSubject, Urgency
from stationdesk.services.practice.dice import Dice
from stationdesk.services.practice.families import Kind
from stationdesk.services.practice.need_words import ILLS, TAILS, WANTS, WISHES
from stationdesk.services.practice.terrain import VILLAGES
from stationdesk.services.practice.town import Home, Soul, Town, coded
from stationdesk.services.practice.visits import Draft, urgent_visit
from stationdesk.services.practice.wish import Wish

COUNT = 300
_TODAY = 3  # needs raised today
_FRESH = 12  # needs raised in the last days, most of them urgent
_KEPT_BACK = frozenset({"hurt"})  # not on the first screen, which pictures show
_GRADES = "一二三四五六七八九"


@dataclass(slots=True)
class Want:
    """A need before it is a record: `values` gets its status when its matches are known."""

    key: Key
    wish: Wish
    urgency: Urgency
    raised: date
    home: Home | None
    soul: Soul | None
    village: int
    values: dict[str, Any]
    money: int = 0

    @property
    def groups(self) -> set[str]:
        """The categories that a resource may ask for."""
        if self.soul is not None:
            return set(self.soul.member.groups)
        return self.home.groups if self.home is not None else set()


def plan_needs(town: Town, visits: list[Draft]) -> list[Want]:
    """The needs in the order in which they were raised; visits learn of those they found."""
    dice = town.dice("needs")
    by_home: dict[Key, list[Draft]] = {}
    for draft in visits:
        if draft["outcome"].is_completed:
            by_home.setdefault(draft["household_key"], []).append(draft)
    days = [town.today] * _TODAY + [town.past(dice.whole(1, 6)) for _ in range(_FRESH)]
    days += [dice.day(town.first, town.past(2)) for _ in range(COUNT - len(days))]
    taken: set[tuple[Key, str]] = set()
    wants = []
    for number, day in enumerate(sorted(days, reverse=True)):
        want = _want(town, dice, day, taken, urgent=number < _TODAY or (number < _FRESH and dice.chance(0.6)))
        _found_on(town, dice, want, by_home, visits)
        wants.append(want)
    wants.sort(key=lambda want: want.raised)
    visits.sort(key=lambda draft: draft["visited_on"])
    return wants


def _want(town: Town, dice: Dice, day: date, taken: set[tuple[Key, str]], *, urgent: bool) -> Want:
    known = [home for home in town.homes if home.opened <= day and home.closed is None]
    while True:
        wish = dice.weighed({each: each.weight for each in WISHES})
        weights = [int(weight) for weight in wish.urgency.split()]
        if urgent and (weights[0] + weights[1] < weights[2] or wish.who in _KEPT_BACK):
            continue
        levels = dict(zip(Urgency, weights, strict=True))
        if urgent:
            soon = 0 if not taken else weights[1]  # the first of all is for this very day
            levels = {Urgency.CRITICAL: weights[0] * 2 + 1, Urgency.SOON: soon}
        home, soul, village = _whose(dice, wish, known)
        whose = soul.key if soul else home.key if home else town.villages[village]
        if (soul is None and home is None and wish.who != "village") or (whose, wish.item) in taken:
            continue
        taken.add((whose, wish.item))
        want = Want(town.keys.take(), wish, dice.weighed(levels), day, home, soul, village, {})
        want.money = round(dice.whole(*wish.money), -1) if wish.money[1] else 0
        want.values = _values(town, dice, want)
        return want


def _whose(dice: Dice, wish: Wish, known: list[Home]) -> tuple[Home | None, Soul | None, int]:
    if wish.who == "village":
        return None, None, dice.whole(0, len(VILLAGES) - 1)
    if wish.who == "household":
        home = dice.pick(known)
        return home, None, home.lot.village
    rule = RULES[wish.who]
    fit = [soul for home in known for soul in home.souls if soul.closed is None and rule(soul)]
    if not fit:
        return None, None, 0
    soul = dice.pick(fit)
    return soul.home, soul, soul.home.lot.village


def _values(town: Town, dice: Dice, want: Want) -> dict[str, Any]:
    wish, soul = want.wish, want.soul
    worker = want.home.worker if want.home else dice.pick(town.workers)
    known = "1 8" if wish.who == "village" else dice.pick(("5", "5", "2 5", "2", "8", "5 8", "7"))
    text = dice.pick(wish.texts).format(**_slots(dice, want)) + (dice.pick(TAILS) if want.soul else "")
    values: dict[str, Any] = {
        "item": wish.item,
        "subject": _subject(want),
        "result": coded(NeedResult, wish.item[:2]),
        "urgency": want.urgency,
        "description": text,
        "person_key": soul.key if soul else None,
        "household_key": want.home.key if want.home else None,
        "village_key": town.villages[want.village] if want.home is None else None,
        "worker_key": worker,
        "bradshaw": frozenset(coded(Bradshaw, code) for code in wish.bradshaw.split()),
        "source": dice.pick("2333"),
        "collected_by": town.worker_names[town.workers.index(worker)],
        "methods": frozenset(known.split()),
        "service_items": frozenset({wish.mzt}),
        "client_wish": dice.pick(WANTS) or None,
        "quantity": wish.quantity or None,
        "amount": Decimal(want.money) if want.money else None,
    }
    return values


def _subject(want: Want) -> NeedSubject:
    if want.soul is not None:
        return NeedSubject.PERSON
    return NeedSubject.HOUSEHOLD if want.home is not None else NeedSubject.COMMUNITY


def _slots(dice: Dice, want: Want) -> dict[str, str]:
    soul = want.soul
    ills = sorted(soul.member.ills & set(ILLS)) if soul else []
    age = soul.age if soul else 0
    grade = f"上{_GRADES[min(8, max(0, age - 7))]}年级"
    return {
        "age": str(age),
        "ill": ILLS[ills[0]] if ills else dice.pick(("腰腿疼", "高血压", "胃病", "关节炎")),
        "grade": "在幼儿园" if age < 6 else grade if age < 16 else "上高中",
        "village": VILLAGES[want.village].name,
    }


def _found_on(
    town: Town, dice: Dice, want: Want, by_home: dict[Key, list[Draft]], visits: list[Draft]
) -> None:
    """Most needs come up on a visit; one raised today or yesterday in an emergency gets one of its own."""
    home = want.home
    if home is not None and want.urgency is Urgency.CRITICAL and want.raised >= town.past(1):
        visits.append(urgent_visit(town, dice, home, want.raised))
    elif home is not None and want.raised < town.past(_FRESH // 2) and dice.chance(0.6):
        near = [
            draft for draft in by_home.get(home.key, ()) if abs((draft["visited_on"] - want.raised).days) < 20
        ]
        if near:
            draft = near[0]
            want.raised = draft["visited_on"]
            draft["needs_found"] += 1
            draft["urgent"] = want.urgency is Urgency.CRITICAL
    want.values["raised_on"] = want.raised
    if want.urgency.days:
        want.values["due_on"] = want.raised + timedelta(days=want.urgency.days)
    assessed = want.raised + timedelta(days=dice.whole(0, 4))
    if assessed <= town.today and dice.chance(0.8):
        want.values |= {"assessed_on": assessed, "assessment": dice.pick(_ASSESSMENTS)}


_ASSESSMENTS = (
    "情况属实，需要及时回应。",
    "家庭支持弱，需链接外部资源。",
    "可先用村里力量，镇里跟进。",
    "本人有一定能力，以支持为主。",
    "需多方一起商量，列入个案。",
    "属政策范围，抓紧办理。",
)


def _at_home(soul: Soul) -> bool:
    return not soul.member.away


def _elder(soul: Soul) -> bool:
    return soul.age >= 62 and _at_home(soul)


def _child(soul: Soul) -> bool:
    return 5 <= soul.age < 16


def _poor(soul: Soul) -> bool:
    return soul is soul.home.souls[0] and bool(soul.home.groups & {"G01", "G02", "G03", "G04", "G05", "G42"})


def _grown(soul: Soul, low: int, high: int) -> bool:
    return low <= soul.age <= high and _at_home(soul)


RULES: dict[str, Callable[[Soul], bool]] = {
    "poor": _poor,
    "loner": lambda soul: soul.home.kind is Kind.LONER and soul.age >= 58,
    "ill": lambda soul: bool(soul.member.ills) and _at_home(soul),
    "disabled": lambda soul: soul.member.disability is not None and _at_home(soul),
    "eighty": lambda soul: 79 <= soul.age <= 82,
    "elder": _elder,
    "any": lambda soul: soul.age > 17 and _at_home(soul),
    "old_house": lambda soul: soul is soul.home.souls[0] and _elder(soul),
    "worker": lambda soul: _grown(soul, 25, 58),
    "elder_ill": lambda soul: _elder(soul) and bool(soul.member.ills),
    "chronic": lambda soul: bool(soul.member.ills & {"31", "37", "49"}) and _at_home(soul),
    "stroke": lambda soul: "32" in soul.member.ills and _at_home(soul),
    "helpless": lambda soul: "G15" in soul.member.groups or (_elder(soul) and soul.age > 84),
    "child": _child,
    "alone": lambda soul: soul.home.kind is Kind.OLD_ALONE,
    "widow": lambda soul: soul.member.marital == "30" and not soul.member.man and soul.age < 60,
    "widowed": lambda soul: soul.member.marital == "30" and soul.age >= 60 and _at_home(soul),
    "couple": lambda soul: soul.home.kind in {Kind.CORE, Kind.THREE} and _grown(soul, 25, 55),
    "hurt": lambda soul: (
        "G43" in soul.member.groups
        or (soul.home.kind is Kind.CORE and not soul.member.man and _grown(soul, 25, 45))
    ),
    "student": lambda soul: 6 <= soul.age < 16,
    "college": lambda soul: 17 <= soul.age < 21,
    "poor_old": lambda soul: _elder(soul) or _poor(soul),
    "old_home": lambda soul: _elder(soul) and soul.age > 70,
    "dementia": lambda soul: _elder(soul) and soul.age > 76,
    "left_child": lambda soul: bool(soul.member.groups.keys() & {"G31", "G33", "G34"}),
    "riverside": lambda soul: soul is soul.home.souls[0] and soul.home.lot.village in {7, 8, 10},
    "woman": lambda soul: not soul.member.man and _grown(soul, 25, 52),
    "farmer": lambda soul: _grown(soul, 35, 68) and soul is soul.home.souls[0],
    "helper": lambda soul: _grown(soul, 40, 66) and not soul.member.ills,
}
"""Whose a kind of need may be, by the word that the tables use."""
