"""`card` and `slip`: files and visit slips without the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from stationdesk.cli import REFUSED, main
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.proof import read_proof
from tests.services.ledger_town import NAME, Town, known_town

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


@pytest.fixture
def root(tmp_path: Path, qapp: QApplication) -> Path:
    """A closed station."""
    town: Town = known_town(tmp_path)
    town.store.close()
    return tmp_path / NAME


def run(root: Path, *words: str) -> int:
    return main([words[0], "--station", str(root), *words[1:]])


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("card", "--household", "H-001"), "一户一档登记卡"),
        (("card", "--person", "D-002"), "一人一档登记卡（未成年人）"),
        (("slip", "--household", "H-001", "--paper", "A5"), "入户走访单"),
    ],
)
def test_a_file_is_printed(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], text: str
) -> None:
    target = tmp_path / "卡.pdf"
    assert run(root, *words, "--out", str(target)) == 0
    assert "1 张，1 页" in capsys.readouterr().out
    assert plain(text) in plain(read_proof(target)[0].text)
    assert not list(root.glob(".stationdesk-*"))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("card",), "只能一项"),
        (("card", "--household", "H-001", "--person", "D-001"), "只能一项"),
        (("card", "--household", "H-999"), "没有编号是“H-999”"),
        (("card", "--person", "D-003"), "可看限制档案"),
        (("slip", "--village", "没有村"), "没有叫“没有村”"),
        (("slip", "--household", "H-003"), "可看限制档案"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_a_sentence(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], why: str
) -> None:
    target = tmp_path / "卡.pdf"
    assert run(root, *words, "--out", str(target)) == REFUSED
    told = capsys.readouterr().err.strip()
    assert why in told
    assert "\n" not in told
    assert not target.exists()
