"""村居: the villages and communities of the town, each with its fact sheet and its groups."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from stationdesk.core.fields import Field, Key, Values
from stationdesk.core.messages import _
from stationdesk.services import records
from stationdesk.services.listing import Page, Row, row_of
from stationdesk.ui.dialogs.record import RecordDialog
from stationdesk.ui.forms import Kit
from stationdesk.ui.notices import Weight
from stationdesk.ui.tabs.library import Library
from stationdesk.ui.tabs.related import RelatedPage

_GROUP = "village_group"
_WITH_BASICS = ("联系人", "备注")
"""Pages whose few fields stand on the first one, so that the strip shows what belongs to the village."""


class GroupsPage(RelatedPage):
    """The villagers' groups or grids of a village: added, renamed, removed where nobody lives in them."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        words = _("还没有村民组或网格。点“添加组”；组的范围在地图上画。")
        super().__init__(
            "village",
            _GROUP,
            "village_key",
            kit.desk,
            words,
            parent,
            columns=("name", "leader", "phone"),
            order="key",  # as they were entered: 一组, 二组, 三组 sort otherwise by their signs
            descending=False,
            opens=False,
        )
        self._kit = kit
        self.add_button(_("添加组"), "plus", "group_add", self.add)
        self.add_button(_("修改"), "pencil", "group_edit", self.edit, needs_row=True)
        self.add_button(_("删除"), "trash", "group_remove", self.remove, needs_row=True)
        self.table.opened.connect(lambda _key: self.edit())

    def add(self) -> None:
        """Begin a new group of the village."""
        if self.owner_key is not None:
            dialog = RecordDialog(_GROUP, self._kit, self)
            dialog.begin({"village_key": self.owner_key})
            dialog.open()

    def edit(self) -> None:
        """Edit the chosen group."""
        if self.table.current_key:
            dialog = RecordDialog(_GROUP, self._kit, self)
            dialog.show_record(Key(self.table.current_key))
            dialog.open()

    def remove(self) -> None:
        """Remove the chosen group; one that households belong to stays."""
        key = self.table.current_key
        if key:
            done = _("已删除这个组。按 Ctrl+Z 可以撤销。")
            self._kit.desk.change(
                records.remove,
                _GROUP,
                Key(key),
                then=lambda _changes: self._kit.desk.notify(done),
                owner=self,
            )


class VillagePage(Library):
    """Villages: what their fact sheets say, who lives there on our books, and what there is to call on."""

    first_columns = ("name", "secretary", "phone", "households", "population", "code")
    owns = frozenset({"village", _GROUP})

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__("village", kit, parent)
        self._build_filters()
        self.add_exchange()
        self._build_form()

    @override
    def form_fields(self) -> tuple[Field, ...]:
        return tuple(
            replace(each, spec=replace(each.spec, page="")) if each.spec.page in _WITH_BASICS else each
            for each in super().form_fields()
        )

    @override
    def heading(self, page: Page) -> tuple[str, str]:
        return super().heading(page)[0], page.rows[0].values["code"] or ""

    @override
    def shown(self, row: Row) -> None:
        super().shown(row)
        until = row.values["until"]
        if until is not None and until < self.kit.today():
            self.form.banner.say(_("这个村居已于 {day} 撤销。").format(day=until), Weight.PLAIN)
        else:
            self.form.banner.hide()

    @override
    def open_record(self, record: str, key: Key) -> None:
        if record == _GROUP:
            self.desk.read(row_of, _GROUP, key, then=self._open_group, owner=self)
        else:
            super().open_record(record, key)

    @override
    def begin_record(self, record: str, values: Values) -> None:
        if record == _GROUP:
            dialog = RecordDialog(_GROUP, self.kit, self)
            dialog.begin(values)
            dialog.open()
        else:
            super().begin_record(record, values)

    def begin_household(self) -> None:
        """Begin a household in this village."""
        if self.form.key is not None and not self.form.is_new:
            self.begin_wanted.emit("household", {"village_key": self.form.key})

    def begin_resource(self) -> None:
        """Begin a resource in this village."""
        if self.form.key is not None and not self.form.is_new:
            self.begin_wanted.emit("resource", {"village_key": self.form.key})

    def _open_group(self, row: Row | None) -> None:
        if row is None:
            return
        super().open_record("village", row.values["village_key"])
        self.groups.table.select(row.key)
        self.form.pages.setCurrentWidget(self.groups)

    def _build_filters(self) -> None:
        self.filters.add_action(
            _("导入"), "file-import", "village_import", partial(self.import_wanted.emit, "village")
        )
        self.filters.add_action(_("新村居"), "plus", "village_new", self.new_record, primary=True)
        self.say_when_empty(_("还没有村居。可以一个个登记，也可以导入区划名单。"), _("新村居"))

    def _build_form(self) -> None:
        self.add_place_entry()
        self.groups = GroupsPage(self.kit)
        self.add_related(_("村民组"), self.groups)
        homes = RelatedPage(
            "village",
            "household",
            "village_key",
            self.desk,
            _("这个村居还没有登记户。"),
            columns=("code", "head", "group_key", "follow_level", "next_visit", "members"),
            order="code",
            descending=False,
        )
        homes.add_button(_("登记新户"), "home-plus", "village_household_add", self.begin_household)
        self.add_related(_("户"), homes)
        resources = RelatedPage(
            "village",
            "resource",
            "village_key",
            self.desk,
            _("这个村居还没有资源。"),
            columns=("code", "name", "dimension", "offer_text", "status"),
            order="code",
            descending=False,
        )
        resources.add_button(_("新资源"), "plus", "village_resource_add", self.begin_resource)
        self.add_related(_("资源"), resources)
        self.add_photos()
        self.add_history()
        self.form.head.set_empty_words(_("在左边选一个村居，或按 Ctrl+N 登记。"))
        self.add_map_button()
        self.add_remove()
