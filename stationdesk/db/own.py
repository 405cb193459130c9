"""The station's own fields, made from their rows into the same values that built-in fields are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, select

from stationdesk.core.changes import Change
from stationdesk.core.fields import NOWHERE, Field, Guard, Key, Kind, Place, Search, Spec
from stationdesk.core.masks import mask_words
from stationdesk.core.vocab import OwnGuard, OwnKind
from stationdesk.db.base import table_of
from stationdesk.db.models import RECORDS, CustomField
from stationdesk.db.slots import SLOTS
from stationdesk.db.telling import OwnFields

RECORD = CustomField.__tablename__
PAGE = "自定义"
"""The page of a form on which own fields stand unless they name another."""
FIRST_PAGE = "基本"
"""How people call the page of a form that has no name of its own."""
LIST = "own:"
"""What the name of the list of an own field's options begins with; the key of the field follows."""

_TYPES: Mapping[OwnKind, type] = MappingProxyType(
    {OwnKind.NUMBER: Decimal, OwnKind.MONEY: Decimal, OwnKind.DATE: date, OwnKind.YES_NO: bool}
)
_KINDS: Mapping[OwnKind, Kind] = MappingProxyType(
    {OwnKind.LINE: Kind.LINE, OwnKind.TEXT: Kind.TEXT, OwnKind.NUMBER: Kind.FIGURE}
)
_WIDTHS: Mapping[OwnKind, int] = MappingProxyType(
    {OwnKind.TEXT: 14, OwnKind.LINE: 10, OwnKind.CHOICES: 12, OwnKind.CHOICE: 8, OwnKind.YES_NO: 4}
)
_GUARDS: Mapping[OwnGuard, Guard] = MappingProxyType(
    {OwnGuard.OPEN: Guard.OPEN, OwnGuard.MASKED: Guard.MASKED, OwnGuard.DROPPED: Guard.DROPPED}
)
_FOUND = frozenset({OwnKind.LINE, OwnKind.TEXT, OwnKind.CHOICE})
"""What the one search box finds by its words."""


def list_of(key: str) -> str:
    """The name of the editable list that holds the options of an own field."""
    return LIST + key


def read_own(connection: Connection) -> OwnFields:
    """The own fields of a station as its file has them now."""
    table = table_of(CustomField)
    rows = connection.execute(select(table).order_by(table.c.position, table.c.key)).mappings()
    by_record: dict[str, tuple[Field, ...]] = {}
    for row in rows:
        if row["record"] in RECORDS and row["slot"] in SLOTS:
            by_record[row["record"]] = (*by_record.get(row["record"], ()), own_field(dict(row)))
    return OwnFields(by_record)


def own_field(row: Mapping[str, Any]) -> Field:
    """The field that a row tells."""
    kind: OwnKind = row["kind"]
    hidden: bool = row["hidden"]
    spec = Spec(
        label=row["label"],
        kind=_KINDS.get(kind, Kind.PLAIN),
        places=NOWHERE if hidden else _places(row),
        width=_WIDTHS.get(kind, 6),
        page=_page(row["page"]),
        search=Search.WORDS if kind in _FOUND and not hidden else Search.NO,
        mask=mask_words if row["guard"] is OwnGuard.MASKED else None,
        mask_inside=False,
        guard=_GUARDS[row["guard"]],
        codes=list_of(row["key"]) if kind.has_options else "",
        unit=row["unit"] or ("元" if kind is OwnKind.MONEY else ""),
    )
    many = kind is OwnKind.CHOICES
    return Field(row["record"], row["slot"], _TYPES.get(kind, str), optional=True, many=many, spec=spec)


def _places(row: Mapping[str, Any]) -> Place:
    ticks = (
        ("on_form", Place.FORM | Place.IMPORT),
        ("in_ledger", Place.SHEET),
        ("on_slip", Place.SLIP),
        ("on_print", Place.PRINT),
    )
    places = Place.HISTORY
    for name, place in ticks:
        if row[name]:
            places |= place
    return places


def _page(title: str | None) -> str:
    return "" if title == FIRST_PAGE else title or PAGE


_OF_THE_INDEX = frozenset({"hidden", "kind", "slot"})


def records_to_index(connection: Connection, changes: Iterable[Change]) -> dict[str, list[Key]]:
    """The records whose text for the search box other own fields tell, or no longer tell, after the changes."""
    found: dict[str, list[Key]] = {}
    for change in changes:
        if change.record != RECORD or not (change.before and _OF_THE_INDEX & set(change.values)):
            continue
        told = table_of(CustomField)
        row = connection.execute(select(told.c.record, told.c.slot).where(told.c.key == change.key)).first()
        if row is not None:
            table = table_of(RECORDS[row.record])
            filled = select(table.c.key).where(table.c[row.slot].is_not(None))
            found.setdefault(row.record, []).extend(connection.execute(filled).scalars())
    return found
