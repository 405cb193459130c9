"""Scans that do not know where they lie become tiles in which everything stands where the pins say."""

from __future__ import annotations

import io
import math
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from typing_extensions import override

from stationdesk.core.datum import from_local_xy, local_xy
from stationdesk.core.errors import UserError
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import BasemapKind
from stationdesk.core.vocab.basemaps import PinMethod
from stationdesk.maps.basemaps import pictures, scans
from stationdesk.maps.basemaps.mercator import world_xy
from stationdesk.maps.basemaps.paced import Length, Paced, judge_paced
from stationdesk.maps.basemaps.pins import Pin
from stationdesk.maps.basemaps.reading import open_tiles
from stationdesk.maps.basemaps.scans import ByPins

SIZE = (900, 600)
DOT = (640, 180)
TOWN = (34.5, 114.3)
TURN = math.radians(-20)
METRES = 2.0


def place(x: float, y: float) -> tuple[float, float]:
    east, north = (x - 450) * METRES, (300 - y) * METRES
    at = from_local_xy(
        east * math.cos(TURN) - north * math.sin(TURN), east * math.sin(TURN) + north * math.cos(TURN), TOWN
    )
    return at.lat, at.lon


PINS = tuple(Pin(x, y, *place(x, y)) for x, y in ((40, 50), (860, 40), (850, 560), (60, 540)))


def scan(path: Path, turned: int = 0, mode: str = "RGB") -> Path:
    """A sheet with a red dot; `turned` as a phone does, that leaves the pixels and writes how it was held."""
    made = Image.new("RGB", SIZE, "#eeeedd")
    x, y = DOT
    ImageDraw.Draw(made).ellipse((x - 8, y - 8, x + 8, y + 8), fill="#ff0000")
    exif = Image.Exif()
    if turned:
        exif[0x0112] = turned
        made = made.transpose({6: Image.Transpose.ROTATE_90, 3: Image.Transpose.ROTATE_180}[turned])
    made.convert(mode).save(path, exif=exif) if turned else made.convert(mode).save(path)
    return path


def colour_at(path: Path, lat: float, lon: float, zoom: int) -> tuple[int, ...]:
    """What the tiles show at a place."""
    x, y = (value * (1 << zoom) for value in world_xy(lat, lon))
    tiles = open_tiles(path, BasemapKind.PINNED)
    tile = tiles.tile(zoom, int(x), int(y))
    tiles.close()
    if tile is None:
        return (0, 0, 0, 0)
    with Image.open(io.BytesIO(tile.content)) as picture:
        got = picture.convert("RGBA").getpixel((int((x % 1) * 256), int((y % 1) * 256)))
    assert isinstance(got, tuple)
    return got


def is_red(colour: tuple[int, ...]) -> bool:
    return colour[0] > 180 and colour[1] < 90 and colour[2] < 90 and colour[3] == 255


@pytest.mark.parametrize(
    ("name", "turned", "mode"),
    [
        ("a.png", 0, "RGB"),
        ("a.jpg", 0, "L"),
        ("b.jpg", 6, "RGB"),
        ("c.jpg", 3, "RGB"),
        ("d.tif", 0, "P"),
        ("e.bmp", 0, "RGB"),
    ],
)
def test_a_pinned_scan_lies_upright_and_turned_as_its_pins_say(
    tmp_path: Path, name: str, turned: int, mode: str
) -> None:
    path, target = scan(tmp_path / name, turned, mode), tmp_path / "k.mbtiles"
    assert scans.look(path).size == SIZE
    found = scans.write(path, ByPins(PINS), "旧图", target)
    assert found.kind is BasemapKind.PINNED
    seen = colour_at(target, *place(*DOT), found.max_zoom)
    assert is_red(seen) if mode == "RGB" else seen[0] < 160 or is_red(seen)
    assert not is_red(colour_at(target, *place(DOT[0] + 40, DOT[1]), found.max_zoom))
    beyond = colour_at(target, *place(-40, 300), found.max_zoom)
    assert beyond[3] == 0
    wide = local_xy((found.extent.north, found.extent.east), (found.extent.south, found.extent.west))
    assert wide == pytest.approx((2102, 1743), rel=0.01)  # 1,800 by 1,200 m, turned by 20 degrees


def test_a_spline_lays_the_same_scan_in_the_same_place(tmp_path: Path) -> None:
    more = tuple(Pin(x, y, *place(x, y)) for x, y in ((450, 300), (200, 250)))
    path, target = scan(tmp_path / "a.png"), tmp_path / "k.mbtiles"
    found = scans.write(path, ByPins(PINS + more, PinMethod.SPLINE), "旧图", target)
    assert is_red(colour_at(target, *place(*DOT), found.max_zoom))


def test_cutting_can_be_stopped_and_leaves_nothing(tmp_path: Path) -> None:
    class Stopped(NoProgress):
        @override
        def step(self, done: int, total: int) -> None:
            if done > 3:
                raise Cancelled

    path, target = scan(tmp_path / "a.png"), tmp_path / "站" / "k.mbtiles"
    target.parent.mkdir()
    with pytest.raises(Cancelled):
        scans.write(path, ByPins(PINS), "旧图", target, Stopped())
    assert list(target.parent.iterdir()) == []


