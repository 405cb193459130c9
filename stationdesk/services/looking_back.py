"""What a change means for months that were closed and handed in: nothing for their files, a line in a later ledger.

Kept apart from the ledgers, which bring much with them: most changes have nothing to do with a closed month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select

from stationdesk.core.changes import ChangeSet
from stationdesk.core.clock import Month
from stationdesk.db.models import ClosedMonth
from stationdesk.services.store import Store

DATED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "visit": ("visited_on",),
        "need": ("raised_on", "closed_on"),
        "match": ("matched_on", "done_on"),
        "household": ("opened_on", "closed_on"),
        "person": ("opened_on", "closed_on"),
        "resource": ("collected_on", "verified_on"),
    }
)
"""The days that put a record into a month."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A closed month whose records were changed, and the month whose ledgers list that; None where none will."""

    month: Month
    listed_in: Month | None


def touched(store: Store, changes: ChangeSet) -> tuple[Touched, ...]:
    """The closed months in whose days something lies that now differs from what was handed in.

    What is again as it was handed in, such as after an undo, is not among them.
    """
    if not changes.records & DATED.keys():
        return ()
    with store.reading() as session:
        if session.scalar(select(ClosedMonth.key).limit(1)) is None:
            return ()
    from stationdesk.services.ledgers.touching import touched_months

    return touched_months(store, changes)
