"""钉扫描图: a scan or photo of a map is pinned by three or more points; says how well they agree, and which to move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.services import pinning
from stationdesk.services.pinning import ByPins, Judgement, Pin, PinMethod, PinnedBase, Scan
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.pinning_frame import PictureDialog
from stationdesk.ui.dialogs.pinning_marks import Dot, Line, Tone
from stationdesk.ui.dialogs.pinning_places import MAP, PinPlaces
from stationdesk.ui.forms.choices import Combo

_ROW, _ROWS = 27, 4
"""Pixels of a row at 11 points, and rows that are seen: the map needs the room."""
_METHODS: tuple[PinMethod | None, ...] = (None, PinMethod.AFFINE, PinMethod.SPLINE)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A pin that may still lack its place."""

    x: float
    y: float
    place: tuple[float, float] | None = None
    name: str = ""

    @property
    def words(self) -> str:
        """Its place, as it is read in the list."""
        if self.place is None:
            return _("请在右边给出这一点的地方")
        return self.name or f"{self.place[0]:.5f}, {self.place[1]:.5f}"


class PinDialog(PictureDialog):
    """The picture on the left, the ways to tell a place and the list of pins on the right."""

    sketch_wanted = Signal()
    """No place is known: lay the picture by paced lengths instead."""

    def __init__(
        self,
        desk: Desk,
        scan: Scan,
        *,
        base: PinnedBase | None = None,
        sketch: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        title = _("钉扫描图：{name}") if base is None else _("改钉点：{name}")
        name = base.name if base is not None else scan.name
        super().__init__(desk, scan, "pinning", title.format(name=name), name, base, parent)
        self._drafts: list[_Draft] = []
        self._current: int | None = None
        self._judged: Judgement | None = None
        self.places = PinPlaces(desk, sketch=sketch, parent=self)
        self._table = self._make_table()
        self._method = self._make_method()
        self._remove = self._button(_("去掉这一点"), "trash", "pinning_remove", self.remove_pin)
        self._unknown = self._button(_("一个坐标也不知道…"), "walk", "pinning_unknown", self._go_without)
        self._unknown.setVisible(base is None)
        self.lead.setText(
            _(
                "先在左边的图上点一处认得的地方（路口、桥、村委会），再在右边给出它在哪里。至少三处，分散在图的四周。"
            )
        )
        row = QHBoxLayout()
        row.addWidget(QLabel(_("方法"), self))
        row.addWidget(self._method, 1)
        row.addWidget(self._remove)
        self.side.addWidget(self.places, 1)
        self.side.addWidget(self._table)
        self.side.addLayout(row)
        self.foot.insertWidget(0, self._unknown)
        self.picture.pointed.connect(self._pointed)
        self.picture.moved.connect(self._moved)
        self.picture.taken.connect(self._choose)
        self.picture.removed.connect(self.remove_pin)
        self.places.given.connect(self._given)
        self._start(base)
        self._draw()
        self.begun = self.recipe()
        # Before the window is seen: a web view that comes later makes Qt build the whole window anew.
        self.places.show_way(MAP)

    def _start(self, base: PinnedBase | None) -> None:
        if base is None or not isinstance(base.recipe, ByPins):
            return
        self._drafts = [_Draft(pin.x, pin.y, (pin.lat, pin.lon), pin.name) for pin in base.recipe.pins]
        self._method.setCurrentIndex(_METHODS.index(base.recipe.method))

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 4, self)
        table.setObjectName("pinning_list")
        table.setAccessibleName(_("钉点"))
        table.setHorizontalHeaderLabels([_("点"), _("地方"), _("差（米）"), _("核对（米）")])
        told = _("核对：不用这一点、只用其余的点来放图，这一点会差多少米")
        for column, words in ((2, _("放好以后，这一点还差多少米")), (3, told)):
            item = table.horizontalHeaderItem(column)
            if item is not None:
                item.setToolTip(words)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(self.desk.look.pixels(_ROW))
        table.setFixedHeight(self.desk.look.pixels(_ROW * (_ROWS + 1) + 12))
        across = table.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for section, width in ((0, 44), (2, 90), (3, 100)):
            table.setColumnWidth(section, self.desk.look.pixels(width))
        table.cellClicked.connect(lambda row, _column: self._choose(row))
        table.currentCellChanged.connect(lambda row, *_rest: self._choose(row))
        return table

    def _make_method(self) -> QComboBox:
        method = Combo(self.desk.look, self)
        method.setObjectName("pinning_method")
        method.setAccessibleName(_("方法"))
        method.addItem(_("自动（用误差小的）"))
        for each in _METHODS[1:]:
            method.addItem(_(each.label) if each is not None else "")
        method.setToolTip(_("整张拉正：图按比例时最稳。逐点贴合：手绘、比例不匀的图，要六个点。"))
        method.activated.connect(lambda _row: self._draw())
        return method

    def _button(self, words: str, icon: str, name: str, slot: Callable[[], object]) -> QPushButton:
        return self.make_button(words, icon, name, slot)

    # What people do

    def _pointed(self, x: float, y: float) -> None:
        waiting = next((n for n, draft in enumerate(self._drafts) if draft.place is None), None)
        if waiting is not None:
            self._drafts[waiting] = replace(self._drafts[waiting], x=x, y=y)
            self._current = waiting
        else:
            self._drafts.append(_Draft(x, y))
            self._current = len(self._drafts) - 1
        self._draw()
        self.places.ask(self._current + 1)

    def _moved(self, place: int, x: float, y: float) -> None:
        if place < len(self._drafts):
            self._drafts[place] = replace(self._drafts[place], x=x, y=y)
            self._current = place
            self._draw()

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._drafts) and place != self._current:
            self._current = place
            draft = self._drafts[place]
            self.picture.centre_on(draft.x, draft.y)
            self._draw()
            self.places.ask(place + 1 if draft.place is None else 0)

    def _given(self, lat: float, lon: float, name: str) -> None:
        if self._current is None:
            self.say(_("先在左边的图上点一处，再给出它的地方。"))
            return
        self._drafts[self._current] = replace(self._drafts[self._current], place=(lat, lon), name=name)
        self.places.ask(0)
        self._draw()
        self.picture.setFocus()

    def remove_pin(self) -> None:
        """Take the chosen pin away."""
        if self._current is None:
            return
        del self._drafts[self._current]
        self._current = min(self._current, len(self._drafts) - 1) if self._drafts else None
        self.places.ask(0)
        self._draw()

    def _go_without(self) -> None:
        self.sketch_wanted.emit()
        self.leave()

    # What is seen

    @property
    def _pins(self) -> tuple[Pin, ...]:
        return tuple(
            Pin(draft.x, draft.y, *draft.place, draft.name)
            for draft in self._drafts
            if draft.place is not None
        )

    def _draw(self) -> None:
        self._judged = self._judge()
        self._fill()
        self._mark()
        self.places.show_pins(self._pins)
        self._remove.setEnabled(self._current is not None)
        self.done_button.setEnabled(self._judged is not None)

    def _judge(self) -> Judgement | None:
        pins = self._pins
        if len(pins) < pinning.FEWEST:
            left = pinning.FEWEST - len(pins)
            self.tell([_("还差 {count} 个点。").format(count=left)])
            return None
        try:
            judged = pinning.judge(self.scan.size, pins, _METHODS[self._method.currentIndex()])
        except UserError as error:
            self.tell([str(error)], wrong=True)
            return None
        self.tell(judged.sentences, wrong=judged.wrong is not None)
        return judged

    def _fill(self) -> None:
        judged = self._judged
        self._table.blockSignals(True)
        self._table.setRowCount(len(self._drafts))
        number = 0
        for row, draft in enumerate(self._drafts):
            error = miss = ""
            if draft.place is not None and judged is not None:
                error = f"{judged.errors[number]:,.1f}"
                found = judged.misses[number]
                miss = f"{found.metres:,.1f}" if found is not None else "—"
            number += draft.place is not None
            for column, words in enumerate((str(row + 1), draft.words, error, miss)):
                item = QTableWidgetItem(words)
                if column != 1:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(row, column, item)
        if self._current is not None:
            self._table.setCurrentCell(self._current, 0)
        self._table.blockSignals(False)

    def _mark(self) -> None:
        dots: list[Dot] = []
        lines: list[Line] = []
        for place, draft in enumerate(self._drafts):
            tone = Tone.CHOSEN if place == self._current else Tone.PLAIN
            tone = Tone.WAITING if draft.place is None else tone
            words = f"{place + 1} {draft.name}".rstrip()
            dots.append(Dot(draft.x, draft.y, words, tone))
        wrong = self._judged.wrong if self._judged is not None else None
        if wrong is not None:
            draft = self._drafts[wrong.number - 1]
            words = _("第 {number} 点应在这里").format(number=wrong.number)
            dots.append(Dot(wrong.column, wrong.row, words, Tone.SHOULD))
            lines.append(Line(draft.x, draft.y, wrong.column, wrong.row, "", Tone.SHOULD))
        self.picture.show_marks(dots, lines)

    @override
    def recipe(self) -> ByPins:
        return ByPins(self._pins, _METHODS[self._method.currentIndex()])
