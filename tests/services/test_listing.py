"""Lists: the right records in the right order, page by page, and fast with 100,000."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, text

from stationdesk.core.changes import created, new_key
from stationdesk.core.fields import Key, Place
from stationdesk.core.vocab import Dimension, MapClass, MatchState, NeedResult, ResourceStatus, Urgency
from stationdesk.db.base import blank, fields_of, table_of
from stationdesk.db.models import RECORDS, Match
from stationdesk.services import records
from stationdesk.services.listing import (
    PAGE,
    Filter,
    Query,
    count_of,
    counts_by,
    keys_of,
    page_of,
    pick,
    resource_part_of,
    row_of,
    rows_of,
)
from stationdesk.services.scopes import SCOPES
from stationdesk.services.store import Store
from tests.desk_station import TODAY, add, new_station
from tests.services.desk_town import ITEM, add_all, household, match, need, person, resource, village

MANY = 100_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A station with 100,000 matches, put in past the door: only lists are looked at."""
    store = new_station(Path(tmp_path_factory.mktemp("large")) / "站")
    dice = random.Random(7)
    start = {**blank(Match), "need_key": need(store), "resource_key": resource(store)}
    rows = [
        {
            **start,
            "key": new_key(),
            "code": f"接-{number:06d}",
            "state": dice.choice(list(MatchState)),
            "matched_on": TODAY - timedelta(days=dice.randrange(400)),  # each day some 250 times: ties
            "due_on": dice.choice([None, TODAY + timedelta(days=dice.randrange(400))]),
        }
        for number in range(MANY)
    ]
    dice.shuffle(rows)
    with store.writing("") as work:
        work.connection.execute(text("PRAGMA cache_size = -200000"))
        work.connection.execute(insert(table_of(Match)), rows)
        work.connection.execute(text("ANALYZE"))
    yield store
    store.close()


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Every statement that reaches a database meanwhile, with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def plan_of(store: Store, query: Query) -> str:
    """How SQLite answers `keys_of`, in its own words."""
    with statements() as seen:
        keys_of(store, query)
    (asked,) = [each for each in seen if each[0].lstrip().upper().startswith("SELECT")]
    assert "OFFSET" not in asked[0].upper()
    with store.reading() as session:
        connection = session.connection()
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", asked[1]).all()
    return "\n".join(str(row[3]) for row in rows)


ORDERED = [
    pytest.param(record, each.key, id=each.name)
    for record, model in RECORDS.items()
    for each in fields_of(model)
    if each.spec.ordered and not each.derived
]


@pytest.mark.parametrize("descending", [False, True])
def test_every_ordered_list_walks_the_index_of_its_column_and_sorts_nothing(
    store: Store, *, descending: bool
) -> None:
    assert len(ORDERED) > 20
    for each in ORDERED:
        record, order = each.values
        plan = plan_of(store, Query(str(record), order=str(order), descending=descending))
        assert f"COVERING INDEX ix_{record}_{order}_key" in plan, (each.id, plan)
        assert "TEMP B-TREE" not in plan, (each.id, plan)


@pytest.mark.parametrize("record", RECORDS)
def test_a_list_without_an_order_walks_its_keys_newest_first(store: Store, record: str) -> None:
    plan = plan_of(store, Query(record))
    assert "TEMP B-TREE" not in plan, plan


@pytest.mark.parametrize("order", ["code", "state", "matched_on", "due_on"])
def test_100_000_keys_come_complete_in_a_stable_order_and_fast(large: Store, order: str) -> None:
    up, down = (Query("match", order=order, descending=descending) for descending in (False, True))
    began = time.perf_counter()
    keys = keys_of(large, up)
    took = time.perf_counter() - began
    assert took < 2.0  # some 60 ms on a laptop that has nothing else to do: a sort or a row by row read shows
    assert len(keys) == len(set(keys)) == MANY
    assert keys == keys_of(large, up)
    assert keys == tuple(reversed(keys_of(large, down)))


