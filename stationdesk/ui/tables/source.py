"""Where a table gets its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from stationdesk.core.fields import Key
from stationdesk.services.listing import Page, Query, keys_of, rows_of
from stationdesk.services.store import Store


class Source(Protocol):
    """Keys for a query, and rows for keys. Both are called on the lane of the screens."""

    def keys_of(self, store: Store, query: Query) -> tuple[Key, ...]:
        """The keys of all rows, in order."""

    def rows_of(self, store: Store, keys: Sequence[Key]) -> Page:
        """The rows of some keys; those that are gone are left out."""


@dataclass(frozen=True, slots=True)
class RecordSource:
    """All records of one kind."""

    record: str

    def keys_of(self, store: Store, query: Query) -> tuple[Key, ...]:
        """The keys of the query."""
        return keys_of(store, query)

    def rows_of(self, store: Store, keys: Sequence[Key]) -> Page:
        """The rows of these keys."""
        return rows_of(store, self.record, keys)
