"""示意图换成真实坐标: which places of a sketch are known for real, how well they agree, and the move of everything."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services import pinning, reality, sketch
from stationdesk.services.pinning import KnownPlace
from stationdesk.services.reality import Anchor, Move, MovePlan
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.pinning_places import Names, Numbers
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.status import TaskRow
from stationdesk.ui.tasks import Ticket, alive
from stationdesk.ui.theme import Role

_WIDTH, _HEIGHT = 980, 600


class SketchBar(Bar):
    """Says over the list of base maps that the station works on a sketch, and what may be done about it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.look, parent, "sketch_bar")
        self._desk = desk
        move = self.add_button(_("换成真实坐标…"), "sketch_to_reality", primary=True)
        move.clicked.connect(lambda _on: RealityDialog(desk, parent).open())
        leave = self.add_button(_("不再用示意图"), "sketch_leave")
        leave.clicked.connect(lambda _on: self._leave())
        for button in (move, leave):
            button.setAutoDefault(False)
        self.hide()
        desk.changed.connect(self._follow)
        self._read()

    def _follow(self, changes: ChangeSet) -> None:
        if "station" in changes.records:
            self._read()

    def _read(self) -> None:
        self._desk.read(sketch.in_sketch, then=self._show, owner=self)

    def _show(self, on_sketch: bool) -> None:
        if on_sketch:
            words = _(
                "示意图模式：位置是量出来的，没有真实坐标。知道三处地方的真实坐标以后，可以整张换过去。"
            )
            self.say(words, Weight.WARN)
        self.setVisible(on_sketch)

    def _leave(self) -> None:
        self._desk.change(sketch.leave, then=lambda _changes: None, failed=self._refused, owner=self)

    def _refused(self, error: UserError) -> None:
        self.say(str(error), Weight.BAD)


@dataclass(frozen=True, slots=True)
class _Pair:
    place: KnownPlace
    real: tuple[float, float] | None = None


