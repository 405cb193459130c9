"""What one place of a form is filled with, and how it is written there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.fields import Kind
from stationdesk.core.messages import _
from stationdesk.core.vocab import Choice
from stationdesk.services.templates.showing import (
    CONSTANT,
    FIGURE,
    LEAVE,
    CellKind,
    DateForm,
    FigureColumn,
    IdForm,
    Rule,
    Source,
    Sources,
    Subject,
    Writing,
)
from stationdesk.ui.forms.choices import Combo, SearchCombo
from stationdesk.ui.forms.lookups import Option
from stationdesk.ui.theme import Look

_NUMBERS = (CellKind.MONEY, CellKind.INTEGER, CellKind.NUMBER, CellKind.PERCENT)
_FACTORS: tuple[tuple[str, Decimal], ...] = (("1", Decimal(1)), ("0.0001", Decimal("0.0001")))
_MOST_DECIMALS = 4


class RulePanel(QWidget):
    """Shows a rule and tells each change of it."""

    changed = Signal(object)
    """The `Rule` as it stands now."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._sources: Sources = {}
        self._rule = Rule()
        self._filling = False
        self.setObjectName("form_rule")
        self._title = QLabel(self)
        self._title.setObjectName("form_rule_title")
        self._title.setProperty("look", "heading")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._why = QLabel(self)
        self._why.setObjectName("form_rule_why")
        self._why.setProperty("look", "small")
        self._why.setWordWrap(True)
        self._why.setTextFormat(Qt.TextFormat.PlainText)
        self.source = SearchCombo(look, self)
        self.source.setObjectName("form_rule_source")
        self.source.setAccessibleName(_("填什么"))
        self.source.line.setPlaceholderText(_("输入几个字就能找到"))
        self.source.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.source.chosen.connect(self._choose_source)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(10)
        self._form.setVerticalSpacing(6)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._form.addRow(_("填什么"), self.source)
        self._build_options()
        inside = QWidget()
        inside.setProperty("look", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addWidget(self._why)
        column.addLayout(self._form)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self.setEnabled(False)

    def offer(self, sources: Sources, subject: Subject) -> None:
        """Offer what a row or card about this kind of subject may hold."""
        self._sources = sources
        options = [Option(LEAVE, _("（留空，不填）"), ""), Option(CONSTANT, _("固定文字"), "")]
        options += [
            Option(each.name, source_words(each), f"{each.label} {' '.join(each.aliases)}".lower())
            for each in sources.values()
            if each.serves(subject)
        ]
        self._filling = True
        self.source.fill(options, optional=False, keep=self._rule.source)
        self._filling = False

    def show_rule(self, title: str, rule: Rule, why: str = "") -> None:
        """Show the rule of a place."""
        self._filling = True
        self.setEnabled(True)
        self._rule = rule
        self._title.setText(title)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self.source.choose(rule.source)
        self._text.setText(rule.text)
        self._show_writing(rule.writing)
        _choose(self._figure, rule.figure)
        self._show_codes(rule)
        self._follow()
        self._filling = False

    def show_nothing(self) -> None:
        """No place is chosen."""
        self.setEnabled(False)
        self._title.setText(_("在表样上点一格，或在上面选一行。"))
        self._why.hide()

    # Building

    def _build_options(self) -> None:
        self._text = self._line("form_rule_text", _("固定文字"))
        self._figure = self._choices("form_rule_figure", _("取哪一栏"), FigureColumn)
        self._id_form = self._choices("form_rule_id", _("证件号写法"), IdForm)
        self._date_form = self._choices("form_rule_date", _("日期写法"), DateForm)
        self._factor = Combo(self._look, self)
        self._factor.setObjectName("form_rule_factor")
        self._factor.setAccessibleName(_("单位"))
        self._factor.addItems([_("照原样"), _("换成万（÷10000）")])
        self._factor.activated.connect(lambda _row: self._tell())
        self._places = Combo(self._look, self)
        self._places.setObjectName("form_rule_places")
        self._places.setAccessibleName(_("小数位数"))
        self._places.addItems([_("照原样"), *(str(number) for number in range(_MOST_DECIMALS + 1))])
        self._places.activated.connect(lambda _row: self._tell())
        self._joint = self._line("form_rule_joint", _("几项之间用"))
        self._yes = self._line("form_rule_yes", _("“是”写作"))
        self._no = self._line("form_rule_no", _("“否”写作"))
        self._empty = self._line("form_rule_empty", _("没有内容时写"))
        self._before = self._line("form_rule_before", _("前面加"))
        self._after = self._line("form_rule_after", _("后面加"))
        self._masked = QCheckBox(_("内部使用也遮盖"), self)
        self._masked.setObjectName("form_rule_masked")
        self._masked.setAccessibleName(_("内部使用也遮盖"))
        self._masked.clicked.connect(lambda _on: self._tell())
        self._codes = QTableWidget(0, 2, self)
        self._codes.setObjectName("form_rule_codes")
        self._codes.setAccessibleName(_("这张表的代码"))
        self._codes.setHorizontalHeaderLabels([_("我们的说法"), _("表上写")])
        self._codes.verticalHeader().hide()
        self._codes.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._codes.setFixedHeight(self._look.pixels(150))
        self._codes.itemChanged.connect(lambda _item: self._tell())
        self._rows: dict[str, QWidget] = {
            "text": self._text,
            "figure": self._figure,
            "id": self._id_form,
            "date": self._date_form,
            "factor": self._factor,
            "places": self._places,
            "joint": self._joint,
            "yes": self._yes,
            "no": self._no,
            "codes": self._codes,
            "empty": self._empty,
            "before": self._before,
            "after": self._after,
            "masked": self._masked,
        }
        words = {
            "text": _("文字"),
            "figure": _("取哪一栏"),
            "id": _("写法"),
            "date": _("写法"),
            "factor": _("单位"),
            "places": _("小数位数"),
            "joint": _("几项之间用"),
            "yes": _("“是”写作"),
            "no": _("“否”写作"),
            "codes": _("代码"),
            "empty": _("没有内容时写"),
            "before": _("前面加"),
            "after": _("后面加"),
            "masked": "",
        }
        for name, widget in self._rows.items():
            if isinstance(widget, Combo):
                widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._form.addRow(words[name], widget)

    def _line(self, name: str, words: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName(name)
        line.setAccessibleName(words)
        line.textEdited.connect(lambda _text: self._tell())
        return line

    def _choices(self, name: str, words: str, kind: type[Choice]) -> Combo:
        combo = Combo(self._look, self)
        combo.setObjectName(name)
        combo.setAccessibleName(words)
        for each in kind:
            combo.addItem(_(each.label))
        combo.activated.connect(lambda _row: self._tell())
        return combo

    # Showing

    def _show_writing(self, writing: Writing) -> None:
        _choose(self._id_form, writing.id_form)
        _choose(self._date_form, writing.date_form)
        self._factor.setCurrentIndex(0 if writing.factor == 1 else 1)
        self._places.setCurrentIndex(0 if writing.places is None else writing.places + 1)
        for line, text in (
            (self._joint, writing.joint),
            (self._yes, writing.yes),
            (self._no, writing.no),
            (self._empty, writing.empty),
            (self._before, writing.before),
            (self._after, writing.after),
        ):
            line.setText(text)
        self._masked.setChecked(writing.masked)

    def _show_codes(self, rule: Rule) -> None:
        source = self._sources.get(rule.source)
        told = dict(rule.writing.codes)
        ours = list(dict.fromkeys([*(source.words if source is not None else ()), *told]))
        self._codes.setRowCount(len(ours))
        for row, word in enumerate(ours):
            fixed = QTableWidgetItem(word)
            fixed.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self._codes.setItem(row, 0, fixed)
            self._codes.setItem(row, 1, QTableWidgetItem(told.get(word, "")))

    def _follow(self) -> None:
        shown = set(_options_for(self._rule, self._sources.get(self._rule.source)))
        for name, widget in self._rows.items():
            self._form.setRowVisible(widget, name in shown)

    # Telling

    def _choose_source(self) -> None:
        known, value = self.source.choice()
        if self._filling or not known or value is None or value == self._rule.source:
            return
        source = self._sources.get(value)
        writing = Writing(date_form=self._rule.writing.date_form) if source is not None else Writing()
        self._rule = Rule(source=value, writing=writing)
        self._filling = True
        self._text.clear()
        self._show_writing(writing)
        self._show_codes(self._rule)
        self._follow()
        self._filling = False
        self.changed.emit(self._rule)

    def _tell(self) -> None:
        if self._filling:
            return
        writing = Writing(
            id_form=tuple(IdForm)[self._id_form.currentIndex()],
            date_form=tuple(DateForm)[self._date_form.currentIndex()],
            codes=tuple(self._typed_codes()),
            joint=self._joint.text(),
            factor=_FACTORS[self._factor.currentIndex()][1],
            places=None if self._places.currentIndex() <= 0 else self._places.currentIndex() - 1,
            yes=self._yes.text(),
            no=self._no.text(),
            empty=self._empty.text(),
            before=self._before.text(),
            after=self._after.text(),
            masked=self._masked.isChecked(),
        )
        self._rule = replace(
            self._rule,
            text=self._text.text(),
            figure=tuple(FigureColumn)[self._figure.currentIndex()],
            writing=writing,
        )
        self.changed.emit(self._rule)

    def _typed_codes(self) -> Iterable[tuple[str, str]]:
        for row in range(self._codes.rowCount()):
            ours, theirs = self._codes.item(row, 0), self._codes.item(row, 1)
            if ours is not None and theirs is not None and theirs.text().strip():
                yield ours.text(), theirs.text().strip()


def source_words(source: Source) -> str:
    """A source as a picker names it: 人员 · 姓名."""
    return f"{_(source.group)} · {_(source.label)}"


def _options_for(rule: Rule, source: Source | None) -> Iterable[str]:
    """What can be said of how a value of this source is written."""
    if rule.source == LEAVE:
        return
    if rule.source == CONSTANT:
        yield "text"
        return
    if rule.source.startswith(FIGURE):
        yield "figure"
    if source is None:
        return
    field = source.field
    if field is not None and field.spec.kind is Kind.ID_NUMBER:
        yield "id"
    if source.kind is CellKind.DATE:
        yield "date"
    if source.kind in _NUMBERS:
        yield from ("factor", "places")
    if field is not None and field.many:
        yield "joint"
    if field is not None and field.type is bool:
        yield from ("yes", "no")
    if source.words or rule.writing.codes:
        yield "codes"
    yield from ("empty", "before", "after")
    if source.mask is not None:
        yield "masked"


def _choose(combo: Combo, member: Choice) -> None:
    combo.setCurrentIndex(tuple(type(member)).index(member))


__all__ = ["RulePanel", "source_words"]
