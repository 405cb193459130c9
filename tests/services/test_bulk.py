from __future__ import annotations

from datetime import date

import pytest
from typing_extensions import override

from stationdesk.core.changes import Change
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Kind
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import (
    Dimension,
    FollowLevel,
    MapClass,
    MatchState,
    NeedStatus,
    PersonStatus,
    ResourceStatus,
)
from stationdesk.services import history, records
from stationdesk.services.bulk import Added, Taken, bulk_fields, change_all, try_all
from stationdesk.services.listing import Query, keys_of
from stationdesk.services.store import Store
from tests.desk_station import TODAY, add, edit, read


@pytest.fixture
def homes(store: Store) -> tuple[Key, ...]:
    """Three households."""
    return tuple(add(store, "household", address=f"三组{number}号") for number in range(3))


def resources(store: Store, count: int) -> tuple[Key, ...]:
    return tuple(
        add(
            store,
            "resource",
            name=f"便民点{number}",
            dimension=Dimension.SPACE,
            map_class=MapClass.CONVENIENCE,
        )
        for number in range(count)
    )


def test_the_chosen_records_get_the_value_in_one_step(store: Store, homes: tuple[Key, ...]) -> None:
    values = {"follow_level": FollowLevel.HIGH, "worker_key": Key(store.actor.key)}
    edit(store, "household", homes[1], **values)
    trial = try_all(store, "household", homes, values)
    assert (trial.changing, trial.same, trial.refused) == (2, 1, ())
    changes = change_all(store, "household", homes, values)
    assert set(changes.keys("household")) == {homes[0], homes[2]}
    assert [read(store, "household", key)["follow_level"] for key in homes] == [FollowLevel.HIGH] * 3
    step = history.can_undo(store)
    assert step is not None
    assert step.why == "批量修改户的跟进级别、负责社工"
    history.undo(store)
    assert [read(store, "household", key)["follow_level"] for key in homes] == [None, FollowLevel.HIGH, None]


def test_each_record_keeps_the_rules_of_its_kind(store: Store) -> None:
    village = add(store, "village", name="柳河村")
    needs = [
        add(store, "need", item="K4-01", village_key=village, raised_on=day)
        for day in (date(2026, 1, 5), TODAY)
    ]
    early = {"status": NeedStatus.MET, "closed_on": date(2026, 3, 1)}
    trial = try_all(store, "need", needs, early)
    assert trial.changing == 1
    assert [(each.key, "不能大于" in each.why) for each in trial.refused] == [(needs[1], True)]
    assert trial.refused[0].title
    changes = change_all(store, "need", needs, early)
    assert [kept.change.key for kept in changes.kept] == [needs[1]]
    assert read(store, "need", needs[0])["status"] is NeedStatus.MET
    assert read(store, "need", needs[1])["status"] is NeedStatus.TO_MATCH
    without_day = change_all(store, "need", [needs[1]], {"status": NeedStatus.MET})
    assert read(store, "need", needs[1])["closed_on"] == TODAY, (
        "the day comes with the status, as in the form"
    )
    assert len(without_day.changes) == 1


def test_what_the_rules_refuse_for_all_is_said_and_nothing_is_written(store: Store) -> None:
    village = add(store, "village", name="柳河村")
    need = add(store, "need", item="K4-01", village_key=village)
    steps = history.can_undo(store)
    with pytest.raises(UserError, match=r"一条也没有改：.*写明原因"):
        change_all(store, "need", [need], {"status": NeedStatus.UNMEETABLE})
    assert history.can_undo(store) == steps


def test_values_are_added_to_a_set_and_taken_from_it(store: Store) -> None:
    keys = resources(store, 2)
    change_all(store, "resource", keys, {"groups": frozenset({"G13"})})
    change_all(store, "resource", keys[:1], {"groups": Added(frozenset({"G01"}))})
    assert [read(store, "resource", key)["groups"] for key in keys] == [{"G01", "G13"}, {"G13"}]
    change_all(store, "resource", keys, {"groups": Taken(frozenset({"G13"}))})
    assert [read(store, "resource", key)["groups"] for key in keys] == [{"G01"}, frozenset()]


def test_only_what_records_may_share_is_offered() -> None:
    for record in ("person", "household", "resource", "organisation", "need", "match", "visit", "village"):
        fields = bulk_fields(record)
        assert fields
        kinds = {each.spec.kind for each in fields}
        assert not kinds & {Kind.NUMBER, Kind.ID_NUMBER, Kind.PHONE, Kind.LATITUDE}
        assert not {"code", "name", "disability_number"} & {each.key for each in fields}


def test_a_number_cannot_be_given_to_several(store: Store, homes: tuple[Key, ...]) -> None:
    with pytest.raises(UserError, match="不能批量修改"):
        change_all(store, "household", homes, {"code": "H-001"})
    with pytest.raises(UserError, match="不能为空"):
        try_all(store, "household", homes, {"status": None})


class _StopAt(NoProgress):
    def __init__(self, step: int) -> None:
        self._step = step

    @override
    def step(self, done: int, total: int) -> None:
        if done >= self._step:
            raise Cancelled


def test_a_cancelled_change_changes_nothing(store: Store) -> None:
    keys = resources(store, 45)
    with pytest.raises(Cancelled):
        change_all(store, "resource", keys, {"status": ResourceStatus.SUSPENDED}, _StopAt(40))
    assert {read(store, "resource", key)["status"] for key in keys} == {ResourceStatus.ACTIVE}


def test_a_record_that_is_gone_is_passed_over(store: Store, homes: tuple[Key, ...]) -> None:
    records.remove(store, "household", homes[0])
    changes = change_all(store, "household", homes, {"follow_level": FollowLevel.HIGH})
    assert len(changes.changes) == 2


def test_closing_people_at_once_gives_each_the_day(store: Store, homes: tuple[Key, ...]) -> None:
    for home in homes:
        add(store, "person", name="某某", household_key=home)
    people = keys_of(store, Query("person"))
    changes = change_all(store, "person", people, {"status": PersonStatus.MOVED})
    closed: list[Change] = [each for each in changes.changes if each.record == "person"]
    assert [each.values["closed_on"] for each in closed] == [TODAY] * 3


def test_one_household_keeps_one_head_and_one_place_is_given_once(
    store: Store, homes: tuple[Key, ...]
) -> None:
    people = [add(store, "person", name=f"某{number}", household_key=homes[0]) for number in "甲乙丙"]
    change_all(store, "person", people, {"is_head": True})
    assert [read(store, "person", key)["is_head"] for key in people] == [False, False, True]
    (place,) = resources(store, 1)
    edit(store, "resource", place, capacity=1)
    village = add(store, "village", name="柳河村")
    matches = []
    for _number in range(2):
        need = add(store, "need", item="K4-01", village_key=village)
        matches.append(add(store, "match", need_key=need, resource_key=place))
        change_all(store, "match", matches[-1:], {"state": MatchState.FAILED, "reason": "时间不合"})
    trial = try_all(store, "match", matches, {"state": MatchState.PLANNED})
    assert trial.changing + len(trial.refused) == 2
    assert trial.changing <= 1
