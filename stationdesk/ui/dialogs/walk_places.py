"""The places of a walk in a table: the photo, the name to give, and what becomes of each."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.messages import _
from stationdesk.services.walks import Fate, WalkPlace, WalkSight, name_of, proposed
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.theme import Look
from stationdesk.ui.words import tip

_PHOTO, _TIME, _NAME, _FATE = range(4)
_THUMB = 72


class WalkPlaces(QTableWidget):
    """One row a place; the name is typed in the row, the fate chosen beside it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self._look = look
        self._boxes: list[QComboBox] = []
        self.setObjectName("walk_places")
        self.setAccessibleName(_("行走中的地点"))
        self.setHorizontalHeaderLabels([_("照片"), _("时间"), _("名称（双击可改）"), _("怎样收入")])
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setIconSize(QSize(look.pixels(_THUMB), look.pixels(_THUMB * 3 // 4)))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(look.pixels(_THUMB * 3 // 4 + 8))
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for section, width in ((_PHOTO, _THUMB + 60), (_TIME, 70), (_FATE, 260)):
            self.setColumnWidth(section, look.pixels(width))

    def show_sight(self, sight: WalkSight) -> None:
        """Show the places of a sight, each with what is proposed for it."""
        self.setRowCount(0)
        self._boxes.clear()
        self.setRowCount(len(sight.places))
        for row, place in enumerate(sight.places):
            times = [sight.photos[at].taken_at[11:16] for at in place.photos if sight.photos[at].taken_at]
            self.setItem(row, _PHOTO, self._photo(sight, place))
            self.setItem(row, _TIME, _fixed(times[0] if times else ""))
            name = QTableWidgetItem(name_of(sight, place))
            name.setToolTip(tip(place.note) or "")
            self.setItem(row, _NAME, name)
            holder = QWidget(self)
            line = QVBoxLayout(holder)
            line.setContentsMargins(4, 0, 8, 0)
            self._boxes.append(self._choices(row, place, holder))
            line.addWidget(self._boxes[-1])
            self.setCellWidget(row, _FATE, holder)

    def _photo(self, sight: WalkSight, place: WalkPlace) -> QTableWidgetItem:
        item = _fixed(_("{count} 张").format(count=len(place.photos)) if len(place.photos) > 1 else "")
        if place.photos:
            shown = QPixmap()
            shown.loadFromData(sight.photos[place.photos[0]].thumbnail)
            item.setIcon(QIcon(shown))
            item.setToolTip(tip("、".join(sight.photos[at].name for at in place.photos)) or "")
        else:
            item.setText(_("标记点"))
        return item

    def _choices(self, row: int, place: WalkPlace, parent: QWidget) -> QComboBox:
        box = Combo(self._look, parent)
        box.setObjectName(f"walk_fate_{row}")
        box.setAccessibleName(_("怎样收入"))
        choices = [(_("新建草稿"), Fate.DRAFT)]
        if place.near is not None and place.photos:
            choices.append((_("照片加到 {title}").format(title=place.near[1]), Fate.ATTACH))
        choices.append((_("不收"), Fate.SKIP))
        for words, fate in choices:
            box.addItem(words, fate)
        box.setCurrentIndex([fate for _words, fate in choices].index(proposed(place)))
        return box

    def fates(self) -> dict[int, Fate]:
        """What was chosen for each place."""
        return {row: box.currentData() for row, box in enumerate(self._boxes)}

    def names(self) -> dict[int, str]:
        """What was typed for each place."""
        items = {row: self.item(row, _NAME) for row in range(self.rowCount())}
        return {row: item.text() for row, item in items.items() if item is not None}


def _fixed(words: str) -> QTableWidgetItem:
    item = QTableWidgetItem(words)
    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
    return item
