from __future__ import annotations

from datetime import date
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from stationdesk.core.changes import changed
from stationdesk.core.clock import Month
from stationdesk.core.vocab import Audience
from stationdesk.db.base import values_of
from stationdesk.services.ledgers.closing import close
from stationdesk.services.listing import keys_of
from stationdesk.services.matches import match_from
from stationdesk.services.stations import profile_of, save_profile
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.figure_rows import FigureRowsDialog
from stationdesk.ui.dialogs.plain_rows import PlainRowsDialog
from stationdesk.ui.dialogs.reason import ReasonDialog
from stationdesk.ui.tabs.ledgers import LedgersTab
from tests.small_town import SmallTown
from tests.ui.tabs.acting import button, pressed, shown, typed

SOON = 30_000


@pytest.fixture
def tab(qtbot: QtBot, town_desk: Desk, tmp_path: Path) -> LedgersTab:
    made = shown(qtbot, LedgersTab(town_desk, tmp_path))
    qtbot.waitUntil(lambda: made.figures.figures.rowCount() > 0)
    return made


def cell(tab: LedgersTab, group: str, label: str, column: int = 3) -> QModelIndex:
    model = tab.figures.figures
    for row in range(model.rowCount()):
        spoken = model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        if (spoken, model.index(row, 1).data()) == (group, label):
            return model.index(row, column)
    raise AssertionError(f"no line {label}")


def label(tab: LedgersTab, name: str) -> str:
    found = tab.findChild(QLabel, name)
    assert found is not None
    return found.text()


def test_the_present_month_is_shown_late_in_a_month(tab: LedgersTab) -> None:
    assert tab.month == Month(2026, 11)
    assert label(tab, "ledger_month") == "2026年11月"
    assert cell(tab, "走访", "走访").data() == "1"
    assert not button(tab, "ledger_next").isEnabled()


def test_pressing_a_figure_opens_its_rows(qtbot: QtBot, tab: LedgersTab, town: SmallTown) -> None:
    index = cell(tab, "需求", "新增需求")
    tab.figures.scrollTo(index)
    with qtbot.waitSignal(tab.query_wanted) as wanted:
        QTest.mouseClick(
            tab.figures.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            tab.figures.visualRect(index).center(),
        )
    assert len(keys_of(town.store, wanted.args[0])) == int(index.data()) == 4


def test_a_figure_is_opened_with_the_keyboard_too(qtbot: QtBot, tab: LedgersTab) -> None:
    tab.figures.setCurrentIndex(cell(tab, "走访", "走访"))
    with qtbot.waitSignal(tab.query_wanted) as wanted:
        QTest.keyClick(tab.figures, Qt.Key.Key_Return)
    assert wanted.args[0].record == "visit"


@pytest.mark.parametrize("line", ["走访户数", "走访人次"])
def test_a_figure_that_is_not_the_number_of_its_rows_opens_with_what_each_adds(
    qtbot: QtBot, tab: LedgersTab, line: str
) -> None:
    index = cell(tab, "走访", line)
    tab.figures.scrollTo(index)
    with qtbot.waitSignal(tab.figures.rows_wanted), qtbot.assertNotEmitted(tab.query_wanted):
        QTest.mouseClick(
            tab.figures.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            tab.figures.visualRect(index).center(),
        )


def test_another_month_has_other_figures_and_another_file(qtbot: QtBot, tab: LedgersTab) -> None:
    pressed(tab, "ledger_previous")
    assert tab.figures.model().rowCount() == 0, "those of the former month are not its own"
    assert not button(tab, "ledger_export").isEnabled()
    qtbot.waitUntil(lambda: tab.figures.model().rowCount() > 0)
    assert cell(tab, "走访", "走访").data() == "0"
    assert button(tab, "ledger_export").isEnabled()
    assert label(tab, "ledger_file_name") == "柳河镇社工站_台账_2026-10_内部.xlsx"
    assert button(tab, "ledger_export").text() == "导出 10 月台账"


