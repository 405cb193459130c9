"""A station without coordinates works on a sketch; real ones never mix in; later all of it is moved at once."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from typing_extensions import override

from stationdesk.core.changes import changed
from stationdesk.core.datum import distance_m, from_local_xy, local_xy
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import Datum, DatumOrigin, MapLevel
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.db.base import values_of
from stationdesk.db.models import Station
from stationdesk.services import basemaps, pinning, reality, sketch, walks
from stationdesk.services.drawing import draw
from stationdesk.services.exchange import Format, export_list
from stationdesk.services.history import undo
from stationdesk.services.imports import ImportKind, dry_run, read_plan
from stationdesk.services.listing import row_of
from stationdesk.services.mapping import map_document
from stationdesk.services.pinning import ByPins, Length, Paced, Pin
from stationdesk.services.places import locate
from stationdesk.services.reality import Anchor, judge_move
from stationdesk.services.stations import save_profile
from tests.small_town import TODAY, SmallTown, small_town, station
from tests.tile_files import TOWN, mbtiles, tiles_around

SIZE = (800, 600)
PACED = Paced((Length(0, 300, 800, 300, 800),))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    """A station that knows no coordinate."""
    made = SmallTown(station(tmp_path))
    made.add("village", "柳河村", name="柳河村")
    made.add("resource", "卫生室", name="村卫生室", **_resource())
    yield made
    made.store.close()


def _resource() -> dict[str, object]:
    from stationdesk.core.vocab import Dimension, MapClass

    return {"dimension": Dimension.SPACE, "map_class": MapClass.MEDICAL}


def scan(tmp_path: Path, name: str = "手绘图") -> Path:
    path = tmp_path / f"{name}.png"
    Image.new("RGB", SIZE, "#ddeecc").save(path)
    return path


def place(town: SmallTown, record: str, called: str, x: float, y: float) -> Key:
    """Click a record onto the sketch, `x` metres east and `y` north of its middle."""
    at = from_local_xy(x, y, (0, 0))
    locate(town.store, record, town[called], at.lat, at.lon)
    return town[called]


def where(town: SmallTown, record: str, called: str) -> tuple[float, float]:
    row = row_of(town.store, record, town[called])
    assert row is not None
    lat, lon = row.values["latitude"], row.values["longitude"]
    assert isinstance(lat, float)
    assert isinstance(lon, float)
    return lat, lon


def test_a_picture_laid_by_paces_makes_the_station_one_of_sketches_and_undo_takes_both_back(
    town: SmallTown, tmp_path: Path
) -> None:
    pinning.add(town.store, scan(tmp_path), PACED)
    assert sketch.in_sketch(town.store)
    [base] = map_document(town.store, MapLevel.EXACT).bases
    assert base.extent[0] < 0 < base.extent[2]
    undo(town.store)
    assert not sketch.in_sketch(town.store)
    assert map_document(town.store, MapLevel.EXACT).bases == ()


def test_everything_is_placed_and_drawn_on_a_sketch_as_ever(town: SmallTown, tmp_path: Path) -> None:
    pinning.add(town.store, scan(tmp_path), PACED)
    place(town, "resource", "卫生室", 100, 50)
    a, b = from_local_xy(-200, 0, (0, 0)), from_local_xy(200, 0, (0, 0))
    line = {"type": "LineString", "coordinates": [[a.lon, a.lat], [b.lon, b.lat]]}
    draw(town.store, FeatureKind.MAIN_ROAD, "主路", json.dumps(line))
    document = map_document(town.store, MapLevel.EXACT)
    assert len(document.places) == 1
    assert len(document.features) == 1
    assert local_xy(where(town, "resource", "卫生室"), (0, 0)) == pytest.approx((100, 50), abs=0.02)


def test_a_second_picture_lies_beside_the_first_or_is_pinned_to_it(town: SmallTown, tmp_path: Path) -> None:
    pinning.add(town.store, scan(tmp_path), PACED)
    pinning.add(town.store, scan(tmp_path, "第二张"), PACED)
    second, first = map_document(town.store, MapLevel.EXACT).bases
    assert second.extent[0] > first.extent[2]
    pins = tuple(
        Pin(x, y, *from_local_xy((x - 400) / 2, (300 - y) / 2, (0, 0)))
        for x, y in ((0, 0), (800, 0), (0, 600))
    )
    pinning.add(town.store, scan(tmp_path, "第三张"), ByPins(pins))
    assert map_document(town.store, MapLevel.EXACT).bases[0].extent[2] < first.extent[2]


def test_a_sketch_is_refused_beside_real_places(tmp_path: Path) -> None:
    town = small_town(tmp_path)
    with pytest.raises(UserError, match=r"已有 \d+ 处带真实坐标"):
        pinning.add(town.store, scan(tmp_path), PACED)
    assert list(town.store.folder.maps.iterdir()) == []
    town.store.close()


def test_real_coordinates_never_come_onto_a_sketch(town: SmallTown, tmp_path: Path) -> None:
    pinning.add(town.store, scan(tmp_path), PACED)
    why = "这张图是示意图，没有真实坐标"
    with pytest.raises(UserError, match=why):
        locate(town.store, "resource", town["卫生室"], 34.5, 114.3, origin=DatumOrigin.PASTED)
    with pytest.raises(UserError, match=why):
        locate(town.store, "resource", town["卫生室"], 34.5, 114.3)
    with pytest.raises(UserError, match=why):
        town.add("resource", "学校", name="学校", latitude=34.5, longitude=114.3, **_resource())
    with pytest.raises(UserError, match=why):
        basemaps.add(town.store, mbtiles(tmp_path / "a.mbtiles", tiles_around(TOWN, (12,), 1)), Datum.WGS84)
    pins = tuple(Pin(x, y, 34.5 - y / 1e5, 114.3 + x / 1e5) for x, y in ((0, 0), (800, 0), (0, 600)))
    with pytest.raises(UserError, match=why):
        pinning.add(town.store, scan(tmp_path, "真"), ByPins(pins))
    with town.store.reading() as session:
        profile = session.query(Station).one()
    change = changed("station", profile.key, values_of(profile), {"latitude": 34.5, "longitude": 114.3})
    assert change is not None
    with pytest.raises(UserError, match=why):
        save_profile(town.store, change)


@pytest.mark.parametrize("form", [Format.GEOJSON, Format.KML, Format.GPX])
def test_formats_that_are_coordinates_are_not_exported_from_a_sketch(
    town: SmallTown, tmp_path: Path, form: Format
) -> None:
    pinning.add(town.store, scan(tmp_path), PACED)
    place(town, "resource", "卫生室", 100, 50)
    with pytest.raises(UserError, match="示意图，没有真实坐标"):
        export_list(town.store, form, tmp_path / f"a{form.suffix}")
    assert not (tmp_path / f"a{form.suffix}").exists()


@pytest.mark.parametrize("form", [Format.HSDS_CSV, Format.CSV])
def test_a_directory_leaves_the_coordinates_of_a_sketch_out_and_says_so(
    town: SmallTown, tmp_path: Path, form: Format
) -> None:
    pinning.add(town.store, scan(tmp_path), PACED)
    place(town, "resource", "卫生室", 100, 50)
    done = export_list(town.store, form, tmp_path / f"a{form.suffix}")
    assert (done.records, done.placed) == (1, 0)
    assert any("示意图" in each.why for each in done.left)


def test_a_sketch_is_left_only_while_nothing_lies_on_it(town: SmallTown, tmp_path: Path) -> None:
    key = pinning.add(town.store, scan(tmp_path), PACED).keys("basemap")[0]
    with pytest.raises(UserError, match="示意图上已经放了 1 处"):
        sketch.leave(town.store)
    basemaps.remove(town.store, key)
    sketch.leave(town.store)
    assert not sketch.in_sketch(town.store)


# To reality

TURN, TIMES = math.radians(30), 1.2


def real(x: float, y: float) -> tuple[float, float]:
    """Where a point of the sketch, in metres, really is."""
    at = from_local_xy(
        TIMES * (x * math.cos(TURN) - y * math.sin(TURN)) + 500,
        TIMES * (x * math.sin(TURN) + y * math.cos(TURN)) - 300,
        TOWN,
    )
    return at.lat, at.lon


def anchor(x: float, y: float, off: float = 0.0) -> Anchor:
    here, there = from_local_xy(x, y, (0, 0)), real(x, y)
    moved = from_local_xy(off, 0, there)
    return Anchor(here.lat, here.lon, moved.lat, moved.lon, f"{x:.0f},{y:.0f}")


SPOTS = ((-300.0, 200.0), (300.0, 180.0), (20.0, -250.0), (-200.0, -150.0), (250.0, -100.0))


def test_three_real_coordinates_move_everything_at_once_and_undo_brings_the_sketch_back(
    town: SmallTown, tmp_path: Path
) -> None:
    pinning.add(town.store, scan(tmp_path), PACED)
    place(town, "village", "柳河村", 0, 0)
    place(town, "resource", "卫生室", 100, 50)
    a, b = from_local_xy(-200, 0, (0, 0)), from_local_xy(200, 0, (0, 0))
    line = {"type": "LineString", "coordinates": [[a.lon, a.lat], [b.lon, b.lat]]}
    draw(town.store, FeatureKind.MAIN_ROAD, "主路", json.dumps(line))
    sketched = map_document(town.store, MapLevel.EXACT)

    move = judge_move([anchor(*spot) for spot in SPOTS[:3]])
    changes = reality.keep(town.store, reality.prepare(town.store, move))

    assert changes.why == "示意图换成真实坐标"
    assert not sketch.in_sketch(town.store)
    assert distance_m(where(town, "village", "柳河村"), real(0, 0)) < 0.5
    assert distance_m(where(town, "resource", "卫生室"), real(100, 50)) < 0.5
    document = map_document(town.store, MapLevel.EXACT)
    [road] = document.features
    lon, lat = road.geometry["coordinates"][1]
    assert distance_m((lat, lon), real(200, 0)) < 0.5
    [base] = document.bases
    middle = ((base.extent[1] + base.extent[3]) / 2, (base.extent[0] + base.extent[2]) / 2)
    assert distance_m(middle, real(0, 0)) < 2
    assert isinstance(pinning.pinned(town.store, base.key).recipe, ByPins)
    row = row_of(town.store, "resource", town["卫生室"])
    assert row is not None
    assert row.values["place_datum"] is Datum.WGS84

    undo(town.store)
    assert map_document(town.store, MapLevel.EXACT) == sketched
    assert sketch.in_sketch(town.store)


def test_stopping_the_move_leaves_the_sketch_as_it_was(town: SmallTown, tmp_path: Path) -> None:
    class Stopped(NoProgress):
        @override
        def step(self, done: int, total: int) -> None:
            raise Cancelled

    pinning.add(town.store, scan(tmp_path), PACED)
    before = sorted(town.store.folder.maps.iterdir())
    with pytest.raises(Cancelled):
        reality.prepare(town.store, judge_move([anchor(*spot) for spot in SPOTS[:3]]), Stopped())
    assert sorted(town.store.folder.maps.iterdir()) == before
    assert sketch.in_sketch(town.store)


def test_the_anchor_that_is_wrong_is_named() -> None:
    move = judge_move([anchor(*spot, 150 if place == 2 else 0) for place, spot in enumerate(SPOTS)])
    assert move.wrong == 2
    assert move.sentences[0].startswith("请检查“20,-250”：按其余的点，它差 150 米")
    right = judge_move([anchor(*spot) for spot in SPOTS])
    assert right.wrong is None
    assert right.times == pytest.approx(TIMES, abs=0.005)
    assert right.turned == pytest.approx(30, abs=0.2)


def test_anchors_that_turn_the_sketch_over_or_are_too_few_are_refused() -> None:
    with pytest.raises(UserError, match="至少要三处"):
        judge_move([anchor(*spot) for spot in SPOTS[:2]])
    mirrored = [Anchor(*from_local_xy(x, y, (0, 0)), *from_local_xy(-x, y, TOWN), "甲") for x, y in SPOTS[:4]]
    with pytest.raises(UserError, match="左右反了"):
        judge_move(mirrored)
    with pytest.raises(UserError, match="是同一处"):
        judge_move([anchor(*SPOTS[0]), anchor(*SPOTS[1]), anchor(*SPOTS[1])])


def test_a_real_station_has_no_sketch_to_move(tmp_path: Path) -> None:
    town = small_town(tmp_path)
    with pytest.raises(UserError, match="不是示意图"):
        reality.prepare(town.store, judge_move([anchor(*spot) for spot in SPOTS[:3]]))
    town.store.close()


def test_a_walk_with_real_places_does_not_come_onto_a_sketch(town: SmallTown, tmp_path: Path) -> None:
    pinning.add(town.store, scan(tmp_path), PACED)
    track = tmp_path / "行走.gpx"
    points = "".join(f'<trkpt lat="{34.5 + n / 1e4}" lon="114.3"/>' for n in range(5))
    track.write_text(
        '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><trkseg>{points}</trkseg></trk></gpx>",
        encoding="utf-8",
    )
    sight = walks.look(town.store, [track])
    plan = walks.WalkPlan(name="行走", day=TODAY)
    with pytest.raises(UserError, match="示意图，没有真实坐标"):
        walks.take_in(town.store, sight, plan)


def test_a_list_with_coordinates_is_not_imported_onto_a_sketch(town: SmallTown, tmp_path: Path) -> None:
    pinning.add(town.store, scan(tmp_path), PACED)
    path = tmp_path / "名册.csv"
    path.write_text("资源名称,纬度,经度\n药店,34.5,114.3\n", encoding="utf-8")
    plan = read_plan(town.store, path, ImportKind.RESOURCES)
    with pytest.raises(UserError, match="示意图，没有真实坐标"):
        dry_run(town.store, plan, Datum.WGS84)
    without = plan.mapped(*(None if name and name.endswith("tude") else name for name in plan.mapping))
    assert len(dry_run(town.store, without).rows) == 1
