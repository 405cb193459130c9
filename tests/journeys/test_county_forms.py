"""The departments' own forms in the window: taught by pointing at the form, filled, changed, given on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTableWidget, QWidget

from stationdesk.services.templates import kept_template, templates_of
from stationdesk.ui.dialogs.form_fill import FillDialog
from stationdesk.ui.dialogs.form_teach import TeachDialog
from tests.forms import figures_xls, flat_list, person_card, three_levels
from tests.journeys.person import Person
from tests.small_town import small_town
from tests.ui.tabs.writing import seen

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen


@pytest.fixture
def forms(person: Person, tmp_path: Path) -> QWidget:
    """The page of the departments' forms in the small town."""
    small_town(tmp_path).store.close()
    person.open_again(tmp_path / "柳河站")
    page = person.go_to("台账")
    person.press("reports_0_switch_1", page)
    person.wait(lambda: person.can_see("county_forms_empty", page))
    return page


def taught(person: Person, forms: QWidget, blank: Path) -> TeachDialog:
    """Choose a blank form and wait for what the program makes of it."""
    with person.answering(blank):
        person.press("county_form_teach", forms)
    dialog = person.dialog("form_teach")
    assert isinstance(dialog, TeachDialog)
    person.wait(lambda: dialog.template is not None)
    person.settle()
    return dialog


def kept(person: Person, dialog: TeachDialog, name: str) -> None:
    person.write("form_name", name, dialog)
    person.press("form_keep", dialog)
    person.wait(lambda: any(each.name == name for each in templates_of(person.store)))
    person.wait(lambda: not person.sees_dialog("form_teach"))
    person.settle()


def filled(person: Person, forms: QWidget, target: Path, audience: str = "internal") -> Path:
    """Fill the form that is chosen and close the dialog."""
    person.press("county_form_fill", forms)
    dialog = person.dialog("form_fill")
    assert isinstance(dialog, FillDialog)
    person.press(f"fill_for_{audience}", dialog)
    with person.answering(target):
        person.press("fill_go", dialog)
    person.wait(dialog.outcome.isVisible)
    path = dialog.outcome.path
    assert path is not None, person.text("fill_result_text", dialog)
    person.press("fill_close", dialog)
    return path


def press_cell(table: QTableWidget, row: int, column: int) -> None:
    """Press a cell of the form, counted from 1."""
    index = table.model().index(row - 1, column - 1)
    table.scrollTo(index)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())


def told_places(dialog: TeachDialog) -> Iterator[tuple[str, str]]:
    """What the form calls each place, and what comes there."""
    table = seen(dialog, QTableWidget, "form_places")
    for row in range(table.rowCount()):
        yield str(table.model().index(row, 1).data()), str(table.model().index(row, 2).data())


