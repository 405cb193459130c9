"""Drawing and mending on the page of the map, by mouse and by keys."""

from __future__ import annotations

import json
import math
from itertools import chain, pairwise
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from stationdesk.core.fields import Key
from stationdesk.maps.layers import MapFeature, MapPatch, Stroke
from stationdesk.ui.web.map_view import MapView
from tests.ui.web.conftest import Evaluate
from tests.ui.web.test_map_view import (
    LINE,
    SQUARE,
    canvas_of,
    click,
    document,
    on_screen,
    place,
    show,
    text_of,
)

SOON = 10_000
ROAD = MapFeature(Key("road"), "lane", "人民路", LINE)
"""From 114.29 to 114.31 along the parallel of 34.5."""
CORNERED = {"type": "LineString", "coordinates": [[114.29, 34.5], [114.3, 34.505], [114.31, 34.5]]}
PLACES = (place("a", 34.52, 114.28), place("b", 34.48, 114.32))


def shown(qtbot: QtBot, view: MapView, *features: MapFeature) -> None:
    strokes = (Stroke("lane", "支路小巷", "LineString"), Stroke("area", "片区", "Polygon"))
    places = document(*PLACES, features=features)
    show(qtbot, view, type(places)(**{**_fields(places), "strokes": strokes}))


def _fields(document: Any) -> dict[str, Any]:
    return {name: getattr(document, name) for name in document.__slots__}


def points_of(evaluate: Evaluate) -> int:
    """How many points are drawn: dots of a new shape, handles of one that is mended."""
    return int(evaluate("document.querySelectorAll('path.dot, .handle.corner').length"))


def has_points(qtbot: QtBot, evaluate: Evaluate, count: int) -> None:
    """Wait until so many are drawn."""
    qtbot.waitUntil(lambda: points_of(evaluate) == count, timeout=SOON)


def put(qtbot: QtBot, view: MapView, evaluate: Evaluate, *places: tuple[float, float]) -> None:
    """Click places one after the other, each seen before the next."""
    for lat, lon in places:
        wanted = points_of(evaluate) + 1
        click(view, on_screen(evaluate, lat, lon))
        has_points(qtbot, evaluate, wanted)


def hover(view: MapView, at: QPoint) -> None:
    """Move the mouse there; one that lies there already from an earlier test would not be told."""
    QTest.mouseMove(canvas_of(view), at + QPoint(60, 60))
    QTest.mouseMove(canvas_of(view), at)


def press(evaluate: Evaluate, words: str) -> None:
    """Press a button of the banner."""
    done = evaluate(
        "Array.from(document.querySelectorAll('.banner-button'))"
        f".filter((one) => one.textContent === {json.dumps(words)}).map((one) => one.click()).length"
    )
    assert done == 1, f"{done} buttons {words} among {text_of(evaluate, '.banner-button')}"


def undo(view: MapView, *, again: bool = False) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier if again else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(canvas_of(view), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | shift)


def finished(qtbot: QtBot, view: MapView) -> dict[str, Any]:
    """End with Enter; the geometry."""
    with qtbot.waitSignal(view.drawn, timeout=SOON) as drawn:
        QTest.keyClick(canvas_of(view), Qt.Key.Key_Return)
    return dict(json.loads((drawn.args or [])[1]))


def edited(qtbot: QtBot, view: MapView, evaluate: Evaluate) -> list[Any]:
    with qtbot.waitSignal(view.edited, timeout=SOON) as told:
        press(evaluate, "完成")
    return list(json.loads((told.args or [])[2])["coordinates"])


def test_a_click_near_the_end_of_a_line_joins_it_exactly(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view, ROAD)
    map_view.start_drawing("lane")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)
    near = on_screen(evaluate, 34.5, 114.31) + QPoint(6, 5)
    hover(map_view, near)
    qtbot.waitUntil(lambda: "接到“人民路”的端点" in "".join(text_of(evaluate, ".trace-tip")), timeout=SOON)
    assert evaluate("document.querySelectorAll('path.snap').length") == 1
    click(map_view, near)
    has_points(qtbot, evaluate, 1)
    put(qtbot, map_view, evaluate, (34.51, 114.315))
    assert finished(qtbot, map_view)["coordinates"][0] == [114.31, 34.5]


