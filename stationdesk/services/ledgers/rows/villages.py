"""Villages with what the station serves in each: for their fact list (村居基本情况)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, func, or_, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Book
from stationdesk.db.models import Household, Person, Village
from stationdesk.services.ledgers import conditions as when
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import told_columns
from stationdesk.services.ledgers.rows.source import LedgerRows, Rows, Source
from stationdesk.sheets.columns import Column, Line


def _query(columns: Sequence[Column], _period: Period) -> Select[Any]:
    return select(*told_columns(columns), Village.key.label("key")).order_by(Village.name, Village.key)


def _lines(session: Session, rows: Rows, period: Period, _book: Book) -> Iterator[Line]:
    on_file = when.household_on_file(period.last)
    homes = select(Household.village_key, func.count()).group_by(Household.village_key)
    people = homes.join(Person, Person.household_key == Household.key).where(when.on_file(period.last))
    counts = {
        "files": _counts(session, homes.where(on_file)),
        "clients": _counts(session, people),
        "visited": _counts(session, homes.where(when.reached(period))),
    }
    for row in rows:
        row.update({name: found.get(row["key"], 0) for name, found in counts.items()})
        yield Line(row)


def _counts(session: Session, query: Executable) -> dict[Any, int]:
    return {row[0]: row[1] for row in session.execute(query)}


def _there(period: Period) -> ColumnElement[bool]:
    return or_(Village.until.is_(None), Village.until > period.last)


VILLAGE_SOURCE = Source(Village, _query, _lines)
VILLAGES = LedgerRows(VILLAGE_SOURCE, _there)
