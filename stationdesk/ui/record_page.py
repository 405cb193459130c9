"""The usual tab: filter bar, list, and the form of the current record beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Field, Key, Place, Value, Values, text_of
from stationdesk.core.messages import _
from stationdesk.db.models import RECORD_TITLES, RECORDS, fields_of
from stationdesk.services import records
from stationdesk.services.listing import Page, Query, Row, page_of
from stationdesk.services.store import Store
from stationdesk.ui.forms.editor import Kit
from stationdesk.ui.forms.form import RecordForm, Save, slot_of
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.tables.filters import FilterBar
from stationdesk.ui.tables.source import RecordSource
from stationdesk.ui.tables.table import RecordTable
from stationdesk.ui.tasks import Ticket

Reveal = Callable[[Store, str, Key, str], Value]
"""(store, record, key, field key) -> the whole value, after the audit entry was written."""


class RecordPage(TabPage):
    """List and form of one kind of record. Subclasses add chips, actions, pages and the next step."""

    def __init__(
        self, record: str, kit: Kit, reveal: Reveal | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(kit.desk, parent)
        self.record = record
        self.kit = kit
        self.records = frozenset({record})
        self._reveal = reveal
        self._reading: Ticket | None = None
        self._first_wanted = False
        model = RECORDS[record]
        self.title_fields = tuple(each for each in fields_of(model) if each.key in model.__title__)
        self.setObjectName(f"{record}_tab")
        self.filters = FilterBar(record, kit.desk, self)
        self.table = RecordTable(record, self.table_fields(), RecordSource(record), kit.desk, parent=self)
        self.form = RecordForm(record, self.form_fields(), kit, self.save_use_case(), self)
        self.table.view.setAccessibleName(_("{record}列表").format(record=_(RECORD_TITLES[record])))
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName(f"{record}_splitter")
        self.splitter.setHandleWidth(kit.look.pixels(12))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.form)
        self.splitter.setStretchFactor(0, 5)
        self.splitter.setStretchFactor(1, 4)
        self.splitter.setSizes([590, 410])
        self.table.setMinimumWidth(kit.look.pixels(320))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 10)
        column.setSpacing(10)
        column.addWidget(self.filters)
        column.addWidget(self.splitter, 1)
        self.filters.changed.connect(self._filter)
        self.table.rows.keys_came.connect(self._show_first_wanted)
        self.table.current_changed.connect(self._choose)
        self.table.opened.connect(self._enter)
        self.form.left.connect(self.table.view.setFocus)
        self.form.saved.connect(self._saved)
        self.form.unsaved_changed.connect(lambda _unsaved: self.unsaved_changed.emit())
        self.form.reveal_wanted.connect(self._ask_reveal)

    # What subclasses may say differently

    def save_use_case(self) -> Save:
        """The use case that saves this kind of record: (store, change) -> what was written."""
        return records.save

    def table_fields(self) -> tuple[Field, ...]:
        """The columns of the list, those that must be seen in a narrow window first."""
        return fields_of(RECORDS[self.record], Place.TABLE)

    def form_fields(self) -> tuple[Field, ...]:
        """The fields of the form, also of other records that are saved in the same step."""
        return fields_of(RECORDS[self.record], Place.FORM)

    def read_page(self, store: Store, key: Key) -> Page:
        """One record with what the form needs of it; on the lane of the screens."""
        return page_of(store, self.record, key)

    def heading(self, page: Page) -> tuple[str, str]:
        """What stands above the form: the title of the record and a word on its kind."""
        row = page.rows[0]
        texts = (text_of(each, row.values.get(each.key), page.book) for each in self.title_fields)
        return " ".join(text for text in texts if text), ""

    def masked(self, page: Page) -> Mapping[str, str]:
        """The fields of the form that are shown masked, and how; those with a mask and a value."""
        row = page.rows[0]
        return {
            slot: field.spec.mask(text)
            for field in self.form_fields()
            if field.spec.mask is not None
            and field.spec.mask_inside
            and (text := text_of(field, row.values.get(slot := slot_of(self.record, field)), page.book))
        }

    def shown(self, row: Row) -> None:
        """A record was put into the form; the place to fill added pages and set the next step."""

    def begun(self, values: Values) -> None:
        """An empty form for a new record is shown; the place to hide what only a saved record has."""

    def blank(self, store: Store) -> Values:
        """The values a new record starts with; on the lane of the screens."""
        return records.blank_of(store, self.record)

    # A tab of the window

    @property
    @override
    def unsaved(self) -> bool:
        return self.form.unsaved

    @property
    @override
    def opened(self) -> tuple[str, Key] | None:
        key = self.form.key
        return None if key is None or self.form.is_new else (self.record, key)

    @override
    def fetch(self) -> None:
        query = self.table.query if self.table.query.record else self.filters.query()
        self.table.show_query(query)
        self.filters.count()
        if self.form.key is not None and not self.form.is_new:
            self._read(self.form.key)

    @override
    def open_record(self, record: str, key: Key) -> None:
        del record
        self.form.ask_to_leave(partial(self._open, key), self._return)

    @override
    def show_query(self, query: object) -> None:
        if isinstance(query, Query):
            self.form.ask_to_leave(partial(self._show_list, query), self._return)

    @override
    def new_record(self) -> None:
        self.begin({})

    @override
    def begin_record(self, record: str, values: Values) -> None:
        self.begin(values)

    @override
    def show_first(self) -> None:
        if self.table.rows.keys:
            self.open_record(self.record, self.table.rows.keys[0])

    def begin(self, values: Values) -> None:
        """Begin a new record with some values given, such as the household that is visited."""
        self.form.ask_to_leave(partial(self._begin, values), self._return)

    @override
    def ask_to_leave(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> None:
        self.form.ask_to_leave(then, stay)

    # Inside

    def _show_list(self, query: Query) -> None:
        """Show a list with its first record beside it: another one would seem to belong to it."""
        self._first_wanted = True
        self.filters.show_query(query)

    def _show_first_wanted(self) -> None:
        if not self._first_wanted:
            return
        self._first_wanted = False
        keys = self.table.rows.keys
        if keys:
            self._open(keys[0])
        else:
            self._show_no_record()

    def _show_no_record(self) -> None:
        if self._reading is not None:
            self._reading.drop()
            self._reading = None
        self.form.show_nothing()

    def _filter(self, query: Query) -> None:
        old = self.table.query
        self.table.show_query(
            Query(query.record, query.text, query.filters, query.scope, old.order, old.descending)
        )

    def _open(self, key: Key) -> None:
        self._first_wanted = False
        self.table.select(key)
        self._read(key)

    def _choose(self, key: str) -> None:
        if key and key != self.form.key:
            self.form.ask_to_leave(partial(self._read, Key(key)), self._return)

    def _return(self) -> None:
        """The worker stays with the record in the form: make its row current again."""
        if self.form.key is not None and not self.form.is_new:
            self.table.select(self.form.key)
        self.form.focus_first()

    def _enter(self, key: str) -> None:
        if key == self.form.key:
            self.form.focus_first()
        else:
            self._choose(key)

    def _begin(self, values: Values) -> None:
        self._first_wanted = False

        def start(blank: Values) -> None:
            self._show_new({**blank, **values})

        self.desk.read(self.blank, then=start, owner=self)

    def _show_new(self, values: Values) -> None:
        if self._reading is not None:
            self._reading.drop()  # a record that was asked for before must not take the new one's place
        self.form.show_new(values)
        self.form.head.say(_("新增{record}").format(record=_(RECORD_TITLES[self.record])))
        self.begun(values)

    def _read(self, key: Key) -> None:
        if self._reading is not None:
            self._reading.drop()
        self._reading = self.desk.read(self.read_page, key, then=self._show)

    def _show(self, page: Page) -> None:
        self._reading = None
        if not page.rows:
            self.form.show_nothing()
            return
        row = page.rows[0]
        self.form.show_record(row.key, row.values, self._still_masked(row.key, page))
        self.form.head.say(*self.heading(page))
        self.shown(row)

    def _still_masked(self, key: Key, page: Page) -> Mapping[str, str]:
        """The masks, without the fields that were revealed while the same record stays open."""
        masked = self.masked(page)
        if key != self.form.key:
            return masked
        open_ = {name for name, box in self.form.boxes.items() if not box.masked}
        was_filled = {name for name in open_ if self.form.values().get(name) is not None}
        return {name: text for name, text in masked.items() if name not in was_filled}

    def _saved(self, changes: ChangeSet) -> None:
        keys = changes.keys(self.record)
        if keys:
            self.table.select(keys[0])
            self._read(keys[0])

    def _ask_reveal(self, name: str) -> None:
        key = self.form.key
        if key is None or self._reveal is None:
            return

        def show(value: Value) -> None:
            if self.form.key == key:
                self.form.reveal(name, value)

        self.desk.change(self._reveal, self.record, key, name, then=show, owner=self)
