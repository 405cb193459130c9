"""One list printed in several columns beside one another."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from stationdesk.sheets.reading.records import SideRow, sheet_row
from stationdesk.sheets.reading.sides import put_together
from stationdesk.sheets.reading.tables import SheetTable, find_tables
from tests.sheets.reading.making import Rows, sheet


def found(rows: Rows) -> tuple[SheetTable, ...]:
    return put_together(find_tables(sheet(rows)))


TWICE: list[list[Any]] = [
    ["花名册", None, None, None, None, None],
    ["序号", "姓名", "电话", "序号", "姓名", "电话"],
    [1, "张三", "110", 3, "王五", "120"],
    [2, "李四", "119", None, None, None],
    ["合计", 2, None, "合计", 1, None],
]


def test_both_sides_are_one_list_in_front_of_its_sides() -> None:
    whole, left, right = found(TWICE)
    assert whole.area == "A2:F4"
    assert whole.sides == (left, right)
    assert [row.cells[1] for row in whole.rows] == ["张三", "李四", "王五"]
    assert "同一张表" in whole.notes[0]


def test_rows_of_one_height_are_told_apart_by_the_cell_in_which_they_begin() -> None:
    whole, _left, right = found(TWICE)
    numbers = [row.number for row in whole.rows]
    assert len(set(numbers)) == 3
    assert [f"第 {number} 行" for number in numbers] == ["第 A3 行", "第 A4 行", "第 D3 行"]
    assert [sheet_row(number) for number in numbers] == [3, 4, 3]
    assert whole.side_of(whole.rows[2]) == right
    assert [str(each.number) for each in whole.left_out] == ["A1", "A5", "D5"]


def test_a_row_number_survives_packing() -> None:
    number = pickle.loads(pickle.dumps(SideRow(12, 4)))  # noqa: S301 - packed right here
    assert number == SideRow(12, 4)
    assert str(number) == "E12"
    assert SideRow(200_000, 701) < 1 << 32


def test_what_was_written_once_at_the_end_of_one_side_holds_at_the_top_of_the_next() -> None:
    whole = found(
        [
            ["村", "姓名", "村", "姓名"],
            ["桃花村", "张三", None, "钱七"],
            [None, "李四", "新河村", "孙八"],
            ["柳河村", "王五", None, "周九"],
        ]
    )[0]
    villages = [row.cells[0] for row in whole.rows]
    assert villages == ["桃花村", "桃花村", "柳河村", "柳河村", "新河村", "新河村"]


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["东村", None, None, "西村", None, None],
            ["序号", "姓名", "电话", "序号", "姓名", "电话"],
            [1, "张三", "110", 1, "王五", "120"],
            [2, "李四", "119", 2, "赵六", "122"],
        ],
        [
            ["姓名", "电话", None, "物资名称", "数量"],
            ["张三", "110", None, "大米", 10],
            ["李四", "119"],
            ["王五", "120"],
        ],
    ],
)
def test_two_lists_stay_two(rows: Rows) -> None:
    tables = found(rows)
    assert len(tables) == 2
    assert not any(table.sides for table in tables)


def test_a_list_in_three_columns_is_one_list_too() -> None:
    head = ["姓名", "电话", None]
    rows = [head * 3, ["甲", "110", None, "丙", "119", None, "戊", "120"], ["乙", "110", None, "丁", "119"]]
    assert [row.cells[0] for row in found(rows)[0].rows] == ["甲", "乙", "丙", "丁", "戊"]
