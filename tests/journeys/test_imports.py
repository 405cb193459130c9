"""Bringing lists in through the window: the guess corrected, rows decided, and an import taken back later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QMenu, QSpinBox, QTableView, QWidget

from stationdesk.ui.dialogs.import_wizard import ImportWizard
from tests.journeys.person import Person
from tests.small_town import small_town
from tests.ui.tabs.writing import seen

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen

ROSTER = (
    ["柳河镇困难群众花名册"],
    ["姓名", "住哪", "联系", "对象类别"],
    ["赵大山", "后街 1 号", "13800000001", "低保"],
    ["赵小妹", "后街 2 号", "13800000002", None],
    ["合计", 2],
)


@pytest.fixture
def town(person: Person, tmp_path: Path) -> Path:
    """The small town, open on the screen."""
    small_town(tmp_path).store.close()
    person.open_again(tmp_path / "柳河站")
    return tmp_path / "柳河站"


def written(folder: Path, name: str, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(folder / name)
    return folder / name


def opened(person: Person, button: str, file: Path, kind: str = "") -> ImportWizard:
    """Press import, say what is in the file, and choose it."""
    person.press(button)
    wizard = person.dialog("import_wizard")
    assert isinstance(wizard, ImportWizard)
    if kind:
        person.press(f"import_kind_{kind}", wizard)
    with person.answering(file):
        person.press("import_choose_file", wizard)
    person.wait(wizard.columns_page.isVisible)
    person.settle()
    return wizard


def by_keys(wizard: QWidget, name: str, words: str) -> None:
    """Choose from a combo with the arrow keys."""
    combo = seen(wizard, QComboBox, name)
    place = combo.findText(words)
    assert place >= 0, f"{words} is not offered"
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _step in range(place):
        QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentText() == words


def cell(parent: QWidget, name: str, row: int, column: int) -> str:
    model = seen(parent, QTableView, name).model()
    return str(model.index(row, column).data())


def press_row(parent: QWidget, name: str, row: int) -> None:
    view = seen(parent, QTableView, name)
    at = view.visualRect(view.model().index(row, 2)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def tried(person: Person, wizard: ImportWizard) -> None:
    person.press("import_next", wizard)
    person.wait(wizard.rows_page.isVisible)
    person.settle()


def carried_out(person: Person, wizard: ImportWizard) -> None:
    person.press("import_next", wizard)
    person.wait(lambda: person.text("import_result", wizard) == "导入完成")
    person.settle()


def test_a_guess_is_corrected_rows_are_decided_and_the_form_is_known_the_next_time(
    person: Person, town: Path, tmp_path: Path
) -> None:
    person.go_to("服务对象")
    before = len(person.stored("person"))
    wizard = opened(person, "household_import", written(tmp_path, "花名册.xlsx", *ROSTER))
    # The program cannot know that 住哪 is the address; the worker says it with the keyboard.
    assert seen(wizard, QComboBox, "import_column_1").currentText() == "（不导入）"
    by_keys(wizard, "import_column_1", "户 · 居住地址")
    if seen(wizard, QComboBox, "import_column_2").currentText() != "联系电话":
        by_keys(wizard, "import_column_2", "联系电话")
    tried(person, wizard)
    assert [cell(wizard, "import_rows", row, 1) for row in range(2)] == ["新增", "新增"]
    press_row(wizard, "import_rows", 1)
    person.press("import_skip", wizard)
    assert cell(wizard, "import_rows", 1, 4) == "跳过"
    copy = tmp_path / "结论.xlsx"
    with person.answering(copy):
        person.press("import_copy", wizard)
    person.wait(copy.exists)
    person.settle()
    sheet = openpyxl.load_workbook(copy).active
    assert sheet is not None
    assert sheet["E3"].value == "新增"
    carried_out(person, wizard)
    assert len(person.stored("person")) == before + 1
    (zhao,) = person.stored("person", "赵大山")
    (home,) = person.stored("household", "后街 1 号")
    assert person.value("person", zhao, "phone") == "13800000001"
    assert person.value("person", zhao, "household_key") == home
    # The same form again: nothing has to be said, and only who was skipped is new.
    person.press("import_again", wizard)
    with person.answering(tmp_path / "花名册.xlsx"):
        person.press("import_choose_file", wizard)
    person.wait(wizard.columns_page.isVisible)
    person.settle()
    assert "上次" in person.text("import_memory_text", wizard)
    assert seen(wizard, QComboBox, "import_column_1").currentText() == "户 · 居住地址"
    tried(person, wizard)
    assert [cell(wizard, "import_rows", row, 1) for row in range(2)] == ["已有，相同", "新增"]
    person.press("import_verdict_same", wizard)
    person.wait(lambda: seen(wizard, QTableView, "import_rows").model().rowCount() == 1)


def test_header_rows_and_tables_of_a_sheet_are_chosen_by_hand(
    person: Person, town: Path, tmp_path: Path
) -> None:
    rows = (
        ["店名", "地址", None, "店名", "地址"],
        ["红星超市", "红星路 2 号", None, "北岗超市", "北岗 1 号"],
        ["青石药店", "青石街 1 号", None, "南洼超市", "南洼 2 号"],
        ["南关药店", "南关街 1 号", None, "南洼饭店", "南洼 3 号"],
    )
    person.go_to("资源库")
    wizard = opened(person, "resource_import", written(tmp_path, "两个表.xlsx", *rows))
    plan = wizard.columns_page.plan
    assert plan is not None
    assert len(plan.tables) == 3, "the list as a whole, and its two sides"
    assert [len(each.rows) for each in plan.tables] == [6, 3, 3]
    assert plan.place == 0
    combo = seen(wizard, QComboBox, "import_table")
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_End)
    person.settle()
    assert wizard.columns_page.plan is not None
    assert wizard.columns_page.plan.place == 2
    last = seen(wizard, QSpinBox, "import_header_last")
    last.setFocus()
    last.selectAll()
    QTest.keyClicks(last, "2")
    QTest.keyClick(last, Qt.Key.Key_Return)
    person.wait(
        lambda: wizard.columns_page.plan is not None and wizard.columns_page.plan.table.header[1] == 2
    )


def test_an_import_is_taken_back_later_and_says_what_it_kept_and_why(
    person: Person, town: Path, tmp_path: Path
) -> None:
    shops = (
        ["名称", "地址", "电话"],
        ["青石药店", "青石街 1 号", "0371-11111111"],
        ["红星超市", "红星路 2 号"],
    )
    before = len(person.stored("resource"))
    person.go_to("资源库")
    wizard = opened(person, "resource_import", written(tmp_path, "商家.xlsx", *map(list, shops)))
    tried(person, wizard)
    carried_out(person, wizard)
    assert len(person.stored("resource")) == before + 2
    person.press("import_look", wizard)
    person.wait(lambda: not person.sees_dialog("import_wizard"))
    # Somebody changes one of them in its form.
    (key,) = person.stored("resource", "青石药店")
    person.window.open_record("resource", key)
    person.wait(lambda: person.text("resource.name") == "青石药店")
    person.write("resource.name", "青石大药房")
    person.press("resource_save")
    person.wait(lambda: person.value("resource", key, "name") == "青石大药房")
    person.settle()
    menu = person.window.findChild(QMenu, "window_menu")
    assert menu is not None
    action = menu.findChild(QAction, "menu_imports")
    assert action is not None
    action.trigger()
    dialog = person.dialog("imports_dialog")
    person.wait(lambda: seen(dialog, QTableView, "imports_list").model().rowCount() == 1)
    assert cell(dialog, "imports_list", 0, 2) == "商家.xlsx"
    assert cell(dialog, "imports_list", 0, 6) == "已导入"
    person.press("imports_undo", dialog)
    person.wait(lambda: person.can_see("import_outcome", dialog))
    person.settle()
    assert len(person.stored("resource")) == before + 1
    assert cell(dialog, "import_outcome", 0, 2) == "保留"
    assert "青石药店 → 青石大药房" in cell(dialog, "import_outcome", 0, 3)
    assert cell(dialog, "import_outcome", 1, 3) == "删除了导入的记录"
    assert cell(dialog, "imports_list", 0, 6) == "已撤销"
    person.press("imports_redo", dialog)
    person.wait(lambda: len(person.stored("resource")) == before + 2)
    person.wait(lambda: cell(dialog, "imports_list", 0, 6) == "已导入")
