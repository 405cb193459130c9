"""Pins lay a picture over the map to known metres, and say which of them is wrong."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest

from stationdesk.core.datum import distance_m, from_local_xy, local_xy
from stationdesk.core.errors import UserError
from stationdesk.core.vocab.basemaps import PinMethod
from stationdesk.maps.basemaps.pinning import judge
from stationdesk.maps.basemaps.pins import Pin, Pinned

TOWN = (34.5, 114.3)
SIZE = (2400, 1600)
METRES = 1.5
"""Of a pixel."""
TURN = math.radians(12)
SPOTS = ((200, 150), (2200, 180), (2100, 1450), (260, 1400), (1200, 800), (700, 1100), (1700, 500))

Bend = Callable[[float, float], tuple[float, float]]


def straight(x: float, y: float) -> tuple[float, float]:
    """Metres east and north of the town for a pixel: turned and scaled."""
    x, y = (x - SIZE[0] / 2) * METRES, (SIZE[1] / 2 - y) * METRES
    return x * math.cos(TURN) - y * math.sin(TURN), x * math.sin(TURN) + y * math.cos(TURN)


def bent(x: float, y: float) -> tuple[float, float]:
    """The same, drawn by hand: the middle swollen by 90 m."""
    east, north = straight(x, y)
    swell = 90 * math.exp(-((x - 1200) ** 2 + (y - 800) ** 2) / 900**2)
    return east + swell, north - swell / 2


def place(spot: tuple[float, float], bend: Bend = straight) -> tuple[float, float]:
    at = from_local_xy(*bend(*spot), TOWN)
    return at.lat, at.lon


def pin(spot: tuple[float, float], off: tuple[float, float] = (0, 0), bend: Bend = straight) -> Pin:
    """A pin on the right place, or `off` metres east and north of it."""
    east, north = bend(*spot)
    at = from_local_xy(east + off[0], north + off[1], TOWN)
    return Pin(spot[0], spot[1], at.lat, at.lon)


def miss(pinned: Pinned, spot: tuple[float, float], bend: Bend = straight) -> float:
    """How many metres a pixel lies from where it is."""
    return distance_m(pinned.degrees(*spot), place(spot, bend))


def test_three_right_pins_lay_every_pixel_to_half_a_metre_and_admit_that_they_cannot_be_checked() -> None:
    judged = judge(SIZE, [pin(spot) for spot in SPOTS[:3]])
    assert judged.method is PinMethod.AFFINE
    assert max(judged.errors) < 0.01
    assert judged.misses == (None, None, None)
    assert max(miss(judged.pinned, spot) for spot in SPOTS) < 0.6
    assert any("三个点总能对上" in each for each in judged.sentences)
    assert judged.ground == pytest.approx((3600, 2400), rel=0.002)


def test_the_picture_is_found_from_the_ground_where_it_lies_on_it() -> None:
    for method, bend in ((PinMethod.AFFINE, straight), (PinMethod.SPLINE, bent)):
        pinned = judge(SIZE, [pin(spot, bend=bend) for spot in SPOTS], method).pinned
        for spot, found in zip(SPOTS, pinned.pixels([place(spot, bend) for spot in SPOTS]), strict=True):
            assert math.dist(spot, found) < 0.5


def test_many_pins_with_small_errors_are_levelled_and_the_errors_told_in_metres() -> None:
    dice = random.Random(4)
    pins = [
        pin((dice.uniform(0, 2400), dice.uniform(0, 1600)), (dice.gauss(0, 4), dice.gauss(0, 4)))
        for _n in range(20)
    ]
    judged = judge(SIZE, pins)
    assert judged.method is PinMethod.AFFINE
    assert judged.wrong is None
    assert 2 < math.sqrt(sum(each**2 for each in judged.errors) / 20) < 7.5
    assert judged.typical is not None
    assert 2 < judged.typical < 9
    assert max(miss(judged.pinned, spot) for spot in SPOTS) < 6


@pytest.mark.parametrize(
    ("off", "wind"),
    [((127.5, 127.5), "西南"), ((-180, 0), "东"), ((0, 180), "南"), ((127.5, -127.5), "西北")],
)
def test_the_pin_to_move_is_named_with_its_distance_and_direction(
    off: tuple[float, float], wind: str
) -> None:
    pins = [pin(spot, off if place == 3 else (0, 0)) for place, spot in enumerate(SPOTS)]
    judged = judge(SIZE, pins)
    assert judged.wrong is not None
    assert judged.wrong.number == 4
    assert judged.wrong.metres == pytest.approx(180, abs=1)
    assert judged.sentences[0].startswith("请移动这一点：第 4 点差 180 米。")
    assert f"应往{wind}移" in judged.sentences[0]
    assert judged.method is PinMethod.AFFINE  # a wrong pin is no reason to bend the picture


def test_where_the_others_see_the_wrong_pin_is_told_in_the_picture_too() -> None:
    pins = [pin(spot) for spot in SPOTS]
    x, y = SPOTS[1]
    pins[1] = Pin(x - 80, y + 60, pins[1].lat, pins[1].lon, "学校")
    wrong = judge(SIZE, pins).wrong
    assert wrong is not None
    assert math.dist((wrong.column, wrong.row), (x, y)) < 1
    assert "第 2 点（学校）差 150 米" in wrong.sentence


def test_with_four_pins_an_error_is_told_but_nobody_is_blamed() -> None:
    judged = judge(
        SIZE, [pin(spot, (200, 0) if place == 0 else (0, 0)) for place, spot in enumerate(SPOTS[:4])]
    )
    assert judged.wrong is None
    assert any("看不出是哪一个" in each for each in judged.sentences)


def test_a_spline_meets_every_pin_exactly_and_lays_a_bent_drawing_better_than_a_straight_fit() -> None:
    spots = [*SPOTS, (1200, 150), (1200, 1450), (250, 800), (2150, 800), (900, 600), (1500, 1000)]
    pins = [pin(spot, bend=bent) for spot in spots]
    splined, plain = judge(SIZE, pins), judge(SIZE, pins, PinMethod.AFFINE)
    assert splined.method is PinMethod.SPLINE
    assert max(splined.errors) < 0.001
    assert max(plain.errors) > 30
    between = [(1000, 950), (1400, 650), (600, 500), (1800, 1200)]
    far = [miss(plain.pinned, spot, bent) for spot in between]
    near = [miss(splined.pinned, spot, bent) for spot in between]
    assert max(near) < 10 < max(far)
    assert any("不按比例" in each for each in plain.sentences)


def test_a_spline_is_not_chosen_for_a_picture_that_is_straight() -> None:
    assert judge(SIZE, [pin(spot) for spot in SPOTS]).method is PinMethod.AFFINE


@pytest.mark.parametrize(
    ("pins", "reason"),
    [
        ([pin(spot) for spot in SPOTS[:2]], "至少要钉三个点，现在有 2 个"),
        ([pin((x, 700 + x / 10)) for x in (100, 900, 1800, 2300)], "几乎排成一条直线"),
        ([pin((1000, 700)), pin((1040, 700)), pin((1010, 760))], "挤在图上一小块里"),
        ([pin(spot) for spot in SPOTS[:3]] + [pin((203, 152))], "第 1 点和第 4 点在图上几乎是同一处"),
        (
            [*(pin(spot) for spot in SPOTS[:3]), Pin(900, 900, *place(SPOTS[1]))],
            "第 2 点和第 4 点给了同一个地方",
        ),
    ],
)
def test_pins_that_cannot_lay_a_picture_are_refused_in_words(pins: list[Pin], reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        judge(SIZE, pins)


def test_a_mirrored_picture_is_refused_and_two_exchanged_places_are_named() -> None:
    pins = [pin(spot) for spot in SPOTS[:4]]
    pins[1], pins[3] = (
        Pin(pins[1].x, pins[1].y, pins[3].lat, pins[3].lon),
        Pin(pins[3].x, pins[3].y, pins[1].lat, pins[1].lon),
    )
    with pytest.raises(UserError, match="第 2 点和第 4 点的地方互换了"):
        judge(SIZE, pins)
    mirrored = [Pin(SIZE[0] - each.x, each.y, each.lat, each.lon) for each in map(pin, SPOTS[:3])]
    with pytest.raises(UserError, match="左右翻过来"):
        judge(SIZE, mirrored)


def test_a_spline_that_would_fold_the_picture_is_refused() -> None:
    pins = [pin(spot) for spot in SPOTS]
    x, y = local_xy((pins[5].lat, pins[5].lon), TOWN)
    at = from_local_xy(x + 2200, y + 900, TOWN)
    pins[5] = Pin(pins[5].x, pins[5].y, at.lat, at.lon)
    with pytest.raises(UserError, match="折起来"):
        judge(SIZE, pins, PinMethod.SPLINE)
    with pytest.raises(UserError, match="至少要 6 个点"):
        judge(SIZE, pins[:5], PinMethod.SPLINE)


def test_pins_on_a_plane_of_its_own_around_nought_are_laid_alike() -> None:
    pins = [Pin(x, y, *from_local_xy(*straight(x, y), (0.0, 0.0))) for x, y in SPOTS]
    judged = judge(SIZE, pins)
    assert max(judged.errors) < 0.05
    assert judged.ground == pytest.approx((3600, 2400), rel=0.002)
