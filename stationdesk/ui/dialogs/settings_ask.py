"""A small dialog that asks for a few values and says itself what stands in the way."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.ui.desk import Desk


class AskDialog(QDialog):
    """A few lines, a refusal, and two buttons."""

    def __init__(self, desk: Desk, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._name = name
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName(f"{name}_dialog")
        self.setWindowTitle(title)
        self.setMinimumWidth(desk.look.pixels(420))
        self.lines = QFormLayout()
        self.lines.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.refusal = QLabel(self)
        self.refusal.setObjectName(f"{name}_refusal")
        self.refusal.setProperty("look", "problem")
        self.refusal.setWordWrap(True)
        self.refusal.setTextFormat(Qt.TextFormat.PlainText)
        self.refusal.hide()
        leave = QPushButton(_("取消"), self)
        leave.setObjectName(f"{name}_cancel")
        leave.setAccessibleName(_("取消"))
        leave.setAutoDefault(False)
        leave.clicked.connect(lambda _on: self.reject())
        self.done_button = QPushButton(_("保存"), self)
        self.done_button.setObjectName(f"{name}_save")
        self.done_button.setAccessibleName(_("保存"))
        self.done_button.setProperty("look", "primary")
        self.done_button.setDefault(True)
        self.done_button.clicked.connect(lambda _on: self.act())
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self.done_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addLayout(self.lines)
        column.addWidget(self.refusal)
        column.addLayout(buttons)

    def line(self, name: str, words: str, *, secret: bool = False) -> QLineEdit:
        """A line with its label."""
        line = QLineEdit(self)
        line.setObjectName(f"{self._name}_{name}")
        line.setAccessibleName(words)
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        self.lines.addRow(words, line)
        if self.lines.rowCount() == 1:
            line.setFocus()
        return line

    def act(self) -> None:
        """Do what was asked for."""

    def refuse(self, sentence: str, line: QWidget | None = None) -> None:
        """Say what stands in the way, and let it be mended."""
        self.refusal.setText(sentence)
        self.refusal.show()
        self.done_button.setEnabled(True)
        if line is not None:
            line.setFocus()

    def wait(self) -> None:
        """Nothing can be pressed twice while it is being done."""
        self.refusal.hide()
        self.done_button.setEnabled(False)

    def failed(self, error: UserError) -> None:
        """What the use case refused."""
        self.refuse(str(error))
