"""Beside the map: the record that was chosen, and the lists of what lies nowhere yet and what was drawn."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from stationdesk.core.fields import Place, text_of
from stationdesk.core.masks import mask_name
from stationdesk.core.messages import _
from stationdesk.core.vocab import ResourceStatus
from stationdesk.db.models import RECORD_TITLES, RECORDS, fields_of
from stationdesk.services.listing import Page, Query
from stationdesk.services.mapping import Listed
from stationdesk.services.places import LOCATED
from stationdesk.services.resources import lacking
from stationdesk.ui.desk import Desk
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.photos import PhotoGallery
from stationdesk.ui.tables import RecordSource, RecordTable
from stationdesk.ui.words import masked_words

_MOST_LINES = 8
_COLUMNS = 3


def lines_of(record: str, page: Page) -> tuple[tuple[str, str], ...]:
    """What a popup says of a record: label and words, masked; empty fields are left out."""
    if not page.rows:
        return ()
    values = page.rows[0].values
    told = fields_of(RECORDS[record], Place.POPUP)
    lines = ((each, masked_words(each, values.get(each.key), page.book)) for each in told)
    draft: tuple[tuple[str, str], ...] = ()
    if is_draft(record, page):
        wanting = "、".join(lacking(values))
        told_lacking = _("还差 {fields}").format(fields=wanting) if wanting else _("该填的都填了")
        draft = ((_("草稿，待补充"), told_lacking),)
    return draft + tuple(
        (_(each.label), f"{words} {_(each.spec.unit)}" if each.spec.unit else words)
        for each, words in lines
        if words
    )


def is_draft(record: str, page: Page) -> bool:
    """Whether a record is no more than a draft."""
    return record == "resource" and page.rows[0].values.get("status") is ResourceStatus.DRAFT


def title_of(record: str, page: Page) -> str:
    """What a record is called beside the map; a household under the masked name of its head."""
    row = page.rows[0]
    told = [each for each in fields_of(RECORDS[record]) if each.key in RECORDS[record].__title__]
    texts = [text_of(each, row.values.get(each.key), page.book) for each in told]
    if row.values.get("head"):
        texts.append(mask_name(str(row.values["head"])))
    return " ".join(text for text in texts if text)


def can_mend(record: str, page: Page) -> tuple[bool, bool]:
    """Whether the shape of a record can be mended, and whether it is a line that can be continued."""
    column = {"feature": "geometry", "village_group": "boundary"}.get(record, "")
    geometry = str(page.rows[0].values.get(column) or "") if column else ""
    shape = str(json.loads(geometry)["type"]) if geometry else ""
    return shape in {"Point", "LineString", "Polygon"}, shape == "LineString"


class ChosenCard(QFrame):
    """The record that was chosen on the map or elsewhere, and what can be done with it here."""

    open_wanted = Signal()
    place_wanted = Signal()
    type_wanted = Signal()
    reshape_wanted = Signal()
    extend_wanted = Signal()
    rename_wanted = Signal()
    remove_wanted = Signal()
    photos_wanted = Signal(str, str, str)
    """Show a photo large: (record, key, key of the photo)."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("map_chosen")
        self.setProperty("look", "card")
        self._title = QLabel(self)
        self._title.setObjectName("map_chosen_title")
        self._title.setProperty("look", "heading")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._kind = QLabel(self)
        self._kind.setProperty("look", "muted")
        self._remark = QLabel(self)
        self._remark.setObjectName("map_chosen_remark")
        self._remark.setWordWrap(True)
        self._remark.setProperty("look", "muted")
        self._lines = QFormLayout()
        self._lines.setHorizontalSpacing(12)
        self._lines.setVerticalSpacing(4)
        self._lines.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        buttons = QWidget(self)
        flow = FlowLayout(buttons, 8)
        self.place = self._button(_("移动位置"), "arrows-move", "map_place", flow, self.place_wanted)
        self.type = self._button(_("填坐标"), "keyboard", "map_type", flow, self.type_wanted)
        self.rename = self._button(_("改名"), "pencil", "map_rename", flow, self.rename_wanted)
        self.reshape = self._button(_("改形状"), "edit", "map_reshape", flow, self.reshape_wanted)
        self.extend = self._button(_("接着画"), "plus", "map_extend", flow, self.extend_wanted)
        self.remove = self._button(_("删除"), "trash", "map_remove", flow, self.remove_wanted)
        self.open = self._button(_("打开"), "external-link", "map_open", flow, self.open_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        for widget in (self._title, self._kind, self._remark):
            column.addWidget(widget)
        self.photos = PhotoGallery("map_photos", desk, self, strip=True)
        self.photos.wanted.connect(self.photos_wanted)
        self.photos.counted.connect(lambda count: self.photos.setVisible(count > 0))
        column.addWidget(buttons)  # above the lines, so that they stand still from record to record
        column.addLayout(self._lines)
        column.addWidget(self.photos)
        self.show_nothing()

    def show_record(self, record: str, title: str, page: Page, *, placed: bool, private: bool) -> None:
        """Show a record; `private` says that it has a place and is kept off the map by rule."""
        self._clear()
        self._title.setText(title)
        self._title.setProperty("look", "heading")
        self._title.style().unpolish(self._title)
        self._title.style().polish(self._title)
        self._kind.setText(_(RECORD_TITLES[record]))
        self._kind.show()
        for label, words in lines_of(record, page)[:_MOST_LINES]:
            name = QLabel(label, self)
            name.setProperty("look", "field")
            value = QLabel(words, self)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._lines.addRow(name, value)
        if self.photos.shown != (record, page.rows[0].key):
            self.photos.hide()
        self.photos.show_for(record, page.rows[0].key)
        located = record in LOCATED
        remark = _("草稿，待补充：点“打开”补全，再设为有效。") if is_draft(record, page) else ""
        if private:
            remark = _("按规定不上图：位置只在档案里看。")
        elif located and not placed:
            remark += _("还没有位置。点“放到地图上”，再在地图上点一下。")
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))
        words = _("移动位置") if placed else _("放到地图上")
        self.place.setText(words)
        self.place.setAccessibleName(words)
        self.place.setVisible(located and not private)
        self.type.setVisible(located and not private)
        mendable, is_line = can_mend(record, page)
        drawn = record == "feature" or (
            record == "village_group" and bool(page.rows[0].values.get("boundary"))
        )
        self.rename.setVisible(drawn)
        self.reshape.setVisible(mendable)
        self.extend.setVisible(is_line)
        self.remove.setVisible(drawn)
        words = _("删除") if record == "feature" else _("删除范围")
        self.remove.setText(words)
        self.remove.setAccessibleName(words)
        self.open.setText(_("编辑") if record == "feature" else _("打开"))
        self.open.setVisible(record != "station")
        self._fill(self.place, primary=located and not placed and not private)
        self._fill(self.open, primary=placed or not located or private)

    def show_nothing(self) -> None:
        """Say what to do when nothing is chosen."""
        self._clear()
        self._title.setText(_("在地图上点一个标记，看它是什么。"))
        self._title.setProperty("look", "muted")
        self._title.style().unpolish(self._title)
        self._title.style().polish(self._title)
        self._kind.hide()
        self._remark.hide()
        self.photos.hide()
        buttons = (self.place, self.type, self.rename, self.reshape, self.extend, self.remove, self.open)
        for button in buttons:
            button.hide()

    def _clear(self) -> None:
        while self._lines.rowCount():
            self._lines.removeRow(0)

    def _button(
        self, words: str, icon: str, name: str, flow: FlowLayout, told: SignalInstance
    ) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        self._desk.look.set_icon(button, icon)
        button.clicked.connect(lambda _on: told.emit())
        flow.addWidget(button)
        return button

    def _fill(self, button: QPushButton, *, primary: bool) -> None:
        button.setProperty("look", "primary" if primary else "")
        self._desk.look.set_icon(
            button, str(button.property("icon_name")), "on_accent" if primary else "text"
        )
        button.style().unpolish(button)
        button.style().polish(button)


