"""A list of records as a tab shows it: the view, how many there are, and what to do when there are none."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QMimeData, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from stationdesk.core.fields import Field, Key
from stationdesk.core.messages import _
from stationdesk.db.models import RECORDS
from stationdesk.services.listing import Page, Query
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.notices import Weight
from stationdesk.ui.tables.model import RowModel
from stationdesk.ui.tables.source import Source
from stationdesk.ui.tables.view import RowView

_MOST_COPIED = 20_000
MASKED_ROWS = "application/x-stationdesk-masked-rows"
"""Marks what was copied with names and numbers hidden: it must not come back as if it were whole."""
_FORMULA = ("=", "+", "-", "@", "\t")


class RecordTable(QFrame):
    """Shows a query. Sorting by a head changes the query; the rows are read page by page."""

    current_changed = Signal(str)
    """Another row is current, by key; empty when there is none."""
    opened = Signal(str)
    """Enter or a double click on a row, by key."""
    counted = Signal(int, int)
    """Rows in all, rows chosen."""
    query_changed = Signal(object)
    """The worker sorted; the new `Query`."""

    def __init__(
        self,
        name: str,
        fields: Sequence[Field],
        source: Source,
        desk: Desk,
        *,
        masked: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._source = source
        self.setObjectName(f"{name}_table")
        self.setProperty("look", "card")
        self.rows = RowModel(fields, source, desk, masked=masked, parent=self)
        self.view = RowView(self.rows, desk.look, f"{name}_list", self)
        self.view.setAccessibleName(_("列表"))
        self._count = QLabel(self)
        self._count.setObjectName(f"{name}_count")
        self._count.setProperty("look", "small")
        self._chosen = 0
        self._wanted = ""
        self._empty = _Empty(name, self.view.viewport())
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 5, 10, 6)
        foot.addWidget(self._count, 1)
        self.foot = foot
        column.addLayout(foot)
        self.view.current_changed.connect(self.current_changed)
        self.view.opened.connect(self.opened)
        self.view.sort_wanted.connect(self._sort)
        self.view.copy_wanted.connect(self.copy)
        self.view.selection_counted.connect(self._choose)
        self.rows.keys_came.connect(self._arrive)

    @property
    def query(self) -> Query:
        """What is shown."""
        return self.rows.query

    @property
    def current_key(self) -> str:
        """The key of the current row; empty when there is none."""
        return self.view.current_key

    def selected_keys(self) -> tuple[Key, ...]:
        """The keys of the chosen rows."""
        return self.view.selected_keys()

    def show_query(self, query: Query) -> None:
        """Show a query; chosen rows stay chosen where they are still in it."""
        self.rows.show(query)
        self._mark_sort()
        self._tell()

    def refresh(self) -> None:
        """Read the same query again."""
        self.rows.show(self.query)

    def select(self, key: str) -> None:
        """Make a row current, now or when the keys that are on their way have come."""
        if not self.view.select(key):
            self._wanted = key

    def set_empty(self, words: str, action: str = "", slot: Callable[[], object] | None = None) -> None:
        """What an empty list says, and the button that helps."""
        self._empty.say(words, action, slot)

    def copy(self) -> None:
        """Copy the chosen rows, as they are shown, for a spreadsheet; with the header where there are several."""
        chosen = self.selected_keys()
        keys = chosen[:_MOST_COPIED]
        if len(chosen) > len(keys):
            words = _("一次最多复制 {most:,} 行。要更多，请用“导出与打印”。")
            self._desk.notify(words.format(most=_MOST_COPIED), Weight.WARN)
        if keys:
            self._desk.change(
                _copied, self._source, self.query.record, keys, then=self._to_clipboard, owner=self
            )

    def _to_clipboard(self, copied: tuple[Page, int]) -> None:
        page, withheld = copied
        if withheld:
            words = _("{count} 行按规定限制查看，没有复制。").format(count=withheld)
            self._desk.notify(words, Weight.WARN)
        if not page.rows:
            return
        rows = [shown.texts for shown in self.rows.shown(page)]
        if len(rows) > 1:
            rows.insert(0, tuple(_(each.label) for each in self.rows.fields))
        content = QMimeData()
        content.setText("\n".join("\t".join(_plain_cell(text) for text in row) for row in rows))
        content.setHtml(_html_table(rows))
        if self.rows.hides_something:
            content.setData(MASKED_ROWS, QByteArray(b"1"))
        QApplication.clipboard().setMimeData(content)
        self._desk.notify(_("已复制 {count} 行，可粘贴到表格").format(count=len(page.rows)))

    def _sort(self, section: int) -> None:
        field = self.rows.fields[section]
        if not field.spec.ordered:
            self._desk.notify(_("“{field}”不能排序").format(field=_(field.label)))
            return
        old = self.query
        turned = old.order == field.key and not old.descending
        new = Query(old.record, old.text, old.filters, old.scope, field.key, turned)
        self.show_query(new)
        self.query_changed.emit(new)

    def _mark_sort(self) -> None:
        places = {each.key: place for place, each in enumerate(self.rows.fields)}
        self.view.head.mark(places.get(self.query.order, -1), descending=self.query.descending)

    def _arrive(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.view.select(wanted)
        self._tell()

    def _choose(self, count: int) -> None:
        self._chosen = count
        self._tell()

    def _tell(self) -> None:
        total = len(self.rows.keys)
        words = _("{total:,} 项").format(total=total)
        if self._chosen:
            words = _("{total:,} 项，已选 {chosen:,}").format(total=total, chosen=self._chosen)
        self._count.setText(words)
        self._empty.setVisible(not total and not self.rows.asking)
        self.counted.emit(total, self._chosen)


class _Empty(QWidget):
    """Lies over an empty list and says what to do."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = QLabel(_("这里还没有记录"), self)
        self._words.setObjectName(f"{name}_empty")
        self._words.setProperty("look", "empty")
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._button = QPushButton(self)
        self._button.setObjectName(f"{name}_empty_action")
        self._button.hide()
        self._slot: Callable[[], object] | None = None
        self._button.clicked.connect(self._act)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self._words)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        fill = QVBoxLayout(parent)
        fill.addWidget(self)
        self.hide()

    def _act(self) -> None:
        if self._slot is not None:
            self._slot()

    def say(self, words: str, action: str, slot: Callable[[], object] | None) -> None:
        """Set words and button."""
        self._words.setText(words)
        self._button.setText(action)
        self._button.setAccessibleName(action)
        self._button.setVisible(bool(action))
        self._slot = slot


