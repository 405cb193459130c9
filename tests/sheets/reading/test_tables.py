"""Finding the table: what is header, what is a record, and what is told as left out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.tables import find_table, find_tables
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


def test_headers_of_three_levels_without_merged_cells_are_joined() -> None:
    table = find_table(
        sheet(
            [
                ["姓名", "保障人口", None, None, "备注"],
                [None, "小计", "其中", None, None],
                [None, None, "老人", "孩子", None],
                ["张三", 3, 1, 2, None],
                ["李四", 2, 1, 1, "独居"],
            ]
        )
    )
    assert [column.label for column in table.columns] == [
        *("姓名", "保障人口/小计", "保障人口/其中/老人", "保障人口/其中/孩子", "备注")
    ]


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


def test_a_record_that_counts_like_column_numbers_is_kept() -> None:
    table = find_table(sheet([["组", "户数", "人口"], ["甲组", 5, 9], [1, 2, 3], [2, 3, 4]]))
    assert [row.number for row in table.rows] == [2, 3, 4]


@pytest.mark.parametrize(
    "row",
    [
        ["桃花村小计", None, 7],
        [3, "合计", 7],
        ["共计12户", None, 12],
        ["合 计", None, None],
        ["总计：", 3, 12],
    ],
)
def test_totals_are_left_out_however_they_are_written(row: list[Any]) -> None:
    table = find_table(sheet([["姓名", "性别", "人口"], *PEOPLE[:2], row, PEOPLE[2]]))
    assert [each.why for each in table.left_out] == ["合计行"]
    assert len(table.rows) == 3


def test_a_last_row_that_only_holds_the_sums_is_a_total_and_other_numbers_are_a_record() -> None:
    header: list[list[Any]] = [["姓名", "性别", "人口"], *PEOPLE]
    assert find_table(sheet([*header, [None, None, 12]])).left_out[0].why == "合计行"
    assert len(find_table(sheet([*header, [None, None, 11]])).rows) == 4


def test_sections_and_page_numbers_are_told() -> None:
    table = find_table(
        sheet(
            [
                ["姓名", "性别", "人口"],
                ["一、低保户"],
                PEOPLE[0],
                ["（二）特困户"],
                PEOPLE[1],
                ["第 1 页 共 2 页"],
            ]
        )
    )
    assert [(each.number, each.why) for each in table.left_out] == [
        (2, "分段标题"),
        (4, "分段标题"),
        (6, "表格下方的说明或签字"),
    ]


def test_the_foot_of_a_form_is_no_record() -> None:
    foot: list[list[Any]] = [
        ["发放单位", None, "物料科", None, "批准人"],
        ["联系人：", "张三"],
        ["年   月   日"],
    ]
    table = find_table(
        sheet(
            [["序号", "物资名称", "数量", "型号", "备注"], [1, "大米", 10, "10kg", None], *foot],
            [(2, 0, 2, 1)],
        )
    )
    assert [row.number for row in table.rows] == [2]
    assert [each.number for each in table.left_out] == [3, 4, 5]


def test_headers_of_years_are_labels() -> None:
    table = find_table(sheet([["村", 2023, 2024, 2025], ["桃花村", 10, 11, 12], ["柳河村", 7, 8, 9]]))
    assert [column.label for column in table.columns] == ["村", "2023", "2024", "2025"]


def test_well_known_lower_labels_do_not_hide_the_upper_ones() -> None:
    table = find_table(
        sheet(
            [["课程", "学生", None], [None, "姓名", "性别"], ["剪纸", "张三", "女"], ["象棋", "李四", "男"]],
            [(0, 0, 1, 0), (0, 1, 0, 2)],
        ),
        known={"姓名", "性别"},
    )
    assert [column.label for column in table.columns] == ["课程", "学生/姓名", "学生/性别"]


def test_a_label_merged_over_a_column_that_holds_nothing_is_one_column() -> None:
    rows: list[list[Any]] = [["序号", "物资名称", None, "数量"], [1, "大米", None, 10], [2, "油", None, 5]]
    merges = [(0, 1, 0, 2), (1, 1, 1, 2)]
    assert [column.letter for column in find_table(sheet(rows, merges)).columns] == ["A", "B", "D"]
    rows[2][2] = "5L"
    assert [column.letter for column in find_table(sheet(rows, merges)).columns] == ["A", "B", "C", "D"]


def test_what_a_merged_cell_hides_is_not_read() -> None:
    table = find_table(
        sheet([["村", "姓名"], ["桃花村", "张三"], ["旧值", "李四"], ["柳河村", "王五"]], [(1, 0, 2, 0)])
    )
    assert [row.cells[0] for row in table.rows] == ["桃花村", "桃花村", "柳河村"]


def test_groups_written_once_without_merging_are_continued_and_that_is_told() -> None:
    table = find_table(
        sheet(
            [
                ["序号", "村", "户主", "姓名", "备注"],
                [1, "桃花村", "张三", "张三", None],
                [2, None, None, "张小三", "学生"],
                [3, None, "李四", "李四", None],
                [4, "柳河村", "王五", "王五", None],
                [5, None, None, "王小五", None],
            ]
        )
    )
    assert [row.cells[1:3] for row in table.rows] == [
        ("桃花村", "张三"),
        ("桃花村", "张三"),
        ("桃花村", "李四"),
        ("柳河村", "王五"),
        ("柳河村", "王五"),
    ]
    assert table.notes == ("“村”一列空着的 3 格按上面的值补上。", "“户主”一列空着的 2 格按上面的值补上。")


@pytest.mark.parametrize(
    "column",
    [
        ["村", "桃花村", "桃花村", None, "柳河村"],  # written out each time: a blank is a gap
        ["村", None, "桃花村", None, "柳河村"],  # nothing above the first
        ["姓名", "张三", None, "李四", None],  # no group
    ],
)
def test_a_blank_that_may_be_a_gap_stays_blank(column: list[Any]) -> None:
    others: list[list[Any]] = [["性别", "人口"], ["女", 3], ["男", 4], ["男", 5], ["女", 1]]
    table = find_table(sheet([[cell, *rest] for cell, rest in zip(column, others, strict=True)]))
    assert [row.cells[0] for row in table.rows] == column[1:]
    assert table.notes == ()


CELLS = st.one_of(
    st.none(),
    st.integers(0, 30),
    st.dates(),
    st.sampled_from(
        ["姓名", "村", "序号", "合计", "注：", "张三", "桃花村", "一、低保户", "甲", "备注", "1", "x" * 50]
    ),
)


@given(
    rows=st.lists(st.lists(CELLS, max_size=7), min_size=1, max_size=12),
    merges=st.lists(
        st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8), st.integers(0, 8)), max_size=4
    ),
)
def test_no_sheet_breaks_the_search_and_nothing_is_lost_without_a_word(
    rows: list[list[Any]], merges: list[tuple[int, int, int, int]]
) -> None:
    ranges = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in merges]
    found = sheet(rows, ranges)
    try:
        tables = find_tables(found)
    except UserError:
        return
    told = {number for table in tables for number in range(table.header[0], table.header[1] + 1)}
    told |= {row.number for table in tables for row in table.rows}
    told |= {each.number for table in tables for each in table.left_out}
    filled = {number for number, row in enumerate(rows, 1) if any(cell is not None for cell in row)}
    assert filled <= told


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
