"""Households and people: cards, heads, certificates, groups, and who is told apart from whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from stationdesk.core.errors import UserError
from stationdesk.core.vocab import HouseholdStatus, PersonStatus, Sex
from stationdesk.services.households import members_of, namesakes, proposals
from stationdesk.services.store import Store
from tests.desk_station import TODAY, VALID_ID, add, edit, read
from tests.services.desk_town import household, person, village

WRONG_ID = VALID_ID[:-1] + "1"
TOMORROW = TODAY + timedelta(days=1)


def test_a_card_tells_sex_and_birth_date(store: Store) -> None:
    values = read(store, "person", person(store, id_number=VALID_ID.lower()))
    assert values["id_number"] == VALID_ID
    assert values["birth_date"] == date(1949, 12, 31)
    assert values["sex"] is Sex.FEMALE


def test_a_card_does_not_overrule_what_is_filled_in(store: Store) -> None:
    key = person(store, id_number=VALID_ID, birth_date=date(1950, 1, 1), sex=Sex.MALE)
    assert read(store, "person", key)["birth_date"] == date(1950, 1, 1)
    assert read(store, "person", key)["sex"] is Sex.MALE


@pytest.mark.parametrize("sex", [None, Sex.UNKNOWN, Sex.UNSTATED])
def test_an_unknown_sex_is_filled_from_the_card(store: Store, sex: Sex | None) -> None:
    assert read(store, "person", person(store, id_number=VALID_ID, sex=sex))["sex"] is Sex.FEMALE


def test_a_wrong_card_is_kept_only_when_it_is_marked(store: Store) -> None:
    with pytest.raises(UserError, match="号码待核"):
        person(store, id_number=WRONG_ID)
    key = person(store, id_number=WRONG_ID, id_doubtful=True)
    assert read(store, "person", key)["id_doubtful"] is True
    assert read(store, "person", key)["id_number"] == WRONG_ID


def test_a_wrong_card_does_not_stand_in_the_way_of_other_edits(store: Store) -> None:
    key = person(store, id_number=WRONG_ID, id_doubtful=True)
    edit(store, "person", key, phone="13800000000")
    with pytest.raises(UserError, match="号码待核"):
        edit(store, "person", key, id_doubtful=False)


def test_a_mended_card_is_no_longer_doubtful(store: Store) -> None:
    key = person(store, id_number=WRONG_ID, id_doubtful=True)
    edit(store, "person", key, id_number=VALID_ID)
    assert read(store, "person", key)["id_doubtful"] is False


def test_a_card_that_is_taken_away_leaves_no_doubt(store: Store) -> None:
    key = person(store, id_number=WRONG_ID, id_doubtful=True)
    edit(store, "person", key, id_number=None)
    assert read(store, "person", key)["id_doubtful"] is False


def test_a_passport_is_not_checked_as_a_card(store: Store) -> None:
    key = person(store, id_kind="03", id_number="E12345678")
    assert read(store, "person", key)["id_number"] == "E12345678"


def test_a_card_belongs_to_one_person_who_is_named(store: Store) -> None:
    first = person(store, "王秀英", id_number=VALID_ID)
    with pytest.raises(UserError, match="王秀英") as refused:
        person(store, "李四", id_number=VALID_ID.lower())
    assert read(store, "person", first)["code"] in str(refused.value)


def test_a_household_has_one_head(store: Store) -> None:
    home = household(store)
    first = person(store, "甲", home, is_head=True)
    second = person(store, "乙", home, is_head=True)
    elsewhere = person(store, "丙", is_head=True)
    assert not read(store, "person", first)["is_head"]
    assert read(store, "person", second)["is_head"]
    assert read(store, "person", elsewhere)["is_head"]
    edit(store, "person", first, is_head=True)
    assert not read(store, "person", second)["is_head"]


def test_a_head_who_moves_in_heads_the_new_household(store: Store) -> None:
    old, new = household(store), household(store)
    mover = person(store, "甲", old, is_head=True)
    there = person(store, "乙", new, is_head=True)
    edit(store, "person", mover, household_key=new)
    assert not read(store, "person", there)["is_head"]


def test_a_certificate_tells_class_and_grade_where_they_are_empty(store: Store) -> None:
    number = VALID_ID + "43"
    values = read(store, "person", person(store, disability_number=number))
    assert values["disability_kinds"] == frozenset({"4"})
    assert values["disability_grade"] == "3"
    other = person(store, "乙", disability_number=number, disability_grade="1")
    assert read(store, "person", other)["disability_grade"] == "1"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id_number", WRONG_ID),
        ("id_number", ""),
        ("disability_number", "x"),
        ("phone", "1"),
        ("id_number", None),
    ],
)
def test_what_tells_nothing_proposes_nothing(field: str, value: str | None) -> None:
    assert proposals(field, value, TODAY) == {}


def test_a_typed_card_proposes_sex_and_birth_date() -> None:
    assert proposals("id_number", VALID_ID, TODAY) == {"sex": Sex.FEMALE, "birth_date": date(1949, 12, 31)}


def test_nobody_is_born_tomorrow(store: Store) -> None:
    with pytest.raises(UserError, match="出生日期"):
        person(store, birth_date=TOMORROW)


def test_a_group_brings_its_village_and_lies_in_it(store: Store) -> None:
    here, there = village(store, "甲村"), village(store, "乙村")
    group = add(store, "village_group", village_key=here, name="一组")
    key = household(store, group_key=group)
    assert read(store, "household", key)["village_key"] == here
    with pytest.raises(UserError, match="一组"):
        edit(store, "household", key, village_key=there)


@pytest.mark.parametrize("status", [each for each in HouseholdStatus if each is not HouseholdStatus.ACTIVE])
def test_a_household_that_is_closed_has_its_day(store: Store, status: HouseholdStatus) -> None:
    key = household(store)
    edit(store, "household", key, status=status)
    assert read(store, "household", key)["closed_on"] == TODAY


@pytest.mark.parametrize("status", [each for each in PersonStatus if each is not PersonStatus.ACTIVE])
def test_a_person_who_leaves_has_their_day_and_keeps_one_that_is_told(
    store: Store, status: PersonStatus
) -> None:
    key = person(store)
    edit(store, "person", key, status=status)
    assert read(store, "person", key)["closed_on"] == TODAY
    told = person(store, "乙", opened_on=date(2026, 1, 1), status=status, closed_on=date(2026, 2, 1))
    assert read(store, "person", told)["closed_on"] == date(2026, 2, 1)


def test_who_comes_back_is_not_gone_any_more(store: Store) -> None:
    key = person(store)
    edit(store, "person", key, status=PersonStatus.MOVED)
    edit(store, "person", key, status=PersonStatus.ACTIVE)
    assert read(store, "person", key)["closed_on"] is None
    home = household(store)
    edit(store, "household", home, status=HouseholdStatus.MOVED)
    edit(store, "household", home, status=HouseholdStatus.ACTIVE)
    assert read(store, "household", home)["closed_on"] is None


def test_a_file_is_not_closed_before_it_was_opened(store: Store) -> None:
    with pytest.raises(UserError, match="建档日期"):
        household(store, status=HouseholdStatus.MOVED, closed_on=TODAY - timedelta(days=1))


def test_the_days_of_a_category_are_in_order_and_its_money_is_not_negative(store: Store) -> None:
    who = person(store)
    with pytest.raises(UserError, match="不能大于"):
        add(
            store,
            "person_category",
            person_key=who,
            category="G01",
            since=TODAY,
            until=TODAY - timedelta(days=1),
        )
    with pytest.raises(UserError, match="不能小于 0"):
        add(store, "person_category", person_key=who, category="G01", monthly=-1)


def test_the_members_of_a_household_stand_head_first_then_by_age(store: Store) -> None:
    home = household(store)
    child = person(store, "孩子", home, birth_date=date(2015, 1, 1))
    old = person(store, "奶奶", home, birth_date=date(1940, 1, 1))
    head = person(store, "户主", home, birth_date=date(1980, 1, 1), is_head=True)
    person(store, "外人")
    assert members_of(store, home) == (head, old, child)


def test_namesakes_are_told_apart_by_number_and_address(store: Store) -> None:
    home = household(store, address="三组 12 号")
    one = person(store, "王秀英", home)
    other = person(store, "王秀英")
    told = namesakes(store, "王秀英")
    assert len(told) == 2
    assert any("三组 12 号" in each and read(store, "person", one)["code"] in each for each in told)
    assert len(namesakes(store, "王秀英", but=other)) == 1
    assert namesakes(store, "没有人") == ()
