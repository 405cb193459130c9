"""The short way to the records that the tests of the use cases need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stationdesk.core.changes import Change, created
from stationdesk.core.fields import Key
from stationdesk.core.vocab import Dimension, MapClass
from stationdesk.db.base import blank
from stationdesk.db.models import ResourceHuman
from stationdesk.services import records
from stationdesk.services.ledgers.reading import restricted_groups
from stationdesk.services.store import Store
from tests.desk_station import add

ITEM = "K2-03"
"""送药, of the medical result K2."""


def village(store: Store, name: str = "桃园村", **values: Any) -> Key:
    """A village."""
    return add(store, "village", name=name, **values)


def household(store: Store, **values: Any) -> Key:
    """A household, in no village unless told."""
    return add(store, "household", **values)


def person(store: Store, name: str = "张山", home: Key | None = None, **values: Any) -> Key:
    """A person, in a household of their own unless told."""
    return add(store, "person", name=name, household_key=home or household(store), **values)


def need(store: Store, who: Key | None = None, **values: Any) -> Key:
    """A need of a person."""
    if who is None and not {"household_key", "village_key"} & set(values):
        who = person(store)
    return add(store, "need", **{"item": ITEM, "person_key": who, **values})


def resource(store: Store, name: str = "镇卫生院", **values: Any) -> Key:
    """A resource that brings medicines."""
    told = {
        "dimension": Dimension.ORGANISATIONS,
        "map_class": MapClass.MEDICAL,
        "offer_items": frozenset({ITEM}),
    }
    return add(store, "resource", name=name, **{**told, **values})


def match(store: Store, for_need: Key, by: Key, **values: Any) -> Key:
    """A match, as the form makes one."""
    return add(store, "match", need_key=for_need, resource_key=by, **values)


def restrict(store: Store, who: Key) -> Key:
    """Give a person a category whose people are never listed by name; the key of the category's record."""
    with store.reading() as session:
        group = session.scalars(restricted_groups()).first()
    return add(store, "person_category", person_key=who, category=group)


def helper(store: Store, name: str, who: Key) -> Key:
    """A resource that is a client of the station."""
    key = resource(store, name, dimension=Dimension.PEOPLE)
    with store.writing("试验") as work:
        part = {**blank(ResourceHuman), "person_key": who}
        work.write([Change("resource_human", key, None, part)])
    return key


def add_all(store: Store, record: str, many: Sequence[Mapping[str, Any]]) -> tuple[Key, ...]:
    """Many records in one step, as an import makes them."""
    blank = records.blank_of(store, record)
    changes = [created(record, {**blank, **values}) for values in many]
    records.save(store, *changes)
    return tuple(change.key for change in changes)
