"""The editor of a set of codes: the chosen words in a field, a check list that opens below it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSortFilterProxyModel, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.fields import JOINT, Field, Value, plain_code
from stationdesk.core.messages import _
from stationdesk.ui.forms.choices import SEARCH, item_of, paint_arrow
from stationdesk.ui.forms.codes import list_name
from stationdesk.ui.forms.editor import Editor, Kit
from stationdesk.ui.forms.lookups import Option
from stationdesk.ui.words import tip


class SetEditor(Editor):
    """Several codes of a list or members of an enum. Space, Enter, Alt+Down or a click open the check list."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self._shown = _Words(kit, self)
        self._shown.setReadOnly(True)
        self._shown.setProperty("look", "set")
        self._shown.setCursor(Qt.CursorShape.PointingHandCursor)
        self._shown.setPlaceholderText(_(field.spec.hint) or _("点击选择，可多选"))
        self._shown.installEventFilter(self)
        self.adopt(self._shown)
        self._chosen: frozenset[Value] = frozenset()
        self._loaded: Value = None
        kit.codes.loaded.connect(self._renew)

    @override
    def show_value(self, value: Value) -> None:
        self._loaded = value
        self._chosen = value or frozenset()
        self._draw()

    @override
    def value(self) -> Value:
        if self._chosen == (self._loaded or frozenset()):
            return self._loaded if self._loaded is not None or self.field.optional else frozenset()
        return self._chosen if self._chosen or not self.field.optional else None

    def open_list(self) -> None:
        """Open the check list."""
        popup = CheckList(self, self.field, self.kit, self.kit.codes.options(self.field), self._chosen)
        popup.toggled_to = self._choose
        popup.open_at(self._shown)

    def _choose(self, chosen: frozenset[Value]) -> None:
        self._chosen = chosen
        self._draw()
        self.edited.emit()

    def _draw(self) -> None:
        options = self.kit.codes.options(self.field)
        labels = {option.value: option.label for option in options}
        order = {option.value: place for place, option in enumerate(options)}
        ranked = sorted(self._chosen, key=lambda each: (order.get(each, len(order)), plain_code(each)))
        text = JOINT.join(labels.get(each, plain_code(each)) for each in ranked)
        self._shown.setText(text)
        self._shown.setToolTip(tip(text))
        self._shown.setCursorPosition(0)

    def _renew(self, name: str) -> None:
        if name == list_name(self.field):
            self._draw()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._shown:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                down = event.key() == Qt.Key.Key_Down
                if event.key() == Qt.Key.Key_Space or down:
                    self.open_list()
                    return True
            if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
                self.open_list()
                return True
        return super().eventFilter(watched, event)


class _Words(QLineEdit):
    """The chosen words, with the arrow of a combo."""

    def __init__(self, kit: Kit, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = kit.look

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrow(self, self._look)


class CheckList(QFrame):
    """A list of choices to tick, with a box to find them by words or pinyin initials."""

    def __init__(
        self, parent: QWidget, field: Field, kit: Kit, options: tuple[Option, ...], chosen: frozenset[Value]
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName(f"{field.name}.list")
        self.setProperty("look", "popup")
        self._kit = kit
        self.toggled_to = _ignore
        self._items = QStandardItemModel(0, 1, self)
        self._offered = [option for option in options if not option.hidden or option.value in chosen]
        for place, option in enumerate(self._offered):
            item = item_of(option, place)
            item.setCheckable(True)
            item.setEditable(False)
            item.setCheckState(Qt.CheckState.Checked if option.value in chosen else Qt.CheckState.Unchecked)
            self._items.appendRow(item)
        self._strangers = chosen - {option.value for option in options}
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self._items)
        self._found.setFilterRole(SEARCH)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._find = QLineEdit(self)
        self._find.setObjectName(f"{field.name}.find")
        self._find.setAccessibleName(_("{field}：查找选项").format(field=_(field.label)))
        self._find.setPlaceholderText(_("输入文字或拼音首字母"))
        self._find.textChanged.connect(self._found.setFilterFixedString)
        self._find.installEventFilter(self)
        self._view = QListView(self)
        self._view.setObjectName(f"{field.name}.options")
        self._view.setAccessibleName(_(field.label))
        self._view.setModel(self._found)
        self._view.setProperty("look", "clear")
        self._view.installEventFilter(self)
        self._view.clicked.connect(self._toggle_clicked)
        self._count = QLabel(self)
        self._count.setProperty("look", "small")
        done = QPushButton(_("完成"), self)
        done.setObjectName(f"{field.name}.done")
        done.setAccessibleName(_("完成"))
        done.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(done)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self._find)
        column.addWidget(self._view, 1)
        column.addLayout(foot)
        self._find.setVisible(self._items.rowCount() > 8)
        self._items.itemChanged.connect(self._tell)
        self._ticks = chosen
        self._tell_count()

    def open_at(self, place: QWidget) -> None:
        """Open below `place`, or above it where there is no room."""
        row = max(self._view.sizeHintForRow(0), 26)
        rows = min(self._items.rowCount(), 12)
        height = rows * row + self._kit.look.pixels(110 if self._find.isVisibleTo(self) else 66)
        self.resize(max(place.width(), self._kit.look.pixels(260)), height)
        corner = place.mapToGlobal(QPoint(0, place.height() + 2))
        room = self.screen().availableGeometry()
        if corner.y() + height > room.bottom():
            corner.setY(max(place.mapToGlobal(QPoint(0, 0)).y() - height - 2, room.top()))
        corner.setX(min(corner.x(), max(room.right() - self.width(), room.left())))
        self.move(corner)
        self.show()
        self._view.setCurrentIndex(self._found.index(0, 0))
        (self._find if self._find.isVisible() else self._view).setFocus()

    @property
    def chosen(self) -> frozenset[Value]:
        """What is ticked, with codes that the list no longer has."""
        ticked = {
            option.value
            for row, option in enumerate(self._offered)
            if self._items.item(row).checkState() is Qt.CheckState.Checked
        }
        return frozenset(ticked) | self._strangers

    def _tell(self) -> None:
        if self.chosen != self._ticks:
            self._ticks = self.chosen
            self._tell_count()
            self.toggled_to(self._ticks)

    def _tell_count(self) -> None:
        self._count.setText(_("已选 {count}").format(count=len(self._ticks)))

    def _toggle_clicked(self) -> None:
        # A click on the box has ticked it already; one on the words has not.
        if self._ticks_before == self._ticks:
            self._toggle()
        self._ticks_before = self._ticks

    _ticks_before: frozenset[Value] = frozenset()

    def _toggle(self) -> None:
        index = self._found.mapToSource(self._view.currentIndex())
        if index.isValid():
            item = self._items.itemFromIndex(index)
            on = item.checkState() is Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            self._ticks_before = self._ticks
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if event.modifiers() & Qt.KeyboardModifier.ControlModifier or not self._find.text():
                    self.close()
                else:
                    self._toggle_found()
                return True
            if key == Qt.Key.Key_Space and watched is self._view:
                self._toggle()
                return True
            if watched is self._find and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._view.setFocus()
                return True
        return super().eventFilter(watched, event)

    def _toggle_found(self) -> None:
        """Enter after typing ticks the first choice found, and makes room for the next word."""
        if not self._view.currentIndex().isValid():
            self._view.setCurrentIndex(self._found.index(0, 0))
        self._toggle()
        self._find.clear()


def _ignore(chosen: frozenset[Value]) -> None:
    del chosen