class MapLists(QFrame):
    """One list at a time: what has no place yet, the villages, their groups, the drawings."""

    chosen = Signal(str, str)
    """A row was chosen: record, key."""
    opened = Signal(str, str)
    new_wanted = Signal(str)
    """Begin a new village or group."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._listed: tuple[Listed, ...] = ()
        self._tables: dict[str, RecordTable] = {}
        self.setObjectName("map_lists")
        self.setProperty("look", "card")
        self._which = Combo(desk.look, self)
        self._which.setObjectName("map_list")
        self._which.setAccessibleName(_("列表"))
        self._which.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._which.activated.connect(lambda _row: self._show_chosen())
        self._new = QPushButton(self)
        self._new.setObjectName("map_new")
        desk.look.set_icon(self._new, "plus")
        self._new.clicked.connect(lambda _on: self._begin())
        self._stack = QStackedWidget(self)
        head = QHBoxLayout()
        head.setContentsMargins(10, 8, 10, 0)
        head.addWidget(self._which, 1)
        head.addWidget(self._new)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def show_lists(self, missing: Sequence[Listed], ground: Sequence[Listed]) -> None:
        """Show the counts; the list that is open is read again."""
        before = self._which.currentIndex()
        self._listed = (*missing, *ground)
        self._which.clear()
        for each in missing:
            self._which.addItem(_("没有位置的{kind} {count:,}").format(kind=each.title, count=each.count))
        for each in ground:
            self._which.addItem(f"{each.title} {each.count:,}")
        first = next((place for place, each in enumerate(missing) if each.count), len(missing))
        self._which.setCurrentIndex(before if before >= 0 else first)
        self._show_chosen()

    def show_query(self, query: Query) -> None:
        """Show the rows of a query over villages, groups or drawings."""
        for place, each in enumerate(self._listed):
            if each.record == query.record and not each.query.filters:
                self._which.setCurrentIndex(place)
        self._table(query.record).show_query(query)

    def _show_chosen(self) -> None:
        if not self._listed:
            return
        listed = self._listed[max(self._which.currentIndex(), 0)]
        table = self._table(listed.record)
        own = listed.record in ("village", "village_group") and not listed.query.filters
        words = _("新村居") if listed.record == "village" else _("新村民组")
        self._new.setVisible(own)
        self._new.setText(words)
        self._new.setAccessibleName(words)
        table.set_empty(_("都有位置了。") if listed.query.filters else _("还没有。"))
        table.show_query(listed.query)

    def _table(self, record: str) -> RecordTable:
        if record not in self._tables:
            fields = fields_of(RECORDS[record], Place.TABLE)
            table = RecordTable(
                f"map_{record}", fields[:_COLUMNS], RecordSource(record), self._desk, parent=self
            )
            table.setProperty("look", "inner")
            table.current_changed.connect(lambda key: self._tell(record, key))
            # The current row can be asked for again, after something else was looked at on the map.
            table.view.clicked.connect(lambda _index: self._tell(record, table.current_key))
            table.opened.connect(lambda key: self.opened.emit(record, key))
            self._tables[record] = table
            self._stack.addWidget(table)
        self._stack.setCurrentWidget(self._tables[record])
        return self._tables[record]

    def _tell(self, record: str, key: str) -> None:
        if key and self._tables[record].isVisible():
            self.chosen.emit(record, key)

    def _begin(self) -> None:
        if self._listed:
            self.new_wanted.emit(self._listed[max(self._which.currentIndex(), 0)].record)
