"""Blank forms in the old format: what is carried over, and what is said to be lost."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import xlwt
from openpyxl import load_workbook

from stationdesk.core.errors import UserError
from stationdesk.sheets.template.old import converted
from tests import forms


def test_looks_and_page_of_an_old_form_are_carried_over(tmp_path: Path) -> None:
    content, remarks = converted(forms.figures_xls(tmp_path / "月报.xls").read_bytes())
    sheet: Any = load_workbook(io.BytesIO(content))["月报表"]
    assert sheet["A1"].value == "乡镇（街道）社工站工作统计月报表"
    assert "A1:G1" in map(str, sheet.merged_cells.ranges)
    assert (sheet["A1"].font.name, sheet["A1"].font.size, sheet["A1"].font.b) == ("黑体", 18, True)
    assert sheet["A3"].fill.fill_type == "solid"
    assert sheet["B4"].border.left.style == "thin"
    assert sheet["D13"].number_format == "#,##0.00"
    assert sheet.column_dimensions["B"].width == 22
    assert sheet.row_dimensions[1].height == 40
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert not any(remark.lost for remark in remarks)


def test_formulas_of_an_old_form_are_left_blank_and_named(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write(0, 0, "=姓名")
    sheet.write(0, 1, xlwt.Formula("SUM(A2:A5)"))
    book.save(str(tmp_path / "表.xls"))
    content, remarks = converted((tmp_path / "表.xls").read_bytes())
    fresh: Any = load_workbook(io.BytesIO(content))["表"]
    assert (fresh["A1"].value, fresh["A1"].data_type) == ("=姓名", "s")
    assert fresh["B1"].value is None
    assert remarks[0].lost
    assert "B1" in remarks[0].sentence


@pytest.mark.parametrize(
    "content",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
        b"\x09\x08\x10\x00",
    ],
    ids=["damaged", "macros", "word", "torn"],
)
def test_what_is_no_old_form_is_refused(content: bytes) -> None:
    with pytest.raises(UserError):
        converted(content)
