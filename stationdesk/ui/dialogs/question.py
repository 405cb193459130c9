"""A question before what cannot be taken back: what happens, and two words to answer with."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from stationdesk.core.messages import _


class Question(QMessageBox):
    """Asked over a window; `accepted` says that the worker wants it. Leaving it is the default."""

    def __init__(self, title: str, words: str, yes: str, parent: QWidget) -> None:
        super().__init__(QMessageBox.Icon.Question, title, words, QMessageBox.StandardButton.NoButton, parent)
        self.setObjectName("question")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        wanted = self.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        wanted.setObjectName("question_yes")
        stay = self.addButton(_("取消"), QMessageBox.ButtonRole.RejectRole)
        stay.setObjectName("question_no")
        self.setDefaultButton(stay)
        self.setEscapeButton(stay)
