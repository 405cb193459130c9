from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from stationdesk.core.changes import created
from stationdesk.services import records
from stationdesk.services.beginning import BeginningStep, beginning_of
from stationdesk.services.store import Store
from stationdesk.ui.composition import Window, compose
from stationdesk.ui.dialogs.import_wizard import ImportWizard
from stationdesk.ui.dialogs.settings import SettingsDialog
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.tabs.beginning import BeginningPanel
from stationdesk.ui.tabs.clients import ClientsTab
from stationdesk.ui.tabs.home import HomeTab
from stationdesk.ui.theme import Look
from tests.desk_station import new_station
from tests.small_town import SmallTown
from tests.ui.tabs.acting import pressed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Store]:
    made = new_station(tmp_path / "站")
    yield made
    made.close()


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.json")


@pytest.fixture
def window(qtbot: QtBot, station: Store, look: Look, preferences: Preferences) -> Iterator[Window]:
    made = compose(station, look, preferences)
    with qtbot.waitExposed(made.frame):
        made.frame.show()
    made.begin(None)
    qtbot.waitUntil(lambda: panel(made).isVisible())
    yield made
    with qtbot.waitSignal(made.frame.closed):
        made.frame.close()
    made.end()


def panel(window: Window) -> BeginningPanel:
    found = window.frame.findChild(BeginningPanel)
    assert found is not None
    return found


def test_each_step_opens_the_place_where_it_is_done(qtbot: QtBot, window: Window) -> None:
    frame = window.frame
    pressed(panel(window), "begin_villages")
    clients = frame.tab("clients")
    assert isinstance(clients, ClientsTab)
    assert clients.current is clients.villages
    frame.show_tab("home")
    pressed(panel(window), "begin_resources")
    assert "resources" in frame.made
    frame.show_tab("home")
    pressed(panel(window), "begin_roster")
    wizard = frame.findChild(ImportWizard)
    assert wizard is not None
    qtbot.waitUntil(wizard.isVisible)
    wizard.reject()
    pressed(panel(window), "begin_workers")
    settings = frame.findChild(SettingsDialog)
    assert settings is not None
    assert settings.pages.currentWidget() is settings.workers
    settings.reject()
    qtbot.waitUntil(lambda: frame.findChild(SettingsDialog) is None)
    pressed(panel(window), "begin_place")
    settings = frame.findChild(SettingsDialog)
    assert settings is not None
    line = settings.findChild(QLineEdit, "station_coordinate")
    assert line is not None
    qtbot.waitUntil(line.isVisible)
    settings.reject()


def test_the_first_steps_leave_the_figures_whole_on_a_small_screen(qtbot: QtBot, window: Window) -> None:
    window.frame.resize(1366, 700)  # a laptop of 768 lines, less its task bar and the title
    home = window.frame.tab("home")
    assert isinstance(home, HomeTab)
    qtbot.waitUntil(lambda: len(home.tiles) == 5)
    for tile in home.tiles.values():
        qtbot.waitUntil(lambda tile=tile: tile.height() >= tile.sizeHint().height())  # type: ignore[misc]  # a lambda with a default
    assert window.frame.height() == 700, "the window goes onto the screen"


def test_what_is_done_is_ticked(qtbot: QtBot, window: Window, station: Store) -> None:
    cards = panel(window).cards
    assert not any(card.done for card in cards.values())
    made = created("village", {**records.blank_of(station, "village"), "name": "柳河村"})
    window.desk.change(records.save, made)
    qtbot.waitUntil(lambda: cards[BeginningStep.VILLAGES].done)
    assert cards[BeginningStep.VILLAGES].accessibleName() == "村居：已完成"
    assert not cards[BeginningStep.ROSTER].done


def test_who_wants_no_more_of_the_steps_is_not_shown_them_again(
    qtbot: QtBot, window: Window, station: Store, look: Look, preferences: Preferences
) -> None:
    pressed(panel(window), "begin_dismiss")
    assert not panel(window).isVisible()
    again = compose(station, look, preferences)
    again.frame.show()
    again.begin(None)
    home = again.frame.tab("home")
    assert isinstance(home, HomeTab)
    qtbot.waitUntil(lambda: len(home.tiles) == 5 and not again.desk.under_way)
    assert not panel(again).isVisible()
    with qtbot.waitSignal(again.frame.closed):
        again.frame.close()
    again.end()


def test_a_station_that_can_work_has_begun(town: SmallTown, station: Store) -> None:
    assert beginning_of(town.store).is_over
    assert not beginning_of(station).is_over
