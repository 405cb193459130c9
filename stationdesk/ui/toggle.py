"""A button that stays down and is bold while it is: it has room for both."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QPushButton, QWidget
from typing_extensions import override


class Toggle(QPushButton):
    """A checkable button as wide as its words are in bold.

    Chinese characters are alike wide in both weights, Latin letters are not, and Qt measures the plain ones.
    """

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)

    @override
    def sizeHint(self) -> QSize:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        plain, wide = (
            each.horizontalAdvance(self.text()) for each in (self.fontMetrics(), QFontMetrics(bold))
        )
        return super().sizeHint() + QSize(max(0, wide - plain), 0)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
