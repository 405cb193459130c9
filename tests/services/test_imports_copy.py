"""The verdicts in a coloured copy of the worker's own file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.progress import Cancelled, Progress
from stationdesk.services.imports import DryRun, dry_run, read_plan, run, write_copy
from stationdesk.services.store import Store
from tests.desk_station import read
from tests.services.importing import new_station

HEAD = ["姓名", "身份证号", "居住地址", "电话"]
ROWS = (
    ["张大山", "999999194803010011", "三组 5 号", "13800138000"],
    ["李桂兰", "1.23E+17", "三组 5 号", None],
    ["=SUM(A1)", None, "四组", None],
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_station(tmp_path) as made:
        yield made


def workbook(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "花名册"
    sheet.append(["石桥镇花名册"])
    sheet.merge_cells("A1:D1")
    sheet["A1"].font = Font(size=20, bold=True)
    sheet.append(HEAD)
    for row in ROWS:
        sheet.append(row)
    sheet["A5"].data_type = "s"
    sheet["A3"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet.column_dimensions["C"].width = 33
    sheet.append(["合计", 3])
    path = folder / "花名册.xlsx"
    book.save(path)
    return path


def tried(store: Store, file: Path) -> DryRun:
    return dry_run(store, read_plan(store, file))


def test_a_workbook_keeps_its_looks_and_every_row_says_what_it_came_to(store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path)
    before = file.read_bytes()
    target = write_copy(store, tried(store, file), tmp_path / "结论.xlsx")
    assert file.read_bytes() == before
    sheet = openpyxl.load_workbook(target)["花名册"]
    assert [sheet.cell(2, column).value for column in (5, 6)] == ["结论", "原因"]
    assert [sheet.cell(row, 5).value for row in range(3, 7)] == ["新增", "不能导入", "新增", "不是记录"]
    assert "身份证号" in str(sheet["F4"].value)
    assert sheet["F6"].value == "合计行"
    assert sheet["A1"].font.sz == 20
    assert sheet.column_dimensions["C"].width == 33
    assert "A1:D1" in {str(each) for each in sheet.merged_cells.ranges}
    assert sheet["A3"].fill.fgColor.rgb == sheet["E3"].fill.fgColor.rgb != "00000000"
    assert sheet["A3"].fill.fgColor.rgb != sheet["A4"].fill.fgColor.rgb
    assert sheet["A6"].fill.fgColor.rgb == "00000000"


def test_a_text_file_becomes_a_workbook_with_the_same_rows(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "花名册.csv"
    with file.open("w", encoding="gb18030", newline="") as text:
        csv.writer(text).writerows([HEAD, *ROWS])
    target = write_copy(store, tried(store, file), tmp_path / "结论.xlsx")
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [*HEAD, "结论", "原因"]
    assert [row[:4] for row in rows[1:]] == [list(row) for row in ROWS]
    assert [row[4] for row in rows[1:]] == ["新增", "不能导入", "新增"]
    assert sheet["A4"].data_type == "s"


def test_a_second_dry_run_tells_what_would_change(store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path)
    run(store, tried(store, file))
    book = openpyxl.load_workbook(file)
    book["花名册"]["D3"] = "13900139000"
    book.save(file)
    sheet = openpyxl.load_workbook(write_copy(store, tried(store, file), tmp_path / "结论.xlsx"))["花名册"]
    assert sheet["E3"].value == "有变化"
    assert "13800138000 → 13900139000" in str(sheet["F3"].value)


def test_the_original_is_never_written_over(store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path)
    with pytest.raises(UserError, match="原来的文件"):
        write_copy(store, tried(store, file), file)


class _Pressed(Progress):
    @override
    def step(self, done: int, total: int) -> None:
        raise Cancelled

    @override
    def say(self, sentence: str) -> None:
        return


def test_cancel_leaves_no_file(store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path)
    dry = tried(store, file)
    with pytest.raises(Cancelled):
        write_copy(store, dry, tmp_path / "结论.xlsx", _Pressed())
    assert sorted(each.name for each in tmp_path.iterdir() if each.is_file()) == ["花名册.xlsx"]


def in_two_columns(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*HEAD, *HEAD])
    sheet.append([*ROWS[0], "王五", None, "四组 1 号", None])
    sheet.append([*ROWS[1], "赵六", "999999194803010011", "五组", None])
    path = folder / "两栏.xlsx"
    book.save(path)
    return path


def test_a_list_in_two_columns_comes_in_as_one_and_each_row_is_named(store: Store, tmp_path: Path) -> None:
    plan = read_plan(store, in_two_columns(tmp_path))
    assert plan.table.area == "A1:H3"
    assert plan.next_place is None
    dry = dry_run(store, plan)
    told = {str(row.number): (row.title, row.verdict.label) for row in dry.rows}
    assert told["A2"] == ("张大山", "新增")
    assert told["A3"] == ("李桂兰", "不能导入")
    assert told["E2"] == ("王五", "新增")
    row = next(row for row in dry.rows if row.title == "赵六")
    assert str(row.number) == "E3"
    assert row.candidate is not None
    assert row.candidate.row_words == "A2"


def test_the_sides_can_still_be_imported_alone(store: Store, tmp_path: Path) -> None:
    plan = read_plan(store, in_two_columns(tmp_path), place=2)
    assert plan.table.area == "E1:H3"
    assert [row.number for row in plan.table.rows] == [2, 3]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_the_copy_of_two_columns_colours_each_side_by_its_own_verdict(
    store: Store, tmp_path: Path, suffix: str
) -> None:
    file = in_two_columns(tmp_path)
    if suffix == ".csv":
        rows = openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True)
        file = file.with_suffix(".csv")
        with file.open("w", encoding="utf-8-sig", newline="") as text:
            csv.writer(text).writerows(rows)
    target = write_copy(store, tried(store, file), tmp_path / "结论.xlsx")
    sheet = openpyxl.load_workbook(target).worksheets[0]
    labels = [sheet.cell(1, column).value for column in range(9, 13)]
    assert labels == ["结论（A 列起）", "原因（A 列起）", "结论（E 列起）", "原因（E 列起）"]
    assert [sheet["I3"].value, sheet["K2"].value] == ["不能导入", "新增"]
    colours = {cell: sheet[cell].fill.fgColor.rgb for cell in ("A2", "D3", "E2", "H2", "I3", "K2")}
    assert colours["A2"] == colours["E2"] == colours["H2"] == colours["K2"] != colours["D3"]
    assert colours["D3"] == colours["I3"]


def test_the_card_of_one_person_comes_in_as_that_person(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["登记卡"],
        ["证件", "身份证", "身份证号", "999999194803010011"],
        ["姓名", "张大山", "性别", "男"],
        ["家庭住址", "三组 5 号", "联系电话", "13800138000"],
    ):
        sheet.append(row)
    file = tmp_path / "登记卡.xlsx"
    book.save(file)
    dry = tried(store, file)
    assert [(row.number, row.title, row.verdict.label) for row in dry.rows] == [(2, "张大山", "新增")]
    made = run(store, dry)
    person = read(store, "person", made.keys("person")[0])
    assert (person["id_number"], person["phone"]) == ("999999194803010011", "13800138000")
    copy = openpyxl.load_workbook(write_copy(store, dry, tmp_path / "结论.xlsx")).worksheets[0]
    assert copy["E2"].value == "新增"
    assert copy["D2"].fill.fgColor.rgb == copy["E2"].fill.fgColor.rgb != "00000000"


def test_rows_of_damaged_numbers_come_in_without_them_only_when_the_worker_says_so(
    store: Store, tmp_path: Path
) -> None:
    plan = read_plan(store, workbook(tmp_path))
    dry = dry_run(store, plan)
    assert [row.verdict.label for row in dry.rows] == ["新增", "不能导入", "新增"]
    assert dry.rows.damaged == 1
    dry = dry_run(store, plan.dropping_damaged(drops=True))
    assert [row.verdict.label for row in dry.rows] == ["新增", "新增", "新增"]
    assert dry.rows.damaged == 0
    row = dry.rows[1]
    assert "不带“身份证号”导入" in row.remarks[0]
    made = run(store, dry)
    people = [read(store, "person", key) for key in made.keys("person")]
    told = {person["name"]: (person["id_number"], person["note"]) for person in people}
    assert told["李桂兰"] == (None, None), "half a number is kept nowhere, not even in a note"
    assert told["张大山"][0] == "999999194803010011"
    sheet = openpyxl.load_workbook(write_copy(store, dry, tmp_path / "结论.xlsx"))["花名册"]
    assert (sheet["E4"].value, "不带“身份证号”导入" in str(sheet["F4"].value)) == ("新增", True)


def test_a_row_that_is_refused_for_more_than_its_number_stays_refused(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (HEAD, [None, "4.2E+17", "三组", None], ["李桂兰", "999999194803010000", "三组", None]):
        sheet.append(line)
    file = tmp_path / "名册.xlsx"
    book.save(file)
    dry = dry_run(store, read_plan(store, file).dropping_damaged(drops=True))
    assert [row.verdict.label for row in dry.rows] == ["不能导入", "新增"]
    assert dry.rows[0].why == "没有姓名"
