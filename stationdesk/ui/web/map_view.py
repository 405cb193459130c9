"""The map as a widget: shows documents, takes edits, and says what people do on it.

Importing this module brings in the web engine; whoever shows a map imports it when the map is first shown.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from stationdesk.core.datum import from_wgs84, to_wgs84
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab import Datum
from stationdesk.maps.layers import (
    FEATURE,
    MapDocument,
    MapPatch,
    Name,
    Slots,
    document_json,
    moved,
    name_of,
    patch_json,
)
from stationdesk.maps.page import PAGE_ADDRESS
from stationdesk.ui.web.bridge import Bridge, Heard
from stationdesk.ui.web.map_scheme import MapScheme
from stationdesk.ui.web.map_texts import map_texts
from stationdesk.ui.web.profile import Gate, MapPage, make_profile

RESTARTS = 2
"""How often a page that crashed is started anew within `RESTART_WINDOW` seconds before it is left alone."""
RESTART_WINDOW = 300.0

_PAPER = {
    False: "#f7f8f6",
    True: "#171d23",
}  # as in maps/page/map.css, so that nothing flashes while it loads


class MapView(QWidget):
    """One map in one web view.

    Records are named by kind and key; coordinates are WGS-84 degrees, geometries GeoJSON texts: over tiles in another
    datum the page alone draws and hears in that one. Nothing is stored here: whoever shows the map saves what it
    says and answers with a patch.
    """

    picked = Signal(str, str)
    """Somebody clicked a record on the map."""
    asked = Signal(str, str)
    """A popup opened and wants its lines: answer with `describe`."""
    acted = Signal(str, str, str)
    """A button of a popup was pressed: record, key, the code that `describe` gave it."""
    placed = Signal(str, str, float, float)
    """A record got its place: record, key, latitude, longitude."""
    drawn = Signal(str, str)
    """Something was drawn: kind, geometry."""
    edited = Signal(str, str, str)
    """A drawing or the range of a group got another shape: record, key, geometry."""
    cut = Signal(str, str, str)
    """A drawn line was cut in two: key, geometry of the one half, of the other."""
    tool_changed = Signal(str, int, int)
    """What the mouse does now ("" looks around), how many steps can be taken back, how many done again."""
    cancelled = Signal()
    """Placing, drawing or mending was left without a result."""
    ready = Signal(int, int)
    """The picture is on the screen: how many places are drawn, of how many."""
    troubled = Signal(str)
    """The page crashed and was started anew; a sentence for the worker."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_view")
        self.setAccessibleName(_("地图"))
        self._document: MapDocument | None = None
        self._sent = b""
        self._revision = 0
        self._slots = Slots()
        self._placing: Name | None = None
        self._datum = Datum.WGS84
        self._dark = False
        self._sketch = False
        self._scale = 1.0
        self._awake = False
        self._waiting: list[Callable[[], None]] = []
        self._crashes: list[float] = []
        # Children die in the order in which they were made, and a page has to die before its profile.
        page_holder = QObject(self)
        scheme = MapScheme(self._document_of)
        self._shelf = scheme.shelf
        profile, self._gate = make_profile(self, scheme)
        self._page = MapPage(profile, self._gate, page_holder)
        self._page.renderProcessTerminated.connect(self._on_crash)
        self._bridge = Bridge(page_holder)
        self._bridge.heard.connect(self._on_heard)
        channel = QWebChannel(page_holder)
        channel.registerObject("program", self._bridge)
        self._page.setWebChannel(channel)
        self._view = self._make_view()
        self._layout = QStackedLayout(self)
        self._layout.addWidget(self._view)
        self._layout.addWidget(self._make_apology())
        self.set_theme(dark=False)
        self._load()

    @property
    def gate(self) -> Gate:
        """Counts the requests that were refused."""
        return self._gate

    def show_document(self, document: MapDocument, *, fit: bool = True) -> None:
        """Show this instead of what was shown, with all of it in view, or where people were looking."""
        self._document = document
        self._datum = document.datum
        self._send(document, fit=fit)

    def _send(self, document: MapDocument, *, fit: bool) -> None:
        self._slots = Slots(name_of(thing) for thing in document.objects)
        self._sent = document_json(document, map_texts(), self._datum, self._shelf.put(document.bases))
        self._revision += 1
        if self._awake:
            self._bridge.tell("document", revision=self._revision, fit=fit)

    def patch(self, patch: MapPatch) -> None:
        """Show one edit; the view, the zoom and an open popup stay."""
        if self._document is None:
            return
        if not self._awake:
            self.show_document(self._document.patched(patch))
            return
        self._bridge.tell("patch", patch=patch_json(patch, self._document, self._slots, self._datum))
        self._document = self._document.patched(patch)

    def select(self, record: str, key: Key) -> bool:
        """Bring a record into view, mark it and open its popup; False when it is not on the map."""
        if self._slots.slot((record, key)) is None:
            return False
        self._when_awake(lambda: self._bridge.tell("select", slot=self._slots.slot((record, key))))
        return True

    def describe(
        self,
        record: str,
        key: Key,
        lines: Sequence[tuple[str, str]],
        actions: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Fill the popup of a record: (label, text) lines, and (code, label) buttons, the first one the main one.

        Buttons with the codes `reshape` and `extend` let people mend a drawing at once; every other is told by
        `acted`.
        """
        slot = self._slots.slot((record, key))
        if slot is not None and self._awake:
            self._bridge.tell("describe", slot=slot, lines=list(lines), actions=list(actions))

    def start_placing(self, record: str, key: Key, title: str) -> None:
        """Let the next click say where a record is, or its dot be dragged when it is on the map; see `placed`."""
        name = (record, key)

        def start() -> None:
            slot = self._slots.slot(name)
            self._placing = name
            self._bridge.tell("place", slot=-1 if slot is None else slot, title=title)
            self._view.setFocus()

        self._when_awake(start)

    def start_drawing(self, kind: str, geometry: str = "", title: str = "") -> None:
        """Let people draw something of this kind, one of the document's strokes; see `drawn`.

        `geometry` is "LineString", "Polygon" or "Point" where it is not the kind's own (a pond is no line). What was
        drawn stays in sight until the next patch, or `forget_drawing`. `title` is what it is called meanwhile.
        """
        strokes = {stroke.code: stroke for stroke in self._document.strokes} if self._document else {}
        if kind not in strokes:
            raise ValueError(f"no such kind of drawing: {kind}")
        shape = geometry or strokes[kind].geometry
        self._when_awake(lambda: self._bridge.tell("draw", kind=kind, type=shape, title=title))
        self._view.setFocus()

    def forget_drawing(self) -> None:
        """Take off what was drawn and is not wanted."""
        self._when_awake(lambda: self._bridge.tell("forget"))

    def edit_drawing(self, record: str, key: Key, *, extend: bool = False) -> None:
        """Let people mend a drawing or the range of a group, or go on with a line; see `edited` and `cut`."""
        name = (record, key)
        if self._slots.slot(name) is not None:
            self._when_awake(lambda: self._bridge.tell("edit", slot=self._slots.slot(name), extend=extend))
            self._view.setFocus()

    def step_tool(self, *, ahead: bool) -> None:
        """Take back a step of what is being drawn, or do it again; see `tool_changed`."""
        self._when_awake(lambda: self._bridge.tell("step", ahead=ahead))

    def leave_tool(self) -> None:
        """Look around again; what was begun is given up."""
        self._when_awake(lambda: self._bridge.tell("leave"))

    def look_at(self, lat: float, lon: float, metres: float) -> None:
        """Show a part of the earth so many metres wide."""
        place = from_wgs84(lat, lon, self._datum)
        self._when_awake(lambda: self._bridge.tell("look", lat=place.lat, lon=place.lon, metres=metres))

    def set_sketch(self, *, on: bool) -> None:
        """Say on the map that it is a sketch, whose lengths are guessed, or that it is none."""
        if on is not self._sketch:
            self._sketch = on
            if self._awake:
                self._bridge.tell("sketch", on=on)

    def fit(self) -> None:
        """Bring everything into view."""
        self._when_awake(lambda: self._bridge.tell("fit"))

    def set_theme(self, dark: bool) -> None:
        """Light or dark."""
        self._dark = dark
        self._page.setBackgroundColor(QColor(_PAPER[dark]))
        if self._awake:
            self._bridge.tell("theme", dark=dark)

    def set_scale(self, scale: float) -> None:
        """Draw words and marks larger, as the window's own size setting does; 1 is 11 points."""
        self._scale = scale
        self._view.setZoomFactor(scale)

    # --- the page --------------------------------------------------------------------------------------------------

    def _make_view(self) -> QWebEngineView:
        view = QWebEngineView(self)
        view.setObjectName("map_page")
        view.setAccessibleName(_("地图"))
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        view.setAcceptDrops(False)
        view.setPage(self._page)
        self.setFocusProxy(view)
        return view

    def _make_apology(self) -> QWidget:
        panel = QWidget(self)
        words = QLabel(_("地图连续几次意外停止，已暂时关闭。其他功能照常使用，数据不受影响。"), panel)
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        again = QPushButton(_("重新打开地图"), panel)
        again.setObjectName("map_reopen")
        again.setAccessibleName(_("重新打开地图"))
        again.clicked.connect(self._reopen)
        column = QVBoxLayout(panel)
        column.addStretch()
        column.addWidget(words)
        column.addWidget(again, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch()
        return panel

    def _load(self) -> None:
        self._awake = False
        self._page.load(QUrl(PAGE_ADDRESS))

    def _reopen(self) -> None:
        self._crashes.clear()
        self._layout.setCurrentIndex(0)
        self._load()

    def _on_crash(self, status: QWebEnginePage.RenderProcessTerminationStatus) -> None:
        if status is QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            return
        now = time.monotonic()
        self._crashes = [at for at in self._crashes if now - at < RESTART_WINDOW] + [now]
        self._awake = False
        self._waiting.clear()
        if len(self._crashes) > RESTARTS:
            self._layout.setCurrentIndex(1)
            return
        self.troubled.emit(_("地图意外停止，已重新打开。"))
        # Not from within the signal of the page that just died.
        QTimer.singleShot(0, self, self._load)

    def _document_of(self, revision: int) -> bytes | None:
        return self._sent if revision == self._revision else None

    def _when_awake(self, act: Callable[[], None]) -> None:
        if self._awake:
            act()
        else:
            self._waiting.append(act)

    # --- what the page says ----------------------------------------------------------------------------------------

    def _on_heard(self, message: Heard) -> None:
        match message.event:
            case "hello":
                self._wake()
            case "ready":
                self.ready.emit(message.drawn, message.total)
            case "refused":
                self._gate.refuse(message.address)
            case "cancelled":
                self._placing = None
                self.cancelled.emit()
            case "tool":
                mode = "" if message.mode == "none" else message.mode
                self.tool_changed.emit(mode, message.back, message.ahead)
            case "placed":
                self._on_placed(message)
            case "drawn":
                self.drawn.emit(message.kind, self._stored(message.geometry))
            case "based":
                self._on_based(message.kind)
            case _:
                self._on_record(message)

    def _wake(self) -> None:
        self._awake = True
        self._view.setZoomFactor(self._scale)  # a page begins unscaled
        self._bridge.tell("theme", dark=self._dark)
        self._bridge.tell("sketch", on=self._sketch)
        if self._document is not None:
            # Numbered anew: after a crash the document holds the edits that the earlier page got as patches.
            self.show_document(self._document)
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()

    def _on_placed(self, message: Heard) -> None:
        if self._placing is None:
            return
        record, key = self._placing
        self._placing = None
        place = to_wgs84(message.lat, message.lon, self._datum)
        self.placed.emit(record, key, place.lat, place.lon)

    def _on_based(self, code: str) -> None:
        """Tiles in another datum are shown: what is drawn over them is sent anew, in that one."""
        datum = next((each for each in Datum if each.code == code), self._datum)
        if datum is not self._datum and self._document is not None:
            self._datum = datum
            self._send(self._document, fit=False)

    def _stored(self, geometry: str) -> str:
        """A drawn geometry as WGS-84."""
        if self._datum is Datum.WGS84:
            return geometry
        return json.dumps(moved(json.loads(geometry), self._datum, back=True), separators=(",", ":"))

    def _on_record(self, message: Heard) -> None:
        name = self._slots.name(message.slot)
        # The record may have gone while the message was on its way.
        if name is None:
            return
        record, key = name
        match message.event:
            case "picked":
                self.picked.emit(record, key)
            case "asked":
                self.asked.emit(record, key)
            case "acted":
                self.acted.emit(record, key, message.action)
            case "edited":
                self.edited.emit(record, key, self._stored(message.geometry))
            case "split" if record == FEATURE:
                self.cut.emit(key, self._stored(message.geometry), self._stored(message.rest))
