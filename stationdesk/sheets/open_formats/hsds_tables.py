"""HSDS as a tabular data package: one CSV an object and a descriptor, in a zip; both ways.

The tables are for programs, so they are plain UTF-8 without a mark and their texts stand as they are: another
directory would show an apostrophe that guards against formulas. People open the workbook or the plain CSV instead.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

from stationdesk.sheets.open_formats import hsds
from stationdesk.sheets.open_formats.refusals import BROKEN_PACKAGE, damaged, empty

KIND = "HSDS"
DESCRIPTOR: Final = "datapackage.json"
SERVICES: Final = "services.csv"

_PATHS: Final[Mapping[str, str]] = {
    "organization": "organizations.csv",
    "service": SERVICES,
    "phone": "phones.csv",
    "contact": "contacts.csv",
    "schedule": "schedules.csv",
    "required_document": "required_documents.csv",
    "location": "locations.csv",
    "address": "addresses.csv",
    "service_at_location": "service_at_location.csv",
    "service_capacity": "service_capacity.csv",
    "unit": "units.csv",
    "attribute": "attributes.csv",
    "taxonomy_term": "taxonomy_terms.csv",
    "taxonomy": "taxonomies.csv",
}
"""The tables that are written, and what the specification calls their files."""

_OF_A_SERVICE: Final[Mapping[str, str]] = {
    "phones": "phone",
    "contacts": "contact",
    "schedules": "schedule",
    "required_documents": "required_document",
    "attributes": "attribute",
}
_NUMBERS: Final = frozenset({"minimum_age", "maximum_age", "latitude", "longitude", "available", "maximum"})
_DAYS: Final = frozenset({"assured_date", "valid_from", "valid_to"})
_FOREIGN: Final[Mapping[str, str]] = {
    "organization_id": "organization",
    "service_id": "service",
    "location_id": "location",
    "taxonomy_term_id": "taxonomy_term",
    "taxonomy_id": "taxonomy",
    "unit_id": "unit",
}
_PARTS: Final = ("phones", "contacts", "schedules", "required_documents")
_EPOCH: Final = (2020, 1, 1, 0, 0, 0)
"""The time that every member of the zip bears, so that the same list makes the same bytes."""

MAX_UNPACKED: Final = 200 * 1024 * 1024

Table = list[dict[str, Any]]


def write(catalogue: hsds.Catalogue) -> bytes:
    """The package as a zip."""
    tables = {name: table for name, table in tables_of(catalogue).items() if table}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        _add(package, DESCRIPTOR, json.dumps(_descriptor(catalogue, tables), ensure_ascii=False, indent=1))
        for name, table in tables.items():
            _add(package, _PATHS[name], _csv(table))
    return out.getvalue()


def _add(package: zipfile.ZipFile, name: str, text: str) -> None:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(member, text.encode())


def _csv(table: Table) -> str:
    out = io.StringIO(newline="")
    columns = _columns(table)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in table)
    return out.getvalue()


def _columns(table: Table) -> list[str]:
    return list(dict.fromkeys(name for row in table for name in row))


def _descriptor(catalogue: hsds.Catalogue, tables: Mapping[str, Table]) -> dict[str, Any]:
    return {
        "name": "human_services_data",
        "title": catalogue.listing.title,
        "profile": "tabular-data-package",
        "version": hsds.VERSION,
        "resources": [
            {
                "name": name,
                "path": _PATHS[name],
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "profile": "tabular-data-resource",
                "schema": {
                    "primaryKey": "id",
                    "fields": [{"name": column, "type": _type(column)} for column in _columns(table)],
                    "foreignKeys": [
                        {"fields": column, "reference": {"resource": _FOREIGN[column], "fields": "id"}}
                        for column in _columns(table)
                        if column in _FOREIGN and _FOREIGN[column] in tables
                    ],
                },
            }
            for name, table in tables.items()
        ],
    }


def _type(column: str) -> str:
    if column in _NUMBERS:
        return "number"
    return "date" if column in _DAYS else "datetime" if column == "updated" else "string"


def tables_of(catalogue: hsds.Catalogue) -> dict[str, Table]:
    """The objects apart, each in its table, linked by identifiers."""
    tables: dict[str, Table] = {name: [] for name in _PATHS}
    terms: dict[str, dict[str, Any]] = {}
    units: dict[str, dict[str, Any]] = {}
    for owner in hsds.organizations(catalogue):
        tables["organization"].append(_own(owner))
        for service in owner["services"]:
            tables["service"].append(_own(service))
            for name, table in _OF_A_SERVICE.items():
                tables[table] += [_own(each) for each in service.get(name, ())]
            for attribute in service.get("attributes", ()):
                term = attribute["taxonomy_term"]
                terms.setdefault(
                    term["id"], {**_own(term), "taxonomy_id": hsds.identifier("taxonomy", hsds.TAXONOMY)}
                )
            for place in service.get("service_at_locations", ()):
                tables["service_at_location"].append(_own(place))
                tables["location"].append(_own(place["location"]))
                tables["address"] += [_own(each) for each in place["location"].get("addresses", ())]
            for capacity in service.get("capacities", ()):
                units.setdefault(capacity["unit"]["id"], capacity["unit"])
                tables["service_capacity"].append({**_own(capacity), "unit_id": capacity["unit"]["id"]})
    tables["taxonomy_term"], tables["unit"] = list(terms.values()), list(units.values())
    if terms:
        tables["taxonomy"] = [
            {
                "id": hsds.identifier("taxonomy", hsds.TAXONOMY),
                "name": hsds.TAXONOMY,
                "description": catalogue.listing.title or hsds.TAXONOMY,
            }
        ]
    return tables


def _own(thing: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in thing.items() if not isinstance(value, list | dict)}


def is_package(names: set[str]) -> bool:
    """Whether the members of a zip look like such a package."""
    bare = {name.rsplit("/", 1)[-1].lower() for name in names}
    return SERVICES in bare and (DESCRIPTOR in bare or "organizations.csv" in bare)


def document_of(stream: IO[bytes]) -> list[dict[str, Any]]:
    """The tables put together again: services with all that belongs to them, for `hsds_reading.read`.

    Raises:
        UserError: it is damaged, too big, or has no service.
    """
    try:
        with zipfile.ZipFile(stream) as package:
            tables = _tables(package)
    except (*BROKEN_PACKAGE, csv.Error) as error:
        raise damaged(KIND) from error
    if not tables.get("services"):
        raise empty(KIND)
    return list(_together(tables))


def _tables(package: zipfile.ZipFile) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    left = MAX_UNPACKED
    for member in package.infolist():
        name = member.filename.rsplit("/", 1)[-1].lower()
        if not name.endswith(".csv"):
            continue
        left -= member.file_size
        if left < 0:
            raise damaged(KIND)
        text = package.read(member).decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""))
        tables[name.removesuffix(".csv")] = [
            {key: _value(key, cell) for key, cell in row.items() if key and cell} for row in rows
        ]
    return tables


def _value(name: str, cell: str) -> str | float:
    if name in {"latitude", "longitude"}:
        return float(cell)
    return cell


def _by(table: Table, name: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in table:
        if row.get(name):
            found.setdefault(str(row[name]), []).append(row)
    return found


def _together(tables: Mapping[str, Table]) -> Iterator[dict[str, Any]]:
    owners = {row["id"]: row for row in tables.get("organizations", ()) if "id" in row}
    terms = {row["id"]: row for row in tables.get("taxonomy_terms", ()) if "id" in row}
    units = {row["id"]: row for row in tables.get("units", ()) if "id" in row}
    locations = {row["id"]: row for row in tables.get("locations", ()) if "id" in row}
    addresses = _by(tables.get("addresses", []), "location_id")
    of_service = {name: _by(tables.get(name, []), "service_id") for name in _PARTS}
    attributes = _by(tables.get("attributes", []), "link_id")
    capacities = _by(tables.get("service_capacity", []), "service_id")
    places = _by(
        tables.get("service_at_location", []) or tables.get("services_at_location", []), "service_id"
    )
    for row in tables["services"]:
        identity = str(row.get("id", ""))
        service: dict[str, Any] = dict(row)
        service["organization"] = owners.get(row.get("organization_id"), {})
        for name, rows in of_service.items():
            service[name] = rows.get(identity, [])
        service["attributes"] = [
            {**each, "taxonomy_term": terms.get(each.get("taxonomy_term_id"), {})}
            for each in attributes.get(identity, ())
        ]
        service["capacities"] = [
            {**each, "unit": units.get(each.get("unit_id"), {})} for each in capacities.get(identity, ())
        ]
        service["service_at_locations"] = [
            {
                **place,
                "location": {
                    **locations.get(place.get("location_id"), {}),
                    "addresses": addresses.get(str(place.get("location_id")), []),
                },
            }
            for place in places.get(identity, ())
        ]
        yield service
