"""Households: for the plan of visits (走访计划表) and the list of files to hand over (档案交接目录)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Book, Key
from stationdesk.db.models import Attachment, Household, Match, Need, Person, Village, Visit
from stationdesk.services.ledgers import conditions as when
from stationdesk.services.ledgers.clients import Client, heads_of
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import restricted_home, told_columns
from stationdesk.services.ledgers.rows.source import LedgerRows, Rows, Source, clients, day
from stationdesk.services.scopes import due_visit, last_visit
from stationdesk.sheets.columns import Column, Line, Open

_OF_HOUSEHOLD = "（户）"


def _query(columns: Sequence[Column], period: Period) -> Select[Any]:
    before = period.first - timedelta(days=1)
    return (
        select(
            *told_columns(columns),
            Household.key.label("key"),
            Household.key.label("household_key"),
            last_visit(period.last).label("last"),
            last_visit(before).label("last_before"),
            due_visit(before).label("due"),
            due_visit(period.last).label("next"),
        )
        .outerjoin(Village, Village.key == Household.village_key)
        .order_by(Village.name, Household.code)
    )


def _lines(session: Session, rows: Rows, period: Period, _book: Book) -> Iterator[Line]:
    keys = [row["key"] for row in rows]
    phones = _phones(session, keys)
    counts = {name: _counts(session, query) for name, query in _parts(keys, period).items()}
    for row in rows:
        row["person_key"] = None
    for row, client in zip(rows, clients(session, rows, period), strict=True):
        last, due = day(row["last"]), day(row["next"])
        row["client"] = _head(client)
        row["groups"], row["group"] = client.groups, client.group
        row["phone"] = phones.get(row["key"], "")
        row["last_before"], row["due"] = day(row["last_before"]), day(row["due"])
        row["last_visit"] = last
        row["visited"] = last if last is not None and last >= period.first else None
        row["late"] = (period.last - due).days if due is not None and due < period.last else None
        row.update(dict.fromkeys(("planned", "remark", "paper_file", "received"), ""))
        row.update({name: found.get(row["key"], 0) for name, found in counts.items()})
        yield Line(row, client.minor)


def _head(client: Client) -> Any:
    """The name of the head alone: that it is a household is said by the table."""
    return client.name if isinstance(client.name, Open) else str(client.name).removesuffix(_OF_HOUSEHOLD)


def _phones(session: Session, keys: list[Key]) -> dict[Key, str]:
    heads = heads_of(session, set(keys))
    rows = session.execute(
        select(Person.household_key, Person.phone).where(Person.key.in_(list(heads.values())))
    )
    return {row.household_key: row.phone or "" for row in rows}


def _parts(keys: list[Key], period: Period) -> dict[str, Executable]:
    """How many records of each kind belong to each household up to the end of the period."""
    home = func.coalesce(Need.household_key, Person.household_key)
    needs = select(home.label("home"), func.count()).outerjoin(Person, Person.key == Need.person_key)
    matches = needs.join(Match, Match.need_key == Need.key)
    return {
        "members": select(Person.household_key, func.count())
        .where(
            Person.household_key.in_(keys), or_(Person.opened_on.is_(None), Person.opened_on <= period.last)
        )
        .group_by(Person.household_key),
        "needs": needs.where(home.in_(keys), Need.raised_on <= period.last).group_by(home),
        "matches": matches.where(home.in_(keys), Match.matched_on <= period.last).group_by(home),
        "visits": select(Visit.household_key, func.count())
        .where(Visit.household_key.in_(keys), Visit.visited_on <= period.last)
        .group_by(Visit.household_key),
        "papers": select(Attachment.record_key, func.count())
        .where(Attachment.record_key.in_(keys), Attachment.added_on <= period.last)
        .group_by(Attachment.record_key),
    }


def _counts(session: Session, query: Executable) -> dict[Key, int]:
    return {row[0]: row[1] for row in session.execute(query)}


def _due(period: Period) -> ColumnElement[bool]:
    before = period.first - timedelta(days=1)
    return and_(when.household_on_file(period.last), due_visit(before) <= period.last.isoformat())


def _opened(period: Period) -> ColumnElement[bool]:
    return or_(Household.opened_on.is_(None), Household.opened_on <= period.last)


HOUSEHOLD_SOURCE = Source(Household, _query, _lines, restricted_home)
PLAN = LedgerRows(HOUSEHOLD_SOURCE, _due)
HANDOVER = LedgerRows(HOUSEHOLD_SOURCE, _opened)