def test_the_workbook_is_written_where_it_is_said_and_its_checks_are_told(
    qtbot: QtBot, tab: LedgersTab, tmp_path: Path
) -> None:
    pressed(tab, "ledger_export")
    qtbot.waitUntil(tab.result.isVisible, timeout=SOON)
    path = tmp_path / "柳河镇社工站_台账_2026-11_内部.xlsx"
    assert path.is_file()
    assert path.name in tab.result.text
    book = openpyxl.load_workbook(path, read_only=True)
    assert "月报表" in book.sheetnames
    book.close()
    qtbot.waitUntil(button(tab, "ledger_export").isEnabled)


def test_a_report_for_the_county_is_named_so_and_says_that_it_is_masked(
    qtbot: QtBot, tab: LedgersTab, tmp_path: Path
) -> None:
    pressed(tab, f"ledger_for_{Audience.REPORT.value}")
    assert label(tab, "ledger_file_name").endswith("_上报.xlsx")
    assert "隐去" in label(tab, "ledger_rules")
    pressed(tab, "ledger_export")
    qtbot.waitUntil(tab.result.isVisible, timeout=SOON)
    (path,) = tmp_path.glob("*上报.xlsx")
    book = openpyxl.load_workbook(path, read_only=True)
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    book.close()
    assert "李守林" not in cells


def test_a_folder_that_is_chosen_is_kept(qtbot: QtBot, tab: LedgersTab, tmp_path: Path) -> None:
    other = tmp_path / "我的台账"
    other.mkdir()
    with qtbot.waitSignal(tab.folder_chosen) as chosen:
        tab.choose_folder(other)
    assert chosen.args == [str(other)]
    pressed(tab, "ledger_export")
    qtbot.waitUntil(tab.result.isVisible, timeout=SOON)
    assert list(other.glob("*.xlsx"))


def test_a_folder_that_is_gone_is_told_in_a_sentence(qtbot: QtBot, tab: LedgersTab, tmp_path: Path) -> None:
    tab.choose_folder(tmp_path / "没有" / "这个")
    pressed(tab, "ledger_export")
    qtbot.waitUntil(tab.result.isVisible, timeout=SOON)
    assert tab.result.text
    qtbot.waitUntil(button(tab, "ledger_export").isEnabled)


def test_the_figures_follow_a_change(qtbot: QtBot, tab: LedgersTab, town: SmallTown, town_desk: Desk) -> None:
    before = int(cell(tab, "对接", "链接次数").data())
    town_desk.change(match_from, town["送药"], town["卫生院"])
    qtbot.waitUntil(lambda: int(cell(tab, "对接", "链接次数").data()) == before + 1)


def test_the_workbook_asks_for_the_password_that_was_given(
    qtbot: QtBot, tab: LedgersTab, tmp_path: Path
) -> None:
    pressed(tab, "ledger_lock")
    typed(tab, "ledger_password", "liuhe2026")
    pressed(tab, "ledger_export")
    assert not tab.result.isVisible(), "it was given once only"
    typed(tab, "ledger_password_again", "liuhe2026")
    pressed(tab, "ledger_export")
    qtbot.waitUntil(tab.result.isVisible, timeout=SOON)
    assert tab.result.path is not None, tab.result.text
    with tab.result.path.open("rb") as file:
        office = msoffcrypto.OfficeFile(file)
        assert office.is_encrypted()
        office.load_key(password="liuhe2026", verify_password=True)
    assert button(tab, "ledger_result_open_file").isEnabled()


# Targets, rows behind figures, closing


def test_a_target_is_typed_in_its_place_and_says_how_far_it_is_reached(qtbot: QtBot, tab: LedgersTab) -> None:
    index = cell(tab, "需求", "新增需求", 6)
    assert index.data() == ""
    tab.figures.setCurrentIndex(index)
    tab.figures.scrollTo(index)
    QTest.keyClick(tab.figures, Qt.Key.Key_Return)
    editor = tab.figures.viewport().findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "16")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: cell(tab, "需求", "新增需求", 6).data() == "16")
    assert cell(tab, "需求", "新增需求", 7).data() == "25%"


def test_a_target_that_is_none_is_refused_in_a_sentence(qtbot: QtBot, tab: LedgersTab) -> None:
    model = tab.figures.figures
    model.setData(cell(tab, "需求", "新增需求", 6), "很多")
    assert "请填一个数" in tab.result.text
    model.setData(cell(tab, "走访", "走访覆盖率", 6), "140")
    qtbot.waitUntil(lambda: "最多 100" in tab.result.text)
    assert cell(tab, "走访", "走访覆盖率", 6).data() == ""


