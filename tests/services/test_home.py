from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from stationdesk.core.changes import changed
from stationdesk.core.clock import Month
from stationdesk.core.vocab import MatchState
from stationdesk.db.base import values_of
from stationdesk.services.home import Figure, first_needs, next_steps, today_of
from stationdesk.services.ledgers.figures import figures_of
from stationdesk.services.ledgers.period import periods_of
from stationdesk.services.listing import keys_of
from stationdesk.services.matches import match_from, move_match
from stationdesk.services.matching import MOST, next_step, suggest
from stationdesk.services.stations import profile_of, save_profile
from tests.small_town import TODAY, SmallTown, small_town, station


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


def figures(town: SmallTown) -> dict[str, Figure]:
    return {each.key: each for each in today_of(town.store).figures}


def test_every_figure_opens_exactly_what_it_counted(town: SmallTown) -> None:
    today = today_of(town.store)
    found = {each.key: (each.query, each.count) for each in today.figures}
    found |= {each.key: (each.query, each.count) for each in today.lacks}
    for key, (query, count) in found.items():
        assert len(keys_of(town.store, query)) == count, key


def test_the_figures_of_the_small_town(town: SmallTown) -> None:
    found = figures(town)
    assert found["urgent"].text == "3"
    assert found["urgent"].note == "最久 9 天"
    # Nobody was at home, so the visit of yesterday leaves the household overdue.
    assert keys_of(town.store, found["overdue"].query) == (town["王秀英家"],)
    assert found["verify"].text == "2"
    assert found["unconfirmed"].text == "1"


def test_visits_are_counted_as_the_monthly_table_counts_them(town: SmallTown) -> None:
    with town.store.reading() as session:
        monthly = figures_of(session, periods_of(Month.of(TODAY)).this)
    visited = figures(town)["visited"]
    assert (
        visited.text
        == f"{monthly['visited_households']} 户 {monthly['visit_instances']} 人次"
        == "1 户 2 人次"
    )


def test_a_match_takes_its_need_from_the_urgent_ones_and_its_failure_brings_it_back(town: SmallTown) -> None:
    assert town["送药"] in first_needs(town.store)
    match = match_from(town.store, town["送药"], town["卫生院"]).keys("match")[0]
    assert town["送药"] not in first_needs(town.store)
    move_match(town.store, match, MatchState.FAILED, {"reason": "没有药"})
    assert town["送药"] in first_needs(town.store)


def test_what_to_do_first_is_sorted_by_urgency_then_by_age(town: SmallTown) -> None:
    assert first_needs(town.store) == (town["送药"], town["心理"], town["救急"])


def test_the_next_step_tells_what_fits_from_what_must_be_asked(town: SmallTown) -> None:
    steps = next_steps(town.store, first_needs(town.store))
    assert steps[town["送药"]].sentence.endswith("，1 个对口")
    assert steps[town["心理"]].answering == 0
    assert steps[town["心理"]].suggested > 0
    assert steps[town["心理"]].sentence.endswith("，要先问")


def test_the_first_screen_and_the_need_itself_count_the_same_resources(town: SmallTown) -> None:
    for need, step in next_steps(town.store, first_needs(town.store)).items():
        assert step == next_step(suggest(town.store, need, MOST, also_excluded=True))


def test_what_is_wanting_is_said_and_what_is_in_order_too(town: SmallTown) -> None:
    lacks = {each.key: each for each in today_of(town.store).lacks}
    assert not lacks["levels"].settled
    assert "1 户没定跟进级别" in lacks["levels"].sentence
    assert lacks["card_numbers"].settled
    # A policy has no place and a confidential one is not to have one.
    assert keys_of(town.store, lacks["places"].query) == (town["照料中心"],)


def test_an_empty_station_has_nothing_to_do_and_no_backup(tmp_path: Path) -> None:
    store = station(tmp_path)
    today = today_of(store)
    assert all(figure.count == 0 for figure in today.figures)
    assert all(lack.settled for lack in today.lacks)
    assert today.last_backup is None
    assert today.station == "柳河镇社会工作服务站"
    store.close()


def test_the_month_of_the_home_tab_begins_when_that_of_the_ledgers_does(town: SmallTown) -> None:
    home = town["李守林家"]
    visited = TODAY - timedelta(days=2)  # 20 November
    town.add("visit", "前天", household_key=home, visited_on=visited, worker_key=None)
    before = {each.key: each.count for each in today_of(town.store).lacks}
    station = profile_of(town.store)
    change = changed("station", station.key, values_of(station), {"month_starts_on": 21})
    assert change is not None
    save_profile(town.store, change)
    after = {each.key: each.count for each in today_of(town.store).lacks}
    assert before["visit_workers"] == after["visit_workers"] + 1
