"""上报表格: the departments' own forms, taught once and filled every month."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.clock import Month
from stationdesk.core.files import safe_file_name
from stationdesk.core.messages import _
from stationdesk.services.ledgers.period import Periods, periods_of
from stationdesk.services.stations import profile_of
from stationdesk.services.store import Store
from stationdesk.services.templates import (
    Kept,
    export_template,
    import_template,
    remove_template,
    templates_of,
)
from stationdesk.ui.dialogs.form_fill import FillDialog
from stationdesk.ui.dialogs.form_teach import TeachDialog
from stationdesk.ui.forms import Kit
from stationdesk.ui.saved import Folders
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.tables.delegate import CellDelegate
from stationdesk.ui.words import tip

_FOLDER = "form_template"
_ENDING = ".sdform"


class CountyFormsPage(TabPage):
    """The forms that were taught, and what can be done with the chosen one."""

    records = frozenset({"form_template"})

    def __init__(self, kit: Kit, folders: Folders, month: Month, parent: QWidget | None = None) -> None:
        super().__init__(kit.desk, parent)
        self._kit = kit
        self._folders = folders
        self.month = month
        self._forms: tuple[Kept, ...] = ()
        self._first_day = 1
        self.setObjectName("county_forms")
        self._top = QHBoxLayout()
        self._top.setSpacing(8)
        self._build_top()
        self.table = QTableWidget(0, 5, self)
        self._build_table()
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._build_empty())
        self._stack.addWidget(QWidget(self))
        self._stack.setCurrentIndex(2)  # neither, until it is known whether there are any
        card = QFrame(self)
        card.setProperty("look", "card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.addWidget(self._stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(12)
        column.addLayout(self._top)
        column.addWidget(card, 1)
        self._follow()

    def set_lead(self, lead: QWidget) -> None:
        """Put a switch before everything else in the top line."""
        self._top.insertWidget(0, lead)

    @property
    def chosen(self) -> Kept | None:
        """The form that is chosen in the list."""
        row = self.table.currentRow()
        return self._forms[row] if 0 <= row < len(self._forms) else None

    @property
    def periods(self) -> Periods:
        """The month that a trial filling is for."""
        return periods_of(self.month, self._first_day)

    # Building

    def _build_top(self) -> None:
        self._top.addStretch(1)
        self._actions: dict[str, QPushButton] = {}
        for words, icon, name, act in (
            (_("修改…"), "pencil", "edit", self.change),
            (_("导出模板…"), "file-export", "export", self._ask_export),
            (_("导入模板…"), "file-import", "import", self._ask_import),
            (_("删除"), "trash", "remove", self.remove),
            (_("教一张新表…"), "plus", "teach", self._ask_blank),
            (_("填报…"), "file-spreadsheet", "fill", self.fill),
        ):
            button = QPushButton(words, self)
            button.setObjectName(f"county_form_{name}")
            button.setAccessibleName(words.rstrip("…"))
            primary = name == "fill"
            if primary:
                button.setProperty("look", "primary")
            self.desk.look.set_icon(button, icon, "on_accent" if primary else "text")
            button.clicked.connect(lambda _on, do=act: do())
            self._top.addWidget(button)
            self._actions[name] = button

    def _build_table(self) -> None:
        table = self.table
        table.setObjectName("county_form_list")
        table.setAccessibleName(_("上报表格"))
        table.setHorizontalHeaderLabels(
            [_("模板名称"), _("要表的单位"), _("表格类型"), _("空白表"), _("最近填报")]
        )
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(self.desk.look.pixels(38))
        table.setShowGrid(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setItemDelegate(CellDelegate(self.desk.look, table))
        across = table.horizontalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.itemSelectionChanged.connect(self._follow)
        table.itemActivated.connect(lambda _item: self.fill())

    def _build_empty(self) -> QWidget:
        page = QWidget(self)
        words = QLabel(
            _(
                "还没有教过表格。把部门发来的空白表（.xlsx、.xls 或 Word）选一次，"
                "程序认出表头、猜出每一列填什么，您核对后保存；以后每月一按就填好，格式不变。"
            ),
            page,
        )
        words.setObjectName("county_forms_empty")
        words.setProperty("look", "empty")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setWordWrap(True)
        teach = QPushButton(_("教一张新表…"), page)
        teach.setObjectName("county_forms_begin")
        teach.setAccessibleName(_("教一张新表"))
        teach.setProperty("look", "primary")
        teach.clicked.connect(lambda _on: self._ask_blank())
        column = QVBoxLayout(page)
        column.setContentsMargins(80, 0, 80, 0)
        column.addStretch(1)
        column.addWidget(words)
        column.addSpacing(12)
        column.addWidget(teach, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        return page

    # What is shown

    @override
    def fetch(self) -> None:
        self.desk.read(_facts, then=self._show, owner=self)

    def _show(self, found: tuple[tuple[Kept, ...], int]) -> None:
        former, known = self.chosen, {form.key for form in self._forms}
        self._forms, self._first_day = found
        self.table.setRowCount(len(self._forms))
        for row, form in enumerate(self._forms):
            used = form.used_on.isoformat() if form.used_on is not None else ""
            for column, text in enumerate(
                (form.name, form.department, _(form.kind.label), form.file_name, used)
            ):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(tip(text))
                self.table.setItem(row, column, item)
        self._stack.setCurrentIndex(0 if self._forms else 1)
        fresh = [form.key for form in self._forms if form.key not in known]
        wanted = fresh[0] if known and fresh else former.key if former is not None else None
        keys = [form.key for form in self._forms]
        if keys:
            self.table.selectRow(keys.index(wanted) if wanted in keys else 0)
        self._follow()

    def _follow(self) -> None:
        for name in ("edit", "export", "remove", "fill"):
            self._actions[name].setEnabled(self.chosen is not None)

    # Acting

    @override
    def new_record(self) -> None:
        self._ask_blank()

    def teach(self, path: Path) -> None:
        """Teach the form in a file."""
        dialog = TeachDialog(self._kit, self.periods, self.window())
        dialog.open()
        dialog.teach(path)

    def change(self) -> None:
        """Open the chosen template to change it."""
        if (form := self.chosen) is not None:
            dialog = TeachDialog(self._kit, self.periods, self.window())
            dialog.open()
            dialog.change(form.key)

    def fill(self) -> None:
        """Fill the chosen form."""
        if (form := self.chosen) is not None:
            FillDialog(self._kit, form, self.month, self._folders, self.window()).open()

    def remove(self) -> None:
        """Remove the chosen template; it can be undone."""
        if (form := self.chosen) is not None:
            self.desk.change(remove_template, form.key, then=partial(self._removed, form.name), owner=self)

    def _removed(self, name: str, _changes: ChangeSet) -> None:
        self.desk.notify(_("已删除上报模板“{name}”，可以撤销。").format(name=name))

    def bring_in(self, path: Path) -> None:
        """Keep the template that another station gave."""
        self.desk.change(import_template, path, then=self._brought_in, owner=self)

    def _brought_in(self, _changes: ChangeSet) -> None:
        self.desk.notify(_("已导入上报模板。先点“修改…”看看各列对不对。"))

    def give(self, path: Path) -> None:
        """Write the chosen template to a file for another station."""
        if (form := self.chosen) is not None:
            self.desk.read(export_template, form.key, path, then=self._given, owner=self)

    def _given(self, path: Path) -> None:
        self._folders.keep(_FOLDER, path)
        self.desk.notify(_("已导出模板 {name}，里面没有个人信息。").format(name=path.name))

    def _ask_blank(self) -> None:
        words = _("空白表") + " (*.xlsx *.xls *.docx)"
        name, _filter = QFileDialog.getOpenFileName(
            self, _("选部门发来的空白表"), str(self._folders.of(_FOLDER)), words
        )
        if name:
            self._folders.keep(_FOLDER, Path(name))
            self.teach(Path(name))

    def _ask_export(self) -> None:
        if (form := self.chosen) is None:
            return
        start = self._folders.of(_FOLDER) / safe_file_name(form.name + _ENDING)
        words = _("上报模板") + f" (*{_ENDING})"
        name, _filter = QFileDialog.getSaveFileName(self, _("模板存到哪里？"), str(start), words)
        if name:
            target = Path(name)
            self.give(target if target.suffix == _ENDING else target.with_name(target.name + _ENDING))

    def _ask_import(self) -> None:
        words = _("上报模板") + f" (*{_ENDING})"
        name, _filter = QFileDialog.getOpenFileName(
            self, _("选别的站给的模板"), str(self._folders.of(_FOLDER)), words
        )
        if name:
            self.bring_in(Path(name))


def _facts(store: Store) -> tuple[tuple[Kept, ...], int]:
    """The forms, and on which day a month of the station starts."""
    return templates_of(store), profile_of(store).month_starts_on
