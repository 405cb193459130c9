"""The way of a match as a line: what is behind it, where it stands, what is still to come."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.core.vocab import MatchState
from stationdesk.ui.theme import Look

WAY = (
    MatchState.PLANNED,
    MatchState.CONTACTED,
    MatchState.SERVING,
    MatchState.DONE,
    MatchState.CONFIRMED,
)
"""The usual way; a match may leave it for 未成 or 已撤."""


class StateLine(QWidget):
    """Draws the states with words below; one that ended otherwise is said in red at its end."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._state = MatchState.PLANNED
        self.setObjectName("match_state_line")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    @property
    def state(self) -> MatchState:
        """Where it stands."""
        return self._state

    def show_state(self, state: MatchState) -> None:
        """Stand at a state."""
        self._state = state
        self.setAccessibleName(_("对接状态：{state}").format(state=_(state.label)))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._look.pixels(420), self._look.pixels(54))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        way = WAY if self._state in WAY else (*WAY[:3], self._state)
        at = way.index(self._state)
        step = self.width() / len(way)
        middle = self._look.pixels(15)
        for place, state in enumerate(way):
            x = step * (place + 0.5)
            if place:
                done = place <= at and self._state in WAY
                painter.setPen(QPen(self._look.colour("accent" if done else "strong_line"), 2))
                gap = self._look.pixels(14)
                painter.drawLine(QPointF(x - step + gap, middle), QPointF(x - gap, middle))
            self._draw_dot(painter, QPointF(x, middle), place, at, state)
            self._draw_words(
                painter, QRectF(x - step / 2, middle, step, self.height() - middle), place == at, state
            )
        painter.end()

    def _draw_dot(self, painter: QPainter, where: QPointF, place: int, at: int, state: MatchState) -> None:
        radius = self._look.pixels(9)
        ended = self._state not in WAY
        if ended and place == at:
            ground, sign = "bad", "x"
        elif ended:
            ground, sign = "", ""
        elif place < at or (place == at and state.is_final):
            ground, sign = "accent", "check"
        else:
            ground, sign = ("accent", "") if place == at else ("", "")
        painter.setPen(QPen(self._look.colour(ground or "strong_line"), 2))
        painter.setBrush(self._look.colour(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(where, radius, radius)
        if sign:
            edge = round(radius * 1.5)
            icon = self._look.icon(sign, "on_accent")
            icon.paint(painter, round(where.x() - edge / 2), round(where.y() - edge / 2), edge, edge)
        elif ground:
            painter.setBrush(self._look.colour("on_accent"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(where, radius * 0.4, radius * 0.4)

    def _draw_words(self, painter: QPainter, room: QRectF, now: bool, state: MatchState) -> None:
        font = self.font()
        font.setBold(now)
        painter.setFont(font)
        colour = ("bad" if self._state not in WAY else "accent") if now else "muted"
        painter.setPen(self._look.colour(colour))
        room.adjust(0, self._look.pixels(11), 0, 0)
        words = QFontMetrics(font).elidedText(_(state.label), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop), words)
