"""Backing up, restoring without losing what was there, and looking a station through."""

from __future__ import annotations

import json
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import sqlcipher3

from stationdesk.core.changes import created
from stationdesk.core.clock import FixedClock
from stationdesk.core.errors import AlreadyOpen, DamagedFile, NewerFile, UserError
from stationdesk.core.vocab import Dimension, MapClass
from stationdesk.db.kept import keep
from stationdesk.services import records, safety
from stationdesk.services.listing import Query, count_of
from stationdesk.services.search import search
from stationdesk.services.stations import open_station
from stationdesk.services.store import Store
from tests.desk_station import TODAY, WORKER, add, new_station, read
from tests.services.desk_town import village

PASSWORD = "桃园三组 12 号"
CLOCK = FixedClock.on(TODAY)


def villages(root: Path, password: str | None = None) -> int:
    store = open_station(root, WORKER, password, CLOCK)
    count = count_of(store, Query("village"))
    store.close()
    return count


def picture(root: Path) -> dict[str, bytes]:
    """Every file below a folder but the lock, with its content."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


@pytest.fixture
def closed(tmp_path: Path) -> tuple[Path, Path]:
    """A closed station of two villages, and a backup of it from when there was one."""
    root, saved = tmp_path / "站", tmp_path / "U盘.stationbackup"
    store = new_station(root)
    village(store, "甲村")
    safety.backup(store, saved)
    village(store, "乙村")
    store.close()
    return root, saved


# Backing up


def test_the_program_keeps_its_own_backups_and_leaves_other_files_there(store: Store) -> None:
    (store.folder.backups / "我的备份.stationbackup").write_bytes(b"x")
    made = []
    for hour in range(safety.KEPT + 2):
        store.clock = FixedClock(CLOCK.now() + timedelta(hours=hour))
        made.append(safety.backup_here(store).name)
    own = sorted(path.name for path in store.folder.backups.glob("2*"))
    assert own == made[-safety.KEPT :]
    assert (store.folder.backups / "我的备份.stationbackup").is_file()


def test_a_backup_on_a_stick_takes_none_of_the_stations_own(store: Store, tmp_path: Path) -> None:
    for hour in range(safety.KEPT):
        store.clock = FixedClock(CLOCK.now() + timedelta(hours=hour))
        safety.backup_here(store)
    safety.backup(store, tmp_path / "b")
    assert len(list(store.folder.backups.iterdir())) == safety.KEPT


def test_a_backup_is_noted_and_told_as_the_last_one(store: Store, tmp_path: Path) -> None:
    assert safety.last_backup(store) is None
    _path, manifest = safety.backup(store, tmp_path / "b")
    assert manifest.station == "柳河镇社工站"
    assert safety.last_backup(store) == CLOCK.now()


def test_a_backup_is_made_when_it_is_due_and_not_before(store: Store) -> None:
    assert safety.backup_if_due(store, timedelta(days=1)) is not None
    assert safety.backup_if_due(store, timedelta(days=1)) is None
    store.clock = FixedClock(CLOCK.now() + timedelta(days=1))
    assert safety.backup_if_due(store, timedelta(days=1)) is not None


@pytest.mark.parametrize("name", ["", "没有/b"])
def test_a_backup_that_cannot_be_written_is_refused_and_not_noted(
    store: Store, tmp_path: Path, name: str
) -> None:
    with pytest.raises(UserError):
        safety.backup(store, tmp_path / name)
    assert safety.last_backup(store) is None


# Restoring


@pytest.mark.parametrize("password", [None, PASSWORD], ids=["plain", "encrypted"])
def test_a_restored_station_is_as_it_was_and_the_former_one_is_kept(
    tmp_path: Path, password: str | None
) -> None:
    root = tmp_path / "站"
    store = new_station(root, password)
    village(store, "甲村")
    saved, manifest = safety.backup(store)
    village(store, "乙村")
    (store.folder.exports / "台账.xlsx").write_bytes(b"x")
    store.close()
    former, told = safety.restore(root, saved)
    assert told == manifest
    assert former == tmp_path / "站.before-restore-1"
    assert (villages(root, password), villages(former, password)) == (1, 2)
    assert (root / "backups" / saved.name).is_file()  # what the station had saved stays with it
    assert (root / "exports" / "台账.xlsx").is_file()
    again, _told = safety.restore(root, root / "backups" / saved.name)
    assert again == tmp_path / "站.before-restore-2"
    assert {path.name for path in tmp_path.iterdir()} == {"站", "站.before-restore-1", "站.before-restore-2"}


def test_a_restored_station_passes_its_check(closed: tuple[Path, Path]) -> None:
    root, saved = closed
    safety.restore(root, saved)
    store = open_station(root, clock=CLOCK)
    assert [each.sentence for each in safety.check(store) if not each.is_good] == []
    store.close()


def test_a_backup_is_restored_where_no_station_is(closed: tuple[Path, Path], tmp_path: Path) -> None:
    for name in ("新", "新的/里面", "空"):
        (tmp_path / "空").mkdir(exist_ok=True)
        (tmp_path / name).parent.mkdir(exist_ok=True)
        former, _manifest = safety.restore(tmp_path / name, closed[1])
        assert former is None
        assert villages(tmp_path / name) == 1


def test_a_station_named_by_a_dot_is_restored(
    closed: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(closed[0])
    safety.restore(Path(), closed[1])
    monkeypatch.chdir(closed[0].parent)
    assert villages(closed[0]) == 1


def test_a_folder_with_other_things_is_not_restored_into(closed: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "文档").mkdir()
    (tmp_path / "文档" / "信.txt").write_text("x", "utf-8")
    with pytest.raises(UserError, match="已有别的文件"):
        safety.restore(tmp_path / "文档", closed[1])
    assert picture(tmp_path / "文档") == {"信.txt": b"x"}
    assert not list(tmp_path.glob(".*"))


def test_an_open_station_is_not_restored_over(closed: tuple[Path, Path]) -> None:
    root, saved = closed
    store = open_station(root, clock=CLOCK)
    with pytest.raises(AlreadyOpen):
        safety.restore(root, saved)
    assert count_of(store, Query("village")) == 2
    store.close()
    assert not list(root.parent.glob(".*"))


@pytest.mark.parametrize("damage", ["flipped", "truncated", "empty", "foreign", "climbing", "newer", "gone"])
def test_what_is_no_good_backup_changes_nothing(closed: tuple[Path, Path], damage: str) -> None:
    root, saved = closed
    before = picture(root.parent)
    whole = saved.read_bytes()
    bad = root.parent / "坏"
    if damage == "flipped":
        content = bytearray(whole)
        content[len(content) // 2] ^= 1
        bad.write_bytes(content)
    elif damage == "truncated":
        bad.write_bytes(whole[:-100])
    elif damage == "empty":
        bad.write_bytes(b"")
    elif damage == "foreign":
        with zipfile.ZipFile(bad, "w") as archive:
            archive.writestr("station.db", b"SQLite format 3\0")
    elif damage in {"climbing", "newer"}:
        _remade(saved, bad, climbing=damage == "climbing")
    expected = {"newer": NewerFile, "gone": UserError}.get(damage, DamagedFile)
    with pytest.raises(expected):
        safety.restore(root, bad)
    bad.unlink(missing_ok=True)
    assert picture(root.parent) == before
    assert villages(root) == 2


def _remade(saved: Path, bad: Path, *, climbing: bool) -> None:
    with zipfile.ZipFile(saved) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    if climbing:
        files["../外面"] = files["station.db"]
        manifest["files"]["../外面"] = manifest["files"]["station.db"]
    else:
        manifest["schema"] = "9999"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        for name, content in files.items():
            archive.writestr(name, content)


def test_a_station_comes_back_when_the_new_one_cannot_be_moved_in(
    closed: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, saved = closed
    rename = Path.rename

    def refuses(path: Path, target: Path) -> Path:
        if path.name.endswith(".restored"):
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuses)
    with pytest.raises(UserError, match="没有改动"):
        safety.restore(root, saved)
    monkeypatch.undo()
    assert villages(root) == 2
    assert {path.name for path in root.parent.iterdir()} == {"站", "U盘.stationbackup"}


def test_what_a_restore_that_was_cut_off_left_is_cleared(closed: tuple[Path, Path]) -> None:
    root, saved = closed
    left = root.parent / ".站.restored"
    left.mkdir()
    (left / "station.db").write_bytes(b"half")
    safety.restore(root, saved)
    assert villages(root) == 1
    assert not left.exists()


# Looking it through


def broken(store: Store) -> list[str]:
    return [each.name for each in safety.check(store) if not each.is_good]


def test_a_station_in_order_passes_every_part(store: Store) -> None:
    village(store)
    assert broken(store) == []
    assert len(safety.check(store)) == 5


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        ("UPDATE household SET village_key = 'nowhere'", "记录之间的联系"),
        ("UPDATE audit_entry SET actor = '别人' WHERE seq = 2", "操作记录"),
    ],
)
def test_each_part_finds_its_own_damage(store: Store, statement: str, part: str) -> None:
    add(store, "household", village_key=village(store))
    root = store.folder.root
    store.close()
    _raw(root, statement)
    again = open_station(root, clock=CLOCK)
    assert broken(again) == [part]
    again.close()


@pytest.mark.parametrize(
    "statement", ["DELETE FROM search_document", "UPDATE search_document SET text = 'x' WHERE id = 1"]
)
def test_a_search_index_that_disagrees_is_made_anew_and_told(store: Store, statement: str) -> None:
    key = village(store)
    root = store.folder.root
    store.close()
    _raw(root, statement)
    again = open_station(root, clock=CLOCK)
    told = {each.name: each.sentence for each in safety.check(again)}
    assert told["查找索引"].endswith("已重建")
    assert {each.name: each.sentence for each in safety.check(again)}["查找索引"] == "齐全"
    assert key in {hit.key for hit in search(again, read(again, "village", key)["name"])}
    again.close()


def _raw(root: Path, statement: str) -> None:
    """Past every guard, as a disk or a hex editor would."""
    connection = sqlcipher3.dbapi2.connect(str(root / "station.db"), isolation_level=None)
    connection.execute(statement)
    connection.close()


def test_a_photo_that_is_missing_is_found(store: Store) -> None:
    home = add(store, "household")
    photo = store.folder.photos / "a.jpg"
    photo.write_bytes(b"x")
    told = {"record": "household", "record_key": home, "path": "photos/a.jpg", "name": "a.jpg"}
    values = {**records.blank_of(store, "attachment"), **told, "sha256": "0" * 64, "size": 1}
    records.save(store, created("attachment", values))
    assert broken(store) == []
    photo.unlink()
    assert broken(store) == ["照片和附件"]


def test_a_photo_kept_in_the_file_that_is_missing_is_found(store: Store) -> None:
    place = add(store, "resource", name="老井亭", dimension=Dimension.SPACE, map_class=MapClass.CULTURE)
    with store.writing("试") as work:
        kept = keep(work.connection, b"picture")
        told = {"record": "resource", "record_key": place, "file_name": "a.jpg", "source": "0" * 64}
        work.write(
            [
                created(
                    "photo", {**records.blank_of(store, "photo"), **told, "picture": kept, "thumbnail": kept}
                )
            ]
        )
        work.done()
    assert broken(store) == []
    root = store.folder.root
    store.close()
    _raw(root, "DELETE FROM kept_file")
    again = open_station(root)
    try:
        assert broken(again) == ["照片和附件"]
    finally:
        again.close()


def test_a_file_that_is_damaged_through_and_through_is_reported_and_not_a_crash(tmp_path: Path) -> None:
    store = new_station(tmp_path / "站")
    for number in range(150):
        village(store, f"村{number}", note="字" * 500)
    store.close()
    path = tmp_path / "站" / "station.db"
    content = bytearray(path.read_bytes())
    for page in range(
        len(content) // 8192, len(content) // 4096 - 1
    ):  # behind the schema, which opening reads
        content[page * 4096 : page * 4096 + 300] = os.urandom(300)
    path.write_bytes(content)
    store = open_station(tmp_path / "站", clock=CLOCK)
    assert "数据文件" in broken(store)
    store.close()
