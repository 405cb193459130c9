"""The audit chain: who did what when, each entry hashed with the one before it.

The chain covers a salted digest of the values, not the values, so that a person can be erased (the row
in `audit_values` goes) and the chain still holds.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring as _quoted
from typing import Any

from sqlalchemy import Connection, func, select

from stationdesk.core.changes import Change
from stationdesk.core.fields import Key, to_json
from stationdesk.db.models.audit import AuditEntry, AuditValues

START = "0" * 64
_SALT_BYTES = 16

_SORTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_ONE_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_ENTRY = (
    "INSERT INTO audit_entry"
    " (seq, at, actor, batch, action, record, record_key, digest, previous, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_VALUES = 'INSERT INTO audit_values (seq, salt, "values") VALUES (?, ?, ?)'

NEW, CHANGED, GONE = "new", "changed", "gone"


@dataclass(frozen=True, slots=True)
class Happening:
    """What one entry is about: an action on a record, and its values as JSON holds them."""

    action: str
    record: str
    record_key: str
    values: Mapping[str, Any]


def happening(change: Change) -> Happening:
    """A change as the audit holds it. Of a record that is new or gone, what was left empty is not written."""
    action = NEW if change.before is None else GONE if change.after is None else CHANGED
    whole = action is not CHANGED
    return Happening(
        action,
        change.record,
        change.key,
        {"before": _plain(change.before, whole=whole), "after": _plain(change.after, whole=whole)},
    )


def _plain(values: Mapping[str, Any] | None, *, whole: bool) -> Mapping[str, Any] | None:
    if values is None:
        return None
    return {
        name: value if type(value) is str else to_json(value)  # most of them are
        for name, value in values.items()
        if not (whole and value is None)
    }


def append(
    connection: Connection, happenings: Iterable[Happening], *, at: datetime, actor: str, batch: Key | None
) -> None:
    """Write entries at the end of the chain, in the caller's transaction."""
    seq, previous = head(connection)
    entries: list[tuple[object, ...]] = []
    values: list[tuple[object, ...]] = []
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    same = _ONE_LINE([moment, actor, batch])[1:-1]
    salts = os.urandom(_SALT_BYTES)
    for each in happenings:
        seq += 1
        salt = hashlib.sha256(salts + seq.to_bytes(8, "big")).digest()[:_SALT_BYTES]
        text = _SORTED(each.values)
        digest = hashlib.sha256(salt + text.encode("utf-8", "surrogatepass")).hexdigest()
        about = f"{_quoted(each.action)},{_quoted(each.record)},{_quoted(each.record_key)}"
        # As `_link` writes it, to the letter: what is the same in every entry is written once.
        line = f'[{seq},{same},{about},"{digest}","{previous}"]'
        link = hashlib.sha256(line.encode()).hexdigest()
        entries.append(
            (seq, moment, actor, batch, each.action, each.record, each.record_key, digest, previous, link)
        )
        values.append((seq, salt, text))
        previous = link
    if entries:
        # An import makes 100,000 of them: rows for the driver take half the time of values by name.
        connection.exec_driver_sql(_ENTRY, entries)
        connection.exec_driver_sql(_VALUES, values)


def head(connection: Connection) -> tuple[int, str]:
    """The number and the hash of the last entry; (0, zeros) when there is none."""
    row = connection.execute(
        select(AuditEntry.seq, AuditEntry.hash).where(
            AuditEntry.seq == select(func.max(AuditEntry.seq)).scalar_subquery()
        )
    ).first()
    return (row.seq, row.hash) if row else (0, START)


def broken_entries(connection: Connection) -> Iterator[int]:
    """The numbers of entries where the chain, or a digest whose values are still there, does not hold."""
    previous, expected = START, 1
    rows = connection.execute(
        select(AuditEntry, AuditValues.salt, AuditValues.values)
        .outerjoin(AuditValues, AuditValues.seq == AuditEntry.seq)
        .order_by(AuditEntry.seq)
        .execution_options(yield_per=2000)
    )
    for row in rows:
        seq = row.seq
        link = _link(
            seq,
            row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            row.actor,
            row.batch,
            row.action,
            row.record,
            row.record_key,
            row.digest,
            previous,
        )
        told = row.salt is None or (
            hashlib.sha256(row.salt + row[-1].encode("utf-8", "surrogatepass")).hexdigest() == row.digest
        )
        if seq != expected or row.previous != previous or row.hash != link or not told:
            yield seq
        previous, expected = row.hash, seq + 1


def _link(*parts: object) -> str:
    return hashlib.sha256(_ONE_LINE(parts).encode()).hexdigest()
