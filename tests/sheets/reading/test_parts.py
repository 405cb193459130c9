"""Several tables in one sheet: side by side, below one another, and one table that only looks like two."""

from __future__ import annotations

from typing import Any

import pytest

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.tables import SheetTable, find_table, find_tables
from tests.sheets.reading.making import sheet


def areas(tables: tuple[SheetTable, ...]) -> list[str]:
    return [table.area for table in tables]


def labels(table: SheetTable) -> list[str]:
    return [column.label for column in table.columns]


def cells(table: SheetTable) -> list[tuple[Any, ...]]:
    return [row.cells for row in table.rows]


TWICE: list[list[Any]] = [
    ["花名册", None, None, None, None, None],
    ["序号", "姓名", "电话", "序号", "姓名", "电话"],
    [1, "张三", "110", 3, "王五", "120"],
    [2, "李四", "119", None, None, None],
    ["合计", 2, None, "合计", 1, None],
]


def test_a_list_printed_in_two_columns_is_two_tables_with_their_own_totals() -> None:
    left, right = find_tables(sheet(TWICE, [(0, 0, 0, 5)]))
    assert (left.area, right.area) == ("A2:C4", "D2:F3")
    assert labels(left) == labels(right) == ["序号", "姓名", "电话"]
    assert cells(left) == [(1, "张三", "110"), (2, "李四", "119")]
    assert cells(right) == [(3, "王五", "120")]
    assert [each.why for each in left.left_out] == ["表头上方的标题或说明", "合计行"]
    assert [each.why for each in right.left_out] == ["合计行"]


def test_the_columns_keep_their_places_in_the_file() -> None:
    _left, right = find_tables(sheet(TWICE))
    assert [(column.index, column.letter) for column in right.columns] == [(3, "D"), (4, "E"), (5, "F")]


def test_different_tables_beside_a_blank_column_are_apart_when_one_is_longer() -> None:
    rows: list[list[Any]] = [
        ["姓名", "电话", None, "物资名称", "数量", "单位"],
        ["张三", "110", None, "大米", 10, "袋"],
        ["李四", "119", None, "食用油", 5, "桶"],
        ["王五", "120"],
        ["赵六", "122"],
    ]
    people, goods = find_tables(sheet(rows))
    assert areas((people, goods)) == ["A1:B5", "D1:F3"]
    assert cells(goods) == [("大米", 10, "袋"), ("食用油", 5, "桶")]


def test_different_tables_with_titles_of_their_own_are_apart() -> None:
    rows: list[list[Any]] = [
        ["低保户", None, None, "库存", None],
        ["姓名", "村", None, "物资名称", "数量"],
        ["张三", "桃花村", None, "大米", 30],
        ["王五", "柳河村", None, "油", 20],
    ]
    merges = [(0, 0, 0, 1), (0, 3, 0, 4)]
    tables = find_tables(sheet(rows, merges))
    assert [(table.title, len(table.rows)) for table in tables] == [("低保户", 2), ("库存", 2)]
    tables = find_tables(sheet([rows[0], [], *rows[1:]], merges))
    assert [(table.title, len(table.rows)) for table in tables] == [("低保户", 2), ("库存", 2)]


def test_a_blank_column_inside_one_table_does_not_cut_it() -> None:
    rows: list[list[Any]] = [
        ["姓名", "性别", None, "村", "电话", "备注"],
        ["张三", "女", None, "桃花村", "110", None],
        ["李四", "男", None, "柳河村", "119", "独居"],
        ["王五", "男", None, "梨园村", "120", None],
    ]
    (table,) = find_tables(sheet(rows))
    assert labels(table) == ["姓名", "性别", "村", "电话", "备注"]


def test_the_right_half_of_a_table_may_be_blank_further_down() -> None:
    rows: list[list[Any]] = [
        ["姓名", "性别", None, "走访结果", "备注"],
        ["张三", "女", None, "一切都好", "独居"],
        ["李四", "男", None, "要修屋顶", "空巢"],
        ["王五", "男"],
    ]
    (table,) = find_tables(sheet(rows))
    assert labels(table) == ["姓名", "性别", "走访结果", "备注"]


def test_the_same_labels_on_both_sides_of_a_blank_column_are_two_tables() -> None:
    rows: list[list[Any]] = [
        ["日期", "事项", None, "日期", "事项"],
        ["1.5", "走访", None, "1.6", "开会"],
        ["1.7", "培训", None, "1.8", "走访"],
    ]
    assert areas(find_tables(sheet(rows))) == ["A1:B3", "D1:E3"]


