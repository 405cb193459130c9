"""地图: everything that has a place; records are placed, moved and chosen here, roads and ranges are drawn."""

from __future__ import annotations

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
from stationdesk.services.listing import Query
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
from stationdesk.services.served import withheld_homes
from stationdesk.services.sketch import moves_everything
from stationdesk.services.store import Store
from stationdesk.ui.dialogs.basemaps import BasemapsDialog
from stationdesk.ui.forms import Kit
from stationdesk.ui.notices import Weight
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.tabs.map_chosen import Chosen
from stationdesk.ui.tabs.map_drawing import Drawing
from stationdesk.ui.tabs.map_level import LevelBox
from stationdesk.ui.tabs.map_naming import NamingPanel
from stationdesk.ui.tabs.map_pens import PenRow
from stationdesk.ui.tabs.map_places import Placing
from stationdesk.ui.tabs.map_side import ChosenCard, MapLists
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
    community_map_wanted = Signal()
    """Print what has just been drawn from a white sheet."""
    begin_wanted = Signal(str, object)
    """Begin a new record (record, values to start with) in its own tab."""
    photos_wanted = Signal(str, str, str)
    """Show a photo large: (record, key, key of the photo)."""
    walks_wanted = Signal(str)
    """Show the list of walks at this one, by key."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit.desk, parent)
        self.setObjectName("map_tab")
        self._kit = kit
        self._view: MapView | None = None
        self._begun = False
        self._loaded = False
        self._drawn = False
        self.card = ChosenCard(kit.desk, self)
        self.lists = MapLists(kit.desk, self)
        self.naming = NamingPanel(kit.look, self)
        self.pens = PenRow(kit.look, self)
        self.drawing = Drawing(kit.desk, self.pens, self.naming, self)
        self.starting = Starting(kit.desk, self.pens, self.drawing, self.naming, self)
        self._placing = Placing(kit.desk, self)
        self.drawn = (0, 0)
        self.level = LevelBox(kit.desk, self)
        self._chosen = Chosen(kit, self.card, self.lists, self.drawing, self._placing, self.level, self)
        self._withheld = QLabel(self)
        self._withheld.setObjectName("map_withheld")
        self._withheld.setProperty("look", "small")
        self._build()
        self._connect()

    def _connect(self) -> None:
        self._chosen.open_wanted.connect(self.open_wanted)
        self._chosen.walks_wanted.connect(self.walks_wanted)
        self.card.photos_wanted.connect(self.photos_wanted)
        self.lists.new_wanted.connect(lambda record: self.begin_wanted.emit(record, {}))
        self.drawing.panel_shown.connect(lambda on: self.card.setVisible(not on))
        self.drawing.waiting_changed.connect(self.unsaved_changed)
        self.starting.handout_wanted.connect(self.community_map_wanted)
        self.starting.bases_wanted.connect(self._show_bases)
        self.starting.place_wanted.connect(self._placing.ask)
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
            for each in (self._chosen, self.drawing, self._placing, self.starting):
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
        self._chosen.want(record, key)
        if self._loaded:
            self._chosen.go()

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
        # A level chosen while the first document is on its way: that one is no longer wanted.
        self._read_document(fit=not self._loaded)

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
        self.view.show_document(document, fit=fit)
        self._chosen.note_document(document)
        self._chosen.go()
        self.starting.read()

    def _take(self, changes: ChangeSet) -> None:
        if self._loaded:
            level = self.level.level
            if moves_everything(changes):
                self._read_document(fit=True)  # what was looked at lies elsewhere now
            else:
                self.desk.read(map_patch, changes, level, then=partial(self._patch, level))
            self.desk.read(lists_of, then=self._show_lists)
            self.starting.read()
            self._chosen.note_changes(changes)

    def _patch(self, level: MapLevel, patch: MapPatch | None) -> None:
        if level is not self.level.level:
            return
        if patch is None:
            self._read_anew()
        elif patch.put or patch.gone:
            self.view.patch(patch)
            self._chosen.note_patch(patch)

    def _read_anew(self) -> None:
        self._read_document(fit=False)

    def _show_lists(self, lists: Lists) -> None:
        self.lists.show_lists(lists.missing, lists.ground)
        words = _("另有 {count} 户按规定不上图").format(count=lists.withheld) if lists.withheld else ""
        self._withheld.setText(words)
        self._chosen.note_private(lists.private)

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
