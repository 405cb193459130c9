"""The rows behind one figure of the monthly table, and the way to a paper of them (附表)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from stationdesk.core import naming
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.vocab import Audience
from stationdesk.services.ledgers import Options
from stationdesk.services.ledgers.behind import AnnexReport, Behind, FigureOf, annex, behind
from stationdesk.services.release import Override, PersonalNumber
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.plain_rows import PlainRowsDialog
from stationdesk.ui.dialogs.reason import ReasonDialog
from stationdesk.ui.notices import Weight

NAME = "figure_rows"
_MOST = 2000
"""Rows that are shown; the annex has them all."""


class FigureRowsDialog(PlainRowsDialog):
    """What a figure counts, what each row adds to it, and that the rows make it."""

    open_wanted = Signal(str, str)
    """Open a record where it is shown (record, key)."""

    def __init__(
        self, desk: Desk, figure: FigureOf, town: str, folder: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk.look, NAME, _("数字背后的记录"), parent)
        self._desk = desk
        self._figure = figure
        self._town = town
        self._folder = folder
        self._found: Behind | None = None
        self._papers = []
        for audience in (Audience.INTERNAL, Audience.REPORT):
            words = _("导出附表（{audience}）…").format(audience=_(audience.label))
            button = self.button(words, f"annex_{audience.value}")
            button.setEnabled(False)
            button.clicked.connect(lambda _on, audience=audience: self._ask_place(audience))
            self._papers.append(button)
        self.row_opened.connect(self._open)
        desk.read(partial(behind, most=_MOST), figure, then=self._show, owner=self)

    @property
    def is_ready(self) -> bool:
        """Whether the rows have come."""
        return self._found is not None

    def _show(self, found: Behind) -> None:
        self._found = found
        told = [
            _("{title}　{period}：{figure}").format(
                title=found.title, period=found.period, figure=found.figure
            )
        ]
        told.append(
            _("下面 {count:,} 行，计入数合计 {listed}。").format(count=len(found.rows), listed=found.listed)
        )
        if len(found.rows) == _MOST:
            told.append(_("行数太多，这里只列前 {count:,} 行；附表里是全的。").format(count=_MOST))
        if found.withheld:
            told.append(
                _("另有 {count} 条受限记录计 {hidden} 在内（按规定限制查看，不列名），共 {total}。").format(
                    count=found.withheld, hidden=found.hidden, total=found.total
                )
            )
        if found.submitted:
            told.append(
                _("这个月已结账，上报数是 {submitted}；这里是现在的记录。").format(submitted=found.submitted)
            )
        self.fill("\n".join(told), found.labels, found.rows)
        self.table.setToolTip(_("双击打开这条记录"))
        for button in self._papers:
            button.setEnabled(True)

    def _open(self, row: int) -> None:
        if self._found is not None and 0 <= row < len(self._found.keys):
            self.open_wanted.emit(self._found.record, self._found.keys[row])
            self.accept()

    def _ask_place(self, audience: Audience) -> None:
        if self._found is None:
            return
        title = self._found.title.replace("：", " ")
        name = naming.file_name(self._town, f"附表 {title}", str(self._figure.month), audience, ".xlsx")
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("附表存到哪里？"), str(self._folder / name), _("Excel 工作簿 (*.xlsx)")
        )
        if chosen:
            self.save(Path(chosen), audience)

    def save(self, target: Path, audience: Audience, reason: str = "") -> None:
        """Write the annex; a reason lets out what was found in it."""
        self._folder = target.parent
        options = Options(override=Override(reason) if reason else None)
        self._desk.work(
            partial(annex, beside=True, options=options),
            self._figure,
            audience,
            target,
            title=_("导出附表"),
            then=self._saved,
            failed=partial(self._refused, target, audience),
            owner=self,
        )

    def _saved(self, report: AnnexReport) -> None:
        words = _("已导出 {name}：{rows:,} 行。{check}").format(
            name=report.path.name, rows=report.rows, check=report.sentence
        )
        self._desk.notify(words, Weight.GOOD if report.agrees else Weight.WARN)

    def _refused(self, target: Path, audience: Audience, error: UserError) -> None:
        if not isinstance(error, PersonalNumber):
            self._desk.notify(str(error), Weight.BAD)
            return
        asked = ReasonDialog(
            _("仍要放行？"),
            _("{found}\n如果看过确实不是个人信息，写明原因后可以放行。").format(found=error),
            _("写明原因并放行"),
            self,
        )
        asked.given.connect(lambda reason: self.save(target, audience, reason))
        asked.open()
