"""A PDF as it will be printed, page below page, whole or as wide as the room."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QCheckBox, QLabel, QStackedWidget, QVBoxLayout, QWidget

from stationdesk.core.messages import _


class PdfSight(QWidget):
    """Shows the very file, or words while there is none; the `whole` page at first, or its width."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None, *, whole: bool = False) -> None:
        super().__init__(parent)
        self.document = QPdfDocument(self)
        self.view = QPdfView(self)
        self.view.setObjectName(f"{name}_preview")
        self.view.setAccessibleName(_("预览"))
        self.view.setDocument(self.document)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        # A bar that comes and goes changes the room the page is fitted to: where the page is about as high as the
        # view, that calls the bar back for ever and the window hangs.
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._words = QLabel(words, self)
        self._words.setObjectName(f"{name}_empty")
        self._words.setProperty("look", "empty")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setWordWrap(True)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._words)
        self._stack.addWidget(self.view)
        self._whole = QCheckBox(_("看整页"), self)
        self._whole.setObjectName(f"{name}_whole")
        self._whole.setAccessibleName(_("看整页"))
        self._whole.toggled.connect(self._zoom)
        self._whole.setChecked(whole)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack, 1)
        column.addWidget(self._whole, 0, Qt.AlignmentFlag.AlignRight)
        self.show_words(words)

    def show_file(self, path: Path) -> None:
        """Show a file."""
        self.document.load(str(path))
        self._stack.setCurrentWidget(self.view)
        self._whole.show()

    def show_words(self, words: str) -> None:
        """Show words in place of a file."""
        self.document.close()
        self._words.setText(words)
        self._stack.setCurrentWidget(self._words)
        self._whole.hide()

    def _zoom(self, whole: bool) -> None:
        self.view.setZoomMode(QPdfView.ZoomMode.FitInView if whole else QPdfView.ZoomMode.FitToWidth)
