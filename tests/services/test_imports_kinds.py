"""Lists of other kinds: visits of earlier years, categories, organisations, typed parts of resources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from stationdesk.core.fields import Key
from stationdesk.core.vocab import Dimension, MatchState, NeedStatus, VisitOutcome
from stationdesk.db.models import (
    Household,
    Organisation,
    Person,
    PersonCategory,
    Resource,
    ResourceFund,
    ResourceSpace,
    Visit,
)
from stationdesk.services.imports import Decisions, DryRun, ImportKind, Verdict, dry_run, run, undo_import
from stationdesk.services.listing import Filter, Query, keys_of
from stationdesk.services.scopes import BATCH
from stationdesk.services.store import Store
from tests.desk_station import read
from tests.services.importing import new_station, proposed, table

PEOPLE = (
    ["姓名", "村居", "居住地址", "与户主关系"],
    ["张大山", "桃花村", "三组 5 号", "户主"],
    ["李桂兰", "桃花村", "三组 5 号", "配偶"],
    ["王小川", "柳河村", "一组 1 号", "户主"],
    ["王小川", "桃花村", "二组 9 号", "户主"],
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_station(tmp_path) as made:
        brought(made, ImportKind.VILLAGES, ["村居名称", "户数"], ["桃花村", 100], ["柳河村", 80])
        brought(made, ImportKind.PEOPLE, *PEOPLE)
        yield made


def tried(store: Store, kind: ImportKind | None, *rows: list[Any]) -> DryRun:
    return dry_run(store, proposed(store, table(*rows), kind))


def brought(store: Store, kind: ImportKind, *rows: list[Any], decisions: Decisions | None = None) -> DryRun:
    dry = tried(store, kind, *rows)
    run(store, dry, decisions or Decisions())
    return dry


VISITS = (
    ["走访日期", "户主姓名", "村居", "走访方式", "走访结果", "主要困难与诉求"],
    ["2024.3.5", "张大山", "桃花村", "入户", "见到本人", "缺煤"],
    ["2024-04-01", "王小川", "柳河村", None, None, None],
    [None, "张大山", "桃花村", None, None, None],
    ["2024-04-02", "赵无名", "桃花村", None, None, None],
    ["2024-04-03", "王小川", None, None, None, None],
)


def test_visits_of_earlier_years_find_their_households(store: Store) -> None:
    dry = brought(store, ImportKind.VISITS, *VISITS)
    assert [row.verdict for row in dry.rows] == [Verdict.NEW, Verdict.NEW, *[Verdict.REFUSED] * 3]
    assert "没有走访日期" in dry.rows[2].why
    assert "赵无名" in dry.rows[3].why
    assert "2 户" in dry.rows[4].why
    with store.reading() as session:
        query = select(Visit, Household.address).join(Household, Household.key == Visit.household_key)
        rows = session.execute(query.order_by(Visit.visited_on)).all()
        assert [(row[0].visited_on, row[1], row[0].outcome) for row in rows] == [
            (date(2024, 3, 5), "三组 5 号", VisitOutcome.MET),
            (date(2024, 4, 1), "一组 1 号", VisitOutcome.MET),
        ]
        assert [row[0].code for row in rows] == ["访-0001", "访-0002"]
        assert rows[0][0].difficulties == "缺煤"


def test_a_second_import_of_visits_brings_nothing_and_what_differs_is_a_change(store: Store) -> None:
    brought(store, ImportKind.VISITS, *VISITS[:2])
    assert [row.verdict for row in tried(store, ImportKind.VISITS, *VISITS[:2]).rows] == [Verdict.SAME]
    more = ["2024.3.5", "张大山", "桃花村", "电访", None, "缺煤、漏雨"]
    (row,) = tried(store, ImportKind.VISITS, VISITS[0], more).rows
    assert row.verdict is Verdict.CHANGES
    assert [each.label for each in row.changes] == ["走访方式", "主要困难与诉求"]


def test_two_people_of_one_household_on_one_day_are_for_the_worker(store: Store) -> None:
    head = ["走访日期", "姓名", "身份证号", "村居"]
    first, second = (
        ["2024-05-01", "张大山", None, "桃花村"],
        ["2024-05-01", "李桂兰", None, "桃花村"],
    )
    rows = tried(store, ImportKind.VISITS, head, first, second).rows
    assert [row.verdict for row in rows] == [Verdict.NEW, Verdict.DOUBTFUL]


CATEGORIES = (
    ["姓名", "村居", "对象类别", "起", "月补助", "证号"],
    ["张大山", "桃花村", "低保", "2021-01-01", "460.5", "D001"],
    ["王小川", "柳河村", "低保", None, None, None],
    ["王小川", None, "低保", None, None, None],
)


def test_categories_come_to_people_on_file_with_their_days_and_amounts(store: Store) -> None:
    dry = brought(store, ImportKind.CATEGORIES, *CATEGORIES)
    assert [row.verdict for row in dry.rows] == [Verdict.NEW, Verdict.NEW, Verdict.REFUSED]
    with store.reading() as session:
        query = select(PersonCategory).join(Person, Person.key == PersonCategory.person_key)
        (row,) = session.scalars(query.where(Person.name == "张大山")).all()
        assert (row.since, row.monthly, row.certificate) == (date(2021, 1, 1), Decimal("460.50"), "D001")
    assert [each.verdict for each in tried(store, ImportKind.CATEGORIES, *CATEGORIES[:3]).rows] == [
        Verdict.SAME,
        Verdict.SAME,
    ]


def test_what_a_category_lacked_is_filled_in(store: Store) -> None:
    brought(store, ImportKind.CATEGORIES, CATEGORIES[0], CATEGORIES[2])
    more = ["王小川", "柳河村", "低保", "2020-06-01", 300, None]
    dry = tried(store, ImportKind.CATEGORIES, CATEGORIES[0], more)
    assert [[each.label for each in row.changes] for row in dry.rows] == [["起", "月补助"]]
    run(store, dry, Decisions(update=True))
    with store.reading() as session:
        assert session.scalars(select(PersonCategory.since)).all() == [date(2020, 6, 1)]


def test_organisations_are_recognised_by_code_or_by_a_name_that_is_used_once(store: Store) -> None:
    head = ["组织名称", "统一社会信用代码", "负责人", "电话"]
    first = ["青石镇志愿者协会", "52410000MJ0000001A", "钱会长", "0371-11111111"]
    other = ["青石镇志愿者协会", "52410000MJ0000002B", "孙会长", None]
    dry = brought(store, ImportKind.ORGANISATIONS, head, first, other)
    assert [row.verdict for row in dry.rows] == [Verdict.NEW, Verdict.NEW]
    again = tried(store, ImportKind.ORGANISATIONS, head, first, [*first[:2], "周会长", None])
    assert [row.verdict for row in again.rows] == [Verdict.SAME, Verdict.CHANGES]
    with store.reading() as session:
        assert len(session.scalars(select(Organisation)).all()) == 2


RESOURCES = (
    ["资源名称", "地址", "维度", "面积", "可容纳人数", "可预约时间", "金额"],
    ["桃花村文化广场", "桃花村一组", "空间", 600.5, 200, "每天", None],
    ["春蕾助学金", "县妇联", "经费", None, None, None, 20000],
    ["老年食堂", "柳河村", "组织", 90, None, None, None],
)


def test_resources_bring_the_typed_part_of_their_dimension(store: Store) -> None:
    dry = brought(store, ImportKind.RESOURCES, *RESOURCES)
    assert [row.verdict for row in dry.rows] == [Verdict.NEW] * 3
    with store.reading() as session:
        space = session.scalars(select(ResourceSpace)).one()
        assert (space.area, space.seats, space.free_time) == (600.5, 200, "每天")
        assert session.scalars(select(ResourceFund.amount)).one() == Decimal(20000)
        canteen = session.scalars(select(Resource).where(Resource.name == "老年食堂")).one()
        assert canteen.dimension is Dimension.ORGANISATIONS
        assert canteen.note == "面积：90"
    assert "不是" in dry.rows[2].remarks[-1]


def test_a_change_of_a_typed_part_is_told_and_written(store: Store) -> None:
    brought(store, ImportKind.RESOURCES, *RESOURCES[:2])
    assert [row.verdict for row in tried(store, ImportKind.RESOURCES, *RESOURCES[:2]).rows] == [Verdict.SAME]
    more = [*RESOURCES[1][:4], 300, *RESOURCES[1][5:]]
    dry = tried(store, ImportKind.RESOURCES, RESOURCES[0], more)
    assert [[each.label for each in row.changes] for row in dry.rows] == [["可容纳人数"]]
    run(store, dry, Decisions(update=True))
    with store.reading() as session:
        assert session.scalars(select(ResourceSpace.seats)).one() == 300


def test_a_known_resource_without_its_part_gets_one(store: Store) -> None:
    brought(store, ImportKind.RESOURCES, [*RESOURCES[0][:3]], [*RESOURCES[1][:3]])
    dry = tried(store, ImportKind.RESOURCES, *RESOURCES[:2])
    assert [row.verdict for row in dry.rows] == [Verdict.CHANGES]
    run(store, dry, Decisions(update=True))
    with store.reading() as session:
        assert session.scalars(select(ResourceSpace.seats)).one() == 200


def test_a_list_of_households_brings_their_heads(store: Store) -> None:
    head = ["户主", "村居", "居住地址", "家庭人口"]
    names = ("钱多", "孙有余", "周全")
    rows = [[name, "桃花村", f"四组 {place} 号", place + 2] for place, name in enumerate(names)]
    dry = brought(store, ImportKind.PEOPLE, head, *rows)
    assert [row.verdict for row in dry.rows] == [Verdict.NEW] * 3
    with store.reading() as session:
        person = session.scalars(select(Person).where(Person.name == "孙有余")).one()
        home = session.get(Household, person.household_key)
        assert person.is_head
        assert home is not None
        assert home.registered_size == 3


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (VISITS[0], ImportKind.VISITS),
        (PEOPLE[0], ImportKind.PEOPLE),
        (RESOURCES[0], ImportKind.RESOURCES),
        (["组织名称", "统一社会信用代码", "负责人"], ImportKind.ORGANISATIONS),
        (["姓名", "身份证号", "性别", "民族", "联系电话", "对象类别"], ImportKind.PEOPLE),
    ],
)
def test_the_kind_of_a_list_is_told_by_its_columns(store: Store, header: list[str], kind: ImportKind) -> None:
    assert proposed(store, table(header, ["某某"] * len(header))).kind is kind


def test_what_an_import_wrote_is_listed_alone(store: Store) -> None:
    people: list[list[Any]] = [
        ["姓名", "身份证号", "村居"],
        ["钱有余", None, "柳河村"],
        ["孙满仓", None, "柳河村"],
    ]
    made = run(store, tried(store, ImportKind.PEOPLE, *people))
    more = run(store, tried(store, ImportKind.PEOPLE, ["姓名", "村居"], ["周小满", "柳河村"]))
    groups = tried(store, ImportKind.CATEGORIES, ["姓名", "对象类别"], ["孙满仓", "特困人员"])
    carried = run(store, groups)

    def names(batch: Key, record: str = "person") -> set[str]:
        query = Query(record, filters=(Filter(BATCH, frozenset({batch})),))
        return {str(read(store, record, key)["name"]) for key in keys_of(store, query)}

    assert names(made.batch) == {"钱有余", "孙满仓"}
    assert names(more.batch) == {"周小满"}
    assert names(carried.batch) == {"孙满仓"}


def test_a_resource_of_which_only_the_typed_part_was_imported_is_listed_too(store: Store) -> None:
    rows: list[list[Any]] = [["资源名称", "地址", "维度", "面积"], ["活动中心", "一组", "空间", 80]]
    run(store, tried(store, ImportKind.RESOURCES, *rows))
    rows[1][3] = 120
    changed = run(store, tried(store, ImportKind.RESOURCES, *rows), Decisions(update=True))
    assert "resource" not in changed.records
    query = Query("resource", filters=(Filter(BATCH, frozenset({changed.batch})),))
    assert len(keys_of(store, query)) == 1


def closed_loop(store: Store) -> tuple[str, str]:
    """A need of 王小川 (桃花村) and one of 张大山; their numbers."""
    asked = brought(
        store,
        ImportKind.NEEDS,
        ["姓名", "村居", "需求事项", "提出日期"],
        ["王小川", "桃花村", "医疗救助申办", "2026-09-01"],
        ["张大山", "桃花村", "医疗救助申办", "2026-09-02"],
    )
    assert [(row.verdict, row.why) for row in asked.rows] == [(Verdict.NEW, "")] * 2
    rows = [read(store, "need", key) for key in keys_of(store, Query("need", order="raised_on"))]
    brought(
        store,
        ImportKind.RESOURCES,
        ["资源名称", "地址", "容量"],
        ["长者食堂", "桃花村一组", 1],
        ["爱心车队", "石桥街", None],
    )
    return str(rows[0]["code"]), str(rows[1]["code"])


MATCHES = [
    "需求编号",
    "服务对象",
    "村居",
    "需求事项",
    "对接资源",
    "对接日期",
    "对接状态",
    "完成日期",
    "服务对象原话",
]


def test_matches_come_to_the_needs_and_resources_on_file(store: Store) -> None:
    first, _second = closed_loop(store)
    dry = brought(
        store,
        ImportKind.MATCHES,
        MATCHES,
        [first, None, None, None, "长者食堂", "2026-09-03", "服务中", None, None],
        [
            None,
            "张大山",
            "桃花村",
            "医疗救助申办",
            "爱心车队",
            "2026-09-04",
            "已确认",
            "2026-09-10",
            "天天有热饭",
        ],
        [None, "张大山", "桃花村", None, "爱心车队", "2026-09-05", "已确认", "2026-09-10", None],
        ["N-9999", None, None, None, "爱心车队", "2026-09-05", None, None, None],
        [first, None, None, None, "没有的资源", "2026-09-05", None, None, None],
        [first, None, None, None, "爱心车队", None, None, None, None],
    )
    assert [row.verdict for row in dry.rows] == [Verdict.NEW] * 2 + [Verdict.REFUSED] * 4
    reasons = ["服务对象原话", "没有编号为“N-9999”", "没有资源“没有的资源”", "没有对接日期"]
    assert all(word in row.why for word, row in zip(reasons, list(dry.rows)[2:], strict=True))
    made = [read(store, "match", key) for key in keys_of(store, Query("match", order="matched_on"))]
    assert [each["state"] for each in made] == [MatchState.SERVING, MatchState.CONFIRMED]
    assert all(each["code"] for each in made)
    needs = {read(store, "need", key)["status"] for key in keys_of(store, Query("need"))}
    assert needs == {NeedStatus.MATCHING}


def test_a_second_import_of_matches_brings_nothing_and_what_differs_is_a_change(store: Store) -> None:
    first, _second = closed_loop(store)
    row: list[Any] = [first, None, None, None, "长者食堂", "2026-09-03", "服务中", None, None]
    brought(store, ImportKind.MATCHES, MATCHES, row)
    again = tried(store, ImportKind.MATCHES, MATCHES, row)
    assert [each.verdict for each in again.rows] == [Verdict.SAME]
    row[6], row[7] = "已完成", "2026-09-08"
    changed = brought(store, ImportKind.MATCHES, MATCHES, row, decisions=Decisions(update=True))
    assert [each.verdict for each in changed.rows] == [Verdict.CHANGES]
    (key,) = keys_of(store, Query("match"))
    assert read(store, "match", key)["done_on"] == date(2026, 9, 8)


def test_matches_of_one_file_do_not_take_more_than_a_resource_has(store: Store) -> None:
    first, second = closed_loop(store)
    dry = tried(
        store,
        ImportKind.MATCHES,
        ["需求编号", "资源编号", "对接日期"],
        [first, "长者食堂", "2026-09-03"],
        [second, "长者食堂", "2026-09-03"],
    )
    assert [row.verdict for row in dry.rows] == [Verdict.NEW, Verdict.REFUSED]
    assert "容量 1" in dry.rows[1].why


def test_two_matches_of_one_need_are_taken_back_together(store: Store) -> None:
    first, _second = closed_loop(store)
    outcome = run(
        store,
        tried(
            store,
            ImportKind.MATCHES,
            ["需求编号", "对接资源", "对接日期"],
            [first, "长者食堂", "2026-09-03"],
            [first, "爱心车队", "2026-09-03"],
        ),
    )
    assert len(outcome.keys("match")) == 2
    undo_import(store, outcome.batch)
    assert not keys_of(store, Query("match"))
    needs = {read(store, "need", key)["status"] for key in keys_of(store, Query("need"))}
    assert needs == {NeedStatus.TO_MATCH}


def test_a_list_of_matches_is_told_by_its_columns(store: Store) -> None:
    closed_loop(store)
    assert tried(store, None, MATCHES, ["X-1"] + [None] * 8).plan.kind is ImportKind.MATCHES
