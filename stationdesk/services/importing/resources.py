"""Rows of a list of resources: recognised by number, by name and address, by name and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from stationdesk.core.changes import Change, created
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab import Dimension, MapClass
from stationdesk.db.base import field_map
from stationdesk.db.models import PARTS, Resource
from stationdesk.services.importing.classes import suggested_class
from stationdesk.services.importing.comparing import (
    FAR,
    NEAR,
    apart,
    differing,
    named,
    stored_values,
    update_of,
)
from stationdesk.services.importing.judging import (
    Judging,
    Likeness,
    as_doubtful,
    as_known,
    checked,
    concluded,
    refused,
    same_row,
)
from stationdesk.services.importing.lines import Line, new_values
from stationdesk.services.importing.lists import bare, folded
from stationdesk.services.importing.verdicts import Candidate, RowVerdict
from stationdesk.services.resources import checked_resource

FALLBACK = (MapClass.CONVENIENCE, Dimension.ORGANISATIONS)
"""What a resource is taken for when neither the file nor its name nor the worker says it."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A resource of the station, or an earlier row of the file with its values."""

    name: str
    code: str
    address: str | None
    place: tuple[Any, Any]
    key: Key | None = None
    row: int = 0
    told: Any = None

    def candidate(self) -> Candidate:
        title = f"{self.code} {self.name}" if self.key else self.name
        return Candidate(title, "resource", self.key, self.row or None)


def judged(judging: Judging, lines: Iterator[Line]) -> Iterator[RowVerdict]:
    """A verdict on every row."""
    by_name, by_code = _known(judging)
    found = [(line, *_recognised(line, by_name, by_code)) for line in lines]
    # Rows are compared with whole records, which are read together.
    keys = {
        likeness.candidate.key for _line, likeness, _known in found if likeness and likeness.candidate.key
    }
    session = judging.work.session
    stored = stored_values(session, "resource", keys)
    parts: _Parts = {
        (model.__tablename__, key): values
        for model in PARTS.values()
        for key, values in stored_values(session, model.__tablename__, keys).items()
    }
    for line, likeness, known in found:
        yield _verdict(judging, line, likeness, known, stored, parts)


_Parts = dict[tuple[str, Key], dict[str, Any]]
"""The typed parts of the known resources, by kind of part and key."""


def _known(judging: Judging) -> tuple[dict[str, list[_Known]], dict[str, _Known]]:
    by_name: dict[str, list[_Known]] = defaultdict(list)
    by_code: dict[str, _Known] = {}
    query = select(
        Resource.key, Resource.code, Resource.name, Resource.address, Resource.latitude, Resource.longitude
    )
    for row in judging.work.session.execute(query):
        known = _Known(row.name, row.code, row.address, (row.latitude, row.longitude), row.key)
        by_name[bare(row.name)].append(known)
        by_code[row.code] = known
    return by_name, by_code


def _recognised(
    line: Line, by_name: dict[str, list[_Known]], by_code: dict[str, _Known]
) -> tuple[Likeness | None, _Known | None]:
    told = line.of("resource")
    name = told.get("name")
    if line.refusal or not name:
        return None, None
    if told.get("code") in by_code:
        known = by_code[told["code"]]
        return Likeness(known.candidate(), sure=True, why=_("编号相同")), known
    mine = _Known(
        name, "", told.get("address"), (told.get("latitude"), told.get("longitude")), None, line.number, told
    )
    best: tuple[Likeness, _Known] | None = None
    for known in by_name[bare(name)]:
        likeness = _likeness(mine, known)
        if likeness is not None and (best is None or (likeness.sure and not best[0].sure)):
            best = likeness, known
    if best is None or not best[0].sure:
        by_name[bare(name)].append(mine)
        if told.get("code"):
            by_code[told["code"]] = mine
    return best if best is not None else (None, None)


