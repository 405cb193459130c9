"""The rows of each ledger but the tables of figures: one file beside the other, one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stationdesk.services.ledgers.rows.households import HANDOVER, HOUSEHOLD_SOURCE, PLAN
from stationdesk.services.ledgers.rows.links import LINKS, MATCH_SOURCE
from stationdesk.services.ledgers.rows.needs import NEED_SOURCE, NEEDS
from stationdesk.services.ledgers.rows.organisations import ORGANISATIONS
from stationdesk.services.ledgers.rows.people import PEOPLE, ROSTER
from stationdesk.services.ledgers.rows.resources import RESOURCE_SOURCE, RESOURCES
from stationdesk.services.ledgers.rows.source import LedgerRows, Source
from stationdesk.services.ledgers.rows.villages import VILLAGES
from stationdesk.services.ledgers.rows.visits import VISIT_SOURCE, VISITS

ROWS: Mapping[str, LedgerRows] = MappingProxyType(
    {
        "roster": ROSTER,
        "needs": NEEDS,
        "resources": RESOURCES,
        "links": LINKS,
        "visits": VISITS,
        "plan": PLAN,
        "organisations": ORGANISATIONS,
        "villages": VILLAGES,
        "handover": HANDOVER,
    }
)
"""The rows of each ledger by its name."""

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        source.model.__tablename__: source
        for source in (PEOPLE, HOUSEHOLD_SOURCE, NEED_SOURCE, RESOURCE_SOURCE, MATCH_SOURCE, VISIT_SOURCE)
    }
)
"""Where the rows behind a figure come from, by the kind of record that it counts."""