def test_a_click_near_a_line_lands_on_it(qtbot: QtBot, map_view: MapView, evaluate: Evaluate) -> None:
    shown(qtbot, map_view, ROAD)
    map_view.start_drawing("lane")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)
    click(map_view, on_screen(evaluate, 34.5, 114.304) + QPoint(0, 6))
    has_points(qtbot, evaluate, 1)
    put(qtbot, map_view, evaluate, (34.51, 114.304))
    first = finished(qtbot, map_view)["coordinates"][0]
    assert first[1] == pytest.approx(34.5, abs=2e-6)


def test_with_alt_held_down_nothing_is_joined(qtbot: QtBot, map_view: MapView, evaluate: Evaluate) -> None:
    shown(qtbot, map_view, ROAD)
    map_view.start_drawing("lane")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)
    near = on_screen(evaluate, 34.5, 114.31) + QPoint(6, 5)
    QTest.mouseClick(canvas_of(map_view), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, near)
    qtbot.waitUntil(lambda: points_of(evaluate) == 1, timeout=SOON)
    put(qtbot, map_view, evaluate, (34.51, 114.315))
    assert finished(qtbot, map_view)["coordinates"][0] != [114.31, 34.5]


def test_steps_are_taken_back_and_done_again_while_drawing(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view)
    map_view.start_drawing("lane")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)
    put(qtbot, map_view, evaluate, (34.5, 114.29), (34.51, 114.3), (34.5, 114.31))
    with qtbot.waitSignal(map_view.tool_changed, timeout=SOON) as told:
        undo(map_view)
    assert told.args == ["draw", 2, 1]
    assert points_of(evaluate) == 2
    map_view.step_tool(ahead=False)
    qtbot.waitUntil(lambda: points_of(evaluate) == 1, timeout=SOON)
    undo(map_view, again=True)
    qtbot.waitUntil(lambda: points_of(evaluate) == 2, timeout=SOON)
    map_view.step_tool(ahead=True)
    qtbot.waitUntil(lambda: points_of(evaluate) == 3, timeout=SOON)
    assert len(finished(qtbot, map_view)["coordinates"]) == 3


def test_the_length_is_told_while_a_line_is_drawn(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view)
    map_view.start_drawing("lane")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)
    put(qtbot, map_view, evaluate, (34.5, 114.29), (34.5, 114.31))
    (words,) = text_of(evaluate, ".banner-words")
    assert words.startswith("画支路小巷 · 长 ")
    told = float(words.rsplit(" ", 2)[1])
    assert told == pytest.approx(1.833, abs=0.02)  # 0.02 degrees at 34.5 north


def test_the_ground_that_an_area_covers_is_told_in_mu(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view)
    map_view.start_drawing("area")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)
    put(qtbot, map_view, evaluate, (34.495, 114.29), (34.505, 114.29), (34.505, 114.30))
    (words,) = text_of(evaluate, ".banner-words")
    mu = float(words.split("约 ")[1].split(" 亩")[0].replace(",", ""))
    # A triangle of a hundredth of a degree each way, a mu is 1/15 hectare.
    wanted = 0.5 * 1111.95 * 1111.95 * math.cos(math.radians(34.5)) / (10_000 / 15)
    assert mu == pytest.approx(wanted, rel=0.03)


def test_an_area_whose_outline_crosses_itself_is_not_taken(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view)
    map_view.start_drawing("area")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)
    put(qtbot, map_view, evaluate, (34.49, 114.29), (34.51, 114.31), (34.49, 114.31), (34.51, 114.29))
    with qtbot.assertNotEmitted(map_view.drawn):
        QTest.keyClick(canvas_of(map_view), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "边线交叉了" in text_of(evaluate, ".banner-words")[0], timeout=SOON)


