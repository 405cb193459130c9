"""Typing or pasting a coordinate. Its datum is not in the text and lies up to 700 m off, so it is asked."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.datum import CoordinateError, Position, mistaken_datum, parse_coordinate, to_wgs84
from stationdesk.core.messages import _
from stationdesk.core.vocab import Datum, DatumOrigin
from stationdesk.ui.theme import Look


@dataclass(frozen=True, slots=True)
class GivenPlace:
    """A place as it was given: the WGS-84 position, and the text and datum it came with."""

    position: Position
    text: str
    datum: Datum
    origin: DatumOrigin


def doubt_of(given: tuple[float, float], chosen: Datum, known: tuple[float, float] | None) -> str:
    """What speaks for another datum than the chosen one, in a sentence; empty where nothing does."""
    mistaken = mistaken_datum(given, chosen, known) if known is not None else None
    if mistaken is None:
        return ""
    datum, far, near = mistaken
    return _("离原来的位置 {far:,.0f} 米；按 {datum} 只差 {near:,.0f} 米，坐标系多半选错了。").format(
        far=far, near=near, datum=_(datum.label)
    )


class CoordinatesDialog(QDialog):
    """Reads one coordinate in any usual way of writing and shows what it becomes."""

    given = Signal(object)
    """A `GivenPlace`."""

    def __init__(self, look: Look, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: tuple[float, float] | None = None
        self._place: GivenPlace | None = None
        self._pasted = bool(text)
        self.setObjectName("coordinates_dialog")
        self.setWindowTitle(_("填坐标"))
        self.setMinimumWidth(look.pixels(460))
        self._text = QLineEdit(text, self)
        self._text.setObjectName("coordinates_text")
        self._text.setAccessibleName(_("坐标"))
        self._text.setPlaceholderText(_("如 34.7912, 114.3074 或 北纬34°47′24″ 东经114°18′"))
        self._datums = QButtonGroup(self)
        self._remark = QLabel(self)
        self._remark.setObjectName("coordinates_remark")
        self._remark.setWordWrap(True)
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self._ok = QPushButton(_("用这个位置"), self)
        self._ok.setObjectName("coordinates_ok")
        self._ok.setAccessibleName(_("用这个位置"))
        self._ok.setProperty("look", "primary")
        self._ok.setDefault(True)
        self._ok.clicked.connect(self._give)
        leave = QPushButton(_("取消"), self)
        leave.setObjectName("coordinates_cancel")
        leave.setAccessibleName(_("取消"))
        leave.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addWidget(QLabel(_("坐标（纬度和经度）"), self))
        column.addWidget(self._text)
        column.addWidget(QLabel(_("这个坐标是从哪里来的？选错会偏几百米。"), self))
        for place, datum in enumerate(Datum):
            choice = QRadioButton(_(datum.label), self)
            choice.setObjectName(f"coordinates_{datum.value}")
            choice.setAccessibleName(_(datum.label))
            self._datums.addButton(choice, place)
            column.addWidget(choice)
        column.addWidget(self._remark)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self._ok)
        column.addLayout(buttons)
        self._text.textChanged.connect(self._read)
        self._datums.idClicked.connect(self._read)
        self._read()

    def know(self, place: tuple[float, float]) -> None:
        """Where the thing is on file: a coordinate a shift away from it is said to be in another datum."""
        self._known = place
        self._read()

    def _read(self) -> None:
        self._place = None
        chosen = self._datums.checkedId()
        text = self._text.text().strip()
        how, words = "small", ""
        if text:
            try:
                position = parse_coordinate(text)
            except CoordinateError as error:
                how, words = "problem", str(error)
            else:
                if chosen < 0:
                    words = _("读到 {lat:.6f}, {lon:.6f}；请选坐标来源").format(
                        lat=position.lat, lon=position.lon
                    )
                else:
                    datum = tuple(Datum)[chosen]
                    exact = to_wgs84(position.lat, position.lon, datum)
                    origin = DatumOrigin.PASTED if self._pasted else DatumOrigin.TYPED
                    self._place = GivenPlace(exact, text, datum, origin)
                    how = "good"
                    words = _("将存为 WGS-84：{lat:.6f}, {lon:.6f}").format(lat=exact.lat, lon=exact.lon)
                    if doubt := doubt_of(position, datum, self._known):
                        how, words = "problem", f"{words}\n{doubt}"
        self._remark.setText(words)
        self._remark.setProperty("look", how)
        self._remark.style().unpolish(self._remark)
        self._remark.style().polish(self._remark)
        self._ok.setEnabled(self._place is not None)

    def _give(self) -> None:
        if self._place is not None:
            self.given.emit(self._place)
            self.accept()
