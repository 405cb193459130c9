"""Half a year of visits, each household in its own rhythm."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from stationdesk.core.vocab import FollowLevel, VisitMethod, VisitOutcome
from stationdesk.services.practice import visit_words as words
from stationdesk.services.practice.dice import Dice
from stationdesk.services.practice.families import Kind
from stationdesk.services.practice.town import Home, Town

_SUNDAY = 6
_IN_VAIN = 0.07
_SETTINGS = {
    Kind.OLD_ALONE: "alone",
    Kind.LONER: "alone",
    Kind.OLD_COUPLE: "couple",
    Kind.GRANDPARENTS: "children",
    Kind.SINGLE: "children",
    Kind.DISABLED: "disabled",
}

Draft = dict[str, Any]


def plan_visits(town: Town) -> list[Draft]:
    """The values of every visit, in the order of their days."""
    dice = town.dice("visits")
    drafts = [draft for home in town.homes for draft in _rounds(town, dice, home)]
    drafts.sort(key=lambda draft: draft["visited_on"])
    return drafts


def urgent_visit(town: Town, dice: Dice, home: Home, day: date) -> Draft:
    """A call because of something that happened, whatever the day of the week."""
    return {**_visit(town, dice, home, day), "purpose": "6", "urgent": True, "needs_found": 1}


def _rounds(town: Town, dice: Dice, home: Home) -> list[Draft]:
    days = _days(town, dice, home)
    drafts: list[Draft] = []
    for day in days:
        if dice.chance(_IN_VAIN) and day != days[-1] and day != home.opened:
            drafts.append(_in_vain(town, dice, home, day - timedelta(days=dice.whole(1, 4))))
        drafts.append(_visit(town, dice, home, day))
    if home.opened >= town.first and drafts:
        drafts[0]["purpose"] = "1"
    if home.late:
        drafts.append(_in_vain(town, dice, home, town.past(dice.whole(0, 6))))
    earliest = max(home.opened, town.first)
    return [draft for draft in drafts if earliest <= draft["visited_on"] <= (home.closed or town.today)]


def _days(town: Town, dice: Dice, home: Home) -> list[date]:
    """The days on which somebody was met: early enough each time, but for those who are late now."""
    end = home.closed or town.today
    if home.level is None:
        day = dice.day(max(home.opened, town.first), end)
        return [_workday(day, home.opened)] if dice.chance(0.4) else []
    interval = home.level.default_days
    if home.late:
        end -= timedelta(days=interval + dice.whole(1, 4 + interval // 4))
    first = dice.day(town.first, town.first + timedelta(days=interval - 1))
    day = home.opened if home.opened >= town.first else first
    days = []
    while day <= end:
        days.append(_workday(day, home.opened))
        day += timedelta(days=max(2, round(interval * dice.between(0.72, 1.0))))
    return days


def _workday(day: date, opened: date) -> date:
    return day - timedelta(days=1) if day.weekday() == _SUNDAY and day > opened else day


def _in_vain(town: Town, dice: Dice, home: Home, day: date) -> Draft:
    by_phone = dice.chance(0.3)
    outcome = VisitOutcome.NO_ANSWER if by_phone else VisitOutcome.NOBODY_HOME
    if not by_phone and dice.chance(0.06):
        outcome = VisitOutcome.REFUSED
    notes = {
        VisitOutcome.NO_ANSWER: words.NO_ANSWER,
        VisitOutcome.NOBODY_HOME: words.ABSENT,
        VisitOutcome.REFUSED: words.REFUSED,
    }
    return {
        **_start(town, dice, home, _workday(day, home.opened)),
        "method": VisitMethod.PHONE if by_phone else VisitMethod.HOME,
        "outcome": outcome,
        "purpose": "2",
        "note": dice.pick(notes[outcome]),
    }


def _visit(town: Town, dice: Dice, home: Home, day: date) -> Draft:
    calls = 0.45 if home.level is FollowLevel.HIGH else 0.2
    method = VisitMethod.HOME if not dice.chance(calls) else VisitMethod.PHONE
    if method is VisitMethod.PHONE and dice.chance(0.2):
        method = VisitMethod.WECHAT
    here = [soul for soul in home.souls if not soul.member.away and (soul.closed or town.today) >= day]
    talker = next((soul for soul in here if soul.age > 15), here[0] if here else home.souls[0])
    met = VisitOutcome.MET if dice.chance(0.86) else VisitOutcome.MET_FAMILY
    setting = _SETTINGS.get(home.kind, "other")
    draft: Draft = {
        **_start(town, dice, home, day),
        "person_key": talker.key,
        "method": method,
        "outcome": met,
        "purpose": dice.weighed({"2": 7, "3": 1, "4": 1.4, "5": 1.2}),
        "people": 1 if method is not VisitMethod.HOME else dice.whole(1, max(1, len(here))),
        "situation": dice.pick(words.SITUATIONS[setting]) if method is VisitMethod.HOME else None,
        "wellbeing": dice.pick(words.WELLBEING),
        "difficulties": dice.pick(words.DIFFICULTIES) if dice.chance(0.55) else None,
        "advice": dice.pick(words.ADVICE) if dice.chance(0.6) else None,
        "needs_found": 0,
    }
    if home.level is not None:
        draft["next_on"] = day + timedelta(days=home.level.default_days)
    if method is VisitMethod.HOME:
        draft |= _on_the_spot(dice)
    return draft


def _start(town: Town, dice: Dice, home: Home, day: date) -> Draft:
    hour, minute = dice.pick((8, 9, 9, 10, 10, 11, 14, 15, 15, 16)), dice.pick((0, 10, 20, 30, 40, 50))
    worker = home.worker if dice.chance(0.85) else dice.pick(town.workers)
    return {
        "visited_on": day,
        "household_key": home.key,
        "worker_key": worker,
        "started": f"{hour:02d}:{minute:02d}",
        "ended": f"{hour + 1:02d}:{dice.pick((0, 5, 10, 15)):02d}"
        if minute > 20
        else f"{hour:02d}:{minute + 35}",
        "companions": dice.pick(words.COMPANIONS) if dice.chance(0.3) else None,
    }


def _on_the_spot(dice: Dice) -> Draft:
    return {
        "income_change": dice.pick(words.INCOME) if dice.chance(0.4) else None,
        "hazards": dice.pick(words.HAZARDS) if dice.chance(0.12) else None,
        "policy_told": dice.pick(words.POLICIES) if dice.chance(0.35) else None,
        "service_given": dice.pick(words.SERVICES) if dice.chance(0.5) else None,
        "goods_given": dice.pick(words.GOODS) if dice.chance(0.12) else None,
        "photos": f"IMG{dice.whole(1000, 9999)}" if dice.chance(0.25) else None,
    }
