"""What our own ledgers are called, for who chooses one of them."""

from __future__ import annotations

from stationdesk.core.errors import UserError
from stationdesk.services.ledgers.column_sets import ledger_columns
from stationdesk.services.store import Store
from stationdesk.sheets.ledgers import LEDGERS


def arrangeable(store: Store) -> tuple[tuple[str, str], ...]:
    """Name and title of each ledger whose columns a station may arrange, in the order of the workbook."""
    found = []
    for name, ledger in LEDGERS.items():
        try:
            ledger_columns(store, name)
        except UserError:  # something is drawn from its columns
            continue
        found.append((name, ledger.title))
    return tuple(found)
