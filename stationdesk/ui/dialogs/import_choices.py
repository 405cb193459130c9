"""What is imported from a file: the kind of list, the sheet, one of its tables, and the header rows."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QWidget

from stationdesk.core.messages import _
from stationdesk.services.imports import ImportKind, Plan
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.theme import Look


def combo(look: Look, parent: QWidget, name: str, words: str) -> Combo:
    """A combo of the import, with its names."""
    made = Combo(look, parent)
    made.setObjectName(name)
    made.setAccessibleName(words)
    made.setMinimumWidth(look.pixels(120))
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return made


class TableChoices(QWidget):
    """Shows what a plan takes, and says what the worker wants instead."""

    wanted = Signal(object, object, object, object)
    """Another kind, sheet name, header (first, last), or table of the sheet (from 0): propose anew."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._plan: Plan | None = None
        self._sheets: tuple[str, ...] = ()
        self._kind = combo(look, self, "import_kind", _("内容"))
        self._kind.addItems([_(each.label) for each in ImportKind])
        self._sheet = combo(look, self, "import_sheet", _("工作表"))
        self._table = combo(look, self, "import_table", _("表"))
        self._first = self._spin("import_header_first", _("表头从第几行"))
        self._last = self._spin("import_header_last", _("表头到第几行"))
        flow = FlowLayout(self, 10)
        pairs = (
            (_("内容"), self._kind),
            (_("工作表"), self._sheet),
            (_("表"), self._table),
            (_("表头第"), self._first),
            (_("至"), self._last),
        )
        self._pairs: dict[QWidget, QWidget] = {}
        for words, widget in pairs:
            pair = self._pair(words, widget)
            self._pairs[widget] = pair
            flow.addWidget(pair)
        self._kind.activated.connect(lambda _row: self._ask(header=True, place=True))
        self._sheet.activated.connect(lambda _row: self._ask())
        self._table.activated.connect(lambda _row: self._ask(place=True))
        self._first.editingFinished.connect(self._header_edited)
        self._last.editingFinished.connect(self._header_edited)

    def show_plan(self, plan: Plan) -> None:
        """Show what a plan takes."""
        self._plan = None  # while it is filled nothing is asked
        self._kind.setCurrentIndex(tuple(ImportKind).index(plan.kind))
        self._sheets = plan.sheets
        hidden = {sheet.name for sheet in plan.workbook.sheets if sheet.hidden}
        self._sheet.clear()
        self._sheet.addItems(
            [_("{sheet}（隐藏的）").format(sheet=name) if name in hidden else name for name in self._sheets]
        )
        self._sheet.setCurrentIndex(self._sheets.index(plan.table.sheet))
        self._sheet.setEnabled(len(self._sheets) > 1)
        self._table.clear()
        self._table.addItems(list(plan.table_titles))
        self._table.setCurrentIndex(plan.place)
        self._pairs[self._table].setVisible(len(plan.tables) > 1)
        self._first.setValue(plan.table.header[0])
        self._last.setValue(plan.table.header[1])
        self._plan = plan

    def _pair(self, words: str, widget: QWidget) -> QWidget:
        pair = QWidget(self)
        label = QLabel(words, pair)
        label.setProperty("look", "field")
        label.setBuddy(widget)
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addWidget(widget)
        return pair

    def _spin(self, name: str, words: str) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setObjectName(name)
        spin.setAccessibleName(words)
        spin.setRange(1, 9_999)
        spin.setMinimumHeight(self._look.pixels(30))
        spin.setSuffix(_(" 行"))
        return spin

    @property
    def _header(self) -> tuple[int, int]:
        return self._first.value(), max(self._first.value(), self._last.value())

    def _header_edited(self) -> None:
        if self._plan is not None and self._header != self._plan.table.header:
            self._ask(header=True)

    def _ask(self, *, header: bool = False, place: bool = False) -> None:
        plan = self._plan
        if plan is None:
            return
        kind = tuple(ImportKind)[self._kind.currentIndex()]
        sheet = self._sheets[self._sheet.currentIndex()]
        moved = self._header != plan.table.header
        table = self._table.currentIndex() if place and len(plan.tables) > 1 else None
        # Another kind looks at the same table; header rows that nobody touched are found again with it.
        self.wanted.emit(kind, sheet, self._header if header and (moved or table is None) else None, table)
