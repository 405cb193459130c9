"""Records as items of an open format: every field as a text that the import reads back as the same value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from stationdesk.core.datum import Position
from stationdesk.core.entry import entered
from stationdesk.core.fields import JOINT, Book, Field, Key, Kind, Value, Values, plain_code, text_of
from stationdesk.core.text import clean
from stationdesk.core.vocab import Audience
from stationdesk.services.exchange.leaving import is_masked, may_tell, shows_place
from stationdesk.services.importing.comparing import stored_values
from stationdesk.services.importing.kinds import ImportKind, targets
from stationdesk.sheets.open_formats.listing import Item, ListColumn
from stationdesk.sheets.reading.choosing import Codes
from stationdesk.sheets.reading.outcomes import Read
from stationdesk.sheets.reading.values import read_cell

_COORDINATES = frozenset({Kind.LATITUDE, Kind.LONGITUDE})


@dataclass(frozen=True, slots=True)
class Sheaf:
    """What a kind of record is written with: its fields, and the column of each, labels never twice."""

    kind: ImportKind
    fields: tuple[Field, ...]
    columns: tuple[ListColumn, ...]

    @property
    def parts(self) -> frozenset[str]:
        """The kinds of record that are part of it and hold some of its fields."""
        return frozenset(field.record for field in self.fields) - {self.kind.record}


def sheaf_of(kind: ImportKind) -> Sheaf:
    """The fields of a kind of record that an import takes back, coordinates apart."""
    fields = tuple(field for field in targets(kind) if field.spec.kind not in _COORDINATES)
    met: dict[str, int] = {}
    columns = []
    for field in fields:
        met[field.label] = met.get(field.label, 0) + 1
        page = f"（{field.spec.page}）" if met[field.label] > 1 else ""
        columns.append(ListColumn(_key(kind, field), f"{field.label}{page}"))
    return Sheaf(kind, fields, tuple(columns))


def _key(kind: ImportKind, field: Field) -> str:
    return field.key if field.record == kind.record else field.name


def items_of(
    session: Session,
    sheaf: Sheaf,
    rows: Iterable[tuple[Key, Values]],
    audience: Audience,
    book: Book,
    codes: Codes,
) -> list[Item]:
    """The records as items, masked for `audience`."""
    rows = list(rows)
    parts = _parts(session, sheaf, [key for key, _values in rows])
    return [_item(sheaf, key, values, parts, audience, book, codes) for key, values in rows]


def _parts(
    session: Session, sheaf: Sheaf, keys: Sequence[Key]
) -> Mapping[str, Mapping[Key, Mapping[str, Value]]]:
    return {part: stored_values(session, part, keys) for part in sheaf.parts}


def _item(
    sheaf: Sheaf,
    key: Key,
    values: Values,
    parts: Mapping[str, Mapping[Key, Mapping[str, Value]]],
    audience: Audience,
    book: Book,
    codes: Codes,
) -> Item:
    record = sheaf.kind.record
    texts = {}
    for field, column in zip(sheaf.fields, sheaf.columns, strict=True):
        source = values if field.record == record else parts[field.record].get(key, {})
        value = source.get(field.key)
        if value in (None, "", frozenset()) or not may_tell(field, values, audience):
            continue
        text = readable(field, value, book, codes)
        if is_masked(field, values, audience) and field.spec.mask is not None:
            text = field.spec.mask(text)
        if text := clean(text).strip():
            texts[column.key] = text
    lat, lon = values.get("latitude"), values.get("longitude")
    if lat is None or lon is None or not shows_place(record, values):
        return Item(key, texts)
    return Item(key, texts, Position(lat, lon))


def readable(field: Field, value: Value, book: Book, codes: Codes) -> str:
    """The value in words, or in codes where the words would not be read back as the same value."""
    words = text_of(field, value, book)
    if field.spec.link or (field.type is str and not field.spec.codes):
        return words
    read = read_cell(field, words, codes)
    if isinstance(read, Read) and entered(field, read.value) == value:
        return words
    return JOINT.join(sorted(map(plain_code, value))) if field.many else plain_code(value)
