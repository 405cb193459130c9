"""自定义字段 in the settings: added, changed and hidden as a worker does it, and there in the forms at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from stationdesk.core.fields import Key
from stationdesk.core.vocab import OwnKind
from stationdesk.services.own_fields import OwnField, Wish, add_field, own_fields_of
from stationdesk.services.store import Store
from stationdesk.ui.composition import Window, compose
from stationdesk.ui.dialogs.settings import SettingsDialog
from stationdesk.ui.forms.form import RecordForm
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.theme import Look
from tests.desk_station import add, new_station, read
from tests.ui.tabs.acting import button, pressed
from tests.ui.tabs.writing import choose, seen, write


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Store]:
    made = new_station(tmp_path / "站")
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, station: Store, look: Look, tmp_path: Path) -> Iterator[Window]:
    made = compose(station, look, Preferences(tmp_path / "window.json"))
    bugs: list[object] = []
    made.desk.crashed.connect(bugs.append)
    with qtbot.waitExposed(made.frame):
        made.frame.show()
    made.begin(None)
    yield made
    with qtbot.waitSignal(made.frame.closed):
        made.frame.leave(lambda: None)
        if made.frame.leave_bar.isVisible():
            pressed(made.frame, "leave_window_discard")
    made.end()
    assert not bugs


def _page(qtbot: QtBot, window: Window) -> SettingsDialog:
    window.show_settings()
    dialog = window.frame.findChild(SettingsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.station.form.key is not None)
    dialog.pages.setCurrentWidget(dialog.own)
    qtbot.waitUntil(lambda: seen(dialog, QLabel, "own_title").text() != "")
    return dialog


@pytest.fixture
def dialog(qtbot: QtBot, window: Window) -> SettingsDialog:
    return _page(qtbot, window)


def _asked(dialog: SettingsDialog) -> QDialog:
    return next(each for each in dialog.findChildren(QDialog, "own_field_dialog") if each.isVisible())


def _fields(store: Store, record: str = "person") -> tuple[OwnField, ...]:
    return own_fields_of(store, record)


def test_a_choice_is_added_with_its_options_and_ticks(
    qtbot: QtBot, dialog: SettingsDialog, station: Store
) -> None:
    pressed(dialog, "own_add")
    ask = _asked(dialog)
    write(ask, "own_field_label", "风险等级")
    assert not [each for each in ask.findChildren(QPlainTextEdit) if each.isVisible()]
    choose(ask, "own_field_kind", "单选")
    options, tick = seen(ask, QPlainTextEdit, "own_field_options"), seen(ask, QCheckBox, "own_field_on_slip")
    # The dialog grows, so that nothing is squeezed or cut off.
    qtbot.waitUntil(lambda: options.height() == options.maximumHeight())
    qtbot.waitUntil(lambda: tick.visibleRegion().boundingRect() == tick.rect())
    options.setPlainText("低\n中\n高\n")
    tick.click()
    pressed(ask, "own_field_save")
    qtbot.waitUntil(lambda: dialog.own.table.model().rowCount() == 1)
    (field,) = _fields(station)
    assert field.wish == Wish("风险等级", OwnKind.CHOICE, ("低", "中", "高"), page="自定义", on_slip=True)
    QAbstractItemModelTester(dialog.own.rows)


def test_what_stands_in_the_way_is_said_and_what_was_typed_stays(
    qtbot: QtBot, dialog: SettingsDialog, station: Store
) -> None:
    pressed(dialog, "own_add")
    ask = _asked(dialog)
    write(ask, "own_field_label", "姓名")
    pressed(ask, "own_field_save")
    qtbot.waitUntil(lambda: seen(ask, QLabel, "own_field_refusal").isVisible())
    assert "程序已有的字段" in seen(ask, QLabel, "own_field_refusal").text()
    assert seen(ask, QLineEdit, "own_field_label").text() == "姓名"
    assert not _fields(station)
    ask.reject()


def test_a_field_is_changed_moved_hidden_and_taken_back(qtbot: QtBot, window: Window, station: Store) -> None:
    for label in ("甲", "乙"):
        add_field(station, "person", Wish(label))
    dialog = _page(qtbot, window)
    qtbot.waitUntil(lambda: dialog.own.table.model().rowCount() == 2)
    pressed(dialog, "own_edit")
    ask = _asked(dialog)
    write(ask, "own_field_label", "甲的新名")
    seen(ask, QComboBox, "own_field_page").setEditText("另一页")
    pressed(ask, "own_field_save")
    qtbot.waitUntil(lambda: _fields(station)[0].wish.page == "另一页")
    pressed(dialog, "own_down")
    qtbot.waitUntil(lambda: [each.wish.label for each in dialog.own.rows.fields] == ["乙", "甲的新名"])
    pressed(dialog, "own_hide")
    qtbot.waitUntil(lambda: _fields(station)[1].hidden)
    qtbot.waitUntil(lambda: button(dialog, "own_hide").text() == "恢复使用")
    pressed(dialog, "settings_undo")
    qtbot.waitUntil(lambda: not _fields(station)[1].hidden)


def test_options_lead_to_their_list(qtbot: QtBot, window: Window, station: Store) -> None:
    add_field(station, "village", Wish("风险", OwnKind.CHOICE, ("低", "高")))
    dialog = _page(qtbot, window)
    dialog.own.show_record("village")
    qtbot.waitUntil(lambda: button(dialog, "own_options").isEnabled())
    pressed(dialog, "own_options")
    qtbot.waitUntil(lambda: [each.label for each in dialog.codes.rows.entries] == ["低", "高"])
    assert seen(dialog, QLabel, "codes_title").text() == "村居：风险"


def _form(window: Window) -> RecordForm:
    tab = window.frame.show_tab("visits")
    form = tab.findChild(RecordForm, "visit_form")
    assert form is not None
    return form


def _visit(store: Store) -> Key:
    home = add(store, "household", address="柳河村 1 号")
    return add(store, "visit", household_key=home)


def test_a_new_field_is_in_the_open_form_when_the_settings_are_closed(
    qtbot: QtBot, window: Window, station: Store
) -> None:
    key = _visit(station)
    _form(window)
    window.frame.open_record("visit", key)
    qtbot.waitUntil(lambda: _form(window).key == key)
    dialog = _page(qtbot, window)
    dialog.own.show_record("visit")
    pressed(dialog, "own_add")
    ask = _asked(dialog)
    write(ask, "own_field_label", "天气")
    pressed(ask, "own_field_save")
    qtbot.waitUntil(lambda: bool(_fields(station, "visit")))
    slot = _fields(station, "visit")[0].slot
    pressed(dialog, "settings_close")
    qtbot.waitUntil(lambda: slot in _form(window).boxes and _form(window).key == key)
    form = _form(window)
    form.pages.setCurrentWidget(form.page_titled("自定义"))
    write(form, f"visit.{slot}", "小雨")
    form.save()
    qtbot.waitUntil(lambda: read(station, "visit", key)[slot] == "小雨")
    window.frame.undo()
    qtbot.waitUntil(lambda: read(station, "visit", key)[slot] is None)


def test_a_form_with_something_unsaved_waits_until_it_is_saved(
    qtbot: QtBot, window: Window, station: Store
) -> None:
    key = _visit(station)
    _form(window)
    window.frame.open_record("visit", key)
    qtbot.waitUntil(lambda: _form(window).key == key)
    old = _form(window)
    old.fill({"situation": "在家"})
    assert old.unsaved

    def added() -> bool:
        return bool(_fields(station, "visit"))

    window.desk.change(add_field, "visit", Wish("天气"))
    qtbot.waitUntil(added)
    slot = _fields(station, "visit")[0].slot
    assert _form(window) is old
    old.save()
    qtbot.waitUntil(lambda: read(station, "visit", key)["situation"] == "在家")
    qtbot.waitUntil(lambda: slot in _form(window).boxes)
