"""待对接需求: the needs that wait, by urgency and age, and beside each the resources that could answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Field, Key, Place, Spec
from stationdesk.core.messages import _
from stationdesk.db.models import Need, fields_of
from stationdesk.services.listing import Page, Query, Row, keys_of, rows_of
from stationdesk.services.matches import match_from
from stationdesk.services.matching import unmet_needs
from stationdesk.services.store import Store
from stationdesk.ui.dialogs.weights import WeightsDialog
from stationdesk.ui.forms import Kit
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.tables import FilterBar, RecordTable
from stationdesk.ui.tabs.library import village_options
from stationdesk.ui.tabs.proposal import Proposal, ProposalCard, client_of, proposal_for
from stationdesk.ui.tasks import Ticket

_COLUMNS = {"urgency": 6, "item": 9, "village": 6, "waiting": 4}


class UnmetNeeds:
    """The needs without a match under way."""

    def keys_of(self, store: Store, query: Query) -> tuple[Key, ...]:
        """In the order that was asked for; otherwise the most urgent first, then the oldest."""
        found = keys_of(store, replace(query, scope="unmatched"))
        if query.order:
            return found
        wanted = set(found)
        return tuple(key for key in unmet_needs(store) if key in wanted)

    def rows_of(self, store: Store, keys: Sequence[Key]) -> Page:
        """The needs with whose they are."""
        page = rows_of(store, "need", keys)
        rows = tuple(
            Row(row.record, row.key, {**row.values, "client": client_of(row, page)}) for row in page.rows
        )
        return Page(rows, page.book)


def need_columns() -> tuple[Field, ...]:
    """The columns of the list of waiting needs."""
    told = {each.key: each for each in fields_of(Need, Place.TABLE)}
    shown = [replace(told[key], spec=replace(told[key].spec, width=width)) for key, width in _COLUMNS.items()]
    client = Field(
        "need", "client", str, optional=True, many=False, spec=Spec("服务对象", width=5), derived=True
    )
    return (shown[0], client, *shown[1:])


class NeedBoard(TabPage):
    """Waiting needs at the left, proposals at the right."""

    begin_wanted = Signal(str, object)
    counted = Signal(int)
    """How many needs wait, as far as the filters go."""

    records = frozenset(
        {"need", "match", "resource", "person", "household", "person_category", "weight", "village"}
    )

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit.desk, parent)
        self.setObjectName("need_board")
        self._kit = kit
        self._need: Key | None = None
        self._asking: Ticket | None = None
        told = {each.key: each for each in fields_of(Need)}
        self.filters = FilterBar("need", kit.desk, self)
        self.filters.setObjectName("unmet_filters")
        self.filters.add_combo("village", _("所有村居"), ())
        self.filters.add_combo("result", _("所有类别"), kit.codes.options(told["result"]))
        self.filters.add_action(_("推荐权重"), "adjustments", "matching_weights", self.edit_weights)
        self.table = RecordTable("unmet", need_columns(), UnmetNeeds(), kit.desk, parent=self)
        self.table.view.setAccessibleName(_("待对接的需求"))
        self.proposal = ProposalCard(kit.look, self)
        self.suggestions = self.proposal.suggestions
        self._build()
        self.filters.changed.connect(self._filter)
        self.table.current_changed.connect(self._choose)
        self.table.opened.connect(self._enter)
        self.table.counted.connect(self._count)
        self.proposal.need_wanted.connect(self._open_need)
        self.suggestions.match_wanted.connect(self.match_with)
        self.suggestions.open_wanted.connect(lambda key: self.open_wanted.emit("resource", key))
        self.suggestions.excluded_wanted.connect(lambda _on: self._ask())
        self.suggestions.resource_wanted.connect(lambda: self.begin_wanted.emit("resource", {}))
        self._show_nothing()

    def _build(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setObjectName("unmet_splitter")
        splitter.setHandleWidth(self._kit.look.pixels(12))
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.proposal)
        splitter.setSizes([520, 640])
        self.table.setMinimumWidth(self._kit.look.pixels(320))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 10)
        outer.setSpacing(10)
        self._top = QHBoxLayout()
        self._top.setSpacing(14)
        self._top.addWidget(self.filters, 1)
        outer.addLayout(self._top)
        outer.addWidget(splitter, 1)

    def set_lead(self, widget: QWidget) -> None:
        """A widget at the left of the filter bar."""
        self._top.insertWidget(0, widget, 0, Qt.AlignmentFlag.AlignTop)

    # A tab

    @override
    def fetch(self) -> None:
        query = self.table.query if self.table.query.record else self.filters.query()
        self.table.show_query(query)
        self.desk.read(village_options, then=partial(self.filters.fill_combo, "village"))
        self._ask()

    @override
    def show_query(self, query: object) -> None:
        if isinstance(query, Query):
            self.filters.show_query(replace(query, scope=""))

    def show_need(self, key: Key) -> None:
        """Show what could answer a need, also one that is not in the list any more."""
        self.table.select(key)
        self._choose(key)

    @override
    def open_record(self, record: str, key: Key) -> None:
        del record
        self.show_need(key)

    @override
    def show_first(self) -> None:
        keys = self.table.rows.keys
        if keys:
            self.show_need(keys[0])

    def edit_weights(self) -> None:
        """Change what the rules count for."""
        WeightsDialog(self.desk, self).open()

    def match_with(self, resource: str) -> None:
        """Make a match of the need that is shown; the reasons that were shown are kept with it."""
        need = self._need
        if need is None:
            return
        found = next((each for each in self.suggestions.suggestions if each.resource == resource), None)
        why = "；".join(each.words for each in found.findings) if found is not None else ""

        def made(changes: ChangeSet) -> None:
            self.desk.notify(_("已建“拟对接”。先联系资源方，再一步步记到服务对象确认。"))
            keys = changes.keys("match")
            if keys:
                self.open_wanted.emit("match", keys[0])

        self.desk.change(match_from, need, Key(resource), why, then=made, owner=self)

    # Inside

    def _filter(self, query: Query) -> None:
        old = self.table.query
        self.table.show_query(replace(query, order=old.order, descending=old.descending))
        filtered = bool(query.text or query.filters)
        if filtered:
            self.table.set_empty(_("没有符合筛选的需求。"), _("清除筛选"), self.filters.clear)
        else:
            self._say_empty()

    def _say_empty(self) -> None:
        self.table.set_empty(_("没有待对接的需求。新的需求登记后会排在这里。"))

    def _count(self, total: int, chosen: int) -> None:
        if not self.filters.query().text and not self.filters.query().filters:
            self.counted.emit(total)
        # Choosing a row counts again before it becomes current: what is chosen is not to be chosen once more.
        if total and not chosen and self._need is None and self.table.rows.keys:
            self.table.select(self.table.rows.keys[0])

    def _choose(self, key: str) -> None:
        if key and key != self._need:
            self._need = Key(key)
            self._ask()

    def _enter(self, key: str) -> None:
        self._choose(key)
        first = self.suggestions.findChild(QPushButton, "suggestion_0_match")
        if first is not None:
            first.setFocus()

    def _ask(self) -> None:
        if self._need is None:
            return
        if self._asking is not None:
            self._asking.drop()
        self._asking = self.desk.read(
            proposal_for, self._need, self.suggestions.excluded.isChecked(), then=self._show
        )

    def _show(self, proposal: Proposal) -> None:
        self._asking = None
        if not proposal.page.rows:
            self._need = None
            self._show_nothing()
            return
        self.proposal.show_proposal(proposal)

    def _show_nothing(self) -> None:
        self._say_empty()
        self.proposal.show_nothing()

    def _open_need(self) -> None:
        if self._need is not None:
            self.open_wanted.emit("need", self._need)