def test_pages_read_by_key_give_the_whole_list_in_order(large: Store) -> None:
    keys = keys_of(large, Query("match", order="matched_on"))
    days = []
    for start in range(0, MANY, MANY // 20):
        page = rows_of(large, "match", keys[start : start + 5])
        assert tuple(row.key for row in page.rows) == keys[start : start + 5]
        days += [row.values["matched_on"] for row in page.rows]
    assert days == sorted(days)


def test_a_page_takes_as_many_statements_as_a_row(large: Store) -> None:
    keys = keys_of(large, Query("match", order="matched_on"))
    with statements() as one:
        rows_of(large, "match", keys[:1])
    with statements() as many:
        rows_of(large, "match", keys[:PAGE])
    assert len(many) == len(one)


def test_the_count_is_the_number_of_keys(large: Store) -> None:
    query = Query("match", filters=(Filter("state", frozenset({MatchState.DONE})),))
    counts = counts_by(large, Query("match"), "state")
    assert count_of(large, query) == len(keys_of(large, query)) == counts[MatchState.DONE]
    assert sum(counts.values()) == MANY


# Filters


@pytest.fixture
def library(store: Store) -> Store:
    """Eight resources that differ in everything that filters ask for."""
    here = village(store, "桃园村")
    many = [
        {
            "name": f"资源{number}",
            "dimension": Dimension.ORGANISATIONS,
            "map_class": MapClass.MEDICAL,
            "capacity": None if number % 3 == 0 else number,
            "results": frozenset(list(NeedResult)[: number % 4]),
            "groups": frozenset({"G01", "G13"}) if number % 2 else frozenset(),
            "village_key": here if number > 4 else None,
            "verified_on": None if number == 0 else TODAY - timedelta(days=number),
            "status": ResourceStatus.ACTIVE if number < 6 else ResourceStatus.LAPSED,
            "fee": number == 7,
        }
        for number in range(8)
    ]
    add_all(store, "resource", many)
    return store


def numbers(store: Store, *filters: Filter, words: str = "") -> list[int]:
    keys = keys_of(store, Query("resource", words, filters, order="name"))
    return [int(row.values["name"].removeprefix("资源")) for row in rows_of(store, "resource", keys).rows]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Filter("capacity", frozenset({None})), [0, 3, 6]),
        (Filter("capacity", frozenset({1, 2})), [1, 2]),
        (Filter("capacity", frozenset({None, 1})), [0, 1, 3, 6]),
        (Filter("capacity", low=4), [4, 5, 7]),
        (Filter("capacity", high=2), [1, 2]),
        (Filter("capacity", low=2, high=5), [2, 4, 5]),
        (Filter("capacity"), [0, 1, 2, 3, 4, 5, 6, 7]),
        (Filter("results", frozenset({NeedResult.MEDICAL})), [2, 3, 6, 7]),
        (Filter("results", frozenset({None})), [0, 4]),
        (Filter("results", frozenset({None, NeedResult.PSYCHOLOGICAL})), [0, 3, 4, 7]),
        (Filter("groups", frozenset({"G01"})), [1, 3, 5, 7]),
        (Filter("groups", frozenset({"G1"})), []),
        (Filter("groups", frozenset({"G01", "G13"})), [1, 3, 5, 7]),
        (Filter("village_key", frozenset({None})), [0, 1, 2, 3, 4]),
        (Filter("verified_on", low=TODAY - timedelta(days=3)), [1, 2, 3]),
        (Filter("verified_on", frozenset({None})), [0]),
        (Filter("status", frozenset({ResourceStatus.LAPSED})), [6, 7]),
        (Filter("fee", frozenset({True})), [7]),
        (Filter("name", frozenset({"资源3", "'; DROP TABLE resource;--"})), [3]),
    ],
)
def test_a_filter_chooses_what_it_says(library: Store, chosen: Filter, expected: list[int]) -> None:
    assert numbers(library, chosen) == expected


