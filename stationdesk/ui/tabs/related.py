"""A page of a form that lists the records of another kind that belong to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Key, Place, Values
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.services.listing import Filter, Query
from stationdesk.ui.desk import Desk
from stationdesk.ui.tables import RecordSource, RecordTable, Source


class RelatedPage(QWidget):
    """The records whose field `by` points to the record in the form; Enter or a double click opens one."""

    opened = Signal(str, str)
    """(record, key) of the row that was opened."""
    counted = Signal(int)

    def __init__(  # noqa: PLR0913 - what a list of related records is
        self,
        owner: str,
        record: str,
        by: str,
        desk: Desk,
        empty: str,
        parent: QWidget | None = None,
        *,
        columns: Sequence[str],
        source: Source | None = None,
        order: str = "",
        descending: bool = True,
        opens: bool = True,
    ) -> None:
        super().__init__(parent)
        self.record = record
        self.values: Values = {}
        self.owner_key: Key | None = None
        self._by = by
        self._desk = desk
        self._order = order
        self._descending = descending and bool(order)
        self.setObjectName(f"{owner}_{record}_page")
        told = {each.key: each for each in fields_of(RECORDS[record], Place.TABLE)}
        fields = [told[key] for key in columns]
        self.table = RecordTable(
            f"{owner}_{record}", fields, source or RecordSource(record), desk, parent=self
        )
        self.table.setProperty("look", "inner")
        self.table.set_empty(empty)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.table, 1)
        if opens:
            self.table.opened.connect(lambda key: self.opened.emit(record, key))
        self.table.counted.connect(self._count)
        self.table.rows.keys_came.connect(self._choose_only)
        desk.changed.connect(self._follow)

    def show_for(self, key: Key, values: Values) -> None:
        """Show what belongs to a record; `values` are those of the record."""
        self.owner_key, self.values = key, values
        filters = (Filter(self._by, frozenset({key})),)
        self.table.show_query(
            Query(self.record, filters=filters, order=self._order, descending=self._descending)
        )

    def add_button(
        self, text: str, icon: str, name: str, slot: Callable[[], object], *, needs_row: bool = False
    ) -> QPushButton:
        """A button below the list; with `needs_row` it waits until a row is chosen."""
        if self._buttons.parent() is None:
            self._column.addLayout(self._buttons)
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        self._desk.look.set_icon(button, icon)
        button.clicked.connect(lambda _on: slot())
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        if needs_row:
            button.setEnabled(False)
            self.table.counted.connect(lambda _total, chosen: button.setEnabled(chosen == 1))
        return button

    def _count(self, total: int, _chosen: int) -> None:
        if not self.table.rows.asking:
            self.counted.emit(total)

    def _choose_only(self) -> None:
        """A single row needs no choosing."""
        keys = self.table.rows.keys
        if len(keys) == 1 and not self.table.selected_keys():
            self.table.select(keys[0])

    def _follow(self, changes: ChangeSet) -> None:
        if self.record in changes.records and self.owner_key is not None:
            self.table.refresh()
