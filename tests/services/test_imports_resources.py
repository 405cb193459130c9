"""Bringing in lists of resources and villages: what is recognised, what is listed, what is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typing_extensions import override

from stationdesk.core.errors import Stale, UserError
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import Datum, DatumOrigin, Dimension, MapClass
from stationdesk.db.models import Resource, Village
from stationdesk.services import history
from stationdesk.services.imports import (
    Decision,
    Decisions,
    DryRun,
    ImportKind,
    Plan,
    Verdict,
    dry_run,
    read_plan,
    run,
)
from stationdesk.services.store import Store
from stationdesk.sheets.reading.cells import Workbook
from tests.services.importing import new_station, proposed, table

HEAD = ["名称", "类别", "地址", "电话", "经度", "纬度"]
CLINIC = ["桃花村卫生室", None, "桃花村一组", "13800138000", 114.3, 34.8]
SCHOOL = ["柳河镇中心小学", None, "柳河镇北街", "0378-6661234", 114.31, 34.81]
HOME = ["柳河镇敬老院", None, "柳河镇南街", None, 114.32, 34.82]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_station(tmp_path) as made:
        yield made


def tried(store: Store, book: Workbook, datum: Datum | None = Datum.WGS84) -> DryRun:
    return dry_run(store, proposed(store, book, ImportKind.RESOURCES), datum)


def verdicts(dry: DryRun) -> list[tuple[int, Verdict]]:
    return [(row.number, row.verdict) for row in dry.rows]


def resources(store: Store) -> dict[str, Resource]:
    with store.reading() as session:
        return {each.name: each for each in session.scalars(select(Resource))}


def test_a_list_comes_in_with_classes_numbers_and_places(store: Store) -> None:
    changes = run(store, tried(store, table(HEAD, CLINIC, SCHOOL, HOME)))
    found = resources(store)
    assert len(changes.changes) == 3
    assert [(each.code, each.map_class, each.dimension) for each in found.values()] == [
        ("医-01", MapClass.MEDICAL, Dimension.ORGANISATIONS),
        ("教-01", MapClass.EDUCATION, Dimension.ORGANISATIONS),
        ("养-01", MapClass.ELDERLY, Dimension.SPACE),
    ]
    assert found["柳河镇中心小学"].phone == "0378-6661234"
    assert found["柳河镇中心小学"].place_origin is DatumOrigin.IMPORTED


def test_a_second_import_of_the_same_file_brings_nothing(store: Store) -> None:
    book = table(HEAD, CLINIC, SCHOOL, HOME)
    run(store, tried(store, book, Datum.GCJ02))
    again = tried(store, book, Datum.GCJ02)
    assert [verdict for _row, verdict in verdicts(again)] == [Verdict.SAME] * 3
    assert not run(store, again)
    assert len(resources(store)) == 3


def test_an_import_is_undone_as_one(store: Store) -> None:
    run(store, tried(store, table(HEAD, CLINIC, SCHOOL)))
    history.undo(store)
    assert resources(store) == {}


def test_coordinates_need_their_datum(store: Store) -> None:
    plan = proposed(store, table(HEAD, CLINIC), ImportKind.RESOURCES)
    assert plan.asks_datum
    with pytest.raises(UserError, match="坐标系"):
        dry_run(store, plan)


def test_the_place_is_stored_in_wgs84_beside_what_the_file_said(store: Store) -> None:
    run(store, tried(store, table(HEAD, CLINIC), Datum.GCJ02))
    clinic = resources(store)["桃花村卫生室"]
    assert clinic.place_datum is Datum.GCJ02
    assert clinic.place_text == "34.8, 114.3"
    assert clinic.latitude is not None
    assert clinic.longitude is not None
    assert 0.0005 < abs(clinic.longitude - 114.3) < 0.01


def test_swapped_coordinates_are_told_and_left_out(store: Store) -> None:
    swapped = ["桃花村卫生室", None, None, None, 34.8, 114.3]
    plan = proposed(store, table(HEAD, swapped, CLINIC), ImportKind.RESOURCES)
    dry = dry_run(
        store, plan.mapped(*by_label(plan, 经度="longitude", 纬度="latitude", 名称="name")), Datum.WGS84
    )
    assert "填反" in dry.rows[0].remarks[0]
    assert "latitude" not in dry.rows[0].create[0].values


def by_label(plan: Plan, **names: str) -> list[str | None]:
    return [
        f"{plan.kind.record}.{names[column.label]}" if column.label in names else None
        for column in plan.table.columns
    ]


def test_the_same_name_within_a_hundred_metres_is_the_same_resource(store: Store) -> None:
    run(store, tried(store, table(HEAD, CLINIC)))
    moved = ["桃花村卫生室", None, "村口", "13900139000", 114.3005, 34.8]
    dry = tried(store, table(HEAD, moved))
    assert dry.rows[0].verdict is Verdict.CHANGES
    assert {change.label for change in dry.rows[0].changes} == {"地址", "电话", "位置"}


def test_one_name_far_apart_is_two_resources_and_in_between_is_doubtful(store: Store) -> None:
    run(store, tried(store, table(HEAD, CLINIC)))
    far = ["桃花村卫生室", None, "另一个桃花村", None, 114.4, 34.8]
    near = ["桃花村卫生室", None, "桃花村三组", None, 114.305, 34.8]
    assert verdicts(tried(store, table(HEAD, far))) == [(2, Verdict.NEW)]
    assert verdicts(tried(store, table(HEAD, near))) == [(2, Verdict.DOUBTFUL)]


def test_a_name_alone_is_doubtful_and_waits_for_a_decision(store: Store) -> None:
    run(store, tried(store, table(HEAD, CLINIC)))
    book = table(["名称", "电话"], ["桃花村卫生室", "13900139000"])
    dry = tried(store, book)
    assert dry.rows[0].candidate is not None
    assert dry.rows[0].candidate.title == "医-01 桃花村卫生室"
    assert not run(store, dry)
    run(store, dry, Decisions(rows={2: Decision.INTO_CANDIDATE}))
    assert [each.phone for each in resources(store).values()] == ["13900139000"]
    again = tried(store, table(["名称", "电话"], ["桃花村卫生室", "13700137000"]))
    run(store, again, Decisions(rows={2: Decision.AS_NEW}))
    with store.reading() as session:
        assert session.scalars(select(Resource.code).order_by(Resource.code)).all() == ["医-01", "医-02"]


def test_changes_are_written_only_when_the_worker_says_so(store: Store) -> None:
    run(store, tried(store, table(HEAD, CLINIC)))
    dry = tried(store, table(HEAD, [*CLINIC[:3], "13900139000", *CLINIC[4:]]))
    assert [(change.label, change.before, change.after) for change in dry.rows[0].changes] == [
        ("电话", "13800138000", "13900139000")
    ]
    assert not run(store, dry)
    run(store, dry, Decisions(update=True))
    assert resources(store)["桃花村卫生室"].phone == "13900139000"


def test_a_blank_cell_takes_nothing_away(store: Store) -> None:
    run(store, tried(store, table(HEAD, CLINIC)))
    bare = ["桃花村卫生室", None, "桃花村一组", None, None, None]
    assert verdicts(tried(store, table(HEAD, bare))) == [(2, Verdict.SAME)]


def test_rows_that_repeat_each_other_are_named(store: Store) -> None:
    other = [*CLINIC[:3], "13900139000", *CLINIC[4:]]
    dry = tried(store, table(HEAD, CLINIC, CLINIC, other))
    assert verdicts(dry) == [(2, Verdict.NEW), (3, Verdict.SAME), (4, Verdict.DOUBTFUL)]
    assert "与第 2 行“桃花村卫生室”重复" in dry.rows[1].why
    assert "“电话”不同" in dry.rows[2].why


def test_our_own_numbers_recognise_a_record_and_are_never_changed(store: Store) -> None:
    run(store, tried(store, table(HEAD, CLINIC)))
    dry = tried(store, table(["编号", "名称"], ["医-01", "桃花村标准化卫生室"]))
    assert [change.label for change in dry.rows[0].changes] == ["资源名称"]


def test_two_rows_of_one_number_cannot_both_come_in(store: Store) -> None:
    dry = tried(store, table(["编号", "名称"], ["医-40", "甲医院"], ["医-40", "乙医院"]))
    assert verdicts(dry) == [(2, Verdict.NEW), (3, Verdict.DOUBTFUL)]
    assert len(run(store, dry).changes) == 1


def test_numbers_of_the_file_are_kept_and_the_series_goes_on_behind_them(
    store: Store, tmp_path: Path
) -> None:
    run(
        store,
        tried(
            store,
            table(["编号", "名称"], ["医-40", "甲医院"], ["医-41", "乙医院"], [None, "丙医院"]),
        ),
    )
    assert {name: each.code for name, each in resources(store).items()} == {
        "甲医院": "医-40",
        "乙医院": "医-41",
        "丙医院": "医-42",
    }


def test_what_the_file_does_not_tell_comes_from_the_worker(store: Store) -> None:
    plan = proposed(store, table(["名称", "电话"], ["老槐树下", "110"]), ImportKind.RESOURCES)
    plan = plan.with_defaults({"resource.map_class": MapClass.CULTURE, "resource.dimension": Dimension.SPACE})
    run(store, dry_run(store, plan))
    assert resources(store)["老槐树下"].code == "文-01"


def test_words_that_no_list_knows_are_kept_in_the_note_and_told(store: Store) -> None:
    plan = proposed(store, table(["名称", "备用"], ["桃花村卫生室", "三级甲等"]), ImportKind.RESOURCES)
    dry = dry_run(store, plan.mapped("resource.name", "resource.subcategory"))
    assert "三级甲等" in dry.rows[0].remarks[0]
    run(store, dry)
    assert resources(store)["桃花村卫生室"].note == "备用：三级甲等"


def test_rows_that_break_a_rule_are_refused_and_the_others_come_in(store: Store) -> None:
    book = table(["名称", "最小年龄", "最大年龄"], ["甲", 60, 20], [None, 1, 2], ["乙", 20, 60])
    dry = tried(store, book)
    assert verdicts(dry) == [(2, Verdict.REFUSED), (3, Verdict.REFUSED), (4, Verdict.NEW)]
    assert "最小年龄" in dry.rows[0].why
    assert dry.rows[1].why == "没有名称"
    run(store, dry)
    assert list(resources(store)) == ["乙"]


def test_a_station_changed_after_the_dry_run_asks_for_another(store: Store) -> None:
    dry = tried(store, table(HEAD, CLINIC))
    run(store, tried(store, table(HEAD, SCHOOL)))
    with pytest.raises(Stale, match="重新检查"):
        run(store, dry)
    assert len(resources(store)) == 1


def test_cancel_while_writing_leaves_nothing(store: Store) -> None:
    class Impatient(NoProgress):
        @override
        def step(self, done: int, total: int) -> None:
            if done:
                raise Cancelled

    dry = tried(store, table(["名称"], *([f"第{n}超市"] for n in range(1200))), None)
    with pytest.raises(Cancelled):
        run(store, dry, progress=Impatient())
    assert resources(store) == {}
    assert len(run(store, dry).changes) == 1200


def test_hostile_text_is_stored_as_it_stands(store: Store) -> None:
    name = "=cmd|' /C calc'!A0 <script>alert(1)</script> {{7*7}} `${x}` \\0"
    run(store, tried(store, table(["名称", "地址"], [name, "'; DROP TABLE resource; --"])))
    assert resources(store)[name].address == "'; DROP TABLE resource; --"


def test_a_column_that_has_to_be_there_is_asked_for(store: Store) -> None:
    plan = proposed(store, table(HEAD, CLINIC), ImportKind.RESOURCES)
    with pytest.raises(UserError, match="资源名称"):
        dry_run(store, plan.mapped(*[None] * len(HEAD)))


def test_one_field_cannot_stand_in_two_columns_but_a_note_can(store: Store) -> None:
    plan = proposed(store, table(["名称", "甲", "乙"], ["老槐树", "一", "二"]), ImportKind.RESOURCES)
    with pytest.raises(UserError, match="两列"):
        plan.mapped("resource.name", "resource.address", "resource.address")
    run(store, dry_run(store, plan.mapped("resource.name", "resource.note", "resource.note")))
    assert resources(store)["老槐树"].note == "一\n乙：二"


def test_the_kind_of_list_and_the_sheet_are_guessed(store: Store) -> None:
    villages = table(["code", "name"], [410202001009, "南京巷社区"], [410202001011, "县街社区"])
    assert proposed(store, villages).kind is ImportKind.VILLAGES
    assert proposed(store, table(HEAD, CLINIC, SCHOOL)).kind is ImportKind.RESOURCES


def test_villages_are_recognised_by_code_and_namesakes_of_other_towns_are_new(
    store: Store, tmp_path: Path
) -> None:
    head: list[Any] = ["村居代码", "村居名称", "户数"]
    first = table(head, [410202001009, "新城社区", 300], [410202002009, "新城社区", 200])
    run(store, dry_run(store, proposed(store, first, ImportKind.VILLAGES)))
    again = dry_run(store, proposed(store, first, ImportKind.VILLAGES))
    assert [row.verdict for row in again.rows] == [Verdict.SAME, Verdict.SAME]
    nameless = table(["村居名称", "户数"], ["新城社区", 300])
    assert dry_run(store, proposed(store, nameless, ImportKind.VILLAGES)).rows[0].verdict is Verdict.DOUBTFUL
    wrong = table(head, ["4102", "桃花村", 10])
    assert "12 位" in dry_run(store, proposed(store, wrong, ImportKind.VILLAGES)).rows[0].why


def test_a_resource_finds_its_village_by_any_of_its_names(store: Store) -> None:
    run(
        store,
        dry_run(
            store,
            proposed(store, table(["村居名称", "户数"], ["桃花村", 300]), ImportKind.VILLAGES),
        ),
    )
    book = table(["名称", "村居"], ["卫生室", "桃花村村民委员会"], ["超市", "桃花"], ["小学", "梨园村"])
    dry = tried(store, book)
    with store.reading() as session:
        village = session.scalars(select(Village.key)).one()
    assert [row.create[0].values.get("village_key") for row in dry.rows] == [village, village, None]
    assert "“梨园村”不在本站的“村居”里" in dry.rows[2].remarks[0]
    assert dry.rows[2].create[0].values["note"] == "村居：梨园村"


def test_a_file_goes_all_the_way_from_disk_into_the_station(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "医院.csv"
    path.write_bytes(
        "NAME,ADD,tel,X,Y\n卢沟桥医院,晓月苑清音街１号,1083211441,116.240227,39.838136\n".encode("gbk")
    )
    plan = read_plan(store, path)
    assert plan.kind is ImportKind.RESOURCES
    run(store, dry_run(store, plan, Datum.WGS84))
    found = resources(store)["卢沟桥医院"]
    assert (found.phone, found.address, found.latitude) == ("010-83211441", "晓月苑清音街１号", 39.838136)
    assert [row.verdict for row in dry_run(store, read_plan(store, path), Datum.WGS84).rows] == [Verdict.SAME]
