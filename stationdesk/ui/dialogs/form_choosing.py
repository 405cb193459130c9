"""Whom a form lists: of which categories, in which villages, of which age; nothing chosen is everybody."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from stationdesk.core.fields import Field, Spec
from stationdesk.core.messages import _
from stationdesk.services.templates.showing import Choosing
from stationdesk.ui.forms import Kit
from stationdesk.ui.forms.sets import SetEditor

_OLDEST = 120
_ANY = -1
_CATEGORIES = Field(
    "form_template",
    "categories",
    str,
    optional=True,
    many=True,
    spec=Spec("对象类别", codes="client_group", hint="不选就是全部"),
)


class ChoosingBox(QWidget):
    """One line of choices; the same where a form is taught and where it is filled."""

    changed = Signal()

    def __init__(self, kit: Kit, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = kit.look
        self._filling = False
        self._told = Choosing()
        self._categories = SetEditor(_CATEGORIES, kit, self)
        self._categories.edited.connect(self._tell)
        self._villages = QLineEdit(self)
        self._villages.setObjectName(f"{name}_villages")
        self._villages.setAccessibleName(_("村居"))
        self._villages.setPlaceholderText(_("村居名称，几个用、分开；不填就是全部"))
        self._villages.editingFinished.connect(self._tell)
        self._from = self._years(f"{name}_age_from", _("年龄从"))
        self._to = self._years(f"{name}_age_to", _("年龄到"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for words, widget, stretch in (
            (_("对象类别"), self._categories, 3),
            (_("村居"), self._villages, 3),
            (_("年龄"), self._from, 0),
            (_("至"), self._to, 0),
        ):
            label = QLabel(words, self)
            label.setProperty("look", "field")
            row.addWidget(label)
            row.addWidget(widget, stretch)

    @property
    def choosing(self) -> Choosing:
        """What is chosen."""
        names = self._villages.text().replace(",", "、").replace("，", "、").split("、")
        return replace(
            self._told,
            categories=tuple(sorted(self._categories.value() or frozenset())),
            villages=tuple(name.strip() for name in names if name.strip()),
            age_from=self._from.value() if self._from.value() > _ANY else None,
            age_to=self._to.value() if self._to.value() > _ANY else None,
        )

    def show_choosing(self, choosing: Choosing) -> None:
        """Show what a template chooses."""
        self._filling = True
        self._told = choosing
        self._categories.show_value(frozenset(choosing.categories) or None)
        self._villages.setText("、".join(choosing.villages))
        self._from.setValue(_ANY if choosing.age_from is None else choosing.age_from)
        self._to.setValue(_ANY if choosing.age_to is None else choosing.age_to)
        self._filling = False

    def _years(self, name: str, words: str) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setObjectName(name)
        spin.setAccessibleName(words)
        spin.setRange(_ANY, _OLDEST)
        spin.setValue(_ANY)
        spin.setSpecialValueText(_("不限"))
        spin.setMinimumHeight(self._look.pixels(30))
        spin.editingFinished.connect(self._tell)
        return spin

    def _tell(self) -> None:
        if not self._filling:
            self.changed.emit()
