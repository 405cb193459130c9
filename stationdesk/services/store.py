"""The open station, for those above: they pass it on and never look inside."""

from __future__ import annotations

from stationdesk.db.store import Actor, Store

__all__ = ["Actor", "Store"]
