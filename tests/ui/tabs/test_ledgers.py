from __future__ import annotations

from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from stationdesk.core.clock import Month
from stationdesk.core.vocab import Audience
from stationdesk.services.listing import keys_of
from stationdesk.services.matches import match_from
from stationdesk.ui.desk import Desk
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


def test_another_month_has_other_figures_and_another_file(qtbot: QtBot, tab: LedgersTab) -> None:
    pressed(tab, "ledger_previous")
    qtbot.waitUntil(lambda: cell(tab, "走访", "走访").data() == "0")
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
