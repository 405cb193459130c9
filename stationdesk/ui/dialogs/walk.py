"""社区行走…: photos and tracks of a walk are chosen, looked through, and taken in as drafts on the map."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDateEdit,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.vocab import Datum
from stationdesk.services import walks
from stationdesk.services.listing import Pick, pick
from stationdesk.services.walks import ENDINGS, Fate, WalkPlan, WalkSight
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.walk_places import WalkPlaces
from stationdesk.ui.dialogs.working import WorkingDialog
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.status import TaskRow

_WIDTH, _HEIGHT = 900, 620
_NAMED = 6
_MOST_VILLAGES = 2_000


class WalkDialog(WorkingDialog):
    """Choose files; see each place; take them in."""

    taken = Signal(object)
    """The `ChangeSet` of a walk that was taken in."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._paths: tuple[Path, ...] = ()
        self._sight: WalkSight | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("walk_dialog")
        self.setWindowTitle(_("社区行走"))
        self.setAcceptDrops(True)
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        lead = QLabel(
            _(
                "把手机里的照片和轨迹文件选进来：有定位的照片按地点变成资源草稿，没有定位的按拍摄时间对到轨迹上。"
                "草稿在地图上能看到，补全之前不参加对接，也不印在发放图上。"
            ),
            self,
        )
        lead.setWordWrap(True)
        lead.setProperty("look", "muted")
        self._places = WalkPlaces(desk.look, self)
        self._empty = QLabel(
            _("点“选照片和轨迹…”，或把文件拖到这里。照片用 JPG，轨迹用 GPX、KML、KMZ。"), self
        )
        self._empty.setObjectName("walk_empty")
        self._empty.setProperty("look", "empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._said = QLabel(self)
        self._said.setObjectName("walk_said")
        self._said.setWordWrap(True)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._refusal = Bar(desk.look, self, "walk_refusal")
        self._refusal.add_close()
        self._refusal.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(lead)
        column.addLayout(self._make_head())
        column.addWidget(self._said)
        column.addWidget(self._places, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(self._refusal)
        column.addWidget(TaskRow(desk, self))
        column.addLayout(self._make_foot())
        desk.read(pick, "village", "", _MOST_VILLAGES, then=self._fill_villages, owner=self)
        self._follow()

    def _make_head(self) -> QGridLayout:
        self._choose = QPushButton(_("选照片和轨迹…"), self)
        self._choose.setObjectName("walk_choose")
        self._choose.setAccessibleName(_("选照片和轨迹…"))
        self._choose.setAutoDefault(False)
        self._desk.look.set_icon(self._choose, "folder-open")
        self._choose.clicked.connect(lambda _on: self.ask_files())
        self._name = QLineEdit(self)
        self._name.setObjectName("walk_name")
        self._name.setAccessibleName(_("行走名称"))
        self._name.setPlaceholderText(_("如 桃园村 11 月行走"))
        self._day = QDateEdit(self)
        self._day.setObjectName("walk_day")
        self._day.setAccessibleName(_("日期"))
        self._day.setDisplayFormat("yyyy-MM-dd")
        self._day.setCalendarPopup(True)
        self._day.setMinimumHeight(self._name.sizeHint().height())
        today = self._desk.store.clock.today()
        self._day.setDate(QDate(today.year, today.month, today.day))
        self._village = Combo(self._desk.look, self)
        self._village.setObjectName("walk_village")
        self._village.setAccessibleName(_("村居"))
        self._village.addItem(_("按地点判断"), None)
        self._village.setMinimumWidth(
            self._desk.look.pixels(140)
        )  # the villages come later: it stays this wide
        self._datum = Combo(self._desk.look, self)
        self._datum.setObjectName("walk_datum")
        self._datum.setAccessibleName(_("坐标系"))
        for datum in Datum:
            self._datum.addItem(_(datum.label))
        self._datum.setToolTip(_("手机相机和 GPS 轨迹一般是 WGS-84；从高德、百度导出的要改选"))
        self._datum.activated.connect(lambda _at: self._look_again())
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        for column, (words, editor) in enumerate(
            (
                (_("行走名称"), self._name),
                (_("日期"), self._day),
                (_("村居"), self._village),
                (_("坐标系"), self._datum),
            )
        ):
            label = QLabel(words, self)
            label.setBuddy(editor)
            grid.addWidget(label, 0, column + 1)
            grid.addWidget(editor, 1, column + 1)
        grid.addWidget(self._choose, 1, 0)
        grid.setColumnStretch(1, 1)
        return grid

    def _make_foot(self) -> QHBoxLayout:
        self._take = QPushButton(_("收入"), self)
        self._take.setObjectName("walk_take")
        self._take.setAccessibleName(_("收入"))
        self._take.setProperty("look", "primary")
        self._take.clicked.connect(lambda _on: self.take())
        leave = QPushButton(_("关闭"), self)
        leave.setObjectName("walk_close")
        leave.setAccessibleName(_("关闭"))
        leave.setAutoDefault(False)
        leave.clicked.connect(lambda _on: self.close())
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(leave)
        foot.addWidget(self._take)
        return foot

    def _fill_villages(self, villages: Sequence[Pick]) -> None:
        for each in sorted(villages, key=lambda each: each.title):
            self._village.addItem(each.title, each.key)

    # Files

    def ask_files(self) -> None:
        """Let photos and tracks be chosen."""
        endings = " ".join(f"*{each} *{each.upper()}" for each in ENDINGS)
        names, _filter = QFileDialog.getOpenFileNames(
            self, _("选照片和轨迹"), "", _("照片和轨迹 ({endings})").format(endings=endings)
        )
        if names:
            self.take_files(tuple(map(Path, names)))

    def take_files(self, paths: tuple[Path, ...]) -> None:
        """Read the files, and show what they would become."""
        self._refusal.hide()
        self._paths = paths
        self._under_way = self._desk.work(
            walks.look,
            paths,
            tuple(Datum)[self._datum.currentIndex()],
            title=_("读照片和轨迹"),
            then=self._show,
            failed=self._refuse,
            owner=self,
        )
        self._follow()

    def _look_again(self) -> None:
        if self._paths:
            self.take_files(self._paths)

    def _show(self, sight: WalkSight) -> None:
        self._sight = sight
        self._places.show_sight(sight)
        if sight.day is not None:
            self._day.setDate(QDate(sight.day.year, sight.day.month, sight.day.day))
            if not self._name.text().strip():
                self._name.setText(_("{day} 行走").format(day=sight.day.isoformat()))
        self._said.setText("\n".join(_sentences(sight)))
        self._ended()

    # Taking in

    def take(self) -> None:
        """Write the walk, its photos and its drafts."""
        if self._sight is None:
            return
        self._refusal.hide()
        plan = WalkPlan(
            self._name.text(),
            self._day.date().toPython(),  # type: ignore[arg-type]  # a date
            self._village.currentData(),
            self._places.fates(),
            self._places.names(),
        )
        self._under_way = self._desk.change(
            walks.take_in,
            self._sight,
            plan,
            title=_("收入社区行走"),
            then=partial(self._done, sum(fate is Fate.DRAFT for fate in plan.fates.values())),
            failed=self._refuse,
            owner=self,
        )
        self._follow()

    def _done(self, drafts: int, changes: ChangeSet) -> None:
        self._under_way = None
        self._desk.notify(
            _("{what}：新增 {count} 个资源草稿，在地图和资源库里补全。按 Ctrl+Z 可以撤销。").format(
                what=changes.why, count=drafts
            )
        )
        self.taken.emit(changes)
        self.accept()

    def _refuse(self, error: UserError) -> None:
        self._refusal.say(str(error), Weight.BAD)
        self._ended()

    @override
    def _follow(self) -> None:
        busy = self._under_way is not None
        has_places = self._places.rowCount() > 0
        self._places.setVisible(has_places)
        self._empty.setVisible(not has_places and (self._sight is None or self._sight.is_empty))
        self._said.setVisible(bool(self._said.text()))
        self._choose.setEnabled(not busy)
        self._take.setEnabled(not busy and self._sight is not None and not self._sight.is_empty)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        if paths:
            self.take_files(paths)


def _sentences(sight: WalkSight) -> list[str]:
    """What the files are, in the worker's words."""
    told = []
    counts = [
        _("照片 {count} 张").format(count=len(sight.photos)),
        _("地点 {count} 处").format(count=len(sight.places)),
    ]
    if sight.tracks:
        counts.append(_("轨迹 {km:.1f} 公里").format(km=sight.metres / 1000))
    if not sight.is_empty:
        told.append("，".join(counts) + "。")
    if sight.by_track:
        told.append(_("{count} 张照片没有定位，已按拍摄时间对到轨迹上。").format(count=len(sight.by_track)))
    if sight.unplaced:
        told.append(
            _("{count} 张照片没有位置，只随这次行走保存，不出草稿。").format(count=len(sight.unplaced))
        )
    if sight.away:
        told.append(_("{count} 处离社工站 30 公里以上，请看看是不是选错了照片。").format(count=sight.away))
    if sight.known:
        told.append(_("{count} 张照片以前收入过，这次跳过。").format(count=len(sight.known)))
    for name, why in sight.refused[:_NAMED]:
        told.append(why if name in why else f"{name}：{why}")
    if len(sight.refused) > _NAMED:
        told.append(_("……另有 {count} 个文件读不了。").format(count=len(sight.refused) - _NAMED))
    return told
