"""Tells the header rows of a sheet from its title and from its records."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cached_property
from itertools import pairwise

from stationdesk.core.text import clean_line
from stationdesk.sheets.reading.cells import Cell, Merge, Row, Sheet

MAX_LEVELS = 4
_LOOK_DOWN = 40  # rows among which the header is sought
_LONGEST_LABEL = 40

_NUMBER = re.compile(
    r"[+-]?[\d,.]+%?|\d{1,4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?|\d{15,18}[Xx]?|[\d\- +()]{7,}"
)
_FILLED_BLANK = re.compile(r".{1,12}[:：].*")


def label_text(text: str) -> str:
    """A label as it is compared: half width, without blanks and line breaks (联系 电话 -> 联系电话)."""
    return "".join(unicodedata.normalize("NFKC", clean_line(text)).split())


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

    def merges_from(self, first: int, last: int) -> list[Merge]:
        """The merged ranges that begin in these rows."""
        return [merge for merge in self.sheet.merges if first <= merge.top <= last]


def find_header(grid: Grid, known: frozenset[str]) -> tuple[int, int] | None:
    """The first and last header row, from 0; None when no row looks like one."""
    wanted = frozenset(label_text(label).lower() for label in known)
    best, best_score = None, 0.0
    for place, at in enumerate(_rows_with_cells(grid)[:_LOOK_DOWN]):
        score = _score(grid, at, wanted) - place * 0.15
        if score > best_score:
            best, best_score = at, score
    return None if best is None else (best, _last_level(grid, best))


def _rows_with_cells(grid: Grid) -> list[int]:
    return [at for at, row in enumerate(grid.sheet.rows) if any(cell is not None for cell in row)]


def _score(grid: Grid, at: int, wanted: frozenset[str]) -> float:
    """How much a row looks like the top row of a header; nothing where it cannot be one."""
    labels = _labels(grid.row(at))
    if not labels or len(labels) != len([cell for cell in grid.row(at) if cell is not None]):
        return 0.0
    widest = max((len(row) - row.count(None) for row in grid.sheet.rows[at + 1 : at + 60]), default=0)
    if widest == 0 and len(labels) > 1 and at == _rows_with_cells(grid)[0]:
        return 1.0  # a header with nothing below is told as such
    if widest == 0 or (len(labels) == 1 and widest > 1 and not _spans_one_table(grid, at)):
        return 0.0
    spanned = _spanned(grid, at)
    score = 2.0 * min(1.0, spanned / max(widest, 1))
    score += 3.0 * sum(label_text(label).lower() in wanted for label in labels) / len(labels)
    score -= 2.0 * sum(_is_datum(label) for label in labels) / len(labels)
    score -= 1.5 * sum(_FILLED_BLANK.fullmatch(label) is not None for label in labels) / len(labels)
    repeats = Counter(labels)
    score -= 1.0 * sum(count - 1 for count in repeats.values()) / len(labels)
    if any(_is_datum(cell) for row in grid.sheet.rows[at + 1 : at + 6] for cell in row):
        score += 0.5
    return score


def _labels(row: Row) -> list[str]:
    texts = [clean_line(cell) for cell in row if isinstance(cell, str)]
    return [text for text in texts if text and len(text) <= _LONGEST_LABEL]


def _spans_one_table(grid: Grid, at: int) -> bool:
    """A single label is a header only where the whole table has one column."""
    return max(map(len, grid.sheet.rows[at:]), default=0) == 1


def _spanned(grid: Grid, at: int) -> int:
    """Columns that the labels of a row speak for, merged ones included."""
    columns = 0
    for index, cell in enumerate(grid.row(at)):
        if cell is None:
            continue
        merge = grid.merge_at(at, index)
        columns += 1 if merge is None else min(merge.right, grid.width - 1) - merge.left + 1
    return columns


def _is_datum(cell: Cell) -> bool:
    """Whether a cell is a number, a date or the like, which no label is."""
    if cell is None:
        return False
    return not isinstance(cell, str) or _NUMBER.fullmatch(cell.strip()) is not None


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
    if not cells or any(_is_datum(cell) or len(str(cell)) > _LONGEST_LABEL for cell in cells.values()):
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
    for upper, lower in pairwise(rows):
        for index in range(1, len(upper)):
            if (
                not upper[index]
                and lower[index]
                and lower[index - 1]
                and upper[index - 1]
                and lower[index - 1] != upper[index - 1]
            ):
                upper[index] = upper[index - 1]
