"""台账列方案: which columns a ledger has, in what order and under what names, kept as a set with a name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Guard, Key
from stationdesk.core.messages import _
from stationdesk.services.ledgers.column_sets import (
    Layout,
    OwnColumn,
    SetColumn,
    layouts_of,
    ledger_columns,
    remove_layout,
    save_layout,
    use_layout,
)
from stationdesk.services.ledgers.titles import arrangeable
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.question import Question
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.notices import Bar, Weight

_WIDTH, _HEIGHT = 820, 620
_SHOWN, _OWN, _OUTSIDE = range(3)
_KEY = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class _Sets:
    """The columns of one ledger and its sets."""

    ledger: str
    own: tuple[OwnColumn, ...]
    layouts: tuple[Layout, ...]


class ColumnSetsDialog(QDialog):
    """Arranges the columns of our ledgers. A new name or place never changes what is masked outside the station."""

    def __init__(self, desk: Desk, ledger: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._first = ledger
        self._ledgers: tuple[tuple[str, str], ...] = ()
        self._sets: _Sets | None = None
        self._layout: Layout | None = None
        self._wanted: str | None = None
        self._unsaved = False
        self._filling = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("column_sets_dialog")
        self.setWindowTitle(_("台账列方案"))
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        self._build()
        desk.read(arrangeable, then=self._show_ledgers)

    @property
    def layout_now(self) -> Layout | None:
        """The set as it stands in the dialog."""
        if self._layout is None:
            return None
        items = (self.columns.item(row, _SHOWN) for row in range(self.columns.rowCount()))
        columns = tuple(self._column(item) for item in items if item is not None)
        return replace(self._layout, name=self._name.text(), columns=columns)

    # Building

    def _build(self) -> None:
        self._ledger = self._combo("column_sets_ledger", _("台账"))
        self._ledger.activated.connect(lambda _row: self._read())
        self.set_combo = self._combo("column_sets_set", _("列方案"))
        self.set_combo.activated.connect(self._choose)
        self._name = QLineEdit(self)
        self._name.setObjectName("column_sets_name")
        self._name.setAccessibleName(_("方案名称"))
        self._name.setPlaceholderText(_("方案名称，例如：县民政局要的格式"))
        self._name.textEdited.connect(lambda _text: self._edit())
        self.refusal = Bar(self._desk.look, self, "column_sets_refusal")
        self.refusal.add_close()
        self.refusal.hide()
        self._rules = QLabel(
            _(
                "打勾的列写进台账；双击列名可以改名；用右边的按钮排顺序。外送时哪些遮盖、哪些不列，由字段决定，改名不影响。"
            ),
            self,
        )
        self._rules.setWordWrap(True)
        self._rules.setProperty("look", "small")
        top = QHBoxLayout()
        top.setSpacing(8)
        for words, widget, stretch in (
            (_("台账"), self._ledger, 2),
            (_("列方案"), self.set_combo, 2),
            (_("名称"), self._name, 3),
        ):
            label = QLabel(words, self)
            label.setProperty("look", "field")
            top.addWidget(label)
            top.addWidget(widget, stretch)
        middle = QHBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(self._build_columns(), 1)
        middle.addLayout(self._build_moves())
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(self.refusal)
        column.addLayout(top)
        column.addWidget(self._rules)
        column.addLayout(middle, 1)
        column.addLayout(self._build_foot())
        self._follow()

    def _build_columns(self) -> QTableWidget:
        self.columns = QTableWidget(0, 3, self)
        self.columns.setObjectName("column_sets_columns")
        self.columns.setAccessibleName(_("台账的列"))
        self.columns.setHorizontalHeaderLabels([_("列名"), _("原来的列名"), _("外送上报时")])
        self.columns.verticalHeader().hide()
        self.columns.setShowGrid(False)
        self.columns.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.columns.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        across = self.columns.horizontalHeader()
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for section in (_SHOWN, _OWN):
            across.setSectionResizeMode(section, QHeaderView.ResizeMode.Stretch)
        across.setSectionResizeMode(_OUTSIDE, QHeaderView.ResizeMode.ResizeToContents)
        self.columns.itemChanged.connect(self._item_changed)
        self.columns.itemSelectionChanged.connect(self._follow)
        return self.columns

    def _build_moves(self) -> QVBoxLayout:
        self._up = self._button(_("上移"), "chevron-up", "column_sets_up")
        self._down = self._button(_("下移"), "chevron-down", "column_sets_down")
        self._top = self._button(_("移到最前"), "", "column_sets_top")
        self._own_again = self._button(_("恢复原样"), "refresh", "column_sets_own")
        self._up.clicked.connect(lambda _on: self.shift(-1))
        self._down.clicked.connect(lambda _on: self.shift(1))
        self._top.clicked.connect(lambda _on: self.shift(-self.columns.currentRow()))
        self._own_again.clicked.connect(lambda _on: self._restore())
        column = QVBoxLayout()
        column.setSpacing(8)
        for button in (self._up, self._down, self._top):
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self._own_again)
        return column

    def _build_foot(self) -> QHBoxLayout:
        self._remove = self._button(_("删除方案"), "trash", "column_sets_remove")
        self._discard = self._button(_("放弃修改"), "arrow-back-up", "column_sets_discard")
        leave = self._button(_("关闭"), "", "column_sets_close")
        self._save = self._button(_("保存"), "device-floppy", "column_sets_save")
        self._use = self._button(_("保存并使用"), "check", "column_sets_use")
        self._use.setProperty("look", "primary")
        self._desk.look.set_icon(self._use, "check", "on_accent")
        self._remove.clicked.connect(lambda _on: self._delete())
        self._discard.clicked.connect(lambda _on: self._read())
        leave.clicked.connect(lambda _on: self.close())
        self._save.clicked.connect(lambda _on: self.save(use=False))
        self._use.clicked.connect(lambda _on: self.save(use=True))
        row = QHBoxLayout()
        for button in (self._remove, self._discard):
            row.addWidget(button)
        row.addStretch(1)
        for button in (leave, self._save, self._use):
            row.addWidget(button)
        return row

    def _combo(self, name: str, words: str) -> Combo:
        combo = Combo(self._desk.look, self)
        combo.setObjectName(name)
        combo.setAccessibleName(words)
        return combo

    def _button(self, words: str, icon: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        if icon:
            self._desk.look.set_icon(button, icon)
        return button

    # What is shown

    def _show_ledgers(self, found: tuple[tuple[str, str], ...]) -> None:
        self._ledgers = found
        self._ledger.clear()
        self._ledger.addItems([_(title) for _name, title in found])
        names = [name for name, _title in found]
        if self._first in names:
            self._ledger.setCurrentIndex(names.index(self._first))
        self._read()

    def choose_ledger(self, name: str) -> None:
        """Show the columns of another ledger."""
        self._ledger.setCurrentIndex([each for each, _title in self._ledgers].index(name))
        self._read()

    def _read(self) -> None:
        if self._ledgers:
            name = self._ledgers[self._ledger.currentIndex()][0]
            self._desk.read(_sets_of, name, then=self._show_sets)

    def _show_sets(self, found: _Sets) -> None:
        self._sets = found
        self.set_combo.clear()
        self.set_combo.addItem(_("原来的列（不用方案）"))
        for each in found.layouts:
            self.set_combo.addItem(_("{name}（使用中）").format(name=each.name) if each.in_use else each.name)
        self.set_combo.addItem(_("新方案…"))
        names = [each.name for each in found.layouts]
        in_use = next((place for place, each in enumerate(found.layouts, 1) if each.in_use), 0)
        place = names.index(self._wanted) + 1 if self._wanted in names else in_use
        self._wanted = None
        self.set_combo.setCurrentIndex(place)
        self._choose(place)

    def _choose(self, place: int) -> None:
        sets = self._sets
        if sets is None:
            return
        own = tuple(SetColumn(each.key) for each in sets.own)
        layout = None
        if 0 < place <= len(sets.layouts):
            layout = sets.layouts[place - 1]
        elif place > len(sets.layouts):
            layout = Layout(sets.ledger, "", own)
        self._layout = layout
        self._unsaved = False
        self.refusal.hide()
        self._name.setText(layout.name if layout is not None else "")
        self._fill(layout.columns if layout is not None else own)
        self._follow()
        if layout is not None and not layout.name:
            self._name.setFocus()

    def _fill(self, columns: tuple[SetColumn, ...]) -> None:
        own = {each.key: each for each in self._sets.own} if self._sets is not None else {}
        editable = self._layout is not None
        self._filling = True
        self.columns.setRowCount(0)
        for each in columns:
            told = own.get(each.key)
            if told is None:
                continue
            row = self.columns.rowCount()
            self.columns.insertRow(row)
            shown = QTableWidgetItem(each.label or told.label)
            shown.setData(_KEY, each.key)
            flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
            if editable:
                shown.setFlags(flags | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable)
            else:
                shown.setFlags(flags)
            shown.setCheckState(Qt.CheckState.Unchecked if each.hidden else Qt.CheckState.Checked)
            self.columns.setItem(row, _SHOWN, shown)
            for section, words in ((_OWN, told.label), (_OUTSIDE, _outside(told.guard))):
                item = QTableWidgetItem(words)
                item.setFlags(flags)
                self.columns.setItem(row, section, item)
        self._filling = False

    def _column(self, item: QTableWidgetItem) -> SetColumn:
        hidden = item.checkState() is Qt.CheckState.Unchecked
        return SetColumn(str(item.data(_KEY)), item.text().strip(), hidden=hidden)

    # What changes

    def _item_changed(self, _item: QTableWidgetItem) -> None:
        if not self._filling:
            self._edit()

    def _edit(self) -> None:
        self._unsaved = True
        self._follow()

    def shift(self, steps: int) -> None:
        """Move the chosen column up or down."""
        row, layout = self.columns.currentRow(), self.layout_now
        place = row + steps
        if layout is None or row < 0 or not 0 <= place < len(layout.columns) or not steps:
            return
        columns = list(layout.columns)
        columns.insert(place, columns.pop(row))
        self._fill(tuple(columns))
        self.columns.selectRow(place)
        self._edit()

    def _restore(self) -> None:
        if self._sets is not None:
            self._fill(tuple(SetColumn(each.key) for each in self._sets.own))
            self._edit()

    def save(self, *, use: bool) -> None:
        """Keep the set; with `use` the ledger is written by it from now on."""
        layout = self.layout_now
        if layout is None:
            if use and self._sets is not None:
                self._desk.change(
                    use_layout, self._sets.ledger, None, then=self._saved, failed=self._refuse, owner=self
                )
            return
        layout = replace(layout, in_use=layout.in_use or use)
        self._wanted = layout.name.strip()
        self._desk.change(save_layout, layout, then=self._saved, failed=self._refuse, owner=self)

    def _saved(self, _changes: ChangeSet) -> None:
        self._unsaved = False
        layout = self.layout_now
        words = _("以后的台账用原来的列。")
        if layout is not None:
            words = _("列方案“{name}”已保存。").format(name=layout.name)
        self._read()
        self._desk.notify(words)

    def _delete(self) -> None:
        key: Key | None = self._layout.key if self._layout is not None else None
        if key is not None:
            self._desk.change(remove_layout, key, then=self._removed, failed=self._refuse, owner=self)

    def _removed(self, changes: ChangeSet) -> None:
        self._unsaved = False
        self._desk.notify(_("{what}。按 Ctrl+Z 可以撤销。").format(what=changes.why))
        self._read()

    def _refuse(self, error: UserError) -> None:
        self._wanted = None
        self.refusal.say(str(error), Weight.BAD)

    def _follow(self) -> None:
        layout, row = self._layout, self.columns.currentRow()
        editable = layout is not None
        for widget in (self._name, self._own_again):
            widget.setEnabled(editable)
        self._up.setEnabled(editable and row > 0)
        self._top.setEnabled(editable and row > 0)
        self._down.setEnabled(editable and 0 <= row < self.columns.rowCount() - 1)
        # What was arranged is not lost by a look at another set: it is saved or given up first.
        for combo in (self._ledger, self.set_combo):
            combo.setEnabled(not self._unsaved)
            combo.setToolTip(_("先保存或放弃现在的修改") if self._unsaved else "")
        self._discard.setVisible(self._unsaved)
        self._remove.setVisible(layout is not None and layout.key is not None and not self._unsaved)
        self._save.setEnabled(self._unsaved)
        in_use = self._sets is not None and any(each.in_use for each in self._sets.layouts)
        used = layout.in_use if layout is not None else not in_use
        words = _("保存并使用") if editable else _("改用原来的列")
        self._use.setText(words)
        self._use.setAccessibleName(words)
        self._use.setEnabled(self._unsaved or not used)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._unsaved:
            event.ignore()
            self._ask()
        else:
            super().closeEvent(event)

    @override
    def reject(self) -> None:
        """Esc asks as the button does."""
        if self._unsaved:
            self._ask()
        else:
            super().reject()

    def _ask(self) -> None:
        question = Question(_("台账列方案"), _("修改还没有保存。不保存就关闭吗？"), _("不保存"), self)
        question.accepted.connect(self._leave)
        question.open()

    def _leave(self) -> None:
        self._unsaved = False
        self.close()


def _sets_of(store: Store, ledger: str) -> _Sets:
    return _Sets(ledger, ledger_columns(store, ledger), layouts_of(store, ledger))


def _outside(guard: Guard) -> str:
    return {Guard.OPEN: "", Guard.MASKED: _("遮盖"), Guard.DROPPED: _("不列")}[guard]
