"""What a ledger is about: the days from a first to a last, whatever day of the calendar a month starts on.

Where it starts on the 21st, October is 21 September to 20 October, and the year is its twelve such months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError

LAST_FIRST_DAY = 28
"""Every month of the calendar has this day; a later first day would fall out of February."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included; `label` is what stands in the head."""

    label: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Periods:
    """The three columns of the monthly table of a month."""

    month: Month
    this: Period
    previous: Period
    year: Period


def checked_first_day(day: int) -> int:
    """The day on which a month starts.

    Raises:
        UserError: no month of the calendar, or not every one, has it.
    """
    if not 1 <= day <= LAST_FIRST_DAY:
        raise UserError(
            "每月的起算日请填 1 到 28，现在是 {day}。29 日以后不是每个月都有；按自然月统计请填 1。", day=day
        )
    return day


def period_of(month: Month, first_day: int = 1) -> Period:
    """The days of a month that starts on a day of the calendar: on any but the 1st, in the month before."""
    if first_day == 1:
        return Period(month.label, month.first, month.last)
    first = month.previous.first.replace(day=first_day)
    last = month.first.replace(day=first_day) - timedelta(days=1)
    return Period(f"{month.label}（{_span(first, last, month)}）", first, last)


def year_of(month: Month, first_day: int = 1) -> Period:
    """The year up to the end of a month: from the first day of its January."""
    first, last = period_of(Month(month.year, 1), first_day).first, period_of(month, first_day).last
    label = f"{month.year}年1—{month.month}月" if month.month > 1 else month.label
    return Period(label if first_day == 1 else f"{label}（{_span(first, last, month)}）", first, last)


def periods_of(month: Month, first_day: int = 1) -> Periods:
    """A month, the one before it, and the year up to its end."""
    return Periods(
        month, period_of(month, first_day), period_of(month.previous, first_day), year_of(month, first_day)
    )


def months_so_far(month: Month) -> tuple[Month, ...]:
    """The months of the year up to this one."""
    return tuple(Month(month.year, number) for number in range(1, month.month + 1))


def month_of(day: date, first_day: int = 1) -> Month:
    """The month whose ledger a day belongs to."""
    month = Month.of(day)
    return month.next if first_day > 1 and day.day >= first_day else month


def _span(first: date, last: date, month: Month) -> str:
    return "—".join(_day(each, month) for each in (first, last))


def _day(day: date, month: Month) -> str:
    year = "" if day.year == month.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"
