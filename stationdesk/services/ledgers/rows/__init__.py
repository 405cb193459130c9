"""The rows of each ledger but the tables of figures: one file beside the other, one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stationdesk.services.ledgers.rows.links import LINKS
from stationdesk.services.ledgers.rows.needs import NEEDS
from stationdesk.services.ledgers.rows.people import ROSTER
from stationdesk.services.ledgers.rows.resources import RESOURCES
from stationdesk.services.ledgers.rows.source import LedgerRows
from stationdesk.services.ledgers.rows.visits import VISITS

ROWS: Mapping[str, LedgerRows] = MappingProxyType(
    {
        "roster": ROSTER,
        "needs": NEEDS,
        "resources": RESOURCES,
        "links": LINKS,
        "visits": VISITS,
    }
)
"""The rows of each ledger by its name."""
