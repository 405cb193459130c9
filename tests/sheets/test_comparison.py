"""Tables of two sides: every cell as it was told, and a file that lost one is no file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from stationdesk.sheets.checking import LostRows
from stationdesk.sheets.comparison import Tint, TintedSheet, check_tinted, write_tinted
from tests.hostile import STRINGS

SHEET = TintedSheet(
    "内容不同", Tint.BOTH, ("行", "本站", "名册"), (("3", "张山", ""), ("4", "", "李水")), "另有 2 条", (1, 2)
)


def test_every_cell_is_written_and_read_back(tmp_path: Path) -> None:
    hostile = tuple((str(at), text, "") for at, text in enumerate(STRINGS))
    sheets = (SHEET, replace(SHEET, title="要人看", rows=hostile, note=""))

    write_tinted(tmp_path / "a.xlsx", "比对", sheets)
    check_tinted(tmp_path / "a.xlsx", sheets)

    page = load_workbook(tmp_path / "a.xlsx")["内容不同"]
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=2)] == [
        ["行", "本站", "名册"],
        ["3", "张山", None],
        ["4", None, "李水"],
        ["另有 2 条", None, None],
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        replace(SHEET, rows=(("3", "张山", ""), ("4", "", "李木"))),
        replace(SHEET, rows=SHEET.rows[:1]),
        replace(SHEET, rows=(*SHEET.rows, ("5", "", ""))),
        replace(SHEET, title="要人看"),
        replace(SHEET, note=""),
    ],
)
def test_a_file_that_says_something_else_is_refused(tmp_path: Path, wanted: TintedSheet) -> None:
    write_tinted(tmp_path / "a.xlsx", "比对", [SHEET])

    with pytest.raises(LostRows):
        check_tinted(tmp_path / "a.xlsx", [wanted])
