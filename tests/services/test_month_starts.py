"""Months that start on another day of the calendar than the first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from stationdesk.core.changes import changed
from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.vocab import Audience
from stationdesk.db.base import values_of
from stationdesk.services.ledgers import Options, ledger
from stationdesk.services.ledgers.period import (
    checked_first_day,
    month_of,
    months_so_far,
    period_of,
    periods_of,
    year_of,
)
from stationdesk.services.ledgers.screen import overview
from stationdesk.services.stations import profile_of, save_profile
from stationdesk.services.store import Store
from tests.services.ledger_town import Town, known_town

OCTOBER = Month(2026, 10)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = known_town(tmp_path)
    yield made
    made.store.close()


def start_on(store: Store, day: int) -> None:
    station = profile_of(store)
    change = changed("station", station.key, values_of(station), {"month_starts_on": day})
    assert change is not None
    save_profile(store, change)


def test_a_month_from_the_21st_ends_on_the_20th_of_its_own_name() -> None:
    period = period_of(OCTOBER, 21)
    assert (period.first, period.last) == (date(2026, 9, 21), date(2026, 10, 20))
    assert period.label == "2026年10月（9月21日—10月20日）"
    assert periods_of(OCTOBER, 21).previous.last == date(2026, 9, 20)


def test_the_year_is_its_twelve_months() -> None:
    year = year_of(OCTOBER, 21)
    assert (year.first, year.last) == (date(2025, 12, 21), date(2026, 10, 20))
    assert year.label == "2026年1—10月（2025年12月21日—10月20日）"
    assert period_of(Month(2026, 1), 21).label == "2026年1月（2025年12月21日—1月20日）"
    assert year_of(Month(2026, 1)).label == "2026年1月"
    assert [str(each) for each in months_so_far(Month(2026, 3))] == ["2026-01", "2026-02", "2026-03"]


def test_a_month_of_the_calendar_is_called_by_its_name_alone() -> None:
    assert period_of(OCTOBER).label == "2026年10月"
    assert (period_of(OCTOBER).first, period_of(OCTOBER).last) == (date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize("first_day", [1, 2, 15, 28])
def test_every_day_belongs_to_just_one_month(first_day: int) -> None:
    for day in (
        date(2026, 2, 27),
        date(2026, 2, 28),
        date(2026, 3, 1),
        date(2025, 12, 31),
        date(2028, 2, 29),
    ):
        month = month_of(day, first_day)
        period = period_of(month, first_day)
        assert period.first <= day <= period.last
        assert period_of(month.next, first_day).first > period.last


@pytest.mark.parametrize("day", [0, 29, -1, 31])
def test_a_day_that_not_every_month_has_is_refused_in_a_sentence(town: Town, day: int) -> None:
    with pytest.raises(UserError, match="1 到 28"):
        checked_first_day(day)
    with pytest.raises(UserError, match="1 到 28"):
        start_on(town.store, day)
    with pytest.raises(UserError, match="1 到 28"):
        ledger(town.store, OCTOBER, Audience.INTERNAL, Path("x.xlsx"), options=Options(first_day=day))


def visits_in(path: Path) -> list[str]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("走访台账").to_python()
    return [str(row[1]) for row in rows if isinstance(row[0], float)]


def test_the_stations_setting_decides_what_a_month_holds(town: Town, tmp_path: Path) -> None:
    start_on(town.store, 13)
    made = ledger(town.store, OCTOBER, Audience.INTERNAL, tmp_path / "a.xlsx")
    assert visits_in(made.path) == ["F-001"]
    made = ledger(town.store, OCTOBER.next, Audience.INTERNAL, tmp_path / "b.xlsx")
    assert visits_in(made.path) == ["F-003", "F-002"]
    assert not made.failed
    lines = {(each.group, each.label): each for each in overview(town.store, OCTOBER).lines}
    assert lines["走访", "走访"].cells[0].text == "1"


def test_another_day_is_asked_for_once(town: Town, tmp_path: Path) -> None:
    made = ledger(town.store, OCTOBER, Audience.INTERNAL, tmp_path / "a.xlsx", options=Options(first_day=13))
    assert visits_in(made.path) == ["F-001"]
    head = CalamineWorkbook.from_path(made.path).get_sheet_by_name("走访台账").to_python()[2]
    assert "统计期间：2026年10月（9月13日—10月12日）" in head
