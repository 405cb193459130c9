"""发放地图: three questions, the very file on the screen, and on paper or as a file."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import write_safely
from stationdesk.core.messages import _
from stationdesk.core.naming import file_name
from stationdesk.core.printing import MAP_PAPERS, PageSetup, Printer
from stationdesk.core.progress import Progress
from stationdesk.services.handouts import HandoutOrder, HandoutReport, give_out, handout
from stationdesk.services.listing import pick
from stationdesk.services.stations import profile_of
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.notices import Weight
from stationdesk.ui.paper import ask_printer, print_pdf
from stationdesk.ui.saved import SavedBar
from stationdesk.ui.status import TaskRow
from stationdesk.ui.tasks import Ticket

_WIDTH, _HEIGHT = 1180, 700
_MOST_VILLAGES = 2_000


def _villages(store: Store) -> tuple[tuple[tuple[Key, str], ...], str]:
    """The villages to choose from, and the name of the town."""
    found = sorted((each.title, each.key) for each in pick(store, "village", "", _MOST_VILLAGES))
    return tuple((key, title) for title, key in found), profile_of(store).town


class HandoutDialog(QDialog):
    """Makes the hand-out. The preview, the saved file and the print are one and the same PDF."""

    folder_chosen = Signal(str)
    """A file was saved in this folder, which is proposed next time."""

    def __init__(
        self, desk: Desk, printer: Printer, folder: Path | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._printer = printer
        self._folder = folder
        self._town = ""
        self._areas: tuple[tuple[Key, str], ...] = ()
        self._report: HandoutReport | None = None
        self._made_for: PageSetup | None = None
        self._under_way: Ticket | None = None
        self._aside = Path(tempfile.mkdtemp(prefix="stationdesk-handout-"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("handout_dialog")
        self.setWindowTitle(_("发放地图"))
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        self.document = QPdfDocument(self)
        self.preview = QPdfView(self)
        self._build()
        desk.read(_villages, then=self._show_villages)

    # What is asked

    @property
    def area(self) -> Key | None:
        """The village, or None for the whole town."""
        chosen = self._area.currentIndex()
        return self._areas[chosen - 1][0] if chosen > 0 else None

    @property
    def setup(self) -> PageSetup:
        """Paper and which way round."""
        return PageSetup(MAP_PAPERS[self._paper.checkedId()], landscape=self._way.checkedId() == 1)

    @property
    def report(self) -> HandoutReport | None:
        """What was made, until something is asked differently."""
        return self._report

    def make(self) -> None:
        """Make the sheet and show it."""
        self._forget()
        setup = self.setup
        target = self._aside / self.file_name()
        job = partial(_make, target, setup, self._printer, self.area, not self._plain.isChecked())
        self._under_way = self._desk.work(
            job, title=_("制作发放地图"), then=partial(self._show, setup), failed=self._refuse, owner=self
        )
        self._under_way.ended.connect(self._ended)
        self._follow()

    def file_name(self) -> str:
        """By the rule: town, what it is, of which village and on which paper, month."""
        setup = self.setup
        area = self._area.currentText() if self._area.currentIndex() > 0 else ""
        way = "横向" if setup.landscape else "纵向"
        month = str(Month.of(self._desk.store.clock.today()))
        return file_name(self._town, "资源图", month, None, ".pdf", more=f"{area}{setup.paper.value}{way}")

    # Building

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._build_side())
        row.addWidget(self._build_preview(), 1)
        self.refusal = SavedBar(self._desk.look, self, "handout_refusal")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 14, 16, 12)
        outer.setSpacing(8)
        outer.addWidget(self.refusal)
        outer.addLayout(row, 1)
        outer.addWidget(TaskRow(self._desk, self))
        self._follow()

    def _build_side(self) -> QWidget:
        side = QWidget(self)
        side.setFixedWidth(self._desk.look.pixels(286))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._area = Combo(self._desk.look, side)
        self._area.setObjectName("handout_area")
        self._area.setAccessibleName(_("范围"))
        self._area.addItem(_("全镇"))
        self._area.activated.connect(lambda _row: self._changed())
        column.addWidget(self._heading(_("1 印哪里？")))
        column.addWidget(self._area)
        self._paper = self._choice(
            column, _("2 用多大的纸？"), "paper", tuple(each.value for each in MAP_PAPERS)
        )
        self._way = self._choice(column, _("3 纸怎么放？"), "way", (_("纵向"), _("横向")))
        self._plain = QCheckBox(_("只用黑白（旧复印机）"), side)
        self._plain.setObjectName("handout_plain")
        self._plain.setAccessibleName(self._plain.text())
        self._plain.toggled.connect(lambda _on: self._changed())
        column.addWidget(self._plain)
        self._make = self._button(_("生成"), "map-2", "handout_make")
        self._make.clicked.connect(lambda _on: self.make())
        column.addSpacing(4)
        column.addWidget(self._make)
        self._build_report(side, column)
        self._print = self._button(_("打印…"), "printer", "handout_print")
        self._print.clicked.connect(lambda _on: self._ask_printer())
        self._save = self._button(_("另存为…"), "device-floppy", "handout_save")
        self._save.clicked.connect(lambda _on: self._ask_file())
        leave = self._button(_("关闭"), "x", "handout_close")
        leave.clicked.connect(lambda _on: self.close())
        buttons = QHBoxLayout()
        for button in (self._save, self._print):
            buttons.addWidget(button)
        column.addLayout(buttons)
        column.addWidget(leave)
        return side

    def _build_report(self, side: QWidget, column: QVBoxLayout) -> None:
        self._summary = QLabel(side)
        self._summary.setObjectName("handout_summary")
        self._summary.setWordWrap(True)
        self._remarks = QListWidget(side)
        self._remarks.setObjectName("handout_remarks")
        self._remarks.setAccessibleName(_("要留意的和没有印上的"))
        self._remarks.setWordWrap(True)
        self._remarks.setTextElideMode(Qt.TextElideMode.ElideNone)
        self._remarks.setProperty("look", "notes")
        # Laid out again when the scroll bar takes its width, otherwise the last words of a row are cut off.
        self._remarks.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._remarks.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._summary)
        column.addWidget(self._remarks, 1)

    def _build_preview(self) -> QWidget:
        self.preview.setObjectName("handout_preview")
        self.preview.setAccessibleName(_("预览"))
        self.preview.setDocument(self.document)
        self.preview.setPageMode(QPdfView.PageMode.MultiPage)
        self.preview.setZoomMode(QPdfView.ZoomMode.FitInView)
        self._empty = QLabel(_("回答左边三个问题，点“生成”，这里就是要打印的那一份。"), self)
        self._empty.setObjectName("handout_empty")
        self._empty.setProperty("look", "empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._sight = QStackedWidget(self)
        self._sight.addWidget(self._empty)
        self._sight.addWidget(self.preview)
        self._whole = QCheckBox(_("看整页"), self)
        self._whole.setObjectName("handout_whole")
        self._whole.setAccessibleName(_("看整页"))
        self._whole.setChecked(True)
        self._whole.toggled.connect(self._zoom)
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._sight, 1)
        column.addWidget(self._whole, 0, Qt.AlignmentFlag.AlignRight)
        return box

    def _choice(self, column: QVBoxLayout, title: str, name: str, words: tuple[str, ...]) -> QButtonGroup:
        group = QButtonGroup(self)
        column.addWidget(self._heading(title))
        row = QHBoxLayout()
        for place, text in enumerate(words):
            button = QRadioButton(text, self)
            button.setObjectName(f"handout_{name}_{place}")
            button.setAccessibleName(text)
            group.addButton(button, place)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        group.button(0).setChecked(True)
        group.idClicked.connect(lambda _place: self._changed())
        return group

    def _heading(self, words: str) -> QLabel:
        label = QLabel(words, self)
        label.setProperty("look", "field")
        return label

    def _button(self, words: str, icon: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        self._desk.look.set_icon(button, icon)
        return button

    # What follows

    def _show_villages(self, found: tuple[tuple[tuple[Key, str], ...], str]) -> None:
        self._areas, self._town = found
        self._area.addItems([title for _key, title in self._areas])

    def _changed(self) -> None:
        if self._report is not None:
            self._forget()
            self._empty.setText(_("选择改了：再点“生成”。"))

    def _forget(self) -> None:
        self._report = None
        self.refusal.hide()
        self.document.close()
        self._sight.setCurrentIndex(0)
        self._summary.clear()
        self._remarks.clear()
        self._follow()

    def _ended(self) -> None:
        self._under_way = None
        self._follow()

    def _refuse(self, error: UserError) -> None:
        self.refusal.refuse(str(error))

    def _show(self, setup: PageSetup, report: HandoutReport) -> None:
        self._report, self._made_for = report, setup
        self.document.load(str(report.path))
        self._sight.setCurrentIndex(1)
        words = _("共 {pages} 页，索引 {entries} 项，图上 {drawn} 个标记，比例尺 1:{scale:,}。").format(
            pages=report.pages, entries=report.entries, drawn=report.drawn, scale=report.scale
        )
        self._summary.setText(words)
        self._remarks.addItems([f"⚠ {each}" for each in report.warnings])
        if report.left_out:
            self._remarks.addItem(_("没有印上的 {count} 项：").format(count=len(report.left_out)))
            self._remarks.addItems([f"{each.code} {each.name}：{each.why}" for each in report.left_out])
        self._follow()

    def _follow(self) -> None:
        busy, made = self._under_way is not None, self._report is not None
        self._make.setEnabled(not busy)
        self._save.setEnabled(made and not busy)
        self._print.setEnabled(made and not busy)
        # One filled button: make it first, then print it.
        for button, primary in ((self._make, not made), (self._print, made)):
            button.setProperty("look", "primary" if primary else "")
            self._desk.look.set_icon(
                button, str(button.property("icon_name")), "on_accent" if primary else "text"
            )
            button.style().unpolish(button)
            button.style().polish(button)

    def _zoom(self, whole: bool) -> None:
        mode = QPdfView.ZoomMode.FitInView if whole else QPdfView.ZoomMode.FitToWidth
        self.preview.setZoomMode(mode)

    # File and printer

    def _ask_file(self) -> None:
        report = self._report
        if report is None:
            return
        folder = self._folder or self._desk.store.folder.exports
        name, _filter = QFileDialog.getSaveFileName(
            self, _("保存发放地图"), str(folder / report.path.name), "PDF (*.pdf)"
        )
        if name:
            self.save_to(Path(name))

    def save_to(self, target: Path) -> None:
        """Save the very file that is shown."""
        report = self._report
        if report is None:
            return

        def copy(store: Store, progress: Progress) -> Path:
            progress.step(0, 1)

            def log(_part: Path) -> None:
                give_out(store, "export", report.given, target.name)

            return write_safely(target, lambda part: _copy(report.path, part), log)

        self._desk.work(copy, title=_("保存发放地图"), then=self._saved, failed=self._refuse, owner=self)

    def _saved(self, path: Path) -> None:
        self._folder = path.parent
        self.folder_chosen.emit(str(path.parent))
        self.refusal.say_saved(path, _("已保存：{path}").format(path=path))

    def _ask_printer(self) -> None:
        if self._made_for is None:
            return
        ask_printer(self._made_for, "handout_printer", self, self.print_on)

    def print_on(self, printer: QPrinter) -> None:
        """Print the very file that is shown; what is given out is logged first."""
        report = self._report
        if report is not None:
            self._desk.change(
                give_out, "print", report.given, report.path.name, then=partial(self._send, printer)
            )

    def _send(self, printer: QPrinter, _logged: object) -> None:
        if self._report is None:
            return
        try:
            pages = print_pdf(self._report.path, printer)
        except UserError as error:
            self._refuse(error)
            return
        self.refusal.tell(_("已送到打印机：{pages} 页").format(pages=pages), Weight.GOOD)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._clean()
        super().closeEvent(event)

    @override
    def done(self, result: int) -> None:
        self._clean()
        super().done(result)

    def _clean(self) -> None:
        """What was looked at leaves no copy behind."""
        if self._under_way is not None:
            self._under_way.cancel()
        self.document.close()
        shutil.rmtree(self._aside, ignore_errors=True)


def _make(
    target: Path,
    setup: PageSetup,
    printer: Printer,
    area: Key | None,
    colour: bool,
    store: Store,
    *,
    progress: Progress,
) -> HandoutReport:
    order = HandoutOrder(area=area, setup=setup, colour=colour)
    return handout(store, target, order, printer, progress, logged=False)


def _copy(source: Path, part: Path) -> None:
    shutil.copyfile(source, part)
