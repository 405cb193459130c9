"""走访: the visits that were made, and the households where one is due."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.fields import Field, Key, Values
from stationdesk.core.messages import _
from stationdesk.core.vocab import VisitOutcome
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.services.listing import Page, Query, Row, count_of
from stationdesk.services.store import Store
from stationdesk.ui.forms import Kit
from stationdesk.ui.forms.codes import enum_options
from stationdesk.ui.tables import FilterBar, RecordSource, RecordTable
from stationdesk.ui.tabs.library import Library, arranged, village_options
from stationdesk.ui.tabs.list_actions import ListActions
from stationdesk.ui.tabs.segment import Segment

_DONE, _DUE = 0, 1


class VisitsTab(Library):
    """Two lists beside one form: visits, and households that wait for one."""

    first_order = "visited_on"
    first_descending = True
    first_columns = (
        "visited_on",
        "household_key",
        "head",
        "person_key",
        "village",
        "outcome",
        "purpose",
        "method",
        "code",
    )

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__("visit", kit, parent)
        self.records |= {"household", "person"}
        self._values: Values = {}
        self._build_lists()
        self._build_filters()
        self._build_form()
        self.show_list(_DONE)

    @override
    def heading(self, page: Page) -> tuple[str, str]:
        values = page.rows[0].values
        home = page.book.title("household", values["household_key"])
        return f"{super().heading(page)[0]} {home}", _(values["outcome"].label)

    @override
    def shown(self, row: Row) -> None:
        super().shown(row)
        self._values = row.values

    @override
    def fetch(self) -> None:
        super().fetch()
        self.due.show_query(self._due_query(self.due_filters.query()))
        self.desk.read(village_options, then=self._fill_villages)
        self.desk.read(_counts, then=self._show_counts)

    @override
    def show_query(self, query: object) -> None:
        if isinstance(query, Query) and query.record == "household":
            self.show_list(_DUE)
            self.due_filters.show_query(query)
        else:
            self.show_list(_DONE)
            super().show_query(query)

    @override
    def open_record(self, record: str, key: Key) -> None:
        self.show_list(_DONE)
        super().open_record(record, key)

    def show_list(self, place: int) -> None:
        """Show the visits (0) or the households that wait (1)."""
        self._lists.setCurrentIndex(place)
        self._bars.setCurrentIndex(place)
        self._switch.choose(place)

    def begin_visit(self) -> None:
        """Begin the visit to the household that is current among those that wait."""
        if self.due.current_key:
            self.begin({"household_key": Key(self.due.current_key)})

    def begin_need(self) -> None:
        """Begin a need that was found on this visit."""
        values = self._values
        if self.form.key is None or self.form.is_new:
            return
        if values.get("person_key"):
            self.begin_wanted.emit("need", {"person_key": values["person_key"]})
        elif values.get("household_key"):
            self.begin_wanted.emit("need", {"household_key": values["household_key"]})

    def _build_lists(self) -> None:
        told = arranged(
            "household", ("code", "head", "village_key", "follow_level", "next_visit", "last_visit")
        )
        self.due = RecordTable("due", told, RecordSource("household"), self.desk, parent=self)
        self.due.view.setAccessibleName(_("该走访的户"))
        self.due.set_empty(_("没有到期的走访。到期日按跟进级别和最近一次见到人的走访来算。"))
        self.due.opened.connect(lambda _key: self.begin_visit())
        button = QPushButton(_("记走访"), self.due)
        button.setObjectName("due_visit")
        button.setAccessibleName(_("给选中的户记走访"))
        button.setEnabled(False)
        self.desk.look.set_icon(button, "walk")
        button.clicked.connect(lambda _on: self.begin_visit())
        self.due.counted.connect(lambda _total, chosen: button.setEnabled(chosen == 1))
        self.due.foot.addWidget(button)
        slips = QPushButton(_("走访单…"), self.due)
        slips.setObjectName("due_slips")
        slips.setAccessibleName(_("打印走访单…"))
        slips.setToolTip(_("给选中的户，或到期的全部，各打印一份走访单"))
        slips.setProperty("look", "quiet")
        self.desk.look.set_icon(slips, "printer")
        slips.clicked.connect(lambda _on: self._tell_slips())
        self.due.foot.addWidget(slips)
        actions = ListActions(self.due, self.desk.look, "due")
        actions.out_wanted.connect(self.list_wanted)
        actions.bulk_wanted.connect(self.bulk_wanted)
        self._lists = QStackedWidget(self)
        self._lists.setMinimumWidth(self.table.minimumWidth())
        self.splitter.insertWidget(0, self._lists)
        self._lists.addWidget(self.table)
        self._lists.addWidget(self.due)
        self.splitter.setStretchFactor(0, 5)
        self.splitter.setStretchFactor(1, 4)
        self.splitter.setSizes([590, 410])

    def _build_filters(self) -> None:
        fields = {each.key: each for each in fields_of(RECORDS["visit"])}
        self.filters.add_combo("outcome", _("所有结果"), enum_options(VisitOutcome, {}))
        self.filters.add_combo("purpose", _("所有目的"), self.kit.codes.options(fields["purpose"]))
        self.kit.codes.loaded.connect(partial(self._fill_purposes, fields["purpose"]))
        self.add_village_combo("village")
        self.filters.add_action(
            _("导入"), "file-import", "visit_import", lambda: self.import_wanted.emit("visit")
        )
        self.filters.add_action(_("记走访"), "plus", "visit_new", self.new_record, primary=True)
        self.say_when_empty(_("还没有走访记录。走访回来，每户记一条。"), _("记走访"))
        homes = {each.key: each for each in fields_of(RECORDS["household"])}
        self.due_filters = FilterBar("household", self.desk, self)
        self.due_filters.setObjectName("due_filters")
        self.due_filters.set_chips(homes["follow_level"])
        self.due_filters.add_combo("village_key", _("所有村居"), ())
        self.due_filters.stay_in("overdue")
        self.due_filters.changed.connect(lambda query: self.due.show_query(self._due_query(query)))
        self._switch = Segment("visits_switch", (_("走访记录"), _("该走访的户")), self)
        self._switch.chosen.connect(self.show_list)
        self._bars = QStackedWidget(self)
        column = self.layout()
        if not isinstance(column, QVBoxLayout):
            raise TypeError("a tab is a column")
        column.removeWidget(self.filters)
        self._bars.addWidget(self.filters)
        self._bars.addWidget(self.due_filters)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._switch, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._bars, 1)
        column.insertLayout(0, row)

    def _fill_purposes(self, field: Field, name: str) -> None:
        if name == field.spec.codes:
            self.filters.fill_combo(field.key, self.kit.codes.options(field))

    def _build_form(self) -> None:
        self.add_history()
        self.form.head.set_empty_words(_("在左边选一次走访，或按 Ctrl+N 记一次。"))
        self.add_button(_("看这户"), "home", "visit_household", self._open_household)
        self.add_remove()
        self.form.foot.set_next_step(_("登记发现的需求"), "plus", "visit_need", self.begin_need)

    def _tell_slips(self) -> None:
        if self.due.rows.keys:
            self.cards_wanted.emit("slip", self.due.query, self.due.selected_keys(), "")

    def _open_household(self) -> None:
        if self._values.get("household_key"):
            self.open_wanted.emit("household", str(self._values["household_key"]))

    def _due_query(self, query: Query) -> Query:
        order = self.due.query.order or "follow_level"
        return Query("household", query.text, query.filters, "overdue", order, self.due.query.descending)

    def _fill_villages(self, options: object) -> None:
        if isinstance(options, tuple):
            self.due_filters.fill_combo("village_key", options)

    def _show_counts(self, counts: tuple[int, int]) -> None:
        for place, count in enumerate(counts):
            self._switch.count(place, count)


def _counts(store: Store) -> tuple[int, int]:
    return count_of(store, Query("visit")), count_of(store, Query("household", scope="overdue"))
