"""Pages of a PDF as a scanner sees them, and as somebody drew on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument

DPI = 200


def page_of(path: Path, number: int = 0) -> Image.Image:
    """A page on white paper, 200 dots to the inch."""
    document = QPdfDocument()
    document.load(str(path))
    points = document.pagePointSize(number)
    size = QSize(round(points.width() / 72 * DPI), round(points.height() / 72 * DPI))
    shown = document.render(number, size).convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(shown.constBits(), dtype=np.uint8)
    rows = pixels.reshape(shown.height(), shown.bytesPerLine() // 4, 4)[:, : shown.width()]
    page = Image.fromarray(rows.copy(), "RGBA")
    paper = Image.new("RGB", page.size, "white")
    paper.paste(page, mask=page.getchannel("A"))
    return paper


def drawn_on(path: Path, at: tuple[float, float]) -> Image.Image:
    """The first page with a red blot of 4 millimetres at a point of the paper."""
    paper = page_of(path)
    fine = DPI / 25.4
    x, y = at[0] * fine, at[1] * fine
    ImageDraw.Draw(paper).ellipse((x - 2 * fine, y - 2 * fine, x + 2 * fine, y + 2 * fine), fill="red")
    return paper
