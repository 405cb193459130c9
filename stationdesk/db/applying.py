"""Applies changes to the tables: each where its `before` still holds, those of a kind in one statement.

Either all of them or none; or, for an undo, as many as still hold, and what belongs together stays together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from stationdesk.core.changes import Change, Kept
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.db.base import field_map, table_of
from stationdesk.db.holding import in_doubt
from stationdesk.db.models import OWNERS, RECORDS
from stationdesk.db.refusals import refusal, refuse_missing, stale
from stationdesk.db.slots import untold_slots

_ORDER = {name: position for position, name in enumerate(RECORDS)}

_MANY = 100
_CHUNK = 400

_Name = tuple[str, Key]


def apply(connection: Connection, changes: Sequence[Change]) -> list[Change]:
    """Apply all changes: new records first (those pointed to before those that point), then edits, then removals.

    Raises:
        Stale, InUse, UserError: one of them cannot be; the caller rolls back.
    """
    new, edits, gone = _sorted(changes)
    for group in _alike(new):
        _run(connection, insert(_table(group[0])), _new_rows(group), group)
    for group in _alike(edits):
        _run(connection, _edit(group[0]), [_edit_values(each) for each in group], group)
    for group in _alike(gone):
        if len(group) > _MANY:
            _remove_many(connection, group)
        else:
            _run(connection, _removal(group[0]), [_before_values(each) for each in group], group)
    return [*new, *edits, *gone]


def apply_what_holds(connection: Connection, changes: Sequence[Change]) -> tuple[list[Change], list[Kept]]:
    """Apply what can be, in the same order, and say what was left alone.

    A part stays with its owner, and an edit that came with a new record stays as long as that record does: a
    match that goes on keeps its need in work.
    """
    if len(changes) > _MANY:
        # Mostly everything holds, and then one statement for all of a kind does it in a tenth of the time.
        doubtful = in_doubt(connection, changes)
        sure = apply(connection, [each for each in changes if (each.record, each.key) not in doubtful])
        more, left = _one_by_one(
            connection, [each for each in changes if (each.record, each.key) in doubtful]
        )
        return [*sure, *more], left
    return _one_by_one(connection, changes)


def _one_by_one(connection: Connection, changes: Sequence[Change]) -> tuple[list[Change], list[Kept]]:
    new, edits, gone = _sorted(changes)
    done: list[Change] = []
    kept: list[Kept] = []
    for change in new:
        _try(connection, [change], done, kept)
    edited: list[Change] = []
    for change in edits:
        _try(connection, [change], edited, kept)
    parts = _parts_in(gone)
    owned = {(each.record, each.key) for group in parts.values() for each in group}
    removed: list[Change] = []
    for change in gone:
        if (change.record, change.key) not in owned:
            _try(connection, [*parts.get((change.record, change.key), ()), change], removed, kept)
    held = {name for each in kept if each.change.after is None for name in _pointed_to(each.change)}
    for change in edited:
        if (change.record, change.key) in held:
            _one(connection, change.reversed())
            kept.append(Kept(change, _("与保留的记录同时改的，也保留")))
        else:
            done.append(change)
    return done + removed, kept


def _sorted(changes: Sequence[Change]) -> tuple[list[Change], list[Change], list[Change]]:
    new = [change for change in changes if change.before is None]
    gone = [change for change in changes if change.after is None]
    edits = [change for change in changes if change.before is not None and change.after is not None]
    new.sort(key=lambda change: _ORDER[change.record])
    gone.sort(key=lambda change: -_ORDER[change.record])
    for change in new:
        refuse_missing(change)
    return new, edits, gone


def _try(connection: Connection, together: Sequence[Change], done: list[Change], kept: list[Kept]) -> None:
    """Apply changes that go together, or leave all of them alone."""
    point = connection.begin_nested() if len(together) > 1 else None
    why = ""
    try:
        if not all(_one(connection, change) for change in together):
            why = _("之后又被改过，保留现在的内容")
    except IntegrityError:
        why = _hindrance(together[-1])
    if point is not None:
        point.rollback() if why else point.commit()
    if why:
        kept += [Kept(change, why) for change in together]
    else:
        done += together


def _hindrance(change: Change) -> str:
    """Why the database does not take a change that holds by itself."""
    if change.before is None:
        return _("编号已被占用，或所属的记录已删除，没有恢复")
    if change.after is None:
        return _("有别的记录用到它，保留")
    return _("原来的编号已被占用，或原来所属的记录已删除，保留现在的内容")


def _one(connection: Connection, change: Change) -> bool:
    if change.before is None:
        result = connection.execute(insert(_table(change)), [{"key": change.key, **change.values}])
    elif change.after is None:
        result = connection.execute(_removal(change), [_before_values(change)])
    else:
        result = connection.execute(_edit(change), [_edit_values(change)])
    return bool(result.rowcount == 1)


def _parts_in(gone: Iterable[Change]) -> Mapping[_Name, list[Change]]:
    """The removals of parts by the owner that goes as well."""
    names = {(change.record, change.key) for change in gone}
    parts: dict[_Name, list[Change]] = defaultdict(list)
    for change in gone:
        if change.record in OWNERS:
            owner, where = OWNERS[change.record]
            name = owner, change.key if where == "key" else Key((change.before or {})[where])
            if name in names:
                parts[name].append(change)
    return parts


def _pointed_to(change: Change) -> Iterator[_Name]:
    for each in field_map(RECORDS[change.record]).values():
        key = (change.before or {}).get(each.key)
        if each.spec.link and key:
            yield each.spec.link, key


def _alike(changes: Sequence[Change]) -> Iterable[list[Change]]:
    """Changes that one prepared statement serves, in the order in which each kind first appears."""
    groups: dict[tuple[str, tuple[str, ...]], list[Change]] = defaultdict(list)
    for change in changes:
        groups[
            (change.record, tuple(change.after if change.after is not None else change.before or ()))
        ].append(change)
    return groups.values()


def _remove_many(connection: Connection, group: list[Change]) -> None:
    """Remove many records of a kind: compared first, then removed by their keys.

    SQLite plans a statement with fifty compared columns anew for every row, which is most of the time.
    """
    table = _table(group[0])
    told = group[0].before or {}
    names = [*told, *untold_slots(table, told)]
    columns = [table.c[name] for name in names]
    for start in range(0, len(group), _CHUNK):
        chunk = group[start : start + _CHUNK]
        query = select(table.c.key, *columns).where(table.c.key.in_([each.key for each in chunk]))
        stored = {row[0]: tuple(row[1:]) for row in connection.execute(query)}
        for each in chunk:
            before = each.before or {}
            if stored.get(each.key) != tuple(before.get(name) for name in names):
                raise stale(connection, group)
    statement = delete(table).where(table.c.key == bindparam("this"))
    _run(connection, statement, [{"this": each.key} for each in group], group)


def _new_rows(group: Sequence[Change]) -> list[dict[str, Any]]:
    """The rows of new records of one kind, without the columns that all of them leave empty."""
    names = [name for name in group[0].values if any(each.values[name] is not None for each in group)]
    return [{"key": each.key} | {name: each.values[name] for name in names} for each in group]


def _run(connection: Connection, statement: Any, rows: list[dict[str, Any]], group: list[Change]) -> None:
    try:
        count = connection.execute(statement, rows).rowcount
    except IntegrityError as error:
        raise refusal(connection, error, group) from error
    if count not in (-1, len(rows)):
        raise stale(connection, group)


def _table(change: Change) -> Table:
    return table_of(RECORDS[change.record])


def _holds(table: Table, names: Iterable[str]) -> list[Any]:
    """The conditions that the values before still hold, None included."""
    return [
        table.c[name].is_not_distinct_from(bindparam(f"before_{name}", type_=table.c[name].type))
        for name in names
    ]


def _edit(change: Change) -> Any:
    table = _table(change)
    after = {name: bindparam(f"after_{name}", type_=table.c[name].type) for name in change.values}
    return (
        update(table)
        .where(table.c.key == bindparam("this"), *_holds(table, change.before or ()))
        .values(after)
    )


def _removal(change: Change) -> Any:
    table = _table(change)
    # They must be empty: what stands there since must not be lost unseen.
    untold = [table.c[name].is_(None) for name in untold_slots(table, change.before or ())]
    return delete(table).where(table.c.key == bindparam("this"), *_holds(table, change.before or ()), *untold)


def _before_values(change: Change) -> dict[str, Any]:
    return {"this": change.key, **{f"before_{name}": value for name, value in (change.before or {}).items()}}


def _edit_values(change: Change) -> dict[str, Any]:
    return {**_before_values(change), **{f"after_{name}": value for name, value in change.values.items()}}
