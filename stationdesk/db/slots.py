"""Room for the station's own fields: typed columns that wait until a worker gives one a name.

A column of its own keeps what a built-in field has: a type that sorts and sums in SQL, a change that tells
one value before and after, an index of nothing else. Adding a column while the program runs would need a
migration in the middle of a day, and one column of JSON would be a second way of changing, listing and
filtering every record. So each kind of record has this much room, and a name is all that is added.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Boolean, Table, Text
from sqlalchemy.orm import mapped_column

from stationdesk.core.vocab.paperwork import OwnKind
from stationdesk.db.columns import Cents, CodeSet, IsoDate

_ROOM: tuple[tuple[str, Any, int, tuple[OwnKind, ...]], ...] = (
    ("text", Text, 12, (OwnKind.LINE, OwnKind.TEXT, OwnKind.CHOICE)),
    ("day", IsoDate, 6, (OwnKind.DATE,)),
    ("number", Cents, 6, (OwnKind.NUMBER, OwnKind.MONEY)),
    ("flag", Boolean, 6, (OwnKind.YES_NO,)),
    ("codes", CodeSet, 6, (OwnKind.CHOICES,)),
)

SLOTS: Mapping[str, tuple[OwnKind, ...]] = MappingProxyType(
    {
        f"own_{name}_{number:02d}": kinds
        for name, _column, room, kinds in _ROOM
        for number in range(1, room + 1)
    }
)
"""The columns by name, with the kinds of own field that each can hold."""


class OwnSlots:
    """A record with room for the station's own fields; nothing is told of it until one is named."""


for _name, _column, _room, _kinds in _ROOM:
    for _number in range(1, _room + 1):
        _slot = mapped_column(_column(), nullable=True, sort_order=1000)
        setattr(OwnSlots, f"own_{_name}_{_number:02d}", _slot)


def slots_for(kind: OwnKind) -> tuple[str, ...]:
    """The columns that can hold a field of this kind, in the order in which they are given out."""
    return tuple(slot for slot, kinds in SLOTS.items() if kind in kinds)


def untold_slots(table: Table, told: Container[str]) -> list[str]:
    """The columns of a record that are not among the fields `told` of it: it was read before the station named them."""
    return [name for name in SLOTS if name in table.c and name not in told]
