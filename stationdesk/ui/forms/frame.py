"""What surrounds the pages of a form: head, foot, and the bar that asks about unsaved changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from stationdesk.core.messages import _
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.theme import Look, Role
from stationdesk.ui.words import tip

if TYPE_CHECKING:
    from stationdesk.ui.forms.form import RecordForm


class FormHead(QWidget):
    """What the record is called, what kind it is, and whether it is saved."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._title = QLabel(self)
        self._title.setObjectName("form_title")
        self._title.setProperty("look", "heading")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._kind = QLabel(self)
        self._kind.setProperty("look", "muted")
        self._kind.setTextFormat(Qt.TextFormat.PlainText)
        self._state = QLabel(self)
        self._state.setObjectName("form_state")
        self._state.setProperty("look", "pill")
        self._empty_words = _("在左边选一条，或按 Ctrl+N 新增。")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._title, 1)
        row.addWidget(self._state)
        row.addWidget(self._kind)
        self._empty = True
        self._unsaved = False
        self._name = ""

    def say(self, title: str, kind: str = "") -> None:
        """Name the record and its kind."""
        self._name = title
        self._draw()
        self._title.setToolTip(tip(title))
        self._kind.setText(kind)

    def _draw(self) -> None:
        self._title.setText(f"● {self._name}" if self._unsaved else self._name)

    def set_empty_words(self, words: str) -> None:
        """What stands in an empty form."""
        self._empty_words = words

    def show_empty(self, *, empty: bool) -> None:
        """Say what to do when no record is chosen."""
        self._title.setProperty("look", "empty" if empty else "heading")
        self._title.style().unpolish(self._title)
        self._title.style().polish(self._title)
        if empty:
            self.say(self._empty_words)
        elif self._empty:
            self.say("")
        self._empty = empty

    def show_unsaved(self, *, unsaved: bool, new: bool) -> None:
        """Show what of the record is not in the station yet."""
        self._unsaved = unsaved and not self._empty
        self._draw()
        words = _("新增，未保存") if new else _("未保存")
        self._state.setVisible((unsaved or new) and not self._empty)
        self._state.setText(words)
        self._state.setProperty("role", Role.WARN.value)
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)


class FormFoot(QWidget):
    """The buttons: those of the tab at the left, save and the next step at the right; one of them is filled."""

    def __init__(self, record: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record = record
        self._look = look
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 4, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self.discard = self._button(_("放弃修改"), "arrow-back-up", f"{record}_discard")
        self.save = self._button(_("保存"), "device-floppy", f"{record}_save")
        self.save.setToolTip("Enter / Ctrl+S")
        self._next: QPushButton | None = None
        self._row.addWidget(self.discard)
        self._row.addWidget(self.save)
        self.show_unsaved(unsaved=False)

    def add_button(self, text: str, icon: str, name: str, slot: Callable[[], object]) -> QPushButton:
        """A quiet button at the left, such as history."""
        button = self._button(text, icon, name)
        button.clicked.connect(lambda _on: slot())
        self._row.insertWidget(self._row.count() - (3 if self._next is None else 4), button)
        return button

    def set_next_step(self, text: str, icon: str, name: str, slot: Callable[[], object]) -> QPushButton:
        """The one thing to do next with this record; filled while nothing is unsaved."""
        if self._next is None:
            self._next = self._button(text, icon, name)
            self._next.clicked.connect(lambda _on: slot())
            self._row.addWidget(self._next)
        self._next.setText(text)
        self._next.setAccessibleName(text)
        self.show_unsaved(unsaved=self.discard.isVisibleTo(self))
        return self._next

    def show_unsaved(self, *, unsaved: bool) -> None:
        """Fill the button that comes next: save while something is unsaved."""
        self.discard.setVisible(unsaved)
        self.save.setEnabled(unsaved)
        self.save.setVisible(unsaved or self._next is None)
        _fill(self.save, self._look, "device-floppy", primary=unsaved)
        if self._next is not None:
            self._next.setVisible(not unsaved)
            _fill(self._next, self._look, str(self._next.property("icon_name")), primary=not unsaved)

    def _button(self, text: str, icon: str, name: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        self._look.set_icon(button, icon)
        return button


def _fill(button: QPushButton, look: Look, icon: str, *, primary: bool) -> None:
    button.setProperty("look", "primary" if primary else "")
    look.set_icon(button, icon, "on_accent" if primary else "text")
    button.style().unpolish(button)
    button.style().polish(button)
    button.updateGeometry()


class LeaveBar(Bar):
    """Asks what becomes of unsaved changes, and lets the worker go on working meanwhile."""

    def __init__(self, form: RecordForm, look: Look) -> None:
        super().__init__(look, form, f"{form.record}_leave")
        self._form = form
        self._then: Callable[[], object] | None = None
        self._stay: Callable[[], object] | None = None
        self.save = self.add_button(_("保存"), f"{form.record}_leave_save", primary=True)
        self.discard = self.add_button(_("放弃"), f"{form.record}_leave_discard")
        self.stay = self.add_button(_("留下"), f"{form.record}_leave_stay")
        self.save.clicked.connect(self._do_save)
        self.discard.clicked.connect(self._do_discard)
        self.stay.clicked.connect(self._do_stay)

    def ask(self, then: Callable[[], object], stay: Callable[[], object]) -> None:
        """Ask; exactly one of `then` and `stay` is called later."""
        self._then, self._stay = then, stay
        self.say(_("这条记录有未保存的修改。"), Weight.WARN)
        self.save.setFocus()

    def _do_save(self) -> None:
        then = self._then
        self._form.save(then)

    def _do_discard(self) -> None:
        then = self._then
        self.hide()
        self._form.discard()
        if then is not None:
            then()

    def _do_stay(self) -> None:
        stay = self._stay
        self.hide()
        if stay is not None:
            stay()
