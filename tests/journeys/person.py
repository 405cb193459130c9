"""Somebody at the station's computer: looks for what can be seen, presses, writes, chooses, and waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QTableView,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from stationdesk.app import Program
from stationdesk.core.fields import Key
from stationdesk.services.listing import Query, keys_of, row_of
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.main_window import MainWindow
from stationdesk.ui.preferences import Preferences
from tests.ui.tabs import acting, writing

W = TypeVar("W", bound=QWidget)

SOON = 20_000
"""Milliseconds after which a person would say that it hangs."""


class Person:
    """One person and the program, from its start to its end. Preferences stay, as they do on a computer."""

    def __init__(self, qtbot: QtBot, application: QApplication, settings: Path) -> None:
        self._qtbot = qtbot
        self._application = application
        self._settings = settings
        self._program: Program | None = None

    # The program

    def start(self) -> None:
        """Start the program as its icon does."""
        self._program = Program(self._application, Preferences(self._settings))
        self._program.start(None, None)

    def new_station(self, folder: Path, password: str = "") -> None:
        """Start, and make a new station; wait for its window."""
        self.start()
        dialog = self.dialog("first_start_dialog")
        self.press("start_new", dialog)
        self.fill_new_station(dialog, folder, password)
        self.await_window()

    def open_again(self, folder: Path) -> None:
        """Start on a computer where this station was open the last time, and wait for its window."""
        Preferences(self._settings).keep(station=str(folder))
        self.start()
        self.await_window()

    def fill_new_station(self, dialog: QWidget, folder: Path, password: str = "") -> None:
        """Answer what is asked for a new station, and have it made."""
        self.write("new_station", "柳河镇社会工作服务站", dialog)
        self.write("new_town", "柳河镇", dialog)
        self.write("new_worker", "林站长", dialog)
        self.write("new_folder", str(folder), dialog)
        if password:
            self.type("new_password", password, dialog)
            self.type("new_password_again", password, dialog)
        else:
            self.press("new_without_password", dialog)
        self.press("new_make", dialog)

    def leave(self) -> None:
        """Close the window and wait until the program has ended."""
        assert self._program is not None
        program = self._program
        self.window.close()
        self.wait(lambda: program.window is None)
        self.end()

    def end(self) -> None:
        """The program is gone, as it is after the last window."""
        program, self._program = self._program, None
        if program is None:
            return
        window = program.window
        if window is not None:
            # A test that failed half-way leaves its window open.
            window.frame.close()
            self._qtbot.waitUntil(lambda: program.window is None or window.frame.leave_bar.isVisible())
            if program.window is window:
                acting.pressed(window.frame, "leave_window_discard")
                self.wait(lambda: program.window is None)
        for dialog in (self.top(QWidget, name) for name in ("first_start_dialog", "worker_dialog")):
            if dialog is not None:
                dialog.close()
        program.end()

    @property
    def window(self) -> MainWindow:
        """The window that is open."""
        found = self.top(MainWindow, "main_window")
        assert found is not None, "no window is open"
        return found

    @property
    def windows(self) -> list[QWidget]:
        """The main windows that exist, to be seen or not."""
        return [each for each in self._application.topLevelWidgets() if each.objectName() == "main_window"]

    @property
    def is_over(self) -> bool:
        """Whether the window is closed and everything has been put away."""
        return self._program is None or self._program.window is None

    @property
    def desk(self) -> Desk:
        """The desk of the window that is open."""
        assert self._program is not None
        assert self._program.window is not None
        return self._program.window.desk

    @property
    def store(self) -> Store:
        """The station that is open, to compare what is stored with what was done."""
        return self.desk.store

    def top(self, kind: type[W], name: str) -> W | None:
        """A window or dialog that can be seen."""
        for widget in self._application.topLevelWidgets():
            if isinstance(widget, kind) and widget.objectName() == name and widget.isVisible():
                return widget
        return None

    # Waiting and looking

    def wait(self, until: Callable[[], object], soon: int = SOON) -> None:
        """Wait until something is to be seen."""
        self._qtbot.waitUntil(lambda: bool(until()), timeout=soon)

    def await_window(self, soon: int = SOON) -> MainWindow:
        """Wait for the window and for what its first tab shows."""
        self.wait(lambda: self.top(MainWindow, "main_window"), soon)
        self.wait(lambda: self.window.findChild(QWidget, "figure_urgent"))
        return self.window

    def await_next_window(self, former: MainWindow) -> MainWindow:
        """Wait for the window that takes the place of one that is open, and for what it shows."""
        self.wait(lambda: self.top(MainWindow, "main_window") not in (None, former))
        self.settle()
        return self.window

    def dialog(self, name: str) -> QWidget:
        """Wait for a dialog and return it."""
        self.wait(lambda: self.top(QWidget, name))
        found = self.top(QWidget, name)
        assert found is not None
        return found

    def sees_dialog(self, name: str) -> bool:
        """Whether a dialog is open."""
        return self.top(QWidget, name) is not None

    def words(self, name: str, within: QWidget | None = None) -> str:
        """What stands in a field of many lines."""
        return writing.seen(within or self.window, QPlainTextEdit, name).toPlainText()

    def can_see(self, name: str, within: QWidget | None = None) -> bool:
        """Whether a part of this name is to be seen."""
        return any(each.isVisible() for each in (within or self.window).findChildren(QWidget, name))

    def text(self, name: str, within: QWidget | None = None) -> str:
        """The words of a label or a field that can be seen; empty when there is none."""
        for each in (within or self.window).findChildren(QWidget, name):
            if each.isVisible() and isinstance(each, QLabel | QLineEdit):
                return each.text()
        return ""

    def spoken(self, name: str, within: QWidget | None = None) -> str:
        """What is told aloud of a part that can be seen."""
        shown = [each for each in (within or self.window).findChildren(QWidget, name) if each.isVisible()]
        return shown[0].accessibleName() if shown else ""

    def reads(self, words: str, within: QWidget | None = None) -> bool:
        """Whether words stand anywhere on what can be seen."""
        place = within or self.window
        shown: list[QLabel | QLineEdit] = [*place.findChildren(QLabel), *place.findChildren(QLineEdit)]
        return any(each.isVisible() and words in each.text() for each in shown)

    def stored(self, record: str, text: str = "") -> tuple[Key, ...]:
        """The records of a kind in the station."""
        return keys_of(self.store, Query(record, text))

    def value(self, record: str, key: Key, name: str) -> object:
        """One stored value."""
        row = row_of(self.store, record, key)
        return None if row is None else row.values[name]

    def to_front(self) -> None:
        """What a window system does when a popup or a dialog has closed, and a machine without one does not."""
        window = self.window
        window.activateWindow()
        self.wait(window.isActiveWindow)

    # Doing

    def go_to(self, title: str) -> QWidget:
        """Click on a tab by its title; returns its page."""
        strip = self.window.tabs
        place = next(each for each in range(strip.count()) if strip.tabText(each) == title)
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.tabRect(place).center())
        self.wait(lambda: strip.currentIndex() == place)
        page = self.window.pages.currentWidget()
        assert page is not None
        return page

    def press(self, name: str, within: QWidget | None = None) -> None:
        """Press a button as soon as it can be seen and used."""
        place = within or self.window

        def ready() -> bool:
            found = [each for each in place.findChildren(QWidget, name) if each.isVisible()]
            return bool(found) and found[-1].isEnabled()

        self.wait(ready)
        acting.pressed(place, name)

    def write(self, name: str, text: str, within: QWidget | None = None) -> None:
        """Write into a field as soon as it can be seen, the way an input method does."""
        place = within or self.window
        self.wait(lambda: self.can_see(name, place))
        writing.write(place, name, text)

    def type(self, name: str, text: str, within: QWidget | None = None) -> None:
        """Type letters and digits, key by key."""
        acting.typed(within or self.window, name, text)

    def choose(self, name: str, label: str, within: QWidget | None = None) -> None:
        """Choose from a combo as soon as it offers the words."""
        place = within or self.window
        self.wait(lambda: self.can_see(name, place))
        combo = writing.seen(place, QComboBox, name)
        self.wait(lambda: combo.findText(label) >= 0)
        writing.choose(place, name, label)

    def tick(self, name: str, *words: str) -> None:
        """Open the check list of a field and tick choices by typing them."""
        field = writing.seen(self.window, QLineEdit, name)
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Space)
        popup = self.dialog(f"{name}.list")
        find = popup.findChild(QLineEdit, f"{name}.find")
        offered = popup.findChild(QListView, f"{name}.options")
        assert find is not None
        assert offered is not None
        for each in words:
            writing.write(popup, f"{name}.find", each)
            self.wait(lambda: offered.model().rowCount() >= 1)
            QTest.keyClick(find, Qt.Key.Key_Return)
        QTest.keyClick(find, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.wait(lambda: self.top(QWidget, f"{name}.list") is None)

    def pick(self, name: str, typed: str, title: str) -> None:
        """Link to another record: type a part of its name, choose from what is offered."""
        self.to_front()
        line = writing.seen(self.window, QLineEdit, name)
        line.setFocus()
        QTest.keyClicks(line, typed)
        finder = line.completer()
        assert finder is not None
        popup = finder.popup()
        assert popup is not None
        self.wait(lambda: popup.isVisible() and title in str(popup.model().index(0, 0).data()))
        QTest.keyClick(popup, Qt.Key.Key_Down)
        QTest.keyClick(popup, Qt.Key.Key_Return)
        self.wait(lambda: line.text() == title)

    def check(self, name: str) -> None:
        """Tick a box with the keyboard."""
        QTest.keyClick(writing.seen(self.window, QCheckBox, name), Qt.Key.Key_Space)

    def turn_to(self, record: str, title: str) -> None:
        """Turn to a page of the form by its title."""
        pages = writing.seen(self.window, QTabWidget, f"{record}_pages")
        strip = pages.tabBar()
        place = next(each for each in range(pages.count()) if pages.tabText(each).split(" ")[0] == title)
        strip.setCurrentIndex(place)

    def begin(self, record: str, button: str = "") -> None:
        """Press the button for a new record, and wait for the empty form."""
        self.press(button or f"{record}_new")
        form = f"{record}_form"

        def is_empty() -> bool:
            forms = [each for each in self.window.findChildren(QWidget, form) if each.isVisible()]
            return bool(forms) and self.text("form_state", forms[0]).startswith("新增")

        self.wait(is_empty)

    def save(self, record: str) -> Key:
        """Press save, wait until it is stored, and return the newest record of the kind."""
        before = set(self.stored(record))
        self.press(f"{record}_save")
        self.wait(lambda: set(self.stored(record)) - before)
        self.settle()
        (key,) = set(self.stored(record)) - before
        return key

    def settle(self) -> None:
        """Wait until nothing is under way."""
        program = self._program
        assert program is not None
        self.wait(lambda: program.window is None or not program.window.desk.under_way)

    def keys(self, keys: Qt.Key, *, control: bool = False) -> None:
        """Press keys wherever the keyboard is."""
        self.to_front()
        modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(QApplication.focusWidget() or self.window, keys, modifier)

    def press_row(self, name: str, row: int) -> None:
        """Click on a row of a list."""
        view = writing.seen(self.window, QTableView, name)
        self.wait(lambda: view.model().rowCount() > row)
        at = view.visualRect(view.model().index(row, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)

    def on_map(self, expression: str) -> object:
        """What the page of the map holds."""
        answers: list[object] = []
        web = writing.seen(self.window, QWebEngineView, "map_page")
        web.page().runJavaScript(expression, answers.append)
        self.wait(lambda: answers)
        return answers[0]

    def click_map(self, right: float, down: float) -> None:
        """Click on the map, at a part of its width and height."""
        web = writing.seen(self.window, QWebEngineView, "map_page")
        canvas = web.focusProxy()
        assert canvas is not None
        at = QPoint(round(canvas.width() * right), round(canvas.height() * down))
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    @contextmanager
    def answering(self, file: Path) -> Iterator[None]:
        """Name a file in the file dialog that the block opens."""
        answered: list[QFileDialog] = []
        look = QTimer()

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, QFileDialog) and not answered:
                line = dialog.findChild(QLineEdit, "fileNameEdit")
                if line is not None and line.isVisible():
                    answered.append(dialog)
                    line.setText(str(file))
                    QTest.keyClick(line, Qt.Key.Key_Return)

        look.timeout.connect(answer)
        look.start(20)
        yield
        self.wait(lambda: answered)
        look.stop()

    def picture(self, file: Path) -> None:
        """A picture of the window, for looking at what failed."""
        for _again in range(3):  # what was laid out anew is drawn a moment later
            self._application.processEvents()
        self.window.grab().save(str(file))
