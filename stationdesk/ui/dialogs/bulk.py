"""批量修改: the same new values for several chosen records, tried before anything is written."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Key, Value
from stationdesk.core.messages import _
from stationdesk.db.models import RECORD_TITLES
from stationdesk.services.bulk import Added, Taken, Trial, bulk_fields, change_all, try_all
from stationdesk.ui.forms.choices import Combo, SearchCombo
from stationdesk.ui.forms.editor import Editor, Kit, Unreadable
from stationdesk.ui.forms.editors import editor_for
from stationdesk.ui.forms.lookups import Option
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.status import TaskRow
from stationdesk.ui.tasks import Ticket

_WIDTH, _HEIGHT = 760, 540
_BY_ITSELF = 300
"""So many records are tried without being asked: it takes no longer than a glance."""
_PAUSE = 500
_NAMED = 200
"""So many refused records are listed."""


class BulkDialog(QDialog):
    """Which fields, which values; then how many records change, and which stay and why."""

    def __init__(self, record: str, keys: tuple[Key, ...], kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record = record
        self._keys = keys
        self._kit = kit
        self._desk = kit.desk
        self._fields = bulk_fields(record)
        self._rows: list[_FieldRow] = []
        self._trial: Trial | None = None
        self._under_way: Ticket | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("bulk_dialog")
        title = _("批量修改：{kind}，选中 {count:,} 条").format(
            kind=_(RECORD_TITLES[record]), count=len(keys)
        )
        self.setWindowTitle(title)
        self.resize(kit.look.pixels(_WIDTH), kit.look.pixels(_HEIGHT))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.try_out)
        self._build(title)
        self.add_field()

    @property
    def trial(self) -> Trial | None:
        """What the change would do, until something is asked differently."""
        return self._trial

    def values(self) -> dict[str, Value]:
        """The new values by field key.

        Raises:
            Unreadable: what stands in an editor is no value; it says so itself.
        """
        return {row.field.key: row.value() for row in self._rows if row.is_told}

    # Building

    def _build(self, title: str) -> None:
        look = self._kit.look
        head = QLabel(title, self)
        head.setProperty("look", "heading")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self._more = self._button(_("再改一个字段"), "bulk_more")
        look.set_icon(self._more, "plus")
        self._more.clicked.connect(lambda _on: self.add_field())
        self.refusal = Bar(look, self, "bulk_refusal")
        self.refusal.add_close()
        self.refusal.hide()
        self._outcome = QLabel(self)
        self._outcome.setObjectName("bulk_outcome")
        self._outcome.setWordWrap(True)
        self._stay = QListWidget(self)
        self._stay.setObjectName("bulk_stay")
        self._stay.setAccessibleName(_("不能改的记录和原因"))
        self._stay.setWordWrap(True)
        self._stay.setProperty("look", "notes")
        self._stay.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._stay.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        for widget in (head, self.refusal):
            column.addWidget(widget)
        column.addWidget(self._build_room(), 3)
        column.addWidget(self._outcome)
        column.addWidget(self._stay, 2)
        column.addWidget(TaskRow(self._desk, self))
        column.addLayout(self._build_foot())
        self._follow()

    def _build_room(self) -> QScrollArea:
        more = QHBoxLayout()
        more.addWidget(self._more)
        more.addStretch(1)
        inside = QWidget(self)
        inside.setProperty("look", "clear")
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(0, 0, 6, 0)
        inner.addLayout(self._lines)
        inner.addLayout(more)
        inner.addStretch(1)
        room = QScrollArea(self)
        room.setWidgetResizable(True)
        room.setWidget(inside)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return room

    def _build_foot(self) -> QHBoxLayout:
        leave = self._button(_("取消"), "bulk_cancel")
        leave.clicked.connect(self.reject)
        self._next = self._button("", "bulk_next")
        self._next.setProperty("look", "primary")
        self._next.clicked.connect(lambda _on: self.write() if self._trial is not None else self.try_out())
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self._next)
        return buttons

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        return button

    def add_field(self) -> None:
        """One more field to change."""
        taken = {row.field.key for row in self._rows}
        left = [each for each in self._fields if each.key not in taken]
        if not left:
            return
        row = _FieldRow(self._fields, left[0], self._kit, self)
        row.changed.connect(self._changed)
        row.gone.connect(partial(self._remove, row))
        self._rows.append(row)
        self._lines.addWidget(row)
        self._changed()

    def choose_field(self, place: int, key: str) -> None:
        """Change another field in a row."""
        self._rows[place].choose(next(each for each in self._fields if each.key == key))

    def editor(self, place: int) -> Editor:
        """The editor of a row."""
        return self._rows[place].editor

    def _remove(self, row: _FieldRow) -> None:
        self._rows.remove(row)
        self._lines.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._changed()

    # What follows

    def _changed(self) -> None:
        self._trial = None
        self._stay.hide()
        self.refusal.hide()
        told = [row for row in self._rows if row.is_told]
        if told and len(self._keys) <= _BY_ITSELF:
            self._pause.start()
        self._outcome.setText(_("选字段，填新的值。先看会改多少条，再正式改；改完可以一步撤销。"))
        self._follow()

    def _follow(self) -> None:
        busy = self._under_way is not None
        told = any(row.is_told for row in self._rows)
        trial = self._trial
        words = _("看会改多少条")
        if trial is not None:
            words = _("改动 {count:,} 条").format(count=trial.changing) if trial.changing else _("没有要改的")
        self._next.setText(words)
        self._next.setAccessibleName(words)
        self._next.setEnabled(told and not busy and (trial is None or bool(trial.changing)))
        names = [row.field.key for row in self._rows]
        self._more.setEnabled(not busy and len(names) < len(self._fields))
        for row in self._rows:
            row.set_twice(twice=names.count(row.field.key) > 1)

    def try_out(self) -> None:
        """See what the change would do."""
        self._begin(try_all, _("检查 {count:,} 条记录").format(count=len(self._keys)), self._show_trial)

    def write(self) -> None:
        """Change the records."""
        title = _("修改 {count:,} 条记录").format(count=self._trial.changing if self._trial else 0)
        self._begin(change_all, title, self._written)

    def _begin(self, use_case: object, title: str, then: object) -> None:
        self._pause.stop()
        names = [row.field.key for row in self._rows]
        if self._under_way is not None or len(names) != len(set(names)):
            return
        try:
            values = self.values()
        except Unreadable as problem:
            self.refusal.say(str(problem), Weight.BAD)
            return
        if not values or not callable(use_case) or not callable(then):
            return
        self.refusal.hide()
        self._under_way = self._desk.change(
            use_case,
            self._record,
            self._keys,
            values,
            then=then,
            failed=self._refuse,
            owner=self,
            title=title,
        )
        self._under_way.ended.connect(self._ended)
        self._follow()

    def _ended(self) -> None:
        self._under_way = None
        self._follow()

    def _refuse(self, error: UserError) -> None:
        self.refusal.say(str(error), Weight.BAD)

    def _show_trial(self, trial: Trial) -> None:
        self._trial = trial
        parts = [_("将改动 {count:,} 条").format(count=trial.changing)]
        if trial.same:
            parts.append(_("{count:,} 条已经是这样").format(count=trial.same))
        if trial.refused:
            parts.append(_("{count:,} 条按规则不能改，保持原样").format(count=len(trial.refused)))
        self._outcome.setText("，".join(parts) + ("：" if trial.refused else "。"))
        self._stay.clear()
        self._stay.addItems([f"{each.title}：{each.why}" for each in trial.refused[:_NAMED]])
        self._stay.setVisible(bool(trial.refused))
        self._follow()

    def _written(self, changes: ChangeSet) -> None:
        count = len(changes.keys(self._record))
        words = _("已改动 {count:,} 条。按 Ctrl+Z 可以一步撤销。").format(count=count)
        if changes.kept:
            words += _("{count:,} 条按规则没有改。").format(count=len(changes.kept))
        self._desk.notify(words, Weight.WARN if changes.kept else Weight.GOOD)
        self.accept()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._under_way is not None:
            self._under_way.cancel()
        super().closeEvent(event)

    @override
    def reject(self) -> None:
        """Esc stops what is under way first; pressed again it closes."""
        if self._under_way is not None:
            self._under_way.cancel()
            return
        super().reject()


class _FieldRow(QWidget):
    """One field, how it changes, and its new value."""

    changed = Signal()
    gone = Signal()

    def __init__(self, fields: tuple[Field, ...], first: Field, kit: Kit, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "clear")
        self._kit = kit
        self._fields = {each.key: each for each in fields}
        self._touched = False
        self.field = first
        self._which = SearchCombo(kit.look, self)
        self._which.setObjectName("bulk_field")
        self._which.setAccessibleName(_("要改的字段"))
        self._which.setFixedWidth(kit.look.pixels(190))
        options = [Option(each.key, _(each.label), _(each.label).lower()) for each in fields]
        self._which.fill(options, optional=False, keep=first.key)
        self._which.choose(first.key)
        self._which.chosen.connect(self._pick)
        self._how = Combo(kit.look, self)
        self._how.setObjectName("bulk_how")
        self._how.setAccessibleName(_("怎么改"))
        self._how.addItems([_("换成"), _("加上"), _("去掉")])
        self._how.setFixedWidth(kit.look.pixels(92))
        self._how.activated.connect(lambda _row: self._touch())
        self._empty = QCheckBox(_("清空"), self)
        self._empty.setObjectName("bulk_empty")
        self._empty.setAccessibleName(_("清空这个字段"))
        self._empty.toggled.connect(lambda _on: self._toggle_empty())
        away = QToolButton(self)
        away.setObjectName("bulk_remove")
        away.setAccessibleName(_("不改这个字段"))
        away.setToolTip(_("不改这个字段"))
        kit.look.set_icon(away, "x", "muted")
        away.clicked.connect(self.gone)
        self._remark = QLabel(self)
        self._remark.setProperty("look", "problem")
        self._remark.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(self._which, 0, 0, top)
        self._grid.addWidget(self._how, 0, 1, top)
        self._grid.addWidget(self._empty, 0, 3, top)
        self._grid.addWidget(away, 0, 4, top)
        self._grid.addWidget(self._remark, 1, 2)
        self._grid.setColumnStretch(2, 1)
        self.editor: Editor = self._put_editor()

    @property
    def is_told(self) -> bool:
        """Whether a new value was given, or the field is to be emptied."""
        return self._touched or self._empty.isChecked()

    def value(self) -> Value:
        """The new value, or what is added or taken.

        Raises:
            Unreadable: when what stands in the editor is no value.
        """
        if self._empty.isChecked():
            return frozenset() if self.field.many else None
        value = self.editor.value()
        if self.field.many and self._how.currentIndex():
            return (Added, Taken)[self._how.currentIndex() - 1](frozenset(value or ()))
        return value

    def choose(self, field: Field) -> None:
        """Change another field."""
        self._which.choose(field.key)
        self._take(field)

    def set_twice(self, *, twice: bool) -> None:
        """Say that the field is chosen in another row as well."""
        self._remark.setText(_("这个字段选了两次，请去掉一个。") if twice else "")
        self._remark.setVisible(twice)

    def _pick(self) -> None:
        known, key = self._which.choice()
        if known and key in self._fields and key != self.field.key:
            self._take(self._fields[key])

    def _take(self, field: Field) -> None:
        self.field = field
        old = self.editor
        self._grid.removeWidget(old)
        old.hide()
        old.deleteLater()
        self.editor = self._put_editor()
        self.changed.emit()

    def _put_editor(self) -> Editor:
        editor = editor_for(self.field, self._kit, self)
        editor.show_value(
            self.field.blank if self.field.type is bool else None if not self.field.many else frozenset()
        )
        editor.edited.connect(self._touch)
        self._grid.addWidget(editor, 0, 2, Qt.AlignmentFlag.AlignTop)
        self._touched = self.field.type is bool and not self.field.optional
        self._how.setVisible(self.field.many)
        self._how.setCurrentIndex(0)
        self._empty.setChecked(False)
        self._empty.setVisible(self.field.optional or self.field.many)
        return editor

    def _touch(self) -> None:
        self._touched = True
        self.changed.emit()

    def _toggle_empty(self) -> None:
        self.editor.setEnabled(not self._empty.isChecked())
        self.changed.emit()
