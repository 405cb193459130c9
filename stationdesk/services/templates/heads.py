"""What is the same for a whole form: unit, month, signatures, and the figures of the monthly table."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Value
from stationdesk.db.models import Station, Target
from stationdesk.services.ledgers.figures import Figures
from stationdesk.services.ledgers.gathering import as_handed_in, gathered
from stationdesk.services.ledgers.period import Periods
from stationdesk.services.store import Store
from stationdesk.sheets.ledger import Measure
from stationdesk.sheets.ledgers.monthly import LINES
from stationdesk.sheets.template.rules import FIGURE, FigureColumn, Template
from stationdesk.sheets.template.singles import figure_key

_STOCKS = frozenset(line.key.partition(":")[0] for line in LINES if line.measure is Measure.STOCK)


def head_values(store: Store, session: Session, periods: Periods, count: int) -> dict[str, Value]:
    """The values of the sources that begin with head."""
    station = session.execute(select(Station)).scalars().first()
    month = periods.month
    values: dict[str, Value] = {
        "head.worker": store.actor.name,
        "head.today": store.clock.today(),
        "head.period": month.label,
        "head.first": periods.this.first,
        "head.last": periods.this.last,
        "head.year": month.year,
        "head.month": month.month,
        "head.count": count,
    }
    if station is not None:
        values |= {
            "head.station": station.name,
            "head.town": station.town,
            "head.county": station.county,
            "head.operator": station.operator,
            "head.report_to": station.report_to,
            "head.leader": station.leader,
            "head.reviewer": station.reviewer,
            "head.phone": station.phone,
        }
    return values


def figure_values(session: Session, periods: Periods, template: Template) -> dict[str, Value]:
    """The figures that a template asks for, by `figure_key`; a stock has no sum over the year.

    They are those of the monthly table: what was handed in, where a month is closed.
    """
    asked = {
        (each.rule.source.removeprefix(FIGURE), each.rule.figure)
        for each in template.cells
        if each.rule.source.startswith(FIGURE)
    }
    if not asked:
        return {}
    figures = as_handed_in(session, gathered(session, periods.month, periods.this.first.day))
    known: dict[FigureColumn, Figures] = {
        FigureColumn.THIS: figures.this,
        FigureColumn.PREVIOUS: figures.previous,
        FigureColumn.YEAR: figures.year,
    }
    targets = {
        row.line: row.value
        for row in session.execute(select(Target.line, Target.value).where(Target.year == periods.month.year))
    }
    values: dict[str, Value] = {}
    for key, column in asked:
        value: Value
        if column is FigureColumn.TARGET:
            value = targets.get(key)
        elif column is FigureColumn.RATE:
            value = _rate(known, key, targets.get(key))
        elif column is FigureColumn.YEAR and key.partition(":")[0] in _STOCKS:
            value = None
        else:
            # A category that nobody carries has no figure of its own.
            value = known[column].get(key, 0 if ":" in key else None)
        values[figure_key(f"{FIGURE}{key}", column.code)] = value
    return values


def _rate(known: dict[FigureColumn, Figures], key: str, target: Decimal | None) -> Decimal | None:
    """How much of the year's target is reached: a flow by its sum so far, a stock by what there is."""
    if not target:
        return None
    column = FigureColumn.THIS if key.partition(":")[0] in _STOCKS else FigureColumn.YEAR
    reached = known[column].get(key)
    return None if reached is None else (Decimal(reached) / target).quantize(Decimal("0.0001"))
