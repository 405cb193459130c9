"""A password on a file that is given out: asked twice, kept nowhere."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from stationdesk.core.messages import _
from stationdesk.core.sealing import BadPassword, check_password


class LockBox(QWidget):
    """A tick, and below it the password twice. What is wrong with it is said here, before anything is made."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = QCheckBox(_("给文件加密码（用 U 盘送出时）"), self)
        self._wanted.setObjectName(f"{name}_lock")
        self._wanted.setAccessibleName(self._wanted.text())
        self._first = self._line(_("密码"), f"{name}_password")
        self._again = self._line(_("再输一次密码"), f"{name}_password_again")
        self._words = QLabel(_("密码不会被保存，忘了就打不开这个文件。请另外告诉收件人。"), self)
        self._words.setObjectName(f"{name}_lock_words")
        self._words.setWordWrap(True)
        self._words.setProperty("look", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self._wanted, self._first, self._again, self._words):
            column.addWidget(widget)
        self._wanted.toggled.connect(self._show)
        self._show(wanted=False)

    def password(self) -> str | None:
        """The password, or None where none is wanted.

        Raises:
            BadPassword: it cannot be used, or the two differ; the sentence stands here as well.
        """
        if not self._wanted.isChecked():
            return None
        try:
            return check_password(self._first.text(), self._again.text())
        except BadPassword as error:
            self._say(str(error), "problem")
            self._first.setFocus()
            raise

    def forget(self) -> None:
        """Take the password away, when the file is written or the dialog goes.

        The tick stays: who asked for a password wants one on the next file too, and must not give it out open.
        """
        for line in (self._first, self._again):
            line.clear()
        self._plain_words()

    def _line(self, words: str, name: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName(name)
        line.setAccessibleName(words)
        line.setPlaceholderText(words)
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.textEdited.connect(lambda _text: self._plain_words())
        return line

    def _plain_words(self) -> None:
        self._say(_("密码不会被保存，忘了就打不开这个文件。请另外告诉收件人。"), "small")

    def _show(self, wanted: bool) -> None:
        for widget in (self._first, self._again, self._words):
            widget.setVisible(wanted)
        if wanted:
            self._first.setFocus()
        self._plain_words()
        self.changed.emit()

    def _say(self, words: str, look: str) -> None:
        self._words.setText(words)
        if self._words.property("look") != look:
            self._words.setProperty("look", look)
            self._words.style().unpolish(self._words)
            self._words.style().polish(self._words)
