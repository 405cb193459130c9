"""`atlas` and `poster`: the book of maps and the large map, without the window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from stationdesk.cli import REFUSED, main
from stationdesk.maps.sheet.proof import read_proof
from tests.services.test_atlas import town
from tests.small_town import small_town


@pytest.fixture
def root(tmp_path: Path, qapp: QApplication) -> Path:
    """A closed station with a few villages on the map."""
    del qapp
    made = small_town(tmp_path)
    town(made.store, 2)
    made.store.close()
    return tmp_path / "柳河站"


def run(root: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """A process of its own, as in a script: the web engine is begun once in a process."""
    return subprocess.run(
        [sys.executable, "-m", "stationdesk", str(words[0]), "--station", str(root), *map(str, words[1:])],
        capture_output=True,
        text=True,
        timeout=180,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def test_an_atlas_is_printed_as_a_booklet(root: Path, tmp_path: Path) -> None:
    book = tmp_path / "册.pdf"
    done = run(root, "atlas", "--paper", "A5", "--booklet", "--draft", "--out", book)
    assert done.returncode == 0, done.stderr
    assert "地图册" in done.stdout
    assert "沿短边翻转" in done.stdout
    assert {round(page.size[0]) for page in read_proof(book)} == {296}


def test_a_poster_of_a_village_is_printed(root: Path, tmp_path: Path) -> None:
    large = tmp_path / "大图.pdf"
    done = run(root, "poster", "--sheets", "2x1", "--area", "甲家村", "--draft", "--out", large)
    assert done.returncode == 0, done.stderr
    assert "2 张 A4 拼成" in done.stdout
    assert len(read_proof(large)) == 3


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("poster", "--sheets", "1x1"), "拼不成"),
        (("poster", "--area", "没有的村"), "没有的村"),
        (("atlas", "--policy", "策-99"), "策-99"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_the_reason(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], why: str
) -> None:
    target = tmp_path / "图.pdf"
    command, *rest = words
    assert main([command, "--station", str(root), *rest, "--out", str(target)]) == REFUSED
    assert why in capsys.readouterr().err
    assert not target.exists()
