"""Cells as values: what people type, what spreadsheets do to it, and what is refused rather than guessed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.core.fields import Kind, Value
from stationdesk.core.text import clean
from stationdesk.core.vocab import Dimension, Sex, Urgency
from stationdesk.sheets.reading.cells import Cell
from stationdesk.sheets.reading.outcomes import Problem, Read
from stationdesk.sheets.reading.values import read_cell
from tests.sheets.reading.making import Lists, told

DAY = told("日期", date)
ID = told("身份证号", what=Kind.ID_NUMBER)
PHONE = told("电话", what=Kind.PHONE)
NAME = told("名称")


def value(field: object, cell: Cell) -> Value:
    read = read_cell(field, cell, Lists())  # type: ignore[arg-type]  # fields of this file
    assert isinstance(read, Read), read
    return read.value


def problem(field: object, cell: Cell) -> str:
    read = read_cell(field, cell, Lists())  # type: ignore[arg-type]  # fields of this file
    assert isinstance(read, Problem), read
    return read.sentence


@pytest.mark.parametrize(
    "cell",
    [
        date(1990, 5, 3),
        datetime.fromisoformat("1990-05-03T08:30"),
        32996,
        "32996",
        "1990.5.3",
        "1990-05-03",
        "1990/5/3",
        "1990年5月3日",
        "19900503",
        19900503,
        "１９９０．５．３",
        "90.5.3",
        "一九九〇年五月三日",
        "1990-05-03 08:30",
        "1990.5.3.",
        "1990。5。3",
        "1990 5 3",
        "1990年5月3日生",
        "1990年5月3",
    ],
)
def test_a_day_is_read_however_it_is_written(cell: Cell) -> None:
    assert value(DAY, cell) == date(1990, 5, 3)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("二〇二〇年十月十日", date(2020, 10, 10)),
        ("二零二零年十二月二十三日", date(2020, 12, 23)),
        ("二○二○年一月三十一日", date(2020, 1, 31)),
        ("二〇二〇年五月", date(2020, 5, 1)),
        ("九〇年十一月二十日", date(1990, 11, 20)),
    ],
)
def test_a_day_in_chinese_figures_is_read(cell: Cell, day: date) -> None:
    assert value(DAY, cell) == day


@pytest.mark.parametrize("cell", ["1990.5", "1990年5月", "1990-05", "199005", 199005, "90年5月"])
def test_a_month_alone_becomes_its_first_day_and_that_is_told(cell: Cell) -> None:
    read = read_cell(DAY, cell, Lists())
    assert isinstance(read, Read)
    assert read.value == date(1990, 5, 1)
    assert "按 1 日记" in read.note


@pytest.mark.parametrize(
    "cell",
    [
        "1990",
        1990,
        "1990年",
        "农历八月十五",
        "1990.13.1",
        "2026-02-30",
        70,
        True,
        1990.1,
        "明天",
        "二〇二〇年十三月",
    ],
)
def test_what_is_no_day_is_refused(cell: Cell) -> None:
    assert problem(DAY, cell)


@pytest.mark.parametrize("field", [DAY, ID, PHONE, NAME])
def test_a_formula_that_failed_is_no_value_of_any_field(field: object) -> None:
    assert "公式出错（#N/A）" in problem(field, "#N/A")
    assert "公式出错" in problem(field, "#DIV/0!")
    assert "列太窄" in problem(field, "#########")
    assert value(NAME, "#1 楼") == "#1 楼"


@pytest.mark.parametrize(
    "cell",
    [
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "'11010519491231002X",
        "\u200b11010519491231002X",
    ],
)
def test_an_identity_number_is_cleaned(cell: Cell) -> None:
    assert value(ID, cell) == "11010519491231002X"


@pytest.mark.parametrize(
    "cell",
    [440524188001010014, 4.40524188001010e17, "4.40524E+17", "440524188001010000", "440524188001010000.0"],
)
def test_an_identity_number_that_lost_its_tail_is_refused_and_never_padded(cell: Cell) -> None:
    assert "找不回来" in problem(ID, cell)


def test_an_old_number_of_fifteen_digits_survives_as_a_number() -> None:
    assert value(ID, 130503670401001) == "130503670401001"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("13800138000", "13800138000"),
        (13800138000, "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("（010）83211441", "010-83211441"),
        ("010-83211441转8001", "010-83211441转8001"),
        ("4008123456", "400-812-3456"),
        ("110", "110"),
        ("13800138000/010-83211441", "13800138000、010-83211441"),
        ("13800138000(张三)", "13800138000(张三)"),
    ],
)
def test_a_phone_is_cleaned(cell: Cell, number: str) -> None:
    assert value(PHONE, cell) == number


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (1083211441, "010-83211441"),
        ("2583211441", "025-83211441"),
        ("3788321144", "0378-8321144"),
        (75583211441, "0755-83211441"),
    ],
)
def test_a_lost_leading_zero_is_put_back_and_told(cell: Cell, number: str) -> None:
    read = read_cell(PHONE, cell, Lists())
    assert isinstance(read, Read)
    assert read.value == number
    assert "少了开头的 0" in read.note


@pytest.mark.parametrize("cell", ["1.38E+10", "张三", 1.5, date(2026, 1, 1)])
def test_what_is_no_phone_is_refused(cell: Cell) -> None:
    assert "不像电话号码" in problem(PHONE, cell)


def test_choices_are_read_by_label_code_and_other_words() -> None:
    assert [value(told("性别", Sex), each) for each in ("男", "女性", "1", 2, "F")] == [
        Sex.MALE,
        Sex.FEMALE,
        Sex.MALE,
        Sex.FEMALE,
        Sex.FEMALE,
    ]
    assert value(told("紧急程度", Urgency), "紧急") is Urgency.CRITICAL
    assert value(told("维度", Dimension), "组织") is Dimension.ORGANISATIONS
    assert "外星" in problem(told("性别", Sex), "外星")


def test_codes_are_read_by_label_by_what_stands_in_brackets_and_in_short() -> None:
    group = told("对象类别", codes="group")
    assert [value(group, each) for each in ("低保", "G01", "最低生活保障对象", "特困", "独居", "五保户")] == [
        "G01",
        "G01",
        "G01",
        "G02",
        "G13",
        "G02",
    ]
    assert value(told("民族", codes="ethnic"), "汉") == "01"
    assert "不在码表里" in problem(group, "富翁")


def test_several_values_of_one_cell_are_told_apart() -> None:
    groups = told("对象类别", codes="group", many=True)
    for cell in ("低保、独居老人", "低保,独居老人", "低保；独居老人", "低保/独居老人", "低保\n独居老人"):
        assert value(groups, cell) == frozenset({"G01", "G13"})


@pytest.mark.parametrize(
    ("kind", "cell", "number"),
    [
        (Decimal, "1,200.00元", Decimal(1200)),
        (Decimal, "¥1.2万", Decimal(12000)),
        (Decimal, 99.9, Decimal("99.9")),
        (int, "50张床位", 50),
        (int, "约30人", 30),
        (int, 3, 3),
        (float, "120㎡", 120.0),
        (float, "1.5亩", 1.5),
    ],
)
def test_a_number_is_read_without_its_unit(kind: type, cell: Cell, number: object) -> None:
    assert value(told("数", kind), cell) == number


@pytest.mark.parametrize("cell", ["50-60", "五十", "30%", "3.5", date(2026, 1, 1), True])
def test_what_is_no_whole_number_is_refused(cell: Cell) -> None:
    assert problem(told("数", int), cell)


def test_yes_and_no_come_in_many_words() -> None:
    truth = told("收费", bool)
    assert [value(truth, each) for each in ("是", "√", "有", "1", "否", "×", "无", "免费")] == [True] * 4 + [
        False
    ] * 4


def test_blanks_and_dashes_are_nothing_but_none_is_an_answer_in_a_text() -> None:
    for cell in (None, "  ", "-", "——", "/"):
        assert value(NAME, cell) is None
    assert value(NAME, "无") == "无"
    assert value(PHONE, "无") is None
    assert value(DAY, "不详") is None


def test_a_long_number_in_a_text_column_is_refused() -> None:
    assert "末尾已经丢失" in problem(told("账号"), 6222021234567890123)


@given(st.text())
def test_any_text_comes_out_clean_and_unchanged_otherwise(text: str) -> None:
    read = read_cell(told("备注", what=Kind.TEXT), text, Lists())
    assert isinstance(read, Read)
    assert read.value is None or read.value == clean(text).strip()


@given(
    cell=st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.dates(), st.times())
)
def test_no_cell_breaks_the_reader(cell: Cell) -> None:
    for field in (
        DAY,
        ID,
        PHONE,
        NAME,
        told("数", int),
        told("元", Decimal),
        told("性别", Sex),
        told("是", bool),
    ):
        assert isinstance(read_cell(field, cell, Lists()), Read | Problem)
