"""Suggestions: the same as a plain calculation by hand over every pair, and each with its reasons."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from stationdesk.core.datum import distance_m
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Values
from stationdesk.core.progress import Cancelled, Progress
from stationdesk.core.vocab import (
    Dimension,
    MapClass,
    MatchState,
    NeedResult,
    NeedStatus,
    PersonStatus,
    ResourceStatus,
    StateOfUse,
    Urgency,
)
from stationdesk.core.vocab.weights import Rule
from stationdesk.services.derived import age_on
from stationdesk.services.listing import Query, keys_of, rows_of
from stationdesk.services.match_rules import Answer
from stationdesk.services.matches import match_from, move_match
from stationdesk.services.matching import suggest, suggest_all, unmet_needs, who_needs
from stationdesk.services.stations import save_weights
from stationdesk.services.store import Store
from tests.desk_station import TODAY, add, edit, new_station
from tests.services.desk_town import add_all, household, match, need, person, resource, village

ITEMS = ("K1-01", "K2-01", "K2-03", "K4-02", "K6-01")
GROUPS = ("G01", "G02", "G05")


@dataclass(frozen=True)
class Town:
    store: Store
    records: Mapping[str, tuple[Values, ...]]

    def all(self, record: str) -> tuple[Values, ...]:
        return self.records[record]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A small town thrown with dice, the same each time."""
    store = new_station(Path(tmp_path_factory.mktemp("town")) / "站")
    _throw(store, random.Random(20261122))
    records = {}
    for record in ("person", "household", "person_category", "need", "resource", "match"):
        rows = rows_of(store, record, keys_of(store, Query(record))).rows
        records[record] = tuple({"key": row.key, **row.values} for row in rows)
    yield Town(store, records)
    store.close()


def _throw(store: Store, dice: random.Random) -> None:
    def some(values: tuple[Any, ...], most: int = 2) -> frozenset[Any]:
        return frozenset(dice.sample(values, dice.randint(0, most)))

    def day(first: int, last: int) -> date:
        return TODAY + timedelta(days=dice.randint(first, last))

    def place() -> dict[str, float]:
        if dice.random() < 0.3:
            return {}
        return {
            "latitude": round(34.5 + dice.uniform(-0.06, 0.06), 6),
            "longitude": round(114.3 + dice.uniform(-0.06, 0.06), 6),
        }

    spans = [
        (None, None),
        (None, TODAY),
        (None, day(-9, -1)),
        (TODAY, None),
        (day(1, 9), None),
        (day(-9, -1), day(1, 9)),
    ]
    villages = [village(store, name) for name in ("甲村", "乙村", "丙村")]
    homes = add_all(
        store, "household", [{"village_key": dice.choice([None, *villages]), **place()} for _n in range(25)]
    )
    people = add_all(
        store,
        "person",
        [
            {
                "name": f"人{number}",
                "household_key": dice.choice(homes),
                "birth_date": dice.choice([None, day(-90 * 365, -1)]),
                "age_told": dice.choice([None, dice.randint(0, 90)]),
                "status": dice.choice([*[PersonStatus.ACTIVE] * 4, PersonStatus.DIED]),
            }
            for number in range(60)
        ],
    )
    add_all(
        store,
        "person_category",
        [
            {
                "person_key": dice.choice(people),
                "category": dice.choice(GROUPS),
                "since": dice.choice([None, day(-400, -1)]),
                "until": dice.choice([None, None, TODAY, day(0, 400)]),
            }
            for _number in range(60)
        ],
    )
    resources = add_all(
        store,
        "resource",
        [
            {
                "name": f"资源{number}",
                "dimension": Dimension.ORGANISATIONS,
                "map_class": dice.choice(list(MapClass)),
                "offer_items": some(ITEMS),
                "results": some(tuple(NeedResult)),
                "groups": some(GROUPS),
                "min_age": dice.choice([None, None, dice.randint(0, 60)]),
                "max_age": dice.choice([None, None, dice.randint(60, 90)]),
                "village_key": dice.choice([None, *villages]),
                "status": dice.choice([*[ResourceStatus.ACTIVE] * 6, ResourceStatus.LAPSED]),
                "state_of_use": dice.choice([*[StateOfUse.PARTNER] * 6, StateOfUse.STOPPED]),
                "do_not_contact": dice.random() < 0.1,
                **dict(zip(("valid_from", "valid_to"), dice.choice(spans), strict=True)),
                "capacity": dice.choice([None, 1, 5] if number < 25 else [None, 0, 5]),
                "fee": dice.random() < 0.4,
                "same_day": dice.random() < 0.4,
                "verified_on": dice.choice([None, day(-400, 0), TODAY - timedelta(days=180)]),
                **place(),
            }
            for number in range(60)
        ],
    )
    needs = add_all(
        store,
        "need",
        [
            {
                "item": dice.choice(ITEMS),
                "urgency": dice.choice(list(Urgency)),
                "raised_on": day(-60, 0),
                **dice.choice(
                    [
                        {"person_key": dice.choice(people)},
                        {"household_key": dice.choice(homes)},
                        {"village_key": dice.choice(villages)},
                    ]
                ),
            }
            for _number in range(40)
        ],
    )
    ends = {"reason": "不行", "client_words": "好"}
    for wish, provider in zip(dice.sample(needs, 25), dice.sample(resources[:25], 25), strict=True):
        retry = {"retry_on": dice.choice([None, day(-9, 0), day(1, 9)])}
        add(
            store,
            "match",
            need_key=wish,
            resource_key=provider,
            state=dice.choice(list(MatchState)),
            **ends,
            **retry,
        )


