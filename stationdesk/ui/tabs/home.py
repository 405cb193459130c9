"""工作台: today in figures that open their rows, what to do first, and what the month still lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.clock import Month
from stationdesk.core.fields import Field, Key, Place, Spec
from stationdesk.core.messages import _
from stationdesk.db.models import Need, fields_of
from stationdesk.services.beginning import Beginning, beginning_of
from stationdesk.services.home import Figure, Lack, Today, first_needs, next_steps, today_of
from stationdesk.services.listing import Page, Query, Row, rows_of
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.tables import RecordTable
from stationdesk.ui.tabs.beginning import BeginningPanel
from stationdesk.ui.tabs.proposal import client_of
from stationdesk.ui.theme import Role

_BACKUP_DAYS = 7
"""After so many days a backup is due."""
_ROLES = {"urgent": Role.BAD, "overdue": Role.WARN, "verify": Role.WARN, "unconfirmed": Role.WARN}
_COLUMNS = {"urgency": 6, "item": 9, "village": 7, "waiting": 4}
"""The columns of a need that are shown here, with their widths in characters."""


class FirstNeeds:
    """The urgent needs as rows, with whose they are and what can be done next."""

    def keys_of(self, store: Store, query: Query) -> tuple[Key, ...]:
        """The most urgent first, then the oldest."""
        del query
        return first_needs(store)

    def rows_of(self, store: Store, keys: Sequence[Key]) -> Page:
        """The needs with their next step in words."""
        page = rows_of(store, "need", keys)
        steps = next_steps(store, keys)
        rows = tuple(
            Row(
                row.record,
                row.key,
                {**row.values, "client": client_of(row, page), "step": steps[row.key].sentence},
            )
            for row in page.rows
        )
        return Page(rows, page.book)


def _columns() -> tuple[Field, ...]:
    told = {each.key: each for each in fields_of(Need, Place.TABLE)}
    shown = [
        replace(told[key], spec=replace(told[key].spec, width=width, ordered=False))
        for key, width in _COLUMNS.items()
    ]
    client = Field(
        "need", "client", str, optional=True, many=False, spec=Spec("服务对象", width=5), derived=True
    )
    step = Field("need", "step", str, optional=True, many=False, spec=Spec("下一步", width=12), derived=True)
    return (shown[0], client, *shown[1:], step)


class FigureTile(QPushButton):
    """One figure: the number, what it counts, a remark; pressing it opens its rows."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"figure_{key}")
        self.setProperty("look", "tile")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._role = _ROLES.get(key)
        self._number = self._label("figure")
        self._title = self._label("")
        self._note = self._label("small")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(1)
        for label in (self._number, self._title, self._note):
            column.addWidget(label)
        self.query: Query | None = None

    def show_figure(self, figure: Figure) -> None:
        """Show what was counted."""
        self.query = figure.query
        self._number.setText(figure.text)
        self._title.setText(figure.title)
        self._note.setText(figure.note or " ")
        role = self._role if self._role is not None and figure.count else None
        self._number.setProperty("role", role.value if role is not None else "")
        self._number.style().unpolish(self._number)
        self._number.style().polish(self._number)
        self.setAccessibleName(f"{figure.title} {figure.text}")
        self.setToolTip(_("点开看是哪些"))
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _label(self, look: str) -> QLabel:
        label = QLabel(" ", self)
        label.setProperty("look", look)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return label


