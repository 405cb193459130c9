"""Which policies an atlas explains on its back pages: all that may be printed, or some that are ticked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QWidget
from typing_extensions import override

from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.settings_ask import AskDialog

Offered = tuple[tuple[Key, str], ...]
"""Policies by key and title."""


class GuidesDialog(AskDialog):
    """The policies with their ticks."""

    chosen = Signal(object)
    """The keys that are ticked, None for all of them."""

    def __init__(
        self, desk: Desk, offered: Offered, ticked: tuple[Key, ...] | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, "guides", _("办事指南印哪些政策"), parent)
        self._offered = offered
        self._list = QListWidget(self)
        self._list.setObjectName("guides_list")
        self._list.setAccessibleName(_("政策"))
        self._list.setMinimumHeight(desk.look.pixels(320))
        self._list.setMinimumWidth(desk.look.pixels(380))
        for key, title in offered:
            item = QListWidgetItem(title, self._list)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = ticked is None or key in ticked
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.lines.addRow(self._list)
        self.done_button.setText(_("好"))
        self.done_button.setAccessibleName(_("好"))

    @override
    def act(self) -> None:
        on = [self._list.item(row).checkState() is Qt.CheckState.Checked for row in range(self._list.count())]
        keys = tuple(key for (key, _title), is_on in zip(self._offered, on, strict=True) if is_on)
        self.chosen.emit(None if all(on) else keys)
        self.accept()


class GuidesButton(QPushButton):
    """Says how many policies are explained, and lets them be chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered: Offered = ()
        self.policies: tuple[Key, ...] | None = None
        self.setObjectName("handout_guides")
        self.setAutoDefault(False)
        self._say()

    def offer(self, desk: Desk, offered: Offered) -> None:
        """Take the policies that there are."""
        self._offered = offered
        self.clicked.connect(lambda _on: self._ask(desk))
        self._say()

    def _ask(self, desk: Desk) -> None:
        dialog = GuidesDialog(desk, self._offered, self.policies, self.window())
        dialog.chosen.connect(self._take)
        dialog.open()

    def _take(self, policies: tuple[Key, ...] | None) -> None:
        if policies != self.policies:
            self.policies = policies
            self._say()
            self.changed.emit()

    def _say(self) -> None:
        count = len(self._offered)
        chosen = count if self.policies is None else len(self.policies)
        words = _("办事指南：{chosen} / {count} 条政策…").format(chosen=chosen, count=count)
        self.setText(words)
        self.setAccessibleName(words)
        self.setEnabled(bool(self._offered))
