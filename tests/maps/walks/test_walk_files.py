"""Photos give their place and time and keep neither; tracks give where somebody was at a moment."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from stationdesk.core.errors import UserError
from stationdesk.maps.walks.photos import LONGEST, read_photo
from stationdesk.maps.walks.tracks import read_track, squares_walked
from tests.phone_files import PHONE, gpx, photo

PLACE = (34.5012, 114.3034)


def test_a_photo_gives_its_place_and_its_time(tmp_path: Path) -> None:
    read = read_photo(photo(tmp_path / "IMG_1.jpg", PLACE))
    assert read.lat == pytest.approx(PLACE[0], abs=1e-6)
    assert read.lon == pytest.approx(PLACE[1], abs=1e-6)
    assert read.taken_at == "2026-11-20T09:30:00"


def test_south_and_west_are_minus(tmp_path: Path) -> None:
    read = read_photo(photo(tmp_path / "IMG_1.jpg", (-1.5, -2.25)))
    assert read.lat == pytest.approx(-1.5)
    assert read.lon == pytest.approx(-2.25)


def test_what_is_kept_of_a_photo_tells_nothing_but_what_it_shows(tmp_path: Path) -> None:
    path = photo(tmp_path / "IMG_1.jpg", PLACE)
    assert PHONE.encode() in path.read_bytes()
    read = read_photo(path)
    for kept in (read.picture, read.thumbnail):
        with Image.open(io.BytesIO(kept)) as picture:
            assert not dict(picture.getexif())
            assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert PHONE.encode() not in kept
        assert b"Exif" not in kept


def test_a_photo_is_turned_upright_and_made_small(tmp_path: Path) -> None:
    read = read_photo(photo(tmp_path / "IMG_1.jpg", turned=6, size=(4000, 3000)))
    with Image.open(io.BytesIO(read.picture)) as picture:
        assert picture.size == (LONGEST * 3 // 4, LONGEST)


@pytest.mark.parametrize("place", [None, (0.0, 0.0)])
def test_a_phone_without_a_fix_has_no_place(tmp_path: Path, place: tuple[float, float] | None) -> None:
    assert not read_photo(photo(tmp_path / "IMG_1.jpg", place)).is_placed


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "没有拷贝完整"),
        ("只是文字".encode(), "不是能打开的照片"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "HEIC"),
    ],
)
def test_what_is_no_photo_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "IMG_1.jpg"
    path.write_bytes(content)
    with pytest.raises(UserError, match=said):
        read_photo(path)


def test_a_track_tells_where_one_was_between_two_points(tmp_path: Path) -> None:
    run = [(34.50, 114.30, "2026-11-20T01:30:00Z"), (34.52, 114.30, "2026-11-20T01:32:00Z")]
    track = read_track(gpx(tmp_path / "a.gpx", [run]))
    spot = track.place_at(datetime(2026, 11, 20, 1, 31, tzinfo=UTC))
    assert spot is not None
    assert spot[0] == pytest.approx(34.51)
    assert track.place_at(datetime(2026, 11, 20, 1, 29, tzinfo=UTC)) is None
    assert track.day == "2026-11-20"
    assert track.metres == pytest.approx(2224, abs=5)


def test_a_gap_in_a_track_tells_nothing(tmp_path: Path) -> None:
    run = [(34.50, 114.30, "2026-11-20T01:00:00Z"), (34.52, 114.30, "2026-11-20T01:30:00Z")]
    track = read_track(gpx(tmp_path / "a.gpx", [run]))
    assert track.place_at(datetime(2026, 11, 20, 1, 15, tzinfo=UTC)) is None


def test_a_track_of_google_has_its_times_beside_its_points(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Placemark>'
        "<gx:Track><when>2026-11-20T01:30:00Z</when><when>2026-11-20T01:32:00Z</when>"
        "<gx:coord>114.3 34.5 0</gx:coord><gx:coord>114.3 34.52 0</gx:coord></gx:Track></Placemark>"
        "<Placemark><name>村委会</name><Point><coordinates>114.31,34.5</coordinates></Point></Placemark></kml>",
        encoding="utf-8",
    )
    track = read_track(path)
    assert track.place_at(datetime(2026, 11, 20, 1, 31, tzinfo=UTC)) is not None
    assert [(place.name, place.lon) for place in track.places] == [("村委会", 114.31)]


def test_a_file_without_a_walk_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有轨迹"):
        read_track(gpx(tmp_path / "a.gpx", []))
    broken = gpx(tmp_path / "b.gpx", [[(134.50, 114.30, "")]])
    for name, content in (("a.json", '{"a": 1}'), ("c.gpx", "村口，小卖部")):
        (tmp_path / name).write_text(content, encoding="utf-8")
        with pytest.raises(UserError, match="不是轨迹"):
            read_track(tmp_path / name)
    with pytest.raises(UserError, match="坐标看不懂"):
        read_track(broken)


def test_no_square_is_jumped_over(tmp_path: Path) -> None:
    track = read_track(gpx(tmp_path / "a.gpx", [[(34.5, 114.3, ""), (34.509, 114.3, "")]]))
    squares = squares_walked(track.runs, (34.4999, 114.2999), 200.0)
    assert squares == {(0, row) for row in range(6)}  # a kilometre north, from 11 metres in


def test_a_fix_that_was_lost_colours_no_way_across_the_earth(tmp_path: Path) -> None:
    run = [(34.5, 114.3, ""), (0.0, 0.0, ""), (34.5001, 114.3, "")]
    track = read_track(gpx(tmp_path / "a.gpx", [run]))
    assert len(squares_walked(track.runs, (34.4999, 114.2999), 200.0)) == 2


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:30:00Z", "昨天"])
def test_a_clock_that_was_never_set_tells_no_time(tmp_path: Path, at: str) -> None:
    track = read_track(gpx(tmp_path / "a.gpx", [[(34.5, 114.3, at), (34.501, 114.3, "")]]))
    assert track.day == ""
    assert track.metres > 100


def test_a_track_that_memory_could_not_hold_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.gpx"
    with path.open("wb") as file:
        file.truncate(300_000_000)  # takes no room on the disk
    with pytest.raises(UserError, match="太大"):
        read_track(path)
