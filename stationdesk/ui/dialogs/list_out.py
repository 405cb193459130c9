"""导出与打印: a list as it is filtered now, as a workbook, on paper, or as a PDF."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import private_folder
from stationdesk.core.messages import _
from stationdesk.core.printing import Printer
from stationdesk.core.progress import Progress
from stationdesk.core.sealing import BadPassword
from stationdesk.core.vocab import Audience
from stationdesk.db.models import RECORD_TITLES
from stationdesk.services.listing import Query, count_of
from stationdesk.services.lists import (
    PAPER,
    ListOut,
    ListReport,
    PersonalNumber,
    PrintedList,
    export_list,
    list_name,
    log_given,
    print_list,
    save_printed,
)
from stationdesk.services.release import Override
from stationdesk.services.stations import profile_of
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.lock_box import LockBox
from stationdesk.ui.dialogs.pdf_sight import PdfSight
from stationdesk.ui.dialogs.reason import ReasonDialog
from stationdesk.ui.notices import Weight
from stationdesk.ui.paper import ask_printer, printing_of
from stationdesk.ui.saved import Folders, SavedBar
from stationdesk.ui.status import TaskRow
from stationdesk.ui.tasks import Ticket

_WIDTH, _HEIGHT = 1180, 690
_FOLDER = "list"
_SHORT = 12
"""Answers of so many signs in all stand side by side."""
_AUDIENCES = (Audience.INTERNAL, Audience.REPORT)


class ListDialog(QDialog):
    """Asks which rows, which columns and for whom. The preview, the saved PDF and the print are one file."""

    def __init__(
        self,
        desk: Desk,
        printer: Printer,
        folders: Folders,
        query: Query,
        columns: tuple[str, ...],
        chosen: tuple[Key, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._printer = printer
        self._folders = folders
        self._query = query
        self._columns = columns
        self._chosen = chosen if len(chosen) > 1 else ()
        self._town: str | None = None
        self._printed: PrintedList | None = None
        self._under_way: Ticket | None = None
        # In the station's own folder: what a crash leaves of it is cleared at the next start.
        self._kept = contextlib.ExitStack()
        self._aside = self._kept.enter_context(private_folder(desk.store.folder.root))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("list_dialog")
        self.setWindowTitle(_("导出与打印：{title}").format(title=_(RECORD_TITLES[query.record])))
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        self._build()
        desk.read(_facts, query, then=self._show_facts)

    # What is asked

    @property
    def wanted(self) -> ListOut:
        """What is chosen."""
        return ListOut(
            self._query,
            _AUDIENCES[self._audience.checkedId()],
            self._columns if self._fields.checkedId() == 0 else (),
            self._chosen if self._rows.checkedId() == 1 else None,
        )

    @property
    def printed(self) -> PrintedList | None:
        """What was made for paper, until something is chosen differently."""
        return self._printed

    def file_name(self, ending: str) -> str:
        """By the rule: whose, what, when, for whom."""
        return list_name(self._town or "", self.wanted, self._desk.store.clock.today(), ending)

    # Building

    def _build(self) -> None:
        self.outcome = SavedBar(self._desk.look, self, "list_result")
        self.sight = PdfSight("list", _("点“看打印样子”，这里就是要打印的那一份。"), self)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._build_side())
        row.addWidget(self.sight, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 14, 16, 12)
        outer.setSpacing(8)
        outer.addWidget(self.outcome)
        outer.addLayout(row, 1)
        outer.addWidget(TaskRow(self._desk, self))
        self._follow()

    def _build_side(self) -> QWidget:
        side = QWidget(self)
        side.setFixedWidth(self._desk.look.pixels(286))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        rows = [_("列表里的全部")]
        if self._chosen:
            rows.append(_("只要选中的 {count:,} 行").format(count=len(self._chosen)))
        self._rows = self._choice(column, _("1 哪些行？"), "rows", *rows)
        self._fields = self._choice(column, _("2 哪些列？"), "fields", _("列表上的列"), _("全部字段"))
        self._audience = self._choice(column, _("3 给谁看？"), "for", *(_(each.label) for each in _AUDIENCES))
        self._rules = QLabel(side)
        self._rules.setObjectName("list_rules")
        self._rules.setProperty("look", "small")
        self._rules.setWordWrap(True)
        column.addWidget(self._rules)
        column.addSpacing(4)
        self._lock = LockBox("list", side)
        column.addWidget(self._lock)
        column.addStretch(1)
        self._summary = QLabel(side)
        self._summary.setObjectName("list_summary")
        self._summary.setProperty("look", "small")
        self._summary.setWordWrap(True)
        column.addWidget(self._summary)
        self._export = self._button(_("导出 Excel…"), "file-spreadsheet", "list_export")
        self._export.clicked.connect(lambda _on: self._ask_file(".xlsx"))
        self._look = self._button(_("看打印样子"), "eye", "list_look")
        self._look.clicked.connect(lambda _on: self.make())
        self._print = self._button(_("打印…"), "printer", "list_print")
        self._print.clicked.connect(lambda _on: self._ask_printer())
        self._save = self._button(_("存为 PDF…"), "device-floppy", "list_save")
        self._save.clicked.connect(lambda _on: self._ask_file(".pdf"))
        leave = self._button(_("关闭"), "x", "list_close")
        leave.clicked.connect(lambda _on: self.close())
        for pair in ((self._export, self._look), (self._save, self._print)):
            line = QHBoxLayout()
            for button in pair:
                line.addWidget(button)
            column.addLayout(line)
        column.addWidget(leave)
        return side

    def _choice(self, column: QVBoxLayout, title: str, name: str, *words: str) -> QButtonGroup:
        group = QButtonGroup(self)
        label = QLabel(title, self)
        label.setProperty("look", "field")
        column.addWidget(label)
        side_by_side = sum(map(len, words)) <= _SHORT
        row: QHBoxLayout | QVBoxLayout = QHBoxLayout() if side_by_side else QVBoxLayout()
        row.setSpacing(2)
        column.addLayout(row)
        for place, text in enumerate(words):
            button = QRadioButton(text, self)
            button.setObjectName(f"list_{name}_{place}")
            button.setAccessibleName(text)
            group.addButton(button, place)
            row.addWidget(button)
        group.button(0).setChecked(True)
        group.idClicked.connect(lambda _place: self._changed())
        return group

    def _button(self, words: str, icon: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        self._desk.look.set_icon(button, icon)
        return button

    # What follows

    def _show_facts(self, found: tuple[str, int]) -> None:
        self._town, count = found
        every = self._rows.button(0)
        every.setText(_("列表里的全部 {count:,} 行").format(count=count))
        every.setAccessibleName(every.text())
        self._follow()

    def _changed(self) -> None:
        if self._printed is not None:
            self._printed = None
            self.sight.show_words(_("选择改了：再点“看打印样子”。"))
            self._summary.clear()
        self.outcome.hide()
        self._follow()

    def _follow(self) -> None:
        busy, made = self._under_way is not None, self._printed is not None
        self._rules.setText(
            _("姓名、号码、住址按规则隐去，健康等敏感栏和说明文字不列。")
            if self.wanted.audience.is_masked
            else _("姓名和号码是全的，页脚印“内部资料”，请勿外传。")
        )
        for button in (self._export, self._look):
            button.setEnabled(self._town is not None and not busy)  # its name is in that of the file
        for button in (self._save, self._print):
            button.setEnabled(made and not busy)
        # One filled button: the workbook first, paper once it was looked at.
        for button, primary in ((self._export, not made), (self._print, made)):
            button.setProperty("look", "primary" if primary else "")
            self._desk.look.set_icon(
                button, str(button.property("icon_name")), "on_accent" if primary else "text"
            )
            button.style().unpolish(button)
            button.style().polish(button)

    def _begin(self, ticket: Ticket) -> None:
        self._under_way = ticket
        ticket.ended.connect(self._ended)
        self.outcome.hide()
        self._follow()

    def _ended(self) -> None:
        self._under_way = None
        self._follow()

    def _refuse(self, error: UserError) -> None:
        self.outcome.refuse(str(error))

    def _refuse_or_ask(self, again: Callable[[str], object], error: UserError) -> None:
        self._refuse(error)
        if isinstance(error, PersonalNumber):
            asked = ReasonDialog(
                _("仍要放行？"),
                _("{found}\n如果看过确实不是个人信息，写明原因后可以放行。").format(found=error),
                _("写明原因并放行"),
                self,
            )
            asked.given.connect(again)
            asked.open()

    # A workbook

    def _ask_file(self, ending: str) -> None:
        try:
            self._lock.password()
        except BadPassword:
            return
        title = _("导出 Excel") if ending == ".xlsx" else _("存为 PDF")
        kinds = "Excel (*.xlsx)" if ending == ".xlsx" else "PDF (*.pdf)"
        start = self._folders.of(_FOLDER) / self.file_name(ending)
        name, _filter = QFileDialog.getSaveFileName(self, title, str(start), kinds)
        if name:
            target = Path(name)
            target = target if target.suffix.lower() == ending else target.with_name(target.name + ending)
            if ending == ".xlsx":
                self.export_to(target)
            else:
                self.save_to(target)

    def export_to(self, target: Path, reason: str = "") -> None:
        """Write the workbook, with progress and Cancel; a reason lets out what was found in it."""
        try:
            password = self._lock.password()
        except BadPassword:
            return
        self._begin(
            self._desk.work(
                partial(export_list, beside=True, password=password, override=_answer(reason)),
                self.wanted,
                target,
                title=_("导出列表：{title}").format(title=_(RECORD_TITLES[self._query.record])),
                then=self._exported,
                failed=partial(self._refuse_or_ask, partial(self.export_to, target)),
                owner=self,
            )
        )

    def _exported(self, report: ListReport) -> None:
        words = _("已导出 {name}：{rows:,} 行。").format(name=report.path.name, rows=report.rows)
        self._say_saved(report.path, words + _withheld(report.withheld))

    def _say_saved(self, path: Path, words: str) -> None:
        self._lock.forget()
        self._folders.keep(_FOLDER, path)
        self.outcome.say_saved(path, words)

    # Paper

    def make(self, reason: str = "") -> None:
        """Print to a file and show it; a reason lets out what was found in it."""
        self._printed = None
        self.sight.show_words(_("正在排版…"))
        job = partial(_make, self._aside / "list.pdf", self.wanted, self._printer, _answer(reason))
        self._begin(
            self._desk.work(
                job, title=_("排版打印样子"), then=self._show, failed=self._refuse_paper, owner=self
            )
        )

    def _refuse_paper(self, error: UserError) -> None:
        self.sight.show_words(_("没有可以看的。"))
        self._refuse_or_ask(self.make, error)

    def _show(self, printed: PrintedList) -> None:
        self._printed = printed
        self.sight.show_file(printed.path)
        words = _("A4 横向 {pages} 页，{rows:,} 行。").format(pages=printed.pages, rows=printed.rows)
        self._summary.setText(words + _withheld(printed.withheld))
        if printed.boxed:
            rows = "、".join(str(row) for row in printed.boxed[:10])
            self.outcome.tell(
                _("第 {rows} 行有这台电脑没有字形的字，会印成空框。请核对后再打印。").format(rows=rows),
                Weight.WARN,
            )
        self._follow()

    def save_to(self, target: Path) -> None:
        """Save the very file that is shown."""
        if self._printed is None:
            return
        try:
            password = self._lock.password()
        except BadPassword:
            return
        self._begin(
            self._desk.work(
                save_printed,
                self._printed,
                target,
                password,
                title=_("存为 PDF"),
                then=lambda path: self._say_saved(path, _("已保存 {name}。").format(name=path.name)),
                failed=self._refuse,
                owner=self,
            )
        )

    def _ask_printer(self) -> None:
        if self._printed is None:
            return
        ask_printer(PAPER, "list_printer", self, self.print_on)

    def print_on(self, printer: QPrinter) -> None:
        """Print the very file that is shown; what is given out is logged first."""
        if self._printed is not None:
            name = self._printed.path.name
            self._desk.change(log_given, "print", self._printed, name, then=partial(self._send, printer))

    def _send(self, printer: QPrinter, _logged: object) -> None:
        if self._printed is None:
            return
        job = printing_of(self._printed.path, printer)
        self._desk.work(job, title=_("打印"), then=self._sent, failed=self._refuse, owner=self)

    def _sent(self, pages: int) -> None:
        self.outcome.tell(_("已送到打印机：{pages} 页").format(pages=pages), Weight.GOOD)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._clean()
        super().closeEvent(event)

    @override
    def done(self, result: int) -> None:
        self._clean()
        super().done(result)

    def _clean(self) -> None:
        """No copy of what was looked at, and no password, stays behind."""
        if self._under_way is not None:
            self._under_way.cancel()
        self._lock.forget()
        self.sight.document.close()
        self._kept.close()


def _facts(store: Store, query: Query) -> tuple[str, int]:
    return profile_of(store).town, count_of(store, query)


def _make(
    target: Path,
    wanted: ListOut,
    printer: Printer,
    override: Override | None,
    store: Store,
    progress: Progress,
) -> PrintedList:
    return print_list(store, wanted, target, printer, progress, override=override)


def _answer(reason: str) -> Override | None:
    return Override(reason) if reason else None


def _withheld(count: int) -> str:
    if not count:
        return ""
    return _("另有 {count} 条按规定限制查看的没有列入。").format(count=count)
