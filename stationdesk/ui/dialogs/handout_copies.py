"""地图发放登记: the editions of the sheets that were given out, and where the copies of each went."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Key, Place
from stationdesk.core.messages import _
from stationdesk.db.models import CopiesGiven, SheetEdition, fields_of
from stationdesk.services import records
from stationdesk.services.listing import Filter, Query
from stationdesk.ui.dialogs.record import RecordDialog
from stationdesk.ui.forms import Kit
from stationdesk.ui.tables import RecordTable
from stationdesk.ui.tables.source import RecordSource

_WIDTH, _HEIGHT = 940, 640


class CopiesDialog(QDialog):
    """The editions, the newest first; below, the copies of the one that is chosen, or of all."""

    list_wanted = Signal(object, object, object)
    """Give the list of copies out: its `Query`, the keys of its columns, the keys of the chosen rows."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("copies_dialog")
        self.setWindowTitle(_("地图发放登记"))
        self.resize(kit.look.pixels(_WIDTH), kit.look.pixels(_HEIGHT))
        desk = kit.desk
        self.editions = RecordTable(
            "editions",
            fields_of(SheetEdition, Place.TABLE),
            RecordSource("sheet_edition"),
            desk,
            parent=self,
        )
        self.editions.view.setAccessibleName(_("地图版次"))
        self.editions.set_empty(_("还没有发放过地图。在“发放地图”里保存或打印一份，就有了第 1 版。"))
        self.copies = RecordTable(
            "copies", fields_of(CopiesGiven, Place.TABLE), RecordSource("copies_given"), desk, parent=self
        )
        self.copies.view.setAccessibleName(_("发到了哪里"))
        self.copies.set_empty(_("这一版还没有登记发到哪里。"))
        self.editions.current_changed.connect(lambda _key: self._show_copies())
        self.editions.counted.connect(self._choose_first)
        self.copies.opened.connect(self.edit)
        self.copies.current_changed.connect(lambda _key: self._follow())
        self.copies.counted.connect(lambda _total, _chosen: self._follow())
        self._all = QCheckBox(_("看所有版次的"), self)
        self._all.setObjectName("copies_all")
        self._all.setAccessibleName(self._all.text())
        self._all.toggled.connect(lambda _on: self._show_copies())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._heading(_("版次")))
        column.addWidget(self.editions, 2)
        head = QHBoxLayout()
        head.addWidget(self._heading(_("发到了哪里")))
        head.addStretch(1)
        head.addWidget(self._all)
        column.addLayout(head)
        column.addWidget(self.copies, 3)
        column.addLayout(self._build_foot())
        desk.changed.connect(self._take)
        self.editions.show_query(Query("sheet_edition"))
        self._show_copies()

    @property
    def edition(self) -> Key | None:
        """The edition that is chosen."""
        key = self.editions.current_key
        return Key(key) if key else None

    def add(self) -> None:
        """Begin a line for the chosen edition."""
        if self.edition is not None:
            dialog = RecordDialog("copies_given", self._kit, self)
            dialog.begin({"edition_key": self.edition})
            dialog.open()

    def edit(self, key: str) -> None:
        """Open a line that was written down."""
        if key:
            dialog = RecordDialog("copies_given", self._kit, self)
            dialog.show_record(Key(key))
            dialog.open()

    def _build_foot(self) -> QHBoxLayout:
        self._add = self._button(_("登记发放…"), "plus", "copies_add", self.add)
        self._add.setProperty("look", "primary")
        self._kit.look.set_icon(self._add, "plus", "on_accent")
        self._edit = self._button(
            _("修改…"), "pencil", "copies_edit", lambda: self.edit(self.copies.current_key)
        )
        self._remove = self._button(_("删除"), "trash", "copies_remove", self._take_away)
        self._out = self._button(_("导出与打印…"), "file-export", "copies_out", self._give_out)
        leave = self._button(_("关闭"), "x", "copies_close", self.close)
        foot = QHBoxLayout()
        for button in (self._add, self._edit, self._remove, self._out):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(leave)
        return foot

    def _heading(self, words: str) -> QLabel:
        label = QLabel(words, self)
        label.setProperty("look", "heading")
        return label

    def _button(self, words: str, icon: str, name: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        self._kit.look.set_icon(button, icon)
        button.clicked.connect(lambda _on: slot())
        return button

    def _choose_first(self, total: int, _chosen: int) -> None:
        if total and not self.editions.current_key:
            self.editions.select(self.editions.rows.keys[0])
        self._follow()

    def _show_copies(self) -> None:
        filters: tuple[Filter, ...] = ()
        if self.edition is not None and not self._all.isChecked():
            filters = (Filter("edition_key", frozenset({self.edition})),)
        self.copies.show_query(Query("copies_given", filters=filters))
        self._follow()

    def _follow(self) -> None:
        self._add.setEnabled(self.edition is not None)
        for button in (self._edit, self._remove):
            button.setEnabled(bool(self.copies.current_key))
        self._out.setEnabled(bool(self.copies.rows.keys))

    def _take(self, changes: ChangeSet) -> None:
        if {"sheet_edition", "copies_given"} & changes.records:
            self.editions.refresh()
            self.copies.refresh()

    def _take_away(self) -> None:
        key = self.copies.current_key
        if key:
            self._kit.desk.change(records.remove, "copies_given", Key(key), then=self._removed, owner=self)

    def _removed(self, changes: ChangeSet) -> None:
        self._kit.desk.notify(_("{what}。按 Ctrl+Z 可以撤销。").format(what=changes.why))

    def _give_out(self) -> None:
        columns = tuple(each.key for each in self.copies.rows.fields)
        self.list_wanted.emit(self.copies.query, columns, self.copies.selected_keys())
