"""The categories of a person (低保, 独居, 残疾…), each from a day to a day: added, edited, ended, never lost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from stationdesk.core.changes import ChangeSet, changed
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Place, Values
from stationdesk.core.messages import _
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.services import records
from stationdesk.services.listing import Row, row_of
from stationdesk.services.store import Store
from stationdesk.ui.forms import Kit, RecordForm
from stationdesk.ui.tabs.related import RelatedPage

_RECORD = "person_category"
_COLUMNS = ("category", "since", "until", "basis", "certificate", "monthly")


class CategoriesPage(RelatedPage):
    """The list of a person's categories, and what can be done with each."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        words = _("还没有对象类别。点“添加类别”，例如低保、独居老人、残疾人。")
        super().__init__(
            "person", _RECORD, "person_key", kit.desk, words, parent, columns=_COLUMNS, opens=False
        )
        self._kit = kit
        self.add_button(_("添加类别"), "plus", "category_add", self.add)
        self.add_button(_("修改"), "pencil", "category_edit", self.edit, needs_row=True)
        self.add_button(_("今天结束"), "calendar", "category_end", self.end, needs_row=True)
        self.add_button(_("删除类别"), "trash", "category_remove", self.remove, needs_row=True)
        self.table.opened.connect(lambda _key: self.edit())

    def add(self) -> None:
        """Begin a new category of the person."""
        owner = self.owner_key
        if owner is not None:
            self._dialog(lambda dialog: dialog.form.show_new({**_blank(self._kit), "person_key": owner}))

    def edit(self) -> None:
        """Edit the chosen category."""
        key = self.table.current_key
        if key:
            self._kit.desk.read(row_of, _RECORD, Key(key), then=self._show, owner=self)

    def end(self) -> None:
        """Let the chosen category end today."""
        key = self.table.current_key
        if key:
            done = _("已记下：今天结束。")
            self._kit.desk.change(
                _end, Key(key), then=lambda _changes: self._kit.desk.notify(done), owner=self
            )

    def remove(self) -> None:
        """Remove a category that was entered by mistake."""
        key = self.table.current_key
        if key:
            done = _("已删除这个类别。按 Ctrl+Z 可以撤销。")
            self._kit.desk.change(
                records.remove,
                _RECORD,
                Key(key),
                then=lambda _changes: self._kit.desk.notify(done),
                owner=self,
            )

    def _show(self, row: Row | None) -> None:
        if row is not None:
            self._dialog(lambda dialog: dialog.form.show_record(row.key, row.values))

    def _dialog(self, fill: Callable[[CategoryDialog], object]) -> None:
        dialog = CategoryDialog(self._kit, self)
        fill(dialog)
        dialog.form.head.say(_("对象类别"))
        dialog.open()


class CategoryDialog(QDialog):
    """The form of one category."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("category_dialog")
        self.setWindowTitle(_("对象类别"))
        self.resize(kit.look.pixels(520), kit.look.pixels(440))
        fields = [each for each in fields_of(RECORDS[_RECORD], Place.FORM) if not each.spec.link]
        self.form = RecordForm(_RECORD, fields, kit, records.save, self)
        self.form.saved.connect(lambda _changes: self.accept())
        self.form.left.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)


def _blank(kit: Kit) -> Values:
    told = fields_of(RECORDS[_RECORD])
    return {each.key: kit.today() if each.key == "since" else each.blank for each in told if not each.derived}


def _end(store: Store, key: Key) -> ChangeSet:
    row = row_of(store, _RECORD, key)
    if row is None:
        raise UserError("这个类别已经删除了。")
    change = changed(_RECORD, key, row.values, {"until": store.clock.today()})
    return records.save(store, *([change] if change is not None else []))
