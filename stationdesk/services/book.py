"""The words for codes and keys: labels of the editable lists, titles of linked records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import override

from stationdesk.core.fields import Book, Field, Key, Values, plain_text
from stationdesk.core.messages import _
from stationdesk.db.base import fields_of, table_of
from stationdesk.db.models import RECORDS, CodeRow
from stationdesk.db.telling import kept_while_told
from stationdesk.services.store import Store

_CHUNK = 500
_SMALL = ("village", "village_group", "worker", "organisation")
"""Kinds of record that are few and shown everywhere: their titles are read once."""


@dataclass(frozen=True, slots=True)
class CodeLabel:
    """One row of an editable list, as a picker shows it."""

    code: str
    label: str
    hidden: bool
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class StationBook(Book):
    """A book of labels and titles as they were when it was read."""

    labels: Mapping[tuple[str, str], str]
    titles: Mapping[tuple[str, str], str]

    @override
    def label(self, codes: str, code: str) -> str:
        return _(self.labels.get((codes, code), code))

    @override
    def title(self, record: str, key: str) -> str:
        return self.titles.get((record, key), "")

    def with_titles(self, titles: Mapping[tuple[str, str], str]) -> StationBook:
        """The same book with more titles."""
        return StationBook(self.labels, {**self.titles, **titles})


def book_of(store: Store) -> StationBook:
    """Every label, and the titles of the few kinds of record that are shown everywhere."""
    kept = _BOOKS.get(store)
    version = store.version  # taken before reading: a step written meanwhile makes the book old, not new
    if kept is None or kept[0] != version:
        with store.reading() as session:
            kept = (version, read_book(session))
        _BOOKS[store] = kept
    return kept[1]


_BOOKS: WeakKeyDictionary[Store, tuple[int, StationBook]] = WeakKeyDictionary()
"""The book of each open station as it was at a version: every page of every list asks for it."""


def read_book(session: Session) -> StationBook:
    """`book_of` within a session that is already open."""
    rows = session.execute(select(CodeRow.list, CodeRow.code, CodeRow.label))
    labels = {(row.list, row.code): row.label for row in rows}
    titles: dict[tuple[str, str], str] = {}
    for record in _SMALL:
        titles |= titles_of(session, record, None)
    return StationBook(labels, titles)


def codes_of(store: Store, codes: str) -> tuple[CodeLabel, ...]:
    """The rows of one editable list in their order, hidden ones included and marked."""
    query = select(CodeRow).where(CodeRow.list == codes).order_by(CodeRow.position, CodeRow.key)
    with store.reading() as session:
        return tuple(
            CodeLabel(row.code, _(row.label), row.hidden, row.verified, row.note or "")
            for row in session.scalars(query)
        )


def titles_of(session: Session, record: str, keys: Iterable[Key] | None) -> dict[tuple[str, str], str]:
    """What records are called: their own name fields and the names of what they belong to.

    A person is told with household and village, because namesakes are common. None for all of a kind.
    """
    wanted = None if keys is None else list(dict.fromkeys(key for key in keys if key))
    table = table_of(RECORDS[record])
    parts = _title_parts(record)
    rows: list[Any] = []
    for chunk in [None] if wanted is None else _chunked(wanted):
        query = select(table.c.key, *(table.c[each.key] for each in parts))
        rows += session.execute(query if chunk is None else query.where(table.c.key.in_(chunk))).all()
    told = [{each.key: getattr(row, each.key) for each in parts} for row in rows]
    titles = _titles(session, parts, told)
    return {(record, row.key): title for row, title in zip(rows, titles, strict=True)}


def title_with(session: Session, record: str, values: Values) -> str:
    """What a record with these values would be called, before it is stored."""
    parts = _title_parts(record)
    return _titles(session, parts, [{each.key: values.get(each.key) for each in parts}])[0]


def _titles(session: Session, parts: Sequence[Field], rows: Sequence[Values]) -> list[str]:
    titles: list[list[str]] = [[] for _row in rows]
    for each in parts:
        if each.spec.link:
            keys = {row[each.key] for row in rows}
            linked = titles_of(session, each.spec.link, keys)
            words = {key: linked.get((each.spec.link, key), "") for key in keys}
        elif each.spec.codes:
            words = _labels(session, each.spec.codes)
        else:
            words = {}
        for row, title in zip(rows, titles, strict=True):
            value = row[each.key]
            if value is not None:
                title.append(words.get(value, "" if each.spec.link else plain_text(value)))
    return [" ".join(word for word in title if word) for title in titles]


def link_titles(
    session: Session, fields: Iterable[Field], rows: Iterable[Mapping[str, object]]
) -> dict[tuple[str, str], str]:
    """The titles of everything that the given values point to."""
    wanted: dict[str, set[Key]] = {}
    told = [each for each in fields if each.spec.link]
    for row in rows:
        for each in told:
            value = row.get(each.key)
            if value:
                wanted.setdefault(each.spec.link, set()).add(Key(str(value)))
    titles: dict[tuple[str, str], str] = {}
    for record, keys in wanted.items():
        titles |= titles_of(session, record, keys)
    return titles


@kept_while_told
def _title_parts(record: str) -> tuple[Field, ...]:
    model = RECORDS[record]
    told = {each.key: each for each in fields_of(model) if not each.derived}
    return tuple(told[name] for name in model.__title__)


def _labels(session: Session, codes: str) -> dict[str, str]:
    rows = session.execute(select(CodeRow.code, CodeRow.label).where(CodeRow.list == codes))
    return {row.code: _(row.label) for row in rows}


def _chunked(keys: list[Key]) -> Iterable[list[Key]]:
    return (keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK))
