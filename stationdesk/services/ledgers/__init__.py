"""The ledgers of a month: queries, rows, figures, cross-foot checks, and the workbook they make."""

from __future__ import annotations

from stationdesk.services.ledgers.export import AS_IT_IS, Check, LedgerReport, LedgerSheet, Options, ledger
from stationdesk.services.ledgers.period import Period

__all__ = ["AS_IT_IS", "Check", "LedgerReport", "LedgerSheet", "Options", "Period", "ledger"]
