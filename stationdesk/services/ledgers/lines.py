"""The lines of the monthly table as a station has them: those of the categories stand once for each category."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stationdesk.services.ledgers.figures import Category
from stationdesk.sheets.columns import CellKind
from stationdesk.sheets.ledger import Measure
from stationdesk.sheets.ledgers.monthly import CATEGORY, LINES, MonthlyLine

_COUNTED_ANEW = frozenset({"visited_households", "people"})
"""A household visited in two months is one household of the year."""

SUMMED: tuple[str, ...] = tuple(
    line.key
    for line in LINES
    if line.measure is Measure.FLOW and line.kind is not CellKind.PERCENT and line.key not in _COUNTED_ANEW
)
"""The lines whose figure of the year is the sum of those of its months."""


def spread(categories: Sequence[Category]) -> Iterator[MonthlyLine]:
    """The lines in their order; those of one category stand together."""
    repeated = [line for line in LINES if CATEGORY in line.key]
    done = False
    for line in LINES:
        if CATEGORY not in line.key:
            yield line
        elif not done:
            done = True
            for each in categories:
                for pattern in repeated:
                    yield replace(
                        pattern,
                        key=pattern.key.replace(CATEGORY, each.code),
                        label=pattern.label.replace(CATEGORY, each.label),
                    )
