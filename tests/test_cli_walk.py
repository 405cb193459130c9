"""`walk`: photos and tracks become drafts without the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from stationdesk.cli import REFUSED, main
from tests.desk_station import new_station
from tests.phone_files import gpx, photo


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A closed station."""
    new_station(tmp_path / "站").close()
    return tmp_path / "站"


def run(root: Path, *words: str) -> int:
    return main(["walk", "--station", str(root), *words])


def test_a_walk_is_taken_in(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shot = str(photo(tmp_path / "a.jpg", (34.5, 114.3)))
    track = str(gpx(tmp_path / "w.gpx", [], [(34.52, 114.3, "村口小卖部")]))
    assert run(root, shot, track, "--look") == 0
    assert "照片 1 张，地点 2 处" in capsys.readouterr().out
    assert run(root, shot, track, "--name", "桃园村行走") == 0
    out = capsys.readouterr().out
    assert "社区行走 桃园村行走" in out
    assert "新增 2 个资源草稿。" in out
    assert run(root, shot, "--look") == 0
    assert "以前收入过 1 张" in capsys.readouterr().out


def test_a_track_without_marked_places_is_told_by_its_length(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = [(34.50, 114.30, ""), (34.51, 114.30, "")]
    assert run(root, str(gpx(tmp_path / "w.gpx", [course])), "--look") == 0
    assert "轨迹 1.1 公里" in capsys.readouterr().out
    assert run(root, str(gpx(tmp_path / "p.gpx", [], [(34.52, 114.3, "村口小卖部")])), "--look") == 0
    assert "公里" not in capsys.readouterr().out


def test_files_none_of_which_can_be_read_are_refused(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note = tmp_path / "说明.txt"
    note.write_text("记录", encoding="utf-8")
    assert run(root, str(note), "--look") == REFUSED
    assert "说明.txt：不是照片" in capsys.readouterr().out
    assert run(root, str(note)) == REFUSED
    told = capsys.readouterr()
    assert "说明.txt：不是照片" in told.out
    assert told.err.count("\n") == 1
    assert "什么也没有收入" in told.err
