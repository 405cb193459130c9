"""需求库: what people need, how urgent it is, and where it stands."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Field, Key, Values
from stationdesk.core.messages import _
from stationdesk.core.vocab import NeedStatus
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.services.listing import Page, Row
from stationdesk.services.needs import close_need
from stationdesk.ui.forms import Kit
from stationdesk.ui.forms.codes import enum_options
from stationdesk.ui.notices import Weight
from stationdesk.ui.tabs.closing import ClosingDialog
from stationdesk.ui.tabs.library import Library
from stationdesk.ui.tabs.related import RelatedPage


class NeedsTab(Library):
    """Needs of people, households and villages, each on its way to a match or to a reason why not."""

    first_scope = "open"
    first_order = "urgency"
    first_columns = ("code", "urgency", "person_key", "item", "status", "waiting", "due_on", "village")
    find_resources = Signal(str)
    """Look for resources for this need, by key."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__("need", kit, parent)
        self._values: Values = {}
        self._build_filters()
        self._build_form()

    @override
    def heading(self, page: Page) -> tuple[str, str]:
        values = page.rows[0].values
        return super().heading(page)[0], _(values["status"].label)

    @override
    def shown(self, row: Row) -> None:
        super().shown(row)
        self._values = row.values
        status: NeedStatus = row.values["status"]
        self._close.setVisible(status.is_open)
        self._next.setEnabled(status.is_open)
        self._tell_due(row)

    @override
    def begun(self, values: Values) -> None:
        super().begun(values)
        self._values = values
        self._close.hide()

    def close_need(self, status: NeedStatus, reason: str) -> None:
        """Close the need that is shown."""
        key = self.form.key
        if key is None:
            return

        def tell(changes: ChangeSet) -> None:
            self.desk.notify(_("{what}。按 Ctrl+Z 可以撤销。").format(what=changes.why))

        self.desk.change(close_need, key, status, reason, then=tell, owner=self)

    def ask_to_close(self) -> None:
        """Ask how the need ends, and why where that has to be said."""
        dialog = ClosingDialog(self.desk.look, self)
        dialog.chosen.connect(self.close_need)
        dialog.open()

    def _build_filters(self) -> None:
        filters, fields = self.filters, {each.key: each for each in fields_of(RECORDS["need"])}
        filters.set_chips(fields["urgency"])
        filters.add_scope("open")
        filters.add_scope("unmatched")
        filters.add_combo("status", _("所有状态"), enum_options(NeedStatus, {}))
        filters.add_combo("item", _("所有事项"), self.kit.codes.options(fields["item"]))
        self.kit.codes.loaded.connect(partial(self._fill_items, fields["item"]))
        self.add_village_combo("village")
        filters.add_action(_("导入"), "file-import", "need_import", lambda: self.import_wanted.emit("need"))
        filters.add_action(_("登记需求"), "plus", "need_new", self.new_record, primary=True)
        self.say_when_empty(_("还没有需求。走访、来电、村里转来的需求都登记在这里。"), _("登记需求"))

    def _fill_items(self, field: Field, name: str) -> None:
        if name == field.spec.codes:
            self.filters.fill_combo(field.key, self.kit.codes.options(field))

    def _build_form(self) -> None:
        links = RelatedPage(
            "need",
            "match",
            "need_key",
            self.desk,
            _("还没有对接。点“找资源”看看谁能帮。"),
            columns=("matched_on", "resource_key", "state", "due_on"),
            order="matched_on",
        )
        self.add_related(_("对接"), links)
        self.add_history()
        self.form.head.set_empty_words(_("在左边选一条需求，或按 Ctrl+N 登记。"))
        foot = self.form.foot
        self._close = self.add_button(_("关闭需求"), "circle-check", "need_close", self.ask_to_close)
        self.add_button(_("看服务对象"), "user", "need_open_client", self._open_client)
        self.add_remove()
        self._next = foot.set_next_step(_("找资源"), "search", "need_find_resources", self._find)

    def _find(self) -> None:
        if self.form.key is not None:
            self.find_resources.emit(self.form.key)

    def _open_client(self) -> None:
        for name, record in (
            ("person_key", "person"),
            ("household_key", "household"),
            ("village_key", "village"),
        ):
            if self._values.get(name):
                self.open_wanted.emit(record, Key(str(self._values[name])))
                return

    def _tell_due(self, row: Row) -> None:
        due, status = row.values["due_on"], row.values["status"]
        late = (self.kit.today() - due).days if due is not None and status.is_open else 0
        if late > 0:
            words = _("已超过期望完成日 {days} 天：找资源，或和服务对象商量新的日子。")
            self.form.banner.say(words.format(days=late), Weight.WARN)
        else:
            self.form.banner.hide()
