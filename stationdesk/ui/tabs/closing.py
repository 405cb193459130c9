"""How a need ends: asked for once, with the reason where one is due."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.messages import _
from stationdesk.core.text import clean
from stationdesk.core.vocab import NeedStatus
from stationdesk.ui.theme import Look


class ClosingDialog(QDialog):
    """Offers the states that end a need."""

    chosen = Signal(object, str)
    """The `NeedStatus` and the reason."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("need_closing")
        self.setWindowTitle(_("关闭需求"))
        self.setMinimumWidth(look.pixels(420))
        self._states = [each for each in NeedStatus if not each.is_open]
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(6)
        title = QLabel(_("这条需求怎样了结？"), self)
        title.setProperty("look", "heading")
        column.addWidget(title)
        for place, state in enumerate(self._states):
            button = QRadioButton(_(state.label), self)
            button.setObjectName(f"need_closing_{state.value}")
            button.setAccessibleName(_(state.label))
            self._group.addButton(button, place)
            column.addWidget(button)
        self.reason = QPlainTextEdit(self)
        self.reason.setObjectName("need_closing_reason")
        self.reason.setAccessibleName(_("原因"))
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(look.pixels(84))
        self._asked = QLabel(_("原因（可不填）"), self)
        self._asked.setProperty("look", "field")
        column.addSpacing(6)
        column.addWidget(self._asked)
        column.addWidget(self.reason)
        buttons = QDialogButtonBox(self)
        self.accept_button = buttons.addButton(_("关闭需求"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setObjectName("need_closing_accept")
        self.accept_button.setProperty("look", "primary")
        self.accept_button.style().unpolish(self.accept_button)
        self.accept_button.style().polish(self.accept_button)
        leave = buttons.addButton(_("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        leave.setObjectName("need_closing_cancel")
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self._group.idToggled.connect(lambda _place, _on: self._follow())
        self.reason.textChanged.connect(self._follow)
        self._group.button(0).setChecked(True)

    @property
    def state(self) -> NeedStatus:
        """The state that is chosen."""
        return self._states[self._group.checkedId()]

    def _follow(self) -> None:
        needed = self.state.needs_reason
        self._asked.setText(_("原因（要写明，月报会用到）") if needed else _("原因（可不填）"))
        self.accept_button.setEnabled(bool(self._text()) or not needed)

    def _text(self) -> str:
        return clean(self.reason.toPlainText()).strip()

    def _take(self) -> None:
        self.chosen.emit(self.state, self._text())
        self.accept()
