"""Months and days of ledgers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.core.clock import Clock, FixedClock, Month, SystemClock, age

MONTHS = st.builds(Month, st.integers(1900, 2200), st.integers(1, 12))


@pytest.mark.parametrize(
    "text", ["2026-10", "2026/10", "202610", "2026年10月", " ２０２６－１０ ", "2026.10"]
)
def test_a_month_is_read_as_people_write_it(text: str) -> None:
    assert Month.parse(text) == Month(2026, 10)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "10-2026", "2026-10-01", "去年"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Month.parse(text)


def test_a_month_knows_its_days_and_its_name() -> None:
    month = Month(2024, 2)
    assert (month.first, month.last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert month.label == "2024年2月"
    assert str(month) == "2024-02"
    assert date(2024, 2, 29) in month
    assert date(2024, 3, 1) not in month


@given(MONTHS)
def test_months_follow_each_other_without_a_gap(month: Month) -> None:
    assert month.previous.last + timedelta(days=1) == month.first
    assert month.next.previous == month
    assert month.shifted(-12) == Month(month.year - 1, month.month)
    assert Month.parse(str(month)) == month == Month.parse(month.label) == Month.of(month.last)
    assert month.previous < month < month.next


def test_a_fixed_clock_stands_until_it_is_moved() -> None:
    clock: Clock = FixedClock.on(date(2026, 10, 31))
    assert clock.today() == date(2026, 10, 31)
    assert clock.now() == clock.now()
    moved = FixedClock.on(date(2026, 10, 31))
    moved.advance(timedelta(days=1))
    assert moved.today() == date(2026, 11, 1)


def test_the_day_is_the_one_on_the_wall_and_the_moment_is_utc() -> None:
    in_china = FixedClock(datetime(2026, 11, 1, 1, 0, tzinfo=timezone(timedelta(hours=8))))
    assert in_china.today() == date(2026, 11, 1)
    assert in_china.now() == datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
    assert in_china.now().tzinfo is UTC
    with pytest.raises(ValueError, match="aware"):
        FixedClock(datetime(2026, 11, 1))


def test_the_system_clock_tells_an_aware_moment() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert abs((SystemClock().today() - SystemClock().now().date()).days) <= 1


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(1946, 10, 2), date(2026, 10, 1), 79),
        (date(1946, 10, 1), date(2026, 10, 1), 80),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 10, 1), date(2026, 10, 1), 0),
    ],
)
def test_age_is_counted_in_full_years(birth: date, on: date, years: int) -> None:
    assert age(birth, on) == years
