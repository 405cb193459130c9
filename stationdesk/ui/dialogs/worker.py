"""Who is working: the choice of the worker, and the password where the station has them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from stationdesk.core.messages import _
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.theme import Look


class WorkerDialog(QDialog):
    """Asks who is working. The app tries the password and says with `refuse` why it did not open."""

    chosen = Signal(str, str)
    """The worker's name and the password; an empty password where the station has none."""
    other_station_wanted = Signal()

    def __init__(
        self,
        workers: Sequence[str],
        look: Look,
        station: str,
        folder: Path,
        *,
        secret: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        station = station or folder.name
        self.setObjectName("worker_dialog")
        self.setWindowTitle(station)
        self.setMinimumWidth(look.pixels(380))
        self._worker = Combo(look, self)
        self._worker.setObjectName("worker_name")
        self._worker.setAccessibleName(_("您是谁"))
        self._worker.addItems(list(workers))
        self._password = QLineEdit(self)
        self._password.setObjectName("worker_password")
        self._password.setAccessibleName(_("密码"))
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._password.setVisible(secret)
        self._refusal = QLabel(self)
        self._refusal.setObjectName("worker_refusal")
        self._refusal.setProperty("look", "problem")
        self._refusal.setWordWrap(True)
        self._refusal.setTextFormat(Qt.TextFormat.PlainText)
        self._refusal.hide()
        self._secret = secret
        self._open = QPushButton(_("打开"), self)
        self._open.setObjectName("worker_open")
        self._open.setAccessibleName(_("打开"))
        self._open.setProperty("look", "primary")
        self._open.setDefault(True)
        self._open.clicked.connect(self._choose)
        other = QPushButton(_("其他站点…"), self)
        other.setObjectName("worker_other")
        other.setAccessibleName(_("其他站点…"))
        other.setAutoDefault(False)
        other.clicked.connect(self.other_station_wanted)
        label = QLabel(_("密码"), self)
        label.setVisible(secret)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        for text, name, kind in (
            (station, "worker_station", "title"),
            (str(folder), "worker_folder", "small"),
        ):
            column.addWidget(self._head(text, name, kind))
        column.addSpacing(6)
        for part in (QLabel(_("您是谁"), self), self._worker, label, self._password, self._refusal):
            column.addWidget(part)
        buttons = QHBoxLayout()
        buttons.addWidget(other)
        buttons.addStretch(1)
        buttons.addWidget(self._open)
        column.addLayout(buttons)
        if secret:
            self._password.setFocus()

    def _head(self, text: str, name: str, look: str) -> QLabel:
        label = QLabel(text, self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("look", look)
        label.setWordWrap(True)
        return label

    def refuse(self, sentence: str) -> None:
        """Say why the station did not open, and let the worker try again."""
        self._refusal.setText(sentence)
        self._refusal.show()
        self._set_trying(trying=False)
        self._password.selectAll()
        self._password.setFocus()

    def _choose(self) -> None:
        if self._secret and not self._password.text():
            self.refuse(_("请输入密码"))
            return
        self._refusal.hide()
        self._set_trying(trying=True)
        self.chosen.emit(self._worker.currentText(), self._password.text())

    def _set_trying(self, *, trying: bool) -> None:
        self._open.setEnabled(not trying)
        self._open.setText(_("正在打开…") if trying else _("打开"))
