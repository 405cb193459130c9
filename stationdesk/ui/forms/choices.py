"""Editors of choices: one of a list, and yes or no."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QStandardItem,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QLineEdit, QWidget
from typing_extensions import override

from stationdesk.core.fields import Field, Value
from stationdesk.core.messages import _
from stationdesk.ui.forms.codes import list_name
from stationdesk.ui.forms.editor import Editor, Kit, Unreadable
from stationdesk.ui.forms.lookups import Option
from stationdesk.ui.theme import Look
from stationdesk.ui.words import tip

# Qt gives a StrEnum back as a plain text, so that items hold the place of a choice, never its value.
PLACE = int(Qt.ItemDataRole.UserRole)
SEARCH = PLACE + 1


class Combo(QComboBox):
    """A combo with our own arrow, that leaves the wheel to the page it stands on."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(14)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrow(self, self._look)

    @override
    def showPopup(self) -> None:
        # A narrow combo opens a list that is as wide as its words: a choice is made by reading it.
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + view.verticalScrollBar().sizeHint().width())
        super().showPopup()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # scrolling a form must never change a value


class _Completer(QCompleter):
    """Finds by words, pinyin initials or code, and writes the words."""

    @override
    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return str(index.data(Qt.ItemDataRole.DisplayRole) or "")

    @override
    def splitPath(self, path: str) -> list[str]:
        return [path.strip().lower()]


class SearchCombo(Combo):
    """A combo in which typing words, pinyin initials or a code finds the choice."""

    chosen = Signal()
    """Somebody chose; `choice` tells what."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.line = QLineEdit(self)
        self.setLineEdit(self.line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._choices = QStandardItemModel(0, 1, self)
        self._offered: list[Option] = []
        self.setModel(self._choices)
        self._finder = finder = _Completer(self._choices, self)
        finder.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        finder.setFilterMode(Qt.MatchFlag.MatchContains)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        finder.setCompletionRole(SEARCH)
        finder.setMaxVisibleItems(14)
        finder.activated[QModelIndex].connect(self._take)  # type: ignore[index]  # overloads; stubs tell one
        self.setCompleter(finder)
        self.activated.connect(lambda _row: self.chosen.emit())
        line = self.line
        line.textEdited.connect(lambda _text: self.chosen.emit())
        line.setProperty("look", "inner")
        line.setStyleSheet("border: none; background: transparent; padding: 0; min-height: 0;")
        line.installEventFilter(self)
        self._pressed = False

    def fill(self, options: Sequence[Option], *, optional: bool, keep: Value) -> None:
        """Offer `options`; hidden ones only where one of them is the value to `keep`."""
        self._offered = [option for option in options if not option.hidden or option.value == keep]
        if optional:
            self._offered.insert(0, Option(None, "", ""))
        self._choices.clear()
        for place, option in enumerate(self._offered):
            self._choices.appendRow(item_of(option, place))
        self.choose(keep)

    def choose(self, value: Value) -> None:
        """Show a value; one that is not offered is shown as it is stored."""
        for row, option in enumerate(self._offered):
            if option.value == value:
                self.setCurrentIndex(row)
                self.line.setCursorPosition(0)
                return
        self.setCurrentIndex(-1)
        self.setEditText("" if value is None else str(value))

    def choice(self) -> tuple[bool, Value]:
        """Whether what stands in it is a choice, and which."""
        text = self.currentText().strip()
        row = self.currentIndex()
        if row >= 0 and self._offered[row].label == text:
            return True, self._offered[row].value
        if not text:
            return True, None
        found = [
            each.value for each in self._offered if text == each.label or text.lower() in each.search.split()
        ]
        return len(found) == 1, found[0] if len(found) == 1 else None

    def offer(self) -> None:
        """Open the list of all choices below the words; typing goes on narrowing it."""
        finder, popup = self._finder, self._finder.popup()
        if popup is None:
            return
        self.line.selectAll()
        finder.setCompletionPrefix("")
        view = self.view()
        wide = view.sizeHintForColumn(0) + popup.verticalScrollBar().sizeHint().width()
        popup.setMinimumWidth(max(self.width(), wide))
        finder.complete()
        row = self.currentIndex()
        if row >= 0:
            popup.setCurrentIndex(finder.completionModel().index(row, 0))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A press anywhere opens the list, as it does on a combo that cannot be typed into.
        if watched is self.line and isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress:
                self._pressed = event.button() is Qt.MouseButton.LeftButton
            elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed:
                self._pressed = False
                if not self.line.hasSelectedText():
                    QTimer.singleShot(0, self, self.offer)
        return super().eventFilter(watched, event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        known, value = self.choice()
        if known:
            self.choose(value)

    def _take(self, index: QModelIndex) -> None:
        self.setCurrentIndex(int(index.data(PLACE)))
        self.chosen.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.showPopup()
            return
        super().keyPressEvent(event)


class ChoiceEditor(Editor):
    """One of the codes of a list or of the members of an enum."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.combo = SearchCombo(kit.look, self)
        self.combo.line.setPlaceholderText(_(field.spec.hint) or _("请选择"))
        self.combo.setToolTip(_("可输入文字或拼音首字母"))
        self.adopt(self.combo)
        self._value: Value = None
        self.combo.chosen.connect(self.edited)
        self.combo.activated.connect(lambda _row: self.rested.emit())
        kit.codes.loaded.connect(self._renew)
        self._fill(None)

    @override
    def show_value(self, value: Value) -> None:
        self._value = value
        self._fill(value)

    @override
    def value(self) -> Value:
        known, value = self.combo.choice()
        if known:
            return value
        if self.combo.currentIndex() < 0 and self.combo.currentText() == str(self._value):
            return self._value  # its list has not come yet, or no longer has it
        raise Unreadable("“{text}”不在选项里，请从列表中选", text=self.combo.currentText())

    def _fill(self, value: Value) -> None:
        self.combo.fill(self.kit.codes.options(self.field), optional=self.field.optional, keep=value)

    def _renew(self, name: str) -> None:
        if name != list_name(self.field):
            return
        typed = self.combo.currentText()
        known, value = self.combo.choice()
        self._fill(value if known and value is not None else self._value)
        if typed and not known and typed != str(self._value):
            self.combo.setEditText(typed)  # somebody typed before the choices came


