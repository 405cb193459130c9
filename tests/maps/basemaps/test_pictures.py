"""Pictures that know where they lie become tiles in which everything stands where it should."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, TiffImagePlugin
from pyproj import CRS, Transformer
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.maps.basemaps import pictures
from stationdesk.maps.basemaps.mercator import world_xy
from stationdesk.maps.basemaps.reading import bring_in, look, open_tiles

SIZE = (600, 400)
DOT = (450, 100)
"""Where the picture has its red dot, in pixels."""
CORNER, STEP = (114.28, 34.52), 0.0001
"""The upper left corner in degrees, and degrees a pixel."""
PLACE = (34.52 - 100 * STEP, 114.28 + 450 * STEP)


def scan() -> Image.Image:
    made = Image.new("RGB", SIZE, "#eeeedd")
    x, y = DOT
    ImageDraw.Draw(made).ellipse((x - 6, y - 6, x + 6, y + 6), fill="#ff0000")
    return made


def world_file(path: Path, across: float, down: float, x: float, y: float) -> None:
    """The middle of the first pixel, as world files have it."""
    lines = (across, 0.0, 0.0, down, x + across / 2, y + down / 2)
    path.write_text("".join(f"{value:.12f}\n" for value in lines), encoding="ascii")


def tiff(path: Path, keys: tuple[int, ...], across: float, x: float, y: float, **more: Any) -> Path:
    """A GeoTIFF: `keys` are rows of the key directory behind its head."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    for number, kind, value in (
        (33550, 12, (across, across, 0.0)),
        (33922, 12, (0.0, 0.0, 0.0, x, y, 0.0)),
        (34735, 3, (1, 1, 0, len(keys) // 4, *keys)),
    ):
        tags.tagtype[number] = kind
        tags[number] = value
    (more.get("picture") or scan()).save(path, "TIFF", tiffinfo=tags)
    return path


def brought_in(path: Path, folder: Path) -> Path:
    found, target = look(path), folder / "k.mbtiles"
    bring_in(path, found, Datum.WGS84, target)
    return target


def colour_at(path: Path, lat: float, lon: float, zoom: int) -> tuple[int, ...]:
    """What the tiles show at a place."""
    x, y = (value * (1 << zoom) for value in world_xy(lat, lon))
    tiles = open_tiles(path, BasemapKind.PICTURE)
    tile = tiles.tile(zoom, int(x), int(y))
    tiles.close()
    if tile is None:
        return (0, 0, 0, 0)
    with Image.open(io.BytesIO(tile.content)) as picture:
        got = picture.convert("RGBA").getpixel((int((x % 1) * 256), int((y % 1) * 256)))
    assert isinstance(got, tuple)
    return got


def is_red(colour: tuple[int, ...]) -> bool:
    return colour[0] > 200 and colour[1] < 80 and colour[2] < 80 and colour[3] == 255


def zone(code: int) -> tuple[float, float]:
    """The corner in a zone of CGCS2000, (east, north)."""
    line = Transformer.from_crs(CRS.from_epsg(4490), CRS.from_epsg(code), always_xy=True)
    return line.transform(*CORNER)


@pytest.mark.parametrize("name", ["图.png+.pgw", "图.jpg+.jgw", "图.PNG+.PGW", "图.png+.wld"])
def test_a_picture_with_a_world_file_lies_where_it_says(tmp_path: Path, name: str) -> None:
    file, world = name.split("+")
    scan().save(tmp_path / file)
    world_file(tmp_path / f"图{world}", STEP, -STEP, *CORNER)
    found = look(tmp_path / file)
    assert found.kind is BasemapKind.PICTURE
    assert found.datum is None
    assert found.extent == pytest.approx((114.28, 34.48, 114.34, 34.52), abs=1e-9)
    path = brought_in(tmp_path / file, tmp_path)
    assert is_red(colour_at(path, *PLACE, found.max_zoom))
    assert not is_red(colour_at(path, PLACE[0], PLACE[1] + 0.002, found.max_zoom))
    assert colour_at(path, 34.525, 114.30, found.max_zoom)[3] == 0


def test_every_level_of_it_shows_the_same(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", (1024, 0, 1, 2, 2048, 0, 1, 4490), STEP, *CORNER)
    found = look(path)
    assert (found.kind, found.datum) == (BasemapKind.GEOTIFF, Datum.WGS84)
    assert found.min_zoom < found.max_zoom
    made = brought_in(path, tmp_path)
    for zoom in (found.max_zoom, found.max_zoom - 1):
        assert is_red(colour_at(made, *PLACE, zoom))
    assert look(made).max_zoom == found.max_zoom
    assert look(made).min_zoom == found.min_zoom


@pytest.mark.parametrize("code", [4547, 4526, 4508, 3857])
def test_zones_of_cgcs2000_and_web_mercator_are_read(tmp_path: Path, code: int) -> None:
    east, north = zone(code)
    path = tiff(tmp_path / "a.tif", (1024, 0, 1, 1, 3072, 0, 1, code), 10.0, east, north)
    found = look(path)
    line = Transformer.from_crs(CRS.from_epsg(code), CRS.from_epsg(4490), always_xy=True)
    lon, lat = line.transform(east + DOT[0] * 10, north - DOT[1] * 10)
    assert is_red(colour_at(brought_in(path, tmp_path), lat, lon, found.max_zoom))


def test_an_easting_that_begins_with_its_zone_needs_no_further_word(tmp_path: Path) -> None:
    scan().save(tmp_path / "a.png")
    east, north = zone(4526)
    world_file(tmp_path / "a.pgw", 10.0, -10.0, east, north)
    found = look(tmp_path / "a.png")
    assert found.extent.holds(34.51, 114.30)
    assert found.datum is None


def test_a_prj_file_tells_the_zone(tmp_path: Path) -> None:
    scan().save(tmp_path / "a.png")
    east, north = zone(4547)
    world_file(tmp_path / "a.pgw", 10.0, -10.0, east, north)
    with pytest.raises(UserError, match="没有说明是哪一带"):
        look(tmp_path / "a.png")
    (tmp_path / "a.prj").write_text(CRS.from_epsg(4547).to_wkt("WKT1_ESRI"), encoding="utf-8")
    assert look(tmp_path / "a.png").extent.holds(34.51, 114.30)


def _alone(at: Path) -> Path:
    scan().save(at / "a.png")
    return at / "a.png"


def _senseless(at: Path) -> Path:
    (at / "a.pgw").write_text("北\n0\n0\n1\n2\n3\n", encoding="utf-8")
    return _alone(at)


def _flat(at: Path) -> Path:
    world_file(at / "a.pgw", 0.0, 0.0, *CORNER)
    return _alone(at)


def _cut(at: Path) -> Path:
    path = _alone(at)
    path.write_bytes(path.read_bytes()[:20])
    return path


def _elsewhere(at: Path) -> Path:
    (at / "a.prj").write_text(CRS.from_epsg(2436).to_wkt("WKT1_ESRI"), encoding="utf-8")
    world_file(at / "a.pgw", 10, -10, 500_000, 3_800_000)
    return _alone(at)


def _heights(at: Path) -> Path:
    return tiff(at / "a.tif", (1024, 0, 1, 2, 2048, 0, 1, 4326), STEP, *CORNER, picture=Image.new("F", SIZE))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_alone, "不知道它在哪里"),
        (_senseless, "应是六行数字"),
        (_flat, "坐标没有意义"),
        (_cut, "已损坏"),
        (_elsewhere, "Beijing"),
        (_heights, "高程数据"),
        (lambda at: tiff(at / "a.tif", (1024, 0, 1, 1, 3072, 0, 1, 32650), 10, 5e5, 3.8e6), "EPSG:32650"),
        (lambda at: tiff(at / "a.tif", (1024, 0, 1, 1, 3072, 0, 1, 32767), 10, 5e5, 3.8e6), "自定义"),
        (lambda at: tiff(at / "a.tif", (1024, 0, 1, 2, 2048, 0, 1, 4326), 1.0, 500, 34), "不在地球上"),
    ],
)
def test_a_picture_that_cannot_be_placed_is_refused_with_the_reason(
    tmp_path: Path, make: Any, reason: str
) -> None:
    with pytest.raises(UserError, match=reason):
        look(make(tmp_path))


def test_a_picture_beyond_the_memory_of_a_laptop_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100_000)
    with pytest.raises(UserError, match="太大"):
        look(_alone(tmp_path))


def test_cutting_can_be_stopped_and_leaves_nothing(tmp_path: Path) -> None:
    path = tiff(tmp_path / "a.tif", (1024, 0, 1, 2, 2048, 0, 1, 4326), STEP, *CORNER)
    target = tmp_path / "站" / "k.mbtiles"
    target.parent.mkdir()

    class Stopped(NoProgress):
        @override
        def step(self, done: int, total: int) -> None:
            if done > 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        bring_in(path, look(path), Datum.WGS84, target, Stopped())
    assert list(target.parent.iterdir()) == []
