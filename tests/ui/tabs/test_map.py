from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from stationdesk.core.vocab import Datum
from stationdesk.db.models.audit import AuditEntry
from stationdesk.services import history
from stationdesk.services.listing import Query, Row, keys_of, row_of
from stationdesk.services.places import locate
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.record import RecordDialog
from stationdesk.ui.forms import Kit
from stationdesk.ui.tabs.map import MapTab
from tests.small_town import SmallTown
from tests.ui.tabs import writing
from tests.ui.tabs.acting import pressed, shown
from tests.ui.tabs.on_the_map import SOON, Evaluate, banner, click, click_at, label, press_key


@pytest.fixture
def tab(map_tab: MapTab) -> MapTab:
    return map_tab


def stored(town: SmallTown, record: str, name: str) -> Row:
    row = row_of(town.store, record, town[name])
    assert row is not None
    return row


def test_everything_with_a_place_is_drawn_and_counted(tab: MapTab, evaluate: Evaluate) -> None:
    assert tab.drawn == (3, 3)
    assert evaluate("document.querySelector('.count strong').textContent") == "已绘 3 / 3"
    assert label(tab, "map_withheld") == "另有 1 户按规定不上图"
    assert tab.view.gate.refused == 0


def test_the_places_of_households_are_shown_on_request_and_put_away_again(
    qtbot: QtBot, tab: MapTab, town: SmallTown
) -> None:
    writing.choose(tab, "map_level", "逐户位置")
    dialog = tab.window().findChild(QDialog, "unlock_dialog")
    assert dialog is not None
    assert tab.drawn == (3, 3)
    pressed(dialog, "unlock_save")
    qtbot.waitUntil(lambda: tab.drawn == (4, 4), timeout=SOON)
    with town.store.reading() as session:
        told = session.scalars(select(AuditEntry.action)).all()
    assert "revealed" in told
    writing.choose(tab, "map_level", "只有资源")
    qtbot.waitUntil(lambda: tab.drawn == (3, 3), timeout=SOON)


def test_a_household_asked_for_from_its_form_is_shown_after_unlocking(
    qtbot: QtBot, tab: MapTab, town: SmallTown
) -> None:
    tab.open_record("household", town["李守林家"])
    qtbot.waitUntil(lambda: tab.window().findChild(QDialog, "unlock_dialog") is not None, timeout=SOON)
    dialog = tab.window().findChild(QDialog, "unlock_dialog")
    assert dialog is not None
    pressed(dialog, "unlock_save")
    qtbot.waitUntil(lambda: tab.drawn == (4, 4), timeout=SOON)
    qtbot.waitUntil(lambda: label(tab, "map_chosen_title").startswith("户-"), timeout=SOON)


def test_a_record_chosen_elsewhere_is_shown_with_its_popup_fields(
    qtbot: QtBot, tab: MapTab, town: SmallTown, evaluate: Evaluate
) -> None:
    tab.open_record("resource", town["卫生院"])
    qtbot.waitUntil(lambda: label(tab, "map_chosen_title") == "医-01 柳河镇卫生院", timeout=SOON)
    qtbot.waitUntil(
        lambda: "看病、送药、义诊" in evaluate("document.querySelector('.card-lines')?.textContent ?? ''"),
        timeout=SOON,
    )
    with qtbot.waitSignal(tab.open_wanted) as opened:
        pressed(tab, "map_open")
    assert opened.args == ["resource", town["卫生院"]]


def test_a_mark_that_is_clicked_is_shown_beside_the_map(
    qtbot: QtBot, tab: MapTab, town: SmallTown, evaluate: Evaluate
) -> None:
    tab.open_record("resource", town["卫生院"])
    qtbot.waitUntil(lambda: label(tab, "map_chosen_title").endswith("卫生院"), timeout=SOON)
    place = stored(town, "resource", "理发队").values
    click(tab, evaluate, place["latitude"], place["longitude"])
    qtbot.waitUntil(lambda: label(tab, "map_chosen_title").endswith("巧手理发队"), timeout=SOON)


