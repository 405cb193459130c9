"""The rows of an editable list as a table in which the name is edited in place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from stationdesk.core.messages import _
from stationdesk.core.vocab import Privacy
from stationdesk.services.codes import CodeEntry
from stationdesk.ui.tables.delegate import MARGIN, ROW_HEIGHT, CellDelegate
from stationdesk.ui.tables.model import ROLE
from stationdesk.ui.theme import Look, Role
from stationdesk.ui.words import tip

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class CodeRows(QAbstractTableModel):
    """The entries of one list; a name that is typed is told, and shown when it has been stored."""

    renamed = Signal(object, str)
    """(`CodeEntry`, the name that was typed)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.list_name = ""
        self.entries: tuple[CodeEntry, ...] = ()
        self._above = self._privacy = False
        self._titles: tuple[str, ...] = (_("名称"),)

    def show(self, list_name: str, entries: Sequence[CodeEntry]) -> None:
        """Show the rows of a list; columns that none of them has are left out."""
        self.beginResetModel()
        self.list_name, self.entries = list_name, tuple(entries)
        above = (_("归属"),) if any(each.above for each in entries) else ()
        privacy = (_(Privacy.caption),) if any(each.privacy for each in entries) else ()
        self._above, self._privacy = bool(above), bool(privacy)
        self._titles = (_("名称"), _("代码"), *above, *privacy, _("核对"), _("使用"))
        self.endResetModel()

    def entry(self, place: int) -> CodeEntry | None:
        """The entry in a row."""
        return self.entries[place] if 0 <= place < len(self.entries) else None

    def place_of(self, code: str) -> int | None:
        """The row of a code."""
        return next((place for place, each in enumerate(self.entries) if each.code == code), None)

    @override
    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    @override
    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = super().flags(index)
        return plain | Qt.ItemFlag.ItemIsEditable if index.column() == 0 else plain

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry(index.row())
        if entry is None or not index.isValid():
            return None
        text, colour = self._cells(entry)[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return text
        if role == ROLE:
            return colour
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(entry.note if colour is not None or not index.column() else text)
        return None

    @override
    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        entry = self.entry(index.row())
        if role != Qt.ItemDataRole.EditRole or entry is None or index.column():
            return False
        if str(value) != entry.label:
            self.renamed.emit(entry, str(value))
        return True

    def _cells(self, entry: CodeEntry) -> tuple[tuple[str, str | None], ...]:
        above = ((entry.above, None),) if self._above else ()
        level = _(entry.privacy.label) if entry.privacy is not None else ""
        privacy = ((level, None),) if self._privacy else ()
        verified = (_("已核对"), None) if entry.verified else (_("未核对"), Role.WARN.value)
        hidden = (_("已停用"), Role.IDLE.value) if entry.hidden else (_("在用"), None)
        return ((entry.label, None), (entry.code, None), *above, *privacy, verified, hidden)


class CodeTable(QTableView):
    """Whole rows, the name wide; F2 or a double click edits it."""

    def __init__(self, rows: QAbstractTableModel, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("codes_rows")
        self.setAccessibleName(_("条目"))
        self.setModel(rows)
        self.setItemDelegate(CellDelegate(look, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        look.changed.connect(self._scale)
        self._scale()

    def fit(self) -> None:
        """Give the name what the other columns leave."""
        self.resizeColumnsToContents()
        for column in range(self.model().columnCount() - 2, self.model().columnCount()):
            # The last two show pills, which have a margin inside too.
            self.setColumnWidth(column, self.columnWidth(column) + 2 * self._look.pixels(MARGIN))
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def _scale(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._look.pixels(ROW_HEIGHT))
