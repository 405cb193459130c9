"""地图: everything that has a place; records are placed, moved and chosen here, roads and ranges are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab import MapLevel
from stationdesk.services import drawing, records
from stationdesk.services.listing import Page, Query, page_of
from stationdesk.services.mapping import (
    Listed,
    MapDocument,
    MapPatch,
    ground,
    map_document,
    map_patch,
    unplaced,
    withheld_households,
)
from stationdesk.services.places import LOCATED
from stationdesk.services.served import withheld_homes
from stationdesk.services.store import Store
from stationdesk.ui.dialogs.basemaps import BasemapsDialog
from stationdesk.ui.dialogs.record import RecordDialog
from stationdesk.ui.forms import Kit
from stationdesk.ui.notices import Weight
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.tabs.map_drawing import Drawing
from stationdesk.ui.tabs.map_level import LevelBox
from stationdesk.ui.tabs.map_naming import NamingPanel
from stationdesk.ui.tabs.map_pens import PenRow
from stationdesk.ui.tabs.map_places import Placing
from stationdesk.ui.tabs.map_side import ChosenCard, MapLists, can_mend, lines_of, title_of
from stationdesk.ui.tabs.map_starting import Starting
from stationdesk.ui.theme import DEFAULT_SIZE

if TYPE_CHECKING:
    from stationdesk.ui.web.map_view import MapView

_FRAMES = 1500
"""Milliseconds from the page's word that it has drawn to the picture in the window."""


@dataclass(frozen=True, slots=True)
class Lists:
    """What the lists beside the map hold, and which households are kept off it; `withheld` of them have a place."""

    missing: tuple[Listed, ...]
    ground: tuple[Listed, ...]
    withheld: int
    private: frozenset[Key]


def lists_of(store: Store) -> Lists:
    """The lists beside the map, counted."""
    return Lists(unplaced(store), ground(store), withheld_households(store), withheld_homes(store))


