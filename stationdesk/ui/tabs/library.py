"""The shape that the libraries share: list and form, related lists, history, deletion, one next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Key, Place, Values
from stationdesk.core.messages import _
from stationdesk.core.pinyin import initials
from stationdesk.db.models import RECORD_TITLES, RECORDS, fields_of
from stationdesk.services import records
from stationdesk.services.listing import Query, Row, pick
from stationdesk.services.pasting import can_paste
from stationdesk.services.reveal import reveal
from stationdesk.services.store import Store
from stationdesk.ui.forms import Kit, Option
from stationdesk.ui.record_page import RecordPage
from stationdesk.ui.tabs.history import HistoryPage
from stationdesk.ui.tabs.list_actions import ListActions
from stationdesk.ui.tabs.photos import PhotosPage
from stationdesk.ui.tabs.place_entry import PlaceEntry
from stationdesk.ui.tabs.related import RelatedPage

_MOST_VILLAGES = 2_000


class Library(RecordPage):
    """One kind of record. What it wants of other tabs it says by signals; the app passes them on."""

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
    """Give the list out in an open format: its `Query`."""
    cards_wanted = Signal(str, object, object, str)
    """Print cards: the kind, the `Query` of the list, the keys that are meant, how one alone is called."""
    photos_wanted = Signal(str, str, str)
    """Show a photo large: (record, key, key of the photo)."""

    first_columns: tuple[str, ...] = ()
    """The columns that a narrow window shows; the others follow as they are told."""
    first_scope: str = ""
    """The scope that the tab begins with, if any."""
    first_order: str = ""
    """The field that the tab begins sorted by; without it the newest come first."""
    first_descending: bool = False
    owns: frozenset[str] = frozenset()
    """The kinds of record that open here; only its own unless it says more."""

    def __init__(self, record: str, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(record, kit, None, parent)
        self.owns = self.owns or frozenset({record})
        self._fresh = True
        self.setFocusProxy(self.table.view)
        self.table.rows.keys_came.connect(self._take_first)
        self.actions_below = ListActions(self.table, kit.look, record)
        self.actions_below.out_wanted.connect(self.list_wanted)
        self.actions_below.bulk_wanted.connect(self.bulk_wanted)
        self.actions_below.paste_wanted.connect(self.paste_wanted)
        self._added: dict[QWidget, str] = {}
        self._buttons: list[QPushButton] = []
        self._place: PlaceEntry | None = None
        self.history = HistoryPage(record, kit.desk, self.form)
        self.form.reveal_wanted.connect(self._reveal_record)
        self.table.view.clicked.connect(lambda _index: self.open_current())
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table.view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.remove_current)

    # What a library is put together from

    def add_related(self, title: str, page: RelatedPage) -> None:
        """A page with the records that belong to this one, counted in its title."""
        self.add_side_page(title, page, page.objectName())
        page.opened.connect(self.open_wanted)
        page.counted.connect(partial(self._count, page))
        self.records |= {page.record}

    def add_side_page(self, title: str, page: QWidget, name: str) -> None:
        """A page that only a saved record has."""
        self._added[page] = title
        self.form.add_page(title, page, name)

    def add_photos(self) -> None:
        """The page with the photos of the place; there is none for people."""
        page = PhotosPage(self.record, self.desk, self.form)
        self.add_side_page(_("照片"), page, page.objectName())
        page.gallery.wanted.connect(self.photos_wanted)
        page.counted.connect(partial(self._count, page))

    def add_history(self) -> None:
        """The last page: what happened to the record."""
        self.add_side_page(_("历史"), self.history, f"{self.record}_history")
        self.form.pages.currentChanged.connect(lambda _page: self._show_history())

    def add_place_entry(self) -> None:
        """Above the fields of the place: a pasted coordinate, and in which datum it is."""
        self._place = PlaceEntry(self.record, self.kit.look, self.form)
        self._place.located.connect(partial(self.form.fill, remark=""))
        self.form.page_titled("位置").set_top(self._place)
        for name in ("latitude", "longitude"):
            self._place.keep(self.form.boxes[name].editor.main)

    def add_button(self, text: str, icon: str, name: str, slot: Callable[[], object]) -> QPushButton:
        """A button below the form that only a saved record has."""
        button = self.form.foot.add_button(text, icon, name, slot)
        self._buttons.append(button)
        return button

    def add_remove(self) -> None:
        """The button that deletes; undo brings it back, so nothing is asked."""
        button = self.add_button(_("删除"), "trash", f"{self.record}_remove", self.remove_current)
        button.setToolTip(_("删除这条记录，可以撤销  Delete"))

    def add_exchange(self) -> None:
        """A button below the list that gives it to other programs; only where nothing is about clients."""
        words = _("目录和地图格式…")
        button = QPushButton(words, self.table)
        button.setObjectName(f"{self.record}_exchange")
        button.setAccessibleName(words)
        button.setToolTip(_("把筛选出来的列表导出为 HSDS、GeoJSON、KML、GPX 或 CSV"))
        button.setProperty("look", "quiet")
        self.desk.look.set_icon(button, "external-link")
        button.clicked.connect(lambda _on: self.exchange_wanted.emit(self.table.query))
        self.table.foot.addWidget(button)

    def add_cards(self) -> None:
        """Print what the station has on a record, below the form for one and below the list for many."""
        words = _("打印档案卡…")
        button = QPushButton(_("档案卡…"), self.table)
        button.setObjectName(f"{self.record}_cards")
        button.setAccessibleName(words)
        button.setToolTip(_("打印选中的，或筛选出来的全部；也可以按村居"))
        button.setProperty("look", "quiet")
        self.desk.look.set_icon(button, "printer")
        button.clicked.connect(lambda _on: self._tell_cards())
        self.table.foot.addWidget(button)
        one = self.add_button(_("打印…"), "printer", f"{self.record}_card", self._tell_card)
        one.setAccessibleName(words)
        one.setToolTip(words)

    def add_map_button(self) -> None:
        """The button that leads to the map."""
        self.add_button(_("地图"), "map-pin", f"{self.record}_on_map", self._tell_map).setToolTip(
            _("在地图上看；还没有位置的，在地图上标")
        )

    def add_village_combo(self, name: str) -> None:
        """A combo over the villages; `name` is the field or the filter that the listing knows."""
        self.filters.add_combo(name, _("所有村居"), ())
        self._village_filter = name
        self.records |= {"village"}

    def say_when_empty(self, words: str, action: str) -> None:
        """What the list says when there is nothing at all, and the button that begins a new record."""
        if can_paste(self.record):
            words += _("从 WPS、Excel 复制的行，按 Ctrl+V 就能导入。")

        def choose(query: Query) -> None:
            if query.text or query.filters or query.scope:
                self.table.set_empty(_("没有符合筛选的记录。"), _("清除筛选"), self.filters.clear)
            else:
                self.table.set_empty(words, action, self.new_record)

        choose(self.filters.query())
        self.filters.changed.connect(choose)

    def set_lead(self, widget: QWidget) -> None:
        """A widget at the left of the filter bar."""
        column = self.layout()
        if not isinstance(column, QVBoxLayout):
            raise TypeError("a tab is a column")
        column.removeWidget(self.filters)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.filters, 1)
        column.insertLayout(0, row)

    # What may be done

    def open_current(self) -> None:
        """Show the current row in the form, also after a new record was begun."""
        key = self.table.current_key
        # A click with Shift or Ctrl chooses several rows: opening one would choose it alone again.
        if key and key != self.form.key and self.table.selected_keys() == (key,):
            self.open_record(self.record, Key(key))

    def remove_current(self) -> None:
        """Remove the record that is shown; a new one is given up."""
        if self.form.key is None:
            return
        if self.form.is_new:
            self.form.discard()
            return
        key, title = self.form.key, _(RECORD_TITLES[self.record])

        def tell(changes: ChangeSet) -> None:
            self.form.show_nothing()
            self.table.view.setFocus()
            self.desk.notify(_("{what}。按 Ctrl+Z 可以撤销。").format(what=changes.why or title))

        self.desk.change(records.remove, self.record, key, then=tell, owner=self)

    @override
    def table_fields(self) -> tuple[Field, ...]:
        return arranged(self.record, self.first_columns)

    @override
    def begin(self, values: Values) -> None:
        self._fresh = False
        super().begin(values)

    @override
    def open_record(self, record: str, key: Key) -> None:
        self._fresh = False
        super().open_record(record, key)

    @override
    def fetch(self) -> None:
        if not self.table.query.record:
            query = Query(
                self.record, "", (), self.first_scope, self.first_order, descending=self.first_descending
            )
            self.table.show_query(query)
            if self.first_scope:
                self.filters.show_query(query)
        super().fetch()
        if hasattr(self, "_village_filter"):
            self.desk.read(village_options, then=partial(self.filters.fill_combo, self._village_filter))

    @override
    def shown(self, row: Row) -> None:
        self._show_added(visible=True)
        for page in self._added:
            if isinstance(page, RelatedPage):
                page.show_for(row.key, row.values)
            elif isinstance(page, PhotosPage):
                page.show_for(row.key)
        if self._place is not None:
            self._place.show_place(row.values)
        self.history.forget()
        self._show_history()

    @override
    def begun(self, values: Values) -> None:
        self._show_added(visible=False)
        if self._place is not None:
            self._place.show_place(values)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        focused = QApplication.focusWidget()
        if focused is None or not self.form.isAncestorOf(focused):
            self.table.view.setFocus()

    def _take_first(self) -> None:
        """The first list that comes opens its first record, so that the form is not empty."""
        keys = self.table.rows.keys
        if self._fresh and keys and self.form.key is None and not self.table.current_key:
            self.table.select(keys[0])
        self._fresh = self._fresh and not keys

    def _show_added(self, *, visible: bool) -> None:
        for page in self._added:
            self.form.pages.setTabVisible(self.form.pages.indexOf(page), visible)
        for button in self._buttons:
            button.setVisible(visible)

    def _count(self, page: QWidget, count: int) -> None:
        words = self._added[page]
        self.form.pages.setTabText(self.form.pages.indexOf(page), f"{words} {count}" if count else words)

    def _show_history(self) -> None:
        if self.form.pages.currentWidget() is self.history and self.form.key is not None:
            self.history.show_for(self.form.key)

    def _tell_cards(self) -> None:
        if self.table.rows.keys:
            self.cards_wanted.emit(self.record, self.table.query, self.table.selected_keys(), "")

    def _tell_card(self) -> None:
        key = self.form.key
        if key is not None:
            code = str(self.form.values().get("code") or key)
            self.cards_wanted.emit(self.record, Query(self.record), (key,), code)

    def _tell_map(self) -> None:
        if self.form.key is not None:
            self.show_on_map.emit(self.record, self.form.key)

    def _reveal_record(self, slot: str) -> None:
        key = self.form.key
        if key is None:
            return

        def read(_changes: ChangeSet) -> None:
            self.desk.read(self.read_page, key, then=partial(self._show_whole, key, slot), owner=self)

        self.desk.change(reveal, self.record, key, then=read, failed=self._say, owner=self)

    def _show_whole(self, key: Key, slot: str, page: object) -> None:
        rows: Sequence[Row] = getattr(page, "rows", ())
        if self.form.key != key or not rows:
            return
        hidden = [each for each, box in self.form.boxes.items() if box.masked and each != slot]
        for each in [*hidden, slot]:
            self.form.reveal(each, rows[0].values.get(each))
        self.whole_shown(rows[0])

    def whole_shown(self, row: Row) -> None:
        """The masked values are shown whole; the place to name the record whole above the form."""

    def _say(self, error: UserError) -> None:
        self.desk.notify(str(error))


def arranged(record: str, first: Sequence[str]) -> tuple[Field, ...]:
    """The columns of a kind of record, those named `first` in front."""
    told = {each.key: each for each in fields_of(RECORDS[record], Place.TABLE)}
    rest = (each for key, each in told.items() if key not in first)
    return (*(told[key] for key in first), *rest)


def village_options(store: Store) -> tuple[Option, ...]:
    """The villages as choices of a combo."""
    found = pick(store, "village", "", _MOST_VILLAGES)
    named = [
        Option(each.key, each.title, " ".join((each.title, *initials(each.title))).lower()) for each in found
    ]
    return tuple(sorted(named, key=lambda each: each.label))
