"""Photos on the form of a place, and drafts that wait to be completed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from stationdesk.core.vocab import Dimension, MapClass, ResourceStatus
from stationdesk.services.history import undo
from stationdesk.services.listing import row_of
from stationdesk.services.photos import add_photos, photos_of, read_photos
from stationdesk.ui.forms import Kit
from stationdesk.ui.notices import Bar
from stationdesk.ui.photos import MOST_KEPT, PhotoGallery
from stationdesk.ui.tabs.clients import ClientsTab
from stationdesk.ui.tabs.organisations import OrganisationPage
from stationdesk.ui.tabs.photos import PhotosPage
from stationdesk.ui.tabs.resources import ResourcePage
from stationdesk.ui.tabs.villages import VillagePage
from tests.phone_files import photo
from tests.small_town import SmallTown
from tests.ui.tabs.acting import button, pressed, shown
from tests.ui.tabs.writing import opened, saved, write

SOON = 10_000


@pytest.fixture
def tab(qtbot: QtBot, town_kit: Kit) -> ResourcePage:
    made = shown(qtbot, ResourcePage(town_kit))
    qtbot.waitUntil(lambda: made.form.key is not None)
    return made


def page(tab: ResourcePage) -> PhotosPage:
    found = tab.findChild(PhotosPage, "resource_photos_page")
    assert isinstance(found, PhotosPage)
    tab.form.pages.setCurrentWidget(found)
    return found


def gallery(tab: ResourcePage) -> PhotoGallery:
    return page(tab).gallery


def names(town: SmallTown) -> list[str]:
    return [line.file_name for line in photos_of(town.store, "resource", town["卫生院"])]


def test_photos_are_added_seen_and_taken_back(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(qtbot, tab, town["卫生院"])
    empty = page(tab).findChild(QLabel, "resource_photos_empty")
    assert isinstance(empty, QLabel)
    qtbot.waitUntil(empty.isVisible, timeout=SOON)
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(b"\xff\xd8\xff\xe0")
    chosen = [str(photo(tmp_path / "a.jpg")), str(photo(tmp_path / "b.jpg", colour="red")), str(torn)]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_asked: (chosen, ""))
    pressed(page(tab), "resource_photos_add")
    qtbot.waitUntil(lambda: gallery(tab).photos.rowCount() == 2, timeout=SOON)
    assert names(town) == ["a.jpg", "b.jpg"]
    said = page(tab).findChild(Bar, "resource_photos_said")
    assert isinstance(said, Bar)
    assert "“torn.jpg”不是能打开的照片" in said.text
    place = tab.form.pages.indexOf(page(tab))
    qtbot.waitUntil(lambda: tab.form.pages.tabText(place) == "照片 2", timeout=SOON)
    tab.desk.change(undo)
    qtbot.waitUntil(empty.isVisible, timeout=SOON)
    assert tab.form.pages.tabText(place) == "照片"


def test_a_click_wants_the_photo_large(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown, tmp_path: Path
) -> None:
    key = town["卫生院"]
    read = read_photos(town.store, "resource", key, [photo(tmp_path / "a.jpg")])
    add_photos(town.store, "resource", key, read.photos)
    opened(qtbot, tab, key)
    view = gallery(tab)
    qtbot.waitUntil(lambda: view.photos.rowCount() == 1 and view.isVisible(), timeout=SOON)
    place = view.visualRect(view.photos.index(0)).center()
    with qtbot.waitSignal(tab.photos_wanted, timeout=SOON) as wanted:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wanted.args == ["resource", key, photos_of(town.store, "resource", key)[0].key]


def test_small_pictures_are_read_when_they_are_looked_at_and_only_some_are_kept(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown, tmp_path: Path
) -> None:
    key = town["卫生院"]
    count = MOST_KEPT + 24
    for start in range(0, count, 40):
        paths = [
            photo(tmp_path / f"{at:03d}.jpg", at=_minute(at), colour=_colour(at), size=(40, 30))
            for at in range(start, min(start + 40, count))
        ]
        add_photos(town.store, "resource", key, read_photos(town.store, "resource", key, paths).photos)
    opened(qtbot, tab, key)
    model = gallery(tab).photos
    qtbot.waitUntil(lambda: model.rowCount() == count, timeout=SOON)

    def picture(row: int) -> QPixmap:
        found = model.data(model.index(row), Qt.ItemDataRole.DecorationRole)
        assert isinstance(found, QPixmap)
        return found

    blank = picture(60).cacheKey()  # out of sight, so that nobody has asked for it yet
    qtbot.waitUntil(lambda: picture(60).cacheKey() != blank, timeout=SOON)

    def is_there(row: int) -> bool:
        return picture(row).cacheKey() != blank

    for row in range(count):
        qtbot.waitUntil(partial(is_there, row), timeout=SOON)
    assert not is_there(20)  # those looked at longest ago had to go, and are read again


def _colour(at: int) -> str:
    """Far enough from its neighbours that no two pictures are the same."""
    return f"#{at * 2:02x}{at * 53 % 256:02x}{at * 97 % 256:02x}"


def _minute(at: int) -> str:
    return f"2026:11:20 {at // 60:02d}:{at % 60:02d}:00"


def test_places_have_photos_and_people_have_none(qtbot: QtBot, town_kit: Kit) -> None:
    for made, name in (
        (VillagePage(town_kit), "village_photos_page"),
        (OrganisationPage(town_kit), "organisation_photos_page"),
    ):
        qtbot.addWidget(made)
        assert made.findChild(PhotosPage, name) is not None
    clients = ClientsTab(town_kit)
    qtbot.addWidget(clients)
    qtbot.waitUntil(lambda: not town_kit.desk.under_way, timeout=SOON)
    assert [found.objectName() for found in clients.findChildren(PhotosPage)] == ["village_photos_page"]


def test_a_draft_says_what_it_lacks_and_stays_one_until_it_is_said_to_be_complete(
    qtbot: QtBot, tab: ResourcePage, town: SmallTown
) -> None:
    key = town.add(
        "resource",
        "草稿",
        name="未命名 09:30",
        dimension=Dimension.SPACE,
        map_class=MapClass.CONVENIENCE,
        status=ResourceStatus.DRAFT,
        village_key=town["柳河村"],
    )
    tab.filters.choose_scope("draft")
    qtbot.waitUntil(lambda: tab.table.rows.keys == (key,), timeout=SOON)
    qtbot.waitUntil(lambda: button(tab, "resource.scope.draft").text() == "草稿 1", timeout=SOON)
    opened(qtbot, tab, key)
    assert "还差：资源名称、能提供什么、电话" in tab.form.banner.text
    write(tab, "resource.name", "老井亭")
    saved(qtbot, tab)
    qtbot.waitUntil(lambda: "还差：能提供什么、电话" in tab.form.banner.text, timeout=SOON)
    stored = row_of(town.store, "resource", key)
    assert stored is not None
    assert stored.values["status"] is ResourceStatus.DRAFT
    write(tab, "resource.offer_text", "歇脚、议事")
    pressed(tab, "resource_settle")

    def settled() -> bool:
        row = row_of(town.store, "resource", key)
        assert row is not None
        return (row.values["status"], row.values["offer_text"]) == (ResourceStatus.ACTIVE, "歇脚、议事")

    qtbot.waitUntil(settled, timeout=SOON)
    qtbot.waitUntil(lambda: "没有核实过" in tab.form.banner.text, timeout=SOON)
