"""Drawing in the map's tab: pens, the panel that names, mending, renaming, removing, and the steps between."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from stationdesk.core.vocab import MapClass, ResourceStatus
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.services import history
from stationdesk.services.listing import Query, keys_of, row_of
from stationdesk.ui.desk import Desk
from stationdesk.ui.tabs.map import MapTab
from tests.small_town import ROAD, SmallTown
from tests.ui.tabs.acting import pressed
from tests.ui.tabs.on_the_map import SOON, Evaluate, banner, click, label, press_key
from tests.ui.tabs.writing import choose, write

LANE = ((34.4985, 114.2985), (34.5, 114.302), (34.4985, 114.304))


def features(town: SmallTown) -> dict[str, dict[str, Any]]:
    """What is drawn, by name."""
    found = [row_of(town.store, "feature", key) for key in keys_of(town.store, Query("feature"))]
    return {str(row.values["name"]): dict(row.values) for row in found if row is not None}


def has_dots(qtbot: QtBot, evaluate: Evaluate, count: int) -> None:
    """Wait until so many points are drawn."""
    qtbot.waitUntil(lambda: evaluate("document.querySelectorAll('path.dot').length") == count, timeout=SOON)


def draw(qtbot: QtBot, map_tab: MapTab, evaluate: Evaluate, *places: tuple[float, float]) -> None:
    """Click places one after the other, each seen before the next."""
    for count, place in enumerate(places, 1):
        click(map_tab, evaluate, *place)
        has_dots(qtbot, evaluate, count)


def is_kept(qtbot: QtBot, town: SmallTown, name: str) -> None:
    """Wait until something drawn is a record."""
    qtbot.waitUntil(lambda: name in features(town), timeout=SOON)


def taken_up(qtbot: QtBot, map_tab: MapTab, evaluate: Evaluate, pen: str) -> None:
    pressed(map_tab, f"map_draw_{pen}")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)


def drawn_lane(qtbot: QtBot, map_tab: MapTab, evaluate: Evaluate) -> None:
    taken_up(qtbot, map_tab, evaluate, "lane")
    draw(qtbot, map_tab, evaluate, *LANE)
    press_key(map_tab, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: label(map_tab, "naming_title").startswith("画好了"), timeout=SOON)


def test_a_road_that_is_drawn_gets_a_name_and_is_kept(
    qtbot: QtBot,
    map_tab: MapTab,
    town: SmallTown,
    evaluate: Evaluate,
) -> None:
    drawn_lane(qtbot, map_tab, evaluate)
    assert map_tab.unsaved
    write(map_tab, "naming_name", "祠堂巷")
    pressed(map_tab, "naming_save")
    qtbot.waitUntil(lambda: "祠堂巷" in features(town), timeout=SOON)
    kept = features(town)["祠堂巷"]
    assert kept["kind"] is FeatureKind.LANE
    assert len(json.loads(kept["geometry"])["coordinates"]) == 3
    qtbot.waitUntil(lambda: not map_tab.naming.isVisible(), timeout=SOON)
    assert not map_tab.unsaved


def test_a_name_given_beforehand_is_not_asked_again(
    qtbot: QtBot,
    map_tab: MapTab,
    town: SmallTown,
    evaluate: Evaluate,
) -> None:
    taken_up(qtbot, map_tab, evaluate, "sight")
    write(map_tab, "naming_name", "古樟树")
    click(map_tab, evaluate, 34.502, 114.303)
    qtbot.waitUntil(lambda: "古樟树" in features(town), timeout=SOON)
    assert features(town)["古樟树"]["kind"] is FeatureKind.SIGHT


def test_the_kind_is_changed_while_drawing_and_the_points_stay(
    qtbot: QtBot,
    map_tab: MapTab,
    town: SmallTown,
    evaluate: Evaluate,
) -> None:
    taken_up(qtbot, map_tab, evaluate, "lane")
    draw(qtbot, map_tab, evaluate, *LANE)
    choose(map_tab, "naming_kind", "河流")
    qtbot.waitUntil(lambda: "河流" in banner(evaluate), timeout=SOON)
    assert evaluate("document.querySelectorAll('path.dot').length") == 3
    press_key(map_tab, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: label(map_tab, "naming_title").startswith("画好了"), timeout=SOON)
    write(map_tab, "naming_name", "小柳河")
    pressed(map_tab, "naming_save")
    qtbot.waitUntil(lambda: "小柳河" in features(town), timeout=SOON)
    assert features(town)["小柳河"]["kind"] is FeatureKind.RIVER


def test_a_pond_is_water_with_an_outline(
    qtbot: QtBot,
    map_tab: MapTab,
    town: SmallTown,
    evaluate: Evaluate,
) -> None:
    taken_up(qtbot, map_tab, evaluate, "pond")
    write(map_tab, "naming_name", "门口塘")
    draw(qtbot, map_tab, evaluate, *LANE)
    press_key(map_tab, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "门口塘" in features(town), timeout=SOON)
    pond = features(town)["门口塘"]
    assert (pond["kind"], json.loads(pond["geometry"])["type"]) == (FeatureKind.RIVER, "Polygon")


def test_a_drawn_area_becomes_the_range_of_a_group(
    qtbot: QtBot,
    map_tab: MapTab,
    town: SmallTown,
    evaluate: Evaluate,
) -> None:
    before = row_of(town.store, "village_group", town["三组"])
    taken_up(qtbot, map_tab, evaluate, "range")
    draw(qtbot, map_tab, evaluate, *LANE)
    press_key(map_tab, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: label(map_tab, "naming_title").startswith("画好了"), timeout=SOON)
    pressed(map_tab, "naming_save")

    def bounded() -> bool:
        row = row_of(town.store, "village_group", town["三组"])
        return row is not None and before is not None and row.values["boundary"] != before.values["boundary"]

    qtbot.waitUntil(bounded, timeout=SOON)


def test_a_group_that_is_not_registered_yet_is_founded_by_its_range(
    qtbot: QtBot,
    map_tab: MapTab,
    town: SmallTown,
    evaluate: Evaluate,
) -> None:
    taken_up(qtbot, map_tab, evaluate, "range")
    draw(qtbot, map_tab, evaluate, *LANE)
    press_key(map_tab, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: label(map_tab, "naming_title").startswith("画好了"), timeout=SOON)
    choose(map_tab, "naming_group", "新的村民组")
    choose(map_tab, "naming_village", "东岗村")
    write(map_tab, "naming_name", "五组")
    pressed(map_tab, "naming_save")
    qtbot.waitUntil(lambda: len(keys_of(town.store, Query("village_group"))) == 2, timeout=SOON)
    rows = [row_of(town.store, "village_group", key) for key in keys_of(town.store, Query("village_group"))]
    (made,) = [row.values for row in rows if row is not None and row.values["name"] == "五组"]
    assert made["village_key"] == town["东岗村"]
    assert json.loads(str(made["boundary"]))["type"] == "Polygon"


def test_an_important_place_becomes_a_draft_resource_where_that_is_ticked(
    qtbot: QtBot,
    map_tab: MapTab,
    town: SmallTown,
    town_desk: Desk,
    evaluate: Evaluate,
) -> None:
    before = len(keys_of(town.store, Query("resource")))
    taken_up(qtbot, map_tab, evaluate, "place")
    write(map_tab, "naming_name", "东岗村卫生室")
    box = map_tab.findChild(QCheckBox, "naming_resource")
    assert box is not None
    QTest.keyClick(box, Qt.Key.Key_Space)
    click(map_tab, evaluate, 34.503, 114.304)
    qtbot.waitUntil(lambda: len(keys_of(town.store, Query("resource"))) == before + 1, timeout=SOON)
    rows = [row_of(town.store, "resource", key) for key in keys_of(town.store, Query("resource"))]
    (made,) = [row.values for row in rows if row is not None and row.values["name"] == "东岗村卫生室"]
    assert (made["map_class"], made["status"]) == (MapClass.MEDICAL, ResourceStatus.DRAFT)
    assert made["latitude"] == pytest.approx(34.503, abs=0.001)
    assert "东岗村卫生室" in features(town)
    town_desk.change(history.undo)  # one step, one undo
    qtbot.waitUntil(lambda: "东岗村卫生室" not in features(town), timeout=SOON)
    assert len(keys_of(town.store, Query("resource"))) == before


def test_a_step_of_a_drawing_is_taken_back_before_anything_that_is_saved(
    qtbot: QtBot,
    map_tab: MapTab,
    evaluate: Evaluate,
) -> None:
    assert not map_tab.step(ahead=False)
    taken_up(qtbot, map_tab, evaluate, "lane")
    draw(qtbot, map_tab, evaluate, *LANE)
    assert map_tab.step(ahead=False)
    qtbot.waitUntil(lambda: evaluate("document.querySelectorAll('path.dot').length") == 2, timeout=SOON)
    qtbot.waitUntil(lambda: map_tab.step(ahead=True), timeout=SOON)
    qtbot.waitUntil(lambda: evaluate("document.querySelectorAll('path.dot').length") == 3, timeout=SOON)


def test_what_is_not_wanted_leaves_nothing_behind(
    qtbot: QtBot,
    map_tab: MapTab,
    town: SmallTown,
    evaluate: Evaluate,
) -> None:
    drawn_lane(qtbot, map_tab, evaluate)
    pressed(map_tab, "naming_cancel")
    qtbot.waitUntil(lambda: evaluate("document.querySelectorAll('path.trace').length") == 0, timeout=SOON)
    assert not map_tab.unsaved
    assert set(features(town)) == {"柳河大道"}


def test_escape_puts_the_pen_away(qtbot: QtBot, map_tab: MapTab, evaluate: Evaluate) -> None:
    taken_up(qtbot, map_tab, evaluate, "lane")
    assert map_tab.naming.isVisible()
    press_key(map_tab, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not map_tab.naming.isVisible(), timeout=SOON)
    assert map_tab.card.isVisible()


def test_the_pen_stays_in_hand_where_more_of_the_kind_are_to_be_drawn(
    qtbot: QtBot,
    map_tab: MapTab,
    town: SmallTown,
    evaluate: Evaluate,
) -> None:
    taken_up(qtbot, map_tab, evaluate, "sight")
    box = map_tab.findChild(QCheckBox, "naming_again")
    assert box is not None
    QTest.keyClick(box, Qt.Key.Key_Space)
    for number, at in enumerate(((34.502, 114.303), (34.503, 114.304))):
        write(map_tab, "naming_name", f"古树{number}")
        click(map_tab, evaluate, *at)
        is_kept(qtbot, town, f"古树{number}")
        qtbot.waitUntil(lambda: not map_tab.unsaved and evaluate("stationdesk.mode") == "draw", timeout=SOON)


def test_a_drawing_is_renamed_and_made_another_kind(
    qtbot: QtBot,
    map_tab: MapTab,
    town: SmallTown,
    evaluate: Evaluate,
) -> None:
    map_tab.open_record("feature", town["柳河大道"])
    qtbot.waitUntil(map_tab.card.rename.isVisible, timeout=SOON)
    zoom = evaluate("stationdesk.map.getZoom()")
    pressed(map_tab, "map_rename")
    qtbot.waitUntil(map_tab.naming.isVisible, timeout=SOON)
    line = map_tab.findChild(QLineEdit, "naming_name")
    assert line is not None
    assert line.text() == "柳河大道"
    choose(map_tab, "naming_kind", "支路小巷")
    write(map_tab, "naming_name", "柳河老街")
    pressed(map_tab, "naming_save")
    qtbot.waitUntil(lambda: "柳河老街" in features(town), timeout=SOON)
    assert features(town)["柳河老街"]["kind"] is FeatureKind.LANE
    qtbot.waitUntil(lambda: label(map_tab, "map_chosen_title") == "柳河老街", timeout=SOON)
    qtbot.waitUntil(
        lambda: evaluate("document.querySelector('.card-title')?.textContent") == "柳河老街", timeout=SOON
    )
    assert evaluate("stationdesk.map.getZoom()") == zoom


def test_a_line_is_cut_and_both_halves_are_kept_in_one_step(
    qtbot: QtBot,
    map_tab: MapTab,
    town: SmallTown,
    town_desk: Desk,
    evaluate: Evaluate,
) -> None:
    map_tab.open_record("feature", town["柳河大道"])
    qtbot.waitUntil(map_tab.card.reshape.isVisible, timeout=SOON)
    pressed(map_tab, "map_reshape")
    qtbot.waitUntil(lambda: evaluate("document.querySelectorAll('.handle.corner').length") == 2, timeout=SOON)
    qtbot.waitUntil(lambda: not evaluate("!!stationdesk.map._panAnim?._inProgress"), timeout=SOON)
    click(map_tab, evaluate, 34.500375, 114.295)
    qtbot.waitUntil(lambda: evaluate("document.querySelectorAll('.handle.corner').length") == 3, timeout=SOON)
    evaluate("void document.querySelectorAll('.handle.corner')[1].focus()")
    evaluate(
        "void Array.from(document.querySelectorAll('.banner-button'))"
        ".find((one) => one.textContent === '从这里断开').click()"
    )
    qtbot.waitUntil(lambda: len(keys_of(town.store, Query("feature"))) == 2, timeout=SOON)
    rows = [row_of(town.store, "feature", key) for key in keys_of(town.store, Query("feature"))]
    ends = [json.loads(str(row.values["geometry"]))["coordinates"] for row in rows if row is not None]
    assert sorted(map(len, ends)) == [2, 2]
    town_desk.change(history.undo)
    qtbot.waitUntil(lambda: len(keys_of(town.store, Query("feature"))) == 1, timeout=SOON)
    assert json.loads(features(town)["柳河大道"]["geometry"]) == json.loads(ROAD)


def test_the_range_of_a_group_is_taken_off_and_the_group_stays(
    qtbot: QtBot, map_tab: MapTab, town: SmallTown
) -> None:
    map_tab.open_record("village_group", town["三组"])
    qtbot.waitUntil(map_tab.card.remove.isVisible, timeout=SOON)
    assert map_tab.card.remove.text() == "删除范围"
    pressed(map_tab, "map_remove")

    def unbounded() -> bool:
        row = row_of(town.store, "village_group", town["三组"])
        return row is not None and row.values["boundary"] is None

    qtbot.waitUntil(unbounded, timeout=SOON)


def test_everything_in_the_panel_has_a_name_to_be_told_by(map_tab: MapTab) -> None:
    for each in (*map_tab.naming.children(), *map_tab.starting.panel.children()):
        if hasattr(each, "accessibleName") and each.objectName() and not isinstance(each, QLabel):
            assert each.accessibleName() or each.objectName().endswith("refusal"), each.objectName()
