"""对接: needs that wait with the resources that could answer them, and the matches that were made."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.services.listing import Query, count_of
from stationdesk.services.store import Store
from stationdesk.ui.forms import Kit
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.tabs.match_page import MatchPage
from stationdesk.ui.tabs.need_board import NeedBoard
from stationdesk.ui.tabs.segment import Segment


class MatchingTab(TabPage):
    """Two pages behind a switch; a match that was made is shown at once on the second."""

    begin_wanted = Signal(str, object)
    """Begin a new record (record, values to start with) in its own tab."""
    show_on_map = Signal(str, str)
    """Show the record (record, key) on the map."""
    list_wanted = Signal(object, object, object)
    """Give a list out: its `Query`, the keys of the columns shown, the keys of the chosen rows."""
    bulk_wanted = Signal(str, object)
    """Change several records at once: (record, their keys)."""
    paste_wanted = Signal(str, object)
    """Bring in rows from the clipboard: (record, the fields of the columns shown)."""

    records = frozenset({"need", "match"})

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit.desk, parent)
        self.setObjectName("matching_tab")
        self.board = NeedBoard(kit, self)
        self.matches = MatchPage(kit, self)
        self._stack = QStackedWidget(self)
        self._segments: list[Segment] = []
        pages: tuple[NeedBoard | MatchPage, ...] = (self.board, self.matches)
        for place, page in enumerate(pages):
            self._stack.addWidget(page)
            segment = Segment(f"matching_switch_{place}", (_("待对接需求"), _("对接记录")), page)
            segment.choose(place)
            segment.chosen.connect(self._switch)
            self._segments.append(segment)
            page.set_lead(segment)
            page.open_wanted.connect(self._open)
            page.query_wanted.connect(self.query_wanted)
            page.begin_wanted.connect(self.begin_wanted)
        self.matches.show_on_map.connect(self.show_on_map)
        self.matches.list_wanted.connect(self.list_wanted)
        self.matches.bulk_wanted.connect(self.bulk_wanted)
        self.matches.paste_wanted.connect(self.paste_wanted)
        self.matches.unsaved_changed.connect(self.unsaved_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @property
    @override
    def unsaved(self) -> bool:
        return self.matches.unsaved

    @property
    @override
    def opened(self) -> tuple[str, Key] | None:
        return self.matches.opened if self._stack.currentWidget() is self.matches else self.board.opened

    @override
    def fetch(self) -> None:
        # The pages fetch for themselves; only the switch is ours.
        def count(store: Store) -> tuple[int, int]:
            return count_of(store, Query("need", scope="unmatched")), count_of(store, Query("match"))

        self.desk.read(count, then=self._show_counts, owner=self)

    def find_for(self, need: str) -> None:
        """Show what could answer a need, by key."""
        self._switch(0)
        self.board.show_need(Key(need))

    @override
    def open_record(self, record: str, key: Key) -> None:
        if record == "need":
            self.find_for(key)
        else:
            self._switch(1)
            self.matches.open_record(record, key)

    @override
    def show_query(self, query: object) -> None:
        if isinstance(query, Query):
            page: NeedBoard | MatchPage = self.board if query.record == "need" else self.matches
            self._switch(self._stack.indexOf(page))
            page.show_query(query)

    @override
    def show_first(self) -> None:
        self.board.show_first()

    @override
    def ask_to_leave(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> None:
        self.matches.ask_to_leave(then, stay)

    def _switch(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        for segment in self._segments:
            segment.choose(place)

    def _open(self, record: str, key: str) -> None:
        if record == "match":
            self.open_record(record, Key(key))
        else:
            self.open_wanted.emit(record, key)

    def _show_counts(self, counts: tuple[int, int]) -> None:
        for segment in self._segments:
            for place, count in enumerate(counts):
                segment.count(place, count)
