"""Community organisations with what they bring: for their register (社区社会组织登记)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Book
from stationdesk.db.models import Match, Organisation, Resource
from stationdesk.services.ledgers import conditions as when
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import told_columns
from stationdesk.services.ledgers.rows.source import LedgerRows, Rows, Source
from stationdesk.sheets.columns import Column, Line

COMMUNITY = "O09"
"""The kind of organisation (org_kind) that is registered so."""


def _query(columns: Sequence[Column], _period: Period) -> Select[Any]:
    return select(*told_columns(columns), Organisation.key.label("key")).order_by(
        Organisation.name, Organisation.key
    )


def _lines(session: Session, rows: Rows, period: Period, _book: Book) -> Iterator[Line]:
    keys = [row["key"] for row in rows]
    owned = (
        select(Resource.provider_key, func.count())
        .where(Resource.provider_key.in_(keys), when.known_resource(period.last))
        .group_by(Resource.provider_key)
    )
    linked = (
        select(
            Resource.provider_key,
            func.count(),
            func.sum(func.coalesce(Match.instances, Match.people, 1)),
        )
        .join(Match, Match.resource_key == Resource.key)
        .where(Resource.provider_key.in_(keys), when.linked(period))
        .group_by(Resource.provider_key)
    )
    resources = {row[0]: row[1] for row in session.execute(owned)}
    links = {row[0]: (row[1], row[2]) for row in session.execute(linked)}
    for row in rows:
        row["resources"] = resources.get(row["key"], 0)
        row["links"], row["served"] = links.get(row["key"], (0, 0))
        yield Line(row)


ORGANISATION_SOURCE = Source(Organisation, _query, _lines)
ORGANISATIONS = LedgerRows(ORGANISATION_SOURCE, lambda _period: Organisation.kind == COMMUNITY)
