"""What each matching rule counts for: the one place where a station changes it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.messages import _
from stationdesk.core.vocab.weights import WEIGHTS, Rule
from stationdesk.db.models import Weight
from stationdesk.services.stations import save_weights, weights_of
from stationdesk.ui.desk import Desk

_MOST = 100
_RULES = {each.code: each for each in Rule}
_SETTLES = {each for each, points in WEIGHTS.items() if points == 0}
"""Rules that let a resource through or not, and bring no points."""


class WeightsDialog(QDialog):
    """Points of the rules; the order of the suggestions follows from their sum."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("weights_dialog")
        self.setWindowTitle(_("推荐权重"))
        self.setMinimumWidth(desk.look.pixels(420))
        lead = QLabel(
            _(
                "每条规则符合时加多少分，推荐按总分排序。分值只影响先后；过期、停用、满额、被谢绝的资源不论分值都不推荐。"
            ),
            self,
        )
        lead.setWordWrap(True)
        lead.setProperty("look", "muted")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._points: dict[str, QSpinBox] = {}
        self._save = self._button(_("保存"), "weights_save")
        self._save.setProperty("look", "primary")
        self._save.setDefault(True)
        self._save.setEnabled(False)
        self._save.clicked.connect(self._write)
        again = self._button(_("恢复默认"), "weights_default")
        again.clicked.connect(self._propose)
        leave = self._button(_("取消"), "weights_cancel")
        leave.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(again)
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        column.addWidget(lead)
        column.addLayout(self._grid)
        column.addLayout(buttons)
        desk.read(weights_of, then=self._show)

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        return button

    def _show(self, weights: Sequence[Weight]) -> None:
        for weight in weights:
            rule = _RULES.get(weight.rule)
            if rule is None or rule in _SETTLES:
                continue
            words = _(rule.label)
            box = QSpinBox(self)
            box.setObjectName(f"weight_{rule.value}")
            box.setAccessibleName(words)
            box.setRange(-_MOST, _MOST)
            box.setValue(weight.points)
            box.setSuffix(_(" 分"))
            box.setMinimumHeight(self._desk.look.pixels(30))
            box.setMinimumWidth(self._desk.look.pixels(96))
            label = QLabel(words, self)
            label.setBuddy(box)
            row = self._grid.rowCount()
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(box, row, 1)
            self._points[weight.rule] = box
        self._save.setEnabled(True)

    def _propose(self) -> None:
        for rule, box in self._points.items():
            box.setValue(WEIGHTS[_RULES[rule]])

    def _write(self) -> None:
        self._save.setEnabled(False)
        points = {rule: box.value() for rule, box in self._points.items()}
        told = partial(self._desk.notify, _("推荐权重已保存"))

        def done(_changes: object) -> None:
            told()
            self.accept()

        self._desk.change(save_weights, points, then=done, owner=self)
