from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from stationdesk.services.listing import Query, keys_of
from stationdesk.services.matches import match_from
from stationdesk.ui.desk import Desk
from stationdesk.ui.tabs.home import HomeTab
from tests.small_town import SmallTown
from tests.ui.tabs.acting import pressed, shown


@pytest.fixture
def home(qtbot: QtBot, town_desk: Desk) -> HomeTab:
    tab = shown(qtbot, HomeTab(town_desk))
    qtbot.waitUntil(lambda: len(tab.tiles) == 5 and len(tab.table.rows.keys) == 3)
    return tab


def test_the_day_is_written_as_people_say_it(home: HomeTab) -> None:
    day = home.findChild(QLabel, "home_day")
    assert day is not None
    assert day.text() == "今天 11月22日 星期日"


def test_pressing_a_figure_asks_for_the_rows_it_counted(qtbot: QtBot, home: HomeTab, town: SmallTown) -> None:
    queries: list[Query] = []
    home.query_wanted.connect(queries.append)
    for key, tile in home.tiles.items():
        QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
        assert tile.accessibleName(), key
    assert [query.record for query in queries] == ["need", "household", "resource", "match", "visit"]
    assert len(keys_of(town.store, queries[0])) == 3


def test_a_figure_can_be_pressed_with_the_keyboard(qtbot: QtBot, home: HomeTab) -> None:
    with qtbot.waitSignal(home.query_wanted):
        QTest.keyClick(home.tiles["urgent"], Qt.Key.Key_Space)


def test_a_need_to_do_first_is_opened_where_it_can_be_matched(
    qtbot: QtBot, home: HomeTab, town: SmallTown
) -> None:
    home.table.select(town["送药"])
    with qtbot.waitSignal(home.match_wanted) as wanted:
        QTest.keyClick(home.table.view, Qt.Key.Key_Return)
    assert wanted.args == [town["送药"]]


def test_names_of_clients_are_masked_on_the_first_screen(qtbot: QtBot, home: HomeTab) -> None:
    column = [field.key for field in home.table.rows.fields].index("client")
    model = home.table.rows
    qtbot.waitUntil(lambda: bool(model.index(0, column).data()))
    assert {model.index(row, column).data() for row in range(3)} == {"李*", "王*", "赵*"}


def test_what_is_wanting_opens_what_is_wanting(qtbot: QtBot, home: HomeTab, town: SmallTown) -> None:
    line = home.findChild(QPushButton, "lack_levels")
    assert line is not None
    with qtbot.waitSignal(home.query_wanted) as wanted:
        QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    assert keys_of(town.store, wanted.args[0]) == (town["赵小朋家"],)


def test_the_figures_follow_a_change_made_elsewhere(
    qtbot: QtBot, home: HomeTab, town_desk: Desk, town: SmallTown
) -> None:
    assert home.tiles["urgent"].accessibleName() == "紧急需求未对接 3"
    town_desk.change(match_from, town["送药"], town["卫生院"])
    qtbot.waitUntil(lambda: home.tiles["urgent"].accessibleName() == "紧急需求未对接 2")
    qtbot.waitUntil(lambda: town["送药"] not in home.table.rows.keys)


def test_the_buttons_say_what_the_worker_wants(qtbot: QtBot, home: HomeTab) -> None:
    with qtbot.waitSignal(home.new_wanted) as need:
        pressed(home, "home_new_need")
    with qtbot.waitSignal(home.new_wanted) as visit:
        pressed(home, "home_new_visit")
    assert (need.args, visit.args) == (["need"], ["visit"])
    with qtbot.waitSignal(home.ledgers_wanted):
        pressed(home, "home_export")
    with qtbot.waitSignal(home.backup_wanted):
        pressed(home, "home_backup")
