"""Tells whoever changed a closed month what becomes of it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from stationdesk.core.changes import ChangeSet
from stationdesk.core.messages import _
from stationdesk.services.looking_back import DATED, Touched, touched
from stationdesk.ui.desk import Desk
from stationdesk.ui.notices import Weight


class LookingBack(QObject):
    """Looks at every change that is saved, wherever it was made."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        desk.changed.connect(self._look)

    def _look(self, changes: ChangeSet) -> None:
        if changes.records & DATED.keys():
            self._desk.read(touched, changes, then=self._tell, owner=self)

    def _tell(self, found: tuple[Touched, ...]) -> None:
        for each in found:
            self._desk.notify(_sentence(each), Weight.WARN)


def _sentence(found: Touched) -> str:
    words = _("{month}已经结账：上报的文件和数字不变。").format(month=found.month.label)
    if found.listed_in is None:
        return words + _("这次改动不会列入以后的更正表（只列当年和上个月的），需要时请重新打开这个月。")
    return words + _("这次改动会列入 {month}台账的“更正表”。").format(month=found.listed_in.label)
