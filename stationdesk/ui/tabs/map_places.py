"""Where a record lies: shown by a click on the map, or typed as a coordinate."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from stationdesk.core.changes import ChangeSet
from stationdesk.core.datum import parse_coordinate
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.services.listing import Page, page_of
from stationdesk.services.places import locate
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.coordinates import CoordinatesDialog, GivenPlace
from stationdesk.ui.notices import Weight
from stationdesk.ui.tabs.map_side import title_of

if TYPE_CHECKING:
    from stationdesk.ui.web.map_view import MapView


class Placing(QObject):
    """Between the map and the place of a record."""

    located = Signal(str, str)
    """A record has its place: record, key."""
    refused = Signal()
    """A place was not kept: what was dragged is to go back to where it is stored."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._over = parent
        self._view: MapView | None = None

    def work_on(self, view: MapView) -> None:
        """The map is there."""
        self._view = view
        view.placed.connect(self._placed)

    def start(self, record: str, key: Key) -> None:
        """Let the next click on the map say where a record is."""

        def begin(page: Page) -> None:
            if page.rows and self._view is not None:
                self._view.start_placing(record, key, title_of(record, page))

        self._desk.read(page_of, record, key, then=begin, owner=self)

    def ask(self, record: str, key: Key) -> None:
        """Ask for a coordinate."""
        dialog = CoordinatesDialog(self._desk.look, "", self._over)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.given.connect(partial(self._given, record, key))
        dialog.open()

        def know(page: Page) -> None:
            values = page.rows[0].values if page.rows else {}
            lat, lon = values.get("latitude"), values.get("longitude")
            if isinstance(lat, float) and isinstance(lon, float):
                dialog.know((lat, lon))

        self._desk.read(page_of, record, key, then=know, owner=dialog)

    def _placed(self, record: str, key: str, lat: float, lon: float) -> None:
        self._locate(record, Key(key), lambda store: locate(store, record, Key(key), lat, lon))

    def _given(self, record: str, key: Key, given: GivenPlace) -> None:
        written = parse_coordinate(given.text)

        def place(store: Store) -> ChangeSet:
            return locate(
                store,
                record,
                key,
                written.lat,
                written.lon,
                datum=given.datum,
                text=given.text,
                origin=given.origin,
            )

        self._locate(record, key, place)

    def _locate(self, record: str, key: Key, place: Callable[[Store], ChangeSet]) -> None:
        def done(changes: ChangeSet) -> None:
            self._desk.notify(_("位置已保存") if changes else _("位置没有变"))
            self.located.emit(record, key)

        def refused(error: UserError) -> None:
            self._desk.notify(str(error), Weight.BAD)
            self.refused.emit()

        self._desk.change(place, then=done, failed=refused, owner=self)
