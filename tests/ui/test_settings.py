from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from stationdesk.core.vocab import Privacy, Role
from stationdesk.services.codes import CodeEntry, entries_of
from stationdesk.services.listing import Query, keys_of, rows_of
from stationdesk.services.stations import open_station, profile_of
from stationdesk.services.store import Store
from stationdesk.ui.composition import Window, compose
from stationdesk.ui.dialogs.settings import SettingsDialog
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.theme import Look
from tests.desk_station import WORKER, new_station
from tests.ui.tabs.acting import button, pressed
from tests.ui.tabs.writing import choose, seen, write

PASSWORD = "春江水暖鸭先知呀"
OTHER = "竹外桃花三两枝呀"


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Store]:
    made = new_station(tmp_path / "站")
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, station: Store, look: Look, tmp_path: Path) -> Iterator[Window]:
    yield from _window(qtbot, station, look, tmp_path)


def _window(qtbot: QtBot, station: Store, look: Look, folder: Path) -> Iterator[Window]:
    made = compose(station, look, Preferences(folder / "window.json"))
    bugs: list[object] = []
    made.desk.crashed.connect(bugs.append)
    with qtbot.waitExposed(made.frame):
        made.frame.show()
    made.begin(None)
    yield made
    with qtbot.waitSignal(made.frame.closed):
        made.frame.close()
    made.end()
    assert not bugs


def _opened(qtbot: QtBot, window: Window) -> SettingsDialog:
    window.frame.menu.settings_wanted.connect(window.show_settings)  # as the program does
    action = next(each for each in window.frame.menu.actions() if each.objectName() == "menu_settings")
    action.trigger()
    dialog = window.frame.findChild(SettingsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.station.form.key is not None)
    return dialog


@pytest.fixture
def dialog(qtbot: QtBot, window: Window) -> SettingsDialog:
    return _opened(qtbot, window)


@pytest.fixture
def lists(qtbot: QtBot, dialog: SettingsDialog) -> SettingsDialog:
    dialog.pages.setCurrentWidget(dialog.codes)
    qtbot.waitUntil(lambda: bool(dialog.codes.rows.entries))
    return dialog


def _list(qtbot: QtBot, dialog: SettingsDialog, title: str) -> None:
    write(dialog, "codes_search", title)
    rows = dialog.codes.rows
    qtbot.waitUntil(lambda: seen(dialog, QLabel, "codes_title").text() == title)
    assert rows.entries


def _entry(store: Store, list_name: str, code: str) -> CodeEntry:
    return next(each for each in entries_of(store, list_name) if each.code == code)


def _asked(dialog: SettingsDialog, name: str) -> QDialog:
    return next(each for each in dialog.findChildren(QDialog, name) if each.isVisible())


# 社工站


def test_the_profile_is_changed_and_the_window_says_so_at_once(
    qtbot: QtBot, window: Window, dialog: SettingsDialog, station: Store
) -> None:
    write(dialog, "station.name", "青石镇社工站")
    pressed(dialog, "station_save")
    qtbot.waitUntil(lambda: window.frame.windowTitle() == "青石镇社工站")
    assert profile_of(station).name == "青石镇社工站"
    qtbot.waitUntil(lambda: button(dialog, "settings_undo").isEnabled())
    pressed(dialog, "settings_undo")
    qtbot.waitUntil(lambda: window.frame.windowTitle() == "柳河镇社工站")
    qtbot.waitUntil(lambda: seen(dialog, QLineEdit, "station.name").text() == "柳河镇社工站")


def test_a_wrong_code_of_the_town_is_refused_and_kept_in_the_form(
    qtbot: QtBot, dialog: SettingsDialog, station: Store
) -> None:
    write(dialog, "station.town_code", "12")
    pressed(dialog, "station_save")
    qtbot.waitUntil(dialog.station.form.refusal.isVisible)
    assert "9 位" in dialog.station.form.refusal.text
    assert seen(dialog, QLineEdit, "station.town_code").text() == "12"
    assert profile_of(station).town_code is None


def test_what_was_typed_is_not_lost_by_closing(qtbot: QtBot, dialog: SettingsDialog, station: Store) -> None:
    write(dialog, "station.name", "青石镇社工站")
    dialog.pages.setCurrentWidget(dialog.codes)
    pressed(dialog, "settings_close")
    assert dialog.isVisible()
    assert dialog.pages.currentWidget() is dialog.station
    with qtbot.waitSignal(dialog.finished):
        pressed(dialog, "station_leave_save")
    assert profile_of(station).name == "青石镇社工站"


