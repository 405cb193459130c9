from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from stationdesk.core.changes import created
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import (
    ContactPublic,
    Dimension,
    MapClass,
    SheetChange,
    SheetForm,
    SheetKind,
    StateOfUse,
)
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.db.base import blank
from stationdesk.db.models import ResourceHuman
from stationdesk.services import history, records
from stationdesk.services.editions import (
    ComingEdition,
    changes_since_last,
    coming_edition,
    editions_of,
    give_copies,
    keep_edition,
)
from stationdesk.services.handouts import HandoutOrder, spec_of
from stationdesk.services.store import Store
from tests.desk_station import TODAY, add, edit, read

ORDER = HandoutOrder()
ROAD = '{"type": "LineString", "coordinates": [[102.60, 38.31], [102.64, 38.312]]}'
POINT = '{"type": "Point", "coordinates": [102.62, 38.311]}'


def resource(store: Store, name: str, **values: Any) -> Key:
    """A resource that may be printed."""
    given = {
        "dimension": Dimension.ORGANISATIONS,
        "map_class": MapClass.MEDICAL,
        "name": name,
        "phone": "0999-0004321",
        "contact_public": ContactPublic.PHONE,
        "latitude": 38.31,
        "longitude": 102.62,
        **values,
    }
    return add(store, "resource", **given)


def coming(store: Store, order: HandoutOrder = ORDER) -> ComingEdition:
    """The edition that the sheet would be now."""
    with store.reading() as session:
        today = store.clock.today()
        return coming_edition(session, spec_of(session, order, today), order.area, today)


def given_out(store: Store, order: HandoutOrder = ORDER) -> Key:
    """Keep the sheet as it is now."""
    edition = coming(store, order)
    with store.writing("保存发放图") as work:
        return keep_edition(work, edition, "资源图.pdf")


def lines(edition: ComingEdition) -> list[tuple[SheetChange, str, str, str]]:
    return [(each.change, each.code, each.name, each.what) for each in edition.changes]


def test_the_first_edition_says_nothing_of_changes(store: Store) -> None:
    resource(store, "镇卫生院")
    assert (coming(store).number, coming(store).changes) == (1, ())
    given_out(store)
    [kept] = editions_of(store)
    assert (kept.kind, kept.area, kept.number, kept.made_on, kept.entries, kept.copies) == (
        SheetKind.RESOURCES,
        "",
        1,
        TODAY,
        1,
        0,
    )


def test_the_next_edition_names_what_is_new_gone_and_changed(store: Store) -> None:
    clinic = resource(store, "镇卫生院")
    resource(store, "东岗药房", latitude=38.32)
    gone = resource(store, "老门诊", latitude=38.33)
    given_out(store)
    edit(store, "resource", clinic, phone="0999-0001111", hours="每天")
    edit(store, "resource", gone, printable=True, valid_to=TODAY - timedelta(days=1))
    resource(store, "理发店", map_class=MapClass.CONVENIENCE, latitude=38.34)
    edition = coming(store)
    assert edition.number == 2
    assert lines(edition) == [
        (SheetChange.NEW, "便-01", "理发店", ""),
        (SheetChange.GONE, "医-03", "老门诊", ""),
        (SheetChange.CHANGED, "医-01", "镇卫生院", "时间、电话"),
    ]


def test_what_became_secret_is_withdrawn_by_its_number_alone(store: Store) -> None:
    resource(store, "镇卫生院")
    shelter = resource(store, "庇护点", latitude=38.32)
    given_out(store)
    edit(store, "resource", shelter, confidential=True)
    assert lines(coming(store)) == [(SheetChange.GONE, "医-02", "", "")]


def test_the_same_sheet_on_the_same_day_is_the_same_edition_on_whatever_paper(store: Store) -> None:
    key = resource(store, "镇卫生院")
    first = given_out(store)
    wide = HandoutOrder(setup=PageSetup(Paper.A3), form=SheetForm.TWO_PAGES, colour=False)
    assert given_out(store, wide) == first
    assert coming(store).number == 1
    edit(store, "resource", key, hours="每天")
    assert given_out(store) != first
    assert [each.number for each in editions_of(store)] == [2, 1]
    assert lines(coming(store)) == [(SheetChange.CHANGED, "医-01", "镇卫生院", "时间")], (
        "printed once more, the second edition says again what it says"
    )


def test_editions_are_counted_for_each_kind_and_area(store: Store) -> None:
    village = add(store, "village", name="东岗村")
    resource(store, "镇卫生院", village_key=village)
    add(store, "feature", kind=FeatureKind.LANE, name="前街", geometry=ROAD)
    given_out(store)
    given_out(store, replace(ORDER, area=village))
    given_out(store, replace(ORDER, kind=SheetKind.COMMUNITY))
    assert [each.number for each in editions_of(store)] == [1, 1, 1]
    assert [each.area for each in editions_of(store, SheetKind.RESOURCES, village, every_area=False)] == [
        "东岗村"
    ]


