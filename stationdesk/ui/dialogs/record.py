"""The form of one record in a window of its own, for kinds that have no library: villages, groups, drawings."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.fields import Key, Place, Values, text_of
from stationdesk.core.messages import _
from stationdesk.db.models import RECORD_TITLES, RECORDS, fields_of
from stationdesk.services import records
from stationdesk.services.listing import Page, page_of
from stationdesk.services.store import Store
from stationdesk.ui.forms import Kit, RecordForm


class RecordDialog(QDialog):
    """Shows or begins a record; it closes when it is saved, and asks before something typed is lost."""

    def __init__(self, record: str, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.record = record
        self._kit = kit
        self._leaving = False
        title = _(RECORD_TITLES[record])
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName(f"{record}_dialog")
        self.setWindowTitle(title)
        self.resize(kit.look.pixels(660), kit.look.pixels(540))
        self.form = RecordForm(record, fields_of(RECORDS[record], Place.FORM), kit, records.save, self)
        self.form.saved.connect(lambda _changes: self.accept())
        self.form.left.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.form)

    def show_record(self, key: Key) -> None:
        """Read and show a record."""
        self._kit.desk.read(page_of, self.record, key, then=self._show)

    def begin(self, values: Values) -> None:
        """Begin a new record with these values."""

        def blank(store: Store) -> Values:
            return {**records.blank_of(store, self.record), **values}

        self._kit.desk.read(blank, then=self._begin, owner=self)

    def _begin(self, values: Values) -> None:
        self.form.show_new(values)
        self.form.head.say(_("新增{record}").format(record=_(RECORD_TITLES[self.record])))

    def _show(self, page: Page) -> None:
        if not page.rows:
            self.reject()
            return
        row = page.rows[0]
        self.form.show_record(row.key, row.values)
        named = [
            each for each in fields_of(RECORDS[self.record]) if each.key in RECORDS[self.record].__title__
        ]
        texts = (text_of(each, row.values.get(each.key), page.book) for each in named)
        self.form.head.say(" ".join(text for text in texts if text))

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self.form.unsaved and not self._leaving:
            event.ignore()
            self.form.ask_to_leave(self._leave)
            return
        super().closeEvent(event)

    @override
    def reject(self) -> None:
        self.form.ask_to_leave(self._leave)

    def _leave(self) -> None:
        self._leaving = True
        super().reject()
