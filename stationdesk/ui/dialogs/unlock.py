"""Asking for the worker's own password once more, before it is shown or printed where each household lives."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.services.served import unlock_households
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.settings_ask import AskDialog


class UnlockDialog(AskDialog):
    """Asks for the worker's own password, or, in a station without any, whether it is meant; both are put on record.

    `words` say what comes of it, `button` is what the button that goes on is called.
    """

    unlocked = Signal()

    def __init__(self, desk: Desk, words: str, button: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, "unlock", _("逐户位置"), parent)
        told = QLabel(words, self)
        told.setWordWrap(True)
        self.lines.addRow(told)
        self._password: QLineEdit | None = None
        if desk.store.key is not None:
            self._password = self.line("password", _("您的密码"), secret=True)
            self._password.setFocus()
        self.done_button.setText(button)
        self.done_button.setAccessibleName(button)

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
