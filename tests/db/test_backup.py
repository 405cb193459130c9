"""Backups: proven when they are made, refused when anything about them is not as it was."""

from __future__ import annotations

import json
import os
import random
import shutil
import stat
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from stationdesk.core.errors import DamagedFile, UserError
from stationdesk.core.progress import Cancelled, Progress
from stationdesk.db.backup import Manifest, make_backup, unpack, verify
from stationdesk.services.listing import Query, count_of
from stationdesk.services.stations import open_station
from stationdesk.services.store import Store
from tests.desk_station import WORKER, add, new_station

PASSWORD = "桃园三组 12 号"


def backed_up(store: Store, target: Path, progress: Progress | None = None) -> Manifest:
    more: dict[str, Any] = {} if progress is None else {"progress": progress}
    return make_backup(
        store.folder, store.key, target, made_at="2026-11-22T08:00:00+00:00", station="站", **more
    )


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a small station with a photo; tests work on copies."""
    folder = Path(tmp_path_factory.mktemp("backup"))
    store = new_station(folder / "站")
    add(store, "village", name="桃园村")
    photo = store.folder.photos / "ab" / "照片.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"\xff\xd8" + bytes(range(256)) * 40)
    (store.folder.root / "settings.json").write_text("{}", "utf-8")
    backed_up(store, folder / "好.stationbackup")
    store.close()
    return folder / "好.stationbackup"


def rewritten(good: Path, target: Path, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> Path:
    """The backup with its manifest and files changed, hashes untouched unless `change` sets them."""
    with zipfile.ZipFile(good) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    change(manifest, files)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        for name, content in files.items():
            archive.writestr(name, content)
    return target


def nothing(_manifest: dict[str, Any], _files: dict[str, bytes]) -> None:
    """Leave it as it is: what `rewritten` makes is then a good backup."""


def test_a_backup_holds_the_database_the_settings_and_the_photos(good: Path, tmp_path: Path) -> None:
    manifest = verify(good)
    assert set(manifest.files) == {"station.db", "settings.json", "photos/ab/照片.jpg"}
    assert manifest.counts["village"] == 1
    assert manifest.audit_entries > 300
    assert not manifest.encrypted
    assert unpack(rewritten(good, tmp_path / "同", nothing), tmp_path / "out") == manifest


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_a_backup_can_be_read_by_its_owner_only(good: Path) -> None:
    assert stat.S_IMODE(good.stat().st_mode) == 0o600


@pytest.mark.parametrize("password", [None, PASSWORD], ids=["plain", "encrypted"])
def test_what_is_unpacked_opens_and_holds_what_was_there(tmp_path: Path, password: str | None) -> None:
    store = new_station(tmp_path / "站", password)
    add(store, "village", name="桃园村")
    manifest = backed_up(store, tmp_path / "b")
    add(store, "village", name="后来的村")
    store.close()
    assert manifest.encrypted is (password is not None)
    assert ("桃园村".encode() in (tmp_path / "b").read_bytes()) is (password is None)
    unpack(tmp_path / "b", tmp_path / "恢复")
    again = open_station(tmp_path / "恢复", WORKER, password)
    assert count_of(again, Query("village")) == 1
    again.close()


class WritesMeanwhile(Progress):
    """Adds a village at every step of the copy, and gives up when there is no end of steps."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.steps = 0

    @override
    def step(self, done: int, total: int) -> None:
        self.steps += 1
        assert self.steps < 200, "the copy begins anew with every commit"
        add(self.store, "village", name=f"后来{self.steps}", note="字" * 20_000)

    @override
    def say(self, sentence: str) -> None: ...


@pytest.mark.parametrize("password", [None, PASSWORD], ids=["plain", "encrypted"])
def test_a_backup_comes_to_its_end_while_others_write_and_shows_one_moment(
    tmp_path: Path, password: str | None
) -> None:
    store = new_station(tmp_path / "站", password)
    for number in range(30):
        add(store, "village", name=f"村{number}", note="字" * 100_000)  # several steps of 500 pages
    meanwhile = WritesMeanwhile(store)
    manifest = backed_up(store, tmp_path / "b", meanwhile)
    assert meanwhile.steps > 2
    assert manifest.counts["village"] == 30
    assert count_of(store, Query("village")) == 30 + meanwhile.steps
    store.close()


class StopsAt(Progress):
    """Cancel at a step."""

    @override
    def step(self, done: int, total: int) -> None:
        raise Cancelled

    @override
    def say(self, sentence: str) -> None: ...


def test_a_backup_that_is_cancelled_leaves_the_old_one_and_nothing_else(tmp_path: Path, good: Path) -> None:
    store = new_station(tmp_path / "站")
    out = tmp_path / "U盘"
    out.mkdir()
    shutil.copy(good, out / "b")
    with pytest.raises(Cancelled):
        backed_up(store, out / "b", StopsAt())
    store.close()
    assert [path.name for path in out.iterdir()] == ["b"]
    assert (out / "b").read_bytes() == good.read_bytes()


def test_a_file_whose_name_windows_cannot_hold_is_named_and_not_left_out(tmp_path: Path) -> None:
    store = new_station(tmp_path / "站")
    (store.folder.maps / "地图:新.png").write_bytes(b"x")
    with pytest.raises(UserError, match="地图:新"):
        backed_up(store, tmp_path / "b")
    assert not (tmp_path / "b").exists()
    store.close()


