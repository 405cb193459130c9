"""One page of a form: its boxes in one column or two, as the width allows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget
from typing_extensions import override

from stationdesk.ui.forms.box import FieldBox
from stationdesk.ui.theme import Look

TWO_COLUMNS = 760
"""Pixels at 11 points from which a page has two columns."""


class FormPage(QScrollArea):
    """Scrolls, never sideways, and follows the keyboard."""

    def __init__(self, boxes: Sequence[FieldBox], look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = tuple(boxes)
        self._look = look
        self._columns = 0
        self._top: QWidget | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget(self)
        self._inside.setProperty("look", "clear")
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(2, 10, 10, 6)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(8)
        self.setWidget(self._inside)
        for box in self.boxes:
            box.setParent(self._inside)
        self._arrange(1)
        look.changed.connect(self._fit)

    def set_top(self, widget: QWidget) -> None:
        """Put a widget above the boxes, over the whole width."""
        self._top = widget
        widget.setParent(self._inside)
        columns, self._columns = self._columns, 0
        self._arrange(columns)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._arrange(2 if self.viewport().width() >= self._look.pixels(TWO_COLUMNS) else 1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        while self._grid.count():
            self._grid.takeAt(0)
        row = column = 0
        if self._top is not None:
            self._grid.addWidget(self._top, 0, 0, 1, columns)
            row = 1
        for box in self.boxes:
            if box.wide and column:
                row, column = row + 1, 0
            span = columns if box.wide else 1
            self._grid.addWidget(box, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
            column += span
            if column >= columns:
                row, column = row + 1, 0
        for each in range(2):
            self._grid.setColumnStretch(each, 1 if each < columns else 0)
        for each in range(self._grid.rowCount()):
            self._grid.setRowStretch(each, 0)
        self._grid.setRowStretch(row + 1, 1)
        previous: QWidget | None = None
        for box in self.boxes:
            if previous is not None:
                QWidget.setTabOrder(previous, box.editor.main)
            previous = box.editor.main
