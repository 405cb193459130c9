"""Who is on file and in the rows so far, and how far two people of one name may be one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rapidfuzz.distance import Levenshtein
from sqlalchemy import select

from stationdesk.core.fields import Key
from stationdesk.core.indexed import PackedIndex, PackedTexts
from stationdesk.core.messages import _
from stationdesk.core.packed import Packed
from stationdesk.db.models import Person
from stationdesk.services.importing.comparing import NEAR, apart
from stationdesk.services.importing.homes import Home, Homes
from stationdesk.services.importing.judging import Judging, Likeness
from stationdesk.services.importing.lines import Line
from stationdesk.services.importing.lists import folded
from stationdesk.services.importing.verdicts import Candidate

_SLIPS = 2  # signs in which two ID numbers of one person may differ by mistake
_TOGETHER = 2000  # rows read from the file at a time
_TOLD = 100  # rows packed together: a row that comes again asks for one of them


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person of the station, or an earlier row of the file."""

    name: str
    code: str
    id_number: str | None
    birth: date | None
    home: int
    """The number of the household."""
    key: Key | None = None
    row: int = 0
    told: int = -1
    """Where the register keeps what the row told."""

    @property
    def line(self) -> str:
        """All of it as one line of text, to be kept."""
        birth = self.birth.isoformat() if self.birth is not None else ""
        words = (self.name, self.code, self.id_number or "", birth, self.key or "")
        return _BETWEEN.join((*words, f"{self.home}", f"{int(self.row)}", f"{self.told}"))

    @classmethod
    def of(cls, line: str) -> KnownPerson:
        """The person that was kept."""
        name, code, number, birth, key, home, row, told = line.split(_BETWEEN)
        day = date.fromisoformat(birth) if birth else None
        return cls(name, code, number or None, day, int(home), Key(key) if key else None, int(row), int(told))

    def candidate(self) -> Candidate:
        """What the worker sees of this person beside a row."""
        title = f"{self.code} {self.name}" if self.key else self.name
        return Candidate(title, "person", self.key, self.row or None)


_BETWEEN = "\x1f"
"""Stands in no text of the station: it is no sign, and cleaned away at entry."""


@dataclass(slots=True)
class Register:
    """Those on file and those of the rows so far: 50,000 of them, so each is kept as a line."""

    homes: Homes
    lines: PackedTexts = field(default_factory=PackedTexts)
    by_id: PackedIndex = field(default_factory=PackedIndex)
    by_code: PackedIndex = field(default_factory=PackedIndex)
    by_name: PackedIndex = field(default_factory=PackedIndex)
    told: Packed[dict[str, Any]] = field(default_factory=lambda: Packed(piece=_TOLD))
    """What earlier rows told, for those that come again."""

    def keep(self, told: dict[str, Any]) -> int:
        """Keep what a row told; where it is found again."""
        # The categories are no values of the person: each becomes a record.
        self.told.append({name: value for name, value in told.items() if name != "groups"})
        return len(self.told) - 1

    def add(self, known: KnownPerson) -> None:
        """Take in a person; the first of a number keeps it."""
        place = len(self.lines)
        self.lines.append(known.line)
        self.by_name.add(folded(known.name), place)
        if known.id_number:
            self.by_id.add(known.id_number, place)
        if known.code:
            self.by_code.add(known.code, place)

    def with_code(self, code: str | None) -> KnownPerson | None:
        """The first of a file number."""
        return self._at(self.by_code.first(code)) if code else None

    def with_number(self, number: str | None) -> KnownPerson | None:
        """The first of an ID number."""
        return self._at(self.by_id.first(number)) if number else None

    def called(self, name: str) -> Iterator[KnownPerson]:
        """All of a name, in the order in which they came."""
        return (KnownPerson.of(self.lines[place]) for place in self.by_name.all(name))

    def _at(self, place: int | None) -> KnownPerson | None:
        return None if place is None else KnownPerson.of(self.lines[place])


def read_register(judging: Judging, homes: Homes) -> Register:
    """Everybody on file."""
    register = Register(homes)
    query = select(
        Person.key, Person.name, Person.code, Person.id_number, Person.birth_date, Person.household_key
    )
    for row in judging.work.session.execute(query).yield_per(_TOGETHER):
        home = homes.number_of(row.household_key)
        register.add(KnownPerson(row.name, row.code, row.id_number, row.birth_date, home, row.key))
    return register


def recognised(
    line: Line, told: dict[str, Any], home: Home | None, register: Register
) -> tuple[Likeness | None, KnownPerson | None]:
    """Whom a row is about: by file number, by ID number, or among those of the name; None for nobody."""
    if (known := register.with_code(told.get("code"))) is not None:
        return Likeness(known.candidate(), sure=True, why=_("档案号相同")), known
    called = folded(told["name"])
    if (known := register.with_number(told.get("id_number"))) is not None:
        sure = folded(known.name) == called
        why = _("身份证号相同") if sure else _("身份证号相同，姓名不同（{name}）").format(name=known.name)
        return Likeness(known.candidate(), sure=sure, why=why), known
    best: tuple[Likeness, KnownPerson] | None = None
    row = _Row.of(line, told, home)
    for known in register.called(called):
        likeness = _likeness(row, known, register.homes)
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


def _likeness(row: _Row, known: KnownPerson, homes: Homes) -> Likeness | None:
    """How far two people of one name may be one."""
    if row.number and known.id_number:
        distance = Levenshtein.distance(row.number, known.id_number, score_cutoff=_SLIPS)
        maybe = _("同名，身份证号只差一两位") if distance <= _SLIPS else ""
    elif row.birth and known.birth and row.birth != known.birth:
        # Some lists know only the month or the year of a birth.
        maybe = (
            _("同名同户，出生日期不同")
            if row.birth.year == known.birth.year and _one_home(row, homes.at(known.home))
            else ""
        )
    elif _one_home(row, home := homes.at(known.home)):
        return Likeness(known.candidate(), sure=True, why=_("姓名和住址相同"))
    else:
        maybe = _maybe(row, known, home)
    return Likeness(known.candidate(), sure=False, why=maybe) if maybe else None


def _one_home(row: _Row, home: Home) -> bool:
    """Whether both live in one household, at one address, or within 100 m."""
    if row.home is not None and row.home.number == home.number:
        return True
    if row.address and row.address == home.address and row.village in {None, home.village}:
        return True
    metres = apart(row.place, home.place)
    return metres is not None and metres <= NEAR


def _maybe(row: _Row, known: KnownPerson, home: Home) -> str:
    """Why two people of one name, not known to live together, may still be one; empty when they are not."""
    if row.village and home.village and row.village != home.village:
        return ""
    if row.birth and row.birth == known.birth:
        return _("同名，出生日期相同")
    if row.village and row.village == home.village:
        return _("同名，同村")
    return "" if row.address and home.address else _("同名，没有身份证号或住址可比")
