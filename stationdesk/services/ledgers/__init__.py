"""The ledgers of a month: queries, rows, figures, cross-foot checks, and the workbook they make."""

from __future__ import annotations

from stationdesk.services.ledgers.export import Check, LedgerReport, LedgerSheet, ledger
from stationdesk.services.ledgers.period import Period

__all__ = ["Check", "LedgerReport", "LedgerSheet", "Period", "ledger"]
