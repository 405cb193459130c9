"""Rows of a list of needs: whose they are, and whether that need of that day is there already."""

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
from stationdesk.core.vocab import NeedStatus, NeedSubject
from stationdesk.db.models import CodeRow, Need, Person
from stationdesk.services.importing.comparing import differing, stored_values, update_of
from stationdesk.services.importing.judging import (
    Judging,
    Likeness,
    checked,
    concluded,
    refused,
    same_row,
)
from stationdesk.services.importing.lines import Line, new_values
from stationdesk.services.importing.verdicts import Candidate, RowVerdict
from stationdesk.services.importing.whose import Clients, Told, read_clients
from stationdesk.services.needs import checked_need, result_named

_MANY = 500
_SUBJECTS = ("person_key", "household_key", "village_key")

Subject = tuple[str, str]
"""The kind and key of whoever has the need."""


@dataclass(frozen=True, slots=True)
class _Known:
    code: str
    raised_on: date | None
    is_open: bool
    key: Key | None = None
    row: int = 0
    told: Any = None

    def candidate(self) -> Candidate:
        return Candidate(self.code, "need", self.key, self.row or None)


def judged(judging: Judging, lines: Iterator[Line]) -> Iterator[RowVerdict]:
    """A verdict on every row."""
    clients = read_clients(judging.work.session)
    items = select(CodeRow.code, CodeRow.parent).where(CodeRow.list == "need_item")
    results = {row.code: row.parent for row in judging.work.session.execute(items)}
    needs, by_code = _needs(judging)
    pending = []
    for line in lines:
        told = line.of("need")
        told.pop("person_id", None)
        belongs, why = _belongs(line, told, clients)
        line.refusal = line.refusal or why
        if not line.refusal and "item" not in told:
            line.refusal = _("没有需求事项")
        likeness, known = (None, None)
        if not line.refusal:
            told |= belongs
            if "result" not in told and (result := result_named(results.get(told["item"]))) is not None:
                told["result"] = result
            likeness, known = _recognised(line, told, needs, by_code)
        pending.append((line, told, likeness, known))
    session = judging.work.session
    stored = stored_values(
        session, "need", [known.key for *_, known in pending if known is not None and known.key]
    )
    # The check asks for the person of each need; read at once, they are all at hand in the session.
    judging.held.extend(session.scalars(select(Person)) if len(pending) > _MANY else ())
    for line, told, likeness, known in pending:
        yield _verdict(judging, line, told, likeness, known, stored)


def _needs(judging: Judging) -> tuple[dict[tuple[Subject, str], list[_Known]], dict[str, _Known]]:
    needs: dict[tuple[Subject, str], list[_Known]] = defaultdict(list)
    by_code: dict[str, _Known] = {}
    query = select(
        Need.key,
        Need.code,
        Need.item,
        Need.raised_on,
        Need.status,
        Need.person_key,
        Need.household_key,
        Need.village_key,
    )
    for row in judging.work.session.execute(query):
        known = _Known(row.code, row.raised_on, row.status.is_open, row.key)
        subject = _subject({name: getattr(row, name) for name in _SUBJECTS})
        needs[subject, row.item].append(known)
        by_code[row.code] = known
    return needs, by_code


def _subject(values: Any) -> Subject:
    for name in _SUBJECTS:
        if values.get(name):
            return name, values[name]
    return "", ""


def _belongs(line: Line, told: dict[str, Any], clients: Clients) -> tuple[dict[str, Any], str]:
    """Whose need it is, as keys; or why nobody can say."""
    whose = Told(
        line.values.get("need.person_id"),
        told.pop("person_key", ""),
        told.pop("household_key", ""),
        village=told.get("village_key"),
    )
    if whose.number or whose.name:
        person, why = clients.person(whose)
        return ({"person_key": person.key, "subject": NeedSubject.PERSON}, "") if person else ({}, why)
    if whose.home:
        key, why = clients.household(whose)
        return ({"household_key": key, "subject": NeedSubject.HOUSEHOLD}, "") if key else ({}, why)
    if told.get("village_key"):
        return {"subject": NeedSubject.COMMUNITY}, ""
    return {}, _("没有说是谁的需求")


def _recognised(
    line: Line,
    told: dict[str, Any],
    needs: dict[tuple[Subject, str], list[_Known]],
    by_code: dict[str, _Known],
) -> tuple[Likeness | None, _Known | None]:
    if told.get("code") in by_code:
        known = by_code[told["code"]]
        return Likeness(known.candidate(), sure=True, why=_("编号相同")), known
    same = needs[_subject(told), told["item"]]
    raised = told.get("raised_on")
    for known in same:
        if raised is None or known.raised_on == raised:
            return Likeness(known.candidate(), sure=True, why=_("同一人、同一事项、同一天")), known
    still = next((known for known in same if known.is_open), None)
    if still is not None:
        day = "" if still.raised_on is None else still.raised_on.isoformat()
        why = _("同一人的同样需求还没有了结（{code}，{day}）").format(code=still.code, day=day)
        return Likeness(still.candidate(), sure=False, why=why), still
    status = told.get("status", NeedStatus.TO_MATCH)
    title = _("第 {row} 行").format(row=line.number)
    mine = _Known(title, raised, status.is_open, None, line.number, dict(told))
    same.append(mine)
    if told.get("code"):
        by_code[told["code"]] = mine
    return None, None


def _verdict(
    judging: Judging,
    line: Line,
    told: dict[str, Any],
    likeness: Likeness | None,
    known: _Known | None,
    stored: dict[Key, dict[str, Any]],
) -> RowVerdict:
    item = judging.codes.codes_of("need_item").get(told.get("item", ""), "")
    title = " ".join(filter(None, [line.text("need.person_key"), item]))
    if line.refusal:
        return refused(line, title, line.refusal)
    values = new_values(line, "need", told)
    if values.get("raised_on") is None:
        values["raised_on"] = judging.work.today
        line.remarks.append(_("没有提出日期，按今天记"))
    create, broken = checked(judging, checked_need, created("need", values))
    if broken:
        return refused(line, title, broken)
    update = None
    if known is not None and known.key is not None:
        told.pop("code", None)  # a number of ours stays
        update = update_of("need", known.key, told, stored[known.key])
    elif known is not None and likeness is not None:
        same = same_row(title, known.row)
        sure = likeness.sure and not differing(told, known.told)
        likeness = Likeness(likeness.candidate, sure=sure, why=same)
    return concluded(line, title, likeness, create, [update] if update is not None else [], judging.book)
