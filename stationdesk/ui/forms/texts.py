"""Editors of text: one line, several lines, suggested lines, telephone, identity number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QPlainTextEdit, QWidget
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Value
from stationdesk.core.idcard import check_id, normalise
from stationdesk.core.messages import _
from stationdesk.core.text import clean, clean_line, full_to_half
from stationdesk.ui.forms.editor import Editor, Kit
from stationdesk.ui.tasks import Ticket

PAUSE = 150
"""Milliseconds of rest after which what is typed is looked up."""
_LEAST_LINES, _MOST_LINES = 2, 8
"""How high a box of lines is, in lines; longer texts scroll."""
_AROUND = 22
"""Pixels at 11 points of frame and margins."""


class LineEditor(Editor):
    """One line of text; what was shown and not edited comes back as it was."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(_(field.spec.hint))
        self.adopt(self.line)
        self._loaded: Value = None
        self._shown = ""
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.line.textChanged.connect(self._remark)
        self.line.editingFinished.connect(self.rested)

    @override
    def show_value(self, value: Value) -> None:
        self._loaded = value
        self.line.setText(self.text_of(value))
        # Not what it was given: a line holds 32,767 signs, and what it cannot show must not be cut off in the file.
        self._shown = self.line.text()
        self.line.setCursorPosition(0)

    @override
    def value(self) -> Value:
        text = self.line.text()
        if text == self._shown:
            return self._loaded
        tidy = clean_line(text)
        if not tidy:
            return None if self.field.optional else self.empty()
        return self.read(tidy)

    def text_of(self, value: Value) -> str:
        """How a value is written in the line."""
        return "" if value is None else str(value)

    def read(self, text: str) -> Value:
        """The value of a text that is not empty."""
        return text

    def empty(self) -> Value:
        """What an empty line stands for where the field is not optional."""
        return ""

    def remark(self, text: str) -> tuple[str, str]:
        """A live remark on the text and how it looks."""
        del text
        return "", "small"

    def _remark(self, text: str) -> None:
        remark, how = self.remark(clean_line(text))
        self.remarked.emit(remark, how)


class TextEditor(Editor):
    """Several lines of text. Enter makes a new line; Tab goes on to the next field."""

    tall = True

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.box = _Box(self)
        self.box.setTabChangesFocus(True)
        self.box.setPlaceholderText(_(field.spec.hint))
        self.adopt(self.box)
        self._loaded: Value = None
        self._shown = ""
        self._showing = False
        self.box.textChanged.connect(self._edit)
        self.box.textChanged.connect(self.fit)
        kit.look.changed.connect(self.fit)
        self.fit()

    @override
    def show_value(self, value: Value) -> None:
        self._loaded = value
        self._showing = True
        self.box.setPlainText("" if value is None else str(value))
        self._shown = self.box.toPlainText()
        self._showing = False

    @override
    def value(self) -> Value:
        text = self.box.toPlainText()
        if text == self._shown:
            return self._loaded
        tidy = clean(text).strip()
        return tidy if tidy or not self.field.optional else None

    def _edit(self) -> None:
        if not self._showing:
            self.edited.emit()

    def fit(self) -> None:
        """As high as its lines, wrapped ones too, measured as they are drawn: Chinese may come from another font."""
        spacing = QFontMetrics(self.box.font()).lineSpacing()
        layout = self.box.document().documentLayout()
        block = self.box.document().begin()
        lines, height = 0, 0.0
        while block.isValid() and lines < _MOST_LINES:
            lines += max(block.layout().lineCount(), 1)
            height += layout.blockBoundingRect(block).height()
            block = block.next()
        if lines > _MOST_LINES:
            height *= _MOST_LINES / lines
        around = self.kit.look.pixels(_AROUND)
        self.box.setFixedHeight(max(round(height), _LEAST_LINES * spacing) + around)


class _Box(QPlainTextEdit):
    """A text box that says when it is left, and when its lines wrap anew, through its editor."""

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        owner = self.parent()
        if isinstance(owner, TextEditor) and event.size().width() != event.oldSize().width():
            owner.fit()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        owner = self.parent()
        if isinstance(owner, TextEditor):
            owner.rested.emit()


class SuggestedEditor(LineEditor):
    """One line of text that offers what was typed into the same field before."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self._offers = QStringListModel(self)
        completer = QCompleter(self._offers, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated.connect(lambda *_what: self.edited.emit())
        self.line.setCompleter(completer)
        self._ticket: Ticket | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._ask)
        self.line.textEdited.connect(lambda _text: self._timer.start())

    def _ask(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
        self._ticket = self.kit.desk.read(
            self.kit.lookups.suggest, self.field.record, self.field.key, self.line.text(), then=self._offer
        )

    def _offer(self, texts: Sequence[str]) -> None:
        self._offers.setStringList([text for text in texts if text != self.line.text()])
        if texts and self.line.hasFocus():
            self.line.completer().complete()


_MOBILE = re.compile(r"1[3-9]\d{9}")
_FIXED = re.compile(r"0\d{2,3}-?[2-9]\d{6,7}(-\d{1,6})?")
_LOCAL = re.compile(r"[2-9]\d{6,7}(-\d{1,6})?|1\d{2,5}|[48]00-?\d{3}-?\d{4}")


class PhoneEditor(LineEditor):
    """A telephone number; an odd one is remarked on and kept, because notes such as “转 802” are useful."""

    @override
    def read(self, text: str) -> Value:
        half = full_to_half(text)
        return half if half.replace("-", "").isdigit() else text

    @override
    def remark(self, text: str) -> tuple[str, str]:
        half = full_to_half(text)
        if not half or any(pattern.fullmatch(half) for pattern in (_MOBILE, _FIXED, _LOCAL)):
            return "", "small"
        if half.isdigit() and half.startswith("1") and len(half) != 11:
            return _("手机号是 11 位，现在 {count} 位").format(count=len(half)), "problem"
        return _("不像电话号码，请核对"), "small"


class IdNumberEditor(LineEditor):
    """An identity number, checked while it is typed; whether a wrong one may be kept is the record's own rule."""

    @override
    def read(self, text: str) -> Value:
        return normalise(text)

    @override
    def remark(self, text: str) -> tuple[str, str]:
        if not text:
            return "", "small"
        number = normalise(text)
        if len(number) < 18 and number.isdigit() and len(number) != 15 and self.line.hasFocus():
            return _("已输入 {count} 位，共 18 位").format(count=len(number)), "small"
        try:
            card = check_id(number, self.kit.today())
        except UserError as error:
            return str(error), "problem"
        return _("有效 · {sex} · {birth}").format(sex=_(card.sex.label), birth=card.birth_date), "good"
