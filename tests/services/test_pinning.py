"""Scans that people pinned are base maps like others: kept with their pins, pinned anew, undone, cleared away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from typing_extensions import override

from stationdesk.core.datum import from_local_xy, from_wgs84
from stationdesk.core.errors import UserError
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import BasemapKind, Datum, MapLevel
from stationdesk.core.vocab.basemaps import PinMethod
from stationdesk.services import basemaps, pinning
from stationdesk.services.history import undo
from stationdesk.services.mapping import map_document
from stationdesk.services.pinning import ByPins, Pin
from tests.small_town import CENTRE, SmallTown, small_town

SIZE = (800, 600)
SPOTS = ((40, 50), (760, 40), (750, 560), (60, 540))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


def scan(tmp_path: Path) -> Path:
    path = tmp_path / "村里的旧图.png"
    Image.new("RGB", SIZE, "#ddeecc").save(path)
    return path


def pin(spot: tuple[float, float], off: float = 0.0) -> Pin:
    at = from_local_xy((spot[0] - 400) * 2 + off, (300 - spot[1]) * 2, CENTRE)
    return Pin(*spot, *at, "")


RECIPE = ByPins(tuple(pin(spot) for spot in SPOTS))


def files(town: SmallTown) -> list[str]:
    return sorted(path.suffix for path in town.store.folder.maps.iterdir())


def test_a_pinned_scan_is_a_base_map_with_its_original_and_its_pins(town: SmallTown, tmp_path: Path) -> None:
    path = scan(tmp_path)
    changes = pinning.add(town.store, path, RECIPE)
    assert changes.why == "钉底图 村里的旧图"
    path.unlink()
    [base] = basemaps.bases_of(town.store)
    assert (base.kind, base.datum, base.source_name) == (BasemapKind.PINNED, Datum.WGS84, "村里的旧图.png")
    assert files(town) == [".mbtiles", ".scan"]
    again = pinning.pinned(town.store, base.key)
    assert again.recipe == RECIPE
    assert pinning.look(again.scan).size == SIZE
    [drawn] = map_document(town.store, MapLevel.EXACT).bases
    west, south, east, north = drawn.extent
    assert west < CENTRE[1] < east
    assert south < CENTRE[0] < north


def test_undo_takes_a_pinned_scan_away_and_its_files_can_go_for_good(town: SmallTown, tmp_path: Path) -> None:
    pinning.add(town.store, scan(tmp_path), RECIPE)
    assert basemaps.forgotten(town.store) == (0, 0)
    undo(town.store)
    assert basemaps.bases_of(town.store) == ()
    assert basemaps.forgotten(town.store)[0] == 2
    basemaps.forget(town.store)
    assert files(town) == []


def test_moving_a_pin_makes_the_map_anew_and_undo_brings_back_the_former(
    town: SmallTown, tmp_path: Path
) -> None:
    key = pinning.add(town.store, scan(tmp_path), RECIPE).keys("basemap")[0]
    former = map_document(town.store, MapLevel.EXACT).bases[0]
    moved = ByPins(tuple(pin(spot, 300) for spot in SPOTS), PinMethod.AFFINE)
    changes = pinning.keep(town.store, pinning.prepare_again(town.store, key, moved))
    assert changes.keys("basemap") == (key,)
    [base] = map_document(town.store, MapLevel.EXACT).bases
    assert base.path != former.path
    assert base.extent[0] > former.extent[0]
    assert pinning.pinned(town.store, key).recipe == moved
    undo(town.store)
    assert map_document(town.store, MapLevel.EXACT).bases == (former,)
    assert former.path.is_file()
    assert pinning.pinned(town.store, key).recipe == RECIPE


def test_cancel_leaves_neither_file_nor_record(town: SmallTown, tmp_path: Path) -> None:
    class Stopped(NoProgress):
        def __init__(self, after: int) -> None:
            self.left = after

        @override
        def step(self, done: int, total: int) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    for after in (0, 1, 4, 9):
        with pytest.raises(Cancelled):
            pinning.add(town.store, scan(tmp_path), RECIPE, progress=Stopped(after))
        assert files(town) == []
    assert basemaps.bases_of(town.store) == ()


def test_pins_that_make_no_sense_leave_nothing_behind(town: SmallTown, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="至少要钉三个点"):
        pinning.add(town.store, scan(tmp_path), ByPins(RECIPE.pins[:2]))
    with pytest.raises(UserError, match="没有真实坐标"):
        pinning.add(town.store, scan(tmp_path), ByPins((*RECIPE.pins[:3], Pin(400, 300, 0.001, 0.002))))
    assert files(town) == []


def test_a_record_that_is_refused_takes_its_files_with_it(town: SmallTown, tmp_path: Path) -> None:
    key = pinning.add(town.store, scan(tmp_path), RECIPE).keys("basemap")[0]
    prepared = pinning.prepare_again(town.store, key, RECIPE)
    basemaps.remove(town.store, key)
    with pytest.raises(UserError, match="已经移除"):
        pinning.keep(town.store, prepared)
    assert not prepared.tiles.exists()


def test_only_what_was_pinned_can_be_pinned_anew(town: SmallTown, tmp_path: Path) -> None:
    key = pinning.add(town.store, scan(tmp_path), RECIPE).keys("basemap")[0]
    pinning.pinned(town.store, key).scan.unlink()
    with pytest.raises(UserError, match="原图不在了"):
        pinning.prepare_again(town.store, key, RECIPE)
    basemaps.edit(town.store, key, {"scan": None})
    with pytest.raises(UserError, match="不是钉出来的"):
        pinning.pinned(town.store, key)


def test_a_picture_is_pinned_by_what_has_a_name_and_a_place_but_by_no_secret_address(town: SmallTown) -> None:
    places = pinning.known_places(town.store)
    assert {"village", "resource"} <= {each.record for each in places}
    assert not any(each.record == "household" for each in places)
    secret = next(each for each in places if each.record == "resource")
    with town.store.writing("保密") as work:
        from stationdesk.core.changes import Change

        work.write([Change("resource", secret.key, {"confidential": False}, {"confidential": True})])
    assert secret not in pinning.known_places(town.store)


def test_pins_are_read_from_a_list_in_its_datum() -> None:
    at = from_wgs84(34.5, 114.3, Datum.GCJ02)
    text = f"列,行,经度,纬度,名称\n10,20.5,{at.lon},{at.lat},学校\n\n30，40，{at.lon}，{at.lat}\n"
    for content in (text.encode("utf-8-sig"), text.encode("gbk")):
        first, second = pinning.pins_in(content, Datum.GCJ02)
        assert (first.x, first.y, first.name, second.name) == (10, 20.5, "学校", "")
        assert (first.lat, first.lon) == pytest.approx((34.5, 114.3), abs=1e-8)
    with pytest.raises(UserError, match="第 2 行要有 4 格，只有 2 格"):
        pinning.pins_in(b"1,2,3,4\n5,6\n", Datum.WGS84)
    with pytest.raises(UserError, match="第 1 行有的格不是数字"):
        pinning.pins_in("1,2,东,4".encode(), Datum.WGS84)


def test_lengths_are_read_from_a_list() -> None:
    text = "x1,y1,x2,y2,长度,单位\n0,0,100,0,150,步\n0,0,0,100,90\n50,90,50,10,北\n"
    paced = pinning.lengths_in(text.encode(), 0.6)
    assert [each.metres(paced.pace) for each in paced.lengths] == [90, 90]
    assert paced.north == pytest.approx((50, 90, 50, 10))
    with pytest.raises(UserError, match="单位“里”看不懂"):
        pinning.lengths_in("0,0,100,0,1,里".encode())
