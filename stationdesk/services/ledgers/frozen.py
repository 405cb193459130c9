"""Closed months as they are kept: their days, their figures as handed in, and which month they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.clock import Month
from stationdesk.core.fields import Key
from stationdesk.core.vocab.paperwork import MonthState
from stationdesk.db.models import ClosedMonth
from stationdesk.services.ledgers.counting import Figure
from stationdesk.services.ledgers.figures import Figures
from stationdesk.services.ledgers.period import Period


@dataclass(frozen=True, slots=True)
class Frozen:
    """A closed month: its days, the figures that were handed in, and the kept file with its rows."""

    key: Key
    month: Month
    period: Period
    figures: Figures
    rows: str

    def is_of(self, period: Period) -> bool:
        """Whether it was closed for these very days: a station may have moved the day its months start on."""
        return (self.period.first, self.period.last) == (period.first, period.last)


def frozen_months(session: Session) -> Mapping[Month, Frozen]:
    """The months that are closed and were not opened again, the oldest first."""
    rows = session.scalars(
        select(ClosedMonth).where(ClosedMonth.state == MonthState.CLOSED).order_by(ClosedMonth.month)
    )
    return {month: _frozen(row, month) for row in rows if (month := _month(row.month)) is not None}


def _month(text: str) -> Month | None:
    """The month of a record; None for one that no closing has written."""
    try:
        return Month.parse(text)
    except ValueError:
        return None


def figures_to_json(figures: Figures) -> str:
    """The figures as they are kept; money and shares as texts, so that no digit is lost."""
    plain = {key: str(value) if isinstance(value, Decimal) else value for key, value in figures.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def figures_from_json(text: str) -> Figures:
    """What `figures_to_json` wrote."""
    return {key: _figure(value) for key, value in json.loads(text).items()}


def _figure(value: Any) -> Figure:
    return Decimal(value) if isinstance(value, str) else value


def _frozen(row: ClosedMonth, month: Month) -> Frozen:
    period = Period(month.label, row.first, row.last)
    return Frozen(row.key, month, period, figures_from_json(row.figures), row.rows)
