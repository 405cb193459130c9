"""A picture to zoom, drag and point at, with dots and lines over it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QWidget
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.ui.dialogs.pinning_marks import Dot, Line, Tone, draw_cross, draw_dot, draw_line
from stationdesk.ui.theme import Look

_STEP = 1.25
_MOST = 16.0  # screen pixels for one of the picture
_NEAR = 13  # screen pixels, at 11 points, within which a dot is taken hold of
_STILL = 4  # screen pixels that a click may tremble
_KEYS = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}
_FAR, _FINE = 12, 1  # screen pixels a key moves the cross


class PinPicture(QGraphicsView):
    """The picture. The mouse drags and zooms it, a click points; with the keyboard a cross points."""

    pointed = Signal(float, float)
    """Somebody pointed at a pixel (column, row)."""
    taken = Signal(int)
    """A dot was chosen."""
    touched = Signal(int)
    """A dot was clicked, and not dragged."""
    moved = Signal(int, float, float)
    """A dot was dragged to another pixel."""
    removed = Signal()
    """The chosen dot is to go."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._size = (1, 1)
        self._dots: tuple[Dot, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self._held: int | None = None
        self._from: QPoint | None = None
        self._last = QPoint()
        self._dragging = False
        self._cross: QPointF | None = None
        self._fitted = True
        self.setObjectName("pin_picture")
        self.setAccessibleName(_("要钉的图片"))
        self.setAccessibleDescription(
            _("方向键移动十字，回车点一下，加号减号缩放，0 看全图，删除键去掉选中的点")
        )
        self.setScene(QGraphicsScene(self))
        self._item = QGraphicsPixmapItem()
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.scene().addItem(self._item)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(look.pixels(320), look.pixels(240))

    def show_picture(self, shown: bytes, size: tuple[int, int]) -> None:
        """Show a picture of `size` pixels, of which `shown` is an encoded and perhaps smaller copy."""
        copy = QPixmap()
        copy.loadFromData(shown)
        self._size = size
        self._item.setPixmap(copy)
        if not copy.isNull():
            self._item.setTransform(QTransform.fromScale(size[0] / copy.width(), size[1] / copy.height()))
        air = max(size)
        self.setSceneRect(-air, -air, size[0] + 2 * air, size[1] + 2 * air)
        self.fit()

    def show_marks(self, dots: Sequence[Dot], lines: Sequence[Line] = ()) -> None:
        """Draw these and nothing else over the picture."""
        self._dots, self._lines = tuple(dots), tuple(lines)
        self.viewport().update()

    def fit(self) -> None:
        """Show all of the picture."""
        self._fitted = True
        self.fitInView(QRectF(0, 0, *self._size), Qt.AspectRatioMode.KeepAspectRatio)

    def zoom(self, steps: float) -> None:
        """Nearer, or farther with a minus."""
        self._scale_at(QPointF(self.viewport().rect().center()), _STEP**steps)

    def centre_on(self, x: float, y: float) -> None:
        """Bring a pixel into view."""
        if not self.viewport().rect().contains(self.mapFromScene(x, y)):
            self._fitted = False
            self.centerOn(x, y)

    def at(self, x: float, y: float) -> QPoint:
        """Where a pixel of the picture is seen in the viewport."""
        return self.mapFromScene(x, y)

    # Drawing

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = QRectF(self.viewport().rect())
        for line in self._lines:
            ends = QPointF(self.at(line.x1, line.y1)), QPointF(self.at(line.x2, line.y2))
            draw_line(painter, line, *ends, self._look, seen)
        for dot in self._dots:
            draw_dot(painter, dot, QPointF(self.at(dot.x, dot.y)), self._look, seen)
        if self._cross is not None and self.hasFocus():
            draw_cross(painter, QPointF(self.mapFromScene(self._cross)), self._look.pixels(16))
        painter.end()

    # The mouse

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._cross = None
        self._from = self._last = event.position().toPoint()
        self._dragging = False
        self._held = self._dot_at(self._from)
        if self._held is not None:
            self.taken.emit(self._held)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position().toPoint()
        if self._from is None:
            return
        if not self._dragging and (here - self._from).manhattanLength() <= _STILL:
            return
        self._dragging = True
        if self._held is not None:
            x, y = self._inside(self.mapToScene(here))
            self.moved.emit(self._held, x, y)
        else:
            self._fitted = False
            step = self.mapToScene(self._last) - self.mapToScene(here)
            self.centerOn(self.mapToScene(self.viewport().rect().center()) + step)
        self._last = here

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._from is None:
            return
        held, self._from, self._held = self._held, None, None
        if self._dragging:
            return
        if held is not None:
            self.touched.emit(held)
        else:
            self._point(self.mapToScene(event.position().toPoint()))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._scale_at(event.position(), _STEP ** (event.angleDelta().y() / 120))
        event.accept()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    # The keyboard

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS:
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move_cross(_KEYS[key] * (_FINE if fine else _FAR))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            if self._cross is not None:
                self._point(self._cross)
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom(1)
        elif key is Qt.Key.Key_Minus:
            self.zoom(-1)
        elif key is Qt.Key.Key_0:
            self.fit()
        elif key is Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def _move_cross(self, step: QPoint) -> None:
        middle = self.viewport().rect().center()
        at = self.mapFromScene(self._cross) + step if self._cross is not None else middle
        self._cross = QPointF(*self._inside(self.mapToScene(at)))
        self.centre_on(self._cross.x(), self._cross.y())
        self.viewport().update()

    # Where things are

    def _point(self, at: QPointF) -> None:
        if QRectF(0, 0, *self._size).contains(at):
            self.pointed.emit(at.x(), at.y())

    def _inside(self, at: QPointF) -> tuple[float, float]:
        return min(max(at.x(), 0.0), float(self._size[0])), min(max(at.y(), 0.0), float(self._size[1]))

    def _dot_at(self, at: QPoint) -> int | None:
        near = self._look.pixels(_NEAR)
        found = [
            ((self.mapFromScene(dot.x, dot.y) - at).manhattanLength(), place)
            for place, dot in enumerate(self._dots)
            if dot.tone is not Tone.SHOULD
        ]
        best = min(found, default=None)
        return best[1] if best is not None and best[0] <= near else None

    def _scale_at(self, at: QPointF, factor: float) -> None:
        now = self.transform().m11()
        least = 0.5 * min(self.viewport().width() / self._size[0], self.viewport().height() / self._size[1])
        factor = min(max(now * factor, min(least, now)), max(_MOST, now)) / now
        before = self.mapToScene(at.toPoint())
        self._fitted = False
        self.scale(factor, factor)
        self.centerOn(
            self.mapToScene(self.viewport().rect().center()) + before - self.mapToScene(at.toPoint())
        )
