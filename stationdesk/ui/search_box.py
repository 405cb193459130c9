"""The one search box: hits while typing, Enter opens the chosen one in its tab."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.db.models import RECORD_TITLES
from stationdesk.services.search import Hit, search
from stationdesk.ui.desk import Desk
from stationdesk.ui.tasks import Ticket
from stationdesk.ui.theme import Look

_PAUSE = 120
"""Milliseconds of rest after which typed words are searched."""
_ROWS = 9
_KIND = int(Qt.ItemDataRole.UserRole)
_MORE = _KIND + 1


class SearchBox(QLineEdit):
    """Finds any record by name, pinyin initials, village, last four digits."""

    opened = Signal(str, str)
    """The record and key of the hit that was chosen."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._hits: tuple[Hit, ...] = ()
        self._reading: Ticket | None = None
        self.setObjectName("search_box")
        self.setAccessibleName(_("查找"))
        self.setPlaceholderText(_("找人、资源、需求：姓名 拼音 村 后四位   Ctrl+F"))
        self._popup = _Popup(desk.look, window)
        self._popup.view.clicked.connect(lambda index: self._open(index.row()))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._search)
        self.textChanged.connect(self._type)
        self.installEventFilter(self)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """What was found."""
        return self._hits

    def _type(self, text: str) -> None:
        if text.strip():
            self._timer.start()
        else:
            self._timer.stop()
            self._close()

    def _search(self) -> None:
        if self._reading is not None:
            self._reading.drop()
        self._reading = self._desk.read(search, self.text().strip(), then=self._show)

    def _show(self, hits: Sequence[Hit]) -> None:
        self._reading = None
        self._hits = tuple(hits)
        if self.hasFocus() and self.text().strip():
            self._popup.show_hits(self._hits, self)

    def _close(self) -> None:
        if self._reading is not None:
            self._reading.drop()
        self._popup.hide()

    def _open(self, row: int) -> None:
        if 0 <= row < len(self._hits):
            hit = self._hits[row]
            self._close()
            self.clear()
            self.opened.emit(hit.record, str(hit.key))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self and event.type() == QEvent.Type.FocusOut:
            self._popup.hide()
        if watched is self and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._popup.isVisible():
                self._popup.move_by(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._open(self._popup.row if self._popup.isVisible() else -1)
                return True
            if key == Qt.Key.Key_Escape:
                self.clear()
                self._popup.hide()
                return True
        return super().eventFilter(watched, event)


class _Popup(QFrame):
    """The hits below the box. A child of the window, so that the keyboard stays in the box."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._look = look
        self._window = window
        self.setObjectName("search_popup")
        self.setProperty("look", "popup")
        self._items = QStandardItemModel(0, 1, self)
        self.view = QListView(self)
        self.view.setObjectName("search_hits")
        self.view.setAccessibleName(_("查找结果"))
        self.view.setProperty("look", "clear")
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.view.setModel(self._items)
        self.view.setItemDelegate(_HitDelegate(look, self.view))
        self._none = QLabel(_("没有找到。可以换成拼音首字母、村名或号码后四位试试。"), self)
        self._none.setObjectName("search_none")
        self._none.setProperty("look", "muted")
        self._none.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.view)
        column.addWidget(self._none)
        self.hide()

    @property
    def row(self) -> int:
        """The chosen hit."""
        return self.view.currentIndex().row()

    def show_hits(self, hits: Sequence[Hit], below: QWidget) -> None:
        """Fill and open."""
        self._items.clear()
        for hit in hits:
            item = QStandardItem(hit.title)
            item.setData(_(RECORD_TITLES.get(hit.record, hit.record)), _KIND)
            item.setData(hit.subtitle, _MORE)
            self._items.appendRow(item)
        self.view.setVisible(bool(hits))
        self._none.setVisible(not hits)
        height = self._look.pixels(34) * min(max(len(hits), 1), _ROWS) + self._look.pixels(18)
        width = max(below.width(), self._look.pixels(440))
        corner = below.mapTo(self._window, QPoint(below.width() - width, below.height() + 4))
        self.setGeometry(max(corner.x(), 4), corner.y(), width, height)
        if hits:
            self.view.setCurrentIndex(self._items.index(0, 0))
        self.show()
        self.raise_()

    def move_by(self, step: int) -> None:
        """Choose the next or the previous hit."""
        row = (self.row + step) % max(self._items.rowCount(), 1)
        self.view.setCurrentIndex(self._items.index(row, 0))


class _HitDelegate(QStyledItemDelegate):
    """Kind, title, and what tells it from its namesakes."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, self._look.pixels(34))

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = self._look
        painter.save()
        place = QRect(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent_soft"))
            painter.drawRoundedRect(place, 5, 5)
        middle = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        place.adjust(look.pixels(8), 0, -look.pixels(8), 0)
        kind_width = look.pixels(64)
        painter.setPen(look.colour("accent"))
        painter.drawText(
            QRect(place.left(), place.top(), kind_width, place.height()), middle, str(index.data(_KIND))
        )
        place.setLeft(place.left() + kind_width)
        metrics = painter.fontMetrics()
        title = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, place.width())
        painter.setPen(look.colour("text"))
        painter.drawText(place, middle, title)
        place.setLeft(place.left() + metrics.horizontalAdvance(title) + look.pixels(14))
        painter.setPen(look.colour("muted"))
        more = metrics.elidedText(str(index.data(_MORE) or ""), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, middle, more)
        painter.restore()
