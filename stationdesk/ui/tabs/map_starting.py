"""白纸起步 at work: the panel that leads, the pens it puts into the hand, and the part of the map that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.services.listing import Query, keys_of
from stationdesk.services.starter import Start, StarterStep, begin_sketch, start_of
from stationdesk.ui.desk import Desk
from stationdesk.ui.tabs.map_drawing import Drawing
from stationdesk.ui.tabs.map_naming import Named, NamingPanel
from stationdesk.ui.tabs.map_pens import Pen, PenRow, pen_of
from stationdesk.ui.tabs.map_starter import StarterPanel

if TYPE_CHECKING:
    from stationdesk.services.store import Store
    from stationdesk.ui.web.map_view import MapView

_VILLAGE = 1_600.0
"""Metres across the window in which most villages lie."""
_PART = 0.6
"""How much of the window a street of known length takes."""


class Starting(QObject):
    """Between the panel that leads and what is drawn."""

    handout_wanted = Signal()
    bases_wanted = Signal()
    place_wanted = Signal(str, str)
    """Ask for the coordinate of a record: record, key."""

    def __init__(
        self, desk: Desk, pens: PenRow, drawing: Drawing, naming: NamingPanel, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drawing = drawing
        self._naming = naming
        self._view: MapView | None = None
        self._start: Start | None = None
        self._begun = False
        self._dismissed = False
        self._looked = False
        self._metres: float | None = None
        self.panel = StarterPanel(desk.look, parent)
        pens.wanted.connect(self._take_up_pen)
        self.panel.begun.connect(self.begin)
        self.panel.step_shown.connect(self._take_up)
        self.panel.sketch_wanted.connect(self._sketch)
        self.panel.coordinates_wanted.connect(self._ask_place)
        self.panel.bases_wanted.connect(self.bases_wanted)
        self.panel.handout_wanted.connect(self._hand_out)
        self.panel.left.connect(self._leave)
        self.panel.finished.connect(self._put_away)
        drawing.kept.connect(self._note_kept)
        drawing.left.connect(lambda: self.panel.hold_pen(held=False))

    def work_on(self, view: MapView) -> None:
        """The map is there."""
        self._view = view

    def begin(self) -> None:
        """Lead on from what is drawn already; as soon as there is a map."""
        self._begun = True
        if self._view is not None:
            self.read()

    def read(self) -> None:
        """The map has changed: read how far it has come."""
        self._desk.read(start_of, then=self._show)

    def _show(self, start: Start) -> None:
        first, self._start = self._start is None, start
        if self._view is not None:
            self._view.set_sketch(on=start.sketch)
        if first and start.sketch and not start.drawn and self._view is not None:
            self._view.look_at(0, 0, _VILLAGE)
        if self._begun:
            self._begun = False
            self.panel.lead(start)
            return
        self.panel.progress(start)
        if first and start.is_white and not self._dismissed and self.panel.isHidden():
            self.panel.offer()

    def _take_up_pen(self, pen: Pen) -> None:
        """A pen was chosen over the map. On a sheet that lies nowhere a road would be hundreds of kilometres long."""
        if self._start is not None and not self._start.knows_where:
            self.begin()
        else:
            self._drawing.take_up(pen)

    def _take_up(self, step: StarterStep, pen: str, name: str) -> None:
        start = self._start
        if start is None or self._view is None:
            return
        if not start.drawn and start.centre is not None and not self._looked:
            self._looked = True
            metres = _VILLAGE if self._metres is None else self._metres / _PART
            self._view.look_at(*start.centre, metres)
        known = self._metres if step is StarterStep.ROAD and StarterStep.ROAD not in start.done else None
        self._naming.draw_on(on=step is StarterStep.MORE)
        self._drawing.take_up(pen_of(pen), name, known)
        self.panel.hold_pen(held=True)

    def _note_kept(self, named: Named) -> None:
        if self._metres is not None and self.panel.step is StarterStep.ROAD and named.pen.name == "main_road":
            self._desk.notify(
                _("已按 {metres} 米校正这条路的长短，后面照着它画。").format(metres=round(self._metres))
            )
        self.panel.note_kept(named.pen.name)

    def _sketch(self, metres: float) -> None:
        self._metres = metres
        self._desk.change(begin_sketch, then=lambda _changes: self.begin(), owner=self)

    def _ask_place(self) -> None:
        def ask(keys: tuple[Key, ...]) -> None:
            self.place_wanted.emit("station", keys[0])

        def stations(store: Store) -> tuple[Key, ...]:
            return keys_of(store, Query("station"))

        self._desk.read(stations, then=ask, owner=self)

    def _hand_out(self) -> None:
        self._leave()
        self.panel.hide()
        self.handout_wanted.emit()

    def _leave(self) -> None:
        self._dismissed = True
        self._put_away()

    def _put_away(self) -> None:
        self._naming.draw_on(on=False)
        if not self._drawing.waits:
            self._drawing.give_up()
