"""Resources with how often they were called on: for the library's ledger (资源库台账)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Book, Key
from stationdesk.db.models import Match, Resource
from stationdesk.services.ledgers import conditions as when
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import restricted_resource, told_columns
from stationdesk.services.ledgers.rows.source import LedgerRows, Rows, Source
from stationdesk.sheets.columns import Column, Line


def _query(columns: Sequence[Column], _period: Period) -> Select[Any]:
    return select(
        *told_columns(columns),
        Resource.key.label("key"),
        Resource.capacity.label("size"),
        Resource.capacity_unit.label("unit"),
        Resource.confidential.label("confidential"),
    ).order_by(Resource.dimension, Resource.code)


def _lines(session: Session, rows: Rows, period: Period, _book: Book) -> Iterator[Line]:
    keys = [row["key"] for row in rows]
    uses = _uses(session, keys, when.linked(period))
    so_far = _uses(session, keys, Match.matched_on <= period.last, Match.state.not_in(when.GIVEN_UP))
    for row in rows:
        row["capacity"] = "" if row["size"] is None else f"{row['size']} {row['unit'] or ''}".strip()
        row["uses"], row["uses_so_far"] = uses.get(row["key"], 0), so_far.get(row["key"], 0)
        if row["confidential"]:
            row["resource.address"] = "（保密）"
            row["resource.village_key"] = None
        yield Line(row)


def _uses(session: Session, keys: list[Key], *conditions: ColumnElement[bool]) -> dict[Key, int]:
    found = session.execute(
        select(Match.resource_key, func.count())
        .where(Match.resource_key.in_(keys), *conditions)
        .group_by(Match.resource_key)
    )
    return {key: count for key, count in found}  # noqa: C416 - rows of two are no pairs to dict()


RESOURCE_SOURCE = Source(Resource, _query, _lines, restricted_resource)
RESOURCES = LedgerRows(RESOURCE_SOURCE, lambda period: when.known_resource(period.last))
