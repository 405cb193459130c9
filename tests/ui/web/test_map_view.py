from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPoint, Qt, QUrl
from PySide6.QtNetwork import QHostAddress, QTcpServer
from PySide6.QtTest import QTest
from PySide6.QtWebEngineCore import QWebEngineUrlRequestJob
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from typing_extensions import override

from stationdesk.core.fields import Key
from stationdesk.core.text import clean
from stationdesk.maps.anchors import ANCHOR_SYMBOLS, Anchor
from stationdesk.maps.households import HOUSEHOLD_SYMBOLS
from stationdesk.maps.layers import Layer, MapArea, MapDocument, MapFeature, MapPatch, MapPlace, Mark, Stroke
from stationdesk.maps.page import PAGE_ADDRESS
from stationdesk.maps.symbols import SYMBOLS
from stationdesk.ui.web.map_scheme import MapScheme
from stationdesk.ui.web.map_view import MapView
from stationdesk.ui.web.profile import MapPage, make_profile
from tests.hostile import STRINGS
from tests.ui.web.conftest import Evaluate, web_view_of

LAYERS = (
    Layer("resource", "资源"),
    Layer("household", "住户"),
    Layer("village", "村居"),
    Layer("feature", "道路河流"),
)
MARKS = (
    *(Mark(of.code, "resource", symbol) for of, symbol in SYMBOLS.items()),
    *(Mark(of.code, "household", symbol, small=True) for of, symbol in HOUSEHOLD_SYMBOLS.items()),
)
STROKES = (
    Stroke("lane", "支路小巷", "LineString"),
    Stroke("area", "区域", "Polygon"),
    Stroke("place", "地物", "Point"),
)
ATTACKS = (
    "${window.__pwn=1}",
    "`);window.__pwn=1;(`",
    "</script><script>window.__pwn=1</script>",
    "<img src=x onerror=window.__pwn=1>",
    "<svg onload=window.__pwn=1>",
    '"><iframe src=javascript:window.__pwn=1>',
    "'; window.__pwn=1; '",
    "$& $1 $$ $` {count} {title} {drawn}",
    r"C:\2019\新建文件夹\u0041",
    "备注{#见附件",
    "{% 残疾",
    "__proto__",
    "制\u2028行\u2029段",
    "长" * 40_000,
)
TEXTS = tuple(text for text in dict.fromkeys(clean(text) for text in (*ATTACKS, *STRINGS)) if text)
"""Every hostile text, as the station holds it after the one cleaning at entry."""

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[114.29, 34.49], [114.31, 34.49], [114.31, 34.51], [114.29, 34.49]]],
}
LINE = {"type": "LineString", "coordinates": [[114.29, 34.5], [114.31, 34.5]]}


def place(
    key: str, lat: float = 34.5, lon: float = 114.3, title: str = "卫生院", number: str = "医-01"
) -> MapPlace:
    return MapPlace("resource", Key(key), lat, lon, "医", number, title)


def document(*places: MapPlace, **more: Any) -> MapDocument:
    return MapDocument(LAYERS, MARKS, STROKES, places, feature_layer="feature", **more)


def scattered(count: int) -> tuple[MapPlace, ...]:
    chance = random.Random(3)
    marks = [mark.code for mark in MARKS]
    return tuple(
        MapPlace(
            "resource",
            Key(f"k{number}"),
            34.5 + chance.gauss(0, 0.02),
            114.3 + chance.gauss(0, 0.02),
            chance.choice(marks),
            f"医-{number}",
            f"地点{number}",
        )
        for number in range(count)
    )


def show(qtbot: QtBot, view: MapView, shown: MapDocument) -> list[int]:
    with qtbot.waitSignal(view.ready, timeout=20_000) as ready:
        view.show_document(shown)
    return list(ready.args or [])


def page_of(view: MapView) -> MapPage:
    page = web_view_of(view).page()
    assert isinstance(page, MapPage)
    return page


