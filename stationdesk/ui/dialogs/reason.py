"""A question that wants a reason: what happens, why somebody answers for it, and two words to answer with."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from stationdesk.core.messages import _
from stationdesk.services.release import LEAST_REASON


class ReasonDialog(QDialog):
    """Asks over a window; leaving it is the default, and nothing happens without a reason."""

    given = Signal(str)
    """The reason, when the worker wants it."""

    def __init__(self, title: str, words: str, yes: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("reason")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        lead = QLabel(words, self)
        lead.setObjectName("reason_words")
        lead.setWordWrap(True)
        lead.setTextFormat(Qt.TextFormat.PlainText)
        self.line = QLineEdit(self)
        self.line.setObjectName("reason_line")
        self.line.setAccessibleName(_("原因"))
        self.line.setPlaceholderText(_("原因（至少四个字，会记入操作记录）"))
        self.line.textChanged.connect(self._follow)
        self._yes = self._button(yes, "reason_yes")
        self._yes.clicked.connect(lambda _on: self._give())
        leave = self._button(_("取消"), "reason_no")
        leave.setDefault(True)
        leave.clicked.connect(lambda _on: self.reject())
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self._yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        column.addWidget(lead)
        column.addWidget(self.line)
        column.addLayout(buttons)
        self._follow("")

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        return button

    def _follow(self, text: str) -> None:
        self._yes.setEnabled(len(text.strip()) >= LEAST_REASON)

    def _give(self) -> None:
        reason = self.line.text().strip()
        self.accept()
        self.given.emit(reason)
