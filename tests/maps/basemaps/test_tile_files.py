"""Files of tiles are known by what they hold, and refused in a sentence when they cannot be used."""

from __future__ import annotations

import gzip
import sqlite3
import struct
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from pmtiles.tile import TileType
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.maps.basemaps.content import Unreadable, layers_of, unpacked
from stationdesk.maps.basemaps.mercator import tile_at
from stationdesk.maps.basemaps.reading import bring_in, look, open_tiles
from stationdesk.maps.basemaps.shape_tiles import LINE, TileShape, vector_tile
from tests.tile_files import TOWN, mbtiles, picture, pmtiles, tiles_around

TILES = tiles_around(TOWN, (12, 13), 1)
ROADS = vector_tile({"roads": [TileShape(LINE, [[(0, 0), (4096, 4096)]], {"name": "柳河大道"})]})


def test_mbtiles_of_pictures_tell_extent_zooms_source_and_approval_number(tmp_path: Path) -> None:
    credit = '© <a href="https://x">天地图</a> 审图号：GS(2024)0650号'
    path = mbtiles(tmp_path / "县图.mbtiles", TILES, told={"name": "县影像", "attribution": credit})
    found = look(path)
    assert (found.kind, found.name, found.min_zoom, found.max_zoom) == (BasemapKind.MBTILES, "县影像", 12, 13)
    assert found.extent.holds(*TOWN)
    assert found.extent.east - found.extent.west == pytest.approx(3 * 360 / 2**13)
    assert found.review_number == "GS(2024)0650号"
    assert "天地图" in found.attribution
    assert "<" not in found.attribution
    assert found.datum is None


def test_bounds_that_are_wrong_give_way_to_where_the_tiles_are(tmp_path: Path) -> None:
    world = look(mbtiles(tmp_path / "a.mbtiles", TILES, told={"bounds": "-180,-85,180,85"})).extent
    senseless = look(mbtiles(tmp_path / "b.mbtiles", TILES, told={"bounds": "nan,1,2"})).extent
    far = look(mbtiles(tmp_path / "c.mbtiles", TILES, told={"bounds": "1,2,3,4"})).extent
    assert world == senseless == far
    assert world.holds(*TOWN)
    fine = look(mbtiles(tmp_path / "d.mbtiles", TILES, told={"bounds": "114.29,34.49,114.31,34.51"})).extent
    assert fine == pytest.approx((114.29, 34.49, 114.31, 34.51))


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, bytes], ids=["gzip", "zlib", "plain"])
def test_vector_tiles_are_known_however_they_are_packed(tmp_path: Path, pack: object) -> None:
    path = mbtiles(tmp_path / "v.mbtiles", TILES, lambda _tile: pack(ROADS))  # type: ignore[operator]  # one of three
    found = look(path)
    assert found.kind is BasemapKind.MBTILES_VECTOR
    tiles = open_tiles(path, found.kind)
    got = tiles.tile(13, *tile_at(*TOWN, 13))
    tiles.close()
    assert got is not None
    assert layers_of(got.content) == ["roads"]


def test_a_tile_is_found_where_it_lies_and_none_where_there_is_none(tmp_path: Path) -> None:
    column, row = tile_at(*TOWN, 13)
    for path in (
        mbtiles(tmp_path / "a.mbtiles", TILES, lambda tile: picture(f"#0000{tile[2] % 256:02x}")),
        pmtiles(tmp_path / "a.pmtiles", TILES, lambda tile: picture(f"#0000{tile[2] % 256:02x}")),
    ):
        tiles = open_tiles(path, look(path).kind)
        got = tiles.tile(13, column, row)
        assert got is not None
        assert (got.kind, got.content) == ("image/png", picture(f"#0000{row % 256:02x}"))
        assert tiles.tile(13, 0, 0) is None
        tiles.close()


def test_rows_counted_from_the_north_are_read_so_where_the_file_says_it(tmp_path: Path) -> None:
    column, row = tile_at(*TOWN, 13)
    path = mbtiles(tmp_path / "x.mbtiles", [(13, column, (1 << 13) - 1 - row)], told={"scheme": "xyz"})
    assert look(path).extent.holds(*TOWN)
    tiles = open_tiles(path, BasemapKind.MBTILES)
    assert tiles.tile(13, column, row) is not None
    tiles.close()


