"""HSDS 3.1 (Open Referral Human Services Data Specification): where each field of a resource stands in it.

A resource is a service; who provides it is the organization; where it is, a location. What HSDS has no place for
goes along as attributes of the service, each named by a term of our own taxonomy, so that nothing is lost on the
way back. Everything written is valid for 3.0 as well, which 3.1 only adds to (capacities).

Identifiers are UUIDs: the resource's own key, and name-based ones (RFC 9562, version 5) made from it for its parts,
so that the same resource has the same identifiers in every export.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from stationdesk.sheets.open_formats.listing import Item, ListColumn, Listing, degrees

VERSION: Final = "3.1"
TAXONOMY: Final = "stationdesk"
UNKNOWN: Final = "不详"
"""Stands where HSDS wants a text and the station keeps none (postal code, province)."""

SERVICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "资源名称",
        "alternate_name": "别名",
        "description": "能提供什么",
        "application_process": "办理流程",
        "fees_description": "收费说明",
        "eligibility_description": "适用条件",
        "minimum_age": "最小年龄",
        "maximum_age": "最大年龄",
        "assured_date": "核实日期",
        "alert": "提示",
    }
)
"""The properties of a service that are one field of a resource, by its label."""

STATUS: Final[Mapping[str, str]] = MappingProxyType(
    {"active": "有效", "temporarily closed": "暂停", "inactive": "失效", "defunct": "已撤"}
)

STATUS_LABEL: Final = "状态"
PROVIDER: Final = "提供方"
ADDRESS: Final = "地址"
PHONES: Final = ("电话", "备用电话")
CONTACT: Final = "联系人"
CONTACT_TITLE: Final = "职务"
HOURS: Final = "开放时间"
VALID_FROM: Final = "有效期起"
VALID_TO: Final = "有效期止"
DOCUMENTS: Final = "所需材料"
CAPACITY: Final = "容量"
CAPACITY_UNIT: Final = "单位"

_NUMBERS = frozenset({"minimum_age", "maximum_age"})
_WHOLE = re.compile(r"\d{1,9}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ELSEWHERE = frozenset(
    {
        *SERVICE.values(),
        STATUS_LABEL,
        PROVIDER,
        ADDRESS,
        *PHONES,
        CONTACT,
        CONTACT_TITLE,
        HOURS,
        VALID_FROM,
        VALID_TO,
    }
) | {DOCUMENTS}


@dataclass(frozen=True, slots=True)
class Town:
    """What HSDS wants to know of every address and the station does not keep with each: where the town is."""

    city: str = UNKNOWN
    region: str = ""
    province: str = UNKNOWN
    country: str = "CN"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A list of resources with what HSDS asks beyond it.

    `remaining` is the capacity that is left, by item key, where it is known; `made_at` the moment at which it
    was counted, RFC 3339.
    """

    listing: Listing
    town: Town = Town()
    remaining: Mapping[str, int] = field(default_factory=dict)
    made_at: str = ""


def write(catalogue: Catalogue) -> bytes:
    """The resources as a page of organizations with their services (`GET /organizations` of the API), JSON."""
    found = organizations(catalogue)
    page = {
        "total_items": len(found),
        "total_pages": 1,
        "page_number": 1,
        "size": len(found),
        "first_page": True,
        "last_page": True,
        "empty": not found,
        "contents": found,
    }
    return json.dumps(page, ensure_ascii=False, indent=1, allow_nan=False).encode()


def organizations(catalogue: Catalogue) -> list[dict[str, Any]]:
    """The organizations, in the order in which their first resource stands in the list."""
    told: dict[str, dict[str, Any]] = {}
    columns = {column.label: column for column in catalogue.listing.columns}
    for item in catalogue.listing.items:
        texts = {
            label: item.texts[column.key] for label, column in columns.items() if column.key in item.texts
        }
        provider = texts.get(PROVIDER, "")
        # Without a provider the resource is its own: a clinic both is and offers what it does.
        identity = identifier("organization", provider) if provider else part(item.key, "organization")
        name = provider or texts.get(SERVICE["name"], "")
        owner = told.setdefault(identity, {"id": identity, "name": name, "description": name, "services": []})
        owner["services"].append(_service(catalogue, item, texts, columns, identity))
    return list(told.values())


def _service(
    catalogue: Catalogue,
    item: Item,
    texts: Mapping[str, str],
    columns: Mapping[str, ListColumn],
    organization: str,
) -> dict[str, Any]:
    identity = identity_of(item.key)
    service: dict[str, Any] = {"id": identity, "organization_id": organization}
    more = {label: text for label, text in texts.items() if label not in _ELSEWHERE}
    for name, label in SERVICE.items():
        if label not in texts:
            continue
        value = _typed(name, texts[label])
        if value is None:
            more[label] = texts[label]  # a text where HSDS wants a number or a day
        else:
            service[name] = value
    service["status"] = next(
        (code for code, label in STATUS.items() if label == texts.get(STATUS_LABEL)), "active"
    )
    lists = {
        "phones": _phones(item, texts),
        "contacts": _contacts(item, texts),
        "schedules": _schedules(item, texts),
        "required_documents": _documents(item, texts),
        "service_at_locations": _places(catalogue, item, texts),
        "capacities": _capacities(catalogue, item, texts, more),
        "attributes": [_attribute(item, columns[label], text) for label, text in more.items()],
    }
    return service | {name: value for name, value in lists.items() if value}


