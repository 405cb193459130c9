"""底图…: a base map is added, shown, ordered and removed in the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialog, QFileDialog, QLabel, QTableWidget
from pytestqt.qtbot import QtBot

from stationdesk.core.vocab import Datum
from stationdesk.services import basemaps, history
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.basemaps import BasemapsDialog
from stationdesk.ui.theme import Look
from tests.small_town import SmallTown, small_town
from tests.tile_files import TOWN, mbtiles, tiles_around
from tests.ui.tabs.acting import button, desk_over, pressed, shown, typed

TILES = tiles_around(TOWN, (12,), 1)
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
def dialog(qtbot: QtBot, desk: Desk) -> BasemapsDialog:
    return shown(qtbot, BasemapsDialog(desk), 900, 520)


def table(dialog: BasemapsDialog) -> QTableWidget:
    found = dialog.findChild(QTableWidget, "basemaps_list")
    assert isinstance(found, QTableWidget)
    return found


def names(dialog: BasemapsDialog) -> list[tuple[str, bool]]:
    """The names in the list, and whether each is shown."""
    items = [table(dialog).item(row, 0) for row in range(table(dialog).rowCount())]
    return [(item.text(), item.checkState() is Qt.CheckState.Checked) for item in items if item is not None]


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: (str(path), ""))


def sheet(dialog: BasemapsDialog, name: str) -> QDialog:
    found = [each for each in dialog.findChildren(QDialog, f"{name}_dialog") if each.isVisible()]
    assert found
    return found[-1]


def opened(qtbot: QtBot, dialog: BasemapsDialog, name: str) -> QDialog:
    qtbot.waitUntil(
        lambda: any(each.isVisible() for each in dialog.findChildren(QDialog, f"{name}_dialog")), timeout=SOON
    )
    return sheet(dialog, name)


def words(parent: QDialog, name: str) -> str:
    found = parent.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def add(qtbot: QtBot, dialog: BasemapsDialog, path: Path, datum: str = "wgs84") -> None:
    dialog.take_file(path)
    asked = opened(qtbot, dialog, "basemap_add")
    pressed(asked, f"basemap_add_{datum}")
    rows = table(dialog).rowCount()
    pressed(asked, "basemap_add_save")
    qtbot.waitUntil(lambda: table(dialog).rowCount() == rows + 1, timeout=SOON)


def test_a_file_is_chosen_looked_at_and_added_once_its_datum_is_told(
    qtbot: QtBot, dialog: BasemapsDialog, town: SmallTown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, mbtiles(tmp_path / "a.mbtiles", TILES, told={"name": "县影像"}))
    pressed(dialog, "basemaps_add")
    asked = opened(qtbot, dialog, "basemap_add")
    assert "处地点都在这张底图里" in words(asked, "basemap_add_words")
    pressed(asked, "basemap_add_save")
    assert "请先选坐标系" in words(asked, "basemap_add_refusal")
    pressed(asked, "basemap_add_gcj02")
    pressed(asked, "basemap_add_save")
    qtbot.waitUntil(lambda: names(dialog) == [("县影像", True)], timeout=SOON)
    [base] = basemaps.bases_of(town.store)
    assert base.datum is Datum.GCJ02


def test_a_file_that_is_no_map_is_refused_in_the_dialog(
    qtbot: QtBot, dialog: BasemapsDialog, tmp_path: Path
) -> None:
    path = tmp_path / "通知.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    dialog.take_file(path)
    qtbot.waitUntil(lambda: "不是能用的底图" in words(dialog, "basemaps_refusal_text"), timeout=SOON)
    assert table(dialog).rowCount() == 0


def test_base_maps_are_hidden_moved_renamed_and_removed(
    qtbot: QtBot, dialog: BasemapsDialog, town: SmallTown, tmp_path: Path
) -> None:
    for name in ("甲", "乙"):
        add(qtbot, dialog, mbtiles(tmp_path / f"{name}.mbtiles", TILES, told={"name": name}))
    assert names(dialog) == [("乙", True), ("甲", True)]
    table(dialog).setCurrentCell(0, 0)
    pressed(dialog, "basemaps_down")
    qtbot.waitUntil(lambda: names(dialog) == [("甲", True), ("乙", True)], timeout=SOON)
    item = table(dialog).item(0, 0)
    assert item is not None
    item.setCheckState(Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: not basemaps.bases_of(town.store)[0].shown, timeout=SOON)
    table(dialog).setCurrentCell(0, 0)
    pressed(dialog, "basemaps_edit")
    asked = opened(qtbot, dialog, "basemap_edit")
    typed(asked, "basemap_edit_name", "sat")
    typed(asked, "basemap_edit_review", "GS(2024)0650")
    pressed(asked, "basemap_edit_save")
    qtbot.waitUntil(lambda: names(dialog) == [("sat", False), ("乙", True)], timeout=SOON)
    assert basemaps.bases_of(town.store)[0].review_number == "GS(2024)0650"
    table(dialog).setCurrentCell(0, 0)
    pressed(dialog, "basemaps_remove")
    qtbot.waitUntil(lambda: names(dialog) == [("乙", True)], timeout=SOON)
    assert "还有 1 个文件" in words(dialog, "basemaps_kept")


def test_files_of_removed_maps_are_deleted_for_good_after_a_question_only(
    qtbot: QtBot, dialog: BasemapsDialog, town: SmallTown, tmp_path: Path
) -> None:
    add(qtbot, dialog, mbtiles(tmp_path / "a.mbtiles", TILES, told={"name": "甲"}))
    pressed(dialog, "basemaps_remove")
    qtbot.waitUntil(lambda: names(dialog) == [], timeout=SOON)
    pressed(dialog, "basemaps_forget")
    question = dialog.findChild(QDialog, "question")
    assert isinstance(question, QDialog)
    assert basemaps.forgotten(town.store)[0] == 1
    yes = question.findChild(QAbstractButton, "question_yes")
    assert isinstance(yes, QAbstractButton)
    yes.click()
    qtbot.waitUntil(lambda: basemaps.forgotten(town.store)[0] == 0, timeout=SOON)
    qtbot.waitUntil(lambda: not words(dialog, "basemaps_kept"), timeout=SOON)


def test_the_list_follows_an_undo(qtbot: QtBot, dialog: BasemapsDialog, desk: Desk, tmp_path: Path) -> None:
    add(qtbot, dialog, mbtiles(tmp_path / "a.mbtiles", TILES, told={"name": "甲"}))
    pressed(dialog, "basemaps_remove")
    qtbot.waitUntil(lambda: names(dialog) == [], timeout=SOON)
    desk.change(history.undo)
    qtbot.waitUntil(lambda: names(dialog) == [("甲", True)], timeout=SOON)
    assert not [each for each in dialog.findChildren(QAbstractButton, "basemaps_forget") if each.isVisible()]


def test_nothing_can_be_done_to_a_map_that_is_not_there(dialog: BasemapsDialog) -> None:
    for name in ("basemaps_edit", "basemaps_up", "basemaps_down", "basemaps_remove"):
        assert not button(dialog, name).isEnabled()


def test_a_map_of_somewhere_else_is_told_before_it_is_added(
    qtbot: QtBot, dialog: BasemapsDialog, tmp_path: Path
) -> None:
    dialog.take_file(mbtiles(tmp_path / "远方.mbtiles", tiles_around((30.0, 110.0), (12,), 1)))
    asked = opened(qtbot, dialog, "basemap_add")
    assert "都在这张底图外面" in words(asked, "basemap_add_refusal")
    done = asked.findChild(QAbstractButton, "basemap_add_save")
    assert isinstance(done, QAbstractButton)
    assert done.text() == "仍然加入"
    asked.close()
