"""The resources that could answer a need, the best first, each with its reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.services.match_rules import Answer, Finding
from stationdesk.services.matching import Suggestion
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.theme import Look
from stationdesk.ui.words import tip

_SIGNS = {
    Answer.YES: ("check", "ok"),
    Answer.NO: ("x", "bad"),
    Answer.UNKNOWN: ("question-mark", "warn"),
}
_ORDER = (Answer.YES, Answer.UNKNOWN, Answer.NO)
FIRST = 8
"""Suggestions that are shown before somebody asks for more."""


class FindingLabel(QWidget):
    """One rule's answer: a sign and words, never the colour alone."""

    def __init__(self, finding: Finding, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finding = finding
        self._look = look
        self.setAccessibleName(f"{_spoken(finding.answer)}：{finding.words}")
        self.setToolTip(_("{points:+d} 分").format(points=finding.points) if finding.points else "")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(self._finding.words) + self._look.pixels(20 + 12)
        return QSize(width, max(metrics.height(), self._look.pixels(21)))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        sign, colour = _SIGNS[self._finding.answer]
        edge = self._look.pixels(15)
        painter = QPainter(self)
        self._look.icon(sign, colour).paint(painter, QRect(0, (self.height() - edge) // 2, edge, edge))
        painter.setPen(self._look.colour("bad" if self._finding.excludes else "text"))
        room = self.rect().adjusted(self._look.pixels(18), 0, 0, 0)
        words = QFontMetrics(self.font()).elidedText(
            self._finding.words, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
        painter.end()


def _spoken(answer: Answer) -> str:
    return {Answer.YES: _("符合"), Answer.NO: _("不符"), Answer.UNKNOWN: _("不知道")}[answer]


class SuggestionCard(QFrame):
    """One resource with everything that speaks for it, against it, and what is not known."""

    match_wanted = Signal(str)
    open_wanted = Signal(str)

    def __init__(self, place: int, suggestion: Suggestion, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.suggestion = suggestion
        self.setObjectName(f"suggestion_{place}")
        self.setAccessibleName(suggestion.name)
        self.setProperty("look", "card")
        name = QLabel(f"{suggestion.code}  {suggestion.name}", self)
        name.setObjectName(f"suggestion_{place}_name")
        name.setProperty("look", "heading")
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        name.setToolTip(tip(name.text()))
        points = QLabel(_("{points} 分").format(points=suggestion.points), self)
        points.setProperty("look", "pill")
        points.setProperty("role", "accent" if suggestion.is_eligible else "idle")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(name, 1)
        head.addWidget(points)
        facts = QLabel(_facts(suggestion), self)
        facts.setObjectName(f"suggestion_{place}_facts")
        facts.setProperty("look", "muted")
        facts.setTextFormat(Qt.TextFormat.PlainText)
        facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        open_ = self._button(_("打开"), "external-link", f"suggestion_{place}_open", look)
        open_.clicked.connect(partial(self.open_wanted.emit, suggestion.resource))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(facts, 1)
        foot.addWidget(open_)
        if suggestion.is_eligible:
            match = self._button(_("对接"), "link", f"suggestion_{place}_match", look, primary=place == 0)
            match.setToolTip(_("建一笔“拟对接”，理由一起记下"))
            match.clicked.connect(partial(self.match_wanted.emit, suggestion.resource))
            foot.addWidget(match)
        reasons = QWidget(self)
        reasons.setProperty("look", "clear")
        flow = FlowLayout(reasons, 2)
        for finding in sorted(suggestion.findings, key=lambda each: _ORDER.index(each.answer)):
            flow.addWidget(FindingLabel(finding, look, reasons))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 9)
        column.setSpacing(5)
        column.addLayout(head)
        column.addWidget(reasons)
        column.addLayout(foot)

    def _button(self, words: str, icon: str, name: str, look: Look, *, primary: bool = False) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(f"{words} {self.suggestion.name}")
        if primary:
            button.setProperty("look", "primary")
        look.set_icon(button, icon, "on_accent" if primary else "text")
        return button


def _facts(suggestion: Suggestion) -> str:
    far = suggestion.kilometres
    parts = [
        _("距离不明") if far is None else _("相距 {far} 公里").format(far=f"{far:.1f}"),
        _("容量未登记")
        if suggestion.remaining is None
        else _("剩余容量 {left}").format(left=suggestion.remaining),
        _("长期有效")
        if suggestion.valid_to is None
        else _("有效至 {day}").format(day=suggestion.valid_to.isoformat()),
    ]
    return " · ".join(parts)


class SuggestionList(QScrollArea):
    """The cards below each other; the first is the proposal."""

    match_wanted = Signal(str)
    """Match the need with this resource, by key."""
    open_wanted = Signal(str)
    excluded_wanted = Signal(bool)
    """Also show the resources that a rule excludes."""
    resource_wanted = Signal()
    """Nothing fits: add a resource."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._suggestions: tuple[Suggestion, ...] = ()
        self._most = FIRST
        self.setObjectName("suggestions")
        self.setAccessibleName(_("推荐资源"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.excluded = QCheckBox(_("也列出不符合的，看为什么"), self)
        self.excluded.setObjectName("suggestions_excluded")
        self.excluded.setAccessibleName(self.excluded.text())
        self.excluded.toggled.connect(self.excluded_wanted)
        self.hide()

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What is shown, or would be after asking for more."""
        return self._suggestions

    def show_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Show these, the first ones at once."""
        self._suggestions = tuple(suggestions)
        self._most = FIRST
        self._build()
        self.verticalScrollBar().setValue(0)
        self.show()

    def _more(self) -> None:
        self._most = len(self._suggestions)
        self._build()

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("look", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for place, each in enumerate(self._suggestions[: self._most]):
            card = SuggestionCard(place, each, self._look, inside)
            card.match_wanted.connect(self.match_wanted)
            card.open_wanted.connect(self.open_wanted)
            column.addWidget(card)
        left = len(self._suggestions) - self._most
        if left > 0:
            more = QPushButton(_("再看 {count} 个").format(count=left), inside)
            more.setObjectName("suggestions_more")
            more.setAccessibleName(more.text())
            more.clicked.connect(lambda _on: self._more())
            column.addWidget(more)
        if not self._suggestions:
            column.addWidget(self._nothing(inside))
        column.addStretch(1)
        self.setWidget(inside)

    def _nothing(self, parent: QWidget) -> QWidget:
        box = QWidget(parent)
        words = QLabel(_("资源库里没有能用的资源。可以登记一项新资源，或打开需求把事项写得更准。"), box)
        words.setObjectName("suggestions_none")
        words.setProperty("look", "empty")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        add = QPushButton(_("登记资源"), box)
        add.setObjectName("suggestions_new_resource")
        add.setAccessibleName(_("登记资源"))
        self._look.set_icon(add, "plus")
        add.clicked.connect(lambda _on: self.resource_wanted.emit())
        column = QVBoxLayout(box)
        column.setContentsMargins(20, 40, 20, 20)
        column.addWidget(words)
        column.addWidget(add, 0, Qt.AlignmentFlag.AlignHCenter)
        return box
