"""A photo is seen large, with those beside it; it is noted, taken away, put back, and given out bare."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.core.fields import Key
from stationdesk.services.photos import add_photos, photos_of, read_photos
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.photo import PhotoDialog
from stationdesk.ui.notices import Bar
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.saved import Folders, SavedBar
from stationdesk.ui.theme import Look
from tests.phone_files import PHONE, photo
from tests.small_town import CENTRE, SmallTown, small_town
from tests.ui.tabs.acting import button, desk_over, pressed, shown

SOON = 10_000


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    key = made["卫生院"]
    shots = [
        photo(tmp_path / "a.jpg", CENTRE, at="2026:11:20 09:30:00"),
        photo(tmp_path / "b.jpg", at="2026:11:20 09:40:00", colour="red"),
        photo(tmp_path / "c.jpg", at="", colour="blue"),
    ]
    add_photos(made.store, "resource", key, read_photos(made.store, "resource", key, shots).photos)
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path) -> Iterator[PhotoDialog]:
    window = shown(qtbot, QWidget())  # outlives the dialog that stands over it
    folders = Folders(Preferences(tmp_path / "window.json"), tmp_path)
    first = names(town)["a.jpg"]
    made = PhotoDialog(desk, folders, "resource", town["卫生院"], first, window)
    made.open()
    qtbot.waitUntil(lambda: made.line is not None and not made.sight.is_empty, timeout=SOON)
    yield made
    window.close()


def names(town: SmallTown) -> dict[str, Key]:
    return {line.file_name: line.key for line in photos_of(town.store, "resource", town["卫生院"])}


def notes(town: SmallTown) -> list[str]:
    return [line.note for line in photos_of(town.store, "resource", town["卫生院"])]


def where(dialog: PhotoDialog) -> str:
    found = dialog.findChild(QLabel, "photo_where")
    assert isinstance(found, QLabel)
    return found.text()


def tells(dialog: PhotoDialog, words: str) -> bool:
    return words in where(dialog)


def note(dialog: PhotoDialog) -> QLineEdit:
    found = dialog.findChild(QLineEdit, "photo_note")
    assert isinstance(found, QLineEdit)
    return found


def test_the_photos_are_gone_through_by_button_and_by_key(qtbot: QtBot, dialog: PhotoDialog) -> None:
    assert where(dialog) == "第 2 / 3 张　拍摄于 2026-11-20 09:30　a.jpg"
    pressed(dialog, "photo_after")
    assert "第 3 / 3 张　拍摄于 2026-11-20 09:40" in where(dialog)
    assert not button(dialog, "photo_after").isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Left)
    QTest.keyClick(dialog, Qt.Key.Key_PageUp)
    assert "第 1 / 3 张　不知道拍摄时间" in where(dialog)


def test_a_note_is_kept_by_enter_and_by_going_on(qtbot: QtBot, town: SmallTown, dialog: PhotoDialog) -> None:
    note(dialog).setFocus()
    note(dialog).setText("东门入口")
    QTest.keyClick(note(dialog), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "东门入口" in notes(town), timeout=SOON)
    assert dialog.isVisible()
    pressed(dialog, "photo_after")
    assert note(dialog).text() == ""
    note(dialog).setText("药房窗口")
    pressed(dialog, "photo_before")
    qtbot.waitUntil(lambda: notes(town) == ["", "东门入口", "药房窗口"], timeout=SOON)
    assert note(dialog).text() == "东门入口"


def test_a_photo_is_taken_away_and_put_back(qtbot: QtBot, town: SmallTown, dialog: PhotoDialog) -> None:
    pressed(dialog, "photo_remove")
    qtbot.waitUntil(lambda: set(names(town)) == {"b.jpg", "c.jpg"}, timeout=SOON)
    gone = dialog.findChild(Bar, "photo_gone")
    assert isinstance(gone, Bar)
    qtbot.waitUntil(gone.isVisible, timeout=SOON)
    qtbot.waitUntil(lambda: "/ 2 张" in where(dialog), timeout=SOON)
    pressed(dialog, "photo_put_back")
    qtbot.waitUntil(lambda: "/ 3 张" in where(dialog), timeout=SOON)
    assert set(names(town)) == {"a.jpg", "b.jpg", "c.jpg"}


def test_the_last_photo_leaves_an_empty_window_that_says_so(
    qtbot: QtBot, town: SmallTown, dialog: PhotoDialog
) -> None:
    for said in ("/ 2 张", "/ 1 张", "没有照片了"):
        pressed(dialog, "photo_remove")
        qtbot.waitUntil(partial(tells, dialog, said), timeout=SOON)
    assert names(town) == {}
    assert not button(dialog, "photo_save").isEnabled()


def test_what_is_saved_carries_nothing_of_the_phone(
    qtbot: QtBot, town: SmallTown, dialog: PhotoDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed: list[str] = []
    target = tmp_path / "给出.jpg"

    def choose(_parent: object, _title: str, path: str, _kinds: str) -> tuple[str, str]:
        proposed.append(Path(path).name)
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    pressed(dialog, "photo_save")
    qtbot.waitUntil(target.is_file, timeout=SOON)
    assert proposed == ["柳河镇社工站_照片_柳河镇卫生院_2026-11-22.jpg"]
    assert PHONE.encode() not in target.read_bytes()
    with Image.open(target) as given:
        assert not given.getexif()
    saved = dialog.findChild(SavedBar, "photo_saved")
    assert isinstance(saved, SavedBar)
    qtbot.waitUntil(saved.isVisible, timeout=SOON)
    assert "不带拍摄位置和时间" in saved.text
