"""What a value reads like, and that the audit keeps it without loss."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from stationdesk.core.fields import (
    Book,
    Field,
    Kind,
    NoBook,
    Spec,
    from_json,
    plain_text,
    text_of,
    to_json,
)
from stationdesk.core.vocab import Urgency
from stationdesk.db.base import fields_of
from stationdesk.db.models import RECORDS

SHAPES = {
    (each.type, each.many, each.optional): each
    for model in RECORDS.values()
    for each in fields_of(model)
    if not each.derived
}
"""One field for every type of value that any record holds."""

SINGLE: dict[type, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: st.integers(),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
}


def values_of(field: Field) -> st.SearchStrategy[Any]:
    """Everything that a field may hold."""
    single = st.sampled_from(list(field.type)) if issubclass(field.type, Enum) else SINGLE[field.type]
    value = st.frozensets(single, max_size=4) if field.many else single
    return st.none() | value if field.optional else value


class SomeBook(Book):
    """Says which list or record a word came from."""

    @override
    def label(self, codes: str, code: str) -> str:
        return f"{codes}/{code}"

    @override
    def title(self, record: str, key: str) -> str:
        return f"{record}:{key}"


def told(kind: type, *, many: bool = False, **spec: Any) -> Field:
    return Field("thing", "field", kind, optional=True, many=many, spec=Spec("字段", **spec))


@pytest.mark.parametrize("field", [pytest.param(each, id=each.name) for each in SHAPES.values()])
@settings(max_examples=20)
@given(data=st.data())
def test_the_audit_gives_back_every_value_that_a_field_may_hold(field: Field, data: st.DataObject) -> None:
    value = data.draw(values_of(field))
    assert from_json(field, json.loads(json.dumps(to_json(value)))) == value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "是"),
        (False, "否"),
        (0, "0"),
        (Urgency.SOON, "较急（7 天内）"),
        (date(2026, 1, 2), "2026-01-02"),
        (Decimal("1234.5"), "1234.50"),
        (Decimal(0), "0.00"),
        (34.5, "34.5"),
        (100.0, "100"),
        (34.1234567, "34.123457"),
        (-0.0000001, "0"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_value_reads_as_people_write_it(value: object, words: str) -> None:
    assert plain_text(value) == words


@pytest.mark.parametrize(
    ("figure", "words"), [("3.00", "3"), ("2.50", "2.5"), ("100.00", "100"), ("-0.25", "-0.25")]
)
def test_a_number_that_is_no_money_has_no_more_decimals_than_it_needs(figure: str, words: str) -> None:
    field = Field("thing", "far", Decimal, optional=True, many=False, spec=Spec("远近", kind=Kind.FIGURE))
    assert text_of(field, Decimal(figure), NoBook()) == words


def test_a_moment_reads_in_the_time_of_the_place() -> None:
    moment = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert plain_text(moment) == moment.astimezone().strftime("%Y-%m-%d %H:%M")


def test_several_values_stand_in_the_order_of_their_codes() -> None:
    assert text_of(told(str, many=True), frozenset({"b", "c", "a"}), NoBook()) == "a、b、c"
    levels = frozenset({Urgency.LONG_TERM, Urgency.CRITICAL})
    assert text_of(told(Urgency, many=True), levels, NoBook()) == "紧急（24 小时内）、长期"


def test_codes_and_keys_are_shown_in_words() -> None:
    assert text_of(told(str, codes="need_item"), "K2-03", SomeBook()) == "need_item/K2-03"
    assert text_of(told(str, link="person"), "0" * 32, SomeBook()) == f"person:{'0' * 32}"
    assert text_of(told(str, many=True, codes="item"), frozenset({"1", "2"}), SomeBook()) == "item/1、item/2"


def test_nothing_reads_as_nothing() -> None:
    assert text_of(told(str, codes="need_item"), None, SomeBook()) == ""
    assert text_of(told(str, many=True), frozenset(), SomeBook()) == ""


@pytest.mark.parametrize(
    ("field", "blank"),
    [
        (told(str), None),
        (told(str, many=True), None),
        (Field("thing", "some", str, optional=False, many=True, spec=Spec("几个")), frozenset()),
        (Field("thing", "yes", bool, optional=False, many=False, spec=Spec("是")), False),
        (told(bool), None),
        (told(Urgency, default=Urgency.NORMAL), Urgency.NORMAL),
    ],
)
def test_a_new_record_starts_with_what_the_field_tells(field: Field, blank: object) -> None:
    assert field.blank == blank


@pytest.mark.parametrize("record", RECORDS)
def test_no_two_fields_of_a_record_have_the_same_label(record: str) -> None:
    labels = [each.label for each in fields_of(RECORDS[record]) if not each.derived]
    assert sorted(labels) == sorted(set(labels))
