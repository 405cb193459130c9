"""The ways into a station: the first start, the password, another station, the practice town."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QPushButton

from stationdesk.services import stations
from tests.journeys.person import Person
from tests.small_town import station

PASSWORD = "gu shan liu shui"

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen


def menu_action(person: Person, name: str) -> QAction:
    menu = person.window.findChild(QMenu, "window_menu")
    assert menu is not None
    action = menu.findChild(QAction, name)
    assert action is not None
    return action


def test_a_wrong_password_is_said_and_can_be_tried_again(person: Person, tmp_path: Path) -> None:
    person.new_station(tmp_path / "柳河站", PASSWORD)
    person.leave()
    person.start()
    dialog = person.dialog("worker_dialog")
    person.type("worker_password", "gu shan", dialog)
    person.press("worker_open", dialog)
    person.wait(lambda: "密码" in person.text("worker_refusal", dialog))
    person.write("worker_password", PASSWORD, dialog)
    person.press("worker_open", dialog)
    person.await_window()
    person.wait(lambda: person.text("status_worker") == "林站长")


def test_what_is_missing_for_a_new_station_is_said_and_nothing_is_made(
    person: Person, tmp_path: Path
) -> None:
    person.start()
    dialog = person.dialog("first_start_dialog")
    person.press("start_new", dialog)
    person.press("new_make", dialog)
    assert "站点名称" in person.text("first_start_refusal", dialog)
    person.write("new_station", "柳河镇社会工作服务站", dialog)
    person.write("new_worker", "林站长", dialog)
    person.type("new_password", PASSWORD, dialog)
    person.type("new_password_again", PASSWORD[:-1], dialog)
    person.press("new_make", dialog)
    assert "两次输入的密码不一样" in person.text("first_start_refusal", dialog)
    assert not (tmp_path / "社工站数据").exists()


def test_a_station_that_is_open_elsewhere_is_refused_until_it_is_free(person: Person, tmp_path: Path) -> None:
    person.new_station(tmp_path / "柳河站")
    person.leave()
    elsewhere = stations.open_station(tmp_path / "柳河站")
    person.start()
    dialog = person.dialog("first_start_dialog")
    person.wait(lambda: "打开" in person.text("first_start_refusal", dialog))
    stations.close(elsewhere)
    person.press("start_existing", dialog)
    choose_folder(person, tmp_path / "柳河站")
    person.await_window()


def test_a_station_on_a_stick_is_opened_by_its_folder(person: Person, tmp_path: Path) -> None:
    stations.close(station(tmp_path))
    person.start()
    dialog = person.dialog("first_start_dialog")
    person.press("start_existing", dialog)
    choose_folder(person, tmp_path / "柳河站")
    person.await_window()
    person.wait(lambda: person.window.windowTitle() == "柳河镇社会工作服务站")


def test_a_folder_without_a_station_is_refused_in_the_dialog(person: Person, tmp_path: Path) -> None:
    (tmp_path / "别的").mkdir()
    person.start()
    dialog = person.dialog("first_start_dialog")
    person.press("start_existing", dialog)
    choose_folder(person, tmp_path / "别的")
    person.wait(lambda: "没有工作站" in person.text("first_start_refusal", dialog))


def test_another_station_is_opened_and_the_first_one_is_free(person: Person, tmp_path: Path) -> None:
    person.new_station(tmp_path / "柳河站")
    menu_action(person, "menu_other_station").trigger()
    dialog = person.dialog("first_start_dialog")
    former = person.window
    person.press("start_new", dialog)
    person.fill_new_station(dialog, tmp_path / "东岗站")
    person.await_next_window(former)
    assert person.store.folder.root == tmp_path / "东岗站"
    stations.close(stations.open_station(tmp_path / "柳河站"))
    person.leave()
    person.start()
    person.await_window()
    assert person.store.folder.root == tmp_path / "东岗站"


def test_the_station_stays_open_until_another_one_is_really_chosen(person: Person, tmp_path: Path) -> None:
    person.new_station(tmp_path / "柳河站")
    window = person.window
    menu_action(person, "menu_other_station").trigger()
    person.press("start_cancel", person.dialog("first_start_dialog"))
    person.wait(lambda: not person.sees_dialog("first_start_dialog"))
    assert person.window is window
    assert person.window.isEnabled()
    # Whoever chooses the station that is open is there already.
    menu_action(person, "menu_other_station").trigger()
    person.press("start_existing", person.dialog("first_start_dialog"))
    choose_folder(person, tmp_path / "柳河站")
    person.wait(lambda: not person.sees_dialog("first_start_dialog"))
    assert person.window is window
    person.go_to("需求库")
    person.begin("need")
    person.write("need.quantity", "三盒")
    menu_action(person, "menu_other_station").trigger()
    person.press("leave_window_discard")
    person.press("start_cancel", person.dialog("first_start_dialog"))
    assert person.text("need.quantity") == "三盒"
    person.press("need_discard")
    person.leave()


def test_who_works_is_asked_under_the_name_of_the_station(person: Person, tmp_path: Path) -> None:
    person.new_station(tmp_path / "柳河站", PASSWORD)
    person.leave()
    person.start()
    dialog = person.dialog("worker_dialog")
    assert person.text("worker_station", dialog) == "柳河镇社会工作服务站"
    assert person.text("worker_folder", dialog) == str(tmp_path / "柳河站")
    dialog.close()
    # A file that can be read tells its name on any computer.
    stations.close(station(tmp_path / "盘"))
    assert stations.name_of(tmp_path / "盘" / "柳河站") == "柳河镇社会工作服务站"
    assert not stations.name_of(tmp_path / "柳河站")
    assert not stations.name_of(tmp_path)


def test_the_practice_town_is_there_from_the_first_start_and_says_what_it_is(
    person: Person, tmp_path: Path
) -> None:
    person.start()
    person.press("start_practice", person.dialog("first_start_dialog"))
    person.await_window(60_000)
    person.wait(lambda: person.can_see("status_practice"))
    assert len(person.stored("household")) == 400
    assert stations.is_station(tmp_path / "练习镇")
    menu_action(person, "menu_remove_practice").trigger()
    person.press("question_yes", person.dialog("question"))
    person.dialog("first_start_dialog")
    assert not (tmp_path / "练习镇").exists()


def choose_folder(person: Person, folder: Path) -> None:
    """Type a folder into the dialog that asks for one."""
    dialog = person.dialog("start_folder_dialog")
    assert isinstance(dialog, QFileDialog)
    line = dialog.findChild(QLineEdit, "fileNameEdit")
    assert line is not None
    line.setText(str(folder))
    accept = next(each for each in dialog.findChildren(QPushButton) if each.isDefault())
    QTest.mouseClick(accept, Qt.MouseButton.LeftButton)