def test_settings_close_at_once_when_nothing_was_typed(qtbot: QtBot, dialog: SettingsDialog) -> None:
    with qtbot.waitSignal(dialog.finished):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


# 工作人员


def _people(store: Store) -> dict[str, object]:
    return {
        str(row.values["name"]): row.values["role"]
        for row in rows_of(store, "worker", keys_of(store, Query("worker"))).rows
    }


def test_a_worker_is_added_with_a_role(qtbot: QtBot, dialog: SettingsDialog, station: Store) -> None:
    dialog.pages.setCurrentWidget(dialog.workers)
    qtbot.waitUntil(lambda: dialog.workers.form.key is not None)
    assert not [
        each for each in dialog.findChildren(QAbstractButton, "worker_change_password") if each.isVisible()
    ]
    pressed(dialog, "worker_add")
    asked = _asked(dialog, "add_worker_dialog")
    pressed(asked, "add_worker_save")
    assert seen(asked, QLabel, "add_worker_refusal").text() == "请填“姓名”"
    write(asked, "add_worker_name", "赵小禾")
    choose(asked, "add_worker_role", "志愿者录入")
    pressed(asked, "add_worker_save")
    qtbot.waitUntil(lambda: len(dialog.workers.table.rows.keys) == 2)
    assert _people(station) == {WORKER: Role.WORKER, "赵小禾": Role.VOLUNTEER}


def test_the_last_worker_cannot_leave(qtbot: QtBot, dialog: SettingsDialog, station: Store) -> None:
    dialog.pages.setCurrentWidget(dialog.workers)
    qtbot.waitUntil(lambda: dialog.workers.form.key is not None)
    day = station.clock.today() + timedelta(days=3)
    write(dialog, "worker.until", day.isoformat())
    pressed(dialog, "worker_save")
    qtbot.waitUntil(dialog.workers.form.refusal.isVisible)
    assert "至少要有一位" in dialog.workers.form.refusal.text


