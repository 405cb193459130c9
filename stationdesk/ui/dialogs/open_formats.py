"""导出为公开格式: resources or villages as HSDS, GeoJSON, KML, GPX or CSV."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.vocab import Audience
from stationdesk.services.exchange import Exported, Format, PersonalNumber, export_list, file_name
from stationdesk.services.listing import Query, count_of
from stationdesk.services.release import Override
from stationdesk.services.stations import profile_of
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.reason import ReasonDialog
from stationdesk.ui.notices import Weight
from stationdesk.ui.saved import Folders, SavedBar
from stationdesk.ui.status import TaskRow
from stationdesk.ui.tasks import Ticket

_WIDTH = 720
_FOLDER = "exchange"
_AUDIENCES = (Audience.REPORT, Audience.PUBLIC, Audience.INTERNAL)
_NAMED = 5
"""How many records that stay behind are named."""


class OpenFormatDialog(QDialog):
    """Asks for format and audience; what is exported is the list as it is filtered now, or all of the kind."""

    def __init__(self, desk: Desk, folders: Folders, query: Query, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._folders = folders
        self._query = query
        self._town = ""
        self._under_way: Ticket | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("exchange_dialog")
        self.setWindowTitle(_("导出为公开格式"))
        self.setMinimumWidth(desk.look.pixels(_WIDTH))
        self.outcome = SavedBar(desk.look, self, "exchange_outcome")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(8)
        column.addWidget(self.outcome)
        self._forms = QButtonGroup(self)
        self._rows = QButtonGroup(self)
        self._audience = QButtonGroup(self)
        column.addWidget(self._heading(_("1 什么格式？")))
        column.addLayout(self._build_forms())
        column.addWidget(self._heading(_("2 哪些？")))
        column.addLayout(self._choices(self._rows, "rows", _("列表里筛选出来的"), _("全部")))
        column.addWidget(self._heading(_("3 给谁看？")))
        column.addLayout(self._choices(self._audience, "for", *(_(each.label) for each in _AUDIENCES)))
        self._rules = QLabel(self)
        self._rules.setObjectName("exchange_rules")
        self._rules.setProperty("look", "small")
        self._rules.setWordWrap(True)
        column.addWidget(self._rules)
        column.addStretch(1)
        column.addWidget(TaskRow(desk, self))
        column.addLayout(self._build_buttons())
        first = next(place for place in range(len(Format)) if not self._forms.button(place).isHidden())
        for group, place in ((self._forms, first), (self._rows, 0), (self._audience, 0)):
            group.button(place).setChecked(True)
            group.idClicked.connect(lambda _place: self._follow())
        desk.read(_facts, query, then=self._show_facts)
        self._follow()

    # What is chosen

    @property
    def form(self) -> Format:
        """The chosen format."""
        return tuple(Format)[self._forms.checkedId()]

    @property
    def audience(self) -> Audience:
        """Whom the file is for."""
        return _AUDIENCES[self._audience.checkedId()]

    @property
    def query(self) -> Query:
        """The records that are exported."""
        return self._query if self._rows.checkedId() == 0 else Query(self._query.record)

    # Building

    def _build_forms(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        for place, form in enumerate(Format):
            button = QRadioButton(_(form.label), self)
            button.setObjectName(f"exchange_form_{form.value}")
            button.setAccessibleName(_(form.label))
            self._forms.addButton(button, place)
            words = QLabel(_purpose(form), self)
            words.setProperty("look", "muted")
            words.setWordWrap(True)
            grid.addWidget(button, place, 0)
            grid.addWidget(words, place, 1)
            button.setVisible(self._query.record == "resource" or form not in {Format.HSDS, Format.HSDS_CSV})
            words.setVisible(not button.isHidden())
        grid.setColumnStretch(1, 1)
        return grid

    def _heading(self, words: str) -> QLabel:
        label = QLabel(words, self)
        label.setProperty("look", "field")
        return label

    def _choices(self, group: QButtonGroup, name: str, *words: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        for place, text in enumerate(words):
            button = QRadioButton(text, self)
            button.setObjectName(f"exchange_{name}_{place}")
            button.setAccessibleName(text)
            group.addButton(button, place)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _build_buttons(self) -> QHBoxLayout:
        leave = QPushButton(_("关闭"), self)
        leave.setObjectName("exchange_close")
        leave.setAccessibleName(_("关闭"))
        leave.setAutoDefault(False)
        leave.clicked.connect(lambda _on: self.close())
        self._export = QPushButton(_("导出…"), self)
        self._export.setObjectName("exchange_export")
        self._export.setAccessibleName(_("导出"))
        self._export.setProperty("look", "primary")
        self._desk.look.set_icon(self._export, "file-export", "on_accent")
        self._export.clicked.connect(lambda _on: self._ask_file())
        row = QHBoxLayout()
        row.addWidget(leave)
        row.addStretch(1)
        row.addWidget(self._export)
        return row

    # What follows

    def _show_facts(self, found: tuple[str, int, int]) -> None:
        self._town, shown, every = found
        for place, words in enumerate(
            (
                _("列表里筛选出来的 {count:,} 条").format(count=shown),
                _("全部 {count:,} 条").format(count=every),
            )
        ):
            button = self._rows.button(place)
            button.setText(words)
            button.setAccessibleName(words)
        self._follow()

    def _follow(self) -> None:
        rules = {
            Audience.REPORT: _("电话只写本人同意公开的，联系人只留姓；备注和站内事项不写。"),
            Audience.PUBLIC: _("电话只写本人同意公开的，联系人只留姓；没有勾选“可上图打印”的整条不写。"),
            Audience.INTERNAL: _("电话和联系人是全的，请勿外传。"),
        }[self.audience]
        always = _("地址保密的资源不写地址和位置，已撤的不写。坐标都是 WGS-84。")
        self._rules.setText(rules + always)
        self._export.setEnabled(bool(self._town) and self._under_way is None)

    def _ask_file(self) -> None:
        form = self.form
        day = self._desk.store.clock.today().isoformat()
        name = file_name(self._town, self._query.record, form, day, self.audience)
        start = self._folders.of(_FOLDER) / name
        kinds = f"{_(form.label)} (*{form.suffix})"
        name, _filter = QFileDialog.getSaveFileName(self, _("导出为公开格式"), str(start), kinds)
        if name:
            target = Path(name)
            fits = target.suffix.lower() == form.suffix
            self.export_to(target if fits else target.with_name(target.name + form.suffix))

    def export_to(self, target: Path, reason: str = "") -> None:
        """Write the file, with progress and Cancel; a reason lets out what was found in it."""
        self.outcome.hide()
        self._under_way = self._desk.work(
            partial(export_list, beside=True, override=Override(reason) if reason else None),
            self.form,
            target,
            self.query,
            self.audience,
            title=_("导出{form}").format(form=_(self.form.label)),
            then=self._exported,
            failed=partial(self._refuse, target),
            owner=self,
        )
        self._under_way.ended.connect(self._ended)
        self._follow()

    def _ended(self) -> None:
        self._under_way = None
        self._follow()

    def _refuse(self, target: Path, error: UserError) -> None:
        self.outcome.refuse(str(error))
        if isinstance(error, PersonalNumber):
            asked = ReasonDialog(
                _("仍要放行？"),
                _("{found}\n如果看过确实不是个人信息，写明原因后可以放行。").format(found=error),
                _("写明原因并放行"),
                self,
            )
            asked.given.connect(partial(self.export_to, target))
            asked.open()

    def _exported(self, report: Exported) -> None:
        self._folders.keep(_FOLDER, report.path)
        words = _("已导出 {name}：{count:,} 条，其中 {placed:,} 条有位置。").format(
            name=report.path.name, count=report.records, placed=report.placed
        )
        if report.left:
            named = "、".join(each.title for each in report.left[:_NAMED])
            reasons = "；".join(dict.fromkeys(each.why for each in report.left))
            words += _("没有写入 {count} 条（{names}{more}）：{reasons}。").format(
                count=len(report.left),
                names=named,
                more=_("等") if len(report.left) > _NAMED else "",
                reasons=reasons,
            )
        self.outcome.say_saved(report.path, words, Weight.WARN if report.left else Weight.GOOD)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._under_way is not None:
            self._under_way.cancel()
        super().closeEvent(event)

    @override
    def reject(self) -> None:
        """Esc stops what is under way first; pressed again it closes."""
        if self._under_way is not None:
            self._under_way.cancel()
            return
        super().reject()


def _purpose(form: Format) -> str:
    return {
        Format.HSDS: _("国际通用的服务资源目录，别的目录软件和网站能直接读"),
        Format.HSDS_CSV: _("同一份目录，分成几张表，打成一个压缩包"),
        Format.GEOJSON: _("QGIS 等地图软件"),
        Format.KML: _("奥维互动地图、谷歌地球，手机上看点位"),
        Format.GPX: _("手持 GPS、徒步软件；只能放有位置的"),
        Format.CSV: _("一张纯文本表，WPS、Excel 能打开"),
    }[form]


def _facts(store: Store, query: Query) -> tuple[str, int, int]:
    """What the town is called, how many records the list has, and how many there are."""
    return profile_of(store).town, count_of(store, query), count_of(store, Query(query.record))
