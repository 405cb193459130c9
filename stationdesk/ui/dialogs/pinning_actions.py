"""What the list of base maps does with pictures that do not know where they lie: opened, pinned, pinned anew."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QDialog, QFileDialog, QSpinBox, QWidget
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import private_folder
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services import pinning
from stationdesk.services.pinning import Paced, PinnedBase, Scan
from stationdesk.services.sketch import in_sketch
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.pinning import PinDialog
from stationdesk.ui.dialogs.pinning_lengths import LengthsDialog
from stationdesk.ui.dialogs.settings_ask import AskDialog

PDF = ".pdf"
_DPI = 200.0
_POINTS = 72.0
_MOST = 9_000  # pixels a side of a page that is made a picture


class Pinner(QObject):
    """Opens pictures and pages for pinning over a window."""

    refused = Signal(object)
    """A `UserError`."""

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__(over)
        self._desk = desk
        self._over = over
        # A page of a PDF is a picture of its own only until it is in the station, and may be as private.
        self._kept = contextlib.ExitStack()
        self._pages: Path | None = None
        self.destroyed.connect(self._kept.close)

    def ask_file(self) -> None:
        """Let a picture be chosen."""
        endings = " ".join(f"*{each}" for each in (*pinning.ENDINGS, PDF))
        words = _("图片或 PDF（{endings}）").format(endings=endings).replace("（", " (").replace("）", ")")
        name, _filter = QFileDialog.getOpenFileName(self._over, _("选择扫描图或照片"), "", words)
        if name:
            self.take_file(Path(name))

    def take_file(self, path: Path) -> None:
        """Open a picture, or a page of a PDF, for pinning."""
        if path.suffix.casefold() == PDF:
            self._desk.read(
                partial(_count, path), then=partial(self._ask_page, path), failed=self._refuse, owner=self
            )
            return

        def look(store: Store, progress: Progress = SILENT) -> tuple[Scan, bool]:
            progress.say(_("正在打开图片"))
            return pinning.look(path), in_sketch(store)

        self._desk.work(look, title=_("打开图片"), then=self._pin, failed=self._refuse, owner=self)

    def again(self, key: Key) -> None:
        """Open the pins of a base map, to move them."""

        def look(store: Store, progress: Progress = SILENT) -> tuple[PinnedBase, Scan, bool]:
            progress.say(_("正在打开图片"))
            base = pinning.pinned(store, key)
            return base, pinning.look(base.scan), in_sketch(store)

        self._desk.work(look, title=_("打开图片"), then=self._pin_again, failed=self._refuse, owner=self)

    def _pin(self, found: tuple[Scan, bool]) -> None:
        scan, sketch = found
        dialog = PinDialog(self._desk, scan, sketch=sketch, parent=self._over)
        dialog.sketch_wanted.connect(partial(self._lay, scan))
        dialog.open()

    def _pin_again(self, found: tuple[PinnedBase, Scan, bool]) -> None:
        base, scan, sketch = found
        if isinstance(base.recipe, Paced):
            LengthsDialog(self._desk, scan, base=base, parent=self._over).open()
        else:
            PinDialog(self._desk, scan, base=base, sketch=sketch, parent=self._over).open()

    def _lay(self, scan: Scan) -> None:
        LengthsDialog(self._desk, scan, parent=self._over).open()

    def _ask_page(self, path: Path, count: int) -> None:
        if count == 1:
            self._take_page(path, 1)
            return
        dialog = _PageDialog(self._desk, count, self._over)
        dialog.accepted.connect(lambda: self._take_page(path, dialog.page))
        dialog.open()

    def _take_page(self, path: Path, page: int) -> None:
        if self._pages is None:
            self._pages = self._kept.enter_context(private_folder(self._desk.store.folder.root))
        target = self._pages / f"{path.stem} {page}.png"

        def draw(store: Store, progress: Progress = SILENT) -> tuple[Scan, bool]:
            progress.say(_("正在打开图片"))
            _draw_page(path, page, target)
            return pinning.look(target), in_sketch(store)

        self._desk.work(draw, title=_("打开图片"), then=self._pin, failed=self._refuse, owner=self)

    def _refuse(self, error: UserError) -> None:
        self.refused.emit(error)


class _PageDialog(AskDialog):
    """Which page of a PDF."""

    def __init__(self, desk: Desk, count: int, parent: QWidget) -> None:
        super().__init__(desk, "pdf_page", _("选一页"), parent)
        self._page = QSpinBox(self)
        self._page.setObjectName("pdf_page_number")
        self._page.setAccessibleName(_("第几页"))
        self._page.setRange(1, count)
        self.lines.addRow(_("第几页（共 {count} 页）").format(count=count), self._page)
        self.done_button.setText(_("打开"))
        self.done_button.setAccessibleName(_("打开"))

    @property
    def page(self) -> int:
        """The number of the page."""
        return self._page.value()

    @override
    def act(self) -> None:
        self.done(QDialog.DialogCode.Accepted)


def _opened(path: Path) -> QPdfDocument:
    document = QPdfDocument()
    error = document.load(str(path))
    if error is QPdfDocument.Error.IncorrectPassword:
        raise UserError("“{name}”加了密码，打不开。请用别的软件去掉密码再用。", name=path.name)
    if error is not QPdfDocument.Error.None_ or document.pageCount() == 0:
        raise UserError("“{name}”不完整或已损坏，没有加入。请重新拷贝一份再试。", name=path.name)
    return document


def _count(path: Path, _store: Store) -> int:
    return _opened(path).pageCount()


def _draw_page(path: Path, page: int, target: Path) -> None:
    document = _opened(path)
    size = document.pagePointSize(page - 1) * (_DPI / _POINTS)
    size.scale(min(size.width(), _MOST), min(size.height(), _MOST), Qt.AspectRatioMode.KeepAspectRatio)
    drawn = document.render(page - 1, QSize(max(1, round(size.width())), max(1, round(size.height()))))
    if drawn.isNull() or not drawn.save(str(target)):
        raise UserError("“{name}”的第 {page} 页画不出来。请换一页，或先存成图片。", name=path.name, page=page)
