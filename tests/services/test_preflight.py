from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from stationdesk.core.changes import created
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.vocab import ContactPublic, Datum, Dimension, MapClass, ResourceStatus
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.maps.basemaps.boundaries import is_high_boundary, names_high_boundary
from stationdesk.maps.sheet.layout import lay_out
from stationdesk.maps.sheet.spec import Backdrop, BaseKind, BaseShape, Picture, SheetSpec
from stationdesk.services import basemaps, records
from stationdesk.services.backdrops import composed
from stationdesk.services.codes import entries_of, hide_code
from stationdesk.services.handouts import HandoutOrder, content_of
from stationdesk.services.preflight import Finding, Level, Preflight, look_through, preflight
from stationdesk.services.release import Override
from stationdesk.services.store import Store
from tests.desk_station import TODAY, add, edit, read

ORDER = HandoutOrder()
INVENTED_ID = "999999200001010012"
POINT = '{"type": "Point", "coordinates": [102.62, 38.311]}'
ROAD = '{"type": "LineString", "coordinates": [[102.60, 38.31], [102.64, 38.312]]}'


def resource(store: Store, name: str, north: float = 0.0, **values: Any) -> Key:
    """A resource that may be printed, so many thousandths of a degree north of the first."""
    given = {
        "dimension": Dimension.ORGANISATIONS,
        "map_class": MapClass.MEDICAL,
        "name": name,
        "phone": "0999-0004321",
        "contact_public": ContactPublic.PHONE,
        "verified_on": TODAY - timedelta(days=3),
        "latitude": 38.31 + north / 1000,
        "longitude": 102.62,
        **values,
    }
    return add(store, "resource", **given)


def minor(store: Store, name: str) -> None:
    """A child on file."""
    village = add(store, "village", name="东岗村")
    home = add(store, "household", village_key=village)
    add(store, "person", household_key=home, name=name, birth_date=date(TODAY.year - 9, 1, 1))


def of(found: Preflight, rule: str) -> Finding:
    """The finding of a rule."""
    [one] = [each for each in found.findings if each.rule == rule]
    return one


def test_a_sheet_without_faults_may_be_given_and_says_what_was_looked_at(store: Store) -> None:
    resource(store, "镇卫生院")
    found = preflight(store, ORDER)
    assert found.may_be_given
    assert {"drawn", "published", "layers", "phone", "personal", "boundary", "oldest"} <= {
        each.rule for each in found.findings if each.level is Level.TOLD
    }
    assert "医-01，2026-11-19" in of(found, "oldest").sentence
    assert of(found, "drawn").sentence == "索引 1 项，图上都有"


def test_what_is_not_drawn_says_why(store: Store) -> None:
    resource(store, "镇卫生院")
    resource(store, "义诊车", latitude=None, longitude=None)
    resource(store, "临时救助", 2, dimension=Dimension.POLICY, map_class=MapClass.POLICY)
    resource(store, "县医院", 900)
    for north in range(2, 12):
        resource(store, f"药房{north}", north)
    found = preflight(store, ORDER)
    assert of(found, "drawn").count == 11
    assert of(found, "placeless").codes == ("医-02",)
    assert of(found, "listed").codes == ("策-01",)
    assert of(found, "far").codes == ("医-03",)
    assert found.may_be_given


@pytest.mark.parametrize("phone", ["没有电话", "12", "138000000001380000000"])
def test_a_phone_that_cannot_be_dialled_stops_the_sheet(store: Store, phone: str) -> None:
    resource(store, "镇卫生院", phone=phone)
    found = preflight(store, ORDER)
    assert not found.may_be_given
    assert (of(found, "phone").level, of(found, "phone").codes) == (Level.STOP, ("医-01",))


def test_records_that_were_hidden_since_they_were_chosen_stop_the_sheet(store: Store) -> None:
    key = resource(store, "镇卫生院")
    with store.reading() as session:
        content = content_of(session, ORDER, TODAY)
    for values in (
        {"confidential": True},
        {"confidential": False, "printable": False},
        {"printable": True, "status": ResourceStatus.DRAFT},
        {"status": ResourceStatus.ACTIVE, "valid_to": TODAY - timedelta(days=1)},
    ):
        edit(store, "resource", key, **values)
        with store.reading() as session:
            found = look_through(session, content, lay_out(content.spec), TODAY)
        assert of(found, "published").codes == ("医-01",), values
        assert not found.may_be_given


