"""Where a pin belongs: a click on the map, something that is on file, or a coordinate."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.datum import parse_coordinate, to_wgs84
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.pinyin import initials
from stationdesk.core.vocab import Datum
from stationdesk.db.models import RECORD_TITLES
from stationdesk.services import pinning
from stationdesk.services.pinning import KnownPlace, Pin
from stationdesk.ui.desk import Desk
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.tabs.segment import Segment
from stationdesk.ui.theme import DEFAULT_SIZE

if TYPE_CHECKING:
    from stationdesk.services.mapping import MapDocument
    from stationdesk.ui.web.map_view import MapView

MAP, NAMES, NUMBERS = range(3)
_PIN = "pin"
_LANDMARKS = {"station": 0, "village": 1, "feature": 2}


class Names(QWidget):
    """What has a name and a place, found by typing; Enter or a click chooses."""

    chosen = Signal(object)
    """A `KnownPlace`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places: tuple[KnownPlace, ...] = ()
        self.line = QLineEdit(self)
        self.line.setObjectName("pin_find")
        self.line.setAccessibleName(_("找地点"))
        self.line.setPlaceholderText(_("输入名称或拼音首字母，回车选中第一个"))
        self.line.setClearButtonEnabled(True)
        self._list = QListWidget(self)
        self._list.setObjectName("pin_names")
        self._list.setAccessibleName(_("已知地点"))
        self._empty = QLabel(
            _("本站还没有带位置的村居、资源或地物。可以填坐标，或用量的距离做示意图。"), self
        )
        self._empty.setWordWrap(True)
        self._empty.setProperty("look", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line)
        column.addWidget(self._empty)
        column.addWidget(self._list, 1)
        self.line.textChanged.connect(self._fill)
        self.line.returnPressed.connect(self._choose_first)
        self._list.itemClicked.connect(self._choose)
        self._list.itemActivated.connect(self._choose)

    def show_places(self, places: Sequence[KnownPlace]) -> None:
        """Offer these."""
        self._places = tuple(places)
        self._empty.setVisible(not places)
        self._fill()

    def _fill(self) -> None:
        wanted = self.line.text().strip().casefold()
        self._list.clear()
        for number in sorted(range(len(self._places)), key=partial(self._rank, wanted)):
            place = self._places[number]
            if _answers(place.title, wanted):
                kind = _(RECORD_TITLES[place.record])
                item = QListWidgetItem(_("{title}　{kind}").format(title=place.title, kind=kind))
                item.setData(Qt.ItemDataRole.UserRole, number)
                self._list.addItem(item)

    def _rank(self, wanted: str, number: int) -> tuple[bool, bool, int, int]:
        """The very name first, then what begins so; landmarks before what stands about them."""
        place = self._places[number]
        title = place.title.casefold()
        return (
            title != wanted,
            not title.startswith(wanted),
            _LANDMARKS.get(place.record, len(_LANDMARKS)),
            number,
        )

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self._places[item.data(Qt.ItemDataRole.UserRole)])

    def _choose_first(self) -> None:
        if self._list.count():
            self._list.setCurrentRow(0)
            self._choose(self._list.item(0))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return  # an Enter that chose is not to press the button of the dialog as well
        super().keyPressEvent(event)