def click(view: MapView, at: QPoint) -> None:
    QTest.mouseClick(canvas_of(view), Qt.MouseButton.LeftButton, pos=at)


def canvas_of(view: MapView) -> QWidget:
    """What Chromium draws into: the innermost widget, and only that one takes the mouse and the keys."""
    inner = web_view_of(view).focusProxy()
    assert inner is not None
    return inner


def on_screen(evaluate: Evaluate, lat: float, lon: float) -> QPoint:
    found = evaluate(f"stationdesk.map.latLngToContainerPoint([{lat}, {lon}])")
    return QPoint(round(found["x"]), round(found["y"]))


def text_of(evaluate: Evaluate, selector: str) -> list[str]:
    return list(evaluate(f"Array.from(document.querySelectorAll({selector!r}), (one) => one.textContent)"))


def test_ten_thousand_places_are_drawn_and_counted(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    assert show(qtbot, map_view, document(*scattered(10_000))) == [10_000, 10_000]
    assert text_of(evaluate, ".count strong") == ["已绘 10,000 / 10,000"]
    gathered = evaluate("stationdesk.laid.items.reduce((sum, item) => sum + item.members.length, 0)")
    assert gathered == 10_000, "every place stands in exactly one mark or ring"
    assert evaluate("stationdesk.laid.items.length") < 1_500, "nobody could read more"
    assert map_view.gate.refused == 0


def test_one_edit_among_ten_thousand_places_is_one_patch_that_keeps_view_zoom_and_open_popup(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown = document(*scattered(10_000))
    show(qtbot, map_view, shown)
    open_one, edited = shown.places[3], shown.places[7]
    with qtbot.waitSignal(map_view.asked, timeout=10_000):
        map_view.select(open_one.record, open_one.key)
    map_view.describe(open_one.record, open_one.key, [("电话", "0999-0000001")], [])
    evaluate(
        """(() => {
          window.told = [];
          for (const name of ["load", "patch"]) {
            const act = stationdesk[name];
            stationdesk[name] = function (...values) { window.told.push(name); return act.apply(this, values); };
          }
          return true;
        })()"""
    )
    seen = "[performance.timeOrigin, stationdesk.map.getZoom(), stationdesk.map.getCenter().lat, stationdesk.selected]"
    before = evaluate(seen)
    new = place("new", 34.51, 114.31, "新开的药房")
    with qtbot.waitSignal(map_view.ready, timeout=10_000) as ready:
        map_view.patch(MapPatch((replace(edited, lat=edited.lat + 0.002, title="搬了"), new)))
    assert ready.args == [10_001, 10_001]
    assert evaluate("window.told") == ["patch"]
    assert evaluate(seen) == before
    assert evaluate("document.querySelectorAll('.leaflet-popup').length") == 1
    assert text_of(evaluate, ".count strong") == ["已绘 10,001 / 10,001"]
    moved_to = evaluate("[...stationdesk.places.values()].find((one) => one.title === '搬了').lat")
    assert abs(moved_to - edited.lat - 0.002) < 1e-5


def test_a_place_that_cannot_be_drawn_is_not_counted_as_drawn(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown = document(place("a"), place("pole", lat=89.9), unplaced=3)
    assert show(qtbot, map_view, shown) == [1, 2]
    words = text_of(evaluate, ".count > *")
    assert words[0] == "已绘 1 / 2"
    assert any("坐标有误" in word for word in words)
    assert any("3 项没有位置" in word for word in words)


def test_a_layer_that_is_switched_off_is_not_counted_as_drawn(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    show(
        qtbot,
        map_view,
        document(
            place("a"), place("b", 34.6), MapPlace("household", Key("h"), 34.7, 114.3, "elderly", "", "")
        ),
    )
    with qtbot.waitSignal(map_view.ready, timeout=10_000) as ready:
        evaluate("document.querySelector('.legend-layer input').click()")
    assert ready.args == [1, 3]


def test_the_marks_are_really_on_the_screen(qtbot: QtBot, map_view: MapView, evaluate: Evaluate) -> None:
    show(qtbot, map_view, document(place("a"), place("b", 34.52, 114.33)))
    at = on_screen(evaluate, 34.5, 114.3)
    wanted = next(mark.symbol.colour for mark in MARKS if mark.code == "医")
    # Beside the white letter of the mark: inside the cross, below its middle.
    qtbot.waitUntil(
        lambda: near(map_view.grab().toImage().pixelColor(at + QPoint(0, 9)).name(), wanted), timeout=10_000
    )


def near(one: str, other: str) -> bool:
    pairs = zip((one[1:3], one[3:5], one[5:7]), (other[1:3], other[3:5], other[5:7]), strict=True)
    return all(abs(int(left, 16) - int(right, 16)) < 40 for left, right in pairs)


def moved(geometry: dict[str, Any], lon: float, lat: float) -> dict[str, Any]:
    def shift(part: Any) -> Any:
        if isinstance(part[0], list):
            return [shift(one) for one in part]
        return [part[0] + lon, part[1] + lat]

    return {**geometry, "coordinates": shift(geometry["coordinates"])}


def cut(text: str, length: int) -> str:
    """A name as the map writes it; the whole of it stands in the popup."""
    return text if len(text) <= length else f"{text[:length]}…"


def names_of(evaluate: Evaluate, *hands: str) -> list[dict[str, Any]]:
    """The names on the canvas, those of one kind or of several, or all."""
    return [name for name in evaluate("stationdesk.laid.names") if not hands or name["hand"] in hands]


def busy_town() -> MapDocument:
    """Villages with resources and households all around their middles, groups, a road and drawn places."""
    chance = random.Random(7)
    places = [MapPlace("station", Key("s"), 34.492, 114.292, "站", "", "河湾镇社会工作服务站")]
    areas, features = [], [MapFeature(Key("r"), "lane", "通村路", LINE)]
    for number in range(9):
        lat, lon = 34.48 + number // 3 * 0.02, 114.28 + number % 3 * 0.02
        places.append(MapPlace("village", Key(f"v{number}"), lat, lon, "村", "", f"村庄{number}"))
        for of, mark, spread in (("resource", "医", 0.001), ("household", "elderly", 0.003)):
            places.extend(
                MapPlace(
                    of,
                    Key(f"{of}{number}-{each}"),
                    lat + chance.gauss(0, spread),
                    lon + chance.gauss(0, spread),
                    mark,
                    f"{of[0]}-{number}{each}",
                    "某处",
                )
                for each in range(14)
            )
        shape = moved(SQUARE, lon - 114.3, lat - 34.5)
        areas.append(MapArea("village_group", Key(f"g{number}"), "village", "一组", shape))
        point = {"type": "Point", "coordinates": [lon + 0.004, lat]}
        features.append(MapFeature(Key(f"p{number}"), "place", f"地物{number}", point))
    marks = (
        *(
            Mark(code, "village", ANCHOR_SYMBOLS[of])
            for code, of in (("站", Anchor.STATION), ("村", Anchor.VILLAGE))
        ),
        *MARKS,
    )
    return MapDocument(LAYERS, marks, STROKES, tuple(places), tuple(areas), tuple(features), "feature")


@pytest.mark.parametrize("nearer", range(3))
def test_no_name_covers_a_mark_a_ring_or_another_name(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, nearer: int
) -> None:
    shown = busy_town()
    assert show(qtbot, map_view, shown) == [len(shown.places), len(shown.places)]
    evaluate(f"void stationdesk.map.setZoom(stationdesk.map.getZoom() + {nearer}, {{animate: false}})")
    items = evaluate("stationdesk.laid.items.map(({x, y, radius}) => [x, y, radius])")
    boxes = [
        (
            name["x"] - name["width"] / 2,
            name["y"] - name["height"] / 2,
            name["x"] + name["width"] / 2,
            name["y"] + name["height"] / 2,
        )
        for name in names_of(evaluate)
        if not name["turn"]
    ]
    assert len(boxes) >= 10
    for number, (left, top, right, bottom) in enumerate(boxes):
        for x, y, radius in items:
            across, down = x - min(max(x, left), right), y - min(max(y, top), bottom)
            assert across**2 + down**2 > (radius * 0.85) ** 2
        for other in boxes[number + 1 :]:
            assert left >= other[2] or other[0] >= right or top >= other[3] or other[1] >= bottom


def test_from_afar_every_village_has_its_name_and_rings_step_aside_for_it(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    show(qtbot, map_view, busy_town())
    named = names_of(evaluate, "station", "village")
    assert {"".join(name["lines"]) for name in named} == {
        "河湾镇社会工作服务站",
        *(f"村庄{number}" for number in range(9)),
    }
    assert not names_of(evaluate, "area")
    items = evaluate(
        "stationdesk.laid.items.map(({x, y, radius, members}) => [x, y, radius, members.length])"
    )
    rings = [item for item in items if item[3] > 1]
    assert rings
    for ring in rings:
        for item in items:
            apart = ((ring[0] - item[0]) ** 2 + (ring[1] - item[1]) ** 2) ** 0.5
            assert item is ring or apart > ring[2] + item[2]


def test_households_are_folded_in_the_legend_at_first_and_counted_all_the_same(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    homes = tuple(
        MapPlace("household", Key(f"h{number}"), 34.5, 114.3 + number / 100, "elderly", f"户-{number}", "")
        for number in range(3)
    )
    assert show(qtbot, map_view, document(place("a"), *homes)) == [4, 4]
    assert text_of(evaluate, ".legend-mark .legend-label") == ["医疗"]
    assert text_of(evaluate, ".legend-layer .legend-number") == ["1", "3"]
    evaluate("document.querySelectorAll('.legend-fold')[1].click()")
    assert text_of(evaluate, ".legend-mark .legend-label") == ["医疗", "重点老人户"]


def test_hostile_text_is_shown_as_it_is_stored_and_runs_nothing(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    complaints: list[str] = []
    page_of(map_view).complained.connect(complaints.append)
    places = tuple(
        place(f"k{number}", 34.5 + number / 500, 114.3, text, text) for number, text in enumerate(TEXTS)
    )
    layers = tuple(Layer(layer.code, TEXTS[number]) for number, layer in enumerate(LAYERS))
    shown = MapDocument(
        layers,
        MARKS,
        tuple(Stroke(stroke.code, TEXTS[4], stroke.geometry) for stroke in STROKES),
        places,
        tuple(
            MapArea("village", Key(f"v{number}"), "village", text, moved(SQUARE, 0.1, number / 30))
            for number, text in enumerate(TEXTS)
        ),
        tuple(
            MapFeature(Key(f"f{number}"), "lane", text, moved(LINE, 0.2, number / 30))
            for number, text in enumerate(TEXTS)
        ),
        "feature",
    )
    assert show(qtbot, map_view, shown) == [len(TEXTS), len(TEXTS)]
    assert text_of(evaluate, ".legend-layer .legend-label") == [layer.label for layer in layers]
    # From near enough that every name has room; they are laid out for the whole map.
    evaluate("void stationdesk.map.setZoom(18, {animate: false})")
    assert {name["lines"][0] for name in names_of(evaluate, "area")} == {cut(text, 16) for text in TEXTS}
    assert {name["lines"][0] for name in names_of(evaluate, "lane")} == {cut(text, 16) for text in TEXTS}
    assert {cut(text, 10) for text in TEXTS if len(text) > 4} <= {
        name["lines"][0] for name in names_of(evaluate, "mark")
    }
    for number, text in enumerate(TEXTS):
        with qtbot.waitSignal(map_view.asked, timeout=10_000) as asked:
            map_view.select("resource", Key(f"k{number}"))
        assert asked.args == ["resource", f"k{number}"]
        map_view.describe("resource", Key(f"k{number}"), [(text, text)], [("open", text)])
        assert (
            text_of(
                evaluate, ".card-title, .card-number, .card-lines dt, .card-lines dd, .card-actions button"
            )
            == [text] * 5
        )
    map_view.start_placing("resource", Key("k4"), TEXTS[0])
    assert TEXTS[0] in text_of(evaluate, ".banner-words")[0]
    assert evaluate("window.__pwn ?? null") is None
    assert evaluate("document.querySelectorAll('script').length") == evaluate("document.scripts.length")
    assert complaints == []
    assert map_view.gate.refused == 0


def test_a_click_on_a_mark_tells_which_record_it_is(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    show(qtbot, map_view, document(place("a"), place("b", 34.52, 114.33)))
    with qtbot.waitSignal(map_view.picked, timeout=10_000) as picked:
        click(map_view, on_screen(evaluate, 34.52, 114.33))
    assert picked.args == ["resource", "b"]


def test_a_record_chosen_elsewhere_is_brought_into_view_with_its_popup(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    show(qtbot, map_view, document(*scattered(300), place("far", 35.2, 115.1, "远处的诊所")))
    with qtbot.waitSignal(map_view.asked, timeout=10_000):
        assert map_view.select("resource", Key("far"))
    assert text_of(evaluate, ".card-title") == ["远处的诊所"]
    assert evaluate("stationdesk.map.getBounds().contains([35.2, 115.1])")
    assert not map_view.select("resource", Key("nobody"))


def test_the_buttons_of_a_popup_tell_what_was_pressed(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    show(qtbot, map_view, document(place("a")))
    with qtbot.waitSignal(map_view.asked, timeout=10_000):
        map_view.select("resource", Key("a"))
    map_view.describe(
        "resource", Key("a"), [("电话", "0371-0000000")], [("open", "打开"), ("move", "移动位置")]
    )
    with qtbot.waitSignal(map_view.acted, timeout=10_000) as acted:
        evaluate("document.querySelectorAll('.card-actions button')[1].click()")
    assert acted.args == ["resource", "a", "move"]


def test_a_click_places_the_record_that_waits_for_its_place(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    show(qtbot, map_view, document(place("a"), place("b", 34.52, 114.33)))
    map_view.start_placing("resource", Key("new"), "巧手理发队")
    assert text_of(evaluate, ".banner-words") == ["点击地图放置：巧手理发队（Esc 取消）"]
    with qtbot.waitSignal(map_view.placed, timeout=10_000) as placed:
        click(map_view, on_screen(evaluate, 34.51, 114.31))
    record, key, lat, lon = placed.args or []
    assert (record, key) == ("resource", "new")
    assert lat == pytest.approx(34.51, abs=0.0005)
    assert lon == pytest.approx(114.31, abs=0.0005)
    assert evaluate("document.querySelector('.banner').hidden")


def test_escape_leaves_placing_without_a_place(qtbot: QtBot, map_view: MapView, evaluate: Evaluate) -> None:
    show(qtbot, map_view, document(place("a")))
    map_view.start_placing("resource", Key("a"), "卫生院")
    assert not evaluate("document.querySelector('.banner').hidden")
    with qtbot.waitSignal(map_view.cancelled, timeout=10_000), qtbot.assertNotEmitted(map_view.placed):
        QTest.keyClick(canvas_of(map_view), Qt.Key.Key_Escape)


def test_a_road_is_drawn_by_clicks_and_ended_by_enter(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    show(qtbot, map_view, document(place("a"), place("b", 34.52, 114.33)))
    map_view.start_drawing("lane")
    evaluate("stationdesk.mode")
    for at in ((34.505, 114.305), (34.51, 114.31), (34.505, 114.32)):
        click(map_view, on_screen(evaluate, *at))
    qtbot.waitUntil(
        lambda: evaluate("document.querySelector('path.trace').getAttribute('d')").count("L") == 2
    )
    with qtbot.waitSignal(map_view.drawn, timeout=10_000) as drawn:
        QTest.keyClick(canvas_of(map_view), Qt.Key.Key_Return)
    kind, geometry = drawn.args or []
    assert kind == "lane"
    shape = json.loads(geometry)
    assert shape["type"] == "LineString"
    assert [point[1] for point in shape["coordinates"]] == pytest.approx([34.505, 34.51, 34.505], abs=0.0005)


def test_a_double_click_ends_an_area_and_closes_it(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    show(qtbot, map_view, document(place("a"), place("b", 34.52, 114.33)))
    map_view.start_drawing("area")
    evaluate("stationdesk.mode")
    corners = [on_screen(evaluate, *at) for at in ((34.505, 114.305), (34.515, 114.31), (34.505, 114.32))]
    for at in corners:
        click(map_view, at)
    # The clicks and the double click below reach the page by different ways.
    qtbot.waitUntil(
        lambda: evaluate("document.querySelector('path.trace').getAttribute('d')").count("L") == 2
    )
    with qtbot.waitSignal(map_view.drawn, timeout=10_000) as drawn:
        # QTest's double click comes too late after the first one to be one for Chromium.
        evaluate(
            "stationdesk.map.getContainer().dispatchEvent(new MouseEvent('dblclick', "
            f"{{bubbles: true, clientX: {corners[-1].x()}, clientY: {corners[-1].y()}}}))"
        )
    shape = json.loads((drawn.args or [])[1])
    assert shape["type"] == "Polygon"
    [ring] = shape["coordinates"]
    assert len(ring) == 4
    assert ring[0] == ring[-1]


def test_keys_zoom_and_move_the_map(qtbot: QtBot, map_view: MapView, evaluate: Evaluate) -> None:
    show(qtbot, map_view, document(place("a"), place("b", 34.52, 114.33)))
    evaluate("stationdesk.map.getContainer().focus()")
    before = evaluate("[stationdesk.map.getZoom(), stationdesk.map.getCenter().lng]")
    QTest.keyClick(canvas_of(map_view), Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: evaluate("stationdesk.map.getCenter().lng") > before[1], timeout=10_000)
    QTest.keyClick(canvas_of(map_view), Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: evaluate("stationdesk.map.getZoom()") > before[0], timeout=10_000)


def test_a_document_shown_again_may_keep_the_view_and_what_was_hidden(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    shown = document(place("a"), place("b", 34.52, 114.33))
    show(qtbot, map_view, shown)
    with qtbot.waitSignal(map_view.ready, timeout=10_000):
        evaluate("document.querySelector('.legend-mark input').click()")
    evaluate("void stationdesk.map.setView([34.51, 114.32], 16, {animate: false})")
    before = evaluate("[stationdesk.map.getCenter(), stationdesk.map.getZoom()]")
    with qtbot.waitSignal(map_view.ready, timeout=10_000) as ready:
        map_view.show_document(shown, fit=False)
        # The earlier view may still be counted; the one that is waited for is counted last.
        qtbot.waitUntil(lambda: evaluate("stationdesk.hiddenMarks.size") == 1, timeout=10_000)
    assert ready.args == [0, 2]
    assert evaluate("[stationdesk.map.getCenter(), stationdesk.map.getZoom()]") == before


def test_a_record_in_a_layer_that_is_off_is_shown_when_it_is_chosen(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    layers = (Layer("resource", "资源", shown=False), *LAYERS[1:])
    show(qtbot, map_view, replace(document(place("a")), layers=layers))
    assert text_of(evaluate, ".count strong") == ["已绘 0 / 1"]
    with qtbot.waitSignal(map_view.asked, timeout=10_000):
        map_view.select("resource", Key("a"))
    qtbot.waitUntil(lambda: text_of(evaluate, ".count strong") == ["已绘 1 / 1"], timeout=10_000)


def test_a_click_on_a_ring_at_one_spot_lists_what_is_there(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    show(qtbot, map_view, document(place("a", title="卫生院"), place("b", title="药房"), place("c", 34.52)))
    click(map_view, on_screen(evaluate, 34.5, 114.3))
    qtbot.waitUntil(lambda: text_of(evaluate, ".row-title") == ["卫生院", "药房"], timeout=10_000)
    with qtbot.waitSignal(map_view.picked, timeout=10_000) as picked:
        evaluate("document.querySelectorAll('.row')[1].click()")
    assert picked.args == ["resource", "b"]


def test_a_drawing_is_mended_and_told_by_its_key(qtbot: QtBot, map_view: MapView, evaluate: Evaluate) -> None:
    show(qtbot, map_view, document(place("a"), features=(MapFeature(Key("f1"), "lane", "人民路", LINE),)))
    map_view.edit_drawing("feature", Key("f1"))
    assert evaluate("document.querySelectorAll('.handle.corner').length") == 2
    with qtbot.waitSignal(map_view.edited, timeout=10_000) as edited:
        evaluate("document.querySelector('.banner-button').click()")
    record, key, geometry = edited.args or []
    assert (record, key) == ("feature", "f1")
    assert json.loads(geometry) == LINE


def test_an_edit_keeps_the_view_and_the_open_popup(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    show(qtbot, map_view, document(*scattered(200), place("a")))
    with qtbot.waitSignals([map_view.asked, map_view.ready], timeout=10_000):
        map_view.select("resource", Key("a"))
    map_view.describe("resource", Key("a"), [("状态", "有效")])
    before = evaluate("[stationdesk.map.getCenter(), stationdesk.map.getZoom()]")
    counts: list[tuple[int, int]] = []
    map_view.ready.connect(lambda *sums: counts.append(sums))
    with qtbot.waitSignals([map_view.asked, map_view.ready], timeout=10_000):
        map_view.patch(MapPatch((place("a", title="新名称"), place("b", 34.501)), (("resource", Key("k0")),)))
    assert counts == [(201, 201)]
    map_view.describe("resource", Key("a"), [("状态", "暂停")])
    assert text_of(evaluate, ".card-title, .card-lines dd") == ["新名称", "暂停"]
    assert evaluate("[stationdesk.map.getCenter(), stationdesk.map.getZoom()]") == before


def test_a_record_that_goes_takes_its_popup_along(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate
) -> None:
    show(qtbot, map_view, document(place("a"), place("b", 34.52)))
    with qtbot.waitSignal(map_view.asked, timeout=10_000):
        map_view.select("resource", Key("a"))
    map_view.patch(MapPatch(gone=(("resource", Key("a")),)))
    qtbot.waitUntil(lambda: text_of(evaluate, ".card-title") == [], timeout=10_000)
    assert not map_view.select("resource", Key("a"))


def test_dark_and_light_differ(qtbot: QtBot, map_view: MapView, evaluate: Evaluate) -> None:
    show(qtbot, map_view, document(place("a")))
    light = evaluate("getComputedStyle(document.body).backgroundColor")
    map_view.set_theme(dark=True)
    assert evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_a_map_that_crashes_comes_back_with_its_edits_and_after_the_third_time_stays_away(
    qtbot: QtBot, map_view: MapView
) -> None:
    show(qtbot, map_view, document(place("a")))
    map_view.patch(MapPatch((place("b", 34.52),)))
    counts: list[tuple[int, int]] = []
    map_view.ready.connect(lambda *sums: counts.append(sums))
    for _ in range(2):
        counts.clear()
        with qtbot.waitSignal(map_view.troubled, timeout=30_000):
            os.kill(page_of(map_view).renderProcessPid(), signal.SIGKILL)
        qtbot.waitUntil(lambda: counts == [(2, 2)], timeout=30_000)
    again = map_view.findChild(QPushButton, "map_reopen")
    assert again is not None
    with qtbot.assertNotEmitted(map_view.troubled):
        os.kill(page_of(map_view).renderProcessPid(), signal.SIGKILL)
        qtbot.waitUntil(again.isVisible, timeout=30_000)
    with qtbot.waitSignal(map_view.ready, timeout=30_000):
        again.click()


def test_a_map_that_was_closed_leaves_no_trouble_behind(qtbot: QtBot) -> None:
    view = MapView()
    view.show()
    show(qtbot, view, document(place("a")))
    view.deleteLater()
    qtbot.waitUntil(lambda: not isValid(view), timeout=10_000)


@pytest.fixture
def listener() -> QTcpServer:
    """A server beside the page, to see what arrives."""
    server = QTcpServer()
    assert server.listen(QHostAddress(QHostAddress.SpecialAddress.LocalHost))
    return server


PLANTED = {
    "img": "void (new Image().src = 'http://HERE/i.png')",
    "fetch": "void fetch('http://HERE/f').catch(() => 0)",
    "beacon": "void navigator.sendBeacon('http://HERE/b', 'x')",
    "websocket": "void (() => { try { new WebSocket('ws://HERE/w') } catch { } })()",
    "events": "void (() => { try { new EventSource('http://HERE/e') } catch { } })()",
    "script": "void document.head.append(Object.assign(document.createElement('script'), {src: 'http://HERE/s.js'}))",
    "style": "void document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: 'http://HERE/c'}))",
    "frame": "void document.body.append(Object.assign(document.createElement('iframe'), {src: 'http://HERE/p'}))",
    "navigation": "void (location.href = 'http://HERE/n')",
}


@pytest.mark.logs_expected
@pytest.mark.parametrize("kind", PLANTED)
def test_a_request_planted_in_the_page_is_refused_and_counted(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, listener: QTcpServer, kind: str
) -> None:
    show(qtbot, map_view, document(place("a")))
    evaluate(PLANTED[kind].replace("HERE", f"127.0.0.1:{listener.serverPort()}"))
    qtbot.waitUntil(lambda: map_view.gate.refused > 0, timeout=10_000)
    assert not listener.hasPendingConnections()
    assert evaluate("stationdesk.places.size") == 1


class Trap(MapScheme):
    """Serves a page of somebody else's making, with no policy of its own, where the map page should be."""

    def __init__(self, markup: str) -> None:
        super().__init__(lambda revision: None)
        self._markup = markup

    @override
    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        body = QBuffer(job)
        body.setData(self._markup.encode())
        body.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(QByteArray(b"text/html"), body)


@pytest.mark.logs_expected
def test_the_gate_alone_holds_a_page_that_has_no_policy(qtbot: QtBot, listener: QTcpServer) -> None:
    here = f"127.0.0.1:{listener.serverPort()}"
    markup = "".join(
        (
            f"<link rel=icon href=http://{here}/o><link rel=stylesheet href=http://{here}/c>",
            f"<img src=http://{here}/i><script src=http://{here}/s></script><iframe src=http://{here}/p></iframe>",
            f"<script>fetch('http://{here}/f').catch(() => 0); new WebSocket('ws://{here}/w');",
            f"navigator.sendBeacon('http://{here}/b'); new EventSource('http://{here}/e'); window.open('http://{here}/x');",
            f"setTimeout(() => {{ location.href = 'http://{here}/n'; }}, 0)</script>",
        )
    )
    owner, holder = QObject(), QObject()
    profile, gate = make_profile(owner, Trap(markup))
    page = MapPage(profile, gate, holder)
    page.load(QUrl(PAGE_ADDRESS))
    qtbot.waitUntil(lambda: gate.refused >= 9, timeout=20_000)
    assert not listener.hasPendingConnections()
    # A page has to go before its profile.
    holder.deleteLater()
    qtbot.waitUntil(lambda: not isValid(page), timeout=10_000)
    owner.deleteLater()
    qtbot.waitUntil(lambda: not isValid(profile), timeout=10_000)


def test_a_map_that_was_never_shown_brings_in_no_web_engine() -> None:
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, stationdesk.ui.web.scheme, stationdesk.ui.web.printing;print('\\n'.join(sys.modules))",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "stationdesk.ui.web.printing" in seen.stdout
    assert "WebEngine" not in seen.stdout
    assert "folium" not in seen.stdout