# By hand: every need against every resource, from the plain values


def points_by_hand(town: Town, wish: Values, provider: Values) -> int | None:
    """The points of a pair as the proposal of the rules writes them down; None where it is no suggestion."""
    homes = {each["key"]: each for each in town.all("household")}
    people = {each["key"]: each for each in town.all("person")}
    who = people.get(wish["person_key"])
    home = homes.get(who["household_key"] if who else wish["household_key"])
    members = [each for each in people.values() if home and each["household_key"] == home["key"]]
    concerned = [who] if who else [each for each in members if each["status"] is PersonStatus.ACTIVE]
    keys = {each["key"] for each in concerned}
    groups = {
        each["category"]
        for each in town.all("person_category")
        if each["person_key"] in keys
        and (each["since"] is None or each["since"] <= TODAY)
        and (each["until"] is None or each["until"] >= TODAY)
    }
    told = (
        age_on(each["birth_date"], TODAY) if each["birth_date"] else each["age_told"] for each in concerned
    )
    ages = [age for age in told if age is not None]
    lives_in = home["village_key"] if home else wish["village_key"]
    pairs = [each for each in town.all("match") if each["resource_key"] == provider["key"]]

    results = {result.code for result in provider["results"]} | {item[:2] for item in provider["offer_items"]}
    points, fits = 0, False
    if wish["item"] in provider["offer_items"]:
        points, fits = 40, True
    if wish["result"].code in results:
        points, fits = points + 15, True
    fits = fits or not results  # nothing is known of it: to be asked
    if not provider["groups"]:
        points += 8
    elif groups & provider["groups"]:
        points += 20
    low, high = provider["min_age"] or 0, 999 if provider["max_age"] is None else provider["max_age"]
    excluded = bool(ages) and not any(low <= age <= high for age in ages)
    if lives_in and provider["village_key"] == lives_in:
        points += 10
    elif home and home["latitude"] is not None and provider["latitude"] is not None:
        here, there = ((each["latitude"], each["longitude"]) for each in (home, provider))
        points += 5 if distance_m(here, there) <= 3000 else 0
    elif provider["village_key"] is None and provider["latitude"] is None:
        points += 5
    excluded |= (
        provider["status"] is not ResourceStatus.ACTIVE or provider["state_of_use"] is StateOfUse.STOPPED
    )
    excluded |= provider["do_not_contact"]
    excluded |= provider["valid_to"] is not None and provider["valid_to"] < TODAY
    excluded |= provider["valid_from"] is not None and provider["valid_from"] > TODAY
    taken = sum(each["quantity"] or 1 for each in pairs if each["state"].is_open)
    excluded |= provider["capacity"] is not None and taken >= provider["capacity"]
    if wish["urgency"] is Urgency.CRITICAL and provider["same_day"]:
        points += 5
    points += 0 if provider["fee"] else 3
    if any(each["state"] in (MatchState.DONE, MatchState.CONFIRMED) for each in pairs):
        points += 5
    if provider["verified_on"] is None or (TODAY - provider["verified_on"]).days > 180:
        points -= 10
    own = [each for each in pairs if each["need_key"] == wish["key"]]
    excluded |= any(each["state"].is_open for each in own)
    excluded |= any(
        each["state"] is MatchState.FAILED and (each["retry_on"] is None or each["retry_on"] > TODAY)
        for each in own
    )
    return points if fits and not excluded else None


