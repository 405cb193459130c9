"""Card numbers are checked, told in words when wrong, and recognised when a spreadsheet has damaged them."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.core.errors import UserError
from stationdesk.core.idcard import (
    Fault,
    NumberError,
    check_credit_code,
    check_digit,
    check_disability_certificate,
    check_id,
    ends_in_zeros,
    looks_damaged,
    looks_damaged_credit_code,
    upgrade,
)
from stationdesk.core.vocab import Sex

TODAY = date(2026, 11, 21)
NOWHERE = "999999"  # no place has this area code


def number(born: str, sequence: str = "001", area: str = NOWHERE) -> str:
    first17 = area + born + sequence
    return first17 + check_digit(first17)


@pytest.mark.parametrize("public", ["11010519491231002X", "440524188001010014"])
def test_the_examples_of_the_standard_are_right(public: str) -> None:
    assert check_id(public, TODAY).number == public


def test_a_number_tells_sex_birth_and_area() -> None:
    woman = check_id("11010519491231002X", TODAY)
    assert (woman.sex, woman.birth_date, woman.area) == (Sex.FEMALE, date(1949, 12, 31), "110105")
    assert check_id("440524188001010014", TODAY).sex is Sex.MALE


@pytest.mark.parametrize(
    "typed",
    ["11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002X",
     "'11010519491231002X", "110105-19491231-002X", "\u200e11010519491231002X", "11010519491231002×"],
)  # fmt: skip
def test_a_number_is_read_however_it_was_typed(typed: str) -> None:
    assert check_id(typed, TODAY).number == "11010519491231002X"


def test_a_number_of_fifteen_digits_becomes_eighteen() -> None:
    assert check_id("110105491231002", TODAY).number == "11010519491231002X"
    assert upgrade("440524800101001") == "440524198001010013"
    assert check_id("999999800101996", TODAY).birth_date == date(1880, 1, 1)


@pytest.mark.parametrize("area", ["810000", "820000", "830000"])
def test_residence_permits_are_accepted(area: str) -> None:
    card = check_id(number("19900101", area=area), TODAY)
    assert card.is_residence_permit
    assert not check_id(number("19900101"), TODAY).is_residence_permit


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("", Fault.LENGTH),
        ("1101051949123100", Fault.LENGTH),
        ("1101051949123100A1", Fault.CHARACTERS),
        ("X1010519491231002X", Fault.CHARACTERS),
        ("１１０一05194912310021", Fault.CHARACTERS),
        ("110105194912310021", Fault.CHECK_DIGIT),
        ("101105194912310021", Fault.CHECK_DIGIT),
        ("110105194902300021", Fault.DATE),
        ("110105000012310021", Fault.DATE),
        ("110105179912310021", Fault.DATE),
        (number("20261122"), Fault.FUTURE),
        ("4.40524E+17", Fault.DAMAGED),
        ("110105194912310000", Fault.DAMAGED),
    ],
)
def test_a_wrong_number_says_what_is_wrong(wrong: str, fault: Fault) -> None:
    with pytest.raises(NumberError) as refused:
        check_id(wrong, TODAY)
    assert refused.value.fault is fault
    assert isinstance(refused.value, UserError)
    assert "{" not in str(refused.value)


def test_somebody_born_today_is_accepted() -> None:
    assert check_id(number("20261121"), TODAY).birth_date == TODAY


BIRTHS = st.dates(date(1900, 1, 1), TODAY).map(lambda day: day.strftime("%Y%m%d"))
SEQUENCES = st.integers(0, 999).map("{:03d}".format)


@given(BIRTHS, SEQUENCES, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born: str, sequence: str, place: int, shift: int) -> None:
    right = number(born, sequence)
    assert check_id(right, TODAY).number == right
    if right[place] == "X":
        return
    digit = str((int(right[place]) + shift) % 10)
    with pytest.raises(NumberError):
        check_id(right[:place] + digit + right[place + 1 :], TODAY)


@given(BIRTHS, SEQUENCES, st.integers(0, 16))
def test_two_swapped_neighbours_are_always_noticed(born: str, sequence: str, place: int) -> None:
    right = number(born, sequence)
    swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    if swapped != right:
        with pytest.raises(NumberError):
            check_id(swapped, TODAY)


@given(BIRTHS, SEQUENCES)
def test_what_a_spreadsheet_makes_of_a_number_is_recognised(born: str, sequence: str) -> None:
    right = number(born, sequence)
    assert not looks_damaged(right)
    if right.endswith("X"):
        return  # stays text in a spreadsheet
    eaten = right[:15] + "000"
    assert ends_in_zeros(eaten)
    assert looks_damaged(eaten) == (check_digit(eaten[:17]) != "0")
    assert looks_damaged(f"{float(eaten):.5E}")
    assert looks_damaged(str(float(eaten)))
    assert looks_damaged(f"{float(eaten):.1f}")


@given(st.text(max_size=30))
def test_any_text_is_judged_without_a_crash(text: str) -> None:
    with contextlib.suppress(NumberError):
        check_id(text, TODAY)
    with contextlib.suppress(NumberError):
        check_credit_code(text)
    with contextlib.suppress(NumberError):
        check_disability_certificate(text, TODAY)


def test_a_disability_certificate_tells_kind_and_grade() -> None:
    card = check_disability_certificate("11010519491231002x23", TODAY)
    assert (card.id_card.number, card.kind, card.grade, card.suffix) == ("11010519491231002X", "2", "3", "")
    assert check_disability_certificate("11010519491231002X44B1", TODAY).suffix == "B1"


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("11010519491231002X", Fault.CERTIFICATE_LENGTH),
        ("11010519491231002X231", Fault.CERTIFICATE_LENGTH),
        ("11010519491231002X83", Fault.CERTIFICATE_KIND),
        ("11010519491231002X25", Fault.CERTIFICATE_KIND),
        ("11010519491231002123", Fault.CHECK_DIGIT),
        ("11010519491231000000", Fault.DAMAGED),
    ],
)
def test_a_wrong_certificate_says_what_is_wrong(wrong: str, fault: Fault) -> None:
    with pytest.raises(NumberError) as refused:
        check_disability_certificate(wrong, TODAY)
    assert refused.value.fault is fault


def test_a_credit_code_is_checked() -> None:
    assert check_credit_code("9135 0100 m000100y43") == "91350100M000100Y43"  # the example of the standard
    assert looks_damaged_credit_code("5.11E+17")


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("91350100M000100Y44", Fault.CREDIT_CHECK),
        ("91350100M000100Y4", Fault.CREDIT_LENGTH),
        ("91350100M000100O43", Fault.CREDIT_CHARACTERS),
        ("9.135E+17", Fault.DAMAGED),
    ],
)
def test_a_wrong_credit_code_says_what_is_wrong(wrong: str, fault: Fault) -> None:
    with pytest.raises(NumberError) as refused:
        check_credit_code(wrong)
    assert refused.value.fault is fault
