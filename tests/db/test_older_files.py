"""Stations that an earlier version of the program made open, whole, after a backup."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from stationdesk.db.engine import single_engine
from stationdesk.db.migrate import needs_migration
from stationdesk.db.slots import SLOTS
from stationdesk.services.listing import Query, count_of
from stationdesk.services.stations import open_station, profile_of
from stationdesk.services.store import Store
from tests.small_town import small_town

_NEW_TABLES = (
    "kept_file",
    "form_template",
    "column_set",
    "import_map",
    "closed_month",
    "target",
    "custom_field",
)
_ROOMY = ("village", "household", "person", "organisation", "resource", "need", "match", "visit")


def as_the_third_version_left_it(database: Path) -> None:
    """Take out what step 0004 adds, so that the file is what version 0003 wrote."""
    engine = single_engine(database, None, writable=True)
    with engine.begin() as connection:
        for table in ("photo", "walk", "field_sheet", "copies_given", "sheet_edition"):
            connection.execute(text(f"DROP TABLE {table}"))
        for table, column in (("basemap", "pins"), ("basemap", "scan")):
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        for column in ("least_counted", "sketch"):
            connection.execute(text(f"ALTER TABLE station DROP COLUMN {column}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    engine.dispose()


def as_the_second_version_left_it(database: Path) -> None:
    """Take out what step 0003 adds as well, so that the file is what version 0002 wrote."""
    as_the_third_version_left_it(database)
    engine = single_engine(database, None, writable=True)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE basemap"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    engine.dispose()


def as_the_first_version_left_it(database: Path) -> None:
    """Take out what step 0002 adds as well, so that the file is what version 0001 wrote."""
    as_the_second_version_left_it(database)
    engine = single_engine(database, None, writable=True)
    with engine.begin() as connection:
        for table in _NEW_TABLES:
            connection.execute(text(f"DROP TABLE {table}"))
        for table in _ROOMY:
            for slot in SLOTS:
                connection.execute(text(f'ALTER TABLE "{table}" DROP COLUMN {slot}'))
        connection.execute(text("ALTER TABLE station DROP COLUMN month_starts_on"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()


@pytest.fixture
def old(tmp_path: Path) -> Store:
    """The small town as the first version would have left it, closed."""
    store = small_town(tmp_path).store
    store.close()
    as_the_first_version_left_it(store.folder.database)
    return store


def test_a_station_of_the_first_version_opens_with_all_it_holds(old: Store) -> None:
    assert needs_migration(old.folder.database, None)
    opened = open_station(old.folder.root)
    try:
        assert count_of(opened, Query("person")) == 3
        assert profile_of(opened).month_starts_on == 1
    finally:
        opened.close()
    assert not needs_migration(old.folder.database, None)


def test_it_is_backed_up_as_it_was_first(old: Store) -> None:
    open_station(old.folder.root).close()
    assert len(list(old.folder.backups.glob("before-update-*"))) == 1


def test_a_station_of_the_second_version_gets_its_table_of_base_maps(tmp_path: Path) -> None:
    store = small_town(tmp_path).store
    store.close()
    as_the_second_version_left_it(store.folder.database)
    assert needs_migration(store.folder.database, None)
    opened = open_station(store.folder.root)
    try:
        assert count_of(opened, Query("person")) == 3
        assert count_of(opened, Query("basemap")) == 0
    finally:
        opened.close()
    assert not needs_migration(store.folder.database, None)
    assert len(list(store.folder.backups.glob("before-update-*"))) == 1


def test_a_station_of_the_third_version_gets_what_printed_maps_need(tmp_path: Path) -> None:
    store = small_town(tmp_path).store
    store.close()
    as_the_third_version_left_it(store.folder.database)
    assert needs_migration(store.folder.database, None)
    opened = open_station(store.folder.root)
    try:
        assert count_of(opened, Query("person")) == 3
        assert count_of(opened, Query("sheet_edition")) == 0
        assert profile_of(opened).least_counted == 5
        assert not profile_of(opened).sketch
    finally:
        opened.close()
