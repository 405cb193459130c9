"""Records that people edit as one form and save in one step: a resource with its typed part, a new household
with its first person.

The values of the second record travel under `record.field` in the change of the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stationdesk.core.changes import Change, ChangeSet, created
from stationdesk.core.fields import Key, Place
from stationdesk.db.base import blank, fields_of
from stationdesk.db.models import PARTS, RECORDS, Resource
from stationdesk.services import records
from stationdesk.services.book import link_titles
from stationdesk.services.listing import Page, Row, page_of, resource_part_of
from stationdesk.services.store import Store

HEAD_OF_HOUSEHOLD = "02"
"""The code of the head in the list `relation`."""


def resource_with_part(store: Store, key: Key) -> Page:
    """A resource and its typed part as one row; no rows when it is gone."""
    page = page_of(store, "resource", key)
    part = resource_part_of(store, key)
    if not page.rows or part is None:
        return page
    row = page.rows[0]
    more = {f"{part.record}.{name}": value for name, value in part.values.items()}
    with store.reading() as session:
        told = fields_of(RECORDS[part.record], Place.FORM)
        book = page.book.with_titles(link_titles(session, told, [part.values]))
    return Page((Row(row.record, row.key, {**row.values, **more}),), book)


def save_resource(store: Store, change: Change) -> ChangeSet:
    """Save a resource and the typed part of the dimension that it stands in then, in one step."""
    own, others = apart(change)
    with store.reading() as session:
        stored = session.get(Resource, change.key)
        dimension = own.values.get("dimension") or (stored.dimension if stored is not None else None)
        if dimension is None:
            return records.save(store, own)
        model = PARTS[dimension]
        exists = session.get(model, change.key) is not None
    before, after = others.get(model.__tablename__, ({}, {}))
    changes = [own] if own.after or own.before is None else []
    if exists and after:
        changes.append(Change(model.__tablename__, change.key, before, after))
    elif not exists and any(value != blank(model)[name] for name, value in after.items()):
        changes.append(created(model.__tablename__, {**blank(model), **after}, change.key))
    return records.save(store, *changes)


def save_household(store: Store, change: Change) -> ChangeSet:
    """Save a household and, when it is new and somebody was named, its first person as its head."""
    own, others = apart(change)
    _before, after = others.get("person", ({}, {}))
    if change.before is not None or not after.get("name"):
        return records.save(store, own)
    start = {**records.blank_of(store, "person"), "relation": HEAD_OF_HOUSEHOLD}
    person = {**start, **after, "household_key": change.key, "is_head": True}
    return records.save(store, own, created("person", person))


def apart(change: Change) -> tuple[Change, Mapping[str, tuple[dict[str, Any], dict[str, Any]]]]:
    """The change of the first record, and the values before and after of the others, by record."""
    own: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    others: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for side, values in enumerate((change.before or {}, change.after or {})):
        for name, value in values.items():
            record, dot, field = name.partition(".")
            if dot:
                others.setdefault(record, ({}, {}))[side][field] = value
            else:
                own[side][name] = value
    before = None if change.before is None else own[0]
    return Change(change.record, change.key, before, own[1]), others


__all__ = ["HEAD_OF_HOUSEHOLD", "apart", "resource_with_part", "save_household", "save_resource"]
