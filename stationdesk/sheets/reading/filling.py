"""Cells that stand for several rows: merged ones, and values written once above blank cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stationdesk.sheets.reading.cells import Cell, Row, Sheet
from stationdesk.sheets.reading.labels import label_text
from stationdesk.sheets.reading.refusals import too_big

_GROUPS = re.compile(
    r"(所[属在])?(省|市|区|县|区县|县区|乡镇|镇|街道|乡|村|村居|村社区|社区|行政村|自然村|村委会|组|小组|村民小组|队|片|片区|网格)(名|名称|别)?"
    r"|户主(姓名)?|户(编)?号|家庭(编)?号|户主身份证号?码?"
    r"|.{0,4}(部门|单位|机构|科室|班级|年级)(名称)?|.{0,4}(类别|分类|大类|中类|类型|种类|维度|项目类别)"
)
"""Labels of what is often written once for all the rows that belong to it."""

_MOST_LENT = 4_000_000
"""Cells that merged ranges may fill in one sheet; only ranges over one another come to as many."""


class Filled:
    """The rows of a sheet by their place, as merged cells fill them; only those that differ are kept."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._lent: dict[int, Row] = {}

    def __getitem__(self, at: int) -> Row:
        lent = self._lent.get(at)
        return self._sheet.rows[at] if lent is None else lent

    def lend(self, at: int, index: int, value: Cell) -> None:
        """Fill one cell of a row."""
        row = list(self[at])
        row.extend([None] * (index + 1 - len(row)))
        # What a covered cell still holds below is not what people see.
        row[index] = value
        self._lent[at] = tuple(row)


def filled_down(sheet: Sheet, body: range) -> Filled:
    """The rows of the table, by their place in the sheet, with merged cells repeated downwards.

    Raises:
        UserError: when merged cells lie over one another without measure.
    """
    rows = Filled(sheet)
    left = _MOST_LENT
    for merge in sheet.merges:
        if merge.bottom == merge.top or merge.top not in body or merge.left >= len(rows[merge.top]):
            continue
        value = sheet.rows[merge.top][merge.left]
        if value is None:
            continue
        last = min(merge.bottom, body.stop - 1)
        left -= last - merge.top
        if left < 0:
            raise too_big()
        for at in range(merge.top + 1, last + 1):
            rows.lend(at, merge.left, value)
    return rows


def columns_to_continue(labels: Sequence[str], records: Sequence[Row]) -> list[int]:
    """The leading columns in which a blank cell means: the same as above.

    That is so where the label names a group, each group begins with a value, no value comes back after
    another, and every record with a blank there has something in the columns behind.
    """
    found: list[int] = []
    outer: list[int] = []
    rows = records
    for index, label in enumerate(labels):
        if _is_running_number(label):
            continue
        if not _GROUPS.fullmatch(label_text(label)):
            break
        if any(row[index] is None for row in rows):
            if not _is_written_once(index, outer, rows):
                break
            found.append(index)
            rows = continued(rows, [index])
        outer.append(index)
    return found


def continued(records: Sequence[Row], columns: Sequence[int]) -> list[Row]:
    """The records with the blank cells of these columns filled from above."""
    last: dict[int, Cell] = {}
    found = []
    for record in records:
        cells = list(record)
        for index in columns:
            if cells[index] is None:
                cells[index] = last.get(index)
            last[index] = cells[index]
        found.append(tuple(cells))
    return found


def _is_running_number(label: str) -> bool:
    return label_text(label) in {"序号", "编号", "序", "号", "No.", "№"}


def _is_written_once(index: int, outer: Sequence[int], rows: Sequence[Row]) -> bool:
    """Whether every value stands once, at the top of its rows; written out twice, a blank is just blank."""
    group: Row | None = None
    seen: set[Cell] = set()
    for row in rows:
        above = tuple(row[each] for each in outer)
        if above != group:
            group, seen = above, set()
            if row[index] is None:
                return False
        if row[index] is None:
            if all(cell is None for cell in row[index + 1 :]):
                return False
        elif row[index] in seen:
            return False
        else:
            seen.add(row[index])
    return True
