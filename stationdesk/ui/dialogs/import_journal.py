"""The imports of the station: each can be taken back as a whole, and done again, also much later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.services.imports import Import, TakenBack, imports_of, redo_import, taken_back, undo_import
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.import_outcome import OutcomeTable, outcome_words
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.status import TaskRow
from stationdesk.ui.tables.delegate import ROW_HEIGHT, CellDelegate
from stationdesk.ui.tables.model import ROLE
from stationdesk.ui.tasks import Ticket
from stationdesk.ui.theme import Role
from stationdesk.ui.words import tip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_WIDTH, _HEIGHT = 1040, 620


class ImportsModel(QAbstractTableModel):
    """The imports, the newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[Import] = ()

    def show(self, rows: Sequence[Import]) -> None:
        """Show these imports."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, place: int) -> Import | None:
        """The import in a row."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else 7

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("时间"), _("谁"), _("文件"), _("内容"), _("新增"), _("更新"), _("状态"))[section]
        return None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _texts(row)[column]
            case Qt.ItemDataRole.ToolTipRole:
                return tip(_texts(row)[column])
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column in (4, 5) else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case _ if role == ROLE and column == 6:
                return (Role.OK if row.stands else Role.IDLE).value
            case _:
                return None


def _texts(row: Import) -> tuple[str, ...]:
    return (
        row.at.astimezone().strftime("%Y-%m-%d %H:%M"),
        row.actor,
        row.file,
        _(row.kind.label),
        f"{row.made:,}",
        f"{row.updated:,}",
        _("已导入") if row.stands else _("已撤销"),
    )


class ImportsDialog(QDialog):
    """Lists the imports; below, what taking one back came to."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._under_way: Ticket | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("imports_dialog")
        self.setWindowTitle(_("导入记录"))
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        self._words = QLabel(_("还没有导入过名册或清单。"), self)
        self._words.setObjectName("imports_words")
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self.rows = ImportsModel(self)
        self.view = self._make_view()
        self.refusal = Bar(desk.look, self, "imports_refusal")
        self.refusal.add_close()
        self.refusal.hide()
        self.outcome = OutcomeTable(desk.look, self)
        self.outcome.hide()
        self._undo = self._button(_("撤销这次导入"), "imports_undo", "arrow-back-up", again=False)
        self._redo = self._button(_("重做这次导入"), "imports_redo", "arrow-forward-up", again=True)
        close = QPushButton(_("关闭"), self)
        close.setObjectName("imports_close")
        close.setAccessibleName(_("关闭"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(close)
        foot.addStretch(1)
        foot.addWidget(self._redo)
        foot.addWidget(self._undo)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(self._words)
        column.addWidget(self.view, 3)
        column.addWidget(self.refusal)
        column.addWidget(self.outcome, 2)
        column.addWidget(TaskRow(desk, self))
        column.addLayout(foot)
        self._follow()
        self._read()

    def _make_view(self) -> QTableView:
        look = self._desk.look
        view = QTableView(self)
        view.setObjectName("imports_list")
        view.setAccessibleName(_("导入记录"))
        view.setModel(self.rows)
        view.setItemDelegate(CellDelegate(look, view))
        view.setShowGrid(False)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        down, across = view.verticalHeader(), view.horizontalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(look.pixels(ROW_HEIGHT))
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        for section, width in ((0, 150), (1, 90), (3, 90), (4, 70), (5, 70), (6, 100)):
            view.setColumnWidth(section, look.pixels(width))
        view.selectionModel().currentRowChanged.connect(lambda _now, _old: self._follow())
        return view

    def _button(self, words: str, name: str, icon: str, *, again: bool) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        self._desk.look.set_icon(button, icon)
        button.clicked.connect(lambda _on: self._turn(again=again))
        return button

    # Inside

    @property
    def _chosen(self) -> Import | None:
        return self.rows.row(self.view.currentIndex().row())

    def _read(self) -> None:
        self._desk.read(imports_of, then=self._show)

    def _show(self, rows: tuple[Import, ...]) -> None:
        place = max(0, self.view.currentIndex().row())
        self.rows.show(rows)
        if rows:
            self.view.selectRow(min(place, len(rows) - 1))
        self._follow()

    def _follow(self) -> None:
        chosen = self._chosen
        busy = self._under_way is not None
        self._undo.setEnabled(chosen is not None and chosen.stands and not busy)
        self._redo.setEnabled(chosen is not None and not chosen.stands and not busy)
        if chosen is not None:
            words = _(
                "{file}：新增 {made:,} 条，更新 {updated:,} 条，已有且相同 {same:,} 条，"
                "跳过 {skipped:,} 条，不能导入 {refused:,} 条。"
            )
            self._words.setText(
                words.format(
                    file=chosen.file,
                    made=chosen.made,
                    updated=chosen.updated,
                    same=chosen.same,
                    skipped=chosen.skipped,
                    refused=chosen.refused,
                )
            )

    def _turn(self, *, again: bool) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        self.refusal.hide()
        title = _("重做导入 {file}") if again else _("撤销导入 {file}")
        self._under_way = self._desk.change(
            redo_import if again else undo_import,
            chosen.batch,
            title=title.format(file=chosen.file),
            then=self._turned,
            failed=self._refuse,
            owner=self,
        )
        self._under_way.ended.connect(self._ended)
        self._follow()

    def _ended(self) -> None:
        self._under_way = None
        self._follow()

    def _refuse(self, error: UserError) -> None:
        self.refusal.say(str(error), Weight.BAD)

    def _turned(self, changes: ChangeSet) -> None:
        self._desk.read(taken_back, changes, then=self._tell)
        self._read()

    def _tell(self, told: tuple[TakenBack, ...]) -> None:
        kept = any(each.is_kept for each in told)
        self.refusal.say(outcome_words(told), Weight.WARN if kept else Weight.GOOD)
        self.outcome.rows.show(told)
        self.outcome.show()

    @override
    def reject(self) -> None:
        """Esc stops what is under way first; pressed again it closes."""
        if self._under_way is not None:
            self._under_way.cancel()
            return
        super().reject()
