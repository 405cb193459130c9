"""What taking an import back came to, record by record: reversed, or kept and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.services.imports import TakenBack
from stationdesk.ui.tables.delegate import ROW_HEIGHT, CellDelegate
from stationdesk.ui.tables.model import ROLE
from stationdesk.ui.theme import Look, Role
from stationdesk.ui.words import tip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class OutcomeModel(QAbstractTableModel):
    """The records that an undo or a redo met, the kept ones first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[TakenBack] = ()

    def show(self, rows: Sequence[TakenBack]) -> None:
        """Show these records."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else 4

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("类别"), _("名称"), _("结果"), _("说明"))[section]
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        text = (row.kind, row.title, _("保留") if row.is_kept else _("已处理"), row.why or row.what)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text[index.column()].replace("\n", " ")
            case Qt.ItemDataRole.ToolTipRole:
                return tip(text[index.column()])
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            case _ if role == ROLE and index.column() == 2:
                return (Role.WARN if row.is_kept else Role.OK).value
            case _:
                return None


class OutcomeTable(QTableView):
    """The outcome as a list; the explanation takes what room there is."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = OutcomeModel(self)
        self.setObjectName("import_outcome")
        self.setAccessibleName(_("撤销的结果"))
        self.setModel(self.rows)
        self.setItemDelegate(CellDelegate(look, self))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(look.pixels(ROW_HEIGHT))
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 90), (1, 240), (2, 90)):
            self.setColumnWidth(column, look.pixels(width))


def outcome_words(told: Sequence[TakenBack]) -> str:
    """How many records were reversed and how many kept, in a sentence."""
    kept = sum(each.is_kept for each in told)
    words = _("处理了 {count:,} 条记录。").format(count=len(told) - kept)
    if kept:
        words += _("保留了 {count:,} 条，原因见下面的列表。").format(count=kept)
    return words
