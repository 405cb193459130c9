"""Base maps come into the station whole, in order, and go without being lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from stationdesk.core.datum import from_wgs84, to_wgs84
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.vocab import Datum, MapLevel
from stationdesk.services import basemaps
from stationdesk.services.basemaps import BaseLine
from stationdesk.services.history import undo
from stationdesk.services.mapping import map_document, map_patch
from tests.small_town import SmallTown, small_town
from tests.tile_files import TOWN, mbtiles, picture, pmtiles, tiles_around

TILES = tiles_around(TOWN, (12, 13), 1)
FAR = tiles_around((30.0, 110.0), (12,), 1)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


def add(town: SmallTown, tmp_path: Path, name: str, datum: Datum = Datum.WGS84) -> Key:
    path = mbtiles(tmp_path / f"{name}.mbtiles", TILES, told={"name": name})
    return basemaps.add(town.store, path, datum).keys("basemap")[0]


def line(town: SmallTown, key: Key) -> BaseLine:
    return next(each for each in basemaps.bases_of(town.store) if each.key == key)


def test_looking_says_how_many_of_our_places_fall_outside_and_writes_nothing(
    town: SmallTown, tmp_path: Path
) -> None:
    near = basemaps.look(town.store, mbtiles(tmp_path / "近.mbtiles", TILES))
    far = basemaps.look(town.store, mbtiles(tmp_path / "远.mbtiles", FAR))
    assert near.places == far.places > 3
    assert (near.outside, far.outside) == (0, far.places)
    assert any(f"有 {far.places} 处在这张底图之外" in each for each in far.sentences)
    assert basemaps.bases_of(town.store) == ()
    assert list(town.store.folder.maps.iterdir()) == []


def test_a_map_too_coarse_for_a_village_is_told_before_it_is_taken(town: SmallTown, tmp_path: Path) -> None:
    coarse = basemaps.look(town.store, mbtiles(tmp_path / "全国.mbtiles", tiles_around(TOWN, (8, 9), 1)))
    assert any("最细只到 9 级，图上一点约 252 米" in each for each in coarse.sentences)
    fine = basemaps.look(town.store, mbtiles(tmp_path / "本镇.mbtiles", TILES))
    assert not any("最细只到" in each for each in fine.sentences)


def test_a_file_becomes_a_base_map_of_the_station(town: SmallTown, tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a b.mbtiles", TILES, told={"name": "县影像", "attribution": "天地图"})
    changes = basemaps.add(town.store, path, Datum.WGS84)
    assert changes.why == "加入底图 县影像"
    [base] = basemaps.bases_of(town.store)
    assert (base.name, base.datum, base.attribution, base.shown) == ("县影像", Datum.WGS84, "天地图", True)
    assert base.size == path.stat().st_size
    path.unlink()
    [drawn] = map_document(town.store, MapLevel.EXACT).bases
    assert drawn.path.is_relative_to(town.store.folder.maps)
    assert drawn.path.is_file()


def test_the_datum_is_asked_where_the_file_does_not_say_it(town: SmallTown, tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a.mbtiles", TILES)
    with pytest.raises(UserError, match="没有写明坐标系"):
        basemaps.add(town.store, path)
    assert list(town.store.folder.maps.iterdir()) == []
    told = mbtiles(tmp_path / "b.mbtiles", TILES, told={"attribution": "© OpenStreetMap contributors"})
    basemaps.add(town.store, told)
    assert basemaps.bases_of(town.store)[0].datum is Datum.WGS84


def test_the_newest_lies_on_top_and_the_order_can_be_changed(town: SmallTown, tmp_path: Path) -> None:
    first, second, third = (add(town, tmp_path, name) for name in ("甲", "乙", "丙"))
    assert [each.name for each in basemaps.bases_of(town.store)] == ["丙", "乙", "甲"]
    basemaps.move(town.store, first, -1)
    assert [each.name for each in basemaps.bases_of(town.store)] == ["丙", "甲", "乙"]
    basemaps.move(town.store, third, 5)
    assert [each.name for each in basemaps.bases_of(town.store)] == ["甲", "乙", "丙"]
    undo(town.store)
    assert [each.key for each in basemaps.bases_of(town.store)] == [third, first, second]


def test_tiles_of_two_datums_are_never_shown_together(town: SmallTown, tmp_path: Path) -> None:
    plain = add(town, tmp_path, "天地图")
    shifted = add(town, tmp_path, "高德", Datum.GCJ02)
    assert (line(town, plain).shown, line(town, shifted).shown) == (False, True)
    assert map_document(town.store, MapLevel.EXACT).datum is Datum.GCJ02
    basemaps.show(town.store, plain, shown=True)
    assert (line(town, plain).shown, line(town, shifted).shown) == (True, False)
    assert map_document(town.store, MapLevel.EXACT).datum is Datum.WGS84
    basemaps.edit(town.store, shifted, {"datum": Datum.WGS84, "name": "其实是天地图"})
    basemaps.show(town.store, shifted, shown=True)
    assert (line(town, plain).shown, line(town, shifted).shown) == (True, True)


def test_a_removed_map_comes_back_with_undo_until_it_is_deleted_for_good(
    town: SmallTown, tmp_path: Path
) -> None:
    key = add(town, tmp_path, "甲")
    size = line(town, key).size
    basemaps.remove(town.store, key)
    assert map_document(town.store, MapLevel.EXACT).bases == ()
    assert basemaps.forgotten(town.store) == (1, size)
    undo(town.store)
    assert line(town, key).size == size
    assert basemaps.forgotten(town.store) == (0, 0)
    basemaps.remove(town.store, key)
    assert basemaps.forget(town.store) == size
    assert basemaps.forgotten(town.store) == (0, 0)
    undo(town.store)
    assert line(town, key).size is None
    assert map_document(town.store, MapLevel.EXACT).bases == ()


def test_deleting_for_good_leaves_alone_what_is_in_use_and_what_is_not_ours(
    town: SmallTown, tmp_path: Path
) -> None:
    key = add(town, tmp_path, "甲")
    note = town.store.folder.maps / "说明.txt"
    note.write_text("x")
    basemaps.forget(town.store)
    assert line(town, key).size is not None
    assert note.exists()


def test_a_file_name_that_leads_out_of_the_station_is_never_opened(town: SmallTown, tmp_path: Path) -> None:
    key = add(town, tmp_path, "甲")
    basemaps.edit(town.store, key, {"file": "maps/../../甲.mbtiles"})
    assert line(town, key).size is None
    assert map_document(town.store, MapLevel.EXACT).bases == ()


def test_a_change_of_base_maps_asks_for_a_new_document(town: SmallTown, tmp_path: Path) -> None:
    path = pmtiles(tmp_path / "a.pmtiles", TILES)
    assert map_patch(town.store, basemaps.add(town.store, path, Datum.WGS84), MapLevel.EXACT) is None


def test_a_copy_that_fails_leaves_neither_file_nor_record(
    town: SmallTown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = mbtiles(tmp_path / "a.mbtiles", TILES, lambda _tile: picture(size=64))
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: type("Usage", (), {"free": 10}))
    with pytest.raises(UserError, match="磁盘空间不足"):
        basemaps.add(town.store, path, Datum.WGS84)
    assert basemaps.bases_of(town.store) == ()
    assert list(town.store.folder.maps.iterdir()) == []


def points(path: Path, town: SmallTown, datum: Datum) -> Path:
    """A file with the station's own places, as a map in `datum` would have them."""
    with town.store.reading() as session:
        placed = session.execute(
            text("SELECT name, latitude, longitude FROM resource WHERE latitude IS NOT NULL")
        ).all()
    features = []
    for name, lat, lon in [*map(tuple, placed), ("柳河村", *TOWN)]:
        at = from_wgs84(lat, lon, datum)
        geometry = {"type": "Point", "coordinates": [at.lon, at.lat]}
        features.append({"type": "Feature", "geometry": geometry, "properties": {"name": name}})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_a_file_that_is_shifted_against_our_places_is_noticed_and_its_datum_offered(
    town: SmallTown, tmp_path: Path, datum: Datum
) -> None:
    sight = basemaps.look(town.store, points(tmp_path / "a.geojson", town, datum))
    assert sight.shift is not None
    assert sight.datum is datum
    assert sight.ours_shifted is None
    assert any("同名" in sentence for sentence in sight.sentences)


