from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from stationdesk.core.vocab import NeedStatus
from stationdesk.services.listing import Row, row_of
from stationdesk.ui.forms import Kit
from stationdesk.ui.tabs.closing import ClosingDialog
from stationdesk.ui.tabs.needs import NeedsTab
from tests.small_town import SmallTown
from tests.ui.tabs.acting import pressed, shown
from tests.ui.tabs.writing import choose, opened, saved, seen, write


@pytest.fixture
def tab(qtbot: QtBot, town_kit: Kit) -> NeedsTab:
    made = shown(qtbot, NeedsTab(town_kit))
    qtbot.waitUntil(lambda: made.form.key is not None)
    return made


def _row(town: SmallTown, name: str) -> Row:
    row = row_of(town.store, "need", town[name])
    assert row is not None
    return row


def _buttons(tab: NeedsTab) -> list[QPushButton]:
    return [each for each in tab.findChildren(QPushButton, "need_close") if each.isVisible()]


def test_the_next_step_of_a_need_is_to_find_resources(qtbot: QtBot, tab: NeedsTab, town: SmallTown) -> None:
    opened(qtbot, tab, town["送药"])
    with qtbot.waitSignal(tab.find_resources) as wanted:
        pressed(tab, "need_find_resources")
    assert wanted.args == [town["送药"]]


def test_a_need_is_closed_only_with_the_reason_that_its_end_asks_for(
    qtbot: QtBot, tab: NeedsTab, town: SmallTown
) -> None:
    opened(qtbot, tab, town["送药"])
    pressed(tab, "need_close")
    dialog = tab.findChild(ClosingDialog)
    assert dialog is not None
    seen(dialog, QRadioButton, "need_closing_unmeetable").setChecked(True)
    accept = seen(dialog, QPushButton, "need_closing_accept")
    assert not accept.isEnabled()
    reason = seen(dialog, QPlainTextEdit, "need_closing_reason")
    QTest.keyClicks(reason, "no medicine")
    assert accept.isEnabled()
    QTest.mouseClick(accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _row(town, "送药").values["status"] is NeedStatus.UNMEETABLE)
    assert _row(town, "送药").values["close_reason"] == "no medicine"
    qtbot.waitUntil(lambda: _buttons(tab) == [])


def test_a_need_that_is_late_says_so(qtbot: QtBot, tab: NeedsTab, town: SmallTown) -> None:
    opened(qtbot, tab, town["心理"])
    assert "2 天" in tab.form.banner.text


def test_the_scope_of_needs_without_a_match_can_be_chosen(qtbot: QtBot, tab: NeedsTab) -> None:
    qtbot.waitUntil(lambda: len(tab.table.rows.keys) == 4)
    pressed(tab, "need.scope.unmatched")
    qtbot.waitUntil(lambda: len(tab.table.rows.keys) == 3)


def test_a_need_begun_for_a_person_belongs_to_the_household_too(
    qtbot: QtBot, tab: NeedsTab, town: SmallTown
) -> None:
    tab.begin_record("need", {"person_key": town["王秀英"]})
    qtbot.waitUntil(lambda: tab.form.is_new)
    qtbot.waitUntil(lambda: tab.kit.codes.label("need_item", "K4-01") != "K4-01")
    choose(tab, "need.item", tab.kit.codes.label("need_item", "K4-01"))
    choose(tab, "need.result", "资金性")
    key = saved(qtbot, tab)
    row = row_of(town.store, "need", key)
    assert row is not None
    assert row.values["household_key"] == town["王秀英家"]


def test_moving_to_another_row_asks_first_and_keeps_what_was_typed(
    qtbot: QtBot, tab: NeedsTab, town: SmallTown
) -> None:
    opened(qtbot, tab, town["送药"])
    write(tab, "need.quantity", "三盒")
    tab.table.select(town["心理"])
    assert tab.form.leave_bar.isVisible()
    assert tab.form.key == town["送药"]
    pressed(tab, "need_leave_stay")
    assert tab.table.current_key == town["送药"]
    assert tab.form.values()["quantity"] == "三盒"


def test_escape_goes_back_to_the_list_and_enter_into_the_form(
    qtbot: QtBot, tab: NeedsTab, town: SmallTown
) -> None:
    opened(qtbot, tab, town["送药"])
    tab.table.view.setFocus()
    QTest.keyClick(tab.table.view, Qt.Key.Key_Return)
    focused = tab.focusWidget()
    assert tab.form.isAncestorOf(focused)
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: tab.focusWidget() is tab.table.view)
