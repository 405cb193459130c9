"""How a month stands: open, closed, opened again; closing it, opening it again, and what was corrected since."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.vocab.paperwork import MonthState
from stationdesk.services.ledgers.closing import Closing, close, corrections_of, reopen
from stationdesk.services.ledgers.corrections import Correction, listed
from stationdesk.services.ledgers.screen import Overview
from stationdesk.services.release import Override, PersonalNumber
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.plain_rows import PlainRowsDialog
from stationdesk.ui.dialogs.question import Question
from stationdesk.ui.dialogs.reason import ReasonDialog
from stationdesk.ui.notices import Weight


class MonthBar(QFrame):
    """One line under the month: its state in words, and what can be done about it."""

    told = Signal(str, object)
    """What became of closing or opening: a sentence and its `Weight`."""
    changed = Signal()
    """Another file is wanted: as handed in, or anew."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("month_bar")
        self._desk = desk
        self._state: Closing | None = None
        self._words = QLabel(self)
        self._words.setObjectName("month_state")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._anew = QCheckBox(_("按现在的资料重新生成（不是上报数）"), self)
        self._anew.setObjectName("month_anew")
        self._anew.setAccessibleName(_("按现在的资料重新生成"))
        self._anew.toggled.connect(lambda _on: self.changed.emit())
        self._corrections = self._button(_("更正…"), "month_corrections", "list")
        self._corrections.setToolTip(_("已结账月份上报以后改动了什么"))
        self._corrections.clicked.connect(lambda _on: self.show_corrections())
        self._reopen = self._button(_("重新打开…"), "month_reopen", "arrow-back-up")
        self._reopen.clicked.connect(lambda _on: self.ask_reopen())
        self._close = self._button(_("结账…"), "month_close", "lock")
        self._close.clicked.connect(lambda _on: self.ask_close())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._words, self._anew, self._corrections, self._reopen, self._close):
            row.addWidget(widget, 1 if widget is self._words else 0)
        self._follow(None, corrected=False)

    def _button(self, words: str, name: str, icon: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        self._desk.look.set_icon(button, icon)
        return button

    # What is shown

    @property
    def anew(self) -> bool:
        """Whether a closed month is wanted from the records of today."""
        return self.closed and self._anew.isChecked()

    @property
    def closed(self) -> bool:
        """Whether the month that is shown is closed."""
        return self._state is not None and self._state.is_closed

    def show_month(self, found: Overview) -> None:
        """Show how a month stands."""
        if self._state is None or self._state.month != found.month:
            self._anew.setChecked(False)
        self._follow(found.closing, corrected=bool(found.handed_in))

    def _follow(self, state: Closing | None, *, corrected: bool) -> None:
        self._state = state
        closed = self.closed
        self._words.setText(_sentence(state) if state is not None else "")
        self._words.setProperty("look", "muted")
        self._anew.setVisible(closed)
        self._reopen.setVisible(closed)
        self._corrections.setVisible(corrected)
        self._close.setVisible(state is not None and not closed)
        self._close.setEnabled(state is not None and state.ended)

    # Closing

    def ask_close(self) -> None:
        """Say what closing does, and close when the worker wants it."""
        if self._state is None:
            return
        words = [
            _(
                "结账后，{month}的内部台账、上报台账和月报表数字按现在的样子存下来，以后再导出就是这一份。"
            ).format(month=self._state.month.label),
            _("以后再改这个月的记录，上报数不变，改动列进下个月的更正表。需要时可以写明原因重新打开。"),
        ]
        if self._state.earlier_open:
            months = "、".join(each.label for each in self._state.earlier_open)
            words.append(_("注意：以前还有没结账的月份：{months}。").format(months=months))
        title = _("结账 {month}？").format(month=self._state.month.label)
        question = Question(title, "\n\n".join(words), _("结账"), self)
        question.accepted.connect(self.close_month)
        question.open()

    def close_month(self, reason: str = "") -> None:
        """Close the month; a reason lets out what was found in the report."""
        if self._state is None:
            return
        self._close.setEnabled(False)
        month = self._state.month
        override = Override(reason) if reason else None
        # Some seconds, during which the lane that writes is free for what others save.
        self._desk.work(
            partial(close, override=override),
            month,
            title=_("结账 {month}").format(month=month.label),
            then=self._closed,
            failed=self._refused,
            owner=self,
        ).ended.connect(self._ended)

    def _ended(self) -> None:
        self._close.setEnabled(self._state is not None and self._state.ended)

    def _closed(self, _changes: ChangeSet) -> None:
        self.told.emit(_("已结账：内部、上报两份台账和这个月的数字都存下了，可以随时再导出。"), Weight.GOOD)

    def _refused(self, error: UserError) -> None:
        self.told.emit(str(error), Weight.BAD)
        if isinstance(error, PersonalNumber):
            asked = ReasonDialog(
                _("仍要放行？"),
                _("{found}\n如果看过确实不是个人信息，写明原因后可以放行。").format(found=error),
                _("写明原因并放行"),
                self,
            )
            asked.given.connect(self.close_month)
            asked.open()

    # Opening again

    def ask_reopen(self) -> None:
        """Ask why, and open the month again."""
        if self._state is None:
            return
        asked = ReasonDialog(
            _("重新打开 {month}").format(month=self._state.month.label),
            _("重新打开后，这个月又按现在的资料导出，改好后要再结账。原来上报的文件仍然保存着。"),
            _("重新打开"),
            self,
        )
        asked.given.connect(self._reopen_month)
        asked.open()

    def _reopen_month(self, reason: str) -> None:
        if self._state is not None:
            self._desk.change(reopen, self._state.month, reason, then=self._reopened, owner=self)

    def _reopened(self, _changes: ChangeSet) -> None:
        self.told.emit(_("已重新打开。改好后请再结账。"), Weight.PLAIN)

    # Corrections

    def show_corrections(self) -> None:
        """Compare with what was handed in, and show what differs."""
        if self._state is not None:
            self._desk.work(
                corrections_of,
                self._state.month,
                title=_("与上报数比对"),
                then=self._show_corrections,
                owner=self,
            )

    def _show_corrections(self, found: tuple[Correction, ...]) -> None:
        dialog = PlainRowsDialog(self._desk.look, "corrections", _("更正"), self)
        labels, rows = listed(found)
        words = (
            _("已结账月份上报以后，有 {count} 处改动。导出本月台账时列在“更正表”里。").format(count=len(rows))
            if rows
            else _("已结账月份上报以后没有改动。")
        )
        dialog.fill(words, labels, rows)
        dialog.open()


def _sentence(state: Closing) -> str:
    if state.is_closed:
        who = _("（{worker}）").format(worker=state.worker) if state.worker else ""
        return _("已结账：{day}{who}。导出的就是上报的那一份。").format(day=state.closed_on, who=who)
    days = _("{first} 至 {last}").format(first=state.period.first, last=state.period.last)
    if not state.ended:
        return _("{days}，还没有结束，结束后可以结账。").format(days=days)
    words = _("{days}，还没有结账。").format(days=days)
    if state.state is MonthState.REOPENED:
        words = _("{days}，{day} 重新打开：{reason}。").format(
            days=days, day=state.reopened_on, reason=state.reason
        )
    if state.earlier_open:
        words += _("以前未结账：{months}。").format(
            months="、".join(each.label for each in state.earlier_open)
        )
    return words