def test_an_area_is_closed_by_a_click_on_its_first_corner(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view)
    map_view.start_drawing("area")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)
    put(qtbot, map_view, evaluate, (34.49, 114.29), (34.51, 114.29), (34.51, 114.31))
    with qtbot.waitSignal(map_view.drawn, timeout=SOON) as drawn:
        click(map_view, on_screen(evaluate, 34.49, 114.29) + QPoint(4, 3))
    [ring] = json.loads((drawn.args or [])[1])["coordinates"]
    assert len(ring) == 4


def test_a_line_is_drawn_by_keys_alone(qtbot: QtBot, map_view: MapView, evaluate: Evaluate) -> None:
    shown(qtbot, map_view)
    map_view.start_drawing("lane")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)
    canvas = canvas_of(map_view)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: points_of(evaluate) == 1, timeout=SOON)
    before = evaluate("stationdesk.map.getCenter().lng")
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.waitUntil(
        lambda: (
            evaluate("stationdesk.map.getCenter().lng") > before
            and not evaluate("stationdesk.map._panAnim?._inProgress")
        ),
        timeout=SOON,
    )
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: points_of(evaluate) == 2, timeout=SOON)
    (first, second) = finished(qtbot, map_view)["coordinates"]
    assert second[0] > first[0]


def test_what_is_drawn_stays_in_sight_until_it_is_a_record(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view)
    map_view.start_drawing("lane")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)
    put(qtbot, map_view, evaluate, (34.5, 114.29), (34.5, 114.31))
    geometry = finished(qtbot, map_view)
    assert evaluate("document.querySelectorAll('path.trace.waiting').length") == 1
    with qtbot.waitSignal(map_view.ready, timeout=SOON):
        map_view.patch(MapPatch((MapFeature(Key("n"), "lane", "新路", geometry),)))
    assert evaluate("document.querySelectorAll('path.trace.waiting').length") == 0


