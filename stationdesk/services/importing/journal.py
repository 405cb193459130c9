"""The imports of a station: which file, how many rows came to what, who and when; each can be taken back later.

Every import leaves one entry in the audit beside its changes, in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.db import audit
from stationdesk.db.models.audit import AuditEntry, AuditValues, Batch
from stationdesk.db.writing import Work
from stationdesk.services import history
from stationdesk.services.importing.kinds import ImportKind
from stationdesk.services.importing.verdicts import Decision, Decisions, DryRun, Verdict
from stationdesk.services.store import Store

IMPORT = "import"
"""The action of the entry, and the kind it stands under."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import as it was carried out. `made`, `updated`, `same`, `skipped` and `refused` count rows."""

    batch: Key
    at: datetime
    actor: str
    file: str
    kind: ImportKind
    made: int
    updated: int
    same: int
    skipped: int
    refused: int
    stands: bool
    """Whether it was not taken back, or was done again after that."""
    last: Key
    """The batch that is to be taken back to change that: the import's own, its undo, the undo of that..."""


def counted(dry: DryRun, decisions: Decisions) -> dict[str, int]:
    """How many rows came to what."""
    done = [decisions.of(row) for row in dry.rows.outlines]
    made, updated = done.count(Decision.AS_NEW), done.count(Decision.INTO_CANDIDATE)
    same, refused = dry.count(Verdict.SAME), dry.count(Verdict.REFUSED)
    return {
        "made": made,
        "updated": updated,
        "same": same,
        "skipped": len(done) - made - updated - same - refused,
        "refused": refused,
    }


def note_import(work: Work, dry: DryRun, counts: Mapping[str, int]) -> None:
    """Enter an import, within its transaction and after its first changes."""
    told = {"file": dry.plan.file.name, "kind": dry.plan.kind.code, "sheet": dry.plan.table.sheet, **counts}
    entry = audit.Happening(IMPORT, IMPORT, work.batch, {"sentence": work.why, **told})
    audit.append(work.connection, [entry], at=work.now, actor=work.actor, batch=None)


def imports_of(store: Store, limit: int = 200) -> tuple[Import, ...]:
    """The imports, the newest first."""
    query = (
        select(AuditEntry.record_key, AuditEntry.at, AuditEntry.actor, AuditValues.values)
        .join(AuditValues, AuditValues.seq == AuditEntry.seq)
        .where(AuditEntry.record == IMPORT)
        .order_by(AuditEntry.seq.desc())
        .limit(limit)
    )
    with store.reading() as session:
        rows = session.execute(query).all()
        return tuple(_told(session, Key(row.record_key), row.at, row.actor, row.values) for row in rows)


def _told(session: Session, batch: Key, at: datetime, actor: str, text: str) -> Import:
    told = json.loads(text)
    last, turns = batch, 0
    while (next_ := session.scalar(select(Batch.key).where(Batch.undoes == last))) is not None:
        last, turns = next_, turns + 1
    counts = {name: int(told[name]) for name in ("made", "updated", "same", "skipped", "refused")}
    return Import(
        batch=batch,
        at=at,
        actor=actor,
        file=told["file"],
        kind=ImportKind.of(told["kind"]),
        stands=turns % 2 == 0,
        last=last,
        **counts,
    )


def last_import(store: Store) -> Import:
    """The last import that still stands.

    Raises:
        UserError: there is none.
    """
    for each in imports_of(store):
        if each.stands:
            return each
    raise UserError("没有可以撤销的导入。")


def undo_import(store: Store, batch: Key, progress: Progress = SILENT) -> ChangeSet:
    """Take a whole import back; what was changed since, or is in use, is kept and told in the outcome.

    Raises:
        UserError: it was taken back already, or nothing of it can be.
        Cancelled: the worker pressed Cancel; nothing was written.
    """
    found = _found(store, batch)
    if not found.stands:
        raise UserError("这次导入（{file}）已经撤销过了。", file=found.file)
    progress.say(_("正在撤销导入 {file}").format(file=found.file))
    return history.undo(store, found.last, progress)


def redo_import(store: Store, batch: Key, progress: Progress = SILENT) -> ChangeSet:
    """Do an import again that was taken back, as far as nothing stands against it.

    Raises:
        UserError: it stands, or nothing of it can be done again.
        Cancelled: the worker pressed Cancel; nothing was written.
    """
    found = _found(store, batch)
    if found.stands:
        raise UserError("这次导入（{file}）没有撤销，不用重做。", file=found.file)
    progress.say(_("正在重做导入 {file}").format(file=found.file))
    return history.redo(store, found.last, progress)


def _found(store: Store, batch: Key) -> Import:
    for each in imports_of(store, limit=10_000):
        if each.batch == batch:
            return each
    raise UserError("没有找到这次导入的记录。")
