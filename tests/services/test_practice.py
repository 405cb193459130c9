"""The practice town: whole, believable, and nobody's."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from typing_extensions import override

from stationdesk.core.changes import Change
from stationdesk.core.clock import FixedClock, Month
from stationdesk.core.datum import distance_m
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.idcard import NumberError, check_credit_code, check_disability_certificate, check_id
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import (
    Dimension,
    MapClass,
    MatchState,
    NeedStatus,
    Urgency,
    VisitOutcome,
    seeds,
)
from stationdesk.db.base import fields_of, values_of
from stationdesk.db.models import (
    PARTS,
    RECORDS,
    Feature,
    Household,
    Match,
    Need,
    Organisation,
    Person,
    PersonCategory,
    Record,
    Resource,
    Station,
    Village,
    VillageGroup,
    Visit,
    Worker,
)
from stationdesk.services.derived import taken_capacity
from stationdesk.services.history import can_undo, undo
from stationdesk.services.places import LOCATED
from stationdesk.services.practice import WORKERS, create_practice, fill, practice_profile
from stationdesk.services.practice.layout import lay_out
from stationdesk.services.practice.plan import parts
from stationdesk.services.practice.shapes import distance_to, inside
from stationdesk.services.practice.terrain import NORTH_BANK, SOUTH_BANK, degrees
from stationdesk.services.practice.town import empty_town
from stationdesk.services.records import checked
from stationdesk.services.scopes import SCOPES
from stationdesk.services.search import search
from stationdesk.services.stations import Newcomer, create
from stationdesk.services.store import Store

TODAY = date(2026, 11, 21)
FIRST_SUNDAY = date(2027, 8, 1)
"""The hardest day: a month that has just begun, and a Sunday, on which few visits are made."""
COUNTS = {"household": 400, "person": 1100, "resource": 200, "need": 300, "village": 11, "worker": 3}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A practice station, read by all tests of this file and changed by none."""
    store = create_practice(tmp_path_factory.mktemp("practice") / "town", FixedClock.on(TODAY))
    yield store
    store.close()


def every(store: Store, model: type[Record]) -> list[Any]:
    with store.reading() as session:
        return list(session.scalars(select(model)))


def invented(day: date, seed: int = 7) -> list[Change]:
    """All that is invented for a day, without a station."""
    workers = tuple(Key(f"{number:032x}") for number in range(3))
    return [change for part in parts(empty_town(day, seed, workers, WORKERS)) for change in part]


@pytest.fixture(scope="module")
def first_sunday() -> list[Change]:
    return invented(FIRST_SUNDAY)


def test_the_town_is_as_large_as_promised(town: Store) -> None:
    with town.reading() as session:
        counts = {name: session.scalar(select(func.count()).select_from(RECORDS[name])) for name in COUNTS}
    assert counts == COUNTS


def test_the_station_says_that_it_is_for_practice(town: Store) -> None:
    station = every(town, Station)[0]
    assert station.practice
    assert "练习" in station.name
    assert [worker.name for worker in every(town, Worker)] == list(WORKERS)


def test_every_reference_holds_and_the_file_is_sound(town: Store) -> None:
    with town.reading() as session:
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert town.is_sound()


def test_every_code_is_on_its_list(town: Store) -> None:
    known = {(seed.list_name, seed.code) for seed in seeds()}
    for model in RECORDS.values():
        coded = [field for field in fields_of(model) if field.spec.codes and not field.derived]
        for record in every(town, model) if coded else ():
            for field in coded:
                value = getattr(record, field.key)
                for code in value if field.many else [value] if value else []:
                    assert (field.spec.codes, code) in known, field.name


def test_card_numbers_are_right_and_of_no_place(town: Store) -> None:
    people = every(town, Person)
    cards = [each for each in people if each.id_number and not each.id_doubtful]
    assert len(cards) > 1050
    assert len({each.id_number for each in people if each.id_number}) == sum(
        bool(each.id_number) for each in people
    )
    for each in cards:
        card = check_id(each.id_number, TODAY)
        assert (card.area, card.sex, card.birth_date) == ("999999", each.sex, each.birth_date)
    for each in people:
        if each.disability_number:
            paper = check_disability_certificate(each.disability_number, TODAY)
            assert paper.id_card.number == each.id_number
            assert {paper.kind} == each.disability_kinds
            assert paper.grade == each.disability_grade


def test_some_numbers_are_to_be_checked_again(town: Store) -> None:
    people = every(town, Person)
    doubtful = [each for each in people if each.id_doubtful]
    assert 5 <= len(doubtful) <= 20
    for each in doubtful:
        with pytest.raises(NumberError):
            check_id(each.id_number, TODAY)
    assert any(each.birth_date is None and each.age_told for each in people)


