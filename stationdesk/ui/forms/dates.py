"""The editor of a day: typed in any usual way, or chosen from a calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta

from PySide6.QtCore import QDate, QLocale, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCalendarWidget, QFrame, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from stationdesk.core.fields import Field, Value
from stationdesk.core.messages import _
from stationdesk.core.text import full_to_half
from stationdesk.ui.forms.editor import Kit, Unreadable
from stationdesk.ui.forms.texts import LineEditor

_WRITTEN = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")
_NEAR = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "明日": 1, "后天": 2}


def read_day(text: str, today: date) -> date:
    """The day that a text means: 2026-11-22, 20261122, 1122, 11-22, 11月22日, 今天, 昨天.

    Without a year it is the day nearest to `today`: 1222 typed in January is last December.

    Raises:
        ValueError: for anything else, and for days that no calendar has.
    """
    half = full_to_half(text)
    if half in _NEAR:
        return today + timedelta(days=_NEAR[half])
    written = _WRITTEN.fullmatch(half)
    if written:
        year, month, day = written.groups()
    elif half.isascii() and half.isdigit() and len(half) in (4, 6, 8):
        year, month, day = half[:-4], half[-4:-2], half[-2:]
    else:
        raise ValueError(text)
    if year:
        return date(int(year) if len(year) == 4 else 2000 + int(year), int(month), int(day))
    return _nearest(today, int(month), int(day))


def _nearest(today: date, month: int, day: int) -> date:
    days = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue  # 29 February exists in some of the years
    if not days:
        raise ValueError(f"no such day: {month}-{day}")
    return min(days, key=lambda each: abs(each - today))


class DateEditor(LineEditor):
    """A day. What was typed is written out as yyyy-mm-dd when the field is left."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        if not field.spec.hint:
            self.line.setPlaceholderText(_("如 1122 或 2026-11-22"))
        self._open = QToolButton(self)
        self._open.setObjectName(f"{field.name}.calendar")
        self._open.setAccessibleName(_("{field}：打开日历").format(field=_(field.label)))
        self._open.setToolTip(_("日历（Alt+↓）"))
        self._open.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        kit.look.set_icon(self._open, "calendar", "muted")
        self._open.clicked.connect(self._show_calendar)
        self.row.addWidget(self._open)
        shortcut = QShortcut(QKeySequence("Alt+Down"), self.line)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self._show_calendar)
        self.line.editingFinished.connect(self._write_out)

    @override
    def text_of(self, value: Value) -> str:
        return "" if value is None else value.isoformat()

    @override
    def empty(self) -> Value:
        return None

    @override
    def read(self, text: str) -> Value:
        try:
            return read_day(text, self.kit.today())
        except ValueError:
            raise Unreadable("“{text}”不是日期，请写成 2026-11-22、20261122 或 1122", text=text) from None

    @override
    def remark(self, text: str) -> tuple[str, str]:
        if not text:
            return "", "small"
        try:
            day = self.read(text)
        except Unreadable as problem:
            return ("", "small") if self.line.hasFocus() and len(text) < 10 else (str(problem), "problem")
        if text == day.isoformat():
            return "", "small"
        return f"{day.isoformat()} {_weekday(day)}", "good"

    def _write_out(self) -> None:
        text = full_to_half(self.line.text())
        if not text:
            return
        try:
            day = read_day(text, self.kit.today())
        except ValueError:
            self.remarked.emit(*self.remark(text))
            return
        if day.isoformat() != self.line.text():
            self.line.setText(day.isoformat())

    def _show_calendar(self) -> None:
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setProperty("look", "popup")
        calendar = QCalendarWidget(popup)
        calendar.setObjectName(f"{self.field.name}.days")
        calendar.setAccessibleName(_("{field}：日历").format(field=_(self.field.label)))
        calendar.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        try:
            day = read_day(self.line.text(), self.kit.today())
        except ValueError:
            day = self.kit.today()
        calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        column = QVBoxLayout(popup)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(calendar)

        def take(chosen: QDate) -> None:
            self.line.setText(date(chosen.year(), chosen.month(), chosen.day()).isoformat())
            self.edited.emit()
            self.rested.emit()
            popup.close()
            self.line.setFocus()

        calendar.clicked.connect(take)
        calendar.activated.connect(take)
        popup.adjustSize()
        corner = self._open.mapToGlobal(QPoint(self._open.width() - popup.width(), self._open.height() + 2))
        room = self.screen().availableGeometry()
        corner.setX(max(corner.x(), room.left()))
        if corner.y() + popup.height() > room.bottom():
            corner.setY(self._open.mapToGlobal(QPoint(0, 0)).y() - popup.height() - 2)
        popup.move(corner)
        popup.show()
        calendar.setFocus()


def _weekday(day: date) -> str:
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][day.weekday()]
