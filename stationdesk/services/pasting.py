"""Rows pasted from a spreadsheet: the clipboard's text as a table, ready for the import."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Kind
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services.importing.kinds import ImportKind, targets
from stationdesk.services.importing.plans import Plan, plan_for
from stationdesk.services.store import Store
from stationdesk.sheets.reading.archives import MAX_COLUMNS, MAX_ROWS
from stationdesk.sheets.reading.cells import Row, Sheet, Workbook
from stationdesk.sheets.reading.delimited import rows_of
from stationdesk.sheets.reading.labels import label_text

MOST = 20_000_000
"""Signs of a clipboard that is read; more belongs into a file."""

_KINDS = {each.record: each for each in ImportKind} | {"household": ImportKind.PEOPLE}


def can_paste(record: str) -> bool:
    """Whether rows of a kind of record can be brought in."""
    return record in _KINDS


def pasted_plan(
    store: Store, text: str, record: str, columns: Sequence[Field], progress: Progress = SILENT
) -> Plan:
    """How to import what was pasted into a list of `record` that shows these `columns`.

    Where the first row names columns it is the header. Otherwise the columns are told by what stands in them; for
    those that say nothing the order of the list is a proposal, without the running number where there are fewer.

    Raises:
        UserError: there is no table in the clipboard.
    """
    progress.step(0, 1)
    if len(text) > MOST:
        raise _too_much()
    rows = rows_of(text.rstrip("\r\n\0"), "\t")
    if not any(rows):
        raise UserError("剪贴板里没有表格。请先在 WPS 或 Excel 里选中几行，按 Ctrl+C 复制。")
    if len(rows) > MAX_ROWS or max(map(len, rows)) > MAX_COLUMNS:
        raise _too_much()
    kind = _KINDS[record]
    if _names_columns(next(row for row in rows if row), kind, columns):
        return _plan(store, rows, kind)
    width = max(map(len, rows))
    shown = (
        columns if width >= len(columns) else [each for each in columns if each.spec.kind is not Kind.NUMBER]
    )
    blank: Row = ()  # where a header would stand
    return _plan(store, [blank, *rows], kind, tuple(each.name for each in shown[:width]))


def _too_much() -> UserError:
    return UserError("剪贴板里的内容太多。请存成文件再导入。")


def _plan(
    store: Store, rows: Sequence[Row], kind: ImportKind, pasted_into: tuple[str, ...] | None = None
) -> Plan:
    title = _("剪贴板")
    sheet = Sheet(title, tuple(rows))
    workbook = Workbook(title, (sheet,), separator="\t", pasted_into=pasted_into)
    return plan_for(store, Path(title), workbook, kind, title)


def _names_columns(row: Row, kind: ImportKind, columns: Sequence[Field]) -> bool:
    """Whether a row is a header: half of its cells are names of fields, or three are."""
    known = {
        label_text(name) for each in (*targets(kind), *columns) for name in (each.label, *each.spec.aliases)
    }
    cells = [label_text(cell) for cell in row if isinstance(cell, str)]
    named = sum(cell in known for cell in cells)
    return named > 2 or (named > 0 and 2 * named >= len(cells))
