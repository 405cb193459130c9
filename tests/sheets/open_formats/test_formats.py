"""Every open format carries what it claims to carry, both ways, whatever the texts are."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from hypothesis import given, settings

from stationdesk.core.datum import Position
from stationdesk.core.errors import UserError
from stationdesk.sheets.open_formats import comma
from stationdesk.sheets.open_formats.formats import Format, read_back, recognised, written
from stationdesk.sheets.open_formats.hsds import Catalogue
from stationdesk.sheets.open_formats.listing import Listing, OpenTable
from tests.hostile import STRINGS
from tests.sheets.open_formats.making import expected, listing, listings, stored

HOSTILE = [text for text in map(stored, STRINGS) if text]
ALL = tuple(Format)


def round_trip(kind: Format, told: Listing) -> list[dict[str, object]]:
    rows = read_back(kind, written(kind, Catalogue(told))).texts()
    # A directory has to say of every service whether it is active.
    return [{label: cell for label, cell in row.items() if label != "状态"} for row in rows]


def by_name(rows: list[dict[str, object]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows)


@pytest.mark.parametrize("kind", [each for each in ALL if not each.needs_places])
@given(told=listings())
@settings(max_examples=60, deadline=None)
def test_a_round_trip_loses_nothing(kind: Format, told: Listing) -> None:
    # A directory groups services by who provides them, so the order is no part of what it carries.
    assert by_name(round_trip(kind, told)) == by_name(expected(told))


@given(told=listings(placed=True))
@settings(max_examples=60, deadline=None)
def test_waypoints_come_back_whole(told: Listing) -> None:
    assert round_trip(Format.GPX, told) == expected(told)


@pytest.mark.parametrize("kind", ALL)
def test_hostile_text_stays_text(kind: Format) -> None:
    told = listing(
        *({"name": text, "offer_text": text, "process": text} for text in HOSTILE),
        places=tuple(Position(round(29.9 + at / 1000, 7), 109.4) for at in range(len(HOSTILE))),
    )

    assert by_name(round_trip(kind, told)) == by_name(expected(told))


def test_a_waypoint_needs_a_place() -> None:
    told = listing({"name": "镇卫生院"}, {"name": "爱心超市"}, places=(Position(29.9, 109.4),))

    assert [row["资源名称"] for row in round_trip(Format.GPX, told)] == ["镇卫生院"]


@pytest.mark.parametrize("kind", ALL)
def test_what_is_written_twice_is_the_same_to_the_byte(kind: Format) -> None:
    told = Catalogue(listing({"name": "镇卫生院", "phone": "0718-6820001"}, places=(Position(29.9, 109.4),)))

    assert written(kind, told) == written(kind, told)


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 138", "-带身份证", "@SUM(A1)", "＝1+1", " =1+1", "'=1", "'138", "|cmd"]
)
def test_no_office_program_computes_a_text_of_a_csv(text: str) -> None:
    content = written(Format.CSV, Catalogue(listing({"name": text})))

    cell = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1][0]
    assert cell[0] == "'"
    assert comma.plain(cell) == text


@pytest.mark.parametrize("text", ["-12.5", "3", "-1"])
def test_a_plain_number_in_a_csv_stays_one(text: str) -> None:
    assert comma.guarded(text) == text


def test_a_csv_begins_with_the_mark_by_which_office_programs_know_its_signs() -> None:
    assert written(Format.CSV, Catalogue(listing({"name": "镇卫生院"}))).startswith(b"\xef\xbb\xbf")


def test_a_feature_without_a_place_has_a_null_geometry() -> None:
    document = json.loads(written(Format.GEOJSON, Catalogue(listing({"name": "临时救助"}))))

    assert document["features"][0]["geometry"] is None
    assert "crs" not in document  # RFC 7946 section 4


def test_longitude_comes_first_in_geojson() -> None:
    content = written(Format.GEOJSON, Catalogue(listing({"name": "院"}, places=(Position(29.98, 109.48),))))

    assert json.loads(content)["features"][0]["geometry"]["coordinates"] == [109.48, 29.98]


def read(content: bytes) -> OpenTable:
    found = recognised(content)
    assert found is not None
    return found[1]


def test_a_geojson_of_another_datum_is_refused_and_not_moved() -> None:
    content = json.dumps(
        {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}},
            "features": [],
        }
    ).encode()

    with pytest.raises(UserError, match="EPSG::3857"):
        recognised(content)


def test_metres_are_no_degrees() -> None:
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Point", "coordinates": [12187000, 3.5e6]},
    }

    with pytest.raises(UserError, match="不是经纬度"):
        recognised(json.dumps(feature).encode())


def test_a_shape_that_is_no_point_keeps_its_texts_and_is_told() -> None:
    area = {
        "type": "Feature",
        "properties": {"name": "桃园村", "facts": {"people": 812}, "tags": ["a", "b"], "open": True},
        "geometry": {"type": "Polygon", "coordinates": [[[109, 29], [109.1, 29], [109, 29.1], [109, 29]]]},
    }

    table = read(json.dumps(area).encode())

    assert table.texts() == [
        {"name": "桃园村", "facts.people": "812", "tags": "a、b", "open": "是", "形状": "面"}
    ]
    assert len(table.notes) == 1


def test_kml_is_read_with_its_folders_and_schema_data() -> None:
    content = """<?xml version="1.0" encoding="UTF-8"?>
    <kml xmlns="http://earth.google.com/kml/2.1"><Document><name>我的地点</name><Folder><name>村卫生室</name>
    <Placemark><name>桃园村卫生室</name><description><![CDATA[<b>周一</b>]]></description>
    <ExtendedData><SchemaData><SimpleData name="类型">医疗</SimpleData></SchemaData></ExtendedData>
    <Point><coordinates> 109.48,29.98,512 </coordinates></Point></Placemark>
    <Placemark><name>河</name><LineString><coordinates>1,2 3,4</coordinates></LineString></Placemark>
    </Folder></Document></kml>""".encode()

    table = read(content)

    assert table.title == "我的地点"
    assert table.texts()[0] == {
        "名称": "桃园村卫生室",
        "文件夹": "村卫生室",
        "备注": "<b>周一</b>",
        "类型": "医疗",
        "纬度（WGS-84）": 29.98,
        "经度（WGS-84）": 109.48,
        "海拔": 512.0,
    }
    assert table.texts()[1]["形状"] == "线"
    assert len(table.notes) == 1


def test_a_kmz_is_read_from_its_main_document() -> None:
    told = written(Format.KML, Catalogue(listing({"name": "镇卫生院"}, places=(Position(29.9, 109.4),))))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("files/other.kml", "<kml><Placemark><name>别的</name></Placemark></kml>")
        package.writestr("doc.kml", told)

    assert read(packed.getvalue()).texts()[0]["资源名称"] == "镇卫生院"


def test_gpx_tells_of_the_tracks_it_leaves_out() -> None:
    content = b"""<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x">
    <wpt lat="29.9" lon="109.4"><ele>512</ele><name>A</name><desc>B</desc></wpt><trk/><rte/></gpx>"""

    table = read(content)

    assert table.texts() == [
        {"名称": "A", "海拔": "512", "备注": "B", "纬度（WGS-84）": 29.9, "经度（WGS-84）": 109.4}
    ]
    assert len(table.notes) == 1


def test_a_gpx_of_tracks_alone_is_refused_with_the_reason() -> None:
    with pytest.raises(UserError, match="没有航点"):
        recognised(b'<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk/></gpx>')


BOMB = b"""<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<kml><Placemark><name>&b;</name></Placemark></kml>"""
OUTSIDE = (
    b'<!DOCTYPE gpx [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    b'<gpx><wpt lat="1" lon="2"><name>&e;</name></wpt></gpx>'
)


@pytest.mark.parametrize("content", [BOMB, OUTSIDE])
def test_xml_with_entities_is_refused(content: bytes) -> None:
    with pytest.raises(UserError, match="DTD"):
        recognised(content)


@pytest.mark.parametrize(
    "content",
    [
        b"<kml><Placemark>",
        b'{"type": "FeatureCollection", "features": [',
        b'{"type": "FeatureCollection", "features": [1]}',
        b'{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [NaN, 1]}}',
        b'<gpx><wpt lat="x" lon="2"/></gpx>',
        b'<gpx><wpt lat="91" lon="2"/></gpx>',
        b"<kml><Placemark><Point><coordinates>a,b</coordinates></Point></Placemark></kml>",
        b"<kml/>",
        b'{"contents": []}',
        b'{"a": ' + b"[" * 100_000,
        b'[{"name": "x"}]',
    ],
)
def test_a_file_that_is_damaged_empty_or_something_else_ends_in_a_sentence(content: bytes) -> None:
    with pytest.raises(UserError):
        recognised(content)


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2", b"PK\x03\x04", b"<html></html>", b"[x],1\n", b"\xd0\xcf\x11\xe0"]
)
def test_what_is_no_open_format_is_left_to_the_reader_of_tables(content: bytes) -> None:
    assert recognised(content) is None
