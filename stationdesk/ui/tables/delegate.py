"""How a cell is painted: even lines under the whole row, whatever stands in it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from stationdesk.ui.tables.model import ROLE
from stationdesk.ui.theme import Look, Role
from stationdesk.ui.words import without_remark

ROW_HEIGHT = 36
"""Pixels at 11 points."""
MARGIN = 8


class CellDelegate(QStyledItemDelegate):
    """Paints ground, line, then the words or the pill. The ring around the row is the view's."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.hovered = -1

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = self._look
        place = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = "accent_soft" if selected else "raised" if index.row() == self.hovered else "surface"
        painter.save()
        painter.fillRect(place, look.colour(ground))
        painter.setPen(QPen(look.colour("line"), 1))
        below = place.bottom() - 0.5
        painter.drawLine(QPointF(place.left(), below), QPointF(place.right(), below))
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        role = index.data(ROLE)
        inner = place.adjusted(look.pixels(MARGIN), 0, -look.pixels(MARGIN), -1)
        painter.setFont(option.font)
        if role and text:
            # A pill is short: the remark in brackets is left to the tool tip.
            words = without_remark(text)
            self._paint_pill(painter, inner, words, Role(role), QFontMetrics(option.font), on_choice=selected)
        else:
            alignment = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole))
            painter.setPen(look.colour("muted" if text == "…" else "text"))
            painter.drawText(inner, int(alignment), _cut(QFontMetrics(option.font), text, inner.width()))
        painter.restore()

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + 2 * self._look.pixels(MARGIN), self._look.pixels(ROW_HEIGHT))

    def _paint_pill(
        self,
        painter: QPainter,
        room: QRectF,
        text: str,
        role: Role,
        metrics: QFontMetrics,
        *,
        on_choice: bool,
    ) -> None:
        strong, soft = self._look.pair(role)
        if on_choice:
            soft = self._look.colour("surface")  # seen on the ground of a chosen row in every colour
        edge = self._look.pixels(8)
        words = _cut(metrics, text, room.width() - 2 * edge)
        height = min(metrics.height() + self._look.pixels(4), room.height() - 4)
        width = metrics.horizontalAdvance(words) + 2 * edge
        pill = QRectF(room.left(), room.center().y() - height / 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(soft)
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(strong)
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), words)


def _cut(metrics: QFontMetrics, text: str, width: float) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width))
