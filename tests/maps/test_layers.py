from __future__ import annotations

import json
import random

import pytest

from stationdesk.core.changes import new_key
from stationdesk.core.fields import Key
from stationdesk.core.text import clean
from stationdesk.core.vocab.resources import MapClass
from stationdesk.maps.households import HOUSEHOLD_SYMBOLS
from stationdesk.maps.layers import (
    Layer,
    MapArea,
    MapDocument,
    MapFeature,
    MapPatch,
    MapPlace,
    Mark,
    Slots,
    Stroke,
    document_json,
    name_of,
    patch_json,
)
from stationdesk.maps.symbols import SYMBOLS
from tests.hostile import STRINGS

LAYERS = (Layer("resource", "资源"), Layer("village", "村居"), Layer("feature", "道路"))
MARKS = tuple(Mark(of.code, "resource", symbol) for of, symbol in SYMBOLS.items())
SQUARE = {"type": "Polygon", "coordinates": [[[114.0, 34.0], [114.1, 34.0], [114.1, 34.1], [114.0, 34.0]]]}


def place(
    key: str, lat: float = 34.5, lon: float = 114.3, title: str = "卫生院", number: str = "医-01"
) -> MapPlace:
    return MapPlace("resource", Key(key), lat, lon, MapClass.MEDICAL.code, number, title)


def document(*places: MapPlace) -> MapDocument:
    return MapDocument(
        LAYERS,
        MARKS,
        (Stroke("lane", "支路小巷", "LineString"),),
        places,
        (MapArea("village", Key("v1"), "village", "柳河村", SQUARE),),
        (
            MapFeature(
                Key("f1"),
                "lane",
                "人民路",
                {"type": "LineString", "coordinates": [[114.0, 34.0], [114.1, 34.1]]},
            ),
        ),
        "feature",
    )


def positions(columns: dict[str, list[int]]) -> list[tuple[float, float]]:
    lat = lon = 0
    found = []
    for down, across in zip(columns["lat"], columns["lon"], strict=True):
        lat, lon = lat + down, lon + across
        found.append((lat / 1e6, lon / 1e6))
    return found


def test_positions_come_out_as_they_went_in_to_a_tenth_of_a_metre() -> None:
    chance = random.Random(1)
    wanted = [(round(chance.uniform(-90, 90), 6), round(chance.uniform(-180, 180), 6)) for _ in range(500)]
    sent = json.loads(document_json(document(*(place(f"k{i}", *at) for i, at in enumerate(wanted))), {}))
    assert positions(sent["places"]) == wanted


def test_a_place_costs_at_most_seventy_bytes() -> None:
    chance = random.Random(2)
    places = [
        MapPlace(
            "resource",
            new_key(),
            34.5 + chance.uniform(-0.2, 0.2),
            114.3 + chance.uniform(-0.2, 0.2),
            chance.choice(MARKS).code,
            f"医-{number:04d}",
            chance.choice(("柳河镇卫生院", "东岗村卫生室", "桃园村巧手理发队", "连心超市")),
        )
        for number in range(10_000)
    ]
    empty = len(document_json(document(), {}))
    assert (len(document_json(document(*places), {})) - empty) / len(places) <= 70


def test_the_page_is_given_no_key_of_any_record() -> None:
    key = new_key()
    assert key.encode() not in document_json(document(place(key)), {})


@pytest.mark.parametrize("text", [clean(text) for text in STRINGS], ids=lambda text: ascii(text[:20]))
def test_station_text_travels_unchanged(text: str) -> None:
    sent = json.loads(document_json(document(place("k", title=text, number=text)), {}))
    assert sent["places"]["title"] == [text]
    assert sent["places"]["number"] == [text]


def test_an_edit_names_what_it_replaces_adds_and_takes_away() -> None:
    before = document(place("a"), place("b"))
    slots = Slots(name_of(thing) for thing in before.objects)
    patch = MapPatch(put=(place("b", 35.0), place("c", 36.0)), gone=(("resource", Key("a")),))
    sent = patch_json(patch, before, slots)
    assert sent["gone"] == [0]
    assert sent["places"]["slot"] == [1, 4]
    assert positions(sent["places"]) == [(35.0, 114.3), (36.0, 114.3)]
    assert slots.name(0) is None
    assert slots.name(4) == ("resource", Key("c"))


def test_a_document_after_an_edit_is_what_a_new_page_would_show() -> None:
    before = document(place("a"), place("b"))
    after = before.patched(
        MapPatch(put=(place("b", 35.0), place("c")), gone=(("resource", Key("a")), ("feature", Key("f1"))))
    )
    assert [(one.key, one.lat) for one in after.places] == [("b", 35.0), ("c", 34.5)]
    assert after.features == ()
    assert after.areas == before.areas


def test_a_number_is_not_given_to_a_second_record() -> None:
    slots = Slots([("resource", Key("a"))])
    slots.release(("resource", Key("a")))
    assert slots.take(("resource", Key("b"))) == 1
    assert slots.name(7) is None
    assert slots.name(-1) is None


def test_a_coordinate_that_is_no_number_is_refused_before_it_reaches_the_page() -> None:
    with pytest.raises(ValueError, match="NaN"):
        document_json(document(place("a", lat=float("nan"))), {})


def test_households_are_told_apart_by_shape() -> None:
    assert len({symbol.path for symbol in HOUSEHOLD_SYMBOLS.values()}) == len(HOUSEHOLD_SYMBOLS)
    assert len({symbol.letter for symbol in HOUSEHOLD_SYMBOLS.values()}) == len(HOUSEHOLD_SYMBOLS)