def test_a_file_that_agrees_with_our_places_raises_no_suspicion(town: SmallTown, tmp_path: Path) -> None:
    sight = basemaps.look(town.store, points(tmp_path / "a.geojson", town, Datum.WGS84))
    assert (sight.shift, sight.ours_shifted, sight.datum) == (None, None, Datum.WGS84)


def test_our_own_places_that_were_entered_in_another_datum_are_noticed(
    town: SmallTown, tmp_path: Path
) -> None:
    path = points(tmp_path / "a.geojson", town, Datum.WGS84)
    content = json.loads(path.read_text(encoding="utf-8"))
    for each in content["features"]:
        lon, lat = each["geometry"]["coordinates"]
        exact = to_wgs84(lat, lon, Datum.GCJ02)
        each["geometry"]["coordinates"] = [exact.lon, exact.lat]
    path.write_text(json.dumps(content), encoding="utf-8")
    sight = basemaps.look(town.store, path)
    assert sight.ours_shifted is not None
    assert sight.ours_shifted.datum is Datum.GCJ02
    assert any("可能录入时坐标系选错" in sentence for sentence in sight.sentences)


def test_shapes_of_another_datum_are_kept_in_wgs84_and_shown_over_any_tiles(
    town: SmallTown, tmp_path: Path
) -> None:
    tiles = add(town, tmp_path, "高德", Datum.GCJ02)
    path = points(tmp_path / "a.geojson", town, Datum.BD09)
    shapes = basemaps.add(town.store, path, Datum.BD09).keys("basemap")[0]
    assert line(town, shapes).datum is Datum.WGS84
    assert line(town, tiles).shown
    document = map_document(town.store, MapLevel.EXACT)
    assert [base.shown for base in document.bases] == [True, True]
    assert document.datum is Datum.GCJ02
    west, south, east, north = document.bases[0].extent
    assert west <= TOWN[1] <= east
    assert south <= TOWN[0] <= north


def test_places_are_counted_in_the_datum_of_the_file(town: SmallTown, tmp_path: Path) -> None:
    # An edge between the two positions of the village: it lies inside only where it is drawn.
    lat, lon = TOWN
    east = (lon + from_wgs84(lat, lon, Datum.GCJ02).lon) / 2
    told = {"bounds": f"114.2,34.4,{east},34.6", "attribution": "© OpenStreetMap"}
    sight = basemaps.look(town.store, mbtiles(tmp_path / "a.mbtiles", TILES, told=told))
    assert 0 < sight.outside < sight.places
