"""Bringing a list in: the file, its columns, a dry run with a verdict per row, and the import that can be undone."""

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

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field
from stationdesk.core.messages import _
from stationdesk.services.exchange.shift import Shift, suspected_shift
from stationdesk.services.imports import (
    DryRun,
    ImportKind,
    Plan,
    copy_name,
    dry_run,
    forget,
    plan_for,
    read_plan,
    remember,
    run,
    taken_back,
    undo_import,
    write_copy,
)
from stationdesk.services.listing import Filter, Query
from stationdesk.services.pasting import pasted_plan
from stationdesk.services.scopes import BATCH
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.import_columns import ColumnsPage
from stationdesk.ui.dialogs.import_done import DonePage
from stationdesk.ui.dialogs.import_file import FilePage
from stationdesk.ui.dialogs.import_journal import ImportsDialog
from stationdesk.ui.dialogs.import_rows import RowsPage
from stationdesk.ui.dialogs.working import WorkingDialog
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.saved import SavedBar
from stationdesk.ui.status import TaskRow

_WIDTH, _HEIGHT = 1040, 640
_KINDS = {each.record: each for each in ImportKind} | {"household": ImportKind.PEOPLE}


class ImportWizard(WorkingDialog):
    """Leads through an import. Nothing is written before the last button; what was written is undone as one."""

    query_wanted = Signal(object)
    """Show the records of the kind that was imported, as a `Query`."""

    def __init__(self, desk: Desk, record: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._dry: DryRun | None = None
        self._batch: ChangeSet | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("import_wizard")
        self.setWindowTitle(_("导入"))
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        self._steps = tuple(
            QLabel(words, self)
            for words in (_("1 选文件"), _("2 核对各列"), _("3 看试导入结果"), _("4 完成"))
        )
        self.refusal = Bar(desk.look, self, "import_refusal")
        self.refusal.add_close()
        self.refusal.hide()
        self.saved = SavedBar(desk.look, self, "import_saved")
        self.file_page = FilePage(desk.look, self)
        self.columns_page = ColumnsPage(desk.look, self)
        self.rows_page = RowsPage(desk.look, self)
        self._done_page = DonePage(desk.look, self)
        self.pages = QStackedWidget(self)
        for page in (self.file_page, self.columns_page, self.rows_page, self._done_page):
            self.pages.addWidget(page)
        self.tasks = TaskRow(desk, self)
        self.back = self._button(_("上一步"), "import_back")
        self.back.clicked.connect(lambda _on: self._go_back())
        self.leave = self._button(_("关闭"), "import_close")
        self.leave.clicked.connect(lambda _on: self.close())
        self.next = self._button(_("试导入"), "import_next")
        self.next.setProperty("look", "primary")
        self.next.clicked.connect(lambda _on: self._go_on())
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addLayout(self._make_steps())
        column.addWidget(self.refusal)
        column.addWidget(self.saved)
        column.addWidget(self.pages, 1)
        column.addWidget(self.tasks)
        column.addLayout(buttons)
        self._connect()
        self.file_page.choose_kind(_KINDS.get(record))
        self._show_page(self.file_page)

    def _connect(self) -> None:
        self.file_page.chosen.connect(self.open_file)
        self.columns_page.another_wanted.connect(self._plan_again)
        self.columns_page.plan_changed.connect(self._follow)
        self.columns_page.forget_wanted.connect(self._forget)
        self.rows_page.decided.connect(self._follow)
        self.rows_page.drop_wanted.connect(self._try_dropping)
        self.rows_page.copy_wanted.connect(self._write_copy)
        self.file_page.journal_wanted.connect(self._show_journal)
        self._done_page.undo_wanted.connect(self._take_back)
        self._done_page.look_wanted.connect(self._show_records)
        self._done_page.again_wanted.connect(lambda: self._show_page(self.file_page))
        self._done_page.next_wanted.connect(self._plan_next)
        self._done_page.copy_wanted.connect(self._write_copy)

    def open_file(self, path: Path) -> None:
        """Read a file and propose what its columns hold."""
        self._begin()
        self._under_way = self._desk.work(
            read_plan,
            path,
            self.file_page.kind,
            title=_("读取 {file}").format(file=path.name),
            then=self._show_plan,
            failed=self._refuse,
            owner=self,
        )
        self._under_way.ended.connect(self._ended)

    def open_pasted(self, text: str, record: str, columns: tuple[Field, ...]) -> None:
        """Propose what rows pasted into a list with these columns hold."""
        self._begin()
        self._under_way = self._desk.work(
            pasted_plan,
            text,
            record,
            columns,
            title=_("读取剪贴板"),
            then=self._show_plan,
            failed=self._refuse,
            owner=self,
        )
        self._under_way.ended.connect(self._ended)
        self._follow()

    # Pages

    def _make_steps(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        for step in self._steps:
            row.addWidget(step)
            if step is not self._steps[-1]:
                arrow = QLabel("›", self)
                arrow.setProperty("look", "muted")
                row.addWidget(arrow)
        row.addStretch(1)
        return row

    def _show_page(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        for place, step in enumerate(self._steps):
            step.setProperty("look", "heading" if place == self.pages.indexOf(page) else "muted")
            step.style().unpolish(step)
            step.style().polish(step)
        self._follow()

    @override
    def _follow(self) -> None:
        page = self.pages.currentWidget()
        busy = self._under_way is not None
        self.file_page.set_busy(busy=busy)
        self.back.setVisible(page in (self.columns_page, self.rows_page))
        self.back.setEnabled(not busy)
        self.next.setVisible(page in (self.columns_page, self.rows_page))
        if page is self.columns_page:
            self.next.setText(_("试导入"))
            self.next.setEnabled(self.columns_page.is_complete and not busy)
        elif page is self.rows_page:
            taken = self.rows_page.taken
            self.next.setText(_("导入 {count:,} 条").format(count=taken) if taken else _("没有要导入的"))
            self.next.setEnabled(bool(taken) and not busy)
        self.next.setAccessibleName(self.next.text())

    def _go_back(self) -> None:
        self.refusal.hide()
        before = self.file_page if self.pages.currentWidget() is self.columns_page else self.columns_page
        self._show_page(before)

    def _go_on(self) -> None:
        if self.pages.currentWidget() is self.columns_page:
            self._try()
        else:
            self._write()

    # Work

    def _begin(self) -> None:
        self.refusal.hide()
        self.saved.hide()

    def _refuse(self, error: UserError) -> None:
        self.refusal.say(str(error), Weight.BAD)

    def _show_plan(self, plan: Plan) -> None:
        self._take_plan(plan)
        self._show_page(self.columns_page)

    def _take_plan(self, plan: Plan) -> None:
        self.columns_page.show_plan(plan)
        if plan.asks_datum:
            self._desk.read(suspected_shift, plan, then=self._warn_of_shift, owner=self)

    def _warn_of_shift(self, shift: Shift | None) -> None:
        if shift is not None:
            self.columns_page.suspect(shift.sentence, shift.datum)

    def _forget(self) -> None:
        """Guess the columns anew, and no longer propose what they were the last time."""
        plan = self.columns_page.plan
        if plan is None or plan.remembered is None:
            return
        kind, sheet, place = plan.kind, plan.table.sheet, plan.place
        again = partial(self._plan_again, kind, sheet, None, place if len(plan.tables) > 1 else None)
        self._desk.change(forget, plan.remembered, then=lambda _done: again(), owner=self)

    def _plan_again(
        self,
        kind: ImportKind | None,
        sheet: str | None,
        header: tuple[int, int] | None,
        place: int | None = None,
    ) -> None:
        plan = self.columns_page.plan
        if plan is None:
            return
        self._begin()
        self._under_way = self._desk.read(
            plan_for,
            plan.file,
            plan.workbook,
            kind,
            sheet,
            header,
            place,
            then=self._take_plan,
            failed=self._refuse,
            owner=self,
        )
        self._under_way.ended.connect(self._ended)

    def _try(self) -> None:
        plan = self.columns_page.plan
        if plan is None:
            return
        self._begin()
        if plan.is_corrected:
            # What the worker said is kept, whatever becomes of this import; then the rows are looked at.
            self._under_way = self._desk.change(
                remember,
                plan,
                self.columns_page.datum,
                then=lambda _done: self._check(plan),
                failed=self._refuse,
                owner=self,
            )
            self._under_way.ended.connect(self._ended)
            self._follow()
        else:
            self._check(plan)

    def _try_dropping(self, drops: bool) -> None:
        """Try again with rows of damaged ID numbers taken in without them, or refused."""
        if self._dry is not None:
            self._begin()
            self._check(self._dry.plan.dropping_damaged(drops=drops))

    def _check(self, plan: Plan) -> None:
        self._under_way = self._desk.work(
            dry_run,
            plan,
            self.columns_page.datum,
            title=_("试导入 {file}").format(file=plan.file.name),
            then=self._show_run,
            failed=self._refuse,
            owner=self,
        )
        self._under_way.ended.connect(self._ended)
        self._follow()

    def _show_run(self, dry: DryRun) -> None:
        self._dry = dry
        self.rows_page.show_run(dry)
        self._show_page(self.rows_page)

    def _write(self) -> None:
        if self._dry is None:
            return
        self._begin()
        self._under_way = self._desk.change(
            run,
            self._dry,
            self.rows_page.decisions,
            title=_("导入 {file}").format(file=self._dry.plan.file.name),
            then=self._show_done,
            failed=self._refuse,
            owner=self,
        )
        self._under_way.ended.connect(self._ended)
        self._follow()

    # The end

    def _show_done(self, changes: ChangeSet) -> None:
        self._batch = changes
        if self._dry is None:
            return
        self._done_page.show_done(self._dry, self.rows_page.decisions, written=bool(changes))
        self._show_page(self._done_page)
        self._done_page.lead_on()

    def _take_back(self) -> None:
        if self._batch is None or self._dry is None:
            return
        self._begin()
        self._done_page.set_undoing(undoing=True)
        self._under_way = self._desk.change(
            undo_import,
            self._batch.batch,
            title=_("撤销导入 {file}").format(file=self._dry.plan.file.name),
            then=self._taken_back,
            failed=self._refuse_undo,
            owner=self,
        )
        self._under_way.ended.connect(self._ended)

    def _refuse_undo(self, error: UserError) -> None:
        self._done_page.set_undoing(undoing=False)
        self._refuse(error)

    def _taken_back(self, changes: ChangeSet) -> None:
        self._desk.read(taken_back, changes, then=self._done_page.show_taken_back, owner=self)

    def _plan_next(self) -> None:
        """The next table of the same sheet."""
        if self._dry is not None:
            plan = self._dry.plan
            self._show_page(self.columns_page)
            self._plan_again(None, plan.table.sheet, None, plan.next_place)

    def _write_copy(self) -> None:
        """Ask where, and write the verdicts into a coloured copy of the file."""
        dry = self._dry
        if dry is None:
            return
        start = dry.plan.file.with_name(copy_name(dry))
        name, _kinds = QFileDialog.getSaveFileName(
            self, _("结论写进文件副本"), str(start), f"Excel (*{start.suffix})"
        )
        if not name:
            return
        self._under_way = self._desk.work(
            write_copy,
            dry,
            Path(name).with_suffix(start.suffix),
            title=_("写入 {file}").format(file=Path(name).name),
            then=self._copied,
            failed=self._refuse,
            owner=self,
        )
        self._under_way.ended.connect(self._ended)
        self._follow()

    def _copied(self, path: Path) -> None:
        self.saved.say_saved(path, _("已保存 {file}").format(file=path.name))

    def _show_journal(self) -> None:
        ImportsDialog(self._desk, self).open()

    def _show_records(self) -> None:
        if self._dry is None or self._batch is None:
            return
        plan = self._dry.plan
        # Categories stand on the cards of people and have no list of their own.
        record = "person" if plan.kind is ImportKind.CATEGORIES else plan.kind.record
        told = _("这次导入的记录（{file}）").format(file=plan.file.name)
        self.query_wanted.emit(
            Query(record, filters=(Filter(BATCH, frozenset({self._batch.batch})),), told=told)
        )
        self.close()

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        return button