def ranked_by_hand(town: Town, wish: Values) -> list[tuple[str, int]]:
    judged = ((each["code"], points_by_hand(town, wish, each)) for each in town.all("resource"))
    found = [(code, points) for code, points in judged if points is not None]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def test_suggestions_are_what_a_calculation_by_hand_gives(town: Town) -> None:
    some = 0
    for wish in town.all("need"):
        found = [(each.code, each.points) for each in suggest(town.store, wish["key"], limit=1000)]
        assert found == ranked_by_hand(town, wish), wish["code"]
        some += len(found)
    assert some > 200  # else the town is too small to prove anything


def test_all_needs_at_once_get_what_each_gets_alone(town: Town) -> None:
    together = suggest_all(town.store, limit=1000)
    assert len(together) > 10
    for key, found in together:
        assert found == suggest(town.store, key, limit=1000)


def test_who_needs_a_resource_is_whoever_gets_it_suggested(town: Town) -> None:
    waiting = set(unmet_needs(town.store))
    told = {
        wish["key"]: dict(ranked_by_hand(town, wish)) for wish in town.all("need") if wish["key"] in waiting
    }
    for provider in town.all("resource"):
        found = who_needs(town.store, provider["key"], limit=1000)
        expected = {
            key: points[provider["code"]] for key, points in told.items() if provider["code"] in points
        }
        assert {key: each.points for key, each in found} == expected
        assert [-each.points for _key, each in found] == sorted(-each.points for _key, each in found)


def test_who_waits_is_listed_by_urgency_then_by_age(town: Town) -> None:
    busy = (MatchState.PLANNED, MatchState.CONTACTED, MatchState.SERVING, MatchState.DONE)
    taken = {each["need_key"] for each in town.all("match") if each["state"] in busy}
    waiting = [each for each in town.all("need") if each["key"] not in taken and each["status"].is_open]
    waiting.sort(key=lambda each: (each["urgency"].code, each["raised_on"], each["key"]))
    assert unmet_needs(town.store) == tuple(each["key"] for each in waiting)
    assert [key for key, _found in suggest_all(town.store)] == list(unmet_needs(town.store))


def test_the_limit_keeps_the_best(town: Town) -> None:
    key = max(unmet_needs(town.store), key=lambda each: len(suggest(town.store, each, limit=1000)))
    assert suggest(town.store, key, limit=2) == suggest(town.store, key, limit=1000)[:2]


def test_what_is_excluded_follows_at_the_end_with_its_reason(town: Town) -> None:
    for key in unmet_needs(town.store)[:10]:
        found = suggest(town.store, key, limit=1000, also_excluded=True)
        eligible = [each.is_eligible for each in found]
        assert eligible == sorted(eligible, reverse=True)
        for each in found:
            assert each.is_eligible or any(finding.excludes and finding.words for finding in each.findings)


def test_long_matching_can_be_stopped(town: Town) -> None:
    class Stopped(Progress):
        @override
        def step(self, done: int, total: int) -> None:
            if done:
                raise Cancelled

        @override
        def say(self, sentence: str) -> None: ...

    with pytest.raises(Cancelled):
        suggest_all(town.store, Stopped())


# Reasons


def answer(store: Store, wish: Key, provider: Key, rule: Rule) -> tuple[Answer, str]:
    (found,) = (each for each in suggest(store, wish, 100, also_excluded=True) if each.resource == provider)
    (finding,) = (each for each in found.findings if each.rule is rule)
    return finding.answer, finding.words


def test_an_unknown_is_a_question_and_never_excludes(store: Store) -> None:
    wish = need(store)
    provider = resource(store, groups=frozenset({"G01"}), min_age=60, latitude=34.5, longitude=114.3)
    (found,) = suggest(store, wish)
    assert found.is_eligible
    assert {each.rule for each in found.findings if each.answer is Answer.UNKNOWN} >= {
        Rule.GROUP,
        Rule.AGE,
        Rule.NEAR,
        Rule.CAPACITY,
    }
    assert all("？" not in question for question in found.questions)
    assert answer(store, wish, provider, Rule.AGE)[1].startswith("限60 岁以上")


def test_a_resource_that_says_nothing_of_what_it_offers_is_asked(store: Store) -> None:
    wish = need(store)
    silent = resource(store, "没登记", offer_items=frozenset())
    same_kind = resource(store, "同类", offer_items=frozenset(), results=frozenset({NeedResult.MEDICAL}))
    resource(store, "别类", offer_items=frozenset(), results=frozenset({NeedResult.POLICY}))
    assert answer(store, wish, silent, Rule.ITEM)[0] is Answer.UNKNOWN
    assert answer(store, wish, same_kind, Rule.ITEM)[0] is Answer.UNKNOWN
    assert [each.name for each in suggest(store, wish)] == ["同类", "没登记"]


