"""Rows of a list of matches, as stations keep their closed loop: which need, which resource, when, and how it ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from stationdesk.core.changes import created
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab import MatchState
from stationdesk.db.models import Match, Need, Resource
from stationdesk.services.importing.comparing import differing, stored_values, update_of
from stationdesk.services.importing.judging import Judging, Likeness, checked, concluded, refused, same_row
from stationdesk.services.importing.lines import Line, new_values
from stationdesk.services.importing.lists import folded
from stationdesk.services.importing.verdicts import Candidate, RowVerdict
from stationdesk.services.importing.whose import Clients, Told, read_clients
from stationdesk.services.matches import checked_match
from stationdesk.sheets.reading.choosing import choose_code
from stationdesk.sheets.reading.outcomes import Read

_FINDING = ("person_key", "person_id", "item", "village_key")


@dataclass(frozen=True, slots=True)
class _Known:
    title: str
    day: date
    is_open: bool
    key: Key | None = None
    row: int = 0
    told: Any = None

    def candidate(self) -> Candidate:
        return Candidate(self.title, "match", self.key, self.row or None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A need on file: its number, and what it asks for."""

    key: Key
    code: str
    item: str


@dataclass(slots=True)
class _OnFile:
    """The needs, resources and matches of the station, by what lists call them; and the rows so far."""

    clients: Clients
    needs: dict[str, _Asked] = field(default_factory=dict)
    asked: dict[Key, list[_Asked]] = field(default_factory=lambda: defaultdict(list))
    resources: dict[str, list[Key]] = field(default_factory=lambda: defaultdict(list))
    names: dict[Key, str] = field(default_factory=dict)
    pairs: dict[tuple[Key, Key], list[_Known]] = field(default_factory=lambda: defaultdict(list))
    by_code: dict[str, _Known] = field(default_factory=dict)
    taken: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    """What rows of the file take of the capacity of a resource."""
    moved: set[Key] = field(default_factory=set)
    """The needs that a row of the file takes along: the first of each does."""


@dataclass(slots=True)
class _Found:
    line: Line
    told: dict[str, Any]
    title: str = ""
    likeness: Likeness | None = None
    known: _Known | None = None


def judged(judging: Judging, lines: Iterator[Line]) -> Iterator[RowVerdict]:
    """A verdict on every row."""
    on_file = _on_file(judging)
    pending = [_found(judging, line, on_file) for line in lines]
    keys = [each.known.key for each in pending if each.known is not None and each.known.key]
    stored = stored_values(judging.work.session, "match", keys)
    for each in pending:
        yield _verdict(judging, each, stored, on_file)


def _on_file(judging: Judging) -> _OnFile:
    session = judging.work.session
    found = _OnFile(read_clients(session))
    for need in session.execute(select(Need.key, Need.code, Need.item, Need.person_key)):
        asked = _Asked(need.key, need.code, need.item)
        found.needs[folded(need.code)] = asked
        if need.person_key is not None:
            found.asked[need.person_key].append(asked)
    for resource in session.execute(select(Resource.key, Resource.code, Resource.name)):
        found.names[resource.key] = resource.name
        for name in {folded(resource.code), folded(resource.name)}:
            found.resources[name].append(resource.key)
    query = select(Match.key, Match.code, Match.need_key, Match.resource_key, Match.matched_on, Match.state)
    for row in session.execute(query):
        known = _Known(row.code, row.matched_on, row.state.is_open, row.key)
        found.pairs[row.need_key, row.resource_key].append(known)
        found.by_code[row.code] = known
    return found


def _found(judging: Judging, line: Line, on_file: _OnFile) -> _Found:
    told = line.of("match")
    need_words, resource_words = str(told.pop("need_key", "")), str(told.pop("resource_key", ""))
    whose = Told(told.get("person_id"), told.get("person_key", ""), village=told.get("village_key"))
    item = told.get("item", "")
    for name in _FINDING:
        told.pop(name, None)
    found = _Found(line, told, " → ".join(filter(None, [need_words or whose.name, resource_words])))
    if line.refusal:
        return found
    if told.get("matched_on") is None:
        line.refusal = _("没有对接日期")
        return found
    need, line.refusal = _need(judging, need_words, whose, str(item), on_file)
    if need is None:
        return found
    resource, line.refusal = _resource(resource_words, on_file)
    if resource is None:
        return found
    told |= {"need_key": need.key, "resource_key": resource}
    if "state" not in told and told.get("done_on") is not None:
        told["state"] = MatchState.DONE  # the day on which it was done says that it was
    found.title = f"{need.code} → {on_file.names[resource]}"
    found.likeness, found.known = _recognised(line, told, found.title, on_file)
    return found


