"""社区行走…: photos and tracks are chosen, looked through place by place, and taken in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDateEdit, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.core.changes import ChangeSet
from stationdesk.core.vocab import Dimension, MapClass, ResourceStatus
from stationdesk.services.listing import Filter, Query, keys_of, row_of
from stationdesk.services.photos import photos_of
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.walk import WalkDialog
from stationdesk.ui.dialogs.walk_places import WalkPlaces
from stationdesk.ui.notices import Bar
from stationdesk.ui.theme import Look
from tests.phone_files import gpx, photo
from tests.small_town import CENTRE, TODAY, SmallTown, small_town
from tests.ui.tabs.acting import desk_over, pressed, shown

LAT, LON = CENTRE[0] + 0.02, CENTRE[1] + 0.02
SOON = 10_000


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk) -> Iterator[WalkDialog]:
    window = shown(qtbot, QWidget())  # outlives the dialog that stands over it
    made = WalkDialog(desk, window)
    made.open()
    yield made
    window.close()


def places(dialog: WalkDialog) -> WalkPlaces:
    found = dialog.findChild(WalkPlaces, "walk_places")
    assert isinstance(found, WalkPlaces)
    return found


def said(dialog: WalkDialog) -> str:
    found = dialog.findChild(QLabel, "walk_said")
    assert isinstance(found, QLabel)
    return found.text()


def take(dialog: WalkDialog) -> QAbstractButton:
    found = dialog.findChild(QAbstractButton, "walk_take")
    assert isinstance(found, QAbstractButton)
    return found


def drafts(town: SmallTown) -> list[str]:
    status = Filter("status", frozenset({ResourceStatus.DRAFT}))
    keys = keys_of(town.store, Query("resource", filters=(status,)))
    rows = [row_of(town.store, "resource", key) for key in keys]
    return sorted(str(row.values["name"]) for row in rows if row is not None)


def test_until_files_are_chosen_the_day_is_today(dialog: WalkDialog) -> None:
    day = dialog.findChild(QDateEdit, "walk_day")
    assert day is not None
    assert day.date().toString("yyyy-MM-dd") == TODAY.isoformat()


def test_photos_become_drafts_with_the_names_that_were_typed(
    qtbot: QtBot, town: SmallTown, dialog: WalkDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [
        photo(tmp_path / "a.jpg", (LAT, LON)),
        photo(tmp_path / "b.jpg", (LAT + 0.01, LON), colour="red"),
    ]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_asked: ([str(path) for path in paths], ""))
    assert not take(dialog).isEnabled()
    pressed(dialog, "walk_choose")
    qtbot.waitUntil(lambda: places(dialog).rowCount() == 2, timeout=SOON)
    assert "照片 2 张，地点 2 处" in said(dialog)
    name = places(dialog).item(0, 2)
    assert name is not None
    name.setText("老井亭")
    fate = dialog.findChild(QComboBox, "walk_fate_1")
    assert isinstance(fate, QComboBox)
    fate.setCurrentText("不收")
    with qtbot.waitSignal(dialog.taken, timeout=SOON) as taken:
        pressed(dialog, "walk_take")
    assert taken.args
    assert isinstance(taken.args[0], ChangeSet)
    assert drafts(town) == ["老井亭"]


def test_a_photo_of_what_is_known_is_offered_to_it(
    qtbot: QtBot, town: SmallTown, dialog: WalkDialog, tmp_path: Path
) -> None:
    key = town.add(
        "resource",
        "广场",
        name="池塘小广场",
        dimension=Dimension.SPACE,
        map_class=MapClass.CULTURE,
        latitude=LAT,
        longitude=LON,
    )
    dialog.take_files((photo(tmp_path / "a.jpg", (LAT, LON)),))
    qtbot.waitUntil(lambda: places(dialog).rowCount() == 1, timeout=SOON)
    fate = dialog.findChild(QComboBox, "walk_fate_0")
    assert isinstance(fate, QComboBox)
    assert fate.currentText() == "照片加到 文-01 池塘小广场"
    with qtbot.waitSignal(dialog.taken, timeout=SOON):
        pressed(dialog, "walk_take")
    assert drafts(town) == []
    assert len(photos_of(town.store, "resource", key)) == 1


def test_what_cannot_be_read_is_told_beside_what_can(
    qtbot: QtBot, dialog: WalkDialog, tmp_path: Path
) -> None:
    torn = tmp_path / "b.jpg"
    torn.write_bytes(b"\xff\xd8\xff\xe0")
    track = gpx(tmp_path / "w.gpx", [[(LAT, LON, ""), (LAT + 0.01, LON, "")]])
    dialog.take_files((torn, track, photo(tmp_path / "a.jpg")))
    qtbot.waitUntil(lambda: "轨迹 1.1 公里" in said(dialog), timeout=SOON)
    assert "“b.jpg”不是能打开的照片" in said(dialog)
    assert "1 张照片没有位置" in said(dialog)
    assert take(dialog).isEnabled()


def test_a_walk_without_a_name_is_refused_and_nothing_lost(
    qtbot: QtBot, town: SmallTown, dialog: WalkDialog, tmp_path: Path
) -> None:
    dialog.take_files((photo(tmp_path / "a.jpg", (LAT, LON)),))
    qtbot.waitUntil(lambda: places(dialog).rowCount() == 1, timeout=SOON)
    name = dialog.findChild(QLineEdit, "walk_name")
    assert isinstance(name, QLineEdit)
    name.clear()
    pressed(dialog, "walk_take")
    refusal = dialog.findChild(Bar, "walk_refusal")
    assert isinstance(refusal, Bar)
    qtbot.waitUntil(refusal.isVisible, timeout=SOON)
    assert places(dialog).rowCount() == 1
    assert drafts(town) == []
