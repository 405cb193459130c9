"""What can be done with a whole list, below it: give it out, change several rows at once, bring rows in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton

from stationdesk.core.messages import _
from stationdesk.services.pasting import can_paste
from stationdesk.ui.tables import RecordTable
from stationdesk.ui.theme import Look


class ListActions(QObject):
    """The buttons and keys of one list; what they want goes up."""

    out_wanted = Signal(object, object, object)
    """Give the list out: its `Query`, the keys of the columns shown, the keys of the chosen rows."""
    bulk_wanted = Signal(str, object)
    """Change the chosen rows at once: (record, their keys)."""
    paste_wanted = Signal(str, object)
    """Bring in rows from the clipboard: (record, the fields of the columns shown)."""

    def __init__(self, table: RecordTable, look: Look, name: str) -> None:
        super().__init__(table)
        self._table = table
        self._bulk = self._button(look, _("批量修改…"), "edit", f"{name}_bulk")
        self._bulk.setToolTip(_("把选中的几行一起改  F2"))
        self._bulk.clicked.connect(lambda _on: self.change_chosen())
        self._bulk.hide()
        self._out = self._button(look, _("导出与打印…"), "file-export", f"{name}_list_out")
        self._out.setToolTip(_("把现在筛选出来的列表导出 Excel、打印或存为 PDF  Ctrl+P"))
        self._out.clicked.connect(lambda _on: self.give_out())
        if can_paste(name):
            paste = self._button(look, _("粘贴…"), "clipboard-list", f"{name}_paste")
            paste.setAccessibleName(_("粘贴从表格复制的行"))
            paste.setToolTip(_("在 WPS、Excel 里复制几行，粘贴到这里，核对后导入这个列表  Ctrl+V"))
            paste.clicked.connect(lambda _on: self._paste())
        table.counted.connect(self._follow)
        table.view.paste_wanted.connect(self._paste)
        self._key("F2", self.change_chosen)
        self._key("Ctrl+P", self.give_out)

    def give_out(self) -> None:
        """Give the list out as it is filtered now."""
        query = self._table.query
        if query.record and self._table.rows.keys:
            columns = tuple(each.key for each in self._table.rows.fields)
            self.out_wanted.emit(query, columns, self._table.selected_keys())

    def change_chosen(self) -> None:
        """Change the chosen rows at once."""
        keys = self._table.selected_keys()
        if len(keys) > 1:
            self.bulk_wanted.emit(self._table.query.record, keys)

    def _paste(self) -> None:
        self.paste_wanted.emit(self._table.query.record, self._table.rows.fields)

    def _follow(self, total: int, chosen: int) -> None:
        self._out.setEnabled(bool(total))
        self._bulk.setVisible(chosen > 1)

    def _button(self, look: Look, words: str, icon: str, name: str) -> QPushButton:
        button = QPushButton(words, self._table)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setProperty("look", "quiet")
        look.set_icon(button, icon)
        self._table.foot.addWidget(button)
        return button

    def _key(self, keys: str, slot: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self._table)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(slot)
