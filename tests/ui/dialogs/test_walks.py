"""社区行走记录…: what each walk brought home; one is taken away and put back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.services.listing import Query, count_of
from stationdesk.services.walks import WalkPlan, look, take_in, walks_of
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.walks import WalksDialog
from stationdesk.ui.notices import Bar
from stationdesk.ui.theme import Look
from tests.phone_files import gpx, photo
from tests.small_town import CENTRE, SmallTown, small_town
from tests.ui.tabs.acting import button, desk_over, pressed, shown

LAT, LON = CENTRE[0] + 0.02, CENTRE[1] + 0.02
SOON = 10_000


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def walked(town: SmallTown, tmp_path: Path) -> SmallTown:
    track = gpx(tmp_path / "w.gpx", [[(LAT, LON, ""), (LAT + 0.009, LON, "")]], [(LAT, LON + 0.01, "小卖部")])
    sight = look(town.store, [track, photo(tmp_path / "a.jpg", (LAT, LON))])
    take_in(town.store, sight, WalkPlan("桃园村行走", date(2026, 11, 20)))
    later = gpx(tmp_path / "v.gpx", [[(LAT, LON, ""), (LAT, LON + 0.009, "")]])
    take_in(town.store, look(town.store, [later]), WalkPlan("东边补走", date(2026, 11, 21)))
    return town


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk) -> Iterator[WalksDialog]:
    window = shown(qtbot, QWidget())  # outlives the dialog that stands over it
    made = WalksDialog(desk, window)
    made.open()
    yield made
    window.close()


def row(table: QTableWidget, at: int) -> list[str]:
    items = [table.item(at, column) for column in range(table.columnCount())]
    return [item.text() for item in items if item is not None]


def test_a_station_without_walks_is_told_how_to_begin(qtbot: QtBot, dialog: WalksDialog) -> None:
    empty = dialog.findChild(QWidget, "walks_empty")
    assert empty is not None
    qtbot.waitUntil(empty.isVisible, timeout=SOON)
    assert not button(dialog, "walks_remove").isEnabled()
    with qtbot.waitSignal(dialog.new_wanted, timeout=SOON):
        pressed(dialog, "walks_new")


@pytest.mark.usefixtures("walked")
def test_each_walk_is_a_row_the_last_one_first(qtbot: QtBot, dialog: WalksDialog) -> None:
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2, timeout=SOON)
    assert row(dialog.table, 0) == ["2026-11-21", "东边补走", "", "0.8", "0", ""]
    assert row(dialog.table, 1) == ["2026-11-20", "桃园村行走", "柳河村", "1.0", "1", "2 个，待补全 2 个"]


def test_a_walk_is_taken_away_and_put_back(qtbot: QtBot, walked: SmallTown, dialog: WalksDialog) -> None:
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2, timeout=SOON)
    before = walks_of(walked.store)
    dialog.show_walk(before[1].key)
    pressed(dialog, "walks_remove")
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1, timeout=SOON)
    assert count_of(walked.store, Query("resource", scope="draft")) == 0
    said = dialog.findChild(Bar, "walks_said")
    assert isinstance(said, Bar)
    qtbot.waitUntil(lambda: "和 2 个没补全的草稿" in said.text, timeout=SOON)
    pressed(dialog, "walks_put_back")
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2, timeout=SOON)
    assert walks_of(walked.store) == before


@pytest.mark.usefixtures("walked")
def test_the_drafts_that_wait_are_opened_from_here(qtbot: QtBot, dialog: WalksDialog) -> None:
    qtbot.waitUntil(lambda: button(dialog, "walks_drafts").isEnabled(), timeout=SOON)
    with qtbot.waitSignal(dialog.query_wanted, timeout=SOON) as wanted:
        pressed(dialog, "walks_drafts")
    assert wanted.args is not None
    assert wanted.args[0].scope == "draft"
