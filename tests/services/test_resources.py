"""Resources: the letter in the number, figures and days in order, and when one is due to be checked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from stationdesk.core.errors import UserError
from stationdesk.core.vocab import Dimension, MapClass, ResourceStatus
from stationdesk.services import history
from stationdesk.services.listing import Query, keys_of
from stationdesk.services.resources import days_unchecked, verify_today
from stationdesk.services.scopes import VERIFY_DAYS
from stationdesk.services.store import Store
from tests.desk_station import TODAY, edit, read
from tests.services.desk_town import resource


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize("map_class", list(MapClass))
def test_the_number_bears_the_letter_of_the_class(store: Store, map_class: MapClass) -> None:
    codes = [read(store, "resource", resource(store, map_class=map_class))["code"] for _number in range(2)]
    assert codes == [f"{map_class.letter}-01", f"{map_class.letter}-02"]


def test_a_new_class_means_a_new_number_and_the_old_one_is_not_given_again(store: Store) -> None:
    key = resource(store)
    edit(store, "resource", key, map_class=MapClass.ELDERLY)
    assert read(store, "resource", key)["code"] == "养-01"
    assert read(store, "resource", resource(store))["code"] == "医-02"


def test_a_number_typed_with_the_new_class_is_kept_and_counted(store: Store) -> None:
    key = resource(store)
    edit(store, "resource", key, map_class=MapClass.ELDERLY, code="养-07")
    assert read(store, "resource", key)["code"] == "养-07"
    assert read(store, "resource", resource(store, map_class=MapClass.ELDERLY))["code"] == "养-08"


def test_other_edits_keep_the_number(store: Store) -> None:
    key = resource(store, code="旧-3")
    edit(store, "resource", key, name="镇中心卫生院")
    assert read(store, "resource", key)["code"] == "旧-3"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"second_dimension": Dimension.ORGANISATIONS}, "第二维度"),
        ({"capacity": -1}, "容量”不能小于 0"),
        ({"min_age": -1}, "最小年龄”不能小于 0"),
        ({"min_age": 60, "max_age": 6}, "最小年龄”（60）不能大于"),
        ({"valid_from": ago(1), "valid_to": ago(2)}, "有效期起"),
        ({"verified_on": ago(-1)}, "还没到"),
        ({"collected_on": ago(-1)}, "还没到"),
    ],
)
def test_figures_and_days_are_in_order(store: Store, values: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        resource(store, **values)


def test_ages_and_days_may_be_equal(store: Store) -> None:
    resource(store, min_age=6, max_age=6, valid_from=TODAY, valid_to=TODAY, capacity=0, verified_on=TODAY)


DUE = [
    pytest.param(
        {"verified_on": None, "collected_on": ago(5)}, 5, id="never verified counts from collection"
    ),
    pytest.param({"verified_on": None, "collected_on": None}, 0, id="nothing known"),
    pytest.param({"verified_on": ago(VERIFY_DAYS)}, None, id="on the last day"),
    pytest.param({"verified_on": ago(VERIFY_DAYS + 1)}, VERIFY_DAYS + 1, id="a day late"),
    pytest.param({"verified_on": ago(3), "verify_due": TODAY}, 3, id="its own day has come"),
    pytest.param({"verified_on": ago(400), "verify_due": ago(-1)}, None, id="its own day is ahead"),
    pytest.param({"status": ResourceStatus.LAPSED, "verified_on": ago(400)}, None, id="lapsed"),
]


@pytest.mark.parametrize(("values", "days"), DUE)
def test_the_row_and_the_scope_agree_on_what_is_due_to_be_checked(
    store: Store, values: dict[str, Any], days: int | None
) -> None:
    key = resource(store, **values)
    assert days_unchecked(read(store, "resource", key), TODAY) == days
    assert keys_of(store, Query("resource", scope="verify")) == ((key,) if days is not None else ())


def test_what_was_checked_today_is_no_longer_due_and_undo_brings_it_back(store: Store) -> None:
    late = resource(store, verified_on=ago(400))
    passed = resource(store, verified_on=ago(400), verify_due=ago(10))
    ahead = resource(store, verified_on=ago(10), verify_due=ago(-30))
    verify_today(store, late, passed, ahead)
    assert keys_of(store, Query("resource", scope="verify")) == ()
    assert read(store, "resource", passed)["verify_due"] is None
    assert read(store, "resource", ahead)["verify_due"] == ago(-30)
    history.undo(store)
    assert set(keys_of(store, Query("resource", scope="verify"))) == {late, passed}


def test_checking_twice_on_a_day_is_no_second_step(store: Store) -> None:
    key = resource(store, verified_on=ago(400))
    assert verify_today(store, key)
    assert not verify_today(store, key)