# Refused


def test_a_truncated_backup_is_refused_wherever_it_was_cut(good: Path, tmp_path: Path) -> None:
    whole = good.read_bytes()
    cut = tmp_path / "cut"
    for length in [0, 1, 100, *range(1000, len(whole), len(whole) // 25), len(whole) - 1]:
        cut.write_bytes(whole[:length])
        with pytest.raises(DamagedFile):
            verify(cut)


def test_a_flipped_bit_is_refused_or_changes_nothing_of_what_is_restored(good: Path, tmp_path: Path) -> None:
    whole = good.read_bytes()
    manifest = verify(good)
    dice = random.Random(1)
    tail = len(whole) - 700  # the directory of the archive, where names, sizes and places are told
    places = [dice.randrange(len(whole)) for _n in range(40)] + [
        dice.randrange(tail, len(whole)) for _n in range(160)
    ]
    flipped = tmp_path / "flipped"
    refused = 0
    for place in places:
        content = bytearray(whole)
        content[place] ^= 1 << dice.randrange(8)
        flipped.write_bytes(content)
        try:
            assert verify(flipped) == manifest, place
        except UserError:
            refused += 1
    assert refused > 100


def escaped(name: str) -> Callable[[dict[str, Any], dict[str, bytes]], None]:
    """Another file under this name, with its right hash in the manifest."""

    def change(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        files[name] = files["photos/ab/照片.jpg"]
        manifest["files"][name] = manifest["files"]["photos/ab/照片.jpg"]

    return change


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "photos/../../x",
        "photos/../station.db-wal",
        "/x",
        "station.db-wal",
        "station.db-journal",
        "lock",
        "backups/b",
        "photos",
        "photos/",
        "photos//x",
        "./photos/x",
        "photos/C:/x",
        "photos\\..\\x",
        "C:\\x",
        "photos/a\nb",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused_before_anything_is_written(
    good: Path, tmp_path: Path, name: str
) -> None:
    evil = rewritten(good, tmp_path / "evil", escaped(name))
    with pytest.raises(DamagedFile):
        unpack(evil, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def _set(**values: Any) -> Callable[[dict[str, Any], dict[str, bytes]], None]:
    return lambda manifest, _files: manifest.update(values)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_set(format=2), id="another format"),
        pytest.param(_set(files=["station.db"]), id="files as a list"),
        pytest.param(_set(files={}), id="no files"),
        pytest.param(_set(counts=3), id="counts as a number"),
        pytest.param(_set(more=1), id="something more"),
        pytest.param(lambda manifest, _files: manifest.pop("schema"), id="something less"),
        pytest.param(lambda _manifest, files: files.update({"photos/x": b"x"}), id="a file nobody told of"),
        pytest.param(lambda _manifest, files: files.pop("settings.json"), id="a file that is missing"),
        pytest.param(
            lambda _manifest, files: files.update({"settings.json": b"[]"}), id="a file that was changed"
        ),
    ],
)
def test_a_backup_that_is_not_what_it_says_is_refused(
    good: Path, tmp_path: Path, change: Callable[[dict[str, Any], dict[str, bytes]], None]
) -> None:
    with pytest.raises(DamagedFile):
        verify(rewritten(good, tmp_path / "odd", change))


def test_a_name_that_stands_twice_is_refused(good: Path, tmp_path: Path) -> None:
    twice = rewritten(good, tmp_path / "twice", nothing)
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("settings.json", "{}")
    with pytest.raises(DamagedFile):
        verify(twice)


@pytest.mark.parametrize("manifest", ["", "[]", "[" * 100_000, "{}", "null", '{"format": 1}'])
def test_an_archive_with_a_strange_manifest_is_refused(tmp_path: Path, manifest: str) -> None:
    with zipfile.ZipFile(tmp_path / "odd", "w") as archive:
        archive.writestr("manifest.json", manifest)
        archive.writestr("station.db", b"x")
    with pytest.raises(DamagedFile):
        verify(tmp_path / "odd")


def test_what_is_no_backup_at_all_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(b"PK\x03\x04")
    with zipfile.ZipFile(tmp_path / "别的.zip", "w") as archive:
        archive.writestr("a", "b")
    for name in ("表.xlsx", "别的.zip"):
        with pytest.raises(DamagedFile, match=name):
            verify(tmp_path / name)
    with pytest.raises(UserError, match="没有找到"):
        verify(tmp_path / "没有")
    with pytest.raises(UserError, match="读不了"):
        verify(tmp_path)


def test_a_damaged_station_is_not_backed_up(tmp_path: Path) -> None:
    store = new_station(tmp_path / "站")
    for number in range(200):
        add(store, "village", name=f"村{number}", note="字" * 500)
    store.checkpoint()
    database = store.folder.database
    content = bytearray(database.read_bytes())
    for page in range(40, len(content) // 4096 - 1, 7):
        content[page * 4096 : page * 4096 + 200] = bytes(200)
    store.close()
    database.write_bytes(content)
    with pytest.raises(DamagedFile):
        make_backup(store.folder, None, tmp_path / "b", made_at="", station="")
    assert not (tmp_path / "b").exists()


def test_the_manifest_says_what_it_holds_in_plain_json(good: Path) -> None:
    with zipfile.ZipFile(good) as archive:
        told = json.loads(archive.read("manifest.json"))
    assert told == asdict(verify(good))
    assert told["station"] == "站"
