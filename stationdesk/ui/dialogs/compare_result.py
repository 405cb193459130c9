"""The result of a comparison: how many in each group, and the rows of the group that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.fields import Field, Key
from stationdesk.core.messages import _
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.services.compare import Comparison
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.tables.delegate import ROW_HEIGHT, CellDelegate
from stationdesk.ui.tables.model import ROLE
from stationdesk.ui.theme import Look, Role
from stationdesk.ui.toggle import Toggle
from stationdesk.ui.words import tip

_ROOT = QModelIndex()
_LONGEST = 200
_NARROW, _WIDE = 70, 420
"""Pixels at 11 points of a column."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group as a table: its rows in words, the key of our record beside each where there is one."""

    name: str
    title: str
    role: Role
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: tuple[Key | None, ...]
    widths: tuple[int, ...] = ()
    sides: frozenset[int] = frozenset()
    """The columns that show a side in its colour."""
    count: int = -1

    @property
    def size(self) -> int:
        """How many are in the group; one may fill several rows."""
        return len(self.rows) if self.count < 0 else self.count


def groups_of(found: Comparison) -> tuple[Group, ...]:
    """The groups, what needs work first."""
    number, title = _("名册行号"), _("名称")
    pairs = [(pair, each) for pair in found.different for each in pair.differences]
    return (
        Group(
            "different",
            _("内容不同"),
            Role.ACCENT,
            (number, title, _("栏目"), _("本站"), _("名册"), _("怎样认出")),
            tuple((str(p.number), p.title, d.label, d.ours, d.theirs, p.why) for p, d in pairs),
            tuple(pair.key for pair, _each in pairs),
            (84, 130, 120, 220, 220, 150),
            frozenset({3, 4}),
            len(found.different),
        ),
        Group(
            "only_there",
            _("只在名册里"),
            Role.WARN,
            (number, *found.labels),
            tuple((str(each.number), *each.cells) for each in found.only_there),
            tuple(None for _each in found.only_there),
            (84,),
        ),
        Group(
            "only_here",
            _("只在本站"),
            Role.OK,
            (_("本站记录"), *found.compared),
            tuple(
                (_masked_title(found.plan.kind.record, each.title), *_masked(found.fields, each.cells))
                for each in found.only_here
            ),
            tuple(each.key for each in found.only_here),
            (150,),
        ),
        Group(
            "unclear",
            _("要人看"),
            Role.IDLE,
            (number, title, _("说明"), _("可能是本站的")),
            tuple((str(each.number), each.title, each.why, each.candidate) for each in found.unclear),
            tuple(None for _each in found.unclear),
            (84, 130, 420, 240),
        ),
    )


def _masked(fields: Sequence[Field], cells: Sequence[str]) -> list[str]:
    """Our words as every list of the window shows them: through their masks."""
    return [
        field.spec.mask(cell) if cell and field.spec.mask is not None and field.spec.mask_inside else cell
        for field, cell in zip(fields, cells, strict=True)
    ]


def _masked_title(record: str, title: str) -> str:
    """What a record of ours is called, as lists show it."""
    named = [each for each in fields_of(RECORDS[record]) if each.key in RECORDS[record].__title__]
    return _masked(named, [title])[0] if len(named) == 1 else title


