"""Everything the monthly table of a month is made of, from one state of the file.

The figures of a closed month are those that were handed in, in the column of the month before and in the sum
of the year, whatever was changed since; what was changed is told apart, as corrections. A figure that cannot
be added up over months (people reached, households visited, shares) is counted anew for the year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy.orm import Session

from stationdesk.core.clock import Month
from stationdesk.services.ledgers.counting import Figure
from stationdesk.services.ledgers.figures import Category, Figures, categories, figures_of, some_figures
from stationdesk.services.ledgers.frozen import Frozen, frozen_months
from stationdesk.services.ledgers.lines import SUMMED
from stationdesk.services.ledgers.period import Periods, months_so_far, period_of, periods_of
from stationdesk.services.ledgers.targets import Targets, targets_of

SHOWN_BY_MONTH = ("visits", "needs", "matches")
"""The figures that the charts show for each month of the year."""


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The figures of a month and what stands beside them.

    `previous` and `year` hold what was handed in where months are closed, `previous_now` what the records say
    today. `handed_in` names the closed months whose figures were taken, `itself_handed_in` says that `this` are such
    figures. `by_month` has the figures of the charts.
    """

    periods: Periods
    this: Figures
    previous: Figures
    previous_now: Figures
    year: Figures
    by_month: Mapping[Month, Figures]
    categories: tuple[Category, ...]
    targets: Targets
    handed_in: tuple[Month, ...] = field(default=())
    itself_handed_in: bool = False

    @property
    def previous_handed_in(self) -> bool:
        """Whether the month before was closed for just these days."""
        return self.periods.month.previous in self.handed_in


def gathered(session: Session, month: Month, first_day: int) -> MonthFigures:
    """The figures of a month whose first day is `first_day`."""
    periods = periods_of(month, first_day)
    frozen = closed_before(session, month, first_day)
    previous_now = figures_of(session, periods.previous)
    last = frozen.get(month.previous)
    by_month = {
        each: (
            {key: frozen[each].figures.get(key, 0) for key in SHOWN_BY_MONTH}
            if each in frozen
            else some_figures(session, period_of(each, first_day), *SHOWN_BY_MONTH)
        )
        for each in months_so_far(month)
    }
    return MonthFigures(
        periods,
        figures_of(session, periods.this),
        last.figures if last is not None else previous_now,
        previous_now,
        _year(session, periods, [each for each in frozen.values() if each.month.year == month.year]),
        by_month,
        categories(session),
        targets_of(session, month.year),
        tuple(frozen),
    )


def as_handed_in(session: Session, figures: MonthFigures) -> MonthFigures:
    """The same month with its own figures as they were handed in, where it is closed for these very days."""
    own = frozen_months(session).get(figures.periods.month)
    if own is None or not own.is_of(figures.periods.this):
        return figures
    now, then = figures.this, {**figures.this, **own.figures}
    summed = {key: _plus(figures.year[key], _minus(then[key], now[key])) for key in SUMMED}
    return replace(figures, this=then, year={**figures.year, **summed}, itself_handed_in=True)


def closed_before(session: Session, month: Month, first_day: int) -> dict[Month, Frozen]:
    """The closed months that count for a month: those of its year before it, and the one just before it.

    A month that was closed for other days than it has now is not among them: its figures are of other days.
    """
    return {
        each: closed
        for each, closed in frozen_months(session).items()
        if each < month
        and (each.year == month.year or each == month.previous)
        and closed.is_of(period_of(each, first_day))
    }


def _year(session: Session, periods: Periods, closed: Sequence[Frozen]) -> Figures:
    """The figures of the year: what the records say, with what was handed in where a month is closed."""
    year = dict(figures_of(session, periods.year))
    for each in closed:
        now = some_figures(session, each.period, *SUMMED)
        for key in SUMMED:
            year[key] = _plus(year[key], _minus(each.figures.get(key, now[key]), now[key]))
    return year


def _plus(one: Figure, other: Figure) -> Figure:
    return (one or 0) + (other or 0)


def _minus(one: Figure, other: Figure) -> Figure:
    return (one or 0) - (other or 0)


def done_share(figures: MonthFigures, key: str, *, stock: bool, percent: bool) -> Decimal | None:
    """How far a target is reached: of what there is at the end of the month, or of what the year brought so far."""
    target = figures.targets.get(key)
    reached = (figures.this if stock else figures.year).get(key, 0)
    if not target or reached is None:
        return None
    return (Decimal(reached) * (100 if percent else 1) / target).quantize(Decimal("0.0001"))
