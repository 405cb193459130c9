"""What was just drawn gets a name, or is the range of a villagers' group."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.theme import Look


class DrawingDialog(QDialog):
    """Asks for the name. What was drawn is kept until it is saved or given up."""

    named = Signal(str, bool)
    """The name, and whether it may stand on the hand-out."""
    bounded = Signal(str)
    """It is the range of this villagers' group, by key."""

    def __init__(
        self,
        kind: FeatureKind,
        groups: Sequence[tuple[Key, str]],
        look: Look,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._groups = tuple(groups)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("drawing_dialog")
        self.setWindowTitle(_("画好了：{kind}").format(kind=_(kind.label)))
        self.setMinimumWidth(look.pixels(420))
        self._name = QLineEdit(self)
        self._name.setObjectName("drawing_name")
        self._name.setAccessibleName(_("名称"))
        self._name.setPlaceholderText(_example(kind))
        self._public = QCheckBox(_("可以印在发放图上"), self)
        self._public.setObjectName("drawing_on_handout")
        self._public.setAccessibleName(self._public.text())
        self._public.setChecked(True)
        self._group = Combo(look, self)
        self._group.setObjectName("drawing_group")
        self._group.setAccessibleName(_("村民组范围"))
        self._group.addItem(_("不是村民组，是片区"))
        self._group.addItems([title for _key, title in self._groups])
        self._group.activated.connect(lambda _row: self._follow())
        self.refusal = Bar(look, self, "drawing_refusal")
        self.refusal.hide()
        leave = self._button(_("不要了"), "drawing_cancel")
        leave.clicked.connect(self.reject)
        self._save = self._button(_("保存"), "drawing_save")
        self._save.setProperty("look", "primary")
        self._save.setDefault(True)
        self._save.clicked.connect(self._give)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(8)
        if kind is FeatureKind.AREA and self._groups:
            column.addWidget(QLabel(_("这是哪个村民组的范围？"), self))
            column.addWidget(self._group)
        else:
            self._group.hide()
        column.addWidget(QLabel(_("名称"), self))
        column.addWidget(self._name)
        column.addWidget(self._public)
        column.addWidget(self.refusal)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self._save)
        column.addLayout(buttons)
        self._name.textChanged.connect(lambda _text: self._follow())
        self._follow()
        self._name.setFocus()

    def refuse(self, error: UserError) -> None:
        """Say why it was not saved; nothing is lost."""
        self.refusal.say(str(error), Weight.BAD)

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        return button

    def _follow(self) -> None:
        is_group = self._group.currentIndex() > 0
        self._name.setEnabled(not is_group)
        self._public.setEnabled(not is_group)
        self._save.setEnabled(is_group or bool(self._name.text().strip()))

    def _give(self) -> None:
        self.refusal.hide()
        if self._group.currentIndex() > 0:
            self.bounded.emit(self._groups[self._group.currentIndex() - 1][0])
        else:
            self.named.emit(self._name.text().strip(), self._public.isChecked())


def _example(kind: FeatureKind) -> str:
    return {
        FeatureKind.MAIN_ROAD: _("例：柳河大道"),
        FeatureKind.LANE: _("例：祠堂巷"),
        FeatureKind.RIVER: _("例：柳河"),
        FeatureKind.AREA: _("例：老街片区"),
        FeatureKind.PLACE: _("例：柳河镇政府"),
        FeatureKind.SIGHT: _("例：古樟树"),
    }[kind]
