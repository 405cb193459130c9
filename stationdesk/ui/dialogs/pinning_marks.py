"""Dots and lines over a picture, each tone told apart by its shape as well as by its colour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from stationdesk.ui.theme import Look


class Tone(Enum):
    """How a dot or a line is coloured; each tone has a shape of its own as well."""

    PLAIN = "accent"
    CHOSEN = "bad"
    WAITING = "warn"
    """It still lacks its place: drawn hollow."""
    SHOULD = "ok"
    """Where something should be: drawn dashed."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the picture, in its own pixels, with a few words beside it."""

    x: float
    y: float
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Line:
    """A line between two points of the picture, with words at its middle; an arrow has its head at the second."""

    x1: float
    y1: float
    x2: float
    y2: float
    text: str = ""
    tone: Tone = Tone.PLAIN
    arrow: bool = False


def draw_dot(painter: QPainter, dot: Dot, at: QPointF, look: Look, seen: QRectF) -> None:
    """Draw a dot at a point of the window, its words kept within `seen`."""
    colour, edge = look.colour(dot.tone.value), look.pixels(8)
    for ink, width in ((QColor("#ffffff"), 4.5), (colour, 2.2)):
        pen = QPen(ink, width)
        if dot.tone is Tone.SHOULD and ink == colour:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, edge, edge)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if dot.tone is not Tone.SHOULD:
        painter.drawEllipse(at, 2.2, 2.2)
    if dot.text:
        # What should be stands below: above stands what is.
        height = painter.fontMetrics().height() + 4
        down = edge + 2 + height if dot.tone is Tone.SHOULD else -edge - 2
        _draw_words(painter, at + QPointF(edge + 2, down), dot.text, colour, look, seen)


def draw_line(
    painter: QPainter, line: Line, first: QPointF, second: QPointF, look: Look, seen: QRectF
) -> None:
    """Draw a line between two points of the window."""
    colour = look.colour(line.tone.value)
    for ink, width in ((QColor("#ffffff"), 5.5), (colour, 2.5)):
        pen = QPen(ink, width)
        if line.tone is Tone.SHOULD:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(first, second)
        if line.arrow:
            _draw_head(painter, first, second, look.pixels(12))
    if line.text:
        _draw_words(painter, (first + second) / 2 + QPointF(6, -6), line.text, colour, look, seen)


def _draw_words(painter: QPainter, at: QPointF, words: str, colour: QColor, look: Look, seen: QRectF) -> None:
    """Words on a small plate, their lower left corner at a point, pushed back into view."""
    box = QRectF(painter.fontMetrics().boundingRect(words)).adjusted(-5, -2, 5, 2)
    box.moveBottomLeft(at)
    box.translate(min(0.0, seen.right() - box.right()), max(0.0, seen.top() - box.top()))
    painter.setPen(QPen(QColor("#ffffff"), 1))
    painter.setBrush(colour)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor("#ffffff") if not look.dark else look.colour("ground"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)


def draw_cross(painter: QPainter, at: QPointF, arm: float) -> None:
    """Draw the cross that the keyboard moves."""
    for ink, width in ((QColor("#ffffff"), 4.0), (QColor("#000000"), 1.6)):
        painter.setPen(QPen(ink, width))
        painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
        painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))


def _draw_head(painter: QPainter, tail: QPointF, head: QPointF, size: float) -> None:
    along = tail - head
    length = (along.x() ** 2 + along.y() ** 2) ** 0.5
    if length < 1:
        return
    along *= size / length
    across = QPointF(-along.y(), along.x()) * 0.5
    painter.drawLine(head, head + along + across)
    painter.drawLine(head, head + along - across)
