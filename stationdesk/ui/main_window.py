"""The frame of the window: tabs across the top, the search box, undo and redo, notices, the status line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Key
from stationdesk.core.log import Crash
from stationdesk.core.messages import _
from stationdesk.services import history
from stationdesk.services.history import Step
from stationdesk.services.listing import Query
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.crash import CrashDialog
from stationdesk.ui.menu import WindowMenu
from stationdesk.ui.notices import Bar, Notice, NoticeStack, Weight
from stationdesk.ui.search_box import SearchBox
from stationdesk.ui.status import Facts, StatusLine, TaskRow
from stationdesk.ui.tab_page import TabPage
from stationdesk.ui.words import tip

_WIDTH, _HEIGHT = 1366, 768
_TITLE = 40
UNSAVED = "● "
"""Stands before what is not saved."""


@dataclass(frozen=True, slots=True)
class TabPlace:
    """A tab before it is made: `make` is called when it is first shown."""

    name: str
    title: str
    icon: str
    make: Callable[[], TabPage]
    records: frozenset[str] = frozenset()
    """The kinds of record that open here."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What undo and redo would do now."""

    undo: Step | None
    redo: Step | None


def steps_of(store: Store) -> Steps:
    """What undo and redo would do now."""
    return Steps(history.can_undo(store), history.can_redo(store))


