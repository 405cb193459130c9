"""Merged, repeated and hidden things of .ods files."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.cells import Merge
from stationdesk.sheets.reading.open_document import merges_in
from stationdesk.sheets.reading.workbook import read_workbook
from tests.sheets.reading.making import ods, ods_cell

COVERED = "<table:covered-table-cell/>"


def table(*rows: str, name: str = "名单", attributes: str = "") -> str:
    return f'<table:table table:name="{name}" {attributes}>{"".join(rows)}</table:table>'


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def test_merged_cells_are_told_behind_repeated_rows_and_cells(tmp_path: Path) -> None:
    path = ods(
        tmp_path / "名单.ods",
        table(
            row(ods_cell("花名册"), attributes='table:number-rows-repeated="2"'),
            row(
                '<table:table-cell table:number-columns-repeated="2"/>',
                ods_cell("备注", 'table:number-columns-spanned="2"'),
                COVERED,
            ),
            row(
                ods_cell("村", 'table:number-rows-spanned="2"'),
                ods_cell("联系", 'table:number-columns-spanned="2"'),
            ),
            row(COVERED, ods_cell("电话"), ods_cell("微信")),
        ),
    )
    (sheet,) = read_workbook(path).sheets
    assert sheet.rows == (
        *(("花名册",), ("花名册",), (None, None, "备注")),
        *(("村", "联系"), (None, "电话", "微信")),
    )
    assert sheet.merges == (Merge(2, 2, 2, 3), Merge(3, 0, 4, 0), Merge(3, 1, 3, 2))


def test_a_real_date_and_a_hidden_sheet(tmp_path: Path) -> None:
    day = '<table:table-cell office:value-type="date" office:date-value="1990-05-03"/>'
    path = ods(
        tmp_path / "名单.ods",
        table(row(ods_cell("生日"), day))
        + table(row(ods_cell("藏")), name="藏", attributes='table:style-name="h"'),
        '<style:style style:name="h" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>',
    )
    shown, hidden = read_workbook(path).sheets
    assert shown.rows == (("生日", date(1990, 5, 3)),)
    assert not shown.hidden
    assert hidden.hidden
    assert hidden.rows == (("藏",),)


@pytest.mark.parametrize(
    "content",
    [
        table(row(ods_cell("x"), attributes='table:number-rows-repeated="1000000000"')),
        table(
            row(
                '<table:table-cell table:number-columns-repeated="16383"/>',
                ods_cell("x"),
                attributes='table:number-rows-repeated="1048576"',
            )
        ),
    ],
)
def test_repetition_without_measure_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(UserError):
        read_workbook(ods(tmp_path / "炸.ods", content))


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    content = table(row(ods_cell("&b;", 'table:number-rows-spanned="2"')))
    path = ods(tmp_path / "炸.ods", content, prolog='<!DOCTYPE a [<!ENTITY b "x">]>')
    with pytest.raises(UserError, match="已损坏"), zipfile.ZipFile(path) as package:
        merges_in(package)
    with pytest.raises(UserError, match="已损坏"):
        read_workbook(path)
