"""Guessing columns: by label first, with the cells as witnesses."""

from __future__ import annotations

from datetime import date
from typing import Any

from stationdesk.core.fields import Field, Kind
from stationdesk.core.vocab import Sex
from stationdesk.sheets.reading.guessing import fitness, guess_columns
from stationdesk.sheets.reading.tables import SheetTable, find_table
from tests.sheets.reading.making import sheet, told

NAME = told("姓名", aliases=("名字",))
ID = told("身份证号", what=Kind.ID_NUMBER, aliases=("证件号码",))
PHONE = told("联系电话", what=Kind.PHONE, aliases=("电话", "手机"))
URGENT_PHONE = told("紧急联系电话", what=Kind.PHONE)
SEX = told("性别", Sex)
BIRTH = told("出生日期", date, aliases=("出生年月",))
ADDRESS = told("地址", aliases=("住址",))
LONGITUDE = told("经度", float, what=Kind.LONGITUDE)
LATITUDE = told("纬度", float, what=Kind.LATITUDE)
VILLAGE = told("村居", link="village", aliases=("村",))
NUMBER = told("资源编号", what=Kind.NUMBER, aliases=("编号",))
FIELDS = (NAME, ID, PHONE, URGENT_PHONE, SEX, BIRTH, ADDRESS, LONGITUDE, LATITUDE, VILLAGE, NUMBER)


def guessed(table: SheetTable, **names: set[str]) -> dict[str, str]:
    guesses = guess_columns(table, FIELDS, names)
    return {guess.column.label: guess.field.label for guess in guesses if guess.field is not None}


def table(*rows: list[Any]) -> SheetTable:
    return find_table(sheet(rows))


def test_columns_are_found_by_label_alias_and_near_label() -> None:
    found = table(
        ["姓 名", "性别（男/女）", "身份证号码*", "手机号码", "家庭住址"],
        ["张三", "女", "999999195001010000", "13800138000", "桃花村"],
        ["李四", "男", "999999195001010001", "13900139000", "柳河村"],
        ["王五", "男", "999999195001010002", "13700137000", "柳河村"],
    )
    assert guessed(found) == {
        "姓 名": "姓名",
        "性别（男/女）": "性别",
        "身份证号码*": "身份证号",
        "手机号码": "联系电话",
        "家庭住址": "地址",
    }


def test_the_exact_label_wins_and_each_field_is_used_once() -> None:
    found = table(["紧急联系电话", "联系电话", "电话"], ["110", "119", "120"], ["110", "119", "122"])
    assert guessed(found) == {"紧急联系电话": "紧急联系电话", "联系电话": "联系电话"}


def test_x_and_y_are_coordinates_only_where_the_numbers_are() -> None:
    assert guessed(table(["name", "X", "Y"], *[["院", 116.24 + n / 100, 39.83] for n in range(5)])) == {
        "name": "姓名",
        "X": "经度",
        "Y": "纬度",
    }
    assert guessed(table(["name", "X", "Y"], *[["院", 3.5 + n, 300.25] for n in range(5)])) == {
        "name": "姓名"
    }


def test_identity_numbers_are_recognised_whatever_the_column_is_called() -> None:
    found = table(["姓名", "号"], *[["张三", f"99999919500101{n:03d}X"] for n in range(5)])
    assert guessed(found)["号"] == "身份证号"


def test_a_column_of_village_names_is_recognised_by_the_villages() -> None:
    found = table(["姓名", "属地"], ["张三", "桃花村"], ["李四", "柳河村"], ["王五", "桃花村"])
    assert guessed(found, village={"桃花村", "柳河村"})["属地"] == "村居"


def test_running_numbers_of_another_list_are_no_numbers_of_ours() -> None:
    foreign = table(["编号", "姓名"], *[[n, "张三"] for n in range(1, 6)])
    ours = table(["编号", "姓名"], *[[f"医-0{n}", "张三"] for n in range(1, 6)])
    assert "编号" not in guessed(foreign)
    assert guessed(ours)["编号"] == "资源编号"


def test_a_label_that_the_cells_contradict_is_left_to_the_worker() -> None:
    found = table(["姓名", "联系电话"], ["张三", "常年在外"], ["李四", "村里代转"], ["王五", "没装"])
    assert "联系电话" not in guessed(found)


def test_the_kind_of_record_that_explains_more_columns_fits_better() -> None:
    found = table(
        ["姓名", "身份证号", "性别"],
        ["张三", "99999919500101000X", "女"],
        ["李四", "999999195001010011", "男"],
    )
    people: tuple[Field, ...] = (NAME, ID, SEX)
    places: tuple[Field, ...] = (told("名称"), ADDRESS)
    assert fitness(guess_columns(found, people)) > fitness(guess_columns(found, places))


def test_a_general_word_is_no_field_that_only_has_it_in_its_name() -> None:
    aid = told("享受政策", aliases=("享受救助", "政策救助情况"))
    note, kind = told("备注"), told("证件类型")
    for label in ("情况", "有关情况", "政策", "类型", "说明"):
        found = table(["姓名", label], ["张三", "低保，住院两次"], ["李四", "外出"])
        assert [guess.field for guess in guess_columns(found, (NAME, aid, note, kind))] == [NAME, None], label
    found = table(["姓名", "救助情况", "备注"], ["张三", "低保", "住院"])
    assert [guess.field for guess in guess_columns(found, (NAME, aid, note, kind))] == [NAME, aid, note]