class BoolEditor(Editor):
    """Yes or no."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self._box = QCheckBox(_(field.spec.hint) or _("是"), self)
        self.adopt(self._box)
        self._box.clicked.connect(lambda _on: self.edited.emit())
        self._box.clicked.connect(lambda _on: self.rested.emit())

    @override
    def show_value(self, value: Value) -> None:
        self._box.setChecked(bool(value))

    @override
    def value(self) -> Value:
        return self._box.isChecked()


class MaybeEditor(Editor):
    """Yes, no, or not known."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self._combo = Combo(kit.look, self)
        for words, value in ((_("不详"), None), (_("是"), True), (_("否"), False)):
            self._combo.addItem(words, value)
        self.adopt(self._combo)
        self._combo.activated.connect(lambda _row: self.edited.emit())

    @override
    def show_value(self, value: Value) -> None:
        self._combo.setCurrentIndex({None: 0, True: 1, False: 2}[value])

    @override
    def value(self) -> Value:
        return self._combo.currentData()


def paint_arrow(widget: QWidget, look: Look) -> None:
    """Draw the arrow of a combo at the right of a widget that is being painted."""
    edge = look.pixels(15)
    place = QRect(widget.width() - edge - look.pixels(8), (widget.height() - edge) // 2, edge, edge)
    painter = QPainter(widget)
    look.icon("chevron-down", "muted").paint(painter, place)
    painter.end()


def item_of(option: Option, place: int) -> QStandardItem:
    """A choice as an item that knows its place and what it is found by."""
    item = QStandardItem(option.label)
    item.setData(place, PLACE)
    item.setData(f"{option.label} {option.search}", SEARCH)
    item.setToolTip(tip(option.remark))
    return item
