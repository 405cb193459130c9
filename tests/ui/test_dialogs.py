"""The few dialogs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
)
from pytestqt.qtbot import QtBot

from stationdesk.core.changes import changed
from stationdesk.core.datum import from_wgs84
from stationdesk.core.fields import Key
from stationdesk.core.log import Crash
from stationdesk.core.vocab import Datum, DatumOrigin
from stationdesk.services import records
from stationdesk.services.listing import row_of
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.about import AboutDialog
from stationdesk.ui.dialogs.coordinates import CoordinatesDialog, GivenPlace
from stationdesk.ui.dialogs.crash import CrashDialog
from stationdesk.ui.dialogs.first_start import FirstStartDialog, NewStation
from stationdesk.ui.dialogs.history import HistoryDialog
from stationdesk.ui.dialogs.worker import WorkerDialog
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.theme import Look

Add = Callable[..., Key]


def press(dialog: QDialog, name: str) -> None:
    found = dialog.findChild(QPushButton, name) or dialog.findChild(QRadioButton, name)
    assert found is not None
    found.click()


def fill(dialog: QDialog, **texts: str) -> None:
    for name, text in texts.items():
        line = dialog.findChild(QLineEdit, name)
        assert isinstance(line, QLineEdit)
        line.setText(text)


def words(dialog: QDialog, name: str) -> str:
    label = dialog.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


@pytest.fixture
def first(look: Look, tmp_path: Path, qtbot: QtBot) -> FirstStartDialog:
    dialog = FirstStartDialog(look, tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    press(dialog, "start_new")
    return dialog


def test_a_new_station_is_asked_for_with_a_password(
    first: FirstStartDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    fill(first, new_station=" 柳河站 ", new_town="柳河镇", new_worker="张社工")
    fill(first, new_password="八个字的密码好记", new_password_again="八个字的密码好记")
    with qtbot.waitSignal(first.new_wanted) as told:
        press(first, "new_make")
    assert told.args == [NewStation(tmp_path, "柳河站", "柳河镇", "张社工", "八个字的密码好记")]


def test_without_a_password_the_danger_is_said_plainly(first: FirstStartDialog, qtbot: QtBot) -> None:
    fill(first, new_station="柳河站", new_worker="张社工")
    press(first, "new_without_password")
    assert "谁就能看到" in words(first, "new_warning")
    with qtbot.waitSignal(first.new_wanted) as told:
        press(first, "new_make")
    assert told.args[0].password == ""


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"new_worker": "张社工"}, "请填“站点名称”"),
        ({"new_station": "站", "new_worker": "张", "new_password": "短"}, "密码至少"),
        (
            {
                "new_station": "站",
                "new_worker": "张",
                "new_password": "12345678",
                "new_password_again": "12345679",
            },
            "不一样",
        ),
    ],
)
def test_what_is_missing_for_a_new_station_is_said(
    first: FirstStartDialog, texts: dict[str, str], sentence: str, qtbot: QtBot
) -> None:
    fill(first, **texts)
    with qtbot.assertNotEmitted(first.new_wanted):
        press(first, "new_make")
    assert sentence in words(first, "first_start_refusal")


def test_a_wrong_password_can_be_typed_again(look: Look, qtbot: QtBot) -> None:
    dialog = WorkerDialog(["张社工", "李社工"], look, "柳河镇社工站", Path("站点/柳河站"), secret=True)
    qtbot.addWidget(dialog)
    dialog.show()
    fill(dialog, worker_password="错的")
    with qtbot.waitSignal(dialog.chosen) as told:
        press(dialog, "worker_open")
    assert told.args == ["张社工", "错的"]
    dialog.refuse("密码不对，请再试一次")
    assert words(dialog, "worker_refusal") == "密码不对，请再试一次"
    with qtbot.waitSignal(dialog.chosen):
        press(dialog, "worker_open")


def test_a_coordinate_that_lies_a_shift_beside_its_place_on_file_is_told_to_be_in_another_datum(
    look: Look, qtbot: QtBot
) -> None:
    known = (34.7912, 114.3074)
    shifted = from_wgs84(*known, Datum.GCJ02)
    dialog = CoordinatesDialog(look, f"{shifted.lat:.6f}, {shifted.lon:.6f}")
    qtbot.addWidget(dialog)
    dialog.know(known)
    dialog.show()
    remark = dialog.findChild(QLabel, "coordinates_remark")
    assert isinstance(remark, QLabel)
    press(dialog, "coordinates_wgs84")
    assert "按 GCJ-02（高德、腾讯） 只差 0 米，坐标系多半选错了" in remark.text()
    press(dialog, "coordinates_gcj02")
    assert "选错" not in remark.text()


def test_a_pasted_coordinate_waits_for_its_datum(look: Look, qtbot: QtBot) -> None:
    dialog = CoordinatesDialog(look, "114.3074, 34.7912")
    qtbot.addWidget(dialog)
    dialog.show()
    ok = dialog.findChild(QPushButton, "coordinates_ok")
    assert isinstance(ok, QPushButton)
    assert not ok.isEnabled()
    press(dialog, "coordinates_gcj02")
    with qtbot.waitSignal(dialog.given) as told:
        ok.click()
    place = told.args[0]
    assert isinstance(place, GivenPlace)
    assert (place.text, place.datum, place.origin) == ("114.3074, 34.7912", Datum.GCJ02, DatumOrigin.PASTED)
    assert place.position.lat != 34.7912
    assert place.position.lat == pytest.approx(34.7912, abs=0.01)


def test_history_is_told_in_sentences_and_a_step_can_be_taken_back(
    desk: Desk, store: Store, resource: Add, qtbot: QtBot
) -> None:
    key = resource(name="卫生院")
    change = changed("resource", key, {"name": "卫生院"}, {"name": "镇卫生院"})
    assert change is not None
    records.save(store, change)
    dialog = HistoryDialog(desk, "resource", key, "卫生院")
    qtbot.addWidget(dialog)
    dialog.show()
    entries = dialog.findChild(QListWidget, "history_list")
    assert isinstance(entries, QListWidget)
    qtbot.waitUntil(lambda: entries.count() == 2)
    assert "镇卫生院" in entries.item(0).text()
    assert "张社工" in entries.item(0).text()
    entries.setCurrentRow(0)
    press(dialog, "history_undo")
    qtbot.waitUntil(lambda: entries.count() == 3)
    row = row_of(store, "resource", key)
    assert row is not None
    assert row.values["name"] == "卫生院"


def test_a_crash_report_can_be_copied(look: Look, qtbot: QtBot) -> None:
    dialog = CrashDialog(Crash("KeyError", "builtins.KeyError\n  a.py:3 in b"), look)
    qtbot.addWidget(dialog)
    press(dialog, "crash_copy")
    assert QGuiApplication.clipboard().text() == "KeyError\nbuiltins.KeyError\n  a.py:3 in b"


def test_the_licences_of_what_is_carried_are_shown(look: Look, qtbot: QtBot) -> None:
    dialog = AboutDialog(look)
    qtbot.addWidget(dialog)
    texts = [each.toPlainText() for each in dialog.findChildren(QPlainTextEdit)]
    assert any("Leaflet" in text or "leaflet" in text for text in texts)


def test_preferences_outlive_the_program_and_survive_a_damaged_file(tmp_path: Path) -> None:
    file = tmp_path / "new" / "window.json"
    kept = Preferences(file)
    kept.keep(theme="dark", size=14, widths={"name": 200})
    again = Preferences(file)
    assert (again.text("theme"), again.number("size", 11), again.numbers("widths")) == (
        "dark",
        14,
        {"name": 200},
    )
    file.write_text("{broken", "utf-8")
    assert Preferences(file).number("size", 11) == 11
