"""`fieldsheet`: sheets to be drawn on, printed, listed and taken back without the window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication

from stationdesk.cli import REFUSED
from stationdesk.services.basemaps import bases_of
from stationdesk.services.stations import open_station
from tests.desk_station import add, new_station
from tests.pdf_pages import drawn_on
from tests.phone_files import seen_askew

QUAD = ((260.0, 180.0), (2130.0, 240.0), (2290.0, 2980.0), (90.0, 2900.0))
SIZE = (2400, 3200)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A closed station with a village that has a place."""
    store = new_station(tmp_path / "站")
    add(store, "village", name="东岗村", code="999999100201", latitude=38.31, longitude=102.62)
    store.close()
    return tmp_path / "站"


def run(root: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """A process of its own, as in a script: the web engine is begun once in a process."""
    return subprocess.run(
        [sys.executable, "-m", "stationdesk", "fieldsheet", "--station", str(root), *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str], words: str) -> bool:
    """Whether it was refused in one sentence that holds these words."""
    lines = [line for line in done.stderr.splitlines() if words in line]
    return done.returncode == REFUSED and len(lines) == 1


def test_a_sheet_goes_out_and_comes_back(root: Path, tmp_path: Path, qapp: QApplication) -> None:
    assert "还没有打印过走访图" in run(root, "list").stdout
    out = tmp_path / "走访.pdf"
    done = run(root, "print", "--area", "999999100201", "--out", out)
    assert done.returncode == 0, done.stderr
    assert "走访图 Z-0001，2 页" in done.stdout
    assert "Z-0001\t东岗村\t" in run(root, "list").stdout
    assert "还在外面" in run(root, "list").stdout
    shot = tmp_path / "IMG_1.jpg"
    seen_askew(drawn_on(out, (100.0, 150.0)), QUAD, SIZE).save(shot, "JPEG", quality=90)
    back = run(root, "back", shot)
    assert back.returncode == 0, back.stderr
    assert "走访图 Z-0001 已铺在地图下面（看清 4 个角标" in back.stdout
    assert "还在外面" not in run(root, "list").stdout
    store = open_station(root)
    assert [base.name for base in bases_of(store)] == ["Z-0001 东岗村"]
    store.close()


@pytest.mark.parametrize(("paper", "millimetres"), [("8k", [368, 260]), ("A5", [210, 148])])
def test_the_paper_is_what_was_asked_for(
    root: Path, tmp_path: Path, paper: str, millimetres: list[int]
) -> None:
    out = tmp_path / "走访.pdf"
    done = run(root, "print", "--paper", paper, "--landscape", "--no-list", "--out", out)
    assert done.returncode == 0, done.stderr
    pages = PdfReader(out).pages
    assert len(pages) == 1
    box = pages[0].mediabox
    assert [round(float(each) / 72 * 25.4) for each in (box.width, box.height)] == millimetres


def test_what_is_missing_or_wrong_is_refused_in_one_sentence(root: Path, tmp_path: Path) -> None:
    assert refused(run(root, "print"), "--out")
    assert refused(run(root, "print", "--area", "没有这个村", "--out", tmp_path / "a.pdf"), "没有这个村")
    assert refused(run(root, "back"), "请写明走访图的照片")
    assert refused(run(root, "back", tmp_path / "不在.jpg"), "不在.jpg")
    other = tmp_path / "IMG_2.jpg"
    Image.new("RGB", (1200, 900), "green").save(other)
    assert refused(run(root, "back", other), "IMG_2.jpg")
    assert not (tmp_path / "a.pdf").exists()


def test_a_station_that_knows_no_place_is_told_what_to_do(tmp_path: Path) -> None:
    new_station(tmp_path / "空站").close()
    out = tmp_path / "a.pdf"
    assert refused(run(tmp_path / "空站", "print", "--out", out), "先在地图上标出村居的位置")
    assert not out.exists()
