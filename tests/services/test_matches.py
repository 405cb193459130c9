"""The closed loop: every step from every state, capacity in its period, and the need that goes along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from stationdesk.core.clock import FixedClock
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.vocab import CapacityPer, MatchState, NeedStatus
from stationdesk.services import history
from stationdesk.services.matches import match_from, move_match
from stationdesk.services.store import Store
from tests.desk_station import TODAY, edit, read
from tests.services.desk_town import ITEM, add_all, match, need, person, resource

S = MatchState
ALLOWED = {
    S.PLANNED: {S.CONTACTED, S.SERVING, S.FAILED, S.WITHDRAWN},
    S.CONTACTED: {S.SERVING, S.DONE, S.FAILED, S.WITHDRAWN},
    S.SERVING: {S.DONE, S.FAILED, S.WITHDRAWN},
    S.DONE: {S.CONFIRMED, S.SERVING, S.FAILED},
    S.CONFIRMED: set(),
    S.FAILED: set(),
    S.WITHDRAWN: set(),
}
"""Written down here again, so that a slip in the vocabulary is seen."""

ASKED = {"reason": "没有药", "client_words": "送到了"}


def move(store: Store, key: Key, state: MatchState) -> None:
    move_match(store, key, state, ASKED)


def state_of(store: Store, key: Key) -> MatchState:
    state = read(store, "match", key)["state"]
    assert isinstance(state, MatchState)
    return state


def status_of(store: Store, key: Key) -> NeedStatus:
    status = read(store, "need", key)["status"]
    assert isinstance(status, NeedStatus)
    return status


@pytest.mark.parametrize("now", list(S))
def test_a_match_goes_only_where_its_state_leads(store: Store, now: MatchState) -> None:
    who, provider = person(store), resource(store)
    for wanted in S:
        key = match(store, need(store, who), provider, state=now, **ASKED)
        if wanted is now or wanted in ALLOWED[now]:
            move(store, key, wanted)
            assert state_of(store, key) is wanted
        else:
            with pytest.raises(UserError, match="不能直接到"):
                move(store, key, wanted)
            assert state_of(store, key) is now


@pytest.mark.parametrize("state", [S.FAILED, S.WITHDRAWN])
@pytest.mark.parametrize("reason", [None, "", " \n"])
def test_giving_up_asks_for_a_reason(store: Store, state: MatchState, reason: str | None) -> None:
    key = match(store, need(store), resource(store))
    with pytest.raises(UserError, match="写明原因"):
        move_match(store, key, state, {"reason": reason})
    assert state_of(store, key) is S.PLANNED


def test_confirming_asks_for_the_clients_own_words(store: Store) -> None:
    key = match(store, need(store), resource(store), state=S.DONE)
    with pytest.raises(UserError, match="服务对象自己的话"):
        move_match(store, key, S.CONFIRMED)
    move_match(store, key, S.CONFIRMED, {"client_words": "送到了，谢谢"})
    assert read(store, "match", key)["confirmed_on"] == TODAY


def test_what_is_done_has_its_day_until_the_client_says_otherwise(store: Store) -> None:
    key = match(store, need(store), resource(store), state=S.SERVING)
    move_match(store, key, S.DONE)
    assert read(store, "match", key)["done_on"] == TODAY
    move_match(store, key, S.SERVING)
    assert read(store, "match", key)["done_on"] is None


def test_days_are_in_order_and_not_ahead(store: Store) -> None:
    wish, provider = need(store), resource(store)
    with pytest.raises(UserError, match="还没到"):
        match(store, wish, provider, matched_on=TODAY + timedelta(days=1))
    with pytest.raises(UserError, match="不能大于"):
        match(store, wish, provider, state=S.DONE, done_on=TODAY - timedelta(days=1))


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_match_takes_at_least_one(store: Store, quantity: int) -> None:
    with pytest.raises(UserError, match="数量”要大于 0"):
        match(store, need(store), resource(store), quantity=quantity)


# The need goes along


@pytest.mark.parametrize("before", [NeedStatus.TO_ASSESS, NeedStatus.TO_MATCH])
@pytest.mark.parametrize("state", [each for each in S if each not in (S.FAILED, S.WITHDRAWN)])
def test_a_first_match_takes_its_need_along(store: Store, before: NeedStatus, state: MatchState) -> None:
    wish = need(store, status=before)
    match(store, wish, resource(store), state=state, **ASKED)
    assert status_of(store, wish) is NeedStatus.MATCHING


def test_a_need_waits_again_only_with_its_last_failure(store: Store) -> None:
    wish = need(store)
    first, second = match(store, wish, resource(store, "甲")), match(store, wish, resource(store, "乙"))
    move(store, first, S.FAILED)
    assert status_of(store, wish) is NeedStatus.MATCHING
    move(store, second, S.WITHDRAWN)
    assert status_of(store, wish) is NeedStatus.TO_MATCH
    history.undo(store)
    assert (status_of(store, wish), state_of(store, second)) == (NeedStatus.MATCHING, S.PLANNED)


def test_a_match_that_moves_to_another_need_leaves_the_first_one_waiting(store: Store) -> None:
    first, second = need(store), need(store)
    key = match(store, first, resource(store))
    edit(store, "match", key, need_key=second)
    assert status_of(store, first) is NeedStatus.TO_MATCH
    assert status_of(store, second) is NeedStatus.MATCHING


@pytest.mark.parametrize("status", [NeedStatus.PARTLY_MET, NeedStatus.MET, NeedStatus.REFERRED])
def test_a_match_never_closes_a_need_nor_opens_one(store: Store, status: NeedStatus) -> None:
    wish = need(store)
    key = match(store, wish, resource(store))
    edit(store, "need", wish, status=status)
    for state in (S.CONTACTED, S.DONE, S.CONFIRMED):
        move(store, key, state)
        assert status_of(store, wish) is status


def test_an_old_match_that_is_edited_does_not_move_its_need(store: Store) -> None:
    wish = need(store)
    key = match(store, wish, resource(store), state=S.CONFIRMED, **ASKED)
    edit(store, "need", wish, status=NeedStatus.TO_MATCH)
    edit(store, "match", key, note="补记")
    assert status_of(store, wish) is NeedStatus.TO_MATCH


def test_a_closed_need_takes_no_new_match(store: Store) -> None:
    wish = need(store)
    edit(store, "need", wish, status=NeedStatus.MET)
    with pytest.raises(UserError, match="已满足"):
        match_from(store, wish, resource(store))
    match(store, wish, resource(store), state=S.DONE)


# Twice


def test_a_need_and_a_resource_are_matched_once_at_a_time(store: Store) -> None:
    wish, provider = need(store), resource(store)
    key = match_from(store, wish, provider).keys("match")[0]
    with pytest.raises(UserError, match=str(read(store, "match", key)["code"])):
        match_from(store, wish, provider)
    move(store, key, S.FAILED)
    again = match_from(store, wish, provider).keys("match")[0]
    edit(store, "match", key, note="补记")
    assert state_of(store, again) is S.PLANNED


def test_what_was_done_is_not_opened_again_beside_its_successor(store: Store) -> None:
    wish, provider = need(store), resource(store)
    first = match(store, wish, provider, state=S.DONE)
    match(store, wish, provider)
    with pytest.raises(UserError, match="已经在对接"):
        move_match(store, first, S.SERVING)


def test_a_match_does_not_slip_into_a_pair_that_is_under_way(store: Store) -> None:
    wish, provider, other = need(store), resource(store, "甲"), resource(store, "乙")
    match(store, wish, provider)
    key = match(store, wish, other)
    with pytest.raises(UserError, match="已经在对接"):
        edit(store, "match", key, resource_key=provider)


def test_a_match_keeps_why_it_was_suggested_and_who_made_it(store: Store) -> None:
    outcome = match_from(store, need(store), resource(store), "能提供“送药”；同村", {"quantity": 2})
    values = read(store, "match", outcome.keys("match")[0])
    assert values["why"] == "能提供“送药”；同村"
    assert values["worker_key"] == store.actor.key
    assert values["quantity"] == 2
    assert values["code"] == "接-0001"


@pytest.mark.parametrize("gone", ["need", "resource"])
def test_matching_with_what_is_gone_is_said(store: Store, gone: str) -> None:
    keys = {"need": need(store), "resource": resource(store), gone: Key("0" * 32)}
    with pytest.raises(UserError, match="已经删除了"):
        match_from(store, keys["need"], keys["resource"])
    with pytest.raises(UserError, match="已经删除了"):
        move_match(store, Key("0" * 32), S.FAILED)


# Capacity

SUNDAY = TODAY
MONDAY = date(2026, 11, 16)
FIRST = date(2026, 11, 1)

TAKES: Mapping[CapacityPer | None, Callable[[MatchState, date], bool]] = {
    # period: (state, day of the match) -> whether it takes of the capacity today
    None: lambda state, _day: state.is_open,
    CapacityPer.AT_A_TIME: lambda state, _day: state.is_open,
    CapacityPer.ONCE: lambda state, _day: state not in (S.FAILED, S.WITHDRAWN),
    CapacityPer.DAY: lambda state, day: state not in (S.FAILED, S.WITHDRAWN) and day == SUNDAY,
    CapacityPer.WEEK: lambda state, day: state not in (S.FAILED, S.WITHDRAWN) and day >= MONDAY,
    CapacityPer.MONTH: lambda state, day: state not in (S.FAILED, S.WITHDRAWN) and day >= FIRST,
}


def test_what_remains_follows_the_period_the_state_and_the_day(store: Store) -> None:
    who = person(store)
    days = [day for last in (SUNDAY, MONDAY, FIRST) for day in (last, last - timedelta(days=1))]
    cases = [(state, day) for state in S for day in days]
    wishes = add_all(store, "need", [{"item": ITEM, "person_key": who} for _case in cases])
    for per, takes in TAKES.items():
        provider = resource(store, capacity=100, capacity_per=per)
        add_all(
            store,
            "match",
            [
                {
                    "need_key": wish,
                    "resource_key": provider,
                    "state": state,
                    "matched_on": day,
                    "quantity": 2,
                    **ASKED,
                }
                for wish, (state, day) in zip(wishes, cases, strict=True)
            ],
        )
        taken = sum(2 for case in cases if takes(*case))
        assert read(store, "resource", provider)["remaining"] == 100 - taken, per


def test_a_match_without_a_quantity_takes_one(store: Store) -> None:
    provider = resource(store, capacity=2)
    match(store, need(store), provider)
    assert read(store, "resource", provider)["remaining"] == 1


@pytest.mark.parametrize("per", list(TAKES))
def test_a_match_that_asks_for_more_than_is_left_names_the_figures(
    store: Store, per: CapacityPer | None
) -> None:
    provider = resource(store, capacity=3, capacity_per=per)
    match(store, need(store), provider, quantity=2)
    with pytest.raises(UserError, match="容量 3，已用 2，还要 2"):
        match(store, need(store), provider, quantity=2)
    match(store, need(store), provider)
    assert read(store, "resource", provider)["remaining"] == 0


@pytest.mark.parametrize(
    ("per", "past"),
    [
        (CapacityPer.DAY, SUNDAY - timedelta(days=1)),
        (CapacityPer.WEEK, MONDAY - timedelta(days=1)),
        (CapacityPer.MONTH, FIRST - timedelta(days=1)),
    ],
)
def test_a_match_entered_late_takes_from_its_own_period(store: Store, per: CapacityPer, past: date) -> None:
    provider = resource(store, capacity=1, capacity_per=per)
    match(store, need(store), provider)
    key = match(store, need(store), provider, matched_on=past)
    with pytest.raises(UserError, match="不够"):
        match(store, need(store), provider, matched_on=past)
    with pytest.raises(UserError, match="不够"):
        edit(store, "match", key, matched_on=TODAY)


def test_a_week_ends_on_sunday_and_a_month_with_its_last_day(store: Store) -> None:
    weekly = resource(store, "每周", capacity=1, capacity_per=CapacityPer.WEEK)
    monthly = resource(store, "每月", capacity=1, capacity_per=CapacityPer.MONTH)
    match(store, need(store), weekly)
    match(store, need(store), monthly)
    store.clock = FixedClock.on(TODAY + timedelta(days=1))
    match(store, need(store), weekly)
    with pytest.raises(UserError, match="不够"):
        match(store, need(store), monthly)
    store.clock = FixedClock.on(date(2026, 12, 1))
    match(store, need(store), monthly)


def test_a_match_may_change_its_own_quantity_up_to_what_is_there(store: Store) -> None:
    provider = resource(store, capacity=5, capacity_per=CapacityPer.ONCE)
    key = match(store, need(store), provider, quantity=3, state=S.CONTACTED)
    edit(store, "match", key, quantity=5)
    with pytest.raises(UserError, match="已用 0，还要 6"):
        edit(store, "match", key, quantity=6)


def test_a_match_that_moves_to_a_full_resource_is_refused(store: Store) -> None:
    roomy, full = resource(store, "甲", capacity=9), resource(store, "乙", capacity=1)
    key = match(store, need(store), roomy)
    match(store, need(store), full)
    with pytest.raises(UserError, match=r"乙.*不够"):
        edit(store, "match", key, resource_key=full)


def test_what_was_done_takes_a_place_again_when_it_goes_on(store: Store) -> None:
    provider = resource(store, capacity=1, capacity_per=CapacityPer.AT_A_TIME)
    first = match(store, need(store), provider, state=S.DONE)
    match(store, need(store), provider)
    with pytest.raises(UserError, match="不够"):
        move_match(store, first, S.SERVING)


@pytest.mark.parametrize("values", [{"note": "x"}, {"state": S.CONTACTED}])
def test_a_full_resource_does_not_stop_what_is_under_way(store: Store, values: dict[str, Any]) -> None:
    provider = resource(store, capacity=1)
    key = match(store, need(store), provider)
    edit(store, "resource", provider, capacity=0)
    edit(store, "match", key, **values)


def test_without_a_capacity_nothing_is_counted(store: Store) -> None:
    provider = resource(store)
    match(store, need(store), provider, quantity=1_000_000)
    assert read(store, "resource", provider)["remaining"] is None
