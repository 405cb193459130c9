"""码表: the editable lists at the left, the rows of one of them at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.services import codes
from stationdesk.services.codes import Asked, CodeEntry, CodeList
from stationdesk.services.store import Store
from stationdesk.ui.dialogs.settings_code import AddCodeDialog
from stationdesk.ui.dialogs.settings_rows import CodeRows, CodeTable
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.forms import Kit
from stationdesk.ui.forms.codes import search_text
from stationdesk.ui.notices import Notice, Weight

_NAME = int(Qt.ItemDataRole.UserRole)
Found = tuple[CodeList, str]
"""A list and what it is found by."""


class CodesPage(QWidget):
    """What can be chosen in the forms: renamed in place, hidden, added, put in order, marked as checked."""

    said = Signal(object)
    """A `Notice` for whoever shows the page."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = kit.desk
        self._look = kit.look
        self._lists: dict[str, CodeList] = {}
        self._wanted = ""
        self._stale = True
        self.setObjectName("settings_codes")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._build_lists())
        row.addWidget(self._build_rows(), 1)
        self._desk.changed.connect(self._follow)
        self._mark()

    # The lists

    def _build_lists(self) -> QWidget:
        side = QWidget(self)
        side.setFixedWidth(self._look.pixels(230))
        self.words = QLineEdit(side)
        self.words.setObjectName("codes_search")
        self.words.setAccessibleName(_("找码表"))
        self.words.setPlaceholderText(_("找码表（可用拼音首字母）"))
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(self._sift)
        self.lists = QListWidget(side)
        self.lists.setObjectName("codes_lists")
        self.lists.setAccessibleName(_("码表"))
        self.lists.currentItemChanged.connect(lambda _now, _old: self._fetch_rows())
        self.lists.setProperty("look", "clear")
        card = QFrame(side)
        card.setProperty("look", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(4, 6, 4, 6)
        inside.addWidget(self.lists)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addWidget(card, 1)
        return side

    @property
    def current_list(self) -> CodeList | None:
        """The list whose rows are shown."""
        place = self.lists.currentRow()
        return self._lists.get(self.lists.item(place).data(_NAME)) if place >= 0 else None

    def show_list(self, name: str) -> None:
        """Show the rows of a list."""
        for place in range(self.lists.count()):
            if self.lists.item(place).data(_NAME) == name:
                if self.lists.item(place).isHidden():
                    self.words.clear()
                self.lists.setCurrentRow(place)
                return
        self._wanted = name

    def fetch(self) -> None:
        """Read the lists and the rows of the current one."""

        def read(store: Store) -> tuple[Found, ...]:
            return tuple((each, search_text(each.title, each.name)) for each in codes.lists_of(store))

        self._desk.read(read, then=self._show_lists, owner=self)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.fetch()

    def _show_lists(self, found: Sequence[Found]) -> None:
        fresh = [each.name for each, _words in found] != list(self._lists)
        current = self.current_list
        self._lists = {each.name: each for each, _words in found}
        if fresh:
            self._make_items(found)
        for place in range(self.lists.count()):
            item = self.lists.item(place)
            told = self._lists[item.data(_NAME)]
            item.setText(f"{told.title}  {told.rows}")
        wanted, self._wanted = self._wanted, ""
        if not fresh and not wanted:
            self._fetch_rows()
            return
        here = (
            current.name if current is not None and current.name in self._lists else next(iter(self._lists))
        )
        self.show_list(wanted or here)

    def _make_items(self, found: Sequence[Found]) -> None:
        """An item for each list; those of the station's own fields come and go with them."""
        self.lists.blockSignals(True)
        self.lists.clear()
        for each, words in found:
            item = QListWidgetItem(self.lists)
            item.setData(_NAME, each.name)
            item.setData(_NAME + 1, words)
        self.lists.setCurrentRow(-1)
        self.lists.blockSignals(False)
        self._sift(self.words.text())

    def _sift(self, text: str) -> None:
        wanted = text.strip().lower()
        shown = []
        for place in range(self.lists.count()):
            item = self.lists.item(place)
            item.setHidden(wanted not in item.data(_NAME + 1))
            if not item.isHidden():
                shown.append(place)
        if shown and self.lists.currentRow() not in shown:
            self.lists.setCurrentRow(shown[0])

    # The rows

    def _build_rows(self) -> QWidget:
        side = QFrame(self)
        side.setProperty("look", "card")
        self._title = QLabel(side)
        self._title.setObjectName("codes_title")
        self._title.setProperty("look", "heading")
        self._sum = QLabel(side)
        self._sum.setObjectName("codes_sum")
        self._sum.setProperty("look", "small")
        self.rows = CodeRows(self)
        self.rows.renamed.connect(self._rename)
        self.table = CodeTable(self.rows, self._look, side)
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _old: self._mark())
        self._note = QLabel(side)
        self._note.setObjectName("codes_note")
        self._note.setProperty("look", "small")
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setMinimumHeight(self._look.pixels(20))
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addWidget(self._sum, 1)
        column = QVBoxLayout(side)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self._note)
        column.addWidget(self._build_buttons(side))
        return side

    def _build_buttons(self, side: QWidget) -> QWidget:
        strip = QWidget(side)
        flow = FlowLayout(strip, 6)
        self._add = self._button(_("增加条目"), "plus", "code_add", self.add)
        self._edit = self._button(_("改名"), "pencil", "code_rename", self.edit)
        self._edit.setToolTip("F2")
        self._up = self._button(_("上移"), "chevron-up", "code_up", partial(self.shift, -1))
        self._down = self._button(_("下移"), "chevron-down", "code_down", partial(self.shift, 1))
        self._hide = self._button(_("停用"), "eye-off", "code_hide", self.turn_hidden)
        self._check = self._button(_("标为已核对"), "check", "code_verify", self.turn_verified)
        for button in (self._add, self._edit, self._up, self._down, self._hide, self._check):
            flow.addWidget(button)
        return strip

    def _button(self, words: str, icon: str, name: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        self._look.set_icon(button, icon)
        button.clicked.connect(lambda _on: slot())
        return button

    @property
    def current(self) -> CodeEntry | None:
        """The chosen row."""
        return self.rows.entry(self.table.currentIndex().row())

    def choose(self, code: str) -> None:
        """Make the row with this code current."""
        place = self.rows.place_of(code)
        if place is not None:
            self.table.setCurrentIndex(self.rows.index(place, 0))
            self.table.scrollTo(self.rows.index(place, 0))

    def _fetch_rows(self) -> None:
        told = self.current_list
        if told is not None:
            self._desk.read(codes.entries_of, told.name, then=partial(self._show_rows, told), owner=self)

    def _show_rows(self, told: CodeList, entries: Sequence[CodeEntry]) -> None:
        if told != self.current_list:
            return  # another list was chosen meanwhile
        code = self.current.code if self.current is not None and self.rows.list_name == told.name else ""
        before = {entry.code for entry in self.rows.entries} if self.rows.list_name == told.name else None
        self.rows.show(told.name, entries)
        self.table.fit()
        fresh = [entry.code for entry in entries if before is not None and entry.code not in before]
        self.choose(fresh[0] if fresh else code or (entries[0].code if entries else ""))
        self._title.setText(told.title)
        words = _("{rows} 条，{unverified} 条未核对") if told.unverified else _("{rows} 条，都已核对")
        self._sum.setText(words.format(rows=told.rows, unverified=told.unverified))
        self._mark()

    def _mark(self) -> None:
        entry = self.current
        for button in (self._edit, self._up, self._down, self._hide, self._check):
            button.setEnabled(entry is not None)
        self._add.setEnabled(self.current_list is not None)
        if entry is None:
            self._note.setText("")
            return
        self._say(
            self._hide, _("恢复使用") if entry.hidden else _("停用"), "eye" if entry.hidden else "eye-off"
        )
        self._say(self._check, _("标为未核对") if entry.verified else _("标为已核对"), "check")
        place = self.table.currentIndex().row()
        self._up.setEnabled(place > 0)
        self._down.setEnabled(place < len(self.rows.entries) - 1)
        self._note.setText(entry.note)

    def _say(self, button: QPushButton, words: str, icon: str) -> None:
        button.setText(words)
        button.setAccessibleName(words)
        self._look.set_icon(button, icon)

    # What may be done

    def add(self) -> None:
        """Ask for a new row of the list."""
        told = self.current_list
        if told is not None:
            self._desk.read(codes.asked_of, told.name, then=partial(self._ask, told), owner=self)

    def edit(self) -> None:
        """Edit the name of the chosen row in its place."""
        place = self.table.currentIndex().row()
        if place >= 0:
            self.table.setFocus()
            self.table.setCurrentIndex(self.rows.index(place, 0))
            self.table.edit(self.rows.index(place, 0))

    def shift(self, steps: int) -> None:
        """Move the chosen row in its list."""
        entry = self.current
        if entry is not None:
            self._change(partial(codes.move_code, key=entry.key, steps=steps))

    def turn_hidden(self) -> None:
        """Offer the chosen row no longer, or again."""
        entry = self.current
        if entry is not None:
            self._change(partial(codes.hide_code, key=entry.key, hidden=not entry.hidden), tell=True)

    def turn_verified(self) -> None:
        """Note that the chosen row was checked, or that it was not."""
        entry = self.current
        if entry is not None:
            self._change(partial(codes.verify_code, key=entry.key, verified=not entry.verified))

    def _rename(self, entry: CodeEntry, label: str) -> None:
        self._change(partial(codes.rename_code, key=entry.key, label=label), tell=True)

    def _ask(self, told: CodeList, asked: Asked) -> None:
        AddCodeDialog(self._desk, told, asked, self).open()

    def _change(self, use_case: Callable[[Store], ChangeSet], *, tell: bool = False) -> None:
        def done(changes: ChangeSet) -> None:
            if not changes:
                self._fetch_rows()
            elif tell:
                self.said.emit(Notice(changes.why))

        self._desk.change(use_case, then=done, failed=self._refused, owner=self)

    def _refused(self, error: UserError) -> None:
        self.said.emit(Notice(str(error), Weight.WARN))
        self._fetch_rows()  # what was typed is not what is stored

    def _follow(self, changes: ChangeSet) -> None:
        if changes.records & {"code", "custom_field"} and not self._stale:
            self.fetch()
