"""人: the people on the station's books, what they carry and what they need."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from stationdesk.core.fields import Field, Key, Values
from stationdesk.core.masks import mask_name
from stationdesk.core.messages import _
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.services.listing import Page, Row
from stationdesk.ui.forms import Kit
from stationdesk.ui.tabs.categories import CategoriesPage
from stationdesk.ui.tabs.library import Library
from stationdesk.ui.tabs.namesakes import NamesakeWatch
from stationdesk.ui.tabs.related import RelatedPage


class PersonPage(Library):
    """People; what is masked is shown whole on request, and the request is on record."""

    first_columns = ("code", "name", "sex", "age", "village", "groups", "household_key")

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__("person", kit, parent)
        self._values: Values = {}
        self._build_filters()
        self._build_form()

    @override
    def heading(self, page: Page) -> tuple[str, str]:
        self._book = page.book
        values = page.rows[0].values
        whole = page.rows[0].key == self.form.key and not self.form.boxes["name"].masked
        name = values["name"] if whole else mask_name(values["name"])
        facts = [values.get("village") or ""]
        if values.get("age") is not None:
            facts.append(_("{age} 岁").format(age=values["age"]))
        return f"{values['code']} {name}", " · ".join(each for each in facts if each)

    @override
    def shown(self, row: Row) -> None:
        super().shown(row)
        self._values = row.values
        self.form.banner.hide()

    @override
    def whole_shown(self, row: Row) -> None:
        self.form.head.say(*self.heading(Page((row,), self._book)))

    @override
    def begun(self, values: Values) -> None:
        super().begun(values)
        self._values = values

    def begin_need(self) -> None:
        """Begin a need of this person."""
        if self.form.key is not None and not self.form.is_new:
            self.begin_wanted.emit("need", {"person_key": self.form.key})

    def begin_visit(self) -> None:
        """Begin the record of a visit to this person's household."""
        home = self._values.get("household_key")
        if self.form.key is not None and home and not self.form.is_new:
            self.begin_wanted.emit("visit", {"household_key": home, "person_key": self.form.key})

    def open_household(self) -> None:
        """Show the household of this person."""
        home = self._values.get("household_key")
        if home:
            self.open_wanted.emit("household", Key(str(home)))

    def _build_filters(self) -> None:
        fields = {each.key: each for each in fields_of(RECORDS["person"])}
        self.filters.set_chips(fields["status"])
        carried = {each.key: each for each in fields_of(RECORDS["person_category"])}["category"]
        self.filters.add_combo("category", _("所有类别"), self.kit.codes.options(carried))
        self.kit.codes.loaded.connect(partial(self._fill_categories, carried))
        self.add_village_combo("village")
        self.filters.add_action(
            _("导入"), "file-import", "person_import", lambda: self.import_wanted.emit("person")
        )
        self.filters.add_action(_("新成员"), "user-plus", "person_new", self.new_record, primary=True)
        self.say_when_empty(_("还没有人。先在“户”里登记一户，第一个人一起登记。"), _("新成员"))

    def _fill_categories(self, field: Field, name: str) -> None:
        if name == field.spec.codes:
            self.filters.fill_combo(field.key, self.kit.codes.options(field))

    def _build_form(self) -> None:
        self.categories = CategoriesPage(self.kit)
        self.add_related(_("类别"), self.categories)
        needs = RelatedPage(
            "person",
            "need",
            "person_key",
            self.desk,
            _("还没有登记需求。"),
            columns=("urgency", "item", "status", "raised_on", "waiting"),
            order="raised_on",
        )
        needs.add_button(_("登记需求"), "plus", "person_needs_add", self.begin_need)
        self.add_related(_("需求"), needs)
        self.add_history()
        self.form.head.set_empty_words(_("在左边选一个人，或按 Ctrl+N 登记。"))
        foot = self.form.foot
        self.add_button(_("看这户"), "home", "person_household", self.open_household)
        self.add_button(_("记走访"), "walk", "person_visit", self.begin_visit)
        self.add_cards()
        self.add_remove()
        foot.set_next_step(_("登记需求"), "plus", "person_need", self.begin_need)
        self._watch = NamesakeWatch(self.form, "name", self.desk)