def test_a_record_without_a_place_is_put_where_the_map_is_clicked(
    qtbot: QtBot, tab: MapTab, town: SmallTown, evaluate: Evaluate
) -> None:
    tab.open_record("resource", town["照料中心"])
    qtbot.waitUntil(lambda: "照料中心" in banner(evaluate), timeout=SOON)
    click(tab, evaluate, 34.502, 114.303)
    qtbot.waitUntil(lambda: stored(town, "resource", "照料中心").values["latitude"] is not None, timeout=SOON)
    assert stored(town, "resource", "照料中心").values["latitude"] == pytest.approx(34.502, abs=0.001)
    qtbot.waitUntil(lambda: tab.drawn == (4, 4), timeout=SOON)


def test_escape_leaves_a_record_where_it_was(
    qtbot: QtBot, tab: MapTab, town: SmallTown, evaluate: Evaluate
) -> None:
    tab.open_record("resource", town["照料中心"])
    qtbot.waitUntil(lambda: bool(banner(evaluate)), timeout=SOON)
    press_key(tab, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not banner(evaluate), timeout=SOON)
    assert stored(town, "resource", "照料中心").values["latitude"] is None


def test_a_place_is_moved_by_a_button_and_undone(
    qtbot: QtBot, tab: MapTab, town: SmallTown, town_desk: Desk, evaluate: Evaluate
) -> None:
    before = stored(town, "resource", "卫生院").values["latitude"]
    tab.open_record("resource", town["卫生院"])
    qtbot.waitUntil(lambda: label(tab, "map_chosen_title").endswith("卫生院"), timeout=SOON)
    pressed(tab, "map_place")
    qtbot.waitUntil(lambda: "卫生院" in banner(evaluate), timeout=SOON)
    click_at(tab, QPoint(160, 420))  # far from the popup, which stands above the mark
    qtbot.waitUntil(lambda: stored(town, "resource", "卫生院").values["latitude"] != before, timeout=SOON)
    town_desk.change(history.undo)
    qtbot.waitUntil(lambda: stored(town, "resource", "卫生院").values["latitude"] == before, timeout=SOON)


def test_a_typed_coordinate_asks_for_its_datum_and_keeps_what_was_typed(
    qtbot: QtBot, tab: MapTab, town: SmallTown
) -> None:
    tab.open_record("household", town["赵小朋家"])
    qtbot.waitUntil(tab.card.type.isVisible, timeout=SOON)
    pressed(tab, "map_type")
    dialog = tab.findChild(QDialog, "coordinates_dialog")
    assert dialog is not None
    line = dialog.findChild(QLineEdit, "coordinates_text")
    assert line is not None
    QTest.keyClicks(line, "34.5061, 114.3061")
    pressed(dialog, f"coordinates_{Datum.GCJ02.value}")
    pressed(dialog, "coordinates_ok")
    qtbot.waitUntil(
        lambda: stored(town, "household", "赵小朋家").values["latitude"] is not None, timeout=SOON
    )
    values = stored(town, "household", "赵小朋家").values
    assert (values["place_text"], values["place_datum"]) == ("34.5061, 114.3061", Datum.GCJ02)
    assert 100 < abs(values["longitude"] - 114.3061) * 91_000 < 900  # converted once, neither never nor twice


def test_a_household_that_must_not_be_on_a_map_is_not_and_cannot_be_put_there(
    qtbot: QtBot, tab: MapTab, town: SmallTown
) -> None:
    tab.open_record("household", town["王秀英家"])
    qtbot.waitUntil(lambda: "按规定不上图" in label(tab, "map_chosen_remark"), timeout=SOON)
    assert not tab.card.place.isVisible()


def test_a_change_made_elsewhere_comes_as_a_patch_that_keeps_the_view(
    qtbot: QtBot, tab: MapTab, town: SmallTown, town_desk: Desk, evaluate: Evaluate
) -> None:
    before = evaluate("[stationdesk.map.getCenter(), stationdesk.map.getZoom()]")
    town_desk.change(lambda store: locate(store, "village", town["东岗村"], 34.503, 114.298), owner=tab)
    qtbot.waitUntil(lambda: tab.drawn == (4, 4), timeout=SOON)
    assert evaluate("[stationdesk.map.getCenter(), stationdesk.map.getZoom()]") == before


