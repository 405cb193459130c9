"""Where a typed or pasted coordinate goes in: nothing is stored before its datum is told."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from stationdesk.core.datum import parse_coordinate
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Values
from stationdesk.core.messages import _
from stationdesk.core.vocab import Datum, DatumOrigin
from stationdesk.services.places import located_values
from stationdesk.ui.dialogs.coordinates import doubt_of
from stationdesk.ui.forms.box import LABEL_WIDTH
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.theme import Look

_PASTED = 2
"""So many characters at once are pasted, not typed."""


class PlaceEntry(QWidget):
    """A line for the pair of numbers as it was met, and the datum it is in; tells the place in WGS-84."""

    located = Signal(object)
    """The values of a place, beside the text and the datum they came with; None each where it was cleared."""

    def __init__(self, record: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._origin = DatumOrigin.TYPED
        self._length = 0
        self._known: tuple[float, float] | None = None
        self.setProperty("look", "clear")
        label = QLabel(_("填坐标"), self)
        label.setProperty("look", "field")
        label.setFixedWidth(look.pixels(LABEL_WIDTH))
        self.line = QLineEdit(self)
        self.line.setObjectName(f"{record}_coordinate")
        self.line.setAccessibleName(_("填坐标"))
        self.line.setPlaceholderText(_("粘贴或填写：30.2801, 109.4862"))
        self.datum = Combo(look, self)
        self.datum.setObjectName(f"{record}_datum")
        self.datum.setAccessibleName(_("坐标系"))
        self.datum.addItem(_("哪种坐标？"))
        for each in Datum:
            self.datum.addItem(_(each.label))
        self.clear = QPushButton(_("清除位置"), self)
        self.clear.setObjectName(f"{record}_clear_place")
        self.clear.setAccessibleName(_("清除位置"))
        self.clear.setProperty("look", "quiet")
        look.set_icon(self.clear, "x", "muted")
        self._remark = QLabel(self)
        self._remark.setObjectName(f"{record}_coordinate_remark")
        self._remark.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.datum, 1)
        row.addWidget(self.clear)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        label.setAlignment(label.alignment().AlignRight | label.alignment().AlignVCenter)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.line, 0, 1)
        grid.addLayout(row, 1, 1)
        grid.addWidget(self._remark, 2, 1)
        grid.setColumnStretch(1, 1)
        self.line.textEdited.connect(self._edit)
        self.datum.activated.connect(lambda _row: self._read())
        self.clear.clicked.connect(lambda _on: self._clear_place())

    def keep(self, editor: QWidget) -> None:
        """Take an editor of a stored angle: it shows the WGS-84 value and is filled from here only."""
        if isinstance(editor, QLineEdit):
            editor.setReadOnly(True)
            editor.setPlaceholderText(_("由上面的坐标或地图填写"))

    def show_place(self, values: Values) -> None:
        """Show how the place of a record came in."""
        self.line.clear()
        self._length = 0
        self.datum.setCurrentIndex(0)
        placed = values.get("latitude") is not None
        lat, lon = values.get("latitude"), values.get("longitude")
        self._known = (lat, lon) if isinstance(lat, float) and isinstance(lon, float) else None
        self.clear.setVisible(placed)
        datum, text = values.get("place_datum"), values.get("place_text")
        if placed and isinstance(datum, Datum) and text:
            origin = values.get("place_origin")
            how = _(origin.label) if isinstance(origin, DatumOrigin) else ""
            self._say(_("原坐标 {text} · {datum} · {how}").format(text=text, datum=_(datum.label), how=how))
        else:
            self._say("" if placed else _("还没有位置。可以在这里填坐标，或到地图上点一下。"))

    def _edit(self, text: str) -> None:
        self._origin = DatumOrigin.PASTED if len(text) - self._length >= _PASTED else self._origin
        if not text:
            self._origin = DatumOrigin.TYPED
        self._length = len(text)
        self._read()

    def _read(self) -> None:
        text = self.line.text().strip()
        if not text:
            self._say("")
            return
        try:
            found = parse_coordinate(text)
        except UserError as problem:
            self._say(str(problem), "problem")
            return
        if self.datum.currentIndex() < 1:
            self._say(
                _("这是哪种坐标？高德、腾讯是 GCJ-02，百度是 BD-09，手机定位多是 WGS-84。选好才会填入。"),
                "problem",
            )
            return
        datum = list(Datum)[self.datum.currentIndex() - 1]
        values = located_values(found.lat, found.lon, datum, text, self._origin)
        self.located.emit(values)
        words = _("已换算为 WGS-84：{lat}, {lon}，保存后生效。").format(
            lat=f"{values['latitude']:.6f}", lon=f"{values['longitude']:.6f}"
        )
        doubt = doubt_of(found, datum, self._known)
        self._say(f"{words}\n{doubt}" if doubt else words, "problem" if doubt else "good")

    def _clear_place(self) -> None:
        names = ("latitude", "longitude", "precision", "place_datum", "place_text", "place_origin")
        self.located.emit(dict.fromkeys(names))
        self.line.clear()
        self._length = 0
        self._say(_("位置已清空，保存后生效。"))

    def _say(self, text: str, how: str = "small") -> None:
        self._remark.setText(text)
        self._remark.setVisible(bool(text))
        self._remark.setProperty("look", how)
        self._remark.style().unpolish(self._remark)
        self._remark.style().polish(self._remark)
