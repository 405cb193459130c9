"""台账: the month's figures with the rows behind them, and the workbook of all ledgers."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.files import safe_file_name
from stationdesk.core.messages import _
from stationdesk.core.sealing import BadPassword
from stationdesk.core.vocab import Audience
from stationdesk.services.ledgers import LedgerReport, ledger
from stationdesk.services.ledgers.behind import FigureOf
from stationdesk.services.ledgers.export import Options
from stationdesk.services.ledgers.screen import AUDIENCES, Overview, file_name, overview
from stationdesk.services.ledgers.targets import parsed_target, save_targets
from stationdesk.services.lists import PersonalNumber
from stationdesk.services.release import Override
from stationdesk.services.sealing import lock_for
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.figure_rows import FigureRowsDialog
from stationdesk.ui.dialogs.lock_box import LockBox
from stationdesk.ui.dialogs.reason import ReasonDialog
from stationdesk.ui.notices import Weight
from stationdesk.ui.saved import SavedBar
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.tabs.figures import FigureTable
from stationdesk.ui.tabs.month_bar import MonthBar
from stationdesk.ui.tasks import Ticket


class LedgersTab(TabPage):
    """A month is chosen; its figures are read, its workbook is written."""

    folder_chosen = Signal(str)
    """Where the worker keeps workbooks; proposed next time."""

    records = frozenset(
        {
            *("need", "match", "visit", "household", "person", "person_category", "resource", "organisation"),
            *("village", "code", "station", "column_set", "custom_field", "closed_month", "target"),
        }
    )

    def __init__(self, desk: Desk, folder: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setObjectName("ledgers_tab")
        self.month = Month.of(desk.store.clock.today())
        self._chosen = False
        self._folder = folder or desk.store.folder.exports
        self._overview: Overview | None = None
        self._under_way: Ticket | None = None
        self._last: Path | None = None
        self.figures = FigureTable(desk.look, self)
        self.figures.query_wanted.connect(self.query_wanted)
        self.figures.rows_wanted.connect(self.show_rows)
        self.figures.figures.target_typed.connect(self._set_target)
        self.result = SavedBar(desk.look, self, "ledger_result")
        self.state = MonthBar(desk, self)
        self.state.told.connect(self.result.tell)
        self.state.changed.connect(self._show_month)
        self.state.changed.connect(self.fetch)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 14, 20, 14)
        outer.setSpacing(12)
        self._top = self._build_top()
        outer.addLayout(self._top)
        outer.addWidget(self.result)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._build_figures(), 1)
        row.addWidget(self._build_workbook())
        outer.insertWidget(1, self.state)
        outer.addLayout(row, 1)
        self._show_month()

    def set_lead(self, lead: QWidget) -> None:
        """Put a switch before everything else in the top line."""
        self._top.insertWidget(0, lead)

    # Building

    def _build_top(self) -> QHBoxLayout:
        self._before = self._arrow("chevron-left", _("上一个月"), "ledger_previous", -1)
        self._after = self._arrow("chevron-right", _("下一个月"), "ledger_next", 1)
        self._title = QLabel(self)
        self._title.setObjectName("ledger_month")
        self._title.setProperty("look", "title")
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title.setMinimumWidth(self.desk.look.pixels(150))
        self._audiences = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self._before, self._title, self._after):
            row.addWidget(widget)
        row.addStretch(1)
        for place, audience in enumerate(AUDIENCES):
            words = _(audience.label)
            button = QRadioButton(words, self)
            button.setObjectName(f"ledger_for_{audience.value}")
            button.setAccessibleName(words)
            self._audiences.addButton(button, place)
            row.addWidget(button)
        self._audiences.button(0).setChecked(True)
        self._audiences.idClicked.connect(lambda _place: self._show_name())
        self._export = QPushButton(self)
        self._export.setObjectName("ledger_export")
        self._export.setProperty("look", "primary")
        self.desk.look.set_icon(self._export, "file-spreadsheet", "on_accent")
        self._export.setEnabled(False)  # the name of the file needs what is read first
        self._export.clicked.connect(lambda _on: self.export())
        row.addWidget(self._export)
        return row

    def _arrow(self, icon: str, words: str, name: str, months: int) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(words)
        self.desk.look.set_icon(button, icon)
        button.clicked.connect(lambda _on: self.show_month(self.month.shifted(months)))
        return button

    def _build_figures(self) -> QFrame:
        card = QFrame(self)
        card.setProperty("look", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 10, 1, 1)
        column.setSpacing(6)
        head = QLabel(_("月报表"), card)
        head.setProperty("look", "heading")
        head.setContentsMargins(13, 0, 0, 0)
        column.addWidget(head)
        column.addWidget(self.figures, 1)
        return card

    def _build_workbook(self) -> QFrame:
        card = QFrame(self)
        card.setProperty("look", "card")
        card.setFixedWidth(self.desk.look.pixels(320))
        head = QLabel(_("这个月的工作簿"), card)
        head.setProperty("look", "heading")
        self._sheets = QGridLayout()
        self._sheets.setVerticalSpacing(6)
        self._sheets.setColumnStretch(0, 1)
        self._name = self._line(card, "ledger_file_name")
        self._where = self._line(card, "ledger_folder")
        self._rules = self._line(card, "ledger_rules")
        change = QPushButton(_("换文件夹…"), card)
        change.setObjectName("ledger_change_folder")
        change.setAccessibleName(_("换文件夹"))
        self.desk.look.set_icon(change, "folder-open")
        change.clicked.connect(lambda _on: self._ask_folder())
        show = QPushButton(_("打开文件夹"), card)
        show.setObjectName("ledger_open_folder")
        show.setAccessibleName(_("打开文件夹"))
        self.desk.look.set_icon(show, "external-link")
        show.clicked.connect(lambda _on: self._open_folder())
        arrange = QPushButton(_("台账的列…"), card)
        arrange.setObjectName("ledger_columns")
        arrange.setAccessibleName(_("台账的列"))
        arrange.setToolTip(_("改台账各列的名称和顺序，不要的列不写，存成方案"))
        self.desk.look.set_icon(arrange, "list")
        arrange.clicked.connect(lambda _on: self.arrange_columns())
        buttons = QHBoxLayout()
        buttons.addWidget(change)
        buttons.addWidget(show)
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 10, 14, 14)
        column.setSpacing(8)
        column.addWidget(head)
        column.addWidget(self._build_sheets(card), 1)
        column.addWidget(self._rules)
        column.addWidget(arrange)
        self._lock = LockBox("ledger", card)
        column.addWidget(self._lock)
        for words, label in ((_("文件名"), self._name), (_("存到"), self._where)):
            title = QLabel(words, card)
            title.setProperty("look", "field")
            column.addWidget(title)
            column.addWidget(label)
        column.addLayout(buttons)
        return card

    def _build_sheets(self, card: QWidget) -> QScrollArea:
        """The sheets with their rows; more than fit are reached by scrolling, so that a small screen keeps its foot."""
        inside = QWidget(card)
        inside.setProperty("look", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.addLayout(self._sheets)
        column.addStretch(1)
        room = QScrollArea(card)
        room.setObjectName("ledger_sheets")
        room.setAccessibleName(_("工作簿里的表"))
        room.setWidgetResizable(True)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        room.setWidget(inside)
        return room

    def _line(self, parent: QWidget, name: str) -> QLabel:
        label = QLabel(parent)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    # What is shown

    @property
    def audience(self) -> Audience:
        """Whom the workbook is for."""
        return AUDIENCES[self._audiences.checkedId()]

    @property
    def target(self) -> Path:
        """Where the workbook goes."""
        town = self._overview.town if self._overview is not None else ""
        return self._folder / safe_file_name(file_name(town, self.month, self.audience))

    @override
    def fetch(self) -> None:
        self.desk.read(partial(overview, anew=self.state.anew), self.month, then=self._show, owner=self)

    @override
    def wants(self, changes: ChangeSet) -> bool:
        return bool(self.records & changes.records)

    def show_month(self, month: Month) -> None:
        """Show another month."""
        self._chosen = True
        self.month = month
        self.result.hide()
        # Until its own are counted: figures of another month would stand under its name.
        self.figures.figures.show(())
        self.state.setEnabled(False)
        self._export.setEnabled(False)
        self._show_month()
        self.fetch()

    def _show_month(self) -> None:
        self._title.setText(_("{year}年{month}月").format(year=self.month.year, month=self.month.month))
        present = self._overview.present if self._overview is not None else None
        self._after.setEnabled(self.month < (present or Month.of(self.desk.store.clock.today())))
        words = _("导出 {month} 月台账").format(month=self.month.month)
        if self.state.closed and not self.state.anew:
            words = _("保存 {month} 月上报文件").format(month=self.month.month)
        self._export.setText(words)
        self._export.setAccessibleName(words)
        self._show_name()

    def _show(self, found: Overview) -> None:
        if found.month != self.month:
            return
        self._overview = found
        if not self._chosen and found.asked_for is not None and found.asked_for != self.month:
            # The first look is at the month whose ledgers are made these days.
            self.show_month(found.asked_for)
            return
        self._chosen = True
        self.state.show_month(found)
        self.state.setEnabled(True)
        self._show_month()
        self._export.setEnabled(self._under_way is None)
        self.figures.figures.show(found.lines)
        while (item := self._sheets.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for row, sheet in enumerate(found.sheets):
            name = QLabel(_(sheet.title), self)
            rows = _("{count:,} 行").format(count=sheet.rows)
            if sheet.withheld:
                rows += _("（另限制 {count}）").format(count=sheet.withheld)
            count = QLabel(rows, self)
            count.setObjectName(f"ledger_rows_{row}")
            count.setProperty("look", "muted")
            count.setToolTip(_("按规定限制查看的，只计数，不列名") if sheet.withheld else "")
            self._sheets.addWidget(name, row, 0)
            self._sheets.addWidget(count, row, 1, Qt.AlignmentFlag.AlignRight)
        self._show_name()

    def _show_name(self) -> None:
        if self._overview is not None:
            self._name.setText(self.target.name)
        self._where.setText(str(self._folder))
        masked = self.audience.is_masked
        self._rules.setText(
            _("外送上报：姓名、号码、住址按规则隐去，健康等敏感栏不列。")
            if masked
            else _("内部使用：姓名和号码是全的，请勿外传。")
        )
        self._rules.setProperty("look", "small")

    # Export

    def export(self, reason: str = "") -> None:
        """Write the workbook of the month, with progress and Cancel; a reason lets out what was found in it."""
        if self._overview is None or self._under_way is not None:
            return
        try:
            password = self._lock.password()
        except BadPassword:
            return
        options = Options(
            anew=self.state.anew,
            override=Override(reason) if reason else None,
            lock=lock_for(self.desk.store, password),
        )
        self.result.hide()
        self._export.setEnabled(False)
        self._under_way = self.desk.work(
            partial(ledger, beside=True, options=options),
            self.month,
            self.audience,
            self.target,
            title=_("导出 {month} 月台账").format(month=self.month.month),
            then=self._exported,
            failed=self._refuse,
            owner=self,
        )
        self._under_way.ended.connect(self._ended)

    def _ended(self) -> None:
        self._under_way = None
        self._export.setEnabled(True)

    def _exported(self, report: LedgerReport) -> None:
        self._last = report.path
        self._lock.forget()
        rows = sum(sheet.rows for sheet in report.sheets)
        words = _("已导出 {name}：{sheets} 张表，{rows:,} 行。").format(
            name=report.path.name, sheets=len(report.sheets), rows=rows
        )
        if report.failed:
            told = "；".join(check.text for check in report.failed)
            self.result.say_saved(report.path, f"{words}{told}", Weight.WARN)
        else:
            held = _("勾稽 {count} 项全部相符。").format(count=len(report.checks))
            self.result.say_saved(report.path, words + held)

    # Figures

    def show_rows(self, figure: FigureOf) -> None:
        """Show the rows behind a figure, from where they can be printed."""
        town = self._overview.town if self._overview is not None else ""
        dialog = FigureRowsDialog(self.desk, figure, town, self._folder, self)
        dialog.open_wanted.connect(self.open_wanted)
        dialog.open()

    def _set_target(self, line: str, text: str) -> None:
        try:
            value = parsed_target(text)
        except UserError as error:
            self.result.refuse(str(error))
            return
        self.desk.change(save_targets, self.month.year, {line: value}, failed=self._refuse, owner=self)

    def _refuse(self, error: UserError) -> None:
        self.result.refuse(str(error))
        if isinstance(error, PersonalNumber):
            asked = ReasonDialog(
                _("仍要放行？"),
                _("{found}\n如果看过确实不是个人信息，写明原因后可以放行。").format(found=error),
                _("写明原因并放行"),
                self,
            )
            asked.given.connect(self.export)
            asked.open()

    def choose_folder(self, folder: Path) -> None:
        """Keep workbooks in this folder from now on."""
        self._folder = folder
        self.folder_chosen.emit(str(folder))
        self._show_name()

    def arrange_columns(self) -> None:
        """Open the sets of columns of our ledgers."""
        from stationdesk.ui.dialogs.column_sets import ColumnSetsDialog

        ColumnSetsDialog(self.desk, parent=self).open()

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("台账存到哪里？"), str(self._folder))
        if name:
            self.choose_folder(Path(name))

    def _open_folder(self) -> None:
        folder = self._last.parent if self._last is not None else self._folder
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
