"""The record that is chosen on the map: what is told of it, beside the map and in its popup, and done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab import MapLevel
from stationdesk.services import drawing, records
from stationdesk.services.listing import Page, page_of
from stationdesk.services.mapping import MapDocument, MapPatch
from stationdesk.services.places import LOCATED
from stationdesk.services.store import Store
from stationdesk.ui.dialogs.record import RecordDialog
from stationdesk.ui.forms import Kit
from stationdesk.ui.tabs.map_drawing import Drawing
from stationdesk.ui.tabs.map_level import LevelBox
from stationdesk.ui.tabs.map_places import Placing
from stationdesk.ui.tabs.map_side import ChosenCard, MapLists, can_mend, lines_of, title_of

if TYPE_CHECKING:
    from stationdesk.ui.web.map_view import MapView


class Chosen(QObject):
    """Between the map, the lists and the card beside it. At most one record is chosen."""

    open_wanted = Signal(str, str)
    """Open a record wherever it is shown: record, key."""
    walks_wanted = Signal(str)
    """Show the list of walks at this one, by key."""

    def __init__(
        self,
        kit: Kit,
        card: ChosenCard,
        lists: MapLists,
        drawing_tool: Drawing,
        placing: Placing,
        level: LevelBox,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._kit = kit
        self._desk = kit.desk
        self._over = parent
        self._card = card
        self._drawing = drawing_tool
        self._placing = placing
        self._level = level
        self._view: MapView | None = None
        self._chosen: tuple[str, Key] | None = None
        self._wanted: tuple[str, Key] | None = None
        self._page: Page | None = None
        self._on_map: set[tuple[str, Key]] = set()
        self._private: frozenset[Key] = frozenset()
        card.open_wanted.connect(lambda: self._act_on(self._open))
        card.place_wanted.connect(lambda: self._act_on(placing.start))
        card.type_wanted.connect(lambda: self._act_on(placing.ask))
        card.rename_wanted.connect(lambda: self._act_on(self._rename))
        card.reshape_wanted.connect(lambda: self._act_on(drawing_tool.mend))
        card.extend_wanted.connect(lambda: self._act_on(partial(drawing_tool.mend, extend=True)))
        card.remove_wanted.connect(lambda: self._act_on(self._remove))
        lists.chosen.connect(self._choose_listed)
        lists.opened.connect(self._open)
        placing.located.connect(self._take)

    def work_on(self, view: MapView) -> None:
        """The map is there."""
        self._view = view
        view.picked.connect(self._choose)
        view.asked.connect(self._describe)
        view.acted.connect(self._act)

    def want(self, record: str, key: Key) -> None:
        """Choose a record as soon as the map shows its document; `go` is when that is so."""
        self._wanted = (record, key)

    def go(self) -> None:
        """Show what is wanted on the map; one without a place is put there with the next click."""
        wanted, self._wanted = self._wanted, None
        if wanted is None or self._view is None:
            return
        record, key = wanted
        self._chosen = wanted
        if not self._view.select(record, key) and record in LOCATED:
            self._desk.read(page_of, record, key, then=partial(self._show_or_place, record, key), owner=self)
        else:
            self._read()

    # What is on the map

    def note_document(self, document: MapDocument) -> None:
        """All of it was drawn anew."""
        self._on_map = {(thing.record, thing.key) for thing in document.objects}

    def note_patch(self, patch: MapPatch) -> None:
        """A part of it was. Who was chosen before the place came is shown where it is now."""
        put = {(thing.record, thing.key) for thing in patch.put}
        self._on_map.difference_update(patch.gone)
        self._on_map.update(put)
        if self._chosen in put and self._page is not None:
            self._show(self._page)

    def note_private(self, households: frozenset[Key]) -> None:
        """The households that no map shows."""
        self._private = households
        if self._page is not None:
            self._show(self._page)

    def note_changes(self, changes: ChangeSet) -> None:
        """Records were changed: what is told of the chosen one is read again."""
        if self._chosen is not None and self._chosen[1] in changes.keys(self._chosen[0]):
            self._read()

    # Choosing

    def _choose(self, record: str, key: str) -> None:
        if (record, key) != self._chosen:
            self._take(record, key)

    def _choose_listed(self, record: str, key: str) -> None:
        if (record, key) != self._chosen:
            if self._view is not None:
                self._view.select(record, Key(key))
            self._take(record, key)

    def _take(self, record: str, key: str) -> None:
        self._chosen = (record, Key(key))
        self._read()

    def _read(self) -> None:
        if self._chosen is not None:
            record, key = self._chosen
            self._desk.read(page_of, record, key, then=self._show, owner=self)

    def _show_or_place(self, record: str, key: Key, page: Page) -> None:
        if self._chosen != (record, key):
            return
        self._show(page)
        if not page.rows or key in self._private:
            return
        if page.rows[0].values.get("latitude") is None:
            self._placing.start(record, key)
        elif record == "household" and self._level.level is not MapLevel.EXACT:
            self._wanted = (record, key)  # shown as soon as the places of households are
            self._level.ask()

    def _show(self, page: Page) -> None:
        if self._chosen is None or not page.rows or page.rows[0].key != self._chosen[1]:
            if not page.rows:
                self._chosen = None
                self._card.show_nothing()
            return
        self._page = page
        record, key = self._chosen
        has_place = page.rows[0].values.get("latitude") is not None
        on_map = (record, key) in self._on_map
        private = record == "household" and key in self._private
        hidden = private or (has_place and not on_map and record == "resource")
        confidential = bool(page.rows[0].values.get("confidential"))
        self._card.show_record(
            record, title_of(record, page), page, placed=has_place, private=hidden or confidential
        )

    def _describe(self, record: str, key: str) -> None:
        def tell(page: Page) -> None:
            if page.rows and self._view is not None:
                self._view.describe(record, Key(key), lines_of(record, page), actions_of(record, page))

        self._desk.read(page_of, record, Key(key), then=tell, owner=self)

    # Doing something with it

    def _act(self, record: str, key: str, action: str) -> None:
        self._take(record, key)
        acts: dict[str, Callable[[str, Key], object]] = {
            "open": self._open,
            "move": self._placing.start,
            "rename": self._rename,
            "remove": self._remove,
        }
        if action in acts:
            acts[action](record, Key(key))

    def _act_on(self, act: Callable[[str, Key], object]) -> None:
        if self._chosen is not None:
            act(*self._chosen)

    def _open(self, record: str, key: str) -> None:
        if record == "feature":
            dialog = RecordDialog(record, self._kit, self._over)
            dialog.open()
            dialog.show_record(Key(key))
        elif record == "walk":
            self.walks_wanted.emit(key)
        else:
            self.open_wanted.emit(record, key)

    def _rename(self, record: str, key: Key) -> None:
        def ask(page: Page) -> None:
            if page.rows:
                self._drawing.rename(record, key, page.rows[0].values)

        self._desk.read(page_of, record, key, then=ask, owner=self)

    def _remove(self, record: str, key: Key) -> None:
        done = _("已删除。按 Ctrl+Z 可以撤销。")

        def remove(store: Store) -> ChangeSet:
            if record == "village_group":
                return drawing.unbound(store, key)
            return records.remove(store, record, key)

        self._desk.change(remove, then=lambda _changes: self._desk.notify(done), owner=self)


def actions_of(record: str, page: Page) -> list[tuple[str, str]]:
    """What the popup of a record offers, by code and words; the first one is the main one."""
    mendable, is_line = can_mend(record, page)
    is_drawing = record == "feature"
    offered = (
        ("rename", _("改名"), is_drawing),
        ("open", _("编辑") if is_drawing else _("打开"), record != "station"),
        ("move", _("移动位置"), record in LOCATED),
        ("reshape", _("改形状"), mendable),
        ("extend", _("接着画"), is_line),
        ("remove", _("删除"), is_drawing),
    )
    return [(code, words) for code, words, fits in offered if fits]
