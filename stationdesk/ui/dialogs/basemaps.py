"""底图…: the base maps of the station in their order; added, shown, hidden, moved, removed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import BasemapKind
from stationdesk.services import basemaps
from stationdesk.services.basemaps import ENDINGS, BaseLine, Sight
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.basemap_sheet import AddBasemapDialog, EditBasemapDialog
from stationdesk.ui.dialogs.pinning_actions import PDF, Pinner
from stationdesk.ui.dialogs.pinning_reality import SketchBar
from stationdesk.ui.dialogs.question import Question
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.status import TaskRow
from stationdesk.ui.words import tip

_WIDTH, _HEIGHT = 900, 520
_MB = 1_000_000
_NAME, _KIND, _DATUM, _ZOOMS, _SIZE = range(5)

Found = tuple[tuple[BaseLine, ...], tuple[int, int]]
"""The base maps, and the number and bytes of files that are kept of removed ones."""


class BasemapsDialog(QDialog):
    """The list, the topmost first; its boxes show and hide."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._bases: tuple[BaseLine, ...] = ()
        self._filling = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("basemaps_dialog")
        self.setWindowTitle(_("底图"))
        self.setAcceptDrops(True)
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        lead = QLabel(
            _(
                "底图垫在本站的标记下面，从文件加入，不用联网。上面的盖住下面的。"
                "坐标系不同的图片底图不会同时显示；显示哪一种，标记就按哪一种画，存的坐标不变。"
            ),
            self,
        )
        lead.setWordWrap(True)
        lead.setProperty("look", "muted")
        self._table = self._make_table()
        self._empty = QLabel(
            _(
                "还没有底图。点“加入底图…”选一个文件，或把文件拖到这里：MBTiles、PMTiles、GeoTIFF、带坐标文件的图片、"
                "OSM 数据、GeoJSON、KML、GPX、Shapefile。墙上的地图拍张照、扫描一下，用“钉扫描图…”也能用。"
            ),
            self,
        )
        self._empty.setObjectName("basemaps_empty")
        self._empty.setProperty("look", "empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._kept = QLabel(self)
        self._kept.setObjectName("basemaps_kept")
        self._kept.setProperty("look", "small")
        self._sketch = SketchBar(desk, self)
        self._pinner = Pinner(desk, self)
        self._pinner.refused.connect(self._refuse)
        self._refusal = Bar(desk.look, self, "basemaps_refusal")
        self._refusal.add_close()
        self._refusal.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(lead)
        column.addWidget(self._sketch)
        column.addWidget(self._table, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(self._refusal)
        column.addWidget(TaskRow(desk, self))
        column.addWidget(self._make_buttons())
        column.addLayout(self._make_foot())
        desk.changed.connect(self._follow)
        self._mark()
        self._read()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 5, self)
        table.setObjectName("basemaps_list")
        table.setAccessibleName(_("底图"))
        table.setHorizontalHeaderLabels([_("名称"), _("种类"), _("坐标系"), _("级别"), _("大小")])
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(self._desk.look.pixels(34))
        across = table.horizontalHeader()
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for section, width in ((_KIND, 160), (_DATUM, 190), (_ZOOMS, 80), (_SIZE, 110)):
            table.setColumnWidth(section, self._desk.look.pixels(width))
        table.itemChanged.connect(self._turn)
        table.currentCellChanged.connect(lambda *_place: self._mark())
        table.cellDoubleClicked.connect(lambda *_place: self.edit())
        return table

    def _make_buttons(self) -> QWidget:
        strip = QWidget(self)
        flow = FlowLayout(strip, 6)
        self._add = self._button(_("加入底图…"), "plus", "basemaps_add", self.ask_file)
        self._pin = self._button(_("钉扫描图…"), "map-pin", "basemaps_pin", self._pinner.ask_file)
        self._repin = self._button(_("改钉点…"), "target", "basemaps_repin", self.repin)
        self._edit = self._button(_("修改"), "pencil", "basemaps_edit", self.edit)
        self._up = self._button(_("上移"), "chevron-up", "basemaps_up", partial(self.shift, -1))
        self._down = self._button(_("下移"), "chevron-down", "basemaps_down", partial(self.shift, 1))
        self._remove = self._button(_("移除"), "trash", "basemaps_remove", self.remove)
        for button in (
            self._add,
            self._pin,
            self._repin,
            self._edit,
            self._up,
            self._down,
            self._remove,
        ):
            flow.addWidget(button)
        return strip

    def _make_foot(self) -> QHBoxLayout:
        self._forget = self._button(_("彻底删除…"), "trash", "basemaps_forget", self.ask_forget)
        close = self._button(_("关闭"), "x", "basemaps_close", self.close)
        foot = QHBoxLayout()
        foot.addWidget(self._kept)
        foot.addWidget(self._forget)
        foot.addStretch(1)
        foot.addWidget(close)
        return foot

    def _button(self, words: str, icon: str, name: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        self._desk.look.set_icon(button, icon)
        button.clicked.connect(lambda _on: slot())
        return button

    # What is there

    @property
    def current(self) -> BaseLine | None:
        """The chosen base map."""
        row = self._table.currentRow()
        return self._bases[row] if 0 <= row < len(self._bases) else None

    def _read(self) -> None:
        def read(store: Store) -> Found:
            return basemaps.bases_of(store), basemaps.forgotten(store)

        self._desk.read(read, then=self._show, owner=self)

    def _follow(self, changes: ChangeSet) -> None:
        if "basemap" in changes.records:
            self._read()

    def _show(self, found: Found) -> None:
        chosen = self.current.key if self.current is not None else None
        self._bases, (count, size) = found
        self._filling = True
        self._table.setRowCount(len(self._bases))
        for row, base in enumerate(self._bases):
            for column, words in enumerate(_cells(base)):
                item = QTableWidgetItem(words)
                item.setToolTip(tip(base.source_name if column == _NAME else words) or "")
                if column == _NAME:
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                    item.setCheckState(Qt.CheckState.Checked if base.shown else Qt.CheckState.Unchecked)
                self._table.setItem(row, column, item)
        self._filling = False
        if self._bases:
            keys = [base.key for base in self._bases]
            self._table.setCurrentCell(keys.index(chosen) if chosen in keys else 0, _NAME)
        self._table.setVisible(bool(self._bases))
        self._empty.setVisible(not self._bases)
        words = _("已移除的底图还有 {count} 个文件，占 {size:,.1f} MB；撤销移除时要用到。")
        self._kept.setText(words.format(count=count, size=size / _MB) if count else "")
        self._forget.setVisible(bool(count))
        self._mark()

    def _mark(self) -> None:
        row = self._table.currentRow()
        for button in (self._edit, self._remove):
            button.setEnabled(self.current is not None)
        self._repin.setEnabled(self.current is not None and self.current.kind is BasemapKind.PINNED)
        self._up.setEnabled(self.current is not None and row > 0)
        self._down.setEnabled(self.current is not None and row < len(self._bases) - 1)
        self._add.setProperty("look", "" if self._bases else "primary")
        self._desk.look.set_icon(self._add, "plus", "text" if self._bases else "on_accent")
        self._add.style().unpolish(self._add)
        self._add.style().polish(self._add)

    # What may be done

    def ask_file(self) -> None:
        """Let a file be chosen."""
        endings = " ".join(f"*{each}" for each in ENDINGS)
        words = _("底图文件（{endings}）").format(endings=endings).replace("（", " (").replace("）", ")")
        name, _filter = QFileDialog.getOpenFileName(self, _("选择底图文件"), "", words)
        if name:
            self.take_file(Path(name))

    def take_file(self, path: Path) -> None:
        """Look at a file, and offer it; a picture that nothing places is offered for pinning."""
        self._refusal.hide()
        if path.suffix.casefold() == PDF:
            self._pinner.take_file(path)
            return

        def look(store: Store, progress: Progress = SILENT) -> Sight:
            progress.say(_("正在查看底图"))
            return basemaps.look(store, path)

        failed = partial(self._refuse_file, path)
        self._desk.work(look, title=_("查看底图"), then=self._offer, failed=failed, owner=self)

    def _offer(self, sight: Sight) -> None:
        AddBasemapDialog(self._desk, sight, self).open()

    def repin(self) -> None:
        """Move the pins of the chosen base map."""
        if self.current is not None:
            self._refusal.hide()
            self._pinner.again(self.current.key)

    def edit(self) -> None:
        """Change what the chosen base map is called and where it is from."""
        if self.current is not None:
            EditBasemapDialog(self._desk, self.current, self).open()

    def shift(self, steps: int) -> None:
        """Move the chosen base map among the others."""
        if self.current is not None:
            self._change(partial(basemaps.move, key=self.current.key, steps=steps))

    def remove(self) -> None:
        """Take the chosen base map off the map; Ctrl+Z brings it back."""
        if self.current is None:
            return

        def done(changes: ChangeSet) -> None:
            self._desk.notify(_("{what}。按 Ctrl+Z 可以撤销。").format(what=changes.why))

        self._desk.change(basemaps.remove, self.current.key, then=done, failed=self._refuse, owner=self)

    def ask_forget(self) -> None:
        """Delete for good what is kept of removed base maps, after a question."""
        words = _("已移除底图的文件会从这台电脑上删掉，以后撤销移除也找不回地图。原来拷贝来的文件不受影响。")
        question = Question(_("彻底删除"), words, _("彻底删除"), self)
        question.accepted.connect(self._forget_now)
        question.open()

    def _forget_now(self) -> None:
        def done(freed: int) -> None:
            self._desk.notify(_("腾出 {size:,.1f} MB").format(size=freed / _MB))
            self._read()

        self._desk.change(basemaps.forget, then=done, failed=self._refuse, owner=self)

    def _turn(self, item: QTableWidgetItem) -> None:
        if self._filling or item.column() != _NAME:
            return
        base, shown = self._bases[item.row()], item.checkState() is Qt.CheckState.Checked
        if shown != base.shown:
            self._change(partial(basemaps.show, key=base.key, shown=shown))

    def _change(self, use_case: Callable[[Store], ChangeSet]) -> None:
        self._desk.change(use_case, then=lambda _changes: None, failed=self._refuse, owner=self)

    def _refuse_file(self, path: Path, error: UserError) -> None:
        if isinstance(error, basemaps.NotPlaced):
            self._pinner.take_file(path)
        else:
            self._refuse(error)

    def _refuse(self, error: UserError) -> None:
        self._refusal.say(str(error), Weight.BAD)
        self._read()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.take_file(Path(url.toLocalFile()))
                return


def _cells(base: BaseLine) -> tuple[str, ...]:
    size = _("文件不在了") if base.size is None else f"{base.size / _MB:,.1f} MB"
    zooms = f"{base.min_zoom}—{base.max_zoom}"
    return (base.name, _(base.kind.label), base.frame, zooms, size)
