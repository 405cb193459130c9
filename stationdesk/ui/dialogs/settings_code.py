"""A new row of an editable list: its name, and what else its list asks for."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLabel, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.messages import _
from stationdesk.core.vocab import Privacy
from stationdesk.services import codes
from stationdesk.services.codes import Asked, CodeList
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.settings_ask import AskDialog
from stationdesk.ui.forms.choices import Combo

_LEVELS = tuple(Privacy)


class AddCodeDialog(AskDialog):
    """Asks for a row; its code is given by the station."""

    def __init__(self, desk: Desk, codes_of: CodeList, asked: Asked, parent: QWidget | None = None) -> None:
        title = _("{list}：增加条目").format(list=codes_of.title)
        super().__init__(desk, "add_code", title, parent)
        self._list = codes_of.name
        self._asked = asked
        self._label = self.line("label", _("名称"))
        self._above = self._combo("above", asked.above_title, [words for _code, words in asked.above])
        levels = [_(level.label) for level in _LEVELS] if asked.privacy else []
        self._level = self._combo("privacy", _(Privacy.caption), levels)
        self._note = self.line("note", _("说明"))
        remark = QLabel(_("代码由程序给，用过的不再用。新条目标为“未核对”，对照文件后再标。"), self)
        remark.setProperty("look", "small")
        remark.setWordWrap(True)
        self.lines.addRow("", remark)

    @override
    def act(self) -> None:
        self.wait()
        above, level = self._above.currentIndex() - 1, self._level.currentIndex() - 1
        label, note, name = self._label.text(), self._note.text(), self._list
        code = self._asked.above[above][0] if above >= 0 else ""
        privacy = _LEVELS[level] if level >= 0 else None

        def add(store: Store) -> ChangeSet:
            return codes.add_code(store, name, label, above=code, privacy=privacy, note=note)

        self.desk.change(add, then=lambda _changes: self.accept(), failed=self.failed, owner=self)

    def _combo(self, name: str, words: str, options: list[str]) -> QComboBox:
        combo = Combo(self.desk.look, self)
        combo.setObjectName(f"add_code_{name}")
        combo.setAccessibleName(words)
        combo.addItems([_("请选择"), *options])
        if options:
            self.lines.addRow(words, combo)
        else:
            combo.hide()
        return combo
