"""Finds the table in a sheet: title rows above, header rows, the rows themselves, and what stands below.

Nothing is dropped without a word: every row that is left out is told with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.packed import Packed
from stationdesk.core.text import clean_line
from stationdesk.sheets.reading.cards import card_of
from stationdesk.sheets.reading.cells import Cell, Merge, Row, Sheet
from stationdesk.sheets.reading.filling import Filled, columns_to_continue, continued, filled_down
from stationdesk.sheets.reading.found import Column, LeftOut, SheetTable
from stationdesk.sheets.reading.headers import Grid, find_header, header_paths
from stationdesk.sheets.reading.leaving import Sieve, sums_up
from stationdesk.sheets.reading.parts import apart, side_by_side
from stationdesk.sheets.reading.records import Records, Rows, TableRow

_NO_TITLE = re.compile(r"附[件表]?\s*[\d一二三四五六七八九十]*\s*[:：]?$|[^:：]{1,12}[:：]")


def find_tables(
    sheet: Sheet,
    known: Collection[str] = (),
    header: tuple[int, int] | None = None,
    *,
    blank: bool = False,
) -> tuple[SheetTable, ...]:
    """Every table of a sheet, side by side and below one another, in the order of reading.

    The card of one person, with the labels beside what they name, is a table of one record.

    `known` are column labels that help to tell the header from a title; `header` overrides the guess
    with the numbers, from 1, of the first and the last header row. With `blank` a form without any
    record is a table too.

    Raises:
        UserError: when the sheet is blank, has no header, or nothing below it.
    """
    if header is None and (card := card_of(sheet, known)) is not None:
        return (card,)
    grid, found = _begun(sheet, known, header)
    if header is not None:
        tables = [_table(Grid(part), found) for part in side_by_side(grid, found)]
    else:
        parts = [Grid(part) for part in apart(sheet, known)]
        tables = [_table(part, where) for part in parts if (where := find_header(part, known)) is not None]
    if not blank:
        tables = _with_rows(tables)
    if not tables:
        raise _empty(sheet)
    return tuple(tables)


def _with_rows(tables: Sequence[SheetTable]) -> list[SheetTable]:
    """The tables with records; what stands in the others is told as left out."""
    found = [table for table in tables if table.rows]
    aside = [table for table in tables if not table.rows]
    if not found or not aside:
        return found
    why = _("另一张没有内容的表")
    more = [
        LeftOut(number, why, ", ".join(column.label for column in table.columns))
        for table in aside
        for number in range(table.header[0], table.header[1] + 1)
    ] + [each for table in aside for each in table.left_out]
    left_out = sorted((*found[0].left_out, *more), key=lambda each: each.number)
    return [replace(found[0], left_out=tuple(left_out)), *found[1:]]


def find_table(
    sheet: Sheet, known: Collection[str] = (), header: tuple[int, int] | None = None
) -> SheetTable:
    """The first table of a sheet, or with `header` all of the sheet below it as one table.

    Raises:
        UserError: when the sheet is blank, has no header, or nothing below it.
    """
    if header is None:
        return find_tables(sheet, known)[0]
    grid, found = _begun(sheet, known, header)
    table = _table(grid, found)
    if not table.rows:
        raise _empty(sheet)
    return table


def _begun(
    sheet: Sheet, known: Collection[str], header: tuple[int, int] | None
) -> tuple[Grid, tuple[int, int]]:
    if sheet.is_blank:
        raise UserError("工作表“{sheet}”是空的。", sheet=sheet.name)
    grid = Grid(sheet)
    found = (header[0] - 1, header[1] - 1) if header is not None else find_header(grid, known)
    if found is None:
        raise UserError(
            "工作表“{sheet}”里没有找到表头。表格上方要有一行写明各列是什么，如“姓名、地址、电话”。",
            sheet=sheet.name,
        )
    return grid, found


def _empty(sheet: Sheet) -> UserError:
    return UserError("工作表“{sheet}”只有表头，没有内容。", sheet=sheet.name)


def _table(grid: Grid, header: tuple[int, int]) -> SheetTable:
    """The table below a header that was found; rows and columns of other tables are blank in the grid."""
    sheet, (first, last) = grid.sheet, header
    paths = header_paths(grid, first, last)
    body = range(last + 1, len(sheet.rows))
    cells = filled_down(sheet, body)
    columns = _columns(paths, (cells[at] for at in body))
    rows, left_out = _sorted_out(grid, header, cells, columns)
    columns, rows = _without_lent(grid, header, columns, rows)
    above = [
        LeftOut(at + 1, _("表头上方的标题或说明"), _said(sheet.rows[at]))
        for at in range(first)
        if any_cell(sheet.rows[at])
    ]
    records, notes, continued_at = _with_groups(columns, rows)
    return SheetTable(
        sheet.name,
        columns,
        records,
        (*above, *left_out),
        (first + 1, last + 1),
        _title(grid, first),
        notes,
        continued_at,
    )


def any_cell(row: Row) -> bool:
    """Whether a row holds anything."""
    return any(cell is not None for cell in row)


def _title(grid: Grid, first: int) -> str:
    """What the table is called: the first line above that stands alone and is no 附件2 and no 填报单位：."""
    lines = [_said(row) for row in grid.sheet.rows[:first] if sum(cell is not None for cell in row) == 1]
    return next((line for line in lines if not _NO_TITLE.match(line)), lines[0] if lines else "")


def _said(row: Sequence[Cell]) -> str:
    return clean_line(" ".join(str(cell) for cell in row if cell is not None))[:200]


def _columns(paths: Sequence[tuple[str, ...]], rows: Iterable[Row]) -> tuple[Column, ...]:
    """The columns with a label or with cells."""
    filled = {index for row in rows for index, cell in enumerate(row) if cell is not None}
    return tuple(Column(index, path) for index, path in enumerate(paths) if path or index in filled)


def _without_lent(
    grid: Grid, header: tuple[int, int], columns: tuple[Column, ...], rows: Records
) -> tuple[tuple[Column, ...], Records]:
    """Without the columns that only a label merged over them spans, and that hold nothing."""
    paths = {column.index: column.path for column in columns}
    lent = {
        index
        for merge in grid.merges_from(*header)
        for index in range(merge.left + 1, merge.right + 1)
        if index in paths and paths[index] == paths.get(merge.left)
    }
    drop = {
        place
        for place, column in enumerate(columns)
        if column.index in lent and all(row.cells[place] is None for row in rows)
    }
    if not drop:
        return columns, rows
    kept = [place for place in range(len(columns)) if place not in drop]
    return tuple(columns[place] for place in kept), rows.narrowed(kept)


def _sorted_out(
    grid: Grid, header: tuple[int, int], cells: Filled, columns: tuple[Column, ...]
) -> tuple[Records, list[LeftOut]]:
    """The records, and the rows that are none, each with its reason."""
    body = range(header[1] + 1, len(grid.sheet.rows))
    places = [each.index for each in columns]
    sieve = Sieve(grid, header, body, places)
    begins = {merge.top for merge in grid.sheet.merges}
    rows = Records(cells, places)
    left_out: list[LeftOut] = []
    for at in body:
        filled = cells[at]
        # A row is a record for what stands in it, not for what a merged cell lends it; or a merge begins in it.
        if not any_cell(grid.row(at)) and (at not in begins or not any_cell(filled)):
            continue
        if not any_cell(rows.cells(at)):
            continue
        why = sieve.reason(at)
        if why is None:
            rows.numbers.append(at + 1)
        else:
            left_out.append(LeftOut(at + 1, why, _said(grid.row(at))))
    numbers = rows.numbers
    if len(rows) > 2 and sums_up(grid.row(numbers[-1] - 1), Rows(grid.row, numbers[:-1])):
        total = numbers.pop()
        left_out.append(LeftOut(total, _("合计行"), _said(grid.row(total - 1))))
        left_out.sort(key=lambda each: each.number)
    return rows, left_out


def _with_groups(
    columns: tuple[Column, ...], rows: Records
) -> tuple[Sequence[TableRow], tuple[str, ...], tuple[int, ...]]:
    """The records with values that stand once for several of them repeated; what was done in words, and where."""
    records = Rows(rows.cells, rows.numbers)
    groups = columns_to_continue([column.path[-1] if column.path else "" for column in columns], records)
    if not groups:
        return rows, (), ()
    notes = tuple(
        _("“{column}”一列空着的 {count} 格按上面的值补上。").format(
            column=columns[index].label, count=sum(record[index] is None for record in records)
        )
        for index in groups
    )
    filled = Packed(
        TableRow(number, cells)
        for number, cells in zip(rows.numbers, continued(records, groups), strict=True)
    )
    return filled, notes, tuple(groups)


__all__ = ["Column", "LeftOut", "Merge", "SheetTable", "TableRow", "any_cell", "find_table", "find_tables"]
