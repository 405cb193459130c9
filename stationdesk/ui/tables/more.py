"""更多: the filters that a narrow window has no room for, behind one button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from stationdesk.core.messages import _
from stationdesk.ui.forms.choices import SearchCombo
from stationdesk.ui.theme import Look
from stationdesk.ui.toggle import Toggle

_WIDTH = 220


class MoreFilters(Toggle):
    """Holds combos in a popup below itself, and says how many of them filter."""

    def __init__(self, name: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(_("更多"), parent)
        self._look = look
        self.setObjectName(f"{name}_filter_more")
        self.setAccessibleName(_("更多筛选"))
        self.setToolTip(_("更多筛选"))
        self.setProperty("look", "chip")
        self._popup = QFrame(self, Qt.WindowType.Popup)
        self._popup.setObjectName(f"{name}_filter_popup")
        self._popup.setProperty("look", "popup")
        self._column = QVBoxLayout(self._popup)
        self._column.setContentsMargins(10, 10, 10, 10)
        self._column.setSpacing(8)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self._popup).activated.connect(self._popup.close)
        self._held: tuple[SearchCombo, ...] = ()
        self.clicked.connect(lambda _on: self._open())
        self.hide()

    @property
    def held(self) -> tuple[SearchCombo, ...]:
        """The combos behind the button."""
        return self._held

    def hold(self, combos: Sequence[SearchCombo]) -> None:
        """Take these combos; the others are for the bar to show again."""
        self._held = tuple(combos)
        for combo in combos:
            self._column.addWidget(combo)
            combo.setFixedWidth(self._look.pixels(_WIDTH))
            combo.show()
        self.setVisible(bool(combos))
        self.tell()

    def tell(self) -> None:
        """Say how many of the held combos filter."""
        count = sum(known and value is not None for known, value in (each.choice() for each in self._held))
        self.setText(_("更多 {count}").format(count=count) if count else _("更多"))
        self.setChecked(bool(count))

    def _open(self) -> None:
        self.tell()  # pressing it does not choose anything by itself
        self._popup.adjustSize()
        self._popup.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        self._popup.show()
        if self._held:
            self._held[0].setFocus()
