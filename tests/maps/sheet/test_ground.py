from __future__ import annotations

import math

import pytest

from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.ground import WALKING, choose_ground, split_far
from tests.maps.sheet.making import entries, entry

FRAME = Box(10, 20, 150, 130)


@pytest.mark.parametrize("count", [1, 2, 5, 60])
def test_every_place_lies_in_the_frame_with_room_around_it(count: int) -> None:
    given = entries(count)
    ground = choose_ground(given, FRAME, 8, 26)
    for each in given:
        assert FRAME.grown(-8).holds(ground.point(each.lon or 0, each.lat or 0))


def test_the_scale_bar_and_the_ratio_come_from_one_number() -> None:
    for count in (1, 3, 9, 40):
        ground = choose_ground(entries(count), FRAME, 8, 26)
        bar = ground.bar(45)
        assert bar.width * ground.n == pytest.approx(bar.metres * 1000)
        assert bar.width <= 45
        assert bar.minutes == max(1, round(bar.metres / WALKING))


def test_a_known_distance_measures_right_on_paper() -> None:
    given = (entry(1, 0, 0), entry(2, 1000, 0), entry(3, 0, 1000))
    ground = choose_ground(given, FRAME, 8, 26)
    x, y = ground.point(given[0].lon or 0, given[0].lat or 0)
    east = ground.point(given[1].lon or 0, given[1].lat or 0)
    north = ground.point(given[2].lon or 0, given[2].lat or 0)
    assert (east[0] - x) * ground.n / 1e6 == pytest.approx(1, rel=0.005)
    assert (y - north[1]) * ground.n / 1e6 == pytest.approx(1, rel=0.005)


def test_squares_are_named_by_letter_and_digit_from_the_upper_left() -> None:
    ground = choose_ground(entries(20), FRAME, 8, 26)
    assert ground.square((FRAME.x + 1, FRAME.y + 1)) == "A1"
    assert ground.square((FRAME.right - 1, FRAME.bottom - 1)) == f"F{ground.rows}"


def test_one_place_far_away_does_not_shrink_the_map_for_all_others() -> None:
    far = entry(99, -30_000, 30_000)
    near, beyond = split_far((*entries(20), far), FRAME)
    assert beyond == (far,)
    ground = choose_ground(near, FRAME, 8, 26)
    assert ground.n < 40_000
    assert ground.direction(far) == f"西北{math.hypot(30, 30):.0f}公里"


def test_a_loose_town_keeps_all_its_places() -> None:
    near, beyond = split_far(entries(40), FRAME)
    assert (len(near), beyond) == (40, ())
