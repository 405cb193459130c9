"""Who is on file and in the rows so far, and how far two people of one name may be one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rapidfuzz.distance import Levenshtein
from sqlalchemy import select

from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.packed import Packed
from stationdesk.db.models import Person, PersonCategory
from stationdesk.services.importing.comparing import NEAR, apart
from stationdesk.services.importing.homes import Home, Homes
from stationdesk.services.importing.judging import Judging, Likeness
from stationdesk.services.importing.lines import Line
from stationdesk.services.importing.lists import folded
from stationdesk.services.importing.verdicts import Candidate

_SLIPS = 2  # signs in which two ID numbers of one person may differ by mistake
_TOLD = 100  # rows packed together: a row that comes again asks for one of them


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person of the station, or an earlier row of the file."""

    name: str
    code: str
    id_number: str | None
    birth: date | None
    home: Home
    key: Key | None = None
    row: int = 0
    told: int = -1
    """Where the register keeps what the row told."""

    def candidate(self) -> Candidate:
        """What the worker sees of this person beside a row."""
        title = f"{self.code} {self.name}" if self.key else self.name
        return Candidate(title, "person", self.key, self.row or None)


@dataclass(slots=True)
class Register:
    """Those on file and those of the rows so far."""

    by_id: dict[str, KnownPerson] = field(default_factory=dict)
    by_code: dict[str, KnownPerson] = field(default_factory=dict)
    by_name: dict[str, list[KnownPerson]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))

    told: Packed[dict[str, Any]] = field(default_factory=lambda: Packed(piece=_TOLD))
    """What earlier rows told, for those that come again."""

    def keep(self, told: dict[str, Any]) -> int:
        """Keep what a row told; where it is found again."""
        # The categories are no values of the person: each becomes a record.
        self.told.append({name: value for name, value in told.items() if name != "groups"})
        return len(self.told) - 1

    def add(self, known: KnownPerson) -> None:
        """Take in a person; the first of a number keeps it."""
        self.by_name[folded(known.name)].append(known)
        if known.id_number:
            self.by_id.setdefault(known.id_number, known)
        if known.code:
            self.by_code.setdefault(known.code, known)


def read_register(judging: Judging, homes: Homes) -> Register:
    """Everybody on file, with the categories they carry."""
    register = Register()
    session = judging.work.session
    query = select(
        Person.key, Person.name, Person.code, Person.id_number, Person.birth_date, Person.household_key
    )
    for row in session.execute(query):
        home = homes.by_key[row.household_key]
        register.add(KnownPerson(row.name, row.code, row.id_number, row.birth_date, home, row.key))
    for key, category in session.execute(select(PersonCategory.person_key, PersonCategory.category)):
        register.groups[key].add(category)
    return register


def recognised(
    line: Line, told: dict[str, Any], home: Home | None, register: Register
) -> tuple[Likeness | None, KnownPerson | None]:
    """Whom a row is about: by file number, by ID number, or among those of the name; None for nobody."""
    if told.get("code") in register.by_code:
        known = register.by_code[told["code"]]
        return Likeness(known.candidate(), sure=True, why=_("档案号相同")), known
    number = told.get("id_number")
    if number and number in register.by_id:
        known = register.by_id[number]
        sure = folded(known.name) == folded(told["name"])
        why = _("身份证号相同") if sure else _("身份证号相同，姓名不同（{name}）").format(name=known.name)
        return Likeness(known.candidate(), sure=sure, why=why), known
    best: tuple[Likeness, KnownPerson] | None = None
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


def _likeness(row: _Row, known: KnownPerson) -> Likeness | None:
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


def _one_home(row: _Row, known: KnownPerson) -> bool:
    """Whether both live in one household, at one address, or within 100 m."""
    if row.home is not None and row.home is known.home:
        return True
    if row.address and row.address == known.home.address and row.village in {None, known.home.village}:
        return True
    metres = apart(row.place, known.home.place)
    return metres is not None and metres <= NEAR


def _maybe(birth: date | None, village: Key | None, address: str, known: KnownPerson) -> str:
    """Why two people of one name, not known to live together, may still be one; empty when they are not."""
    if village and known.home.village and village != known.home.village:
        return ""
    if birth and birth == known.birth:
        return _("同名，出生日期相同")
    if village and village == known.home.village:
        return _("同名，同村")
    return "" if address and known.home.address else _("同名，没有身份证号或住址可比")
