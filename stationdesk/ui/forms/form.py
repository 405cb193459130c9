"""The form of one record, built from its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QTabWidget, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.changes import Change, ChangeSet, changed, created, new_key
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Key, Value, Values
from stationdesk.core.messages import _
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.services.listing import Filter
from stationdesk.services.store import Store
from stationdesk.ui.forms.box import FieldBox
from stationdesk.ui.forms.editor import Kit, Unreadable
from stationdesk.ui.forms.frame import FormFoot, FormHead, LeaveBar
from stationdesk.ui.forms.links import LinkEditor
from stationdesk.ui.forms.page import FormPage
from stationdesk.ui.notices import Bar, Weight

Save = Callable[[Store, Change], ChangeSet]
"""A use case (store, change) -> what was written."""


def slot_of(record: str, field: Field) -> str:
    """What a field is called in the form of `record`: its key, or `record.field` where it is of another kind."""
    return field.key if field.record == record else field.name


class RecordForm(QFrame):
    """Shows a record, edits it, and hands on what changed. Enter saves, Esc leaves, Ctrl+S saves from anywhere.

    What was typed is never lost: a refused save keeps it, another record is shown only after the worker
    has said what becomes of it, and fresh values from the station leave edited fields alone, with the
    value they were edited from, so that a clash is noticed when it is saved.
    """

    saved = Signal(object)
    """The `ChangeSet` of a save."""
    left = Signal()
    """Esc was pressed and nothing is unsaved."""
    reveal_wanted = Signal(str)
    """The worker asks to see a masked field; whether they may, and the entry in the audit, is for the caller."""
    unsaved_changed = Signal(bool)

    def __init__(
        self, record: str, fields: Sequence[Field], kit: Kit, save: Save, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.record = record
        self.key: Key | None = None
        self._kit = kit
        self._save = save
        self._loaded: dict[str, Value] = {}
        self._given: dict[str, Value] = {}
        self._beyond: dict[str, Value] = {}
        self._edited: set[str] = set()
        self._new = False
        self._saving = False
        self._unsaved = False
        self.setObjectName(f"{record}_form")
        self.setProperty("look", "card")
        self.boxes = {slot_of(record, each): FieldBox(each, kit, self) for each in fields}
        self._build(fields)
        self._connect()
        self.show_nothing()

    # What is shown

    def show_record(self, key: Key, values: Values, masked: Mapping[str, str] | None = None) -> None:
        """Show a record, or fresh values of the one that is shown.

        `masked` gives the text of fields whose value this worker does not see; `values` need not hold them.
        Call it through `ask_to_leave` when it is another record.
        """
        fresh = key != self.key or self._new
        if fresh:
            self._clear(key)
        self._new = False
        self._place(values, masked or {}, keep=frozenset() if fresh else frozenset(self._edited))
        self._set_open(open_=True)

    def show_new(self, values: Values | None = None, key: Key | None = None) -> None:
        """Show an empty form for a new record. `values` are its beginnings, also for fields not on the form."""
        self._clear(key or new_key())
        self._new = True
        self._given = dict(values or {})
        self._place(self._given, {}, keep=frozenset())
        if self.pages.count():
            self.pages.setCurrentIndex(0)
        self._set_open(open_=True)
        self._focus_first_empty()

    def show_nothing(self) -> None:
        """Show that no record is chosen."""
        self._clear(None)
        self._set_open(open_=False)

    def reveal(self, key: str, value: Value) -> None:
        """Put the whole value of a masked field into its editor."""
        box = self.boxes[key]
        self._loaded[key] = value
        box.unmask()
        box.editor.show_value(value)
        box.editor.main.setFocus()

    def fill(self, values: Values, remark: str = "") -> None:
        """Put values in as if the worker had typed them, also for fields that are not on the form."""
        for slot, value in values.items():
            box = self.boxes.get(slot)
            if box is None:
                self._beyond[slot] = value
                continue
            box.editor.show_value(value)
            self._edited.add(slot)
            box.set_problem("")
            box.note(remark)
        self._tell_unsaved()

    def focus_first(self) -> None:
        """Put the keyboard into the first editor of the page that is shown."""
        for box in self.boxes.values():
            if box.editable and box.isVisibleTo(self):
                box.editor.main.setFocus()
                return

    def _focus_first_empty(self) -> None:
        """Put the keyboard where a new record wants its first word: behind what is filled in already."""
        for box in self.boxes.values():
            if box.editable and box.isVisibleTo(self) and box.is_empty:
                box.editor.main.setFocus()
                return
        self.focus_first()

    # What the tabs add

    def page_titled(self, title: str) -> FormPage:
        """The page of the fields with this title of a page."""
        return self._titled[title]

    def show_page(self, title: str, *, visible: bool) -> None:
        """Show or hide a page of fields that only some records have."""
        self.pages.setTabVisible(self.pages.indexOf(self._titled[title]), visible)

    def add_page(self, title: str, page: QWidget, name: str) -> int:
        """Add a page of another kind, such as the matches of a resource; returns its place."""
        page.setObjectName(name)
        place = self.pages.addTab(page, title)
        self._strip()
        return place

    # What changes

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._unsaved

    @property
    def is_new(self) -> bool:
        """Whether the record is not in the station yet."""
        return self._new

    def values(self) -> Values:
        """What stands in the form now; a field that cannot be read keeps its saved value."""
        found = dict(self._loaded)
        for key, box in self.boxes.items():
            if box.editable and not box.masked:
                try:
                    found[key] = box.editor.value()
                except Unreadable:
                    continue
        return found

    def change(self) -> Change | None:
        """What the worker changed; None when nothing is different.

        Raises:
            Unreadable: when a field cannot be read or is empty and must not be; its box says so already.
        """
        found: dict[str, Value] = {}
        first: Unreadable | None = None
        for key, box in self.boxes.items():
            if not box.editable or box.masked or not (self._new or key in self._edited):
                continue
            try:
                found[key] = self._checked(box)
                box.set_problem("")
            except Unreadable as problem:
                box.set_problem(str(problem))
                first = first or problem
        if first is not None:
            raise first
        if self.key is None:
            return None
        found |= self._beyond
        if self._new:
            return created(self.record, {**self._given, **found}, self.key)
        return changed(self.record, self.key, self._loaded, found)

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Write what changed; `then` is called when it is written, or when there was nothing to write."""
        if self.key is None or self._saving:
            return
        self.refusal.hide()
        try:
            change = self.change()
        except Unreadable:
            self._go_to_problem()
            return
        if change is None:
            self._edited.clear()
            self._tell_unsaved()
            if then is not None:
                then()
            return
        self._saving = True
        self.foot.save.setEnabled(False)

        def written(changes: ChangeSet) -> None:
            self._saving = False
            self._written(change)
            self.saved.emit(changes)
            if then is not None:
                then()

        self._kit.desk.change(self._save, change, then=written, failed=self._refused, owner=self)

    def ask_to_leave(self, then: Callable[[], object], stay: Callable[[], object] | None = None) -> None:
        """Call `then` at once when nothing is unsaved; otherwise ask, without stopping the window."""
        if not self._unsaved:
            self.leave_bar.hide()
            then()
            return
        self.leave_bar.ask(then, stay or self.focus_first)

    def discard(self) -> None:
        """Give up what was typed."""
        if self._new:
            self.show_nothing()
            return
        kept = dict(self._loaded)
        masked = {key for key, box in self.boxes.items() if box.masked}
        self._edited.clear()
        self._beyond.clear()
        for key, box in self.boxes.items():
            if key not in masked:
                box.set_problem("")
                box.editor.show_value(kept.get(key))
        self.refusal.hide()
        self._tell_unsaved()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say at the fields what is wrong with them, and go to the first."""
        for key, sentence in problems.items():
            if key in self.boxes:
                self.boxes[key].set_problem(sentence)
        self._go_to_problem()

    # Inside

    def _build(self, fields: Sequence[Field]) -> None:
        self.head = FormHead(self._kit.look, self)
        self.banner = Bar(self._kit.look, self, f"{self.record}_banner")
        self.refusal = Bar(self._kit.look, self, f"{self.record}_refusal")
        self.refusal.add_close()
        self.leave_bar = LeaveBar(self, self._kit.look)
        for bar in (self.banner, self.refusal, self.leave_bar):
            bar.hide()
        self.pages = QTabWidget(self)
        self.pages.setObjectName(f"{self.record}_pages")
        self.pages.setAccessibleName(_("表单分页"))
        self.pages.setDocumentMode(True)
        titles = dict.fromkeys(each.spec.page for each in fields)
        self._titled: dict[str, FormPage] = {}
        for title in titles:
            boxes = [self.boxes[slot_of(self.record, each)] for each in fields if each.spec.page == title]
            self._titled[title] = FormPage(boxes, self._kit.look, self.pages)
            self.pages.addTab(self._titled[title], _(title) if title else _("基本"))
        self.foot = FormFoot(self.record, self._kit.look, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        for part in (self.head, self.banner, self.leave_bar, self.refusal):
            column.addWidget(part)
        column.addWidget(self.pages, 1)
        column.addWidget(self.foot)
        self._strip()

    def _connect(self) -> None:
        for key, box in self.boxes.items():
            box.editor.edited.connect(lambda key=key: self._edit(key))
            box.editor.rested.connect(lambda key=key: self._follow(key))
            box.reveal_wanted.connect(lambda _name, key=key: self.reveal_wanted.emit(key))
            if isinstance(box.editor, LinkEditor):
                box.editor.offer_near(partial(self._near, box.field))
        self.foot.save.clicked.connect(self._press_save)
        self.foot.discard.clicked.connect(self.discard)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._press_save)

    def _near(self, field: Field) -> Filter | None:
        """What a link offers first: records that hang on one that another field of the form names."""
        there = {each.spec.link: each.key for each in fields_of(RECORDS[field.spec.link]) if each.spec.link}
        for other in self.boxes.values():
            link = other.field.spec.link
            if link in there and link != field.spec.link and other.value is not None:
                return Filter(there[link], frozenset({other.value}))
        return None

    def _press_save(self) -> None:
        self.save()

    def _strip(self) -> None:
        self.pages.tabBar().setVisible(self.pages.count() > 1)

    def _set_open(self, *, open_: bool) -> None:
        self.pages.setVisible(open_)
        self.foot.setVisible(open_)
        self.head.show_empty(empty=not open_)
        self._tell_unsaved()

    def _clear(self, key: Key | None) -> None:
        self.key = key
        self._new = False
        self._saving = False
        self._loaded.clear()
        self._given.clear()
        self._beyond.clear()
        self._edited.clear()
        self.leave_bar.hide()
        self.refusal.hide()
        self.banner.hide()
        for box in self.boxes.values():
            box.unmask()
            box.set_problem("")
            box.note("")

    def _place(self, values: Values, masked: Mapping[str, str], keep: frozenset[str]) -> None:
        self._loaded.update(
            {key: values[key] for key in values.keys() - self.boxes.keys() - self._beyond.keys()}
        )
        for key, box in self.boxes.items():
            if key in keep:
                continue
            if key in masked:
                box.show_masked(masked[key])
                continue
            box.unmask()
            value = values.get(key, box.field.blank if self._new else None)
            self._loaded[key] = value
            box.editor.show_value(value)
            box.set_problem("")

    def _edit(self, key: str) -> None:
        self._edited.add(key)
        box = self.boxes[key]
        box.set_problem("")
        self._tell_unsaved()

    def _differs(self, key: str) -> bool:
        try:
            return bool(self.boxes[key].editor.value() != self._loaded.get(key))
        except Unreadable:
            return True

    def _tell_unsaved(self) -> None:
        different = {key for key in self._edited if self._differs(key)}
        for key, box in self.boxes.items():
            box.set_changed(changed=key in different)
        unsaved = bool(different)
        self.foot.show_unsaved(unsaved=unsaved or self._new)
        self.head.show_unsaved(unsaved=unsaved, new=self._new)
        if not unsaved:
            self.leave_bar.hide()
        if unsaved != self._unsaved:
            self._unsaved = unsaved
            self.unsaved_changed.emit(unsaved)

    def _follow(self, key: str) -> None:
        """Fill empty fields with what a field says about them (an identity number tells sex and birth date)."""
        if key not in self._edited:
            return
        try:
            value = self.boxes[key].editor.value()
        except Unreadable:
            return
        told = self.boxes[key].field
        said = self._kit.lookups.follow(told.record, told.key, value, self._kit.today())
        for name, proposal in said.items():
            other = name if told.record == self.record else f"{told.record}.{name}"
            box = self.boxes.get(other)
            if box is None or not box.editable or box.masked:
                continue
            try:
                present = box.editor.value()
            except Unreadable:
                continue
            if present in (None, "", frozenset()) and proposal is not None:
                box.editor.show_value(proposal)
                self._edited.add(other)
                box.note(_("由“{field}”填写，请核对").format(field=_(self.boxes[key].field.label)))
        self._tell_unsaved()

    def _checked(self, box: FieldBox) -> Value:
        value = box.editor.value()
        field = box.field
        if not field.optional and not field.many and field.type is not bool and value in (None, ""):
            raise Unreadable("请填“{field}”", field=_(field.label))
        return value

    def _written(self, change: Change) -> None:
        self._new = False
        self._beyond.clear()
        self._loaded.update(change.values)
        for key in tuple(self._edited):
            box = self.boxes[key]
            if self._differs(key):
                continue  # typed on while it was being saved
            self._edited.discard(key)
            box.editor.show_value(self._loaded.get(key))
        self._tell_unsaved()

    def _refused(self, error: UserError) -> None:
        self._saving = False
        self._tell_unsaved()
        by_field = getattr(error, "by_field", {})
        self.show_problems({key: str(sentence) for key, sentence in by_field.items()})
        self.refusal.say(_("没有保存：{reason} 您填的内容还在。").format(reason=str(error)), Weight.BAD)

    def _go_to_problem(self) -> None:
        for key, box in self.boxes.items():
            if not box.problem:
                continue
            for place in range(self.pages.count()):
                page = self.pages.widget(place)
                if isinstance(page, FormPage) and self.boxes[key] in page.boxes:
                    self.pages.setCurrentIndex(place)
                    page.ensureWidgetVisible(box)
            box.editor.main.setFocus()
            return

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.key is not None:
            focused = QApplication.focusWidget()
            if isinstance(focused, QAbstractButton):
                focused.click()
            else:
                self.save()
        elif key == Qt.Key.Key_Escape and self.key is not None:
            self.ask_to_leave(self.left.emit)
        else:
            super().keyPressEvent(event)
