"""Rows of a list of organisations: recognised by their credit code, or by a name that is used once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from stationdesk.core.changes import created
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.db.models import Organisation
from stationdesk.services.importing.comparing import differing, stored_values, update_of
from stationdesk.services.importing.judging import Judging, Likeness, checked, concluded, refused, same_row
from stationdesk.services.importing.lines import Line, new_values
from stationdesk.services.importing.lists import bare, folded
from stationdesk.services.importing.verdicts import Candidate, RowVerdict
from stationdesk.services.organisations import checked_organisation


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    credit_code: str
    address: str
    key: Key | None = None
    row: int = 0
    told: Any = None

    def candidate(self) -> Candidate:
        return Candidate(self.name, "organisation", self.key, self.row or None)


def judged(judging: Judging, lines: Iterator[Line]) -> Iterator[RowVerdict]:
    """A verdict on every row."""
    by_name: dict[str, list[_Known]] = defaultdict(list)
    by_code: dict[str, _Known] = {}

    def keep(known: _Known) -> None:
        by_name[bare(known.name)].append(known)
        if known.credit_code:
            by_code.setdefault(known.credit_code, known)

    session = judging.work.session
    query = select(Organisation.key, Organisation.name, Organisation.credit_code, Organisation.address)
    for row in session.execute(query):
        keep(_Known(row.name, folded(row.credit_code), folded(row.address), row.key))
    found = []
    for line in lines:
        told = line.of("organisation")
        name = str(told.get("name") or "")
        if not name:
            line.refusal = line.refusal or _("没有名称")
        mine = _Known(
            name, folded(told.get("credit_code")), folded(told.get("address")), None, line.number, told
        )
        likeness, known = (None, None) if line.refusal else _recognised(mine, by_name, by_code)
        if likeness is None and not line.refusal:
            keep(mine)
        found.append((line, told, likeness, known))
    keys = [known.key for *_rest, known in found if known is not None and known.key is not None]
    stored = stored_values(session, "organisation", keys)
    for line, told, likeness, known in found:
        yield _verdict(judging, line, told, likeness, known, stored)


def _recognised(
    mine: _Known, by_name: dict[str, list[_Known]], by_code: dict[str, _Known]
) -> tuple[Likeness | None, _Known | None]:
    if mine.credit_code and mine.credit_code in by_code:
        known = by_code[mine.credit_code]
        return Likeness(known.candidate(), sure=True, why=_("统一社会信用代码相同")), known
    for known in by_name[bare(mine.name)]:
        if mine.credit_code and known.credit_code:
            continue  # two codes, two organisations
        if folded(mine.name) != folded(known.name):
            return Likeness(known.candidate(), sure=False, why=_("名称相近")), known
        if mine.address and known.address and mine.address != known.address:
            return Likeness(known.candidate(), sure=False, why=_("同名，地址不同")), known
        return Likeness(known.candidate(), sure=True, why=_("名称相同")), known
    return None, None


def _verdict(
    judging: Judging,
    line: Line,
    told: dict[str, Any],
    likeness: Likeness | None,
    known: _Known | None,
    stored: dict[Key, dict[str, Any]],
) -> RowVerdict:
    title = str(told.get("name") or "")
    if line.refusal:
        return refused(line, title, line.refusal)
    change = created("organisation", new_values(line, "organisation", told))
    create, broken = checked(judging, checked_organisation, change)
    if broken:
        return refused(line, title, broken)
    update = None
    if known is not None and known.key is not None:
        update = update_of("organisation", known.key, told, stored[known.key])
    elif known is not None and likeness is not None:
        sure = likeness.sure and not differing(told, known.told)
        likeness = Likeness(likeness.candidate, sure=sure, why=same_row(known.name, known.row))
    changes = [update] if update is not None else []
    return concluded(line, title, likeness, create, changes, judging.book)
