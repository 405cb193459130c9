"""What was done to a record, in sentences, and how it is taken back.

Undo is `write` of the reversed changes of a batch, logged as a batch of its own; redo is the undo of that.
Both live in the file, so they are still there after a restart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import INTERNAL, Book, Field, Key, Values, from_json, text_of
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.db.base import field_map
from stationdesk.db.models import RECORD_TITLES, RECORDS
from stationdesk.db.models.audit import AuditEntry, AuditValues, Batch
from stationdesk.services.book import link_titles, read_book
from stationdesk.services.codes import spared
from stationdesk.services.own_fields import spared_fields
from stationdesk.services.store import Store

_DEPTH = 200
"""How far back undo can reach one step at a time; older batches are undone from the history."""


_GIVEN = ("sheet_edition",)
"""What is kept when something leaves the station; it is taken back from the history only."""
_STEP = 500  # changes between two looks at Cancel


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a record. `batch` is empty for views, prints and exports."""

    at: datetime
    actor: str
    sentence: str
    batch: str


@dataclass(frozen=True, slots=True)
class Step:
    """What Ctrl+Z or its opposite would do now."""

    batch: Key
    why: str


def history_of(store: Store, record: str, key: Key) -> tuple[Entry, ...]:
    """Everything that happened to a record, the newest first, as sentences."""
    query = (
        select(AuditEntry, AuditValues.values, Batch.why)
        .outerjoin(AuditValues, AuditValues.seq == AuditEntry.seq)
        .outerjoin(Batch, Batch.key == AuditEntry.batch)
        .where(AuditEntry.record == record, AuditEntry.record_key == key)
        .order_by(AuditEntry.seq.desc())
    )
    with store.reading() as session:
        rows = session.execute(query).all()
        fields = field_map(RECORDS[record])
        told = [(row[0], _told(fields, row[1]), row[2]) for row in rows]
        values = [each for _entry, (before, after, _s), _why in told for each in (before, after) if each]
        titles = link_titles(session, fields.values(), values)
        book = read_book(session).with_titles(titles)
    return tuple(
        Entry(entry.at, entry.actor, _sentence(entry, parts, why, fields, book), entry.batch or "")
        for entry, parts, why in told
    )


def recent(store: Store, limit: int = 100) -> tuple[tuple[Key, Entry], ...]:
    """The latest batches, the newest first, for the list from which any of them can be taken back."""
    with store.reading() as session:
        rows = session.scalars(select(Batch).order_by(Batch.seq.desc()).limit(limit)).all()
    return tuple((row.key, Entry(row.at, row.actor, row.why, row.key)) for row in rows)


def can_undo(store: Store) -> Step | None:
    """What undo would take back: the last step of the present worker that still stands."""
    with store.reading() as session:
        undo_stack, _redo = _stacks(session, store.actor.name)
    return undo_stack[-1] if undo_stack else None


def can_redo(store: Store) -> Step | None:
    """What redo would do again."""
    with store.reading() as session:
        _undo, redo_stack = _stacks(session, store.actor.name)
    return redo_stack[-1] if redo_stack else None


def undo(store: Store, batch: Key | None = None, progress: Progress = SILENT) -> ChangeSet:
    """Take back a batch, the last one of the present worker without `batch`.

    What somebody changed since is kept and listed in the outcome; the rest is reversed.

    Raises:
        UserError: there is nothing to take back, or nothing of it can be.
        Cancelled: the worker pressed Cancel; nothing was written.
    """
    step = can_undo(store) if batch is None else _step(store, batch)
    if step is None:
        raise UserError("没有可以撤销的操作。")
    return _take_back(store, step, _("撤销：{what}").format(what=step.why), progress)


def redo(store: Store, batch: Key | None = None, progress: Progress = SILENT) -> ChangeSet:
    """Do again what was undone last, or by the batch of an undo.

    Raises:
        UserError: there is nothing to do again.
        Cancelled: the worker pressed Cancel; nothing was written.
    """
    step = can_redo(store) if batch is None else _step(store, batch)
    if step is None:
        raise UserError("没有可以重做的操作。")
    return _take_back(store, step, step.why if batch is None else _what(step.why), progress)


def _step(store: Store, batch: Key) -> Step:
    with store.reading() as session:
        found = session.get(Batch, batch)
        if found is None:
            raise UserError("没有找到这次操作的记录。")
        if session.scalar(select(func.count()).where(Batch.undoes == batch)):
            raise UserError("“{what}”已经撤销过了。", what=found.why)
        return Step(batch, found.why)