def test_filters_and_words_hold_together(library: Store) -> None:
    lapsed = Filter("status", frozenset({ResourceStatus.LAPSED}))
    assert numbers(library, lapsed, Filter("capacity", frozenset({None}))) == [6]
    assert numbers(library, lapsed, words="资源7") == [7]
    assert numbers(library, words="没有这个") == []
    assert numbers(library, words="   ") == list(range(8))


def test_the_chips_count_what_their_filter_would_show(library: Store) -> None:
    for field in ("status", "capacity", "village_key", "fee"):
        counts = counts_by(library, Query("resource"), field)
        for value, count in counts.items():
            assert len(numbers(library, Filter(field, frozenset({value})))) == count, (field, value)
    lapsed = Query("resource", filters=(Filter("status", frozenset({ResourceStatus.LAPSED})),))
    assert counts_by(library, lapsed, "status") == {ResourceStatus.LAPSED: 2}


def test_rows_come_in_the_order_they_are_asked_for_without_those_that_are_gone(store: Store) -> None:
    keys = [village(store, name) for name in ("甲村", "乙村", "丙村")]
    asked = [keys[2], Key("0" * 32), keys[0]]
    assert [row.key for row in rows_of(store, "village", asked).rows] == [keys[2], keys[0]]
    assert row_of(store, "village", Key("0" * 32)) is None
    assert page_of(store, "village", Key("0" * 32)).rows == ()


def test_a_list_without_an_order_shows_the_newest_first(store: Store) -> None:
    keys = [village(store, name) for name in ("丙村", "甲村", "乙村")]
    assert keys_of(store, Query("village")) == tuple(reversed(keys))


@pytest.mark.parametrize("record", RECORDS)
def test_a_row_holds_every_field_and_a_list_of_nothing_is_empty(store: Store, record: str) -> None:
    assert rows_of(store, record, []).rows == ()
    page = rows_of(store, record, keys_of(store, Query(record))[:3])
    for row in page.rows:
        assert {each.key for each in fields_of(RECORDS[record])} <= set(row.values)


def test_a_row_is_shown_in_words(store: Store) -> None:
    home = household(store, village_key=village(store), worker_key=store.actor.key)
    who = person(store, "王秀英", home)
    page = page_of(store, "need", need(store, who, urgency=Urgency.CRITICAL))
    values = page.rows[0].values
    assert page.book.title("person", values["person_key"]) == "王秀英"
    assert page.book.label("need_item", values["item"]) == "送药"
    assert values["village"] == "桃园村"
    shown = {each.key for each in fields_of(RECORDS["need"], Place.TABLE)}
    assert shown <= set(values)


@pytest.mark.parametrize("record", SCOPES)
def test_every_scope_can_be_listed_and_counted(store: Store, record: str) -> None:
    match(store, need(store), resource(store))
    for scope in SCOPES[record]:
        assert count_of(store, Query(record, scope=scope)) == len(keys_of(store, Query(record, scope=scope)))


def test_a_need_is_found_in_the_village_that_its_row_shows(store: Store) -> None:
    one, other = village(store, "甲村"), village(store, "乙村")
    who = person(store, home=household(store, village_key=one))
    keys = [
        need(store, who),
        need(store, household_key=household(store, village_key=one)),
        need(store, village_key=other),
        need(store, who, village_key=other),
    ]
    for place, name in ((one, "甲村"), (other, "乙村")):
        found = keys_of(store, Query("need", filters=(Filter("village", frozenset({place})),)))
        shown = {row.key for row in rows_of(store, "need", keys).rows if row.values["village"] == name}
        assert set(found) == shown


@pytest.mark.parametrize("record", ["person", "visit", "match"])
def test_a_village_finds_what_belongs_to_its_households(store: Store, record: str) -> None:
    places = [village(store, "甲村"), village(store, "乙村")]
    keys = {}
    for place in places:
        home = household(store, village_key=place)
        who = person(store, home=home)
        keys[place] = {
            "person": who,
            "visit": add(store, "visit", household_key=home),
            "match": match(store, need(store, who), resource(store)),
        }[record]
    for place in places:
        assert keys_of(store, Query(record, filters=(Filter("village", frozenset({place})),))) == (
            keys[place],
        )


