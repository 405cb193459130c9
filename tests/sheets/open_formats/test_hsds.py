"""The directory of resources holds to the published specification, and reads what other directories write."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, FormatChecker

from stationdesk.core.datum import Position
from stationdesk.core.vocab import ResourceStatus
from stationdesk.db.base import fields_of
from stationdesk.db.models import Resource
from stationdesk.sheets.open_formats import hsds, hsds_reading
from stationdesk.sheets.open_formats.formats import Format, recognised, written
from stationdesk.sheets.open_formats.hsds import Catalogue, Town
from stationdesk.sheets.open_formats.listing import Item, ListColumn, Listing
from tests.sheets.open_formats.making import listings

PUBLISHED = Path(__file__).parents[2] / "data" / "hsds"
KEY = "0199f3a2b4c57d8e9f00112233445566"
FULL = {
    "code": "医-07",
    "name": "镇卫生院",
    "alt_name": "柳河卫生院",
    "offer_text": "看病、体检",
    "status": "暂停",
    "provider_key": "县卫健局",
    "address": "柳河镇新街 8 号",
    "phone": "0718-6820001",
    "phone_2": "13900000000",
    "contact": "李医生",
    "contact_title": "院长",
    "hours": "周一至周五 8:00-17:00",
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
    "documents": "身份证",
    "process": "挂号\n就诊",
    "fee_text": "按医保",
    "eligibility": "本镇居民",
    "min_age": "0",
    "max_age": "120",
    "verified_on": "2026-10-01",
    "alert": "本周停诊",
    "capacity": "30",
    "capacity_unit": "人次",
    "dimension": "组织资源",
}


def validator() -> Draft202012Validator:
    schema = json.loads((PUBLISHED / "organization.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def labels() -> dict[str, str]:
    return {field.key: field.label for field in fields_of(Resource)}


def full(*, made_at: str = "2026-11-22T09:00:00+08:00") -> Catalogue:
    columns = tuple(ListColumn(key, labels()[key]) for key in FULL)
    item = Item(KEY, FULL, Position(29.98, 109.48))
    told = Listing("柳河镇资源目录", columns, (item,), "name", "柳河镇社工站", "2026-11-22")
    return Catalogue(told, Town("柳河镇", "宣化县", "湖北省"), {KEY: 12}, made_at)


def test_the_labels_of_the_mapping_are_those_of_the_fields() -> None:
    known = set(labels().values())
    named = {
        *hsds.SERVICE.values(),
        *hsds.PHONES,
        hsds.STATUS_LABEL,
        hsds.PROVIDER,
        hsds.ADDRESS,
        hsds.CONTACT,
    }
    named |= {hsds.CONTACT_TITLE, hsds.HOURS, hsds.VALID_FROM, hsds.VALID_TO, hsds.DOCUMENTS}
    named |= {hsds.CAPACITY, hsds.CAPACITY_UNIT}

    assert named <= known
    statuses = {each.label for field in fields_of(Resource) if field.key == "status" for each in field.type}  # type: ignore[attr-defined]  # an enum
    # A draft is in no file for others, so that HSDS needs no word for it.
    assert set(hsds.STATUS.values()) == statuses - {ResourceStatus.DRAFT.label}


def test_a_full_resource_is_valid_by_the_published_schema() -> None:
    page = json.loads(written(Format.HSDS, full()))

    assert page["total_items"] == 1
    for organization in page["contents"]:
        assert [error.message for error in validator().iter_errors(organization)] == []


@given(told=listings())
@settings(max_examples=40, deadline=None)
def test_whatever_the_texts_are_the_directory_is_valid(told: Listing) -> None:
    check = validator()

    for organization in json.loads(written(Format.HSDS, Catalogue(told)))["contents"]:
        assert [error.message for error in check.iter_errors(organization)] == []


def test_the_published_schema_finds_what_is_missing() -> None:
    organization = json.loads(written(Format.HSDS, full()))["contents"][0]
    del organization["services"][0]["status"]

    assert [error.message for error in validator().iter_errors(organization)] == [
        "'status' is a required property"
    ]


def test_what_the_specification_has_a_place_for_stands_there() -> None:
    organization = json.loads(written(Format.HSDS, full()))["contents"][0]
    service = organization["services"][0]
    location = service["service_at_locations"][0]["location"]

    assert organization["name"] == "县卫健局"
    assert service["id"] == "0199f3a2-b4c5-7d8e-9f00-112233445566"
    assert service["status"] == "temporarily closed"
    assert (service["minimum_age"], service["maximum_age"]) == (0, 120)
    assert service["capacities"][0]["available"] == 12
    assert (location["latitude"], location["longitude"]) == (29.98, 109.48)
    assert location["addresses"][0]["city"] == "柳河镇"
    told = {each["taxonomy_term"]["name"]: each["value"] for each in service["attributes"]}
    assert told == {"资源编号": "医-07", "维度": "组织资源"}


@pytest.mark.parametrize("kind", [Format.HSDS, Format.HSDS_CSV])
def test_every_field_comes_back(kind: Format) -> None:
    found = recognised(written(kind, full()))
    assert found is not None

    assert found[0] is kind
    assert found[1].texts() == [
        {labels()[key]: text for key, text in FULL.items()}
        | {"纬度（WGS-84）": 29.98, "经度（WGS-84）": 109.48}
    ]


def tables(content: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {
            name: list(csv.DictReader(io.StringIO(package.read(name).decode(), newline="")))
            for name in package.namelist()
            if name.endswith(".csv")
        }


def test_the_tables_hold_to_the_published_data_package() -> None:
    published: dict[str, Any] = json.loads((PUBLISHED / "tables.json").read_text(encoding="utf-8"))["tables"]
    found = tables(written(Format.HSDS_CSV, full()))
    known = {path: {row["id"] for row in rows} for path, rows in found.items()}
    of_31 = {"service_capacity.csv", "units.csv"}

    assert set(found) - of_31 <= set(published)
    for path in set(found) - of_31:
        fields = published[path]["fields"]
        for row in found[path]:
            assert set(row) <= set(fields), path
            for name, rule in fields.items():
                assert row.get(name) or not rule.get("required"), (path, name)
                assert row.get(name) in {None, "", *rule.get("enum", [row.get(name)])}, (path, name)
        for name, target in published[path]["foreignKeys"]:
            assert {row[name] for row in found[path] if row.get(name)} <= known.get(target, set()), (
                path,
                name,
            )


def test_the_descriptor_names_every_table_with_its_columns() -> None:
    content = written(Format.HSDS_CSV, full())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        descriptor = json.loads(package.read("datapackage.json"))

    told = {
        each["path"]: [field["name"] for field in each["schema"]["fields"]]
        for each in descriptor["resources"]
    }
    assert told == {path: list(rows[0]) for path, rows in tables(content).items()}


def test_a_capacity_without_a_unit_is_kept_as_an_attribute() -> None:
    told = full(made_at="")

    service = json.loads(written(Format.HSDS, told))["contents"][0]["services"][0]

    assert "capacities" not in service
    assert {"容量", "单位"} <= {each["taxonomy_term"]["name"] for each in service["attributes"]}


FOREIGN = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "name": "Community Counselling",
    "status": "inactive",
    "wait_time": "2 weeks",
    "organization": {
        "id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610",
        "name": "Example Inc.",
        "phones": [{"number": "1"}, {"number": "2"}, {"number": "3"}],
    },
    "schedules": [{"byday": "TH,FR", "opens_at": "10:00:00", "closes_at": "18:00:00"}],
    "languages": [{"name": "Urdu"}],
    "attributes": [{"taxonomy_term": {"name": "Health", "taxonomy": "open-eligibility"}}],
    "service_at_locations": [
        {"location": {"latitude": 1.5, "longitude": 2.5, "addresses": [{"address_1": "Main 1"}]}}
    ],
}


@pytest.mark.parametrize("document", [FOREIGN, [FOREIGN], {"contents": [FOREIGN]}, {"services": [FOREIGN]}])
def test_a_directory_of_somebody_else_is_read_and_nothing_is_hidden(document: object) -> None:
    table = hsds_reading.read(document)

    assert table.texts() == [
        {
            "资源名称": "Community Counselling",
            "状态": "失效",
            "提供方": "Example Inc.",
            "电话": "1",
            "备用电话": "2、3",
            "开放时间": "周四周五 10:00-18:00",
            "地址": "Main 1",
            "纬度（WGS-84）": 1.5,
            "经度（WGS-84）": 2.5,
            "attribute.open-eligibility": "Health",
            "service.wait_time": "2 weeks",
            "service.languages": "Urdu",
        }
    ]


def test_tables_of_somebody_else_are_put_together() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("csv/organizations.csv", "id,name\no1,Example Inc.\n")
        package.writestr(
            "csv/services.csv", "\ufeffid,organization_id,name,status\ns1,o1,Counselling,active\n"
        )
        package.writestr("csv/phones.csv", 'id,service_id,number\np1,s1,"010-82311001"\n')

    found = recognised(packed.getvalue())

    assert found is not None
    assert found[1].texts() == [
        {"资源名称": "Counselling", "状态": "有效", "提供方": "Example Inc.", "电话": "010-82311001"}
    ]
