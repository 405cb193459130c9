"""Composes the program: station, desk, tabs, window. No logic of its own."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from stationdesk.core.log import start_log, stop_log, watching_crashes
from stationdesk.core.messages import Language, _, use_language
from stationdesk.core.paths import default_station_place, program_settings_folder
from stationdesk.services import stations
from stationdesk.services.store import Store
from stationdesk.ui.application import log_qt_messages, make_application, translate_qt
from stationdesk.ui.composition import Window, compose
from stationdesk.ui.dialogs.about import AboutDialog
from stationdesk.ui.dialogs.question import Question
from stationdesk.ui.opening import Opening, Ways
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.theme import DEFAULT_SIZE, Look, Theme

BACKUP_AFTER = timedelta(hours=20)
"""A station that was last backed up longer ago is backed up when it is opened."""


class Program(QObject):
    """From the choice of a station to the end; a window at a time."""

    def __init__(self, application: QApplication, preferences: Preferences) -> None:
        super().__init__()
        self._application = application
        self._preferences = preferences
        self._language = Language(preferences.text("language", Language.CHINESE.value))
        use_language(self._language)
        self._translators = translate_qt(application, self._language)
        theme = Theme(preferences.text("theme", Theme.SYSTEM.value))
        self.look = Look(application, theme, preferences.number("size", DEFAULT_SIZE))
        self.window: Window | None = None
        self._opening: Opening | None = None
        self._station = ExitStack()
        self._watch = ExitStack()

    def start(self, root: Path | None, worker: str | None) -> None:
        """Open `root`, the station of last time without it, or ask."""
        last = self._preferences.text("station")
        root = root or (Path(last) if last and stations.is_station(Path(last)) else None)
        opening = self._offer()
        opening.opened.connect(self._show)
        opening.given_up.connect(self._application.quit)
        if root is None:
            opening.ask()
        else:
            opening.open(root, worker)

    def _offer(self, over: Window | None = None) -> Opening:
        """Offer ways into a station; over a window that stays open until another one is chosen."""
        place = default_station_place()
        practice = place.parent / "练习镇"
        here = None if over is None else over.desk.store.folder.root
        ways = Ways(place, partial(_practice, practice), practice, self._name_of, here)
        self._opening = Opening(self.look, ways, None if over is None else over.frame)
        return self._opening

    def _name_of(self, root: Path) -> str:
        # An encrypted station does not tell its name before the password; this computer may remember it.
        return self._preferences.texts("names").get(str(root)) or stations.name_of(root)

    def _show(self, store: Store) -> None:
        root = str(store.folder.root)
        names = {**self._preferences.texts("names"), root: stations.profile_of(store).name}
        self._preferences.keep(station=root, names=names)
        self._station.callback(stations.close, store)
        self._station.callback(stop_log, start_log(store.folder.log_file))
        self._build(store)

    def _build(self, store: Store, tab: str = "home") -> None:
        window = compose(store, self.look, self._preferences)
        self.window = window
        self._watch.enter_context(watching_crashes(window.desk.take_crash))
        menu = window.frame.menu
        menu.backup_wanted.connect(window.back_up)
        menu.other_station_wanted.connect(self._change_station)
        menu.compare_wanted.connect(window.compare_lists)
        menu.starter_wanted.connect(window.begin_map)
        menu.handout_wanted.connect(window.make_handout)
        menu.copies_wanted.connect(window.note_copies)
        menu.exchange_wanted.connect(window.give_directory)
        menu.walk_wanted.connect(window.take_walk)
        menu.walks_wanted.connect(window.show_walks)
        menu.field_sheets_wanted.connect(window.show_field_sheets)
        menu.language_wanted.connect(self._change_language)
        menu.imports_wanted.connect(window.show_imports)
        menu.settings_wanted.connect(window.show_settings)
        menu.look_chosen.connect(self._keep_look)
        menu.about_wanted.connect(lambda: AboutDialog(self.look, window.frame).open())
        menu.shortcuts_wanted.connect(lambda: AboutDialog(self.look, window.frame, page=1).open())
        if stations.is_practice(store):
            entry = menu.add_entry(_("删除练习镇…"), "trash", "menu_remove_practice")
            entry.triggered.connect(self._ask_to_remove)
        window.frame.closed.connect(self._closed)
        window.frame.open_on_screen()
        window.begin(BACKUP_AFTER, tab)

    def _closed(self) -> None:
        window, self.window = self.window, None
        if window is None:
            return
        # Crashes go to the desk of this window, which ends here; the store may stay open for the next one.
        self._watch.close()
        window.end()
        after = window.frame.then or self._application.quit
        after()

    def _change_station(self) -> None:
        window = self.window
        if window is None:
            return

        def offer() -> None:
            opening = self._offer(over=window)
            opening.opened.connect(partial(self._move, window))
            opening.ask()

        window.frame.ask_to_leave(offer)

    def _move(self, window: Window, store: Store) -> None:
        """Leave the station that is open for one that has just been opened."""

        def show() -> None:
            self._station.close()
            self._show(store)

        window.frame.leave_now(show)

    def _ask_to_remove(self) -> None:
        if self.window is None:
            return
        words = _(
            "练习镇和在里面改过的一切都会删除，不能撤销；真的社工站不受影响。以后可以再建一个新的练习镇。"
        )
        question = Question(_("删除练习镇"), words, _("删除"), self.window.frame)
        question.accepted.connect(self._remove_practice)
        question.open()

    def _remove_practice(self) -> None:
        if self.window is None:
            return
        folder = self.window.desk.store.folder

        def remove() -> None:
            self._station.close()
            self._preferences.keep(station="")
            stations.remove_practice(folder.root)
            self.start(None, None)

        self.window.frame.leave(remove)

    def _change_language(self, language: Language) -> None:
        if language is self._language or self.window is None:
            return
        store, tab = self.window.desk.store, self.window.frame.current

        def rebuild() -> None:
            self._language = language
            self._preferences.keep(language=language.value)
            use_language(language)
            self._translators = translate_qt(self._application, language, self._translators)
            self._build(store, tab)

        self.window.frame.leave(rebuild)

    def _keep_look(self) -> None:
        self._preferences.keep(theme=self.look.theme.value, size=self.look.size)

    def end(self) -> None:
        """Close the station; the last thing that happens."""
        self._watch.close()
        self._station.close()


def run(root: Path | None, worker: str | None) -> int:
    """Run the window until it is closed; returns the exit status."""
    application = make_application()
    log_qt_messages()
    program = Program(application, Preferences(program_settings_folder() / "window.json"))
    program.start(root, worker)
    try:
        return int(application.exec())
    finally:
        program.end()


def _practice(place: Path) -> Store:
    from stationdesk.demo import practice_station

    return stations.open_station(practice_station(place))
