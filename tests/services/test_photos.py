"""Photos belong to places: added by hand or brought by a walk, noted, taken away, given out without their traces."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.db.models.audit import AuditEntry
from stationdesk.services import records
from stationdesk.services.history import history_of, undo
from stationdesk.services.photos import (
    MOST_AT_ONCE,
    add_photos,
    note_photo,
    photos_of,
    picture,
    read_photos,
    remove_photo,
    save_photo,
)
from stationdesk.services.walks import WalkPlan, look, take_in
from tests.phone_files import PHONE, photo
from tests.small_town import CENTRE, SmallTown, small_town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


def added(town: SmallTown, *paths: Path) -> list[str]:
    key = town["卫生院"]
    add_photos(town.store, "resource", key, read_photos(town.store, "resource", key, paths).photos)
    return names(town)


def names(town: SmallTown) -> list[str]:
    return [line.file_name for line in photos_of(town.store, "resource", town["卫生院"])]


def first(town: SmallTown) -> Key:
    return photos_of(town.store, "resource", town["卫生院"])[0].key


def test_photos_are_added_without_a_walk_in_the_order_in_which_they_were_taken(
    town: SmallTown, tmp_path: Path
) -> None:
    late = photo(tmp_path / "a.jpg", at="2026:11:20 11:00:00")
    early = photo(tmp_path / "b.jpg", at="2026:11:20 08:00:00", colour="red")
    assert added(town, late, early) == ["b.jpg", "a.jpg"]
    undo(town.store)
    assert names(town) == []


def test_the_same_photo_is_not_added_twice(town: SmallTown, tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg")
    assert added(town, path, path) == ["a.jpg"]
    again = read_photos(town.store, "resource", town["卫生院"], [path])
    assert (again.photos, again.known) == ((), ("a.jpg",))


def test_what_cannot_be_read_is_told_and_the_rest_read(town: SmallTown, tmp_path: Path) -> None:
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(b"\xff\xd8\xff\xe0")
    read = read_photos(town.store, "resource", town["卫生院"], [torn, photo(tmp_path / "a.jpg")])
    assert [name for name, _why in read.refused] == ["torn.jpg"]
    assert len(read.photos) == 1


def test_people_served_have_no_photos(town: SmallTown, tmp_path: Path) -> None:
    for record in ("household", "person", "need", "visit"):
        with pytest.raises(UserError, match="服务对象的照片不进工作站"):
            read_photos(town.store, record, Key("k"), [photo(tmp_path / "a.jpg")])
    taken = read_photos(town.store, "resource", town["卫生院"], [tmp_path / "a.jpg"]).photos
    with pytest.raises(UserError, match="照片没有加入"):
        add_photos(town.store, "household", Key("k"), taken)


def test_more_photos_than_memory_should_hold_are_refused(town: SmallTown, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="一次最多加"):
        read_photos(town.store, "resource", town["卫生院"], [tmp_path / "a.jpg"] * (MOST_AT_ONCE + 1))


def test_a_photo_that_came_loose_with_a_walk_is_taken_from_there(town: SmallTown, tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg")
    sight = look(town.store, [path])
    take_in(town.store, sight, WalkPlan("行走", date(2026, 11, 20)))
    assert added(town, path) == ["a.jpg"]
    assert look(town.store, [path]).known == ("a.jpg",)


def test_a_note_says_what_a_photo_shows(town: SmallTown, tmp_path: Path) -> None:
    added(town, photo(tmp_path / "a.jpg"))
    note_photo(town.store, first(town), " 东门入口 ")
    assert [line.note for line in photos_of(town.store, "resource", town["卫生院"])] == ["东门入口"]
    note_photo(town.store, first(town), "")
    assert [line.note for line in photos_of(town.store, "resource", town["卫生院"])] == [""]


def test_a_photo_taken_away_comes_back(town: SmallTown, tmp_path: Path) -> None:
    added(town, photo(tmp_path / "a.jpg"))
    key = first(town)
    remove_photo(town.store, key)
    assert names(town) == []
    with pytest.raises(UserError, match="已经移除"):
        remove_photo(town.store, key)
    undo(town.store)
    assert names(town) == ["a.jpg"]
    assert picture(town.store, photos_of(town.store, "resource", town["卫生院"])[0].picture)


def test_a_record_goes_with_its_photos_and_comes_back_with_them(town: SmallTown, tmp_path: Path) -> None:
    key = town["照料中心"]
    read = read_photos(town.store, "resource", key, [photo(tmp_path / "a.jpg")])
    add_photos(town.store, "resource", key, read.photos)
    records.remove(town.store, "resource", key)
    assert photos_of(town.store, "resource", key) == ()
    undo(town.store)
    assert [line.file_name for line in photos_of(town.store, "resource", key)] == ["a.jpg"]


def test_what_is_given_out_is_small_upright_and_says_nothing_of_the_phone_and_is_logged(
    town: SmallTown, tmp_path: Path
) -> None:
    shot = photo(tmp_path / "IMG_1.jpg", CENTRE, turned=6, size=(3200, 2400))
    assert PHONE.encode() in shot.read_bytes()
    added(town, shot)
    target = tmp_path / "卫生院.jpg"
    assert save_photo(town.store, first(town), target) == target
    content = target.read_bytes()
    assert PHONE.encode() not in content
    assert b"Exif" not in content
    with Image.open(io.BytesIO(content)) as given:
        assert given.size == (1200, 1600)
        assert not given.getexif()
        assert not {"exif", "icc_profile", "comment", "photoshop"} & set(given.info)
    with town.store.reading() as session:
        entries = session.scalars(select(AuditEntry.action).where(AuditEntry.record == "resource")).all()
    assert "export" in entries
    assert "另存为“卫生院.jpg”" in history_of(town.store, "resource", town["卫生院"])[0].sentence


def test_a_photo_that_cannot_be_written_is_not_logged_as_given_out(town: SmallTown, tmp_path: Path) -> None:
    added(town, photo(tmp_path / "a.jpg"))
    with pytest.raises(UserError):
        save_photo(town.store, first(town), tmp_path / "不在" / "a.jpg")
    assert "另存为" not in history_of(town.store, "resource", town["卫生院"])[0].sentence
