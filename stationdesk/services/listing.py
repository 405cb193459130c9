"""Lists: which records, in which order, page by page. Search and sorting are SQL; a window reads pages by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, func, literal_column, or_, select, text
from sqlalchemy.orm import Session

from stationdesk.core.fields import Field, Key, Place, Value, Values, plain_code
from stationdesk.db.base import field_map, fields_of, table_of, values_of
from stationdesk.db.models import PARTS, RECORDS, Person, Resource
from stationdesk.db.models.audit import SearchDocument
from stationdesk.db.search import SEARCHED, matching
from stationdesk.services.book import StationBook, book_of, link_titles, titles_of
from stationdesk.services.derived import derived_values
from stationdesk.services.scopes import BELONGING, FAR_FILTERS, SCOPES
from stationdesk.services.store import Store

PAGE = 100
"""Rows a window asks for at a time."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on one field: one of `values` (None among them is "not filled"), or from `low` to `high`."""

    field: str
    values: frozenset[Value] = frozenset()
    low: Value = None
    high: Value = None


@dataclass(frozen=True, slots=True)
class Query:
    """What a list shows.

    `scope` names one of `services.scopes.SCOPES`, such as the needs that are open. `order` is the key of
    an ordered field; without it the newest come first. `told` says where the query comes from, where no filter of
    the window says it: a figure of the monthly table.
    """

    record: str
    text: str = ""
    filters: tuple[Filter, ...] = ()
    scope: str = ""
    order: str = ""
    descending: bool = False
    told: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A record as a list or a form shows it: stored and derived values by field key."""

    record: str
    key: Key
    values: Values


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows and the book that turns their codes and links into words."""

    rows: tuple[Row, ...]
    book: StationBook


@dataclass(frozen=True, slots=True)
class Pick:
    """A record that a link may point to."""

    key: Key
    title: str
    subtitle: str = field(default="")


def keys_of(store: Store, query: Query) -> tuple[Key, ...]:
    """The keys of all records of the query, in order; fast enough for 100,000."""
    with store.reading() as session:
        return read_keys(session, query, store.clock.today())


def read_keys(session: Session, query: Query, today: date) -> tuple[Key, ...]:
    """`keys_of` within a session that is already open."""
    chosen = _selection(today, query).order_by(*_order(query)).subquery()
    # One text is twice as fast to read as 100,000 rows.
    joined = select(func.group_concat(chosen.c.key, literal_column("''", String)))
    text_of_keys = session.execute(joined).scalar_one() or ""
    return tuple(Key(text_of_keys[start : start + 32]) for start in range(0, len(text_of_keys), 32))


def count_of(store: Store, query: Query) -> int:
    """How many records the query has."""
    with store.reading() as session:
        chosen = _selection(store.clock.today(), query).subquery()
        return int(session.execute(select(func.count()).select_from(chosen)).scalar_one())


def counts_by(store: Store, query: Query, key: str) -> dict[Value, int]:
    """How many records of the query have each value of a field that holds a single value."""
    table = table_of(RECORDS[query.record])
    with store.reading() as session:
        chosen = _selection(store.clock.today(), query).subquery()
        of_these = table.c.key.in_(select(chosen.c.key))
        counted = select(table.c[key], func.count()).where(of_these).group_by(table.c[key])
        return {value: int(count) for value, count in session.execute(counted)}


def rows_of(store: Store, record: str, keys: Sequence[Key]) -> Page:
    """The records of these keys, in their order, with derived values; those that are gone are left out."""
    book = book_of(store)
    with store.reading() as session:
        rows = read_rows(session, record, keys, store.clock.today())
        told = [
            each
            for each in fields_of(RECORDS[record], Place.TABLE | Place.POPUP | Place.FORM)
            if each.spec.link
        ]
        return Page(rows, book.with_titles(link_titles(session, told, [row.values for row in rows])))


