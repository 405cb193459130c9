"""Rows of a list of people: recognised by ID number, by file number, by name and address or place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, created
from stationdesk.core.fields import Key
from stationdesk.core.idcard import Fault, NumberError, check_id
from stationdesk.core.messages import _
from stationdesk.core.vocab import Sex
from stationdesk.db.models import PersonCategory
from stationdesk.services.households import RESIDENT_ID, checked_person
from stationdesk.services.importing.comparing import differing, named, stored_values, update_of
from stationdesk.services.importing.homes import Home, Homes
from stationdesk.services.importing.judging import (
    Judging,
    Likeness,
    as_known,
    checked,
    concluded,
    refused,
    same_row,
)
from stationdesk.services.importing.lines import Line, new_values
from stationdesk.services.importing.register import KnownPerson, Register, read_register, recognised
from stationdesk.services.importing.verdicts import RowVerdict

_TOGETHER = 400  # rows


@dataclass(slots=True)
class _Found:
    """A row with what it was found to be; compared with the whole records once they are read."""

    line: Line
    told: dict[str, Any]
    home: Home | None = None
    is_head: bool = False
    likeness: Likeness | None = None
    known: KnownPerson | None = None
    lives: Home | None = None
    """Where the known person lives."""


def judged(judging: Judging, lines: Iterator[Line]) -> Iterator[RowVerdict]:
    """A verdict on every row."""
    homes = Homes(judging)
    homes.read()
    register = read_register(judging, homes)
    session = judging.work.session
    # Some lines at a time: the records of those who are on file are read together, and a long list takes no room.
    while batch := [_found(judging, line, homes, register) for line in islice(lines, _TOGETHER)]:
        known = [
            (each.known.key, each.lives.key)
            for each in batch
            if each.known is not None and each.known.key is not None and each.lives is not None
        ]
        people = stored_values(session, "person", [key for key, _home in known])
        households = stored_values(session, "household", [home for _key, home in known])
        groups = _groups(session, people)
        for one in batch:
            yield _verdict(judging, one, register, people, households, groups)


def _groups(session: Session, people: Collection[Key]) -> dict[Key, set[str]]:
    """The categories that people on file carry."""
    found: dict[Key, set[str]] = defaultdict(set)
    if people:
        query = select(PersonCategory.person_key, PersonCategory.category)
        for key, category in session.execute(query.where(PersonCategory.person_key.in_(people))):
            found[key].add(category)
    return found


def _found(judging: Judging, line: Line, homes: Homes, register: Register) -> _Found:
    told = line.of("person")
    found = _Found(line, told)
    name = str(told.get("name") or "")
    if not name:
        line.refusal = line.refusal or _("没有姓名")
    if not line.refusal:
        _read_card(line, told, judging.work.today)
    if line.refusal:
        return found
    home, line.refusal = homes.find(line, name)
    likeness, known = recognised(line, told, home, register)
    found.likeness, found.known = likeness, known
    if known is not None:
        found.lives = homes.at(known.home)
    if found.lives is not None and likeness is not None and likeness.sure:
        found.home = found.lives
        homes.settle(line, name, found.lives)
        return found
    if home is None:
        home, line.refusal = homes.plan(line, name)
    if home is None:
        return found
    found.home = home
    found.is_head = homes.settle(line, name, home)
    number, birth = told.get("id_number"), told.get("birth_date")
    mine = KnownPerson(
        name, told.get("code", ""), number, birth, home.number, None, line.number, register.keep(told)
    )
    register.add(mine)
    return found


def _read_card(line: Line, told: dict[str, Any], today: date) -> None:
    """Check the ID number as the form does: a wrong one is kept as 号码待核, a damaged one refused."""
    number = told.get("id_number")
    if number and told.get("id_kind") in RESIDENT_ID:
        try:
            card = check_id(number, today)
        except NumberError as error:
            if error.fault is Fault.DAMAGED:
                line.refusal = str(error)
                return
            told["id_doubtful"] = True
            line.remarks.append(_("按“号码待核”保存：{why}").format(why=error))
        else:
            told["id_number"] = card.number
            if told.get("sex", card.sex) not in {card.sex, Sex.UNKNOWN, Sex.UNSTATED}:
                line.remarks.append(_("性别与身份证号不一致，按表格记"))
            if told.get("birth_date", card.birth_date) != card.birth_date:
                line.remarks.append(_("出生日期与身份证号不一致，按表格记"))
            told.setdefault("sex", card.sex)
            told.setdefault("birth_date", card.birth_date)
    if told.get("birth_date") is not None:
        told.pop("age_told", None)  # an age is told only where no birth date is known


def _verdict(
    judging: Judging,
    found: _Found,
    register: Register,
    people: dict[Key, dict[str, Any]],
    households: dict[Key, dict[str, Any]],
    carried: Mapping[Key, set[str]],
) -> RowVerdict:
    line, told, known, likeness = found.line, found.told, found.known, found.likeness
    title = str(told.get("name") or "")
    if line.refusal:
        return refused(line, title, line.refusal)
    groups = told.pop("groups", frozenset())
    update: list[Change] = []
    if known is not None and known.key is not None:
        update = _updates(found, people[known.key], households, groups - carried.get(known.key, set()))
        if likeness is not None and likeness.sure:
            return as_known(line, title, likeness, update, judging.book)
    elif known is not None and likeness is not None and likeness.sure:
        return _repeated(judging, line, title, told, known, register)
    create, broken = _creation(judging, found, groups)
    if broken:
        return refused(line, title, broken)
    return concluded(line, title, likeness, create, update, judging.book)


def _repeated(
    judging: Judging, line: Line, title: str, told: dict[str, Any], known: KnownPerson, register: Register
) -> RowVerdict:
    """A row that stands in the file twice: the same, or different in something."""
    other = {
        name: value for name, value in differing(told, register.told[known.told]).items() if name != "is_head"
    }
    same = same_row(known.name, known.row)
    if not other:
        return as_known(line, title, Likeness(known.candidate(), sure=True, why=same), (), judging.book)
    why = _("{same}，但“{fields}”不同。请改好文件再导入这一行").format(
        same=same, fields=named("person", other)
    )
    return refused(line, title, why)


def _updates(
    found: _Found, person: dict[str, Any], households: dict[Key, dict[str, Any]], added: frozenset[str]
) -> list[Change]:
    """What the row changes of the person, of the household, and which categories it adds."""
    known, home = found.known, found.lives
    assert known is not None and known.key is not None and home is not None  # noqa: S101, PT018 - asked before
    told = {name: value for name, value in found.told.items() if name not in {"code", "is_head"}}
    if person["birth_date"] is not None:
        told.pop("age_told", None)
    where = found.line.of("household")
    where.pop("code", None)
    where.pop("head_name", None)
    changes = [
        update_of("person", known.key, told, person),
        update_of("household", home.key, where, households[home.key]),
    ]
    return [
        *(change for change in changes if change is not None),
        *(_category(known.key, group) for group in sorted(added)),
    ]


def _category(person: Key, group: str) -> Change:
    return created("person_category", {"person_key": person, "category": group})


def _creation(judging: Judging, found: _Found, groups: frozenset[str]) -> tuple[list[Change], str]:
    """The new person with the categories; or the rule that is broken.

    The number of the ID card and who heads the household were looked up for the whole list, so the check,
    which would ask the file for each person, is given neither.
    """
    assert found.home is not None  # noqa: S101 - rows without a household are refused before
    values = new_values(found.line, "person", found.told)
    values.pop("groups", None)
    apart_from_check = {
        "id_number": values.get("id_number"),
        "id_doubtful": bool(found.told.get("id_doubtful")),
        "is_head": found.is_head,
    }
    if found.told.get("birth_date") is not None:
        values["age_told"] = None
    if values.get("opened_on") is None:
        values["opened_on"] = judging.work.today
    values |= {
        "household_key": found.home.key,
        "id_number": None,
        "is_head": False,
    }
    changes, broken = checked(judging, checked_person, created("person", values))
    if broken:
        return [], broken
    person = changes[0].with_values(apart_from_check)
    return [person, *(_category(person.key, group) for group in sorted(groups))], ""
