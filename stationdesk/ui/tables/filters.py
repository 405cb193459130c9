"""The bar above a list: chips with counts, combos, words, and one way to clear them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from itertools import takewhile

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.fields import Field, Value
from stationdesk.core.messages import _
from stationdesk.services.listing import Filter, Query, count_of, counts_by
from stationdesk.services.scopes import SCOPES
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.forms.choices import SearchCombo
from stationdesk.ui.forms.lookups import Option
from stationdesk.ui.tables.more import MoreFilters
from stationdesk.ui.tables.only import OnlyLine, described
from stationdesk.ui.tasks import Ticket
from stationdesk.ui.toggle import Toggle
from stationdesk.ui.words import text_of_one, without_remark

_PAUSE = 180
"""Milliseconds of rest after which typed words filter."""
_WORDS, _COMBO = 84, 100
"""Pixels at 11 points of the box for words and of a combo."""


class FilterBar(QWidget):
    """Builds a `Query` from what is chosen; the actions of the tab stand at its right end."""

    changed = Signal(object)
    """The new `Query`; its order is for the table to keep."""

    def __init__(self, record: str, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{record}_filters")
        self._record = record
        self._desk = desk
        self._chip_field: Field | None = None
        self._chips: dict[Value, QPushButton] = {}
        self._chosen: Value = None
        self._combos: dict[str, SearchCombo] = {}
        self._fixed: tuple[Filter, ...] = ()
        self._told = ""
        self._shown = Query(record)
        self._scope = ""
        self._ground = ""
        self._scopes: dict[str, QPushButton] = {}
        self._counting: Ticket | None = None
        self._counting_scopes: Ticket | None = None
        self._left = QWidget(self)
        self._flow = FlowLayout(self._left, 5)
        self._words = QLineEdit(self._left)
        self._words.setObjectName(f"{record}_filter_words")
        self._words.setAccessibleName(_("筛选"))
        self._words.setPlaceholderText(_("筛选"))
        self._words.setFixedWidth(desk.look.pixels(_WORDS))
        self._clear = QToolButton(self._left)
        self._clear.setObjectName(f"{record}_filter_clear")
        self._clear.setText(_("清除筛选"))
        self._clear.setAccessibleName(_("清除筛选"))
        self._clear.setToolTip(_("清除筛选"))
        desk.look.set_icon(self._clear, "filter-off", "muted")
        self._clear.clicked.connect(self.clear)
        self._more = MoreFilters(record, desk.look, self._left)
        self._flow.addWidget(self._more)
        self._flow.addWidget(self._words)
        self._flow.addWidget(self._clear)
        self._right = QHBoxLayout()
        self._right.setSpacing(8)
        self._only = OnlyLine(record, desk.look, self)
        self._only.left.connect(self.clear)
        self._arrange()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._tell)
        self._words.textChanged.connect(lambda _text: self._timer.start())
        self._show_clear()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._left, 1)
        row.addLayout(self._right)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self._only)

    def set_chips(self, field: Field) -> None:
        """A chip for each member of an enum field, and one for all."""
        if not issubclass(field.type, Enum):
            raise TypeError(f"{field.name} has no members for chips")
        self._chip_field = field
        words: dict[Value, str] = {
            None: _("全部"),
            **dict(zip(field.type, _short([_(text_of_one(member)) for member in field.type]), strict=True)),
        }
        for place, (value, label) in enumerate(words.items()):
            chip = self._chip(label, f"{field.name}.chip.{getattr(value, 'value', 'all')}")
            chip.setToolTip(_(text_of_one(value)) if value is not None else "")
            chip.setChecked(value is None)
            chip.clicked.connect(lambda _on, value=value: self.choose(value))
            self._chips[value] = chip
            self._flow.insert_widget(place, chip)

    def add_scope(self, scope: str) -> None:
        """A chip for one of the named scopes of the record; pressed again, it lets everything in."""
        label = _(SCOPES[self._record][scope].title)
        chip = self._chip(label, f"{self._record}.scope.{scope}")
        chip.clicked.connect(lambda _on: self.choose_scope("" if self._scope == scope else scope))
        self._scopes[scope] = chip
        self._flow.insert_widget(len(self._chips) + len(self._scopes) - 1, chip)

    def add_combo(self, name: str, words: str, options: Sequence[Option]) -> SearchCombo:
        """A combo over a field, or another filter that the listing knows by `name`.

        `words` stand in it when nothing is chosen.
        """
        combo = SearchCombo(self._desk.look, self._left)
        combo.setObjectName(f"{self._record}.filter.{name}")
        combo.setAccessibleName(words)
        combo.line.setPlaceholderText(words)
        combo.fill(options, optional=True, keep=None)
        combo.chosen.connect(self._choose_in_combo)
        self._combos[name] = combo
        self._put_back(combo)
        return combo

    def fill_combo(self, name: str, options: Sequence[Option]) -> None:
        """Give a combo fresh options, such as villages that were imported."""
        known, value = self._combos[name].choice()
        self._combos[name].fill(options, optional=True, keep=value if known else None)

    def add_action(
        self, text: str, icon: str, name: str, slot: Callable[[], object], *, primary: bool = False
    ) -> QPushButton:
        """A button at the right end."""
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        if primary:
            button.setProperty("look", "primary")
        self._desk.look.set_icon(button, icon, "on_accent" if primary else "text")
        button.clicked.connect(lambda _on: slot())
        self._right.addWidget(button)
        return button

    def query(self) -> Query:
        """What is chosen, without an order."""
        return Query(self._record, self._words.text().strip(), self._filters(), self._scope)

    def show_query(self, query: Query) -> None:
        """Show what was chosen elsewhere, such as the rows behind a figure.

        Filters without a widget are kept until they are cleared; a line below the bar tells of them.
        """
        self._told, self._shown = query.told, query
        self._words.blockSignals(True)
        self._words.setText(query.text)
        self._words.blockSignals(False)
        self._scope = query.scope or self._ground
        left: list[Filter] = []
        self._chosen = None
        for combo in self._combos.values():
            combo.choose(None)
        for each in query.filters:
            single = next(iter(each.values)) if len(each.values) == 1 else None
            if single is None or each.low is not None or each.high is not None:
                left.append(each)
            elif self._chip_field is not None and each.field == self._chip_field.key:
                self._chosen = single
            elif each.field in self._combos:
                self._combos[each.field].choose(single)
            else:
                left.append(each)
        self._fixed = tuple(left)
        self._mark()
        self._tell()

    def choose(self, value: Value) -> None:
        """Press a chip."""
        self._chosen = value
        self._mark()
        self._tell()

    def stay_in(self, scope: str) -> None:
        """Keep to a scope, also when the filters are cleared."""
        self._ground = scope
        self.choose_scope(scope)

    def choose_scope(self, scope: str) -> None:
        """Press the chip of a scope; an empty name lets everything in."""
        self._scope = scope
        self._mark()
        self._tell()

    def clear(self) -> None:
        """Take every filter away."""
        self.show_query(Query(self._record))

    def count(self) -> None:
        """Count the chips again, after something changed."""
        self._count_scopes()
        if self._chip_field is None:
            return
        if self._counting is not None:
            self._counting.drop()
        query = Query(self._record, self._words.text().strip(), self._filters(chips=False), self._scope)
        self._counting = self._desk.read(counts_by, query, self._chip_field.key, then=self._show_counts)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Keep to one line: combos that have no room go behind one button, the last ones first."""
        gap = self._flow.spacing()
        room = self.width() - self._right.sizeHint().width() - 8
        chips = (*self._chips.values(), *self._scopes.values())
        # The button that clears has its room also while it is hidden: nothing moves when it comes.
        always = sum(each.sizeHint().width() + gap for each in chips) + self._clear.sizeHint().width()
        always += self._desk.look.pixels(_WORDS) + gap
        one = self._desk.look.pixels(_COMBO) + gap
        combos = tuple(self._combos.values())
        count = len(combos)
        if always + count * one > room:
            more = self._more.sizeHint().width() + gap
            count = min(max((room - always - more) // one, 0), count - 1)
        held = combos[count:]
        if held == self._more.held:
            return
        for combo in combos[:count]:
            if combo in self._more.held:
                self._put_back(combo)
        for combo in held:
            self._flow.removeWidget(combo)
        self._more.hold(held)
        self._left.updateGeometry()

    def _put_back(self, combo: SearchCombo) -> None:
        combo.setParent(self._left)
        combo.setFixedWidth(self._desk.look.pixels(_COMBO))
        self._flow.insert_widget(self._flow.indexOf(self._more), combo)
        combo.show()

    def _filters(self, *, chips: bool = True) -> tuple[Filter, ...]:
        found = list(self._fixed)
        if chips and self._chip_field is not None and self._chosen is not None:
            found.append(Filter(self._chip_field.key, frozenset({self._chosen})))
        for name, combo in self._combos.items():
            known, value = combo.choice()
            if known and value is not None:
                found.append(Filter(name, frozenset({value})))
        return tuple(found)

    def _chip(self, label: str, name: str) -> QPushButton:
        chip = Toggle(label, self._left)
        chip.setObjectName(name)
        chip.setAccessibleName(label)
        chip.setProperty("look", "chip")
        chip.setProperty("words", label)
        return chip

    def _count_scopes(self) -> None:
        if not self._scopes:
            return
        if self._counting_scopes is not None:
            self._counting_scopes.drop()
        text, filters = self._words.text().strip(), self._filters()
        queries = {scope: Query(self._record, text, filters, scope) for scope in self._scopes}

        def read(store: Store) -> dict[str, int]:
            return {scope: count_of(store, query) for scope, query in queries.items()}

        self._counting_scopes = self._desk.read(read, then=self._show_scope_counts, owner=self)

    def _show_scope_counts(self, counts: dict[str, int]) -> None:
        for scope, count in counts.items():
            chip = self._scopes[scope]
            chip.setText(f"{chip.property('words')} {count:,}")
        self._left.updateGeometry()
        self._fit()

    def _choose_in_combo(self) -> None:
        combo = self.sender()
        if isinstance(combo, SearchCombo) and combo.choice()[0]:
            self._tell()

    def _tell(self) -> None:
        self._timer.stop()
        self._show_clear()
        self.changed.emit(self.query())
        self.count()

    def _mark(self) -> None:
        for value, chip in self._chips.items():
            chip.setChecked(value == self._chosen)
        for scope, chip in self._scopes.items():
            chip.setChecked(scope == self._scope)

    def _show_clear(self) -> None:
        query = self.query()
        self._more.tell()
        self._only.say(self._hidden(query))
        self._clear.setVisible(bool(query.text or query.filters or query.scope != self._ground))

    def _hidden(self, query: Query) -> str:
        """What keeps the list and is seen in no widget of the bar."""
        if self._told and not self._narrows(query):
            self._told = ""
        unseen = query.scope not in (self._ground, *self._scopes)
        return self._told or described(self._record, query.scope if unseen else "", self._fixed)

    def _narrows(self, query: Query) -> bool:
        """Whether all that was shown with `told` still holds."""
        wanted = self._shown
        return (
            query.text.startswith(wanted.text)
            and query.scope in (wanted.scope, wanted.scope or self._ground)
            and set(wanted.filters) <= set(query.filters)
        )

    def _show_counts(self, counts: dict[Value, int]) -> None:
        for value, chip in self._chips.items():
            count = sum(counts.values()) if value is None else counts.get(value, 0)
            chip.setText(f"{chip.property('words')} {count:,}")
        self._left.updateGeometry()
        self._fit()


def _short(labels: Sequence[str]) -> list[str]:
    """Labels as chips bear them: without remarks in brackets, and without an ending that all of them share."""
    bare = [without_remark(label) for label in labels]
    endings = zip(*(reversed(label) for label in bare), strict=False)
    shared = sum(1 for _letters in takewhile(lambda letters: len(set(letters)) == 1, endings))
    return [label[: len(label) - shared] or label for label in bare]