def test_phones_and_credit_codes_cannot_be_anybodys(town: Store) -> None:
    numbers: list[str] = []
    for model in RECORDS.values():
        for field in fields_of(model):
            if field.spec.kind.value == "phone" and not field.derived:
                numbers += filter(None, (getattr(each, field.key) for each in every(town, model)))
    assert len(numbers) > 1000
    assert all(number.startswith(("1540000", "0600-7")) for number in numbers)
    assert max(Counter(number for number in numbers if number != "0600-7100100").values()) == 1
    for each in every(town, Organisation):
        assert check_credit_code(each.credit_code)[2:8] == "999999"


def test_every_household_has_one_head_and_lies_in_its_group_and_village(town: Store) -> None:
    groups = {each.key: each for each in every(town, VillageGroup)}
    heads = Counter(each.household_key for each in every(town, Person) if each.is_head)
    for home in every(town, Household):
        group = groups[home.group_key]
        ring = json.loads(group.boundary)["coordinates"][0]
        assert inside((home.longitude, home.latitude), [tuple(point) for point in ring])
        assert group.village_key == home.village_key
        assert heads[home.key] == 1


def test_houses_stand_beside_a_road_and_not_upon_each_other(town: Store) -> None:
    roads = [
        json.loads(each.geometry)["coordinates"]
        for each in every(town, Feature)
        if each.kind.code in {"main_road", "lane"}
    ]
    homes = [(each.longitude, each.latitude) for each in every(town, Household)]
    assert len(set(homes)) == len(homes)
    degree = 1e-5  # about a metre
    for home in homes:
        assert min(distance_to(home, [tuple(point) for point in road]) for road in roads) < 40 * degree


def test_groups_tile_the_township_without_overlap() -> None:
    layout = lay_out(empty_town(TODAY, 7, (), ()).dice("ground"))
    for x in range(300, 7800, 190):
        for y in range(300, 5700, 190):
            covering = [name for name, ring in layout.areas.items() if inside((x, y), ring)]
            ground = inside((x, y), NORTH_BANK) or inside((x, y), SOUTH_BANK)
            assert len(covering) == ground, (x, y)


def test_the_township_is_some_eight_by_six_kilometres() -> None:
    south_west, east, north = degrees((0, 0)), degrees((8000, 0)), degrees((0, 6000))
    assert distance_m(south_west, east) == pytest.approx(8000, rel=0.003)
    assert distance_m(south_west, north) == pytest.approx(6000, rel=0.003)


def test_every_dimension_and_class_is_there_with_its_typed_part(town: Store) -> None:
    resources = every(town, Resource)
    assert {each.dimension for each in resources} == set(Dimension)
    assert {each.map_class for each in resources} == set(MapClass)
    for dimension, part in PARTS.items():
        assert {each.key for each in every(town, part)} == {
            each.key for each in resources if each.dimension is dimension
        }
    assert all(each.code.startswith(f"{each.map_class.letter}-") for each in resources)
    assert sum(each.latitude is not None for each in resources) > 140
    assert all(each.latitude is None for each in resources if not each.map_class.on_map)


def test_resources_are_as_uneven_as_in_life(town: Store) -> None:
    resources = every(town, Resource)
    assert len({each.contact_public for each in resources}) == 3
    assert len({each.status for each in resources}) == 4
    assert len({each.state_of_use for each in resources}) >= 3
    assert any(each.confidential for each in resources)
    assert any("逢五逢十" in (each.hours or "") for each in resources)
    offered = {item for each in resources for item in each.offer_items}
    assert {each.item for each in every(town, Need)} <= offered
    with town.reading() as session:
        late = SCOPES["resource"]["verify"].condition(TODAY)
        assert 15 < len(session.scalars(select(Resource.key).where(late)).all()) < 70


def test_all_states_of_matches_and_needs_occur(town: Store) -> None:
    matches = every(town, Match)
    assert {each.state for each in matches} == set(MatchState)
    assert {each.status for each in every(town, Need)} == set(NeedStatus)
    assert all(each.client_words for each in matches if each.state is MatchState.CONFIRMED)
    assert all(each.reason for each in matches if each.state.needs_reason)
    assert {each.outcome for each in every(town, Visit)} >= {VisitOutcome.NOBODY_HOME, VisitOutcome.MET}


@pytest.mark.parametrize("day", [date(2026, 12, 28), date(2027, 5, 25), date(2028, 2, 29)])
def test_any_day_shows_every_state_and_an_urgent_need(day: date) -> None:
    town = invented(day)
    assert {change.values["state"] for change in town if change.record == "match"} == set(MatchState)
    assert {change.values["status"] for change in town if change.record == "need"} == set(NeedStatus)
    assert any(
        change.record == "need"
        and change.values["raised_on"] == day
        and change.values["urgency"] is Urgency.CRITICAL
        and change.values["status"] in {NeedStatus.TO_ASSESS, NeedStatus.TO_MATCH}
        for change in town
    )


