"""Room for the station's own fields in every record that can have them."""

from __future__ import annotations

from stationdesk.core.vocab import OwnKind
from stationdesk.db.base import fields_of, table_of
from stationdesk.db.models import RECORDS, Person
from stationdesk.db.slots import SLOTS, slots_for

ROOMY = ("village", "household", "person", "organisation", "resource", "need", "match", "visit")


def test_every_kind_of_field_has_room() -> None:
    assert all(slots_for(kind) for kind in OwnKind)


def test_every_record_that_people_fill_in_has_all_the_room() -> None:
    for record in ROOMY:
        assert set(SLOTS) <= set(table_of(RECORDS[record]).c.keys())


def test_room_that_nobody_named_is_no_field() -> None:
    assert not set(SLOTS) & {each.key for each in fields_of(Person)}
