"""Visits, met or not: for the ledger of visits (走访台账)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Book
from stationdesk.db.models import Visit
from stationdesk.services.ledgers import conditions as when
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import restricted_visit, told_columns
from stationdesk.services.ledgers.rows.source import LedgerRows, Rows, Source, clients, line_about
from stationdesk.services.scopes import COMPLETED
from stationdesk.sheets.columns import Column, Line


def _query(columns: Sequence[Column], _period: Period) -> Select[Any]:
    return select(
        *told_columns(columns),
        Visit.key.label("key"),
        Visit.outcome.label("outcome"),
        Visit.people.label("people"),
        Visit.person_key.label("person_key"),
        Visit.household_key.label("household_key"),
    ).order_by(Visit.visited_on, Visit.code)


def _lines(session: Session, rows: Rows, period: Period, _book: Book) -> Iterator[Line]:
    for row, client in zip(rows, clients(session, rows, period), strict=True):
        met = row["outcome"] in COMPLETED
        row["instances"] = (row["people"] or 1) if met else 0
        yield line_about(row, client)


VISIT_SOURCE = Source(Visit, _query, _lines, restricted_visit)
VISITS = LedgerRows(VISIT_SOURCE, lambda period: when.within(Visit.visited_on, period))
