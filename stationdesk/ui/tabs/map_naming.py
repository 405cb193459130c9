"""The small panel beside the map while something is drawn: what it is, what it is called, what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab import MapClass
from stationdesk.services.drawing import class_of
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.tabs.map_pens import PENS, RANGE, Pen
from stationdesk.ui.theme import Look

_CLASSES = tuple(each for each in MapClass if each.on_map)


@dataclass(frozen=True, slots=True)
class Named:
    """What was written in the panel. `group` and `village` belong to the range of a villagers' group only."""

    pen: Pen
    name: str
    on_handout: bool
    resource: MapClass | None = None
    group: Key | None = None
    village: Key | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The villages and their groups, by key and title: whose range something may be."""

    villages: tuple[tuple[Key, str], ...] = ()
    groups: tuple[tuple[Key, str], ...] = ()


class NamingPanel(QFrame):
    """Asks for kind and name; may be filled in before, while and after something is drawn."""

    pen_changed = Signal(object)
    """Another `Pen` was chosen."""
    given = Signal(object)
    """A `Named`: keep the drawing so."""
    given_up = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._pens: tuple[Pen, ...] = PENS
        self._neighbours = Neighbours()
        self._complete = False  # whether there is something to keep
        self._class_chosen = False
        self.setObjectName("naming")
        self.setProperty("look", "card")
        self._title = QLabel(self)
        self._title.setObjectName("naming_title")
        self._title.setProperty("look", "heading")
        self._title.setWordWrap(True)
        self._kind = self._combo("naming_kind", _("类型"))
        self._kind.activated.connect(lambda _row: self._change_pen())
        self._group = self._combo("naming_group", _("村民组"))
        self._group.activated.connect(lambda _row: self._follow())
        self._village = self._combo("naming_village", _("属于哪个村居"))
        self._name = QLineEdit(self)
        self._name.setObjectName("naming_name")
        self._name.setAccessibleName(_("名称"))
        self._name.setMaxLength(60)
        self._public = self._box(_("可以印在发放图上"), "naming_on_handout")
        self._resource = self._box(_("同时登记为资源（草稿）"), "naming_resource")
        self._resource.toggled.connect(lambda _on: self._follow())
        self._class = self._combo("naming_class", _("图例类别"))
        self._class.addItems([f"{each.letter}  {_(each.label)}" for each in _CLASSES])
        self._class.activated.connect(lambda _row: self._choose_class())
        self._again = self._box(_("保存后接着画同类的"), "naming_again")
        self.refusal = Bar(look, self, "naming_refusal")
        self.refusal.hide()
        self._leave = self._button(_("不要了"), "naming_cancel")
        self._leave.clicked.connect(lambda _on: self.given_up.emit())
        self._save = self._button(_("保存"), "naming_save")
        self._save.setProperty("look", "primary")
        self._save.clicked.connect(lambda _on: self._give())
        self._lay_out()
        self._name.textChanged.connect(lambda _text: self._follow())
        self._name.returnPressed.connect(self._give)
        self.hide()

    def begin(self, pen: Pen, name: str = "") -> None:
        """Something is going to be drawn with `pen`; a name may be suggested."""
        self._pens = PENS
        self._complete = False
        self._again.show()
        self._start(pen, name, on_handout=True)
        self._title.setText(_("画{kind}").format(kind=pen.label))

    def complete(self) -> bool:
        """It is drawn: keep it at once where everything is told, otherwise ask for the name."""
        pen = self.pen
        self._complete = True
        self._pens = tuple(each for each in PENS if each.geometry == pen.geometry)
        self._offer(pen)
        self._title.setText(_("画好了：{kind}叫什么？").format(kind=pen.label))
        self._follow()
        if self._save.isEnabled():
            self._give()
            return True
        self._name.setFocus()
        return False

    def rename(self, pen: Pen, name: str, *, on_handout: bool) -> None:
        """Change what a kept drawing is called."""
        self._pens = tuple(
            each
            for each in PENS
            if each.geometry == pen.geometry and (each.name == RANGE) == (pen.name == RANGE)
        )
        self._complete = True
        self._again.hide()
        self._start(pen, name, on_handout=on_handout)
        self._title.setText(_("改名：{name}").format(name=name))
        self._resource.hide()
        self._group.hide()
        self._name.setFocus()
        self._name.selectAll()

    def draw_on(self, *, on: bool) -> None:
        """Whether the pen stays in hand after each drawing, until the worker says otherwise."""
        self._again.setChecked(on)

    def offer(self, neighbours: Neighbours) -> None:
        """The villages and groups whose range may be drawn."""
        self._neighbours = neighbours
        for combo, offered in ((self._village, neighbours.villages), (self._group, neighbours.groups)):
            combo.clear()
            combo.addItems([title for _key, title in offered])
        if neighbours.villages:
            self._group.addItem(_("新的村民组"))
        self._follow()

    @property
    def pen(self) -> Pen:
        """What is drawn."""
        return self._pens[max(self._kind.currentIndex(), 0)]

    @property
    def draws_on(self) -> bool:
        """Whether another one of the kind is to be drawn after this one."""
        return self._again.isChecked() and not self._again.isHidden()

    @property
    def waits(self) -> bool:
        """Whether something that is drawn is not kept yet."""
        return self._complete and not self.isHidden()

    def refuse(self, words: str) -> None:
        """Say why it was not kept; nothing is lost."""
        self.refusal.say(words, Weight.BAD)

    # Inside

    def _start(self, pen: Pen, name: str, *, on_handout: bool) -> None:
        self.refusal.hide()
        self._class_chosen = False
        self._offer(pen)
        self._name.setText(name)
        self._public.setChecked(on_handout)
        self._resource.setChecked(False)
        self._follow()
        self.show()

    def _offer(self, pen: Pen) -> None:
        self._kind.clear()
        self._kind.addItems([each.label for each in self._pens])
        self._kind.setCurrentIndex(self._pens.index(pen))

    def _change_pen(self) -> None:
        words = _("画好了：{kind}叫什么？") if self._complete else _("画{kind}")
        self._title.setText(words.format(kind=self.pen.label))
        self._follow()
        self.pen_changed.emit(self.pen)

    def _choose_class(self) -> None:
        self._class_chosen = True

    def _follow(self) -> None:
        pen, is_range = self.pen, self.pen.name == RANGE
        renaming = self._again.isHidden()
        known = is_range and not renaming and 0 <= self._group.currentIndex() < len(self._neighbours.groups)
        self._name.setPlaceholderText(pen.example)
        self._rows.setRowVisible(self._group, is_range and not renaming)
        self._rows.setRowVisible(self._village, is_range and not renaming and not known)
        self._rows.setRowVisible(self._name, not known)
        self._public.setVisible(not is_range)
        self._resource.setVisible(pen.geometry == "Point" and not renaming)
        self._class.setVisible(self._as_resource)
        if not self._class_chosen:
            self._class.setCurrentIndex(_CLASSES.index(class_of(self._name.text())))
        lost = is_range and not renaming and not self._neighbours.villages and not self._neighbours.groups
        if lost:
            self.refusal.say(_("还没有村居：先在下面的列表里新增村居，或把类型改成片区。"), Weight.WARN)
        elif not self.refusal.isHidden():
            self.refusal.hide()
        named = known or bool(self._name.text().strip())
        self._save.setEnabled(self._complete and named and not lost)

    @property
    def _as_resource(self) -> bool:
        return self._resource.isChecked() and not self._resource.isHidden()

    def _give(self) -> None:
        if not self._save.isEnabled():
            return
        self.refusal.hide()
        group = village = None
        if self.pen.name == RANGE and not self._again.isHidden():
            row = self._group.currentIndex()
            if 0 <= row < len(self._neighbours.groups):
                group = self._neighbours.groups[row][0]
            else:
                village = self._neighbours.villages[self._village.currentIndex()][0]
        self.given.emit(
            Named(
                self.pen,
                self._name.text().strip(),
                self._public.isChecked(),
                _CLASSES[self._class.currentIndex()] if self._as_resource else None,
                group,
                village,
            )
        )

    def _lay_out(self) -> None:
        self._rows = QFormLayout()
        self._rows.setHorizontalSpacing(10)
        self._rows.setVerticalSpacing(6)
        for words, widget in (
            (_("类型"), self._kind),
            (_("村民组"), self._group),
            (_("村居"), self._village),
            (_("名称"), self._name),
        ):
            self._add_row(words, widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(7)
        column.addWidget(self._title)
        column.addLayout(self._rows)
        column.addWidget(self._public)
        column.addWidget(self._resource)
        column.addWidget(self._class)
        column.addWidget(self._again)
        column.addWidget(self.refusal)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._leave)
        buttons.addWidget(self._save)
        column.addLayout(buttons)

    def _add_row(self, words: str, widget: QWidget) -> None:
        label = QLabel(words, self)
        label.setProperty("look", "field")
        self._rows.addRow(label, widget)

    def _combo(self, name: str, words: str) -> Combo:
        combo = Combo(self._look, self)
        combo.setObjectName(name)
        combo.setAccessibleName(words)
        return combo

    def _box(self, words: str, name: str) -> QCheckBox:
        box = QCheckBox(words, self)
        box.setObjectName(name)
        box.setAccessibleName(words)
        return box

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        return button