def test_a_small_table_above_a_bigger_one_is_no_title() -> None:
    rows: list[list[Any]] = [
        ["编号", "名称"],
        ["A", "低保"],
        ["B", "特困"],
        [],
        ["姓名", "电话", "性别", "村", "备注"],
        ["张三", "110", "女", "桃花村", None],
        ["李四", "119", "男", "柳河村", "独居"],
    ]
    assert areas(find_tables(sheet(rows))) == ["A1:B3", "A5:E7"]


def test_a_table_without_rows_beside_others_is_told() -> None:
    rows: list[list[Any]] = [
        ["姓名", "电话", "村"],
        ["张三", "110", "桃花村"],
        [],
        ["物资名称", "数量", "单位"],
    ]
    (table,) = find_tables(sheet(rows))
    assert [(each.number, each.why, each.text) for each in table.left_out] == [
        (4, "另一张没有内容的表", "物资名称, 数量, 单位")
    ]


def test_the_same_measures_under_two_labels_are_one_table() -> None:
    rows: list[list[Any]] = [
        ["村", "上半年", None, "下半年", None],
        [None, "户数", "人数", "户数", "人数"],
        ["桃花村", 1, 2, 3, 4],
        ["柳河村", 5, 6, 7, 8],
    ]
    (table,) = find_tables(sheet(rows, [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4)]))
    assert labels(table) == ["村", "上半年/户数", "上半年/人数", "下半年/户数", "下半年/人数"]


def test_tables_below_one_another_are_apart_with_their_titles() -> None:
    rows: list[list[Any]] = [
        ["一、困难群众"],
        ["姓名", "电话", "村"],
        ["张三", "110", "桃花村"],
        ["李四", "119", "柳河村"],
        [],
        ["二、库存物资"],
        ["物资名称", "数量", "单位", "备注"],
        ["大米", 10, "袋", None],
        ["注：盘点到月底"],
    ]
    people, goods = find_tables(sheet(rows))
    assert areas((people, goods)) == ["A2:C4", "A7:D8"]
    assert (people.title, goods.title) == ("一、困难群众", "二、库存物资")
    assert cells(goods) == [("大米", 10, "袋", None)]
    assert [each.number for each in goods.left_out] == [6, 9]


def test_a_table_of_numbers_with_labels_nobody_knows_is_found_below_its_title() -> None:
    rows: list[list[Any]] = [
        ["姓名", "电话"],
        ["张三", "110"],
        [],
        ["各季度走访"],
        ["一季", "二季", "三季"],
        [3, 4, 5],
        [6, 7, 8],
    ]
    tables = find_tables(sheet(rows))
    assert areas(tables) == ["A1:B2", "A5:C7"]


def test_blank_rows_and_headers_printed_again_do_not_cut_a_list() -> None:
    rows: list[list[Any]] = [
        ["姓名", "性别", "村"],
        ["张三", "女", "桃花村"],
        [],
        ["李四", "男", "柳河村"],
        ["王五", "男", "柳河村"],
        [],
        ["花名册（续）"],
        ["姓名", "性别", "村"],
        ["赵六", "女", "梨园村"],
        ["钱七", "女", "梨园村"],
    ]
    (table,) = find_tables(sheet(rows))
    assert [row.cells[0] for row in table.rows] == ["张三", "李四", "王五", "赵六", "钱七"]


def test_a_small_table_beside_and_another_below_it_are_all_found() -> None:
    rows: list[list[Any]] = [
        ["姓名", "电话", None, "代码", "名称"],
        ["张三", "110", None, "A", "低保"],
        ["李四", "119", None, "B", "特困"],
        ["王五", "120", None, None, None],
        ["赵六", "122", None, None, None],
        [None, None, None, "编号", "物资名称", "数量"],
        [None, None, None, 1, "大米", 10],
        [None, None, None, 2, "油", 5],
    ]
    assert sorted(areas(find_tables(sheet(rows)))) == ["A1:B5", "D1:E3", "D6:F8"]


def test_the_first_table_is_the_one_that_is_proposed_and_the_worker_may_take_them_as_one() -> None:
    assert find_table(sheet(TWICE)).area == "A2:C4"
    assert find_table(sheet(TWICE), header=(2, 2)).area == "A2:F4"
    assert areas(find_tables(sheet(TWICE), header=(2, 2))) == ["A2:C4", "D2:F3"]


def test_a_blank_form_is_a_table_only_where_it_is_asked_for() -> None:
    form = sheet([["姓名", "电话"], [], ["填表人：", "日期："]])
    with pytest.raises(UserError, match="只有表头"):
        find_tables(form)
    (table,) = find_tables(form, blank=True)
    assert (labels(table), table.rows, table.area) == (["姓名", "电话"], (), "A1:B1")
