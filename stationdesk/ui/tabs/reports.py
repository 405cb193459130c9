"""台账: our own ledgers, and behind a switch the forms that the departments want filled."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.messages import _
from stationdesk.ui.desk import Desk
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.tabs.county_forms import CountyFormsPage
from stationdesk.ui.tabs.ledgers import LedgersTab
from stationdesk.ui.tabs.segment import Segment


class ReportsTab(TabPage):
    """Both pages are about the same month; each keeps its place while the other is shown."""

    def __init__(
        self, desk: Desk, ledgers: LedgersTab, forms: CountyFormsPage, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, parent)
        self.setObjectName("reports_tab")
        self.ledgers = ledgers
        self.forms = forms
        ledgers.query_wanted.connect(self.query_wanted)
        self._stack = QStackedWidget(self)
        self._segments: list[Segment] = []
        words = (_("台账和月报"), _("上报表格"))
        pages: tuple[LedgersTab | CountyFormsPage, ...] = (ledgers, forms)
        for place, page in enumerate(pages):
            self._stack.addWidget(page)
            segment = Segment(f"reports_{place}_switch", words, page)
            segment.choose(place)
            segment.chosen.connect(self.switch)
            page.set_lead(segment)
            self._segments.append(segment)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def switch(self, place: int) -> None:
        """Show our ledgers (0) or the departments' forms (1)."""
        self.forms.month = self.ledgers.month
        self._stack.setCurrentIndex(place)
        for at, segment in enumerate(self._segments):
            segment.choose(at)

    @override
    def new_record(self) -> None:
        if self._stack.currentWidget() is self.forms:
            self.forms.new_record()

    @override
    def wants(self, changes: ChangeSet) -> bool:
        return False  # each page listens for itself
