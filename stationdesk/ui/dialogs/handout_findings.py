"""发放前检查 beside the preview: what was looked at and what came of it; a press opens the records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.messages import _
from stationdesk.services.preflight import Finding, Level, Preflight
from stationdesk.services.publishing import LeftOut
from stationdesk.ui.theme import Look, Role
from stationdesk.ui.words import tip

_ICONS = {
    Level.STOP: ("circle-x", "bad"),
    Level.WARN: ("alert-triangle", "warn"),
    Level.TOLD: ("check", "ok"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a line opens: resources by their numbers, or other records."""

    codes: tuple[str, ...] = ()
    records: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to open."""
        return bool(self.codes or self.records)


class FindingList(QWidget):
    """A verdict, and the findings under it, the gravest first."""

    opened = Signal(object)
    """A line with a `Target` was pressed."""
    answer_wanted = Signal()
    """Somebody wants to answer for what may be wrong."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._verdict = QLabel(self)
        self._verdict.setObjectName("handout_verdict")
        self._verdict.setProperty("look", "plain")
        self._verdict.setWordWrap(True)
        self._verdict.setTextFormat(Qt.TextFormat.PlainText)
        self._answer = QPushButton(_("放行…"), self)
        self._answer.setObjectName("handout_answer")
        self._answer.setAccessibleName(_("说明原因后放行"))
        self._answer.setToolTip(_("检查认错了人或号码时，写明原因放行，会记入操作记录"))
        self._answer.setAutoDefault(False)
        self._answer.clicked.connect(lambda _on: self.answer_wanted.emit())
        self._list = QListWidget(self)
        self._list.setObjectName("handout_remarks")
        self._list.setAccessibleName(_("发放前检查"))
        self._list.setWordWrap(True)
        self._list.setIconSize(QSize(look.pixels(16), look.pixels(16)))
        self._list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self._list.setProperty("look", "notes")
        # Laid out again when the scroll bar takes its width, otherwise the last words of a row are cut off.
        self._list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # It takes what the questions above leave, never the other way round.
        self._list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._list.setMinimumHeight(look.pixels(72))
        self._list.itemClicked.connect(self._open)
        self._list.itemActivated.connect(self._open)
        self._targets: list[Target] = []
        head = QHBoxLayout()
        head.addWidget(self._verdict, 1)
        head.addWidget(self._answer, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._list, 1)
        self.clear()

    def clear(self) -> None:
        """Show nothing."""
        self._list.clear()
        self._targets = []
        self._say("", Role.IDLE)
        self._answer.hide()

    def show_found(self, found: Preflight, left_out: Sequence[LeftOut]) -> None:
        """Show what was found, and what is not on the sheet and why."""
        self._list.clear()
        self._targets = []
        for level, words, target in (*_lines(found), *_left(left_out)):
            item = QListWidgetItem(f"{words}\u00a0›" if target else words)
            icon, colour = _ICONS[level]
            item.setIcon(self._look.icon(icon, colour))
            item.setToolTip(_("点开看是哪些") if target else tip(words))
            self._list.addItem(item)
            self._targets.append(target)
        stops, warnings = len(found.stops), len(found.warnings)
        if found.is_internal:
            self._say(_("内部资料，只供站内使用"), Role.WARN)
        elif stops:
            self._say(_("{count} 处不能发放，只能存草稿").format(count=stops), Role.BAD)
        elif warnings:
            self._say(_("可以发放，{count} 处请看一看").format(count=warnings), Role.WARN)
        else:
            self._say(_("检查通过，可以发放"), Role.OK)
        self._answer.setVisible(any(each.answerable for each in found.stops))

    def _say(self, words: str, role: Role) -> None:
        self._verdict.setText(words)
        self._verdict.setProperty("role", role.value)
        self._verdict.style().unpolish(self._verdict)
        self._verdict.style().polish(self._verdict)

    def _open(self, item: QListWidgetItem) -> None:
        place = self._list.row(item)
        if 0 <= place < len(self._targets) and self._targets[place]:
            self.opened.emit(self._targets[place])


def _lines(found: Preflight) -> Iterator[tuple[Level, str, Target]]:
    for each in found.findings:
        answered = each in found.answered
        words = _("已放行（{reason}）：{words}").format(reason=found.answer, words=each.sentence)
        yield (
            Level.WARN if answered else each.level,
            words if answered else each.sentence,
            _target(each),
        )


def _left(left_out: Sequence[LeftOut]) -> Iterator[tuple[Level, str, Target]]:
    if left_out:
        words = _("没有印的 {count} 项：").format(count=len(left_out))
        yield Level.TOLD, words, Target(tuple(each.code for each in left_out))
    for each in left_out:
        yield Level.TOLD, f"{each.code} {each.name}：{each.why}", Target((each.code,))


def _target(finding: Finding) -> Target:
    return Target(finding.codes, finding.records)
