"""自定义字段: the kinds of record at the left, the fields that the station added to one of them at the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.db.models import RECORD_TITLES
from stationdesk.services import own_fields
from stationdesk.services.own_fields import RECORDS_WITH_ROOM, OwnField
from stationdesk.services.store import Store
from stationdesk.ui.dialogs.settings_own_field import OwnFieldDialog
from stationdesk.ui.dialogs.settings_own_rows import OwnRows, OwnTable
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.forms import Kit
from stationdesk.ui.notices import Notice, Weight

_RECORD = int(Qt.ItemDataRole.UserRole)
Found = Mapping[str, tuple[OwnField, ...]]
"""The own fields of every kind of record."""


class OwnFieldsPage(QWidget):
    """What the station keeps beside what the program knows: added, renamed, put in order, hidden."""

    said = Signal(object)
    """A `Notice` for whoever shows the page."""
    list_wanted = Signal(str)
    """Show the options of a field: the name of their list."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = kit.desk
        self._look = kit.look
        self._found: Found = {}
        self._stale = True
        self.setObjectName("settings_own")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._build_records())
        row.addWidget(self._build_fields(), 1)
        self._desk.changed.connect(self._follow)
        self._mark()

    # The kinds of record

    def _build_records(self) -> QWidget:
        card = QFrame(self)
        card.setProperty("look", "card")
        card.setFixedWidth(self._look.pixels(170))
        self.records = QListWidget(card)
        self.records.setObjectName("own_records")
        self.records.setAccessibleName(_("所属类别"))
        self.records.setProperty("look", "clear")
        for record in RECORDS_WITH_ROOM:
            item = QListWidgetItem(_(RECORD_TITLES[record]), self.records)
            item.setData(_RECORD, record)
        self.records.setCurrentRow(RECORDS_WITH_ROOM.index("person"))
        self.records.currentItemChanged.connect(lambda _now, _old: self._show_fields())
        inside = QVBoxLayout(card)
        inside.setContentsMargins(4, 6, 4, 6)
        inside.addWidget(self.records)
        return card

    @property
    def record(self) -> str:
        """The kind of record whose fields are shown."""
        return str(self.records.currentItem().data(_RECORD))

    def show_record(self, record: str) -> None:
        """Show the fields of a kind of record."""
        self.records.setCurrentRow(RECORDS_WITH_ROOM.index(record))

    def fetch(self) -> None:
        """Read the fields of every kind of record."""

        def read(store: Store) -> Found:
            return {record: own_fields.own_fields_of(store, record) for record in RECORDS_WITH_ROOM}

        self._desk.read(read, then=self._show, owner=self)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.records.doItemsLayout()  # the chosen row was laid out before the letters were known
        if self._stale:
            self._stale = False
            self.fetch()

    def _show(self, found: Found) -> None:
        self._found = found
        for place in range(self.records.count()):
            item = self.records.item(place)
            record = item.data(_RECORD)
            count = sum(not each.hidden for each in found[record])
            title = _(RECORD_TITLES[record])
            item.setText(f"{title}  {count}" if count else title)
        self._show_fields()

    # The fields

    def _build_fields(self) -> QWidget:
        side = QFrame(self)
        side.setProperty("look", "card")
        self._title = QLabel(side)
        self._title.setObjectName("own_title")
        self._title.setProperty("look", "heading")
        self._sum = QLabel(side)
        self._sum.setObjectName("own_sum")
        self._sum.setProperty("look", "small")
        self.rows = OwnRows(self)
        self.table = OwnTable(self.rows, self._look, side)
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _old: self._mark())
        self.table.doubleClicked.connect(lambda _index: self.edit())
        empty = QLabel(
            _("还没有自定义字段。县里要的、表里没有的一列，例如“低保证号”，点“增加字段”就有了。"), side
        )
        empty.setObjectName("own_empty")
        empty.setProperty("look", "muted")
        empty.setWordWrap(True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget(side)
        self._stack.addWidget(self.table)
        self._stack.addWidget(empty)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addWidget(self._sum, 1)
        column = QVBoxLayout(side)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        column.addWidget(self._build_buttons(side))
        return side

    def _build_buttons(self, side: QWidget) -> QWidget:
        strip = QWidget(side)
        flow = FlowLayout(strip, 6)
        self._add = self._button(_("增加字段"), "plus", "own_add", self.add)
        self._edit = self._button(_("修改"), "pencil", "own_edit", self.edit)
        self._options = self._button(_("选项…"), "list", "own_options", self.show_options)
        self._up = self._button(_("上移"), "chevron-up", "own_up", partial(self.shift, -1))
        self._down = self._button(_("下移"), "chevron-down", "own_down", partial(self.shift, 1))
        self._hide = self._button(_("停用"), "eye-off", "own_hide", self.turn_hidden)
        for button in (self._add, self._edit, self._options, self._up, self._down, self._hide):
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
    def current(self) -> OwnField | None:
        """The chosen field."""
        return self.rows.field(self.table.currentIndex().row())

    def _show_fields(self) -> None:
        record, fields = self.record, self._found.get(self.record, ())
        same = self.rows.record == record
        before = {each.key for each in self.rows.fields} if same else None
        chosen = self.current.key if same and self.current is not None else None
        self.rows.show(record, fields)
        self.table.fit()
        fresh = next((each.key for each in fields if before is not None and each.key not in before), None)
        wanted = fresh or chosen
        place = self.rows.place_of(wanted) if wanted is not None else 0
        if fields:
            self.table.setCurrentIndex(self.rows.index(place or 0, 0))
        self._stack.setCurrentIndex(0 if fields else 1)
        self._title.setText(_(RECORD_TITLES[record]))
        hidden = sum(each.hidden for each in fields)
        words = _("{count} 个字段，{hidden} 个停用") if hidden else _("{count} 个字段")
        self._sum.setText(words.format(count=len(fields), hidden=hidden) if fields else "")
        self._mark()

    def _mark(self) -> None:
        field = self.current
        for button in (self._edit, self._up, self._down, self._hide):
            button.setEnabled(field is not None)
        self._options.setEnabled(field is not None and bool(field.list_name) and not field.hidden)
        if field is None:
            return
        words, icon = (_("恢复使用"), "eye") if field.hidden else (_("停用"), "eye-off")
        self._hide.setText(words)
        self._hide.setAccessibleName(words)
        self._look.set_icon(self._hide, icon)
        place = self.table.currentIndex().row()
        self._up.setEnabled(place > 0)
        self._down.setEnabled(place < len(self.rows.fields) - 1)

    # What may be done

    def add(self) -> None:
        """Ask for a new field."""
        OwnFieldDialog(self._desk, self.record, parent=self).open()

    def edit(self) -> None:
        """Change the chosen field."""
        field = self.current
        if field is not None:
            OwnFieldDialog(self._desk, field.record, field, self).open()

    def show_options(self) -> None:
        """Show the options of the chosen field where all lists are."""
        field = self.current
        if field is not None and field.list_name:
            self.list_wanted.emit(field.list_name)

    def shift(self, steps: int) -> None:
        """Move the chosen field among those of its record."""
        field = self.current
        if field is not None:
            self._change(partial(own_fields.move_field, key=field.key, steps=steps))

    def turn_hidden(self) -> None:
        """Show the chosen field nowhere any more, or again."""
        field = self.current
        if field is not None:
            hide = partial(own_fields.hide_field, key=field.key, hidden=not field.hidden)
            self._change(hide, tell=True)

    def _change(self, use_case: Callable[[Store], ChangeSet], *, tell: bool = False) -> None:
        def done(changes: ChangeSet) -> None:
            if changes and tell:
                self.said.emit(Notice(changes.why))

        self._desk.change(use_case, then=done, failed=self._refused, owner=self)

    def _refused(self, error: UserError) -> None:
        self.said.emit(Notice(str(error), Weight.WARN))

    def _follow(self, changes: ChangeSet) -> None:
        if changes.records & {"custom_field", "code"} and not self._stale:
            self.fetch()
