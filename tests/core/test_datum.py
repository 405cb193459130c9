"""Coordinates keep their place through every datum, and pasted ones are read or refused with a reason."""

from __future__ import annotations

import math

import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.core.datum import (
    CoordinateError,
    Position,
    distance_m,
    from_local_xy,
    from_wgs84,
    in_china,
    local_xy,
    metres_per_degree,
    mistaken_datum,
    parse_coordinate,
    to_wgs84,
)
from stationdesk.core.vocab import Datum

# Inside the rectangle with room for the shift, so that no place crosses its edge on the way.
PLACES = st.builds(Position, st.floats(3, 54), st.floats(73, 136))


@given(PLACES)
def test_the_shift_agrees_with_an_independent_implementation(place: Position) -> None:
    assert distance_m(from_wgs84(*place, Datum.GCJ02), prcoords.wgs_gcj(place)) < 1e-6
    assert distance_m(from_wgs84(*place, Datum.BD09), prcoords.wgs_bd(place)) < 1e-6


# Invented places all over the country; what the independent implementation makes of them, written down.
KNOWN = (
    ((34.512345, 114.312345), (34.511207, 114.318167), (34.517004, 114.324717)),
    ((38.3344, 104.3456), (38.334931, 104.348580), (38.340651, 104.355189)),
    ((29.8765, 109.485), (29.873931, 109.489850), (29.879647, 109.496421)),
    ((22.8012, 108.3001), (22.798392, 108.304052), (22.804074, 108.310617)),
    ((45.7503, 126.6407), (45.752250, 126.646665), (45.757966, 126.653289)),
    ((30.66, 104.06), (30.657570, 104.062496), (30.663691, 104.068963)),
    ((25.0408, 102.7123), (25.037827, 102.713742), (25.044115, 102.720155)),
    ((36.0609, 120.3802), (36.061173, 120.385331), (36.067260, 120.391804)),
)


@pytest.mark.parametrize(("place", "gcj", "bd"), KNOWN)
def test_the_datums_of_places_all_over_the_country_agree_to_a_metre(
    place: tuple[float, float], gcj: tuple[float, float], bd: tuple[float, float]
) -> None:
    assert distance_m(from_wgs84(*place, Datum.GCJ02), gcj) < 1
    assert distance_m(from_wgs84(*place, Datum.BD09), bd) < 1
    assert distance_m(to_wgs84(*gcj, Datum.GCJ02), place) < 1
    assert distance_m(to_wgs84(*bd, Datum.BD09), place) < 1


def test_a_coordinate_a_shift_beside_what_is_on_file_is_taken_for_one_of_another_datum() -> None:
    known = (34.5, 114.3)
    gcj, bd = from_wgs84(*known, Datum.GCJ02), from_wgs84(*known, Datum.BD09)
    for written, chosen, right in (
        (gcj, Datum.WGS84, Datum.GCJ02),
        (bd, Datum.WGS84, Datum.BD09),
        (bd, Datum.GCJ02, Datum.BD09),
        (known, Datum.GCJ02, Datum.WGS84),
    ):
        found = mistaken_datum(written, chosen, known)
        assert found is not None
        assert found[0] is right
        assert found[1] > 300
        assert found[2] < 1
        assert mistaken_datum(written, right, known) is None
    moved = from_local_xy(400, -350, known)
    assert mistaken_datum(moved, Datum.WGS84, known) is None


@given(PLACES, st.sampled_from(Datum))
def test_a_place_comes_back_from_every_datum_to_a_millimetre(place: Position, datum: Datum) -> None:
    shifted = from_wgs84(*place, datum)
    back = to_wgs84(*shifted, datum)
    assert distance_m(back, place) < 1e-3
    assert math.isclose(back.lat, place.lat, abs_tol=1e-8)
    assert math.isclose(back.lon, place.lon, abs_tol=1e-8)


@given(PLACES)
def test_the_datums_lie_some_hundred_metres_apart(place: Position) -> None:
    assert 20 < distance_m(place, from_wgs84(*place, Datum.GCJ02)) < 1000
    assert 400 < distance_m(place, from_wgs84(*place, Datum.BD09)) < 2500


def test_a_known_place_of_the_public_vectors() -> None:
    # Tiananmen as published with eviltransform's tests; the formulas agree to a few metres only.
    shifted = from_wgs84(39.90734, 116.39089, Datum.GCJ02)
    assert distance_m(shifted, (39.908740, 116.397130)) < 5