def test_the_lists_name_what_has_no_place_and_choosing_one_shows_it(
    qtbot: QtBot, tab: MapTab, town: SmallTown
) -> None:
    combo = tab.findChild(QComboBox, "map_list")
    assert combo is not None
    qtbot.waitUntil(lambda: combo.count() == 6, timeout=SOON)
    assert combo.currentText() == "没有位置的资源 1"
    tables = tab.lists
    qtbot.waitUntil(lambda: bool(tables.findChildren(QLabel, "map_resource_count")), timeout=SOON)
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentText() == "没有位置的住户 1"


def test_a_drawing_is_opened_in_a_form_of_its_own(qtbot: QtBot, tab: MapTab, town: SmallTown) -> None:
    tab.open_record("feature", town["柳河大道"])
    qtbot.waitUntil(lambda: label(tab, "map_chosen_title") == "柳河大道", timeout=SOON)
    pressed(tab, "map_open")
    dialog = tab.findChild(RecordDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.form.key == town["柳河大道"], timeout=SOON)
    dialog.reject()


def test_a_new_village_is_begun_in_its_own_tab(qtbot: QtBot, tab: MapTab) -> None:
    combo = tab.findChild(QComboBox, "map_list")
    assert combo is not None
    qtbot.waitUntil(lambda: combo.count() == 6, timeout=SOON)
    combo.setFocus()
    while not combo.currentText().startswith("村居 "):
        QTest.keyClick(combo, Qt.Key.Key_Down)
    with qtbot.waitSignal(tab.begin_wanted) as wanted:
        pressed(tab, "map_new")
    assert wanted.args == ["village", {}]


def test_a_drawing_is_removed_and_leaves_the_map(qtbot: QtBot, tab: MapTab, town: SmallTown) -> None:
    tab.open_record("feature", town["柳河大道"])
    qtbot.waitUntil(tab.card.remove.isVisible, timeout=SOON)
    pressed(tab, "map_remove")
    qtbot.waitUntil(lambda: keys_of(town.store, Query("feature")) == (), timeout=SOON)


def test_while_the_map_is_being_made_the_tab_says_so(qtbot: QtBot, town_kit: Kit) -> None:
    tab = shown(qtbot, MapTab(town_kit))
    words = tab.findChild(QLabel, "map_waiting")
    assert words is not None
    assert words.isVisible()
    assert words.text() == "正在准备地图…"
    qtbot.waitUntil(lambda: tab.drawn == (3, 3), timeout=30_000)
    assert not words.isVisible()


def test_the_words_of_the_map_follow_the_size_setting(
    qtbot: QtBot, tab: MapTab, evaluate: Evaluate, town_desk: Desk
) -> None:
    before = evaluate("innerWidth")
    town_desk.look.set_size(16)
    try:
        qtbot.waitUntil(lambda: evaluate("innerWidth") < before * 0.75, timeout=SOON)
    finally:
        town_desk.look.set_size(11)
    qtbot.waitUntil(lambda: evaluate("innerWidth") == before, timeout=SOON)


def test_a_larger_window_shows_the_whole_map_larger_unless_a_part_is_looked_at(
    qtbot: QtBot, tab: MapTab, evaluate: Evaluate
) -> None:
    zoom = evaluate("stationdesk.map.getZoom()")
    tab.resize(1920, 1000)
    qtbot.waitUntil(lambda: evaluate("stationdesk.map.getZoom()") > zoom, timeout=SOON)
    evaluate("stationdesk.map.setZoom(stationdesk.map.getZoom() + 2, { animate: false }) && true")
    near = evaluate("stationdesk.map.getZoom()")
    size = evaluate("stationdesk.map.getSize().x")
    tab.resize(1366, 690)
    qtbot.waitUntil(lambda: evaluate("stationdesk.map.getSize().x") < size, timeout=SOON)
    assert evaluate("stationdesk.map.getZoom()") == near
