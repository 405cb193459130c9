"""Values that are computed when they are read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from stationdesk.core.vocab import FollowLevel, MatchState, NeedStatus, PersonStatus, VisitOutcome
from stationdesk.services.derived import age_on
from stationdesk.services.listing import Query, count_of, keys_of, rows_of
from stationdesk.services.store import Store
from tests.desk_station import TODAY, add, edit, read
from tests.services.desk_town import household, match, need, person, resource, village


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2000, 11, 22), date(2026, 11, 21), 25),
        (date(2000, 11, 22), date(2026, 11, 22), 26),
        (date(2000, 2, 29), date(2026, 2, 28), 25),
        (date(2000, 2, 29), date(2026, 3, 1), 26),
        (date(2026, 11, 22), date(2026, 11, 22), 0),
        (date(2026, 11, 23), date(2026, 11, 22), None),
        (None, date(2026, 11, 22), None),
    ],
)
def test_an_age_is_completed_years(birth: date | None, day: date, age: int | None) -> None:
    assert age_on(birth, day) == age


def test_an_age_that_was_told_stands_in_for_an_unknown_birth_date_only(store: Store) -> None:
    assert read(store, "person", person(store, age_told=70))["age"] == 70
    born = person(store, "乙", age_told=70, birth_date=date(2016, 1, 1))
    assert read(store, "person", born)["age"] == 10


def test_the_groups_of_a_person_are_those_they_carry_today(store: Store) -> None:
    key = person(store)
    for category, since, until in (
        ("G01", None, None),
        ("G02", ago(0), ago(0)),
        ("G03", None, ago(1)),
        ("G05", ago(-1), None),
    ):
        add(store, "person_category", person_key=key, category=category, since=since, until=until)
    labels = str(read(store, "person", key)["groups"]).split("、")
    codes = rows_of(store, "code", keys_of(store, Query("code"))).rows
    label = {
        each.values["code"]: each.values["label"] for each in codes if each.values["list"] == "client_group"
    }
    assert labels == [label["G01"], label["G02"]]


def test_a_household_is_called_by_its_head_or_else_by_the_first_on_file(store: Store) -> None:
    home = household(store)
    assert read(store, "household", home)["head"] is None
    person(store, "甲", home)
    second = person(store, "乙", home)
    assert read(store, "household", home)["head"] == "甲"
    edit(store, "person", second, is_head=True)
    assert read(store, "household", home)["head"] == "乙"


def test_a_household_counts_who_lives_there_now(store: Store) -> None:
    home = household(store)
    person(store, "甲", home)
    edit(store, "person", person(store, "乙", home), status=PersonStatus.DIED)
    assert read(store, "household", home)["members"] == 1


@pytest.mark.parametrize("level", list(FollowLevel))
def test_the_next_visit_is_due_its_levels_days_after_the_last_completed_one(
    store: Store, level: FollowLevel
) -> None:
    home = household(store, opened_on=ago(100), follow_level=level)
    assert read(store, "household", home)["next_visit"] == ago(100 - level.default_days)
    add(store, "visit", household_key=home, visited_on=ago(10))
    add(store, "visit", household_key=home, visited_on=ago(40))
    for outcome in VisitOutcome:
        if not outcome.is_completed:
            add(store, "visit", household_key=home, visited_on=ago(1), outcome=outcome)
    values = read(store, "household", home)
    assert values["last_visit"] == ago(10)
    assert values["next_visit"] == ago(10 - level.default_days)


@pytest.mark.parametrize("level", [None, *FollowLevel])
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_household_is_overdue_from_the_day_after_its_next_visit(
    store: Store, level: FollowLevel | None, off: int
) -> None:
    days = level.default_days if level is not None else 400
    home = household(store, opened_on=ago(500), follow_level=level)
    add(store, "visit", household_key=home, visited_on=ago(days + off))
    due = read(store, "household", home)["next_visit"]
    listed = count_of(store, Query("household", scope="overdue")) == 1
    assert listed == (level is not None and off > 0)
    assert listed == (due is not None and due < TODAY)


def test_a_need_waits_until_it_is_closed(store: Store) -> None:
    key = need(store, raised_on=ago(9))
    assert read(store, "need", key)["waiting"] == 9
    edit(store, "need", key, status=NeedStatus.MET, closed_on=ago(2))
    assert read(store, "need", key)["waiting"] == 7


def test_matches_and_uses_are_counted_on_both_sides(store: Store) -> None:
    who, provider = person(store), resource(store)
    wish = need(store, who)
    match(store, wish, provider, state=MatchState.FAILED, reason="没空", matched_on=ago(9))
    match(store, wish, provider, matched_on=ago(3))
    match(store, need(store, who), provider, state=MatchState.DONE, matched_on=ago(5))
    assert read(store, "need", wish)["matches"] == 2
    values = read(store, "resource", provider)
    assert (values["uses"], values["last_used"]) == (3, ago(3))


def test_a_match_names_its_client_whoever_that_is(store: Store) -> None:
    home = household(store)
    person(store, "户主", home, is_head=True)
    wishes = {
        need(store, person(store, "张山")): "张山",
        need(store, household_key=home): "户主",
        need(store, village_key=village(store, "桃园村")): "桃园村",
    }
    for wish, name in wishes.items():
        assert read(store, "match", match(store, wish, resource(store)))["client"] == name


def test_a_resource_tells_how_far_it_is_from_the_station(store: Store) -> None:
    key = resource(store, latitude=34.5, longitude=114.3)
    assert read(store, "resource", key)["distance"] is None
    station = keys_of(store, Query("station"))[0]
    edit(store, "station", station, latitude=34.5, longitude=114.4)
    assert read(store, "resource", key)["distance"] == pytest.approx(9.2, abs=0.1)


def test_many_rows_are_computed_as_one_is(store: Store) -> None:
    keys = [person(store, f"人{number}", birth_date=date(1950 + number, 1, 1)) for number in range(6)]
    together = rows_of(store, "person", keys).rows
    assert [row.values for row in together] == [read(store, "person", key) for key in keys]
