"""走访图…: sheets are printed to be drawn on, and their photos come back under the map."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QGroupBox,
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
from stationdesk.core.naming import file_name
from stationdesk.core.printing import PageSetup, Printer
from stationdesk.core.progress import SILENT, Progress
from stationdesk.db.models import Station
from stationdesk.services import returning
from stationdesk.services.field_sheets import (
    FIELD_PAPERS,
    FieldSheetLine,
    PrintedFieldSheet,
    field_sheets,
    print_field_sheet,
)
from stationdesk.services.handout_specs import HandoutOrder
from stationdesk.services.listing import Pick, pick
from stationdesk.services.returning import ENDINGS, Returned
from stationdesk.services.stations import profile_of
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.working import WorkingDialog
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.notices import Weight
from stationdesk.ui.saved import Folders, SavedBar
from stationdesk.ui.status import TaskRow

_WIDTH, _HEIGHT = 860, 560
_MOST_VILLAGES = 2_000
_FOLDER = "field_sheet"


class FieldSheetsDialog(WorkingDialog):
    """Print one more sheet; take one back. The list says which are still out."""

    returned = Signal()
    """A sheet came back: it lies under the map."""

    def __init__(self, desk: Desk, printer: Printer, folders: Folders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._printer = printer
        self._folders = folders
        self._town = ""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("field_sheets_dialog")
        self.setWindowTitle(_("走访图"))
        self.setAcceptDrops(True)
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        lead = QLabel(
            _(
                "打印一张走访图带下村，直接在纸上画路、房子和资源。回来用手机从正上方拍一张（四个角标都拍进来），"
                "收回后照片会摆正，铺在地图上原来的位置，照着描就行。图上只有可以公开的资源，没有服务对象。"
            ),
            self,
        )
        lead.setWordWrap(True)
        lead.setProperty("look", "muted")
        self.outcome = SavedBar(desk.look, self, "field_sheets_result")
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._make_print())
        row.addWidget(self._make_back(), 1)
        close = self._button(_("关闭"), "field_sheets_close", "x")
        close.clicked.connect(lambda _on: self.close())
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(lead)
        column.addWidget(self.outcome)
        column.addLayout(row, 1)
        column.addWidget(TaskRow(desk, self))
        column.addLayout(foot)
        desk.read(pick, "village", "", _MOST_VILLAGES, then=self._fill_villages, owner=self)
        desk.read(profile_of, then=self._take_town, owner=self)
        self._read()
        self._follow()

    def _make_print(self) -> QGroupBox:
        box = QGroupBox(_("打印"), self)
        self._area = self._combo("field_sheets_area", _("范围"))
        self._area.addItem(_("全镇"))
        self._areas: list[str | None] = [None]
        self._paper = self._combo("field_sheets_paper", _("纸张"))
        self._setups = [PageSetup(paper, landscape) for paper in FIELD_PAPERS for landscape in (False, True)]
        for setup in self._setups:
            way = _("横向") if setup.landscape else _("纵向")
            self._paper.addItem(f"{setup.paper.value} {way}")
        self._list = self._tick("field_sheets_list", _("背面印记录表"), on=True)
        self._grey = self._tick("field_sheets_grey", _("黑白"), on=True)
        self._print = self._button(_("存为 PDF…"), "field_sheets_print", "printer")
        self._print.setProperty("look", "primary")
        self._desk.look.set_icon(self._print, "printer", "on_accent")
        self._print.clicked.connect(lambda _on: self.ask_target())
        form = QFormLayout(box)
        form.addRow(_("范围"), self._area)
        form.addRow(_("纸张"), self._paper)
        form.addRow("", self._list)
        form.addRow("", self._grey)
        form.addRow("", self._print)
        box.setFixedWidth(self._desk.look.pixels(300))
        return box

    def _make_back(self) -> QGroupBox:
        box = QGroupBox(_("收回"), self)
        self._table = QTableWidget(0, 4, box)
        self._table.setObjectName("field_sheets_list_of")
        self._table.setAccessibleName(_("打印过的走访图"))
        self._table.setHorizontalHeaderLabels([_("图号"), _("范围"), _("打印"), _("收回")])
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._table.setShowGrid(False)
        self._table.setTabKeyNavigation(False)
        self._table.verticalHeader().hide()
        across = self._table.horizontalHeader()
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for section, width in ((0, 80), (2, 100), (3, 100)):
            self._table.setColumnWidth(section, self._desk.look.pixels(width))
        self._none = QLabel(_("还没有打印过走访图。"), box)
        self._none.setObjectName("field_sheets_none")
        self._none.setProperty("look", "empty")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._back = self._button(_("收回走访图的照片…"), "field_sheets_back", "photo")
        self._back.clicked.connect(lambda _on: self.ask_photo())
        column = QVBoxLayout(box)
        column.addWidget(self._table, 1)
        column.addWidget(self._none, 1)
        column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def _combo(self, name: str, words: str) -> QComboBox:
        made = Combo(self._desk.look, self)
        made.setObjectName(name)
        made.setAccessibleName(words)
        return made

    def _tick(self, name: str, words: str, *, on: bool) -> QCheckBox:
        made = QCheckBox(words, self)
        made.setObjectName(name)
        made.setAccessibleName(words)
        made.setChecked(on)
        return made

    def _button(self, words: str, name: str, icon: str) -> QPushButton:
        made = QPushButton(words, self)
        made.setObjectName(name)
        made.setAccessibleName(words)
        made.setAutoDefault(False)
        self._desk.look.set_icon(made, icon)
        return made

    # What is there

    def _fill_villages(self, villages: Sequence[Pick]) -> None:
        for each in sorted(villages, key=lambda each: each.title):
            self._area.addItem(each.title)
            self._areas.append(each.key)

    def _take_town(self, profile: Station) -> None:
        self._town = profile.town

    def _read(self) -> None:
        self._desk.read(field_sheets, then=self._show, owner=self)

    def _show(self, lines: tuple[FieldSheetLine, ...]) -> None:
        self._table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            back = line.returned_on.isoformat() if line.returned_on else _("还在外面")
            for column, words in enumerate((line.number, line.title, line.made_on.isoformat(), back)):
                self._table.setItem(row, column, QTableWidgetItem(words))
        self._table.setVisible(bool(lines))
        self._none.setVisible(not lines)

    @override
    def _follow(self) -> None:
        for button in (self._print, self._back):
            button.setEnabled(self._under_way is None)

    # Printing

    @property
    def order(self) -> HandoutOrder:
        """What is asked for."""
        return HandoutOrder(
            area=self._areas[self._area.currentIndex()],  # type: ignore[arg-type]  # a key
            setup=self._setups[self._paper.currentIndex()],
            colour=not self._grey.isChecked(),
        )

    def ask_target(self) -> None:
        """Let a file name be chosen, and print the sheet into it."""
        day = self._desk.store.clock.today().isoformat()
        proposed = file_name(self._town, "走访图", day, None, ".pdf", more=self._area.currentText())
        path = self._folders.of(_FOLDER) / proposed
        name, _filter = QFileDialog.getSaveFileName(self, _("保存走访图"), str(path), _("PDF 文件 (*.pdf)"))
        if name:
            self.print_to(Path(name))

    def print_to(self, target: Path) -> None:
        """Print the sheet that is asked for."""
        self.outcome.hide()
        order, printer, checklist = self.order, self._printer, self._list.isChecked()

        def job(store: Store, progress: Progress = SILENT) -> PrintedFieldSheet:
            return print_field_sheet(
                store, target, order, printer, progress, checklist=checklist, beside=True
            )

        self._under_way = self._desk.work(
            job, title=_("打印走访图"), then=self._printed, failed=self._refuse, owner=self
        )
        self._follow()

    def _printed(self, made: PrintedFieldSheet) -> None:
        self._folders.keep(_FOLDER, made.path)
        self.outcome.say_saved(
            made.path,
            _("走访图 {number} 已保存（{pages} 页）。打印时选“实际大小”，不要缩放到纸张。").format(
                number=made.number, pages=made.pages
            ),
        )
        self._read()
        self._ended()

    # Taking back

    def ask_photo(self) -> None:
        """Let a photo be chosen, and take the sheet in it back."""
        endings = " ".join(f"*{each} *{each.upper()}" for each in ENDINGS)
        name, _filter = QFileDialog.getOpenFileName(
            self, _("选择走访图的照片"), "", _("照片 ({endings})").format(endings=endings)
        )
        if name:
            self.take_back(Path(name))

    def take_back(self, photo: Path) -> None:
        """Find the sheet in a photo and lay it under the map."""
        self.outcome.hide()
        self._under_way = self._desk.work(
            returning.prepare,
            photo,
            title=_("收回走访图"),
            then=self._keep,
            failed=self._refuse,
            owner=self,
        )
        self._follow()

    def _keep(self, back: Returned) -> None:
        self._under_way = self._desk.change(
            returning.keep, back, then=partial(self._kept, back), failed=self._refuse, owner=self
        )

    def _kept(self, back: Returned, _changes: ChangeSet) -> None:
        words = _("走访图 {number} 已铺在地图下面（看清 {seen} 个角标，误差约 {error:.0f} 米）。")
        told = words.format(number=back.number, seen=back.seen, error=back.error)
        if back.again:
            told += _("这张图以前收回过，两次的照片都在，可以在“底图”里移除旧的。")
        self.outcome.tell(told, Weight.GOOD)
        self._read()
        self._ended()
        self.returned.emit()

    def _refuse(self, error: UserError) -> None:
        self.outcome.refuse(str(error))
        self._ended()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile() and self._under_way is None:
                self.take_back(Path(url.toLocalFile()))
                return
