"""一户一档 for printing: which village, where to; the cards of its households become one workbook."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget
from typing_extensions import override

from stationdesk.core import naming
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import Audience
from stationdesk.services.ledgers.cards import CardKind, CardReport, cards, households_in
from stationdesk.services.listing import Pick, pick
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.settings_ask import AskDialog
from stationdesk.ui.notices import Weight

_MANY = 500


class CardsDialog(AskDialog):
    """Asks for a village, and writes the cards of its households."""

    saved = Signal(object, str)
    """The path of the workbook, and a sentence."""

    def __init__(self, desk: Desk, town: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(desk, "cards", _("一户一档"), parent)
        self._town = town
        self._folder = folder
        self._villages = QComboBox(self)
        self._villages.setObjectName("cards_village")
        self._villages.setAccessibleName(_("哪个村居"))
        self._villages.addItem(_("所有村居"), "")
        self.lines.addRow(_("哪个村居"), self._villages)
        self.done_button.setText(_("导出…"))
        self.done_button.setAccessibleName(_("导出"))
        desk.read(partial(pick, limit=_MANY), "village", "", then=self._list, owner=self)

    def _list(self, found: tuple[Pick, ...]) -> None:
        for each in sorted(found, key=lambda village: village.title):
            self._villages.addItem(each.title, str(each.key))

    @override
    def act(self) -> None:
        """Ask where to, and begin."""
        village = self._villages.currentText() if self._villages.currentData() else ""
        today = self.desk.store.clock.today().isoformat()
        name = naming.file_name(self._town, "一户一档", today, Audience.INTERNAL, ".xlsx", more=village)
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("一户一档存到哪里？"), str(self._folder / name), _("Excel 工作簿 (*.xlsx)")
        )
        if chosen:
            self.save(Path(chosen))

    def save(self, target: Path) -> None:
        """Write the cards of the chosen village."""
        self.wait()
        village = self._villages.currentData()
        self.desk.work(
            _write,
            Key(village) if village else None,
            target,
            title=_("导出一户一档"),
            then=self._written,
            failed=self.failed,
            owner=self,
        )

    def _written(self, report: CardReport) -> None:
        words = _("已导出 {name}：{count} 户，每户一页。").format(name=report.path.name, count=report.cards)
        if report.withheld:
            words += _("另有 {count} 户按规定限制查看，没有印。").format(count=report.withheld)
        self.saved.emit(report.path, words)
        self.desk.notify(words, Weight.GOOD)
        self.accept()


def _write(store: Store, village: Key | None, target: Path, progress: Progress = SILENT) -> CardReport:
    keys = households_in(store, village)
    return cards(store, CardKind.HOUSEHOLD, keys, target, progress, beside=True)
