"""The window through a day: language, closing, import, bugs, and what it may not load at the start."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QMenu, QTableView

from stationdesk.services import records, safety, stations
from stationdesk.ui.dialogs.import_wizard import ImportWizard
from stationdesk.ui.tabs.map import MapTab
from stationdesk.ui.tasks import Lane
from tests.journeys.person import Person
from tests.small_town import small_town, station
from tests.ui.tabs.writing import seen

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen

HEAVY = (
    "PySide6.QtWebEngineCore",
    "PySide6.QtWebEngineWidgets",
    "PySide6.QtPdf",
    "folium",
    "openpyxl",
    "numpy",
)


@pytest.fixture
def town(person: Person, tmp_path: Path) -> Path:
    """The small town, open on the screen."""
    small_town(tmp_path).store.close()
    person.open_again(tmp_path / "柳河站")
    return tmp_path / "柳河站"


def menu_action(person: Person, name: str) -> QAction:
    menu = person.window.findChild(QMenu, "window_menu")
    assert menu is not None
    action = menu.findChild(QAction, name)
    assert action is not None
    return action


def titles(person: Person) -> list[str]:
    strip = person.window.tabs
    return [strip.tabText(place) for place in range(strip.count())]


def threads_of_desks() -> list[str]:
    lanes = {each.value for each in Lane}
    return [each.name for each in threading.enumerate() if each.name.rsplit("_")[0] in lanes]


def test_the_language_is_switched_there_and_back_and_nothing_of_the_former_window_works_on(
    person: Person, town: Path
) -> None:
    chinese = titles(person)
    for name in ("资源库", "服务对象", "对接"):
        person.go_to(name)
    person.settle()
    former = person.window
    menu_action(person, "menu_language_en").trigger()
    person.await_next_window(former)
    assert titles(person)[0] == "Home"
    assert person.window.current == "matching"
    assert menu_action(person, "menu_language_en").isChecked()
    assert not menu_action(person, "menu_language_zh_CN").isChecked()
    assert not {"资源库", "台账"} & set(titles(person))
    person.settle()
    person.wait(lambda: len(person.windows) == 1)
    assert len(threads_of_desks()) <= len(Lane)
    former = person.window
    menu_action(person, "menu_language_zh_CN").trigger()
    person.await_next_window(former)
    assert titles(person) == chinese
    person.leave()
    person.start()
    person.await_window()
    assert titles(person) == chinese


def test_the_watch_on_crashes_ends_with_the_window(person: Person, tmp_path: Path) -> None:
    before = sys.excepthook
    stations.close(station(tmp_path))
    person.open_again(tmp_path / "柳河站")
    former = person.window
    menu_action(person, "menu_language_en").trigger()
    person.await_next_window(former)
    person.leave()
    assert sys.excepthook is before


def test_the_window_asks_before_it_loses_what_was_typed(person: Person, town: Path) -> None:
    person.go_to("需求库")
    person.begin("need")
    person.write("need.quantity", "三盒")
    person.window.close()
    assert "需求库" in person.text("leave_window_text")
    person.press("leave_window_stay")
    assert person.window.isVisible()
    assert person.text("need.quantity") == "三盒"
    person.window.close()
    person.press("leave_window_discard")
    person.wait(lambda: person.is_over)


def test_who_stays_after_asking_for_another_station_and_closes_later_is_not_asked_for_one(
    person: Person, town: Path
) -> None:
    person.go_to("需求库")
    person.begin("need")
    person.write("need.quantity", "三盒")
    menu_action(person, "menu_other_station").trigger()
    person.press("leave_window_stay")
    person.press("need_discard")
    person.leave()
    assert not person.sees_dialog("first_start_dialog")


def test_a_list_is_brought_in_and_taken_back_as_one_step(person: Person, town: Path, tmp_path: Path) -> None:
    file = tmp_path / "名册.csv"
    with file.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows(
            [("名称", "地址", "电话"), ("青石药店", "青石街1号", ""), ("红星超市", "红星路2号", "")]
        )
    before = len(person.stored("resource"))
    person.go_to("资源库")
    person.press("resource_import")
    wizard = person.dialog("import_wizard")
    assert isinstance(wizard, ImportWizard)
    with person.answering(file):
        person.press("import_choose_file", wizard)
    person.wait(wizard.columns_page.isVisible)
    person.press("import_next", wizard)
    person.wait(wizard.rows_page.isVisible)
    person.press("import_next", wizard)
    person.wait(lambda: person.text("import_result", wizard) == "导入完成")
    assert len(person.stored("resource")) == before + 2
    person.press("import_look", wizard)
    person.wait(lambda: person.text("resource_count").startswith("2 项"))
    person.keys(Qt.Key.Key_Z, control=True)
    person.wait(lambda: len(person.stored("resource")) == before)
    person.press("resource_only_leave")
    person.wait(lambda: person.text("resource_count").startswith(f"{before} 项"))


@pytest.mark.logs_expected
def test_a_bug_is_told_and_what_was_typed_can_be_saved_afterwards(
    person: Person, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = records.save
    broken = [True]

    def save(*args: object) -> object:
        if broken.pop():
            raise ZeroDivisionError("柳河村 13800000000")
        broken.append(False)
        return right(*args)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(records, "save", save)
    person.go_to("需求库")
    person.wait(lambda: person.can_see("need.quantity"))
    person.write("need.quantity", "三盒")
    person.press("need_save")
    dialog = person.dialog("crash_dialog")
    assert "13800000000" not in person.words("crash_report", dialog)
    assert "ZeroDivisionError" in person.words("crash_report", dialog)
    person.press("crash_close", dialog)
    assert person.text("need.quantity") == "三盒"
    broken.append(False)
    person.press("need_save")
    person.wait(lambda: any(person.value("need", key, "quantity") == "三盒" for key in person.stored("need")))


@pytest.mark.logs_expected
def test_a_bug_in_the_menu_leaves_the_window_alive(
    person: Person, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise LookupError

    monkeypatch.setattr(safety, "backup_here", broken)
    menu_action(person, "menu_backup").trigger()
    person.press("crash_close", person.dialog("crash_dialog"))
    person.go_to("资源库")
    person.wait(lambda: person.text("resource_count").startswith("5 项"))


@pytest.mark.logs_expected
@pytest.mark.skipif(sys.platform == "win32", reason="the process of the page is killed by a signal")
def test_a_map_page_that_dies_leaves_the_window_alive_and_comes_back(person: Person, town: Path) -> None:
    page = person.go_to("地图")
    assert isinstance(page, MapTab)
    person.wait(lambda: page.drawn == (3, 3), 60_000)
    web = seen(person.window, QWebEngineView, "map_page")
    first = web.page().renderProcessPid()
    os.kill(first, signal.SIGKILL)
    person.wait(lambda: web.page().renderProcessPid() not in (0, first), 60_000)
    person.wait(
        lambda: "3 / 3" in str(person.on_map("document.querySelector('.count strong')?.textContent")), 60_000
    )
    person.go_to("资源库")
    person.wait(lambda: person.text("resource_count").startswith("5 项"))


def test_a_column_keeps_the_width_it_was_dragged_to(person: Person, town: Path) -> None:
    def column() -> int:
        return seen(person.window, QTableView, "need_list").columnWidth(1)

    person.go_to("需求库")
    person.wait(lambda: person.can_see("need_list"))
    person.settle()
    head = seen(person.window, QTableView, "need_list").horizontalHeader()
    edge = QPoint(head.sectionViewportPosition(1) + head.sectionSize(1) - 1, head.height() // 2)
    before = column()
    QTest.mousePress(head.viewport(), Qt.MouseButton.LeftButton, pos=edge)
    QTest.mouseMove(head.viewport(), edge + QPoint(60, 0))
    QTest.mouseRelease(head.viewport(), Qt.MouseButton.LeftButton, pos=edge + QPoint(60, 0))
    wide = column()
    assert wide > before + 30
    person.leave()
    person.start()
    person.await_window()
    person.go_to("需求库")
    person.wait(lambda: abs(column() - wide) <= 2)


def test_a_backup_made_from_the_first_tab_is_seen_there(person: Person, town: Path) -> None:
    menu_action(person, "menu_backup").trigger()
    person.wait(lambda: person.spoken("home_backup").startswith("备份：今天"))
    person.wait(lambda: "今天" in person.text("status_backup"))


START = """
import sys
from pathlib import Path
from PySide6.QtTest import QTest
from stationdesk.app import Program
from stationdesk.ui.application import make_application
from stationdesk.ui.headless import wait_until
from stationdesk.ui.preferences import Preferences

folder, heavy = Path(sys.argv[1]), sys.argv[2].split(",")
program = Program(make_application(), Preferences(folder / "window.json"))
program.start(folder / "柳河站", None)
assert wait_until(lambda: program.window is not None and program.window.frame.isVisible())
window = program.window.frame
assert wait_until(lambda: not program.window.desk.under_way)
window.search.setFocus()
QTest.keyClicks(window.search, "lhzwsy")
assert wait_until(lambda: any("卫生院" in hit.title for hit in window.search.hits))
print("made", *window.made)
print("loaded", *[name for name in heavy if name in sys.modules])
window.close()
assert wait_until(lambda: program.window is None)
program.end()
"""


def test_the_window_takes_keys_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    small_town(tmp_path).store.close()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", START, str(tmp_path), ",".join(HEAVY)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["made home", "loaded"]
