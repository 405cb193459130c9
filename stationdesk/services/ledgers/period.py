"""What a ledger is about: the days from a first to a last, whatever day a month starts on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stationdesk.core.clock import Month


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included; `label` is what stands in the head."""

    label: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Periods:
    """The three columns of the monthly table."""

    this: Period
    previous: Period
    year: Period


def periods_of(month: Month) -> Periods:
    """A month, the one before it, and the year up to its end."""
    return Periods(
        _period(month),
        _period(month.previous),
        Period(f"{month.year}年1—{month.month}月", date(month.year, 1, 1), month.last),
    )


def _period(month: Month) -> Period:
    return Period(month.label, month.first, month.last)