# Links


def test_a_category_is_filtered_by_the_day_of_the_station_as_the_list_shows_it(store: Store) -> None:
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    spans = {"过去": (None, yesterday), "现在": (TODAY, TODAY), "将来": (tomorrow, None)}
    people = {word: person(store, word) for word in spans}
    for word, (since, until) in spans.items():
        add(store, "person_category", person_key=people[word], category="G01", since=since, until=until)
    carrying = Filter("category", frozenset({"G01"}))
    assert keys_of(store, Query("person", filters=(carrying,))) == (people["现在"],)
    shown = {row.key for row in rows_of(store, "person", list(people.values())).rows if row.values["groups"]}
    assert shown == {people["现在"]}


def test_a_picker_finds_by_words_and_tells_namesakes_apart(store: Store) -> None:
    for name in ("甲村", "乙村"):
        person(store, "王秀英", household(store, village_key=village(store, name), address="三组"))
    person(store, "李四")
    found = pick(store, "person", "王秀英")
    assert [each.title for each in found] == ["王秀英", "王秀英"]
    assert {each.subtitle.split(" · ")[0] for each in found} == {"甲村", "乙村"}
    assert len(pick(store, "person", "wxy")) == 2
    assert pick(store, "person", "没有") == ()
    assert len(pick(store, "person", "", limit=2)) == 2


def test_a_household_is_found_by_the_names_of_its_people(store: Store) -> None:
    home, other = (household(store, village_key=village(store, name)) for name in ("甲村", "乙村"))
    person(store, "王永年", home)
    person(store, "李小妹", home)
    person(store, "赵六", other)
    for words in ("王永年", "wyn", "李小妹"):
        assert [each.key for each in pick(store, "household", words)] == [home]
        assert list(keys_of(store, Query("household", words))) == [home]
    assert pick(store, "household", "wyn zhaoliu") == ()


@pytest.mark.parametrize("record", ["village_group", "worker"])
def test_a_picker_of_a_small_kind_looks_at_all_of_them(store: Store, record: str) -> None:
    place = village(store)
    blank_ = {"village_group": {"village_key": place}, "worker": {}}[record]
    add_all(store, record, [{**blank_, "name": f"名{number:03d}"} for number in range(60)])
    (found,) = pick(store, record, "名007")
    assert found.title.endswith("名007")
    assert len(pick(store, record, "", limit=20)) == 20


def test_the_typed_part_follows_the_dimension(store: Store) -> None:
    key = resource(store, dimension=Dimension.SPACE)
    assert resource_part_of(store, key) is None
    part = {each.key: each.blank for each in fields_of(RECORDS["resource_space"]) if not each.derived}
    records.save(store, created("resource_space", part, key))
    found = resource_part_of(store, key)
    assert found is not None
    assert (found.record, found.key) == ("resource_space", key)
    assert resource_part_of(store, Key("0" * 32)) is None


def test_a_code_that_no_list_has_is_shown_as_it_is(store: Store) -> None:
    page = page_of(store, "need", need(store, item="K2-77", result=NeedResult.MEDICAL))
    assert page.book.label("need_item", "K2-77") == "K2-77"
    assert page.book.label("need_item", ITEM) == "送药"
    assert page.book.title("person", "0" * 32) == ""


def test_days_are_compared_as_days(store: Store) -> None:
    first = need(store, raised_on=date(2026, 9, 30))
    second = need(store, raised_on=date(2026, 10, 1))
    found = keys_of(
        store, Query("need", filters=(Filter("raised_on", low=date(2026, 9, 30), high=date(2026, 9, 30)),))
    )
    assert found == (first,)
    assert keys_of(store, Query("need", order="raised_on")) == (first, second)
