"""Rows of a list of home visits, also of earlier years: which household, on which day, and what was met there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from stationdesk.core.changes import created
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.db.models import Household, Person, Visit
from stationdesk.services.importing.comparing import differing, stored_values, update_of
from stationdesk.services.importing.judging import Judging, Likeness, checked, concluded, refused, same_row
from stationdesk.services.importing.lines import Line, new_values
from stationdesk.services.importing.verdicts import Candidate, RowVerdict
from stationdesk.services.importing.whose import Clients, Told, read_clients
from stationdesk.services.visits import checked_visit

_MANY = 500
_FINDING = ("person_id", "head_name", "village_key", "address")


@dataclass(frozen=True, slots=True)
class _Known:
    code: str
    person: Key | None
    key: Key | None = None
    row: int = 0
    told: Any = None

    def candidate(self) -> Candidate:
        return Candidate(self.code, "visit", self.key, self.row or None)


_Day = tuple[Key, date]
"""A household, and the day of a visit."""


@dataclass(slots=True)
class _Found:
    line: Line
    told: dict[str, Any]
    title: str
    likeness: Likeness | None = None
    known: _Known | None = None


def judged(judging: Judging, lines: Iterator[Line]) -> Iterator[RowVerdict]:
    """A verdict on every row."""
    session = judging.work.session
    clients = read_clients(session)
    days, by_code = _visits(judging)
    pending = [_found(line, clients, days, by_code) for line in lines]
    keys = [each.known.key for each in pending if each.known is not None and each.known.key]
    stored = stored_values(session, "visit", keys)
    if len(pending) > _MANY:
        # The check asks for the person and the household of each visit; read at once, they are all at hand.
        judging.held += [*session.scalars(select(Person)), *session.scalars(select(Household))]
    for each in pending:
        yield _verdict(judging, each, stored)


def _visits(judging: Judging) -> tuple[dict[_Day, list[_Known]], dict[str, _Known]]:
    days: dict[_Day, list[_Known]] = defaultdict(list)
    by_code: dict[str, _Known] = {}
    query = select(Visit.key, Visit.code, Visit.household_key, Visit.visited_on, Visit.person_key)
    for row in judging.work.session.execute(query):
        known = _Known(row.code, row.person_key, row.key)
        days[row.household_key, row.visited_on].append(known)
        by_code[row.code] = known
    return days, by_code


def _found(
    line: Line, clients: Clients, days: dict[_Day, list[_Known]], by_code: dict[str, _Known]
) -> _Found:
    told = line.of("visit")
    whose = Told(
        told.get("person_id"),
        told.pop("person_key", ""),
        told.pop("household_key", ""),
        told.get("head_name", ""),
        told.get("village_key"),
        told.get("address", ""),
    )
    for name in _FINDING:
        told.pop(name, None)
    day = told.get("visited_on")
    found = _Found(
        line, told, " ".join(filter(None, [whose.name or whose.head or whose.home, str(day or "")]))
    )
    if line.refusal:
        return found
    if day is None:
        line.refusal = _("没有走访日期")
        return found
    belongs, line.refusal = _belongs(whose, clients)
    if line.refusal:
        return found
    told |= belongs
    found.likeness, found.known = _recognised(line, told, days, by_code)
    return found


def _belongs(whose: Told, clients: Clients) -> tuple[dict[str, Key], str]:
    """Which household was visited, and whom there; or why nobody can say."""
    if whose.number or whose.name:
        person, why = clients.person(whose)
        if person is not None:
            return {"household_key": person.household, "person_key": person.key}, ""
        if not (whose.home or whose.head):
            return {}, why
    if whose.home or whose.head:
        key, why = clients.household(whose)
        return ({"household_key": key}, "") if key else ({}, why)
    return {}, _("没有说走访的是谁")


def _recognised(
    line: Line, told: dict[str, Any], days: dict[_Day, list[_Known]], by_code: dict[str, _Known]
) -> tuple[Likeness | None, _Known | None]:
    if told.get("code") in by_code:
        known = by_code[told["code"]]
        return Likeness(known.candidate(), sure=True, why=_("编号相同")), known
    same_day = days[told["household_key"], told["visited_on"]]
    person = told.get("person_key")
    for known in same_day:
        if person is None or known.person is None or known.person == person:
            return Likeness(known.candidate(), sure=True, why=_("同一户、同一天走访过")), known
    if same_day:
        # Two people of one household on one day: two talks, or one visit written twice.
        why = _("同一户、同一天走访过另一人")
        return Likeness(same_day[0].candidate(), sure=False, why=why), same_day[0]
    mine = _Known(_("第 {row} 行").format(row=line.number), person, None, line.number, dict(told))
    same_day.append(mine)
    if told.get("code"):
        by_code[told["code"]] = mine
    return None, None


def _verdict(judging: Judging, found: _Found, stored: dict[Key, dict[str, Any]]) -> RowVerdict:
    line, told, likeness, known = found.line, found.told, found.likeness, found.known
    if line.refusal:
        return refused(line, found.title, line.refusal)
    create, broken = checked(judging, checked_visit, created("visit", new_values(line, "visit", told)))
    if broken:
        return refused(line, found.title, broken)
    update = None
    if known is not None and known.key is not None:
        told.pop("code", None)  # a number of ours stays
        update = update_of("visit", known.key, told, stored[known.key])
    elif known is not None and likeness is not None:
        sure = likeness.sure and not differing(told, known.told)
        likeness = Likeness(likeness.candidate, sure=sure, why=same_row(found.title, known.row))
    changes = [update] if update is not None else []
    return concluded(line, found.title, likeness, create, changes, judging.book)