def _copied(store: Store, source: Source, record: str, keys: Sequence[Key]) -> tuple[Page, int]:
    """The rows that may leave the program, and how many may not: whoever is restricted stands in no spreadsheet."""
    # Brings in what ledgers need, with the first copy.
    from stationdesk.services.withheld import allowed_keys, note_copied

    with store.reading() as session:
        allowed = allowed_keys(session, record, keys) if record in RECORDS else tuple(keys)
    page = source.rows_of(store, allowed)
    if record in RECORDS and allowed:
        note_copied(store, record, len(allowed))
    return page, len(keys) - len(allowed)


def _plain_cell(text: str) -> str:
    """A cell of tab-separated text; what a spreadsheet would take for a formula gets an apostrophe."""
    flat = text.replace("\t", " ").replace("\n", " ")
    number = flat.lstrip("+-").replace(".", "", 1).isdigit()
    return f"'{flat}" if flat.startswith(_FORMULA) and not number else flat


def _html_table(rows: Sequence[Sequence[str]]) -> str:
    """The rows for Excel and WPS, each cell marked as text, so that long numbers keep their tail."""
    cell = "<td style=\"mso-number-format:'\\@'\">"
    lines = ("".join(f"{cell}{html.escape(text)}</td>" for text in row) for row in rows)
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
