"""A switch between two or three lists of one tab, each with its count."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from stationdesk.ui.toggle import Toggle


class Segment(QWidget):
    """Joined buttons of which one is down."""

    chosen = Signal(int)
    """The place of the button that was pressed."""

    def __init__(self, name: str, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = tuple(words)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, text in enumerate(words):
            button = Toggle(text, self)
            button.setObjectName(f"{name}_{place}")
            button.setAccessibleName(text)
            side = "first" if place == 0 else "last" if place == len(words) - 1 else "middle"
            button.setProperty("look", "segment")
            button.setProperty("side", side)
            self._group.addButton(button, place)
            row.addWidget(button)
        self._group.idClicked.connect(self.chosen)

    def choose(self, place: int) -> None:
        """Put a button down without telling anybody."""
        self._group.button(place).setChecked(True)

    def count(self, place: int, count: int) -> None:
        """Show how many there are."""
        self._group.button(place).setText(f"{self._words[place]} {count:,}")
