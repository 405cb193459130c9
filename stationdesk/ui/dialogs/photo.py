"""One photo as large as the window allows, with those before and after it, what it shows, and when it was taken."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.naming import file_name
from stationdesk.db.models import Station
from stationdesk.services.history import undo
from stationdesk.services.listing import Page, page_of
from stationdesk.services.photos import (
    PhotoLine,
    note_photo,
    photos_of,
    picture,
    remove_photo,
    save_photo,
)
from stationdesk.services.stations import profile_of
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.photos import moment_of
from stationdesk.ui.saved import Folders, SavedBar
from stationdesk.ui.tasks import Ticket

_WIDTH, _HEIGHT = 1000, 660
_FOLDER = "photo"
_PRESS = QEvent.Type.KeyPress


class PhotoSight(QWidget):
    """A picture as large as there is room, never larger than it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = QPixmap()
        self._fitting = QPixmap()
        self.setObjectName("photo_sight")
        self.setAccessibleName(_("照片"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 150)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def is_empty(self) -> bool:
        """Whether there is no picture to be seen."""
        return self._whole.isNull()

    def show_image(self, image: QImage) -> None:
        """Show a picture; an empty one shows nothing."""
        self._whole = QPixmap.fromImage(image)
        self._fit()

    def _fit(self) -> None:
        ratio = self.devicePixelRatioF()
        room = QSize(round(self.width() * ratio), round(self.height() * ratio))
        size = self._whole.size().boundedTo(room) if not self._whole.isNull() else QSize()
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        self._fitting = self._whole.scaled(size, keep, smooth) if not size.isEmpty() else QPixmap()
        self._fitting.setDevicePixelRatio(ratio)
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        size = self._fitting.deviceIndependentSize().toSize()
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        QPainter(self).drawPixmap(place.topLeft(), self._fitting)


class PhotoDialog(QDialog):
    """The photos of one record, one at a time."""

    def __init__(
        self,
        desk: Desk,
        folders: Folders,
        record: str,
        key: Key,
        first: Key,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._folders = folders
        self._of = (record, key)
        self._wanted: Key | None = first
        self._lines: tuple[PhotoLine, ...] = ()
        self._at = 0
        self._noted = ""
        self._pictured = ""
        self._town = ""
        self._title = ""
        self._reading: Ticket | None = None
        self._removed: Key | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("photo_dialog")
        self.setWindowTitle(_("照片"))
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        self.sight = PhotoSight(self)
        self._build()
        self.sight.setFocus()
        desk.changed.connect(self._follow)
        desk.read(profile_of, then=self._take_town, owner=self)
        desk.read(page_of, record, key, then=self._take_title, owner=self)
        self._read()

    def _build(self) -> None:
        self._where = QLabel(self)
        self._where.setObjectName("photo_where")
        self._where.setTextFormat(Qt.TextFormat.PlainText)
        self._where.setProperty("look", "muted")
        self._note = QLineEdit(self)
        self._note.setObjectName("photo_note")
        self._note.setAccessibleName(_("说明"))
        self._note.setPlaceholderText(_("这张照片是什么，如 东门入口、每周三上午开"))
        self._note.setMaxLength(200)
        self._note.installEventFilter(self)
        self._note.editingFinished.connect(self._keep_note)
        self.saved = SavedBar(self._desk.look, self, "photo_saved")
        self._gone = Bar(self._desk.look, self, "photo_gone")
        self._back = self._gone.add_button(_("放回"), "photo_put_back")
        self._back.clicked.connect(lambda _on: self._put_back())
        self._gone.add_close()
        self._gone.hide()
        self._before = self._button(_("上一张"), "chevron-left", "photo_before", partial(self.step, -1))
        self._after = self._button(_("下一张"), "chevron-right", "photo_after", partial(self.step, 1))
        self._remove = self._button(_("移除"), "trash", "photo_remove", self.remove)
        self._save = self._button(_("另存…"), "file-export", "photo_save", self.ask_target)
        close = self._button(_("关闭"), "x", "photo_close", self.close)
        note = QHBoxLayout()
        label = QLabel(_("说明"), self)
        label.setProperty("look", "field")
        label.setBuddy(self._note)
        note.addWidget(label)
        note.addWidget(self._note, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for widget in (self._before, self._after):
            foot.addWidget(widget)
        foot.addWidget(self._where, 1)
        for widget in (self._remove, self._save, close):
            foot.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self.saved)
        column.addWidget(self._gone)
        column.addWidget(self.sight, 1)
        column.addLayout(note)
        column.addLayout(foot)

    def _button(self, words: str, icon: str, name: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(words, self)
        made.setObjectName(name)
        made.setAccessibleName(words)
        made.setAutoDefault(False)
        self._desk.look.set_icon(made, icon)
        made.clicked.connect(lambda _on: act())
        return made

    # What is shown

    @property
    def line(self) -> PhotoLine | None:
        """The photo that is shown."""
        return self._lines[self._at] if self._lines else None

    def step(self, way: int) -> None:
        """Go on to the next photo, or back."""
        if 0 <= self._at + way < len(self._lines):
            self._keep_note()
            self._at += way
            self._show()

    def _read(self) -> None:
        self._desk.read(photos_of, *self._of, then=self._take, owner=self)

    def _take(self, lines: tuple[PhotoLine, ...]) -> None:
        now = self._wanted or (self.line.key if self.line is not None else None)
        known, self._lines = self._lines, lines
        self._wanted = None
        keys = [each.key for each in lines]
        self._at = keys.index(now) if now in keys else max(0, min(self._at, len(lines) - 1))
        if lines != known or not lines:
            self._show()

    def _take_town(self, profile: Station) -> None:
        self._town = profile.town

    def _take_title(self, page: Page) -> None:
        if page.rows:
            values = page.rows[0].values
            self._title = str(values.get("name") or "")
            self.setWindowTitle(_("{title} 的照片").format(title=self._title))

    def _show(self) -> None:
        line = self.line
        self._before.setEnabled(self._at > 0)
        self._after.setEnabled(self._at + 1 < len(self._lines))
        for widget in (self._note, self._remove, self._save):
            widget.setEnabled(line is not None)
        self._noted = line.note if line is not None else ""
        if not self._note.hasFocus() or self._note.text().strip() != self._noted:
            self._note.setText(self._noted)
        if line is None:
            self._where.setText(_("没有照片了。"))
            self._pictured = ""
            self.sight.show_image(QImage())
            return
        taken = moment_of(line)
        when = _("拍摄于 {time}").format(time=taken) if taken else _("不知道拍摄时间")
        place = _("第 {at} / {count} 张").format(at=self._at + 1, count=len(self._lines))
        self._where.setText(f"{place}　{when}　{line.file_name}")
        if line.picture == self._pictured:
            return
        self._pictured = line.picture
        if self._reading is not None:
            self._reading.drop()
        self._reading = self._desk.read(
            whole_picture, line.picture, then=self.sight.show_image, failed=self._refuse, owner=self
        )

    def _follow(self, changes: ChangeSet) -> None:
        if "photo" in changes.records:
            self._read()

    # What can be done with it

    def _keep_note(self) -> None:
        line, words = self.line, self._note.text().strip()
        if line is not None and words != self._noted:
            self._noted = words
            self._desk.change(note_photo, line.key, words, failed=self._refuse, owner=self)

    def remove(self) -> None:
        """Take the photo away; it can be put back."""
        if self.line is not None:
            self.saved.hide()
            self._desk.change(
                remove_photo, self.line.key, then=self._took_away, failed=self._refuse, owner=self
            )

    def _took_away(self, changes: ChangeSet) -> None:
        self._removed = changes.batch
        self._gone.say(_("照片已移除。"), Weight.GOOD)

    def _put_back(self) -> None:
        if self._removed is not None:
            batch, self._removed = self._removed, None
            self._gone.hide()
            self._desk.change(undo, batch, failed=self._refuse, owner=self)

    def ask_target(self) -> None:
        """Let a file name be chosen, and save the photo under it."""
        day = self._desk.store.clock.today().isoformat()
        proposed = file_name(self._town, "照片", day, None, ".jpg", more=self._title)
        path = self._folders.of(_FOLDER) / proposed
        name, _filter = QFileDialog.getSaveFileName(self, _("另存照片"), str(path), _("照片 (*.jpg)"))
        if name:
            self.save_to(Path(name))

    def save_to(self, target: Path) -> None:
        """Save the photo that is shown: small, and without what the phone wrote into it."""
        line = self.line
        if line is None:
            return
        self._gone.hide()

        def save(store: Store) -> Path:
            return save_photo(store, line.key, target, beside=True)

        self._desk.change(save, then=self._saved, failed=self._refuse, owner=self)

    def _saved(self, path: Path) -> None:
        self._folders.keep(_FOLDER, path)
        words = _("“{name}”已保存：缩小过，不带拍摄位置和时间。照片里认得出的人，发出去前要本人同意。")
        self.saved.say_saved(path, words.format(name=path.name))

    def _refuse(self, error: UserError) -> None:
        self.saved.refuse(str(error))

    # Keys

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Enter keeps the note, and does not press a button as well.
        enters = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        pressed = event.key() if isinstance(event, QKeyEvent) and event.type() == _PRESS else None
        if watched is self._note and pressed in enters:
            self._keep_note()
            self.sight.setFocus()
            return True
        return super().eventFilter(watched, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_PageUp: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_PageDown: 1,
        }
        way = ways.get(Qt.Key(event.key()))
        if way is not None:
            self.step(way)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove()
        else:
            super().keyPressEvent(event)

    @override
    def done(self, result: int) -> None:
        self._keep_note()
        super().done(result)


def whole_picture(store: Store, digest: str) -> QImage:
    """The picture of a photo, decoded."""
    return QImage.fromData(picture(store, digest))
