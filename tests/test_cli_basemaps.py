"""`basemap`: base maps without the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

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
        (["pin", "a.png"], "请用 --pins 写明"),
        (["sketch", "a.png", "--distances", "nowhere.csv"], "读不了"),
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


def scan(path: Path) -> str:
    Image.new("RGB", (400, 300), "#ddeecc").save(path)
    return str(path)


def test_a_scan_is_pinned_by_a_list_and_the_error_of_each_pin_told(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pins = tmp_path / "钉点.csv"
    lines = [
        f"{x},{y},{114.3 + x * 1e-5 / 0.82},{34.5 - y * 1e-5},点{x}"
        for x, y in ((5, 5), (395, 8), (390, 290))
    ]
    lines.append(f"10,280,{114.3 + 60e-5 / 0.82},{34.5 - 280e-5},学校")
    pins.write_text("\n".join(lines), encoding="utf-8")
    assert run(root, "pin", scan(tmp_path / "a.png"), "--pins", str(pins), "--name", "旧图") == 0
    told = capsys.readouterr().out.splitlines()
    assert told[3].startswith("4\t学校\t")
    assert any("还看不出是哪一个" in each for each in told)
    assert told[-1] == "钉底图 旧图"
    assert run(root, "list") == 0
    assert capsys.readouterr().out.startswith("旧图\t钉点的扫描图或照片")


def test_a_sketch_is_laid_by_paced_lengths(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lengths = tmp_path / "量.csv"
    lengths.write_text("0,0,400,0,500,步\n200,290,200,10,北\n", encoding="utf-8")
    assert run(root, "sketch", scan(tmp_path / "a.png"), "--distances", str(lengths), "--pace", "0.6") == 0
    assert "图宽约 300 米，高约 225 米" in capsys.readouterr().out
    path = str(mbtiles(tmp_path / "a.mbtiles", TILES, told={"attribution": "© OpenStreetMap"}))
    assert run(root, "add", path) == REFUSED
    assert "这张图是示意图，没有真实坐标" in capsys.readouterr().err
