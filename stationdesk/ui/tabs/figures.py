"""月报表 on the screen: three figures a line, and what the year asks for, which is typed in place.

A figure that is not nought looks like a link and opens its rows: in a list of the window where one shows exactly
those, otherwise in a window of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QCursor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.services.ledgers.screen import FigureCell, FigureLine
from stationdesk.ui.theme import Look

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_FIRST = 3
"""The first of the columns with figures."""
_ROW = 30
_MARGIN = 8
_TARGET, _DONE = _FIRST + 3, _FIRST + 4
_OPENS = int(Qt.ItemDataRole.UserRole) + 1
_COUNTED_IN = {
    "household": ("户",),
    "person": ("人",),
    "visit": ("户次", "次"),
    "need": ("项",),
    "resource": ("个",),
    "match": ("次",),
}
"""What a row of each list is one of. A figure in anything else is not the number of the rows behind it."""


class FigureModel(QAbstractTableModel):
    """The lines of a month."""

    target_typed = Signal(str, str)
    """A target was typed for a line: its key, and the text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[FigureLine] = ()

    def show(self, lines: Sequence[FigureLine]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def cell_at(self, row: int, column: int) -> FigureCell | None:
        """The figure at a place; None where there is none, or nothing behind it."""
        if not _FIRST <= column < _TARGET or not 0 <= row < len(self._lines):
            return None
        cell = self._lines[row].cells[column - _FIRST]
        return cell if cell.opens else None

    def is_listed(self, row: int, column: int) -> bool:
        """Whether a list of the window shows as many rows as the figure says."""
        cell = self.cell_at(row, column)
        if cell is None or cell.query is None:
            return False
        return self._lines[row].unit in _COUNTED_IN.get(cell.query.record, ())

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == _TARGET else flags

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or index.column() != _TARGET or role != Qt.ItemDataRole.EditRole:
            return False
        line = self._lines[index.row()]
        if str(value).strip() != line.target:
            self.target_typed.emit(line.key, str(value))
        return True

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else _DONE + 1

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _headings()[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_side(section) | Qt.AlignmentFlag.AlignVCenter)
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        opens = self.cell_at(index.row(), index.column()) is not None
        match role:
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(_side(index.column()) | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.EditRole if index.column() == _TARGET:
                return self._lines[index.row()].target
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(index.row(), index.column(), spoken=role != Qt.ItemDataRole.DisplayRole)
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(index.column(), opens=opens)
            case _:
                return opens if role == _OPENS else None

    def _text(self, row: int, column: int, *, spoken: bool) -> str:
        line = self._lines[row]
        if column == 0:  # the group is written once, and read out with every line
            first = row == 0 or self._lines[row - 1].group != line.group
            return _(line.group) if first or spoken else ""
        if column < _FIRST:  # the workbook is Chinese, what the screen shows of it is translated
            return _((line.label, line.unit)[column - 1])
        if column >= _TARGET:
            done = f"{line.done}%" if line.done else ""
            return line.target if column == _TARGET else done
        return line.cells[column - _FIRST].text


def _tip(column: int, *, opens: bool) -> str | None:
    if column == _TARGET:
        return _("双击填写本年度的指标，清空就是不设")
    return _("点开看是哪些，右键导出附表") if opens else None


def _headings() -> tuple[str, ...]:
    return (
        _("类别"),
        _("指标"),
        _("单位"),
        _("本月"),
        _("上月"),
        _("本年累计"),
        _("年度指标"),
        _("完成率"),
    )


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column >= _FIRST else Qt.AlignmentFlag.AlignLeft


class FigureDelegate(QStyledItemDelegate):
    """Even lines; links in the accent colour; a stronger line where another group begins."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = self._look
        place = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(place, look.colour("accent_soft" if selected else "surface"))
        below = index.sibling(index.row() + 1, 0)
        last = not below.isValid() or bool(below.data())
        painter.setPen(QPen(look.colour("strong_line" if last else "line"), 1))
        edge = place.bottom() - 0.5
        painter.drawLine(QPointF(place.left(), edge), QPointF(place.right(), edge))
        font = option.font
        font.setBold(index.column() == 0)
        font.setUnderline(selected and bool(index.data(_OPENS)))
        painter.setFont(font)
        colour = "accent" if index.data(_OPENS) else "muted" if index.column() in (0, 2) else "text"
        painter.setPen(look.colour(colour))
        margin = look.pixels(_MARGIN)
        alignment = int(index.data(Qt.ItemDataRole.TextAlignmentRole))
        painter.drawText(place.adjusted(margin, 0, -margin, 0), alignment, str(index.data() or ""))
        painter.restore()


class FigureTable(QTableView):
    """The table; a click or Enter on a figure opens its rows, the other mouse button offers them as an annex too."""

    query_wanted = Signal(object)
    """Show the rows of a `Query` in the list of the window that shows exactly those."""
    rows_wanted = Signal(object)
    """Show the rows behind a `FigureOf` in a window of their own."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.figures = FigureModel(self)
        self.setObjectName("figures")
        self.setAccessibleName(_("月报表"))
        self.setModel(self.figures)
        self.setItemDelegate(FigureDelegate(look, self))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setHighlightSections(False)
        across.setSectionsClickable(False)
        across.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.clicked.connect(self._open)
        look.changed.connect(self._scale)
        self._scale()

    def _scale(self) -> None:
        self.verticalHeader().setMinimumSectionSize(self._look.pixels(_ROW))
        self.verticalHeader().setDefaultSectionSize(self._look.pixels(_ROW))
        for column, width in ((0, 96), (2, 62), (3, 84), (4, 84), (5, 92), (6, 92), (7, 76)):
            self.setColumnWidth(column, self._look.pixels(width))

    def _open(self, index: Index) -> None:
        cell = self.figures.cell_at(index.row(), index.column())
        if cell is None:
            return
        if cell.query is not None and self.figures.is_listed(index.row(), index.column()):
            self.query_wanted.emit(cell.query)
        else:
            # 318 visits behind 223 households: only the dialog says what each row adds to the figure.
            self.rows_wanted.emit(cell.rows)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos()) if event.reason() != event.Reason.Keyboard else self.currentIndex()
        cell = self.figures.cell_at(index.row(), index.column())
        if cell is None:
            return
        menu = QMenu(self)
        menu.setObjectName("figure_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if cell.query is not None:
            shown = menu.addAction(_("在列表里打开"))
            shown.triggered.connect(lambda: self.query_wanted.emit(cell.query))
        rows = menu.addAction(_("看是哪些、导出附表…"))
        rows.setObjectName("figure_rows_action")
        rows.triggered.connect(lambda: self.rows_wanted.emit(cell.rows))
        menu.popup(event.globalPos())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.state() is not QAbstractItemView.State.EditingState:
            if self.currentIndex().column() == _TARGET:
                self.edit(self.currentIndex())
            else:
                self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        opens = index.isValid() and bool(index.data(_OPENS))
        shape = Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(QCursor(shape))
        super().mouseMoveEvent(event)
