from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stationdesk.core.clock import Month
from stationdesk.core.vocab import Audience
from stationdesk.services.ledgers import ledger
from stationdesk.services.ledgers.figures import figures_of
from stationdesk.services.ledgers.period import periods_of
from stationdesk.services.ledgers.screen import file_name, overview, rows_behind
from stationdesk.services.listing import keys_of
from tests.small_town import TODAY, SmallTown, small_town

NOVEMBER = Month.of(TODAY)
SUMS = {"visited_households", "visit_instances", "goods_value", "money_value", "people", "instances"}
"""Figures that are no counts of rows: their rows are those that are summed up."""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


def test_a_figure_that_counts_rows_opens_exactly_as_many(town: SmallTown) -> None:
    periods = periods_of(NOVEMBER)
    opened = 0
    for period in (periods.this, periods.previous, periods.year):
        with town.store.reading() as session:
            figures = figures_of(session, period)
        for key, figure in figures.items():
            query = rows_behind(key, period, TODAY)
            if query is not None and key not in SUMS:
                opened += 1
                assert len(keys_of(town.store, query)) == figure, (key, period.label)
    assert opened > 60


def test_what_there_was_at_the_end_of_a_past_month_is_not_mistaken_for_what_there_is() -> None:
    periods = periods_of(NOVEMBER)
    assert rows_behind("persons", periods.this, TODAY) is not None
    assert rows_behind("persons", periods.previous, TODAY) is None


def test_the_screen_counts_the_rows_that_the_workbook_has(town: SmallTown, tmp_path: Path) -> None:
    shown = overview(town.store, NOVEMBER)
    report = ledger(town.store, NOVEMBER, Audience.INTERNAL, tmp_path / "台账.xlsx")
    assert [(each.title, each.rows, each.withheld) for each in shown.sheets] == [
        (each.title, each.rows, each.withheld) for each in report.sheets if each.title != "图表"
    ]
    assert {each.title: each.withheld for each in shown.sheets}["服务对象花名册"] == 1


def test_the_lines_are_written_as_people_read_them(town: SmallTown) -> None:
    lines = {(line.group, line.label): line for line in overview(town.store, NOVEMBER).lines}
    assert [cell.text for cell in lines["走访", "走访"].cells] == ["1", "0", "1"]
    assert lines["走访", "走访覆盖率"].cells[0].text == "33.33"
    assert lines["建档", "在册人数"].cells[2].text == "—"


def test_a_file_is_named_after_town_month_and_reader() -> None:
    assert file_name("柳河镇", Month(2026, 10), Audience.INTERNAL) == "柳河镇社工站_台账_2026-10_内部.xlsx"
    assert file_name("柳河镇", Month(2026, 10), Audience.REPORT) == "柳河镇社工站_台账_2026-10_上报.xlsx"
