"""Home visits: whose household, what times, and when the next one is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.vocab import FollowLevel, VisitOutcome
from stationdesk.services.store import Store
from tests.desk_station import TODAY, add, edit, read
from tests.services.desk_town import household, person


def visit(store: Store, home: Key | None = None, **values: Any) -> Key:
    return add(store, "visit", household_key=home, **values)


def test_the_person_brings_the_household(store: Store) -> None:
    who = person(store)
    values = read(store, "visit", visit(store, person_key=who))
    assert values["household_key"] == read(store, "person", who)["household_key"]
    assert values["code"] == "访-0001"


def test_a_visit_without_a_household_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="走访户"):
        visit(store)


def test_a_person_of_another_household_is_refused_by_name(store: Store) -> None:
    with pytest.raises(UserError, match="张山"):
        visit(store, household(store), person_key=person(store, "张山"))


def test_an_old_visit_stays_with_the_household_the_person_has_left(store: Store) -> None:
    old, new = household(store), household(store)
    who = person(store, home=old)
    key = visit(store, old, person_key=who)
    edit(store, "person", who, household_key=new)
    edit(store, "visit", key, situation="身体还好")
    assert read(store, "visit", key)["household_key"] == old
    other = person(store, "乙", new)
    with pytest.raises(UserError, match="不在所选的户里"):
        edit(store, "visit", key, person_key=other)


@pytest.mark.parametrize("level", [None, *FollowLevel])
@pytest.mark.parametrize("outcome", list(VisitOutcome))
def test_the_next_visit_follows_from_the_level_when_somebody_was_met(
    store: Store, level: FollowLevel | None, outcome: VisitOutcome
) -> None:
    home = household(store, follow_level=level)
    follows = outcome.is_completed and level is not None
    next_on = read(store, "visit", visit(store, home, outcome=outcome))["next_on"]
    assert next_on == (TODAY + timedelta(days=level.default_days) if follows and level else None)


def test_a_next_visit_that_is_told_is_kept(store: Store) -> None:
    home = household(store, follow_level=FollowLevel.HIGH)
    day = TODAY + timedelta(days=3)
    assert read(store, "visit", visit(store, home, next_on=day))["next_on"] == day


@pytest.mark.parametrize(("typed", "stored"), [("9:05", "09:05"), ("09：30", "09:30"), (" 23:59 ", "23:59")])
def test_a_time_is_stored_in_one_way(store: Store, typed: str, stored: str) -> None:
    assert read(store, "visit", visit(store, household(store), started=typed))["started"] == stored


@pytest.mark.parametrize("typed", ["9", "24:00", "9:60", "上午", "9:5", "-1:00"])
def test_what_is_no_time_is_refused_with_an_example(store: Store, typed: str) -> None:
    with pytest.raises(UserError, match="09:30"):
        visit(store, household(store), started=typed)


def test_a_visit_does_not_end_before_it_started(store: Store) -> None:
    with pytest.raises(UserError, match="不能大于"):
        visit(store, household(store), started="10:00", ended="9:30")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"visited_on": TODAY + timedelta(days=1)}, "还没到"),
        ({"people": -1}, "见到人数”不能小于 0"),
        ({"needs_found": -1}, "发现需求数”不能小于 0"),
    ],
)
def test_what_cannot_have_happened_is_refused(store: Store, values: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        visit(store, household(store), **values)