def _typed(name: str, text: str) -> str | int | None:
    if name in _NUMBERS:
        return int(text) if _WHOLE.fullmatch(text) else None
    if name == "assured_date":
        return text if _DAY.fullmatch(text) else None
    return text


def _phones(item: Item, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": part(item.key, f"phone {place}"),
            "service_id": identity_of(item.key),
            "number": texts[label],
            "type": "voice",
            "description": label,
        }
        for place, label in enumerate(PHONES)
        if label in texts
    ]


def _contacts(item: Item, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    told = {
        name: texts[label] for name, label in (("name", CONTACT), ("title", CONTACT_TITLE)) if label in texts
    }
    return [{"id": part(item.key, "contact"), "service_id": identity_of(item.key), **told}] if told else []


def _schedules(item: Item, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    told = {
        name: texts[label]
        for name, label in (("valid_from", VALID_FROM), ("valid_to", VALID_TO), ("description", HOURS))
        if label in texts
    }
    return [{"id": part(item.key, "schedule"), "service_id": identity_of(item.key), **told}] if told else []


def _documents(item: Item, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    if DOCUMENTS not in texts:
        return []
    identity = {"id": part(item.key, "document"), "service_id": identity_of(item.key)}
    return [{**identity, "document": texts[DOCUMENTS]}]


def _places(catalogue: Catalogue, item: Item, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    if item.place is None and ADDRESS not in texts:
        return []
    town = catalogue.town
    identity = part(item.key, "location")
    location: dict[str, Any] = {
        "id": identity,
        "location_type": "physical",
        "name": texts.get(SERVICE["name"], ""),
    }
    if item.place is not None:
        location |= {"latitude": degrees(item.place.lat), "longitude": degrees(item.place.lon)}
    if ADDRESS in texts:
        location["addresses"] = [
            {
                "id": part(item.key, "address"),
                "location_id": identity,
                "address_1": texts[ADDRESS],
                "city": town.city,
                **({"region": town.region} if town.region else {}),
                "state_province": town.province,
                "postal_code": UNKNOWN,
                "country": town.country,
                "address_type": "physical",
            }
        ]
    return [
        {
            "id": part(item.key, "service at location"),
            "service_id": identity_of(item.key),
            "location_id": identity,
            "location": location,
        }
    ]


def _capacities(
    catalogue: Catalogue, item: Item, texts: Mapping[str, str], more: dict[str, str]
) -> list[dict[str, Any]]:
    """The capacity with its unit; where HSDS cannot hold it, it stays among the attributes."""
    most, unit = texts.get(CAPACITY, ""), texts.get(CAPACITY_UNIT, "")
    if not (_WHOLE.fullmatch(most) and unit and catalogue.made_at):
        return []
    del more[CAPACITY], more[CAPACITY_UNIT]
    return [
        {
            "id": part(item.key, "capacity"),
            "service_id": identity_of(item.key),
            "unit": {"id": identifier("unit", unit), "name": unit},
            "available": catalogue.remaining.get(item.key, int(most)),
            "maximum": int(most),
            "updated": catalogue.made_at,
        }
    ]


def _attribute(item: Item, column: ListColumn, text: str) -> dict[str, Any]:
    term = identifier("term", column.key)
    return {
        "id": part(item.key, f"attribute {column.key}"),
        "link_id": identity_of(item.key),
        "taxonomy_term_id": term,
        "link_entity": "service",
        "value": text,
        "taxonomy_term": {
            "id": term,
            "code": column.key,
            "name": column.label,
            "description": column.label,
            "taxonomy": TAXONOMY,
        },
    }


def identity_of(key: str) -> str:
    """The UUID of a record in the form that HSDS wants."""
    return str(UUID(hex=key))


def part(key: str, name: str) -> str:
    """The identifier of a part of a record: always the same one."""
    return str(uuid5(UUID(hex=key), name))


def identifier(kind: str, name: str) -> str:
    """The identifier of something that is known by its name alone: a unit, a term, a provider."""
    return str(uuid5(NAMESPACE_URL, f"urn:{TAXONOMY}:{kind}:{name}"))


def is_its_own(service: str, organization: str) -> bool:
    """Whether an organization was only made because HSDS asks for one: the resource had no provider."""
    try:
        return part(UUID(service).hex, "organization") == organization
    except ValueError:
        return False
