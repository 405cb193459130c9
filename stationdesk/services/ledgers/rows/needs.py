"""Needs with what was done about them: for the needs ledger (需求台账)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, or_, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import JOINT, Book, Key
from stationdesk.core.vocab import NeedStatus
from stationdesk.db.models import Match, Need, Resource
from stationdesk.services.ledgers import conditions as when
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import restricted_need, restricted_resource, told_columns
from stationdesk.services.ledgers.rows.source import (
    LedgerRows,
    Rows,
    Source,
    clients,
    line_about,
    subject_columns,
)
from stationdesk.sheets.columns import Column, Line

_LATER = ("need.client_words", "need.satisfaction", "need.close_reason")
"""What is known of a need only when it is closed."""


def _query(columns: Sequence[Column], _period: Period) -> Select[Any]:
    return select(
        *told_columns(columns),
        Need.key.label("key"),
        Need.status.label("status"),
        Need.closed_on.label("closed_on"),
        Need.quantity.label("quantity"),
        Need.amount.label("amount"),
        *subject_columns(),
    ).order_by(Need.raised_on, Need.code)


def _belongs(period: Period) -> ColumnElement[bool]:
    alive = or_(when.within(Need.raised_on, period), when.need_open(period.last), when.need_closed(period))
    return and_(Need.raised_on <= period.last, alive)


def _lines(session: Session, rows: Rows, period: Period, _book: Book) -> Iterator[Line]:
    matches = _matches_of(session, [row["key"] for row in rows], period.last)
    for row, client in zip(rows, clients(session, rows, period), strict=True):
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
        yield line_about(row, client)


_WITHHELD = "（限制查看）"
"""Stands for a helper who is never listed by name."""


def _matches_of(session: Session, needs: list[Key], by: date) -> dict[Key, list[Any]]:
    found = session.execute(
        select(
            Match.need_key,
            Match.matched_on,
            Match.done_on,
            case((restricted_resource(), _WITHHELD), else_=Resource.name).label("name"),
        )
        .join(Resource, Resource.key == Match.resource_key)
        .where(Match.need_key.in_(needs), Match.state.not_in(when.GIVEN_UP), Match.matched_on <= by)
        .order_by(Match.matched_on, Match.code)
    )
    matches: dict[Key, list[Any]] = {}
    for row in found:
        matches.setdefault(row.need_key, []).append(row)
    return matches


NEED_SOURCE = Source(Need, _query, _lines, restricted_need)
NEEDS = LedgerRows(NEED_SOURCE, _belongs)
