"""资源: what the station can call on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Field, Key, Place, Values
from stationdesk.core.messages import _
from stationdesk.core.vocab import Dimension, ResourceStatus
from stationdesk.db.models import PARTS, RECORDS, fields_of
from stationdesk.services import matches, resources, together
from stationdesk.services.listing import Page, Query, Row, rows_of
from stationdesk.services.matching import Suggestion, who_needs
from stationdesk.services.store import Store
from stationdesk.ui.forms import Kit
from stationdesk.ui.forms.form import Save
from stationdesk.ui.notices import Weight
from stationdesk.ui.tabs.library import Library
from stationdesk.ui.tabs.related import RelatedPage

_PAGES = ("", "条件与办理", "位置", "联系")
"""The pages of a resource that come before the typed part."""
_MOST = 50


@dataclass(frozen=True, slots=True)
class WhoNeeds:
    """The open needs that a resource could meet, the best first."""

    def keys_of(self, store: Store, query: Query) -> tuple[Key, ...]:
        """The needs for the resource that the query names."""
        return tuple(need for need, _why in _wanted(store, query))

    def rows_of(self, store: Store, keys: Sequence[Key]) -> Page:
        """The rows of these needs."""
        return rows_of(store, "need", keys)


def _wanted(store: Store, query: Query) -> tuple[tuple[Key, Suggestion], ...]:
    resource = next(iter(query.filters[0].values))
    return who_needs(store, Key(str(resource)), _MOST)


class ResourcePage(Library):
    """Resources in five dimensions, each with the typed part of its own."""

    first_order = "code"
    first_columns = ("code", "name", "dimension", "offer_text", "village_key", "status", "distance")
    handout_wanted = Signal()
    """Make the hand-out map."""
    find_resources = Signal(str)
    """Look for resources for a need, by key."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__("resource", kit, parent)
        self._parts = {dimension: model.__tablename__ for dimension, model in PARTS.items()}
        self._build_filters()
        self.add_exchange()
        self._build_form()

    @override
    def form_fields(self) -> tuple[Field, ...]:
        own = fields_of(RECORDS["resource"], Place.FORM)
        first = tuple(each for each in own if each.spec.page in _PAGES)
        parts = tuple(each for model in PARTS.values() for each in fields_of(model, Place.FORM))
        return (*first, *parts, *(each for each in own if each.spec.page not in _PAGES))

    @override
    def save_use_case(self) -> Save:
        return together.save_resource

    @override
    def read_page(self, store: Store, key: Key) -> Page:
        return together.resource_with_part(store, key)

    @override
    def heading(self, page: Page) -> tuple[str, str]:
        values = page.rows[0].values
        kind = f"{_(values['dimension'].label)} · {_(values['map_class'].label)}"
        return super().heading(page)[0], kind

    @override
    def shown(self, row: Row) -> None:
        wanted = self.form.pages.currentWidget() is self.wanted
        super().shown(row)
        # The strip has room for it only when somebody asks.
        self.form.pages.setTabVisible(self.form.pages.indexOf(self.wanted), wanted)
        self._show_part(row.values["dimension"])
        self._warn(row)

    @override
    def begun(self, values: Values) -> None:
        super().begun(values)
        self._show_part(values.get("dimension"))
        self._needs.setText(_("谁需要它"))

    def verify_today(self) -> None:
        """Note that the resource was checked today."""
        key = self.form.key
        if key is not None and not self.form.is_new:
            done = _("已记下：今天核实过")
            self.desk.change(
                resources.verify_today, key, then=lambda _changes: self.desk.notify(done), owner=self
            )

    def settle(self) -> None:
        """The draft is complete: it counts as a resource from now on, with what is still unsaved in the form."""
        self.form.fill({"status": ResourceStatus.ACTIVE})
        self.form.save()

    def show_who_needs(self) -> None:
        """Show the needs that the resource could meet."""
        self.form.pages.setTabVisible(self.form.pages.indexOf(self.wanted), True)
        self.form.pages.setCurrentWidget(self.wanted)
        self.wanted.table.view.setFocus()
        if self.wanted.table.rows.keys and not self.wanted.table.selected_keys():
            self.wanted.table.select(self.wanted.table.rows.keys[0])

    def match_chosen(self) -> None:
        """Match the resource with the chosen need."""
        need, resource = self.wanted.table.current_key, self.form.key
        if not need or resource is None:
            return

        def match(store: Store) -> ChangeSet:
            found = dict(who_needs(store, resource, _MOST)).get(Key(need))
            why = "；".join(each.words for each in found.findings) if found is not None else ""
            return matches.match_from(store, Key(need), resource, why)

        done = _("已对接，状态是“拟对接”。到“对接”页接着办。")
        self.desk.change(match, then=lambda _changes: self.desk.notify(done), owner=self)

    def _build_filters(self) -> None:
        filters, fields = self.filters, {each.key: each for each in fields_of(RECORDS["resource"])}
        filters.set_chips(fields["dimension"])
        filters.add_scope("verify")
        filters.add_scope("draft")
        self.add_village_combo("village_key")
        filters.add_combo("offer_items", _("能帮：不限"), self.kit.codes.options(fields["offer_items"]))
        self.kit.codes.loaded.connect(partial(self._fill_items, fields["offer_items"]))
        filters.add_action(
            _("导入"), "file-import", "resource_import", lambda: self.import_wanted.emit("resource")
        )
        filters.add_action(_("发放地图"), "map-2", "resource_handout", self.handout_wanted.emit)
        filters.add_action(_("新资源"), "plus", "resource_new", self.new_record, primary=True)
        self.say_when_empty(
            _("还没有资源。走访中看到的人、组织、场地、经费、政策都可以记在这里。"), _("新资源")
        )

    def _fill_items(self, field: Field, name: str) -> None:
        if name == field.spec.codes:
            self.filters.fill_combo(field.key, self.kit.codes.options(field))

    def _build_form(self) -> None:
        self.add_place_entry()
        links = RelatedPage(
            "resource",
            "match",
            "resource_key",
            self.desk,
            _("这项资源还没有对接过。"),
            columns=("matched_on", "client", "need_key", "state"),
            order="matched_on",
        )
        self.add_related(_("对接"), links)
        self.wanted = RelatedPage(
            "resource",
            "need",
            "resource",
            self.desk,
            _("没有未对接的需求用得上它。写清“对应需求事项”，推荐会更准。"),
            columns=("urgency", "person_key", "item", "waiting", "village", "code"),
            source=WhoNeeds(),
        )
        self.wanted.add_button(
            _("与它对接"), "link", "resource_match_need", self.match_chosen, needs_row=True
        )
        self.wanted.add_button(
            _("为它找别的资源"), "search", "resource_find_others", self._find_others, needs_row=True
        )
        self.wanted.counted.connect(self._tell_wanted)
        self.add_related(_("谁需要"), self.wanted)
        self.add_photos()
        self.add_history()
        self._shorten()
        self.form.head.set_empty_words(_("在左边选一项资源，或按 Ctrl+N 新增。"))
        self._verify = self.form.banner.add_button(_("今天已核实"), "resource_verify")
        self.desk.look.set_icon(self._verify, "phone")
        self._verify.clicked.connect(lambda _on: self.verify_today())
        self._settle = self.form.banner.add_button(_("设为有效"), "resource_settle")
        self.desk.look.set_icon(self._settle, "check")
        self._settle.setToolTip(_("补全了：从此参加对接；能不能上图，看“可上图打印”"))
        self._settle.clicked.connect(lambda _on: self.settle())
        self.add_map_button()
        self.add_remove()
        self._needs = self.form.foot.set_next_step(
            _("谁需要它"), "heart-handshake", "resource_who_needs", self.show_who_needs
        )
        dimension = self.form.boxes["dimension"].editor
        dimension.edited.connect(lambda: self._show_part(self.form.values().get("dimension")))
        self._show_part(None)

    def _shorten(self) -> None:
        """Short titles where the long ones would push the last pages off the strip."""
        for title, short in (("条件与办理", _("条件")), ("来源与核实", _("核实"))):
            place = self.form.pages.indexOf(self.form.page_titled(title))
            self.form.pages.setTabText(place, short)
            self.form.pages.setTabToolTip(place, _(title))

    def _find_others(self) -> None:
        if self.wanted.table.current_key:
            self.find_resources.emit(self.wanted.table.current_key)

    def _show_part(self, dimension: Dimension | None) -> None:
        for each, record in self._parts.items():
            title = fields_of(RECORDS[record], Place.FORM)[0].spec.page
            self.form.show_page(title, visible=each is dimension)

    def _tell_wanted(self, count: int) -> None:
        words = _("谁需要它 ({count})").format(count=count) if count else _("谁需要它")
        self._needs.setText(words)
        self._needs.setAccessibleName(words)

    def _warn(self, row: Row) -> None:
        is_draft = row.values["status"] is ResourceStatus.DRAFT
        self._verify.setVisible(not is_draft)
        self._settle.setVisible(is_draft)
        if is_draft:
            wanting = resources.lacking(row.values)
            words = (
                _("草稿：不参加对接，也不印在图上。还差：{fields}。")
                if wanting
                else _("草稿：该填的都填了。")
            )
            self.form.banner.say(words.format(fields="、".join(wanting)), Weight.WARN)
            return
        days = resources.days_unchecked(row.values, self.kit.today())
        if days is None:
            self.form.banner.hide()
        elif row.values["verified_on"] is None:
            self.form.banner.say(_("还没有核实过，请打电话确认。"), Weight.WARN)
        else:
            words = _("已 {days} 天未核实，请打电话确认。")
            self.form.banner.say(words.format(days=days), Weight.WARN)
