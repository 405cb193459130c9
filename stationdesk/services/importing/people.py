"""Rows of a list of people: recognised by ID number, by file number, by name and address or place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rapidfuzz.distance import Levenshtein
from sqlalchemy import select

from stationdesk.core.changes import Change, created
from stationdesk.core.fields import Key
from stationdesk.core.idcard import Fault, NumberError, check_id
from stationdesk.core.messages import _
from stationdesk.core.vocab import Sex
from stationdesk.db.base import blank
from stationdesk.db.models import Person, PersonCategory
from stationdesk.services.households import RESIDENT_ID, checked_person
from stationdesk.services.importing.comparing import NEAR, apart, differing, named, stored_values, update_of
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
from stationdesk.services.importing.lists import folded
from stationdesk.services.importing.verdicts import Candidate, RowVerdict

_SLIPS = 2  # signs in which two ID numbers of one person may differ by mistake


@dataclass(frozen=True, slots=True)
class _Known:
    """A person of the station, or an earlier row of the file with its values."""

    name: str
    code: str
    id_number: str | None
    birth: date | None
    home: Home
    key: Key | None = None
    row: int = 0
    told: Any = None

    def candidate(self) -> Candidate:
        title = f"{self.code} {self.name}" if self.key else self.name
        return Candidate(title, "person", self.key, self.row or None)


@dataclass(slots=True)
class _Register:
    """Those on file and those of the rows so far."""

    by_id: dict[str, _Known] = field(default_factory=dict)
    by_code: dict[str, _Known] = field(default_factory=dict)
    by_name: dict[str, list[_Known]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, known: _Known) -> None:
        self.by_name[folded(known.name)].append(known)
        if known.id_number:
            self.by_id.setdefault(known.id_number, known)
        if known.code:
            self.by_code.setdefault(known.code, known)


@dataclass(slots=True)
class _Found:
    """A row with what it was found to be; compared with the whole records once they are read."""

    line: Line
    told: dict[str, Any]
    home: Home | None = None
    is_head: bool = False
    likeness: Likeness | None = None
    known: _Known | None = None


def judged(judging: Judging, lines: Iterator[Line]) -> Iterator[RowVerdict]:
    """A verdict on every row."""
    homes = Homes(judging)
    homes.read()
    register = _register(judging, homes)
    found = [_found(judging, line, homes, register) for line in lines]
    known = [each.known for each in found if each.known is not None and each.known.key is not None]
    session = judging.work.session
    people = stored_values(session, "person", [each.key for each in known if each.key is not None])
    households = stored_values(session, "household", [each.home.key for each in known])
    for each in found:
        yield _verdict(judging, each, register, people, households)


def _register(judging: Judging, homes: Homes) -> _Register:
    register = _Register()
    session = judging.work.session
    query = select(
        Person.key, Person.name, Person.code, Person.id_number, Person.birth_date, Person.household_key
    )
    for row in session.execute(query):
        home = homes.by_key[row.household_key]
        register.add(_Known(row.name, row.code, row.id_number, row.birth_date, home, row.key))
    for key, category in session.execute(select(PersonCategory.person_key, PersonCategory.category)):
        register.groups[key].add(category)
    return register


def _found(judging: Judging, line: Line, homes: Homes, register: _Register) -> _Found:
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
    likeness, known = _recognised(line, told, home, register)
    found.likeness, found.known = likeness, known
    if known is not None and likeness is not None and likeness.sure:
        found.home = known.home
        homes.settle(line, name, known.home)
        return found
    if home is None:
        home, line.refusal = homes.plan(line, name)
    if home is None:
        return found
    found.home = home
    found.is_head = homes.settle(line, name, home)
    number, birth = told.get("id_number"), told.get("birth_date")
    mine = _Known(name, told.get("code", ""), number, birth, home, None, line.number, told)
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


def _recognised(
    line: Line, told: dict[str, Any], home: Home | None, register: _Register
) -> tuple[Likeness | None, _Known | None]:
    if told.get("code") in register.by_code:
        known = register.by_code[told["code"]]
        return Likeness(known.candidate(), sure=True, why=_("档案号相同")), known
    number = told.get("id_number")
    if number and number in register.by_id:
        known = register.by_id[number]
        sure = folded(known.name) == folded(told["name"])
        why = _("身份证号相同") if sure else _("身份证号相同，姓名不同（{name}）").format(name=known.name)
        return Likeness(known.candidate(), sure=sure, why=why), known
    best: tuple[Likeness, _Known] | None = None
    row = _Row.of(line, told, home)
    for known in register.by_name.get(folded(told["name"]), ()):
        likeness = _likeness(row, known)
        if likeness is not None and (best is None or (likeness.sure and not best[0].sure)):
            best = likeness, known
    return best if best is not None else (None, None)


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row says that tells namesakes apart; told once, for a common name meets many."""

    number: str | None
    birth: date | None
    village: Key | None
    address: str
    place: tuple[Any, Any]
    home: Home | None

    @classmethod
    def of(cls, line: Line, told: dict[str, Any], home: Home | None) -> _Row:
        where = line.of("household")
        place = where.get("latitude"), where.get("longitude")
        address = folded(where.get("address"))
        return cls(
            told.get("id_number"), told.get("birth_date"), where.get("village_key"), address, place, home
        )


