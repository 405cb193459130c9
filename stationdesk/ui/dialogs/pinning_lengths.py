"""示意图: a picture of which no place is known is laid by paced or guessed lengths, and an arrow to the north."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.services import pinning
from stationdesk.services.pinning import Length, Paced, PacedJudgement, PinnedBase, Scan
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.pinning_frame import PictureDialog
from stationdesk.ui.dialogs.pinning_marks import Dot, Line, Tone
from stationdesk.ui.forms.choices import Combo

_UNITS = ("步", "米")
_MOST = 99_999.0


class LengthsDialog(PictureDialog):
    """The picture on the left; on the right the lengths that were paced between two of its points."""

    def __init__(
        self, desk: Desk, scan: Scan, *, base: PinnedBase | None = None, parent: QWidget | None = None
    ) -> None:
        title = _("量距离做示意图：{name}") if base is None else _("改距离：{name}")
        name = base.name if base is not None else scan.name
        super().__init__(desk, scan, "lengths", title.format(name=name), name, base, parent)
        paced = base.recipe if base is not None and isinstance(base.recipe, Paced) else Paced(())
        self._at = paced.at
        self._lengths = list(paced.lengths)
        self._north = paced.north
        self._first: tuple[float, float] | None = None
        self._dots: tuple[Dot, ...] = ()
        self._draws_north = False
        self._current: int | None = None
        self._judged: PacedJudgement | None = None
        self.lead.setText(
            _(
                "没有坐标也能用：在左边图上先后点两处（如村口和小桥），再填走过去是多少步或多少米。量两三段更准。"
                "这样做的图叫示意图，照样可以标地点、打印、编索引；以后知道三处真实坐标，可以整张换过去。"
            )
        )
        self._table = self._make_table()
        self._pace = self._number("lengths_pace", _("一步多少米"), paced.pace, 0.1, 3.0, 2)
        self._pace.valueChanged.connect(lambda _value: self._draw())
        self.side.addWidget(self._table, 1)
        self.side.addWidget(self._make_entry())
        self.side.addLayout(self._make_row())
        self.picture.pointed.connect(self._pointed)
        self.picture.moved.connect(self._moved)
        self.picture.touched.connect(self._touched)
        self.picture.removed.connect(self.remove_length)
        self._draw()
        self.begun = self.recipe()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 4, self)
        table.setObjectName("lengths_list")
        table.setAccessibleName(_("量的距离"))
        table.setHorizontalHeaderLabels([_("段"), _("量的"), _("合米"), _("差（米）")])
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(self.desk.look.pixels(28))
        across = table.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.currentCellChanged.connect(lambda row, *_rest: self._choose(row))
        return table

    def _make_entry(self) -> QFrame:
        box = QFrame(self)
        box.setProperty("look", "inner")
        self._asked = QLabel(box)
        self._asked.setObjectName("lengths_asked")
        self._asked.setWordWrap(True)
        self.amount = self._number("lengths_amount", _("这一段有多长"), 0.0, 0.0, _MOST, 0)
        self._unit = Combo(self.desk.look, box)
        self._unit.setObjectName("lengths_unit")
        self._unit.setAccessibleName(_("单位"))
        for each in _UNITS:
            self._unit.addItem(_(each))
        self._set = self.make_button(_("填上"), "check", "lengths_set", self._set_amount)
        self.amount.lineEdit().returnPressed.connect(self._set_amount)
        row = QHBoxLayout()
        row.addWidget(self.amount, 1)
        row.addWidget(self._unit)
        row.addWidget(self._set)
        column = QVBoxLayout(box)
        column.addWidget(self._asked)
        column.addLayout(row)
        return box

    def _make_row(self) -> QHBoxLayout:
        self._arrow = self.make_button(_("画指北箭头"), "target", "lengths_north", self._begin_north)
        self._arrow.setCheckable(True)
        self._remove = self.make_button(_("去掉这一段"), "trash", "lengths_remove", self.remove_length)
        row = QHBoxLayout()
        row.addWidget(QLabel(_("一步"), self))
        row.addWidget(self._pace)
        row.addWidget(QLabel(_("米"), self))
        row.addStretch(1)
        row.addWidget(self._arrow)
        row.addWidget(self._remove)
        return row

    def _number(
        self, name: str, words: str, value: float, low: float, high: float, digits: int
    ) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setObjectName(name)
        box.setAccessibleName(words)
        box.setDecimals(digits)
        box.setRange(low, high)
        box.setSingleStep(10**-digits * (5 if digits else 10))
        box.setValue(value)
        return box

    # What people do

    def _pointed(self, x: float, y: float) -> None:
        if self._first is None:
            self._first = (x, y)
        elif self._draws_north:
            self._north = (*self._first, x, y)
            self._first, self._draws_north = None, False
        else:
            self._lengths.append(Length(*self._first, x, y, 0.0, in_paces=self._unit.currentIndex() == 0))
            self._first, self._current = None, len(self._lengths) - 1
            self._ask()
        self._draw()

    def _ask(self) -> None:
        self.amount.setFocus()
        self.amount.selectAll()

    def _moved(self, place: int, x: float, y: float) -> None:
        if place < 2 * len(self._lengths):
            self._current = place // 2
            length = self._lengths[self._current]
            ends = {"x1": x, "y1": y} if place % 2 == 0 else {"x2": x, "y2": y}
            self._lengths[self._current] = replace(length, **ends)  # type: ignore[arg-type]  # floats by name
        elif self._north is not None and place < 2 * len(self._lengths) + 2:
            x1, y1, x2, y2 = self._north
            self._north = (x, y, x2, y2) if place % 2 == 0 else (x1, y1, x, y)
        self._draw()

    def _touched(self, place: int) -> None:
        """A length may begin or end where another does."""
        dot = self._dots[place]
        self._pointed(dot.x, dot.y)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._lengths) and row != self._current:
            self._current = row
            length = self._lengths[row]
            self.amount.setValue(length.amount)
            self._unit.setCurrentIndex(0 if length.in_paces else 1)
            self._draw()

    def _set_amount(self) -> None:
        if self._current is None:
            self.say(_("先在左边的图上先后点两处，再填它们相距多少。"))
            return
        in_paces = self._unit.currentIndex() == 0
        self._lengths[self._current] = replace(
            self._lengths[self._current], amount=self.amount.value(), in_paces=in_paces
        )
        self._draw()
        self.picture.setFocus()

    def _begin_north(self) -> None:
        self._draws_north = self._arrow.isChecked()
        self._first = None
        self._draw()
        self.picture.setFocus()

    def remove_length(self) -> None:
        """Take the chosen length away; without one, the arrow."""
        if self._current is not None and self._lengths:
            del self._lengths[self._current]
            self._current = min(self._current, len(self._lengths) - 1) if self._lengths else None
        else:
            self._north = None
        self._first = None
        self._draw()

    # What is seen

    @override
    def recipe(self) -> Paced:
        return Paced(tuple(self._lengths), self._pace.value(), self._north, self._at)

    def _draw(self) -> None:
        self._judged = self._judge()
        self._fill()
        self._mark()
        self._remove.setEnabled(bool(self._lengths) or self._north is not None)
        self._arrow.setChecked(self._draws_north)
        self.amount.setEnabled(self._current is not None)
        self._set.setEnabled(self._current is not None)
        self.done_button.setEnabled(self._judged is not None)
        if self._draws_north:
            words = _("指北：先点箭尾，再点箭头（北）。")
        elif self._first is not None:
            words = _("再点第二处。")
        elif self._current is not None:
            words = _("第 {number} 段有多长？").format(number=self._current + 1)
        else:
            words = _("先在图上点两处。")
        self._asked.setText(words)

    def _judge(self) -> PacedJudgement | None:
        try:
            judged = pinning.judge_paced(self.scan.size, self.recipe())
        except UserError as error:
            self.tell([str(error)], wrong=bool(self._lengths) and all(each.amount for each in self._lengths))
            return None
        self.tell(judged.sentences, wrong=judged.wrong is not None)
        return judged

    def _fill(self) -> None:
        self._table.blockSignals(True)
        self._table.setRowCount(len(self._lengths))
        pace = self._pace.value()
        for row, length in enumerate(self._lengths):
            told = (
                f"{length.amount:,.0f} {_(_UNITS[0] if length.in_paces else _UNITS[1])}"
                if length.amount
                else "？"
            )
            miss = f"{self._judged.misses[row]:+,.0f}" if self._judged is not None else ""
            metres = f"{length.metres(pace):,.0f}" if length.amount else ""
            for column, words in enumerate((str(row + 1), told, metres, miss)):
                item = QTableWidgetItem(words)
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self._table.setItem(row, column, item)
        if self._current is not None:
            self._table.setCurrentCell(self._current, 0)
        self._table.blockSignals(False)

    def _mark(self) -> None:
        dots: list[Dot] = []
        lines: list[Line] = []
        for place, each in enumerate(self._lengths):
            tone = Tone.CHOSEN if place == self._current else Tone.PLAIN
            tone = Tone.WAITING if not each.amount else tone
            unit = _(_UNITS[0] if each.in_paces else _UNITS[1])
            words = f"{place + 1}：{each.amount:,.0f} {unit}" if each.amount else str(place + 1)
            dots += [Dot(each.x1, each.y1, "", tone), Dot(each.x2, each.y2, "", tone)]
            lines.append(Line(each.x1, each.y1, each.x2, each.y2, words, tone))
        if self._north is not None:
            x1, y1, x2, y2 = self._north
            dots += [Dot(x1, y1, "", Tone.PLAIN), Dot(x2, y2, _("北"), Tone.PLAIN)]
            lines.append(Line(x1, y1, x2, y2, "", Tone.PLAIN, arrow=True))
        if self._first is not None:
            dots.append(Dot(*self._first, "", Tone.WAITING))
        self._dots = tuple(dots)
        self.picture.show_marks(dots, lines)
