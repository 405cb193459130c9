"""Rows of a list of villages: recognised by their code, or by a name that is used once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from stationdesk.core.changes import Change, created
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.db.models import Village
from stationdesk.services.importing.comparing import differing, named, stored_values, update_of
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
from stationdesk.services.importing.lists import folded
from stationdesk.services.importing.verdicts import Candidate, RowVerdict
from stationdesk.services.places import checked_village


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    code: str
    key: Key | None = None
    row: int = 0
    told: Any = None

    def candidate(self) -> Candidate:
        return Candidate(f"{self.name} {self.code}".strip(), "village", self.key, self.row or None)


def judged(judging: Judging, lines: Iterator[Line]) -> Iterator[RowVerdict]:
    """A verdict on every row."""
    by_code: dict[str, _Known] = {}
    by_name: dict[str, list[_Known]] = defaultdict(list)
    for row in judging.work.session.execute(select(Village.key, Village.code, Village.name)):
        known = _Known(row.name, row.code or "", row.key)
        by_name[folded(row.name)].append(known)
        if known.code:
            by_code[known.code] = known
    found = []
    for line in lines:
        told = line.of("village")
        likeness, known_or_none = (None, None) if line.refusal else _recognised(told, by_code, by_name)
        if likeness is None and told.get("name"):
            mine = _Known(told["name"], told.get("code") or "", None, line.number, told)
            by_name[folded(mine.name)].append(mine)
            if mine.code:
                by_code[mine.code] = mine
        found.append((line, likeness, known_or_none))
    keys = [known.key for _line, _likeness, known in found if known is not None and known.key is not None]
    stored = stored_values(judging.work.session, "village", keys)
    for line, likeness, known_or_none in found:
        yield _verdict(judging, line, likeness, known_or_none, stored)


def _recognised(
    told: dict[str, Any], by_code: dict[str, _Known], by_name: dict[str, list[_Known]]
) -> tuple[Likeness | None, _Known | None]:
    code, name = told.get("code"), told.get("name")
    if code and code in by_code:
        known = by_code[code]
        return Likeness(known.candidate(), sure=True, why=_("代码相同")), known
    # Villages of one name in two towns are told apart by their codes; without one nobody can say.
    same = [known for known in by_name[folded(name)] if not (code and known.code)] if name else []
    if len(same) == 1 and len(by_name[folded(name)]) == 1:
        return Likeness(same[0].candidate(), sure=True, why=_("名称相同")), same[0]
    if same:
        return Likeness(same[0].candidate(), sure=False, why=_("有同名的村居，没有代码可比")), same[0]
    return None, None


def _verdict(
    judging: Judging,
    line: Line,
    likeness: Likeness | None,
    known: _Known | None,
    stored: dict[Key, dict[str, Any]],
) -> RowVerdict:
    told = line.of("village")
    title = str(told.get("name") or "")
    if line.refusal or not title:
        return refused(line, title, line.refusal or _("没有名称"))
    values = new_values(line, "village", told)
    create, broken = checked(judging, checked_village, created("village", values))
    if broken:
        return refused(line, title, broken)
    if likeness is not None and known is not None and known.key is None:
        return _repeated(judging, line, title, likeness, known, create)
    update = None
    if known is not None and known.key is not None:
        update = update_of("village", known.key, told, stored[known.key])
    return concluded(line, title, likeness, create, [update] if update is not None else [], judging.book)


def _repeated(
    judging: Judging, line: Line, title: str, likeness: Likeness, known: _Known, create: list[Change]
) -> RowVerdict:
    """A row that stands in the file twice; a code is used once, so two rows of one code cannot both come in."""
    other = differing(line.of("village"), known.told)
    same = same_row(known.name, known.row)
    if likeness.sure and not other:
        return as_known(line, title, likeness, (), judging.book, same)
    if likeness.sure and line.of("village").get("code"):
        return refused(
            line, title, _("{same}，但“{fields}”不同").format(same=same, fields=named("village", other))
        )
    doubt = Likeness(likeness.candidate, sure=False, why=f"{same}：{likeness.why}")
    return as_doubtful(line, title, doubt, create, (), judging.book)
