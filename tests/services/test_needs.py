"""Needs: whose they are, what follows from item and urgency, and how they are closed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.vocab import NeedResult, NeedStatus, NeedSubject, Urgency
from stationdesk.services.needs import close_need, result_named
from stationdesk.services.store import Store
from tests.desk_station import TODAY, edit, read
from tests.services.desk_town import household, need, person, village

CLOSED = [each for each in NeedStatus if not each.is_open]
OPEN = [each for each in NeedStatus if each.is_open]


def test_a_need_belongs_to_somebody(store: Store) -> None:
    with pytest.raises(UserError, match="谁的需求"):
        need(store, None, household_key=None)


def test_whose_need_it_is_follows_from_what_is_filled_in(store: Store) -> None:
    home = household(store)
    who = person(store, home=home)
    told = {
        need(store, who): (NeedSubject.PERSON, home),
        need(store, household_key=home): (NeedSubject.HOUSEHOLD, home),
        need(store, village_key=village(store)): (NeedSubject.COMMUNITY, None),
    }
    for key, expected in told.items():
        values = read(store, "need", key)
        assert (values["subject"], values["household_key"]) == expected


def test_a_person_of_another_household_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="不在这一户"):
        need(store, person(store), household_key=household(store))


def test_the_household_goes_along_when_another_person_is_chosen(store: Store) -> None:
    key = need(store, person(store, "甲"))
    other = person(store, "乙")
    edit(store, "need", key, person_key=other)
    assert read(store, "need", key)["household_key"] == read(store, "person", other)["household_key"]


def test_a_need_can_still_be_edited_after_its_person_moved(store: Store) -> None:
    who = person(store)
    key = need(store, who)
    new = household(store)
    edit(store, "person", who, household_key=new)
    edit(store, "need", key, description="每周送一次")
    assert read(store, "need", key)["household_key"] == new


@pytest.mark.parametrize("result", list(NeedResult))
def test_the_result_follows_from_the_item(store: Store, result: NeedResult) -> None:
    assert read(store, "need", need(store, item=f"{result.code}-01"))["result"] is result


def test_a_result_that_is_told_is_kept(store: Store) -> None:
    assert read(store, "need", need(store, result=NeedResult.SAFETY))["result"] is NeedResult.SAFETY


@pytest.mark.parametrize("code", ["K0", "", None, "k1"])
def test_an_unknown_result_is_none(code: str | None) -> None:
    assert result_named(code) is None


@pytest.mark.parametrize("urgency", list(Urgency))
def test_the_day_it_is_due_follows_from_the_urgency(store: Store, urgency: Urgency) -> None:
    raised = TODAY - timedelta(days=3)
    due = read(store, "need", need(store, urgency=urgency, raised_on=raised))["due_on"]
    assert (
        due
        == {
            Urgency.CRITICAL: date(2026, 11, 20),
            Urgency.SOON: date(2026, 11, 26),
            Urgency.NORMAL: date(2026, 12, 19),
            Urgency.LONG_TERM: None,
        }[urgency]
    )


def test_a_due_day_that_is_told_is_kept(store: Store) -> None:
    assert read(store, "need", need(store, due_on=date(2027, 1, 1)))["due_on"] == date(2027, 1, 1)


@pytest.mark.parametrize("status", CLOSED)
def test_a_closed_need_has_its_day_and_its_reason_where_one_is_due(store: Store, status: NeedStatus) -> None:
    key = need(store)
    if status.needs_reason:
        with pytest.raises(UserError, match="原因"):
            close_need(store, key, status)
        assert read(store, "need", key)["closed_on"] is None
    close_need(store, key, status, "已搬走")
    values = read(store, "need", key)
    assert values["status"] is status
    assert values["closed_on"] == TODAY
    assert values["close_reason"] == "已搬走"


@pytest.mark.parametrize("status", OPEN)
def test_a_need_that_is_opened_again_is_not_closed_any_more(store: Store, status: NeedStatus) -> None:
    key = need(store)
    close_need(store, key, NeedStatus.MET)
    edit(store, "need", key, status=status)
    assert read(store, "need", key)["closed_on"] is None


def test_a_need_is_not_closed_before_it_was_raised_nor_tomorrow(store: Store) -> None:
    key = need(store)
    with pytest.raises(UserError, match="不能大于"):
        edit(store, "need", key, status=NeedStatus.MET, closed_on=TODAY - timedelta(days=1))
    with pytest.raises(UserError, match="还没到"):
        edit(store, "need", key, status=NeedStatus.MET, closed_on=TODAY + timedelta(days=1))
    with pytest.raises(UserError, match="还没到"):
        need(store, raised_on=TODAY + timedelta(days=1))


@pytest.mark.parametrize("given", [0, 6, -1, 100])
def test_satisfaction_is_one_to_five(store: Store, given: int) -> None:
    with pytest.raises(UserError, match="1 到 5"):
        need(store, satisfaction=given)


def test_an_amount_is_not_negative(store: Store) -> None:
    with pytest.raises(UserError, match="金额”不能小于 0"):
        need(store, amount=Decimal("-0.01"))


def test_closing_what_is_gone_is_said(store: Store) -> None:
    with pytest.raises(UserError, match="已经删除了"):
        close_need(store, Key("0" * 32), NeedStatus.MET)
