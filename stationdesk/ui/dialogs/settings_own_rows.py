"""The station's own fields of one kind of record as a table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget
from typing_extensions import override

from stationdesk.core.fields import JOINT, Key
from stationdesk.core.messages import _
from stationdesk.services.own_fields import OwnField, Wish
from stationdesk.ui.dialogs.settings_rows import ROOT, CodeTable, Index
from stationdesk.ui.tables.model import ROLE
from stationdesk.ui.theme import Look, Role
from stationdesk.ui.words import tip


def places_of(wish: Wish) -> str:
    """Where a field stands, in words."""
    words = (
        (wish.on_form, _("表单")),
        (wish.in_ledger, _("台账")),
        (wish.on_slip, _("走访单")),
        (wish.on_print, _("卡片")),
    )
    return JOINT.join(word for ticked, word in words if ticked)


class OwnRows(QAbstractTableModel):
    """The fields in their order, hidden ones marked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.record = ""
        self.fields: tuple[OwnField, ...] = ()
        self._titles = (_("名称"), _("类型"), _("所在分页"), _("出现在"), _("对外时"), _("已填"), _("使用"))

    def show(self, record: str, fields: Sequence[OwnField]) -> None:
        """Show the fields of a kind of record."""
        self.beginResetModel()
        self.record, self.fields = record, tuple(fields)
        self.endResetModel()

    def field(self, place: int) -> OwnField | None:
        """The field in a row."""
        return self.fields[place] if 0 <= place < len(self.fields) else None

    def place_of(self, key: Key) -> int | None:
        """The row of a field."""
        return next((place for place, each in enumerate(self.fields) if each.key == key), None)

    @override
    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.fields)

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
    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        field = self.field(index.row())
        if field is None or not index.isValid():
            return None
        last = index.column() == len(self._titles) - 1
        text = self._cells(field)[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == ROLE and last:
            return Role.IDLE.value if field.hidden else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(JOINT.join(field.wish.options) if index.column() == 1 and field.wish.options else text)
        return None

    def _cells(self, field: OwnField) -> tuple[str, ...]:
        wish = field.wish
        kind = _(wish.kind.label) + (f" · {wish.unit}" if wish.unit else "")
        return (
            wish.label,
            kind,
            _(wish.page),
            places_of(wish),
            _(wish.guard.label),
            f"{field.values:,}",
            _("已停用") if field.hidden else _("在用"),
        )


class OwnTable(CodeTable):
    """Whole rows; nothing is edited in place."""

    def __init__(self, rows: OwnRows, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(rows, look, parent)
        self.setObjectName("own_rows")
        self.setAccessibleName(_("自定义字段"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
