"""Villages, groups, drawn features, and putting a record on the map."""

from __future__ import annotations

import json

import pytest

from stationdesk.core.datum import distance_m, from_wgs84
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.vocab import Datum, DatumOrigin, Precision
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.services import history, places
from stationdesk.services.store import Store
from tests.desk_station import add, edit, read
from tests.services.desk_town import household, resource, village

HERE = (34.5, 114.3)
SHAPES = {
    "Point": [114.3, 34.5],
    "LineString": [[114.3, 34.5], [114.4, 34.6]],
    "Polygon": [[[114.3, 34.5], [114.4, 34.5], [114.4, 34.6], [114.3, 34.5]]],
}


def shape(kind: str) -> str:
    return json.dumps({"type": kind, "coordinates": SHAPES[kind]})


@pytest.mark.parametrize("code", ["12", "4110231002011", "41102310020a", "４１１０２３１００２０"])
def test_a_village_code_has_twelve_digits(store: Store, code: str) -> None:
    with pytest.raises(UserError, match="12 位数字"):
        village(store, code=code)


def test_a_village_code_may_be_left_empty_and_is_given_once(store: Store) -> None:
    village(store, "甲村")
    village(store, "乙村")
    village(store, "丙村", code="999999100201")
    with pytest.raises(UserError, match="已经有了"):
        village(store, "丁村", code="999999100201")


def test_the_numbers_of_a_village_are_not_negative(store: Store) -> None:
    with pytest.raises(UserError, match="户籍人口”不能小于 0"):
        village(store, population=-1)


def test_a_group_has_its_name_once_in_a_village(store: Store) -> None:
    one, other = village(store, "甲村"), village(store, "乙村")
    group = add(store, "village_group", village_key=one, name="一组")
    add(store, "village_group", village_key=other, name="一组")
    with pytest.raises(UserError, match="已经有“一组”"):
        add(store, "village_group", village_key=one, name="一组")
    edit(store, "village_group", group, leader="张山")


@pytest.mark.parametrize("kind", list(FeatureKind))
@pytest.mark.parametrize("drawn", SHAPES)
def test_what_is_drawn_has_the_shape_of_its_kind(store: Store, kind: FeatureKind, drawn: str) -> None:
    fitting = {"Point"} if kind.is_point else {"LineString"} if kind.is_line else {"Polygon"}
    if kind is FeatureKind.RIVER:
        fitting.add("Polygon")  # a lake, or a wide river
    if drawn in fitting:
        add(store, "feature", kind=kind, name="它", geometry=shape(drawn))
    else:
        with pytest.raises(UserError, match="形状不对"):
            add(store, "feature", kind=kind, name="它", geometry=shape(drawn))


@pytest.mark.parametrize("record", ["resource", "household", "village"])
def test_a_record_is_put_on_the_map_and_taken_off_again(store: Store, record: str) -> None:
    key = {"resource": resource, "household": household, "village": village}[record](store)
    places.locate(store, record, key, *HERE)
    values = read(store, record, key)
    assert (values["latitude"], values["longitude"]) == HERE
    assert values["precision"] is Precision.BUILDING
    assert values["place_origin"] is DatumOrigin.CLICKED
    history.undo(store)
    assert read(store, record, key)["latitude"] is None


@pytest.mark.parametrize("datum", list(Datum))
def test_a_place_is_stored_in_wgs84_beside_the_text_and_datum_it_came_with(
    store: Store, datum: Datum
) -> None:
    key = resource(store)
    given = from_wgs84(*HERE, datum)
    text = f"{given[0]}，{given[1]}"
    places.locate(store, "resource", key, *given, datum=datum, text=text, origin=DatumOrigin.PASTED)
    values = read(store, "resource", key)
    assert distance_m(HERE, (values["latitude"], values["longitude"])) < 0.5
    assert values["place_datum"] is datum
    assert values["place_text"] == text


@pytest.mark.parametrize("place", [(91, 114), (34, 181), (114.3, 34.5), (float("nan"), 114)])
def test_a_place_that_is_nowhere_on_the_earth_is_refused(store: Store, place: tuple[float, float]) -> None:
    key = resource(store)
    with pytest.raises(UserError):
        places.locate(store, "resource", key, *place)
    assert read(store, "resource", key)["latitude"] is None


def test_half_a_place_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="同时有纬度和经度"):
        resource(store, latitude=34.5)


def test_a_record_that_is_gone_is_not_put_anywhere(store: Store) -> None:
    with pytest.raises(UserError, match="已经删除了"):
        places.locate(store, "resource", Key("0" * 32), *HERE)
