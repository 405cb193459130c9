"""The first page of an import: which file, and what is in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.services.imports import ENDINGS, ImportKind
from stationdesk.ui.theme import Look


class FilePage(QWidget):
    """A file is chosen, or dropped here; what kind of list it is may be left to the program."""

    chosen = Signal(object)
    """The `Path` of the file."""
    journal_wanted = Signal()
    """Show the imports so far."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_file_page")
        self.setAcceptDrops(True)
        self._kinds = QButtonGroup(self)
        self._options: tuple[ImportKind | None, ...] = (None, *ImportKind)
        title = QLabel(_("导入名册或清单"), self)
        title.setProperty("look", "title")
        lead = QLabel(
            _(
                "选一个 Excel（.xlsx、.xls、.et）或 CSV 文件，GeoJSON、KML、GPX、HSDS 也可以，或把文件拖到这里。"
                "表头在哪一行、各列是什么，程序先猜，您来核对；试导入不写任何东西，正式导入可以整批撤销。原文件不会被改动。"
            ),
            self,
        )
        lead.setWordWrap(True)
        lead.setProperty("look", "muted")
        what = QLabel(_("表里是什么？"), self)
        what.setProperty("look", "heading")
        kinds = QVBoxLayout()
        kinds.setSpacing(2)
        for place, kind in enumerate(self._options):
            words = _("让程序看内容判断") if kind is None else _(kind.label)
            button = QRadioButton(words, self)
            button.setObjectName(f"import_kind_{'any' if kind is None else kind.value}")
            button.setAccessibleName(words)
            self._kinds.addButton(button, place)
            kinds.addWidget(button)
        self._kinds.button(0).setChecked(True)
        self._choose = QPushButton(_("选择文件…"), self)
        self._choose.setObjectName("import_choose_file")
        self._choose.setAccessibleName(_("选择文件"))
        self._choose.setProperty("look", "primary")
        look.set_icon(self._choose, "folder-open", "on_accent")
        self._choose.clicked.connect(lambda _on: self._ask())
        row = QHBoxLayout()
        row.addWidget(self._choose)
        journal = QPushButton(_("导入记录…"), self)
        journal.setObjectName("import_journal")
        journal.setAccessibleName(_("导入记录"))
        look.set_icon(journal, "history")
        journal.clicked.connect(lambda _on: self.journal_wanted.emit())
        row.addWidget(journal)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(lead)
        column.addSpacing(8)
        column.addWidget(what)
        column.addLayout(kinds)
        column.addSpacing(8)
        column.addLayout(row)
        column.addStretch(1)

    @property
    def kind(self) -> ImportKind | None:
        """What the worker says is in the file; None leaves it to the program."""
        return self._options[self._kinds.checkedId()]

    def choose_kind(self, kind: ImportKind | None) -> None:
        """Say what is in the file."""
        self._kinds.button(self._options.index(kind)).setChecked(True)

    def set_busy(self, *, busy: bool) -> None:
        """While a file is read, no other can be chosen."""
        self._choose.setEnabled(not busy)

    def _ask(self) -> None:
        endings = " ".join(f"*{each}" for each in ENDINGS)
        words = _("表格（{endings}）").format(endings=endings).replace("（", " (").replace("）", ")")
        name, _filter = QFileDialog.getOpenFileName(self, _("选择要导入的文件"), "", words)
        if name:
            self.chosen.emit(Path(name))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(Path(url.toLocalFile()).suffix.lower() in ENDINGS for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.chosen.emit(Path(url.toLocalFile()))
                return