def test_a_figure_that_no_list_shows_opens_its_rows_and_they_become_an_annex(
    qtbot: QtBot, tab: LedgersTab, tmp_path: Path
) -> None:
    tab.figures.setCurrentIndex(cell(tab, "走访", "走访覆盖率"))
    QTest.keyClick(tab.figures, Qt.Key.Key_Return)
    dialog = tab.findChild(FigureRowsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.is_ready)
    assert dialog.rows.rowCount() == 2
    assert "限制查看" in dialog.words.text()
    with qtbot.waitSignal(tab.desk.noticed, timeout=SOON) as told:
        dialog.save(tmp_path / "附表.xlsx", Audience.INTERNAL)
    assert "相符 ✓" in told.args[0].text
    assert (tmp_path / "附表.xlsx").is_file()
    with qtbot.waitSignal(tab.open_wanted) as wanted:
        dialog.table.activated.emit(dialog.rows.index(0, 0))
    assert wanted.args[0] == "household"


def answer(tab: LedgersTab, name: str) -> None:
    """Press a button of a question that stands over the tab."""
    buttons = [each for each in tab.findChildren(QPushButton, name) if each.isVisible()]
    QTest.mouseClick(buttons[-1], Qt.MouseButton.LeftButton)


def test_a_month_is_closed_and_opened_again_with_a_reason(
    qtbot: QtBot, tab: LedgersTab, tmp_path: Path
) -> None:
    assert not button(tab, "month_close").isEnabled(), "November has not ended"
    pressed(tab, "ledger_previous")
    qtbot.waitUntil(lambda: button(tab, "month_close").isEnabled())
    pressed(tab, "month_close")
    qtbot.waitUntil(lambda: bool(tab.findChildren(QPushButton, "question_yes")))
    answer(tab, "question_yes")
    qtbot.waitUntil(lambda: "已结账：" in label(tab, "month_state"), timeout=SOON)
    assert button(tab, "ledger_export").text() == "保存 10 月上报文件"
    pressed(tab, "ledger_export")
    qtbot.waitUntil(lambda: tab.result.path is not None, timeout=SOON)
    pressed(tab, "month_anew")
    assert button(tab, "ledger_export").text() == "导出 10 月台账"
    pressed(tab, "month_reopen")
    asked = tab.findChild(ReasonDialog)
    assert asked is not None
    asked.line.setText("漏记两次走访")
    answer(tab, "reason_yes")
    qtbot.waitUntil(lambda: "漏记两次走访" in label(tab, "month_state"), timeout=SOON)
    assert button(tab, "month_close").isEnabled()


def test_what_was_corrected_since_is_shown(qtbot: QtBot, tab: LedgersTab, town: SmallTown) -> None:
    close(town.store, Month(2026, 10))
    tab.fetch()
    qtbot.waitUntil(
        lambda: any(each.isVisible() for each in tab.findChildren(QPushButton, "month_corrections"))
    )
    town.add("visit", "补记", household_key=town["李守林家"], visited_on=date(2026, 10, 9))
    pressed(tab, "month_corrections")
    qtbot.waitUntil(lambda: bool(tab.findChildren(PlainRowsDialog, "corrections")), timeout=SOON)
    (dialog,) = tab.findChildren(PlainRowsDialog, "corrections")
    told = {
        tuple(str(dialog.rows.index(row, at).data()) for at in (1, 3))
        for row in range(dialog.rows.rowCount())
    }
    assert ("走访台账", "增加") in told
    assert ("月报表", "更改") in told


def test_a_month_that_starts_on_another_day_is_shown_by_its_days(
    qtbot: QtBot, town_desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    station = profile_of(town.store)
    change = changed("station", station.key, values_of(station), {"month_starts_on": 21})
    assert change is not None
    save_profile(town.store, change)
    made = shown(qtbot, LedgersTab(town_desk, tmp_path))
    qtbot.waitUntil(lambda: made.figures.figures.rowCount() > 0)
    assert made.month == Month(2026, 11), "December began on the 21st, but November is what is asked for"
    assert "2026-10-21 至 2026-11-20" in label(made, "month_state")
    assert button(made, "ledger_next").isEnabled()
