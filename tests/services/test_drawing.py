"""What is drawn becomes records, each in one step that is taken back in one."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.vocab import MapClass, ResourceStatus
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.services import drawing, history
from stationdesk.services.listing import Query, keys_of
from stationdesk.services.store import Store
from tests.desk_station import add, read
from tests.services.desk_town import village

LINE = '{"type":"LineString","coordinates":[[114.3,34.5],[114.31,34.5],[114.32,34.51]]}'
HALVES = (
    '{"type":"LineString","coordinates":[[114.3,34.5],[114.31,34.5]]}',
    '{"type":"LineString","coordinates":[[114.31,34.5],[114.32,34.51]]}',
)
POINT = '{"type":"Point","coordinates":[114.3,34.5]}'
AREA = '{"type":"Polygon","coordinates":[[[114.3,34.5],[114.31,34.5],[114.31,34.51],[114.3,34.5]]]}'


def road(store: Store, name: str = "柳河大道") -> Key:
    return drawing.draw(store, FeatureKind.MAIN_ROAD, name, LINE).keys("feature")[0]


def test_a_drawing_without_a_name_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="起个名字"):
        drawing.draw(store, FeatureKind.MAIN_ROAD, "  ", LINE)
    with pytest.raises(UserError, match="起个名字"):
        drawing.rename(store, "feature", road(store), " ")


def test_a_drawing_is_renamed_and_gets_a_kind_that_fits_its_shape(store: Store) -> None:
    key = road(store)
    drawing.rename(store, "feature", key, "老街", kind=FeatureKind.LANE, on_handout=False)
    now = read(store, "feature", key)
    assert (now["name"], now["kind"], now["on_handout"]) == ("老街", FeatureKind.LANE, False)
    with pytest.raises(UserError, match="形状不对"):
        drawing.rename(store, "feature", key, "老街", kind=FeatureKind.PLACE)


def test_a_line_that_is_cut_is_two_drawings_until_that_is_taken_back(store: Store) -> None:
    key = road(store)
    drawing.cut(store, key, *HALVES)
    keys = keys_of(store, Query("feature"))
    assert {read(store, "feature", each)["geometry"] for each in keys} == set(HALVES)
    assert {read(store, "feature", each)["name"] for each in keys} == {"柳河大道"}
    history.undo(store)
    assert keys_of(store, Query("feature")) == (key,)
    assert read(store, "feature", key)["geometry"] == LINE


def test_a_place_may_become_a_draft_resource_at_the_same_spot_in_the_same_step(store: Store) -> None:
    drawing.draw(store, FeatureKind.PLACE, "桃园村卫生室", POINT, resource=MapClass.MEDICAL)
    (key,) = keys_of(store, Query("resource"))
    made = read(store, "resource", key)
    assert (made["latitude"], made["longitude"]) == (34.5, 114.3)
    assert (made["status"], made["map_class"]) == (ResourceStatus.DRAFT, MapClass.MEDICAL)
    assert str(made["code"]).startswith("医-")
    history.undo(store)
    assert not keys_of(store, Query("resource"))
    assert not keys_of(store, Query("feature"))


def test_only_a_place_becomes_a_resource(store: Store) -> None:
    drawing.draw(store, FeatureKind.MAIN_ROAD, "柳河大道", LINE, resource=MapClass.CONVENIENCE)
    assert not keys_of(store, Query("resource"))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("桃园村卫生室", MapClass.MEDICAL),
        ("柳河小学", MapClass.EDUCATION),
        ("老年食堂", MapClass.ELDERLY),
        ("柳河社区居委会", MapClass.GOVERNMENT),
        ("李氏祠堂", MapClass.CULTURE),
        ("王家小卖部", MapClass.CONVENIENCE),
        ("", MapClass.CONVENIENCE),
    ],
)
def test_the_class_of_a_place_is_told_by_its_name(name: str, wanted: MapClass) -> None:
    assert drawing.class_of(name) is wanted


def test_a_group_is_founded_with_its_range_and_bears_a_name_once(store: Store) -> None:
    home = village(store)
    drawing.found_group(store, home, "三组", AREA)
    (group,) = keys_of(store, Query("village_group"))
    assert json.loads(str(read(store, "village_group", group)["boundary"])) == json.loads(AREA)
    with pytest.raises(UserError, match="已经有“三组”"):
        drawing.found_group(store, home, "三组", AREA)
    with pytest.raises(UserError, match="已经删除"):
        drawing.found_group(store, Key("0"), "四组", AREA)


def test_a_range_is_taken_off_and_the_group_stays(store: Store) -> None:
    group = add(store, "village_group", village_key=village(store), name="三组", boundary=AREA)
    drawing.unbound(store, group)
    assert read(store, "village_group", group)["boundary"] is None
    drawing.bound(store, group, AREA)
    assert read(store, "village_group", group)["boundary"] == AREA


@pytest.mark.parametrize(
    "act",
    [
        lambda store: drawing.reshape(store, Key("0"), LINE),
        lambda store: drawing.cut(store, Key("0"), *HALVES),
        lambda store: drawing.rename(store, "feature", Key("0"), "路"),
        lambda store: drawing.bound(store, Key("0"), AREA),
    ],
)
def test_what_is_gone_cannot_be_mended(store: Store, act: Callable[[Store], object]) -> None:
    with pytest.raises(UserError, match="已经删除了"):
        act(store)


def test_a_shape_that_did_not_change_is_no_step(store: Store) -> None:
    key = road(store)
    assert not drawing.reshape(store, key, LINE)
