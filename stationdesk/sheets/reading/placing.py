"""A sheet that is filled cell by cell, for files that say where each cell stands."""

from __future__ import annotations

from stationdesk.sheets.reading.archives import MAX_COLUMNS, MAX_ROWS, Corner, far_cell
from stationdesk.sheets.reading.cells import Cell, Row
from stationdesk.sheets.reading.refusals import too_big

MAX_CELLS = 8_000_000


class Placing:
    """The rows and merged ranges so far; rows and columns count from 0.

    Rows are filled from top to bottom. A cell or a range too far out is refused with its name before
    anything is laid out for it.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.merges: list[tuple[int, int, int, int]] = []
        self._row: list[Cell] = []
        self._blank = 0  # rows that are laid out only when something follows them
        self._covered: dict[int, int] = {}  # column: last row that a merged range from above covers
        self._cells = 0
        self._settled = 0  # merged ranges of tables that have ended

    @property
    def at(self) -> int:
        """The row that is being filled."""
        return len(self.rows) + self._blank

    @property
    def is_begun(self) -> bool:
        """Whether the present row holds anything."""
        return bool(self._row)

    def free(self, column: int) -> int:
        """The first column from `column` on that no merged range from above covers."""
        while self._covered.get(column, -1) >= self.at:
            column += 1
        return column

    def put(self, column: int, cell: Cell, *, down: int = 0, across: int = 0) -> None:
        """Set a cell of the present row, merged over `down` more rows and `across` more columns."""
        if cell is not None or down or across:
            _refuse_far(self.at + 1, column + 1)
        if cell is not None:
            self._row.extend([None] * (column + 1 - len(self._row)))
            self._row[column] = cell
        if not down and not across:
            return
        down, across = min(down, MAX_ROWS), min(across, MAX_COLUMNS - column - 1)
        self.merges.append((self.at, column, self.at + down, column + across))
        if down:
            for each in range(column, column + across + 1):
                self._covered[each] = self.at + down

    def end_row(self) -> None:
        """The present row is complete."""
        if not self._row:
            self._blank += 1
            return
        self._cells += len(self._row)
        if self._cells > MAX_CELLS:
            raise too_big()
        self.rows.extend([()] * self._blank)
        self.rows.append(tuple(self._row))
        self._blank, self._row = 0, []

    def skip(self, rows: int) -> None:
        """Leave rows blank."""
        self._blank += max(0, rows)

    def end_table(self) -> None:
        """A table ends: no merged range reaches below it."""
        last = self.at - 1
        self.merges[self._settled :] = [
            (top, left, min(bottom, last), right)
            for top, left, bottom, right in self.merges[self._settled :]
            if top <= last
        ]
        self._settled = len(self.merges)
        self._covered.clear()


def _refuse_far(row: int, column: int) -> None:
    corner = Corner(row, column)
    if corner.too_far:
        raise far_cell(corner)
