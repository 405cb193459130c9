"""Matches with what they brought: for the ledger of links (资源链接登记)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Book
from stationdesk.core.vocab import MatchState
from stationdesk.db.models import Match, Need, Resource
from stationdesk.services.ledgers import conditions as when
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import restricted_match, told_columns
from stationdesk.services.ledgers.rows.source import (
    LedgerRows,
    Rows,
    Source,
    clients,
    line_about,
    subject_columns,
)
from stationdesk.sheets.columns import Column, Line

_BENEFIT = ("match.amount", "match.people", "match.instances")


def _query(columns: Sequence[Column], _period: Period) -> Select[Any]:
    return (
        select(
            *told_columns(columns),
            Match.key.label("key"),
            Match.state.label("state"),
            Match.people.label("people"),
            Match.done_on.label("done_on"),
            Match.confirmed_on.label("confirmed_on"),
            Need.code.label("need_code"),
            Need.item.label("item"),
            *subject_columns(),
        )
        .join(Need, Need.key == Match.need_key)
        .join(Resource, Resource.key == Match.resource_key)
        .order_by(Match.matched_on, Match.code)
    )


def _lines(session: Session, rows: Rows, period: Period, book: Book) -> Iterator[Line]:
    for row, client in zip(rows, clients(session, rows, period), strict=True):
        _set_benefit(row)
        row["match.state"] = _state_then(row, period.last)
        row["need"] = f"{row['need_code']} {book.label('need_item', row['item'])}"
        yield line_about(row, client)


def _set_benefit(row: dict[str, Any]) -> None:
    """A match that came to nothing brought nothing; where nobody counted, it was one person once."""
    if row["state"] in when.GIVEN_UP:
        row.update(dict.fromkeys(_BENEFIT))
        return
    people = 1 if row["people"] is None else row["people"]
    row["match.people"] = people
    if row.get("match.instances") is None:
        row["match.instances"] = people


def _state_then(row: dict[str, Any], by: date) -> MatchState:
    """How far a match was at the end of a day, as far as its dates tell."""
    if row["state"] in when.DONE:
        if row["done_on"] is not None and row["done_on"] > by:
            return MatchState.SERVING
        if row["confirmed_on"] is not None and row["confirmed_on"] > by:
            return MatchState.DONE
    state: MatchState = row["state"]
    return state


MATCH_SOURCE = Source(Match, _query, _lines, restricted_match)
LINKS = LedgerRows(MATCH_SOURCE, lambda period: when.within(Match.matched_on, period))
