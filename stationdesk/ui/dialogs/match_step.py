"""A step of a match that asks for something: why it came to nothing, what the client says."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Value, Values
from stationdesk.core.messages import _
from stationdesk.core.vocab import MatchState
from stationdesk.db.models import Match, fields_of
from stationdesk.ui.forms import Kit, Unreadable
from stationdesk.ui.forms.box import FieldBox
from stationdesk.ui.notices import Bar, Weight

ASKED: Mapping[MatchState, tuple[str, ...]] = {
    MatchState.DONE: ("done_on", "content", "people", "instances", "amount", "in_money"),
    MatchState.CONFIRMED: ("client_words", "satisfaction", "confirmed_on"),
    MatchState.FAILED: ("reason", "retry_on"),
    MatchState.WITHDRAWN: ("reason",),
}
"""What is asked on the way to a state; the other states ask nothing."""

_TALL = 80


def words_for(state: MatchState) -> str:
    """What the button says that leads to a state."""
    return {
        MatchState.PLANNED: _("拟对接"),
        MatchState.CONTACTED: _("标为已联系"),
        MatchState.SERVING: _("标为服务中"),
        MatchState.DONE: _("标为已完成"),
        MatchState.CONFIRMED: _("记回访确认…"),
        MatchState.FAILED: _("未成…"),
        MatchState.WITHDRAWN: _("撤回…"),
    }[state]


def _lead(state: MatchState) -> str:
    return {
        MatchState.DONE: _("提供了什么、惠及多少人，月报表要用；现在不清楚的可以以后补。"),
        MatchState.CONFIRMED: _("向服务对象本人或家人核实，把他们的原话写下来。"),
        MatchState.FAILED: _("写明为什么没有成。填了“可再问日期”的，到那天以前不再推荐这项资源。"),
        MatchState.WITHDRAWN: _("写明为什么撤回。"),
    }.get(state, "")


class MatchStepDialog(QDialog):
    """Asks for what a step needs. It stays open until the step is taken, so that nothing typed is lost."""

    given = Signal(object, object)
    """The `MatchState` and the values that go with it; answer with `accept` or `refuse`."""

    def __init__(self, state: MatchState, values: Values, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("match_step")
        self.setWindowTitle(_(state.label))
        self.setMinimumWidth(kit.look.pixels(520))
        told = {each.key: each for each in fields_of(Match)}
        self.boxes = {name: FieldBox(told[name], kit, self) for name in ASKED.get(state, ())}
        self.refusal = Bar(kit.look, self, "match_step_refusal")
        self.refusal.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(8)
        lead = QLabel(_lead(state), self)
        lead.setProperty("look", "muted")
        lead.setWordWrap(True)
        column.addWidget(lead)
        for name, box in self.boxes.items():
            box.editor.show_value(_start(told[name], values, kit))
            if box.editor.tall:
                box.editor.main.setMinimumHeight(kit.look.pixels(_TALL))
            column.addWidget(box)
        if state.needs_reason or state.needs_client_word:
            next(iter(self.boxes.values())).set_required(required=True)
        column.addWidget(self.refusal)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        leave = QPushButton(_("取消"), self)
        leave.setObjectName("match_step_cancel")
        leave.setAccessibleName(_("取消"))
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        self._take = QPushButton(_("记为“{state}”").format(state=_(state.label)), self)
        self._take.setObjectName("match_step_accept")
        self._take.setAccessibleName(self._take.text())
        self._take.setProperty("look", "primary")
        self._take.setDefault(True)
        self._take.clicked.connect(self._give)
        buttons.addWidget(leave)
        buttons.addWidget(self._take)
        column.addLayout(buttons)
        next(iter(self.boxes.values())).editor.main.setFocus()

    def refuse(self, error: UserError) -> None:
        """Say why the step was not taken; everything stays as it was typed."""
        self._take.setEnabled(True)
        self.refusal.say(str(error), Weight.BAD)

    def _give(self) -> None:
        self.refusal.hide()
        values: dict[str, Value] = {}
        for name, box in self.boxes.items():
            try:
                values[name] = box.editor.value()
                box.set_problem("")
            except Unreadable as problem:
                box.set_problem(str(problem))
                return
        required = self.state.needs_reason or self.state.needs_client_word
        first = next(iter(self.boxes))
        if required and not values[first]:
            box = self.boxes[first]
            box.set_problem(_("请填“{field}”").format(field=_(box.field.label)))
            box.editor.main.setFocus()
            return
        self._take.setEnabled(False)
        self.given.emit(self.state, values)


def _start(field: Field, values: Values, kit: Kit) -> Value:
    stored = values.get(field.key)
    if stored is None and field.key in {"done_on", "confirmed_on"}:
        return kit.today()
    return stored