class MainWindow(QMainWindow):
    """One open station. Knows the tabs by their places only; they never meet."""

    closed = Signal()
    """The window is closed and nothing is under way."""

    def __init__(self, desk: Desk, places: Sequence[TabPlace], title: str = "") -> None:
        super().__init__()
        self._desk = desk
        self._places = tuple(places)
        self._made: dict[str, TabPage] = {}
        self._outdated: set[str] = set()
        self._closing = False
        self._in_event = False
        self._then: Callable[[], object] | None = None
        self._given_up: Callable[[], object] = self._close_anyway
        self._with_icons = True
        self.setObjectName("main_window")
        self._title = ""
        self.resize(_WIDTH, _HEIGHT)
        self._build()
        self.show_title(title or _("社工站"))
        self._connect()
        self._read_steps()
        self._desk.look.changed.connect(self._fit_strip)
        self._fit_strip()
        self._typing: QWidget | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._watch_typing)

    # For the app and the tabs

    def show_tab(self, name: str) -> TabPage:
        """Show a tab, making it when it is shown for the first time."""
        place = next(row for row, each in enumerate(self._places) if each.name == name)
        if self.tabs.currentIndex() != place:
            self.tabs.setCurrentIndex(place)
        else:
            self._show_place(place)
        return self._made[name]

    def tab(self, name: str) -> TabPage | None:
        """A tab that has been made."""
        return self._made.get(name)

    @property
    def made(self) -> tuple[str, ...]:
        """The names of the tabs that have been made."""
        return tuple(self._made)

    def open_record(self, record: str, key: str) -> None:
        """Show a record in its tab."""
        for place in self._places:
            if record in place.records:
                self.show_tab(place.name).open_record(record, Key(key))
                return
        self._desk.notify(_("这种记录没有自己的页面"), Weight.PLAIN)

    def show_query(self, query: Query) -> None:
        """Show the rows of a query in the tab of its record."""
        for place in self._places:
            if query.record in place.records:
                self.show_tab(place.name).show_query(query)
                return

    def renew(self, records: frozenset[str]) -> None:
        """Make the tabs of these records anew, because other fields are told of them now.

        A tab with something unsaved is left alone until that is saved or given up.
        """
        self._outdated |= {each.name for each in self._places if each.records & records} & set(self._made)
        self._renew()
        unsaved = "、".join(each.title for each in self._places if each.name in self._outdated)
        if unsaved:
            words = _("“{tabs}”里有未保存的修改，保存之后才会出现改过的字段。").format(tabs=unsaved)
            self._desk.notify(words, Weight.WARN)

    def leave(self, then: Callable[[], object]) -> None:
        """Close as the worker does, and have `then` done in place of the end of the program."""
        self._then = then
        self._ask(self._close_anyway)

    def leave_now(self, then: Callable[[], object]) -> None:
        """Close, whatever is unsaved, and have `then` done: for whoever has asked already."""
        self._then = then
        self._close_anyway()

    def ask_to_leave(self, then: Callable[[], object]) -> None:
        """Call `then` when nothing is unsaved, or the worker gives it up; the window stays open meanwhile."""
        self._ask(then)

    @property
    def then(self) -> Callable[[], object] | None:
        """What the worker wants after this window; None when it was simply closed."""
        return self._then

    def show_title(self, title: str) -> None:
        """Name the station in the title of the window, marked while something is unsaved."""
        self._title = title
        self._mark_unsaved()

    @property
    def current(self) -> str:
        """The name of the tab that is shown."""
        return self._places[self.tabs.currentIndex()].name

    def show_facts(self, facts: Facts) -> None:
        """Show what the status line says of the station."""
        self.status.show_facts(facts)

    # Inside

    def _build(self) -> None:
        look = self._desk.look
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("tab_strip")
        self.tabs.setAccessibleName(_("主页签"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        for place, each in enumerate(self._places):
            self.tabs.addTab(each.title)
            self.tabs.setTabToolTip(place, f"{each.title}  Ctrl+{place + 1}")
        # The chosen tab is bold, which is wider in Latin letters: without this the last tab would be cut.
        self.tabs.currentChanged.connect(lambda _place: self.tabs.updateGeometry())
        self.search = SearchBox(self._desk, self)
        self.search.setMinimumWidth(look.pixels(150))
        self.search.setMaximumWidth(look.pixels(420))
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.undo_button = self._button("undo_button", "arrow-back-up", _("撤销"))
        self.redo_button = self._button("redo_button", "arrow-forward-up", _("重做"))
        self.menu_button = self._button("menu_button", "dots", _("菜单"))
        self.menu = WindowMenu(look, self)
        self.menu_button.setMenu(self.menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        strip = QFrame(self)
        strip.setProperty("look", "strip")
        row = QHBoxLayout(strip)
        row.setContentsMargins(6, 0, 12, 0)
        row.setSpacing(6)
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.search, 100)
        for button in (self.undo_button, self.redo_button, self.menu_button):
            row.addWidget(button)
        self._build_middle(strip)

    def _build_middle(self, strip: QWidget) -> None:
        look = self._desk.look
        self.leave_bar = Bar(look, self, "leave_window")
        self.leave_bar.add_button(_("去看看"), "leave_window_stay").clicked.connect(self._go_to_unsaved)
        self.leave_bar.add_button(_("放弃修改并关闭"), "leave_window_discard").clicked.connect(self._give_up)
        self.leave_bar.hide()
        self.pages = QStackedWidget(self)
        self.task_row = TaskRow(self._desk, self)
        self.status = StatusLine(self._desk, self)
        self.task_row.tell_busy(self.status.show_busy)
        middle = QWidget(self)
        bars = QVBoxLayout()
        bars.setContentsMargins(16, 0, 16, 0)
        bars.setSpacing(4)
        bars.addWidget(self.leave_bar)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(strip)
        column.addLayout(bars)
        column.addWidget(self.pages, 1)
        column.addWidget(self.task_row)
        column.addWidget(self.status)
        self.notices = NoticeStack(look, middle)
        self.setCentralWidget(middle)

    def _button(self, name: str, icon: str, words: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setText(words)
        self._desk.look.set_icon(button, icon)
        return button

    def _connect(self) -> None:
        desk = self._desk
        desk.noticed.connect(self._notice)
        desk.crashed.connect(self._crash)
        desk.changed.connect(self._changed)
        self.tabs.currentChanged.connect(self._show_place)
        self.search.opened.connect(self.open_record)
        self.undo_button.clicked.connect(self.undo)
        self.redo_button.clicked.connect(self.redo)
        self.menu.exit_wanted.connect(self.close)
        for place in range(min(len(self._places), 9)):
            self._shortcut(f"Ctrl+{place + 1}", partial(self.tabs.setCurrentIndex, place))
        self._shortcut("Ctrl+F", self._find)
        self._shortcut("Ctrl+N", self._new)
        self._shortcut("F10", self.menu_button.showMenu)
        self._undo_action = self._action(QKeySequence.StandardKey.Undo, self.undo)
        self._redo_action = self._action(QKeySequence("Ctrl+Shift+Z"), self.redo)
        self._redo_action.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])

    def _shortcut(self, keys: str, slot: Callable[[], object]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def _action(self, keys: QKeySequence | QKeySequence.StandardKey, slot: Callable[[], object]) -> QAction:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    def _show_place(self, place: int) -> None:
        if not 0 <= place < len(self._places):
            return
        spec = self._places[place]
        page = self._made.get(spec.name)
        if page is not None and spec.name in self._outdated and not page.unsaved:
            self._without(spec.name)
            page = None
        if page is None:
            page = spec.make()
            page.open_wanted.connect(self.open_record)
            page.unsaved_changed.connect(self._renew_soon)
            page.query_wanted.connect(self.show_query)
            page.unsaved_changed.connect(self._mark_unsaved)
            self._made[spec.name] = page
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        self._draw_icons()

    def _mark_unsaved(self) -> None:
        """A dot before the title of each tab with unsaved work, and before that of the window."""
        unsaved = set(self._unsaved_tabs())
        for place, each in enumerate(self._places):
            words = f"{UNSAVED}{each.title}" if each.name in unsaved else each.title
            if words != self.tabs.tabText(place):
                self.tabs.setTabText(place, words)
                self.tabs.setAccessibleTabName(
                    place, _("{tab}，有未保存的修改").format(tab=each.title) if words != each.title else ""
                )
                self._fit_strip()
        self.setWindowTitle(f"{UNSAVED if unsaved else ''}{self._title}")

    def _without(self, name: str) -> None:
        """Part with a tab; whatever it still waits for is dropped with it."""
        page = self._made.pop(name)
        self._outdated.discard(name)
        self.pages.removeWidget(page)
        page.hide()
        page.deleteLater()

    def _renew_soon(self) -> None:
        # Not within the signal of a form that has just been saved: its tab would end under it.
        if self._outdated:
            QTimer.singleShot(0, self, self._renew)

    def _renew(self) -> None:
        shown = self._places[self.tabs.currentIndex()].name
        for name in tuple(self._outdated):
            page = self._made[name]
            if page.unsaved:
                continue
            opened = page.opened
            self._without(name)
            if name == shown:
                fresh = self.show_tab(name)
                if opened is not None:
                    fresh.open_record(*opened)

    def _draw_icons(self) -> None:
        for place, each in enumerate(self._places):
            colour = "accent" if place == self.tabs.currentIndex() else "muted"
            self.tabs.setTabIcon(
                place, self._desk.look.icon(each.icon, colour) if self._with_icons else QIcon()
            )

    def _fit_strip(self) -> None:
        """The tabs come first: the search box gives way, then the icons go, and only then the tabs scroll."""
        look = self._desk.look
        room = self.width() - look.pixels(190) - 3 * look.pixels(44)
        self._with_icons = True
        self._draw_icons()
        if self.tabs.sizeHint().width() > room:
            self._with_icons = False
            self._draw_icons()
        self.tabs.setMinimumSize(min(self.tabs.sizeHint().width(), room), self.tabs.sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_strip()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_strip()  # only now do the tabs know the letters in which they are drawn

    def open_on_screen(self) -> None:
        """Show the window; over the whole screen where its title and the desktop's bar would push its foot off."""
        room = self.screen().availableSize()
        if room.height() < _HEIGHT + _TITLE or room.width() < _WIDTH:
            self.showMaximized()
        else:
            self.show()

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _new(self) -> None:
        page = self.pages.currentWidget()
        if isinstance(page, TabPage):
            page.new_record()

    # Undo

    def undo(self) -> None:
        """Take back the last step of this worker: first of what is being drawn, then of what is saved."""
        if self._step_in_page(ahead=False):
            return
        self._desk.change(history.undo, then=self._undone)

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._step_in_page(ahead=True):
            return
        self._desk.change(history.redo, then=self._redone)

    def _step_in_page(self, *, ahead: bool) -> bool:
        page = self.pages.currentWidget()
        return isinstance(page, TabPage) and page.step(ahead=ahead)

    def _redone(self, changes: ChangeSet) -> None:
        self._tell_step(changes, _("重做：{what}").format(what=changes.why))

    def _undone(self, changes: ChangeSet) -> None:
        self._tell_step(changes, changes.why)

    def _tell_step(self, changes: ChangeSet, words: str) -> None:
        if changes.kept:
            reasons = "；".join(dict.fromkeys(kept.reason for kept in changes.kept))
            kept = _("，{count} 处保留：{reasons}").format(count=len(changes.kept), reasons=reasons)
            self._desk.notify(words + kept, Weight.WARN)
        else:
            self._desk.notify(words)

    def _changed(self, changes: ChangeSet) -> None:
        self._last = changes
        self._read_steps()

    _last: ChangeSet | None = None

    def _read_steps(self) -> None:
        self._desk.read(steps_of, then=self._show_steps)

    def _show_steps(self, steps: Steps) -> None:
        undo = _("撤销：{what}").format(what=steps.undo.why) if steps.undo else _("没有可以撤销的操作")
        redo = _("重做：{what}").format(what=steps.redo.why) if steps.redo else _("没有可以重做的操作")
        self.undo_button.setEnabled(steps.undo is not None)
        self.undo_button.setToolTip(tip(f"{undo}  Ctrl+Z"))
        self.redo_button.setEnabled(steps.redo is not None)
        self.redo_button.setToolTip(tip(f"{redo}  Ctrl+Shift+Z"))
        if self._last is not None:
            self._say_saved(self._last, steps)

    def _say_saved(self, last: ChangeSet, steps: Steps) -> None:
        """Say what was done last, and offer to take back that and nothing older."""
        words = _("已保存 {time} · {what}").format(time=self._desk.now().strftime("%H:%M"), what=last.why)
        if steps.undo is not None and steps.undo.batch == last.batch:
            words += " · " + _("撤销 Ctrl+Z")
        elif steps.redo is not None and steps.redo.batch == last.batch:
            words += " · " + _("重做 Ctrl+Shift+Z")
        self.status.say_saved(words)

    def _watch_typing(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Look at the keys of the field that is typed into, and of nothing else."""
        if self._typing is not None and shiboken6.isValid(self._typing):
            self._typing.removeEventFilter(self)
        self._typing = new if isinstance(new, QLineEdit | QPlainTextEdit) else None
        if self._typing is not None:
            self._typing.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Undo belongs to the text that is being typed. A field without anything to take back lets it through.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            undo = event.matches(QKeySequence.StandardKey.Undo)
            redo = event.matches(QKeySequence.StandardKey.Redo)
            if (undo and not _can_undo(watched)) or (redo and not _can_redo(watched)):
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    # Notices, crashes, the end

    def _notice(self, notice: Notice) -> None:
        self.notices.add(notice)

    def _crash(self, crash: Crash) -> None:
        CrashDialog(crash, self._desk.look, self).open()

    def _unsaved_tabs(self) -> list[str]:
        return [name for name, page in self._made.items() if page.unsaved]

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._closing:
            event.accept()
            return
        event.ignore()
        # Whoever asked for another station and stayed after all, and closes later, wants the end.
        self._then = None
        self._in_event = True
        self._ask(self._close_anyway)
        self._in_event = False

    def _ask(self, then: Callable[[], object]) -> None:
        self._given_up = then
        unsaved = self._unsaved_tabs()
        if unsaved:
            titles = "、".join(each.title for each in self._places if each.name in unsaved)
            self.leave_bar.say(_("“{tabs}”里有未保存的修改。").format(tabs=titles), Weight.WARN)
            return
        self._give_up()

    def _give_up(self) -> None:
        self.leave_bar.hide()
        self._given_up()

    def _close_anyway(self) -> None:
        self.setEnabled(False)
        self.status.show_busy(_("正在收尾，马上关闭…"))
        self._desk.finish(self._finish)

    def _go_to_unsaved(self) -> None:
        self.leave_bar.hide()
        unsaved = self._unsaved_tabs()
        if unsaved:
            self.show_tab(unsaved[0])

    def _finish(self) -> None:
        if self._in_event:
            # A window that is being closed does not close again: not before the event has ended.
            QTimer.singleShot(0, self, self._finish)
            return
        self._closing = True
        self.close()
        self.closed.emit()


def _can_undo(widget: QObject) -> bool:
    if isinstance(widget, QLineEdit):
        return widget.isUndoAvailable()
    return isinstance(widget, QPlainTextEdit) and widget.document().isUndoAvailable()


def _can_redo(widget: QObject) -> bool:
    if isinstance(widget, QLineEdit):
        return widget.isRedoAvailable()
    return isinstance(widget, QPlainTextEdit) and widget.document().isRedoAvailable()
