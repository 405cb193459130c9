"""The editor of a link: type a name, pick the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget
from typing_extensions import override

from stationdesk.core.fields import Field, Key, Value
from stationdesk.core.messages import _
from stationdesk.services.listing import Filter
from stationdesk.ui.forms.editor import Editor, Kit, Unreadable
from stationdesk.ui.forms.lookups import Pick
from stationdesk.ui.forms.texts import PAUSE
from stationdesk.ui.tasks import Ticket
from stationdesk.ui.words import tip

_KEY = int(Qt.ItemDataRole.UserRole)
_TITLE = _KEY + 1
_OFFERED = 20
_COMING = (
    Qt.FocusReason.MouseFocusReason,
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
)
"""How a person comes to a field; where a new form puts the keyboard there, no list covers it unasked."""


class _PickCompleter(QCompleter):
    """Writes the title alone; the list shows what tells it from its namesakes too."""

    @override
    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return str(index.data(_TITLE) or "")


class LinkEditor(Editor):
    """A link to another record, found by name, pinyin or number while typing."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(_(field.spec.hint) or _("输入姓名、名称或拼音首字母"))
        self.adopt(self.line)
        self._offers = QStandardItemModel(0, 1, self)
        self._finder = _PickCompleter(self._offers, self)
        self._finder.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._finder.setMaxVisibleItems(10)
        self._finder.activated[QModelIndex].connect(self._take)  # type: ignore[index]  # overloads; stubs tell one
        self.line.setCompleter(self._finder)
        self._key: Value = None
        self._title = ""
        self._reading: Ticket | None = None
        self._near: Callable[[], Filter | None] = _nowhere
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._ask)
        self.line.textEdited.connect(self._edit)
        self.line.installEventFilter(self)

    @override
    def show_value(self, value: Value) -> None:
        self._key = value
        self._timer.stop()
        self._drop()
        self._name("")
        if value is not None:
            self._reading = self.kit.desk.read(
                self.kit.lookups.title_of, self.field.spec.link, value, then=self._name
            )

    @override
    def value(self) -> Value:
        if self.line.text().strip() == self._title.strip():
            return self._key
        if not self.line.text().strip():
            return None
        raise Unreadable("没有选中“{text}”：请从列表里点选，或先登记它", text=self.line.text())

    def offer_near(self, near: Callable[[], Filter | None]) -> None:
        """Offer first what `near` holds for, such as the people of the household that the form names."""
        self._near = near

    def choose(self, pick: Pick) -> None:
        """Take a record as if it had been picked."""
        self._key = pick.key
        self._name(pick.title)
        self.edited.emit()
        self.rested.emit()

    def _name(self, title: str) -> None:
        self._title = title
        self.line.setText(title)
        self.line.setCursorPosition(0)

    def _edit(self, text: str) -> None:
        self._drop()
        if not text.strip():
            self._key, self._title = None, ""
        self.edited.emit()
        self._timer.start()

    def _drop(self) -> None:
        if self._reading is not None:
            self._reading.drop()
            self._reading = None

    def _ask(self) -> None:
        self._drop()
        self._reading = self.kit.desk.read(
            self.kit.lookups.pick,
            self.field.spec.link,
            self.line.text().strip(),
            _OFFERED,
            self._near(),
            then=self._offer,
        )

    def _offer(self, picks: Sequence[Pick]) -> None:
        self._offers.clear()
        for pick in picks:
            words = f"{pick.title}  ·  {pick.subtitle}" if pick.subtitle else pick.title
            item = QStandardItem(words)
            item.setData(str(pick.key), _KEY)
            item.setData(pick.title, _TITLE)
            item.setToolTip(tip(words))
            self._offers.appendRow(item)
        if not picks:
            self.remarked.emit(_("没有找到，换个字试试，或先登记它"), "small")
        else:
            self.remarked.emit("", "small")
        if picks and self.line.hasFocus():
            self._finder.complete()
        elif (popup := self._finder.popup()) is not None:
            popup.hide()  # an empty list left open hides the fields below it and swallows the next keys

    def _take(self, index: QModelIndex) -> None:
        self._key = Key(str(index.data(_KEY)))
        self._name(str(index.data(_TITLE)))
        self.edited.emit()
        self.rested.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # An empty link offers the latest records when a person comes to it, presses it, or asks with the arrow.
        if watched is self.line and not self.line.text() and _asks(event):
            self._timer.start()
        return super().eventFilter(watched, event)


def _asks(event: QEvent) -> bool:
    if isinstance(event, QFocusEvent):
        return event.gotFocus() and event.reason() in _COMING
    if isinstance(event, QKeyEvent):
        return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down
    return event.type() == QEvent.Type.MouseButtonRelease


def _nowhere() -> None:
    """Nothing is nearer than the rest."""