def read_rows(session: Session, record: str, keys: Sequence[Key], today: date) -> tuple[Row, ...]:
    """`rows_of` within a session that is already open, without the book."""
    table = table_of(RECORDS[record])
    names = tuple(field_map(RECORDS[record]))
    # Plain values and only what is told: an object of every column takes three times as long.
    columns = [table.c.key, *(table.c[name] for name in names)]
    found: dict[Key, Values] = {}
    for start in range(0, len(keys), 500):
        rows = session.execute(select(*columns).where(table.c.key.in_(keys[start : start + 500])))
        found |= {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
    more = derived_values(session, record, list(found), today)
    return tuple(Row(record, key, {**found[key], **more.get(key, {})}) for key in keys if key in found)


def row_of(store: Store, record: str, key: Key) -> Row | None:
    """One record, or None when it is gone."""
    with store.reading() as session:
        rows = read_rows(session, record, [key], store.clock.today())
        return rows[0] if rows else None


def page_of(store: Store, record: str, key: Key) -> Page:
    """One record with its book; no rows when it is gone."""
    return rows_of(store, record, [key])


def resource_part_of(store: Store, key: Key) -> Row | None:
    """The typed part of a resource, in the dimension that it stands in."""
    with store.reading() as session:
        resource = session.get(Resource, key)
        if resource is None:
            return None
        model = PARTS[resource.dimension]
        part = session.get(model, key)
        return None if part is None else Row(model.__tablename__, key, values_of(part))


def pick(store: Store, record: str, words: str, limit: int = 20) -> tuple[Pick, ...]:
    """Records that a link may point to, found by `words`; the most recent ones when there are none."""
    by_index = record in SEARCHED
    query = Query(record, words if by_index else "")
    with store.reading() as session:
        chosen = _selection(store.clock.today(), query).order_by(*_order(query))
        # Kinds that the index does not hold are few: all of them are looked at.
        keys = session.scalars(chosen.limit(limit) if by_index else chosen).all()
        titles = titles_of(session, record, keys)
        if not by_index:
            wanted = words.casefold().split()
            keys = [key for key in keys if all(word in titles[(record, key)].casefold() for word in wanted)]
        keys = keys[:limit]
        more = subtitles_of(session, record, keys)
    return tuple(Pick(key, titles.get((record, key), ""), more.get(key, "")) for key in keys)


def subtitles_of(session: Session, record: str, keys: Sequence[Key]) -> dict[Key, str]:
    """The words that tell records from their namesakes, by key."""
    belonging = BELONGING.get(record)
    if belonging is None or not keys:
        return {}
    linked = session.execute(belonging(keys)).all()
    return {row[0]: " · ".join(str(word) for word in row[1:] if word) for row in linked}


def _selection(today: date, query: Query) -> Select[Key]:
    table = table_of(RECORDS[query.record])
    chosen = select(table.c.key)
    found = matching(query.text) if query.text else None
    if found is not None:
        sql, values = found
        ids = text(f"search_document.id IN ({sql})").bindparams(**values)
        documents = select(SearchDocument.record_key).where(SearchDocument.record == query.record, ids)
        told_by: ColumnElement[bool] = table.c.key.in_(documents)
        if query.record == "household":
            # A household is known by its people: whoever looks for one types a name.
            people = select(SearchDocument.record_key).where(SearchDocument.record == "person", ids)
            told_by |= table.c.key.in_(select(Person.household_key).where(Person.key.in_(people)))
        chosen = chosen.where(told_by)
    told = {each.key: each for each in fields_of(RECORDS[query.record])}
    for each in query.filters:
        chosen = chosen.where(
            _condition(told.get(each.field), table.c.get(each.field), each, query.record, today)
        )
    if query.scope:
        chosen = chosen.where(SCOPES[query.record][query.scope].condition(today))
    return chosen


def _condition(
    told: Field | None, column: Any, chosen: Filter, record: str, today: date
) -> ColumnElement[bool]:
    if column is None or told is None:
        return FAR_FILTERS[(record, chosen.field)](chosen.values, today)
    parts: list[ColumnElement[bool]] = []
    if chosen.values:
        plain = [value for value in chosen.values if value is not None]
        if told.many:
            options = [func.instr(column, f",{plain_code(value)},") > 0 for value in plain]
        else:
            options = [column.in_(plain)] if plain else []
        if None in chosen.values:
            options.append(or_(column.is_(None), column == frozenset()) if told.many else column.is_(None))
        parts.append(or_(*options))
    if chosen.low is not None:
        parts.append(column >= chosen.low)
    if chosen.high is not None:
        parts.append(column <= chosen.high)
    return and_(True, *parts)


def _order(query: Query) -> tuple[Any, ...]:
    table = table_of(RECORDS[query.record])
    if not query.order:
        return (table.c.key.desc(),)
    column = table.c[query.order]
    # Keys as the tie-break keep the order the index (column, key) has, in both directions.
    return (column.desc(), table.c.key.desc()) if query.descending else (column.asc(), table.c.key.asc())