def test_a_drawing_of_the_stations_own_use_stops_the_sheet(store: Store) -> None:
    resource(store, "镇卫生院")
    key = add(store, "feature", kind=FeatureKind.LANE, name="巡查便道", geometry=ROAD)
    with store.reading() as session:
        content = content_of(session, ORDER, TODAY)
    edit(store, "feature", key, on_handout=False)
    with store.reading() as session:
        found = look_through(session, content, lay_out(content.spec), TODAY)
    assert of(found, "layers").records == (("feature", key),)
    assert not found.may_be_given


@pytest.mark.parametrize(
    ("offer", "rule"),
    [
        (f"办证请报 {INVENTED_ID}", "id_number"),
        ("捐款账号：6222 0200 0000 0000", "bank"),
        ("照看周小禾等三个孩子", "minor"),
    ],
)
def test_personal_words_stop_the_sheet_until_somebody_answers_for_them(
    store: Store, offer: str, rule: str
) -> None:
    minor(store, "周小禾")
    resource(store, "镇卫生院")
    resource(store, "便民点", 2, offer_text=offer)
    found = preflight(store, ORDER)
    assert not found.may_be_given
    assert of(found, rule).codes == ("医-02",)
    answered = preflight(store, ORDER, Override("同名的是店主，已核实"))
    assert answered.may_be_given
    assert [each.rule for each in answered.answered] == [rule]


def test_a_helper_who_is_served_and_marked_at_home_is_warned_about(store: Store) -> None:
    village = add(store, "village", name="东岗村")
    home = add(store, "household", village_key=village, latitude=38.3101, longitude=102.6201)
    person = add(store, "person", household_key=home, name="郑某")
    resource(store, "镇卫生院")
    for name, north in (("郑师傅理发", 0.0), ("郑师傅在村委会", 5.0)):
        helper = resource(store, name, north, dimension=Dimension.PEOPLE)
        part = {**records.blank_of(store, "resource_human"), "person_key": person}
        records.save(store, created("resource_human", part, helper))
    found = preflight(store, ORDER)
    assert (of(found, "home").level, of(found, "home").codes) == (Level.WARN, ("医-02",))


def test_nobody_can_answer_for_a_phone_that_cannot_be_dialled(store: Store) -> None:
    resource(store, "镇卫生院", phone="没有")
    assert not preflight(store, ORDER, Override("店主说就是这样")).may_be_given


def test_a_mobile_number_among_the_words_is_warned_about(store: Store) -> None:
    resource(store, "镇卫生院", offer_text="上门看病，电话 13800000000")
    found = preflight(store, ORDER)
    assert of(found, "mobile").level is Level.WARN
    assert found.may_be_given


def test_old_checks_and_none_at_all_are_warned_about(store: Store) -> None:
    resource(store, "镇卫生院", verified_on=TODAY - timedelta(days=181))
    resource(store, "药房", 2, verified_on=None)
    resource(store, "门诊", 4, verified_on=TODAY - timedelta(days=180))
    found = preflight(store, ORDER)
    assert of(found, "stale").codes == ("医-01",)
    assert of(found, "never_checked").codes == ("医-02",)
    assert found.may_be_given


def test_names_with_words_from_the_list_are_warned_about_and_the_list_can_be_changed(store: Store) -> None:
    resource(store, "镇卫生院")
    resource(store, "武警中队旧址", 2)
    resource(store, "退役军人服务站", 4)
    key = add(store, "feature", kind=FeatureKind.PLACE, name="柳河水库大坝", geometry=POINT)
    told = of(preflight(store, ORDER), "words")
    assert (told.level, told.codes, told.records) == (Level.WARN, ("医-02",), (("feature", key),))
    for entry in entries_of(store, "map_word"):
        if entry.label in {"大坝", "水库"}:
            hide_code(store, entry.key, hidden=True)
    assert of(preflight(store, ORDER), "words").records == ()


def test_a_boundary_of_a_county_that_was_drawn_stops_the_sheet(store: Store) -> None:
    resource(store, "镇卫生院")
    key = add(store, "feature", kind=FeatureKind.LANE, name="柳河县界", geometry=ROAD)
    found = preflight(store, ORDER)
    assert of(found, "boundary").records == (("feature", key),)
    assert not found.may_be_given


@pytest.mark.parametrize("name", ["省界", "国界线", "柳河县界", "行政区划界线", "市界"])
def test_names_of_high_boundaries_are_known(name: str) -> None:
    assert names_high_boundary(name)


@pytest.mark.parametrize(
    "name", ["村界", "柳河镇界", "社区界", "小区界墙", "县医院", "超市界外", "世界广场", "县界路"]
)
def test_names_of_other_things_are_no_high_boundaries(name: str) -> None:
    assert not names_high_boundary(name)