def grid(path: Path) -> list[list[object]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_list_is_taught_corrected_and_filled(person: Person, forms: QWidget, tmp_path: Path) -> None:
    dialog = taught(person, forms, flat_list(tmp_path / "困难群众花名册.xlsx"))
    words = dict(told_places(dialog))
    assert words["姓名"] == "姓名"
    assert words["身份证号码"] == "身份证号"
    # The worker points at the column of remarks on the form and says what comes there.
    press_cell(dialog.sheet, 4, 11)
    assert "备注" in person.text("form_rule_title", dialog)
    person.choose("form_rule_source", "固定文字", dialog)
    person.write("form_rule_text", "社工站核实", dialog)
    kept(person, dialog, "民政办名册")
    path = filled(person, forms, tmp_path / "填好.xlsx")
    rows = grid(path)
    listed = [row for row in rows[3:] if row[1] in {"李守林", "赵小朋", "王秀英"}]
    assert [row[1] for row in listed] == ["李守林", "赵小朋"]  # who may not be listed is not
    assert {row[10] for row in listed} == {"社工站核实"}
    assert rows[2][:4] == ["序号", "姓名", "性别", "身份证号码"]


def test_a_masked_form_tells_no_number_and_the_form_stays_as_it_was(
    person: Person, forms: QWidget, tmp_path: Path
) -> None:
    blank = flat_list(tmp_path / "花名册.xlsx")
    kept(person, taught(person, forms, blank), "上报名册")
    path = filled(person, forms, tmp_path / "上报.xlsx", "report")
    before, after = openpyxl.load_workbook(blank).worksheets[0], openpyxl.load_workbook(path).worksheets[0]
    for key in person.stored("person"):
        number = person.value("person", key, "id_number")
        assert not number or all(number != cell.value for row in after.iter_rows() for cell in row)
    assert after.print_title_rows == before.print_title_rows
    assert [after.column_dimensions[each].width for each in "ABCDK"] == [
        before.column_dimensions[each].width for each in "ABCDK"
    ]


@pytest.mark.parametrize("make", [three_levels, person_card, figures_xls])
def test_quite_different_forms_are_taught_as_they_are_proposed(
    person: Person, forms: QWidget, tmp_path: Path, make: object
) -> None:
    assert callable(make)
    blank = make(tmp_path / ("表.xls" if make is figures_xls else "表.xlsx"))
    kept(person, taught(person, forms, blank), "部门的表")
    path = filled(person, forms, tmp_path / "填好.xlsx")
    assert any(value not in (None, "") for row in grid(path)[3:] for value in row)


def test_a_template_is_changed_given_on_and_taken_back(
    person: Person, forms: QWidget, tmp_path: Path
) -> None:
    kept(person, taught(person, forms, flat_list(tmp_path / "花名册.xlsx")), "名册")
    given = tmp_path / "名册.sdform"
    with person.answering(given):
        person.press("county_form_export", forms)
    person.wait(given.exists)
    person.settle()
    person.press("county_form_edit", forms)
    dialog = person.dialog("form_teach")
    assert isinstance(dialog, TeachDialog)
    person.wait(lambda: person.text("form_name", dialog) == "名册")
    kept(person, dialog, "名册（新）")
    person.press("county_form_remove", forms)
    person.wait(lambda: not templates_of(person.store))
    person.settle()
    with person.answering(given):
        person.press("county_form_import", forms)
    person.wait(lambda: [each.name for each in templates_of(person.store)] == ["名册"])
    (form,) = templates_of(person.store)
    assert kept_template(person.store, form.key).template.columns


def test_a_file_that_is_no_form_is_refused_in_a_sentence(
    person: Person, forms: QWidget, tmp_path: Path
) -> None:
    wrong = tmp_path / "照片.xlsx"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    with person.answering(wrong):
        person.press("county_form_teach", forms)
    dialog = person.dialog("form_teach")
    person.wait(lambda: person.can_see("form_refusal", dialog))
    assert "表" in person.text("form_refusal_text", dialog)
    dialog.close()


def test_whom_a_form_lists_is_chosen_where_it_is_filled(
    person: Person, forms: QWidget, tmp_path: Path
) -> None:
    kept(person, taught(person, forms, flat_list(tmp_path / "花名册.xlsx")), "名册")
    person.press("county_form_fill", forms)
    dialog = person.dialog("form_fill")
    person.wait(lambda: "2" in person.text("fill_count", dialog))
    person.write("fill_villages", "没有的村", dialog)
    QTest.keyClick(seen(dialog, QLineEdit, "fill_villages"), Qt.Key.Key_Return)
    person.wait(lambda: "没有的村" in person.text("fill_result_text", dialog))
    dialog.close()


def test_what_was_corrected_is_not_lost_without_asking(
    person: Person, forms: QWidget, tmp_path: Path
) -> None:
    dialog = taught(person, forms, flat_list(tmp_path / "花名册.xlsx"))
    press_cell(dialog.sheet, 4, 11)
    person.choose("form_rule_source", "固定文字", dialog)
    person.press("form_leave", dialog)
    person.press("question_no", person.dialog("question"))
    assert dialog.isVisible()
    person.press("form_leave", dialog)
    person.press("question_yes", person.dialog("question"))
    person.wait(lambda: not person.sees_dialog("form_teach"))
    assert templates_of(person.store) == ()
