from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from stationdesk.core.vocab import Datum, DatumOrigin, Dimension, MapClass
from stationdesk.services.history import history_of, undo
from stationdesk.services.listing import Filter, Query, keys_of, resource_part_of, row_of
from stationdesk.ui.forms import Kit
from stationdesk.ui.tabs.resources import ResourcePage
from tests.small_town import TODAY, SmallTown
from tests.ui.tabs.acting import pressed, shown
from tests.ui.tabs.writing import begun, choose, opened, saved, seen, write


@pytest.fixture
def tab(qtbot: QtBot, town_kit: Kit) -> ResourcePage:
    made = shown(qtbot, ResourcePage(town_kit))
    qtbot.waitUntil(lambda: made.form.key is not None)
    return made


def _titles(tab: ResourcePage) -> list[str]:
    pages = tab.form.pages
    return [pages.tabText(each) for each in range(pages.count()) if pages.isTabVisible(each)]


def test_the_first_record_is_open_when_the_tab_is_shown(tab: ResourcePage) -> None:
    assert tab.form.key == tab.table.rows.keys[0]


def test_a_resource_and_its_typed_part_are_saved_and_undone_as_one_step(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown
) -> None:
    begun(qtbot, tab)
    write(tab, "resource.name", "木工老周")
    choose(tab, "resource.dimension", "人力资源")
    choose(tab, "resource.map_class", "便民生活")
    tab.form.pages.setCurrentWidget(tab.form.page_titled("人力"))
    write(tab, "resource_human.occupation", "木匠")
    key = saved(qtbot, tab)
    part = resource_part_of(town.store, key)
    assert part is not None
    assert part.values["occupation"] == "木匠"
    undo(town.store)
    assert row_of(town.store, "resource", key) is None
    assert resource_part_of(town.store, key) is None


def test_the_typed_part_of_a_saved_resource_is_shown_and_edited(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown
) -> None:
    opened(qtbot, tab, town["照料中心"])
    tab.form.pages.setCurrentWidget(tab.form.page_titled("空间"))
    write(tab, "resource_space.seats", "40")
    saved(qtbot, tab)
    opened(qtbot, tab, town["卫生院"])
    opened(qtbot, tab, town["照料中心"])
    tab.form.pages.setCurrentWidget(tab.form.page_titled("空间"))
    assert seen(tab, QLineEdit, "resource_space.seats").text() == "40"
    write(tab, "resource_space.seats", "50")
    saved(qtbot, tab)
    part = resource_part_of(town.store, town["照料中心"])
    assert part is not None
    assert part.values["seats"] == 50


def test_only_the_page_of_the_own_dimension_is_shown(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown
) -> None:
    opened(qtbot, tab, town["照料中心"])
    assert "空间" in _titles(tab)
    assert not {"人力", "组织", "经费", "政策"} & set(_titles(tab))
    choose(tab, "resource.dimension", "政策资源")
    assert "政策" in _titles(tab)
    assert "空间" not in _titles(tab)


def test_a_pasted_coordinate_is_not_taken_before_its_datum_is_told(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown
) -> None:
    opened(qtbot, tab, town["照料中心"])
    tab.form.pages.setCurrentWidget(tab.form.page_titled("位置"))
    write(tab, "resource_coordinate", "34.50123, 114.30456")
    assert not tab.form.unsaved
    assert "哪种坐标" in seen(tab, QLabel, "resource_coordinate_remark").text()
    datum = seen(tab, QComboBox, "resource_datum")
    datum.setFocus()
    for _time in range(2):
        QTest.keyClick(datum, Qt.Key.Key_Down)
    saved(qtbot, tab)
    row = row_of(town.store, "resource", town["照料中心"])
    assert row is not None
    assert row.values["place_text"] == "34.50123, 114.30456"
    assert row.values["place_datum"] is Datum.GCJ02
    assert row.values["place_origin"] is DatumOrigin.PASTED
    assert 0.001 < abs(row.values["latitude"] - 34.50123) < 0.01


def test_a_latitude_is_not_typed_without_its_datum(qtbot: QtBot, tab: ResourcePage, town: SmallTown) -> None:
    opened(qtbot, tab, town["卫生院"])
    tab.form.pages.setCurrentWidget(tab.form.page_titled("位置"))
    assert seen(tab, QLineEdit, "resource.latitude").isReadOnly()
    pressed(tab, "resource_clear_place")
    saved(qtbot, tab)
    row = row_of(town.store, "resource", town["卫生院"])
    assert row is not None
    assert row.values["latitude"] is None


