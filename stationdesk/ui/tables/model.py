"""The item model of a long list: it knows all keys and only the rows that are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from stationdesk.core.fields import Field, Key
from stationdesk.core.messages import _
from stationdesk.services.listing import PAGE, Page, Query, Row
from stationdesk.ui.desk import Desk
from stationdesk.ui.tables.pills import role_of
from stationdesk.ui.tables.source import Source
from stationdesk.ui.tasks import Ticket
from stationdesk.ui.theme import Role
from stationdesk.ui.words import has_mask, masked_words, tip, words

Index = QModelIndex | QPersistentModelIndex
ROLE = int(Qt.ItemDataRole.UserRole)
"""The item data that holds the name of a `Role` where the cell is a pill."""
ROOT = QModelIndex()
KEPT = 4_000
"""Rows kept; those looked at longest ago go first."""
WAITING = 6
"""Pages waiting to be read; what was scrolled past is not read."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it is painted. `row` is None when the record is gone."""

    row: Row | None
    texts: tuple[str, ...]
    roles: tuple[Role | None, ...]
    state: int


class RowModel(QAbstractTableModel):
    """The keys of a query, and the rows of the pages that were asked for.

    Rows that were read before a change stay on the screen until their fresh page has come.
    """

    keys_came = Signal()
    """The keys of the query have come, whether or not they differ."""

    def __init__(
        self,
        fields: Sequence[Field],
        source: Source,
        desk: Desk,
        *,
        masked: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.fields = tuple(fields)
        self.query = Query("")
        self._source = source
        self._desk = desk
        self._masked = masked
        self._keys: tuple[Key, ...] = ()
        self._rows: OrderedDict[Key, Shown] = OrderedDict()
        self._places: dict[Key, int] | None = None
        self._state = 0
        self._asking: Ticket | None = None
        self._reading: Ticket | None = None
        self._wanted: OrderedDict[int, None] = OrderedDict()

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of all rows, in order."""
        return self._keys

    @property
    def hides_something(self) -> bool:
        """Whether a column is shown through a mask."""
        return self._masked and any(has_mask(each) for each in self.fields)

    @property
    def asking(self) -> bool:
        """Whether the keys of the query are on their way."""
        return self._asking is not None

    def show(self, query: Query) -> None:
        """Show a query; asked again, it brings fresh keys and rows."""
        self.query = query
        if self._asking is not None:
            self._asking.drop()
        self._asking = self._desk.read(self._source.keys_of, query, then=self._take_keys)

    def place_of(self, key: Key) -> int | None:
        """The row of a key, or None."""
        if self._places is None:
            self._places = {each: place for place, each in enumerate(self._keys)}
        return self._places.get(key)

    def row(self, place: int) -> Row | None:
        """The row at a place, where it has been read."""
        shown = self._rows.get(self._keys[place])
        return shown.row if shown else None

    def shown(self, page: Page) -> list[Shown]:
        """Rows as they are painted or copied: codes in words, masks applied."""
        return [self._shown(row, page) for row in page.rows]

    @override
    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._keys)

    @override
    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.fields)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self._is_number(column) else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, ROLE):
            return None
        shown = self._at(index.row())
        if shown is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole and column == 0 else None
        if role == ROLE:
            found = shown.roles[column]
            return found.value if found else None
        text = shown.texts[column]
        return tip(text) if role == Qt.ItemDataRole.ToolTipRole else text

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.fields):
            return None
        field = self.fields[section]
        if role == Qt.ItemDataRole.DisplayRole:
            unit = f" ({_(field.spec.unit)})" if field.spec.unit else ""
            return f"{_(field.label)}{unit}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self._is_number(section) else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole and field.spec.ordered:
            return _("点击排序，再点一次反过来")
        return None

    def _is_number(self, column: int) -> bool:
        field = self.fields[column]
        return not field.many and field.type in (int, float, Decimal)

    def _at(self, place: int) -> Shown | None:
        key = self._keys[place]
        shown = self._rows.get(key)
        if shown is None or shown.state != self._state:
            self._want(place // PAGE)
        else:
            self._rows.move_to_end(key)
        return shown

    def _want(self, page: int) -> None:
        self._wanted[page] = None
        self._wanted.move_to_end(page)
        while len(self._wanted) > WAITING:
            self._wanted.popitem(last=False)
        self._read_next()

    def _read_next(self) -> None:
        while self._reading is None and self._wanted:
            page, _nothing = self._wanted.popitem()
            keys = self._keys[page * PAGE : (page + 1) * PAGE]
            stale = [key for key in keys if not self._is_fresh(key)]
            if stale:
                state = self._state

                def take(found: Page, keys: tuple[Key, ...] = keys, state: int = state) -> None:
                    self._take_rows(found, keys, state)

                self._reading = self._desk.read(self._source.rows_of, keys, then=take, owner=self)

    def _is_fresh(self, key: Key) -> bool:
        shown = self._rows.get(key)
        return shown is not None and shown.state == self._state

    def _take_keys(self, keys: tuple[Key, ...]) -> None:
        self._asking = None
        self._state += 1
        self._wanted.clear()
        if keys == self._keys:
            if keys:
                self.dataChanged.emit(self.index(0, 0), self.index(len(keys) - 1, len(self.fields) - 1))
        else:
            self.beginResetModel()
            self._keys = keys
            self._places = None
            self.endResetModel()
        self.keys_came.emit()

    def _take_rows(self, page: Page, keys: tuple[Key, ...], state: int) -> None:
        self._reading = None
        found = {row.key: self._shown(row, page, state) for row in page.rows}
        gone = Shown(None, ("—",) * len(self.fields), (None,) * len(self.fields), state)
        for key in keys:
            self._rows[key] = found.get(key, gone)
            self._rows.move_to_end(key)
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)
        places = [place for place in (self.place_of(key) for key in (keys[0], keys[-1])) if place is not None]
        if places:
            self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), len(self.fields) - 1))
        self._read_next()

    def _shown(self, row: Row, page: Page, state: int = 0) -> Shown:
        tell = masked_words if self._masked else words
        texts = (tell(field, row.values.get(field.key), page.book) for field in self.fields)
        roles = tuple(role_of(row.values.get(field.key)) for field in self.fields)
        return Shown(row, tuple(text.replace("\n", " ") for text in texts), roles, state)
