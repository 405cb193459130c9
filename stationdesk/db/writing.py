"""The one door: every change of the station's file goes through `Work.write`.

It applies a change only where its `before` still holds, logs it in the same transaction, and lets the
search index follow. Undo is the same door with the reversed changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, Kept, LongChanges, new_key
from stationdesk.core.entry import entered
from stationdesk.core.fields import Key
from stationdesk.core.text import clean_line
from stationdesk.db import audit
from stationdesk.db.applying import apply, apply_what_holds
from stationdesk.db.models.audit import Batch, NumberSeries
from stationdesk.db.own import RECORD, read_own, records_to_index
from stationdesk.db.refusals import fields_for
from stationdesk.db.search import follow, reindex
from stationdesk.db.telling import OwnFields, tell_here

_FEW = 2_000
"""More changes than this are handed over packed: those of an import would take 100 MB as they are."""


class Work:
    """One transaction of one use case, made by `Store.writing`: read by `session`, write by `write`."""

    def __init__(self, session: Session, *, why: str, actor: str, now: datetime, today: date) -> None:
        self.session = session
        self.why = clean_line(why)
        self.actor = actor
        self.now = now
        self.today = today
        self.batch = new_key()
        self._changes = LongChanges()
        self._kept: list[Kept] = []
        self._undoes: Key | None = None
        self.own: OwnFields | None = None
        """The station's own fields as this work leaves them, where it changed any."""

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
        if keep_stale:
            done, kept = apply_what_holds(self.connection, fresh)
            self._kept += kept
        else:
            done = apply(self.connection, fresh)
        if not done:
            return
        if not self._changes:
            self._begin_batch()
        audit.append(
            self.connection, map(audit.happening, done), at=self.now, actor=self.actor, batch=self.batch
        )
        if any(change.record == RECORD for change in done):
            self.own = read_own(self.connection)
            tell_here(self.own)
        follow(self.connection, done)
        for record, keys in records_to_index(self.connection, done).items():
            reindex(self.connection, record, keys)
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
        few = len(self._changes) <= _FEW
        return ChangeSet(
            self.batch, self.why, tuple(self._changes) if few else self._changes, tuple(self._kept)
        )

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
    fields = fields_for(change)
    after = {
        name: None if value is None else entered(fields[name], value) for name, value in change.after.items()
    }
    return Change(change.record, change.key, change.before, after)
