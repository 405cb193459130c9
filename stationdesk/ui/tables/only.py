"""只看：what a list is kept to that no chip and no combo shows, and the way out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from stationdesk.core.fields import Value, plain_text
from stationdesk.core.messages import _
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.services.listing import Filter
from stationdesk.services.scopes import SCOPES
from stationdesk.ui.theme import Look, Role
from stationdesk.ui.words import text_of_one, tip, without_remark

_NAMED = 3
"""More values than these are counted."""


class OnlyLine(QFrame):
    """One line below the filters; hidden while nothing is hidden."""

    left = Signal()
    """The worker wants the whole list again."""

    def __init__(self, record: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{record}_only")
        self.setProperty("look", "bar")
        self.setProperty("role", Role.IDLE.value)
        self._words = QLabel(self)
        self._words.setObjectName(f"{record}_only_words")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        # A long sentence is cut at the edge and told in full by the tip: it never widens the window.
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        leave = QPushButton(_("取消"), self)
        leave.setObjectName(f"{record}_only_leave")
        leave.setAccessibleName(_("取消，看全部"))
        leave.setToolTip(_("取消，看全部"))
        look.set_icon(leave, "x", "muted")
        leave.clicked.connect(lambda _on: self.left.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 4, 3)
        row.addWidget(self._words, 1)
        row.addWidget(leave)
        self.hide()

    def say(self, words: str) -> None:
        """Say what the list is kept to; an empty text says that it is not."""
        sentence = _("只看：{what}").format(what=words) if words else ""
        self._words.setText(sentence)
        self._words.setToolTip(tip(sentence))
        self.setAccessibleName(sentence)
        self.setVisible(bool(words))


def described(record: str, scope: str, filters: Sequence[Filter]) -> str:
    """Conditions in words: the days of a field, some values of it."""
    return "；".join(_conditions(record, scope, filters))


def _conditions(record: str, scope: str, filters: Sequence[Filter]) -> Iterator[str]:
    if scope:
        yield _(SCOPES[record][scope].title)
    labels = {each.key: each.label for each in fields_of(RECORDS[record])}
    for each in filters:
        label = _(labels[each.field]) if each.field in labels else _("选定的条件")
        if each.low is not None or each.high is not None:
            yield _("{field} {low} 至 {high}").format(
                field=label, low=plain_text(each.low), high=plain_text(each.high)
            )
        if each.values:
            yield f"{label} {_values(each.values)}".strip()


def _values(values: frozenset[Value]) -> str:
    if len(values) > _NAMED:
        return _("{count} 种").format(count=len(values))
    words = [_word(each) for each in values]
    return "、".join(sorted(words)) if all(words) else ""


def _word(value: Value) -> str:
    match value:
        case None:
            return _("未填")
        case bool():
            return _("是") if value else _("否")
        case Enum():
            return without_remark(_(text_of_one(value)))
        case _:
            return ""  # a code or a key, which says nothing to the worker
