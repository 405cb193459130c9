"""How far a community map has come, and a scale without coordinates."""

from __future__ import annotations

import json

import pytest

from stationdesk.core.errors import UserError
from stationdesk.core.vocab import MapClass
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.services import drawing, history
from stationdesk.services.starter import (
    PACE,
    StarterStep,
    begin_sketch,
    known_length,
    length_of,
    start_of,
    stretched,
)
from stationdesk.services.store import Store
from tests.services.desk_town import resource, village

LINE = '{"type":"LineString","coordinates":[[0.001,0.0],[0.002,0.0005],[0.004,0.0]]}'
FAR = '{"type":"LineString","coordinates":[[114.3,34.5],[114.31,34.5]]}'
POINT = '{"type":"Point","coordinates":[114.3,34.5]}'


def test_an_empty_station_knows_neither_where_it_is_nor_what_is_there(store: Store) -> None:
    start = start_of(store)
    assert not start.knows_where
    assert start.drawn == 0
    assert start.next_step is StarterStep.ROAD


def test_a_step_is_done_however_it_came_about(store: Store) -> None:
    resource(store, "镇中心", map_class=MapClass.EDUCATION, latitude=34.5, longitude=114.3)
    drawing.draw(store, FeatureKind.PLACE, "柳河社区居委会", POINT)
    drawing.draw(store, FeatureKind.MAIN_ROAD, "柳河大道", FAR)
    start = start_of(store)
    assert start.done == {StarterStep.ROAD, StarterStep.COMMITTEE, StarterStep.SCHOOL}
    assert start.next_step is StarterStep.RIVER


def test_several_further_places_finish_the_map(store: Store) -> None:
    for name in ("小卖部", "祠堂"):
        drawing.draw(store, FeatureKind.PLACE, name, POINT)
    assert StarterStep.MORE not in start_of(store).done
    drawing.draw(store, FeatureKind.LANE, "祠堂巷", FAR)
    assert StarterStep.MORE in start_of(store).done


def test_the_sheet_lies_where_the_village_lies(store: Store) -> None:
    village(store, "桃园村", latitude=34.6, longitude=114.2)
    start = start_of(store)
    assert start.centre == pytest.approx((34.6, 114.2))
    assert start.knows_where
    assert start.village == "桃园村"


def test_paces_are_turned_into_metres_and_nonsense_is_refused() -> None:
    assert known_length(600, paces=True) == pytest.approx(600 * PACE)
    assert known_length(420, paces=False) == 420
    for count, paces in ((3, False), (10, True), (30_000, False)):
        with pytest.raises(UserError, match="不像一条街的长度"):
            known_length(count, paces=paces)


def test_a_sketch_lies_on_a_plane_of_its_own_and_is_taken_back(store: Store) -> None:
    begin_sketch(store)
    start = start_of(store)
    assert start.sketch
    assert start.knows_where
    assert start.centre == (0.0, 0.0)
    history.undo(store)
    assert not start_of(store).sketch


def test_no_sketch_is_begun_among_real_places(store: Store) -> None:
    village(store, "桃园村", latitude=34.6, longitude=114.2)
    with pytest.raises(UserError):
        begin_sketch(store)


def test_a_street_is_made_as_long_as_it_is_known_to_be_around_its_middle() -> None:
    longer = stretched(LINE, 420.0)
    assert length_of(longer) == pytest.approx(420, abs=0.1)
    middles = [
        [(min(each) + max(each)) / 2 for each in zip(*json.loads(geometry)["coordinates"], strict=True)]
        for geometry in (LINE, longer)
    ]
    assert middles[1] == pytest.approx(middles[0], abs=1e-6)


def test_a_line_without_any_length_stays_as_it_is() -> None:
    dot = '{"type":"LineString","coordinates":[[0.001,0.0],[0.001,0.0]]}'
    assert stretched(dot, 420.0) == dot


def test_lengths_are_those_on_the_ground() -> None:
    # A hundredth of a degree of longitude at 34.5 north: 1,113.2 m times its cosine on the sphere.
    assert length_of(FAR) == pytest.approx(916.4, abs=2)
