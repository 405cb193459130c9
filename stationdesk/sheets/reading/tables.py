"""Finds the table in a sheet: title rows above, header rows, the rows themselves, and what stands below.

Nothing is dropped without a word: every row that is left out is told with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.sheets.reading.archives import column_letters
from stationdesk.sheets.reading.cells import Cell, Merge, Row, Sheet
from stationdesk.sheets.reading.headers import Grid, find_header, header_paths, label_text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: `index` counts from 0 in the file, `path` are its labels from top to bottom."""

    index: int
    path: tuple[str, ...]

    @property
    def label(self) -> str:
        """The labels joined, 联系方式/电话; for a column without any, its letter."""
        return "/".join(self.path) or _("{letter} 列").format(letter=self.letter)

    @property
    def letter(self) -> str:
        """The letters of the column in the office program."""
        return column_letters(self.index + 1)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the table: `number` counts from 1 as in the office program, one cell a column of the table."""

    number: int
    cells: Row


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no record of the table, why, and what stands in it."""

    number: int
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetTable:
    """The table found in a sheet. `header` are the numbers, from 1, of the first and last header row."""

    sheet: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    left_out: tuple[LeftOut, ...]
    header: tuple[int, int]

    def cells(self, index: int) -> list[Cell]:
        """The cells of a column, counted in the table, from top to bottom."""
        return [row.cells[index] for row in self.rows]


def find_table(
    sheet: Sheet, known: Collection[str] = (), header: tuple[int, int] | None = None
) -> SheetTable:
    """The table of a sheet.

    `known` are column labels that help to tell the header from a title; `header` overrides the guess
    with the numbers, from 1, of the first and the last header row.

    Raises:
        UserError: when the sheet is blank, has no header, or nothing below it.
    """
    if sheet.is_blank:
        raise UserError("工作表“{sheet}”是空的。", sheet=sheet.name)
    grid = Grid(sheet)
    found = (header[0] - 1, header[1] - 1) if header is not None else find_header(grid, frozenset(known))
    if found is None:
        raise UserError(
            "工作表“{sheet}”里没有找到表头。表格上方要有一行写明各列是什么，如“姓名、地址、电话”。",
            sheet=sheet.name,
        )
    first, last = found
    paths = header_paths(grid, first, last)
    body = range(last + 1, len(sheet.rows))
    cells = _filled_down(sheet, body)
    used = [
        index
        for index, path in enumerate(paths)
        if path or any(index < len(cells[at]) and cells[at][index] is not None for at in body)
    ]
    columns = tuple(Column(index, paths[index]) for index in used)
    rows, left_out = _sorted_out(grid, cells, body, columns)
    above = [
        LeftOut(at + 1, _("表头上方的标题或说明"), _said(sheet.rows[at]))
        for at in range(first)
        if any_cell(sheet.rows[at])
    ]
    if not rows:
        raise UserError("工作表“{sheet}”只有表头，没有内容。", sheet=sheet.name)
    return SheetTable(sheet.name, columns, tuple(rows), (*above, *left_out), (first + 1, last + 1))


def any_cell(row: Row) -> bool:
    """Whether a row holds anything."""
    return any(cell is not None for cell in row)


def _said(row: Sequence[Cell]) -> str:
    return clean_line(" ".join(str(cell) for cell in row if cell is not None))[:200]


def _filled_down(sheet: Sheet, body: range) -> dict[int, Row]:
    """The rows of the table with every merged cell repeated downwards over its range."""
    rows = {at: sheet.rows[at] for at in body}
    for merge in sheet.merges:
        if merge.bottom == merge.top or merge.top not in rows or merge.left >= len(rows[merge.top]):
            continue
        value = sheet.rows[merge.top][merge.left]
        if value is None:
            continue
        for at in range(merge.top + 1, min(merge.bottom, body.stop - 1) + 1):
            row = list(rows[at])
            row.extend([None] * (merge.left + 1 - len(row)))
            if row[merge.left] is None:
                row[merge.left] = value
            rows[at] = tuple(row)
    return rows


