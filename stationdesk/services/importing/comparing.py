"""What a row would change of a record that is there, and how near two things lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, changed
from stationdesk.core.datum import distance_m
from stationdesk.core.fields import Book, Field, Key, Kind, Value, text_of
from stationdesk.core.messages import _
from stationdesk.db.base import fields_of, table_of
from stationdesk.db.models import RECORDS
from stationdesk.services.importing.verdicts import FieldChange

NEAR = 100.0
"""Metres within which two places of one name are the same thing."""
FAR = 2_000.0
"""Metres beyond which they are not, whatever the name; between the two a person decides."""
_SAME_SPOT = 1.0

_CHUNK = 400
_PLACE_KEYS = frozenset({"latitude", "longitude", "place_datum", "place_text", "place_origin", "precision"})


def apart(first: tuple[Any, Any], second: tuple[Any, Any]) -> float | None:
    """Metres between two places; None where one is not known."""
    if None in first or None in second:
        return None
    return distance_m(first, second)


def stored_values(session: Session, record: str, keys: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    """The stored values of records by key, read in large pieces."""
    table = table_of(RECORDS[record])
    wanted = list(dict.fromkeys(keys))
    found: dict[Key, dict[str, Any]] = {}
    for start in range(0, len(wanted), _CHUNK):
        query = select(table).where(table.c.key.in_(wanted[start : start + _CHUNK]))
        for row in session.execute(query).mappings():
            found[row["key"]] = {name: value for name, value in row.items() if name != "key"}
    return found


def differing(told: Mapping[str, Value], stored: Mapping[str, Value]) -> dict[str, Value]:
    """The told values that differ from the stored ones; a place that is the same spot does not differ."""
    spot = apart(
        (told.get("latitude"), told.get("longitude")), (stored.get("latitude"), stored.get("longitude"))
    )
    same_spot = spot is not None and spot < _SAME_SPOT
    return {
        name: value
        for name, value in told.items()
        if stored.get(name) != value and not (same_spot and name in _PLACE_KEYS)
    }


def update_of(record: str, key: Key, told: Mapping[str, Value], stored: Mapping[str, Value]) -> Change | None:
    """The change that brings the told values into a record; None when it holds them already."""
    return changed(record, key, stored, differing(told, stored))


def in_words(change: Change, book: Book) -> tuple[FieldChange, ...]:
    """A change of a record, field by field; a place is one field. Of a new part, what it tells."""
    before = change.before or {}
    told: dict[str, Field] = {
        each.key: each for each in fields_of(RECORDS[change.record]) if not each.derived
    }
    words = [
        FieldChange(
            _(told[name].label),
            text_of(told[name], before.get(name), book),
            text_of(told[name], value, book),
        )
        for name, value in change.values.items()
        if name not in _PLACE_KEYS and not (change.before is None and told[name].spec.link)
    ]
    if _PLACE_KEYS & set(change.values):
        words.append(FieldChange(_("位置"), _place(before), _place(change.values)))
    return tuple(words)


def _place(values: Mapping[str, Value]) -> str:
    if values.get("latitude") is None or values.get("longitude") is None:
        return ""
    return f"{values['latitude']:.5f}, {values['longitude']:.5f}"


def label_of(record: str, key: str) -> str:
    """The label of a field, for sentences."""
    if key in _PLACE_KEYS:
        return _("位置")
    return next(_(each.label) for each in fields_of(RECORDS[record]) if each.key == key)


def named(record: str, keys: Iterable[str]) -> str:
    """Labels of fields, each once, as they stand in a sentence."""
    return "”“".join(dict.fromkeys(label_of(record, key) for key in keys))


__all__ = ["FAR", "NEAR", "Kind", "apart", "differing", "in_words", "named", "stored_values", "update_of"]
