"""How much of the people served the map shows; the places of households are asked for with the password again."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from stationdesk.core.messages import _
from stationdesk.core.vocab import MapLevel
from stationdesk.services.served import UNLOCKED_FOR
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.unlock import UnlockDialog
from stationdesk.ui.forms.choices import Combo

OPEN_FOR = int(UNLOCKED_FOR.total_seconds() * 1000)
"""Milliseconds for which the places of households stay on the screen: a map that is left open is seen by others."""


class LevelBox(QWidget):
    """The choice at the head of the map. It begins with the counts by village, whatever was shown the last time."""

    changed = Signal()
    """Another level is to be shown."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._levels = tuple(MapLevel)
        self.level = MapLevel.VILLAGES
        self._box = Combo(desk.look, self)
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
        words = _(
            "地图上会标出每一户的位置。请确认旁边没有无关的人；{minutes} 分钟后自动收起。查看会记入操作记录。"
        ).format(minutes=OPEN_FOR // 60_000)
        dialog = UnlockDialog(self._desk, words, _("显示"), self.window())
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