@pytest.mark.parametrize("place", [(46.43, 13.74), (0.0, 110.0), (35.0, 140.0), (-33.9, 151.2)])
@pytest.mark.parametrize("datum", list(Datum))
def test_outside_china_nothing_is_shifted(place: tuple[float, float], datum: Datum) -> None:
    assert not in_china(*place)
    assert from_wgs84(*place, datum) == place == to_wgs84(*place, datum)


@pytest.mark.parametrize(
    "text",
    [
        "34.79,114.30",
        "114.30,34.79",
        "114.30，34.79",
        " 34.79\t114.30 ",
        "（114.30，34.79）",
        "N34.79 E114.30",
        "34.79N114.30E",
        "34.79 N 114.30 E",
        "北纬34.79 东经114.30",
        "纬度：34.79 经度：114.30",
        "lng=114.3&lat=34.79",
        "geo:34.79,114.3",
        "34°47′24″N 114°18′00″E",
        "34°47'24\" 114°18'0\"",
        "34°47'24 114°18'",
        "东经114度18分 北纬34度47分24秒",
        "34°47.4′，114°18′",
        "３４．７９，１１４．３０",
    ],
)
def test_a_pasted_coordinate_is_read(text: str) -> None:
    place = parse_coordinate(text)
    assert place.lat == pytest.approx(34.79, abs=1e-9)
    assert place.lon == pytest.approx(114.30, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "place"),
    [("88.1 34", (34, 88.1)), ("46.2, 88", (46.2, 88)), ("S33.9 E151.2", (-33.9, 151.2)),
     ("34.79N 114.3W", (34.79, -114.3))],
)  # fmt: skip
def test_west_south_and_the_far_west_of_china_are_read(text: str, place: tuple[float, float]) -> None:
    assert parse_coordinate(text) == pytest.approx(place)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "找到 0 个数"),
        ("34.79", "找到 1 个数"),
        ("34,79 114,30", "找到 4 个数"),
        ("村口大树旁", "看不懂"),
        ("34.79,114.30,村口", "看不懂"),
        ("12724567.1, 4102345.6", "以米为单位"),
        ("0,0", "不在中国范围内"),
        ("N0 E0", "不是一个地方"),
        ("55,20", "不在中国范围内"),
        ("120,110", "不在中国范围内"),
        ("N34 N114", "标成了同一种"),
        ("N134 E34", "超出了 90 度"),
        ("34°61'0\" 114°1'", "小于 60"),
        ("nan, inf", "看不懂"),
        ("1e2 3e1", "找到 4 个数"),
    ],
)
def test_what_is_no_coordinate_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(CoordinateError, match=reason):
        parse_coordinate(text)


@given(PLACES)
def test_what_we_write_is_read_again(place: Position) -> None:
    for text in (f"{place.lat:.9f},{place.lon:.9f}", f"{place.lon:.9f} {place.lat:.9f}"):
        assert distance_m(parse_coordinate(text), place) < 0.001


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        place = parse_coordinate(text)
    except CoordinateError:
        return
    assert abs(place.lat) <= 90
    assert abs(place.lon) <= 180


def test_distances_are_those_on_the_ground() -> None:
    assert distance_m((0, 0), (0, 1)) == pytest.approx(111195, abs=1)
    assert distance_m((34.79, 114.3), (34.79, 114.3)) == 0
    assert distance_m((90, 0), (-90, 0)) == pytest.approx(math.pi * 6371008.8)


@given(PLACES, st.floats(-8000, 8000), st.floats(-8000, 8000))
def test_the_local_plane_is_true_over_a_township(origin: Position, x: float, y: float) -> None:
    place = from_local_xy(x, y, origin)
    assert local_xy(place, origin) == pytest.approx((x, y), abs=1e-4)
    # The haversine takes the earth for a ball, which alone is off by half a percent.
    assert distance_m(origin, place) == pytest.approx(math.hypot(x, y), rel=0.007, abs=0.01)


def test_a_degree_has_the_published_length() -> None:
    assert metres_per_degree(0) == pytest.approx((110574, 111320), abs=1)
    assert metres_per_degree(45) == pytest.approx((111132, 78847), abs=1)
