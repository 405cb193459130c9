"""Rows of a list of categories (低保, 特困, 残疾...): who belongs to which, since when, under what paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from stationdesk.core.changes import created
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.db.models import PersonCategory
from stationdesk.services.households import checked_category
from stationdesk.services.importing.comparing import differing, stored_values, update_of
from stationdesk.services.importing.judging import Judging, Likeness, checked, concluded, refused, same_row
from stationdesk.services.importing.lines import Line, new_values
from stationdesk.services.importing.verdicts import Candidate, RowVerdict
from stationdesk.services.importing.whose import Clients, Told, read_clients

_Of = tuple[Key, str]
"""A person, and the code of a category."""


@dataclass(frozen=True, slots=True)
class _Known:
    title: str
    since: Any
    until: Any
    key: Key | None = None
    row: int = 0
    told: Any = None

    def candidate(self) -> Candidate:
        return Candidate(self.title, "person_category", self.key, self.row or None)


def judged(judging: Judging, lines: Iterator[Line]) -> Iterator[RowVerdict]:
    """A verdict on every row."""
    session = judging.work.session
    clients = read_clients(session)
    labels = judging.codes.codes_of("client_group")
    known: dict[_Of, list[_Known]] = defaultdict(list)
    for row in session.execute(
        select(
            PersonCategory.key,
            PersonCategory.person_key,
            PersonCategory.category,
            PersonCategory.since,
            PersonCategory.until,
        )
    ):
        title = labels.get(row.category, row.category)
        known[row.person_key, row.category].append(_Known(title, row.since, row.until, row.key))
    pending = [(line, *_told(line, clients, labels)) for line in lines]
    found = [(line, title, told, *_recognised(line, title, told, known)) for line, title, told in pending]
    keys = [each.key for *_rest, each in found if each is not None and each.key is not None]
    stored = stored_values(session, "person_category", keys)
    for line, title, told, likeness, each in found:
        yield _verdict(judging, line, title, told, likeness, each, stored)


def _told(line: Line, clients: Clients, labels: Any) -> tuple[str, dict[str, Any]]:
    told = line.of("person_category")
    whose = Told(
        told.pop("person_id", None), told.pop("person_key", ""), village=told.pop("village_key", None)
    )
    title = " ".join(filter(None, [whose.name, labels.get(told.get("category", ""), "")]))
    if not line.refusal and "category" not in told:
        line.refusal = _("没有对象类别")
    if line.refusal:
        return title, told
    if not (whose.number or whose.name):
        line.refusal = _("没有姓名")
        return title, told
    person, line.refusal = clients.person(whose)
    if person is not None:
        told["person_key"] = person.key
    return title, told


def _recognised(
    line: Line, title: str, told: dict[str, Any], known: dict[_Of, list[_Known]]
) -> tuple[Likeness | None, _Known | None]:
    """The stretch of time that a row means: the same beginning, or the one that still runs."""
    if line.refusal:
        return None, None
    mine = known[told["person_key"], told["category"]]
    since = told.get("since")
    for each in mine:
        if each.since == since or (since is None and each.until is None):
            return Likeness(each.candidate(), sure=True, why=_("同一人、同一类别")), each
    if (running := next((each for each in mine if each.until is None), None)) is not None:
        if running.since is None:
            return Likeness(running.candidate(), sure=True, why=_("同一人、同一类别")), running
        why = _("这一类别从 {day} 起还没有到期").format(day=running.since)
        return Likeness(running.candidate(), sure=False, why=why), running
    mine.append(_Known(title, since, told.get("until"), None, line.number, dict(told)))
    return None, None


def _verdict(
    judging: Judging,
    line: Line,
    title: str,
    told: dict[str, Any],
    likeness: Likeness | None,
    known: _Known | None,
    stored: dict[Key, dict[str, Any]],
) -> RowVerdict:
    if line.refusal:
        return refused(line, title, line.refusal)
    change = created("person_category", new_values(line, "person_category", told))
    create, broken = checked(judging, checked_category, change)
    if broken:
        return refused(line, title, broken)
    update = None
    if known is not None and known.key is not None:
        update = update_of("person_category", known.key, told, stored[known.key])
    elif known is not None and likeness is not None:
        sure = likeness.sure and not differing(told, known.told)
        likeness = Likeness(likeness.candidate, sure=sure, why=same_row(title, known.row))
    changes = [update] if update is not None else []
    return concluded(line, title, likeness, create, changes, judging.book)
