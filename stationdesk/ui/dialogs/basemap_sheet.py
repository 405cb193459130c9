"""One base map: what a file was found to be before it is added, and what may be changed of it afterwards."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.vocab import Datum
from stationdesk.services import basemaps
from stationdesk.services.basemaps import BaseLine, Sight
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.settings_ask import AskDialog
from stationdesk.ui.status import TaskRow

_DATUMS = tuple(Datum)


class _Datums(QWidget):
    """The question which datum a map is in; nothing is chosen where nothing speaks for any."""

    def __init__(self, name: str, chosen: Datum | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._buttons = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for place, datum in enumerate(_DATUMS):
            button = QRadioButton(_(datum.label), self)
            button.setObjectName(f"{name}_{datum.value}")
            button.setAccessibleName(_(datum.label))
            button.setChecked(datum is chosen)
            self._buttons.addButton(button, place)
            column.addWidget(button)

    @property
    def chosen(self) -> Datum | None:
        """What was chosen."""
        place = self._buttons.checkedId()
        return _DATUMS[place] if place >= 0 else None


class AddBasemapDialog(AskDialog):
    """Says what a file is and how it fits the station; asks for a name and the datum, then takes it in."""

    added = Signal(object)
    """A `ChangeSet`."""

    def __init__(self, desk: Desk, sight: Sight, parent: QWidget | None = None) -> None:
        super().__init__(desk, "basemap_add", _("加入底图"), parent)
        self._sight = sight
        self.setMinimumWidth(desk.look.pixels(560))
        words = QLabel("\n".join(sight.sentences), self)
        words.setObjectName("basemap_add_words")
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.lines.addRow(words)
        self._title = self.line("name", _("底图名称"))
        self._title.setText(sight.found.name)
        question = QLabel(_("这张底图是哪种坐标系？选错，本站的标记会偏几百米。"), self)
        question.setWordWrap(True)
        self._datums = _Datums("basemap_add", sight.datum, self)
        self.lines.addRow(question)
        self.lines.addRow(_("坐标系"), self._datums)
        self.layout().insertWidget(2, TaskRow(desk, self))  # type: ignore[union-attr]  # a QVBoxLayout
        away = bool(sight.places) and sight.outside == sight.places
        label = _("仍然加入") if away else _("加入")
        self.done_button.setText(label)
        self.done_button.setAccessibleName(label)
        if away:
            self.refuse(_("本站的地点都在这张底图外面，加入以后在地图上看不到它。请看看是不是选错了文件。"))

    @override
    def act(self) -> None:
        datum = self._datums.chosen
        if datum is None:
            self.refuse(_("请先选坐标系：天地图、OSM 是 WGS-84，高德、腾讯是 GCJ-02，百度是 BD-09。"))
            return
        self.wait()
        add = partial(basemaps.add, name=self._title.text().strip())
        self.desk.change(
            add,
            self._sight.path,
            datum,
            title=_("加入底图"),
            then=self._taken,
            failed=self.failed,
            owner=self,
        )

    def _taken(self, changes: ChangeSet) -> None:
        self.added.emit(changes)
        self.accept()


class EditBasemapDialog(AskDialog):
    """What a base map is called, where it is from, its approval number, its datum."""

    def __init__(self, desk: Desk, base: BaseLine, parent: QWidget | None = None) -> None:
        super().__init__(desk, "basemap_edit", _("修改底图"), parent)
        self._base = base
        self.setMinimumWidth(desk.look.pixels(520))
        self._title = self.line("name", _("底图名称"))
        self._title.setText(base.name)
        self._credit = self.line("credit", _("来源说明"))
        self._credit.setText(base.attribution)
        self._credit.setPlaceholderText(_("如 天地图·河南，或 © OpenStreetMap 贡献者"))
        self._review = self.line("review", _("审图号"))
        self._review.setText(base.review_number)
        self._review.setPlaceholderText(_("如 GS(2024)0000号；没有就空着"))
        self._datums = _Datums("basemap_edit", base.datum, self)
        if not base.kind.is_ours:
            self.lines.addRow(_("坐标系"), self._datums)
        self._datums.setVisible(not base.kind.is_ours)

    @override
    def act(self) -> None:
        self.wait()
        values = {
            "name": self._title.text().strip(),
            "attribution": self._credit.text().strip() or None,
            "review_number": self._review.text().strip() or None,
            "datum": self._datums.chosen or self._base.datum,
        }
        self.desk.change(
            basemaps.edit, self._base.key, values, then=self._saved, failed=self._refused, owner=self
        )

    def _saved(self, _changes: ChangeSet) -> None:
        self.accept()

    def _refused(self, error: UserError) -> None:
        self.refuse(str(error), self._title)
