from __future__ import annotations

import json

import pytest

from stationdesk.ui.web.bridge import Bridge, Unheard, hear

LINE = {"type": "LineString", "coordinates": [[114.1, 34.1], [114.2, 34.2]]}


def test_a_drawn_line_is_heard_as_geojson() -> None:
    message = hear(json.dumps({"event": "drawn", "kind": "main_road", "geometry": LINE}))
    assert message.kind == "main_road"
    assert json.loads(message.geometry) == LINE


@pytest.mark.parametrize(
    "message",
    [
        {"event": "rm"},
        {"event": "picked"},
        {"event": "picked", "slot": "1"},
        {"event": "picked", "slot": -1},
        {"event": "picked", "slot": 1.5},
        {"event": "picked", "slot": True},
        {"event": "picked", "slot": 1, "more": 1},
        {"event": "placed", "lat": 91, "lon": 0},
        {"event": "placed", "lat": None, "lon": 0},
        {"event": "placed", "lat": 1, "lon": 181},
        {"event": "placed", "lat": float("nan"), "lon": 0},
        {"event": "placed", "lat": float("inf"), "lon": 0},
        {"event": "acted", "slot": 1, "action": "rm -rf"},
        {"event": "acted", "slot": 1, "action": "x" * 41},
        {"event": "drawn", "kind": "road", "geometry": {"type": "LineString", "coordinates": [[1, 2]]}},
        {
            "event": "drawn",
            "kind": "road",
            "geometry": {"type": "LineString", "coordinates": [[1, 2], [1, 200]]},
        },
        {"event": "drawn", "kind": "road", "geometry": {"type": "LineString", "coordinates": "no"}},
        {"event": "drawn", "kind": "road", "geometry": {**LINE, "type": "GeometryCollection"}},
        {"event": "drawn", "kind": "road", "geometry": {**LINE, "type": ["LineString"]}},
        {"event": "drawn", "kind": "road", "geometry": {**LINE, "properties": {}}},
        {
            "event": "drawn",
            "kind": "a",
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
        },
        {
            "event": "drawn",
            "kind": "road",
            "geometry": {"type": "LineString", "coordinates": [[1, 2]] * 20_001},
        },
        {"event": "split", "slot": 1, "geometry": LINE},
        {"event": "split", "slot": 1, "geometry": LINE, "rest": {**LINE, "coordinates": []}},
        {"event": "tool", "mode": "", "back": 0, "ahead": 0},
        {"event": "tool", "mode": "draw", "back": -1, "ahead": 0},
        {"event": ["picked"]},
        ["picked"],
        None,
    ],
    ids=lambda message: str(message)[:60],
)
def test_what_the_page_has_no_business_to_say_is_not_heard(message: object) -> None:
    with pytest.raises(Unheard):
        hear(json.dumps(message))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "x" * 5_000_000])
def test_what_is_no_message_is_not_heard(text: str) -> None:
    with pytest.raises(Unheard):
        hear(text)


@pytest.mark.logs_expected
def test_a_message_that_is_dropped_stops_nothing() -> None:
    bridge = Bridge()
    heard: list[object] = []
    bridge.heard.connect(heard.append)
    bridge.say("{}")
    bridge.say('{"event": "hello"}')
    assert len(heard) == 1