class GroupModel(QAbstractTableModel):
    """The rows of a group."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._group: Group | None = None

    @property
    def group(self) -> Group | None:
        """The group that is shown."""
        return self._group

    def show(self, group: Group) -> None:
        """Show another group."""
        self.beginResetModel()
        self._group = group
        self.endResetModel()

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() or self._group is None else len(self._group.rows)

    @override
    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() or self._group is None else len(self._group.labels)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if self._group is None or orientation is not Qt.Orientation.Horizontal:
            return None
        return self._group.labels[section] if role == Qt.ItemDataRole.DisplayRole else None

    @override
    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if not index.isValid() or self._group is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        text = self._group.rows[index.row()][index.column()]
        if role == ROLE:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            empty = _("（空）") if index.column() in self._group.sides else ""
            return text.replace("\n", " ")[:_LONGEST] or empty
        return tip(text) if role == Qt.ItemDataRole.ToolTipRole else None


class ResultPage(QWidget):
    """Counts as chips, the rows of one group, and what a chosen row stands for."""

    chosen = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_result_page")
        self._look = look
        self._groups: tuple[Group, ...] = ()
        self._lead = QLabel(self)
        self._lead.setObjectName("compare_lead")
        self._lead.setWordWrap(True)
        self._lead.setTextFormat(Qt.TextFormat.PlainText)
        self._chips: dict[str, Toggle] = {}
        chips = QWidget(self)
        flow = FlowLayout(chips, 6)
        for name in ("different", "only_there", "only_here", "unclear"):
            chip = Toggle("", chips)
            chip.setObjectName(f"compare_group_{name}")
            chip.setProperty("look", "chip")
            chip.clicked.connect(partial(self._show_named, name))
            flow.addWidget(chip)
            self._chips[name] = chip
        self.rows = GroupModel(self)
        self.view = QTableView(self)
        self._empty = QLabel(self)
        self._empty.setObjectName("compare_empty")
        self._empty.setProperty("look", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._build_view()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._lead)
        column.addWidget(chips)
        column.addWidget(self.view, 1)
        column.addWidget(self._empty, 1)

    @property
    def current(self) -> Key | None:
        """Our record behind the chosen row."""
        group, place = self.rows.group, self.view.currentIndex().row()
        return group.keys[place] if group is not None and 0 <= place < len(group.keys) else None

    def show_result(self, found: Comparison) -> None:
        """Show a comparison, beginning with the first group that has anything."""
        self._groups = groups_of(found)
        words = [
            _("“{file}” {rows:,} 行，两边相同 {same:,} 行。").format(
                file=found.plan.file.name, rows=found.rows, same=found.same
            ),
            _("比对的栏目：{labels}。").format(labels="、".join(found.compared)),
        ]
        if found.withheld:
            words.append(_("另有 {count} 条按规定限制查看，不列名。").format(count=found.withheld))
        self._lead.setText("".join(words))
        for group in self._groups:
            chip = self._chips[group.name]
            chip.setText(f"{group.title} {group.size:,}")
            chip.setAccessibleName(chip.text())
            chip.setEnabled(bool(group.rows))
            chip.setVisible(bool(group.rows) or group.name != "unclear")
        self._show(next((group for group in self._groups if group.rows), self._groups[0]))

    def _build_view(self) -> None:
        view = self.view
        view.setObjectName("compare_rows")
        view.setAccessibleName(_("比对结果"))
        view.setModel(self.rows)
        view.setItemDelegate(CellDelegate(self._look, view))
        view.setShowGrid(False)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        down, across = view.verticalHeader(), view.horizontalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(self._look.pixels(ROW_HEIGHT))
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setDefaultSectionSize(self._look.pixels(140))
        across.setStretchLastSection(True)
        view.selectionModel().currentRowChanged.connect(lambda _now, _old: self.chosen.emit())

    def _show_named(self, name: str) -> None:
        group = next((each for each in self._groups if each.name == name), None)
        if group is not None:
            self._show(group)

    def _show(self, group: Group) -> None:
        for name, chip in self._chips.items():
            chip.setChecked(name == group.name)
        self.rows.show(group)
        self._set_widths(group)
        self.view.setVisible(bool(group.rows))
        self._empty.setVisible(not group.rows)
        self._empty.setText(_("两边的内容完全一致。"))
        if group.rows:
            self.view.selectRow(0)
        self.chosen.emit()

    def _set_widths(self, group: Group) -> None:
        self.view.resizeColumnsToContents()
        for column in range(len(group.labels)):
            least, most = self._look.pixels(_NARROW), self._look.pixels(_WIDE)
            wanted = self.view.columnWidth(column)
            if column < len(group.widths):
                wanted = self._look.pixels(group.widths[column])
            self.view.setColumnWidth(column, min(max(wanted, least), most))
