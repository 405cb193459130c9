"""What every editor can do: show a value, give it back, say that it was edited."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.fields import JOINT, Field, Value, plain_code, plain_text
from stationdesk.core.messages import _
from stationdesk.ui.desk import Desk
from stationdesk.ui.forms.abstract import AbstractWidget
from stationdesk.ui.forms.codes import Codes
from stationdesk.ui.forms.lookups import Lookups
from stationdesk.ui.theme import Look


class Unreadable(UserError):
    """What stands in an editor is no value of its field; the text is the sentence shown beside it."""


@dataclass(frozen=True, slots=True)
class Kit:
    """What editors work with; made once by the app."""

    desk: Desk
    lookups: Lookups
    codes: Codes
    today: Callable[[], date] = date.today

    @property
    def look(self) -> Look:
        """The look of the program."""
        return self.desk.look


class Editor(QWidget, metaclass=AbstractWidget):
    """The editor of one field. Subclasses put their widget into `row` and name it with `adopt`."""

    edited = Signal()
    """Somebody changed what stands in it; setting a value from the program does not send it."""
    remarked = Signal(str, str)
    """A live remark on what stands in it, and how it looks: good, small or problem."""
    rested = Signal()
    """The worker left it: time to look at what its value says about other fields."""

    tall = False
    """Whether it needs the width of the form."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.kit = kit
        self.setProperty("look", "clear")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)
        self._main: QWidget = self

    def adopt(self, main: QWidget) -> None:
        """Take `main` for the widget that is focused, named, and framed when there is a problem."""
        self._main = main
        main.setObjectName(self.field.name)
        main.setAccessibleName(_(self.field.label))
        if self.field.spec.hint:
            main.setAccessibleDescription(_(self.field.spec.hint))
        self.row.addWidget(main, 1)
        self.setFocusProxy(main)
        if self.field.spec.unit:
            unit = QLabel(_(self.field.spec.unit), self)
            unit.setProperty("look", "muted")
            self.row.addWidget(unit)

    @property
    def main(self) -> QWidget:
        """The widget that takes the keyboard."""
        return self._main

    @abstractmethod
    def show_value(self, value: Value) -> None:
        """Show a value without sending `edited`."""

    @abstractmethod
    def value(self) -> Value:
        """The value that stands in it.

        Raises:
            Unreadable: when it is no value of the field.
        """

    def mark_problem(self, problem: bool) -> None:
        """Frame the editor, or take the frame away."""
        self._main.setProperty("problem", problem)
        self._main.style().unpolish(self._main)
        self._main.style().polish(self._main)


class ReadOnly(Editor):
    """For what the program itself fills in: shown, copied, never edited."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setMinimumHeight(kit.look.pixels(30))
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._value: Value = None
        self.adopt(self._label)
        self._label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        kit.codes.loaded.connect(self._draw)

    @override
    def show_value(self, value: Value) -> None:
        self._value = value
        self._draw()

    def show_text(self, text: str) -> None:
        """Show words in place of the value, such as the title of a linked record."""
        self._label.setText(text or "—")

    @override
    def value(self) -> Value:
        return self._value

    def _draw(self) -> None:
        spec = self.field.spec
        many = self.field.many and self._value is not None
        values = sorted(self._value, key=plain_code) if many else [self._value]
        if spec.codes:
            texts = [self.kit.codes.label(spec.codes, str(each)) if each else "" for each in values]
        else:
            texts = [_(plain_text(each)) for each in values]
        self.show_text(JOINT.join(texts))