class RealityDialog(QDialog):
    """Places of the sketch on the left, their real coordinates on the right, and below how well they agree."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._pairs: list[_Pair] = []
        self._move: Move | None = None
        self._ticket: Ticket | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("reality_dialog")
        self.setWindowTitle(_("示意图换成真实坐标"))
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        self._names = Names(self)
        self._numbers = Numbers(desk, self)
        self._table = self._make_table()
        self._verdict = QLabel(self)
        self._verdict.setObjectName("reality_verdict")
        self._verdict.setWordWrap(True)
        self._verdict.setTextFormat(Qt.TextFormat.PlainText)
        self._remove = self._button(_("去掉这一处"), "trash", "reality_remove", self._take_away)
        self._done = self._button(_("整张换过去"), "check", "reality_save", self.make)
        self._build()
        self._names.chosen.connect(self._add)
        self._numbers.given.connect(self._give)
        desk.read(pinning.known_places, then=self._names.show_places, owner=self)
        self._draw()

    def _build(self) -> None:
        lead = QLabel(
            _(
                "先在左边选一处图上已有的地方，再在右边填它的真实坐标（手机定位或地图软件里抄来的）。至少三处，离得远些更准。"
                "换过去以后，地点、画的图形和底图一起移动，可以整个撤销。"
            ),
            self,
        )
        lead.setWordWrap(True)
        lead.setProperty("look", "muted")
        self._done.setProperty("look", "primary")
        self._desk.look.set_icon(self._done, "check", "on_accent")
        leave = self._button(_("取消"), "x", "reality_cancel", self.reject)
        right = QVBoxLayout()
        right.addWidget(self._numbers)
        right.addWidget(self._table, 1)
        right.addWidget(self._remove, 0, Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._names, 2)
        row.addLayout(right, 3)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(leave)
        foot.addWidget(self._done)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(lead)
        column.addLayout(row, 1)
        column.addWidget(self._verdict)
        column.addWidget(TaskRow(self._desk, self))
        column.addLayout(foot)

    def _button(self, words: str, icon: str, name: str, slot: object) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        self._desk.look.set_icon(button, icon)
        button.clicked.connect(slot)
        return button

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 3, self)
        table.setObjectName("reality_list")
        table.setAccessibleName(_("对照点"))
        table.setHorizontalHeaderLabels([_("地方"), _("真实坐标（WGS-84）"), _("差（米）")])
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        across = table.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        return table

    # What people do

    def _add(self, place: KnownPlace) -> None:
        keys = [(pair.place.record, pair.place.key) for pair in self._pairs]
        if (place.record, place.key) not in keys:
            self._pairs.append(_Pair(place))
            keys.append((place.record, place.key))
        self._draw(keys.index((place.record, place.key)))
        self._numbers.line.setFocus()

    def _give(self, lat: float, lon: float) -> None:
        row = self._table.currentRow()
        if not 0 <= row < len(self._pairs):
            self._say([_("先在左边选一处地方。")], wrong=True)
            return
        self._pairs[row] = _Pair(self._pairs[row].place, (lat, lon))
        self._draw(row)
        self._names.line.setFocus()

    def _take_away(self) -> None:
        row = self._table.currentRow()
        if 0 <= row < len(self._pairs):
            del self._pairs[row]
            self._draw(min(row, len(self._pairs) - 1))

    # What is seen

    def _draw(self, chosen: int = -1) -> None:
        self._move = self._judge()
        known = 0
        self._table.setRowCount(len(self._pairs))
        for row, pair in enumerate(self._pairs):
            error = ""
            if pair.real is not None:
                error = f"{self._move.errors[known]:,.1f}" if self._move is not None else ""
                known += 1
            at = f"{pair.real[0]:.6f}, {pair.real[1]:.6f}" if pair.real is not None else _("请在上面填坐标")
            for column, words in enumerate((pair.place.title, at, error)):
                self._table.setItem(row, column, QTableWidgetItem(words))
        if chosen >= 0:
            self._table.setCurrentCell(chosen, 0)
        self._remove.setEnabled(bool(self._pairs))
        self._done.setEnabled(self._move is not None)

    def _judge(self) -> Move | None:
        anchors = [
            Anchor(pair.place.lat, pair.place.lon, *pair.real, pair.place.title)
            for pair in self._pairs
            if pair.real is not None
        ]
        if len(anchors) < reality.FEWEST:
            self._say([_("还差 {count} 处真实坐标。").format(count=reality.FEWEST - len(anchors))])
            return None
        try:
            move = reality.judge_move(anchors)
        except UserError as error:
            self._say([str(error)], wrong=True)
            return None
        self._say(list(move.sentences), wrong=move.wrong is not None)
        return move

    def _say(self, sentences: list[str], *, wrong: bool = False) -> None:
        self._verdict.setText("\n".join(sentences))
        self._verdict.setProperty("look", "plain")
        self._verdict.setProperty("role", (Role.BAD if wrong else Role.IDLE).value)
        self._verdict.style().unpolish(self._verdict)
        self._verdict.style().polish(self._verdict)

    # The move

    def make(self) -> None:
        """Cut the base maps anew on the long lane, then move everything in one step."""
        move, desk = self._move, self._desk
        if move is None:
            return

        def prepare(store: Store, progress: Progress = SILENT) -> MovePlan:
            return reality.prepare(store, move, progress)

        def prepared(plan: MovePlan) -> None:
            if not alive(self):
                plan.discard()
                return
            desk.change(reality.keep, plan, then=self._kept, failed=self._refused, owner=self)

        self._done.setEnabled(False)
        self._ticket = desk.work(
            prepare, title=_("换成真实坐标"), then=prepared, failed=partial(_refuse, self), owner=desk
        )
        self._ticket.ended.connect(self._stopped)

    def _stopped(self) -> None:
        if alive(self) and self._ticket is not None and self._ticket.stopping:
            self._done.setEnabled(True)

    def _kept(self, changes: ChangeSet) -> None:
        self._desk.notify(_("{what}。按 Ctrl+Z 可以撤销。").format(what=changes.why))
        self.accept()

    def _refused(self, error: UserError) -> None:
        self._say([str(error)], wrong=True)
        self._done.setEnabled(True)


def _refuse(dialog: RealityDialog, error: UserError) -> None:
    if alive(dialog):
        dialog._refused(error)  # noqa: SLF001 - of this file
