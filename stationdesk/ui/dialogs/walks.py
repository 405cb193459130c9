"""社区行走记录…: the walks that were taken in, what each brought home, and taking one away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.services.history import undo
from stationdesk.services.listing import Query
from stationdesk.services.walks import WalkLine, remove_walk, walks_of
from stationdesk.ui.desk import Desk
from stationdesk.ui.notices import Bar, Weight

_WIDTH, _HEIGHT = 860, 480
_WIDTHS = ((0, 110), (2, 110), (3, 80), (4, 80), (5, 170))
_FIGURES = (3, 4)


class WalksDialog(QDialog):
    """One row a walk. What is taken away can be put back."""

    new_wanted = Signal()
    """Take one more walk in."""
    query_wanted = Signal(object)
    """Show the drafts that wait: a `Query`."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._lines: tuple[WalkLine, ...] = ()
        self._wanted = ""
        self._removed: Key | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("walks_dialog")
        self.setWindowTitle(_("社区行走记录"))
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        lead = QLabel(
            _(
                "走过的方格和轨迹在地图图例里勾“走过的方格”就能看到。移除一次行走，会一起移除它还没补全的草稿；"
                "已经补全的资源和它们的照片都留下。"
            ),
            self,
        )
        lead.setWordWrap(True)
        lead.setProperty("look", "muted")
        self._said = Bar(desk.look, self, "walks_said")
        self._back = self._said.add_button(_("放回"), "walks_put_back")
        self._back.clicked.connect(lambda _on: self._put_back())
        self._said.add_close()
        self._said.hide()
        self._empty = QLabel(_("还没有收入过社区行走。点“收入新的行走…”，选照片和轨迹。"), self)
        self._empty.setObjectName("walks_empty")
        self._empty.setProperty("look", "empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.table = self._make_table()
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(lead)
        column.addWidget(self._said)
        column.addWidget(self.table, 1)
        column.addWidget(self._empty, 1)
        column.addLayout(self._make_foot())
        desk.changed.connect(self._follow)
        self._show(())
        self._read()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 6, self)
        table.setObjectName("walks_table")
        table.setAccessibleName(_("社区行走记录"))
        table.setHorizontalHeaderLabels(
            [_("日期"), _("名称"), _("村居"), _("公里"), _("照片"), _("资源草稿")]
        )
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        across = table.horizontalHeader()
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for section in _FIGURES:
            title = table.horizontalHeaderItem(section)
            if title is not None:
                title.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for section, width in _WIDTHS:
            table.setColumnWidth(section, self._desk.look.pixels(width))
        table.itemSelectionChanged.connect(self._offer)
        return table

    def _make_foot(self) -> QHBoxLayout:
        self._drafts = self._button(_("看待补全的草稿"), "walks_drafts", "list", self._show_drafts)
        self._remove = self._button(_("移除"), "walks_remove", "trash", self.remove)
        new = self._button(_("收入新的行走…"), "walks_new", "walk", self._begin)
        close = self._button(_("关闭"), "walks_close", "x", self.close)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for widget in (new, self._drafts, self._remove):
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(close)
        return foot

    def _button(self, words: str, name: str, icon: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(words, self)
        made.setObjectName(name)
        made.setAccessibleName(words)
        made.setAutoDefault(False)
        self._desk.look.set_icon(made, icon)
        made.clicked.connect(lambda _on: act())
        return made

    # What is there

    def show_walk(self, walk: str) -> None:
        """Choose a walk as soon as the list is there."""
        self._wanted = walk
        self._choose()

    def _read(self) -> None:
        self._desk.read(walks_of, then=self._show, owner=self)

    def _show(self, lines: tuple[WalkLine, ...]) -> None:
        chosen = self._wanted or (self._chosen.key if self._chosen is not None else "")
        self._lines = lines
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, words in enumerate(_words(line)):
                item = QTableWidgetItem(words)
                if column in _FIGURES:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
        self.table.setVisible(bool(lines))
        self._empty.setVisible(not lines)
        self._wanted = chosen
        self._choose()

    def _choose(self) -> None:
        for row, line in enumerate(self._lines):
            if line.key == self._wanted or (not self._wanted and row == 0):
                self.table.selectRow(row)
        if self._lines:
            self._wanted = ""
        self._offer()

    @property
    def _chosen(self) -> WalkLine | None:
        row = self.table.currentRow()
        return self._lines[row] if 0 <= row < len(self._lines) and self.table.selectedItems() else None

    def _offer(self) -> None:
        self._remove.setEnabled(self._chosen is not None)
        self._drafts.setEnabled(any(line.drafts for line in self._lines))

    def _follow(self, changes: ChangeSet) -> None:
        if changes.records & {"walk", "photo", "resource"}:
            self._read()

    # What can be done

    def remove(self) -> None:
        """Take the chosen walk away; it can be put back."""
        chosen = self._chosen
        if chosen is not None:
            self._said.hide()
            self._desk.change(
                remove_walk,
                chosen.key,
                then=partial(self._took_away, chosen),
                failed=self._refuse,
                owner=self,
            )

    def _took_away(self, line: WalkLine, changes: ChangeSet) -> None:
        self._removed = changes.batch
        words = _("已移除“{name}”和 {drafts} 个没补全的草稿。").format(name=line.name, drafts=line.drafts)
        self._back.show()
        self._said.say(words, Weight.GOOD)

    def _put_back(self) -> None:
        if self._removed is not None:
            batch, self._removed = self._removed, None
            self._said.hide()
            self._desk.change(undo, batch, failed=self._refuse, owner=self)

    def _refuse(self, error: UserError) -> None:
        self._back.hide()
        self._said.say(str(error), Weight.BAD)

    def _begin(self) -> None:
        self.close()
        self.new_wanted.emit()

    def _show_drafts(self) -> None:
        self.close()
        self.query_wanted.emit(Query("resource", scope="draft", order="code"))


def _words(line: WalkLine) -> tuple[str, ...]:
    if line.drafts:
        drafts = _("{count} 个，待补全 {drafts} 个").format(count=line.made, drafts=line.drafts)
    elif line.made:
        drafts = _("{count} 个，都补全了").format(count=line.made)
    else:
        drafts = ""
    kilometres = f"{line.metres / 1000:.1f}" if line.metres else ""
    return (line.walked_on.isoformat(), line.name, line.village, kilometres, f"{line.photos:,}", drafts)
