"""Files of the open formats through the reader of all tables: a process of its own, limits, one sentence."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from stationdesk.core.datum import Position
from stationdesk.core.errors import UserError
from stationdesk.sheets.open_formats.formats import Format, written
from stationdesk.sheets.open_formats.hsds import Catalogue
from stationdesk.sheets.reading.workbook import read_workbook
from tests.sheets.open_formats.making import listing

ROWS = (
    {"name": "镇卫生院", "offer_text": "=看病", "process": "挂号\n就诊"},
    {"name": "'爱心超市", "phone": "-"},
)


@pytest.mark.parametrize("form", [Format.HSDS, Format.GEOJSON, Format.CSV])
def test_a_file_becomes_a_sheet_with_its_header_in_row_1(form: Format, tmp_path: Path) -> None:
    path = tmp_path / "目录"
    path.write_bytes(written(form, Catalogue(listing(*ROWS, places=(Position(29.98, 109.48),)))))

    book = read_workbook(path)

    sheet = book.sheets[0]
    header = [str(label) for label in sheet.rows[0]]
    rows = [dict(zip(header, row, strict=False)) for row in sheet.rows[1:]]
    assert book.form == ("" if form is Format.CSV else form.value)
    assert [row["资源名称"] for row in rows] == ["镇卫生院", "'爱心超市"]
    assert (rows[0]["能提供什么"], rows[0]["办理流程"]) == ("=看病", "挂号\n就诊")
    assert float(str(rows[0]["纬度（WGS-84）"])) == 29.98


def test_what_was_not_read_of_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "界线.geojson"
    line = {"type": "LineString", "coordinates": [[109, 29], [110, 30]]}
    path.write_text(
        json.dumps({"type": "Feature", "properties": {"name": "柳河"}, "geometry": line}), encoding="utf-8"
    )

    assert read_workbook(path).notes == ("1 个不是点的形状（线、面），只读了属性，没有位置。",)


def test_a_bomb_in_a_kmz_ends_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "点.kmz"
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 or b"x") for n in range(1, 9))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("doc.kml", b'<!DOCTYPE kml [<!ENTITY e0 "x">' + entities + b"]><kml>&e8;</kml>")

    with pytest.raises(UserError, match="DTD"):
        read_workbook(path)


def test_a_kmz_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "点.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("doc.kml", b"<kml>" + b" " * (101 * 1024 * 1024) + b"</kml>")

    with pytest.raises(UserError, match="太大"):
        read_workbook(path)


@pytest.mark.parametrize("name", ["doc.kml", "services.csv"])
def test_a_package_that_does_not_unpack_ends_in_a_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, "text " * 1000)
        package.writestr("organizations.csv", "id")
    content = bytearray(path.read_bytes())
    begin = content.index(name.encode()) + len(name)
    content[begin : begin + 8] = b"\xff" * 8
    path.write_bytes(bytes(content))

    with pytest.raises(UserError, match="已损坏或不完整"):
        read_workbook(path)


def test_a_file_in_which_every_record_has_labels_of_its_own_is_refused_at_once(tmp_path: Path) -> None:
    features = [
        {"type": "Feature", "geometry": None, "properties": {f"栏{number}": "值"}} for number in range(5_000)
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")

    with pytest.raises(UserError, match="5000 种栏目"):
        read_workbook(path)