def _likeness(mine: _Known, known: _Known) -> Likeness | None:
    same_name = folded(mine.name) == folded(known.name)
    same_address = bool(mine.address) and folded(mine.address) == folded(known.address)
    metres = apart(mine.place, known.place)
    near = metres is not None and metres <= NEAR
    if same_name and (near or (same_address and (metres is None or metres <= FAR))):
        return Likeness(
            known.candidate(),
            sure=True,
            why=_("名称和地址相同") if same_address else _("名称相同，位置在 100 米内"),
        )
    if metres is not None and metres > FAR and not same_address:
        return None
    if same_name:
        why = _("同名，地址或位置不同") if mine.address and known.address else _("同名，没有地址或位置可比")
        return Likeness(known.candidate(), sure=False, why=why)
    if near or same_address:
        return Likeness(known.candidate(), sure=False, why=_("名称相近，地点相同"))
    return None


def _verdict(
    judging: Judging,
    line: Line,
    likeness: Likeness | None,
    known: _Known | None,
    stored: dict[Key, dict[str, Any]],
    parts: _Parts,
) -> RowVerdict:
    told = line.of("resource")
    title = str(told.get("name") or "")
    if line.refusal or not title:
        return refused(line, title, line.refusal or _("没有名称"))
    before = stored.get(known.key) if known is not None and known.key is not None else None
    change = _creation(judging, line, told)
    dimension = told.get("dimension") or (before or change.values)["dimension"]
    part = PARTS[dimension].__tablename__
    _leave_other_parts(line, part, dimension)
    if line.unread:
        change = change.with_values(new_values(line, "resource", change.values))
    create, broken = checked(judging, checked_resource, change)
    if broken:
        return refused(line, title, broken)
    create += _new_part(part, change.key, line.of(part))
    if likeness is not None and known is not None and known.key is None:
        return _repeated(judging, line, title, likeness, known, create)
    changes: list[Change] = []
    if known is not None and known.key is not None and before is not None:
        # A number of ours stays, whatever the file says of it.
        told.pop("code", None)
        changes = [
            *_edit("resource", known.key, told, before),
            *(
                _edit(part, known.key, line.of(part), parts[part, known.key])
                if (part, known.key) in parts
                else _new_part(part, known.key, line.of(part))
            ),
        ]
    return concluded(line, title, likeness, create, changes, judging.book)


def _repeated(
    judging: Judging, line: Line, title: str, likeness: Likeness, known: _Known, create: list[Change]
) -> RowVerdict:
    """A row that stands in the file twice: the same, or different in something."""
    told = line.of("resource")
    other = differing(told, known.told)
    if likeness.sure and not other:
        return as_known(line, title, likeness, (), judging.book, same_row(known.name, known.row))
    same = same_row(known.name, known.row)
    why = _("{same}，但“{fields}”不同").format(same=same, fields=named("resource", other)) if other else same
    doubt = Likeness(likeness.candidate, sure=False, why=why if likeness.sure else f"{likeness.why}：{why}")
    return as_doubtful(line, title, doubt, create, (), judging.book)


def _creation(judging: Judging, line: Line, told: dict[str, Any]) -> Change:
    values = dict(told)
    defaults = judging.plan.defaults
    suggested = suggested_class(str(values["name"]), line.words)
    legend, dimension = suggested or (
        defaults.get("resource.map_class", FALLBACK[0]),
        defaults.get("resource.dimension", FALLBACK[1]),
    )
    values.setdefault("map_class", legend)
    values.setdefault("dimension", dimension)
    for name, value in defaults.items():
        record, _dot, key = name.partition(".")
        if record == "resource":
            values.setdefault(key, value)
    return created("resource", values)


def _edit(record: str, key: Key, told: dict[str, Any], stored: dict[str, Any]) -> list[Change]:
    change = update_of(record, key, told, stored)
    return [change] if change is not None else []


def _new_part(part: str, key: Key, told: dict[str, Any]) -> list[Change]:
    return [created(part, told, key)] if told else []


def _leave_other_parts(line: Line, part: str, dimension: Dimension) -> None:
    """What a row tells of another dimension's part has no place: kept in the note, and told."""
    for model in PARTS.values():
        other = model.__tablename__
        if other == part:
            continue
        for key in line.of(other):
            name = f"{other}.{key}"
            label = _(field_map(model)[key].label)
            words = line.text(name)
            line.unread.append(f"{label}：{words}")
            line.remarks.append(
                _("“{field}”不是{dimension}的内容，原文记入备注").format(
                    field=label, dimension=_(dimension.label)
                )
            )
            line.values.pop(name)
