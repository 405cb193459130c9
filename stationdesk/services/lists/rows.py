"""The rows of a list that goes out: read in parts by key, restricted people never among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Field, Key, Value
from stationdesk.db.models import Match, Need
from stationdesk.services.book import link_titles
from stationdesk.services.ledgers.clients import Subject, clients_of, is_minor, minor_people
from stationdesk.services.ledgers.reading import PaperBook
from stationdesk.services.listing import Row, read_keys, read_rows
from stationdesk.services.lists.choosing import ListOut
from stationdesk.services.withheld import SECRET_PLACE, allowed_keys
from stationdesk.sheets.columns import Column, Line, cells_of

PART = 500
"""Records read at a time."""
_KEPT_SECRET = "（保密）"  # noqa: S105 - what stands in place of an address


def keys_out(session: Session, wanted: ListOut, today: date) -> tuple[tuple[Key, ...], int]:
    """The keys of the rows that may be listed, in order, and how many may not."""
    keys = read_keys(session, wanted.query, today)
    if wanted.keys is not None:
        chosen = frozenset(wanted.keys)
        keys = tuple(key for key in keys if key in chosen)
    allowed = allowed_keys(session, wanted.record, keys)
    return allowed, len(keys) - len(allowed)


def cells_out(
    session: Session,
    wanted: ListOut,
    keys: Sequence[Key],
    columns: Sequence[Column],
    book: PaperBook,
    today: date,
) -> Iterator[tuple[Value, ...]]:
    """The rows as they stand in the file, one after the other."""
    told = [column.field for column in columns if column.field is not None]
    for start in range(0, len(keys), PART):
        rows = read_rows(session, wanted.record, keys[start : start + PART], today)
        titles = link_titles(session, told, [row.values for row in rows])
        words = PaperBook(book.labels, {**book.titles, **titles})
        lines = _lines(session, wanted.record, rows, told, today)
        yield from cells_of(columns, lines, words, masked=wanted.audience.is_masked)


def _lines(
    session: Session, record: str, rows: Sequence[Row], told: Sequence[Field], today: date
) -> Iterator[Line]:
    minors = _minors(session, record, rows, today)
    for row in rows:
        values = {each.name: row.values.get(each.key) for each in told}
        if row.values.get("confidential"):
            values.update(_secret(record))
        yield Line(values, row.key in minors)


def _secret(record: str) -> dict[str, Value]:
    """What takes the place of an address that must not be told, and of where it is."""
    hidden: dict[str, Value] = {f"{record}.{key}": None for key in SECRET_PLACE}
    return {**hidden, f"{record}.address": _KEPT_SECRET}


def _minors(session: Session, record: str, rows: Sequence[Row], today: date) -> frozenset[Key]:
    """The rows that are about a minor, or that name one as the head of the household."""
    if record == "person":
        listed = minor_people(session, [row.key for row in rows], today)
        return frozenset(
            row.key
            for row in rows
            if is_minor(row.values["birth_date"], row.values["age_told"], today, listed=row.key in listed)
        )
    subjects = _SUBJECTS.get(record)
    if subjects is None:
        return frozenset()
    found = subjects(session, rows)
    clients = clients_of(session, [subject for _key, subject in found], today)
    return frozenset(key for (key, _subject), client in zip(found, clients, strict=True) if client.minor)


_Subjects = list[tuple[Key, Subject]]


def _of_households(_session: Session, rows: Sequence[Row]) -> _Subjects:
    return [(row.key, Subject(None, row.key)) for row in rows]


def _of_needs(_session: Session, rows: Sequence[Row]) -> _Subjects:
    return [
        (row.key, Subject(row.values["person_key"], row.values["household_key"], row.values["village_key"]))
        for row in rows
    ]


def _of_matches(session: Session, rows: Sequence[Row]) -> _Subjects:
    query = (
        select(Match.key, Need.person_key, Need.household_key, Need.village_key)
        .join(Need, Need.key == Match.need_key)
        .where(Match.key.in_([row.key for row in rows]))
    )
    return [
        (each.key, Subject(each.person_key, each.household_key, each.village_key))
        for each in session.execute(query)
    ]


def _of_visits(_session: Session, rows: Sequence[Row]) -> _Subjects:
    found: _Subjects = []
    for row in rows:
        home = row.values["household_key"]
        found += [(row.key, Subject(row.values["person_key"], home)), (row.key, Subject(None, home))]
    return found


_SUBJECTS: Mapping[str, Callable[[Session, Sequence[Row]], _Subjects]] = MappingProxyType(
    {"household": _of_households, "need": _of_needs, "match": _of_matches, "visit": _of_visits}
)

__all__ = ["PART", "cells_out", "keys_out"]
