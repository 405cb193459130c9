"""The page of a form with the photos of a place: seen small, opened large, added without a walk."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.services.photos import ENDINGS, PhotosRead, add_photos, read_photos
from stationdesk.ui.desk import Desk
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.photos import PhotoGallery
from stationdesk.ui.tasks import Ticket

_NAMED = 4


class PhotosPage(QWidget):
    """The photos of the record in the form."""

    counted = Signal(int)

    def __init__(self, record: str, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record = record
        self._desk = desk
        self._key: Key | None = None
        self._under_way: Ticket | None = None
        self.setObjectName(f"{record}_photos_page")
        self.setAcceptDrops(True)
        self.gallery = PhotoGallery(f"{record}_photos", desk, self)
        self._empty = QLabel(_("还没有照片。点“加照片…”，或把照片文件拖到这里。"), self)
        self._empty.setObjectName(f"{record}_photos_empty")
        self._empty.setProperty("look", "empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._said = Bar(desk.look, self, f"{record}_photos_said")
        self._said.add_close()
        self._said.hide()
        self._add = QPushButton(_("加照片…"), self)
        self._add.setObjectName(f"{record}_photos_add")
        self._add.setAccessibleName(_("加照片…"))
        self._add.setToolTip(_("照片会缩小，不留手机写进去的位置和时间"))
        desk.look.set_icon(self._add, "photo")
        self._add.clicked.connect(lambda _on: self.ask_files())
        foot = QHBoxLayout()
        foot.addWidget(self._add)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._said)
        column.addWidget(self.gallery, 1)
        column.addWidget(self._empty, 1)
        column.addLayout(foot)
        self.gallery.counted.connect(self._count)
        self.gallery.hide()

    def show_for(self, key: Key) -> None:
        """Show the photos of a record."""
        if key != self._key:
            self._said.hide()
        self._key = key
        self.gallery.show_for(self._record, key)

    def ask_files(self) -> None:
        """Let photos be chosen, and add them."""
        endings = " ".join(f"*{each} *{each.upper()}" for each in ENDINGS)
        names, _filter = QFileDialog.getOpenFileNames(
            self, _("选照片"), "", _("照片 ({endings})").format(endings=endings)
        )
        if names:
            self.take_files(tuple(map(Path, names)))

    def take_files(self, paths: tuple[Path, ...]) -> None:
        """Read photos, and add them to the record that is shown."""
        key = self._key
        if key is None or self._under_way is not None:
            return
        self._said.hide()
        self._under_way = self._desk.work(
            read_photos,
            self._record,
            key,
            paths,
            title=_("读照片"),
            then=partial(self._keep, key),
            failed=self._refuse,
            owner=self,
        )
        self._under_way.ended.connect(self._ended)
        self._add.setEnabled(False)

    def _keep(self, key: Key, read: PhotosRead) -> None:
        told = [why if name in why else f"{name}：{why}" for name, why in read.refused[:_NAMED]]
        if len(read.refused) > _NAMED:
            told.append(_("……另有 {count} 个文件读不了。").format(count=len(read.refused) - _NAMED))
        if read.known:
            told.append(_("{count} 张照片这里已经有了，没有重复加。").format(count=len(read.known)))
        if told and key == self._key:
            self._said.say("\n".join(told), Weight.WARN)
        if read.photos:
            self._desk.change(
                add_photos,
                self._record,
                key,
                read.photos,
                then=self._kept,
                failed=self._refuse,
                owner=self,
            )

    def _kept(self, changes: ChangeSet) -> None:
        self._desk.notify(_("{what}。按 Ctrl+Z 可以撤销。").format(what=changes.why))

    def _refuse(self, error: UserError) -> None:
        self._said.say(str(error), Weight.BAD)

    def _ended(self) -> None:
        self._under_way = None
        self._add.setEnabled(True)

    def _count(self, count: int) -> None:
        self.gallery.setVisible(count > 0)
        self._empty.setVisible(not count)
        self.counted.emit(count)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        if paths:
            self.take_files(paths)
