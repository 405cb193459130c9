"""Small pictures of a record's photos: read when they come into view, beside the window's own work.

A gallery keeps no more of them than a few screens hold, however many photos there are.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.services.photos import PHOTOGRAPHED, PhotoLine, photos_of, picture
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.tasks import Ticket
from stationdesk.ui.words import tip

MOST_KEPT = 96
"""Small pictures that are kept ready, some 60 kB each; those looked at longest ago go first."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_EDGE = 132
_STRIP = 84


def moment_of(line: PhotoLine) -> str:
    """When a photo was taken, to the minute, as far as the phone told."""
    return line.taken_at[:16].replace("T", " ")


class PhotoModel(QAbstractListModel):
    """The photos of a record; a small picture is read when it is first asked for."""

    def __init__(self, desk: Desk, edge: int, parent: QObject | None = None, *, words: bool = True) -> None:
        super().__init__(parent)
        self._desk = desk
        self._edge = edge
        self._with_words = words
        self._lines: tuple[PhotoLine, ...] = ()
        self._ready: OrderedDict[str, QPixmap] = OrderedDict()
        self._asked: set[str] = set()
        self._blank = QPixmap(edge, edge * 3 // 4)
        self._blank.fill(desk.look.colour("raised"))

    @property
    def lines(self) -> tuple[PhotoLine, ...]:
        """The photos that are shown."""
        return self._lines

    def show(self, lines: tuple[PhotoLine, ...]) -> None:
        """Show these photos."""
        if lines == self._lines:
            return
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        words = line.note or moment_of(line) or line.file_name
        match role:
            case Qt.ItemDataRole.DecorationRole:
                return self._picture(line.thumbnail)
            case Qt.ItemDataRole.DisplayRole if not self._with_words:
                return None
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return words
            case Qt.ItemDataRole.ToolTipRole:
                return tip("\n".join(part for part in (line.note, moment_of(line), line.file_name) if part))
            case _:
                return None

    def _picture(self, digest: str) -> QPixmap:
        if digest in self._ready:
            self._ready.move_to_end(digest)
            return self._ready[digest]
        if digest not in self._asked:
            self._asked.add(digest)
            self._desk.read(
                small_picture,
                digest,
                self._edge,
                then=partial(self._came, digest),
                failed=partial(self._failed, digest),
                owner=self,
            )
        return self._blank

    def _came(self, digest: str, image: QImage) -> None:
        self._asked.discard(digest)
        self._ready[digest] = self._blank if image.isNull() else QPixmap.fromImage(image)
        while len(self._ready) > MOST_KEPT:
            self._ready.popitem(last=False)
        for row, line in enumerate(self._lines):
            if line.thumbnail == digest:
                index = self.index(row)
                self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def _failed(self, digest: str, _error: UserError) -> None:
        self._came(digest, QImage())


def small_picture(store: Store, digest: str, edge: int) -> QImage:
    """A small picture, no larger than it is shown: `edge` wide or three quarters of that high."""
    image = QImage.fromData(picture(store, digest))
    size = QSize(edge, edge * 3 // 4)
    ratio, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image if image.isNull() else image.scaled(size, ratio, smooth)


class PhotoGallery(QListView):
    """The photos of a record side by side; a click or Enter opens one. A `strip` is one row of them, without words."""

    wanted = Signal(str, str, str)
    """A photo is to be seen large: (record, key, key of the photo)."""
    counted = Signal(int)

    def __init__(self, name: str, desk: Desk, parent: QWidget | None = None, *, strip: bool = False) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: tuple[str, Key] | None = None
        self._reading: Ticket | None = None
        edge = desk.look.pixels(_STRIP if strip else _EDGE)
        self.photos = PhotoModel(desk, edge, self, words=not strip)
        self.setObjectName(name)
        self.setAccessibleName(_("照片"))
        self.setProperty("look", "clear")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setModel(self.photos)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setIconSize(QSize(edge, edge * 3 // 4))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        line = self.fontMetrics().height()
        if strip:
            self.setWrapping(False)
            self.setGridSize(QSize(edge + 8, edge * 3 // 4 + 8))
            self.setFixedHeight(edge * 3 // 4 + 10)
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        else:
            self.setGridSize(QSize(edge + 14, edge * 3 // 4 + line + 14))
        self.clicked.connect(self._tell)
        self.activated.connect(self._tell)
        desk.changed.connect(self._follow)

    @property
    def shown(self) -> tuple[str, Key] | None:
        """Whose photos are shown: record and key."""
        return self._shown

    def show_for(self, record: str, key: Key) -> None:
        """Show the photos of a record; a kind that has none shows nothing."""
        if self._reading is not None:
            self._reading.drop()
        if self._shown != (record, key):
            self.photos.show(())
        self._shown = (record, key)
        if record in PHOTOGRAPHED:
            self._reading = self._desk.read(photos_of, record, key, then=self._show, owner=self)
        else:
            self.counted.emit(0)

    def _show(self, lines: Sequence[PhotoLine]) -> None:
        self.photos.show(tuple(lines))
        self.counted.emit(len(lines))

    def _follow(self, changes: ChangeSet) -> None:
        if "photo" in changes.records and self._shown is not None:
            self.show_for(*self._shown)

    def _tell(self, index: Index) -> None:
        if self._shown is not None and index.isValid():
            record, key = self._shown
            self.wanted.emit(record, key, self.photos.lines[index.row()].key)