def test_who_died_does_not_speak_for_the_household(store: Store) -> None:
    home = household(store)
    old = person(store, "奶奶", home, birth_date=date(1940, 1, 1))
    person(store, "孩子", home, birth_date=date(2016, 1, 1))
    add(store, "person_category", person_key=old, category="G01")
    wish = need(store, household_key=home)
    provider = resource(store, min_age=60, groups=frozenset({"G01"}))
    assert answer(store, wish, provider, Rule.AGE)[0] is Answer.YES
    edit(store, "person", old, status=PersonStatus.DIED)
    assert answer(store, wish, provider, Rule.AGE)[0] is Answer.NO
    assert answer(store, wish, provider, Rule.GROUP)[0] is Answer.UNKNOWN


def test_a_full_resource_is_excluded_and_says_how_much_it_had(store: Store) -> None:
    wish, provider = need(store), resource(store, capacity=1, capacity_unit="人")
    assert answer(store, wish, provider, Rule.CAPACITY) == (Answer.YES, "还可接 1 人")
    match(store, need(store), provider)
    assert suggest(store, wish) == ()
    assert answer(store, wish, provider, Rule.CAPACITY) == (Answer.NO, "容量已满（1 人）")


def test_a_pair_that_is_under_way_is_not_suggested_again(store: Store) -> None:
    wish, provider = need(store), resource(store)
    key = match_from(store, wish, provider).keys("match")[0]
    assert suggest(store, wish) == ()
    assert answer(store, wish, provider, Rule.USABLE) == (Answer.NO, "已经在和它对接")
    move_match(store, key, MatchState.WITHDRAWN, {"reason": "点错了"})
    assert len(suggest(store, wish)) == 1


@pytest.mark.parametrize(
    ("retry_on", "suggested"),
    [(None, False), (TODAY + timedelta(days=1), False), (TODAY, True), (TODAY - timedelta(days=1), True)],
)
def test_who_said_no_is_asked_again_when_the_day_has_come(
    store: Store, retry_on: date | None, *, suggested: bool
) -> None:
    wish, provider = need(store), resource(store)
    match(store, wish, provider, state=MatchState.FAILED, reason="没空", retry_on=retry_on)
    assert bool(suggest(store, wish)) is suggested
    assert suggest(store, need(store)) != ()


def test_the_stations_own_weights_count(store: Store) -> None:
    wish = need(store)
    resource(store, "甲", fee=True)
    resource(store, "乙", verified_on=None)
    save_weights(
        store,
        {
            Rule.ITEM.code: 7,
            Rule.RESULT.code: 0,
            Rule.ANY_GROUP.code: 0,
            Rule.TOWN.code: 0,
            Rule.FREE.code: 30,
            Rule.STALE.code: 0,
        },
    )
    assert [(each.name, each.points) for each in suggest(store, wish)] == [("乙", 37), ("甲", 7)]


def test_ties_stand_in_the_order_of_their_numbers(store: Store) -> None:
    for name in "丙乙甲":
        resource(store, name)
    assert [each.code for each in suggest(store, need(store))] == ["医-01", "医-02", "医-03"]


def test_a_match_under_way_takes_a_need_from_those_that_wait(store: Store) -> None:
    wish = need(store)
    key = match(store, wish, resource(store))
    for state in (MatchState.CONTACTED, MatchState.DONE):
        assert unmet_needs(store) == ()
        move_match(store, key, state)
    move_match(store, key, MatchState.FAILED, {"reason": "其实没送"})
    assert unmet_needs(store) == (wish,)
    edit(store, "need", wish, status=NeedStatus.MET)
    assert unmet_needs(store) == ()


def test_suggestions_for_what_is_gone_are_refused_in_words(store: Store) -> None:
    with pytest.raises(UserError, match="已经删除了"):
        suggest(store, Key("0" * 32))
    with pytest.raises(UserError, match="已经删除了"):
        who_needs(store, Key("0" * 32))


def test_an_item_that_the_station_made_itself_is_matched_by_its_code(store: Store) -> None:
    add(store, "code", list="need_item", code="K2-99", label="换药", parent="K2", position=999)
    wish = need(store, item="K2-99")
    provider = resource(store, offer_items=frozenset({"K2-99"}))
    assert answer(store, wish, provider, Rule.ITEM) == (Answer.YES, "能提供“换药”")
