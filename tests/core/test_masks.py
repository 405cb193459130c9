"""A mask shows what it says and not one sign more."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.core.masks import (
    age_band,
    mask_address,
    mask_bank,
    mask_birth,
    mask_id,
    mask_minor_name,
    mask_name,
    mask_phone,
    mask_words,
)

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
MASKS = (mask_name, mask_minor_name, mask_id, mask_phone, mask_bank, mask_address, mask_birth)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("欧阳小明", "欧阳*"), ("欧阳", "欧*"), ("司马光", "司马*"), ("张三丰年", "张*"),
     ("阿依古丽·买买提", "阿*"), ("𬱟三", "𬱟*"), ("", "")],
)  # fmt: skip
def test_of_a_name_only_the_surname_is_shown(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@given(st.text(alphabet=HAN, min_size=2, max_size=6))
def test_neither_the_given_name_nor_its_length_is_shown(name: str) -> None:
    shown = mask_name(name)
    assert shown.endswith("*")
    assert len(shown) in {2, 3}
    assert name.startswith(shown[:-1])
    assert len(shown) - 1 < len(name)


@given(st.text(alphabet=HAN, min_size=1, max_size=6))
def test_the_name_of_a_minor_tells_nothing(name: str) -> None:
    assert mask_minor_name(name) == mask_minor_name("另一个")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002x", "110*************2X"),
        ("110105491231002", "110**********02"),
        ("11010519491231002X44", "110*****************"),
        ("12345678", "********"),
        ("", ""),
    ],
)
def test_of_an_identity_number_five_signs_are_shown(number: str, shown: str) -> None:
    assert mask_id(number) == shown


@given(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True))
def test_birth_and_sequence_never_show(number: str) -> None:
    shown = mask_id(number)
    assert (shown[:3], shown[3:16], shown[16:]) == (number[:3], "*" * 13, number[16:])


@pytest.mark.parametrize(
    ("entered", "shown"),
    [
        ("13812341234", "138****1234"),
        ("138 1234 1234、0718-8222222", "138****1234、0718-*****22"),
        ("(027) 8888 1234", "027-******34"),
        ("13812341234 13912345678", "138****1234、139****5678"),
        ("+86 13812341234", "138****1234"),
        ("0086-13812341234", "138****1234"),
        ("8222222", "*****22"),
        ("400-123-4567", "400-*****67"),
        ("儿子张三13812341234（晚上打）", "138****1234"),
        ("661234", "******"),
        ("无", ""),
        ("", ""),
    ],
)
def test_of_a_phone_the_middle_is_hidden_and_words_go(entered: str, shown: str) -> None:
    assert mask_phone(entered) == shown


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(max_size=10))
def test_a_mobile_number_never_shows_whole_whatever_stands_beside_it(number: str, beside: str) -> None:
    assert number not in mask_phone(beside + number)
    assert number[3:9] not in mask_phone(number + beside)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("湖北省某县珠山镇桃花村3组12号", "湖北省某县珠山镇桃花村3组"),
        ("新村镇桃花村三组张家院子", "新村镇桃花村三组"),
        ("桃花村民委员会第二村民小组5号", "桃花村民委员会第二村民小组"),
        ("珠山镇村头村５号", "珠山镇村头村"),
        ("幸福社区3栋2单元501", "幸福社区"),
        ("珠山镇解放路12号", "珠山镇"),
        ("珠山镇3组8号", "珠山镇3组"),
        ("解放路12号桃花村", "*"),
        ("解放路5号", "*"),
        ("", ""),
    ],
)
def test_of_an_address_village_and_group_are_shown(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@given(
    st.sampled_from(["桃花村", "桃花村3组", "珠山镇", "幸福社区"]),
    st.integers(1, 999),
    st.sampled_from(["号", "栋", "号楼", "单元", "室"]),
)
def test_a_house_number_never_shows(village: str, number: int, what: str) -> None:
    assert mask_address(f"{village}{number}{what}") == village


def test_of_an_account_the_last_four_are_shown() -> None:
    assert mask_bank("6222 0200 0000 1234 567") == "*" * 15 + "4567"
    assert mask_bank("12345678") == "********"


def test_of_a_birth_the_year_or_a_band_is_shown() -> None:
    assert mask_birth("1949-12-31") == "1949年"
    assert mask_birth("不详") == "*"
    on = date(2026, 10, 1)
    bands = [age_band(date(on.year - years, 1, 1), on) for years in (0, 7, 14, 18, 60, 70, 80, 100)]
    assert bands == [
        "0至6岁", "7至13岁", "14至17岁", "18至59岁", "60至69岁", "70至79岁", "80岁及以上", "80岁及以上",
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_any_text_can_be_masked_and_an_empty_one_stays_empty(text: str) -> None:
    for mask in MASKS:
        assert mask(text) is not None
        assert mask("") == ""


@pytest.mark.parametrize(("words", "shown"), [("柳低字 0231", "柳*"), ("是", "是*"), ("  ", ""), ("", "")])
def test_of_what_has_no_form_the_first_sign_is_shown(words: str, shown: str) -> None:
    assert mask_words(words) == shown
