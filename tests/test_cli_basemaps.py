"""`basemap`: base maps without the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from stationdesk.cli import REFUSED, main
from tests.desk_station import new_station
from tests.tile_files import TOWN, mbtiles, tiles_around

TILES = tiles_around(TOWN, (12,), 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A closed station."""
    new_station(tmp_path / "站").close()
    return tmp_path / "站"


def run(root: Path, *words: str) -> int:
    return main(["basemap", "--station", str(root), *words])


def test_a_base_map_is_added_listed_and_removed(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(mbtiles(tmp_path / "a.mbtiles", TILES, told={"name": "县影像"}))
    assert run(root, "look", path) == 0
    assert "级别：12—12" in capsys.readouterr().out
    assert run(root, "add", path, "--datum", "gcj02", "--name", "高德影像") == 0
    assert "加入底图 高德影像" in capsys.readouterr().out
    assert run(root, "list") == 0
    assert capsys.readouterr().out.split("\t")[:4] == [
        "高德影像",
        "MBTiles 图片瓦片",
        "GCJ-02（高德、腾讯）",
        "12—12",
    ]
    assert run(root, "remove", "高德影像") == 0
    capsys.readouterr()
    assert run(root, "list") == 0
    assert "另有 1 个已移除底图的文件" in capsys.readouterr().out
    assert run(root, "forget") == 0
    assert run(root, "list") == 0
    assert capsys.readouterr().out.endswith("没有底图\n")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["add", "nowhere.mbtiles"], "读不了"),
        (["add"], "请写明底图文件"),
        (["remove", "没有的"], "没有（或不止一张）"),
    ],
)
def test_a_refusal_is_one_sentence_and_status_2(
    root: Path, words: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, *words) == REFUSED
    told = capsys.readouterr().err
    assert reason in told
    assert len(told.strip().splitlines()) == 1


def test_without_a_datum_the_file_is_not_taken(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "add", str(mbtiles(tmp_path / "a.mbtiles", TILES))) == REFUSED
    assert "没有写明坐标系" in capsys.readouterr().err
    assert list((root / "maps").iterdir()) == []
