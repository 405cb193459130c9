"""A station is one folder, and a place where it cannot work is refused at once."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from stationdesk.core.errors import UserError
from stationdesk.core.lock import FolderLock
from stationdesk.core.paths import (
    StationFolder,
    check_path_length,
    default_station_place,
    program_settings_folder,
)


def test_everything_of_a_station_lies_in_its_folder(tmp_path: Path) -> None:
    station = StationFolder(tmp_path / "桃花镇 社工站")
    station.create()
    named = [station.database, station.keys, station.settings, station.lock, station.photos, station.papers,
             station.maps, station.backups, station.exports, station.quarantine, station.logs,
             station.log_file]  # fmt: skip
    assert len(set(named)) == len(named)
    assert all(path.is_relative_to(station.root) for path in named)
    assert station.photos.is_dir()
    assert station.relative(station.photos / "ab" / "x.jpg") == "photos/ab/x.jpg"
    assert not station.is_station
    station.database.touch()
    assert station.is_station


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_only_the_owner_may_look_into_a_station(tmp_path: Path) -> None:
    station = StationFolder(tmp_path / "s")
    station.create()
    assert stat.S_IMODE(station.root.stat().st_mode) == 0o700


def test_making_a_station_again_does_no_harm(tmp_path: Path) -> None:
    station = StationFolder(tmp_path)
    station.create()
    with FolderLock(station.root):
        station.create()
    station.database.touch()
    (station.root / "别的.txt").touch()
    station.create()
    assert station.is_station


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "论文.docx").touch()
    with pytest.raises(UserError, match="空文件夹"):
        StationFolder(tmp_path).create()
    assert [path.name for path in tmp_path.iterdir()] == ["论文.docx"]
    with pytest.raises(UserError, match="是一个文件"):
        StationFolder(tmp_path / "论文.docx").create()


def test_a_path_that_is_too_long_is_refused_and_named(tmp_path: Path) -> None:
    deep = tmp_path / ("社" * 70) / ("工" * 70) / "站"
    with pytest.raises(UserError, match="路径太长") as refused:
        StationFolder(deep).create()
    assert str(deep) in str(refused.value)
    assert not deep.parent.parent.exists()
    check_path_length(tmp_path / ("社" * 60))


def test_proposed_places_are_under_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("APPDATA", raising=False)
    assert default_station_place().parent == tmp_path
    assert program_settings_folder().is_relative_to(tmp_path)
