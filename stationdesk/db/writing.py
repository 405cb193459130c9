"""The one door: every change of the station's file goes through `Work.write`.

It applies a change only where its `before` still holds, logs it in the same transaction, and lets the
search index follow. Undo is the same door with the reversed changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, Kept, new_key
from stationdesk.core.entry import entered
from stationdesk.core.errors import InUse, Stale, UserError
from stationdesk.core.fields import Key, plain_text
from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.db import audit
from stationdesk.db.base import Record, field_map, own_names, table_of
from stationdesk.db.models import RECORD_TITLES, RECORDS
from stationdesk.db.models.audit import Batch, NumberSeries
from stationdesk.db.search import follow

_ORDER = {name: position for position, name in enumerate(RECORDS)}


class Work:
    """One transaction of one use case, made by `Store.writing`: read by `session`, write by `write`."""

    def __init__(self, session: Session, *, why: str, actor: str, now: datetime, today: date) -> None:
        self.session = session
        self.why = clean_line(why)
        self.actor = actor
        self.now = now
        self.today = today
        self.batch = new_key()
        self._changes: list[Change] = []
        self._kept: list[Kept] = []
        self._undoes: Key | None = None

    @property
    def connection(self) -> Connection:
        """The connection of the transaction."""
        return self.session.connection()

    def write(self, changes: Iterable[Change], *, keep_stale: bool = False) -> None:
        """Apply changes, log them, and let the search index follow.

        Values are cleaned on the way in. With `keep_stale`, a change whose `before` no longer holds, or
        whose record is pointed to, is left alone and listed in the outcome instead of refusing them all.

        Raises:
            Stale: a field was changed elsewhere since it was read.
            InUse: a record that is to go is pointed to.
            UserError: a value that must be there is missing, or one that must be unique is taken.
        """
        fresh = [_entered(change) for change in changes]
        done = _apply(self.connection, fresh, None if not keep_stale else self._kept)
        if not done:
            return
        if not self._changes:
            self._begin_batch()
        audit.append(
            self.connection, map(audit.happening, done), at=self.now, actor=self.actor, batch=self.batch
        )
        follow(self.connection, done)
        self.session.expire_all()
        self._changes.extend(done)

    def note(self, action: str, record: str, keys: Sequence[str], sentence: str) -> None:
        """Log a view, a print or an export: written before the thing is shown."""
        audit.append(
            self.connection,
            [audit.Happening(action, record, key, {"sentence": sentence}) for key in keys or ("",)],
            at=self.now,
            actor=self.actor,
            batch=None,
        )

    def take_number(self, series: str) -> int:
        """The next number of a series; never given twice, also when the record is undone."""
        row = upsert(NumberSeries).values(series=series, last=1)
        statement = row.on_conflict_do_update(
            index_elements=[NumberSeries.series], set_={"last": NumberSeries.last + 1}
        ).returning(NumberSeries.last)
        return int(self.connection.execute(statement).scalar_one())

    def keep_number(self, series: str, number: int) -> None:
        """A number that came from elsewhere (an import): the series goes on behind it."""
        row = upsert(NumberSeries).values(series=series, last=number)
        self.connection.execute(
            row.on_conflict_do_update(
                index_elements=[NumberSeries.series], set_={"last": func.max(NumberSeries.last, number)}
            )
        )

    def mark_undo_of(self, batch: Key) -> None:
        """Say that this work takes back `batch`, so that it is not taken back twice."""
        self._undoes = batch

    def done(self) -> ChangeSet:
        """What was done, for the caller to pass on."""
        return ChangeSet(self.batch, self.why, tuple(self._changes), tuple(self._kept))

    def _begin_batch(self) -> None:
        seq = self.connection.execute(select(func.coalesce(func.max(Batch.seq), 0))).scalar_one() + 1
        self.connection.execute(
            insert(Batch),
            {
                "key": self.batch,
                "seq": seq,
                "at": self.now,
                "actor": self.actor,
                "why": self.why,
                "undoes": self._undoes,
            },
        )


def _entered(change: Change) -> Change:
    if change.after is None:
        return change
    fields = field_map(RECORDS[change.record])
    return change.with_values({name: entered(fields[name], value) for name, value in change.after.items()})


def _apply(connection: Connection, changes: Sequence[Change], kept: list[Kept] | None) -> list[Change]:
    """Apply new records first (those pointed to before those that point), then edits, then removals."""
    new = [change for change in changes if change.before is None]
    gone = [change for change in changes if change.after is None]
    edits = [change for change in changes if change.before is not None and change.after is not None]
    new.sort(key=lambda change: _ORDER[change.record])
    gone.sort(key=lambda change: -_ORDER[change.record])
    done: list[Change] = []
    for change in new:
        _refuse_missing(change)
    for group in _alike(new):
        rows = [{"key": change.key, **change.values} for change in group]
        done += _run(connection, insert(_table(group[0])), rows, group, kept)
    for group in _alike(edits):
        done += _run(connection, _edit(group[0]), [_edit_values(each) for each in group], group, kept)
    for group in _alike(gone):
        done += _run(connection, _removal(group[0]), [_before_values(each) for each in group], group, kept)
    return done


def _alike(changes: Sequence[Change]) -> Iterable[list[Change]]:
    """Changes that one prepared statement serves, in the order in which each kind first appears."""
    groups: dict[tuple[str, tuple[str, ...]], list[Change]] = defaultdict(list)
    for change in changes:
        groups[
            (change.record, tuple(change.after if change.after is not None else change.before or ()))
        ].append(change)
    return groups.values()


def _run(
    connection: Connection,
    statement: Any,
    rows: list[dict[str, Any]],
    group: list[Change],
    kept: list[Kept] | None,
) -> list[Change]:
    if kept is None:
        try:
            count = connection.execute(statement, rows).rowcount
        except IntegrityError as error:
            raise _refusal(connection, error, group) from error
        if count not in (-1, len(rows)):
            raise _stale(connection, group)
        return group
    done = []
    for change, row in zip(group, rows, strict=True):
        try:
            if connection.execute(statement, [row]).rowcount == 1:
                done.append(change)
            else:
                kept.append(Kept(change, _("之后又被改过，保留现在的内容")))
        except IntegrityError:
            kept.append(Kept(change, _("有别的记录用到它，保留")))
    return done


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
    return delete(table).where(table.c.key == bindparam("this"), *_holds(table, change.before or ()))


def _before_values(change: Change) -> dict[str, Any]:
    return {"this": change.key, **{f"before_{name}": value for name, value in (change.before or {}).items()}}


def _edit_values(change: Change) -> dict[str, Any]:
    return {**_before_values(change), **{f"after_{name}": value for name, value in change.values.items()}}


def _refuse_missing(change: Change) -> None:
    missing = [
        field.label
        for field in field_map(RECORDS[change.record]).values()
        if not field.optional and change.values.get(field.key) in (None, "")
    ]
    if missing:
        raise UserError(
            "{kind}没有保存：还没有填“{fields}”。请补上再保存。",
            kind=_(RECORD_TITLES[change.record]),
            fields="”“".join(_(label) for label in missing),
        )


def _refusal(connection: Connection, error: IntegrityError, group: list[Change]) -> Exception:
    text = str(error.orig)
    kind = _(RECORD_TITLES[group[0].record])
    if "FOREIGN KEY" in text:
        if group[0].after is None:
            return InUse(
                "{kind}“{title}”还有别的记录用到，没有删除。请先改掉那些记录。",
                kind=kind,
                title=_name(connection, group[0]),
            )
        return Stale("{kind}没有保存：它指向的记录刚被删除。请重新选择。", kind=kind)
    if "UNIQUE" in text:
        fields = field_map(RECORDS[group[0].record])
        names = [part.rsplit(".", 1)[-1] for part in text.rsplit(":", 1)[-1].split(",")]
        told = next((fields[name.strip()] for name in names if name.strip() in fields), None)
        if told is not None:
            taken = next(
                (
                    c.values[told.key]
                    for c in group
                    if told.key in c.values and _is_taken(connection, c, told.key)
                ),
                "",
            )
            return UserError(
                "{kind}没有保存：{field}“{value}”已经有了。请换一个，或打开已有的那条。",
                kind=kind,
                field=_(told.label),
                value=plain_text(taken),
            )
    if "NOT NULL" in text:
        fields = field_map(RECORDS[group[0].record])
        name = text.rsplit(".", 1)[-1].strip()
        if name in fields:
            return UserError("{kind}没有保存：“{fields}”不能为空。", kind=kind, fields=_(fields[name].label))
    return error


def _is_taken(connection: Connection, change: Change, name: str) -> bool:
    table = _table(change)
    query = select(func.count()).where(table.c[name] == change.values[name], table.c.key != change.key)
    return bool(connection.execute(query).scalar_one())


def _stale(connection: Connection, group: list[Change]) -> Stale:
    for change in group:
        names = list(change.before or ())
        table = _table(change)
        row = connection.execute(
            select(*(table.c[name] for name in names)).where(table.c.key == change.key)
        ).first()
        kind = _(RECORD_TITLES[change.record])
        if row is None:
            return Stale("{kind}没有保存：这条记录刚被删除。", kind=kind)
        fields = field_map(RECORDS[change.record])
        # A row of the group that was written holds its values after; one that was not holds neither.
        differ = [
            _(fields[name].label)
            for name, now in zip(names, row, strict=True)
            if now != (change.before or {})[name] and (change.after is None or now != change.after[name])
        ]
        if differ:
            return Stale(
                "{kind}“{title}”没有保存：“{fields}”刚被别处改过，没有覆盖。请看过新内容再改。",
                kind=kind,
                title=_name(connection, change),
                fields="”“".join(differ),
            )
    return Stale("没有保存：内容刚被别处改过，没有覆盖。请刷新后再试。")


def _name(connection: Connection, change: Change) -> str:
    model: type[Record] = RECORDS[change.record]
    table = _table(change)
    names = own_names(model)
    row = (
        connection.execute(
            select(*(table.c[name] for name in names)).where(table.c.key == change.key)
        ).first()
        if names
        else None
    )
    return " ".join(plain_text(value) for value in row if value) if row else ""