def _likeness(row: _Row, known: _Known) -> Likeness | None:
    """How far two people of one name may be one."""
    if row.number and known.id_number:
        distance = Levenshtein.distance(row.number, known.id_number, score_cutoff=_SLIPS)
        maybe = _("同名，身份证号只差一两位") if distance <= _SLIPS else ""
    elif row.birth and known.birth and row.birth != known.birth:
        # Some lists know only the month or the year of a birth.
        maybe = (
            _("同名同户，出生日期不同")
            if row.birth.year == known.birth.year and _one_home(row, known)
            else ""
        )
    elif _one_home(row, known):
        return Likeness(known.candidate(), sure=True, why=_("姓名和住址相同"))
    else:
        maybe = _maybe(row.birth, row.village, row.address, known)
    return Likeness(known.candidate(), sure=False, why=maybe) if maybe else None


def _one_home(row: _Row, known: _Known) -> bool:
    """Whether both live in one household, at one address, or within 100 m."""
    if row.home is not None and row.home is known.home:
        return True
    if row.address and row.address == known.home.address and row.village in {None, known.home.village}:
        return True
    metres = apart(row.place, known.home.place)
    return metres is not None and metres <= NEAR


def _maybe(birth: date | None, village: Key | None, address: str, known: _Known) -> str:
    """Why two people of one name, not known to live together, may still be one; empty when they are not."""
    if village and known.home.village and village != known.home.village:
        return ""
    if birth and birth == known.birth:
        return _("同名，出生日期相同")
    if village and village == known.home.village:
        return _("同名，同村")
    return "" if address and known.home.address else _("同名，没有身份证号或住址可比")


def _verdict(
    judging: Judging,
    found: _Found,
    register: _Register,
    people: dict[Key, dict[str, Any]],
    households: dict[Key, dict[str, Any]],
) -> RowVerdict:
    line, told, known, likeness = found.line, found.told, found.known, found.likeness
    title = str(told.get("name") or "")
    if line.refusal:
        return refused(line, title, line.refusal)
    groups = told.pop("groups", frozenset())
    update: list[Change] = []
    if known is not None and known.key is not None:
        update = _updates(found, known, register, people[known.key], households[known.home.key], groups)
        if likeness is not None and likeness.sure:
            return as_known(line, title, likeness, update, judging.book)
    elif known is not None and likeness is not None and likeness.sure:
        return _repeated(judging, line, title, told, known)
    create, broken = _creation(judging, found, groups)
    if broken:
        return refused(line, title, broken)
    return concluded(line, title, likeness, create, update, judging.book)


def _repeated(judging: Judging, line: Line, title: str, told: dict[str, Any], known: _Known) -> RowVerdict:
    """A row that stands in the file twice: the same, or different in something."""
    other = {name: value for name, value in differing(told, known.told).items() if name != "is_head"}
    same = same_row(known.name, known.row)
    if not other:
        return as_known(line, title, Likeness(known.candidate(), sure=True, why=same), (), judging.book)
    why = _("{same}，但“{fields}”不同。请改好文件再导入这一行").format(
        same=same, fields=named("person", other)
    )
    return refused(line, title, why)


def _updates(
    found: _Found,
    known: _Known,
    register: _Register,
    person: dict[str, Any],
    household: dict[str, Any],
    groups: frozenset[str],
) -> list[Change]:
    """What the row changes of the person, of the household, and which categories it adds."""
    assert known.key is not None  # noqa: S101 - asked before
    told = {name: value for name, value in found.told.items() if name not in {"code", "is_head"}}
    if person["birth_date"] is not None:
        told.pop("age_told", None)
    where = found.line.of("household")
    where.pop("code", None)
    where.pop("head_name", None)
    changes = [
        update_of("person", known.key, told, person),
        update_of("household", known.home.key, where, household),
    ]
    added = [_category(known.key, group) for group in sorted(groups - register.groups.get(known.key, set()))]
    return [change for change in changes if change is not None] + added


def _category(person: Key, group: str) -> Change:
    return created("person_category", {**blank(PersonCategory), "person_key": person, "category": group})


def _creation(judging: Judging, found: _Found, groups: frozenset[str]) -> tuple[list[Change], str]:
    """The new person with the categories; or the rule that is broken.

    The number of the ID card and who heads the household were looked up for the whole list, so the check,
    which would ask the file for each person, is given neither.
    """
    assert found.home is not None  # noqa: S101 - rows without a household are refused before
    values = {**new_values(found.line, "person", blank(Person)), **found.told}
    values.pop("groups", None)
    apart_from_check = {
        "id_number": values["id_number"],
        "id_doubtful": bool(found.told.get("id_doubtful")),
        "is_head": found.is_head,
    }
    if found.told.get("birth_date") is not None:
        values["age_told"] = None
    if values["opened_on"] is None:
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
