"""Tells the header rows of a sheet from its title and from its records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import islice, pairwise

from stationdesk.core.text import clean_line
from stationdesk.sheets.reading.cells import Cell, Merge, Row, Sheet, rows_from
from stationdesk.sheets.reading.labels import is_datum, is_year, label_text, labels_wanted

MAX_LEVELS = 4
_LOOK_DOWN = 40  # rows among which the header is sought
_LONGEST_LABEL = 40

_FILLED_BLANK = re.compile(r".{1,12}[:：].*")


class Grid:
    """A sheet with quick answers about its rows and merged cells."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.width = sheet.width

    @cached_property
    def _merged(self) -> dict[tuple[int, int], Merge]:
        # Only the first rows matter for headers and only first cells for records, so ranges stay small.
        return {(merge.top, merge.left): merge for merge in self.sheet.merges}

    def row(self, at: int) -> Row:
        """The row as it stands in the file."""
        return self.sheet.rows[at]

    def cell(self, at: int, index: int) -> Cell:
        """One cell; None outside the sheet."""
        row = self.sheet.rows[at] if at < len(self.sheet.rows) else ()
        return row[index] if index < len(row) else None

    def merge_at(self, at: int, index: int) -> Merge | None:
        """The merged range whose first cell this is."""
        return self._merged.get((at, index))

    @cached_property
    def _merged_by_row(self) -> dict[int, list[Merge]]:
        found: dict[int, list[Merge]] = {}
        for merge in self._merged.values():
            found.setdefault(merge.top, []).append(merge)
        return found

    def merges_from(self, first: int, last: int) -> list[Merge]:
        """The merged ranges that begin in these rows."""
        return [merge for at in range(first, last + 1) for merge in self._merged_by_row.get(at, ())]


def find_header(grid: Grid, known: Collection[str]) -> tuple[int, int] | None:
    """The first and last header row, from 0; None when no row looks like one."""
    wanted = labels_wanted(known)
    best, best_score = None, 0.0
    for place, at in enumerate(islice(_rows_with_cells(grid), _LOOK_DOWN)):
        score = _score(grid, at, wanted) - place * 0.15
        if score > best_score:
            best, best_score = at, score
    if best is None:
        return None
    # The lower labels may be better known than those above them.
    while best > 0 and _is_upper_level(grid, best - 1, wanted):
        best -= 1
    return best, _last_level(grid, best)


def _is_upper_level(grid: Grid, at: int, wanted: frozenset[str]) -> bool:
    """Whether the row below carries the parts of the labels of this one."""
    return (
        _score(grid, at, wanted) > 0
        and not any(_FILLED_BLANK.fullmatch(label) for label in _labels(grid.row(at)))
        and _last_level(grid, at) > at
    )


def _rows_with_cells(grid: Grid) -> Iterator[int]:
    return (at for at, row in enumerate(grid.sheet.rows) if any(cell is not None for cell in row))


def _score(grid: Grid, at: int, wanted: frozenset[str]) -> float:
    """How much a row looks like the top row of a header; nothing where it cannot be one."""
    labels = _labels(grid.row(at))
    if not labels or len(labels) != len([cell for cell in grid.row(at) if cell is not None]):
        return 0.0
    data = sum(is_datum(label) and not is_year(label) for label in labels) / len(labels)
    if data > 0.5:
        return 0.0
    widest = max((len(row) - row.count(None) for row in grid.sheet.rows[at + 1 : at + 60]), default=0)
    if widest == 0 and len(labels) > 1 and at == next(_rows_with_cells(grid)):
        return 1.0  # a header with nothing below is told as such
    if widest == 0 or (len(labels) == 1 and widest > 1 and not _spans_one_table(grid, at)):
        return 0.0
    spanned = _spanned(grid, at)
    score = 2.0 * min(1.0, spanned / max(widest, 1))
    score += 3.0 * sum(label_text(label).lower() in wanted for label in labels) / len(labels)
    score -= 2.0 * data
    score -= 1.5 * sum(_FILLED_BLANK.fullmatch(label) is not None for label in labels) / len(labels)
    score -= 3.0 * _again_below(grid, at) / len(labels)
    repeats = Counter(labels)
    score -= 1.0 * sum(count - 1 for count in repeats.values()) / len(labels)
    if any(is_datum(cell) for row in grid.sheet.rows[at + 1 : at + 6] for cell in row):
        score += 0.5
    return score


