"""The second page of an import: what each column holds, as guessed and corrected; in which datum places are."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Value
from stationdesk.core.messages import _
from stationdesk.core.vocab import Datum, Dimension, MapClass
from stationdesk.db.models import RECORD_TITLES
from stationdesk.services.imports import SURELY, ImportKind, Plan
from stationdesk.ui.dialogs.import_choices import TableChoices, combo
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.tables.delegate import CellDelegate
from stationdesk.ui.theme import Look
from stationdesk.ui.words import tip

_SAMPLES = 3
_LONGEST = 40
_NOTES = 2
"""Sentences on how the table was read that stand above it; all of them are in its tooltip."""


class ColumnsPage(QWidget):
    """Shows a plan and keeps it as the worker corrects it."""

    another_wanted = Signal(object, object, object, object)
    """Another kind, sheet name, header (first, last), or table of the sheet: propose anew."""
    plan_changed = Signal()
    forget_wanted = Signal()
    """The worker wants the program to guess, and not to take the columns as the last time."""

    def __init__(self, look: Look, parent: QWidget | None = None, *, comparing: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("import_columns_page")
        self._comparing = comparing
        self._look = look
        self.plan: Plan | None = None
        self._combos: list[Combo] = []
        self._twice = ""
        self._fields: tuple[Field, ...] = ()
        self.problem = Bar(look, self, "import_columns_problem")
        self.problem.hide()
        self._lead = QLabel(self)
        self._lead.setObjectName("import_columns_lead")
        self._lead.setWordWrap(True)
        self._lead.setTextFormat(Qt.TextFormat.PlainText)
        self._lead.setProperty("look", "muted")
        self._suspected: tuple[str, Datum] | None = None
        self._convert = self.problem.add_button("", "import_convert")
        self._convert.clicked.connect(lambda _on: self._take_suspected())
        self._convert.hide()
        self.memory = Bar(look, self, "import_memory")
        self.memory.add_button(_("不按上次，重新猜"), "import_forget").clicked.connect(
            lambda _on: self.forget_wanted.emit()
        )
        self.memory.hide()
        self.table = QTableWidget(0, 4, self)
        self._build_table()
        self._choices = TableChoices(look, self)
        self._choices.wanted.connect(self.another_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._choices)
        column.addWidget(self._lead)
        column.addWidget(self.memory)
        column.addWidget(self.table, 1)
        column.addWidget(self.problem)
        column.addWidget(self._more())

    # What is chosen

    @property
    def datum(self) -> Datum | None:
        """The datum the worker said; None where it was not said or is not asked."""
        if self.plan is None or not self.plan.asks_datum:
            return None
        chosen = self._datum.currentIndex()
        return tuple(Datum)[chosen - 1] if chosen > 0 else None

    @property
    def is_complete(self) -> bool:
        """Whether a dry run can begin."""
        if self.plan is None or self.plan.missing or self._twice:
            return False
        return self.datum is not None or not self.plan.asks_datum

    def show_plan(self, plan: Plan) -> None:
        """Show a proposal."""
        self.plan = plan
        self._twice = ""
        self._choices.show_plan(plan)
        self._suspected = None
        datum = plan.proposed_datum
        self._datum.setCurrentIndex(0 if datum is None else 1 + tuple(Datum).index(datum))
        self._show_defaults(plan)
        self._show_memory(plan)
        left = len(plan.table.left_out)
        words = _("“{file}”：{rows:,} 行记录，{columns} 列。").format(
            file=plan.file.name, rows=len(plan.table.rows), columns=len(plan.table.columns)
        )
        if left:
            words += _("另有 {count} 行不是记录，不导入（标题、合计、说明）。").format(count=left)
        words += "".join(plan.table.notes[:_NOTES])
        self._lead.setText(words)
        lines = (
            _("第 {number} 行：{why}：{text}").format(
                number=each.number, why=each.why, text=each.text[:_LONGEST]
            )
            for each in plan.table.left_out[:20]
        )
        self._lead.setToolTip(tip("\n".join((*plan.workbook.notes, *plan.table.notes, *lines))))
        self._fill_table(plan)
        self._follow()

    def suspect(self, words: str, datum: Datum) -> None:
        """Say that the places seem to be in another datum than told, and offer to take them as that."""
        self._suspected = (words, datum)
        self._convert.setText(_("按 {datum} 换算").format(datum=_(datum.label)))
        self._convert.setAccessibleName(self._convert.text())
        self._follow()

    def _take_suspected(self) -> None:
        if self._suspected is not None:
            self._datum.setCurrentIndex(1 + tuple(Datum).index(self._suspected[1]))
            self._follow()

    def _show_memory(self, plan: Plan) -> None:
        kept = plan.remembered
        self.memory.setVisible(kept is not None)
        if kept is not None:
            words = _("这种表 {when} 导入过（{file}），各列按上次这样对应。").format(
                when=kept.used_on, file=kept.file_name
            )
            self.memory.say(words, Weight.PLAIN)

    def _show_defaults(self, plan: Plan) -> None:
        legend, dimension = (plan.defaults.get(f"resource.{name}") for name in ("map_class", "dimension"))
        self._class.setCurrentIndex(0 if legend is None else 1 + tuple(MapClass).index(legend))
        self._dimension.setCurrentIndex(0 if dimension is None else 1 + tuple(Dimension).index(dimension))

    # Building

    def _more(self) -> QWidget:
        box = QFrame(self)
        flow = FlowLayout(box, 10)
        self._datum = combo(self._look, self, "import_datum", _("坐标系"))
        self._datum.addItem(_("请选择"))
        self._datum.addItems([_(each.label) for each in Datum])
        self._datum.activated.connect(lambda _row: self._follow())
        self._class = combo(self._look, self, "import_class", _("图例类别"))
        self._class.addItem(_("自动"))
        self._class.addItems([f"{each.letter} {_(each.label)}" for each in MapClass])
        self._dimension = combo(self._look, self, "import_dimension", _("维度"))
        self._dimension.addItem(_("自动"))
        self._dimension.addItems([_(each.label) for each in Dimension])
        for each in (self._class, self._dimension):
            each.activated.connect(lambda _row: self._set_defaults())
        self._asked: dict[str, QWidget] = {}
        for name, words, widget in (
            ("datum", _("坐标是哪种（选错会偏几百米）"), self._datum),
            ("class", _("看不出类别的，记为"), self._class),
            ("dimension", _("看不出维度的，记为"), self._dimension),
        ):
            pair = QWidget(box)
            row = QHBoxLayout(pair)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(6)
            label = QLabel(words, pair)
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget)
            flow.addWidget(pair)
            self._asked[name] = pair
        return box

    def _build_table(self) -> None:
        table = self.table
        table.setObjectName("import_columns")
        table.setAccessibleName(_("各列的含义"))
        meant = _("比对哪一项") if self._comparing else _("导入到")
        table.setHorizontalHeaderLabels([_("文件里的列"), _("前几行"), meant, _("把握")])
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setItemDelegate(CellDelegate(self._look, table))
        table.verticalHeader().setDefaultSectionSize(self._look.pixels(42))
        across = table.horizontalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setSectionResizeMode(2, QHeaderView.ResizeMode.Fixed)
        across.setSectionResizeMode(3, QHeaderView.ResizeMode.Fixed)
        table.setColumnWidth(2, self._look.pixels(230))
        table.setColumnWidth(3, self._look.pixels(110))

    # The table

    def _fill_table(self, plan: Plan) -> None:
        self._fields = plan.targets
        for former in self._combos:
            former.hide()  # it goes when the window has time for it
        self._combos = []
        self.table.setRowCount(len(plan.table.columns))
        titles = {record: _(RECORD_TITLES[record]) for record in {each.record for each in self._fields}}
        own = plan.kind.record
        for place, column in enumerate(plan.table.columns):
            samples = [str(cell) for cell in plan.table.cells(place) if cell is not None][:_SAMPLES]
            shown = " / ".join(sample[:_LONGEST] for sample in samples)
            named = f"{column.letter}  {column.label}" if column.path else column.label
            for at, words in ((0, named), (1, shown)):
                item = _item(words.replace("\n", " "))
                item.setToolTip(tip(words))
                self.table.setItem(place, at, item)
            words = _("“{column}”导入到").format(column=column.label)
            chosen = combo(self._look, self, f"import_column_{place}", words)
            chosen.addItem(_("（不比对）") if self._comparing else _("（不导入）"))
            for field in self._fields:
                label = _(field.label)
                chosen.addItem(label if field.record == own else f"{titles[field.record]} · {label}")
            chosen.setCurrentIndex(self._place_of(plan.mapping[place]))
            chosen.activated.connect(lambda _row: self._remap())
            holder = QWidget(self.table)
            row = QHBoxLayout(holder)
            row.setContentsMargins(4, 2, 4, 2)
            row.addWidget(chosen)
            self.table.setItem(place, 2, _item(""))
            self.table.setCellWidget(place, 2, holder)
            self.table.setItem(place, 3, _item(self._certainty(plan, place)))
            self._combos.append(chosen)

    def _place_of(self, name: str | None) -> int:
        return next((at for at, each in enumerate(self._fields, 1) if each.name == name), 0)

    def _certainty(self, plan: Plan, place: int) -> str:
        if plan.remembered is not None and plan.mapping[place] == plan.remembered.mapping[place]:
            return _("上次这样") if plan.mapping[place] is not None else _("上次没有导入")
        guess = plan.guesses[place]
        name = guess.field.name if guess.field is not None else None
        if plan.mapping[place] != name:
            return _("您指定的")
        if name is None:
            return _("没看出来")
        return _("有把握") if guess.confidence >= SURELY else _("请核对")

    def _remap(self) -> None:
        if self.plan is None:
            return
        mapping = [
            self._fields[each.currentIndex() - 1].name if each.currentIndex() > 0 else None
            for each in self._combos
        ]
        try:
            self.plan = self.plan.mapped(*mapping)
        except UserError as error:
            # It stays as chosen: who walks through a list with the arrow keys passes what is taken elsewhere.
            self._twice = str(error)
        else:
            self._twice = ""
            for at in range(len(self._combos)):
                item = self.table.item(at, 3)
                if item is not None:
                    item.setText(self._certainty(self.plan, at))
        self._follow()

    # What follows

    def _set_defaults(self) -> None:
        if self.plan is None:
            return
        defaults: dict[str, Value] = {}
        if self._class.currentIndex() > 0:
            defaults["resource.map_class"] = tuple(MapClass)[self._class.currentIndex() - 1]
        if self._dimension.currentIndex() > 0:
            defaults["resource.dimension"] = tuple(Dimension)[self._dimension.currentIndex() - 1]
        self._take_defaults(defaults)

    def _take_defaults(self, defaults: Mapping[str, Value]) -> None:
        if self.plan is not None:
            self.plan = self.plan.with_defaults(defaults)
            self._follow()

    def _follow(self) -> None:
        plan = self.plan
        if plan is None:
            return
        self._asked["datum"].setVisible(plan.asks_datum)
        for name in ("class", "dimension"):
            self._asked[name].setVisible(plan.kind is ImportKind.RESOURCES and not self._comparing)
        if self._twice:
            self.problem.say(self._twice, Weight.WARN)
        elif plan.missing:
            wanted = _("”或“").join(_(field.label) for field in plan.missing[0])
            self.problem.say(_("还要指定哪一列是“{fields}”。").format(fields=wanted), Weight.WARN)
        elif plan.asks_datum and self._suspected is not None and self.datum is not self._suspected[1]:
            self.problem.say(self._suspected[0], Weight.WARN)
        elif plan.asks_datum and self.datum is None:
            self.problem.say(
                _(
                    "文件里有坐标：请在下面选它是哪种。高德、腾讯是 GCJ-02，百度是 BD-09，GPS、天地图是 WGS-84。"
                ),
                Weight.WARN,
            )
        else:
            self.problem.hide()
        suspected = self._suspected[0] if self._suspected is not None else ""
        self._convert.setVisible(bool(suspected) and self.problem.text == suspected)
        self.plan_changed.emit()


def _item(words: str) -> QTableWidgetItem:
    item = QTableWidgetItem(words)
    item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return item