def test_what_was_not_verified_for_long_is_said_and_settled_with_one_press(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown
) -> None:
    opened(qtbot, tab, town["理发队"])
    assert "300 天" in tab.form.banner.text
    pressed(tab, "resource_verify")
    qtbot.waitUntil(lambda: not tab.form.banner.isVisible())
    row = row_of(town.store, "resource", town["理发队"])
    assert row is not None
    assert row.values["verified_on"] == TODAY


def test_the_scope_of_what_is_to_be_verified_filters_and_counts(qtbot: QtBot, tab: ResourcePage) -> None:
    chip = seen(tab, QPushButton, "resource.scope.verify")
    qtbot.waitUntil(lambda: chip.text() == "待核实 2")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(tab.table.rows.keys) == 2)
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(tab.table.rows.keys) == 5)


def test_chips_say_what_they_are_without_the_word_they_share(qtbot: QtBot, tab: ResourcePage) -> None:
    chip = seen(tab, QPushButton, f"resource.dimension.chip.{Dimension.SPACE.value}")
    qtbot.waitUntil(lambda: chip.text() == "空间 1")
    assert chip.toolTip() == "空间资源"


def test_who_needs_it_is_counted_shown_and_matched(qtbot: QtBot, tab: ResourcePage, town: SmallTown) -> None:
    opened(qtbot, tab, town["救助"])
    button = seen(tab, QPushButton, "resource_who_needs")
    qtbot.waitUntil(lambda: button.text() == "谁需要它 (1)")
    assert "谁需要 1" not in _titles(tab)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "谁需要 1" in _titles(tab)
    assert tab.wanted.table.selected_keys() == (town["救急"],)
    pressed(tab, "resource_match_need")
    made = Query("match", filters=(Filter("resource_key", frozenset({town["救助"]})),))
    qtbot.waitUntil(lambda: len(keys_of(town.store, made)) == 1)
    qtbot.waitUntil(lambda: "对接 1" in _titles(tab))


def test_a_contact_is_masked_until_it_is_revealed_and_that_is_on_record(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown
) -> None:
    key = town.add(
        "resource",
        "木匠",
        name="木匠",
        dimension=Dimension.PEOPLE,
        map_class=MapClass.CONVENIENCE,
        contact="周大山",
        phone="13800001234",
    )
    opened(qtbot, tab, key)
    tab.form.pages.setCurrentWidget(tab.form.page_titled("联系"))
    masked = seen(tab, QLineEdit, "resource.phone.masked")
    assert masked.text() == "138****1234"
    assert masked.isReadOnly()
    pressed(tab, "resource.phone.reveal")
    qtbot.waitUntil(lambda: not tab.form.boxes["phone"].masked)
    assert seen(tab, QLineEdit, "resource.phone").text() == "13800001234"
    assert seen(tab, QLineEdit, "resource.contact").text() == "周大山"
    assert "查看了隐去的内容" in [entry.sentence for entry in history_of(town.store, "resource", key)]
    opened(qtbot, tab, town["卫生院"])
    opened(qtbot, tab, key)
    assert tab.form.boxes["phone"].masked


def test_delete_removes_without_a_question_and_undo_brings_back(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown
) -> None:
    tab.table.select(town["理发队"])
    qtbot.waitUntil(lambda: tab.form.key == town["理发队"])
    QTest.keyClick(tab.table.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(tab.table.rows.keys) == 4)
    assert row_of(town.store, "resource", town["理发队"]) is None
    tab.desk.change(undo)
    qtbot.waitUntil(lambda: len(tab.table.rows.keys) == 5)


def test_a_resource_in_use_is_not_deleted_and_that_is_said(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown
) -> None:
    opened(qtbot, tab, town["卫生院"])
    with qtbot.waitSignal(tab.desk.noticed) as told:
        pressed(tab, "resource_remove")
    assert "没有删除" in told.args[0].text
    assert row_of(town.store, "resource", town["卫生院"]) is not None


def test_the_map_and_the_hand_out_are_asked_for_by_signals(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown
) -> None:
    opened(qtbot, tab, town["卫生院"])
    with qtbot.waitSignal(tab.show_on_map) as shown_on:
        pressed(tab, "resource_on_map")
    assert shown_on.args == ["resource", town["卫生院"]]
    with qtbot.waitSignals([tab.handout_wanted, tab.import_wanted]):
        pressed(tab, "resource_handout")
        pressed(tab, "resource_import")


def test_the_history_is_read_when_it_is_looked_at(qtbot: QtBot, tab: ResourcePage, town: SmallTown) -> None:
    opened(qtbot, tab, town["卫生院"])
    tab.form.pages.setCurrentWidget(tab.history)
    model = tab.history.view.model()
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    assert model.index(0, 1).data() == "程序" or model.index(0, 1).data() == "林站长"
