"""The rows of each ledger but the monthly table: a query, and the lines that its rows make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, or_, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import JOINT, Book, Key
from stationdesk.core.vocab import MatchState, NeedStatus
from stationdesk.db.models import (
    Household,
    Match,
    Need,
    Person,
    PersonCategory,
    Resource,
    Village,
    Visit,
)
from stationdesk.services.derived import age_on, groups_of
from stationdesk.services.ledgers import conditions as when
from stationdesk.services.ledgers.clients import Client, Subject, clients_of, is_minor, minor_people
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import (
    GROUPS,
    in_parts,
    restricted_need,
    restricted_person,
    restricted_visit,
    told_columns,
)
from stationdesk.services.scopes import COMPLETED, last_visit, on_day
from stationdesk.sheets.columns import Line
from stationdesk.sheets.ledgers.links import LINKS
from stationdesk.sheets.ledgers.needs import NEEDS
from stationdesk.sheets.ledgers.resources import RESOURCES
from stationdesk.sheets.ledgers.roster import ROSTER
from stationdesk.sheets.ledgers.visits import VISITS

RELIEF = ("G01", "G02", "G03", "G04", "G05", "G06")
"""The categories of low income (兜底类型)."""

_Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LedgerRows:
    """Where the rows of one ledger come from.

    `query` selects them for a period; `restricted` holds on those that no export may list; `lines` turns some
    hundred rows into lines.
    """

    query: Callable[[Period], Select[Any]]
    restricted: Callable[[], ColumnElement[bool]] | None
    lines: Callable[[Session, _Rows, Period, Book], Iterator[Line]]

    def listed(self, period: Period) -> Select[Any]:
        """The rows that may stand in a file."""
        query = self.query(period)
        return query if self.restricted is None else query.where(not_(self.restricted()))

    def withheld(self, period: Period) -> Select[Any] | None:
        """The rows that may not."""
        return None if self.restricted is None else self.query(period).where(self.restricted())

    def read(self, session: Session, period: Period, book: Book) -> Iterator[Line]:
        """The lines of a period, one after the other."""
        for part in in_parts(session, self.listed(period)):
            yield from self.lines(session, part, period, book)


def _people(period: Period) -> Select[Any]:
    return (
        select(
            *told_columns(ROSTER),
            Person.key.label("key"),
            Person.age_told.label("age_told"),
            last_visit(period.last).label("last_visit"),
        )
        .join(Household, Household.key == Person.household_key)
        .outerjoin(Village, Village.key == Household.village_key)
        .where(when.on_file(period.last))
        .order_by(Village.name, Household.code, Person.is_head.desc(), Person.code)
    )


def _roster(session: Session, rows: _Rows, period: Period, book: Book) -> Iterator[Line]:
    keys = [row["key"] for row in rows]
    groups = groups_of(session, keys, period.last)
    relief = _relief(session, keys, period.last, book)
    listed = minor_people(session, keys, period.last)
    for row in rows:
        key, birth = row["key"], row["person.birth_date"]
        row["age"] = row["age_told"] if birth is None else age_on(birth, period.last)
        row["groups"] = JOINT.join(groups.get(key, ()))
        row["relief"] = JOINT.join(relief.get(key, ()))
        row["last_visit"] = _day(row["last_visit"])
        yield Line(row, is_minor(birth, row["age_told"], period.last, listed=key in listed))


def _relief(session: Session, keys: list[Key], day: date, book: Book) -> dict[Key, list[str]]:
    found = session.execute(
        select(PersonCategory.person_key, PersonCategory.category)
        .where(PersonCategory.person_key.in_(keys), PersonCategory.category.in_(RELIEF), on_day(day))
        .order_by(PersonCategory.category)
    )
    relief: dict[Key, list[str]] = {}
    for row in found:
        relief.setdefault(row.person_key, []).append(book.label(GROUPS, row.category))
    return relief


def _needs(period: Period) -> Select[Any]:
    return (
        select(
            *told_columns(NEEDS),
            Need.key.label("key"),
            Need.closed_on.label("closed_on"),
            Need.quantity.label("quantity"),
            Need.amount.label("amount"),
            *_subject_columns(),
        )
        .where(
            Need.raised_on <= period.last,
            or_(when.within(Need.raised_on, period), when.need_open(period.last), when.need_closed(period)),
        )
        .order_by(Need.raised_on, Need.code)
    )


_LATER = ("need.client_words", "need.satisfaction", "need.close_reason")
"""What is known of a need only when it is closed."""


def _needs_lines(session: Session, rows: _Rows, period: Period, _book: Book) -> Iterator[Line]:
    matches = _matches_of(session, [row["key"] for row in rows], period.last)
    for row, client in zip(rows, _clients(session, rows, period), strict=True):
        own = matches.get(row["key"], [])
        if row["closed_on"] is not None and row["closed_on"] > period.last:
            row["need.status"] = NeedStatus.MATCHING if own else NeedStatus.TO_MATCH
            row.update(dict.fromkeys(_LATER))
        row["size"] = " / ".join(
            text
            for text in (row["quantity"], row["amount"] is not None and f"{row['amount']:.2f} 元")
            if text
        )
        done = [match.done_on for match in own if match.done_on is not None and match.done_on <= period.last]
        row["resources"] = JOINT.join(dict.fromkeys(match.name for match in own))
        row["matched_on"] = min((match.matched_on for match in own), default=None)
        row["done_on"] = max(done, default=None)
        yield _line(row, client)


def _matches_of(session: Session, needs: list[Key], day: date) -> dict[Key, list[Any]]:
    found = session.execute(
        select(Match.need_key, Match.matched_on, Match.done_on, Resource.name)
        .join(Resource, Resource.key == Match.resource_key)
        .where(Match.need_key.in_(needs), Match.state.not_in(when.GIVEN_UP), Match.matched_on <= day)
        .order_by(Match.matched_on, Match.code)
    )
    matches: dict[Key, list[Any]] = {}
    for row in found:
        matches.setdefault(row.need_key, []).append(row)
    return matches


def _resources(period: Period) -> Select[Any]:
    return (
        select(
            *told_columns(RESOURCES),
            Resource.key.label("key"),
            Resource.capacity.label("size"),
            Resource.capacity_unit.label("unit"),
            Resource.confidential.label("confidential"),
        )
        .where(when.known_resource(period.last))
        .order_by(Resource.dimension, Resource.code)
    )


def _resource_lines(session: Session, rows: _Rows, period: Period, _book: Book) -> Iterator[Line]:
    keys = [row["key"] for row in rows]
    uses = _uses(session, keys, when.linked(period))
    so_far = _uses(session, keys, Match.matched_on <= period.last, Match.state.not_in(when.GIVEN_UP))
    for row in rows:
        row["capacity"] = "" if row["size"] is None else f"{row['size']} {row['unit'] or ''}".strip()
        row["uses"], row["uses_so_far"] = uses.get(row["key"], 0), so_far.get(row["key"], 0)
        if row["confidential"]:
            row["resource.address"] = "（保密）"
        yield Line(row)


def _uses(session: Session, keys: list[Key], *conditions: ColumnElement[bool]) -> dict[Key, int]:
    found = session.execute(
        select(Match.resource_key, func.count())
        .where(Match.resource_key.in_(keys), *conditions)
        .group_by(Match.resource_key)
    )
    return {key: count for key, count in found}  # noqa: C416 - rows of two are no pairs to dict()


def _links(period: Period) -> Select[Any]:
    return (
        select(
            *told_columns(LINKS),
            Match.done_on.label("done_on"),
            Match.confirmed_on.label("confirmed_on"),
            Need.code.label("need_code"),
            Need.item.label("item"),
            *_subject_columns(),
        )
        .join(Need, Need.key == Match.need_key)
        .join(Resource, Resource.key == Match.resource_key)
        .where(when.within(Match.matched_on, period))
        .order_by(Match.matched_on, Match.code)
    )


_BENEFIT = ("match.amount", "match.people", "match.instances")


def _set_benefit(row: dict[str, Any]) -> None:
    """A match that came to nothing brought nothing; where nobody counted, it was one person once."""
    if row["match.state"] in when.GIVEN_UP:
        row.update(dict.fromkeys(_BENEFIT))
        return
    if row["match.people"] is None:
        row["match.people"] = 1
    if row["match.instances"] is None:
        row["match.instances"] = row["match.people"]


def _state_then(row: dict[str, Any], day: date) -> MatchState:
    """How far a match was at the end of a day, as far as its dates tell."""
    if row["match.state"] in when.DONE:
        if row["done_on"] is not None and row["done_on"] > day:
            return MatchState.SERVING
        if row["confirmed_on"] is not None and row["confirmed_on"] > day:
            return MatchState.DONE
    state: MatchState = row["match.state"]
    return state


def _links_lines(session: Session, rows: _Rows, period: Period, book: Book) -> Iterator[Line]:
    for row, client in zip(rows, _clients(session, rows, period), strict=True):
        _set_benefit(row)
        row["match.state"] = _state_then(row, period.last)
        row["need"] = f"{row['need_code']} {book.label('need_item', row['item'])}"
        yield _line(row, client)


def _visits(period: Period) -> Select[Any]:
    return (
        select(
            *told_columns(VISITS),
            Visit.people.label("people"),
            Visit.person_key.label("person_key"),
            Visit.household_key.label("household_key"),
        )
        .where(when.within(Visit.visited_on, period))
        .order_by(Visit.visited_on, Visit.code)
    )


def _visit_lines(session: Session, rows: _Rows, period: Period, _book: Book) -> Iterator[Line]:
    for row, client in zip(rows, _clients(session, rows, period), strict=True):
        met = row["visit.outcome"] in COMPLETED
        row["instances"] = (row["people"] or 1) if met else 0
        yield _line(row, client)


def _subject_columns() -> list[Any]:
    return [
        Need.person_key.label("person_key"),
        Need.household_key.label("household_key"),
        Need.village_key.label("village_key"),
    ]


def _clients(session: Session, rows: _Rows, period: Period) -> list[Client]:
    subjects = [Subject(row["person_key"], row["household_key"], row.get("village_key")) for row in rows]
    return clients_of(session, subjects, period.last)


def _line(row: dict[str, Any], client: Client) -> Line:
    row["client"] = client.name
    row["groups"], row["village"], row["group"] = client.groups, client.village, client.group
    return Line(row, client.minor)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


ROWS: Mapping[str, LedgerRows] = MappingProxyType(
    {
        ROSTER.name: LedgerRows(_people, restricted_person, _roster),
        NEEDS.name: LedgerRows(_needs, restricted_need, _needs_lines),
        RESOURCES.name: LedgerRows(_resources, None, _resource_lines),
        LINKS.name: LedgerRows(_links, restricted_need, _links_lines),
        VISITS.name: LedgerRows(_visits, restricted_visit, _visit_lines),
    }
)
"""The rows of each ledger by its name."""
