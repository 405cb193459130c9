"""What a walk brought home is completed: from the home tab to the draft, its photo, and back on the map."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from stationdesk.core.vocab import ResourceStatus
from stationdesk.services.listing import Query, keys_of
from stationdesk.services.photos import photos_of
from stationdesk.services.walks import walks_of
from stationdesk.ui.photos import PhotoGallery
from tests.journeys.person import Person
from tests.phone_files import PHONE, gpx, photo
from tests.small_town import CENTRE, small_town

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen

SOON = 60_000
LAT, LON = CENTRE[0] + 0.003, CENTRE[1] + 0.003


def choose_in_menu(person: Person, name: str) -> None:
    menu = person.window.findChild(QMenu, "window_menu")
    assert menu is not None
    action = menu.findChild(QAction, name)
    assert action is not None
    action.trigger()


def take_walk(person: Person, folder: Path) -> None:
    shot = photo(folder / "a.jpg", (LAT, LON))
    track = gpx(folder / "w.gpx", [[(LAT, LON, ""), (LAT + 0.009, LON, "")]])
    choose_in_menu(person, "menu_walk")
    dialog = person.dialog("walk_dialog")
    with person.answering(Path(f'"{shot}" "{track}"')):  # as the file dialog writes two files
        person.press("walk_choose", dialog)
    person.wait(lambda: person.reads("照片 1 张，地点 1 处", dialog), SOON)
    person.write("walk_name", "桃园村行走", dialog)
    person.press("walk_take", dialog)
    person.wait(lambda: bool(walks_of(person.store)), SOON)


def test_a_draft_is_completed_with_its_photo_and_the_walk_taken_back(person: Person, tmp_path: Path) -> None:
    small_town(tmp_path).store.close()
    person.open_again(tmp_path / "柳河站")
    take_walk(person, tmp_path)
    (draft,) = keys_of(person.store, Query("resource", scope="draft"))

    # From the home tab to the drafts.
    person.go_to("工作台")
    person.press("lack_drafts")
    person.wait(lambda: person.reads("便-02 未命名 09:30"), SOON)
    assert person.reads("还差：资源名称、能提供什么、电话")

    # Its photo, large, and given out.
    person.turn_to("resource", "照片")
    gallery = person.window.findChild(PhotoGallery, "resource_photos")
    assert gallery is not None
    person.wait(lambda: gallery.isVisible() and gallery.photos.rowCount() == 1)
    place = gallery.visualRect(gallery.photos.index(0)).center()
    QTest.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=place)
    dialog = person.dialog("photo_dialog")
    person.wait(lambda: person.reads("拍摄于 2026-11-20 09:30", dialog))
    person.write("photo_note", "老井亭，有石凳", dialog)
    given = tmp_path / "给村里.jpg"
    with person.answering(given):
        person.press("photo_save", dialog)
    person.wait(lambda: person.reads("不带拍摄位置和时间", dialog), SOON)
    assert PHONE.encode() not in given.read_bytes()
    with Image.open(given) as shown:
        assert not shown.getexif()
    person.press("photo_close", dialog)
    person.wait(
        lambda: [line.note for line in photos_of(person.store, "resource", draft)] == ["老井亭，有石凳"]
    )

    # Completed.
    person.turn_to("resource", "基本")
    person.write("resource.name", "老井亭")
    person.write("resource.offer_text", "歇脚、议事")
    person.press("resource_settle")
    person.wait(lambda: person.value("resource", draft, "status") is ResourceStatus.ACTIVE)
    assert person.value("resource", draft, "name") == "老井亭"

    # The walk goes; what it found stays.
    choose_in_menu(person, "menu_walks")
    walks = person.dialog("walks_dialog")
    person.press("walks_remove", walks)
    person.wait(lambda: walks_of(person.store) == ())
    person.press("walks_put_back", walks)
    person.wait(lambda: len(walks_of(person.store)) == 1)
    person.press("walks_remove", walks)
    person.wait(lambda: walks_of(person.store) == ())
    person.press("walks_close", walks)
    assert len(photos_of(person.store, "resource", draft)) == 1
    assert person.value("resource", draft, "name") == "老井亭"
