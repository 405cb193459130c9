"""The county's own forms without the window: taught, corrected, filled, refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from stationdesk.cli import REFUSED, main
from stationdesk.services.templates import propose, save_template
from tests import forms
from tests.services.ledger_town import known_town


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A closed station with a kept template."""
    town = known_town(tmp_path)
    save_template(
        town.store, propose(town.store, forms.flat_list(tmp_path / "民政.xlsx", 2)).taught("民政花名册")
    )
    town.store.close()
    return tmp_path / "石桥站"


def run(root: Path, *words: str | Path) -> int:
    return main([str(words[0]), "--station", str(root), *map(str, words[1:])])


@pytest.mark.parametrize(
    ("form", "make"),
    [
        ("名册.xlsx", forms.flat_list),
        ("走访.xlsx", forms.three_levels),
        ("卡片.xlsx", forms.person_card),
        ("月报.xls", forms.figures_xls),
        ("登记.docx", forms.word_card),
    ],
)
def test_four_forms_of_a_county_and_a_word_card_are_taught_and_filled(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, make: object
) -> None:
    assert callable(make)
    make(tmp_path / form)
    template, out = (
        tmp_path / "模板.sdform",
        tmp_path / f"填好{'.docx' if form.endswith('docx') else '.xlsx'}",
    )
    assert run(root, "template", tmp_path / form, "--out", template) == 0
    assert "0 处要您来定" in capsys.readouterr().out
    assert run(root, "fill", template, "2026-10", "--out", out) == 0
    assert "已保存" in capsys.readouterr().out
    assert out.stat().st_size > 1000


def test_a_kept_template_is_filled_by_its_name_and_for_some_only(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "填.xlsx"
    assert (
        run(root, "fill", "民政花名册", "2026-10", "--out", out, "--age", "60-", "--village", "石桥村") == 0
    )
    sheet = load_workbook(out).worksheets[0]
    assert [sheet["B4"].value, sheet["B5"].value] == ["王秀兰", None]
    assert run(root, "fill", "民政花名册", "2026-10", "--out", out, "--for", "report") == 0
    assert load_workbook(out).worksheets[0]["B4"].value == "王*"


def test_a_guess_is_corrected_on_the_command_line(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forms.flat_list(tmp_path / "名册.xlsx", 2)
    template, out = tmp_path / "模板.sdform", tmp_path / "填.xlsx"
    words = ("--set", "K=household.code", "--set", "B=", "--set", "A2=", "--name", "改过的")
    assert run(root, "template", tmp_path / "名册.xlsx", "--out", template, *words) == 0
    assert run(root, "fill", template, "2026-10", "--out", out) == 0
    sheet = load_workbook(out).worksheets[0]
    assert (sheet["B4"].value, sheet["K4"].value) == (None, "H-001")
    assert "household.code" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ("fill", "没有的模板", "2026-10"),
        ("fill", "民政花名册", "十月"),
        ("fill", "民政花名册", "2026-10", "--category", "没有的类别"),
        ("fill", "民政花名册", "2026-10", "--village", "没有的村"),
        ("fill", "民政花名册", "2026-10", "--override", "好"),
        ("template", "没有.xlsx"),
        ("template", "民政.xlsx", "--set", "B=no.such"),
        ("template", "民政.xlsx", "--set", "ZZ=person.name"),
    ],
)
def test_a_refusal_is_one_sentence_and_leaves_nothing(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    given = [str(tmp_path / word) if word.endswith(".xlsx") else word for word in words]
    assert run(root, *given, "--out", tmp_path / "出.xlsx") == REFUSED
    told = capsys.readouterr().err.strip()
    assert told
    assert "\n" not in told
    assert not (tmp_path / "出.xlsx").exists()
