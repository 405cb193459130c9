"""Our papers as Qt knows them; 8开 is in no list of Qt's and is told by its measures."""

from __future__ import annotations

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPageSize

from stationdesk.core.printing import Paper


def page_size(paper: Paper, large: tuple[int, int] | None = None) -> QPageSize:
    """The size of a sheet in portrait; standard ones by their standard name, so that printers find the tray.

    `large` is what a sheet measures that is larger than any paper, in millimetres.
    """
    if large is not None:
        return QPageSize(QSizeF(*large), QPageSize.Unit.Millimeter)
    size = QSizeF(*paper.millimetres)
    return QPageSize(size, QPageSize.Unit.Millimeter, paper.value, QPageSize.SizeMatchPolicy.FuzzyMatch)
