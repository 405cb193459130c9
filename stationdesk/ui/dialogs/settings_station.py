"""社工站: the profile that heads every ledger and every printed sheet."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Place
from stationdesk.core.messages import _
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.services import stations
from stationdesk.services.listing import Row, row_of
from stationdesk.services.store import Store
from stationdesk.ui.forms import Kit, RecordForm
from stationdesk.ui.notices import Notice
from stationdesk.ui.tabs.place_entry import PlaceEntry

_RECORD = "station"


class StationPage(QWidget):
    """The form of the one record of its kind."""

    said = Signal(object)
    """A `Notice` for whoever shows the page."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = kit.desk
        self._stale = True
        self.setObjectName("settings_station")
        fields = fields_of(RECORDS[_RECORD], Place.FORM)
        self.form = RecordForm(_RECORD, fields, kit, stations.save_profile, self)
        self._place = PlaceEntry(_RECORD, kit.look, self.form)
        self._place.located.connect(partial(self.form.fill, remark=""))
        self.form.page_titled("位置").set_top(self._place)
        for name in ("latitude", "longitude"):
            self._place.keep(self.form.boxes[name].editor.main)
        self.form.saved.connect(self._tell)
        self._desk.changed.connect(self._follow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.form)

    def fetch(self) -> None:
        """Read the profile again; what is being typed stays."""
        self._desk.read(_profile, then=self._show)

    def show_place(self) -> None:
        """Turn to the place of the station."""
        self.form.pages.setCurrentWidget(self.form.page_titled("位置"))
        self._place.line.setFocus()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.fetch()

    def _show(self, row: Row) -> None:
        self.form.show_record(row.key, row.values)
        self.form.head.say(row.values["name"])
        self._place.show_place(row.values)

    def _tell(self, _changes: ChangeSet) -> None:
        self.said.emit(Notice(_("社工站资料已保存。台账和发放图的表头用新的。")))

    def _follow(self, changes: ChangeSet) -> None:
        if _RECORD in changes.records and not self._stale:
            self.fetch()


def _profile(store: Store) -> Row:
    key = stations.profile_of(store).key
    row = row_of(store, _RECORD, key)
    if row is None:
        raise LookupError(key)  # it was there a moment ago, and nothing removes it
    return row
