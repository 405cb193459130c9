"""Text is cleaned once, at entry, and found by any one or two characters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from stationdesk.core.text import clean, clean_line, closed_up, digits, full_to_half, has_han, spaced

ANY_TEXT = st.text(alphabet=st.characters())  # lone surrogates and noncharacters included


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("张\x00三", "张三"),
        ("一\x0b二\x0c三", "一\n二\n三"),
        ("一\r\n二\r三\u2028四\x85五", "一\n二\n三\n四\n五"),
        ("\ufeff姓名", "姓名"),
        ("列\t列", "列 列"),
        ("坏\ud800半", "坏半"),
        ("\ud83d\ude00", "😀"),
        ("e\u0301", "é"),
        ("尾\uffff\ufffe", "尾"),
        ("　　段首空两格", "　　段首空两格"),
        ("𬱟𰻝", "𬱟𰻝"),
    ],
)
def test_what_is_no_text_goes_at_entry_and_the_rest_stays(entered: str, kept: str) -> None:
    assert clean(entered) == kept


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(ANY_TEXT)
def test_cleaned_text_can_stand_in_any_file(text: str) -> None:
    kept = clean(text)
    kept.encode("utf-8")
    element = etree.Element("t")
    element.text = kept  # raises on what no workbook and no page can hold
    assert unicodedata.is_normalized("NFC", kept)


@given(ANY_TEXT)
def test_a_line_is_one_line_without_blanks_at_its_ends(text: str) -> None:
    line = clean_line(text)
    assert "\n" not in line
    assert "\t" not in line
    assert line == line.strip()


def test_lines_pasted_into_a_field_of_one_line_are_joined_by_a_blank() -> None:
    assert clean_line(" 张三\r\n\r\n 李四\u3000") == "张三 李四"


def test_a_number_typed_in_full_width_is_the_same_number() -> None:
    assert full_to_half(" １１ ０１０５ｘ\u3000") == "110105x"
    assert digits("０７１８-８22 转 ３") == "07188223"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("残疾2级", "残 疾 2 级"),
        ("ＡＢc栋", "abc 栋"),
        ("𬱟家坪", "𬱟 家 坪"),
        ("〇八", "〇 八"),
        ("  a  b ", "a b"),
        ("", ""),
    ],
)
def test_each_chinese_character_is_a_word_of_the_index(text: str, form: str) -> None:
    assert spaced(text) == form


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=8))
def test_any_two_neighbouring_characters_are_a_phrase_of_the_index(text: str) -> None:
    for start in range(len(text) - 1):
        assert f" {spaced(text[start : start + 2])} " in f" {spaced(text)} "


def test_chinese_is_told_from_the_rest() -> None:
    assert has_han("a村")
    assert has_han("\U00030edd")
    assert not has_han("Ab1，。ひ")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("李  明", "李明"),
        ("高　秀兰", "高秀兰"),
        ("John Smith", "John Smith"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
    ],
)
def test_a_chinese_name_that_was_set_apart_is_closed_up(typed: str, name: str) -> None:
    assert closed_up(typed) == name
