"""The page of a form that tells what happened to the record."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.services.history import Entry, history_of
from stationdesk.ui.desk import Desk
from stationdesk.ui.tasks import Ticket
from stationdesk.ui.words import tip


class HistoryPage(QWidget):
    """When, who, and in a sentence what; read when it is looked at."""

    def __init__(self, record: str, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record = record
        self._desk = desk
        self._shown: Key | None = None
        self._reading: Ticket | None = None
        self._entries = QStandardItemModel(0, 3, self)
        self._entries.setHorizontalHeaderLabels([_("时间"), _("谁"), _("做了什么")])
        self.view = QTableView(self)
        self.view.setObjectName(f"{record}_history_list")
        self.view.setAccessibleName(_("历史"))
        self.view.setModel(self._entries)
        self.view.setShowGrid(False)
        self.view.setWordWrap(True)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.verticalHeader().hide()
        self.view.setTabKeyNavigation(False)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        across = self.view.horizontalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        across.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        desk.look.changed.connect(self._fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.view)

    def forget(self) -> None:
        """What is shown is no longer true."""
        self._shown = None

    def show_for(self, key: Key) -> None:
        """Read the history of a record, unless it is shown already."""
        if key == self._shown:
            return
        self._shown = key
        if self._reading is not None:
            self._reading.drop()
        self._reading = self._desk.read(history_of, self._record, key, then=self._show)

    def _show(self, entries: tuple[Entry, ...]) -> None:
        self._entries.removeRows(0, self._entries.rowCount())
        for entry in entries:
            texts = (entry.at.astimezone().strftime("%Y-%m-%d %H:%M"), entry.actor, entry.sentence)
            row = [QStandardItem(text) for text in texts]
            for item in row:
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            row[2].setToolTip(tip(entry.sentence))
            self._entries.appendRow(row)
        self._fit()

    def _fit(self) -> None:
        metrics, margin = self.view.fontMetrics(), self._desk.look.pixels(20)
        self.view.setColumnWidth(0, metrics.horizontalAdvance("2026-11-22 08:56") + margin)
        self.view.setColumnWidth(1, metrics.horizontalAdvance(_("谁")) * 4 + margin)
        self.view.resizeRowsToContents()
        for row in range(self._entries.rowCount()):
            self.view.setRowHeight(row, self.view.rowHeight(row) + self._desk.look.pixels(8))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
