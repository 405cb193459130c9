"""Writes what was decided: one transaction, numbers given in one go, progress told, all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet
from stationdesk.core.errors import Stale, UserError
from stationdesk.core.fields import Key
from stationdesk.core.indexed import PackedIndex, PackedTexts
from stationdesk.core.messages import _
from stationdesk.core.progress import Progress
from stationdesk.db.base import blank
from stationdesk.db.models import OWNERS, RECORDS
from stationdesk.db.models.audit import Batch
from stationdesk.db.writing import Work
from stationdesk.services.importing.journal import counted, note_import
from stationdesk.services.importing.judging import NUMBERED, TO_BE_NUMBERED
from stationdesk.services.importing.verdicts import Decision, Decisions, DryRun, Outline, Picked, RowVerdict
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
    new = _taken(dry, lambda row: row.can_create and decisions.of(row) is Decision.AS_NEW)
    into = _taken(dry, lambda row: row.can_update and decisions.of(row) is Decision.INTO_CANDIDATE)
    kind, file = _(dry.plan.kind.label), dry.plan.file.name
    why = _("导入{kind} {count} 条（{file}）").format(kind=kind, count=len(new) + len(into), file=file)
    progress.say(_("正在导入{kind}").format(kind=kind))
    with store.writing(why) as work:
        if last_batch(work.session) != dry.seen:
            raise Stale("检查之后资料又有改动，没有导入。请重新检查一遍再导入。")
        fresh = _Fresh(dry, new)
        fresh.number(work)
        edits = _once(_updates(work, into))
        done, total = 0, sum(fresh.counts.values()) + len(edits)
        # Edits may move heads of households, so they come last.
        coming = chain(fresh.changes(), edits)
        while piece := list(islice(coming, _PIECE)):
            progress.step(done, total)
            work.write(map(_whole, piece))
            done += len(piece)
        if total:
            note_import(work, dry, counted(dry, decisions))
        progress.step(total, max(1, total))
        return work.done()


def _taken(dry: DryRun, wanted: Callable[[Outline], bool]) -> Picked:
    return Picked(dry.rows, (at for at, row in enumerate(dry.rows.outlines) if wanted(row)))


_ORDER = {name: position for position, name in enumerate(RECORDS)}


def _whole(change: Change) -> Change:
    """A new record with all its values: the verdicts hold only those that the file tells."""
    if change.before is not None or change.after is None:
        return change
    return Change(change.record, change.key, None, {**blank(RECORDS[change.record]), **change.after})


class _Fresh:
    """The new records of the rows that are taken, unpacked again for every pass and never held together."""

    def __init__(self, dry: DryRun, rows: Picked) -> None:
        self._dry = dry
        self._rows = rows
        self._homes = PackedTexts()
        self._numbers: dict[tuple[str, str], Iterator[str]] = {}
        self.counts: Counter[str] = Counter()
        """How many there are of each kind of record."""

    def number(self, work: Work) -> None:
        """Look through them once and ask for the numbers they need, each series once."""
        waiting: Counter[tuple[str, str]] = Counter()
        given: list[str] = []
        lived_in = PackedIndex()
        for change in chain.from_iterable(row.create for row in self._rows):
            if change.record == "person" and (home := change.values["household_key"]) not in lived_in:
                lived_in.add(home, 0)
            self._look_at(change, waiting, given)
        # The households that somebody who is taken lives in.
        for home in lived_in.texts:
            if home in self._dry.homes:
                self._homes.append(home)
                self._look_at(self._dry.homes[Key(home)], waiting, given)
        for code in given:
            keep_number(work, code)
        self._numbers = {
            (record, sign): iter(next_numbers(work, record, count, sign))
            for (record, sign), count in waiting.items()
        }

    def _look_at(self, change: Change, waiting: Counter[tuple[str, str]], given: list[str]) -> None:
        self.counts[change.record] += 1
        code = change.values.get("code")
        if code == TO_BE_NUMBERED:
            waiting[_series(change)] += 1
        elif code and change.record in NUMBERED:
            given.append(code)

    def changes(self) -> Iterator[Change]:
        """All of them with their numbers; a record can point to another only after it, so kind by kind.

        A part comes with its owner: both stand in one row.
        """
        kinds = {each: OWNERS[each][0] if each in OWNERS else each for each in self.counts}
        for kind in sorted(set(kinds.values()), key=_ORDER.__getitem__):
            planned = (self._dry.homes[Key(key)] for key in self._homes)
            mine = chain.from_iterable(row.create for row in self._rows)
            for change in planned if kind == _HOME else mine:
                if kinds[change.record] != kind:
                    continue
                if change.values.get("code") == TO_BE_NUMBERED:
                    yield change.with_values({"code": next(self._numbers[_series(change)])})
                else:
                    yield change


_HOME = "household"
"""What no row makes by itself: several of its people do."""


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
