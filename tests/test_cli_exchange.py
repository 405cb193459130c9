"""Open formats and comparisons without the window: what is written, said and refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from stationdesk.cli import REFUSED, main
from stationdesk.cli_exchange import FORMATS, KINDS
from stationdesk.services.exchange import Format
from stationdesk.services.imports import ImportKind
from stationdesk.services.store import Store
from tests.desk_station import new_station
from tests.services.desk_town import household, person, resource, village


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A closed station with two resources and two people."""
    store: Store = new_station(tmp_path / "站")
    here = village(store, "桃园村")
    resource(store, "镇卫生院", village_key=here, latitude=29.98, longitude=109.48)
    resource(store, "送药队")
    for name in ("张山", "李水"):
        person(store, name, household(store, village_key=here, address=f"{name}家"))
    store.close()
    return tmp_path / "站"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """What the county keeps."""
    path = tmp_path / "县平台导出.csv"
    path.write_text(
        "姓名,村居,地址,联系电话\n张山,桃园村,张山家,0718-6820001\n吴火,桃园村,吴火家,\n", encoding="gbk"
    )
    return path


def test_the_commands_know_every_format_and_kind() -> None:
    assert set(FORMATS) == {each.value for each in Format}
    assert set(KINDS) == {each.value for each in ImportKind}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written(
    root: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / f"目录{Format.of(form).suffix}"

    assert main(["export", "--station", str(root), "--as", form, "--out", str(target)]) == 0

    assert target.stat().st_size > 0
    assert "其中 1 条有位置" in capsys.readouterr().out


def test_one_village_is_exported(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "目录.geojson"

    main(["export", "--station", str(root), "--as", "geojson", "--out", str(target), "--village", "桃园"])

    found = json.loads(target.read_text(encoding="utf-8"))["features"]
    assert [each["properties"]["资源名称"] for each in found] == ["镇卫生院"]


def test_what_was_exported_comes_in_again_and_brings_nothing(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "目录.geojson"
    main(["export", "--station", str(root), "--as", "geojson", "--out", str(target), "--for", "internal"])

    assert main(["import", "--station", str(root), str(target), "--as", "resources"]) == 0

    said = capsys.readouterr().out
    assert "已有，相同：2 行" in said
    assert "写入 0 条" in said


def test_a_comparison_is_told_both_ways(root: Path, roster: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--station", str(root), str(roster), "--kind", "people"]) == 0

    said = capsys.readouterr().out
    assert "联系电话 本站“”，名册“0718-6820001”" in said
    assert "只在名册里：1 行\n  第 3 行 吴火" in said
    assert "只在本站：1 条\n" in said


def test_a_comparison_is_told_as_json_and_saved(
    root: Path, roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "比对.xlsx"

    main(["compare", "--station", str(root), str(roster), "--json", "--out", str(target)])

    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["rows"], found["same"]) == ("people", 2, 0)
    assert [len(found[group]) for group in ("different", "only_there", "only_here")] == [1, 1, 1]
    assert load_workbook(target).sheetnames == ["只在名册里", "只在本站", "内容不同"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["export", "--as", "hsds", "--kind", "villages", "--out", "out.json"], "只能放资源"),
        (["export", "--as", "gpx", "--village", "没有村", "--out", "out.gpx"], "没有叫“没有村”的村居"),
        (["export", "--as", "csv", "--out", "无/out.csv"], "不存在"),
        (["compare", "没有.csv"], "找不到文件"),
        (["compare", "名册", "--village", "没有村"], "没有叫“没有村”的村居"),
        (["compare", "名册", "--category", "没有类"], "没有叫“没有类”的对象类别"),
    ],
)
def test_a_refusal_is_one_sentence_and_status_2(
    root: Path,
    roster: Path,
    tmp_path: Path,
    words: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [str(roster) if word == "名册" else word for word in words]

    assert main([given[0], "--station", str(root), *given[1:]]) == REFUSED

    told = capsys.readouterr().err.strip()
    assert sentence in told
    assert "\n" not in told
