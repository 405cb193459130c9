"""工作人员: who works at the station, since when, and their own passwords."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Field
from stationdesk.core.messages import _
from stationdesk.core.vocab import Role
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.services import stations, workers
from stationdesk.services.stations import LEAST_PASSWORD
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.settings_ask import AskDialog
from stationdesk.ui.forms import Kit
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.forms.form import Save
from stationdesk.ui.notices import Notice
from stationdesk.ui.record_page import RecordPage

_FIELDS = ("name", "role", "phone", "since", "until")
_ROLES = tuple(Role)


class WorkersPage(RecordPage):
    """The list of workers and the form of one; a new one is asked for in a dialog, because of the password."""

    said = Signal(object)
    """A `Notice` for whoever shows the page."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__("worker", kit, None, parent)
        self.filters.hide()  # they are few
        column = self.layout()
        if column is not None:
            column.setContentsMargins(0, 8, 0, 0)  # the dialog has margins of its own
        self.table.view.clicked.connect(lambda _index: self._choose_clicked())
        self.form.head.set_empty_words(_("在左边选一位工作人员。"))
        self.form.saved.connect(lambda changes: self.said.emit(Notice(changes.why)))
        self._add = self._button(_("新增工作人员"), "user-plus", "worker_add")
        self._add.clicked.connect(lambda _on: self.new_record())
        self._password = self._button(_("修改我的密码"), "lock", "worker_change_password")
        self._password.clicked.connect(lambda _on: self.change_password())
        self._password.setVisible(workers.is_protected(kit.desk.store))
        self.table.foot.addWidget(self._password)
        self.table.foot.addWidget(self._add)
        self.table.rows.keys_came.connect(self._take_first)

    @override
    def table_fields(self) -> tuple[Field, ...]:
        return self.form_fields()

    @override
    def form_fields(self) -> tuple[Field, ...]:
        return tuple(each for each in fields_of(RECORDS["worker"]) if each.key in _FIELDS)

    @override
    def save_use_case(self) -> Save:
        return workers.save_worker

    @override
    def new_record(self) -> None:
        AddWorkerDialog(self.desk, self).open()

    def change_password(self) -> None:
        """Ask for the old and the new password of whoever works now."""
        dialog = PasswordDialog(self.desk, self)
        dialog.accepted.connect(lambda: self.said.emit(Notice(_("密码已改，下次打开时用新密码。"))))
        dialog.open()

    def _button(self, words: str, icon: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        self.desk.look.set_icon(button, icon)
        return button

    def _choose_clicked(self) -> None:
        if self.table.current_key and self.table.current_key != self.form.key:
            self.table.current_changed.emit(self.table.current_key)

    def _take_first(self) -> None:
        if self.form.key is None:
            self.show_first()


class AddWorkerDialog(AskDialog):
    """Asks for a new worker; where the station is encrypted, with a password of their own."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "add_worker", _("新增工作人员"), parent)
        told: Mapping[str, Field] = {each.key: each for each in fields_of(RECORDS["worker"])}
        self._who = self.line("name", _(told["name"].label))
        self._role = Combo(desk.look, self)
        self._role.setObjectName("add_worker_role")
        self._role.setAccessibleName(_(told["role"].label))
        for role in _ROLES:
            self._role.addItem(_(role.label))
        self.lines.addRow(_(told["role"].label), self._role)
        self._secret = workers.is_protected(desk.store)
        if self._secret:
            self._password = self.line("password", _("密码"), secret=True)
            self._again = self.line("password_again", _("再输一次"), secret=True)
            warning = QLabel(_("请本人输入。密码忘了谁也打不开，请抄下来锁好。"), self)
            warning.setWordWrap(True)
            warning.setProperty("look", "small")
            self.lines.addRow("", warning)

    @override
    def act(self) -> None:
        if not self._who.text().strip():
            self.refuse(_("请填“{field}”").format(field=self._who.accessibleName()), self._who)
            return
        password = None
        if self._secret:
            problem = password_problem(self._password, self._again)
            if problem is not None:
                self.refuse(*problem)
                return
            password = self._password.text()
        self.wait()
        role = _ROLES[self._role.currentIndex()]
        self.desk.change(
            stations.add_worker,
            self._who.text(),
            role,
            password,
            then=self._added,
            failed=self.failed,
            owner=self,
        )

    def _added(self, _changes: ChangeSet) -> None:
        self.accept()


class PasswordDialog(AskDialog):
    """Asks the present worker for the old password and for a new one, twice."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "password", _("修改密码：{name}").format(name=desk.store.actor.name), parent)
        self._old = self.line("old", _("现在的密码"), secret=True)
        self._new = self.line("new", _("新密码"), secret=True)
        self._again = self.line("again", _("再输一次"), secret=True)

    @override
    def act(self) -> None:
        problem = password_problem(self._new, self._again)
        if problem is not None:
            self.refuse(*problem)
            return
        self.wait()
        self.desk.change(
            workers.change_own_password,
            self._old.text(),
            self._new.text(),
            then=lambda _changes: self.accept(),
            failed=self.failed,
            owner=self,
        )


def password_problem(first: QLineEdit, again: QLineEdit) -> tuple[str, QLineEdit] | None:
    """What is wrong with a new password and the line to mend it in; None when nothing is."""
    if len(first.text()) < LEAST_PASSWORD:
        return _("密码至少 {count} 个字，几个词连起来最好记").format(count=LEAST_PASSWORD), first
    if first.text() != again.text():
        return _("两次输入的密码不一样，请再输一次"), again
    return None
