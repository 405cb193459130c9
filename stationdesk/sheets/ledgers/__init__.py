"""The registry of ledgers: a new one is a file here and a line in `LEDGERS`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stationdesk.sheets.ledger import Ledger
from stationdesk.sheets.ledgers.charts import CHARTS
from stationdesk.sheets.ledgers.corrections import CORRECTIONS
from stationdesk.sheets.ledgers.handover import HANDOVER
from stationdesk.sheets.ledgers.links import LINKS
from stationdesk.sheets.ledgers.monthly import MONTHLY
from stationdesk.sheets.ledgers.needs import NEEDS
from stationdesk.sheets.ledgers.organisations import ORGANISATIONS
from stationdesk.sheets.ledgers.plan import PLAN
from stationdesk.sheets.ledgers.resources import RESOURCES
from stationdesk.sheets.ledgers.roster import ROSTER
from stationdesk.sheets.ledgers.villages import VILLAGES
from stationdesk.sheets.ledgers.visits import VISITS

LEDGERS: Mapping[str, Ledger] = MappingProxyType(
    {
        ledger.name: ledger
        for ledger in (
            ROSTER,
            NEEDS,
            RESOURCES,
            LINKS,
            VISITS,
            PLAN,
            ORGANISATIONS,
            VILLAGES,
            HANDOVER,
            MONTHLY,
            CHARTS,
            CORRECTIONS,
        )
    }
)
"""The ledgers by name, in the order of the workbook's sheets."""
