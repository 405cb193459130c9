"""The named sets that figures, lists and ledgers share, each against its definition in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stationdesk.core.fields import Key
from stationdesk.core.vocab import (
    FollowLevel,
    HouseholdStatus,
    MatchState,
    NeedStatus,
    ResourceStatus,
    StateOfUse,
    Urgency,
)
from stationdesk.services.listing import Query, keys_of
from stationdesk.services.store import Store
from tests.desk_station import TODAY
from tests.services.desk_town import household, match, need, person, resource

ENDS = {"reason": "没空", "client_words": "好"}


def within(store: Store, record: str, scope: str) -> set[Key]:
    return set(keys_of(store, Query(record, scope=scope)))


def test_a_need_is_open_until_it_is_closed(store: Store) -> None:
    who = person(store)
    keys = {each: need(store, who, status=each, close_reason="搬走") for each in NeedStatus}
    assert within(store, "need", "open") == {key for each, key in keys.items() if each.is_open}
    assert within(store, "need", "unmatched") == within(store, "need", "open")


@pytest.mark.parametrize("state", list(MatchState))
def test_a_need_is_taken_while_a_match_is_under_way_or_waits_for_the_clients_word(
    store: Store, state: MatchState
) -> None:
    wish = need(store)
    match(store, wish, resource(store), state=state, **ENDS)
    under_way = {MatchState.PLANNED, MatchState.CONTACTED, MatchState.SERVING, MatchState.DONE}
    assert within(store, "need", "unmatched") == (set() if state in under_way else {wish})


def test_an_urgent_need_is_one_of_the_first_two_degrees(store: Store) -> None:
    who = person(store)
    keys = {each: need(store, who, urgency=each) for each in Urgency}
    assert within(store, "need", "urgent") == {keys[Urgency.CRITICAL], keys[Urgency.SOON]}


def test_a_resource_is_usable_when_it_is_valid_and_not_stopped(store: Store) -> None:
    keys = {
        (status, use): resource(store, status=status, state_of_use=use)
        for status in ResourceStatus
        for use in StateOfUse
    }
    expected = {
        key
        for (status, use), key in keys.items()
        if status is ResourceStatus.ACTIVE and use is not StateOfUse.STOPPED
    }
    assert within(store, "resource", "usable") == expected


def test_a_confidential_resource_is_not_missed_on_the_map(store: Store) -> None:
    bare = resource(store)
    resource(store, confidential=True)
    resource(store, latitude=34.5, longitude=114.3)
    assert within(store, "resource", "unplaced") == {bare}


@pytest.mark.parametrize("status", list(HouseholdStatus))
def test_only_households_on_the_books_fall_due(store: Store, status: HouseholdStatus) -> None:
    home = household(
        store, status=status, follow_level=FollowLevel.HIGH, opened_on=TODAY - timedelta(days=30)
    )
    expected = {home} if status is HouseholdStatus.ACTIVE else set()
    assert within(store, "household", "active") == expected
    assert within(store, "household", "overdue") == expected


def test_a_household_without_a_level_or_an_opening_day_never_falls_due(store: Store) -> None:
    household(store, opened_on=TODAY - timedelta(days=3000))
    household(store, follow_level=FollowLevel.HIGH, opened_on=None)
    assert within(store, "household", "overdue") == set()


def test_the_states_of_matches_fall_into_open_unconfirmed_and_settled(store: Store) -> None:
    who = person(store)
    keys = {each: match(store, need(store, who), resource(store), state=each, **ENDS) for each in MatchState}
    assert within(store, "match", "open") == {key for each, key in keys.items() if each.is_open}
    assert within(store, "match", "unconfirmed") == {keys[MatchState.DONE]}
    assert within(store, "match", "unfinished") == within(store, "match", "open") | {keys[MatchState.DONE]}
