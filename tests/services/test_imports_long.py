"""A list so long that it is held packed: more rows than one piece, and the same outcome."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from stationdesk.core.idcard import check_digit
from stationdesk.db.models import Household, Person, PersonCategory
from stationdesk.services.imports import Decision, Decisions, DryRun, ImportKind, Verdict, dry_run, run
from stationdesk.services.store import Store
from stationdesk.sheets.reading.cells import PackedRows, Sheet, Workbook
from tests.services.importing import new_station, proposed, table

HEAD = ("姓名", "身份证号", "村居", "居住地址", "对象类别", "电话")
COUNT = 1_100


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_station(tmp_path) as made:
        run(made, dry_run(made, proposed(made, table(["村居名称"], ["桃花村"]), ImportKind.VILLAGES)))
        yield made


def person(number: int) -> tuple[Any, ...]:
    """An invented person; no place has the code 999999."""
    born = date(1950, 1, 1) + timedelta(days=number)
    first = f"999999{born:%Y%m%d}{number % 900:03d}"
    card = first + check_digit(first)
    return (f"居民{number}", card, "桃花村", f"{number // 2}号", "低保", f"138{number:08d}")


def roster(*more: tuple[Any, ...]) -> Workbook:
    """The list as the reader hands it over: its rows packed."""
    return Workbook(
        "名册.xlsx", (Sheet("名册", PackedRows([HEAD, *(person(number) for number in range(COUNT)), *more])),)
    )


def tried(store: Store, book: Workbook) -> DryRun:
    return dry_run(store, proposed(store, book))


def count(store: Store, model: type) -> int:
    with store.reading() as session:
        return session.execute(select(func.count()).select_from(model)).scalar_one()


def test_a_long_list_comes_in_whole_and_numbered_in_its_order(store: Store) -> None:
    dry = tried(store, roster())
    assert dry.counts == {Verdict.NEW: COUNT}
    outcome = run(store, dry)
    assert (count(store, Person), count(store, Household), count(store, PersonCategory)) == (1100, 550, 1100)
    assert len(outcome.changes) == 2750
    assert outcome.records == {"person", "household", "person_category"}
    with store.reading() as session:
        found = session.execute(select(Person.name, Person.code).order_by(Person.code)).all()
    assert [tuple(each) for each in found] == [
        (f"居民{number}", f"人-{number + 1:04d}") for number in range(COUNT)
    ]


def test_a_row_that_comes_again_far_below_is_recognised(store: Store) -> None:
    changed = (*person(7)[:-1], "13900000000")
    dry = tried(store, roster(person(3), changed))
    same, other = dry.rows[COUNT], dry.rows[-1]
    assert (same.verdict, same.why) == (Verdict.SAME, "与第 5 行“居民3”重复")
    assert other.verdict is Verdict.REFUSED
    assert "“联系电话”不同" in other.why
    assert [row.number for row in dry.of(Verdict.REFUSED)] == [COUNT + 3]


def test_single_rows_of_a_long_list_are_left_out_with_their_household(store: Store) -> None:
    dry = tried(store, roster())
    run(store, dry, Decisions(rows={2: Decision.SKIP, 3: Decision.SKIP, 900: Decision.SKIP}))
    assert (count(store, Person), count(store, Household)) == (COUNT - 3, 549)


def test_a_long_list_is_the_same_the_second_time_and_changes_where_it_was_changed(store: Store) -> None:
    run(store, tried(store, roster()))
    again = tried(store, roster())
    assert again.counts == {Verdict.SAME: COUNT}
    assert not run(store, again)
    rows = [HEAD, *(person(number) for number in range(COUNT))]
    rows[801] = (*person(800)[:-1], "13900000000")
    changed = tried(store, Workbook("新.xlsx", (Sheet("名册", PackedRows(rows)),)))
    assert changed.counts == {Verdict.SAME: COUNT - 1, Verdict.CHANGES: 1}
    assert [row.number for row in changed.of(Verdict.CHANGES)] == [802]
    assert len(run(store, changed, Decisions(update=True)).changes) == 1
