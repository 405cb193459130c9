"""与对方名册比对: a list of the county's platform beside ours; nothing is written."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import safe_file_name
from stationdesk.core.messages import _
from stationdesk.core.sealing import BadPassword
from stationdesk.services.book import CodeLabel, codes_of
from stationdesk.services.compare import Comparison, compare, ground_of, save_comparison
from stationdesk.services.exchange import Shift, suspected_shift
from stationdesk.services.imports import ImportKind, Plan, plan_for, read_plan
from stationdesk.services.listing import Query
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.compare_file import ComparedFilePage
from stationdesk.ui.dialogs.compare_result import ResultPage
from stationdesk.ui.dialogs.import_columns import ColumnsPage
from stationdesk.ui.dialogs.lock_box import LockBox
from stationdesk.ui.dialogs.working import WorkingDialog
from stationdesk.ui.forms import Option
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.saved import Folders, SavedBar
from stationdesk.ui.status import TaskRow
from stationdesk.ui.tabs.library import village_options
from stationdesk.ui.tasks import Ticket

_WIDTH, _HEIGHT = 1100, 660
_FOLDER = "compare"
_CATEGORIES = "client_group"
_OF_A_VILLAGE = frozenset({ImportKind.PEOPLE, ImportKind.RESOURCES, ImportKind.NEEDS, ImportKind.VISITS})


class CompareDialog(WorkingDialog):
    """Leads through a comparison: the file, its columns and which of ours, the result and a workbook of it."""

    open_wanted = Signal(str, str)
    """Open a record of ours (record, key)."""

    def __init__(self, desk: Desk, folders: Folders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._folders = folders
        self._found: Comparison | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("compare_dialog")
        self.setWindowTitle(_("与对方名册比对"))
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        self.outcome = SavedBar(desk.look, self, "compare_outcome")
        self.file_page = ComparedFilePage(desk.look, self)
        self.columns_page = ColumnsPage(desk.look, self, comparing=True)
        self.result_page = ResultPage(desk.look, self)
        self.columns = QWidget(self)
        middle = QVBoxLayout(self.columns)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addWidget(self._build_ground())
        middle.addWidget(self.columns_page, 1)
        self.pages = QStackedWidget(self)
        for page in (self.file_page, self.columns, self.result_page):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(self.outcome)
        column.addWidget(self.pages, 1)
        self._lock = LockBox("compare", self)
        column.addWidget(self._lock)
        column.addWidget(TaskRow(desk, self))
        column.addLayout(self._build_buttons())
        self.file_page.chosen.connect(self.open_file)
        self.columns_page.another_wanted.connect(self._plan_again)
        self.columns_page.plan_changed.connect(self._follow)
        self.result_page.chosen.connect(self._follow)
        desk.read(_choices, then=self._fill_ground)
        self._follow()

    # Building

    def _build_ground(self) -> QWidget:
        """Which of ours the file should have."""
        box = QWidget(self)
        lead = QLabel(_("本站这一边，应当在名册里的："), box)
        lead.setProperty("look", "field")
        self._village = self._combo("compare_village", _("所有村居"))
        self._category = self._combo("compare_category", _("所有对象类别"))
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(lead)
        row.addWidget(self._village)
        row.addWidget(self._category)
        row.addStretch(1)
        return box

    def _combo(self, name: str, words: str) -> Combo:
        combo = Combo(self._desk.look, self)
        combo.setObjectName(name)
        combo.setAccessibleName(words)
        combo.setMinimumWidth(self._desk.look.pixels(190))
        combo.addItem(words, "")
        return combo

    def _build_buttons(self) -> QHBoxLayout:
        self.leave = self._button(_("关闭"), "compare_close")
        self.leave.clicked.connect(lambda _on: self.close())
        self.back = self._button(_("上一步"), "compare_back")
        self.back.clicked.connect(lambda _on: self._go_back())
        self.look_at = self._button(_("打开本站的记录"), "compare_open_record")
        self.look_at.clicked.connect(lambda _on: self._open_record())
        self.next = self._button(_("比对"), "compare_next")
        self.next.setProperty("look", "primary")
        self.next.clicked.connect(lambda _on: self._go_on())
        row = QHBoxLayout()
        row.addWidget(self.leave)
        row.addStretch(1)
        for button in (self.look_at, self.back, self.next):
            row.addWidget(button)
        return row

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        return button

    def _fill_ground(self, found: tuple[tuple[Option, ...], tuple[CodeLabel, ...]]) -> None:
        villages, categories = found
        for option in villages:
            self._village.addItem(option.label, str(option.value))
        for each in categories:
            if not each.hidden:
                self._category.addItem(each.label, each.code)

    # What is chosen

    @property
    def ground(self) -> Query | None:
        """Our records that the file should have; None before a file was read."""
        plan = self.columns_page.plan
        if plan is None:
            return None
        village = str(self._village.currentData()) if plan.kind in _OF_A_VILLAGE else ""
        category = str(self._category.currentData()) if plan.kind is ImportKind.PEOPLE else ""
        return ground_of(plan.kind, Key(village) if village else None, category)

    # Pages

    def _show_page(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        self._follow()
        if self.next.isVisibleTo(self):
            self.next.setFocus()

    @override
    def _follow(self) -> None:
        page, busy = self.pages.currentWidget(), self._under_way is not None
        plan = self.columns_page.plan
        self._village.setVisible(plan is not None and plan.kind in _OF_A_VILLAGE)
        self._category.setVisible(plan is not None and plan.kind is ImportKind.PEOPLE)
        self.file_page.set_busy(busy=busy)
        self.back.setVisible(page is not self.file_page)
        self.back.setEnabled(not busy)
        self.next.setVisible(page is not self.file_page)
        on_result = page is self.result_page
        self.look_at.setVisible(on_result)
        self._lock.setVisible(on_result)
        self.look_at.setEnabled(self.result_page.current is not None)
        self.next.setText(_("存为 Excel…") if on_result else _("比对"))
        self.next.setAccessibleName(self.next.text())
        self.next.setEnabled(not busy and (on_result or self.columns_page.is_complete))

    def _go_back(self) -> None:
        self.outcome.hide()
        self._show_page(self.columns if self.pages.currentWidget() is self.result_page else self.file_page)

    def _go_on(self) -> None:
        if self.pages.currentWidget() is self.result_page:
            self._ask_file()
        else:
            self._compare()

    # Work

    def _begin(self, ticket: Ticket) -> None:
        self._under_way = ticket
        ticket.ended.connect(self._ended)
        self.outcome.hide()
        self._follow()

    def _refuse(self, error: UserError) -> None:
        self.outcome.refuse(str(error))

    def open_file(self, path: Path) -> None:
        """Read a file and propose what its columns hold."""
        self._begin(
            self._desk.work(
                read_plan,
                path,
                title=_("读取 {file}").format(file=path.name),
                then=self._show_plan,
                failed=self._refuse,
                owner=self,
            )
        )

    def _show_plan(self, plan: Plan) -> None:
        self.columns_page.show_plan(plan)
        self._show_page(self.columns)
        if plan.asks_datum:
            self._desk.read(suspected_shift, plan, then=self._warn, owner=self)

    def _warn(self, shift: Shift | None) -> None:
        if shift is not None:
            self.columns_page.suspect(shift.sentence, shift.datum)

    def _plan_again(self, kind: ImportKind, sheet: str | None, header: tuple[int, int] | None) -> None:
        plan = self.columns_page.plan
        if plan is None:
            return
        again = partial(_planned, plan, kind, sheet, header)
        self._begin(self._desk.read(again, then=self._show_plan, failed=self._refuse, owner=self))

    def _compare(self) -> None:
        plan = self.columns_page.plan
        if plan is None:
            return
        self._begin(
            self._desk.work(
                compare,
                plan,
                self.columns_page.datum,
                self.ground,
                title=_("比对 {file}").format(file=plan.file.name),
                then=self._show_result,
                failed=self._refuse,
                owner=self,
            )
        )

    def _show_result(self, found: Comparison) -> None:
        self._found = found
        self.result_page.show_result(found)
        self._show_page(self.result_page)

    # The result

    def _ask_file(self) -> None:
        if self._found is None or not self._lock_is_usable():
            return
        day = self._desk.store.clock.today().isoformat()
        proposed = safe_file_name(f"比对_{self._found.plan.file.stem}_{day}.xlsx")
        start = self._folders.of(_FOLDER) / proposed
        name, _filter = QFileDialog.getSaveFileName(self, _("存为 Excel"), str(start), "Excel (*.xlsx)")
        if name:
            target = Path(name)
            self.save_to(
                target if target.suffix.lower() == ".xlsx" else target.with_name(f"{target.name}.xlsx")
            )

    def save_to(self, target: Path) -> None:
        """Write the result to a workbook, with progress and Cancel."""
        if not self._lock_is_usable():
            return
        self._begin(
            self._desk.work(
                partial(save_comparison, beside=True, password=self._lock.password()),
                self._found,
                target,
                title=_("存比对结果"),
                then=self._saved,
                failed=self._refuse,
                owner=self,
            )
        )

    def _lock_is_usable(self) -> bool:
        """Whether the password, where one is wanted, can be used; the box says what is wrong with it."""
        try:
            self._lock.password()
        except BadPassword:
            return False
        return True

    def _saved(self, path: Path) -> None:
        self._lock.forget()
        self._folders.keep(_FOLDER, path)
        self.outcome.say_saved(path, _("已存为 {name}。里面是全名和全号，请勿外传。").format(name=path.name))

    def _open_record(self) -> None:
        key = self.result_page.current
        if key is not None and self._found is not None:
            self.open_wanted.emit(self._found.plan.kind.record, key)
            self.close()


def _choices(store: Store) -> tuple[tuple[Option, ...], tuple[CodeLabel, ...]]:
    return village_options(store), codes_of(store, _CATEGORIES)


def _planned(
    plan: Plan, kind: ImportKind, sheet: str | None, header: tuple[int, int] | None, store: Store
) -> Plan:
    return plan_for(store, plan.file, plan.workbook, kind, sheet, header)
