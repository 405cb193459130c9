"""A list leaves in an open format: what is in it, what never is, and that it comes back the same."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typing_extensions import override

from stationdesk.core.datum import from_wgs84
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.progress import Cancelled, Progress
from stationdesk.core.vocab import Audience, ContactPublic, Datum, OwnGuard, OwnKind, ResourceStatus
from stationdesk.db.models.audit import AuditEntry
from stationdesk.services.exchange import Format, export_list, file_name, suspected_shift
from stationdesk.services.exchange.shift import shift_of
from stationdesk.services.imports import ImportKind, Verdict, dry_run, plan_for, read_plan
from stationdesk.services.listing import Filter, Query
from stationdesk.services.own_fields import Wish, add_field, own_fields_of
from stationdesk.services.release import Override
from stationdesk.services.store import Store
from stationdesk.sheets.open_formats.formats import recognised
from stationdesk.sheets.reading.cells import Workbook
from tests.desk_station import add
from tests.services.desk_town import helper, person, resource, restrict, village
from tests.sheets.reading.making import sheet

PLACE = {"latitude": 29.98, "longitude": 109.48}
PHONE = "0718-6820001"


def texts(path: Path) -> dict[str, dict[str, Any]]:
    """The records of a file by their name, by label."""
    found = recognised(path.read_bytes())
    assert found is not None
    return {str(row.get("资源名称") or row.get("村居名称")): dict(row) for row in found[1].texts()}


def exported(
    store: Store, folder: Path, audience: Audience, form: Format = Format.GEOJSON
) -> dict[str, dict[str, Any]]:
    return texts(export_list(store, form, folder / f"out{form.suffix}", audience=audience).path)


def test_a_phone_leaves_only_with_permission(store: Store, tmp_path: Path) -> None:
    told = {"phone": PHONE, "contact": "李医生"}
    resource(store, "不公开", **told)
    resource(store, "公开电话", **told, contact_public=ContactPublic.PHONE)
    resource(store, "都公开", **told, contact_public=ContactPublic.NAME_AND_PHONE)
    resource(store, "勿联系", **told, contact_public=ContactPublic.NAME_AND_PHONE, do_not_contact=True)

    found = exported(store, tmp_path, Audience.REPORT)

    assert {name: (row.get("电话"), row.get("联系人")) for name, row in found.items()} == {
        "不公开": (None, "李*"),
        "公开电话": (PHONE, "李*"),
        "都公开": (PHONE, "李医生"),
        "勿联系": (None, "李*"),
    }


@pytest.mark.parametrize("audience", list(Audience))
def test_a_secret_address_is_in_no_file(store: Store, tmp_path: Path, audience: Audience) -> None:
    home = village(store, "桃园村")
    resource(store, "庇护所", confidential=True, address="桃园村 8 号", village_key=home, **PLACE)

    for form in Format:
        if form.needs_places:
            continue
        path = export_list(store, form, tmp_path / f"out{form.suffix}", audience=audience).path
        row = texts(path)["庇护所"] if form is not Format.CSV else {}
        content = path.read_bytes().decode(errors="replace")
        assert "桃园村" not in content
        assert "29.98" not in content
        assert "位置精度" not in row


@pytest.mark.parametrize("audience", list(Audience))
def test_a_restricted_person_who_helps_is_in_no_file(
    store: Store, tmp_path: Path, audience: Audience
) -> None:
    hidden = person(store, "赵某某")
    restrict(store, hidden)
    helper(store, "赵师傅", hidden)
    resource(store, "镇卫生院")

    report = export_list(store, Format.GEOJSON, tmp_path / "out.geojson", audience=audience)

    assert list(texts(report.path)) == ["镇卫生院"]
    assert [each.why for each in report.left] == ["涉及按规定限制查看的对象"]
    assert "赵" not in report.left[0].title


def test_what_was_withdrawn_stays_behind_and_is_told(store: Store, tmp_path: Path) -> None:
    resource(store, "镇卫生院")
    resource(store, "老供销社", status=ResourceStatus.WITHDRAWN)

    report = export_list(store, Format.GEOJSON, tmp_path / "out.geojson")

    assert list(texts(report.path)) == ["镇卫生院"]
    assert [(each.title, each.why) for each in report.left] == [("老供销社", "已撤的资源")]


def test_a_draft_stays_behind_and_is_told(store: Store, tmp_path: Path) -> None:
    resource(store, "镇卫生院")
    resource(store, "未命名 09:30", status=ResourceStatus.DRAFT)

    report = export_list(store, Format.GEOJSON, tmp_path / "out.geojson")

    assert list(texts(report.path)) == ["镇卫生院"]
    assert [(each.title, each.why) for each in report.left] == [("未命名 09:30", "还没补全的草稿")]


def test_what_may_not_be_printed_is_not_for_the_public(store: Store, tmp_path: Path) -> None:
    resource(store, "镇卫生院")
    resource(store, "王师傅", printable=False)

    assert list(exported(store, tmp_path, Audience.PUBLIC)) == ["镇卫生院"]
    assert set(exported(store, tmp_path, Audience.REPORT)) == {"镇卫生院", "王师傅"}


def test_notes_and_the_stations_own_business_stay_at_home(store: Store, tmp_path: Path) -> None:
    resource(store, "镇卫生院", note="院长好说话", collected_by="王芳")

    outside, inside = exported(store, tmp_path, Audience.REPORT), exported(store, tmp_path, Audience.INTERNAL)

    assert not {"备注", "采集人", "地址保密", "联系人同意公开"} & set(outside["镇卫生院"])
    assert (inside["镇卫生院"]["备注"], inside["镇卫生院"]["采集人"]) == ("院长好说话", "王芳")


def test_a_full_number_in_a_text_stops_the_file(store: Store, tmp_path: Path) -> None:
    resource(store, "理发", offer_text="上门理发，打 13800001111")

    with pytest.raises(UserError, match="“理发”的“能提供什么”里有完整的手机号码"):
        export_list(store, Format.HSDS, tmp_path / "out.json")

    assert list(tmp_path.glob("out*")) == []


def test_the_name_of_a_minor_in_a_text_stops_the_file_unless_somebody_answers_for_it(
    store: Store, tmp_path: Path
) -> None:
    person(store, "周小禾", birth_date=date(2016, 3, 1))
    resource(store, "结对助学", offer_text="已帮周小禾家")

    with pytest.raises(UserError, match="“结对助学”的“能提供什么”里有未成年人姓名"):
        export_list(store, Format.HSDS, tmp_path / "out.json")
    report = export_list(store, Format.HSDS, tmp_path / "out.json", override=Override("家长书面同意刊登"))

    assert report.records == 1
    with store.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all()[-2:] == ["export", "release"]


def test_the_export_is_logged(store: Store, tmp_path: Path) -> None:
    resource(store, "镇卫生院")

    export_list(store, Format.KML, tmp_path / "目录.kml")

    with store.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all()[-1] == "export"


class StoppedAtOnce(Progress):
    """A worker who presses Cancel."""

    @override
    def step(self, done: int, total: int) -> None:
        raise Cancelled

    @override
    def say(self, sentence: str) -> None:
        return


def test_a_cancelled_export_leaves_what_was_there(store: Store, tmp_path: Path) -> None:
    resource(store, "镇卫生院")
    target = tmp_path / "out.geojson"
    target.write_text("旧的", encoding="utf-8")

    with pytest.raises(Cancelled):
        export_list(store, Format.GEOJSON, target, progress=StoppedAtOnce())

    assert [path.read_text(encoding="utf-8") for path in tmp_path.glob("*.geojson")] == ["旧的"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["out.geojson"]


def test_only_what_the_list_shows_is_exported(store: Store, tmp_path: Path) -> None:
    home = village(store, "桃园村")
    resource(store, "村卫生室", village_key=home)
    resource(store, "镇卫生院")
    query = Query("resource", filters=(Filter("village_key", frozenset({home})),))

    report = export_list(store, Format.CSV, tmp_path / "out.csv", query)

    assert report.records == 1


def test_waypoints_tell_what_has_no_place(store: Store, tmp_path: Path) -> None:
    resource(store, "镇卫生院", **PLACE)
    resource(store, "临时救助")

    report = export_list(store, Format.GPX, tmp_path / "out.gpx")

    assert (report.records, report.placed) == (1, 1)
    assert [each.title for each in report.left] == ["临时救助"]


def test_nothing_to_write_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有可导出的记录"):
        export_list(store, Format.GEOJSON, tmp_path / "out.geojson")


def test_villages_go_into_map_formats_and_into_no_directory_of_resources(
    store: Store, tmp_path: Path
) -> None:
    village(store, "桃园村", population=812, **PLACE)

    report = export_list(store, Format.GEOJSON, tmp_path / "out.geojson", Query("village"))

    assert texts(report.path)["桃园村"]["户籍人口"] == "812"
    with pytest.raises(UserError, match="只能放资源"):
        export_list(store, Format.HSDS, tmp_path / "out.json", Query("village"))


def test_organisations_go_out_without_what_nobody_agreed_to(store: Store, tmp_path: Path) -> None:
    add(store, "organisation", name="柳河志愿队", leader="李水", phone="13800001111", members=12)

    report = export_list(store, Format.GEOJSON, tmp_path / "out.geojson", Query("organisation"))

    found = json.loads(report.path.read_text(encoding="utf-8"))["features"][0]["properties"]
    assert found == {"组织名称": "柳河志愿队", "负责人": "李*", "成员数": "12"}


@pytest.mark.parametrize(
    ("guard", "outside"),
    [(OwnGuard.OPEN, "东沟"), (OwnGuard.MASKED, "东*"), (OwnGuard.DROPPED, None)],
)
def test_the_stations_own_fields_travel_by_their_guard(
    store: Store, tmp_path: Path, guard: OwnGuard, outside: str | None
) -> None:
    add_field(store, "resource", Wish("小地名", OwnKind.LINE, guard=guard))
    slot = own_fields_of(store, "resource")[0].slot
    resource(store, "镇卫生院", **{slot: "东沟"})

    inside = exported(store, tmp_path, Audience.INTERNAL)["镇卫生院"]
    path = export_list(store, Format.HSDS, tmp_path / "out.json").path

    assert inside["小地名"] == "东沟"
    assert texts(path)["镇卫生院"].get("小地名") == outside


def test_people_go_into_no_open_format(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="请用台账"):
        export_list(store, Format.GEOJSON, tmp_path / "out.geojson", Query("person"))


def test_the_directory_knows_the_town(store: Store, tmp_path: Path) -> None:
    resource(store, "镇卫生院", address="新街 8 号", capacity=30, capacity_unit="人次")

    page = json.loads(export_list(store, Format.HSDS, tmp_path / "out.json").path.read_text(encoding="utf-8"))

    service = page["contents"][0]["services"][0]
    assert service["service_at_locations"][0]["location"]["addresses"][0]["city"] == "柳河镇"
    assert (service["capacities"][0]["available"], service["capacities"][0]["maximum"]) == (30, 30)


def test_files_are_named_by_the_rule_so_that_an_internal_one_is_not_taken_for_a_public_one() -> None:
    name = file_name("柳河镇", "resource", Format.GEOJSON, "2026-11-22", Audience.INTERNAL)
    assert name == "柳河镇社工站_资源目录_2026-11-22_内部.geojson"


@pytest.mark.parametrize("form", [each for each in Format if not each.needs_places])
def test_what_was_exported_is_the_same_when_it_comes_back(store: Store, tmp_path: Path, form: Format) -> None:
    home = village(store, "桃园村")
    resource(
        store, "镇卫生院", phone=PHONE, village_key=home, address="新街 8 号", offer_text="=看病", **PLACE
    )
    resource(
        store, "爱心超市", hours="周一至周五", process="登记\n领取", capacity=3, capacity_unit="份", fee=True
    )
    path = export_list(store, form, tmp_path / f"out{form.suffix}", audience=Audience.INTERNAL).path

    plan = read_plan(store, path, ImportKind.RESOURCES)
    dry = dry_run(store, plan, plan.told_datum)

    assert plan.told_datum is Datum.WGS84
    assert [(row.title, row.verdict) for row in dry.rows] == [
        ("镇卫生院", Verdict.SAME),
        ("爱心超市", Verdict.SAME),
    ]


def test_a_file_of_waypoints_says_itself_where_its_points_are_and_what_was_left(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "走访.gpx"
    path.write_text(
        '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x"><trk/>'
        '<wpt lat="46.1" lon="14.5"><name>村口</name><time>2026-01-01T00:00:00Z</time>'
        "<desc>村头</desc></wpt></gpx>",
        encoding="utf-8",
    )

    plan = read_plan(store, path, ImportKind.RESOURCES)

    assert set(plan.mapping) == {
        "resource.name",
        "resource.note",
        "resource.latitude",
        "resource.longitude",
        None,
    }
    assert plan.told_datum is Datum.WGS84
    assert [each.why for each in plan.table.left_out][:1] == ["1 条轨迹或路线没有读：它们不是点。"]


def shifted(store: Store, datum: Datum, count: int = 4) -> Any:
    rows: list[list[Any]] = [["资源名称", "纬度（WGS-84）", "经度（WGS-84）"]]
    for number in range(count):
        lat, lon = 29.98 + number / 100, 109.48 + number / 90
        resource(store, f"卫生室{number}", latitude=lat, longitude=lon)
        rows.append([f"卫生室{number}", *from_wgs84(lat, lon, datum)])
    book = Workbook("点.geojson", (sheet(rows),), form="geojson")
    return plan_for(store, Path("点.geojson"), book, ImportKind.RESOURCES)


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_shifted_points_are_suspected_and_told(store: Store, datum: Datum) -> None:
    found = suspected_shift(store, shifted(store, datum))

    assert found is not None
    assert found.datum is datum
    assert found.metres > 300
    assert found.metres_then < 1
    assert "4 处" in found.sentence


def test_points_where_they_belong_are_not_suspected(store: Store) -> None:
    assert suspected_shift(store, shifted(store, Datum.WGS84)) is None


def test_two_known_places_are_too_few_to_suspect_anything(store: Store) -> None:
    assert suspected_shift(store, shifted(store, Datum.GCJ02, count=2)) is None


def test_places_that_lie_anywhere_speak_for_no_datum() -> None:
    here = (29.98, 109.48)
    around = [
        ((29.99, 109.48), here),
        ((29.97, 109.48), here),
        ((29.98, 109.49), here),
        ((29.98, 109.47), here),
    ]

    assert shift_of(around) is None


def test_keys_are_those_of_the_records(store: Store, tmp_path: Path) -> None:
    key: Key = resource(store, "镇卫生院")

    report = export_list(store, Format.GEOJSON, tmp_path / "out.geojson")

    assert json.loads(report.path.read_text(encoding="utf-8"))["features"][0]["id"] == key
