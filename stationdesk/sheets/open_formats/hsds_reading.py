"""HSDS 2 and 3 documents as a table: a row a service, the labels of our fields where they have one.

Properties of other directories that no field of ours can hold stand in columns of their own, under the names that
HSDS gives them (`service.wait_time`), so that the worker sees what is not imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from stationdesk.core.text import clean
from stationdesk.sheets.open_formats import hsds
from stationdesk.sheets.open_formats.listing import LATITUDE, LONGITUDE, OpenCell, OpenTable, tabled
from stationdesk.sheets.open_formats.refusals import empty

KIND = "HSDS"
_FIRST = (hsds.SERVICE["name"],)
_JOINT = "、"
_LINE = "\n"
_NOT_TOLD = frozenset(
    {"id", "metadata", "organization_id", "program_id", "last_modified", "service_id", "location_id"}
)
_LISTS = frozenset(
    {
        "phones",
        "contacts",
        "schedules",
        "required_documents",
        "service_at_locations",
        "capacities",
        "attributes",
    }
)


def services_in(document: object) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Every service of a document with its organization, whatever form of HSDS JSON it has.

    A page of organizations or services (`contents`), a bare list of either, one of them alone, or an object
    with such a list. Empty for a document that is none.
    """
    found: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
    for thing in _things(document):
        if isinstance(thing.get("services"), list):
            found += [(service, thing) for service in _mappings(thing["services"])]
        elif _is_service(thing):
            owner = thing.get("organization")
            found.append((thing, owner if isinstance(owner, Mapping) else {}))
    return found


