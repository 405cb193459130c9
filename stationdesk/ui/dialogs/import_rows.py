"""The third page of an import: the verdict on every row, and what is decided about the doubtful ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
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

from stationdesk.core.messages import _
from stationdesk.services.imports import Decision, Decisions, DryRun, RowVerdict, Verdict
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.tables.delegate import ROW_HEIGHT, CellDelegate
from stationdesk.ui.tables.model import ROLE
from stationdesk.ui.theme import Look, Role
from stationdesk.ui.words import tip

_ROLES = {
    Verdict.NEW: Role.OK,
    Verdict.CHANGES: Role.ACCENT,
    Verdict.SAME: Role.IDLE,
    Verdict.DOUBTFUL: Role.WARN,
    Verdict.REFUSED: Role.BAD,
}
_ROOT = QModelIndex()
_MOST_CHANGES = 8


def decision_words(row: RowVerdict, decision: Decision) -> str:
    """What happens with a row."""
    if row.verdict is Verdict.REFUSED:
        return _("不导入")
    if decision is Decision.SKIP and row.verdict is Verdict.SAME:
        return _("不用导入")
    return {
        Decision.SKIP: _("跳过"),
        Decision.AS_NEW: _("新增"),
        Decision.INTO_CANDIDATE: _("更新已有"),
    }[decision]


class VerdictModel(QAbstractTableModel):
    """The rows of a dry run, all of them or those of one verdict."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.decisions = Decisions()
        self._rows: Sequence[RowVerdict] = ()

    def show(self, rows: Sequence[RowVerdict]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def decide(self, decisions: Decisions) -> None:
        """Show what is decided now."""
        self.decisions = decisions
        if self._rows:
            self.dataChanged.emit(self.index(0, 4), self.index(len(self._rows) - 1, 4))

    def row(self, place: int) -> RowVerdict | None:
        """The row at a place."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else 5

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("行"), _("结论"), _("名称"), _("说明"), _("处理"))[section]
        return None

    @override
    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if role == ROLE:
            return _ROLES[row.verdict].value if column == 1 else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(self._text(row, column))
        return None

    def _text(self, row: RowVerdict, column: int) -> str:
        if column == 0:
            return str(row.number)
        if column == 1:
            return _(row.verdict.label)
        if column == 2:
            return row.title
        if column == 4:
            return decision_words(row, self.decisions.of(row))
        parts = [row.why]
        if row.candidate is not None and row.verdict is not Verdict.SAME:
            parts.append(row.candidate.title)
        parts += [f"{each.label}：{each.before or '—'} → {each.after or '—'}" for each in row.changes[:2]]
        parts += row.remarks[:1]
        return "；".join(part for part in parts if part).replace("\n", " ")


class RowsPage(QWidget):
    """Counts, rows, and the row that is looked at with its decision."""

    decided = Signal()
    drop_wanted = Signal(bool)
    """Try again with rows of damaged ID numbers taken in without them, or refused."""
    copy_wanted = Signal()
    """Write the verdicts into a coloured copy of the file."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_rows_page")
        self._look = look
        self._dry: DryRun | None = None
        self._verdict: Verdict | None = None
        self._row: RowVerdict | None = None
        self._single: dict[int, Decision] = {}
        self.rows = VerdictModel(self)
        self.view = QTableView(self)
        self._build_view()
        self._chips: dict[Verdict | None, QPushButton] = {}
        chips = QWidget(self)
        flow = FlowLayout(chips, 6)
        for verdict in (None, *Verdict):
            chip = QPushButton(chips)
            chip.setObjectName(f"import_verdict_{'all' if verdict is None else verdict.value}")
            chip.setProperty("look", "chip")
            chip.setCheckable(True)
            chip.clicked.connect(partial(self._filter, verdict))
            self._chips[verdict] = chip
            flow.addWidget(chip)
        self.update_all = QCheckBox(_("“有变化”的，用文件里的内容更新已有记录"), self)
        self.update_all.setObjectName("import_update")
        self.update_all.setAccessibleName(self.update_all.text())
        self.update_all.toggled.connect(lambda _on: self._tell())
        self.drop_damaged = QCheckBox(self)
        self.drop_damaged.setObjectName("import_drop_damaged")
        self.drop_damaged.setToolTip(
            _("损坏的号码找不回来，不会补。勾上后这些行不带证件号导入，以后对照证件补填；不勾就不导入")
        )
        self.drop_damaged.clicked.connect(self.drop_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(chips)
        column.addWidget(self.view, 1)
        column.addWidget(self._build_detail())
        self._copy = QPushButton(_("结论写进文件副本…"), self)
        self._copy.setObjectName("import_copy")
        self._copy.setAccessibleName(_("结论写进文件副本"))
        self._copy.setToolTip(_("存一份着色的副本，每行右边写着结论和原因；原文件不动"))
        look.set_icon(self._copy, "file-export")
        self._copy.clicked.connect(lambda _on: self.copy_wanted.emit())
        foot = QHBoxLayout()
        foot.addWidget(self.update_all)
        foot.addWidget(self.drop_damaged)
        foot.addStretch(1)
        foot.addWidget(self._copy)
        column.addLayout(foot)

    @property
    def decisions(self) -> Decisions:
        """What was decided so far."""
        return Decisions(self.update_all.isChecked(), dict(self._single))

    @property
    def taken(self) -> int:
        """How many rows will be written."""
        if self._dry is None:
            return 0
        decisions = self.decisions
        return sum(decisions.of(row) is not Decision.SKIP for row in self._dry.rows.outlines)

    def show_run(self, dry: DryRun) -> None:
        """Show a dry run; the doubtful rows first, where there are any."""
        self._dry = dry
        self._single.clear()
        self.update_all.setChecked(False)
        for verdict, chip in self._chips.items():
            count = len(dry.rows) if verdict is None else dry.count(verdict)
            words = _("全部") if verdict is None else _(verdict.label)
            chip.setText(f"{words} {count:,}")
            chip.setAccessibleName(chip.text())
            chip.setEnabled(bool(count) or verdict is None)
        self.update_all.setVisible(bool(dry.count(Verdict.CHANGES)))
        drops = dry.plan.drops_damaged
        words = (
            _("证件号损坏的行不带证件号导入")
            if drops
            else _("证件号损坏的 {count:,} 行，不带证件号导入").format(count=dry.rows.damaged)
        )
        self.drop_damaged.setText(words)
        self.drop_damaged.setAccessibleName(words)
        self.drop_damaged.setChecked(drops)
        self.drop_damaged.setVisible(drops or bool(dry.rows.damaged))
        self._filter(Verdict.DOUBTFUL if dry.count(Verdict.DOUBTFUL) else None)
        self._tell()

    def _build_view(self) -> None:
        view = self.view
        view.setObjectName("import_rows")
        view.setAccessibleName(_("各行的结论"))
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
        across.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 64), (1, 116), (2, 210), (4, 96)):
            view.setColumnWidth(column, self._look.pixels(width))
        view.selectionModel().currentRowChanged.connect(lambda now, _old: self._look_at(now.row()))

    def _build_detail(self) -> QFrame:
        self._detail = QFrame(self)
        self._detail.setProperty("look", "card")
        self._words = QLabel(self._detail)
        self._words.setObjectName("import_row_words")
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._decide: dict[Decision, QPushButton] = {}
        buttons = QHBoxLayout()
        for decision, words, name in (
            (Decision.SKIP, _("跳过"), "import_skip"),
            (Decision.AS_NEW, _("作为新记录"), "import_as_new"),
            (Decision.INTO_CANDIDATE, _("更新已有的那条"), "import_into"),
        ):
            button = QPushButton(words, self._detail)
            button.setObjectName(name)
            button.setAccessibleName(words)
            button.setCheckable(True)
            button.setProperty("look", "chip")
            button.clicked.connect(partial(self._decide_row, decision))
            buttons.addWidget(button)
            self._decide[decision] = button
        buttons.addStretch(1)
        self._same_for_all = QPushButton(self._detail)
        self._same_for_all.setObjectName("import_decide_all")
        self._same_for_all.clicked.connect(lambda _on: self._decide_all())
        buttons.addWidget(self._same_for_all)
        column = QVBoxLayout(self._detail)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addWidget(self._words)
        column.addLayout(buttons)
        self._detail.hide()
        return self._detail

    # Inside

    def _filter(self, verdict: Verdict | None) -> None:
        if self._dry is None:
            return
        self._verdict = verdict
        for each, chip in self._chips.items():
            chip.setChecked(each is verdict)
        self.rows.show(self._dry.rows if verdict is None else self._dry.of(verdict))
        self._look_at(-1)
        if self.rows.rowCount():
            self.view.selectRow(0)

    def _look_at(self, place: int) -> None:
        self._row = row = self.rows.row(place)
        self._detail.setVisible(row is not None)
        if row is None:
            return
        lines = [_("第 {number} 行  {title}").format(number=row.number, title=row.title)]
        if row.why:
            lines[0] += f"：{row.why}"
        if row.candidate is not None and row.verdict is not Verdict.NEW:
            known = row.candidate.title
            if row.candidate.row is not None:
                known = _("本文件第 {number} 行 {title}").format(number=row.candidate.row_words, title=known)
            lines.append(_("已有：{title}").format(title=known))
        lines += [
            f"{each.label}：{each.before or _('（空）')} → {each.after or _('（空）')}"
            for each in row.changes[:_MOST_CHANGES]
        ]
        lines += row.remarks[:_MOST_CHANGES]
        self._words.setText("\n".join(lines))
        decision = self.rows.decisions.of(row)
        open_ = row.verdict in {Verdict.DOUBTFUL, Verdict.CHANGES, Verdict.NEW}
        for each, button in self._decide.items():
            button.setChecked(each is decision)
            button.setVisible(open_)
        self._decide[Decision.AS_NEW].setVisible(open_ and bool(row.create))
        self._decide[Decision.INTO_CANDIDATE].setVisible(open_ and bool(row.update))
        words = _("“{verdict}”的都这样处理").format(verdict=_(row.verdict.label))
        self._same_for_all.setText(words)
        self._same_for_all.setAccessibleName(words)
        self._same_for_all.setVisible(open_)

    def _decide_row(self, decision: Decision, _on: bool = False) -> None:
        if self._row is not None:
            self._single[self._row.number] = decision
            self._tell()
            for each, button in self._decide.items():
                button.setChecked(each is decision)

    def _decide_all(self) -> None:
        if self._row is None or self._dry is None:
            return
        decision = self.rows.decisions.of(self._row)
        for row in self._dry.rows.outlines:
            if row.verdict is not self._row.verdict:
                continue
            possible = row.can_create if decision is Decision.AS_NEW else row.can_update
            if decision is Decision.SKIP or possible:
                self._single[row.number] = decision
        self._tell()

    def _tell(self) -> None:
        self.rows.decide(self.decisions)
        self.decided.emit()