_TOTAL = re.compile(r"(合计?|总计|小计|共计|累计|总和|本页|本月|全年|平均)(小计|合计|数|值|人数|户数)?[:：]?")
_NOTE = re.compile(
    r"[（(【\[]?(注|备注|说明|填表说明|填报说明|填写说明|注意|附注|资料来源|数据来源|来源|单位)\s*[\d一二三四]?[）)】\]]?\s*[:：.、]"
)
_SIGNED = re.compile(
    r"(单位|部门|站|村居?|填报|填表|制表|编写|编制)?(负责人|复核人?|审核人?|审批人?|填表人?|制表人?|填报人?|经办人?|统计人?|"
    r"时间|日期|盖章|签字|签章|公章)\s*(（[^）]*）|\([^)]*\))?\s*[:：]"
)
_COLUMN_SIGNS = re.compile(r"[（(]?([甲乙丙丁戊己庚辛]|\d{1,2}|[A-Z])[）)]?")


def _sorted_out(
    grid: Grid, cells: dict[int, Row], body: range, columns: tuple[Column, ...]
) -> tuple[list[TableRow], list[LeftOut]]:
    """The records, and the rows that are none, each with its reason."""
    labels = tuple(label_text(column.path[-1]) if column.path else "" for column in columns)
    last_full = _last_full_row(grid, body, len(columns))
    rows: list[TableRow] = []
    left_out: list[LeftOut] = []
    for at in body:
        # A row is a record for what stands in it, not for what a merged cell lends it.
        if not any_cell(grid.row(at)) and not _inside_record(grid, cells[at], at):
            continue
        record = tuple(cells[at][each.index] if each.index < len(cells[at]) else None for each in columns)
        if not any_cell(record):
            continue
        why = _reason(grid, at, record, labels, after_last=at > last_full)
        if why is None:
            rows.append(TableRow(at + 1, record))
        else:
            left_out.append(LeftOut(at + 1, why, _said(grid.row(at))))
    return rows, left_out


def _inside_record(grid: Grid, row: Row, at: int) -> bool:
    """Whether a row without own cells still is one: a merge of its own begins in it."""
    return any_cell(row) and any(merge.top == at for merge in grid.sheet.merges)


def _last_full_row(grid: Grid, body: range, width: int) -> int:
    """The last row with as many cells as a record has; single cells after it are notes."""
    wanted = 2 if width <= 4 else max(2, width // 4)
    for at in reversed(body):
        if sum(cell is not None for cell in grid.row(at)) >= wanted and not _total_or_note(grid.row(at)):
            return at
    return body.stop


def _total_or_note(row: Row) -> str | None:
    first = next((cell for cell in row if cell is not None), None)
    if not isinstance(first, str):
        return None
    text = label_text(first)
    if _TOTAL.fullmatch(text):
        return _("合计行")
    if _SIGNED.match(text) or (_NOTE.match(text) and sum(cell is not None for cell in row) <= 2):
        return _("表格下方的说明或签字")
    # 合 in one cell and 计 in another
    return _("合计行") if text == "合" else None


def _reason(grid: Grid, at: int, record: Row, labels: tuple[str, ...], *, after_last: bool) -> str | None:
    own = [cell for cell in grid.row(at) if cell is not None]
    if why := _total_or_note(grid.row(at)):
        return why
    texts = [label_text(cell) if isinstance(cell, str) else cell for cell in record]
    if len(own) > 1 and all(text is None or text == label for text, label in zip(texts, labels, strict=True)):
        return _("重复的表头")
    if len(own) >= 3 and _counts_columns(own):
        return _("列号行")
    if len(own) == 1 and len(record) > 2:
        merge = grid.merge_at(at, _first_column(grid.row(at)))
        if merge is not None and merge.right - merge.left >= len(record) // 2:
            return _("表格下方的说明或签字") if after_last else _("分段标题")
        if after_last and isinstance(own[0], str) and (len(own[0]) > 20 or _blank_above(grid, at)):
            return _("表格下方的说明或签字")
    return None


def _counts_columns(cells: Sequence[Cell]) -> bool:
    """Whether the cells are 1 2 3 4 or 甲 乙 1 2: the numbers of the columns."""
    texts = [str(cell).strip() for cell in cells]
    if not all(_COLUMN_SIGNS.fullmatch(text) for text in texts):
        return False
    numbers = [int(text) for text in texts if text.isdecimal()]
    return (
        len(numbers) >= 2
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] <= 1
    )


def _first_column(row: Row) -> int:
    return next(index for index, cell in enumerate(row) if cell is not None)


def _blank_above(grid: Grid, at: int) -> bool:
    return at > 0 and not any_cell(grid.row(at - 1))


__all__ = ["Column", "LeftOut", "Merge", "SheetTable", "TableRow", "any_cell", "find_table"]
