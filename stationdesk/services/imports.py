"""Bringing lists in: read a file, propose what its columns hold, try it without writing, write what is decided.

    plan = read_plan(store, file, ImportKind.RESOURCES)
    dry = dry_run(store, plan.mapped(...), datum=Datum.GCJ02)
    run(store, dry, Decisions(rows={12: Decision.SKIP}))

The same record is recognised by ID number; by its number; by name and address, or name and a place within
100 m; a need by person, item and day. What is there already and the same is skipped, so that a second
import of a file brings nothing; what may be the same is listed and waits for a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import Datum
from stationdesk.db.writing import Work
from stationdesk.services.book import read_book
from stationdesk.services.importing import (
    categories,
    matches,
    needs,
    organisations,
    people,
    resources,
    villages,
    visits,
)
from stationdesk.services.importing.journal import (
    Import,
    imports_of,
    last_import,
    redo_import,
    undo_import,
)
from stationdesk.services.importing.judging import Judging
from stationdesk.services.importing.kinds import ImportKind
from stationdesk.services.importing.lines import Line, Reader
from stationdesk.services.importing.lists import Links, StationCodes
from stationdesk.services.importing.marking import copy_name, write_copy
from stationdesk.services.importing.memory import Remembered, forget, remember
from stationdesk.services.importing.plans import ENDINGS, SURELY, Plan, plan_for, read_plan
from stationdesk.services.importing.undoing import TakenBack, taken_back
from stationdesk.services.importing.verdicts import (
    Candidate,
    Decision,
    Decisions,
    DryRun,
    FieldChange,
    RowVerdict,
    Verdict,
    Verdicts,
)
from stationdesk.services.importing.writing import last_batch, written
from stationdesk.services.sketch import is_sketch
from stationdesk.services.store import Store

T = TypeVar("T")

_JUDGES: MappingProxyType[ImportKind, Callable[[Judging, Iterator[Line]], Iterator[RowVerdict]]] = (
    MappingProxyType(
        {
            ImportKind.RESOURCES: resources.judged,
            ImportKind.PEOPLE: people.judged,
            ImportKind.NEEDS: needs.judged,
            ImportKind.VISITS: visits.judged,
            ImportKind.CATEGORIES: categories.judged,
            ImportKind.ORGANISATIONS: organisations.judged,
            ImportKind.VILLAGES: villages.judged,
            ImportKind.MATCHES: matches.judged,
        }
    )
)
AS_PROPOSED = Decisions()
"""New rows come in, everything else stays out."""

_STEP = 200  # rows between two looks at Cancel


def dry_run(store: Store, plan: Plan, datum: Datum | None = None, progress: Progress = SILENT) -> DryRun:
    """A verdict on every row of the plan; nothing is written.

    Raises:
        UserError: a column that has to be there is not mapped, or coordinates are and no datum was told.
        Cancelled: the worker pressed Cancel.
    """
    if plan.missing:
        wanted = "”“".join(_(field.label) for field in plan.missing[0])
        raise UserError("还没有指定哪一列是“{field}”。请先指定。", field=wanted)
    if plan.asks_datum and datum is None:
        raise UserError(
            "文件里有坐标，要先说明是哪种坐标系：高德、腾讯是 GCJ-02，百度是 BD-09，GPS、天地图是 WGS-84。"
            "选错会偏几百米。"
        )
    progress.say(_("正在检查 {file}").format(file=plan.file.name))
    with store.reading() as session:
        if plan.asks_datum and is_sketch(session):
            raise UserError(
                "这张图是示意图，没有真实坐标，文件里的坐标放不进来。请把“纬度”“经度”两列改成“不导入”再检查；"
                "位置以后在图上点。"
            )
        work = Work(session, why="", actor=store.actor.name, now=store.clock.now(), today=store.clock.today())
        codes, links = StationCodes(session), Links(session)
        judging = Judging(plan, work, codes, links, read_book(session), Reader(plan, datum, codes, links))
        seen = last_batch(session)
        steps = _Steps(progress, 2 * len(plan.table.rows))  # each row is read, then judged
        lines = (judging.reader.read(row) for row in steps.counted(plan.table.rows))
        rows = Verdicts(steps.counted(_JUDGES[plan.kind](judging, lines)))
        return DryRun(plan, datum, rows, seen, judging.homes)


@dataclass(slots=True)
class _Steps:
    """Tells how far reading and judging have come together; some judges read all rows first, some a few."""

    progress: Progress
    total: int
    done: int = 0

    def counted(self, items: Iterable[T]) -> Iterator[T]:
        """The same items, each one step."""
        for item in items:
            if self.done % _STEP == 0:
                self.progress.step(self.done, self.total)
            self.done += 1
            yield item


def run(
    store: Store,
    dry: DryRun,
    decisions: Decisions = AS_PROPOSED,
    progress: Progress = SILENT,
) -> ChangeSet:
    """Write what was decided about the rows, in one transaction that is undone as one.

    Raises:
        Stale: the station was changed after the dry run.
        UserError: a row breaks a rule of its kind; nothing was written.
        Cancelled: the worker pressed Cancel; nothing was written.
    """
    outcome = written(store, dry, decisions, progress)
    if outcome:
        remember(store, dry.plan, dry.datum)
    return outcome


__all__ = [
    "AS_PROPOSED",
    "ENDINGS",
    "SURELY",
    "Candidate",
    "Decision",
    "Decisions",
    "DryRun",
    "FieldChange",
    "Import",
    "ImportKind",
    "Plan",
    "Remembered",
    "RowVerdict",
    "TakenBack",
    "Verdict",
    "copy_name",
    "dry_run",
    "forget",
    "imports_of",
    "last_import",
    "plan_for",
    "read_plan",
    "redo_import",
    "remember",
    "run",
    "taken_back",
    "undo_import",
    "write_copy",
]
