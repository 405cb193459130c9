"""Where rows come from: a query over one kind of record, and the lines that its rows make.

A ledger asks a source for the rows that hold in a period; the rows behind a figure are those of the same
source that the figure counts. So a record reads the same wherever it is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, not_
from sqlalchemy.orm import Session

from stationdesk.core.fields import Book
from stationdesk.db.models import Need, Record
from stationdesk.services.ledgers.clients import Client, Subject, clients_of
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import in_parts
from stationdesk.sheets.columns import Column, Line

Rows = list[dict[str, Any]]
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of one kind of record.

    `query` selects them all, in order, with the columns that are wanted and the record's `key`; `lines` turns
    some hundred of them into lines; `restricted` holds on those that no export may list.
    """

    model: type[Record]
    query: Callable[[Sequence[Column], Period], Select[Any]]
    lines: Callable[[Session, Rows, Period, Book], Iterator[Line]]
    restricted: Callable[[], Condition] | None = None

    def listed(self, columns: Sequence[Column], period: Period, *conditions: Condition) -> Select[Any]:
        """The rows that may stand in a file."""
        query = self.query(columns, period).where(*conditions)
        return query if self.restricted is None else query.where(not_(self.restricted()))

    def withheld(self, period: Period, *conditions: Condition) -> Select[Any] | None:
        """The rows that may not."""
        if self.restricted is None:
            return None
        return self.query((), period).where(*conditions, self.restricted())

    def read(self, session: Session, query: Select[Any], period: Period, book: Book) -> Iterator[Line]:
        """The lines of one of these queries, one after the other; `key` is that of the record."""
        for part in in_parts(session, query):
            yield from self.lines(session, part, period, book)


@dataclass(frozen=True, slots=True)
class LedgerRows:
    """The rows of one ledger: those of a source on which a condition holds for the period."""

    source: Source
    belongs: Callable[[Period], Condition]

    def listed(self, columns: Sequence[Column], period: Period) -> Select[Any]:
        """The rows that may stand in a file."""
        return self.source.listed(columns, period, self.belongs(period))

    def withheld(self, period: Period) -> Select[Any] | None:
        """The rows that may not."""
        return self.source.withheld(period, self.belongs(period))

    def read(self, session: Session, columns: Sequence[Column], period: Period, book: Book) -> Iterator[Line]:
        """The lines of a period, one after the other."""
        return self.source.read(session, self.listed(columns, period), period, book)


def subject_columns() -> list[Any]:
    """What tells whom a need is about, where needs are joined."""
    return [
        Need.person_key.label("person_key"),
        Need.household_key.label("household_key"),
        Need.village_key.label("village_key"),
    ]


def clients(session: Session, rows: Rows, period: Period) -> list[Client]:
    """Whom each row is about, as they were at the end of the period."""
    subjects = [Subject(row["person_key"], row["household_key"], row.get("village_key")) for row in rows]
    return clients_of(session, subjects, period.last)


def line_about(row: dict[str, Any], client: Client) -> Line:
    """The line of a row that is about a client."""
    row["client"] = client.name
    row["groups"], row["village"], row["group"] = client.groups, client.village, client.group
    return Line(row, client.minor)


def day(value: date | str | None) -> date | None:
    """A day that SQL computed, which comes as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
