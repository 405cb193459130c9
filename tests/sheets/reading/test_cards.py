"""The card of one person: labels beside what they name."""

from __future__ import annotations

from typing import Any

import pytest

from stationdesk.sheets.reading.tables import SheetTable, find_tables
from tests.sheets.reading.making import Rows, sheet

CARD: list[list[Any]] = [
    ["石桥镇服务对象登记卡"],
    ["姓名", "张三", "性别", "女"],
    ["身份证号", "999999195001010028", "联系电话：13800138000", None],
    ["与户主关系", "户主", "兴趣爱好", "下棋"],
    ["家庭住址", "柳河村三组", None, None],
    ["监护人", "李四", "联系电话", "13900139000"],
    ["填表人：王五"],
]
TOLD = {
    "姓名": "张三",
    "性别": "女",
    "身份证号": "999999195001010028",
    "联系电话": "13800138000",
    "与户主关系": "户主",
    "兴趣爱好": "下棋",
    "家庭住址": "柳河村三组",
    "监护人": "李四",
    "监护人/联系电话": "13900139000",
}


def told(table: SheetTable, row: int = 0) -> dict[str, Any]:
    return dict(zip((column.label for column in table.columns), table.rows[row].cells, strict=True))


def test_a_card_is_one_record_with_its_labels_as_columns() -> None:
    (table,) = find_tables(sheet(CARD))
    assert told(table) == TOLD
    assert [row.number for row in table.rows] == [2]
    assert "登记卡" in table.notes[0]
    assert (table.title, table.area) == ("石桥镇服务对象登记卡", "B1:D6")
    assert [each.number for each in table.left_out] == [1, 7]


def test_a_value_that_is_blank_leaves_its_label_a_column() -> None:
    rows: Rows = [
        ["姓名", "张三", "性别", None],
        ["电话", None, "出生日期", "1950-01-01"],
        ["住址", "柳河村"],
    ]
    assert told(find_tables(sheet(rows))[0]) == {
        "姓名": "张三",
        "性别": None,
        "电话": None,
        "出生日期": "1950-01-01",
        "住址": "柳河村",
    }


def test_labels_merged_over_several_columns_have_their_values_behind_them() -> None:
    rows: Rows = [
        ["姓名", None, "张三", "性别", "女"],
        ["身份证号", None, "999999195001010028"],
        ["住址", None, "柳河村", None, None],
    ]
    table = find_tables(sheet(rows, [(0, 0, 0, 1), (1, 0, 1, 1), (2, 0, 2, 1), (2, 2, 2, 4)]))[0]
    assert list(told(table).values()) == ["张三", "女", "999999195001010028", "柳河村"]


def test_cards_below_one_another_are_a_record_each() -> None:
    more: Rows = [[], ["姓名", "赵六", "性别", "男"], ["家庭住址", "新河村"]]
    (table,) = find_tables(sheet([*CARD[1:5], *more]))
    assert [row.cells[0] for row in table.rows] == ["张三", "赵六"]
    assert told(table, 1)["家庭住址"] == "新河村"
    assert told(table, 1)["身份证号"] is None


@pytest.mark.parametrize(
    "rows",
    [
        # A roster whose labels we half know, with one person in it.
        [
            ["姓名", "打卡", "性别", "工龄", "电话", "餐补", "住址", "班组"],
            ["张三", "5", "女", "3", "110", "20", "柳河村", "二"],
        ],
        # Lines above a table, and the table.
        [
            ["姓名", "张三", "性别", "女"],
            ["电话", "110", "住址", "柳河村"],
            ["序号", "姓名", "关系", "年龄"],
            [1, "李四", "长子", 30],
            [2, "王五", "次子", 28],
        ],
        # Two levels of labels.
        [
            ["姓名", "联系", None, "住址", None],
            [None, "电话", "手机", "村", "组"],
            ["张三", "110", "13800138000", "柳河村", "三组"],
        ],
    ],
)
def test_a_table_stays_a_table(rows: Rows) -> None:
    tables = find_tables(sheet(rows))
    assert not any("登记卡" in note for table in tables for note in table.notes)


def test_a_header_that_the_worker_names_makes_a_table_of_a_card() -> None:
    table = find_tables(sheet(CARD), header=(2, 2))[0]
    assert [column.label for column in table.columns] == ["姓名", "张三", "性别", "女"]
