"""What holds for records of every kind: blanks, saving, removing, and the sentence that names the step."""

from __future__ import annotations

import pytest

from stationdesk.core.changes import Change, created
from stationdesk.core.errors import InUse, Stale, UserError
from stationdesk.core.fields import Key
from stationdesk.core.vocab import Dimension, MapClass, MatchState, NeedStatus
from stationdesk.db.base import fields_of
from stationdesk.db.models import PARTS, RECORDS
from stationdesk.services import history, records
from stationdesk.services.listing import Query, count_of, keys_of
from stationdesk.services.matches import match_from
from stationdesk.services.store import Store
from stationdesk.services.together import save_resource
from tests.desk_station import TODAY, WORKER, add, edit, read
from tests.services.desk_town import household, match, need, person, resource, village


@pytest.mark.parametrize("record", RECORDS)
def test_a_blank_record_has_every_stored_field(store: Store, record: str) -> None:
    stored = {each.key for each in fields_of(RECORDS[record]) if not each.derived}
    assert set(records.blank_of(store, record)) == stored


def test_a_blank_record_knows_today_and_who_is_working(store: Store) -> None:
    blank = records.blank_of(store, "visit")
    assert blank["visited_on"] == TODAY
    assert blank["worker_key"] == store.actor.key
    assert blank["visited_on"] is not None
    assert records.blank_of(store, "need")["raised_on"] == TODAY
    assert records.blank_of(store, "resource")["collected_on"] == TODAY


def test_saving_nothing_does_nothing(store: Store) -> None:
    before = history.recent(store)
    assert not records.save(store)
    assert history.recent(store) == before


def test_several_changes_are_one_step_and_one_undo(store: Store) -> None:
    changes = [created("village", {**records.blank_of(store, "village"), "name": name}) for name in "甲乙丙"]
    records.save(store, *changes)
    assert count_of(store, Query("village")) == 3
    history.undo(store)
    assert count_of(store, Query("village")) == 0


def test_one_broken_rule_refuses_the_whole_step(store: Store) -> None:
    blank = records.blank_of(store, "village")
    good = created("village", {**blank, "name": "甲村"})
    bad = created("village", {**blank, "name": "乙村", "code": "12"})
    with pytest.raises(UserError, match="12 位数字"):
        records.save(store, good, bad)
    assert count_of(store, Query("village")) == 0


def test_a_number_is_given_where_none_is_filled_in(store: Store) -> None:
    codes = [read(store, "household", household(store))["code"] for _number in range(3)]
    assert codes == ["户-0001", "户-0002", "户-0003"]


def test_a_number_that_came_from_elsewhere_is_kept_and_the_series_goes_on_behind_it(store: Store) -> None:
    assert read(store, "household", household(store, code="户-0041"))["code"] == "户-0041"
    assert read(store, "household", household(store))["code"] == "户-0042"
    assert read(store, "household", household(store, code="旧档 17"))["code"] == "旧档17"
    assert read(store, "household", household(store))["code"] == "户-0043"


@pytest.mark.parametrize("code", ["户-99999999999999999999999", "-", "户-", "户-１２", "户-0x10"])
def test_an_odd_number_breaks_nothing(store: Store, code: str) -> None:
    household(store, code=code)
    again = household(store)
    assert read(store, "household", again)["code"].startswith("户-00")


def test_a_number_that_is_taken_is_refused_by_name(store: Store) -> None:
    household(store, code="户-0007")
    with pytest.raises(UserError, match="户编号“户-0007”已经有了"):
        household(store, code="户-0007")


def test_a_resource_goes_with_its_typed_part_and_comes_back_with_it(store: Store) -> None:
    key = resource(store)
    part = PARTS[Dimension.ORGANISATIONS]
    blank = {each.key: each.blank for each in fields_of(part) if not each.derived}
    records.save(store, created(part.__tablename__, blank, key))
    records.remove(store, "resource", key)
    assert count_of(store, Query(part.__tablename__)) == 0
    history.undo(store)
    assert keys_of(store, Query(part.__tablename__)) == keys_of(store, Query("resource")) == (key,)


def test_a_person_goes_with_the_categories_they_carry_and_comes_back_with_them(store: Store) -> None:
    key = person(store)
    other = person(store, "李四")
    for who in (key, other):
        add(store, "person_category", person_key=who, category="G01")
    records.remove(store, "person", key)
    assert count_of(store, Query("person_category")) == 1
    history.undo(store)
    assert count_of(store, Query("person_category")) == 2