def test_a_password_is_changed_and_a_new_worker_brings_one(qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    store = new_station(tmp_path / "密", PASSWORD)
    windows = _window(qtbot, store, look, tmp_path)
    dialog = _opened(qtbot, next(windows))
    dialog.pages.setCurrentWidget(dialog.workers)
    qtbot.waitUntil(lambda: dialog.workers.form.key is not None)

    pressed(dialog, "worker_add")
    asked = _asked(dialog, "add_worker_dialog")
    write(asked, "add_worker_name", "赵小禾")
    write(asked, "add_worker_password", OTHER)
    write(asked, "add_worker_password_again", PASSWORD)
    pressed(asked, "add_worker_save")
    assert "不一样" in seen(asked, QLabel, "add_worker_refusal").text()
    write(asked, "add_worker_password_again", OTHER)
    pressed(asked, "add_worker_save")
    qtbot.waitUntil(lambda: "赵小禾" in _people(store))

    pressed(dialog, "worker_change_password")
    asked = _asked(dialog, "password_dialog")
    for name, text in (("old", OTHER), ("new", OTHER), ("again", OTHER)):
        write(asked, f"password_{name}", text)
    pressed(asked, "password_save")
    qtbot.waitUntil(lambda: "密码不对" in _text(asked, "password_refusal"))
    write(asked, "password_old", PASSWORD)
    with qtbot.waitSignal(asked.accepted):
        pressed(asked, "password_save")

    next(windows, None)
    store.close()
    open_station(tmp_path / "密", WORKER, OTHER).close()
    open_station(tmp_path / "密", "赵小禾", OTHER).close()


def _text(parent: QWidget, name: str) -> str:
    found = parent.findChild(QLabel, name)
    return found.text() if found is not None else ""


# 码表


def test_the_model_of_the_rows_is_sound(qtbot: QtBot, lists: SettingsDialog) -> None:
    model: QAbstractItemModel = lists.codes.rows
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    _list(qtbot, lists, "需求事项")
    _list(qtbot, lists, "民族")


def test_a_list_is_found_by_its_initials(qtbot: QtBot, lists: SettingsDialog) -> None:
    write(lists, "codes_search", "xqsx")
    qtbot.waitUntil(lambda: seen(lists, QLabel, "codes_title").text() == "需求事项")
    shown = lists.findChild(QListWidget, "codes_lists")
    assert shown is not None
    assert sum(not shown.item(place).isHidden() for place in range(shown.count())) == 1


def test_a_row_is_renamed_in_its_place(qtbot: QtBot, lists: SettingsDialog, station: Store) -> None:
    _list(qtbot, lists, "需求事项")
    lists.codes.choose("K2-03")
    _type_name(lists, "送药上门")
    qtbot.waitUntil(lambda: _entry(station, "need_item", "K2-03").label == "送药上门")
    qtbot.waitUntil(lambda: [each.text for each in lists.notices.notices] == ["码表改名：送药 → 送药上门"])
    assert lists.codes.current is not None
    assert lists.codes.current.code == "K2-03"


def test_a_name_that_is_taken_is_refused_and_the_old_one_stands_again(
    qtbot: QtBot, lists: SettingsDialog, station: Store
) -> None:
    _list(qtbot, lists, "需求事项")
    lists.codes.choose("K2-03")
    _type_name(lists, "康复训练")
    qtbot.waitUntil(lambda: any("已经有了" in each.text for each in lists.notices.notices))
    assert _entry(station, "need_item", "K2-03").label == "送药"


def _type_name(dialog: SettingsDialog, name: str) -> None:
    pressed(dialog, "code_rename")
    table = seen(dialog, QTableView, "codes_rows")
    line = next(each for each in table.viewport().findChildren(QLineEdit) if each.isVisible())
    line.setText(name)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_a_row_is_hidden_checked_and_moved(qtbot: QtBot, lists: SettingsDialog, station: Store) -> None:
    _list(qtbot, lists, "需求事项")
    lists.codes.choose("K1-02")
    assert _text(lists, "codes_note").startswith("程序建议的条目")
    pressed(lists, "code_hide")
    qtbot.waitUntil(lambda: button(lists, "code_hide").text() == "恢复使用")
    pressed(lists, "code_verify")
    qtbot.waitUntil(lambda: button(lists, "code_verify").text() == "标为未核对")
    pressed(lists, "code_up")
    qtbot.waitUntil(lambda: lists.codes.rows.place_of("K1-02") == 0)
    entry = entries_of(station, "need_item")[0]
    assert (entry.code, entry.hidden, entry.verified) == ("K1-02", True, True)
    assert not button(lists, "code_up").isEnabled()


def test_a_new_item_of_need_is_asked_for_its_result(
    qtbot: QtBot, lists: SettingsDialog, station: Store
) -> None:
    _list(qtbot, lists, "需求事项")
    pressed(lists, "code_add")
    qtbot.waitUntil(lambda: any(each.isVisible() for each in lists.findChildren(QDialog, "add_code_dialog")))
    asked = _asked(lists, "add_code_dialog")
    write(asked, "add_code_label", "读信写信")
    pressed(asked, "add_code_save")
    qtbot.waitUntil(lambda: "需求结果" in _text(asked, "add_code_refusal"))
    choose(asked, "add_code_above", "发展性")
    pressed(asked, "add_code_save")
    qtbot.waitUntil(lambda: lists.codes.current is not None and lists.codes.current.code == "K6-09")
    assert _entry(station, "need_item", "K6-09").above == "发展性"


def test_a_new_group_of_clients_is_asked_for_its_privacy(
    qtbot: QtBot, lists: SettingsDialog, station: Store
) -> None:
    _list(qtbot, lists, "服务对象类别")
    pressed(lists, "code_add")
    qtbot.waitUntil(lambda: any(each.isVisible() for each in lists.findChildren(QDialog, "add_code_dialog")))
    asked = _asked(lists, "add_code_dialog")
    write(asked, "add_code_label", "返乡青年")
    pressed(asked, "add_code_save")
    qtbot.waitUntil(lambda: "隐私级别" in _text(asked, "add_code_refusal"))
    assert not asked.findChild(QComboBox, "add_code_above").isVisible()  # type: ignore[union-attr]  # None fails as well
    choose(asked, "add_code_privacy", Privacy.INTERNAL.label)
    pressed(asked, "add_code_save")
    qtbot.waitUntil(lambda: lists.codes.current is not None and lists.codes.current.label == "返乡青年")
    assert lists.codes.current is not None
    assert lists.codes.current.privacy is Privacy.INTERNAL
