"""设置: what the station is made of: its profile, who works there, its lists, the fields it added itself."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.services import history
from stationdesk.services.history import Step
from stationdesk.ui.dialogs.settings_codes import CodesPage
from stationdesk.ui.dialogs.settings_own import OwnFieldsPage
from stationdesk.ui.dialogs.settings_station import StationPage
from stationdesk.ui.dialogs.settings_workers import WorkersPage
from stationdesk.ui.forms import Kit
from stationdesk.ui.notices import Notice, NoticeStack, Weight
from stationdesk.ui.words import tip

_WIDTH, _HEIGHT = 1080, 650


class SettingsDialog(QDialog):
    """The pages, what they say, and undo, which reaches into the main window's steps too."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = kit.desk
        self._leaving = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("settings_dialog")
        self.setWindowTitle(_("设置"))
        self._fit(kit)
        self.station = StationPage(kit)
        self.workers = WorkersPage(kit)
        self.codes = CodesPage(kit)
        self.own = OwnFieldsPage(kit)
        self.pages = QTabWidget(self)
        self.pages.setObjectName("settings_pages")
        self.pages.setAccessibleName(_("设置"))
        self.pages.setDocumentMode(True)
        for page, words in (
            (self.station, _("社工站")),
            (self.workers, _("工作人员")),
            (self.codes, _("码表")),
            (self.own, _("自定义字段")),
        ):
            self.pages.addTab(page, words)
        self.station.form.left.connect(self.reject)
        self.undo_button = self._button(_("撤销"), "arrow-back-up", "settings_undo")
        self.notices = NoticeStack(kit.look, self, beside=self.undo_button)
        for each in (self.station, self.workers, self.codes, self.own):
            each.said.connect(self.notices.add)
        self.own.list_wanted.connect(self._show_list)
        self.undo_button.clicked.connect(lambda _on: self.undo())
        close = self._button(_("关闭"), "x", "settings_close")
        close.clicked.connect(lambda _on: self.reject())
        foot = QHBoxLayout()
        foot.addWidget(self.undo_button)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.pages, 1)
        column.addLayout(foot)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self).activated.connect(self.undo)
        self._desk.changed.connect(self._read_step)
        self._read_step()

    def show_part(self, part: Literal["place", "workers"]) -> None:
        """Turn to where something is to be told: the place of the station, or who works there."""
        if part == "workers":
            self.pages.setCurrentWidget(self.workers)
        else:
            self.station.show_place()

    def undo(self) -> None:
        """Take back the last step of this worker."""
        self._desk.change(history.undo, then=self._undone, failed=self._refused, owner=self)

    def _show_list(self, name: str) -> None:
        self.pages.setCurrentWidget(self.codes)
        self.codes.show_list(name)

    def _fit(self, kit: Kit) -> None:
        room = self.screen().availableGeometry()
        width, height = kit.look.pixels(_WIDTH), kit.look.pixels(_HEIGHT)
        self.resize(min(width, room.width() - 40), min(height, room.height() - 60))

    def _button(self, words: str, icon: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        self._desk.look.set_icon(button, icon)
        return button

    def _undone(self, changes: ChangeSet) -> None:
        self.notices.add(Notice(changes.why))

    def _refused(self, error: UserError) -> None:
        self.notices.add(Notice(str(error), Weight.WARN))

    def _read_step(self, *_changes: object) -> None:
        self._desk.read(history.can_undo, then=self._show_step, owner=self)

    def _show_step(self, step: Step | None) -> None:
        self.undo_button.setEnabled(step is not None)
        words = _("撤销：{what}").format(what=step.why) if step else _("没有可以撤销的操作")
        self.undo_button.setToolTip(tip(words))

    # The end

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._leaving and (self.station.form.unsaved or self.workers.unsaved):
            event.ignore()
            self._ask()
            return
        super().closeEvent(event)

    @override
    def reject(self) -> None:
        self._ask()

    def _ask(self) -> None:
        """Leave when every page has said that nothing would be lost."""
        if self.station.form.unsaved:
            self.pages.setCurrentWidget(self.station)
            self.station.form.ask_to_leave(self._ask)
        elif self.workers.unsaved:
            self.pages.setCurrentWidget(self.workers)
            self.workers.ask_to_leave(self._ask)
        else:
            self._leaving = True
            super().reject()
