"""Offline desk of a rural social work station: from need to resource, onto a map, into the month's ledger."""

__version__ = "0.1.0"
