"""户: who lives together, where, and when they are to be visited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from stationdesk.core.fields import Field, Values
from stationdesk.core.masks import mask_name
from stationdesk.core.messages import _
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.services import together
from stationdesk.services.listing import Page, Row
from stationdesk.ui.forms import Kit
from stationdesk.ui.forms.form import Save
from stationdesk.ui.notices import Weight
from stationdesk.ui.tabs.library import Library
from stationdesk.ui.tabs.namesakes import NamesakeWatch
from stationdesk.ui.tabs.related import RelatedPage

FIRST = "第一个人"
"""The page of a new household on which its first person is entered."""
_FIRST_FIELDS = ("name", "id_number", "id_doubtful", "sex", "birth_date", "age_told", "phone")


class HouseholdPage(Library):
    """Households, each with its members, visits and needs; a new one is entered with its first person."""

    first_columns = (
        "code",
        "head",
        "village_key",
        "follow_level",
        "next_visit",
        "last_visit",
        "members",
        "address",
        "worker_key",
    )

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__("household", kit, parent)
        self._build_filters()
        self._build_form()

    @override
    def form_fields(self) -> tuple[Field, ...]:
        told = {each.key: each for each in fields_of(RECORDS["person"])}
        first = tuple(
            replace(
                told[name], optional=told[name].type is not bool, spec=replace(told[name].spec, page=FIRST)
            )
            for name in _FIRST_FIELDS
        )
        return (*first, *super().form_fields())

    @override
    def save_use_case(self) -> Save:
        return together.save_household

    @override
    def heading(self, page: Page) -> tuple[str, str]:
        values = page.rows[0].values
        village = page.book.title("village", values["village_key"]) if values["village_key"] else ""
        head = mask_name(values["head"]) if values.get("head") else ""
        return f"{super().heading(page)[0]} {head}".strip(), village

    @override
    def shown(self, row: Row) -> None:
        super().shown(row)
        self.form.show_page(FIRST, visible=False)
        due: date | None = row.values.get("next_visit")
        late = (self.kit.today() - due).days if due is not None else 0
        if late > 0:
            words = _("走访已到期 {days} 天（应于 {due}）。")
            self.form.banner.say(words.format(days=late, due=due), Weight.WARN)
        else:
            self.form.banner.hide()

    @override
    def begun(self, values: Values) -> None:
        super().begun(values)
        self.form.show_page(FIRST, visible=True)
        self.form.pages.setCurrentIndex(0)
        self.form.focus_first()

    def add_member(self) -> None:
        """Begin a new person in this household."""
        if self.form.key is not None and not self.form.is_new:
            self.begin_wanted.emit("person", {"household_key": self.form.key})

    def begin_visit(self) -> None:
        """Begin the record of a visit to this household."""
        if self.form.key is not None and not self.form.is_new:
            self.begin_wanted.emit("visit", {"household_key": self.form.key})

    def begin_need(self) -> None:
        """Begin a need of the whole household."""
        if self.form.key is not None and not self.form.is_new:
            self.begin_wanted.emit("need", {"household_key": self.form.key})

    def _build_filters(self) -> None:
        fields = {each.key: each for each in fields_of(RECORDS["household"])}
        self.filters.set_chips(fields["follow_level"])
        self.filters.add_scope("overdue")
        self.add_village_combo("village_key")
        self.filters.add_action(
            _("导入"), "file-import", "household_import", lambda: self.import_wanted.emit("household")
        )
        self.filters.add_action(_("新户"), "home-plus", "household_new", self.new_record, primary=True)
        self.say_when_empty(_("还没有户。先登记一户和户里的第一个人，也可以导入花名册。"), _("新户"))

    def _build_form(self) -> None:
        self.form.show_page(FIRST, visible=False)
        self.add_place_entry()
        members = RelatedPage(
            "household",
            "person",
            "household_key",
            self.desk,
            _("这户还没有人。点“添加成员”。"),
            columns=("name", "relation", "sex", "age", "groups"),
        )
        members.add_button(_("添加成员"), "user-plus", "household_add_member", self.add_member)
        self.add_related(_("成员"), members)
        visits = RelatedPage(
            "household",
            "visit",
            "household_key",
            self.desk,
            _("还没有走访过这户。"),
            columns=("visited_on", "outcome", "method", "purpose", "worker_key"),
            order="visited_on",
        )
        visits.add_button(_("记走访"), "walk", "household_visits_add", self.begin_visit)
        self.add_related(_("走访"), visits)
        needs = RelatedPage(
            "household",
            "need",
            "household_key",
            self.desk,
            _("这户还没有登记需求。"),
            columns=("urgency", "person_key", "item", "status", "waiting"),
            order="raised_on",
        )
        needs.add_button(_("登记需求"), "plus", "household_needs_add", self.begin_need)
        self.add_related(_("需求"), needs)
        self.add_history()
        self.form.head.set_empty_words(_("在左边选一户，或按 Ctrl+N 登记新户。"))
        self.add_map_button()
        self.add_cards()
        self.add_remove()
        self.form.foot.set_next_step(_("记走访"), "walk", "household_visit", self.begin_visit)
        self._watch = NamesakeWatch(self.form, "person.name", self.desk)
