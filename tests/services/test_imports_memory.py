"""What the columns of a form were taken for is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from stationdesk.core.vocab import Datum, MapClass
from stationdesk.db.models import ImportMap, Resource
from stationdesk.services import history
from stationdesk.services.imports import ImportKind, Plan, dry_run, forget, remember, run
from stationdesk.services.store import Store
from tests.services.importing import new_station, proposed, table

HEAD = ["店名", "在哪", "X", "Y"]
ROW = ["青石药店", "青石街 1 号", 114.3, 34.8]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_station(tmp_path) as made:
        yield made


def corrected(plan: Plan) -> Plan:
    """The worker says what 在哪 is."""
    return plan.mapped(plan.mapping[0], "resource.address", *plan.mapping[2:])


def test_a_form_that_comes_again_is_taken_as_the_last_time(store: Store) -> None:
    plan = proposed(store, table(HEAD, ROW), ImportKind.RESOURCES)
    assert plan.remembered is None
    assert plan.mapping[1] is None
    mended = corrected(plan).with_defaults({"resource.map_class": MapClass.MEDICAL})
    assert mended.is_corrected
    run(store, dry_run(store, mended, Datum.GCJ02))
    again = proposed(store, table(HEAD, ["别的店", "别的街", 114.1, 34.1]))
    assert again.mapping == mended.mapping
    assert again.defaults == {"resource.map_class": MapClass.MEDICAL}
    assert again.remembered is not None
    assert again.remembered.datum is Datum.GCJ02
    assert again.is_as_last_time
    assert not again.is_corrected


def test_another_header_is_another_form(store: Store) -> None:
    remember(store, corrected(proposed(store, table(HEAD, ROW), ImportKind.RESOURCES)))
    other = proposed(store, table([*HEAD, "电话"], [*ROW, "12345"]), ImportKind.RESOURCES)
    assert other.remembered is None


def test_header_rows_that_were_corrected_are_found_again(store: Store) -> None:
    rows = (["一、基本情况", None, "二、其他"], ["店名", "在哪", "谁管"], ["青石药店", "青石街", "钱经理"])
    book = table(*rows)
    from stationdesk.services.imports import plan_for

    plan = plan_for(store, Path(book.name), book, ImportKind.RESOURCES, header=(2, 2))
    remember(store, plan.mapped("resource.name", "resource.address", "resource.contact"))
    again = proposed(store, table(*rows[:2], ["柳河药店", "柳河街", "孙经理"]))
    assert again.table.header == (2, 2)
    assert again.mapping == ("resource.name", "resource.address", "resource.contact")


def test_remembering_twice_keeps_one_entry(store: Store) -> None:
    plan = proposed(store, table(HEAD, ROW), ImportKind.RESOURCES)
    remember(store, plan)
    remember(store, corrected(plan))
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(ImportMap)) == 1
    assert proposed(store, table(HEAD, ROW)).mapping[1] == "resource.address"


def test_what_was_remembered_can_be_forgotten(store: Store) -> None:
    remember(store, corrected(proposed(store, table(HEAD, ROW), ImportKind.RESOURCES)))
    plan = proposed(store, table(HEAD, ROW), ImportKind.RESOURCES)
    assert plan.remembered is not None
    forget(store, plan.remembered)
    assert proposed(store, table(HEAD, ROW), ImportKind.RESOURCES).remembered is None


def test_undo_after_an_import_takes_back_the_import_and_not_what_was_remembered(store: Store) -> None:
    run(
        store, dry_run(store, corrected(proposed(store, table(HEAD, ROW), ImportKind.RESOURCES)), Datum.GCJ02)
    )
    step = history.can_undo(store)
    assert step is not None
    assert step.why.startswith("导入")
    history.undo(store)
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Resource)) == 0
    assert proposed(store, table(HEAD, ROW)).remembered is not None
