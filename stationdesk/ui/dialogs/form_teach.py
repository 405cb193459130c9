"""Teaching a department's own form: the form at the left, what comes into each place at the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.services.ledgers.period import Periods
from stationdesk.services.templates import showing
from stationdesk.services.templates.showing import FormKind, Picture, Rule, Shown, Subject, Template
from stationdesk.ui.dialogs.form_choosing import ChoosingBox
from stationdesk.ui.dialogs.form_places import FormPlace, PlaceTable, places_of, words_of
from stationdesk.ui.dialogs.form_rule import RulePanel
from stationdesk.ui.dialogs.form_sheet import FormSheet
from stationdesk.ui.dialogs.question import Question
from stationdesk.ui.dialogs.working import WorkingDialog
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.forms import Kit
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.status import TaskRow

_WIDTH, _HEIGHT = 1260, 690


class TeachDialog(WorkingDialog):
    """Shows what the program made of a form, takes corrections, and keeps it as a template."""

    def __init__(self, kit: Kit, periods: Periods, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self._desk = kit.desk
        self._periods = periods
        self._key: Key | None = None
        self._shown: Shown | None = None
        self._place: FormPlace | None = None
        self._filling = False
        self._touched = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("form_teach")
        self.setWindowTitle(_("认一张表"))
        look = self._desk.look
        self.resize(look.pixels(_WIDTH), look.pixels(_HEIGHT))
        self.refusal = Bar(look, self, "form_refusal")
        self.refusal.add_close()
        self.refusal.hide()
        self.remarks = Bar(look, self, "form_remarks")
        self.remarks.hide()
        self.sheet = FormSheet(look, self)
        self.sheet.pointed.connect(self._point_at_cell)
        self.places = PlaceTable(look, self)
        self.places.pointed.connect(self._point_at_place)
        self.rule = RulePanel(look, self)
        self.rule.changed.connect(self._change_rule)
        self.tasks = TaskRow(self._desk, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._build_top())
        column.addWidget(self.refusal)
        column.addWidget(self.remarks)
        column.addWidget(self._build_middle(), 1)
        column.addWidget(self._build_name())
        column.addWidget(self.tasks)
        column.addLayout(self._build_buttons())
        self.rule.show_nothing()
        self._follow()

    # What is taught

    def teach(self, path: Path) -> None:
        """Read a blank form and show what is proposed for it."""
        self.name.setText(path.stem)
        self._work(showing.show_blank, path, title=_("读空白表 {file}").format(file=path.name))

    def change(self, key: Key) -> None:
        """Show a template that is kept, to be changed."""
        self._key = key
        self.setWindowTitle(_("修改上报模板"))
        self._work(showing.show_kept, key, title=_("打开上报模板"))

    @property
    def template(self) -> Template | None:
        """The template as it stands now."""
        return self._shown.template if self._shown is not None else None

    @property
    def _picture(self) -> Picture | None:
        """The sheet that is taught; a Word document has one picture, whatever it is called."""
        if self._shown is None:
            return None
        pictures = self._shown.pictures
        named = (each for each in pictures if each.title == self._shown.template.sheet)
        return next(named, pictures[0] if pictures else None)

    # Building

    def _build_top(self) -> QWidget:
        box = QWidget(self)
        flow = FlowLayout(box, 10)
        self._sheets = self._combo("form_sheets", _("工作表"))
        self._sheets.activated.connect(lambda _row: self._ask_again(keep_header=False))
        self._kind = self._combo("form_kind", _("表格类型"))
        self._kind.addItems([_(each.label) for each in FormKind])
        self._kind.activated.connect(lambda _row: self._ask_again())
        self._subject = self._combo("form_subject", _("每一行（张）是"))
        self._subject.addItems([_(each.label) for each in Subject])
        self._subject.activated.connect(lambda _row: self._ask_again())
        self._first = self._spin("form_header_first", _("表头从第几行"))
        self._last = self._spin("form_header_last", _("表头到第几行"))
        self._pairs: dict[str, QWidget] = {}
        for name, words, widgets in (
            ("sheet", _("工作表"), (self._sheets,)),
            ("kind", _("这是"), (self._kind,)),
            ("subject", _("每一行（张）是"), (self._subject,)),
            ("header", _("表头第"), (self._first, self._last)),
        ):
            label = QLabel(words, box)
            label.setProperty("look", "field")
            label.setBuddy(widgets[0])
            pair = QWidget(box)
            row = QHBoxLayout(pair)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(6)
            row.addWidget(label)
            for widget in widgets:
                row.addWidget(widget)
            flow.addWidget(pair)
            self._pairs[name] = pair
        return box

    def _build_middle(self) -> QSplitter:
        left = self._left = QFrame(self)
        left.setProperty("look", "card")
        column = QVBoxLayout(left)
        column.setContentsMargins(1, 6, 1, 1)
        column.setSpacing(4)
        self._lead = QLabel(left)
        self._lead.setObjectName("form_lead")
        self._lead.setProperty("look", "small")
        self._lead.setWordWrap(True)
        self._lead.setTextFormat(Qt.TextFormat.PlainText)
        self._lead.setContentsMargins(10, 0, 10, 0)
        column.addWidget(self._lead)
        column.addWidget(self.sheet, 1)
        right = QSplitter(Qt.Orientation.Vertical, self)
        for widget in (self.places, self.rule):
            card = QFrame(right)
            card.setProperty("look", "card")
            inner = QVBoxLayout(card)
            inner.setContentsMargins(1, 1, 1, 1)
            inner.addWidget(widget)
            right.addWidget(card)
        right.setSizes([self._desk.look.pixels(270), self._desk.look.pixels(170)])
        right.setChildrenCollapsible(False)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(left)
        split.addWidget(right)
        look = self._desk.look
        split.setSizes([look.pixels(690), look.pixels(540)])
        split.setChildrenCollapsible(False)
        return split

    def _build_name(self) -> QTabWidget:
        pages = QTabWidget(self)
        pages.setObjectName("form_more")
        pages.setDocumentMode(True)
        self.name = self._line("form_name", _("模板名称"))
        self.department = self._line("form_department", _("要表的单位"))
        first = QWidget(pages)
        row = QHBoxLayout(first)
        row.setContentsMargins(4, 8, 4, 4)
        for words, widget in ((_("模板名称"), self.name), (_("要表的单位"), self.department)):
            label = QLabel(words, first)
            label.setProperty("look", "field")
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget, 1)
        self._choosing = ChoosingBox(self._kit, "form", pages)
        self._choosing.setContentsMargins(4, 8, 4, 4)
        self._choosing.changed.connect(self._choose)
        pages.addTab(first, _("名称"))
        pages.addTab(self._choosing, _("只列哪些"))
        pages.setMaximumHeight(self._desk.look.pixels(92))
        return pages

    def _build_buttons(self) -> QHBoxLayout:
        self.leave = self._button(_("取消"), "form_leave")
        self.leave.clicked.connect(lambda _on: self.close())
        self.trial = self._button(_("试填看看"), "form_try")
        self.trial.clicked.connect(lambda _on: self._try())
        self.keep = self._button(_("保存模板"), "form_keep")
        self.keep.setProperty("look", "primary")
        self.keep.clicked.connect(lambda _on: self.save())
        row = QHBoxLayout()
        row.addWidget(self.leave)
        row.addStretch(1)
        row.addWidget(self.trial)
        row.addWidget(self.keep)
        return row

    def _combo(self, name: str, words: str) -> Combo:
        combo = Combo(self._desk.look, self)
        combo.setObjectName(name)
        combo.setAccessibleName(words)
        combo.setMinimumWidth(self._desk.look.pixels(190))
        return combo

    def _spin(self, name: str, words: str) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setObjectName(name)
        spin.setAccessibleName(words)
        spin.setRange(1, 9_999)
        spin.setMinimumHeight(self._desk.look.pixels(30))
        spin.setSuffix(_(" 行"))
        spin.editingFinished.connect(self._header_edited)
        return spin

    def _line(self, name: str, words: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName(name)
        line.setAccessibleName(words)
        return line

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        return button

    # Showing

    def _show_form(self, shown: Shown) -> None:
        self._filling = True
        self._shown = shown
        template = shown.template
        proposal = shown.proposal
        self._sheets.clear()
        self._sheets.addItems([each.title for each in shown.pictures])
        self._sheets.setCurrentText(template.sheet)
        self._kind.setCurrentIndex(tuple(FormKind).index(template.kind))
        self._subject.setCurrentIndex(tuple(Subject).index(template.subject))
        self._first.setValue(max(1, template.header[0]))
        self._last.setValue(max(1, template.header[1]))
        self._pairs["sheet"].setVisible(len(shown.pictures) > 1)
        self._pairs["subject"].setVisible(template.kind is not FormKind.FIGURES)
        self._pairs["header"].setVisible(bool(template.columns))
        self._left.setVisible(bool(shown.pictures))
        if self._key is not None and not self._touched:
            self.name.setText(shown.name)
            self.department.setText(shown.department)
        self._choosing.show_choosing(template.choosing)
        self._show_remarks(shown)
        if (picture := self._picture) is not None:
            self.sheet.show_picture(picture)
        self._place = None
        self.rule.show_nothing()
        self.rule.offer(proposal.sources, template.subject)
        self._show_template()
        self._filling = False
        self._follow()

    def _show_remarks(self, shown: Shown) -> None:
        lines = [remark.sentence for remark in shown.proposal.remarks]
        if lines:
            lost = any(remark.lost for remark in shown.proposal.remarks)
            self.remarks.say("\n".join(lines), Weight.WARN if lost else Weight.PLAIN)
        else:
            self.remarks.hide()

    def _show_template(self) -> None:
        """Show what comes where, in the list and on the form."""
        if self._shown is None:
            return
        template, sources = self._shown.template, self._shown.proposal.sources
        self.places.show_places(template, sources)
        words: dict[tuple[int, int], str] = {}
        known = 0
        for place in places_of(template):
            text = words_of(place.rule, sources)
            known += bool(text)
            for spot in showing.spots_of(place.told, template):
                words[spot] = f"〔{text}〕" if text else ""
        self.sheet.show_filling(words)
        total = len(places_of(template))
        self._lead.setText(
            _("共 {total} 处要填，已知填什么的 {known} 处。点一格或一行来改；浅色格子是程序要填的。").format(
                total=total, known=known
            )
        )

    @override
    def _follow(self) -> None:
        ready = self._shown is not None and self._under_way is None
        for widget in (self.keep, self.trial, self._kind, self._subject, self._sheets):
            widget.setEnabled(ready)

    # Pointing and changing

    def _point_at_cell(self, row: int, column: int) -> None:
        template, picture = self.template, self._picture
        if template is None or picture is None or template.medium == showing.DOCUMENT:
            return
        for number, place in enumerate(places_of(template)):
            if showing.is_at(place.told, template, picture, row, column):
                self.places.point_at(number)
                self._show_place(place)
                return
        if template.columns and template.header[0] <= row <= template.last:
            return
        self._show_place(FormPlace(showing.rule_for(row, column)))

    def _point_at_place(self, number: int) -> None:
        template = self.template
        if template is None:
            return
        place = places_of(template)[number]
        self._show_place(place)
        spots = showing.spots_of(place.told, template)
        if spots:
            self.sheet.point_at(*spots[0])

    def _show_place(self, place: FormPlace) -> None:
        self._place = place
        told = place.told
        self.rule.show_rule(f"{place.where}　{told.label}", told.rule, told.why)

    def _change_rule(self, rule: Rule) -> None:
        if self._shown is None or self._place is None:
            return
        template = self._place.changed_in(self._shown.template, rule)
        self._take(template)
        places = places_of(template)
        self._place = next(
            (
                place
                for place in places
                if type(place.told) is type(self._place.told) and place.where == self._place.where
            ),
            self._place,
        )
        self._show_template()

    def _choose(self) -> None:
        template = self.template
        if template is None or self._filling:
            return
        choosing = self._choosing.choosing
        if choosing != template.choosing:
            self._take(replace(template, choosing=choosing))

    def _take(self, template: Template) -> None:
        if self._shown is not None:
            self._shown = self._shown.with_template(template)
            self._touched = True

    def _header_edited(self) -> None:
        template = self.template
        if template is None or self._filling:
            return
        if (self._first.value(), self._last.value()) != template.header:
            self._ask_again()

    def _ask_again(self, *, keep_header: bool = True) -> None:
        """Propose anew for what the worker says of the form."""
        shown = self._shown
        if shown is None or self._filling:
            return
        header = (self._first.value(), max(self._first.value(), self._last.value()))
        asked = header if keep_header and header != shown.template.header else None
        self._work(
            showing.show_again,
            shown,
            self._sheets.currentText() or None,
            tuple(FormKind)[self._kind.currentIndex()],
            tuple(Subject)[self._subject.currentIndex()],
            asked,
            title=_("重新看这张表"),
        )

    # Work

    def _work(self, use_case: Callable[..., Shown], *args: object, title: str) -> None:
        self.refusal.hide()
        self._under_way = self._desk.work(
            use_case, *args, title=title, then=self._show_form, failed=self._refuse, owner=self
        )
        self._under_way.ended.connect(self._ended)
        self._follow()

    def _refuse(self, error: UserError) -> None:
        self.refusal.say(str(error), Weight.BAD)

    def _try(self) -> None:
        """Fill the form with what is on file now and show it."""
        if self._shown is None:
            return
        self._choose()
        self.refusal.hide()
        self._under_way = self._desk.work(
            showing.try_out,
            self._shown,
            self._periods,
            title=_("试填"),
            then=self._show_trial,
            failed=self._refuse,
            owner=self,
        )
        self._under_way.ended.connect(self._ended)
        self._follow()

    def _show_trial(self, pictures: tuple[Picture, ...]) -> None:
        TrialDialog(self._kit, pictures, self).open()

    def save(self) -> None:
        """Keep the template."""
        if self._shown is None:
            return
        self._choose()
        self.refusal.hide()
        self._under_way = self._desk.change(
            showing.keep,
            self._shown,
            self.name.text(),
            self.department.text(),
            self._key,
            then=self._saved,
            failed=self._refuse,
            owner=self,
        )
        self._under_way.ended.connect(self._ended)
        self._follow()

    def _saved(self, changes: ChangeSet) -> None:
        self._touched = False
        if changes:
            self._desk.notify(_("已保存上报模板“{name}”").format(name=self.name.text().strip()))
        self.close()

    @override
    def reject(self) -> None:
        """Stop what is under way first; ask before what was corrected is lost."""
        if self._under_way is not None or not self._touched:
            super().reject()
            return
        question = Question(
            _("不保存就关闭？"), _("改过的填写规则还没有保存，关闭后要重新改。"), _("不保存，关闭"), self
        )
        question.accepted.connect(self._leave)
        question.open()

    def _leave(self) -> None:
        self._touched = False
        self.close()


class TrialDialog(QDialog):
    """A form as it would be filled now; nothing was written."""

    def __init__(self, kit: Kit, pictures: tuple[Picture, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = kit.look
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("form_trial")
        self.setWindowTitle(_("试填看看"))
        self.resize(look.pixels(1100), look.pixels(640))
        lead = QLabel(_("这是按现在的资料填的样子，只给您看，没有存文件。"), self)
        lead.setProperty("look", "muted")
        pages = QTabWidget(self)
        pages.setDocumentMode(True)
        for picture in pictures:
            sheet = FormSheet(look, pages)
            sheet.show_picture(picture)
            pages.addTab(sheet, picture.title)
        close = QPushButton(_("关闭"), self)
        close.setObjectName("form_trial_close")
        close.setAccessibleName(_("关闭"))
        close.clicked.connect(lambda _on: self.close())
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(lead)
        column.addWidget(pages, 1)
        column.addLayout(row)


__all__ = ["TeachDialog", "TrialDialog"]
