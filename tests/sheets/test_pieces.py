"""Where openpyxl puts what a workbook is made of."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from stationdesk.sheets.pieces import save_whole, streamed


def test_a_workbook_held_as_a_whole_puts_no_piece_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no such folder"))
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = "甲"
    sheet["A2"].comment = Comment("乙", "丙")
    book.create_sheet("第二张")["B2"] = 3
    save_whole(book, tmp_path / "a.xlsx")
    again = load_workbook(tmp_path / "a.xlsx")
    assert again.sheetnames == ["Sheet", "第二张"]
    assert (again["Sheet"]["A1"].value, again["第二张"]["B2"].value) == ("甲", 3)
    assert again["Sheet"]["A2"].comment.text == "乙"


def test_a_workbook_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    def begin() -> None:
        with streamed(tmp_path / "a.xlsx.part") as book:
            book.create_sheet("表").append(["甲"])
            assert [each.suffix for each in tmp_path.rglob("*.xml")] == [".xml"]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin()
    assert not list(tmp_path.iterdir())


def test_an_empty_sheet_is_saved(tmp_path: Path) -> None:
    with streamed(tmp_path / "a.part") as book:
        book.create_sheet("空")
        book.create_sheet("表").append(["甲"])
        book.save(tmp_path / "a.part")
    with (tmp_path / "a.part").open("rb") as file:
        assert load_workbook(file).sheetnames == ["空", "表"]
