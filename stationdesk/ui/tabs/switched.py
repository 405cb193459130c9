"""A tab of several libraries behind a switch; each keeps its place while another is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Key, Values
from stationdesk.services.listing import Query, count_of
from stationdesk.services.store import Store
from stationdesk.ui.forms import Kit
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.tabs.library import Library
from stationdesk.ui.tabs.segment import Segment


class SwitchedTab(TabPage):
    """The libraries as one tab: records, queries and wishes go to the library that shows them."""

    show_on_map = Signal(str, str)
    """Show the record (record, key) on the map, or have it placed there."""
    begin_wanted = Signal(str, object)
    """Begin a new record (record, values to start with) in its own tab."""
    import_wanted = Signal(str)
    """Import records of this kind."""
    list_wanted = Signal(object, object, object)
    """Give a list out: its `Query`, the keys of the columns shown, the keys of the chosen rows."""
    bulk_wanted = Signal(str, object)
    """Change several records at once: (record, their keys)."""
    paste_wanted = Signal(str, object)
    """Bring in rows from the clipboard: (record, the fields of the columns shown)."""
    exchange_wanted = Signal(object)
    """Give a list out in an open format: its `Query`."""
    cards_wanted = Signal(str, object, object, str)
    """Print cards: the kind, the `Query` of the list, the keys that are meant, how one alone is called."""
    photos_wanted = Signal(str, str, str)
    """Show a photo large: (record, key, key of the photo)."""

    def __init__(
        self,
        name: str,
        kit: Kit,
        pages: Sequence[tuple[str, Library]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kit.desk, parent)
        self.setObjectName(f"{name}_tab")
        self.pages = tuple(page for _words, page in pages)
        self.records = frozenset().union(*(page.owns for page in self.pages))
        self._stack = QStackedWidget(self)
        self._segments: list[Segment] = []
        words = tuple(word for word, _page in pages)
        for place, page in enumerate(self.pages):
            self._stack.addWidget(page)
            segment = Segment(f"{name}_{page.record}_switch", words, page)
            segment.choose(place)
            segment.chosen.connect(self._switch)
            page.set_lead(segment)
            self._segments.append(segment)
            page.open_wanted.connect(self._open)
            page.query_wanted.connect(self._query)
            page.unsaved_changed.connect(self.unsaved_changed)
            page.show_on_map.connect(self.show_on_map)
            page.begin_wanted.connect(self._begin)
            page.import_wanted.connect(self.import_wanted)
            page.list_wanted.connect(self.list_wanted)
            page.bulk_wanted.connect(self.bulk_wanted)
            page.paste_wanted.connect(self.paste_wanted)
            page.exchange_wanted.connect(self.exchange_wanted)
            page.cards_wanted.connect(self.cards_wanted)
            page.photos_wanted.connect(self.photos_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @property
    def current(self) -> Library:
        """The library that is shown."""
        return self.pages[self._stack.currentIndex()]

    @property
    @override
    def unsaved(self) -> bool:
        return any(page.unsaved for page in self.pages)

    @property
    @override
    def opened(self) -> tuple[str, Key] | None:
        return self.current.opened

    @override
    def fetch(self) -> None:
        # The libraries fetch for themselves; only the switch is ours.
        def count(store: Store) -> tuple[int, ...]:
            return tuple(count_of(store, Query(page.record)) for page in self.pages)

        self.desk.read(count, then=self._show_counts, owner=self)

    @override
    def open_record(self, record: str, key: Key) -> None:
        self._show(record).open_record(record, key)

    @override
    def show_query(self, query: object) -> None:
        if isinstance(query, Query):
            self._show(query.record).show_query(query)

    @override
    def new_record(self) -> None:
        self.current.new_record()

    @override
    def ask_to_leave(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> None:
        def ask(place: int) -> None:
            if place == len(self.pages):
                then()
            else:
                self.pages[place].ask_to_leave(lambda: ask(place + 1), stay)

        ask(0)

    @override
    def wants(self, changes: ChangeSet) -> bool:
        return any(
            change.before is None or change.after is None for change in changes.changes
        ) and super().wants(changes)

    @override
    def begin_record(self, record: str, values: Values) -> None:
        self._show(record).begin_record(record, values)

    @override
    def show_first(self) -> None:
        self.current.show_first()

    def _show(self, record: str) -> Library:
        place = next(place for place, page in enumerate(self.pages) if record in page.owns)
        self._stack.setCurrentIndex(place)
        for segment in self._segments:
            segment.choose(place)
        return self.pages[place]

    def _switch(self, place: int) -> None:
        page = self._show(self.pages[place].record)
        page.table.view.setFocus()

    def _open(self, record: str, key: str) -> None:
        if record in self.records:
            self.open_record(record, Key(key))
        else:
            self.open_wanted.emit(record, key)

    def _query(self, query: Query) -> None:
        if query.record in self.records:
            self.show_query(query)
        else:
            self.query_wanted.emit(query)

    def _begin(self, record: str, values: Values) -> None:
        if record in self.records:
            self.begin_record(record, values)
        else:
            self.begin_wanted.emit(record, values)

    def _show_counts(self, counts: tuple[int, ...]) -> None:
        for segment in self._segments:
            for place, count in enumerate(counts):
                segment.count(place, count)