def test_a_point_of_a_line_is_moved_by_keys_and_the_step_taken_back(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view, ROAD)
    map_view.edit_drawing("feature", ROAD.key)
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "edit", timeout=SOON)
    labels = evaluate(
        "Array.from(document.querySelectorAll('.handle.corner'), (one) => one.getAttribute('aria-label'))"
    )
    assert labels == ["第 1 点，共 2 点", "第 2 点，共 2 点"]
    evaluate("void document.querySelectorAll('.handle.corner')[1].focus()")
    with qtbot.waitSignal(map_view.tool_changed, timeout=SOON):
        QTest.keyClick(canvas_of(map_view), Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(map_view.tool_changed, timeout=SOON) as told:
        QTest.keyClick(canvas_of(map_view), Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert told.args == ["edit", 2, 0]
    with qtbot.waitSignal(map_view.tool_changed, timeout=SOON):
        undo(map_view)
    first, second = edited(qtbot, map_view, evaluate)
    assert first == LINE["coordinates"][0]
    metres = (second[1] - 34.5) * 111_195
    pixel = evaluate("1 / stationdesk.pixelsPerMetre()")
    assert metres == pytest.approx(10 * pixel, rel=0.2)


def test_a_point_is_added_on_the_line_and_taken_out(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view, ROAD)
    map_view.edit_drawing("feature", ROAD.key)
    qtbot.waitUntil(lambda: evaluate("document.querySelectorAll('.handle.corner').length") == 2, timeout=SOON)
    click(map_view, on_screen(evaluate, 34.5, 114.296))
    qtbot.waitUntil(lambda: evaluate("document.querySelectorAll('.handle.corner').length") == 3, timeout=SOON)
    evaluate("void document.querySelectorAll('.handle.corner')[1].focus()")
    press(evaluate, "删去这点")
    qtbot.waitUntil(lambda: evaluate("document.querySelectorAll('.handle.corner').length") == 2, timeout=SOON)
    assert edited(qtbot, map_view, evaluate) == LINE["coordinates"]


def test_a_point_that_is_dragged_near_another_line_joins_it(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    other = {"type": "LineString", "coordinates": [[114.312, 34.507], [114.32, 34.515]]}
    shown(qtbot, map_view, ROAD, MapFeature(Key("o"), "lane", "祠堂巷", other))
    map_view.edit_drawing("feature", ROAD.key)
    has_points(qtbot, evaluate, 2)
    drag(map_view, on_screen(evaluate, 34.5, 114.31), on_screen(evaluate, 34.507, 114.312) + QPoint(5, -4))
    qtbot.waitUntil(lambda: "退一步" in text_of(evaluate, ".banner-button"), timeout=SOON)
    assert edited(qtbot, map_view, evaluate) == [LINE["coordinates"][0], other["coordinates"][0]]


def test_a_place_does_not_jump_onto_the_road_beside_it(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view, ROAD)
    map_view.start_drawing("lane", "Point")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)
    with qtbot.waitSignal(map_view.drawn, timeout=SOON) as drawn:
        click(map_view, on_screen(evaluate, 34.5, 114.304) + QPoint(0, 6))
    assert json.loads((drawn.args or [])[1])["coordinates"][1] < 34.49999


def test_of_a_track_with_thousands_of_points_those_in_view_are_taken_hold_of(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    points = [[114.25 + part * 0.0001, 34.5 + 0.002 * math.sin(part / 40)] for part in range(1_000)]
    track = MapFeature(Key("t"), "lane", "步道", {"type": "LineString", "coordinates": points})
    shown(qtbot, map_view, track)
    evaluate("void stationdesk.map.setView([34.5, 114.3], 17, {animate: false})")
    map_view.edit_drawing("feature", Key("t"))
    qtbot.waitUntil(lambda: points_of(evaluate) > 10, timeout=SOON)
    assert points_of(evaluate) < 300
    kept = edited(qtbot, map_view, evaluate)
    assert list(chain(*kept)) == pytest.approx(list(chain(*points)), abs=1e-6)


def drag(view: MapView, start: QPoint, to: QPoint) -> None:
    """Press, move by way of the middle, let go."""
    canvas = canvas_of(view)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(canvas, start + (to - start) * part)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, to)


def test_a_whole_line_is_moved_by_dragging_it(qtbot: QtBot, map_view: MapView, evaluate: Evaluate) -> None:
    shown(qtbot, map_view, ROAD)
    map_view.edit_drawing("feature", ROAD.key)
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "edit", timeout=SOON)
    centre = evaluate("stationdesk.map.getCenter()")
    start = on_screen(evaluate, 34.5, 114.296)
    with qtbot.waitSignal(map_view.tool_changed, timeout=SOON):
        drag(map_view, start, start + QPoint(0, 40))
    points = edited(qtbot, map_view, evaluate)
    assert [lon for lon, _lat in points] == pytest.approx([114.29, 114.31], abs=1e-5)
    assert all(lat < 34.4995 for _lon, lat in points)
    assert points[0][1] == points[1][1]
    assert evaluate("stationdesk.map.getCenter()") == centre


def test_a_line_is_continued_at_the_end_that_is_nearer(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view, ROAD)
    map_view.edit_drawing("feature", ROAD.key, extend=True)
    qtbot.waitUntil(lambda: "接着画" in "".join(text_of(evaluate, ".banner-words")), timeout=SOON)
    put(qtbot, map_view, evaluate, (34.505, 114.285), (34.51, 114.285))
    points = edited(qtbot, map_view, evaluate)
    assert len(points) == 4
    assert points[2:] == LINE["coordinates"]
    assert points[0][1] > points[1][1] > 34.5


def test_a_line_is_cut_in_two_at_a_point(qtbot: QtBot, map_view: MapView, evaluate: Evaluate) -> None:
    shown(qtbot, map_view, MapFeature(ROAD.key, "lane", "人民路", CORNERED))
    map_view.edit_drawing("feature", ROAD.key)
    qtbot.waitUntil(lambda: evaluate("document.querySelectorAll('.handle.corner').length") == 3, timeout=SOON)
    evaluate("void document.querySelectorAll('.handle.corner')[1].focus()")
    with qtbot.waitSignal(map_view.cut, timeout=SOON) as cut:
        press(evaluate, "从这里断开")
    key, one, other = cut.args or []
    assert key == ROAD.key
    assert json.loads(one)["coordinates"] == CORNERED["coordinates"][:2]
    assert json.loads(other)["coordinates"] == CORNERED["coordinates"][1:]


def test_what_is_being_mended_may_be_taken_away_meanwhile(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view, ROAD)
    map_view.edit_drawing("feature", ROAD.key)
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "edit", timeout=SOON)
    with qtbot.waitSignal(map_view.cancelled, timeout=SOON):
        map_view.patch(MapPatch(gone=(("feature", ROAD.key),)))
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "", timeout=SOON)
    assert evaluate("document.querySelectorAll('.handle').length") == 0


