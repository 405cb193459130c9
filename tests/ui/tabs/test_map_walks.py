"""On the screen map: the squares that were walked, drafts as hollow marks, photos beside the map."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Key
from stationdesk.services.history import undo
from stationdesk.services.listing import Query, keys_of
from stationdesk.services.photos import photos_of
from stationdesk.services.store import Store
from stationdesk.services.walks import WalkPlan, look, take_in, walks_of
from stationdesk.ui.photos import PhotoGallery
from stationdesk.ui.tabs.map import MapTab
from tests.phone_files import gpx, photo
from tests.small_town import CENTRE, SmallTown
from tests.ui.tabs.on_the_map import SOON, Evaluate

LAT, LON = CENTRE[0] + 0.002, CENTRE[1] - 0.004
SQUARES = "document.querySelectorAll('.walked:not([fill=none])').length"
TRACKS = "document.querySelectorAll('.walked[fill=none]').length"
TICK = (
    "[...document.querySelectorAll('.legend-layer label')]"
    ".find((each) => each.textContent.includes('走过的方格')).querySelector('input')"
)


def walked(qtbot: QtBot, tab: MapTab, folder: Path) -> Key:
    """A walk is taken in while the map is open; the draft that it made."""
    track = gpx(folder / "w.gpx", [[(LAT, LON, ""), (LAT + 0.009, LON, "")]])
    shot = photo(folder / "a.jpg", (LAT + 0.004, LON))

    def take(store: Store) -> ChangeSet:
        return take_in(store, look(store, [track, shot]), WalkPlan("桃园村行走", date(2026, 11, 20)))

    with qtbot.waitSignal(tab.desk.changed, timeout=SOON):
        tab.desk.change(take)
    (draft,) = keys_of(tab.desk.store, Query("resource", scope="draft"))
    return draft


def test_squares_and_tracks_are_drawn_when_they_are_asked_for(
    qtbot: QtBot, map_tab: MapTab, evaluate: Evaluate, tmp_path: Path
) -> None:
    walked(qtbot, map_tab, tmp_path)
    qtbot.waitUntil(lambda: evaluate("stationdesk.areas.size") == 2, timeout=SOON)  # the group, and the walk
    assert evaluate(f"{TICK}.checked") is False
    assert evaluate(f"{SQUARES} + {TRACKS}") == 0
    evaluate(f"{TICK}.click()")
    assert evaluate(SQUARES) >= 1
    assert evaluate(TRACKS) == 1
    # What lies under a square stays within reach of the mouse; the track itself is what one clicks.
    style = "getComputedStyle(document.querySelector('.walked{}')).pointerEvents"
    assert evaluate(style.format(":not([fill=none])")) == "none"
    assert evaluate(style.format("[fill=none]")) == "visiblestroke"
    with qtbot.waitSignal(map_tab.desk.changed, timeout=SOON):
        map_tab.desk.change(undo)
    qtbot.waitUntil(lambda: evaluate(f"{SQUARES} + {TRACKS}") == 0, timeout=SOON)


def test_the_view_is_not_stretched_by_a_walk_that_is_not_shown(
    qtbot: QtBot, map_tab: MapTab, evaluate: Evaluate, tmp_path: Path
) -> None:
    evaluate("stationdesk.fit()")
    zoom = evaluate("stationdesk.map.getZoom()")
    far = gpx(tmp_path / "far.gpx", [[(LAT, LON, ""), (LAT + 0.9, LON, "")]])

    def take(store: Store) -> ChangeSet:
        return take_in(store, look(store, [far]), WalkPlan("去县城", date(2026, 11, 20)))

    map_tab.desk.change(take)
    qtbot.waitUntil(lambda: evaluate("stationdesk.areas.size") == 2, timeout=SOON)
    evaluate("stationdesk.fit()")
    assert evaluate("stationdesk.map.getZoom()") == zoom


def test_a_walk_opens_the_list_of_walks(qtbot: QtBot, map_tab: MapTab, tmp_path: Path) -> None:
    walked(qtbot, map_tab, tmp_path)
    (line,) = walks_of(map_tab.desk.store)
    map_tab.open_record("walk", line.key)
    title = map_tab.findChild(QLabel, "map_chosen_title")
    assert isinstance(title, QLabel)
    qtbot.waitUntil(lambda: title.text() == "桃园村行走", timeout=SOON)
    with qtbot.waitSignal(map_tab.walks_wanted, timeout=SOON) as wanted:
        QTest.mouseClick(map_tab.card.open, Qt.MouseButton.LeftButton)
    assert wanted.args == [line.key]


def test_a_draft_is_hollow_and_says_what_it_lacks(
    qtbot: QtBot, map_tab: MapTab, evaluate: Evaluate, tmp_path: Path
) -> None:
    draft = walked(qtbot, map_tab, tmp_path)
    hollow = "[...stationdesk.places.values()].filter((place) => place.mark.hollow).length"
    qtbot.waitUntil(lambda: evaluate(hollow) == 1, timeout=SOON)
    map_tab.open_record("resource", draft)
    words = "document.querySelector('.leaflet-popup')?.textContent ?? ''"
    qtbot.waitUntil(lambda: "还差 资源名称、能提供什么" in evaluate(words), timeout=SOON)
    assert "便民生活（草稿，待补充）" in evaluate(words)
    remark = map_tab.findChild(QLabel, "map_chosen_remark")
    assert isinstance(remark, QLabel)
    qtbot.waitUntil(lambda: "草稿，待补充" in remark.text(), timeout=SOON)


def test_the_photos_of_a_place_are_seen_beside_the_map(
    qtbot: QtBot, map_tab: MapTab, town: SmallTown, tmp_path: Path
) -> None:
    draft = walked(qtbot, map_tab, tmp_path)
    map_tab.open_record("resource", draft)
    strip = map_tab.findChild(PhotoGallery, "map_photos")
    assert isinstance(strip, PhotoGallery)
    qtbot.waitUntil(lambda: strip.isVisible() and strip.photos.rowCount() == 1, timeout=SOON)
    with qtbot.waitSignal(map_tab.photos_wanted, timeout=SOON) as wanted:
        place = strip.visualRect(strip.photos.index(0)).center()
        QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wanted.args == ["resource", draft, photos_of(town.store, "resource", draft)[0].key]
    map_tab.open_record("resource", town["卫生院"])
    qtbot.waitUntil(lambda: not strip.isVisible(), timeout=SOON)
