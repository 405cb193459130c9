"""组织: who provides resources or works beside the station, and what they provide."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from stationdesk.core.fields import Field
from stationdesk.core.messages import _
from stationdesk.core.vocab import Dimension
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.services.listing import Page, Row
from stationdesk.ui.forms import Kit
from stationdesk.ui.notices import Weight
from stationdesk.ui.tabs.library import Library
from stationdesk.ui.tabs.related import RelatedPage

_WARNED = 30
"""Days before the end of an agreement from which the worker is reminded."""


class OrganisationPage(Library):
    """Organisations, each with the resources that it provides."""

    first_columns = ("name", "kind", "leader", "phone", "address")

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__("organisation", kit, parent)
        self._build_filters()
        self.add_exchange()
        self._build_form()

    @override
    def heading(self, page: Page) -> tuple[str, str]:
        kind = page.rows[0].values["kind"]
        return super().heading(page)[0], page.book.label("org_kind", kind) if kind else ""

    @override
    def shown(self, row: Row) -> None:
        super().shown(row)
        until = row.values["agreement_to"]
        left = (until - self.kit.today()).days if until is not None else _WARNED + 1
        if left < 0:
            self.form.banner.say(_("协议已于 {day} 到期。").format(day=until), Weight.WARN)
        elif left <= _WARNED:
            self.form.banner.say(_("协议将于 {day} 到期。").format(day=until), Weight.WARN)
        else:
            self.form.banner.hide()

    def begin_resource(self) -> None:
        """Begin a resource that this organisation provides."""
        if self.form.key is not None and not self.form.is_new:
            start = {"provider_key": self.form.key, "dimension": Dimension.ORGANISATIONS}
            self.begin_wanted.emit("resource", start)

    def _build_filters(self) -> None:
        kind = next(each for each in fields_of(RECORDS["organisation"]) if each.key == "kind")
        self.filters.add_combo(kind.key, _("所有类型"), self.kit.codes.options(kind))
        self.kit.codes.loaded.connect(partial(self._fill_kinds, kind))
        self.filters.add_action(
            _("导入"), "file-import", "organisation_import", lambda: self.import_wanted.emit("organisation")
        )
        self.filters.add_action(_("新组织"), "plus", "organisation_new", self.new_record, primary=True)
        self.say_when_empty(
            _("还没有组织。提供资源的单位、社会组织、志愿队、企业都可以记在这里。"), _("新组织")
        )

    def _fill_kinds(self, kind: Field, name: str) -> None:
        if name == kind.spec.codes:
            self.filters.fill_combo(kind.key, self.kit.codes.options(kind))

    def _build_form(self) -> None:
        resources = RelatedPage(
            "organisation",
            "resource",
            "provider_key",
            self.desk,
            _("还没有记它提供的资源。"),
            columns=("code", "name", "dimension", "offer_text", "status"),
            order="code",
            descending=False,
        )
        resources.add_button(_("新资源"), "plus", "organisation_resource_add", self.begin_resource)
        self.add_related(_("提供的资源"), resources)
        self.add_photos()
        self.add_history()
        self.form.head.set_empty_words(_("在左边选一个组织，或按 Ctrl+N 新增。"))
        self.add_remove()
        self.form.foot.set_next_step(
            _("记它的资源"), "plus", "organisation_next_resource", self.begin_resource
        )
