"""Takes a sheet with several tables apart: each part is the sheet with everything of the others left blank.

Rows and columns keep their places, so that what is said about a part is true of the file.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain, islice, pairwise, repeat

from stationdesk.sheets.reading.cells import Merge, PackedRows, Row, Sheet, rows_from
from stationdesk.sheets.reading.headers import Grid, find_header, header_paths
from stationdesk.sheets.reading.labels import is_datum, is_key, label_text, labels_wanted
from stationdesk.sheets.reading.leaving import total_or_note

_MOST_DEEP = 4  # below and beside, and once more of each, is all that people do
_MOST_TABLES = 50
_TITLES = 4  # rows above a header that belong to it
_LOOK = 10  # rows below a header that witness for it

Header = tuple[int, int]
Columns = tuple[int, int]
"""First and last column, from 0."""


def apart(sheet: Sheet, known: Collection[str] = (), depth: int = _MOST_DEEP) -> list[Sheet]:
    """One sheet for each table, from top to bottom and from left to right."""
    grid = Grid(sheet)
    header = find_header(grid, known)
    if header is None or depth == 0:
        return [sheet]
    parts = _below(grid, header, known)
    if len(parts) == 1:
        parts = side_by_side(grid, header)
    if len(parts) == 1:
        return parts
    return [table for part in parts for table in apart(part, known, depth - 1)]


def _below(grid: Grid, header: Header, known: Collection[str]) -> list[Sheet]:
    """The sheet cut above every further header."""
    wanted = labels_wanted(known)
    starts = [0]
    header = _first_header(grid, header, wanted)
    labels = _labels_in(grid, header)
    at = header[1] + 1
    while at < len(grid.sheet.rows) and len(starts) < _MOST_TABLES:
        mine = _texts(grid.row(at))
        if mine and not set(mine) <= labels and _is_header(grid, at, mine, wanted):
            starts.append(_with_titles(grid, at, starts[-1]))
            part = _rows_of(grid.sheet, starts[-1], len(grid.sheet.rows))
            found = find_header(Grid(part), known) or (at, at)
            labels, at = _labels_in(grid, found), max(at, found[1])
        at += 1
    return [_rows_of(grid.sheet, top, end) for top, end in pairwise([*starts, len(grid.sheet.rows)])]


def _first_header(grid: Grid, best: Header, wanted: frozenset[str]) -> Header:
    """The header that looks best is not always the first: a small table may stand above it."""
    for at in range(best[0] - 1):
        mine = _texts(grid.row(at))
        if (
            len([label for label in mine if label.lower() in wanted]) >= 2
            and _is_header(grid, at, mine, wanted)
            and any(len(_own(grid, below)) > 1 for below in range(at + 1, best[0]))
        ):
            return at, at
    return best


def _labels_in(grid: Grid, header: Header) -> set[str]:
    return {text for at in range(header[0], header[1] + 1) for text in _texts(grid.row(at))}


def _texts(row: Row) -> list[str]:
    """The cells as labels; none where one of them cannot be a label."""
    own = [cell for cell in row if cell is not None]
    if len(own) < 2 or any(not isinstance(cell, str) or len(cell) > 20 or is_datum(cell) for cell in own):
        return []
    texts = [label_text(str(cell)) for cell in own]
    return texts if len(set(texts)) == len(texts) else []


def _is_header(grid: Grid, at: int, labels: Sequence[str], wanted: frozenset[str]) -> bool:
    """Whether a row in the middle of a sheet begins another table."""
    above = _own(grid, at - 1) if at else []
    if total_or_note([cell for cell in grid.row(at) if cell is not None]):
        return False
    well_known = sum(label.lower() in wanted for label in labels)
    if len(above) > 1:  # right below a record only words that are nothing but labels
        return len(labels) > 2 and well_known == len(labels)
    if well_known * 2 >= len(labels):
        return True
    # Labels over numbers, where the rows above do not look like that: as a rule something stands between.
    if not above and len(labels) < 3:
        return False
    below = [row for row in grid.sheet.rows[at + 1 : at + 1 + _LOOK] if any(cell is not None for cell in row)]
    if len(below) < 2:
        return False
    places = [index for index, cell in enumerate(grid.row(at)) if cell is not None]
    numbers = sum(
        all(index < len(row) and row[index] is not None and is_datum(row[index]) for row in below)
        for index in places
    )
    return numbers * 2 >= len(places)


def _own(grid: Grid, at: int) -> list[object]:
    return [cell for cell in grid.row(at) if cell is not None]


def _with_titles(grid: Grid, at: int, top: int) -> int:
    """The first of the title rows right above a header."""
    first = at
    while first - 1 > top and at - first < _TITLES and len(_own(grid, first - 1)) == 1:
        if total_or_note([cell for cell in grid.row(first - 1) if cell is not None]):
            break
        first -= 1
    return first


def _rows_of(sheet: Sheet, top: int, end: int) -> Sheet:
    if top == 0 and end == len(sheet.rows):
        return sheet
    rows = PackedRows(chain(repeat((), top), islice(rows_from(sheet.rows, top), end - top)))
    merges = tuple(
        Merge(merge.top, merge.left, min(merge.bottom, end - 1), merge.right)
        for merge in sheet.merges
        if top <= merge.top < end
    )
    return Sheet(sheet.name, rows, merges, hidden=sheet.hidden)


def side_by_side(grid: Grid, header: Header) -> list[Sheet]:
    """The sheet cut between tables that stand beside one another below one header row."""
    paths = header_paths(grid, *header)
    blocks = [part for block in _blocks(grid, header, paths) for part in _cycles(paths, block)]
    if len(blocks) == 1:
        return [grid.sheet]
    # What stands above or below in a gap belongs to the table before it.
    ends = [left - 1 for left, _right in blocks[1:]]
    starts = [0, *(left for left, _right in blocks[1:])]
    return [
        _columns_of(grid.sheet, left, right)
        for left, right in zip(starts, [*ends, grid.width - 1], strict=True)
    ]


def _columns_of(sheet: Sheet, left: int, right: int) -> Sheet:
    rows = PackedRows()
    for row in sheet.rows:
        cells = list(row[left : right + 1])
        while cells and cells[-1] is None:
            cells.pop()
        rows.append((None,) * left + tuple(cells) if cells else ())
    merges = tuple(
        Merge(merge.top, merge.left, merge.bottom, min(merge.right, right))
        for merge in sheet.merges
        if left <= merge.left <= right
    )
    return Sheet(sheet.name, rows, merges, hidden=sheet.hidden)


def _blocks(grid: Grid, header: Header, paths: Sequence[tuple[str, ...]]) -> list[Columns]:
    """Runs of columns between blank ones, joined again where nothing says that they are different tables."""
    filled = {index for index, path in enumerate(paths) if path}
    for row in rows_from(grid.sheet.rows, header[1] + 1):
        own = [index for index, cell in enumerate(row) if cell is not None]
        if len(own) > 1:  # a note below may begin anywhere
            filled.update(own)
    spans: set[Columns] = set()
    for merge in grid.sheet.merges:
        if merge.top >= header[0] and merge.right > merge.left:
            spans.add((merge.left, min(merge.right, grid.width - 1)))
    for left, right in spans:
        filled.update(range(left, right + 1))
    runs: list[Columns] = []
    for index in sorted(filled):
        if runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    joined: list[Columns] = []
    for run in runs:
        if joined and not _are_apart(grid, header, paths, joined[-1], run):
            joined[-1] = (joined[-1][0], run[1])
        else:
            joined.append(run)
    return joined or [(0, grid.width - 1)]


def _are_apart(
    grid: Grid, header: Header, paths: Sequence[tuple[str, ...]], left: Columns, right: Columns
) -> bool:
    """Whether what stands on both sides of a blank column are two tables."""
    here, there = (
        [paths[index] for index in range(side[0], side[1] + 1) if paths[index]] for side in (left, right)
    )
    if len(here) < 2 or len(there) < 2:
        return False
    if set(here) & set(there):
        return True
    if not is_key(there[0][-1]):
        return False
    if {path[-1] for path in here} & {path[-1] for path in there}:
        return True
    return (
        _length(grid, header, left) != _length(grid, header, right)
        or (_is_under_one_label(here) and _is_under_one_label(there))
        or _has_titles(grid, header, left, right)
    )


def _is_under_one_label(paths: Sequence[tuple[str, ...]]) -> bool:
    """Whether all columns stand below one label, which is then a title."""
    return len({path[0] for path in paths}) == 1 and all(len(path) > 1 for path in paths)


def _length(grid: Grid, header: Header, side: Columns) -> int:
    """How far down the rows of a table reach, from 0; 0 where there are gaps."""
    wanted = min(2, side[1] - side[0] + 1)
    filled = [
        at
        for at in range(header[1] + 1, len(grid.sheet.rows))
        if sum(cell is not None for cell in grid.row(at)[side[0] : side[1] + 1]) >= wanted
    ]
    return filled[-1] if filled else 0


def _has_titles(grid: Grid, header: Header, left: Columns, right: Columns) -> bool:
    """Whether each side has a title of its own above, merged over its columns."""
    tops = [
        merge
        for merge in grid.merges_from(max(0, header[0] - _TITLES), header[0] - 1)
        if merge.right > merge.left and grid.cell(merge.top, merge.left) is not None
    ]
    return any(
        one.top == other.top and one.right <= left[1] and other.left >= right[0]
        for one in tops
        for other in tops
        if one.left < other.left
    )


def _cycles(paths: Sequence[tuple[str, ...]], block: Columns) -> list[Columns]:
    """A block whose labels come again, all of them in the same order: one table after another.

    Measures under two labels have the name of what is measured beside them, which does not come again.
    """
    first, last = block
    mine = [paths[index] for index in range(first, last + 1)]
    leaves = [path[-1] if path else "" for path in mine]
    for width in range(2, len(mine) // 2 + 1):
        if len(mine) % width or not all(leaves) or not (width > 2 or is_key(leaves[0])):
            continue
        if leaves != leaves[:width] * (len(mine) // width) or len(set(leaves[:width])) < width:
            continue
        return [(start, start + width - 1) for start in range(first, last + 1, width)]
    return [block]


__all__ = ["apart", "side_by_side"]