def _need(
    judging: Judging, words: str, whose: Told, item: str, on_file: _OnFile
) -> tuple[_Asked | None, str]:
    """The need of a number, or the only one of a person about an item; or why nobody can say."""
    if words and (known := on_file.needs.get(folded(words))) is not None:
        return known, ""
    if words and not item:
        read = choose_code(judging.codes, "need_item", words)
        item = str(read.value) if isinstance(read, Read) else ""
        if not item:
            return None, _("没有编号为“{code}”的需求，请先导入需求").format(code=words)
    if not (whose.number or whose.name):
        return None, _("没有说是哪条需求：要有需求编号，或服务对象和需求事项")
    person, why = on_file.clients.person(whose)
    return (None, why) if person is None else _only_need(on_file.asked[person.key], item, person.name)


def _only_need(asked: list[_Asked], item: str, name: str) -> tuple[_Asked | None, str]:
    meant = [each for each in asked if item in {"", each.item}]
    if len(meant) == 1:
        return meant[0], ""
    if not meant:
        return None, _("“{name}”没有这样的需求，请先导入需求").format(name=name)
    return None, _("“{name}”有 {count} 条这样的需求，请补上需求编号").format(name=name, count=len(meant))


def _resource(words: str, on_file: _OnFile) -> tuple[Key | None, str]:
    """The resource of a number or of a name that only one bears; or why nobody can say."""
    if not words:
        return None, _("没有说对接的是哪项资源")
    found = on_file.resources.get(folded(words), [])
    if len(found) == 1:
        return found[0], ""
    if not found:
        return None, _("没有资源“{name}”，请先导入资源").format(name=words)
    return None, _("有 {count} 项资源叫“{name}”，请写资源编号").format(count=len(found), name=words)


def _recognised(
    line: Line, told: dict[str, Any], title: str, on_file: _OnFile
) -> tuple[Likeness | None, _Known | None]:
    if told.get("code") in on_file.by_code:
        known = on_file.by_code[told["code"]]
        return Likeness(known.candidate(), sure=True, why=_("编号相同")), known
    pair = on_file.pairs[told["need_key"], told["resource_key"]]
    for known in pair:
        if known.day == told["matched_on"]:
            return Likeness(
                known.candidate(), sure=True, why=_("同一条需求、同一项资源、同一天对接过")
            ), known
    going_on = [known for known in pair if known.is_open]
    if going_on:
        why = _("同一条需求和同一项资源正在对接，日期不同")
        return Likeness(going_on[0].candidate(), sure=False, why=why), going_on[0]
    state = told.get("state", MatchState.PLANNED)
    mine = _Known(title, told["matched_on"], state.is_open, None, line.number, dict(told))
    pair.append(mine)
    if told.get("code"):
        on_file.by_code[told["code"]] = mine
    return None, None


def _verdict(
    judging: Judging, found: _Found, stored: dict[Key, dict[str, Any]], on_file: _OnFile
) -> RowVerdict:
    line, told, likeness, known = found.line, found.told, found.likeness, found.known
    if line.refusal:
        return refused(line, found.title, line.refusal)
    if known is not None and known.key is not None:
        told.pop("code", None)  # a number of ours stays
        update = update_of("match", known.key, told, stored[known.key])
        return concluded(
            line, found.title, likeness, (), [update] if update is not None else [], judging.book
        )
    create, broken = checked(judging, checked_match, created("match", new_values(line, "match", told)))
    broken = broken or _beyond(judging, told, on_file)
    if broken:
        return refused(line, found.title, broken)
    # A doubtful row repeats a match whose need was taken along by that one.
    create = [each for each in create if each.before is None or (known is None and _moves(each.key, on_file))]
    if known is not None and likeness is not None:
        sure = likeness.sure and not differing(told, known.told)
        likeness = Likeness(likeness.candidate, sure=sure, why=same_row(found.title, known.row))
    return concluded(line, found.title, likeness, create, (), judging.book)


def _moves(need: Key, on_file: _OnFile) -> bool:
    first = need not in on_file.moved
    on_file.moved.add(need)
    return first


def _beyond(judging: Judging, told: dict[str, Any], on_file: _OnFile) -> str:
    """That the rows so far have used up a resource, which the check, looking at the station alone, cannot see."""
    if not told.get("state", MatchState.PLANNED).is_open:
        return ""
    key = told["resource_key"]
    wanted = told.get("quantity") or 1
    resource = judging.work.session.get(Resource, key)
    if on_file.taken[key] and resource is not None and resource.capacity is not None:
        together = {**told, "quantity": on_file.taken[key] + wanted}
        _changes, broken = checked(judging, checked_match, created("match", together))
        if broken:
            return broken
    on_file.taken[key] += wanted
    return ""
