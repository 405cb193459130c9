"""Sentences that appear without stopping the work: what was saved, what was refused and why.

A notice of success goes by itself; a refusal stays until it is closed, because it has to be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.ui.theme import Look, Role

STAYS = 6000
"""Milliseconds a notice that asks nothing of the worker is shown."""
_GAP = 5
"""Pixels at 11 points between notices, and to the edge."""
_SHARE, _LEAST = 45, 460
"""A notice is at most so many hundredths of the width, but never kept to less than so many pixels at 11 points."""


class Weight(Enum):
    """How a notice is coloured, and whether it goes by itself."""

    PLAIN = Role.IDLE
    GOOD = Role.OK
    WARN = Role.WARN
    BAD = Role.BAD

    @property
    def icon(self) -> str:
        """The icon beside the words."""
        return {
            Weight.PLAIN: "info-circle",
            Weight.GOOD: "circle-check",
            Weight.WARN: "alert-triangle",
            Weight.BAD: "circle-x",
        }[self]

    @property
    def goes(self) -> bool:
        """Whether it disappears by itself."""
        return self in {Weight.PLAIN, Weight.GOOD}


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the worker, already translated."""

    text: str
    weight: Weight = Weight.GOOD


class Bar(QFrame):
    """A coloured strip with an icon, a sentence, and perhaps buttons."""

    def __init__(self, look: Look, parent: QWidget | None = None, name: str = "bar") -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName(name)
        self.setProperty("look", "bar")
        self._icon = QLabel(self)
        self._text = QLabel(self)
        self._text.setObjectName(f"{name}_text")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 5, 6, 5)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._text, 1)
        self._weight = Weight.PLAIN
        look.changed.connect(self._draw)

    def say(self, text: str, weight: Weight) -> None:
        """Show a sentence."""
        self._weight = weight
        self._text.setText(text)
        self._draw()
        self.show()

    def add_button(self, text: str, name: str, *, primary: bool = False) -> QPushButton:
        """A button at the end of the bar."""
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        if primary:
            button.setProperty("look", "primary")
        self._row.addWidget(button)
        return button

    def add_close(self) -> QToolButton:
        """A button that hides the bar."""
        close = QToolButton(self)
        close.setObjectName(f"{self.objectName()}_close")
        close.setAccessibleName(_("关闭提示"))
        close.setToolTip(_("关闭提示"))
        close.setProperty("look", "quiet")
        self._look.set_icon(close, "x", "muted")
        close.clicked.connect(self.hide)
        self._row.addWidget(close)
        return close

    def size_within(self, width: int) -> QSize:
        """The room that it needs where at most `width` is given."""
        self.ensurePolished()
        words = self._text.fontMetrics().horizontalAdvance(self.text)
        around = self._row.sizeHint().width() - self._text.sizeHint().width()
        wide = min(words + around + self._look.pixels(_GAP), width)
        return QSize(wide, self._row.heightForWidth(wide))

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._text.text()

    @property
    def weight(self) -> Weight:
        """How it is coloured."""
        return self._weight

    def _draw(self) -> None:
        role = self._weight.value
        self.setProperty("role", role.value)
        edge = self._look.pixels(18)
        colour = {Role.OK: "ok", Role.WARN: "warn", Role.BAD: "bad"}.get(role, "idle")
        self._icon.setPixmap(self._look.icon(self._weight.icon, colour).pixmap(edge, edge))
        for widget in (self, self._text):
            widget.style().unpolish(widget)
            widget.style().polish(widget)


class NoticeStack(QObject):
    """Floats its notices over the lower left of `parent`, away from the buttons: nothing below them moves.

    At most three, the newest lowest; the same sentence is not stacked. One that goes by itself lets the mouse
    through to what it covers. Each is told to screen readers, and none takes the keyboard. `beside` is a
    button in the corner that they leave free.
    """

    _MOST = 3

    def __init__(self, look: Look, parent: QWidget, beside: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notices")
        self._look = look
        self._place = parent
        self._beside = beside
        self._bars: list[Bar] = []
        parent.installEventFilter(self)
        look.changed.connect(self._settle)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What can be read now."""
        return tuple(Notice(bar.text, bar.weight) for bar in self._bars)

    def add(self, notice: Notice) -> None:
        """Show one more."""
        for bar in [each for each in self._bars if each.text == notice.text or each.weight.goes]:
            self._remove(bar)
        while len(self._bars) >= self._MOST:
            self._remove(self._bars[0])
        bar = Bar(self._look, self._place, "notice")
        bar.setAccessibleName(notice.text)
        if notice.weight.goes:
            bar.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            QTimer.singleShot(STAYS, bar, lambda: self._remove(bar))
        else:
            bar.add_close().clicked.connect(lambda: self._remove(bar))
        self._bars.append(bar)
        bar.say(notice.text, notice.weight)
        bar.raise_()
        self._settle()
        _announce(bar, notice)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._settle()
        return super().eventFilter(watched, event)

    def _settle(self) -> None:
        """Give each bar the room of its words, from the lower edge upwards."""
        gap = self._look.pixels(_GAP)
        left = gap if self._beside is None else self._beside.geometry().right() + 2 * gap
        most = max(self._place.width() * _SHARE // 100, self._look.pixels(_LEAST))
        most = min(most, self._place.width() - left - gap)
        below = self._place.height() - gap
        for bar in reversed(self._bars):
            size = bar.size_within(most)
            below -= size.height()
            bar.setGeometry(QRect(QPoint(left, max(below, 0)), size))
            below -= gap

    def _remove(self, bar: Bar) -> None:
        if bar not in self._bars:
            return
        self._bars.remove(bar)
        bar.hide()
        bar.deleteLater()
        self._settle()


def _announce(bar: Bar, notice: Notice) -> None:
    """Have a screen reader say it, without moving the keyboard: at once what was refused, politely the rest."""
    event = QAccessibleAnnouncementEvent(bar, notice.text)
    event.setPoliteness(
        QAccessible.AnnouncementPoliteness.Polite
        if notice.weight.goes
        else QAccessible.AnnouncementPoliteness.Assertive
    )
    QAccessible.updateAccessibility(event)
