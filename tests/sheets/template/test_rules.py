"""Rules: blanks within a text, how values are written, and what a template file may say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Guard, Kind, NoBook, Spec, Value
from stationdesk.core.masks import mask_id, mask_minor_name, mask_name
from stationdesk.core.vocab import Sex
from stationdesk.sheets.columns import CellKind
from stationdesk.sheets.template.choices import boxes_in, with_boxes_ticked
from stationdesk.sheets.template.gaps import gaps_in, with_gaps_filled
from stationdesk.sheets.template.matching import codes_for, likeness, same_word
from stationdesk.sheets.template.rules import (
    CellRule,
    Choosing,
    ColumnRule,
    DateForm,
    FigureColumn,
    FormKind,
    IdForm,
    Rule,
    Subject,
    Template,
    Writing,
)
from stationdesk.sheets.template.sources import Source
from stationdesk.sheets.template.storing import from_json, to_json
from stationdesk.sheets.template.writing import Content, content_of, signs_of

ID = Field("person", "id_number", str, optional=True, many=False, spec=Spec("身份证号", kind=Kind.ID_NUMBER))
SOURCES = {
    "id": Source("id", "身份证号", "", CellKind.CODE, field=ID, guard=Guard.MASKED, mask=mask_id),
    "name": Source("name", "姓名", "", guard=Guard.MASKED, mask=mask_name, minor_mask=mask_minor_name),
    "day": Source("day", "日期", "", CellKind.DATE),
    "money": Source("money", "金额", "", CellKind.MONEY),
    "count": Source("count", "人数", "", CellKind.INTEGER),
    "text": Source("text", "说明", ""),
    "health": Source("health", "健康", "", guard=Guard.DROPPED),
}


def written(name: str, value: Value, writing: Writing | None = None, **more: bool) -> Content:
    rule = Rule(name, writing=writing or Writing())
    return content_of(rule, SOURCES[name], value, NoBook(), **{"masked": False, **more})


@pytest.mark.parametrize(
    ("text", "values", "after"),
    [
        (
            "填报单位：______  填报日期：    年  月  日",
            ("社工站", "2026年10月1日"),
            "填报单位：社工站  填报日期：2026年10月1日",
        ),
        ("填报单位（盖章）：", ("社工站",), "填报单位（盖章）：社工站"),
        ("××镇    年   月份低保名册", ("2026年10月",), "××镇 2026年10月份低保名册"),
        ("姓名：____性别：____", ("张三", "男"), "姓名：张三  性别：男"),
        ("姓名：____性别：____", ("", "男"), "姓名：____性别：男"),
        ("备注：没有", (), "备注：没有"),
        ("注：1. 一式两份；2. 说明", (), "注：1. 一式两份；2. 说明"),
        ("（单位：元）", (), "（单位：元）"),
    ],
)
def test_blanks_in_a_text_are_found_and_filled(text: str, values: tuple[str, ...], after: str) -> None:
    assert len(gaps_in(text)) == len(values)
    assert with_gaps_filled(text, dict(enumerate(values))) == after


@settings(max_examples=200, deadline=None)
@given(st.text("填报单位：:__  \u3000年月日（）abc\n", max_size=60))
def test_any_text_can_be_looked_at_and_nothing_else_in_it_changes(text: str) -> None:
    gaps = gaps_in(text)
    assert all(one.end <= two.start for one, two in pairwise(gaps))
    filled = with_gaps_filled(text, dict.fromkeys(range(len(gaps)), "甲"))
    assert filled.count("甲") == len(gaps)
    assert with_gaps_filled(text, {}) == text


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (DateForm.DASHED, "2026-03-05"),
        (DateForm.SLASHED, "2026/3/5"),
        (DateForm.DOTTED, "2026.03.05"),
        (DateForm.CHINESE, "2026年3月5日"),
        (DateForm.COMPACT, "20260305"),
        (DateForm.MONTH_DASHED, "2026-03"),
        (DateForm.MONTH_DOTTED, "2026.03"),
        (DateForm.MONTH_CHINESE, "2026年3月"),
        (DateForm.MONTH_COMPACT, "202603"),
        (DateForm.YEAR, "2026"),
    ],
)
def test_a_day_is_written_in_the_form_that_is_asked(form: DateForm, text: str) -> None:
    assert written("day", date(2026, 3, 5), Writing(date_form=form)).text == text


def test_a_real_date_is_one_unless_office_programs_would_change_it() -> None:
    real = Writing(date_form=DateForm.REAL)
    assert written("day", date(2026, 3, 5), real).day == date(2026, 3, 5)
    assert written("day", date(1899, 3, 5), real).text == "1899-03-05"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (IdForm.WHOLE, "999999195001010018"),
        (IdForm.MASKED, "999*************18"),
        (IdForm.SPACED, "999999 19500101 0018"),
        (IdForm.APART, "9 9 9 9 9 9 1 9 5 0 0 1 0 1 0 0 1 8"),
        (IdForm.APOSTROPHE, "999999195001010018"),
    ],
)
def test_an_id_is_written_in_the_way_that_is_asked(form: IdForm, text: str) -> None:
    content = written("id", "999999195001010018", Writing(id_form=form))
    assert (content.text, content.code, content.quoted) == (text, True, form is IdForm.APOSTROPHE)


def test_an_id_takes_a_box_a_sign_and_is_never_cut() -> None:
    assert signs_of(written("id", "999999195001010018"), 18) == list("999999195001010018")
    assert signs_of(written("id", "99999919500101001812"), 18) == []


def test_what_leaves_the_station_is_masked_whatever_the_rule_says() -> None:
    whole = Writing(id_form=IdForm.WHOLE)
    assert written("id", "999999195001010018", whole, masked=True).text == "999*************18"
    assert written("name", "张三", masked=True).text == "张*"
    assert written("name", "张三", masked=True, minor=True).text == "小X（化名）"
    assert written("health", "失能", masked=True).is_blank
    assert written("name", "张三", Writing(masked=True)).text == "张*"


def test_numbers_are_numbers_in_the_unit_that_is_asked() -> None:
    assert written(
        "money", Decimal("58900.00"), Writing(factor=Decimal("0.0001"), places=2)
    ).number == Decimal("5.89")
    assert written("count", 3).number == 3
    assert written("count", 3, Writing(after="人")).text == "3人"
    assert written("count", 10**17).text == str(10**17)


def test_codes_stand_for_words_and_are_numbers_where_they_look_like_it() -> None:
    sexes = Writing(codes=(("男", "0"), ("女", "1")))
    assert written("text", Sex.MALE, sexes).number == 0
    assert written("text", Sex.FEMALE, Writing(codes=(("女", "02"),))).text == "02"
    assert written("text", ("低保", "独居"), Writing(codes=(("低保", "A"),), joint="；")).text == "A；独居"


def test_yes_and_no_and_nothing_have_the_signs_that_are_asked() -> None:
    tick = Writing(yes="√", no="", empty="无")
    assert written("text", value=True, writing=tick).text == "√"
    assert written("text", value=False, writing=tick).is_blank
    assert written("text", None, tick).text == "无"
    assert content_of(Rule("constant", text="固定"), None, None, NoBook(), masked=True).text == "固定"


def test_text_is_cleaned_and_cut_to_what_a_cell_holds() -> None:
    content = written("text", "甲\x0b乙\x00" + "长" * 40_000)
    assert content.text.startswith("甲\n乙长")
    assert (content.cleaned, content.cut > 0) == (2, True)


def test_boxes_are_ticked_for_the_words_that_are_meant() -> None:
    text = "□低保 □特困（分散供养） □其他：____"
    assert boxes_in(text) == ("低保", "特困（分散供养）", "其他")
    assert with_boxes_ticked(text, frozenset({"低保"})) == "☑低保 □特困（分散供养） □其他：____"
    assert same_word("最低生活保障对象（低保）", "低保")
    assert same_word("特困人员", "特困（分散供养）")
    assert not same_word("独居老人", "空巢老人")


@pytest.mark.parametrize(
    ("words", "options", "label", "codes"),
    [
        (("男", "女"), ("1男", "2女"), "性别", {"男": "1男", "女": "2女"}),
        (("男", "女"), ("男", "女"), "性别", {}),
        (("男", "女"), (), "性别（1男2女）", {"男": "1", "女": "2"}),
        (("男", "女"), (), "性别（男=0，女=1）", {"男": "0", "女": "1"}),
        (("汉族", "回族"), ("01汉族", "03回族"), "民族", {"汉族": "01汉族", "回族": "03回族"}),
        (("男", "女"), (), "性别", {}),
    ],
)
def test_the_words_of_the_form_are_found_for_ours(
    words: tuple[str, ...], options: tuple[str, ...], label: str, codes: dict[str, str]
) -> None:
    assert dict(codes_for(words, options, label)) == codes


@pytest.mark.parametrize(
    ("path", "least", "most"),
    [
        (("姓名",), 0.95, 1),
        (("本人", "姓 名"), 0.9, 1),
        (("*姓名（必填）",), 0.9, 1),
        (("患者姓名",), 0.6, 0.9),
        (("单位名称",), 0, 0.59),
    ],
)
def test_a_label_speaks_more_or_less_of_a_field(path: tuple[str, ...], least: float, most: float) -> None:
    assert least <= likeness(path, SOURCES["name"]).score <= most


words = st.text(st.characters(codec="utf-8"), max_size=20)
writings = st.builds(
    Writing,
    st.sampled_from(IdForm),
    st.sampled_from(DateForm),
    st.lists(st.tuples(words, words), max_size=3).map(tuple),
    words,
    st.decimals(0, 10_000, places=4),
    st.none() | st.integers(0, 9),
    words,
    words,
    words,
    words,
    words,
    st.booleans(),
)
rules = st.builds(
    Rule,
    st.sampled_from(["", "person.name", "figure:visits"]),
    words,
    st.sampled_from(FigureColumn),
    writings,
)
share = st.floats(0, 1)
columns = st.builds(ColumnRule, st.integers(1, 16_384), words, rules, st.integers(1, 64), share, words)
cells = st.builds(
    CellRule,
    st.sampled_from(["B3", "XFD1048576", "T1R2C3", "P5"]),
    words,
    rules,
    st.none() | st.integers(0, 99),
    st.integers(1, 64),
    share,
    words,
)
ages = st.none() | st.integers(0, 150)
templates = st.builds(
    Template,
    st.sampled_from(FormKind),
    st.sampled_from(Subject),
    words,
    st.tuples(st.integers(0, 99), st.integers(0, 99)),
    st.integers(0, 1_048_576),
    st.integers(0, 1_048_576),
    st.lists(columns, max_size=3).map(tuple),
    st.lists(cells, max_size=3).map(tuple),
    st.builds(
        Choosing, st.lists(words, max_size=2).map(tuple), st.lists(words, max_size=2).map(tuple), ages, ages
    ),
    st.sampled_from(["xlsx", "docx"]),
    st.booleans(),
)


@settings(max_examples=80, deadline=None)
@given(templates)
def test_a_template_comes_back_from_its_text_as_it_was(template: Template) -> None:
    assert from_json(to_json(template)) == template


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["version", "kind", "columns", "cells", "rule", "writing", "cell", "factor", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_else_comes_as_a_template_is_refused_in_words(data: object) -> None:
    import json

    with pytest.raises(UserError):
        from_json(json.dumps({"version": 1, "kind": "list", "columns": data, "x": data}))
    with pytest.raises(UserError):
        from_json(json.dumps(data))
