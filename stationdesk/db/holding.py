"""Which of many changes may not hold any more: told by reading, so that all the others are written at once.

A savepoint around a long batch would do the same, but makes every further statement in it slower than the last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, UniqueConstraint, select

from stationdesk.core.changes import Change
from stationdesk.core.fields import Key
from stationdesk.db.base import field_map, table_of
from stationdesk.db.models import OWNERS, RECORDS
from stationdesk.db.slots import untold_slots

Name = tuple[str, Key]
"""The kind and the key of a record."""

_CHUNK = 400


def in_doubt(connection: Connection, changes: Sequence[Change]) -> set[Name]:
    """The records whose changes may not hold, and those that stay or go together with them.

    A change that is not among them can be applied: its `before` holds, nothing outside points to what goes, what is
    new is not there, and what is new or edited neither takes what another has nor names anything that is missing.
    """
    by_record: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_record[change.record].append(change)
    doubtful: set[Name] = set()
    for record, group in by_record.items():
        doubtful |= set(_changed(connection, record, [each for each in group if each.before is not None]))
        doubtful |= set(_hindered(connection, record, [each for each in group if each.after is not None]))
    doubtful |= set(_needed(connection, by_record))
    return _together(changes, doubtful)


def _changed(connection: Connection, record: str, group: Sequence[Change]) -> Iterator[Name]:
    """Records that are gone, or no longer hold what they held before the change."""
    table = table_of(RECORDS[record])
    names = list(dict.fromkeys(name for each in group for name in _told_before(table, each)))
    for chunk in _chunks(group):
        query = select(table.c.key, *(table.c[name] for name in names)).where(
            table.c.key.in_([each.key for each in chunk])
        )
        stored = {row["key"]: row for row in connection.execute(query).mappings()}
        for each in chunk:
            row = stored.get(each.key)
            if row is None or any(row[name] != value for name, value in _told_before(table, each).items()):
                yield record, each.key


def _told_before(table: Table, change: Change) -> Mapping[str, Any]:
    """What must hold of a record: what goes holds nothing that the change does not know of."""
    before = change.before or {}
    return before if change.after is not None else {**dict.fromkeys(untold_slots(table, before)), **before}


def _hindered(connection: Connection, record: str, group: Sequence[Change]) -> Iterator[Name]:
    """New records that are there already; new and edited ones that take something that is given once."""
    table = table_of(RECORDS[record])
    if any(isinstance(each, UniqueConstraint) and len(each.columns) > 1 for each in table.constraints):
        yield from ((record, each.key) for each in group)
        return
    for chunk in _chunks(group):
        new = [each.key for each in chunk if each.before is None]
        there = connection.execute(select(table.c.key).where(table.c.key.in_(new)))
        yield from ((record, key) for key in there.scalars())
        for column in (each for each in table.columns if each.unique):
            mine = {value: each.key for each in chunk if (value := each.values.get(column.name)) is not None}
            taken = connection.execute(select(column).where(column.in_(list(mine))))
            yield from ((record, mine[value]) for value in taken.scalars())


def _needed(connection: Connection, by_record: Mapping[str, Sequence[Change]]) -> Iterator[Name]:
    """Records that are to go while something that stays points to them; others that will point to what is missing."""
    gone = {record: {each.key for each in group if each.after is None} for record, group in by_record.items()}
    new = {record: {each.key for each in group if each.before is None} for record, group in by_record.items()}
    for record, table, column, target in _links():
        for chunk in _chunks(sorted(gone.get(target, ()))):
            query = select(table.c.key, table.c[column]).where(table.c[column].in_(chunk))
            staying = gone.get(record, set())
            yield from ((target, row[1]) for row in connection.execute(query) if row[0] not in staying)
        if column == "key":
            continue
        naming: dict[Key, list[Name]] = defaultdict(list)
        for each in by_record.get(record, ()):
            if each.after is not None and each.after.get(column):
                naming[each.after[column]].append((record, each.key))
        there = table_of(RECORDS[target])
        for chunk in _chunks(sorted(naming.keys() - new.get(target, set()))):
            found = connection.execute(select(there.c.key).where(there.c.key.in_(chunk))).scalars()
            for missing in set(chunk).difference(found):
                yield from naming[missing]


def _links() -> Iterator[tuple[str, Table, str, str]]:
    """Every column that points to a record: of which kind, in which table, which column, to which kind."""
    for record, model in RECORDS.items():
        table = table_of(model)
        for told in field_map(model).values():
            if told.spec.link:
                yield record, table, told.key, told.spec.link
        if record in OWNERS and OWNERS[record][1] == "key":
            yield record, table, "key", OWNERS[record][0]


def _together(changes: Sequence[Change], doubtful: set[Name]) -> set[Name]:
    """What is in doubt, with what it points to, its owner and its parts: those stay or go as one."""
    neighbours: dict[Name, set[Name]] = defaultdict(set)
    for change in changes:
        name = change.record, change.key
        for other in _pointed_to(change, change.before if change.before is not None else change.after):
            neighbours[name].add(other)
            if change.record in OWNERS:
                neighbours[other].add(name)
        for other in _pointed_to(change, change.after):
            neighbours[other].add(name)  # nothing can name what does not come
    waiting = list(doubtful)
    while waiting:
        for other in neighbours[waiting.pop()]:
            if other not in doubtful:
                doubtful.add(other)
                waiting.append(other)
    return doubtful


def _pointed_to(change: Change, values: Mapping[str, Any] | None) -> Iterator[Name]:
    for told in field_map(RECORDS[change.record]).values():
        key = (values or {}).get(told.key)
        if told.spec.link and key:
            yield told.spec.link, Key(key)
    if change.record in OWNERS and OWNERS[change.record][1] == "key":
        yield OWNERS[change.record][0], change.key


def _chunks(things: Iterable[Any]) -> Iterator[list[Any]]:
    rest = list(things)
    return (rest[start : start + _CHUNK] for start in range(0, len(rest), _CHUNK))
