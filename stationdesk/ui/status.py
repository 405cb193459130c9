"""The line at the foot of the window: what was saved last, and where one is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from stationdesk.core.messages import _
from stationdesk.ui.desk import Desk
from stationdesk.ui.tasks import Ticket, alive
from stationdesk.ui.theme import Role
from stationdesk.ui.words import tip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the status line says of the station; already in the worker's words, empty where there is nothing."""

    worker: str = ""
    practice: bool = False
    last_backup: str = ""
    backup_due: bool = False


class StatusLine(QFrame):
    """Left: the last save and what undo would do. Right: practice mark, backup, offline, worker."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("status_line")
        self.setProperty("look", "foot")
        self._saved = self._label("status_saved")
        self._saved.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._busy = self._label("status_busy")
        self._practice = self._label("status_practice")
        self._practice.setText(_("练习镇：数据都是编的"))
        self._practice.setProperty("look", "pill")
        self._practice.setProperty("role", Role.WARN.value)
        self._backup = self._label("status_backup")
        self._offline = self._label("status_offline")
        self._offline.setText(_("断网 · 本机"))
        self._offline.setToolTip(_("程序从不联网，数据只在这台电脑上"))
        self._worker = self._label("status_worker")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 14, 4)
        row.setSpacing(18)
        row.addWidget(self._saved, 1)
        for label in (self._busy, self._practice, self._backup, self._offline, self._worker):
            row.addWidget(label)
        self._busy.hide()
        self.show_facts(Facts())

    def show_facts(self, facts: Facts) -> None:
        """Show what is known of the station."""
        self._practice.setVisible(facts.practice)
        words = _("上次备份 {when}").format(when=facts.last_backup) if facts.last_backup else _("还没有备份")
        self._backup.setText(words)
        self._backup.setProperty("look", "plain" if facts.backup_due or not facts.last_backup else "small")
        self._backup.setProperty("role", Role.WARN.value)
        self._backup.style().unpolish(self._backup)
        self._backup.style().polish(self._backup)
        self._worker.setText(facts.worker)
        self._worker.setVisible(bool(facts.worker))

    def say_saved(self, text: str) -> None:
        """Say what was saved last."""
        self._saved.setText(text)
        self._saved.setToolTip(tip(text))

    def show_busy(self, words: str) -> None:
        """Say that something is under way; an empty text says nothing is."""
        self._busy.setText(words)
        self._busy.setVisible(bool(words))

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setProperty("look", "small")
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label


class TaskRow(QFrame):
    """Long work that is under way: what, how far, and Cancel. Seen only after 300 ms."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tickets: list[Ticket] = []
        self.setObjectName("task_row")
        self.setAccessibleName(_("进行中的工作"))
        self.setProperty("look", "foot")
        self._words = QLabel(self)
        self._words.setObjectName("task_words")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("task_bar")
        self._bar.setAccessibleName(_("进度"))
        self._bar.setTextVisible(False)
        self._cancel = QPushButton(_("取消"), self)
        self._cancel.setObjectName("task_cancel")
        self._cancel.setAccessibleName(_("取消"))
        self._cancel.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(12)
        row.addWidget(self._words)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        desk.slow.connect(self._add)
        self._busy: Callable[[str], object] | None = None
        self._quiet: set[Ticket] = set()
        self.hide()

    def tell_busy(self, say: Callable[[str], object]) -> None:
        """Where to say that a screen takes long; such work has no bar."""
        self._busy = say

    def _add(self, ticket: Ticket) -> None:
        ticket.ended.connect(lambda: self._remove(ticket))
        if not ticket.title:
            self._quiet.add(ticket)
            self._tell_busy()
            return
        self._tickets.append(ticket)
        ticket.moved.connect(self._draw)
        self._draw()
        self.show()

    def _remove(self, ticket: Ticket) -> None:
        if not alive(self):
            return  # a dialog was closed over work that ends by itself
        self._quiet.discard(ticket)
        self._tell_busy()
        if ticket in self._tickets:
            self._tickets.remove(ticket)
        self.setVisible(bool(self._tickets))
        self._draw()

    def _tell_busy(self) -> None:
        if self._busy is not None:
            self._busy(_("正在读取…") if self._quiet else "")

    def _draw(self) -> None:
        if not self._tickets:
            return
        ticket = self._tickets[0]
        words = f"{ticket.title} · {ticket.sentence}" if ticket.sentence else ticket.title
        if ticket.total:
            words += _("  {done:,} / {total:,}").format(done=ticket.done, total=ticket.total)
        if ticket.stopping:
            words = _("正在停止：{title}").format(title=ticket.title)
        self._words.setText(words)
        self._cancel.setEnabled(not ticket.stopping)
        self._bar.setMaximum(ticket.total)
        self._bar.setValue(min(ticket.done, ticket.total))

    def _stop(self) -> None:
        if self._tickets:
            self._tickets[0].cancel()
            self._draw()
