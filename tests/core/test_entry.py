"""The one cleaning at the door: the same for forms, imports and undo."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stationdesk.core.entry import entered
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Kind, Spec
from tests.hostile import STRINGS

AWKWARD = "ＡａåÅßŉΐ１２\u3000 \u030a\u0301-xX\n\u2028\x0b"
"""Letters that change their number or their order when they change case, width or form."""


def told(kind: Kind, *, optional: bool = True, type_: type = str) -> Field:
    return Field("thing", "field", type_, optional=optional, many=False, spec=Spec("字段", kind=kind))


@settings(max_examples=300)
@given(kind=st.sampled_from(Kind), text=st.text() | st.text(alphabet=AWKWARD))
def test_cleaning_twice_changes_nothing_more(kind: Kind, text: str) -> None:
    field = told(kind)
    once = entered(field, text)
    assert entered(field, once) == once


@pytest.mark.parametrize("kind", list(Kind))
def test_hostile_text_comes_in_as_text_that_every_file_can_hold(kind: Kind) -> None:
    for text in STRINGS:
        value = entered(told(kind, optional=False), text)
        assert isinstance(value, str)
        assert value.encode("utf-8").decode("utf-8") == value
        assert not any(ord(sign) < 32 and sign != "\n" for sign in value), text


@pytest.mark.parametrize(
    ("kind", "given_", "stored"),
    [
        (Kind.LINE, " 桃园\n村 ", "桃园 村"),
        (Kind.TEXT, " 一\r\n二\x0b ", "一\n二"),
        (Kind.PHONE, "０３７１－ １２３", "0371-123"),
        (Kind.ID_NUMBER, "１１０１０５ 19491231 002ｘ", "11010519491231002X"),
        (Kind.NUMBER, "医－０７", "医-07"),
        (Kind.LINE, "ＡＢ", "ＡＢ"),
    ],
)
def test_each_kind_of_text_is_cleaned_in_its_own_way(kind: Kind, given_: str, stored: str) -> None:
    assert entered(told(kind), given_) == stored


@pytest.mark.parametrize(
    ("given_", "stored"),
    [("0.01", "0.01"), ("12", "12.00"), ("0.005", "0.01"), ("-0.005", "-0.01"), ("1.004", "1.00")],
)
def test_money_is_whole_cents_rounded_as_people_round(given_: str, stored: str) -> None:
    assert str(entered(told(Kind.PLAIN, type_=Decimal), Decimal(given_))) == stored


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u3000", "\x00"])
def test_an_empty_text_is_not_filled_in(text: str) -> None:
    assert entered(told(Kind.LINE), text) is None
    assert entered(told(Kind.LINE, optional=False), text) == ""


@pytest.mark.parametrize("value", [None, True, 0, -3, 2.5, date(2026, 1, 1), frozenset({"a"})])
def test_what_is_not_text_passes_as_it_is(value: object) -> None:
    assert entered(told(Kind.PLAIN, type_=type(value)), value) is value


@pytest.mark.parametrize(
    "value",
    [
        10**30,
        -(10**400),
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("1e999999"),
        Decimal("-Infinity"),
    ],
)
def test_a_number_that_no_column_holds_is_refused_in_words(value: object) -> None:
    with pytest.raises(UserError, match="“字段”的数"):
        entered(told(Kind.PLAIN, type_=type(value)), value)
