"""Icons from the compiled resource, drawn in any colour.

The drawings are Tabler's outline icons (MIT), whose strokes are `currentColor`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QFile, QIODevice, QRectF, QResource, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

RESOURCES = Path(__file__).parent.parent / "resources.rcc"
_EDGES = (16, 20, 24, 32, 48)


@lru_cache(maxsize=1)
def open_resources() -> bool:
    """Map the compiled resource into the program, once. False where it was not built."""
    return RESOURCES.is_file() and QResource.registerResource(str(RESOURCES))


@lru_cache(maxsize=256)
def _drawing(name: str) -> bytes:
    open_resources()
    file = QFile(f":/icons/{name}.svg")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        return b""
    return bytes(file.readAll().data())


def pixmap(name: str, colour: QColor, edge: int) -> QPixmap:
    """The icon as a square picture of `edge` pixels; empty where there is no such icon."""
    drawing = _drawing(name)
    picture = QPixmap(edge, edge)
    picture.fill(Qt.GlobalColor.transparent)
    if drawing:
        renderer = QSvgRenderer(QByteArray(drawing.replace(b"currentColor", colour.name().encode())))
        painter = QPainter(picture)
        renderer.render(painter, QRectF(0, 0, edge, edge))
        painter.end()
    return picture


def icon(name: str, colour: QColor) -> QIcon:
    """The icon in one colour; an empty icon where the resource was not built, so that words remain."""
    found = QIcon()
    if not _drawing(name):
        return found
    for edge in _EDGES:
        found.addPixmap(pixmap(name, colour, edge))
    return found
