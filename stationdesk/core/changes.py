"""What changes is a value: it travels from a form or a workbook to the file, into the audit, and back."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from typing_extensions import override

from stationdesk.core.fields import Key, Value, Values
from stationdesk.core.packed import Packed

NOTHING: Values = MappingProxyType({})


class _Ticks:
    """Time in 4096ths of a millisecond, each given once: RFC 9562 section 6.2, method 3."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._last = 0

    def next(self) -> int:
        nanoseconds = time.time_ns()
        now = nanoseconds // 1_000_000 << 12 | nanoseconds % 1_000_000 * 4096 // 1_000_000
        with self._turn:
            self._last = max(now, self._last + 1)
            return self._last


_TICKS = _Ticks()


def new_key() -> Key:
    """A fresh UUIDv7 (RFC 9562): 60 bits of time, then 62 random bits; 32 hexadecimal digits.

    Keys made later by this program sort later, so that new rows go to the end of an index and lists without
    another order are in the order of entry, also when many are made within a millisecond.
    """
    ticks = _TICKS.next()
    noise = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    number = (ticks >> 12 & ((1 << 48) - 1)) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0b10 << 62 | noise
    return Key(f"{number:032x}")


@dataclass(frozen=True, slots=True)
class Change:
    """One record before and after.

    `before` None: the record is new, `after` holds all its values. `after` None: the record goes,
    `before` holds all its values. Otherwise both hold only the fields that differ.
    """

    record: str
    key: Key
    before: Values | None
    after: Values | None

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        # Tens of thousands are packed during an import; what a dataclass does by itself takes four times as long.
        before, after = (None if each is None else dict(each) for each in (self.before, self.after))
        return Change, (self.record, self.key, before, after)

    def reversed(self) -> Change:
        """The change that takes this one back."""
        return Change(self.record, self.key, self.after, self.before)

    def with_values(self, values: Values) -> Change:
        """The same change with more or other values after it; what it does not name stays."""
        if self.after is None:
            raise ValueError("a record that goes has no values after")
        return Change(self.record, self.key, self.before, {**self.after, **values})

    @property
    def values(self) -> Values:
        """The values after the change; empty when the record goes."""
        return self.after if self.after is not None else NOTHING


def created(record: str, values: Values, key: Key | None = None) -> Change:
    """A change that makes a new record with `values`."""
    return Change(record, key or new_key(), None, dict(values))


def changed(record: str, key: Key, before: Values, after: Values) -> Change | None:
    """The difference between two states of a record; None when there is none.

    `before` needs to hold at least the keys of `after`.
    """
    names = [name for name, value in after.items() if before[name] != value]
    if not names:
        return None
    return Change(record, key, {name: before[name] for name in names}, {name: after[name] for name in names})


def removed(record: str, key: Key, before: Values) -> Change:
    """A change that takes the record away; `before` holds all its values."""
    return Change(record, key, dict(before), None)


@dataclass(frozen=True, slots=True)
class Kept:
    """A change that an undo left alone, and why, in the worker's words."""

    change: Change
    reason: str


class LongChanges(Packed[Change]):
    """Very many changes: those of an import. Which kinds of record they touch is known without unpacking."""

    def __init__(self) -> None:
        self.records: set[str] = set()
        super().__init__()

    @override
    def append(self, item: Change) -> None:
        self.records.add(item.record)
        super().append(item)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What one use case did: the batch it is logged under, a sentence, and the changes."""

    batch: Key
    why: str
    changes: Sequence[Change] = ()
    kept: tuple[Kept, ...] = field(default=())

    @property
    def records(self) -> frozenset[str]:
        """The kinds of record that were touched."""
        if isinstance(self.changes, LongChanges):
            return frozenset(self.changes.records)
        return frozenset(change.record for change in self.changes)

    def keys(self, record: str) -> tuple[Key, ...]:
        """The keys of the touched records of one kind, in order, each once."""
        if record not in self.records:
            return ()
        return tuple(dict.fromkeys(change.key for change in self.changes if change.record == record))

    def __bool__(self) -> bool:
        return bool(self.changes)


__all__ = [
    "NOTHING",
    "Change",
    "ChangeSet",
    "Kept",
    "LongChanges",
    "Value",
    "changed",
    "created",
    "new_key",
    "removed",
]
