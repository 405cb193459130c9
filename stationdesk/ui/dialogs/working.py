"""A dialog that has one piece of work under way at a time."""

from __future__ import annotations

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QWidget
from typing_extensions import override

from stationdesk.ui.tasks import Ticket


class WorkingDialog(QDialog):
    """Closing it stops what is under way; Esc stops that first, and closes when pressed again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._under_way: Ticket | None = None

    def _follow(self) -> None:
        """Show what can be done now; called whenever work ends."""

    def _ended(self) -> None:
        self._under_way = None
        self._follow()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._under_way is not None:
            self._under_way.cancel()
        super().closeEvent(event)

    @override
    def reject(self) -> None:
        if self._under_way is not None:
            self._under_way.cancel()
            return
        super().reject()
