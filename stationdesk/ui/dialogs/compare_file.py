"""The first page of a comparison: the list that somebody else keeps."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.services.imports import ENDINGS
from stationdesk.ui.theme import Look


class ComparedFilePage(QWidget):
    """A file is chosen, or dropped here."""

    chosen = Signal(object)
    """The `Path` of the file."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_file_page")
        self.setAcceptDrops(True)
        title = QLabel(_("拿对方的名册与本站比对"), self)
        title.setProperty("look", "title")
        words = (
            _(
                "县里平台导出的名册、别的部门的清单，都可以拿来比：哪些只在名册里，哪些只在本站，哪些两边写得不同。"
            ),
            _("比对什么也不写入，原文件也不会被改动。遮住一部分的号码（110***********2X）能对上的算相同。"),
            _("Excel、CSV、网页表格、GeoJSON、KML、GPX、HSDS 资源目录都可以，也可以把文件拖到这里。"),
        )
        self._choose = QPushButton(_("选择文件…"), self)
        self._choose.setObjectName("compare_choose_file")
        self._choose.setAccessibleName(_("选择文件"))
        self._choose.setProperty("look", "primary")
        look.set_icon(self._choose, "folder-open", "on_accent")
        self._choose.clicked.connect(lambda _on: self._ask())
        row = QHBoxLayout()
        row.addWidget(self._choose)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(title)
        for sentence in words:
            lead = QLabel(sentence, self)
            lead.setWordWrap(True)
            lead.setProperty("look", "muted")
            column.addWidget(lead)
        column.addSpacing(8)
        column.addLayout(row)
        column.addStretch(1)

    def set_busy(self, *, busy: bool) -> None:
        """While a file is read, no other can be chosen."""
        self._choose.setEnabled(not busy)

    def _ask(self) -> None:
        endings = " ".join(f"*{each}" for each in ENDINGS)
        words = _("名册或清单")
        name, _filter = QFileDialog.getOpenFileName(self, _("选择对方的名册"), "", f"{words} ({endings})")
        if name:
            self.chosen.emit(Path(name))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.chosen.emit(Path(url.toLocalFile()))
                return