class HomeTab(TabPage):
    """Today. Everything on it opens what it speaks of."""

    new_wanted = Signal(str)
    """Begin a new record of this kind in its tab."""
    match_wanted = Signal(str)
    """Find resources for this need, by key."""
    ledgers_wanted = Signal()
    handout_wanted = Signal()
    backup_wanted = Signal()
    step_wanted = Signal(object)
    """Take a `BeginningStep` of a new station."""
    beginning_dismissed = Signal()
    """The steps of a new station are not to be shown again."""

    records = frozenset(
        {
            "need",
            "match",
            "visit",
            "household",
            "person",
            "resource",
            "village",
            "person_category",
            "station",
            "worker",
        }
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, with_beginning: bool = True) -> None:
        super().__init__(desk, parent)
        self.setObjectName("home_tab")
        self._with_beginning = with_beginning
        self.beginning = BeginningPanel(desk.look, self)
        self.beginning.step_wanted.connect(self.step_wanted)
        self.beginning.dismissed.connect(self._dismiss)
        self._day: date | None = None
        self._title = QLabel(self)
        self._title.setObjectName("home_day")
        self._title.setProperty("look", "title")
        self._station = QLabel(self)
        self._station.setObjectName("home_station")
        self._station.setProperty("look", "muted")
        self._station.setTextFormat(Qt.TextFormat.PlainText)
        self.tiles: dict[str, FigureTile] = {}
        self._tile_row = QHBoxLayout()
        self._tile_row.setSpacing(12)
        self.table = RecordTable("first_needs", _columns(), FirstNeeds(), desk, parent=self)
        self.table.setProperty("look", "ground")
        self.table.view.setAccessibleName(_("先做这些"))
        self.table.set_empty(_("没有紧急未对接的需求。"))
        self.table.opened.connect(self.match_wanted)
        self._lacks = QVBoxLayout()
        self._lacks.setSpacing(2)
        self._backup = self._line("home_backup")
        self._backup.clicked.connect(self.backup_wanted)
        self._export = QPushButton(self)
        self._export.setObjectName("home_export")
        desk.look.set_icon(self._export, "file-spreadsheet")
        self._export.clicked.connect(self.ledgers_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(self.beginning)
        column.addLayout(self._tile_row)
        column.addLayout(self._lower(), 1)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._title)
        row.addWidget(self._station)
        row.addStretch(1)
        row.addWidget(self._handout_button())
        for words, icon, name, record, primary in (
            (_("记走访"), "walk", "home_new_visit", "visit", False),
            (_("登记需求"), "plus", "home_new_need", "need", True),
        ):
            button = QPushButton(words, self)
            button.setObjectName(name)
            button.setAccessibleName(words)
            if primary:
                button.setProperty("look", "primary")
            self.desk.look.set_icon(button, icon, "on_accent" if primary else "text")
            button.clicked.connect(partial(self.new_wanted.emit, record))
            row.addWidget(button)
        return row

    def _handout_button(self) -> QPushButton:
        button = QPushButton(_("发放地图"), self)
        button.setObjectName("home_handout")
        button.setAccessibleName(button.text())
        self.desk.look.set_icon(button, "map-2")
        button.clicked.connect(lambda _on: self.handout_wanted.emit())
        return button

    def _lower(self) -> QHBoxLayout:
        first = QFrame(self)
        first.setProperty("look", "card")
        inner = QVBoxLayout(first)
        inner.setContentsMargins(14, 10, 14, 4)
        inner.setSpacing(6)
        inner.addWidget(self._heading(_("先做这些"), first))
        inner.addWidget(self.table, 1)
        second = QFrame(self)
        second.setProperty("look", "card")
        second.setMinimumWidth(self.desk.look.pixels(300))
        side = QVBoxLayout(second)
        side.setContentsMargins(14, 10, 14, 14)
        side.setSpacing(4)
        side.addWidget(self._heading(_("本月还差什么"), second))
        side.addWidget(self._room_for_lacks(second), 1)
        side.addWidget(self._export)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(first, 1)
        row.addWidget(second)
        return row

    def _room_for_lacks(self, parent: QWidget) -> QScrollArea:
        """What is wanting; on a small screen it scrolls, and the figures above it keep their height."""
        inside = QWidget(parent)
        inside.setProperty("look", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._lacks)
        column.addWidget(self._backup)
        column.addStretch(1)
        room = QScrollArea(parent)
        room.setObjectName("home_lacks")
        room.setAccessibleName(_("本月还差什么"))
        room.setFrameShape(QFrame.Shape.NoFrame)
        room.setWidgetResizable(True)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        room.setWidget(inside)
        return room

    def _heading(self, words: str, parent: QWidget) -> QLabel:
        label = QLabel(words, parent)
        label.setProperty("look", "heading")
        return label

    def _line(self, name: str) -> QPushButton:
        line = QPushButton(self)
        line.setObjectName(name)
        line.setProperty("look", "line")
        return line

    # What it shows

    @override
    def wants(self, changes: ChangeSet) -> bool:
        return bool(self.records & changes.records)

    @override
    def fetch(self) -> None:
        self.desk.read(today_of, then=self._show)
        self.table.show_query(Query("need", scope="urgent"))
        if self._with_beginning:
            self.desk.read(beginning_of, then=self._show_beginning)

    def _show_beginning(self, beginning: Beginning) -> None:
        self.beginning.show_beginning(beginning)
        self.beginning.setVisible(self._with_beginning and not beginning.is_over)

    def _dismiss(self) -> None:
        self._with_beginning = False
        self.beginning.hide()
        self.beginning_dismissed.emit()

    def _show(self, today: Today) -> None:
        self._day = today.day
        self._title.setText(
            _("今天 {month}月{day}日 {weekday}").format(
                month=today.day.month, day=today.day.day, weekday=_weekday(today.day)
            )
        )
        self._station.setText(today.station)
        for figure in today.figures:
            self._tile(figure.key).show_figure(figure)
        self._show_lacks(today.lacks)
        self._show_backup(today.last_backup)
        words = _("导出 {month} 月台账").format(month=Month.of(today.day).month)
        self._export.setText(words)
        self._export.setAccessibleName(words)

    def _tile(self, key: str) -> FigureTile:
        if key not in self.tiles:
            tile = FigureTile(key, self)
            tile.clicked.connect(lambda: self._open_rows(tile.query))
            self.tiles[key] = tile
            self._tile_row.addWidget(tile, 1)
        return self.tiles[key]

    def _show_lacks(self, lacks: Sequence[Lack]) -> None:
        while (item := self._lacks.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        # What is wanting first, so that it is in sight on a small screen.
        for lack in sorted(lacks, key=lambda each: each.settled):
            line = self._line(f"lack_{lack.key}")
            line.setText(lack.sentence)
            line.setAccessibleName(lack.sentence)
            self._mark(line, settled=lack.settled)
            if not lack.settled:
                line.setCursor(Qt.CursorShape.PointingHandCursor)
                line.setToolTip(_("点开看是哪些"))
                line.clicked.connect(partial(self._open_rows, lack.query))
            self._lacks.addWidget(line)

    def _show_backup(self, last: datetime | None) -> None:
        assert self._day is not None  # noqa: S101 - set by the same answer
        if last is None:
            words, due = _("备份：还没有备份过"), True
        else:
            days = (self._day - last.astimezone().date()).days
            when = _("今天 {time}").format(time=f"{last.astimezone():%H:%M}") if days <= 0 else ""
            words = _("备份：{when}").format(when=when) if when else _("备份：{days} 天前").format(days=days)
            due = days >= _BACKUP_DAYS
        self._backup.setText(words)
        self._backup.setAccessibleName(words)
        self._mark(self._backup, settled=not due)

    def _mark(self, line: QPushButton, *, settled: bool) -> None:
        """What is in order is read, not pressed."""
        line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, settled)
        line.setFocusPolicy(Qt.FocusPolicy.NoFocus if settled else Qt.FocusPolicy.StrongFocus)
        self.desk.look.set_icon(line, "check" if settled else "alert-triangle", "ok" if settled else "warn")

    def _open_rows(self, query: Query | None) -> None:
        if query is not None:
            self.query_wanted.emit(query)

    @override
    def new_record(self) -> None:
        self.new_wanted.emit("need")


def _weekday(day: date) -> str:
    names = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return names[day.weekday()]


__all__ = ["FigureTile", "FirstNeeds", "HomeTab"]
