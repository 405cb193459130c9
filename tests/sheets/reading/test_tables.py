"""Finding the table: what is header, what is a record, and what is told as left out."""

from __future__ import annotations

from typing import Any

import pytest

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.tables import find_table
from tests.sheets.reading.making import sheet

PEOPLE: list[list[Any]] = [["张三", "女", 3], ["李四", "男", 4], ["王五", "男", 5]]


def test_title_rows_above_the_header_are_told_and_left_out() -> None:
    table = find_table(
        sheet(
            [
                ["柳河镇服务对象花名册"],
                ["填报单位：柳河镇社工站", None, "2026年10月"],
                ["姓名", "性别", "人口"],
                *PEOPLE,
            ],
            [(0, 0, 0, 2)],
        )
    )
    assert table.header == (3, 3)
    assert [column.label for column in table.columns] == ["姓名", "性别", "人口"]
    assert [row.number for row in table.rows] == [4, 5, 6]
    assert [(row.number, row.text) for row in table.left_out] == [
        (1, "柳河镇服务对象花名册"),
        (2, "填报单位：柳河镇社工站 2026年10月"),
    ]


def test_merged_headers_of_two_levels_are_joined() -> None:
    table = find_table(
        sheet(
            [
                ["姓名", "联系方式", None, "备注"],
                [None, "电话", "微信", None],
                ["张三", "110", "z3", None],
                ["李四", "119", None, "好"],
            ],
            [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3)],
        )
    )
    assert [column.label for column in table.columns] == ["姓名", "联系方式/电话", "联系方式/微信", "备注"]
    assert len(table.rows) == 2


def test_headers_of_two_levels_without_merged_cells_are_joined() -> None:
    table = find_table(
        sheet(
            [
                ["姓名", "联系方式", None, "备注"],
                [None, "电话", "微信"],
                ["张三", "110", "z3"],
                ["李四", "119", "l4", "好"],
            ]
        )
    )
    assert [column.label for column in table.columns] == ["姓名", "联系方式/电话", "联系方式/微信", "备注"]
    assert [row.number for row in table.rows] == [3, 4]


def test_four_levels_are_joined() -> None:
    table = find_table(
        sheet(
            [
                ["姓名", "家庭", None, None],
                [None, "住房", None, "收入"],
                [None, "面积", None, None],
                [None, "居住", "闲置", None],
                ["张三", 80, 20, 1000],
                ["李四", 60, 0, 2000],
            ],
            [(0, 0, 3, 0), (0, 1, 0, 3), (1, 1, 1, 2), (1, 3, 3, 3), (2, 1, 2, 2)],
        )
    )
    assert [column.label for column in table.columns] == [
        "姓名",
        "家庭/住房/面积/居住",
        "家庭/住房/面积/闲置",
        "家庭/收入",
    ]
    assert len(table.rows) == 2


def test_a_row_of_merged_records_is_no_second_header() -> None:
    table = find_table(
        sheet(
            [["类别", None, "人数"], ["后勤部门", None, 10], ["技术部", "企业部", 20]],
            [(0, 0, 0, 1), (1, 0, 1, 1)],
        )
    )
    assert table.header == (1, 1)
    assert len(table.rows) == 2


def test_merged_cells_are_filled_down_over_their_records() -> None:
    table = find_table(
        sheet(
            [["村居", "姓名", "人口"], ["桃花村", "张三", 3], [None, "李四", 4], ["柳河村", "王五", 5]],
            [(1, 0, 2, 0)],
        )
    )
    assert [row.cells[0] for row in table.rows] == ["桃花村", "桃花村", "柳河村"]


def test_totals_notes_signatures_and_repeated_headers_are_told_with_the_reason() -> None:
    table = find_table(
        sheet(
            [
                ["姓名", "性别", "人口"],
                PEOPLE[0],
                ["小 计", None, 3],
                ["姓名", "性别", "人口"],
                PEOPLE[1],
                ["合 计", None, 7],
                [],
                ["注：本表一式两份"],
                ["单位负责人：", "复核人：", "填表人："],
            ]
        )
    )
    assert [row.cells[0] for row in table.rows] == ["张三", "李四"]
    assert [(row.number, row.why) for row in table.left_out] == [
        (3, "合计行"),
        (4, "重复的表头"),
        (6, "合计行"),
        (8, "表格下方的说明或签字"),
        (9, "表格下方的说明或签字"),
    ]


def test_a_row_that_numbers_the_columns_is_left_out() -> None:
    table = find_table(sheet([["姓名", "性别", "人口"], ["甲", 1, 2], *PEOPLE]))
    assert [row.number for row in table.rows] == [3, 4, 5]


def test_a_record_with_a_single_cell_is_kept() -> None:
    table = find_table(sheet([["村名", "户数", "人口"], ["桃花村", 10, 40], ["柳河村"], ["梨园村", 5, 20]]))
    assert len(table.rows) == 3


def test_columns_without_label_and_content_are_dropped() -> None:
    table = find_table(sheet([["姓名", None, "性别"], ["张三", None, "女"], ["李四", None, "男"]]))
    assert [(column.index, column.letter) for column in table.columns] == [(0, "A"), (2, "C")]
    assert table.rows[1].cells == ("李四", "男")


def test_a_header_chosen_by_the_worker_is_obeyed() -> None:
    rows: list[list[Any]] = [["张三", "女", 3], ["姓名", "性别", "人口"], *PEOPLE]
    assert find_table(sheet(rows), header=(2, 2)).rows[0].number == 3


def test_known_labels_win_over_other_text() -> None:
    rows = [
        ["一季度", "桃花", "新增"],
        ["姓名", "住址", "说明"],
        ["张三", "桃花村", "独居"],
        ["李四", "柳河村", "空巢"],
    ]
    assert find_table(sheet(rows), known={"姓名", "住址"}).header == (2, 2)


@pytest.mark.parametrize(
    ("rows", "said"),
    [([], "空的"), ([["姓名", "性别"]], "只有表头"), ([[1, 2, 3], [4, 5, 6]], "没有找到表头")],
)
def test_a_sheet_without_a_table_is_refused(rows: list[list[Any]], said: str) -> None:
    with pytest.raises(UserError, match=said):
        find_table(sheet(rows))