def test_the_holes_of_an_area_outlast_its_mending(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    hole = [[114.3, 34.495], [114.305, 34.495], [114.305, 34.5], [114.3, 34.495]]
    holed = {"type": "Polygon", "coordinates": [*SQUARE["coordinates"], hole]}
    shown(qtbot, map_view, MapFeature(Key("p"), "area", "片区一", holed))
    map_view.edit_drawing("feature", Key("p"))
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "edit", timeout=SOON)
    rings = edited(qtbot, map_view, evaluate)
    assert rings[1] == hole


def arc(turn: float) -> dict[str, Any]:
    """A street that swings through `turn` radians."""
    points = [
        [114.3 + 0.01 * math.sin(part * turn / 20), 34.5 + 0.008 * (1 - math.cos(part * turn / 20))]
        for part in range(21)
    ]
    return {"type": "LineString", "coordinates": points}


def laid(evaluate: Evaluate, hand: str) -> list[dict[str, Any]]:
    return [name for name in evaluate("stationdesk.laid.names") if name["hand"] == hand]


def test_the_name_of_a_winding_street_follows_it_sign_by_sign(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown(qtbot, map_view, MapFeature(Key("w"), "lane", "环村柳荫滨河大道", arc(2.8)))
    evaluate("void stationdesk.map.setView([34.505, 114.305], 14.5, {animate: false})")
    qtbot.waitUntil(lambda: bool(laid(evaluate, "lane")), timeout=SOON)
    signs = laid(evaluate, "lane")[0]["signs"]
    assert "".join(sign["text"] for sign in signs) == "环村柳荫滨河大道"
    turns = [sign["turn"] for sign in signs]
    assert max(turns) - min(turns) > 0.2
    steps = [math.dist((a["x"], a["y"]), (b["x"], b["y"])) for a, b in pairwise(signs)]
    assert min(steps) > 9  # no sign covers another


def test_the_name_of_a_steep_street_stands_upright_from_above(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    upward = {"type": "LineString", "coordinates": [[114.3, 34.49], [114.3005, 34.51]]}
    shown(qtbot, map_view, MapFeature(Key("n"), "lane", "祠堂巷", upward))
    evaluate("void stationdesk.map.setView([34.5, 114.3], 15, {animate: false})")
    qtbot.waitUntil(lambda: bool(laid(evaluate, "lane")), timeout=SOON)
    signs = laid(evaluate, "lane")[0]["signs"]
    assert [sign["text"] for sign in signs] == list("祠堂巷")
    assert [sign["y"] for sign in signs] == sorted(sign["y"] for sign in signs)
    assert all(abs(sign["turn"]) < 0.3 for sign in signs)


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=window.__pwn=1>", "${window.__pwn=1}", "$& {title}", "</script>路"]
)
def test_the_name_of_what_is_joined_is_written_as_text(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, name: str
) -> None:
    shown(qtbot, map_view, MapFeature(ROAD.key, "lane", name, LINE))
    map_view.start_drawing("lane", title=name)
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "draw", timeout=SOON)
    hover(map_view, on_screen(evaluate, 34.5, 114.31) + QPoint(6, 5))
    cut = name if len(name) <= 14 else f"{name[:14]}…"
    qtbot.waitUntil(lambda: f"接到“{cut}”的端点" in text_of(evaluate, ".trace-tip"), timeout=SOON)
    assert name[:20] in text_of(evaluate, ".banner-words")[0]
    assert evaluate("window.__pwn ?? null") is None
    assert evaluate("document.querySelectorAll('.trace-tip img, .banner img').length") == 0
