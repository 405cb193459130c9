from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from stationdesk.services.history import undo
from stationdesk.services.listing import Filter, Query, keys_of, row_of
from stationdesk.ui.dialogs.record import RecordDialog
from stationdesk.ui.forms import Kit
from stationdesk.ui.tabs.clients import ClientsTab
from stationdesk.ui.tabs.villages import VillagePage
from tests.small_town import TODAY, SmallTown
from tests.ui.tabs.acting import button, pressed, shown
from tests.ui.tabs.writing import begun, opened, saved, seen, write


@pytest.fixture
def tab(qtbot: QtBot, town_kit: Kit) -> ClientsTab:
    made = shown(qtbot, ClientsTab(town_kit))
    qtbot.waitUntil(lambda: made.households.form.key is not None)
    return made


@pytest.fixture
def page(qtbot: QtBot, tab: ClientsTab, town: SmallTown) -> VillagePage:
    """The villages, with 柳河村 open."""
    pressed(tab, "clients_household_switch_2")
    assert tab.current is tab.villages
    opened(qtbot, tab.villages, town["柳河村"])
    return tab.villages


def _titles(page: VillagePage) -> set[str]:
    pages = page.form.pages
    return {pages.tabText(place) for place in range(pages.count())}


def _dialog(qtbot: QtBot, page: VillagePage) -> RecordDialog:
    def open_ones() -> list[RecordDialog]:
        return [
            each for each in page.findChildren(RecordDialog) if each.form.key is not None and each.isVisible()
        ]

    qtbot.waitUntil(lambda: bool(open_ones()))
    return open_ones()[-1]


def test_a_village_is_registered_and_its_facts_are_kept(
    qtbot: QtBot, page: VillagePage, town: SmallTown
) -> None:
    begun(qtbot, page)
    write(page, "village.name", "石桥村")
    write(page, "village.code", "999999100206")
    key = saved(qtbot, page)
    place = next(
        each for each in range(page.form.pages.count()) if page.form.pages.tabText(each) == "基本情况"
    )
    page.form.pages.setCurrentIndex(place)
    write(page, "village.population", "852")
    saved(qtbot, page)
    row = row_of(town.store, "village", key)
    assert row is not None
    assert (row.values["name"], row.values["population"]) == ("石桥村", 852)


def test_a_wrong_village_code_is_refused_and_kept_in_the_form(qtbot: QtBot, page: VillagePage) -> None:
    write(page, "village.code", "12")
    page.form.foot.save.click()
    qtbot.waitUntil(page.form.refusal.isVisible)
    assert "12 位" in page.form.refusal.text
    assert seen(page, QLineEdit, "village.code").text() == "12"
    page.form.discard()


def test_groups_households_and_resources_of_a_village_are_counted(qtbot: QtBot, page: VillagePage) -> None:
    qtbot.waitUntil(lambda: {"村民组 1", "户 3", "资源 3"} <= _titles(page))


def test_a_group_is_added_and_renamed_in_its_village(
    qtbot: QtBot, page: VillagePage, town: SmallTown
) -> None:
    page.form.pages.setCurrentWidget(page.groups)
    pressed(page, "group_add")
    dialog = _dialog(qtbot, page)
    write(dialog, "village_group.name", "4组")
    with qtbot.waitSignal(dialog.accepted):
        dialog.form.foot.save.click()
    qtbot.waitUntil(lambda: "村民组 2" in _titles(page))
    in_village = Query("village_group", filters=(Filter("village_key", frozenset({town["柳河村"]})),))
    new = next(key for key in keys_of(town.store, in_village) if key != town["三组"])

    page.groups.table.select(new)
    qtbot.waitUntil(lambda: button(page, "group_edit").isEnabled())
    pressed(page, "group_edit")
    dialog = _dialog(qtbot, page)
    write(dialog, "village_group.name", "四组")
    with qtbot.waitSignal(dialog.accepted):
        dialog.form.foot.save.click()
    row = row_of(town.store, "village_group", new)
    assert row is not None
    assert row.values["name"] == "四组"
    undo(town.store)
    undo(town.store)
    assert len(keys_of(town.store, in_village)) == 1


def test_groups_stand_in_the_order_of_entry(qtbot: QtBot, page: VillagePage, town: SmallTown) -> None:
    later = [
        town.add("village_group", name, name=name, village_key=town["柳河村"]) for name in ("乙组", "二组")
    ]
    page.groups.table.refresh()
    qtbot.waitUntil(lambda: page.groups.table.rows.keys == (town["三组"], *later))


def test_a_group_opens_in_its_village(qtbot: QtBot, tab: ClientsTab, town: SmallTown) -> None:
    tab.open_record("village_group", town["三组"])
    page = tab.villages
    qtbot.waitUntil(lambda: page.form.key == town["柳河村"])
    qtbot.waitUntil(lambda: page.groups.table.current_key == town["三组"])
    assert page.form.pages.currentWidget() is page.groups


def test_a_village_with_households_is_not_removed(qtbot: QtBot, page: VillagePage, town: SmallTown) -> None:
    notices: list[str] = []
    page.desk.noticed.connect(lambda notice: notices.append(notice.text))
    pressed(page, "village_remove")
    qtbot.waitUntil(lambda: any("还有别的记录用到" in each for each in notices))
    assert row_of(town.store, "village", town["柳河村"]) is not None


def test_a_household_is_begun_in_the_village(
    qtbot: QtBot, tab: ClientsTab, town: SmallTown, page: VillagePage
) -> None:
    place = next(
        each for each in range(page.form.pages.count()) if page.form.pages.tabText(each).startswith("户")
    )
    page.form.pages.setCurrentIndex(place)
    pressed(page, "village_household_add")
    qtbot.waitUntil(lambda: tab.households.form.is_new)
    assert tab.current is tab.households
    assert tab.households.form.values()["village_key"] == town["柳河村"]


def test_a_resource_is_begun_in_another_tab(
    qtbot: QtBot, tab: ClientsTab, town: SmallTown, page: VillagePage
) -> None:
    place = next(
        each for each in range(page.form.pages.count()) if page.form.pages.tabText(each).startswith("资源")
    )
    page.form.pages.setCurrentIndex(place)
    with qtbot.waitSignal(tab.begin_wanted) as wanted:
        pressed(page, "village_resource_add")
    assert wanted.args == ["resource", {"village_key": town["柳河村"]}]


def test_a_village_that_was_dissolved_says_so(qtbot: QtBot, page: VillagePage, town: SmallTown) -> None:
    gone = town.add("village", "旧村", name="旧村", until=TODAY - timedelta(days=1))
    page.open_record("village", gone)
    qtbot.waitUntil(page.form.banner.isVisible)
    assert page.form.banner.text == "这个村居已于 2026-11-21 撤销。"


def test_what_is_typed_in_one_library_holds_the_others_back(
    qtbot: QtBot, tab: ClientsTab, page: VillagePage
) -> None:
    write(page, "village.secretary", "林书记")
    assert tab.unsaved
    left: list[bool] = []
    tab.ask_to_leave(lambda: left.append(True))
    assert not left
    pressed(page, "village_leave_discard")
    assert left == [True]
