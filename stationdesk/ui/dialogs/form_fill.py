"""Filling a department's form: which month, for whom, where to; then what became of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import safe_file_name
from stationdesk.core.messages import _
from stationdesk.core.naming import file_name
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.sealing import BadPassword
from stationdesk.core.vocab import Audience, FormMedium
from stationdesk.services.ledgers.period import periods_of
from stationdesk.services.release import Override, PersonalNumber
from stationdesk.services.sealing import lock_for
from stationdesk.services.stations import profile_of
from stationdesk.services.store import Store
from stationdesk.services.templates import MOST_CARDS, FillReport, Kept, Preview, fill, kept_template, preview
from stationdesk.services.templates.showing import Choosing, FormKind, Subject
from stationdesk.ui.dialogs.form_choosing import ChoosingBox
from stationdesk.ui.dialogs.lock_box import LockBox
from stationdesk.ui.dialogs.reason import ReasonDialog
from stationdesk.ui.dialogs.working import WorkingDialog
from stationdesk.ui.forms import Kit
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.notices import Weight
from stationdesk.ui.saved import Folders, SavedBar
from stationdesk.ui.status import TaskRow

_AUDIENCES = (Audience.INTERNAL, Audience.REPORT)
_MONTHS = 24
_FOLDER = "form"


def _counted(subject: Subject, count: int) -> str:
    """So many of what a row or a card is about."""
    match subject:
        case Subject.PERSON:
            return _("{count:,} 人").format(count=count)
        case Subject.HOUSEHOLD:
            return _("{count:,} 户").format(count=count)
        case Subject.NEED | Subject.RESOURCE:
            return _("{count:,} 项").format(count=count)
        case Subject.MATCH | Subject.VISIT:
            return _("{count:,} 次").format(count=count)


class FillDialog(WorkingDialog):
    """Fills one kept form; it stays open, so that the next month or the other audience is one more press."""

    def __init__(
        self,
        kit: Kit,
        form: Kept,
        month: Month,
        folders: Folders,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        desk = kit.desk
        self._kit = kit
        self._desk = desk
        self._form = form
        self._folders = folders
        self._town = ""
        self._first_day = 1
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("form_fill")
        self.setWindowTitle(_("填报：{name}").format(name=form.name))
        today = Month.of(desk.store.clock.today())
        self._months = [today.next.shifted(-back) for back in range(_MONTHS)]
        self.setMinimumWidth(desk.look.pixels(620))
        self.outcome = SavedBar(desk.look, self, "fill_result")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        self._build_head(column)
        column.addWidget(self.outcome)
        column.addLayout(self._build_rows(month))
        column.addWidget(TaskRow(desk, self))
        column.addLayout(self._build_buttons())
        self._follow()
        desk.read(partial(_facts, key=form.key), then=self._show_facts, owner=self)

    # Building

    def _build_head(self, column: QVBoxLayout) -> None:
        form = self._form
        blank = _("空白表：{name}").format(name=form.file_name)
        about = "　".join(filter(None, (form.department, _(form.kind.label), blank)))
        for words, look in ((form.name, "title"), (about, "muted")):
            label = QLabel(words, self)
            label.setProperty("look", look)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)

    def _build_rows(self, month: Month) -> QFormLayout:
        self.month = Combo(self._desk.look, self)
        self.month.setObjectName("fill_month")
        self.month.setAccessibleName(_("月份"))
        self.month.addItems(
            [_("{year}年{month}月").format(year=each.year, month=each.month) for each in self._months]
        )
        self.month.setCurrentIndex(self._months.index(month) if month in self._months else 1)
        self.month.activated.connect(lambda _row: self._count())
        self._rules = self._words("fill_rules")
        self._rules.setProperty("look", "small")
        self._counted = self._words("fill_count")
        rows = QFormLayout()
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        rows.setHorizontalSpacing(12)
        rows.setVerticalSpacing(8)
        rows.addRow(_("月份"), self.month)
        rows.addRow(_("给谁看"), self._build_audiences())
        rows.addRow("", self._rules)
        self._choosing = ChoosingBox(self._kit, "fill", self)
        self._choosing.changed.connect(self._count)
        if self._form.kind is not FormKind.FIGURES:
            rows.addRow(_("只填哪些"), self._choosing)
        else:
            self._choosing.hide()
        rows.addRow(_("要填"), self._counted)
        self._lock = LockBox("fill", self)
        rows.addRow("", self._lock)
        return rows

    def _build_audiences(self) -> QHBoxLayout:
        self._audiences = QButtonGroup(self)
        whom = QHBoxLayout()
        for place, audience in enumerate(_AUDIENCES):
            button = QRadioButton(_(audience.label), self)
            button.setObjectName(f"fill_for_{audience.value}")
            button.setAccessibleName(_(audience.label))
            self._audiences.addButton(button, place)
            whom.addWidget(button)
        whom.addStretch(1)
        self._audiences.button(0).setChecked(True)
        self._audiences.idClicked.connect(lambda _place: self._follow())
        return whom

    def _build_buttons(self) -> QHBoxLayout:
        self._go = QPushButton(_("填好并保存…"), self)
        self._go.setObjectName("fill_go")
        self._go.setAccessibleName(_("填好并保存"))
        self._go.setProperty("look", "primary")
        self._desk.look.set_icon(self._go, "file-spreadsheet", "on_accent")
        self._go.clicked.connect(lambda _on: self._ask_file())
        leave = QPushButton(_("关闭"), self)
        leave.setObjectName("fill_close")
        leave.setAccessibleName(_("关闭"))
        leave.setAutoDefault(False)
        leave.clicked.connect(lambda _on: self.close())
        buttons = QHBoxLayout()
        buttons.addWidget(leave)
        buttons.addStretch(1)
        buttons.addWidget(self._go)
        return buttons

    def _words(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        return label

    @property
    def audience(self) -> Audience:
        """Whom the file is for."""
        return _AUDIENCES[self._audiences.checkedId()]

    @property
    def chosen_month(self) -> Month:
        """The month to fill for."""
        return self._months[self.month.currentIndex()]

    @property
    def ending(self) -> str:
        """The ending of the file."""
        return ".docx" if self._form.medium is FormMedium.DOCX else ".xlsx"

    def file_name(self) -> str:
        """By the rule: whose, what, when, for whom."""
        return file_name(self._town, self._form.name, str(self.chosen_month), self.audience, self.ending)

    # What will be filled

    def _show_facts(self, found: tuple[str, int, Choosing]) -> None:
        self._town, self._first_day, choosing = found
        self._choosing.show_choosing(choosing)
        self._count()

    def _count(self) -> None:
        self._counted.setText(_("正在数…"))
        periods = periods_of(self.chosen_month, self._first_day)
        choosing = self._choosing.choosing

        def count(store: Store) -> Preview:
            return preview(store, kept_template(store, self._form.key).template, periods, choosing)

        self._desk.read(count, then=self._show_count, failed=self._refuse, owner=self)

    def _show_count(self, found: Preview) -> None:
        if self._form.kind is FormKind.FIGURES:
            words = _("月报表的数字")
        else:
            words = _counted(self._form.subject, found.count)
            if found.withheld:
                words += _("（另有 {count} 条按规定不列名）").format(count=found.withheld)
            if found.files > 1:
                words += "\n" + _(
                    "一个文件最多 {most} 张，会分成 {files} 个文件，放在一个新文件夹里。"
                ).format(most=MOST_CARDS, files=found.files)
        self._counted.setText(words)
        self._follow()

    @override
    def _follow(self) -> None:
        self._rules.setText(
            _("姓名、号码、住址按规则遮盖，健康等敏感内容留空。")
            if self.audience.is_masked
            else _("内部使用，或按要求报送全号的部门；姓名和号码照模板的写法，请当面交接。")
        )
        self._go.setEnabled(bool(self._town) and self._under_way is None)

    # Filling

    def _ask_file(self) -> None:
        try:
            self._lock.password()
        except BadPassword:
            return
        kinds = "Word (*.docx)" if self.ending == ".docx" else "Excel (*.xlsx)"
        start = self._folders.of(_FOLDER) / safe_file_name(self.file_name())
        name, _filter = QFileDialog.getSaveFileName(self, _("填好的表存到哪里？"), str(start), kinds)
        if name:
            target = Path(name)
            self.fill_to(
                target
                if target.suffix.lower() == self.ending
                else target.with_name(target.name + self.ending)
            )

    def fill_to(self, target: Path, reason: str = "") -> None:
        """Fill the form into a file, with progress and Cancel; a reason lets out what was found in it."""
        self.outcome.hide()
        periods = periods_of(self.chosen_month, self._first_day)
        answer = Override(reason) if reason else None
        try:
            password = self._lock.password()
        except BadPassword:
            return
        audience, choosing = self.audience, self._choosing.choosing

        def job(store: Store, progress: Progress = SILENT) -> FillReport:
            return fill(
                store,
                self._form.key,
                periods,
                target,
                audience,
                progress,
                choosing=choosing,
                beside=True,
                override=answer,
                lock=lock_for(store, password),
            )

        self._under_way = self._desk.work(
            job,
            title=_("填写 {name}").format(name=self._form.name),
            then=self._filled,
            failed=partial(self._refused, target),
            owner=self,
        )
        self._under_way.ended.connect(self._ended)
        self._follow()

    def _filled(self, report: FillReport) -> None:
        self._lock.forget()
        self._folders.keep(_FOLDER, report.path)
        name = report.path.name
        if report.files > 1:
            parts = [_("已填好 {files} 个文件，放在文件夹“{name}”里").format(files=report.files, name=name)]
        else:
            parts = [_("已填好 {name}").format(name=name)]
        if self._form.kind is not FormKind.FIGURES:
            parts.append(_counted(self._form.subject, report.rows))
        if report.added:
            parts.append(_("表格加了 {count:,} 行").format(count=report.added))
        words = _("，").join(parts) + _("。")
        weight = Weight.WARN if report.warnings else Weight.GOOD
        self.outcome.say_saved(report.path, "\n".join((words, *report.warnings)), weight)

    def _refused(self, target: Path, error: UserError) -> None:
        self._refuse(error)
        if isinstance(error, PersonalNumber):
            asked = ReasonDialog(
                _("仍要放行？"),
                _("{found}\n如果看过确实不是个人信息，写明原因后可以放行。").format(found=error),
                _("写明原因并放行"),
                self,
            )
            asked.given.connect(partial(self.fill_to, target))
            asked.open()

    def _refuse(self, error: UserError) -> None:
        self.outcome.refuse(str(error))


def _facts(store: Store, key: Key) -> tuple[str, int, Choosing]:
    """Whose file it is, on which day a month starts, and whom the template lists."""
    profile = profile_of(store)
    return profile.town, profile.month_starts_on, kept_template(store, key).template.choosing