def test_no_more_of_a_scan_is_held_at_once_than_its_own_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned: list[int] = []
    convert = Image.Image.convert

    def counted(picture: Image.Image, *given: object, **more: object) -> Image.Image:
        turned.append(picture.width * picture.height)
        return convert(picture, *given, **more)  # type: ignore[arg-type]  # handed on as it came

    path, target = tmp_path / "a.png", tmp_path / "k.mbtiles"
    Image.new("RGB", (3000, 2000), "#cceecc").save(path)
    pins = tuple(Pin(pin.x * 10 / 3, pin.y * 10 / 3, pin.lat, pin.lon) for pin in PINS)
    monkeypatch.setattr(Image.Image, "convert", counted)
    scans.write(path, ByPins(pins), "旧图", target)
    assert max(turned) < 3000 * 2000 / 8


def test_a_large_scan_is_shown_small_and_a_clear_one_on_white(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGBA", (6000, 300), (0, 0, 0, 0)).save(path)
    seen = scans.look(path)
    assert seen.size == (6000, 300)
    with Image.open(io.BytesIO(seen.shown)) as shown:
        assert shown.size == (4096, 205)
        assert shown.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC"),
        (b"PK\x03\x04" + bytes(40), "不是图片"),
        (b"\xff\xd8\xff\xe0" + bytes(400), "不完整或已损坏"),
    ],
)
def test_what_cannot_be_looked_at_is_refused_in_words(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(UserError, match=reason):
        scans.look(path)


def test_what_people_told_is_kept_and_read_again() -> None:
    for recipe in (
        ByPins((Pin(1.5, 2, 34.5, 114.3, "学校"),), PinMethod.SPLINE),
        ByPins(PINS),
        Paced((Length(0, 0, 100, 0, 120, in_paces=True),), 0.7, (5.0, 90.0, 5.0, 10.0), (0.0, 0.01)),
        Paced((Length(0, 0, 100, 0, 80),)),
    ):
        assert scans.recipe_of(scans.recipe_json(recipe)) == recipe


# Paced lengths


def test_one_paced_length_gives_the_scale_around_nought(tmp_path: Path) -> None:
    judged = judge_paced(SIZE, Paced((Length(100, 300, 500, 300, 500, in_paces=True),), 0.6))
    assert judged.scale == pytest.approx(0.75)
    assert judged.disagreement is None
    assert local_xy(judged.pinned.degrees(850, 300), (0, 0)) == pytest.approx((300, 0), abs=0.01)
    target = tmp_path / "k.mbtiles"
    found = scans.write(scan(tmp_path / "a.png"), Paced((Length(0, 0, 900, 0, 900),)), "示意图", target)
    at = from_local_xy(DOT[0] - 450, 300 - DOT[1], (0, 0))
    assert is_red(colour_at(target, *at, found.max_zoom))


def test_an_arrow_to_the_north_turns_the_picture() -> None:
    # North points to the right of the sheet: what lies right of the middle lies north of it.
    judged = judge_paced(SIZE, Paced((Length(0, 0, 900, 0, 900),), north=(400, 500, 800, 500)))
    east, north = local_xy(judged.pinned.degrees(650, 300), (0, 0))
    assert (east, north) == pytest.approx((0, 200), abs=0.01)
    east, north = local_xy(judged.pinned.degrees(450, 400), (0, 0))
    assert (east, north) == pytest.approx((100, 0), abs=0.01)


def test_more_lengths_are_levelled_and_their_disagreement_told() -> None:
    lengths = (Length(0, 0, 400, 0, 420), Length(0, 0, 0, 300, 300), Length(100, 100, 100, 500, 390))
    judged = judge_paced(SIZE, Paced(lengths))
    assert judged.scale == pytest.approx(1.008, abs=0.005)
    assert judged.disagreement == pytest.approx(0.03, abs=0.01)
    assert judged.misses == pytest.approx((-17, 2, 13), abs=2)
    assert judged.wrong is None
    assert "量了 3 段，彼此相差约 3%。" in judged.sentences


def test_the_length_to_measure_again_is_named() -> None:
    lengths = (Length(0, 0, 400, 0, 410), Length(0, 0, 0, 300, 180), Length(100, 100, 100, 500, 395))
    judged = judge_paced(SIZE, Paced(lengths))
    assert judged.wrong == 1
    assert judged.sentences[0] == "请再量一次第 2 段：量的是 180 米，按其余各段应是 302 米。先没有算它。"
    assert judged.scale == pytest.approx(1.006, abs=0.002)


@pytest.mark.parametrize(
    ("paced", "reason"),
    [
        (Paced(()), "至少要量一段"),
        (Paced((Length(0, 0, 3, 0, 20),)), "第 1 段在图上太短"),
        (Paced((Length(0, 0, 300, 0, -5),)), "要大于 0"),
        (Paced((Length(0, 0, 300, 0, 100, in_paces=True),), 3.0), "不像是走的步子"),
        (Paced((Length(0, 0, 300, 0, 100),), north=(5, 5, 6, 6)), "指北的箭头太短"),
    ],
)
def test_lengths_that_make_no_sense_are_refused_in_words(paced: Paced, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        judge_paced(SIZE, paced)


def test_a_picture_beyond_the_memory_of_a_laptop_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100_000)
    with pytest.raises(UserError, match="太大"):
        scans.look(scan(tmp_path / "a.png"))
