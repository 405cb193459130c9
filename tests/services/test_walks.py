"""A community walk comes into the station in one step: the walk, its photos, and a draft for each new place."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select
from typing_extensions import override

from stationdesk.core.changes import changed
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import Dimension, MapClass, MapLevel, ResourceStatus
from stationdesk.db.base import values_of
from stationdesk.db.models import Photo, Resource, Walk
from stationdesk.maps.layers import MapArea
from stationdesk.services.history import undo
from stationdesk.services.home import today_of
from stationdesk.services.listing import keys_of
from stationdesk.services.mapping import map_document, map_patch
from stationdesk.services.photos import photos_of, picture
from stationdesk.services.publishing import published
from stationdesk.services.records import save
from stationdesk.services.resources import lacking
from stationdesk.services.walks import (
    Fate,
    WalkPlan,
    look,
    remove_walk,
    squares_covered,
    take_in,
    walks_of,
)
from tests.phone_files import gpx, photo
from tests.small_town import CENTRE, SmallTown, small_town

LAT, LON = CENTRE[0] + 0.02, CENTRE[1] + 0.02
PLAN = WalkPlan("桃园村 11 月行走", date(2026, 11, 20))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


def drafts(town: SmallTown) -> list[Resource]:
    with town.store.reading() as session:
        found = session.scalars(select(Resource).where(Resource.status == ResourceStatus.DRAFT)).all()
        return list(found)


def test_each_place_photographed_becomes_one_draft(town: SmallTown, tmp_path: Path) -> None:
    paths = [
        photo(tmp_path / "a.jpg", (LAT, LON)),
        photo(tmp_path / "b.jpg", (LAT + 0.0001, LON), colour="red"),
        photo(tmp_path / "c.jpg", (LAT + 0.005, LON), at="2026:11:20 10:05:00"),
    ]
    sight = look(town.store, paths)
    assert [place.photos for place in sight.places] == [(0, 1), (2,)]
    assert sight.day == date(2026, 11, 20)
    take_in(town.store, sight, WalkPlan(PLAN.name, PLAN.day, names={0: "老井亭"}))
    made = drafts(town)
    assert [each.name for each in made] == ["老井亭", "未命名 10:05"]
    assert made[0].latitude == pytest.approx(LAT, abs=1e-6)
    assert made[0].dimension is Dimension.SPACE
    assert not any(each.printable for each in made)
    lines = photos_of(town.store, "resource", made[0].key)
    assert [line.file_name for line in lines] == ["a.jpg", "b.jpg"]
    with Image.open(io.BytesIO(picture(town.store, lines[0].picture))) as shown:
        assert shown.size == (400, 300)


def test_drafts_are_on_no_hand_out(town: SmallTown, tmp_path: Path) -> None:
    take_in(town.store, look(town.store, [photo(tmp_path / "a.jpg", (LAT, LON))]), PLAN)
    code = drafts(town)[0].code
    with town.store.reading() as session:
        chosen = published(session, town.store.clock.today(), None)
    assert code not in {entry.code for entry in chosen.entries}
    assert code in {left.code for left in chosen.left_out}


def test_undo_takes_the_whole_walk_back(town: SmallTown, tmp_path: Path) -> None:
    sight = look(
        town.store, [photo(tmp_path / "a.jpg", (LAT, LON)), gpx(tmp_path / "w.gpx", [[(LAT, LON, "")] * 2])]
    )
    take_in(town.store, sight, PLAN)
    undo(town.store)
    with town.store.reading() as session:
        assert not session.scalars(select(Photo)).all()
        assert not session.scalars(select(Walk)).all()
    assert not drafts(town)


def test_a_photo_without_a_fix_is_placed_by_its_time_on_the_track(town: SmallTown, tmp_path: Path) -> None:
    track = gpx(
        tmp_path / "w.gpx",
        [[(LAT, LON, "2026-11-20T01:29:00Z"), (LAT + 0.002, LON, "2026-11-20T01:31:00Z")]],
    )
    sight = look(town.store, [photo(tmp_path / "a.jpg"), track])  # 09:30 in China
    assert sight.by_track == (0,)
    assert sight.places[0].lat == pytest.approx(LAT + 0.001, abs=1e-5)


def test_a_photo_without_any_place_is_kept_with_the_walk(town: SmallTown, tmp_path: Path) -> None:
    sight = look(town.store, [photo(tmp_path / "a.jpg")])
    assert sight.unplaced == (0,)
    take_in(town.store, sight, PLAN)
    assert not drafts(town)
    with town.store.reading() as session:
        assert [each.file_name for each in session.scalars(select(Photo))] == ["a.jpg"]


def test_a_photo_comes_in_once(town: SmallTown, tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg", (LAT, LON))
    take_in(town.store, look(town.store, [path]), PLAN)
    again = look(town.store, [path])
    assert again.known == ("a.jpg",)
    assert again.is_empty
    with pytest.raises(UserError, match="没有可以收入的"):
        take_in(town.store, again, PLAN)


def test_what_is_in_the_library_already_gets_the_photo(town: SmallTown, tmp_path: Path) -> None:
    key = town.add(
        "resource",
        "池塘小广场",
        name="池塘小广场",
        dimension=Dimension.SPACE,
        map_class=MapClass.CULTURE,
        latitude=LAT,
        longitude=LON,
    )
    sight = look(town.store, [photo(tmp_path / "a.jpg", (LAT, LON))])
    assert sight.places[0].near == (key, "文-01 池塘小广场")
    take_in(town.store, sight, PLAN)
    assert not drafts(town)
    assert [line.file_name for line in photos_of(town.store, "resource", key)] == ["a.jpg"]


def test_a_place_may_be_left_out(town: SmallTown, tmp_path: Path) -> None:
    sight = look(town.store, [photo(tmp_path / "a.jpg", (LAT, LON))])
    take_in(town.store, sight, WalkPlan(PLAN.name, PLAN.day, fates={0: Fate.SKIP}))
    assert not drafts(town)


def test_places_marked_on_a_track_keep_their_names(town: SmallTown, tmp_path: Path) -> None:
    track = gpx(tmp_path / "w.gpx", [], [(LAT, LON, "村口小卖部")])
    take_in(town.store, look(town.store, [track]), PLAN)
    assert [each.name for each in drafts(town)] == ["村口小卖部"]


def test_files_that_cannot_be_read_are_told_and_the_others_read(town: SmallTown, tmp_path: Path) -> None:
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(photo(tmp_path / "a.jpg", (LAT, LON)).read_bytes()[:300])
    note = tmp_path / "说明.txt"
    note.write_text("记录", encoding="utf-8")
    sight = look(town.store, [torn, note, tmp_path / "a.jpg"])
    assert [name for name, _why in sight.refused] == ["torn.jpg", "说明.txt"]
    assert len(sight.photos) == 1


def test_the_squares_walked_are_kept(town: SmallTown, tmp_path: Path) -> None:
    assert squares_covered(town.store) == ()
    track = gpx(tmp_path / "w.gpx", [[(LAT, LON, ""), (LAT + 0.009, LON, "")]])
    take_in(town.store, look(town.store, [track]), PLAN)
    squares = squares_covered(town.store)
    assert len(squares) in (5, 6)
    assert all(low.lat < high.lat and low.lon < high.lon for low, high in squares)
    assert any(low.lat <= LAT <= high.lat and low.lon <= LON <= high.lon for low, high in squares)


def test_stopping_writes_nothing(town: SmallTown, tmp_path: Path) -> None:
    sight = look(town.store, [photo(tmp_path / "a.jpg", (LAT, LON))])

    class Stop(NoProgress):
        @override
        def step(self, done: int, total: int) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        take_in(town.store, sight, PLAN, Stop())
    assert not drafts(town)


def test_the_day_of_a_phone_whose_clock_was_never_set_is_not_believed(
    town: SmallTown, tmp_path: Path
) -> None:
    sight = look(town.store, [photo(tmp_path / "a.jpg", (LAT, LON), at="2099:01:01 00:00:00")])
    assert sight.day == town.store.clock.today()
    with pytest.raises(UserError, match="还没有到"):
        take_in(town.store, sight, WalkPlan("行走", date(2099, 1, 1)))


def walked(town: SmallTown) -> dict[str, MapArea]:
    areas = map_document(town.store, MapLevel.RESOURCES).areas
    return {str(area.key): area for area in areas if area.record == "walk"}


def squares_of(area: MapArea) -> list[object]:
    return [
        ring
        for part in area.geometry["geometries"]
        if part["type"] == "MultiPolygon"
        for ring in part["coordinates"]
    ]


def test_the_map_colours_the_squares_that_were_walked_on_a_layer_that_is_off(
    town: SmallTown, tmp_path: Path
) -> None:
    track = gpx(tmp_path / "w.gpx", [[(LAT, LON, ""), (LAT + 0.009, LON, "")]])
    take_in(town.store, look(town.store, [track]), PLAN)
    document = map_document(town.store, MapLevel.RESOURCES)
    assert [layer.shown for layer in document.layers if layer.code == "walked"] == [False]
    (area,) = walked(town).values()
    assert area.title == "2026-11-20 桃园村 11 月行走"
    assert len(squares_of(area)) == len(squares_covered(town.store))
    lines = [part for part in area.geometry["geometries"] if part["type"] == "MultiLineString"]
    assert len(lines) == 1


def test_a_second_walk_comes_as_a_patch_and_takes_no_square_twice(town: SmallTown, tmp_path: Path) -> None:
    track = gpx(tmp_path / "w.gpx", [[(LAT, LON, ""), (LAT + 0.009, LON, "")]])
    take_in(town.store, look(town.store, [track]), PLAN)
    before = set(walked(town))
    again = gpx(tmp_path / "w2.gpx", [[(LAT, LON, ""), (LAT, LON + 0.009, "")]])
    changes = take_in(town.store, look(town.store, [again]), WalkPlan("再走一次", date(2026, 11, 21)))
    patch = map_patch(town.store, changes, MapLevel.RESOURCES)
    assert patch is not None
    put = {str(thing.key): thing for thing in patch.put if isinstance(thing, MapArea)}
    assert set(put) == set(walked(town))
    assert len(set(put) - before) == 1
    squares = [json.dumps(ring) for area in put.values() for ring in squares_of(area)]
    assert len(squares) == len(set(squares)) == len(squares_covered(town.store))
    undone = map_patch(town.store, undo(town.store), MapLevel.RESOURCES)
    assert undone is not None
    assert [("walk", key) for key in set(put) - before] == list(undone.gone)


def test_a_photo_without_a_track_colours_its_square(town: SmallTown, tmp_path: Path) -> None:
    take_in(town.store, look(town.store, [photo(tmp_path / "a.jpg", (LAT, LON))]), PLAN)
    assert len(squares_covered(town.store)) == 1


def test_drafts_are_drawn_hollow_in_the_shape_of_their_class(town: SmallTown, tmp_path: Path) -> None:
    take_in(town.store, look(town.store, [photo(tmp_path / "a.jpg", (LAT, LON))]), PLAN)
    document = map_document(town.store, MapLevel.RESOURCES)
    (draft,) = drafts(town)
    (place,) = (each for each in document.places if each.key == draft.key)
    (mark,) = (each for each in document.marks if each.code == place.mark)
    assert mark.hollow
    assert mark.layer == "resource"
    assert "草稿，待补充" in mark.label
    settled = {each.mark for each in document.places if each.key != draft.key and each.record == "resource"}
    assert not any(each.hollow for each in document.marks if each.code in settled)


def test_the_walks_on_record_tell_what_they_brought_home(town: SmallTown, tmp_path: Path) -> None:
    track = gpx(tmp_path / "w.gpx", [[(LAT, LON, ""), (LAT + 0.01, LON, "")]], [(LAT, LON + 0.01, "小卖部")])
    shots = [photo(tmp_path / "a.jpg", (LAT, LON)), photo(tmp_path / "b.jpg", colour="red", at="")]
    take_in(town.store, look(town.store, [track, *shots]), PLAN)
    (line,) = walks_of(town.store)
    assert (line.name, line.walked_on, line.photos) == (PLAN.name, PLAN.day, 2)
    assert line.metres == pytest.approx(1112, abs=5)
    assert (line.drafts, line.made) == (2, 2)
    settle(town, "小卖部")
    assert [(each.drafts, each.made) for each in walks_of(town.store)] == [(1, 2)]


def test_a_walk_goes_with_the_drafts_that_nobody_completed(town: SmallTown, tmp_path: Path) -> None:
    track = gpx(tmp_path / "w.gpx", [[(LAT, LON, ""), (LAT + 0.01, LON, "")]], [(LAT, LON + 0.01, "小卖部")])
    shots = [
        photo(tmp_path / "a.jpg", (LAT, LON)),
        photo(tmp_path / "b.jpg", (LAT + 0.005, LON), colour="red", at="2026:11:20 10:00:00"),
        photo(tmp_path / "c.jpg", colour="blue", at=""),
    ]
    take_in(town.store, look(town.store, [track, *shots]), PLAN)
    kept = settle(town, "未命名 09:30")
    (line,) = walks_of(town.store)
    remove_walk(town.store, line.key)
    assert walks_of(town.store) == ()
    assert drafts(town) == []
    assert squares_covered(town.store) == ()
    assert [each.file_name for each in photos_of(town.store, "resource", kept)] == ["a.jpg"]
    with town.store.reading() as session:
        assert [each.file_name for each in session.scalars(select(Photo))] == ["a.jpg"]
    undo(town.store)
    assert walks_of(town.store) == (line,)
    assert len(drafts(town)) == 2
    with pytest.raises(UserError, match="已经移除"):
        remove_walk(town.store, Key("gone"))


def settle(town: SmallTown, name: str) -> Key:
    with town.store.reading() as session:
        row = session.scalars(select(Resource).where(Resource.name == name)).one()
        change = changed("resource", row.key, values_of(row), {"status": ResourceStatus.ACTIVE})
    assert change is not None
    save(town.store, change)
    return row.key


def test_drafts_are_counted_and_say_what_they_lack(town: SmallTown, tmp_path: Path) -> None:
    take_in(town.store, look(town.store, [photo(tmp_path / "a.jpg", (LAT, LON))]), PLAN)
    (draft,) = drafts(town)
    lack = next(each for each in today_of(town.store).lacks if each.key == "drafts")
    assert lack.sentence == "1 个资源草稿待补全"
    assert keys_of(town.store, lack.query) == (draft.key,)
    assert lacking(values_of(draft))[:2] == ("资源名称", "能提供什么")
    full = {
        **values_of(draft),
        "name": "凉亭",
        "offer_text": "歇脚",
        "contact": "村委",
        "village_key": Key("v"),
    }
    assert lacking(full) == ()


def test_a_track_keeps_its_way_and_not_every_second_of_it(town: SmallTown, tmp_path: Path) -> None:
    seconds = [(LAT + 0.00001 * at, LON, "") for at in range(901)]  # 1.1 m a second, 1 km
    take_in(town.store, look(town.store, [gpx(tmp_path / "w.gpx", [seconds])]), PLAN)
    with town.store.reading() as session:
        (run,) = json.loads(session.scalars(select(Walk.track)).one() or "")["coordinates"]
    assert len(run) == pytest.approx(301, abs=2)
    assert run[0] == [pytest.approx(LON), pytest.approx(LAT)]
    assert run[-1] == [pytest.approx(LON), pytest.approx(LAT + 0.009)]
    (line,) = walks_of(town.store)
    assert line.metres == pytest.approx(1000, abs=5)
