"""What the station has on a household, read in parts: the people, what they carry and need, visits, matches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Book, Field, Key, Value, text_of
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import PersonStatus
from stationdesk.db.base import fields_of
from stationdesk.db.models import RECORDS, Match, Need, Person, PersonCategory, Visit
from stationdesk.services.book import link_titles
from stationdesk.services.ledgers.reading import (
    PaperBook,
    restricted_need,
    restricted_people,
    restricted_visit,
)
from stationdesk.services.listing import Row, read_rows
from stationdesk.services.scopes import OPEN_NEEDS, SCOPES

NAME = 40
"""Signs of a name on a leaf."""
_MOST_LINES = 8


@dataclass(slots=True)
class Home:
    """A household with all that belongs to it, the newest first; the head comes first among the people."""

    row: Row
    people: list[Row] = field(default_factory=list)
    categories: list[Row] = field(default_factory=list)
    needs: list[Row] = field(default_factory=list)
    visits: list[Row] = field(default_factory=list)
    matches: list[Row] = field(default_factory=list)
    unfinished: frozenset[Key] = frozenset()
    """The matches that somebody still has to follow up."""
    kept_back: bool = False
    """Whether something of it is withheld from the present worker."""

    def of(self, person: Key) -> Home:
        """What of it is about one person; what is about nobody in particular stays."""
        needs = [each for each in self.needs if each.values["person_key"] in (None, person)]
        open_to = {each.key for each in needs}
        return replace(
            self,
            categories=[each for each in self.categories if each.values["person_key"] == person],
            needs=needs,
            visits=[each for each in self.visits if each.values["person_key"] in (None, person)],
            matches=[each for each in self.matches if each.values["need_key"] in open_to],
        )

    @property
    def head(self) -> Row | None:
        """Who heads it: the first person on file where nobody is marked."""
        return self.people[0] if self.people else None

    @property
    def living(self) -> list[Row]:
        """Those who are on the books."""
        return [each for each in self.people if each.values["status"] is PersonStatus.ACTIVE]

    @property
    def open_needs(self) -> list[Row]:
        """The needs about which somebody still has to do something."""
        return [each for each in self.needs if each.values["status"] in OPEN_NEEDS]


@dataclass(frozen=True, slots=True)
class Words:
    """Values in the words of the station."""

    book: Book

    def of(self, told: Field, value: Value) -> str:
        """A value with its unit; empty for None."""
        text = text_of(told, value, self.book)
        return f"{text} {told.spec.unit}" if text and told.spec.unit else text

    def join(self, told: Iterable[Field], row: Row, between: str = "；") -> str:
        """Several fields of a record in one cell."""
        texts = (self.of(each, row.values.get(each.key)) for each in told)
        return between.join(text for text in texts if text)

    def tell(self, told: Iterable[Field], row: Row, most: int) -> str:
        """Fields with their labels, one after the other; a text of more than `most` signs is cut and says so."""
        pairs = ((each, self.of(each, row.values.get(each.key))) for each in told)
        return "；".join(f"{each.label}：{cut(_plainly(text), most)}" for each, text in pairs if text)


def _plainly(text: str) -> str:
    """A text among others: in one line, without a stop at its end."""
    return clean_line(text).rstrip("。；;，, ") or text


def cut(text: str, most: int) -> str:
    """A text that has room on a leaf: neither too many signs nor too many lines."""
    if text.count("\n") > _MOST_LINES:
        text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def read_homes(
    session: Session, keys: Sequence[Key], book: PaperBook, today: date, *, whole: bool
) -> tuple[dict[Key, Home], Words]:
    """The households of these keys, and the words for what stands in them.

    Without `whole`, what is about people whose files are restricted is not read.
    """
    homes = {row.key: Home(row) for row in read_rows(session, "household", keys, today)}
    keys = list(homes)
    hidden: list[ColumnElement[bool]] = [] if whole else [Person.key.not_in(restricted_people())]
    people = _rows(
        session,
        "person",
        select(Person.key)
        .where(Person.household_key.in_(keys), *hidden)
        .order_by(Person.is_head.desc(), Person.status, Person.birth_date, Person.key),
        today,
    )
    lives_in = {each.key: Key(each.values["household_key"]) for each in people}
    for row in people:
        homes[lives_in[row.key]].people.append(row)
    for row in _rows(
        session,
        "person_category",
        select(PersonCategory.key)
        .where(PersonCategory.person_key.in_(lives_in))
        .order_by(PersonCategory.person_key, PersonCategory.category),
        today,
    ):
        homes[lives_in[row.values["person_key"]]].categories.append(row)
    needs = _rows(session, "need", _needs(keys, whole=whole), today)
    belongs = {row.key: row.values["household_key"] or lives_in[row.values["person_key"]] for row in needs}
    for row in needs:
        homes[belongs[row.key]].needs.append(row)
    visits = _rows(session, "visit", _visits(keys, whole=whole), today)
    for row in visits:
        homes[Key(row.values["household_key"])].visits.append(row)
    matches = _rows(session, "match", _matches(list(belongs)), today)
    for row in matches:
        homes[belongs[row.values["need_key"]]].matches.append(row)
    open_matches = frozenset(
        session.scalars(
            select(Match.key).where(
                Match.need_key.in_(list(belongs)), SCOPES["match"]["unfinished"].condition(today)
            )
        )
    )
    kept_back = frozenset[Key]() if whole else _kept_back(session, keys)
    for key, home in homes.items():
        home.unfinished = frozenset(each.key for each in home.matches if each.key in open_matches)
        home.kept_back = key in kept_back
    read = {
        "household": [home.row for home in homes.values()],
        "person": people,
        "person_category": [row for home in homes.values() for row in home.categories],
        "need": needs,
        "visit": visits,
        "match": matches,
    }
    titles = dict(book.titles)
    for record, rows in read.items():
        titles |= link_titles(session, fields_of(RECORDS[record]), [row.values for row in rows])
    return homes, Words(PaperBook(book.labels, titles))


def _kept_back(session: Session, keys: Sequence[Key]) -> frozenset[Key]:
    hidden = select(Person.household_key).where(
        Person.key.in_(restricted_people()), Person.household_key.in_(keys)
    )
    return frozenset(session.scalars(hidden))


def _needs(keys: Sequence[Key], *, whole: bool) -> Any:
    hidden = [] if whole else [~restricted_need()]
    return (
        select(Need.key)
        .outerjoin(Person, Person.key == Need.person_key)
        .where(func.coalesce(Need.household_key, Person.household_key).in_(keys), *hidden)
        .order_by(Need.raised_on.desc(), Need.key.desc())
    )


def _visits(keys: Sequence[Key], *, whole: bool) -> Any:
    hidden = [] if whole else [~restricted_visit()]
    return (
        select(Visit.key)
        .where(Visit.household_key.in_(keys), *hidden)
        .order_by(Visit.visited_on.desc(), Visit.key.desc())
    )


def _matches(needs: Sequence[Key]) -> Any:
    return (
        select(Match.key).where(Match.need_key.in_(needs)).order_by(Match.matched_on.desc(), Match.key.desc())
    )


def _rows(session: Session, record: str, query: Any, today: date) -> tuple[Row, ...]:
    return read_rows(session, record, session.scalars(query).all(), today)


def households_of(session: Session, people: Sequence[Key]) -> dict[Key, Key]:
    """The household of each person."""
    found: dict[Key, Key] = {}
    for start in range(0, len(people), 500):
        query = select(Person.key, Person.household_key).where(Person.key.in_(people[start : start + 500]))
        found |= {row.key: row.household_key for row in session.execute(query)}
    return found
