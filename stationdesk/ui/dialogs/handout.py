"""发放地图: three questions, the very file on the screen, what was looked at, and on paper or as a file."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import private_folder
from stationdesk.core.messages import _
from stationdesk.core.printing import Printer
from stationdesk.core.vocab import MapLevel
from stationdesk.services.atlas_content import guides_offered
from stationdesk.services.giving import give_out
from stationdesk.services.listing import Filter, Query, keys_of
from stationdesk.services.release import Override
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.handout_answers import AnswerPanel, Answers, Ask, answers_from
from stationdesk.ui.dialogs.handout_files import SheetName, made_of, places_of, save_made
from stationdesk.ui.dialogs.handout_findings import FindingList, Target
from stationdesk.ui.dialogs.handout_makers import Made, Wanted, choices
from stationdesk.ui.dialogs.pdf_sight import PdfSight
from stationdesk.ui.dialogs.reason import ReasonDialog
from stationdesk.ui.dialogs.unlock import UnlockDialog
from stationdesk.ui.notices import Weight
from stationdesk.ui.paper import ask_printer, printing_of
from stationdesk.ui.saved import Folders, SavedBar
from stationdesk.ui.status import TaskRow
from stationdesk.ui.tasks import Ticket

_WIDTH, _HEIGHT = 1220, 700
_SIDE = 318
_FOLDER = "handout"
_PAUSE = 350
"""Milliseconds after the last answer before its preview is made: two answers in a row are one preview."""


class HandoutDialog(QDialog):
    """Makes the sheet. The preview, the saved file and the print are one and the same PDF."""

    answered = Signal(object)
    """The answers changed: texts by name, for this computer to remember."""
    open_wanted = Signal(str, str)
    """Open a record (record, key); the dialog is gone by then."""
    query_wanted = Signal(object)
    """Show the rows of a `Query`; the dialog is gone by then."""
    copies_wanted = Signal()
    """Write down where copies went."""

    def __init__(
        self,
        desk: Desk,
        printer: Printer,
        folders: Folders,
        last: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._printer = printer
        self._folders = folders
        self._town = ""
        self._made: Made | None = None
        self._answer: Override | None = None
        self._unlocked = False
        self._under_way: Ticket | None = None
        self._count = 0
        self._left = False
        # In the station's own folder: what a crash leaves of it is cleared at the next start.
        self._kept = contextlib.ExitStack()
        self._aside = self._kept.enter_context(private_folder(desk.store.folder.root))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.make)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("handout_dialog")
        self.setWindowTitle(_("发放地图"))
        self.resize(desk.look.pixels(_WIDTH), desk.look.pixels(_HEIGHT))
        self.panel = AnswerPanel(desk.look, choices(), answers_from(last or {}), self)
        self.panel.changed.connect(self._changed)
        self._build()
        desk.read(places_of, then=self._begin)
        desk.read(guides_offered, then=partial(self.panel.guides.offer, desk), owner=self)

    # What is asked and what was made

    @property
    def answers(self) -> Answers:
        """What is answered now."""
        return self.panel.answers

    @property
    def made(self) -> Made | None:
        """What was made, until something is answered differently."""
        return self._made

    @property
    def document(self) -> QPdfDocument:
        """What is shown."""
        return self.sight.document

    def file_name(self) -> str:
        """By the rule: town, what it is, of which village and on which paper, month."""
        area = self.panel.area_words if self.answers.area is not None else ""
        name = SheetName(self._town, area, self.answers, self.panel.choice.asks)
        draft = self._made is not None and self._made.given.draft
        return name.on(self._desk.store.clock.today(), draft=draft)

    def make(self) -> None:
        """Make the sheet and show it; what was under way for other answers is stopped."""
        self._pause.stop()
        self._stop()
        self._count += 1
        wanted = Wanted(self._aside / f"{self._count}.pdf", self.answers, self._printer, self._answer)
        title = _("制作{kind}").format(kind=_(wanted.answers.kind.label))
        ticket = self._desk.work(
            partial(made_of, wanted), title=title, then=self._show, failed=self._refuse, owner=self
        )
        ticket.ended.connect(partial(self._ended, ticket))
        self._under_way = ticket
        self._follow()

    # Building

    def _build(self) -> None:
        self.refusal = SavedBar(self._desk.look, self, "handout_refusal")
        self.sight = PdfSight("handout", _("正在生成预览……"), self, whole=True)
        self.findings = FindingList(self._desk.look, self)
        self.findings.opened.connect(self._open)
        self.findings.answer_wanted.connect(self._ask_reason)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._build_side())
        row.addWidget(self._build_sight(), 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 10)
        outer.setSpacing(8)
        outer.addLayout(row, 1)
        outer.addWidget(TaskRow(self._desk, self))
        self._follow()

    def _build_side(self) -> QWidget:
        side = QWidget(self)
        side.setFixedWidth(self._desk.look.pixels(_SIDE))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.panel)
        heading = QLabel(_("发放前检查"), side)
        heading.setProperty("look", "heading")
        column.addSpacing(4)
        column.addWidget(heading)
        column.addWidget(self.findings, 1)
        self._save = self._button(_("保存…"), "device-floppy", "handout_save", self._ask_file)
        self._save.setToolTip("Ctrl+S")
        self._print = self._button(_("打印…"), "printer", "handout_print", self._ask_printer)
        self._print.setShortcut("Ctrl+P")
        notes = self._button(_("发放登记…"), "clipboard-list", "handout_copies", self.copies_wanted.emit)
        notes.setToolTip(_("各版发到了哪里、多少份"))
        leave = self._button(_("关闭"), "x", "handout_close", self.close)
        for pair in ((self._save, self._print), (notes, leave)):
            line = QHBoxLayout()
            for button in pair:
                line.addWidget(button, 1)
            column.addLayout(line)
        return side

    def _build_sight(self) -> QWidget:
        self._summary = QLabel(self)
        self._summary.setObjectName("handout_summary")
        self._summary.setProperty("look", "muted")
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._again = self._button(_("生成预览"), "refresh", "handout_make", self.make)
        head = QHBoxLayout()
        head.addWidget(self._summary, 1)
        head.addWidget(self._again)
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.refusal)
        column.addLayout(head)
        column.addWidget(self.sight, 1)
        return box

    def _button(self, words: str, icon: str, name: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        self._desk.look.set_icon(button, icon)
        button.clicked.connect(lambda _on: slot())
        return button

    # What follows

    def _begin(self, found: tuple[tuple[tuple[Key, str], ...], str]) -> None:
        areas, self._town = found
        self.panel.show_areas(areas)
        self.make()

    def _changed(self) -> None:
        self._answer = None  # whoever answered for one sheet did not see the next
        if self._is_exact and not self._unlocked:
            self._ask_password()
            return
        self._forget()
        self.refusal.hide()
        self.answered.emit(self.answers.texts())
        self._stop()
        self._pause.start()
        self._follow()

    @property
    def _is_exact(self) -> bool:
        return Ask.LEVEL in self.panel.choice.asks and self.answers.level is MapLevel.EXACT

    def _ask_password(self) -> None:
        """Ask before it is printed where each household lives; without an answer, by village as before."""
        words = _(
            "纸上会标出每一户的位置，每页印着“内部资料”、您的姓名和日期。只供站内使用，用后收好。会记入操作记录。"
        )
        dialog = UnlockDialog(self._desk, words, _("生成"), self)
        dialog.unlocked.connect(self._unlock)
        dialog.rejected.connect(self._leave_locked)
        dialog.open()

    def _leave_locked(self) -> None:
        self.panel.show_villages()
        self._changed()

    def _unlock(self) -> None:
        self._unlocked = True
        self._changed()

    def _forget(self) -> None:
        self._made = None
        self.findings.clear()

    def _stop(self) -> None:
        ticket, self._under_way = self._under_way, None
        if ticket is not None:
            ticket.cancel()
            ticket.drop()

    def _ended(self, ticket: Ticket) -> None:
        if ticket is self._under_way:
            self._under_way = None
            # What is shown is of other answers; when this was made, it is shown at once.
            self.sight.show_words(_("预览已停止。点“生成预览”再来一次。"))
            self._follow()

    def _refuse(self, error: UserError) -> None:
        self._forget()
        self._unlocked = False  # the time may be over: asked for again, the password is asked for again
        self.sight.show_words(str(error))
        self.refusal.refuse(str(error))
        self._follow()

    def _show(self, made: Made) -> None:
        self._made = made
        self.refusal.hide()
        self.sight.show_file(made.path)
        self.findings.show_found(made.given.found, made.left_out)
        self._follow()

    def _follow(self) -> None:
        made = self._made
        waiting = self._under_way is not None or self._pause.isActive()
        ready = made is not None and not waiting
        may = made is not None and not made.given.draft
        self._again.setVisible(not waiting and made is None)
        self._save.setEnabled(ready)
        self._save.setText(_("存草稿…") if made is not None and not may else _("保存…"))
        self._save.setShortcut("Ctrl+S")  # another text takes it away
        self._print.setEnabled(ready and may)
        self._print.setToolTip("Ctrl+P" if may or not ready else _("没有通过检查的图只能存成草稿"))
        self._summary.setText(self._words(waiting=waiting))
        for button, primary in ((self._print, may), (self._save, made is not None and not may)):
            button.setProperty("look", "primary" if primary else "")
            icon = str(button.property("icon_name"))
            self._desk.look.set_icon(button, icon, "on_accent" if primary and button.isEnabled() else "text")
            button.style().unpolish(button)
            button.style().polish(button)

    def _words(self, *, waiting: bool) -> str:
        if waiting:
            return _("正在生成新的预览……")
        if self._made is None:
            return ""
        given = self._made.given
        if not given.kind.is_given_out:
            return f"{_('内部资料')} · {self._made.words}"
        edition = _("草稿") if given.draft else _("第 {number} 版").format(number=given.edition)
        return f"{edition} · {self._made.words}"

    def _open(self, target: Target) -> None:
        if len(target.codes) > 1 or (target.codes and target.records):
            codes = frozenset(target.codes)
            self._leave_for(lambda: self.query_wanted.emit(_of_codes(codes)))
        elif target.codes:
            codes = frozenset(target.codes)
            self._desk.read(keys_of, _of_codes(codes), then=self._open_resource, owner=self)
        elif target.records:
            record, key = target.records[0]
            self._leave_for(lambda: self.open_wanted.emit(record, key))

    def _open_resource(self, keys: tuple[Key, ...]) -> None:
        if keys:
            self._leave_for(lambda: self.open_wanted.emit("resource", keys[0]))

    def _leave_for(self, then: Callable[[], object]) -> None:
        self.close()
        then()

    def _ask_reason(self) -> None:
        if self._made is None:
            return
        found = [each.sentence for each in self._made.given.found.stops if each.answerable]
        words = "\n".join((*found, _("如果是检查认错了，请写明原因；会记入操作记录。")))
        dialog = ReasonDialog(_("说明原因后放行"), words, _("放行"), self)
        dialog.given.connect(self._answered)
        dialog.show()

    def _answered(self, reason: str) -> None:
        self._answer = Override(reason)
        self._forget()
        self.make()

    # File and printer

    def _ask_file(self) -> None:
        if self._made is None:
            return
        start = self._folders.of(_FOLDER) / self.file_name()
        name, _filter = QFileDialog.getSaveFileName(self, _("保存发放地图"), str(start), "PDF (*.pdf)")
        if name:
            target = Path(name)
            self.save_to(
                target if target.suffix.lower() == ".pdf" else target.with_name(target.name + ".pdf")
            )

    def save_to(self, target: Path) -> None:
        """Save the very file that is shown; it becomes an edition unless it is a draft."""
        made = self._made
        if made is None:
            return
        self._desk.change(
            partial(save_made, made, target),
            title=_("保存发放地图"),
            then=partial(self._saved, target),
            failed=self._complain,
            owner=self,
        )

    def _saved(self, target: Path, _changes: ChangeSet) -> None:
        made = self._made
        self._folders.keep(_FOLDER, target)
        if made is None:
            return
        if not made.given.kind.is_given_out:
            words = _("已保存 {name}：内部资料，不要外传，用后收好。").format(name=target.name)
            self.refusal.say_saved(target, words, Weight.WARN)
        elif made.given.draft:
            words = _("已保存草稿 {name}，每页印着“草稿”，不能发放。").format(name=target.name)
            self.refusal.say_saved(target, words, Weight.WARN)
        else:
            words = _("已保存 {name}（第 {number} 版）。发出去以后，请在“发放登记”里记一笔。")
            self.refusal.say_saved(target, words.format(name=target.name, number=made.given.edition))

    def _complain(self, error: UserError) -> None:
        self.refusal.refuse(str(error))

    def _ask_printer(self) -> None:
        if self._made is not None and not self._made.given.draft:
            ask_printer(self._made.setup, "handout_printer", self, self.print_on)

    def print_on(self, printer: QPrinter) -> None:
        """Print the very file that is shown; it is logged and becomes an edition first."""
        made = self._made
        if made is not None and not made.given.draft:
            self._desk.change(
                give_out,
                "print",
                made.given,
                self.file_name(),
                then=partial(self._send, made, printer),
                failed=self._complain,
                owner=self,
            )

    def _send(self, made: Made, printer: QPrinter, _changes: ChangeSet) -> None:
        job = printing_of(made.path, printer)
        sent = partial(self._sent, made)
        self._desk.work(job, title=_("打印"), then=sent, failed=self._complain, owner=self)

    def _sent(self, made: Made, pages: int) -> None:
        if not made.given.kind.is_given_out:
            words = _("已送到打印机：{pages} 页。内部资料，不要外传，用后收好。")
            self.refusal.tell(words.format(pages=pages), Weight.WARN)
            return
        words = _("已送到打印机：{pages} 页（第 {number} 版）。发出去以后，请在“发放登记”里记一笔。")
        self.refusal.tell(words.format(pages=pages, number=made.given.edition), Weight.GOOD)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._clean()
        super().closeEvent(event)

    @override
    def done(self, result: int) -> None:
        self._clean()
        super().done(result)

    def _clean(self) -> None:
        """What was looked at leaves no copy behind; what is still being made goes when it has stopped."""
        self._pause.stop()
        self.document.close()
        ticket, kept = self._under_way, self._kept
        self._stop()
        if self._left:
            return  # asked to close, a dialog is also done
        self._left = True
        if ticket is None or ticket.over:
            kept.close()
        else:
            ticket.ended.connect(kept.close)


def _of_codes(codes: frozenset[str]) -> Query:
    return Query("resource", filters=(Filter("code", codes),), order="code")