def _again_below(grid: Grid, at: int) -> int:
    """Cells that stand again below in their own column, as values do and labels do not."""
    row = grid.row(at)
    # A page further on the whole header may be printed again; a record may be there twice too.
    below = [each for each in grid.sheet.rows[at + 1 : at + 60] if each != row]
    return sum(
        cell is not None and any(index < len(each) and each[index] == cell for each in below)
        for index, cell in enumerate(row)
    )


def _labels(row: Row) -> list[str]:
    # 2013 2014 2015 above numbers are labels too.
    texts = [clean_line(str(cell)) for cell in row if isinstance(cell, str) or is_year(cell)]
    return [text for text in texts if text and len(text) <= _LONGEST_LABEL]


def _spans_one_table(grid: Grid, at: int) -> bool:
    """A single label is a header only where the whole table has one column."""
    return all(len(row) <= 1 for row in rows_from(grid.sheet.rows, at))


def _spanned(grid: Grid, at: int) -> int:
    """Columns that the labels of a row speak for, merged ones included."""
    columns = 0
    for index, cell in enumerate(grid.row(at)):
        if cell is None:
            continue
        merge = grid.merge_at(at, index)
        columns += 1 if merge is None else min(merge.right, grid.width - 1) - merge.left + 1
    return columns


def _last_level(grid: Grid, top: int) -> int:
    """The last row of a header that begins at `top`: merged cells say how deep it is."""
    last = top
    while last - top < MAX_LEVELS - 1 and last + 1 < len(grid.sheet.rows):
        deepest = max(
            (merge.bottom for merge in grid.merges_from(top, last) if merge.top <= last), default=last
        )
        deepest = min(deepest, top + MAX_LEVELS - 1, len(grid.sheet.rows) - 1)
        if deepest > last:
            last = deepest
        elif _is_sub_header(grid, top, last + 1):
            last += 1
        else:
            break
    return last


def _is_sub_header(grid: Grid, top: int, at: int) -> bool:
    """Whether the row below carries the parts of labels that span several columns above it."""
    cells = {index: cell for index, cell in enumerate(grid.row(at)) if cell is not None}
    if not cells or any(
        (is_datum(cell) and not is_year(cell)) or len(str(cell)) > _LONGEST_LABEL for cell in cells.values()
    ):
        return False
    wide = [merge for merge in grid.merges_from(at - 1, at - 1) if merge.right > merge.left]
    spanned = {index for merge in wide for index in range(merge.left, merge.right + 1)}
    if spanned:
        same = all(
            (own := grid.merge_at(at, merge.left)) is not None and own.right == merge.right for merge in wide
        )
        return not same and set(cells) <= spanned | _unlabelled(grid, top, at)
    # Text files have no merged cells: labels stand under gaps, and under one label before each gap.
    gaps = _unlabelled(grid, top, at)
    under = set(cells)
    parents = {index for index in under if index + 1 in gaps and index not in gaps}
    return (
        bool(under & gaps)
        and under <= gaps | parents
        and len(under) < len(grid.row(top)) - len(gaps) + len(under & gaps)
    )


def _unlabelled(grid: Grid, top: int, at: int) -> set[int]:
    """Columns without a label of their own in the header rows so far."""
    return {
        index for index in range(grid.width) if all(grid.cell(each, index) is None for each in range(top, at))
    }


def header_paths(grid: Grid, first: int, last: int) -> list[tuple[str, ...]]:
    """The labels of every column from top to bottom, merged labels repeated, doubles left out."""
    rows: list[list[str]] = []
    for at in range(first, last + 1):
        row = [_label(grid.cell(at, index)) for index in range(grid.width)]
        rows.append(row)
    for merge in grid.merges_from(first, last):
        label = _label(grid.cell(merge.top, merge.left))
        for at in range(merge.top, min(merge.bottom, last) + 1):
            for index in range(merge.left, min(merge.right, grid.width - 1) + 1):
                rows[at - first][index] = label
    _spread_over_gaps(rows)
    return [tuple(dict.fromkeys(label for label in column if label)) for column in zip(*rows, strict=True)]


def _label(cell: Cell) -> str:
    return "" if cell is None else clean_line(str(cell))


def _spread_over_gaps(rows: list[list[str]]) -> None:
    """In text files an upper label stands only over the first of its columns."""
    # From below, so that a label over another label reaches as far as that one does.
    for lower, upper in pairwise(reversed(rows)):
        for index in range(1, len(upper)):
            if (
                not upper[index]
                and lower[index]
                and lower[index - 1]
                and upper[index - 1]
                and lower[index - 1] != upper[index - 1]
            ):
                upper[index] = upper[index - 1]
