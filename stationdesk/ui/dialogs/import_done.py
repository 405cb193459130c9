"""The last page of an import: what came in, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from stationdesk.core.messages import _
from stationdesk.services.imports import Decision, Decisions, DryRun, TakenBack, Verdict
from stationdesk.ui.dialogs.import_outcome import OutcomeTable, outcome_words
from stationdesk.ui.theme import Look


class DonePage(QWidget):
    """Counts, and what to do next."""

    undo_wanted = Signal()
    look_wanted = Signal()
    again_wanted = Signal()
    next_wanted = Signal()
    """Import the next table of the same sheet."""
    copy_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_done_page")
        self._look = look
        self._result = QLabel(self)
        self._result.setObjectName("import_result")
        self._result.setProperty("look", "title")
        self._counts = QLabel(self)
        self._counts.setObjectName("import_counts")
        self._counts.setWordWrap(True)
        self._look_at = self._button(_("看导入的记录"), "import_look", self.look_wanted)
        self._look_at.setProperty("look", "primary")
        self._next = self._button(_("导入下一个表"), "import_next_table", self.next_wanted)
        again = self._button(_("再导入一个文件"), "import_again", self.again_wanted)
        copy = self._button(_("结论写进文件副本…"), "import_done_copy", self.copy_wanted, "file-export")
        self._undo = self._button(_("撤销这次导入"), "import_undo", self.undo_wanted, "arrow-back-up")
        row = QHBoxLayout()
        for button in (self._look_at, self._next, again, copy, self._undo):
            row.addWidget(button)
        row.addStretch(1)
        self._outcome = OutcomeTable(look, self)
        self._rest = QWidget(self)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(self._result)
        column.addWidget(self._counts)
        column.addLayout(row)
        column.addWidget(self._outcome, 1)
        column.addWidget(self._rest, 1)

    def show_done(self, dry: DryRun, decisions: Decisions, *, written: bool) -> None:
        """Say what came in; `written` whether anything did."""
        done = [decisions.of(row) for row in dry.rows.outlines]
        made, updated = done.count(Decision.AS_NEW), done.count(Decision.INTO_CANDIDATE)
        self._result.setText(_("导入完成"))
        parts = [
            _("新增 {count:,} 条").format(count=made),
            _("更新 {count:,} 条").format(count=updated),
            _("已有且相同 {count:,} 条").format(count=dry.count(Verdict.SAME)),
            _("不能导入 {count:,} 条").format(count=dry.count(Verdict.REFUSED)),
        ]
        left = len(dry.rows) - made - updated - dry.count(Verdict.SAME) - dry.count(Verdict.REFUSED)
        if left:
            parts.append(_("跳过 {count:,} 条").format(count=left))
        self._counts.setText("，".join(parts) + "。")
        self._undo.setEnabled(written)
        self._look_at.setEnabled(written)
        self._next.setVisible(dry.plan.next_place is not None)
        self._show_outcome(())

    def lead_on(self) -> None:
        """Give the keyboard to what comes next, or the key that follows lands on the undo."""
        self._look_at.setFocus()

    def set_undoing(self, *, undoing: bool) -> None:
        """While an import is taken back it cannot be taken back again."""
        self._undo.setEnabled(not undoing)

    def show_taken_back(self, told: tuple[TakenBack, ...]) -> None:
        """Say what was reversed, what was kept and why."""
        self._result.setText(_("已撤销这次导入"))
        self._counts.setText(outcome_words(told))
        self._look_at.setEnabled(False)
        self._show_outcome(told)

    def _show_outcome(self, told: tuple[TakenBack, ...]) -> None:
        self._outcome.rows.show(told)
        self._outcome.setVisible(bool(told))
        self._rest.setVisible(not told)

    def _button(self, words: str, name: str, wanted: object, icon: str = "") -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        if icon:
            self._look.set_icon(button, icon)
        button.clicked.connect(lambda _on: wanted.emit())  # type: ignore[attr-defined]  # a bound signal
        return button
