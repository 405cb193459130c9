"""What is offered after saving: the file and its folder, or the folder that was made."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from stationdesk.ui.desk import Desk
from stationdesk.ui.saved import SavedBar


def test_a_folder_of_files_is_opened_itself(
    desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl.toLocalFile(url)))
    bar = SavedBar(desk.look)
    qtbot.addWidget(bar)
    made, file = tmp_path / "一人一档", tmp_path / "名册.xlsx"
    made.mkdir()
    file.touch()
    folder = bar.findChild(QPushButton, "saved_open_folder")
    single = bar.findChild(QPushButton, "saved_open_file")
    assert folder is not None
    assert single is not None
    bar.say_saved(file, "已填好")
    folder.click()
    assert single.isVisibleTo(bar)
    bar.say_saved(made, "已填好")
    folder.click()
    assert not single.isVisibleTo(bar)
    assert opened == [str(tmp_path), str(made)]