def test_the_number_of_an_edition_that_was_taken_back_is_not_given_again(store: Store) -> None:
    resource(store, "镇卫生院")
    given_out(store)
    history.undo(store, history.recent(store)[0][0])
    assert editions_of(store) == ()
    assert coming(store).number == 2


def test_undo_reaches_behind_what_was_given_out(store: Store) -> None:
    resource(store, "镇卫生院")
    given_out(store)
    step = history.can_undo(store)
    assert step is not None
    assert "镇卫生院" in step.why


def test_a_number_that_was_printed_and_is_taken_meanwhile_is_refused(store: Store) -> None:
    key = resource(store, "镇卫生院")
    previewed = coming(store)
    edit(store, "resource", key, hours="每天")
    given_out(store)
    with pytest.raises(UserError, match="重新生成"), store.writing("保存") as work:
        keep_edition(work, previewed, "资源图.pdf")


def test_whoever_took_the_consent_back_is_not_named_among_what_went(store: Store) -> None:
    resource(store, "镇卫生院")
    key = resource(store, "刘大有", dimension=Dimension.PEOPLE, map_class=MapClass.GOVERNMENT, latitude=38.32)
    given_out(store)
    edit(store, "resource", key, contact_public=ContactPublic.NONE, state_of_use=StateOfUse.STOPPED)
    assert lines(coming(store)) == [(SheetChange.GONE, "办-01", "刘*", "")]


def test_whoever_came_under_protection_is_not_named_among_what_went(store: Store) -> None:
    resource(store, "镇卫生院")
    key = resource(store, "刘大有", dimension=Dimension.PEOPLE, map_class=MapClass.GOVERNMENT, latitude=38.32)
    home = add(store, "household", village_key=add(store, "village", name="东岗村"))
    person = add(store, "person", household_key=home, name="刘大有")
    part = {**blank(ResourceHuman), "person_key": person}
    records.save(store, created("resource_human", part, key))
    given_out(store)
    add(store, "person_category", person_key=person, category="G43")
    assert lines(coming(store)) == [(SheetChange.GONE, "办-01", "", "")]


def test_new_things_on_the_ground_count_on_the_community_map_alone(store: Store) -> None:
    resource(store, "镇卫生院")
    add(store, "feature", kind=FeatureKind.LANE, name="前街", geometry=ROAD)
    community = replace(ORDER, kind=SheetKind.COMMUNITY)
    for order in (ORDER, community):
        given_out(store, order)
    key = add(store, "feature", kind=FeatureKind.PLACE, name="村委会", geometry=POINT)
    add(store, "feature", kind=FeatureKind.LANE, name="后街", geometry=ROAD)
    assert lines(coming(store)) == []
    assert coming(store).number == 2
    told = lines(coming(store, community))
    assert (SheetChange.NEW, "地-01", "村委会", "") in told
    assert (SheetChange.NEW, "道路", "后街", "") in told
    given_out(store, community)
    edit(store, "feature", key, on_handout=False)
    assert (SheetChange.GONE, "地-01", "", "") in lines(coming(store, community))


def test_entries_alone_can_be_held_against_the_last_edition(store: Store) -> None:
    resource(store, "镇卫生院")
    given_out(store)
    resource(store, "药房", latitude=38.32)
    with store.reading() as session:
        spec = spec_of(session, ORDER, TODAY)
        told = changes_since_last(session, SheetKind.RESOURCES, None, spec.entries)
    assert [(each.change, each.name) for each in told] == [(SheetChange.NEW, "药房")]


def test_copies_are_counted_with_their_edition(store: Store) -> None:
    resource(store, "镇卫生院")
    edition = given_out(store)
    changes = give_copies(store, edition, TODAY, "五保村村委会 ", 30, "小组长带回")
    give_copies(store, edition, TODAY - timedelta(days=1), "柳河集市", 50)
    assert editions_of(store)[0].copies == 80
    row = read(store, "copies_given", changes.keys("copies_given")[0])
    assert (row["given_to"], row["copies"], row["worker_key"]) == ("五保村村委会", 30, store.actor.key)


@pytest.mark.parametrize(
    ("given_on", "given_to", "copies", "why"),
    [
        (TODAY, " ", 30, "发放到哪里"),
        (TODAY, "柳河集市", 0, "份数"),
        (TODAY + timedelta(days=1), "柳河集市", 30, "还没到"),
    ],
)
def test_copies_without_a_place_a_number_or_a_day_that_has_come_are_refused(
    store: Store, given_on: Any, given_to: str, copies: int, why: str
) -> None:
    resource(store, "镇卫生院")
    edition = given_out(store)
    with pytest.raises(UserError, match=why):
        give_copies(store, edition, given_on, given_to, copies)
