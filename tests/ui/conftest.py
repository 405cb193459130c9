"""A small real station for the window: a real file, real threads, a real look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from stationdesk.core.changes import created
from stationdesk.core.clock import FixedClock
from stationdesk.core.fields import Key
from stationdesk.core.paths import StationFolder
from stationdesk.core.vocab import Dimension, MapClass
from stationdesk.db.base import Base, blank
from stationdesk.db.engine import writer_engine
from stationdesk.db.models import RECORDS
from stationdesk.db.search import SCHEMA
from stationdesk.services import records
from stationdesk.services.store import Actor, Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.forms import STATION, Codes, Kit
from stationdesk.ui.theme import Look, Theme

TODAY = date(2026, 11, 22)

Add = Callable[..., Key]
"""Adds a record through its own rules: (record, **values) -> key."""


@pytest.fixture(scope="session")
def look(qapp: QApplication) -> Look:
    """The light look at the default size."""
    return Look(qapp, Theme.LIGHT)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty station with the code lists that the window tests use."""
    folder = StationFolder(tmp_path / "站")
    folder.root.mkdir()
    engine = writer_engine(folder.database, None)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        for statement in SCHEMA:
            connection.execute(text(statement))
    engine.dispose()
    station = Store(folder, actor=Actor("张社工"), clock=FixedClock.on(TODAY))
    codes = [
        ("client_group", "G01", "低保对象"),
        ("client_group", "G13", "独居老人"),
        ("org_kind", "O1", "志愿队"),
    ]
    with station.writing("试验") as work:
        for place, (name, code, label) in enumerate(codes):
            values = {"list": name, "code": code, "label": label, "position": place, "verified": True}
            work.write(
                [created("code", {**blank(RECORDS["code"]), "hidden": False, "built_in": True, **values})]
            )
    yield station
    station.close()


@pytest.fixture
def add(store: Store) -> Add:
    """Adds records."""

    def one(record: str, **values: Any) -> Key:
        change = created(record, {**records.blank_of(store, record), **values})
        records.save(store, change)
        return change.key

    return one


@pytest.fixture
def resource(add: Add) -> Add:
    """Adds resources, which need a dimension and a class."""

    def one(record: str = "resource", **values: Any) -> Key:
        return add(record, **{"dimension": Dimension.PEOPLE, "map_class": MapClass.MEDICAL, **values})

    return one


@pytest.fixture
def desk(qtbot: QtBot, store: Store, look: Look) -> Iterator[Desk]:
    """The desk over the station; a bug that reaches it fails the test."""
    made = Desk(store, look)
    bugs: list[object] = []
    made.crashed.connect(bugs.append)
    yield made
    made.close()
    assert not bugs


@pytest.fixture
def kit(desk: Desk) -> Kit:
    """What editors work with."""
    return Kit(desk, STATION, Codes(desk, STATION), lambda: TODAY)
