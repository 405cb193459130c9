"""What can be drawn on the map, and the row of buttons for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from stationdesk.core.messages import _
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.theme import Look

LINE, AREA, POINT = "LineString", "Polygon", "Point"


@dataclass(frozen=True, slots=True)
class Pen:
    """One thing to draw: the kind of drawing it becomes and the GeoJSON geometry it consists of."""

    name: str
    kind: FeatureKind
    geometry: str

    @property
    def label(self) -> str:
        """What it is called."""
        special = {"river": _("河流"), "pond": _("水塘"), RANGE: _("村民组范围")}
        return special.get(self.name) or _(self.kind.label)

    @property
    def example(self) -> str:
        """A name such as these have."""
        return {
            "main_road": _("例：柳河大道"),
            "lane": _("例：祠堂巷"),
            "river": _("例：柳河"),
            "pond": _("例：门口塘"),
            RANGE: _("例：三组"),
            "area": _("例：老街片区"),
            "place": _("例：柳河村村委会"),
            "sight": _("例：古樟树"),
        }[self.name]


RANGE = "range"
"""The pen that draws the range of a villagers' group."""

PENS = (
    Pen("main_road", FeatureKind.MAIN_ROAD, LINE),
    Pen("lane", FeatureKind.LANE, LINE),
    Pen("river", FeatureKind.RIVER, LINE),
    Pen("pond", FeatureKind.RIVER, AREA),
    Pen(RANGE, FeatureKind.AREA, AREA),
    Pen("area", FeatureKind.AREA, AREA),
    Pen("place", FeatureKind.PLACE, POINT),
    Pen("sight", FeatureKind.SIGHT, POINT),
)


def pen_of(name: str) -> Pen:
    """The pen of a name."""
    return next(pen for pen in PENS if pen.name == name)


def pen_for(kind: FeatureKind, geometry: str) -> Pen:
    """The pen that a kept drawing was made with; `geometry` is GeoJSON."""
    shape = str(json.loads(geometry)["type"]).removeprefix("Multi")
    fitting = [pen for pen in PENS if pen.kind is kind and pen.name != RANGE]
    return next((pen for pen in fitting if pen.geometry == shape), fitting[0])


class PenRow(QWidget):
    """The buttons over the map, one for each pen."""

    wanted = Signal(object)
    """A `Pen`."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, 6)
        label = QLabel(_("画："), self)
        label.setProperty("look", "field")
        label.setMinimumHeight(look.pixels(33))
        self._flow.addWidget(label)
        self._buttons: dict[str, QPushButton] = {}
        for pen in PENS:
            button = QPushButton(pen.label, self)
            button.setObjectName(f"map_draw_{pen.name}")
            button.setAccessibleName(_("画{kind}").format(kind=pen.label))
            button.setCheckable(True)
            button.setProperty("look", "chip")
            button.clicked.connect(partial(self._want, pen))
            self._flow.addWidget(button)
            self._buttons[pen.name] = button

    def add(self, button: QPushButton) -> None:
        """One more button at the end."""
        self._flow.addWidget(button)

    def show_pen(self, pen: Pen | None) -> None:
        """Show which one is in hand."""
        for name, button in self._buttons.items():
            button.setChecked(pen is not None and pen.name == name)

    def _want(self, pen: Pen, _on: bool = False) -> None:
        self.show_pen(None)  # not before the map has taken it up
        self.wanted.emit(pen)
