from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from stationdesk.core.changes import changed
from stationdesk.core.errors import UserError, WrongPassword
from stationdesk.core.vocab import Role
from stationdesk.services.history import history_of, undo
from stationdesk.services.listing import Query, Row, keys_of, rows_of
from stationdesk.services.stations import add_worker, open_station, profile_of, save_profile
from stationdesk.services.store import Store
from stationdesk.services.workers import change_own_password, is_protected, save_worker
from tests.desk_station import TODAY, WORKER, new_station

PASSWORD = "春江水暖鸭先知呀"
OTHER = "竹外桃花三两枝呀"


@pytest.fixture
def protected(tmp_path: Path) -> Iterator[Store]:
    """A station with a password."""
    made = new_station(tmp_path / "密", PASSWORD)
    yield made
    made.close()


def people(store: Store) -> dict[str, Row]:
    keys = keys_of(store, Query("worker"))
    return {str(row.values["name"]): row for row in rows_of(store, "worker", keys).rows}


def change(store: Store, name: str, /, **values: Any) -> None:
    row = people(store)[name]
    edit = changed("worker", row.key, row.values, values)
    assert edit is not None
    save_worker(store, edit)


def test_a_worker_is_added_with_a_role_and_changed(store: Store) -> None:
    add_worker(store, "赵小禾", Role.VOLUNTEER)
    change(store, "赵小禾", role=Role.VIEWER, phone="0371-00000001")
    assert people(store)["赵小禾"].values["role"] is Role.VIEWER
    undo(store)
    assert people(store)["赵小禾"].values["role"] is Role.VOLUNTEER


def test_a_name_is_borne_by_one_worker_only(store: Store) -> None:
    add_worker(store, "赵小禾")
    with pytest.raises(UserError, match="已经有叫"):
        change(store, "赵小禾", name=WORKER)
    change(store, "赵小禾", name="赵晓禾")
    assert set(people(store)) == {WORKER, "赵晓禾"}


def test_somebody_is_left_to_open_the_station(store: Store) -> None:
    with pytest.raises(UserError, match="至少"):
        change(store, WORKER, until=TODAY + timedelta(days=30))
    add_worker(store, "赵小禾")
    change(store, WORKER, until=TODAY)
    with pytest.raises(UserError, match="不能大于"):
        change(store, WORKER, until=TODAY - timedelta(days=1))


def test_a_name_that_a_password_hangs_on_stays(protected: Store) -> None:
    assert is_protected(protected)
    with pytest.raises(UserError, match="姓名不能改"):
        change(protected, WORKER, name="王芳芳")


def test_a_password_is_changed_by_who_knows_the_old_one(protected: Store) -> None:
    root = protected.folder.root
    with pytest.raises(WrongPassword):
        change_own_password(protected, OTHER, OTHER)
    with pytest.raises(UserError, match="太短"):
        change_own_password(protected, PASSWORD, "短")
    change_own_password(protected, PASSWORD, OTHER)
    key = people(protected)[WORKER].key
    assert history_of(protected, "worker", key)[0].sentence == "改了自己的密码"
    protected.close()
    with pytest.raises(WrongPassword):
        open_station(root, WORKER, PASSWORD)
    open_station(root, WORKER, OTHER).close()


def test_who_was_added_again_opens_with_the_new_password(protected: Store) -> None:
    add_worker(protected, "赵小禾", password=OTHER)
    undo(protected)
    add_worker(protected, "赵小禾", password=PASSWORD)
    root = protected.folder.root
    protected.close()
    open_station(root, "赵小禾", PASSWORD).close()
    with pytest.raises(WrongPassword):
        open_station(root, "赵小禾", OTHER)


def test_the_profile_of_the_station_is_checked_changed_and_taken_back(store: Store) -> None:
    def edit(**values: Any) -> None:
        profile = profile_of(store)
        before = {name: getattr(profile, name) for name in values}
        made = changed("station", profile.key, before, values)
        assert made is not None
        save_profile(store, made)

    edit(name="青石镇社工站", town_code="999999001")
    assert profile_of(store).name == "青石镇社工站"
    with pytest.raises(UserError, match="9 位"):
        edit(town_code="12")
    with pytest.raises(UserError, match="位置"):
        edit(latitude=34.5)
    undo(store)
    assert (profile_of(store).name, profile_of(store).town_code) == ("柳河镇社工站", None)
