"""A field of the station's own: what it is called, what it holds, where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QPlainTextEdit, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.messages import _
from stationdesk.core.vocab import OwnGuard, OwnKind
from stationdesk.db.models import RECORD_TITLES
from stationdesk.services import own_fields
from stationdesk.services.own_fields import OwnField, Wish, pages_of
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.settings_ask import AskDialog
from stationdesk.ui.forms.choices import Combo

_KINDS, _GUARDS = tuple(OwnKind), tuple(OwnGuard)
_WITH_UNIT = frozenset({OwnKind.NUMBER, OwnKind.MONEY})


class OwnFieldDialog(AskDialog):
    """Asks for a new field, or changes one that is there."""

    def __init__(
        self, desk: Desk, record: str, field: OwnField | None = None, parent: QWidget | None = None
    ) -> None:
        kind = _(RECORD_TITLES[record])
        words = _("{record}：增加字段") if field is None else _("{record}：修改字段")
        super().__init__(desk, "own_field", words.format(record=kind), parent)
        self._record, self._field = record, field
        wish = field.wish if field is not None else Wish("")
        self._label = self.line("label", _("字段名称"))
        self._label.setText(wish.label)
        self._kind = self._combo("kind", _(OwnKind.caption), [_(each.label) for each in _KINDS])
        self._kind.setCurrentIndex(_KINDS.index(wish.kind))
        self._options = self._text("options", _("选项"))
        self._unit = self.line("unit", _("单位"))
        self._unit.setText(wish.unit)
        self._page = self._combo("page", _("所在分页"), [_(each) for each in pages_of(record)])
        self._page.setEditable(True)
        self._page.setEditText(_(wish.page) if wish.page else _(pages_of(record)[0]))
        self._ticks = self._boxes(wish)
        self._guard = self._combo("guard", _(OwnGuard.caption), [_(each.label) for each in _GUARDS])
        self._guard.setCurrentIndex(_GUARDS.index(wish.guard))
        remark = QLabel(
            _("“对外时”管外送上报的台账：涉及个人情况的选“不列出”。导入表格时，同名的列会自动对上。"), self
        )
        remark.setProperty("look", "small")
        remark.setWordWrap(True)
        self.lines.addRow("", remark)
        self._kind.currentIndexChanged.connect(lambda _place: self._fit())
        self._fit()

    @override
    def act(self) -> None:
        self.wait()
        wish, field, record = self._wish(), self._field, self._record

        def save(store: Store) -> ChangeSet:
            if field is None:
                return own_fields.add_field(store, record, wish)
            return own_fields.edit_field(store, field.key, wish)

        self.desk.change(save, then=lambda _changes: self.accept(), failed=self.failed, owner=self)

    def _wish(self) -> Wish:
        on_form, in_ledger, on_slip, on_print = (box.isChecked() for box in self._ticks)
        kind = _KINDS[self._kind.currentIndex()]
        page = self._page.currentText().strip()
        return Wish(
            self._label.text(),
            kind,
            tuple(self._options.toPlainText().splitlines()),
            self._unit.text() if kind in _WITH_UNIT else "",
            # A page is stored as the program calls it, whatever language it was chosen in.
            next((each for each in pages_of(self._record) if page in (each, _(each))), page),
            on_form,
            in_ledger,
            on_slip,
            on_print,
            _GUARDS[self._guard.currentIndex()],
        )

    def _fit(self) -> None:
        """Show what the kind asks for."""
        kind = _KINDS[self._kind.currentIndex()]
        there = self._field is not None and self._field.wish.kind.has_options
        self._options.setPlaceholderText(
            _("每行写一个要增加的选项；已有的在“选项…”里改名、停用") if there else _("每行写一个选项")
        )
        self.lines.setRowVisible(self._options, kind.has_options)
        self.lines.setRowVisible(self._unit, kind in _WITH_UNIT)
        if self.isVisible():
            # The remark wraps, so that the layout does not ask for the room that a new row takes.
            self.resize(self.width(), max(self.height(), self.heightForWidth(self.width())))

    def _combo(self, name: str, words: str, options: Sequence[str]) -> QComboBox:
        combo = Combo(self.desk.look, self)
        combo.setObjectName(f"own_field_{name}")
        combo.setAccessibleName(words)
        combo.addItems(list(options))
        self.lines.addRow(words, combo)
        return combo

    def _text(self, name: str, words: str) -> QPlainTextEdit:
        text = QPlainTextEdit(self)
        text.setObjectName(f"own_field_{name}")
        text.setAccessibleName(words)
        text.setTabChangesFocus(True)
        text.setFixedHeight(self.desk.look.pixels(104))
        self.lines.addRow(words, text)
        return text

    def _boxes(self, wish: Wish) -> tuple[QCheckBox, ...]:
        told = (
            ("on_form", _("表单和导入"), wish.on_form),
            ("in_ledger", _("台账"), wish.in_ledger),
            ("on_slip", _("走访单"), wish.on_slip),
            ("on_print", _("卡片"), wish.on_print),
        )
        holder = QWidget(self)
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        boxes = []
        for place, (name, words, ticked) in enumerate(told):
            box = QCheckBox(words, holder)
            box.setObjectName(f"own_field_{name}")
            box.setAccessibleName(words)
            box.setChecked(ticked)
            grid.addWidget(box, place // 2, place % 2)
            boxes.append(box)
        self.lines.addRow(_("出现在"), holder)
        return tuple(boxes)
