from __future__ import annotations

import pytest

from stationdesk.maps.sheet.ways import Landmark, Road, nearest_landmark, way_in_words
from tests.maps.sheet.making import at


def road(name: str, *points: tuple[float, float]) -> Road:
    return Road(name, tuple(at(*point) for point in points))


LON, LAT = at(0, 20)
OFFICE = Landmark("村委会", LAT, LON)
ROADS = (
    road("主路", (-1000, 0), (0, 0), (800, 0), (2000, 0)),
    road("柳树巷", (600, 12), (600, 400), (600, 900)),  # its end was drawn 12 m short of the road
    road("断头路", (3000, 500), (3000, 900)),
)


@pytest.mark.parametrize(
    ("east", "north", "told"),
    [
        (300, 5, "从村委会沿主路往东约 300 米（步行约 5 分钟）"),
        (-450, -30, "从村委会沿主路往西约 450 米，在路南边（步行约 7 分钟）"),
        (610, 350, "从村委会沿主路往东约 600 米，再沿柳树巷往北约 350 米（步行约 15 分钟）"),
        (10, 10, "就在村委会旁边"),
        (0, 1020, "在村委会正北方向约 1 公里（步行约 20 分钟）"),
        (3000, 700, "在村委会正东方向约 3.1 公里（步行约 60 分钟）"),
    ],
)
def test_the_way_is_told_as_one_would_tell_it(east: float, north: float, told: str) -> None:
    lon, lat = at(east, north)
    assert way_in_words(lat, lon, OFFICE, ROADS) == told


def test_a_road_that_bends_is_told_in_its_directions() -> None:
    bent = road("环村路", (0, 0), (500, 0), (500, 600))
    lon, lat = at(505, 500)
    told = way_in_words(lat, lon, OFFICE, (bent,))
    assert told.startswith("从村委会沿环村路往东约 500 米，再沿环村路往北约 500 米")


def test_a_great_detour_is_not_told() -> None:
    around = road("绕山路", (0, 0), (-2000, 0), (-2000, 3000), (0, 3000), (0, 600))
    lon, lat = at(0, 620)
    assert way_in_words(lat, lon, OFFICE, (around,)).startswith("在村委会正北方向约 600 米")


def test_without_roads_the_direction_is_told() -> None:
    lon, lat = at(400, -400)
    assert way_in_words(lat, lon, OFFICE, ()) == "在村委会东南方向约 600 米（步行约 11 分钟）"


def test_the_best_known_landmark_within_a_walk_is_taken_else_the_nearest() -> None:
    lon, lat = at(1500, 0)
    market = Landmark("集市", *reversed(at(1400, 0)))
    assert nearest_landmark(lat, lon, (OFFICE, market)) is OFFICE
    lon, lat = at(6000, 0)
    assert nearest_landmark(lat, lon, (OFFICE, market)) is market
    assert nearest_landmark(lat, lon, ()) is None
