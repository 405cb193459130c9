"""What happened to a record, in sentences, and the way back from each step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.services import history
from stationdesk.services.history import Entry
from stationdesk.ui.desk import Desk


class HistoryList(QFrame):
    """The entries of one record, the newest first. Stands in a dialog or as a page of a form."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._record = ""
        self._key = Key("")
        self._entries: tuple[Entry, ...] = ()
        self.setObjectName("history")
        self._list = QListWidget(self)
        self._list.setObjectName("history_list")
        self._list.setAccessibleName(_("历史"))
        self._list.setProperty("look", "clear")
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._none = QLabel(_("还没有记录"), self)
        self._none.setProperty("look", "muted")
        self._undo = QPushButton(_("撤销选中的这一步"), self)
        self._undo.setObjectName("history_undo")
        self._undo.setAccessibleName(_("撤销选中的这一步"))
        desk.look.set_icon(self._undo, "arrow-back-up")
        self._undo.clicked.connect(self._take_back)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._undo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self._none)
        column.addWidget(self._list, 1)
        column.addLayout(foot)
        self._list.currentRowChanged.connect(self._choose)
        desk.changed.connect(self._refresh)
        self._choose(-1)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is shown."""
        return self._entries

    def show_record(self, record: str, key: Key) -> None:
        """Read and show the history of a record."""
        self._record, self._key = record, key
        self._desk.read(history.history_of, record, key, then=self._show)

    def _show(self, entries: Sequence[Entry]) -> None:
        self._entries = tuple(entries)
        self._list.clear()
        for entry in self._entries:
            when = entry.at.astimezone().strftime("%Y-%m-%d %H:%M")
            self._list.addItem(QListWidgetItem(f"{when}  {entry.actor}\n{entry.sentence}"))
        self._none.setVisible(not self._entries)
        self._choose(-1)

    def _choose(self, row: int) -> None:
        self._undo.setEnabled(0 <= row < len(self._entries) and bool(self._entries[row].batch))

    def _take_back(self) -> None:
        row = self._list.currentRow()
        if 0 <= row < len(self._entries):
            self._desk.change(history.undo, Key(self._entries[row].batch), then=self._undone)

    def _undone(self, changes: ChangeSet) -> None:
        self._desk.notify(changes.why)

    def _refresh(self, changes: ChangeSet) -> None:
        if self._key and self._key in changes.keys(self._record):
            self.show_record(self._record, self._key)


class HistoryDialog(QDialog):
    """The history of one record in a window of its own; the main window stays usable."""

    def __init__(self, desk: Desk, record: str, key: Key, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("历史：{title}").format(title=title))
        self.resize(desk.look.pixels(560), desk.look.pixels(460))
        self.entries = HistoryList(desk, self)
        column = QVBoxLayout(self)
        column.addWidget(self.entries)
        self.entries.show_record(record, key)
