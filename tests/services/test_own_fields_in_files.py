"""The station's own fields on their way in and out: lists that bring them, ledgers that show them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from stationdesk.core.changes import changed
from stationdesk.core.clock import Month
from stationdesk.core.fields import Guard, Place
from stationdesk.core.vocab import Audience, OwnGuard, OwnKind
from stationdesk.db.base import fields_of, values_of
from stationdesk.db.models import RECORDS, Person, Resource
from stationdesk.services import history
from stationdesk.services.bulk import bulk_fields
from stationdesk.services.imports import Decision, Decisions, DryRun, ImportKind, Verdict, dry_run, run
from stationdesk.services.ledgers import ledger
from stationdesk.services.listing import Query
from stationdesk.services.lists import ListOut
from stationdesk.services.lists.choosing import columns_of
from stationdesk.services.own_fields import Wish, add_field, hide_field, own_fields_of
from stationdesk.services.store import Store
from stationdesk.services.templates.sources import sources_of
from tests.services.importing import new_station, proposed, table
from tests.services.ledger_town import Town, known_town

OCTOBER = Month(2026, 10)


def own(store: Store, record: str, label: str, kind: OwnKind = OwnKind.LINE, **more: Any) -> str:
    """Where the values of a new field stand."""
    add_field(store, record, Wish(label, kind, more.pop("options", ()), **more))
    return next(each.slot for each in own_fields_of(store, record) if each.wish.label == label)


# In


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_station(tmp_path) as made:
        yield made


def resources(*rows: list[Any]) -> list[list[Any]]:
    return [["资源名称", "维度", "地址", "风险等级", "到期日", "协议号"], *rows]


def tried(store: Store, *rows: list[Any]) -> DryRun:
    return dry_run(store, proposed(store, table(*resources(*rows)), ImportKind.RESOURCES))


ONE = ["柳河理发店", "组织资源", "柳河村一组 3 号", "高", date(2027, 3, 1), "协〔2026〕7 号"]


def told(store: Store, name: str, *slots: str) -> tuple[Any, ...]:
    with store.reading() as session:
        found = session.scalars(select(Resource).where(Resource.name == name)).one()
        return tuple(getattr(found, slot) for slot in slots)


def test_a_column_with_the_name_of_a_field_is_proposed_read_and_brought_in(store: Store) -> None:
    risk = own(store, "resource", "风险等级", OwnKind.CHOICE, options=("低", "高"))
    day = own(store, "resource", "到期日", OwnKind.DATE)
    number = own(store, "resource", "协议号")
    plan = proposed(store, table(*resources(ONE)), ImportKind.RESOURCES)
    assert plan.mapping[3:] == (f"resource.{risk}", f"resource.{day}", f"resource.{number}")
    run(store, dry_run(store, plan))
    assert told(store, "柳河理发店", risk, day, number) == ("02", date(2027, 3, 1), "协〔2026〕7 号")


def test_the_same_list_again_changes_nothing_and_a_difference_is_told_by_its_name(store: Store) -> None:
    own(store, "resource", "风险等级", OwnKind.CHOICE, options=("低", "高"))
    day = own(store, "resource", "到期日", OwnKind.DATE)
    run(store, tried(store, ONE))
    assert [row.verdict for row in tried(store, ONE).rows] == [Verdict.SAME]
    later = [*ONE[:3], "低", date(2028, 3, 1), ONE[5]]
    (row,) = (dry := tried(store, later)).rows
    told_changes = {(each.label, each.before, each.after) for each in row.changes}
    assert {("风险等级", "高", "低"), ("到期日", "2027-03-01", "2028-03-01")} <= told_changes
    run(store, dry, Decisions(rows={row.number: Decision.INTO_CANDIDATE}))
    assert told(store, "柳河理发店", day) == (date(2028, 3, 1),)
    history.undo(store)
    assert told(store, "柳河理发店", day) == (date(2027, 3, 1),)


def test_a_word_that_is_no_option_is_told_and_not_lost(store: Store) -> None:
    own(store, "resource", "风险等级", OwnKind.CHOICE, options=("低", "高"))
    (row,) = (dry := tried(store, [*ONE[:3], "很高很高", *ONE[4:]])).rows
    assert any("很高很高" in remark for remark in row.remarks)
    run(store, dry)
    assert "很高很高" in told(store, "柳河理发店", "note")[0]


def test_a_hidden_field_is_no_target(store: Store) -> None:
    own(store, "resource", "协议号")
    hide_field(store, own_fields_of(store, "resource")[0].key, hidden=True)
    plan = proposed(store, table(*resources(ONE)), ImportKind.RESOURCES)
    assert "协议号" not in {each.label for each in plan.targets}


def test_a_list_of_people_fills_fields_of_person_and_household(store: Store) -> None:
    person = own(store, "person", "低保证号")
    home = own(store, "household", "灶台", OwnKind.YES_NO)
    villages = table(["村居名称", "户数"], ["桃花村", 100])
    run(store, dry_run(store, proposed(store, villages, ImportKind.VILLAGES)))
    book = table(
        ["姓名", "村居", "居住地址", "与户主关系", "低保证号", "灶台"],
        ["张大山", "桃花村", "一组 3 号", "户主", "柳低字 0231", "有"],
    )
    run(store, dry_run(store, proposed(store, book, ImportKind.PEOPLE)))
    with store.reading() as session:
        found = session.scalars(select(Person).where(Person.name == "张大山")).one()
        assert getattr(found, person) == "柳低字 0231"
        household = session.get_one(RECORDS["household"], found.household_key)
        assert getattr(household, home) is True


# Out


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = known_town(tmp_path / "镇")
    yield made
    made.store.close()


def header(path: Path, title: str) -> list[str]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(title).to_python()
    return [str(cell).replace("\n", "") for cell in rows[3] if cell]


def column(path: Path, title: str, label: str) -> list[Any]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(title).to_python()
    place = header(path, title).index(label)
    return [row[place] for row in rows[4:] if isinstance(row[0], float)]


def fill(store: Store, record: str, **values: Any) -> None:
    """Fill a field in every record of a kind."""
    model = RECORDS[record]
    with store.writing("试验") as work:
        edits = [
            changed(record, each.key, values_of(each), values) for each in work.session.scalars(select(model))
        ]
        work.write([each for each in edits if each is not None])


LEDGERS = {
    "person": "服务对象花名册",
    "household": "服务对象花名册",
    "need": "需求台账",
    "resource": "资源库台账",
    "match": "资源链接登记",
    "visit": "走访台账",
}


@pytest.mark.parametrize(("record", "title"), LEDGERS.items(), ids=LEDGERS)
def test_a_field_stands_in_the_ledger_of_its_record_before_the_remarks(
    town: Town, tmp_path: Path, record: str, title: str
) -> None:
    slot = own(town.store, record, "本站一栏")
    own(town.store, record, "不进台账的", in_ledger=False)
    fill(town.store, record, **{slot: "甲乙"})
    path = ledger(town.store, OCTOBER, Audience.INTERNAL, tmp_path / "内部.xlsx").path
    labels = header(path, title)
    assert "不进台账的" not in labels
    assert set(column(path, title, "本站一栏")) == {"甲乙"}
    if "备注" in labels:
        assert labels.index("本站一栏") == labels.index("备注") - 1


def test_numbers_and_days_of_a_field_are_real_ones_in_the_ledger(town: Town, tmp_path: Path) -> None:
    number = own(town.store, "resource", "面积", OwnKind.NUMBER)
    day = own(town.store, "resource", "到期日", OwnKind.DATE)
    choice = own(town.store, "resource", "等级", OwnKind.CHOICES, options=("甲", "乙"))
    fill(
        town.store,
        "resource",
        **{number: Decimal("2.5"), day: date(2027, 3, 1), choice: frozenset({"01", "02"})},
    )
    path = ledger(town.store, OCTOBER, Audience.INTERNAL, tmp_path / "内部.xlsx").path
    assert set(column(path, "资源库台账", "面积")) == {2.5}
    assert set(column(path, "资源库台账", "到期日")) == {date(2027, 3, 1)}
    assert set(column(path, "资源库台账", "等级")) == {"甲、乙"}


@pytest.mark.parametrize(
    ("guard", "seen"), [(OwnGuard.OPEN, "陈家老大"), (OwnGuard.MASKED, "陈*"), (OwnGuard.DROPPED, None)]
)
def test_a_report_shows_a_field_as_its_guard_says(
    town: Town, tmp_path: Path, guard: OwnGuard, seen: str | None
) -> None:
    slot = own(town.store, "visit", "引路人", guard=guard)
    fill(town.store, "visit", **{slot: "陈家老大"})
    path = ledger(town.store, OCTOBER, Audience.REPORT, tmp_path / "上报.xlsx").path
    if seen is None:
        assert "引路人" not in header(path, "走访台账")
    else:
        assert set(column(path, "走访台账", "引路人")) == {seen}


def test_forms_of_departments_lists_and_changes_of_many_know_a_field(town: Town) -> None:
    slot = own(town.store, "person", "低保证号")
    with town.store.reading() as session:
        source = sources_of(session)[f"person.{slot}"]
        assert (source.label, source.guard) == ("低保证号", Guard.DROPPED)
        assert slot in {each.key for each in bulk_fields("person")}
        listed = columns_of(ListOut(Query("person"), audience=Audience.INTERNAL)).shown
        assert "低保证号" in {each.label for each in listed}


def test_the_ledgers_of_another_open_station_are_untouched(town: Town, store: Store) -> None:
    own(town.store, "visit", "引路人")
    with store.reading():
        assert "引路人" not in {each.label for each in fields_of(RECORDS["visit"], Place.SHEET)}
