"""The head of a table, with our own mark for the sorted column."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget
from typing_extensions import override

from stationdesk.ui.theme import Look


class SortHeader(QHeaderView):
    """Marks the sorted column with an arrow beside its words."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self._sorted = -1
        self._descending = False
        self.setMouseTracking(True)

    def mark(self, section: int, *, descending: bool) -> None:
        """Mark a column; -1 marks none."""
        self._sorted, self._descending = section, descending
        self.viewport().update()

    @property
    def marked(self) -> tuple[int, bool]:
        """The marked column and whether it is descending."""
        return self._sorted, self._descending

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.save()
        super().paintSection(painter, rect, logicalIndex)
        painter.restore()
        if logicalIndex != self._sorted:
            return
        words = str(self.model().headerData(logicalIndex, self.orientation()) or "")
        font = self.font()
        font.setBold(True)
        edge = self._look.pixels(14)
        painter.setFont(font)
        offset = painter.fontMetrics().horizontalAdvance(words) + self._look.pixels(11)
        # Where the words fill the column, the mark stands in its margin.
        left = min(rect.left() + offset, rect.right() - edge + self._look.pixels(3))
        place = QRect(left, rect.center().y() - edge // 2, edge, edge)
        self._look.icon("chevron-down" if self._descending else "chevron-up", "accent").paint(painter, place)
