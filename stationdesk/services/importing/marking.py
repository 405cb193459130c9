"""The verdicts of a dry run written into a coloured copy of the worker's own file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services.importing.verdicts import DryRun, RowVerdict, Verdict
from stationdesk.services.store import Store
from stationdesk.sheets.reading.records import SideRow, sheet_row

if TYPE_CHECKING:
    from stationdesk.sheets.reading.tables import SheetTable
    from stationdesk.sheets.verdicts import Mark

_LEFT_OUT = "不是记录"


def copy_name(dry: DryRun) -> str:
    """What the copy is called beside the original."""
    return f"{dry.plan.file.stem}（导入结论）.xlsx"


def write_copy(store: Store, dry: DryRun, target: Path, progress: Progress = SILENT) -> Path:
    """Write the file again with the verdict and the reason at the right of every row, coloured.

    Logged as an export: the copy holds what the file holds, and what the station has of the same people.

    Raises:
        UserError: the target is the file itself, or cannot be written.
        Cancelled: the worker pressed Cancel; the target is as it was.
    """
    # Brings the writer of workbooks along, which no dry run needs.
    from stationdesk.sheets.verdicts import Mark, Marked, Tone, write_verdicts

    plan = dry.plan
    if target.exists() and plan.file.exists() and target.samefile(plan.file):
        raise UserError("“{name}”是原来的文件，不覆盖它。请换一个文件名。", name=target.name)
    marks = {row.number: _mark(row) for row in dry.rows}
    for each in plan.table.left_out:
        marks.setdefault(each.number, Mark(_LEFT_OUT, each.why, Tone.LEFT_OUT))
    marked = [
        Marked(
            plan.table.header,
            min(column.index for column in side.columns) + 1,
            max(column.index for column in side.columns) + 1,
            {sheet_row(row): each for row, each in marks.items() if _stands_in(row, side)},
        )
        for side in plan.table.sides or (plan.table,)
    ]
    sheet = plan.workbook.sheet(plan.table.sheet)
    if sheet is None:
        raise ValueError("the plan has no such sheet")
    sentence = _("导出导入结论 {file}（{count} 行）").format(file=target.name, count=len(dry.rows))
    with store.writing(sentence) as work:
        work.note("export", plan.kind.record, (), sentence)
    return write_verdicts(plan.file, sheet, marked, target, progress)


def _stands_in(number: int, side: SheetTable) -> bool:
    """Whether a row is one of this table, and not of one beside it."""
    return not isinstance(number, SideRow) or number.column == side.columns[0].index


def _mark(row: RowVerdict) -> Mark:
    from stationdesk.sheets.verdicts import Mark, Tone

    changes = (f"{each.label}：{each.before or '空'} → {each.after or '空'}" for each in row.changes)
    candidate = row.candidate.title if row.candidate is not None and row.verdict is not Verdict.SAME else ""
    parts = [row.why, candidate, *changes, *row.remarks]
    return Mark(
        row.verdict.label,
        "；".join(part for part in parts if part).replace("\n", " "),
        Tone[row.verdict.name],
    )