def test_pmtiles_tell_kind_extent_zooms_and_datum(tmp_path: Path) -> None:
    told = {"name": "县道", "attribution": "© OpenStreetMap contributors"}
    found = look(pmtiles(tmp_path / "v.pmtiles", TILES, lambda _tile: ROADS, TileType.MVT, told=told))
    assert (found.kind, found.name, found.datum) == (BasemapKind.PMTILES_VECTOR, "县道", Datum.WGS84)
    assert found.extent == pytest.approx((114.2, 34.4, 114.4, 34.6))
    assert (found.min_zoom, found.max_zoom) == (12, 13)


def _cut(path: Path, keep: float) -> Path:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    return path


def _geopackage(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
    return path


def _other_database(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE person (name TEXT)")
    return path


def _endless(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        connection.execute(
            "CREATE VIEW tiles AS SELECT 1 AS zoom_level, 0 AS tile_column, 0 AS tile_row,"
            " load_extension('/tmp/x') AS tile_data"
        )
    return path


def _scrambled(path: Path) -> Path:
    content = bytearray(path.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    path.write_bytes(content)
    return path


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda at: mbtiles(at / "空.mbtiles", []), "没有地图内容"),
        (lambda at: mbtiles(at / "慢.mbtiles", TILES, index=False), "没有索引"),
        (lambda at: _cut(mbtiles(at / "断.mbtiles", TILES), 0.6), "没有拷贝完"),
        (lambda at: _scrambled(mbtiles(at / "坏.mbtiles", TILES)), "已损坏"),
        (
            lambda at: mbtiles(at / "怪.mbtiles", TILES, lambda _tile: b"BM\x00\x00not a picture"),
            "不是矢量瓦片",
        ),
        (lambda at: _geopackage(at / "包.mbtiles"), "GeoPackage"),
        (lambda at: _other_database(at / "库.mbtiles"), "没有地图瓦片"),
        (lambda at: _endless(at / "毒.mbtiles"), "已损坏"),
        (lambda at: _cut(pmtiles(at / "断.pmtiles", TILES), 0.6), "没有拷贝完"),
        (lambda at: _written(at / "旧.pmtiles", b"PM\x02\x00" + bytes(600)), "第 2 版"),
        (lambda at: _written(at / "新.pmtiles", b"PMTiles\x04" + bytes(600)), "第 4 版"),
        (lambda at: _written(at / "短.pmtiles", b"PMTiles\x03"), "已损坏"),
        (lambda at: pmtiles(at / "码.pmtiles", TILES, kind=TileType.AVIF), "AVIF"),
        (lambda at: pmtiles(at / "假.pmtiles", TILES, lambda _tile: b"no picture"), "已损坏"),
        (lambda at: _written(at / "零.mbtiles", b""), "空文件"),
        (lambda at: _written(at / "照片.doc", b"\xd0\xcf\x11\xe0" + bytes(600)), "不是能用的底图"),
        (lambda at: at / "没有.mbtiles", "读不了"),
        (lambda at: at, "不是能用的底图"),
    ],
)
def test_a_file_that_cannot_be_a_base_map_is_refused_with_the_reason(
    tmp_path: Path, make: object, reason: str
) -> None:
    path = make(tmp_path)  # type: ignore[operator]  # one of the makers above
    with pytest.raises(UserError, match=reason):
        look(path)


def test_a_file_that_another_program_has_open_is_refused(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "开.mbtiles", TILES)
    path.with_name(f"{path.name}-wal").write_bytes(b"1")
    with pytest.raises(UserError, match="正被别的程序使用"):
        look(path)


def test_what_unpacks_beyond_all_measure_is_no_tile() -> None:
    with pytest.raises(Unreadable):
        unpacked(gzip.compress(bytes(1 << 20)), 1 << 16)
    with pytest.raises(Unreadable):
        unpacked(gzip.compress(b"abc")[:-9])
    with pytest.raises(Unreadable):
        layers_of(struct.pack("<I", 0xFFFFFFFF) * 8)


def test_a_copy_is_whole_or_not_there_at_all(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a.mbtiles", TILES)
    found, target = look(path), tmp_path / "站" / "k.mbtiles"
    target.parent.mkdir()

    class Stopped(NoProgress):
        @override
        def step(self, done: int, total: int) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        bring_in(path, found, Datum.WGS84, target, Stopped())
    assert list(target.parent.iterdir()) == []
    bring_in(path, found, Datum.WGS84, target)
    assert target.read_bytes() == path.read_bytes()
    assert list(target.parent.iterdir()) == [target]
