"""Fields are told once, in the models, and read back as values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import inspect

from stationdesk.core.fields import Field, Kind, Place, from_json, to_json
from stationdesk.core.vocab import Dimension
from stationdesk.core.vocab.lists import CODE_LISTS
from stationdesk.db.base import Base, blank, fields_of
from stationdesk.db.engine import writer_engine
from stationdesk.db.migrate import migrate
from stationdesk.db.models import RECORD_TITLES, RECORDS, Person, Resource
from stationdesk.services.store import Store

ALL_FIELDS = [each for model in RECORDS.values() for each in fields_of(model)]


def named(fields: list[Field] | tuple[Field, ...], key: str) -> Field:
    return next(each for each in fields if each.key == key)


def test_the_type_says_optional_many_and_what_a_single_value_is() -> None:
    fields = fields_of(Resource)
    assert named(fields, "dimension").type is Dimension
    assert not named(fields, "dimension").optional
    assert named(fields, "groups").many
    assert named(fields, "verified_on").type is date
    assert named(fields, "verified_on").optional
    assert named(fields_of(Person), "phone").spec.kind is Kind.PHONE


def test_a_mixin_tells_its_fields_to_every_record_that_has_a_place() -> None:
    for record in ("village", "household", "resource", "station"):
        latitude = named(fields_of(RECORDS[record]), "latitude")
        assert latitude.record == record


def test_fields_that_the_program_keeps_are_on_no_form() -> None:
    assert "place_datum" not in {each.key for each in fields_of(Resource, Place.FORM)}
    assert "remaining" not in {each.key for each in fields_of(Resource, Place.FORM)}


@pytest.mark.parametrize("field", ALL_FIELDS, ids=lambda each: each.name)
def test_every_field_is_told_well(field: Field) -> None:
    assert field.label, "a field without a label cannot be shown"
    if field.spec.codes:
        assert field.spec.codes in CODE_LISTS
    if field.spec.link:
        assert field.spec.link in RECORDS


def test_every_record_has_a_title_in_words() -> None:
    assert set(RECORD_TITLES) == set(RECORDS)


@pytest.mark.parametrize("record", RECORDS)
def test_labels_of_one_form_are_not_given_twice(record: str) -> None:
    labels = [each.label for each in fields_of(RECORDS[record], Place.FORM)]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("record", RECORDS)
def test_values_survive_the_audit(record: str) -> None:
    for field in fields_of(RECORDS[record]):
        samples = {
            str: "桃园村",
            int: 7,
            float: 1.5,
            bool: True,
            Decimal: Decimal("12.30"),
            date: date(2026, 11, 22),
        }
        one = samples.get(field.type) or next(iter(field.type))  # type: ignore[call-overload]  # an enum
        value = frozenset({one}) if field.many else one
        assert from_json(field, to_json(value)) == value
        assert from_json(field, to_json(None)) is None


def test_a_new_record_starts_with_what_its_fields_tell() -> None:
    start = blank(Resource)
    assert start["groups"] == frozenset()
    assert start["fee"] is False
    assert start["printable"] is True
    assert start["dimension"] is None


def test_the_migrated_schema_is_the_one_the_models_tell(store: Store, tmp_path: object) -> None:
    """A field without its migration is named here."""
    made = inspect(store.reading().__enter__().connection())
    fresh = store.folder.root / "fresh.db"
    engine = writer_engine(fresh, None)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
    told = inspect(engine)
    assert set(told.get_table_names()) <= set(made.get_table_names())
    for table in told.get_table_names():
        wanted = {(c["name"], c["nullable"], str(c["type"])) for c in told.get_columns(table)}
        found = {(c["name"], c["nullable"], str(c["type"])) for c in made.get_columns(table)}
        assert found == wanted, f"the migrations miss or differ in: {sorted(wanted ^ found)}"
        indexes = {(i["name"], tuple(i["column_names"])) for i in told.get_indexes(table)}
        assert {(i["name"], tuple(i["column_names"])) for i in made.get_indexes(table)} == indexes
        keys = {(tuple(k["constrained_columns"]), k["referred_table"]) for k in told.get_foreign_keys(table)}
        assert {
            (tuple(k["constrained_columns"]), k["referred_table"]) for k in made.get_foreign_keys(table)
        } == keys
        unique = {tuple(u["column_names"]) for u in told.get_unique_constraints(table)}
        assert {tuple(u["column_names"]) for u in made.get_unique_constraints(table)} == unique
    engine.dispose()


def test_migrating_twice_changes_nothing(store: Store) -> None:
    store.close()
    before = store.folder.database.read_bytes()
    migrate(store.folder.database, None)
    assert store.folder.database.read_bytes() == before
