"""`field`: the station's own fields without the window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stationdesk.cli import REFUSED, main
from tests.desk_station import new_station


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A closed station."""
    new_station(tmp_path / "站").close()
    return tmp_path / "站"


def run(root: Path, *words: str) -> int:
    return main(["field", "--station", str(root), *words])


def test_a_field_is_added_listed_hidden_and_shown_again(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--kind", "choice", "--option", "低", "--option", "高", "--in", "form,slip", "--guard", "open"]
    assert run(root, "add", "person", "风险", *options) == 0
    assert "人员增加字段“风险”" in capsys.readouterr().out
    assert run(root, "hide", "person", "风险") == 0
    capsys.readouterr()
    assert run(root, "list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "record": "person",
            "label": "风险",
            "kind": "choice",
            "options": ["低", "高"],
            "unit": "",
            "page": "自定义",
            "in": ["form", "slip"],
            "guard": "open",
            "hidden": True,
            "values": 0,
        }
    ]
    assert run(root, "show", "person", "风险") == 0
    capsys.readouterr()
    assert run(root, "list", "person") == 0
    assert "停用" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "worker", "工号"), "不能有自定义字段"),
        (("add", "person"), "请写明"),
        (("add", "person", "姓名"), "程序已有的字段"),
        (("hide", "person", "没有的"), "没有叫“没有的”"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    root: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], why: str
) -> None:
    assert run(root, *words) == REFUSED
    assert why in capsys.readouterr().err
