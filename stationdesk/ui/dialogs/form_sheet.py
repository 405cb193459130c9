"""A department's form as it looks, with what will be written into it: the worker points at the place they mean."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.services.templates.showing import Picture, column_letters
from stationdesk.ui.theme import Look

_SIGN = 7.0
"""Pixels at 11 points of one unit of a column's width in the form."""
_POINT = 1.35
_LEAST_WIDTH, _MOST_WIDTH = 26, 260
_LEAST_HEIGHT, _MOST_HEIGHT = 25, 120
_SMALLER = 2
"""Points by which a form is set smaller than the window: it is wide, and looked at rather than read."""
_FILLED = int(Qt.ItemDataRole.UserRole) + 1
_RULED = _FILLED + 1


class FormSheet(QTableWidget):
    """One sheet of the form, not to be edited; a press tells the cell that was meant."""

    pointed = Signal(int, int)
    """Row and column, from 1, of the cell that was pressed or reached by the keyboard."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._telling = True
        self.setObjectName("form_sheet")
        self.setAccessibleName(_("表样"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() - _SMALLER)
        self.setFont(font)
        self.setItemDelegate(_Painter(look, self))
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(False)
            header.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.horizontalHeader().setMinimumSectionSize(10)
        self.verticalHeader().setMinimumSectionSize(10)
        self.currentCellChanged.connect(lambda row, column, _r, _c: self._tell(row, column))

    def show_picture(self, picture: Picture) -> None:
        """Show a sheet."""
        self._telling = False
        self.clear()
        self.clearSpans()
        self.setRowCount(picture.rows)
        self.setColumnCount(picture.columns)
        self.setHorizontalHeaderLabels([column_letters(column) for column in range(1, picture.columns + 1)])
        for column, width in enumerate(picture.widths):
            pixels = self._look.pixels(round(width * _SIGN))
            self.setColumnWidth(column, min(max(pixels, self._px(_LEAST_WIDTH)), self._px(_MOST_WIDTH)))
        for row, height in enumerate(picture.heights):
            pixels = self._look.pixels(round(height * _POINT))
            self.setRowHeight(row, min(max(pixels, self._px(_LEAST_HEIGHT)), self._px(_MOST_HEIGHT)))
        for cell in picture.cells:
            item = QTableWidgetItem(cell.text)
            item.setData(_RULED, cell.ruled)
            item.setToolTip(cell.text)
            self.setItem(cell.area.top - 1, cell.area.left - 1, item)
            tall, wide = cell.area.bottom - cell.area.top + 1, cell.area.right - cell.area.left + 1
            if tall > 1 or wide > 1:
                self.setSpan(cell.area.top - 1, cell.area.left - 1, tall, wide)
        self._telling = True

    def show_filling(self, words: Mapping[tuple[int, int], str]) -> None:
        """Show what will stand in these cells (row and column from 1), and nothing in all others."""
        for row in range(self.rowCount()):
            for column in range(self.columnCount()):
                item = self.item(row, column)
                text = words.get((row + 1, column + 1))
                if item is None and text is not None:
                    item = QTableWidgetItem("")
                    self.setItem(row, column, item)
                if item is not None:
                    item.setData(_FILLED, text)
                    if text:
                        item.setToolTip("\n".join(filter(None, (item.text(), text))))

    def point_at(self, row: int, column: int) -> None:
        """Mark a cell without telling anybody."""
        self._telling = False
        self.setCurrentCell(row - 1, column - 1)
        item = self.item(row - 1, column - 1)
        if item is not None:
            self.scrollToItem(item)
        self._telling = True

    def _tell(self, row: int, column: int) -> None:
        if self._telling and row >= 0 and column >= 0:
            self.pointed.emit(row + 1, column + 1)

    def _px(self, pixels: int) -> int:
        return self._look.pixels(pixels)


class _Painter(QStyledItemDelegate):
    """Paints a cell of the form: its words, or in colour what comes there."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = self._look
        place: QRect = option.rect
        filled = index.data(_FILLED)
        painter.save()
        painter.fillRect(place, look.colour("accent_soft" if filled else "surface"))
        if index.data(_RULED) or filled:
            painter.setPen(QPen(look.colour("strong_line"), 1))
            painter.drawRect(place.adjusted(0, 0, -1, -1))
        own = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        metrics = QFontMetrics(option.font)
        inner = place.adjusted(3, 1, -3, -1)
        painter.setFont(option.font)
        painter.setPen(look.colour("accent" if filled and not own else "text"))
        words = own or (str(filled) if filled else "")
        align = Qt.AlignmentFlag.AlignCenter if len(words) < 24 else Qt.AlignmentFlag.AlignLeft
        flags = int(align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWrapAnywhere)
        if metrics.boundingRect(QRect(0, 0, inner.width(), 9999), flags, words).height() > inner.height():
            words = metrics.elidedText(words.replace("\n", " "), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, flags, words)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.drawRect(place.adjusted(1, 1, -2, -2))
        painter.restore()
