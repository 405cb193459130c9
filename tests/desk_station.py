"""A small real station for tests, and the short way to put records into it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from stationdesk.core.changes import changed, created
from stationdesk.core.clock import FixedClock
from stationdesk.core.fields import Key, Values
from stationdesk.services import listing, records
from stationdesk.services.stations import Newcomer, Profile, create, open_station
from stationdesk.services.store import Store

TODAY = date(2026, 11, 22)
WORKER = "王芳"
PROFILE = Profile("柳河镇社工站", "柳河镇")

VALID_ID = "11010519491231002X"
"""The public test vector of GB 11643."""


def new_station(root: Path, password: str | None = None) -> Store:
    """A fresh station with one worker, on a fixed day."""
    if password is not None:
        return create(root, PROFILE, [Newcomer(WORKER, password)], FixedClock.on(TODAY))
    shutil.copytree(_plain_station(), root)
    return open_station(root, WORKER, clock=FixedClock.on(TODAY))


@cache
def _plain_station() -> Path:
    """A station made once by the real code, to be copied: making one for each test takes longest of all."""
    folder = Path(tempfile.mkdtemp(prefix="stationdesk-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    create(folder / "station", PROFILE, [Newcomer(WORKER)], FixedClock.on(TODAY)).close()
    return folder / "station"


def add(store: Store, record: str, **values: Any) -> Key:
    """Save a new record as a form would, and return its key."""
    start = {**records.blank_of(store, record), **values}
    return records.save(store, created(record, start)).keys(record)[0]


def edit(store: Store, record: str, key: Key, **values: Any) -> None:
    """Change a record as a form would that has just read it."""
    change = changed(record, key, read(store, record, key), values)
    assert change is not None, "a test that changes nothing tests nothing"
    records.save(store, change)


def read(store: Store, record: str, key: Key) -> Values:
    """The values of a record now."""
    row = listing.row_of(store, record, key)
    assert row is not None, f"{record} {key} is gone"
    return row.values
