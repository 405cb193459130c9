"""Rows of words in a window of their own: what stands behind a figure, what was corrected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.ui.theme import Look

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_WIDEST = 260


class PlainRows(QAbstractTableModel):
    """Words in rows and columns, read only."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labels: Sequence[str] = ()
        self._rows: Sequence[Sequence[str]] = ()

    def show(self, labels: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show these rows under these labels."""
        self.beginResetModel()
        self._labels, self._rows = labels, rows
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._labels)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return _(self._labels[section]) if orientation is Qt.Orientation.Horizontal else section + 1

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return self._rows[index.row()][index.column()]


class PlainRowsDialog(QDialog):
    """A heading, the rows, and a line of buttons; Enter or a double click opens a row."""

    row_opened = Signal(int)

    def __init__(self, look: Look, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.resize(look.pixels(980), look.pixels(560))
        self.words = QLabel(self)
        self.words.setObjectName(f"{name}_words")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.rows = PlainRows(self)
        self.table = QTableView(self)
        self.table.setObjectName(f"{name}_table")
        self.table.setAccessibleName(title)
        self.table.setModel(self.rows)
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().setDefaultSectionSize(look.pixels(28))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.activated.connect(lambda index: self.row_opened.emit(index.row()))
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self._leave = self.button(_("关闭"), "close")
        self._leave.clicked.connect(lambda _on: self.reject())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.words)
        column.addWidget(self.table, 1)
        column.addLayout(self.buttons)

    def button(self, words: str, name: str) -> QPushButton:
        """A further button, before the last one."""
        button = QPushButton(words, self)
        button.setObjectName(f"{self.objectName()}_{name}")
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        last = self.buttons.count() - 1
        self.buttons.insertWidget(last if last > 0 else 1, button)
        return button

    def fill(self, words: str, labels: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show rows with what is to be said of them."""
        self.words.setText(words)
        self.rows.show(labels, rows)
        self.table.resizeColumnsToContents()
        widest = self.look.pixels(_WIDEST)
        for column in range(len(labels)):
            self.table.setColumnWidth(column, min(self.table.columnWidth(column), widest))
