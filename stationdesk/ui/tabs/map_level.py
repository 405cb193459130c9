"""How much of the people served the map shows; the places of households are asked for with the password again."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.vocab import MapLevel
from stationdesk.services.served import unlock_households
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.settings_ask import AskDialog

OPEN_FOR = 15 * 60_000
"""Milliseconds for which the places of households stay on the screen: a map that is left open is seen by others."""


class UnlockDialog(AskDialog):
    """Asks for the worker's own password, or, in a station without any, whether it is meant; both are put on record."""

    unlocked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "unlock", _("显示逐户位置"), parent)
        words = QLabel(
            _(
                "地图上会标出每一户的位置。请确认旁边没有无关的人；{minutes} 分钟后自动收起。查看会记入操作记录。"
            ).format(minutes=OPEN_FOR // 60_000),
            self,
        )
        words.setWordWrap(True)
        self.lines.addRow(words)
        self._password: QLineEdit | None = None
        if desk.store.key is not None:
            self._password = self.line("password", _("您的密码"), secret=True)
            self._password.setFocus()
        self.done_button.setText(_("显示"))
        self.done_button.setAccessibleName(_("显示"))

    @override
    def act(self) -> None:
        self.wait()
        password = self._password.text() if self._password is not None else ""
        self.desk.change(unlock_households, password, then=self._done, failed=self._wrong, owner=self)

    def _done(self, _changes: ChangeSet) -> None:
        self.unlocked.emit()
        self.accept()

    def _wrong(self, error: UserError) -> None:
        self.refuse(str(error), self._password)
        if self._password is not None:
            self._password.selectAll()


class LevelBox(QWidget):
    """The choice at the head of the map. It begins with the counts by village, whatever was shown the last time."""

    changed = Signal()
    """Another level is to be shown."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._levels = tuple(MapLevel)
        self.level = MapLevel.VILLAGES
        self._box = QComboBox(self)
        self._box.setObjectName("map_level")
        self._box.setAccessibleName(_("服务对象显示到"))
        self._box.setToolTip(_("给别人看屏幕时选“只有资源”；“逐户位置”要再输一次密码"))
        for level in self._levels:
            self._box.addItem(_(level.label))
        label = QLabel(_("服务对象"), self)
        label.setBuddy(self._box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addWidget(self._box)
        self._time = QTimer(self)
        self._time.setSingleShot(True)
        self._time.setInterval(OPEN_FOR)
        self._time.timeout.connect(self._close)
        self._box.activated.connect(self._choose)
        self._show()

    def ask(self) -> None:
        """Ask for the password, and show where each household lives."""
        dialog = UnlockDialog(self._desk, self.window())
        dialog.unlocked.connect(lambda: self._set(MapLevel.EXACT))
        dialog.finished.connect(lambda _how: self._show())
        dialog.open()

    def _choose(self, place: int) -> None:
        level = self._levels[place]
        if level.needs_unlocking and level is not self.level:
            self.ask()
        else:
            self._set(level)

    def _set(self, level: MapLevel) -> None:
        self._time.stop()
        if level.needs_unlocking:
            self._time.start()
        if level is not self.level:
            self.level = level
            self.changed.emit()
        self._show()

    def _show(self) -> None:
        self._box.setCurrentIndex(self._levels.index(self.level))

    def _close(self) -> None:
        self._set(MapLevel.VILLAGES)
        self._desk.notify(_("逐户位置已自动收起。"))