def _things(document: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(document, Mapping):
        for name in ("contents", "organizations", "services"):
            if isinstance(document.get(name), list) and not _is_service(document) and "id" not in document:
                yield from _mappings(document[name])
                return
        yield document
    elif isinstance(document, list):
        yield from _mappings(document)


def _mappings(things: Iterable[Any]) -> list[Mapping[str, Any]]:
    return [each for each in things if isinstance(each, Mapping)]


def _is_service(thing: Mapping[str, Any]) -> bool:
    """A service has an identifier, a name, and at least one member that only services have."""
    own = {
        "organization_id",
        "organization",
        "service_at_locations",
        "application_process",
        "fees_description",
        "eligibility_description",
        "interpretation_services",
        "assured_date",
    }
    return (
        isinstance(thing.get("id"), str) and isinstance(thing.get("name"), str) and bool(own & thing.keys())
    )


def read(document: object) -> OpenTable:
    """The services as rows.

    Raises:
        UserError: there is no service in it.
    """
    records = [_record(service, owner) for service, owner in services_in(document)]
    if not records:
        raise empty(KIND)
    return tabled("", records, (), _FIRST)


def _record(service: Mapping[str, Any], owner: Mapping[str, Any]) -> dict[str, OpenCell]:
    record: dict[str, OpenCell] = {}
    for name, label in hsds.SERVICE.items():
        _put(record, label, service.get(name))
    status = service.get("status")
    _put(record, hsds.STATUS_LABEL, hsds.STATUS.get(status, status) if isinstance(status, str) else None)
    if not hsds.is_its_own(str(service.get("id")), str(owner.get("id"))):
        _put(record, hsds.PROVIDER, owner.get("name"))
    _take_phones(record, service, owner)
    contacts = _all(service, owner, "contacts")
    _put(record, hsds.CONTACT, _joined(contacts, "name", _JOINT))
    _put(record, hsds.CONTACT_TITLE, _joined(contacts, "title", _JOINT))
    _take_schedule(record, service)
    _put(record, hsds.DOCUMENTS, _joined(_list(service, "required_documents"), "document", _LINE))
    _take_place(record, service)
    for capacity in _list(service, "capacities")[:1]:
        _put(record, hsds.CAPACITY, capacity.get("maximum"))
        unit = capacity.get("unit")
        _put(record, hsds.CAPACITY_UNIT, unit.get("name") if isinstance(unit, Mapping) else None)
    _take_attributes(record, service)
    _take_rest(record, "service", service, frozenset(hsds.SERVICE) | {"status", "organization"})
    _take_rest(record, "organization", owner, frozenset({"name", "description", "services"}))
    return record


def _put(record: dict[str, OpenCell], label: str, value: object) -> None:
    """A scalar as a text; what stands there already stays."""
    if isinstance(value, bool):
        value = "是" if value else "否"
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    text = clean(str(value)).strip() if isinstance(value, str | int | float) else ""
    if text and not record.get(label):
        record[label] = text


def _list(thing: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = thing.get(name)
    return _mappings(value) if isinstance(value, Sequence) and not isinstance(value, str) else []


def _all(service: Mapping[str, Any], owner: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The nearest of them: those of the service, else of where it is given, else of who gives it."""
    places = _list(service, "service_at_locations")
    locations = [place["location"] for place in places if isinstance(place.get("location"), Mapping)]
    for source in ([service], places, locations, [owner]):
        found = [each for thing in source for each in _list(thing, name)]
        if found:
            return found
    return []


def _joined(things: Sequence[Mapping[str, Any]], name: str, joint: str) -> str:
    texts = (clean(str(each[name])).strip() for each in things if isinstance(each.get(name), str | int))
    return joint.join(dict.fromkeys(text for text in texts if text))


def _take_phones(record: dict[str, OpenCell], service: Mapping[str, Any], owner: Mapping[str, Any]) -> None:
    phones = _all(service, owner, "phones")
    if not phones:
        phones = [phone for contact in _all(service, owner, "contacts") for phone in _list(contact, "phones")]
    ours = {str(phone["description"]): phone for phone in phones if phone.get("description") in hsds.PHONES}
    for label, phone in ours.items():
        _put(record, label, phone.get("number"))
    rest = [phone for phone in phones if phone not in ours.values()]
    for label in hsds.PHONES:
        if rest and not record.get(label):
            # What has no field of its own goes with the last.
            _put(record, label, _joined(rest[:1] if label == hsds.PHONES[0] else rest, "number", _JOINT))
            rest = rest[1:] if label == hsds.PHONES[0] else []


def _take_schedule(record: dict[str, OpenCell], service: Mapping[str, Any]) -> None:
    schedules = _list(service, "schedules")
    for place in _list(service, "service_at_locations"):
        schedules += _list(place, "schedules")
    _put(record, hsds.HOURS, _joined(schedules, "description", _JOINT) or _times(schedules))
    for schedule in schedules[:1]:
        _put(record, hsds.VALID_FROM, schedule.get("valid_from"))
        _put(record, hsds.VALID_TO, schedule.get("valid_to"))


_DAYS = {"MO": "周一", "TU": "周二", "WE": "周三", "TH": "周四", "FR": "周五", "SA": "周六", "SU": "周日"}


def _times(schedules: Sequence[Mapping[str, Any]]) -> str:
    """Opening times as people say them: 周四周五 10:00-18:00."""
    said = []
    for each in schedules:
        days = "".join(_DAYS.get(day.strip(), day) for day in str(each.get("byday") or "").split(",") if day)
        hours = "-".join(str(each[name])[:5] for name in ("opens_at", "closes_at") if each.get(name))
        said.append(f"{days} {hours}".strip())
    return _JOINT.join(dict.fromkeys(filter(None, said)))


def _take_place(record: dict[str, OpenCell], service: Mapping[str, Any]) -> None:
    locations = [
        place["location"]
        for place in _list(service, "service_at_locations")
        if isinstance(place.get("location"), Mapping)
    ]
    for location in locations[:1]:
        for address in _list(location, "addresses")[:1]:
            parts = [str(address[name]) for name in ("address_1", "address_2") if address.get(name)]
            _put(record, hsds.ADDRESS, "".join(parts))
        lat, lon = location.get("latitude"), location.get("longitude")
        if (
            isinstance(lat, int | float)
            and isinstance(lon, int | float)
            and abs(lat) <= 90
            and abs(lon) <= 180
        ):
            record |= {LATITUDE: float(lat), LONGITUDE: float(lon)}
    if len(locations) > 1:
        _put(record, "service_at_locations", f"{len(locations)}")


def _take_attributes(record: dict[str, OpenCell], service: Mapping[str, Any]) -> None:
    """Ours go back to their fields; terms of other taxonomies stand together, by taxonomy."""
    others: dict[str, list[str]] = {}
    for attribute in _list(service, "attributes"):
        term = attribute.get("taxonomy_term")
        term = term if isinstance(term, Mapping) else {}
        name, taxonomy = str(term.get("name") or ""), str(term.get("taxonomy") or "")
        if taxonomy == hsds.TAXONOMY and name:
            _put(record, name, attribute.get("value"))
        elif name or attribute.get("value"):
            others.setdefault(f"attribute.{taxonomy}".rstrip("."), []).append(name or str(attribute["value"]))
    for label, names in others.items():
        _put(record, label, _JOINT.join(dict.fromkeys(names)))


def _take_rest(
    record: dict[str, OpenCell], name: str, thing: Mapping[str, Any], known: frozenset[str]
) -> None:
    for key, value in thing.items():
        if key in known | _NOT_TOLD | _LISTS:
            continue
        if isinstance(value, str | int | float) and value != "":
            _put(record, f"{name}.{key}", value)
        elif isinstance(value, list | dict) and value:
            _put(record, f"{name}.{key}", _gist(value))


def _gist(value: list[Any] | dict[str, Any]) -> str:
    """The names in a nested thing, enough to know what is not imported."""
    things = value if isinstance(value, list) else [value]
    named = (
        each.get("name") or each.get("description") or each.get("url")
        for each in things
        if isinstance(each, Mapping)
    )
    return _JOINT.join(str(each) for each in named if each) or str(len(things))
