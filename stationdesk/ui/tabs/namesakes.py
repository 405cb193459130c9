"""Warns while a name is typed that somebody on file bears already."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.services.households import namesakes
from stationdesk.ui.desk import Desk
from stationdesk.ui.forms import RecordForm
from stationdesk.ui.notices import Weight
from stationdesk.ui.tasks import Ticket

_PAUSE = 250
"""Milliseconds of rest after which a name is looked up."""
_SHORTEST = 2


class NamesakeWatch(QObject):
    """Watches the field of a name in a form and warns in the bar of the form; it never stops the work."""

    def __init__(self, form: RecordForm, slot: str, desk: Desk) -> None:
        super().__init__(form)
        self._form = form
        self._slot = slot
        self._desk = desk
        self._reading: Ticket | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._ask)
        form.boxes[slot].editor.edited.connect(self._timer.start)

    def _ask(self) -> None:
        name = str(self._form.values().get(self._slot) or "").strip()
        if self._reading is not None:
            self._reading.drop()
        if len(name) < _SHORTEST:
            self._form.banner.hide()
            return
        own = self._form.key if self._slot == "name" else None
        self._reading = self._desk.read(namesakes, name, own or Key(""), then=self._tell)

    def _tell(self, found: Sequence[str]) -> None:
        if not found:
            self._form.banner.hide()
            return
        words = _("已有同名的人：{people}。同一个人就不要再登记。")
        self._form.banner.say(words.format(people="；".join(found)), Weight.WARN)
