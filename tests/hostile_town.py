"""A station in which every hostile text stands in every text field of every kind of record.

The fields come from the models, so that a new field is filled by itself. The texts go through the one door
directly: services would refuse some of them (a phone that is none), files from elsewhere may hold them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import partial
from pathlib import Path

from sqlalchemy import UniqueConstraint, select

from stationdesk.core.changes import Change, changed, created
from stationdesk.core.entry import entered
from stationdesk.core.fields import Field, Key, Kind, Value, Values
from stationdesk.core.vocab import ContactPublic, Dimension, MapClass
from stationdesk.db.base import blank, field_map, table_of, values_of
from stationdesk.db.models import PARTS, RECORDS, Station
from stationdesk.services.store import Store
from tests.desk_station import new_station
from tests.hostile import STRINGS

DAY = date(2026, 10, 15)
"""The day on which everything happened that has to have a day; its month has the ledgers."""

LATITUDE, LONGITUDE = 38.31, 102.62
LONGEST_LABEL = 1000
"""The lists are shown in every form: their labels are hostile, but not as long as a book."""
ATTACK = "=1+1 <img src=x onerror=window.__pwn=1> {{7*7}} ${1} \\u0041 &P"
"""Several traps in a line, for what the station has only one of."""

NUMBER = "999999199001011234"
"""Looks like an ID number, so that no report may hold it: whatever has it belongs to the month after `DAY`."""

MOST_PRINTED = 200
"""A longer text is refused by the hand-out, in words."""

_AFTER = date(2026, 11, 10)
_BEFORE = frozenset({"opened_on", "collected_on"})
_ON_MAP = tuple(each for each in MapClass if each.on_map)
_PARTS = frozenset(model.__tablename__ for model in PARTS.values())


@dataclass
class HostileTown:
    """The station and what was handed over: by kind of record, by key, the values before any cleaning."""

    store: Store
    given: dict[str, dict[Key, Values]] = field(default_factory=dict)
    taken: dict[tuple[str, str], set[Value]] = field(default_factory=dict)
    printed: Key = field(default=Key(""))
    """The village whose resources may be printed: short texts in all their fields, but a phone that is one."""

    def stored(self, record: str, key: Key) -> Values:
        """What the one cleaning at entry makes of what was handed over."""
        told = field_map(RECORDS[record])
        return {name: entered(told[name], value) for name, value in self.given[record][key].items()}


def text_fields(record: str) -> tuple[Field, ...]:
    """The fields of a kind of record that hold free text: no codes, no links, no shapes."""
    return tuple(each for each in field_map(RECORDS[record]).values() if is_free_text(each))


def is_free_text(told: Field) -> bool:
    """Whether any text may stand in a field."""
    spec = told.spec
    return (
        told.type is str
        and not told.many
        and not (spec.codes or spec.link)
        and spec.kind is not Kind.GEOMETRY
    )


def hostile_town(root: Path) -> HostileTown:
    """The station, with one record of each kind for each text, linked to one another."""
    town = HostileTown(new_station(root))
    makers = (record for record in RECORDS if record != "station")
    with town.store.writing("试验") as work:
        station = work.session.scalars(select(Station)).one()
        values: dict[str, Value] = dict.fromkeys((each.key for each in text_fields("station")), ATTACK)
        values |= {"phone": "0999-0002022", "helplines": "<b>火警</b> 119\n=1+1 110"}
        values |= {"latitude": LATITUDE, "longitude": LONGITUDE}
        edit = changed("station", station.key, values_of(station), values)
        assert edit is not None
        town.given["station"] = {station.key: {**values_of(station), **values}}
        changes = [edit, *_labels()]
        for record in makers:
            town.given[record] = {}
            changes.extend(_record(town, record, number, text) for number, text in enumerate(STRINGS))
        changes.extend(_printed(town))
        work.write(changes)
    return town


def _labels() -> Iterator[Change]:
    """In every list that a field uses, a row for each text; its code is plain, as the program gives it."""
    lists = {told.spec.codes for record in RECORDS for told in field_map(RECORDS[record]).values()} - {""}
    for name in sorted(lists):
        for number, text in enumerate(STRINGS):
            label = _filled(field_map(RECORDS["code"])["label"], text[:LONGEST_LABEL], number)
            values = {"list": name, "code": _code(number), "label": label, "position": 9000 + number}
            yield created("code", {**blank(RECORDS["code"]), **values, "verified": True})


def _code(number: int) -> str:
    return f"H{number % 1000:03d}"


def _record(town: HostileTown, record: str, number: int, text: str, **more: Value) -> Change:
    """One record with the text in all its text fields, linked to the records of the same text."""
    told = field_map(RECORDS[record])
    values = {name: _value(town, each, number, text) for name, each in told.items()} | more
    for name in filter(partial(_is_unique, record), told):
        taken = town.taken.setdefault((record, name), set())
        if entered(told[name], values[name]) in taken:
            values[name] = f"{values[name]}第{number}"
        taken.add(entered(told[name], values[name]))
    change = created(record, values, _key_of(town, "resource", number) if record in _PARTS else None)
    town.given[record][change.key] = values
    return change


def _is_unique(record: str, name: str) -> bool:
    table = table_of(RECORDS[record])
    rules = (rule for rule in table.constraints if isinstance(rule, UniqueConstraint))
    return is_free_text(field_map(RECORDS[record])[name]) and any(name in rule.columns for rule in rules)


def _key_of(town: HostileTown, record: str, number: int) -> Key:
    return list(town.given[record])[number % 1000]


def _value(town: HostileTown, told: Field, number: int, text: str) -> Value:  # noqa: PLR0911 - one line a type
    spec = told.spec
    if spec.link:
        return _key_of(town, spec.link, number)
    if spec.codes:
        return frozenset({_code(number)}) if told.many else _code(number)
    if spec.kind is Kind.GEOMETRY:
        return _way(number) if told.record == "walk" else _shape(number)
    if is_free_text(told):
        return _filled(told, text, number)
    if spec.kind in {Kind.LATITUDE, Kind.LONGITUDE}:
        return _place(number)[spec.kind is Kind.LONGITUDE]
    if told.type is date:
        return _day(told, text)
    return _plain_value(told, number)


def _plain_value(told: Field, number: int) -> Value:
    if told.blank is not None:
        return told.blank
    if issubclass(told.type, Enum):
        members = list(told.type) if told.type is not MapClass else list(_ON_MAP)
        return None if told.optional else members[number % len(members)]
    return None if told.optional else {int: number, float: 1.5, Decimal: Decimal("12.50")}[told.type]


def _day(told: Field, text: str) -> date | None:
    if told.optional and told.key not in _BEFORE:
        return None
    if text == NUMBER:
        return _AFTER
    return date(2025, 3, 1) if told.key in _BEFORE else DAY


def _filled(told: Field, text: str, number: int) -> str:
    """The text, or a stand-in where nothing is left of it and the field must be filled."""
    return text if told.optional or entered(told, text) else f"空{number}"


def _place(number: int) -> tuple[float, float]:
    return LATITUDE + number // 10 * 0.004, LONGITUDE + number % 10 * 0.004


def _shape(number: int) -> str:
    lat, lon = _place(number)
    return json.dumps({"type": "LineString", "coordinates": [[lon, lat], [lon + 0.002, lat + 0.001]]})


def _way(number: int) -> str:
    """A track as the program writes it: its unbroken stretches."""
    return json.dumps({"type": "MultiLineString", "coordinates": [json.loads(_shape(number))["coordinates"]]})


def _printed(town: HostileTown) -> Iterator[Change]:
    village = created("village", {**blank(RECORDS["village"]), "name": ATTACK})
    town.given["village"][village.key] = village.values
    town.printed = village.key
    yield village
    for number, text in enumerate(STRINGS):
        if len(text) > MOST_PRINTED:
            continue
        yield _record(
            town,
            "resource",
            1000 + number,
            text,
            code=f"医-{number:02d}",
            village_key=village.key,
            phone="0999-0004321",
            phone_2=None,
            contact_public=ContactPublic.NAME_AND_PHONE,
            dimension=Dimension.ORGANISATIONS,
            map_class=MapClass.MEDICAL,
            **dict(zip(("latitude", "longitude"), _place(number), strict=True)),
        )