class MapTab(TabPage):
    """The map with its tools at the top and the chosen record at the side.

    The web engine is loaded when the tab is first shown. A change made anywhere comes as a patch.
    """

    handout_wanted = Signal()
    """Make the hand-out map."""
    begin_wanted = Signal(str, object)
    """Begin a new record (record, values to start with) in its own tab."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit.desk, parent)
        self.setObjectName("map_tab")
        self._kit = kit
        self._view: MapView | None = None
        self._begun = False
        self._loaded = False
        self._drawn = False
        self._chosen: tuple[str, Key] | None = None
        self._wanted: tuple[str, Key] | None = None
        self._page: Page | None = None
        self._on_map: set[tuple[str, Key]] = set()
        self._private: frozenset[Key] = frozenset()
        self.card = ChosenCard(kit.desk, self)
        self.lists = MapLists(kit.desk, self)
        self.naming = NamingPanel(kit.look, self)
        self.pens = PenRow(kit.look, self)
        self.drawing = Drawing(kit.desk, self.pens, self.naming, self)
        self.starting = Starting(kit.desk, self.drawing, self.naming, self)
        self._placing = Placing(kit.desk, self)
        self.drawn = (0, 0)
        self.level = LevelBox(kit.desk, self)
        self._withheld = QLabel(self)
        self._withheld.setObjectName("map_withheld")
        self._withheld.setProperty("look", "small")
        self._build()
        self._connect()

    def _connect(self) -> None:
        card = self.card
        card.open_wanted.connect(lambda: self._of_chosen(self._open))
        card.place_wanted.connect(self.place_chosen)
        card.type_wanted.connect(lambda: self._of_chosen(self._placing.ask))
        card.rename_wanted.connect(lambda: self._of_chosen(self._rename))
        card.reshape_wanted.connect(lambda: self._of_chosen(self.drawing.mend))
        card.extend_wanted.connect(lambda: self._of_chosen(partial(self.drawing.mend, extend=True)))
        card.remove_wanted.connect(lambda: self._of_chosen(self._remove))
        self.lists.chosen.connect(self._choose)
        self.lists.opened.connect(self._open)
        self.lists.new_wanted.connect(lambda record: self.begin_wanted.emit(record, {}))
        self.drawing.panel_shown.connect(lambda on: self.card.setVisible(not on))
        self.drawing.waiting_changed.connect(self.unsaved_changed)
        self.starting.handout_wanted.connect(self.handout_wanted)
        self.starting.bases_wanted.connect(self._show_bases)
        self.starting.place_wanted.connect(self._placing.ask)
        self._placing.located.connect(self._located)
        self._placing.refused.connect(self._read_anew)
        self.level.changed.connect(self._read_level)
        self.desk.changed.connect(self._take)
        self._kit.look.changed.connect(self._follow_look)

    def _build(self) -> None:
        look = self._kit.look
        handout = QPushButton(_("发放地图"), self)
        handout.setObjectName("map_handout")
        handout.setAccessibleName(_("发放地图"))
        handout.setProperty("look", "primary")
        look.set_icon(handout, "printer", "on_accent")
        handout.clicked.connect(lambda _on: self.handout_wanted.emit())
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.pens, 1)
        top.addWidget(self._withheld)
        top.addWidget(self.level)
        top.addWidget(self._bases_button())
        top.addWidget(handout)
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self.starting.panel, self.naming, self.card):
            column.addWidget(widget)
        column.addWidget(self.lists, 1)
        side.setMinimumWidth(look.pixels(300))
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName("map_splitter")
        self._splitter.setHandleWidth(look.pixels(12))
        self._splitter.setChildrenCollapsible(False)
        self._holder = QWidget(self._splitter)
        self._build_waiting()
        self._splitter.addWidget(self._holder)
        self._splitter.addWidget(side)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setSizes([940, 360])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 10)
        outer.setSpacing(10)
        outer.addLayout(top)
        outer.addWidget(self._splitter, 1)

    def _bases_button(self) -> QPushButton:
        bases = QPushButton(_("底图…"), self)
        bases.setObjectName("map_bases")
        bases.setAccessibleName(_("底图"))
        self._kit.look.set_icon(bases, "map-2")
        bases.clicked.connect(lambda _on: self._show_bases())
        return bases

    def _show_bases(self) -> None:
        BasemapsDialog(self.desk, self).open()

    def _build_waiting(self) -> None:
        self._waiting = QLabel(_("正在准备地图…"), self._holder)
        self._waiting.setObjectName("map_waiting")
        self._waiting.setProperty("look", "empty")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place = QGridLayout(self._holder)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._place.addWidget(self._waiting, 0, 0)

    # A tab

    @property
    def view(self) -> MapView:
        """The map; made when it is first asked for."""
        if self._view is None:
            # The web engine takes its time to load, so that it waits for the first look at a map.
            from stationdesk.ui.web.map_view import MapView

            self._view = view = MapView(self._holder)
            self._place.addWidget(view, 0, 0)
            self._waiting.raise_()  # it lies over the map until there is one to be seen
            self._follow_look()
            view.ready.connect(self._count_drawn)
            view.picked.connect(self._choose)
            view.asked.connect(self._describe)
            view.acted.connect(self._act)
            for each in (self.drawing, self._placing, self.starting):
                each.work_on(view)
            view.troubled.connect(lambda words: self.desk.notify(words, Weight.WARN))
        return self._view

    @property
    @override
    def is_ready(self) -> bool:
        return self._drawn

    @property
    @override
    def unsaved(self) -> bool:
        return self.drawing.waits

    @override
    def step(self, *, ahead: bool) -> bool:
        return self.drawing.step(ahead=ahead)

    def begin_map(self) -> None:
        """Lead from a white sheet to a community map (白纸起步)."""
        self.starting.begin()

    @override
    def fetch(self) -> None:
        self._read_document(fit=True)
        self.desk.read(lists_of, then=self._show_lists)

    @override
    def wants(self, changes: ChangeSet) -> bool:
        # Changes come as patches, also while the tab is out of sight.
        return False

    @override
    def open_record(self, record: str, key: Key) -> None:
        """Show a record on the map; one without a place is put there with the next click."""
        self._wanted = (record, key)
        if self._loaded:
            self._go()

    @override
    def show_query(self, query: object) -> None:
        if isinstance(query, Query):
            self.lists.show_query(query)

    @override
    def show_first(self) -> None:
        """The whole map is what somebody looks at first."""

    # The document and its patches

    def _read_document(self, *, fit: bool) -> None:
        level = self.level.level
        self.desk.read(map_document, level, then=partial(self._show_document, fit, level), owner=self)

    def _read_level(self) -> None:
        if self._loaded:
            self._read_anew()

    def _show_document(self, fit: bool, level: MapLevel, document: MapDocument) -> None:
        if level is not self.level.level:
            return  # another one was chosen meanwhile, and is on its way
        if not self._begun:
            # The web engine stops the window for a moment: what to wait for is to be read by then.
            self._begun = True
            QTimer.singleShot(0, self, partial(self._show_document, fit, level, document))
            return
        self._drawn = False
        self._loaded = True
        self._on_map = {(thing.record, thing.key) for thing in document.objects}
        self.view.show_document(document, fit=fit)
        self.starting.read()
        if self._wanted is not None:
            self._go()

    def _take(self, changes: ChangeSet) -> None:
        if self._loaded:
            level = self.level.level
            self.desk.read(map_patch, changes, level, then=partial(self._patch, level))
            self.desk.read(lists_of, then=self._show_lists)
            self.starting.read()
            if self._chosen is not None and self._chosen[1] in changes.keys(self._chosen[0]):
                self._read_chosen()

    def _patch(self, level: MapLevel, patch: MapPatch | None) -> None:
        if level is not self.level.level:
            return
        if patch is None:
            self._read_anew()
        elif patch.put or patch.gone:
            self._on_map.difference_update(patch.gone)
            self._on_map.update((thing.record, thing.key) for thing in patch.put)
            self.view.patch(patch)
            # Who was chosen before the place came is shown where it is now.
            if self._chosen in {(thing.record, thing.key) for thing in patch.put} and self._page is not None:
                self._show_chosen(self._page)

    def _read_anew(self) -> None:
        self._read_document(fit=False)

    def _show_lists(self, lists: Lists) -> None:
        self.lists.show_lists(lists.missing, lists.ground)
        words = _("另有 {count} 户按规定不上图").format(count=lists.withheld) if lists.withheld else ""
        self._withheld.setText(words)
        self._private = lists.private
        if self._page is not None:
            self._show_chosen(self._page)

    def _count_drawn(self, drawn: int, total: int) -> None:
        """The map itself shows the count (已绘 N / N)."""
        self.drawn = (drawn, total)
        self._waiting.hide()
        if self._loaded:
            # The web engine hands its picture over some frames after the page has drawn it.
            QTimer.singleShot(_FRAMES, self, self._settle)

    def _settle(self) -> None:
        self._drawn = True

    def _follow_look(self) -> None:
        if self._view is not None:
            self._view.set_theme(self._kit.look.dark)
            self._view.set_scale(self._kit.look.size / DEFAULT_SIZE)

    # The chosen record

    def _go(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        record, key = wanted
        self._chosen = wanted
        if not self.view.select(record, key) and record in LOCATED:
            self.desk.read(page_of, record, key, then=partial(self._show_or_place, record, key), owner=self)
        else:
            self._read_chosen()

    def _show_or_place(self, record: str, key: Key, page: Page) -> None:
        if self._chosen != (record, key):
            return
        self._show_chosen(page)
        if not page.rows or key in self._private:
            return
        if page.rows[0].values.get("latitude") is None:
            self.place_chosen()
        elif record == "household" and self.level.level is not MapLevel.EXACT:
            self._wanted = (record, key)  # shown as soon as the places of households are
            self.level.ask()

    def _choose(self, record: str, key: str) -> None:
        if (record, key) == self._chosen:
            return
        self._chosen = (record, Key(key))
        sender = self.sender()
        if sender is self.lists:
            self.view.select(record, Key(key))
        self._read_chosen()

    def _read_chosen(self) -> None:
        if self._chosen is not None:
            record, key = self._chosen
            self.desk.read(page_of, record, key, then=self._show_chosen)

    def _show_chosen(self, page: Page) -> None:
        if self._chosen is None or not page.rows or page.rows[0].key != self._chosen[1]:
            if not page.rows:
                self._chosen = None
                self.card.show_nothing()
            return
        self._page = page
        record, key = self._chosen
        has_place = page.rows[0].values.get("latitude") is not None
        on_map = (record, key) in self._on_map
        private = record == "household" and key in self._private
        hidden = private or (has_place and not on_map and record == "resource")
        confidential = bool(page.rows[0].values.get("confidential"))
        self.card.show_record(
            record, title_of(record, page), page, placed=has_place, private=hidden or confidential
        )

    def _describe(self, record: str, key: str) -> None:
        def tell(page: Page) -> None:
            if not page.rows:
                return
            mendable, is_line = can_mend(record, page)
            actions = [("open", _("编辑") if record == "feature" else _("打开"))]
            if record == "station":
                actions = []
            if record in LOCATED:
                actions.append(("move", _("移动位置")))
            if record == "feature":
                actions.insert(0, ("rename", _("改名")))
            if mendable:
                actions.append(("reshape", _("改形状")))
            if is_line:
                actions.append(("extend", _("接着画")))
            if record == "feature":
                actions.append(("remove", _("删除")))
            self.view.describe(record, Key(key), lines_of(record, page), actions)

        self.desk.read(page_of, record, Key(key), then=tell, owner=self)

    def _act(self, record: str, key: str, action: str) -> None:
        self._chosen = (record, Key(key))
        self._read_chosen()
        acts = {
            "open": self._open,
            "move": self._placing.start,
            "rename": self._rename,
            "remove": self._remove,
        }
        if action in acts:
            acts[action](record, Key(key))

    def _of_chosen(self, act: Callable[[str, Key], object]) -> None:
        if self._chosen is not None:
            act(*self._chosen)

    def _open(self, record: str, key: str) -> None:
        if record == "feature":
            dialog = RecordDialog(record, self._kit, self)
            dialog.open()
            dialog.show_record(Key(key))
        else:
            self.open_wanted.emit(record, key)

    def _rename(self, record: str, key: Key) -> None:
        def ask(page: Page) -> None:
            if page.rows:
                self.drawing.rename(record, key, page.rows[0].values)

        self.desk.read(page_of, record, key, then=ask, owner=self)

    def _remove(self, record: str, key: Key) -> None:
        done = _("已删除。按 Ctrl+Z 可以撤销。")

        def remove(store: Store) -> ChangeSet:
            if record == "village_group":
                return drawing.unbound(store, key)
            return records.remove(store, record, key)

        self.desk.change(remove, then=lambda _changes: self.desk.notify(done), owner=self)

    def place_chosen(self) -> None:
        """Let the next click say where the chosen record is."""
        self._of_chosen(self._placing.start)

    def _located(self, record: str, key: str) -> None:
        self._chosen = (record, Key(key))
        self._read_chosen()
