"""Writes what was decided: one transaction, numbers given in one go, progress told, all or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet
from stationdesk.core.errors import Stale, UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.progress import Progress
from stationdesk.db.base import blank
from stationdesk.db.models import RECORDS
from stationdesk.db.models.audit import Batch
from stationdesk.db.writing import Work
from stationdesk.services.importing.journal import counted, note_import
from stationdesk.services.importing.judging import NUMBERED, TO_BE_NUMBERED
from stationdesk.services.importing.verdicts import Decision, Decisions, DryRun, RowVerdict
from stationdesk.services.numbers import keep_number, next_numbers
from stationdesk.services.records import checked
from stationdesk.services.store import Store

_PIECE = 500  # changes between two looks at Cancel


def last_batch(session: Session) -> int:
    """The number of the last batch of changes: what a dry run was compared with."""
    return int(session.execute(select(func.coalesce(func.max(Batch.seq), 0))).scalar_one())


def written(store: Store, dry: DryRun, decisions: Decisions, progress: Progress) -> ChangeSet:
    """Write the rows that are taken; undone as one.

    Raises:
        Stale: the station was changed after the dry run.
        UserError: a row breaks a rule of its kind; nothing was written.
        Cancelled: the worker pressed Cancel; nothing was written.
    """
    new = [row for row in dry.rows if decisions.of(row) is Decision.AS_NEW and row.create]
    into = [row for row in dry.rows if decisions.of(row) is Decision.INTO_CANDIDATE and row.update]
    kind, file = _(dry.plan.kind.label), dry.plan.file.name
    why = _("导入{kind} {count} 条（{file}）").format(kind=kind, count=len(new) + len(into), file=file)
    progress.say(_("正在导入{kind}").format(kind=kind))
    with store.writing(why) as work:
        if last_batch(work.session) != dry.seen:
            raise Stale("检查之后资料又有改动，没有导入。请重新检查一遍再导入。")
        created = _numbered(work, [*_homes(dry, new), *(change for row in new for change in row.create)])
        edits = _once(_updates(work, into))
        # A record can point to another only after it, and edits may move heads of households.
        pieces = sorted(created, key=lambda change: _ORDER[change.record]) + edits
        for start in range(0, len(pieces), _PIECE):
            progress.step(start, len(pieces))
            work.write(map(_whole, pieces[start : start + _PIECE]))
        if pieces:
            note_import(work, dry, counted(dry, decisions))
        progress.step(len(pieces), max(1, len(pieces)))
        return work.done()


_ORDER = {name: position for position, name in enumerate(RECORDS)}


def _whole(change: Change) -> Change:
    """A new record with all its values: the verdicts hold only those that the file tells."""
    if change.before is not None or change.after is None:
        return change
    return Change(change.record, change.key, None, {**blank(RECORDS[change.record]), **change.after})


def _homes(dry: DryRun, rows: Iterable[RowVerdict]) -> list[Change]:
    """The households that somebody who is taken lives in."""
    used = dict.fromkeys(
        Key(change.values["household_key"])
        for row in rows
        for change in row.create
        if change.record == "person"
    )
    return [dry.homes[key] for key in used if key in dry.homes]


def _numbered(work: Work, changes: Sequence[Change]) -> list[Change]:
    """New records with their numbers, each series asked once."""
    waiting: dict[tuple[str, str], int] = defaultdict(int)
    for change in changes:
        if change.values.get("code") == TO_BE_NUMBERED:
            waiting[_series(change)] += 1
        elif change.record in NUMBERED and change.values.get("code"):
            keep_number(work, change.values["code"])
    numbers = {
        (record, sign): iter(next_numbers(work, record, count, sign))
        for (record, sign), count in waiting.items()
    }
    return [
        change.with_values({"code": next(numbers[_series(change)])})
        if change.values.get("code") == TO_BE_NUMBERED
        else change
        for change in changes
    ]


def _series(change: Change) -> tuple[str, str]:
    return change.record, change.values["map_class"].letter if change.record == "resource" else ""


def _updates(work: Work, rows: Iterable[RowVerdict]) -> Iterable[Change]:
    for row in rows:
        try:
            yield from checked(work, row.update)
        except UserError as error:
            raise UserError(
                "第 {row} 行“{title}”：{why}", row=row.number, title=row.title, why=error
            ) from error


def _once(changes: Iterable[Change]) -> list[Change]:
    """Edits of one record in one: several members may tell the same of their household.

    Raises:
        UserError: two rows tell different things of the same field.
    """
    merged: dict[tuple[str, Key], Change] = {}
    for change in changes:
        known = merged.get((change.record, change.key))
        if known is None:
            merged[change.record, change.key] = change
            continue
        differ = [name for name, value in change.values.items() if known.values.get(name, value) != value]
        if differ:
            raise UserError(
                "文件里有两行要把同一条记录改成不同的内容，没有导入。请先改好文件，或跳过其中一行。"
            )
        before = None if known.before is None else {**(change.before or {}), **known.before}
        merged[change.record, change.key] = Change(
            change.record, change.key, before, {**change.values, **known.values}
        )
    return list(merged.values())
