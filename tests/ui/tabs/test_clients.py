from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from stationdesk.core.vocab import Sex
from stationdesk.services.history import history_of, undo
from stationdesk.services.households import members_of
from stationdesk.services.listing import Filter, Query, keys_of, row_of
from stationdesk.ui.forms import Kit
from stationdesk.ui.tabs.categories import CategoryDialog
from stationdesk.ui.tabs.clients import ClientsTab
from tests.small_town import TODAY, SmallTown
from tests.ui.tabs.acting import pressed, shown
from tests.ui.tabs.writing import begun, choose, opened, saved, seen, write

GOOD = "999999194912310020"
"""An invented number under an area code that no place has: a woman born on the last day of 1949."""


def _right_digit(number: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    return number[:17] + "10X98765432"[total % 11]


@pytest.fixture
def tab(qtbot: QtBot, town_kit: Kit) -> ClientsTab:
    made = shown(qtbot, ClientsTab(town_kit))
    qtbot.waitUntil(lambda: made.households.form.key is not None)
    return made


def test_a_new_household_and_its_first_person_are_one_step(
    qtbot: QtBot, tab: ClientsTab, town: SmallTown
) -> None:
    page = tab.households
    begun(qtbot, page)
    write(page, "person.name", "周小禾")
    write(page, "person.id_number", _right_digit(GOOD))
    QTest.keyClick(seen(page, QLineEdit, "person.id_number"), Qt.Key.Key_Tab)
    assert page.form.values()["person.sex"] is Sex.FEMALE
    home = saved(qtbot, page)
    (person,) = members_of(town.store, home)
    row = row_of(town.store, "person", person)
    assert row is not None
    assert (row.values["name"], row.values["is_head"], row.values["birth_date"]) == (
        "周小禾",
        True,
        date(1949, 12, 31),
    )
    undo(town.store)
    assert row_of(town.store, "household", home) is None
    assert row_of(town.store, "person", person) is None


def test_a_household_may_be_entered_without_a_person(qtbot: QtBot, tab: ClientsTab, town: SmallTown) -> None:
    page = tab.households
    begun(qtbot, page)
    page.form.pages.setCurrentIndex(1)
    write(page, "household.address", "柳河村 5 组 8 号")
    home = saved(qtbot, page)
    assert members_of(town.store, home) == ()


def test_a_namesake_is_warned_of_while_the_name_is_typed(qtbot: QtBot, tab: ClientsTab) -> None:
    page = tab.households
    begun(qtbot, page)
    write(page, "person.name", "李守林")
    qtbot.waitUntil(page.form.banner.isVisible)
    assert "李守林" in page.form.banner.text
    write(page, "person.name", "李守林二")
    qtbot.waitUntil(lambda: not page.form.banner.isVisible())


def test_a_wrong_number_is_kept_only_as_doubtful(qtbot: QtBot, tab: ClientsTab, town: SmallTown) -> None:
    tab.begin_record("person", {"household_key": town["李守林家"]})
    page = tab.people
    qtbot.waitUntil(lambda: page.form.is_new)
    write(page, "person.name", "李小满")
    good = _right_digit(GOOD)
    wrong = good[:17] + ("1" if good[17] != "1" else "2")
    write(page, "person.id_number", wrong)
    page.form.foot.save.click()
    qtbot.waitUntil(page.form.refusal.isVisible)
    assert "号码待核" in page.form.refusal.text
    QTest.keyClick(seen(page, QCheckBox, "person.id_doubtful"), Qt.Key.Key_Space)
    key = saved(qtbot, page)
    row = row_of(town.store, "person", key)
    assert row is not None
    assert row.values["id_doubtful"] is True
    assert len(members_of(town.store, town["李守林家"])) == 2


def test_members_visits_and_needs_of_a_household_are_counted_on_its_pages(
    qtbot: QtBot, tab: ClientsTab, town: SmallTown
) -> None:
    opened(qtbot, tab.households, town["王秀英家"])
    pages = tab.households.form.pages

    def titles() -> set[str]:
        return {pages.tabText(place) for place in range(pages.count())}

    qtbot.waitUntil(lambda: {"成员 1", "走访 1", "需求 2"} <= titles())


def test_a_member_is_added_from_the_household(qtbot: QtBot, tab: ClientsTab, town: SmallTown) -> None:
    page = tab.households
    opened(qtbot, page, town["李守林家"])
    place = next(each for each in range(page.form.pages.count()) if "成员" in page.form.pages.tabText(each))
    page.form.pages.setCurrentIndex(place)
    pressed(page, "household_add_member")
    qtbot.waitUntil(lambda: tab.people.form.is_new)
    assert tab.current is tab.people
    assert tab.people.form.values()["household_key"] == town["李守林家"]


def test_a_member_opened_in_the_household_is_shown_among_the_people(
    qtbot: QtBot, tab: ClientsTab, town: SmallTown
) -> None:
    tab.households.open_wanted.emit("person", town["王秀英"])
    qtbot.waitUntil(lambda: tab.people.form.key == town["王秀英"])
    assert tab.current is tab.people


def test_a_name_is_masked_until_the_card_is_revealed(qtbot: QtBot, tab: ClientsTab, town: SmallTown) -> None:
    tab.open_record("person", town["王秀英"])
    page = tab.people
    qtbot.waitUntil(lambda: page.form.key == town["王秀英"])
    assert seen(page, QLineEdit, "person.name.masked").text() == "王*"
    pressed(page, "person.name.reveal")
    qtbot.waitUntil(lambda: not page.form.boxes["name"].masked)
    assert seen(page, QLineEdit, "person.name").text() == "王秀英"
    assert history_of(town.store, "person", town["王秀英"])[0].sentence == "查看了隐去的内容"


def test_saving_does_not_hide_again_what_was_revealed(qtbot: QtBot, tab: ClientsTab, town: SmallTown) -> None:
    tab.open_record("person", town["王秀英"])
    page = tab.people
    qtbot.waitUntil(lambda: page.form.key == town["王秀英"])
    pressed(page, "person.name.reveal")
    qtbot.waitUntil(lambda: not page.form.boxes["name"].masked)
    write(page, "person.name", "王秀瑛")
    saved(qtbot, page)
    qtbot.waitUntil(lambda: not tab.desk.under_way)
    assert not page.form.boxes["name"].masked


def test_a_category_is_added_edited_and_ended(qtbot: QtBot, tab: ClientsTab, town: SmallTown) -> None:
    tab.open_record("person", town["李守林"])
    page = tab.people
    qtbot.waitUntil(lambda: page.form.key == town["李守林"])
    page.form.pages.setCurrentWidget(page.categories)
    qtbot.waitUntil(lambda: len(page.categories.table.rows.keys) == 1)
    pressed(page, "category_add")
    dialog = page.categories.findChild(CategoryDialog)
    assert dialog is not None
    qtbot.waitUntil(
        lambda: dialog.form.boxes["category"].editor.kit.codes.label("client_group", "G01") != "G01"
    )
    choose(
        dialog,
        "person_category.category",
        dialog.form.boxes["category"].editor.kit.codes.label("client_group", "G01"),
    )
    with qtbot.waitSignal(dialog.finished):
        dialog.form.foot.save.click()
    qtbot.waitUntil(lambda: len(page.categories.table.rows.keys) == 2)
    carried = Query("person_category", filters=(Filter("person_key", frozenset({town["李守林"]})),))
    newest = keys_of(town.store, carried)[0]
    page.categories.table.select(newest)
    pressed(page, "category_end")

    def ended() -> bool:
        row = row_of(town.store, "person_category", newest)
        return row is not None and row.values["until"] == TODAY

    qtbot.waitUntil(ended)


def test_an_unsaved_household_is_told_of_before_the_window_closes(qtbot: QtBot, tab: ClientsTab) -> None:
    begun(qtbot, tab.households)
    write(tab.households, "person.name", "没存")
    assert tab.unsaved
    went: list[bool] = []
    tab.ask_to_leave(lambda: went.append(True))
    assert not went
    pressed(tab.households, "household_leave_discard")
    assert went == [True]
    assert not tab.unsaved


def test_people_are_filtered_by_what_they_carry(qtbot: QtBot, tab: ClientsTab, town: SmallTown) -> None:
    pressed(tab, "clients_household_switch_1")
    page = tab.people
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 3)
    label = page.kit.codes.label("client_group", "G13")
    choose(page, "person.filter.category", label)
    qtbot.waitUntil(lambda: page.table.rows.keys == (town["李守林"],))
    pressed(page, "person_filter_clear")
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 3)


@pytest.mark.parametrize(
    ("modifier", "chosen"),
    [(Qt.KeyboardModifier.ShiftModifier, (0, 1, 2)), (Qt.KeyboardModifier.ControlModifier, (0, 2))],
)
def test_rows_are_chosen_with_the_mouse_and_stay_chosen_though_the_last_is_shown(
    qtbot: QtBot, tab: ClientsTab, modifier: Qt.KeyboardModifier, chosen: tuple[int, ...]
) -> None:
    pressed(tab, "clients_household_switch_1")
    page = tab.people
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 3)

    def click(row: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        view = page.table.view
        at = view.visualRect(page.table.rows.index(row, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, held, at)
        qtbot.waitUntil(lambda: page.form.key == page.table.rows.keys[row])

    click(0)
    click(2, modifier)
    assert page.table.selected_keys() == tuple(page.table.rows.keys[row] for row in chosen)
