"""Bringing in people with their households, and needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from stationdesk.core.idcard import check_digit
from stationdesk.core.vocab import NeedResult, Sex, Urgency
from stationdesk.db.models import Household, Need, Person, PersonCategory
from stationdesk.services import history
from stationdesk.services.imports import (
    Decision,
    Decisions,
    DryRun,
    ImportKind,
    Verdict,
    dry_run,
    run,
)
from stationdesk.services.store import Store
from stationdesk.sheets.reading.cells import Workbook
from tests.services.importing import new_station, proposed, table

HEAD = ["姓名", "性别", "身份证号", "村居", "居住地址", "与户主关系", "电话"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_station(tmp_path) as made:
        villages = table(["村居名称", "户数"], ["桃花村", 100], ["柳河村", 80])
        run(made, dry_run(made, proposed(made, villages, ImportKind.VILLAGES)))
        yield made


def card(birth: str, sequence: int) -> str:
    """An invented ID number with a right check digit; no place has the code 999999."""
    first17 = f"999999{birth}{sequence:03d}"
    return first17 + check_digit(first17)


OLD = card("19480301", 1)
WIFE = card("19500512", 2)
SON = card("19750808", 3)


def tried(store: Store, kind: ImportKind, book: Workbook) -> DryRun:
    return dry_run(store, proposed(store, book, kind))


def brought(store: Store, *rows: list[Any], kind: ImportKind = ImportKind.PEOPLE) -> DryRun:
    dry = tried(store, kind, table(*rows))
    run(store, dry)
    return dry


def everyone(store: Store) -> dict[str, Person]:
    with store.reading() as session:
        return {each.name: each for each in session.scalars(select(Person).order_by(Person.code))}


def households(store: Store) -> list[Household]:
    with store.reading() as session:
        return list(session.scalars(select(Household).order_by(Household.code)))


def family() -> list[list[Any]]:
    return [
        ["张大山", "男", OLD, "桃花村", "桃花村一组", "户主", "13800138000"],
        ["李桂兰", "女", WIFE, "桃花村", "桃花村一组", "妻", None],
        ["张小山", "男", SON, "桃花村", "桃花村一组", "长子", None],
        ["王独居", "女", card("19400101", 4), "柳河村", "柳河村二组", "户主", None],
    ]


def test_people_come_in_with_their_households(store: Store) -> None:
    brought(store, HEAD, *family())
    people, homes = everyone(store), households(store)
    assert [home.code for home in homes] == ["户-0001", "户-0002"]
    assert {each.household_key for name, each in people.items() if name != "王独居"} == {homes[0].key}
    assert [name for name, each in people.items() if each.is_head] == ["张大山", "王独居"]
    assert homes[0].address == "桃花村一组"
    assert people["李桂兰"].relation == "12"
    assert people["张大山"].code == "人-0001"


def test_sex_and_birth_date_come_from_the_id_number(store: Store) -> None:
    brought(store, ["姓名", "身份证号"], ["张大山", OLD], ["李桂兰", WIFE])
    people = everyone(store)
    assert (people["张大山"].sex, people["张大山"].birth_date) == (Sex.MALE, date(1948, 3, 1))
    assert (people["李桂兰"].sex, people["李桂兰"].birth_date) == (Sex.FEMALE, date(1950, 5, 12))


def test_a_second_import_brings_nothing(store: Store) -> None:
    book = table(HEAD, *family())
    run(store, tried(store, ImportKind.PEOPLE, book))
    again = tried(store, ImportKind.PEOPLE, book)
    assert [row.verdict for row in again.rows] == [Verdict.SAME] * 4
    assert not run(store, again)
    assert (len(everyone(store)), len(households(store))) == (4, 2)


def test_people_without_numbers_are_recognised_by_name_and_address(store: Store) -> None:
    rows = [
        ["姓名", "村居", "居住地址"],
        ["张大山", "桃花村", "桃花村一组"],
        ["李桂兰", "桃花村", "桃花村一组"],
    ]
    brought(store, *rows)
    again = brought(store, *rows)
    assert [row.verdict for row in again.rows] == [Verdict.SAME, Verdict.SAME]
    assert len(everyone(store)) == 2


def test_an_import_with_households_is_undone_as_one(store: Store) -> None:
    brought(store, HEAD, *family())
    history.undo(store)
    assert everyone(store) == {}
    assert households(store) == []


def test_a_damaged_id_number_refuses_the_row(store: Store) -> None:
    dry = brought(store, ["姓名", "身份证号"], ["张大山", int(OLD[:17] + "0")], ["李桂兰", WIFE])
    assert [row.verdict for row in dry.rows] == [Verdict.REFUSED, Verdict.NEW]
    assert "找不回来" in dry.rows[0].why
    assert list(everyone(store)) == ["李桂兰"]


def test_a_wrong_id_number_is_kept_as_doubtful(store: Store) -> None:
    wrong = OLD[:17] + ("0" if OLD[17] != "0" else "1")
    dry = brought(store, ["姓名", "身份证号"], ["张大山", wrong], ["李桂兰", WIFE])
    assert "号码待核" in dry.rows[0].remarks[0]
    assert [(each.id_number, each.id_doubtful) for each in everyone(store).values()] == [
        (wrong, True),
        (WIFE, False),
    ]


def test_one_id_number_under_two_names_is_for_the_worker(store: Store) -> None:
    brought(store, HEAD, *family())
    dry = brought(store, ["姓名", "身份证号"], ["张大三", OLD])
    assert dry.rows[0].verdict is Verdict.DOUBTFUL
    assert "姓名不同（张大山）" in dry.rows[0].why


def test_namesakes_of_other_numbers_or_villages_are_new(store: Store) -> None:
    brought(store, HEAD, *family())
    dry = brought(
        store,
        HEAD,
        ["张大山", "男", card("19900303", 5), "柳河村", "柳河村五组", "户主", None],
        ["李桂兰", "女", None, "柳河村", "柳河村六组", "户主", None],
    )
    assert [row.verdict for row in dry.rows] == [Verdict.NEW, Verdict.NEW]


def test_a_name_alone_is_doubtful(store: Store) -> None:
    brought(store, HEAD, *family())
    dry = brought(store, ["姓名", "电话"], ["李桂兰", "13900139000"])
    assert dry.rows[0].verdict is Verdict.DOUBTFUL
    run(store, dry, Decisions(rows={2: Decision.INTO_CANDIDATE}))
    assert everyone(store)["李桂兰"].phone == "13900139000"


def test_a_known_person_gets_what_changed_and_the_household_too(store: Store) -> None:
    brought(store, HEAD, *family())
    book = table(
        ["姓名", "身份证号", "居住地址", "对象类别"],
        ["张大山", OLD, "桃花村三组", "低保、独居老人"],
        ["李桂兰", WIFE, "桃花村三组", None],
    )
    dry = tried(store, ImportKind.PEOPLE, book)
    assert [[change.label for change in row.changes] for row in dry.rows] == [
        ["居住地址", "对象类别", "对象类别"],
        ["居住地址"],
    ]
    run(store, dry, Decisions(update=True))
    assert [home.address for home in households(store)] == ["桃花村三组", "柳河村二组"]
    with store.reading() as session:
        assert sorted(session.scalars(select(PersonCategory.category))) == ["G01", "G13"]
    again = tried(store, ImportKind.PEOPLE, book)
    assert [row.verdict for row in again.rows] == [Verdict.SAME, Verdict.SAME]


def test_members_are_put_into_the_household_of_their_named_head(store: Store) -> None:
    brought(
        store,
        ["姓名", "户主姓名", "村居", "年龄"],
        ["李桂兰", "张大山", "桃花村", 75],
        ["赵一", "赵一", "桃花村", 60],
        ["张大山", "张大山", "桃花村", 77],
    )
    people = everyone(store)
    assert people["李桂兰"].household_key == people["张大山"].household_key != people["赵一"].household_key
    assert (people["张大山"].is_head, people["李桂兰"].is_head) == (True, False)
    assert people["李桂兰"].age_told == 75


def test_a_new_member_joins_a_household_that_is_there(store: Store) -> None:
    brought(store, HEAD, *family())
    brought(store, HEAD, ["张孙子", "男", card("20100101", 6), "桃花村", "桃花村一组", "孙子", None])
    people = everyone(store)
    assert people["张孙子"].household_key == people["张大山"].household_key
    assert len(households(store)) == 2


def test_a_person_alone_in_a_list_heads_a_household_and_that_is_told(store: Store) -> None:
    dry = brought(store, ["姓名", "电话"], ["赵一", "13800138000"])
    assert everyone(store)["赵一"].is_head
    assert "按该户第一人记" in dry.rows[0].remarks[0]


def test_the_household_of_somebody_who_stays_out_is_not_made(store: Store) -> None:
    dry = tried(store, ImportKind.PEOPLE, table(HEAD, *family()))
    run(store, dry, Decisions(rows={5: Decision.SKIP}))
    assert [home.address for home in households(store)] == ["桃花村一组"]


def test_rows_that_repeat_a_person_are_named(store: Store) -> None:
    one = ["张大山", OLD, "13800138000"]
    dry = brought(store, ["姓名", "身份证号", "电话"], one, one, ["张大山", OLD, "13900139000"])
    assert [row.verdict for row in dry.rows] == [Verdict.NEW, Verdict.SAME, Verdict.REFUSED]
    assert "第 2 行" in dry.rows[1].why
    assert "联系电话" in dry.rows[2].why


def test_a_name_in_a_rare_character_survives(store: Store) -> None:
    brought(store, ["姓名", "电话"], ["𠮷䶮", "13800138000"])
    assert list(everyone(store)) == ["𠮷䶮"]


NEEDS = ["姓名", "需求事项", "提出日期", "紧急程度"]


def test_needs_find_their_people_and_get_number_result_and_due_day(store: Store) -> None:
    brought(store, HEAD, *family())
    dry = brought(
        store,
        NEEDS,
        ["张大山", "送药", "2026-11-01", "紧急"],
        ["王独居", "就医陪诊", "2026.10.20", "一般"],
        ["陌生人", "送药", "2026-11-01", "一般"],
        ["张大山", "造火箭", "2026-11-01", "一般"],
        kind=ImportKind.NEEDS,
    )
    assert [row.verdict for row in dry.rows] == [Verdict.NEW, Verdict.NEW, Verdict.REFUSED, Verdict.REFUSED]
    assert "没有登记过" in dry.rows[2].why
    assert "造火箭" in dry.rows[3].why
    with store.reading() as session:
        first, second = session.scalars(select(Need).order_by(Need.code))
    assert (first.code, first.result, first.urgency) == ("需-0001", NeedResult.MEDICAL, Urgency.CRITICAL)
    assert first.due_on == date(2026, 11, 2)
    assert second.person_key == everyone(store)["王独居"].key


def test_a_need_is_recognised_by_person_item_and_day(store: Store) -> None:
    brought(store, HEAD, *family())
    rows = [NEEDS, ["张大山", "送药", "2026-11-01", "紧急"]]
    brought(store, *rows, kind=ImportKind.NEEDS)
    assert brought(store, *rows, kind=ImportKind.NEEDS).rows[0].verdict is Verdict.SAME
    other_day = brought(store, NEEDS, ["张大山", "送药", "2026-11-03", "紧急"], kind=ImportKind.NEEDS)
    assert other_day.rows[0].verdict is Verdict.DOUBTFUL
    assert "还没有了结" in other_day.rows[0].why


def test_a_need_of_namesakes_asks_for_the_id_number(store: Store) -> None:
    brought(
        store,
        HEAD,
        *family(),
        ["张大山", "男", card("19900303", 7), "柳河村", "柳河村五组", "户主", None],
    )
    by_name = brought(store, NEEDS, ["张大山", "送药", "2026-11-01", "一般"], kind=ImportKind.NEEDS)
    assert "有 2 位“张大山”" in by_name.rows[0].why
    by_number = brought(
        store,
        ["身份证号", *NEEDS],
        [OLD, "张大山", "送药", "2026-11-01", "一般"],
        kind=ImportKind.NEEDS,
    )
    assert by_number.rows[0].verdict is Verdict.NEW


def test_a_closed_need_without_a_reason_is_refused(store: Store) -> None:
    brought(store, HEAD, *family())
    dry = brought(
        store,
        ["姓名", "需求事项", "提出日期", "状态"],
        ["张大山", "送药", "2026-10-01", "无法满足"],
        kind=ImportKind.NEEDS,
    )
    assert dry.rows[0].verdict is Verdict.REFUSED
    assert "关闭原因" in dry.rows[0].why


def test_a_name_that_was_set_apart_is_found_as_the_name_it_is(store: Store) -> None:
    brought(store, ["姓名", "身份证号"], ["张  大山", OLD])
    assert list(everyone(store)) == ["张大山"]