@pytest.mark.parametrize("since", ["edited", "matched"])
def test_a_resource_that_an_undo_leaves_keeps_its_typed_part(store: Store, since: str) -> None:
    blank = records.blank_of(store, "resource")
    start = {**blank, "name": "活动室", "dimension": Dimension.SPACE, "map_class": MapClass.CULTURE}
    step = save_resource(store, created("resource", {**start, "resource_space.area": 60}))
    key = step.keys("resource")[0]
    if since == "edited":
        edit(store, "resource", key, phone="13800000000")
    else:
        match(store, need(store), key)
    with pytest.raises(UserError, match="没有撤销"):
        history.undo(store, step.batch)
    assert read(store, "resource_space", key)["area"] == 60


def test_a_person_whom_an_undo_leaves_keeps_their_categories(store: Store) -> None:
    home = household(store)
    who = created("person", {**records.blank_of(store, "person"), "name": "王秀英", "household_key": home})
    carried = {**records.blank_of(store, "person_category"), "person_key": who.key, "category": "G01"}
    step = records.save(store, who, created("person_category", carried), other_person(store, home))
    edit(store, "person", who.key, phone="13800000000")
    outcome = history.undo(store, step.batch)
    assert keys_of(store, Query("person")) == (who.key,)
    assert count_of(store, Query("person_category")) == 1
    assert {kept.change.record for kept in outcome.kept} == {"person", "person_category"}


def other_person(store: Store, home: Key) -> Change:
    return created("person", {**records.blank_of(store, "person"), "name": "李四", "household_key": home})


def test_a_need_stays_in_work_when_the_undo_of_its_match_comes_too_late(store: Store) -> None:
    what = need(store)
    step = match_from(store, what, resource(store))
    edit(store, "match", step.keys("match")[0], state=MatchState.CONTACTED)
    with pytest.raises(UserError, match="没有撤销"):
        history.undo(store, step.batch)
    assert read(store, "need", what)["status"] is NeedStatus.MATCHING


def test_what_others_point_to_is_not_removed(store: Store) -> None:
    key = person(store)
    need(store, key)
    with pytest.raises(InUse, match="张山"):
        records.remove(store, "person", key)
    assert read(store, "person", key)["name"] == "张山"


def test_removing_twice_is_said(store: Store) -> None:
    key = village(store)
    records.remove(store, "village", key)
    with pytest.raises(UserError, match="已经删除了"):
        records.remove(store, "village", key)


def test_a_need_waits_again_when_its_only_match_is_removed(store: Store) -> None:
    waiting = need(store)
    made = match(store, waiting, resource(store))
    assert read(store, "need", waiting)["status"] is NeedStatus.MATCHING
    records.remove(store, "match", made)
    assert read(store, "need", waiting)["status"] is NeedStatus.TO_MATCH
    history.undo(store)
    assert read(store, "need", waiting)["status"] is NeedStatus.MATCHING


def test_a_form_that_has_grown_stale_is_refused(store: Store) -> None:
    key = village(store)
    edit(store, "village", key, secretary="张山")
    with pytest.raises(Stale, match="支书"):
        records.save(store, Change("village", key, {"secretary": None}, {"secretary": "李四"}))


def test_a_step_is_named_in_words_and_never_by_keys_or_codes(store: Store) -> None:
    place = village(store)
    home = household(store, village_key=place)
    who = person(store, "王秀英", home)
    group = add(store, "village_group", village_key=place, name="三组")
    wish = need(store, who)
    carried = add(store, "person_category", person_key=who, category="G01")
    edit(store, "village_group", group, leader="赵五")
    edit(store, "need", wish, description="每周一次")
    records.remove(store, "person_category", carried)
    told = [entry.why if hasattr(entry, "why") else entry.sentence for _batch, entry in history.recent(store)]
    keys = (place, home, who, group, wish, carried)
    assert not [sentence for sentence in told if any(key in sentence for key in keys)]
    assert not [sentence for sentence in told if "K2-03" in sentence or "G01" in sentence]
    assert "新建村民组 桃园村 三组" in told
    assert "修改村民组 桃园村 三组" in told
    assert any(sentence.startswith("新建需求") and "送药" in sentence for sentence in told)


def test_what_is_done_is_logged_under_who_is_working(store: Store) -> None:
    key = village(store)
    assert history.history_of(store, "village", key)[0].actor == WORKER
