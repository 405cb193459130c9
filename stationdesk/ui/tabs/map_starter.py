"""白纸起步: leads from a white sheet to a community map, one thing to draw after the other, the pen already in hand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.services.starter import Start, StarterStep, known_length
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.tabs.map_steps import StepWords, words_of
from stationdesk.ui.theme import Look

_STEPS = tuple(StarterStep)
_OFFER, _WHERE, _STEP, _END = range(4)


class StarterPanel(QFrame):
    """The offer, the question where on earth one is, the six steps, and the end of it."""

    begun = Signal()
    """The worker wants to begin: say how far the map has come with `lead`."""
    step_shown = Signal(object, str, str)
    """A step is shown (`StarterStep`): take up this pen, with this name."""
    sketch_wanted = Signal(float)
    """Draw without coordinates; the main street is so many metres long."""
    coordinates_wanted = Signal()
    bases_wanted = Signal()
    handout_wanted = Signal()
    finished = Signal()
    """All steps are done or skipped."""
    left = Signal()
    """The worker wants no more of it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._step = _STEPS[0]
        self._start: Start | None = None
        self.setObjectName("starter")
        self.setAccessibleName(_("白纸起步"))
        self.setProperty("look", "card")
        self._page = _OFFER
        self._pages = (self._offer(), self._where(), self._steps(), self._end())
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        for page in self._pages:
            column.addWidget(page)
        self.hide()

    def offer(self) -> None:
        """Say that there is a way to begin."""
        self._turn_to(_OFFER)

    def lead(self, start: Start) -> None:
        """Go to the first step that is not done, or ask where one is."""
        self._start = start
        if not start.knows_where:
            self._turn_to(_WHERE)
            return
        self._go_to(start.next_step)

    def take_up(self, step: StarterStep) -> None:
        """Go to a step."""
        self._go_to(step)

    def hold_pen(self, *, held: bool) -> None:
        """Whether the pen of the step is in hand; put away, it can be taken up again."""
        self._draw.setVisible(not held)

    def progress(self, start: Start) -> None:
        """The map has changed: tell what is done; where one is may be known now."""
        self._start = start
        if self.isHidden():
            return
        if self._page == _WHERE and start.knows_where:
            self.lead(start)
        elif self._page == _STEP:
            self._tell()
        elif self._page == _END:
            self._tell_end()

    def note_kept(self, pen: str) -> None:
        """Something was drawn with a pen: go on where that is what was asked for; the last step asks for several."""
        if self.step not in {None, StarterStep.MORE} and pen == self._words.pen:
            self.go_on()

    def go_on(self) -> None:
        """The step after this one, done or not."""
        place = _STEPS.index(self._step) + 1
        done = self._start.done if self._start is not None else frozenset()
        rest = [step for step in _STEPS[place:] if step not in done]
        self._go_to(rest[0] if rest else None)

    @property
    def step(self) -> StarterStep | None:
        """The step that is shown, None while it is something else."""
        return self._step if not self.isHidden() and self._page == _STEP else None

    # Inside

    def _turn_to(self, page: int) -> None:
        for place, each in enumerate(self._pages):
            each.setVisible(place == page)
        self._page = page
        self.show()

    def _go_to(self, step: StarterStep | None) -> None:
        if step is None:
            self._turn_to(_END)
            self._tell_end()
            self.finished.emit()
            self._hand_out.setFocus()
            return
        self._step = step
        self._turn_to(_STEP)
        self._tell()
        words = self._words
        self.step_shown.emit(step, words.pen, words.name)

    @property
    def _words(self) -> StepWords:
        return words_of(self._step, self._start.village if self._start is not None else "")

    def _tell(self) -> None:
        place = _STEPS.index(self._step) + 1
        words = self._words
        self._count.setText(_("第 {place} 步 共 {count} 步").format(place=place, count=len(_STEPS)))
        self._bar.setValue(place)
        self._bar.setAccessibleDescription(self._count.text())
        self._title.setText(words.title)
        self._task.setText(words.task)
        last = self._step is _STEPS[-1]
        self._skip.setText(_("画好了") if last else _("跳过"))
        self._skip.setAccessibleName(self._skip.text())
        self._back.setEnabled(place > 1)

    def _tell_end(self) -> None:
        drawn = self._start.drawn if self._start is not None else 0
        self._done.setText(_("已画 {count} 处。现在可以印一张社区地图，以后随时接着补。").format(count=drawn))

    def _go_back(self) -> None:
        self._go_to(_STEPS[max(_STEPS.index(self._step) - 1, 0)])

    def _give_length(self) -> None:
        self._refusal.hide()
        try:
            metres = known_length(self._length.value(), paces=self._unit.currentIndex() == 0)
        except UserError as error:
            self._refusal.say(str(error), Weight.BAD)
            return
        self.sketch_wanted.emit(metres)

    # The pages

    def _offer(self) -> QWidget:
        page, column = self._sheet(_("还没有社区地图？"))
        column.addWidget(
            self._text(_("从一张白纸画起：主路、河、村委会、学校、卫生室……六步，约十分钟。"), "starter_offer")
        )
        self._row(
            column,
            self._button(_("不用"), "starter_no", self._leave),
            self._button(_("白纸起步"), "starter_begin", self.begun.emit, primary=True),
        )
        return page

    def _where(self) -> QWidget:
        page, column = self._sheet(_("这张白纸在哪里？"))
        column.addWidget(
            self._text(
                _("没有任何坐标也能画：说一个知道的长度，例如主街走多少步，就按这个比例画示意图。"),
                "starter_where",
            )
        )
        self._length = QDoubleSpinBox(self)
        self._length.setObjectName("starter_length")
        self._length.setAccessibleName(_("主街大约多长"))
        self._length.setDecimals(0)
        self._length.setRange(0, 99_999)
        self._length.setValue(600)
        self._unit = Combo(self._look, self)
        self._unit.setObjectName("starter_unit")
        self._unit.setAccessibleName(_("长度单位"))
        self._unit.addItems([_("步（一步约 0.7 米）"), _("米")])
        row = QHBoxLayout()
        row.addWidget(QLabel(_("主街约"), self))
        row.addWidget(self._length)
        row.addWidget(self._unit, 1)
        column.addLayout(row)
        self._refusal = Bar(self._look, self, "starter_refusal")
        self._refusal.hide()
        column.addWidget(self._refusal)
        column.addWidget(self._button(_("按步测画示意图"), "starter_sketch", self._give_length, primary=True))
        column.addWidget(self._text(_("知道一个坐标，或有底图文件，画出来的比例更准："), "starter_or"))
        self._row(
            column,
            self._button(_("以后再说"), "starter_where_no", self._leave),
            self._button(_("底图…"), "starter_bases", self.bases_wanted.emit),
            self._button(_("填坐标…"), "starter_coordinates", self.coordinates_wanted.emit),
        )
        return page

    def _steps(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._count = self._text("", "starter_count", "small")
        self._title = self._text("", "starter_title", "heading")
        self._task = self._text("", "starter_task")
        self._bar = QProgressBar(self)
        self._bar.setObjectName("starter_bar")
        self._bar.setAccessibleName(_("白纸起步的进度"))
        self._bar.setRange(0, len(_STEPS))
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(self._look.pixels(5))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._count)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._task)
        self._back = self._button(_("上一步"), "starter_back", self._go_back)
        self._skip = self._button(_("跳过"), "starter_skip", self.go_on, primary=False)
        self._draw = self._button(_("拿起笔"), "starter_draw", lambda: self._go_to(self._step), primary=True)
        stop = self._button(_("结束"), "starter_stop", self._leave)
        self._row(column, stop, self._back, self._skip, self._draw)
        return page

    def _end(self) -> QWidget:
        page, column = self._sheet(_("社区地图有了"))
        self._done = self._text("", "starter_done")
        column.addWidget(self._done)
        self._hand_out = self._button(
            _("印出来：发放地图"), "starter_handout", self.handout_wanted.emit, primary=True
        )
        self._row(column, self._button(_("关上"), "starter_close", self._leave), self._hand_out)
        return page

    def _leave(self) -> None:
        self.hide()
        self.left.emit()

    def _sheet(self, title: str) -> tuple[QWidget, QVBoxLayout]:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addWidget(self._text(title, "", "heading"))
        return page, column

    def _text(self, words: str, name: str, look: str = "") -> QLabel:
        label = QLabel(words, self)
        label.setObjectName(name)
        label.setWordWrap(look != "small")
        if look:
            label.setProperty("look", look)
        return label

    def _row(self, column: QVBoxLayout, *buttons: QPushButton) -> None:
        row = QHBoxLayout()
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        column.addLayout(row)

    def _button(
        self, words: str, name: str, act: Callable[[], object], *, primary: bool = False
    ) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        if primary:
            button.setProperty("look", "primary")
        button.clicked.connect(lambda _on: act())
        return button