class Numbers(QWidget):
    """A coordinate with its datum, which is not in the text and has to be told."""

    given = Signal(float, float)
    """Latitude and longitude, WGS-84."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place: tuple[float, float] | None = None
        self.line = QLineEdit(self)
        self.line.setObjectName("pin_coordinate")
        self.line.setAccessibleName(_("坐标"))
        self.line.setPlaceholderText(_("粘贴或填写：30.2801, 109.4862"))
        self.datum = Combo(desk.look, self)
        self.datum.setObjectName("pin_datum")
        self.datum.setAccessibleName(_("坐标系"))
        self.datum.addItem(_("哪种坐标？"))
        for each in Datum:
            self.datum.addItem(_(each.label))
        self._remark = QLabel(self)
        self._remark.setObjectName("pin_coordinate_remark")
        self._remark.setWordWrap(True)
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self.take = QPushButton(_("用这个坐标"), self)
        self.take.setObjectName("pin_coordinate_take")
        self.take.setAccessibleName(_("用这个坐标"))
        self.take.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line)
        column.addWidget(self.datum)
        column.addWidget(self._remark)
        column.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.line.textChanged.connect(self._read)
        self.line.returnPressed.connect(self._give)
        self.datum.activated.connect(lambda _row: self._read())
        self.take.clicked.connect(lambda _on: self._give())
        self._read()

    def _read(self) -> None:
        self._place = None
        text = self.line.text().strip()
        how, words = (
            "small",
            _("高德、腾讯是 GCJ-02，百度是 BD-09，手机定位和天地图多是 WGS-84。选错会偏几百米。"),
        )
        if text:
            try:
                found = parse_coordinate(text)
            except UserError as problem:
                how, words = "problem", str(problem)
            else:
                if self.datum.currentIndex() > 0:
                    datum = tuple(Datum)[self.datum.currentIndex() - 1]
                    place = to_wgs84(found.lat, found.lon, datum)
                    self._place = (place.lat, place.lon)
                    how = "good"
                    words = _("WGS-84：{lat:.6f}, {lon:.6f}").format(lat=place.lat, lon=place.lon)
        self._remark.setText(words)
        self._remark.setProperty("look", how)
        self._remark.style().unpolish(self._remark)
        self._remark.style().polish(self._remark)
        self.take.setEnabled(self._place is not None)

    def _give(self) -> None:
        if self._place is not None:
            self.given.emit(*self._place)
            self.line.clear()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return  # see Names
        super().keyPressEvent(event)


class PinPlaces(QWidget):
    """The three ways, of which one is seen. The map is loaded when it is first seen."""

    given = Signal(float, float, str)
    """A place: latitude and longitude (WGS-84, or on the plane of a sketch), and a name where it has one."""

    def __init__(self, desk: Desk, *, sketch: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._view: MapView | None = None
        self._shown: tuple[Pin, ...] = ()
        self._number = 0
        self._sketch = sketch
        self._loaded = False
        self._asking = False
        # A sketch has no real coordinates, so that none can be told.
        ways = (_("在地图上点"), _("选已知地点"), *(() if sketch else (_("填坐标"),)))
        self.segment = Segment("pin_way", ways, self)
        self._pages = QStackedWidget(self)
        self._holder = QWidget(self)
        self._place = QVBoxLayout(self._holder)
        self._place.setContentsMargins(0, 0, 0, 0)
        self.names = Names(self)
        self.numbers = Numbers(desk, self)
        for page in (self._holder, self.names, self.numbers):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.segment, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._pages, 1)
        self.segment.chosen.connect(self.show_way)
        self.names.chosen.connect(lambda place: self.given.emit(place.lat, place.lon, place.title))
        self.numbers.given.connect(lambda lat, lon: self.given.emit(lat, lon, ""))
        desk.read(pinning.known_places, then=self.names.show_places, owner=self)

    def show_way(self, way: int) -> None:
        """Show one of the three ways."""
        self.segment.choose(way)
        self._pages.setCurrentIndex(way)
        if way == MAP:
            self._wake()
            self._ask()

    def ask(self, number: int) -> None:
        """Say for which pin a place is wanted; 0 for none."""
        self._number = number
        self._asking = False
        self._ask()

    def show_pins(self, pins: Sequence[Pin]) -> None:
        """Show these on the map."""
        before, self._shown = self._shown, tuple(pins)
        if self._loaded and self._view is not None:
            self._view.patch(pinning.pin_patch(before, self._shown))

    def _ask(self) -> None:
        wanted = self._number and not self._asking and self._pages.currentIndex() == MAP
        if wanted and self._loaded and self._view is not None:
            self._asking = True
            title = _("第 {number} 点").format(number=self._number)
            self._view.start_placing(_PIN, Key("asked"), title)

    def _wake(self) -> None:
        if self._view is not None:
            return
        # The web engine takes its time to load, so that it waits for the first look at the map.
        from stationdesk.ui.web.map_view import MapView

        self._view = view = MapView(self._holder)
        self._place.addWidget(view)
        view.set_theme(self._desk.look.dark)
        view.set_scale(self._desk.look.size / DEFAULT_SIZE)
        view.placed.connect(self._placed)
        view.cancelled.connect(self._left)
        self._desk.read(pinning.pin_document, then=self._show, owner=self)

    def _show(self, document: MapDocument) -> None:
        assert self._view is not None  # noqa: S101 - it asked
        self._view.show_document(document.patched(pinning.pin_patch((), self._shown)))
        self._loaded = True
        if not document.objects and not document.bases and not self._sketch:
            self.show_way(NUMBERS)  # an empty map is nothing to click on
        self._ask()

    def _placed(self, _record: str, _key: str, lat: float, lon: float) -> None:
        self._asking = False
        self.given.emit(lat, lon, "")

    def _left(self) -> None:
        self._asking = False


def _answers(title: str, wanted: str) -> bool:
    return wanted in title.casefold() or any(wanted in each.casefold() for each in initials(title))
