"""Rows of words in a window of their own: what stands behind a figure, what was corrected."""

from __future__ import annotations

import re
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
_NARROWEST = 64
"""A column is cut down to so many pixels at 11 points before the rows have to be scrolled."""
_SIDE = 16
_EDGE = 24
"""Pixels of the screen that stay free at either side."""
_NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?%?")


class PlainRows(QAbstractTableModel):
    """Words in rows and columns, read only."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labels: Sequence[str] = ()
        self._rows: Sequence[Sequence[str]] = ()
        self._numbers = frozenset[int]()

    def show(self, labels: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show these rows under these labels."""
        self.beginResetModel()
        self._labels, self._rows = labels, rows
        self._numbers = frozenset(
            column
            for column in range(len(labels))
            if any(row[column] for row in rows)
            and all(not row[column] or _NUMBER.fullmatch(row[column]) for row in rows)
        )
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
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation is Qt.Orientation.Horizontal:
            return self._side(section)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return _(self._labels[section]) if orientation is Qt.Orientation.Horizontal else section + 1

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return self._rows[index.row()][index.column()]

    def _side(self, column: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if column in self._numbers else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)


class PlainRowsDialog(QDialog):
    """A heading, the rows, and a line of buttons; Enter or a double click opens a row.

    Every column is in sight where the screen has room for it: the window grows, then the widest columns give way.
    """

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
        column.setContentsMargins(_SIDE, 14, _SIDE, 12)
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
        wanted = [min(self.table.columnWidth(column), widest) for column in range(len(labels))]
        self._widen(sum(wanted))
        fitted = _fitted(wanted, self._room(), self.look.pixels(_NARROWEST))
        for column, width in enumerate(fitted):
            self.table.setColumnWidth(column, width)

    def _around(self) -> int:
        """What the window needs beside the columns."""
        beside = self.table.verticalHeader().sizeHint().width() + 2 * self.table.frameWidth()
        scrolling = self.table.verticalScrollBar().sizeHint().width()
        return 2 * _SIDE + beside + scrolling

    def _room(self) -> int:
        return self.width() - self._around()

    def _widen(self, columns: int) -> None:
        """As wide as the columns need and the screen allows, about the same middle."""
        screen = self.screen().availableGeometry()
        most = screen.width() - 2 * self.look.pixels(_EDGE)
        width = min(max(self.width(), columns + self._around()), most)
        if width == self.width():
            return
        left = self.x() - (width - self.width()) // 2
        least, last = screen.left() + self.look.pixels(_EDGE), screen.right() - width
        self.resize(width, self.height())
        if self.isVisible():
            self.move(max(least, min(left, last)), self.y())


def _fitted(wanted: Sequence[int], room: int, least: int) -> list[int]:
    """The widths that fill the room: the widest are cut to one width, none below `least`; what is left is shared."""
    cap = max(wanted, default=0)
    while cap > least and sum(min(width, cap) for width in wanted) > room:
        cap -= 1
    fitted = [min(width, cap) for width in wanted]
    share = max(room - sum(fitted), 0) // max(len(fitted), 1)
    return [width + share for width in fitted]
