"""One row of a form: label, editor, and the sentence below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from stationdesk.core.fields import Field, Value
from stationdesk.core.messages import _
from stationdesk.ui.forms.editor import Kit, ReadOnly, Unreadable
from stationdesk.ui.forms.editors import editor_for

LABEL_WIDTH = 104
"""Pixels at 11 points; a longer label wraps."""


class FieldBox(QWidget):
    """A field on a form: what it is called, its editor, what is wrong with it."""

    reveal_wanted = Signal(str)

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._kit = kit
        self.setProperty("look", "clear")
        self.editor = editor_for(field, kit, self)
        self.editable = not isinstance(self.editor, ReadOnly)
        required = self.editable and not field.optional and not field.many and field.type is not bool
        self._label = QLabel(_(field.label), self)
        self._label.setProperty("look", "field")
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._label.setBuddy(self.editor.main)
        if field.spec.hint:
            self._label.setToolTip(_(field.spec.hint))
        self._remark = QLabel(self)
        self._remark.setObjectName(f"{field.name}.remark")
        self._remark.setWordWrap(True)
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self._remark.hide()
        self._problem = ""
        self._live = ("", "small")
        self._masked: QWidget | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        grid.addWidget(self._label, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.editor, 0, 1)
        grid.addWidget(self._remark, 1, 1)
        grid.setColumnStretch(1, 1)
        self._grid = grid
        self.set_required(required=required)
        self.editor.remarked.connect(self._note)
        kit.look.changed.connect(self._scale)
        self._scale()

    @property
    def wide(self) -> bool:
        """Whether it needs the width of the form."""
        return self.editor.tall or self.field.spec.width >= 30

    @property
    def masked(self) -> bool:
        """Whether the value is hidden from this worker until it is revealed."""
        return self._masked is not None

    @property
    def problem(self) -> str:
        """The sentence about what is wrong; empty when nothing is."""
        return self._problem

    @property
    def value(self) -> Value:
        """What stands in it; None where that is masked or cannot be read."""
        if self.masked:
            return None
        try:
            return self.editor.value()
        except Unreadable:
            return None

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.masked and self.value in (None, "", frozenset())

    def show_masked(self, text: str) -> None:
        """Show the masked text, read only, with a button that asks for the whole of it."""
        self.unmask()
        cover = QWidget(self)
        line = QLineEdit(text, cover)
        line.setReadOnly(True)
        line.setObjectName(f"{self.field.name}.masked")
        line.setAccessibleName(_("{field}（已隐去）").format(field=_(self.field.label)))
        button = QToolButton(cover)
        button.setObjectName(f"{self.field.name}.reveal")
        button.setAccessibleName(_("显示{field}，会记入查看记录").format(field=_(self.field.label)))
        button.setToolTip(_("显示全部，会记入查看记录"))
        self._kit.look.set_icon(button, "eye", "muted")
        button.clicked.connect(lambda: self.reveal_wanted.emit(self.field.key))
        row = QHBoxLayout(cover)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(line, 1)
        row.addWidget(button)
        self._masked = cover
        self.editor.hide()
        self._grid.addWidget(cover, 0, 1)

    def unmask(self) -> None:
        """Put the editor back."""
        if self._masked is not None:
            self._grid.removeWidget(self._masked)
            self._masked.hide()
            self._masked.deleteLater()
            self._masked = None
            self.editor.show()

    def set_problem(self, sentence: str) -> None:
        """Say what is wrong at the field; an empty sentence takes it away."""
        if sentence == self._problem:
            return
        self._problem = sentence
        self.editor.mark_problem(bool(sentence))
        self._draw()

    def set_required(self, *, required: bool) -> None:
        """Mark the label of what must not stay empty, also where only this step asks for it."""
        self._label.setText(f"{_(self.field.label)} *" if required else _(self.field.label))

    def set_changed(self, *, changed: bool) -> None:
        """Mark the label while the value differs from what is saved."""
        if self._label.property("changed") == changed:
            return
        self._label.setProperty("changed", changed)
        self._label.style().unpolish(self._label)
        self._label.style().polish(self._label)

    def note(self, text: str) -> None:
        """A quiet remark, such as where a value came from."""
        self._note(text, "good")

    def _note(self, text: str, how: str) -> None:
        self._live = (text, how)
        self._draw()

    def _draw(self) -> None:
        text, how = (self._problem, "problem") if self._problem else self._live
        self._remark.setText(text)
        self._remark.setVisible(bool(text))
        if self._remark.property("look") != how:
            self._remark.setProperty("look", how)
            self._remark.style().unpolish(self._remark)
            self._remark.style().polish(self._remark)

    def _scale(self) -> None:
        self._label.setFixedWidth(self._kit.look.pixels(LABEL_WIDTH))
        self._label.setContentsMargins(0, self._kit.look.pixels(6), 0, 0)
