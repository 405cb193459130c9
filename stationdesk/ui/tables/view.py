"""The view of a long list: rows chosen by key, columns that use the width, everything by keyboard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from stationdesk.core.fields import Key
from stationdesk.ui.tables.delegate import MARGIN, ROW_HEIGHT, CellDelegate
from stationdesk.ui.tables.header import SortHeader
from stationdesk.ui.tables.model import RowModel
from stationdesk.ui.tables.pills import is_pill
from stationdesk.ui.theme import Look

_WIDE = 8
"""Columns of so many characters or more give way, and share the width that is left over; codes and days never."""


class RowView(QTableView):
    """A table of whole rows."""

    opened = Signal(str)
    """Enter or a double click on a row."""
    current_changed = Signal(str)
    """Another row is current; empty when there is none."""
    selection_counted = Signal(int)
    sort_wanted = Signal(int)
    copy_wanted = Signal()
    paste_wanted = Signal()
    widths_changed = Signal()

    def __init__(self, rows: RowModel, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._look = look
        self._own_widths: dict[str, int] = {}
        self._fitting = False
        self._current = ""
        self._restoring = False
        self._kept: tuple[frozenset[Key], str] = (frozenset(), "")
        self.setObjectName(name)
        self._cells = CellDelegate(look, self)
        self.setItemDelegate(self._cells)
        self.setModel(rows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        down = self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.head = SortHeader(look, self)
        self._adopt_head(self.head)
        # After the head has its own connections: it shares the choice of rows and clears it on a reset.
        self.doubleClicked.connect(lambda _index: self._open())
        rows.modelAboutToBeReset.connect(self._keep)
        rows.modelReset.connect(self._restore)
        self.selectionModel().selectionChanged.connect(self._tell_selection)
        self.selectionModel().currentRowChanged.connect(self._tell_current)
        look.changed.connect(self._scale)
        self._scale()

    def _adopt_head(self, across: QHeaderView) -> None:
        self.setHorizontalHeader(across)
        across.setHighlightSections(False)
        across.setStretchLastSection(False)
        across.setSectionsClickable(True)
        across.setSortIndicatorShown(False)
        across.setMinimumSectionSize(40)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.sectionClicked.connect(self.sort_wanted)
        across.sectionResized.connect(self._dragged)
        self._fit()

    # Rows by key

    @property
    def current_key(self) -> str:
        """The key of the current row; empty when there is none."""
        return self._current

    def selected_keys(self) -> tuple[Key, ...]:
        """The keys of the chosen rows, in the order of the list."""
        keys = self._rows.keys
        places: set[int] = set()
        for area in self.selectionModel().selection().toList():
            places.update(range(area.top(), area.bottom() + 1))
        return tuple(keys[place] for place in sorted(places))

    def select(self, key: str) -> bool:
        """Make a row current and choose it alone. False when the list does not hold it."""
        place = self._rows.place_of(Key(key)) if key else None
        if place is None:
            return False
        # The view's own setCurrentIndex would toggle the row while Ctrl is down, as in the keys that switch tabs.
        self.selectionModel().setCurrentIndex(
            self._rows.index(place, 0),
            QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
        )
        self.scrollTo(self._rows.index(place, 0))
        return True

    def _keep(self) -> None:
        chosen = frozenset(self.selected_keys()) if self.selectionModel().hasSelection() else frozenset()
        self._kept = (chosen, self._current)
        self._restoring = True

    def _restore(self) -> None:
        chosen, current = self._kept
        choice = QItemSelection()
        last = len(self._rows.fields) - 1
        for first, end in _runs(place for key in chosen if (place := self._rows.place_of(key)) is not None):
            choice.select(self._rows.index(first, 0), self._rows.index(end, last))
        place = self._rows.place_of(Key(current)) if current else None
        model = self.selectionModel()
        model.select(choice, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if place is not None:
            model.setCurrentIndex(self._rows.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(self._rows.index(place, 0))
        self._restoring = False
        if place is None and current:
            self._current = ""
            self.current_changed.emit("")
        self._tell_selection()
        self._fit()

    def _tell_selection(self) -> None:
        if not self._restoring:
            areas = self.selectionModel().selection().toList()
            self.selection_counted.emit(sum(area.bottom() - area.top() + 1 for area in areas))

    def _tell_current(self, current: QModelIndex) -> None:
        if self._restoring:
            return
        key = self._rows.keys[current.row()] if current.isValid() else ""
        if key != self._current:
            self._current = key
            self.current_changed.emit(key)

    def _open(self) -> None:
        if self._current:
            self.opened.emit(self._current)

    # Columns

    def widths(self) -> Mapping[str, int]:
        """The columns that were dragged, in pixels at 11 points by field key; to be kept and given back."""
        return dict(self._own_widths)

    def set_widths(self, widths: Mapping[str, int]) -> None:
        """Give columns the widths that the worker dragged them to."""
        self._own_widths = dict(widths)
        self._fit()

    def _dragged(self, section: int, _old: int, new: int) -> None:
        if not self._fitting:
            scale = self._look.pixels(100) / 100
            self._own_widths[self._rows.fields[section].key] = round(new / scale)
            self.widths_changed.emit()

    def _natural(self) -> list[int]:
        metrics = self.fontMetrics()
        across = self.horizontalHeader()
        widths = []
        for section, field in enumerate(self._rows.fields):
            if field.key in self._own_widths:
                widths.append(self._look.pixels(self._own_widths[field.key]))
                continue
            letters = metrics.horizontalAdvance("中") * field.spec.width
            words = across.sectionSizeHint(section)
            if is_pill(field.type):
                letters += 2 * self._look.pixels(MARGIN)
            widths.append(max(letters + 2 * self._look.pixels(MARGIN), words))
        return widths

    def _fit(self) -> None:
        """Fill the width with as many whole columns as it holds; those behind them are reached by scrolling.

        Roomy columns that nobody dragged give way first; what is left over is shared among wide ones.
        """
        fields = self._rows.fields
        if not fields:
            return
        widths = self._natural()
        room = self.viewport().width()
        gives = [
            width // 4 if each.key not in self._own_widths and each.spec.width >= _WIDE else 0
            for width, each in zip(widths, fields, strict=True)
        ]
        count = len(fields)
        while count > 1 and sum(widths[:count]) - sum(gives[:count]) > room:
            count -= 1
        left = room - sum(widths[:count])
        if left < 0:
            _shrink(widths, gives[:count], -left)
        if left > 0:
            free = [place for place in range(count) if fields[place].key not in self._own_widths]
            takers = [place for place in free if fields[place].spec.width >= _WIDE] or free or [count - 1]
            total = sum(widths[place] for place in takers)
            for place in takers:
                widths[place] += left * widths[place] // total
            widths[takers[-1]] += room - sum(widths[:count])
        self._fitting = True
        for place, width in enumerate(widths):
            self.setColumnWidth(place, width)
        self._fitting = False

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _scale(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._look.pixels(ROW_HEIGHT))
        self.verticalHeader().setMinimumSectionSize(self._look.pixels(ROW_HEIGHT))
        self._fit()

    # Painting and keys

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        index = self.currentIndex()
        if not self.hasFocus() or not index.isValid():
            return
        row = self.visualRect(index)
        ring = QRect(1, row.top(), self.viewport().width() - 3, row.height() - 2)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.colour("accent"), 2))
        painter.drawRoundedRect(ring, 4, 4)
        painter.end()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(round(event.position().y())))
        super().mouseMoveEvent(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row != self._cells.hovered:
            self._cells.hovered = row
            self.viewport().update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit()
        elif plain and key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._rows.keys:
            # In a list of whole rows these mean the first and the last row.
            place = 0 if key == Qt.Key.Key_Home else len(self._rows.keys) - 1
            self.setCurrentIndex(self._rows.index(place, 0))
        else:
            super().keyPressEvent(event)


def _shrink(widths: list[int], gives: list[int], excess: int) -> None:
    """Take `excess` pixels from the columns that give way, each in its measure."""
    total = sum(gives)
    for place, each in enumerate(gives):
        widths[place] -= min(each, -(-each * excess // total)) if total else 0


def _runs(places: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place in sorted(places):
        if runs and place == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
