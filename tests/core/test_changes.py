"""Changes as values: their difference, their opposite, and the keys of new records."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from stationdesk.core.changes import Change, ChangeSet, changed, created, new_key, removed
from stationdesk.core.fields import Key

A, B = Key("a" * 32), Key("b" * 32)


def test_keys_made_later_sort_later_even_within_a_millisecond() -> None:
    keys = [new_key() for _number in range(20_000)]
    assert keys == sorted(set(keys))


def test_a_clock_that_is_set_back_does_not_turn_the_order_of_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now)
    first = new_key()
    monkeypatch.setattr(time, "time_ns", lambda: now - 3_600_000_000_000)
    assert new_key() > first


def test_threads_never_get_the_same_key() -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = [
            key for many in pool.map(lambda _n: [new_key() for _m in range(2000)], range(8)) for key in many
        ]
    assert len(set(keys)) == 16_000


def test_a_key_is_a_version_7_uuid_of_now() -> None:
    key = new_key()
    assert len(key) == 32
    assert key == key.lower()
    assert key[12] == "7"
    assert key[16] in "89ab"
    assert abs(int(key[:12], 16) - time.time_ns() // 1_000_000) < 60_000


def test_a_change_holds_only_what_differs() -> None:
    change = changed("village", A, {"name": "甲", "phone": None, "note": "x"}, {"name": "乙", "phone": None})
    assert change == Change("village", A, {"name": "甲"}, {"name": "乙"})


def test_no_difference_is_no_change() -> None:
    assert changed("village", A, {"name": "甲"}, {"name": "甲"}) is None
    assert changed("village", A, {"name": "甲"}, {}) is None


@pytest.mark.parametrize(
    "change",
    [
        created("village", {"name": "甲"}, A),
        removed("village", A, {"name": "甲"}),
        Change("village", A, {"name": "甲"}, {"name": "乙"}),
    ],
)
def test_a_change_taken_back_twice_is_the_change(change: Change) -> None:
    assert change.reversed() != change
    assert change.reversed().reversed() == change


def test_what_is_created_goes_when_it_is_taken_back() -> None:
    assert created("village", {"name": "甲"}, A).reversed() == removed("village", A, {"name": "甲"})


def test_values_are_added_to_what_a_change_says_already() -> None:
    change = Change("village", A, {"name": "甲"}, {"name": "乙"}).with_values({"code": "1"})
    assert change.values == {"name": "乙", "code": "1"}


def test_a_record_that_goes_takes_no_values() -> None:
    gone = removed("village", A, {"name": "甲"})
    assert dict(gone.values) == {}
    with pytest.raises(ValueError, match="no values after"):
        gone.with_values({"name": "乙"})


def test_a_later_edit_of_the_caller_does_not_reach_into_a_change() -> None:
    values = {"name": "甲"}
    change = created("village", values)
    values["name"] = "乙"
    assert change.values["name"] == "甲"


def test_an_outcome_names_each_touched_record_once_and_in_order() -> None:
    outcome = ChangeSet(
        Key("c"),
        "修改",
        (
            created("need", {}, B),
            Change("village", A, {"name": "甲"}, {"name": "乙"}),
            Change("need", A, {"note": None}, {"note": "x"}),
            Change("need", B, {"note": None}, {"note": "y"}),
        ),
    )
    assert outcome.keys("need") == (B, A)
    assert outcome.records == {"need", "village"}
    assert outcome


def test_an_outcome_without_changes_is_nothing_to_tell() -> None:
    assert not ChangeSet(Key("c"), "修改")
