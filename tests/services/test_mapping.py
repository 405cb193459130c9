from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stationdesk.core.changes import changed, created
from stationdesk.core.fields import Key
from stationdesk.core.vocab import MapClass, MapLevel
from stationdesk.db.base import values_of
from stationdesk.maps.layers import MapDocument, document_json, name_of
from stationdesk.services.listing import Filter, Query, keys_of
from stationdesk.services.mapping import map_document, map_patch, unplaced, withheld_households
from stationdesk.services.places import locate
from stationdesk.services.records import blank_of, remove, save
from stationdesk.services.served import served_by_village
from stationdesk.services.stations import profile_of, save_profile
from tests.small_town import SmallTown, small_town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


def drawn(town: SmallTown) -> set[tuple[str, Key]]:
    return {(thing.record, thing.key) for thing in map_document(town.store, MapLevel.EXACT).objects}


def test_the_map_shows_what_has_a_place_or_a_shape(town: SmallTown) -> None:
    assert drawn(town) == {
        ("village", town["柳河村"]),
        ("resource", town["卫生院"]),
        ("resource", town["理发队"]),
        ("household", town["李守林家"]),
        ("village_group", town["三组"]),
        ("feature", town["柳河大道"]),
    }


def test_a_confidential_resource_and_a_restricted_household_are_on_no_map(town: SmallTown) -> None:
    assert ("resource", town["庇护"]) not in drawn(town)
    assert ("household", town["王秀英家"]) not in drawn(town)
    assert withheld_households(town.store) == 1


def test_every_mark_layer_and_stroke_that_is_used_is_declared(town: SmallTown) -> None:
    document = map_document(town.store, MapLevel.EXACT)
    layers = {layer.code for layer in document.layers}
    assert {place.mark for place in document.places} <= {mark.code for mark in document.marks}
    assert {mark.layer for mark in document.marks} | {area.layer for area in document.areas} <= layers
    assert {feature.kind for feature in document.features} <= {stroke.code for stroke in document.strokes}
    assert len({mark.code for mark in document.marks}) == len(document.marks)


def test_households_stand_under_the_masked_name_of_their_head(town: SmallTown) -> None:
    home = next(
        place for place in map_document(town.store, MapLevel.EXACT).places if place.record == "household"
    )
    assert home.title == "李*"
    assert home.mark == "elderly"


def test_a_place_that_is_given_is_put_on_the_map_by_a_patch(town: SmallTown) -> None:
    document = map_document(town.store, MapLevel.EXACT)
    changes = locate(town.store, "resource", town["照料中心"], 34.52, 114.31)
    patch = map_patch(town.store, changes, MapLevel.EXACT)
    assert patch is not None
    assert [(thing.record, thing.key) for thing in patch.put] == [("resource", town["照料中心"])]
    assert {name_of(thing): thing for thing in document.patched(patch).objects} == {
        name_of(thing): thing for thing in map_document(town.store, MapLevel.EXACT).objects
    }


def test_what_is_removed_or_may_no_longer_be_shown_leaves_the_map(town: SmallTown) -> None:
    gone = map_patch(town.store, remove(town.store, "feature", town["柳河大道"]), MapLevel.EXACT)
    assert gone is not None
    assert gone.gone == (("feature", town["柳河大道"]),)
    values = {**blank_of(town.store, "person_category"), "person_key": town["李守林"], "category": "G64"}
    hidden = map_patch(town.store, save(town.store, created("person_category", values)), MapLevel.EXACT)
    assert hidden is not None
    assert hidden.gone == (("household", town["李守林家"]),)


def test_a_change_that_the_map_does_not_show_makes_an_empty_patch(town: SmallTown) -> None:
    values = {**blank_of(town.store, "visit"), "household_key": town["赵小朋家"]}
    patch = map_patch(town.store, save(town.store, created("visit", values)), MapLevel.EXACT)
    assert patch is not None
    assert not patch.put
    assert not patch.gone


def test_what_lies_nowhere_is_listed_by_kind_with_its_count(town: SmallTown) -> None:
    found = {each.record: each for each in unplaced(town.store)}
    assert keys_of(town.store, found["resource"].query) == (town["照料中心"],)
    assert keys_of(town.store, found["household"].query) == (town["赵小朋家"],)
    assert found["village"].count == 1
    assert all(len(keys_of(town.store, each.query)) == each.count for each in found.values())


def test_policies_and_funds_never_wait_for_a_place(town: SmallTown) -> None:
    policies = Query("resource", filters=(Filter("map_class", frozenset({MapClass.POLICY})),))
    waiting = next(each for each in unplaced(town.store) if each.record == "resource")
    assert not set(keys_of(town.store, policies)) & set(keys_of(town.store, waiting.query))


@pytest.mark.parametrize("level", [MapLevel.RESOURCES, MapLevel.VILLAGES])
def test_below_the_exact_level_the_page_is_given_nothing_of_any_household(
    town: SmallTown, level: MapLevel
) -> None:
    """By what the page is given, not by what it shows: no layer to tick, no mark, no key, no place, no name."""
    home = town["李守林家"]
    exact = map_document(town.store, MapLevel.EXACT)
    place = next(each for each in exact.places if each.key == home)
    telling = (place.title, "住户（内部）", "老人")
    assert all(word in written(exact) for word in telling)
    document = map_document(town.store, level)
    assert home not in {thing.key for thing in document.objects}
    assert "household" not in {layer.code for layer in document.layers}
    assert not any(word in written(document) for word in telling)
    changes = locate(town.store, "household", town["赵小朋家"], 34.52, 114.31)
    patch = map_patch(town.store, changes, level)
    assert patch is not None
    assert all(thing.record == "village" for thing in patch.put)
    assert town["赵小朋家"] not in {key for _record, key in (*patch.gone, *map(name_of, patch.put))}


def test_a_village_tells_its_number_only_when_nobody_can_be_recognised_by_it(town: SmallTown) -> None:
    def title() -> str:
        places = map_document(town.store, MapLevel.VILLAGES).places
        return next(place.title for place in places if place.key == town["柳河村"])

    assert title() == "柳河村（服务对象不足 5 人）"
    profile = profile_of(town.store)
    change = changed("station", profile.key, values_of(profile), {"least_counted": 1})
    assert change is not None
    save_profile(town.store, change)
    assert title() == "柳河村（服务对象 2 人）"
    resources = map_document(town.store, MapLevel.RESOURCES).places
    assert next(place.title for place in resources if place.key == town["柳河村"]) == "柳河村"


def test_people_on_no_map_are_not_counted_either(town: SmallTown) -> None:
    with town.store.reading() as session:
        before = served_by_village(town.store, session).counts
    values = {**blank_of(town.store, "person_category"), "person_key": town["李守林"], "category": "G64"}
    save(town.store, created("person_category", values))
    with town.store.reading() as session:
        after = served_by_village(town.store, session).counts
    assert sum(after.values()) < sum(before.values())


def written(document: MapDocument) -> str:
    """What the page is given, as it is sent."""
    return document_json(document, {}).decode()
