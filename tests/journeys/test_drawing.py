"""A community map drawn in the window: from a white sheet, by paces or around a coordinate, step by step."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QDoubleSpinBox, QRadioButton, QWidget

from stationdesk.core.vocab import ResourceStatus
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.services.listing import Query, keys_of
from stationdesk.services.starter import length_of
from tests.journeys.person import Person
from tests.ui.tabs import writing

PACES = 600
METRES = PACES * 0.7

Points = Sequence[tuple[float, float]]
"""Parts of the width and height of the map, from the left and from above."""


def picture(person: Person, name: str) -> None:
    """Leave a picture of the window in the folder that JOURNEY_PICTURES names, for looking at."""
    folder = os.environ.get("JOURNEY_PICTURES")
    if folder:
        person.settle()
        person.window.resize(1366, 768)
        person.picture(Path(folder) / f"{name}.png")


def drawn(person: Person) -> dict[str, tuple[FeatureKind, str]]:
    """What is stored: kind and geometry of each drawing, by name."""
    found: dict[str, tuple[FeatureKind, str]] = {}
    for key in person.stored("feature"):
        kind, name, geometry = (person.value("feature", key, each) for each in ("kind", "name", "geometry"))
        assert isinstance(kind, FeatureKind)
        found[str(name)] = (kind, str(geometry))
    return found


def await_pen(person: Person) -> None:
    """Wait until a click on the map draws."""
    person.wait(lambda: person.on_map("stationdesk.mode") == "draw")


def put(person: Person, points: Points) -> None:
    """Click points on the map, each seen before the next."""
    for count, at in enumerate(points, 1):
        person.click_map(*at)
        has_dots(person, count)


def has_dots(person: Person, count: int) -> None:
    """Wait until so many points are drawn."""
    person.wait(lambda: person.on_map("document.querySelectorAll('path.dot').length") == count)


def end(person: Person, *, control: bool = False) -> None:
    """Press Enter over the map."""
    press_on_map(person, Qt.Key.Key_Return, control=control)


def press_on_map(person: Person, key: Qt.Key, *, control: bool = False) -> None:
    """Type over the map."""
    person.to_front()
    canvas = writing.seen(person.window, QWebEngineView, "map_page").focusProxy()
    assert canvas is not None
    canvas.setFocus()
    person.wait(lambda: person.on_map("document.hasFocus()"))  # the page hears of it a moment later
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(canvas, key, modifier)


def hover(person: Person, right: float, down: float) -> None:
    """Move the mouse over the map without pressing."""
    canvas = writing.seen(person.window, QWebEngineView, "map_page").focusProxy()
    assert canvas is not None
    QTest.mouseMove(canvas, QPoint(round(canvas.width() * right), round(canvas.height() * down)))


def draw_line(person: Person, name: str, points: Points) -> None:
    """Draw, end with Enter, give the name that is asked for."""
    await_pen(person)
    put(person, points)
    end(person)
    person.wait(lambda: person.text("naming_title").startswith("画好了"))
    person.write("naming_name", name)
    person.press("naming_save")
    person.wait(lambda: name in drawn(person))


def point_at(person: Person, right: float, down: float, name: str) -> None:
    """Put a place whose name is suggested already."""
    await_pen(person)
    person.wait(lambda: person.text("naming_name") == name)
    person.click_map(right, down)
    person.wait(lambda: name in drawn(person))


def await_step(person: Person, number: int) -> None:
    """Wait for a step of the starter."""
    person.wait(lambda: person.text("starter_count") == f"第 {number} 步 共 6 步")


def on_the_map(person: Person) -> None:
    """Wait until the map is there."""
    person.wait(lambda: person.can_see("map_page"), 30_000)
    person.wait(lambda: person.on_map("!!window.stationdesk?.strokes.lane"), 30_000)


def test_a_white_sheet_becomes_a_community_map_without_any_coordinate(person: Person, tmp_path: Path) -> None:
    person.new_station(tmp_path / "柳河站")
    person.press("begin_map")
    on_the_map(person)
    person.wait(lambda: person.can_see("starter_length"))
    picture(person, "0-where")
    writing.seen(person.window, QDoubleSpinBox, "starter_length").setValue(PACES)
    person.press("starter_sketch")

    await_step(person, 1)
    await_pen(person)
    put(person, [(0.2, 0.52), (0.45, 0.5)])
    hover(person, 0.7, 0.53)
    person.wait(
        lambda: "长 " in str(person.on_map("document.querySelector('.trace-tip')?.textContent ?? ''"))
    )
    picture(person, "1-road")
    person.click_map(0.78, 0.55)
    has_dots(person, 3)
    end(person)
    person.wait(lambda: person.text("naming_title").startswith("画好了"))
    picture(person, "1-road-name")
    person.write("naming_name", "柳河大道")
    person.press("naming_save")
    person.wait(lambda: "柳河大道" in drawn(person))
    kind, geometry = drawn(person)["柳河大道"]
    assert kind is FeatureKind.MAIN_ROAD
    # However long it was drawn: it is as long as somebody walked it.
    assert length_of(geometry) == pytest.approx(METRES, rel=0.002)
    (station,) = keys_of(person.store, Query("station"))
    assert person.value("station", station, "sketch") is True

    await_step(person, 2)
    picture(person, "2-river")
    draw_line(person, "柳河", [(0.15, 0.75), (0.35, 0.68), (0.55, 0.78), (0.8, 0.7)])
    for number, (name, at) in enumerate(
        {"村委会": (0.4, 0.44), "小学": (0.55, 0.42), "卫生室": (0.3, 0.6)}.items(), 3
    ):
        await_step(person, number)
        picture(person, f"{number}-{name}")
        point_at(person, *at, name)

    await_step(person, 6)
    await_pen(person)
    for name, at in (("小卖部", (0.5, 0.58)), ("祠堂", (0.65, 0.46)), ("老年食堂", (0.42, 0.62))):
        person.write("naming_name", name)
        person.click_map(*at)
        person.wait(lambda name=name: name in drawn(person))  # type: ignore[misc]  # a lambda with a default
        await_pen(person)
    picture(person, "6-more")
    person.press("starter_skip")
    person.wait(lambda: person.text("starter_done").startswith("已画 8 处"))
    picture(person, "7-end")
    assert [kind for kind, _geometry in drawn(person).values()].count(FeatureKind.PLACE) == 6
    person.press("starter_handout")
    dialog = person.dialog("handout_dialog")
    chosen = dialog.findChild(QRadioButton, "handout_kind_community")
    assert chosen is not None
    assert chosen.isChecked(), "what was drawn is what is printed"
    dialog.close()


def test_around_a_coordinate_the_sheet_lies_on_the_earth_and_a_step_may_be_skipped(
    person: Person, tmp_path: Path
) -> None:
    person.new_station(tmp_path / "柳河站")
    person.go_to("地图")
    on_the_map(person)
    person.press("starter_begin")
    person.press("starter_coordinates")
    dialog = person.dialog("coordinates_dialog")
    person.type("coordinates_text", "34.5061, 114.3061", dialog)
    person.press("coordinates_wgs84", dialog)
    person.press("coordinates_ok", dialog)
    await_step(person, 1)
    await_pen(person)
    centre = json.loads(str(person.on_map("JSON.stringify(stationdesk.map.getCenter())")))
    assert (centre["lat"], centre["lng"]) == pytest.approx((34.5061, 114.3061), abs=0.001)
    person.press("starter_skip")
    await_step(person, 2)
    person.press("starter_skip")
    await_step(person, 3)
    person.write("naming_name", "柳河社区居委会")
    box = writing.seen(person.window, QWidget, "naming_resource")
    QTest.keyClick(box, Qt.Key.Key_Space)
    person.click_map(0.5, 0.5)
    person.wait(lambda: "柳河社区居委会" in drawn(person))
    (resource,) = person.stored("resource")
    assert person.value("resource", resource, "status") is ResourceStatus.DRAFT
    assert person.value("resource", resource, "latitude") == pytest.approx(34.506, abs=0.01)
    await_step(person, 4)
    person.press("starter_stop")
    person.wait(lambda: not person.can_see("starter") and not person.can_see("naming"))
    person.wait(lambda: person.on_map("stationdesk.mode") == "")


def test_the_same_keys_take_back_a_step_of_a_drawing_and_then_the_drawing(
    person: Person, tmp_path: Path
) -> None:
    person.new_station(tmp_path / "柳河站")
    person.go_to("地图")
    on_the_map(person)
    person.press("starter_no")
    person.press("map_draw_lane")
    # A sheet that lies nowhere has no scale: first, where it is.
    person.press("starter_sketch")
    await_step(person, 1)
    person.press("starter_stop")
    person.wait(lambda: person.on_map("stationdesk.mode") == "")
    person.press("map_draw_lane")
    await_pen(person)
    put(person, [(0.3, 0.5), (0.5, 0.45), (0.7, 0.5)])
    press_on_map(person, Qt.Key.Key_Z, control=True)
    has_dots(person, 2)
    press_on_map(person, Qt.Key.Key_Y, control=True)
    has_dots(person, 3)
    before = person.on_map("JSON.stringify([stationdesk.map.getCenter(), stationdesk.map.getZoom()])")
    end(person)
    person.wait(lambda: person.text("naming_title").startswith("画好了"))
    person.write("naming_name", "祠堂巷")
    person.press("naming_save")
    person.wait(lambda: set(drawn(person)) == {"祠堂巷"})
    person.wait(lambda: person.on_map("stationdesk.features.size") == 1)
    assert person.on_map("document.querySelectorAll('path.trace').length") == 0
    press_on_map(person, Qt.Key.Key_Z, control=True)
    person.wait(lambda: not drawn(person))
    (station,) = keys_of(person.store, Query("station"))
    assert person.value("station", station, "sketch") is True  # one step at a time
    person.wait(lambda: person.on_map("stationdesk.features.size") == 0)
    press_on_map(person, Qt.Key.Key_Y, control=True)
    person.wait(lambda: set(drawn(person)) == {"祠堂巷"})
    person.wait(lambda: person.on_map("stationdesk.features.size") == 1)
    # Patches all of them: nobody's view was moved.
    assert person.on_map("JSON.stringify([stationdesk.map.getCenter(), stationdesk.map.getZoom()])") == before