def test_needs_and_their_matches_tell_the_same_story(town: Store) -> None:
    states: dict[Key, set[MatchState]] = {}
    for each in every(town, Match):
        states.setdefault(each.need_key, set()).add(each.state)
    for need in every(town, Need):
        found = states.get(need.key, set())
        running = any(state.is_open or state is MatchState.DONE for state in found)
        assert running == (need.status is NeedStatus.MATCHING), need.code
        if need.status is NeedStatus.MET:
            assert MatchState.CONFIRMED in found, need.code


def test_no_resource_gives_more_than_it_has(town: Store) -> None:
    with town.reading() as session:
        taken = taken_capacity(session, None, TODAY)
        for each in session.scalars(select(Resource).where(Resource.capacity.is_not(None))):
            assert taken.get(each.key, 0) <= (each.capacity or 0), each.name


def test_today_brings_work(town: Store) -> None:
    with town.reading() as session:

        def count(record: str, scope: str) -> int:
            condition = SCOPES[record][scope].condition(TODAY)
            return len(session.scalars(select(RECORDS[record].key).where(condition)).all())

        assert 3 <= count("need", "urgent") <= 25
        assert 8 <= count("household", "overdue") <= 40
        assert count("match", "unconfirmed") >= 5
        critical = select(Need).where(Need.urgency == Urgency.CRITICAL, Need.raised_on >= date(2026, 11, 19))
        assert session.scalars(critical).first() is not None


@pytest.mark.parametrize("record", ["visit", "need", "match", "household"])
def test_each_month_of_the_half_year_has_entries(record: str, first_sunday: list[Change]) -> None:
    field = {"visit": "visited_on", "need": "raised_on", "match": "matched_on", "household": "opened_on"}[
        record
    ]
    months = Counter(Month.of(change.values[field]) for change in first_sunday if change.record == record)
    now = Month.of(FIRST_SUNDAY)
    for back in range(1, 7):
        assert months[now.shifted(-back)] >= 8
    assert months[now] >= 1
    assert max(months) == now


def test_the_same_seed_and_day_give_the_same_town(first_sunday: list[Change]) -> None:
    assert invented(FIRST_SUNDAY) == first_sunday
    assert invented(FIRST_SUNDAY, seed=8) != first_sunday


def test_the_same_people_live_there_on_another_day(town: Store, first_sunday: list[Change]) -> None:
    names = [change.values["name"] for change in first_sunday if change.record == "person"]
    assert sorted(names) == sorted(each.name for each in every(town, Person))


@pytest.mark.parametrize(
    "model", [Village, VillageGroup, Feature, Household, Person, PersonCategory, Resource, Need, Visit, Match]
)
def test_the_checks_of_the_forms_find_nothing_to_say(town: Store, model: type[Record]) -> None:
    """Every record, typed into its form again as it stands, is accepted and gains nothing."""
    step = 5 if model in {PersonCategory, Visit} else 1
    with town.writing("检查") as work:  # nothing is written
        for record in work.session.scalars(select(model)).all()[::step]:
            values = values_of(record)
            change = Change(model.__tablename__, record.key, values, values)
            (same,) = [each for each in checked(work, (change,)) if each.record == change.record]
            assert same.values == values


def test_whatever_lies_somewhere_tells_how_it_came_there(town: Store) -> None:
    for name in LOCATED:
        for each in every(town, RECORDS[name]):
            assert (each.latitude is None) == (each.place_datum is None)


def test_people_and_resources_are_found_at_once(town: Store) -> None:
    assert any(hit.record == "resource" for hit in search(town, "卫生院"))
    person = every(town, Person)[0]
    assert person.key in {hit.key for hit in search(town, person.name)}


def test_undo_does_not_begin_with_the_whole_town(town: Store) -> None:
    assert can_undo(town) is None


def test_the_town_can_be_taken_away_as_one_step(tmp_path: Path) -> None:
    store = create(tmp_path / "town", practice_profile(), [Newcomer("许知秋")], FixedClock.on(TODAY))
    try:
        outcome = undo(store, fill(store).batch)
        assert not outcome.kept
        assert every(store, Household) == []
        assert search(store, "柳河") == ()
    finally:
        store.close()


def test_a_real_station_is_never_filled(tmp_path: Path) -> None:
    profile = practice_profile()
    real = type(profile)(profile.name, profile.town)
    store = create(tmp_path / "station", real, [Newcomer("许知秋")], FixedClock.on(TODAY))
    try:
        with pytest.raises(UserError):
            fill(store)
        assert every(store, Household) == []
    finally:
        store.close()


def test_a_town_is_not_filled_twice(town: Store) -> None:
    with pytest.raises(UserError):
        fill(town)


class _Impatient(NoProgress):
    @override
    def step(self, done: int, total: int) -> None:
        if done:
            raise Cancelled


def test_a_cancelled_town_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        create_practice(tmp_path / "town", FixedClock.on(TODAY), _Impatient())
    assert list(tmp_path.iterdir()) == []
