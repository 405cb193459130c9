"""Every place of a form that waits for something, as a list: what the form calls it, and what comes there."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from stationdesk.core.messages import _
from stationdesk.services.templates.showing import (
    CONSTANT,
    LEAVE,
    CellRule,
    ColumnRule,
    FormKind,
    Rule,
    Sources,
    Template,
    column_letters,
    with_cell,
    with_column,
)
from stationdesk.ui.tables.delegate import CellDelegate
from stationdesk.ui.theme import Look
from stationdesk.ui.words import tip

SURE = 0.85
"""From this confidence on a guess needs no second look."""


@dataclass(frozen=True, slots=True)
class FormPlace:
    """One place of a template: a column of its table, or a cell, or one gap in the text of a cell."""

    told: ColumnRule | CellRule

    @property
    def is_column(self) -> bool:
        """Whether it is a column of the table."""
        return isinstance(self.told, ColumnRule)

    @property
    def rule(self) -> Rule:
        """What comes there."""
        return self.told.rule

    @property
    def where(self) -> str:
        """As the office program calls it: C 列, or B3."""
        if isinstance(self.told, ColumnRule):
            return _("{letter} 列").format(letter=column_letters(self.told.column))
        return self.told.cell if self.told.gap is None else f"{self.told.cell}·{self.told.gap + 1}"

    def changed_in(self, template: Template, rule: Rule) -> Template:
        """The template with another rule here."""
        if isinstance(self.told, ColumnRule):
            return with_column(template, self.told.column, rule)
        return with_cell(template, self.told.cell, rule, self.told.gap)


def places_of(template: Template) -> tuple[FormPlace, ...]:
    """The places of a template; in a list its columns come first, since they are what the form is about."""
    columns, cells = map(FormPlace, template.columns), map(FormPlace, template.cells)
    return (*columns, *cells) if template.kind is FormKind.LIST else (*cells, *columns)


def words_of(rule: Rule, sources: Sources) -> str:
    """What comes into a place, in words; empty where nothing does."""
    if rule.source == LEAVE:
        return ""
    if rule.source == CONSTANT:
        return _("固定：{text}").format(text=rule.text)
    source = sources.get(rule.source)
    if source is None:
        return _("（没有这一项了）")
    return _(source.label)


class PlaceTable(QTableWidget):
    """The list of places; a chosen row tells which."""

    pointed = Signal(int)
    """The number, from 0, of the place."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self._telling = True
        self.setObjectName("form_places")
        self.setAccessibleName(_("表上要填的地方"))
        self.setHorizontalHeaderLabels([_("位置"), _("表上写的"), _("填什么"), _("把握")])
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(look.pixels(30))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setItemDelegate(CellDelegate(look, self))
        across = self.horizontalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 70), (3, 86)):
            across.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, look.pixels(width))
        self.currentCellChanged.connect(lambda row, _column, _old, _oldc: self._tell(row))

    def show_places(self, template: Template, sources: Sources) -> None:
        """Show the places of a template; the row that was chosen stays chosen."""
        self._telling = False
        chosen = self.currentRow()
        places = places_of(template)
        self.setRowCount(len(places))
        for row, place in enumerate(places):
            words = (place.where, place.told.label, words_of(place.rule, sources), _certainty(place))
            for column, text in enumerate(words):
                item = QTableWidgetItem(text.replace("\n", " "))
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(tip(place.told.why or text))
                self.setItem(row, column, item)
        if 0 <= chosen < len(places):
            self.selectRow(chosen)
        self._telling = True

    def point_at(self, number: int) -> None:
        """Choose a row without telling anybody."""
        self._telling = False
        self.selectRow(number)
        item = self.item(number, 0)
        if item is not None:
            self.scrollToItem(item)
        self._telling = True

    def _tell(self, row: int) -> None:
        if self._telling and row >= 0:
            self.pointed.emit(row)


def _certainty(place: FormPlace) -> str:
    if place.rule.source == LEAVE:
        return _("留空") if place.told.confidence >= SURE else _("没看出来")
    return _("有把握") if place.told.confidence >= SURE else _("请核对")
