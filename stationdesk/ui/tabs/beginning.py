"""从这里开始: what a new station is told first, step by step; gone once it can work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.services.beginning import Beginning, BeginningStep
from stationdesk.ui.theme import Look


@dataclass(frozen=True, slots=True)
class _Words:
    """What a step is called, what is to be done, and how what is there is counted."""

    title: str
    task: str
    count: str
    icon: str


def _words(step: BeginningStep) -> _Words:
    return {
        BeginningStep.VILLAGES: _Words(
            _("村居"), _("登记本镇的村和社区，或导入区划名单"), _("已有 {count:,} 个"), "home-plus"
        ),
        BeginningStep.ROSTER: _Words(
            _("导入名册"), _("把现有的服务对象表格导进来"), _("已有 {count:,} 户"), "file-import"
        ),
        BeginningStep.PLACE: _Words(
            _("站点位置"), _("填上社工站的坐标，地图才有中心"), _("已标位置"), "map-pin"
        ),
        BeginningStep.WORKERS: _Words(
            _("工作人员"), _("加上一起用这台电脑的同事"), _("已有 {count:,} 人"), "users"
        ),
        BeginningStep.RESOURCES: _Words(
            _("资源"), _("登记能找来帮忙的人、单位和场地"), _("已有 {count:,} 项"), "building-community"
        ),
        BeginningStep.MAP: _Words(
            _("社区地图"), _("从白纸画起：主路、河、村委会、学校、卫生室"), _("已画 {count:,} 处"), "map-2"
        ),
    }[step]


class StepCard(QPushButton):
    """One step: its number, or a tick where it is done; pressing it leads there."""

    def __init__(self, step: BeginningStep, place: int, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = step
        self._look = look
        self._done = False
        self.setObjectName(f"begin_{step.value}")
        self.setProperty("look", "tile")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = _words(step)
        self._sign = QLabel(self)
        self._title = self._label(f"{place}  {words.title}", "heading")
        self._text = self._label(words.task, "small")
        self._text.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._sign)
        head.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 9)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(self._text, 1)
        look.changed.connect(self._draw)

    def show_state(self, *, done: bool, count: int) -> None:
        """Show whether the step is done, and what came of it."""
        self._done = done
        words = _words(self._step)
        text = words.count.format(count=count) if done else words.task
        self._text.setText(text)
        said = _("已完成") if done else _("还没有做")
        self.setAccessibleName(f"{words.title}：{said}")
        self.setAccessibleDescription(text)
        self._draw()

    @property
    def done(self) -> bool:
        """Whether it is ticked."""
        return self._done

    def _draw(self) -> None:
        edge = self._look.pixels(19)
        icon, colour = ("circle-check", "ok") if self._done else (_words(self._step).icon, "accent")
        self._sign.setPixmap(self._look.icon(icon, colour).pixmap(edge, edge))
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        # Two lines of words, so that the cards stay alike when one of them is done.
        heights = self._title.sizeHint().height() + 2 * self._text.fontMetrics().lineSpacing()
        return QSize(self._look.pixels(150), heights + 2 * 9 + 3 + self._look.pixels(4))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _label(self, text: str, look: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("look", look)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        return label


class BeginningPanel(QFrame):
    """The steps beside each other. Says which one the worker wants to take, and that they want no more of it."""

    step_wanted = Signal(object)
    """A `BeginningStep`."""
    dismissed = Signal()
    """Not to be shown again for this station."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("beginning")
        self.setAccessibleName(_("从这里开始"))
        self.setProperty("look", "card")
        title = QLabel(_("从这里开始"), self)
        title.setProperty("look", "heading")
        about = QLabel(_("新站点先做这几步，先后随意；做好的会打勾。"), self)
        about.setProperty("look", "small")
        leave = QPushButton(_("不再显示"), self)
        leave.setObjectName("begin_dismiss")
        leave.setAccessibleName(_("不再显示"))
        leave.setProperty("look", "quiet")
        look.set_icon(leave, "x", "muted")
        leave.clicked.connect(lambda _on: self.dismissed.emit())
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title)
        head.addWidget(about, 1)
        head.addWidget(leave)
        row = QHBoxLayout()
        row.setSpacing(10)
        self.cards: dict[BeginningStep, StepCard] = {}
        for place, step in enumerate(BeginningStep, 1):
            card = StepCard(step, place, look, self)
            card.clicked.connect(partial(self._want, step))
            row.addWidget(card, 1)
            self.cards[step] = card
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 6, 14, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(row)
        self.hide()

    def show_beginning(self, beginning: Beginning) -> None:
        """Show how far the station has come."""
        for step, card in self.cards.items():
            card.show_state(done=beginning.has_done(step), count=beginning.counts[step])

    def _want(self, step: BeginningStep, _on: bool = False) -> None:
        self.step_wanted.emit(step)
