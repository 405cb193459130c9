"""Offline desk of a rural social work station: from a need to a resource, on a map, into the month's ledger."""

__version__ = "0.1.0"