@pytest.mark.parametrize(
    ("layer", "tags", "is_high"),
    [
        ("drawn", {"boundary": "administrative", "admin_level": "6"}, True),
        ("drawn", {"boundary": "administrative", "admin_level": "8"}, False),
        ("drawn", {"boundary": "administrative"}, True),
        ("drawn", {"admin_level": "4"}, True),
        ("boundary", {"admin_level": "2"}, True),
        ("boundaries", {"kind": "county", "kind_detail": "6"}, True),
        ("boundaries", {"kind": "locality", "kind_detail": "8"}, False),
        ("BOUL", {"GB": "650200"}, True),
        ("drawn", {"GB": "660200"}, False),
        ("drawn", {"adcode": "410300", "name": "柳河市", "level": "city"}, True),
        ("drawn", {"name": "某某县界"}, True),
        ("roads", {"kind": "residential", "name": "县界路"}, False),
        ("roads", {"kind": "residential", "name": "人民路"}, False),
        ("landuse", {"boundary": "national_park"}, False),
    ],
)
def test_boundaries_of_counties_and_above_are_known_in_base_maps(
    layer: str, tags: dict[str, str], is_high: bool
) -> None:
    assert is_high_boundary(layer, tags) is is_high


def test_county_boundaries_in_a_base_map_of_ones_own_are_not_drawn_on_paper(
    store: Store, tmp_path: Path
) -> None:
    def line(north: float, **tags: str) -> dict[str, Any]:
        spots = [[102.60, 38.31 + north], [102.66, 38.312 + north]]
        return {
            "type": "Feature",
            "properties": tags,
            "geometry": {"type": "LineString", "coordinates": spots},
        }

    file = tmp_path / "界线和道路.geojson"
    lines = [
        line(0.001, name="东乡道"),
        line(0.002, boundary="administrative", admin_level="6"),
        line(0.003, GB="650200", name="界"),
        line(0.004, name="柳河县界"),
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": lines}), encoding="utf-8")
    basemaps.add(store, file, Datum.WGS84)
    resource(store, "镇卫生院")
    resource(store, "药房", 6)
    with store.reading() as session:
        content = content_of(session, ORDER, TODAY)
    layout = composed(store, content.spec).layout
    assert layout.spec.backdrop is not None
    assert {each.name for each in layout.spec.backdrop.shapes} == {"东乡道"}
    with store.reading() as session:
        found = look_through(session, content, layout, TODAY)
    assert "底图里的也没有画" in of(found, "boundary").sentence
    assert found.may_be_given


def test_a_picture_without_a_review_number_calls_for_a_look(store: Store) -> None:
    resource(store, "镇卫生院")
    with store.reading() as session:
        content = content_of(session, ORDER, TODAY)

    def under(spec: SheetSpec, backdrop: Backdrop) -> Level:
        with store.reading() as session:
            changed = replace(content, spec=replace(spec, backdrop=backdrop))
            return of(look_through(session, changed, lay_out(content.spec), TODAY), "picture").level

    picture = Picture(b"", "image/png", (102.6, 38.3, 102.7, 38.4))
    assert under(content.spec, Backdrop((picture,))) is Level.WARN
    assert under(content.spec, Backdrop((picture,), review_number="GS(2024)0001号")) is Level.TOLD


def test_names_in_a_base_map_are_looked_through_like_those_that_were_drawn(store: Store) -> None:
    minor(store, "周小禾")
    resource(store, "镇卫生院")
    road = json.loads(ROAD)
    shapes = tuple(BaseShape(BaseKind.STREET, name, road) for name in ("周小禾家的路", "军事管理区路"))
    with store.reading() as session:
        content = content_of(session, ORDER, TODAY)
        layout = lay_out(replace(content.spec, backdrop=Backdrop(shapes=shapes)))
        found = look_through(session, content, layout, TODAY)
    assert "周小禾家的路" in of(found, "minor").sentence
    assert "军事管理区路" in of(found, "words").sentence
    assert not found.may_be_given


def test_a_village_that_has_nothing_to_give_out_is_refused_in_a_sentence(store: Store) -> None:
    village = add(store, "village", name="东岗村")
    with pytest.raises(UserError, match="没有可以公开的资源"):
        preflight(store, HandoutOrder(area=village))


def test_who_did_not_agree_to_a_phone_is_told(store: Store) -> None:
    key = resource(store, "镇卫生院", contact_public=ContactPublic.NONE)
    assert of(preflight(store, ORDER), "consent").codes == ("医-01",)
    assert read(store, "resource", key)["phone"] == "0999-0004321"