def _take_back(store: Store, step: Step, why: str, progress: Progress) -> ChangeSet:
    with store.writing(why) as work:
        changes = [
            change.reversed() for change in reversed(list(_changes(work.session, step.batch, progress)))
        ]
        if not changes:
            raise UserError("“{what}”的内容已被清除，不能撤销。", what=step.why)
        work.mark_undo_of(step.batch)
        work.write(spared(work.session, spared_fields(work.session, changes)), keep_stale=True)
        outcome = work.done()
        if not outcome:
            raise UserError("“{what}”没有撤销：内容后来又改过，或别的记录用到它。", what=step.why)
        return outcome


def _changes(session: Session, batch: Key, progress: Progress) -> Iterator[Change]:
    total = session.scalar(select(func.count()).where(AuditEntry.batch == batch)) or 1
    query = (
        select(AuditEntry.record, AuditEntry.record_key, AuditValues.values)
        .join(AuditValues, AuditValues.seq == AuditEntry.seq)
        .where(AuditEntry.batch == batch)
        .order_by(AuditEntry.seq)
    )
    for done, (record, key, text) in enumerate(session.execute(query)):
        if done % _STEP == 0:
            progress.step(done, 2 * total)  # then they are written, which cannot be divided
        before, after, _sentence_text = _told(field_map(RECORDS[record]), text)
        yield Change(record, Key(key), before, after)


def _told(fields: Any, text: str | None) -> tuple[Values | None, Values | None, str]:
    plain = json.loads(text) if text else {}
    # Of a record that is new or gone, what it left empty is not written (see `db.audit`).
    whole = (plain.get("before") is None) != (plain.get("after") is None)
    empty = {name: None for name, each in fields.items() if each.optional} if whole else {}
    before, after = (
        None
        if plain.get(side) is None
        else empty
        | {name: from_json(fields[name], value) for name, value in plain[side].items() if name in fields}
        for side in ("before", "after")
    )
    return before, after, plain.get("sentence", "")


def _sentence(entry: AuditEntry, parts: Any, why: str | None, fields: Any, book: Book) -> str:
    before, after, sentence = parts
    if sentence:
        return str(sentence)
    if before is None and after is None:
        return _("内容已清除")
    kind = _(RECORD_TITLES[entry.record])
    if before is None:
        words = _("新建{kind}").format(kind=kind)
    elif after is None:
        words = _("删除{kind}").format(kind=kind)
    else:
        words = "；".join(_difference(fields[name], before[name], after[name], book) for name in after)
    changed = before is not None and after is not None
    return words if why is None or changed else _("{what}（{why}）").format(what=words, why=why)


def _difference(field: Field, before: Any, after: Any, book: Book) -> str:
    if field.spec.places == INTERNAL:
        return _("{field}已改").format(field=_(field.label))
    old, new = (_(text_of(field, value, book)) or _("空") for value in (before, after))
    return _("{field}：{old} → {new}").format(field=_(field.label), old=old, new=new)


def _stacks(session: Session, actor: str) -> tuple[list[Step], list[Step]]:
    """Replays the latest batches of a worker as the two stacks that Ctrl+Z and Ctrl+Y walk."""
    # Paper that went out does not come back: who gave a map out and presses Ctrl+Z means what was typed before.
    given_out = select(AuditEntry.batch).where(AuditEntry.record.in_(_GIVEN), AuditEntry.batch.is_not(None))
    rows = session.execute(
        select(Batch.key, Batch.why, Batch.undoes)
        .where(Batch.actor == actor, Batch.key.not_in(given_out))
        .order_by(Batch.seq.desc())
        .limit(_DEPTH)
    ).all()
    undo_stack: list[Step] = []
    redo_stack: list[Step] = []
    for row in reversed(rows):
        if row.undoes is None:
            undo_stack.append(Step(row.key, row.why))
            redo_stack.clear()
            continue
        was_undo = any(step.batch == row.undoes for step in undo_stack)
        undo_stack = [step for step in undo_stack if step.batch != row.undoes]
        redo_stack = [step for step in redo_stack if step.batch != row.undoes]
        if was_undo:
            redo_stack.append(Step(row.key, _what(row.why)))
        else:
            undo_stack.append(Step(row.key, row.why))
    return undo_stack, redo_stack


def _what(why: str) -> str:
    # An undo is noted in the language of the window of its day.
    return re.split("：|: ", why, maxsplit=1)[-1]
