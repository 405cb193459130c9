from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from stationdesk.core.vocab import FollowLevel
from stationdesk.services.filling import pick_near
from stationdesk.services.listing import Filter, row_of
from stationdesk.ui.forms import Kit
from stationdesk.ui.tabs.visits import VisitsTab
from tests.small_town import TODAY, SmallTown
from tests.ui.tabs.acting import button, pressed, shown
from tests.ui.tabs.writing import opened, saved


@pytest.fixture
def tab(qtbot: QtBot, town_kit: Kit) -> VisitsTab:
    made = shown(qtbot, VisitsTab(town_kit))
    qtbot.waitUntil(lambda: made.form.key is not None)
    return made


def test_a_household_that_waits_is_visited_from_the_list_and_leaves_it(
    qtbot: QtBot, tab: VisitsTab, town: SmallTown
) -> None:
    qtbot.waitUntil(lambda: button(tab, "visits_switch_1").text() == "该走访的户 1")
    pressed(tab, "visits_switch_1")
    qtbot.waitUntil(lambda: tab.due.rows.keys == (town["王秀英家"],))
    tab.due.select(town["王秀英家"])
    QTest.keyClick(tab.due.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tab.form.is_new)
    assert tab.form.values()["household_key"] == town["王秀英家"]
    key = saved(qtbot, tab)
    row = row_of(town.store, "visit", key)
    assert row is not None
    assert row.values["visited_on"] == TODAY
    assert (row.values["next_on"] - TODAY).days == FollowLevel.PRIORITY.default_days
    qtbot.waitUntil(lambda: tab.due.rows.keys == ())


def test_a_need_found_on_a_visit_begins_with_the_household(
    qtbot: QtBot, tab: VisitsTab, town: SmallTown
) -> None:
    opened(qtbot, tab, town["没人"])
    with qtbot.waitSignal(tab.begin_wanted) as wanted:
        pressed(tab, "visit_need")
    assert wanted.args == ["need", {"household_key": town["王秀英家"]}]


def test_a_hidden_tab_reads_again_when_it_is_shown_and_not_before(
    qtbot: QtBot, tab: VisitsTab, town: SmallTown
) -> None:
    qtbot.waitUntil(lambda: len(tab.table.rows.keys) == 2)
    tab.hide()
    town.add("visit", "又一次", household_key=town["李守林家"], visited_on=TODAY)
    tab.desk.changed.emit(_said(town))
    qtbot.waitUntil(lambda: not tab.desk.under_way)
    assert len(tab.table.rows.keys) == 2
    tab.show()
    qtbot.waitUntil(lambda: len(tab.table.rows.keys) == 3)


def test_the_row_that_was_current_stays_current_when_the_list_is_read_again(
    qtbot: QtBot, tab: VisitsTab, town: SmallTown
) -> None:
    tab.table.select(town["见到"])
    town.add("visit", "又一次", household_key=town["李守林家"], visited_on=TODAY)
    tab.desk.changed.emit(_said(town))
    qtbot.waitUntil(lambda: len(tab.table.rows.keys) == 3)
    assert tab.table.current_key == town["见到"]


def test_the_name_of_the_head_stands_beside_the_number_of_the_household(
    qtbot: QtBot, tab: VisitsTab, town: SmallTown
) -> None:
    column = [field.key for field in tab.table.rows.fields].index("head")
    place = tab.table.rows.place_of(town["见到"])
    assert place is not None
    qtbot.waitUntil(lambda: tab.table.rows.index(place, column).data() == "李*")
    assert tab.table.view.focusPolicy() is not Qt.FocusPolicy.NoFocus


def _said(town: SmallTown) -> object:
    from stationdesk.core.changes import ChangeSet, created

    change = created("visit", {}, town["又一次"])
    return ChangeSet(town["又一次"], "", (change,))


def test_a_new_visit_begins_with_the_household(qtbot: QtBot, tab: VisitsTab) -> None:
    pressed(tab, "visit_new")
    qtbot.waitUntil(lambda: tab.form.is_new)
    assert tab.form.boxes["household_key"].editor.main.hasFocus()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen
def test_whom_one_meets_is_looked_for_first_in_the_household_that_is_visited(
    qtbot: QtBot, tab: VisitsTab, town: SmallTown
) -> None:
    tab.begin({"household_key": town["王秀英家"]})
    qtbot.waitUntil(lambda: tab.form.is_new)
    line = tab.form.boxes["person_key"].editor.main
    assert isinstance(line, QLineEdit)
    assert line.hasFocus()
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    finder = line.completer()
    assert finder is not None
    popup = finder.popup()
    assert popup is not None

    def offered() -> list[str]:
        model = popup.model()
        return [str(model.index(row, 0).data())[:3] for row in range(model.rowCount())]

    qtbot.waitUntil(lambda: offered() == ["王秀英"])
    # Who lives elsewhere is found by name.
    QTest.keyClicks(line, "lsl")
    qtbot.waitUntil(lambda: offered() == ["李守林"])


def test_members_come_before_namesakes_elsewhere(town: SmallTown) -> None:
    other = town.add("person", "另一个王", name="王秀英", household_key=town["李守林家"], opened_on=TODAY)
    for home, first in (("王秀英家", town["王秀英"]), ("李守林家", other)):
        near = Filter("household_key", frozenset({town[home]}))
        found = pick_near(town.store, "person", "王秀英", 20, near)
        assert found[0].key == first
        assert {each.key for each in found} == {town["王秀英"], other}
