"""A ledger as an office opens it: every row and sign in it, nothing that a spreadsheet would change."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell
from python_calamine import CalamineWorkbook
from typing_extensions import override

from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.sheets.cells import tidied
from stationdesk.sheets.checking import LostRows, PersonalKind, PersonalNumber, personal_number
from stationdesk.sheets.columns import CellKind, Column, Total, Typed
from stationdesk.sheets.page import HEADER_ROW, Head
from stationdesk.sheets.workbook import Sheet, WrittenWorkbook, write_workbook
from tests.hostile import STRINGS

TEXTS = (*STRINGS, "\ud800 半个字")
HEAD = Head("石桥镇社会工作服务站", "2026年10月", date(2026, 11, 5), "内部资料")


def column(key: str, kind: CellKind = CellKind.TEXT, total: Total = Total.NONE) -> Column:
    return Column(key, key, kind, total=total)


COLUMNS = (
    column("名称"),
    column("身份证号", CellKind.CODE),
    column("日期", CellKind.DATE),
    column("金额", CellKind.MONEY, Total.SUM),
    column("备注", CellKind.LONG),
)


def row(text: str = "甲", note: str = "") -> tuple[Any, ...]:
    return (text, "999999195001010018", date(2026, 10, 1), Decimal("12.50"), note)


def write(target: Path, *rows: tuple[Any, ...], masked: bool = False, **more: Any) -> WrittenWorkbook:
    sheet = Sheet("花名册", COLUMNS, list(rows), len(rows), **more)
    return write_workbook(target, HEAD, [sheet], masked=masked)


def body(path: Path, sheet: str = "花名册") -> list[list[Any]]:
    """The rows of the table as another program reads them, without head and foot."""
    rows = (
        CalamineWorkbook.from_path(path)
        .get_sheet_by_name(sheet)
        .to_python(skip_empty_area=False)[HEADER_ROW:]
    )
    return [each for number, each in enumerate(rows, 1) if each[0] == number]


def test_ids_are_text_dates_are_dates_and_money_has_two_decimals(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", row())
    cells = load_workbook(tmp_path / "a.xlsx")["花名册"][HEADER_ROW + 1]
    number, day, money = (cell for cell in cells[2:5] if isinstance(cell, Cell))
    assert (number.value, number.data_type, number.number_format) == ("999999195001010018", "s", "@")
    assert (day.is_date, day.number_format) == (True, "yyyy-mm-dd")
    assert (money.value, money.number_format) == (12.5, "#,##0.00")


def test_the_sheet_is_set_up_for_the_printer(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", *[row()] * 3, frozen=1)
    sheet = load_workbook(tmp_path / "a.xlsx")["花名册"]
    assert sheet["A2"].value == "石桥镇社会工作服务站花名册"
    assert "A2:F2" in {str(each) for each in sheet.merged_cells.ranges}
    assert sheet.freeze_panes == "C5"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert cast("Any", sheet).oddFooter.center.text == "第 &P 页 共 &N 页"
    line = " ".join(str(cell.value) for cell in sheet[3] if cell.value)
    assert "填报单位（盖章）：石桥镇社会工作服务站" in line
    assert "统计期间：2026年10月" in line
    assert "填报日期：2026-11-05" in line


def test_totals_are_values_that_were_checked(tmp_path: Path) -> None:
    written = write(tmp_path / "a.xlsx", *[row()] * 3)
    assert written.sheets[0].totals == {"金额": Decimal("37.50")}
    cells = load_workbook(tmp_path / "a.xlsx")["花名册"][HEADER_ROW + 4]
    assert (cells[0].value, cells[4].value) == ("合计", 37.5)


def test_hostile_text_stays_text_and_no_row_is_missing(tmp_path: Path) -> None:
    rows = [row(text, text) for text in TEXTS]
    written = write(tmp_path / "a.xlsx", *rows)
    assert written.sheets[0].rows == len(TEXTS)
    wanted = [tidied(text).text for text in TEXTS]
    assert [each[1] for each in body(tmp_path / "a.xlsx")] == wanted
    sheet = load_workbook(tmp_path / "a.xlsx")["花名册"]
    cells = [sheet.cell(HEADER_ROW + number, 2) for number in range(1, len(TEXTS) + 1)]
    assert [cell.value or "" for cell in cells] == wanted
    kinds = {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value is not None}
    assert kinds == {"s", "n", "d"}
    package = zipfile.ZipFile(tmp_path / "a.xlsx")
    assert not [name for name in package.namelist() if b"<f>" in package.read(name)]


def test_hostile_names_in_head_and_foot_do_no_harm(tmp_path: Path) -> None:
    for number, text in enumerate(
        ("", "=1+1", "长" * 40_000, " ".join(text for text in TEXTS if len(text) < 100))
    ):
        head = Head(text, text, date(2026, 11, 5), text, signers=(("填表人", text),))
        path = tmp_path / f"{number}.xlsx"
        write_workbook(path, head, [Sheet("表", COLUMNS, [row()], 1, notes=(text,))], masked=False)
        assert len(body(path, "表")) == 1
        load_workbook(path)


def test_illegal_characters_at_fifty_positions_are_cleaned_and_counted(tmp_path: Path) -> None:
    chance = random.Random(49)
    bad = [chr(code) for code in range(32) if code not in (9, 10)]
    rows = []
    for number in range(50):
        text = list(f"第{number}户情况记录")
        text.insert(chance.randrange(len(text) + 1), chance.choice(bad))
        rows.append(row(note="".join(text)))
    written = write(tmp_path / "a.xlsx", *rows)
    assert written.sheets[0].cleaned == 50
    assert [each[5] for each in body(tmp_path / "a.xlsx")] == [tidied(each[4]).text for each in rows]
    remarks = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_name("导出说明").to_python()
    assert [1, "花名册", 50, 50, 50, 0] in remarks


def test_a_value_of_a_wrong_kind_is_kept_and_ends_nothing(tmp_path: Path) -> None:
    wrong = ("甲", "x", "不详", "约五百", date(1850, 1, 1))
    written = write(tmp_path / "a.xlsx", row(), wrong, row())
    assert written.sheets[0].totals == {"金额": Decimal("25.00")}
    assert body(tmp_path / "a.xlsx")[1][3:] == ["不详", "约五百", "1850-01-01"]


def test_rows_that_the_query_counted_and_did_not_give_are_missed(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"old")
    with pytest.raises(LostRows):
        write_workbook(tmp_path / "a.xlsx", HEAD, [Sheet("表", COLUMNS, [row()], 2)], masked=False)
    assert (tmp_path / "a.xlsx").read_bytes() == b"old"


def test_a_ledger_without_rows_says_so(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_name("花名册").to_python()
    assert rows[HEADER_ROW][0] == "本期无记录"


def test_equal_neighbours_become_one_cell_where_the_form_has_it(tmp_path: Path) -> None:
    columns = (Column("g", "类别", merged=True), Column("v", "本月", CellKind.ANY))
    half = Typed(CellKind.PERCENT, Decimal("0.5"))
    rows = [("走访", Typed(CellKind.INTEGER, 3)), ("走访", half), ("需求", "—")]
    sheet = Sheet("月报表", columns, rows, 3, numbered=False)
    write_workbook(tmp_path / "a.xlsx", HEAD, [sheet], masked=False)
    page = load_workbook(tmp_path / "a.xlsx")["月报表"]
    assert "A5:A6" in {str(each) for each in page.merged_cells.ranges}
    assert [page.cell(at, 1).value for at in (5, 6, 7)] == ["走访", None, "需求"]
    assert (page["B6"].value, page["B6"].number_format) == (0.5, "0.0%")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电话 13912345678", PersonalKind.MOBILE),
        ("139 1234 5678", PersonalKind.MOBILE),
        ("+86-139-1234-5678", PersonalKind.MOBILE),
        ("１３９１２３４５６７８", PersonalKind.MOBILE),
        ("139\u200b12345678", PersonalKind.MOBILE),
        ("身份证99999919500101001X。", PersonalKind.ID_NUMBER),
        ("999999 19500101 0018", PersonalKind.ID_NUMBER),
        ("139****5678", None),
        ("999*************18", None),
        ("0718-8221234", None),
        ("6222021234567890123", None),
        ("91420000MA4K12345X", None),
        ("2026-10-01 至 2026-10-31", None),
    ],
)
def test_a_full_number_is_found_however_it_is_written(text: str, kind: PersonalKind | None) -> None:
    assert personal_number(text) == kind


@pytest.mark.parametrize("text", ["请打 13912345678", "999999195001010018"])
def test_a_report_with_a_full_number_is_refused_by_its_place(tmp_path: Path, text: str) -> None:
    plain = ("甲", "999*************18", None, None, text)
    with pytest.raises(PersonalNumber, match=r"“花名册”第 5 行“备注”"):
        write(tmp_path / "a.xlsx", plain, masked=True)
    assert not list(tmp_path.iterdir())


class StopAt(NoProgress):
    """Presses Cancel when so much is done."""

    def __init__(self, at: int) -> None:
        self.at = at

    @override
    def step(self, done: int, total: int) -> None:
        assert done <= total
        if done >= self.at:
            raise Cancelled


def test_no_piece_ever_lies_in_the_temporary_folder_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "system"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    seen = set[str]()
    target = tmp_path / "place" / "a.xlsx"
    target.parent.mkdir()

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(1000):
            seen.update(str(each.relative_to(tmp_path).parts[0]) for each in tmp_path.rglob("*.xml"))
            yield row(f"户{number}")
            assert tempfile.tempdir == str(elsewhere)  # nothing of the process is switched meanwhile
            assert not list(elsewhere.iterdir())

    write_workbook(target, HEAD, [Sheet("表", COLUMNS, rows(), 1000)], masked=False)
    assert seen == {"place"}
    assert [each.name for each in target.parent.iterdir()] == ["a.xlsx"]


def test_cancel_leaves_neither_file_nor_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(pieces))
    sheet = Sheet("表", COLUMNS, (row() for _ in range(2000)), 2000)
    with pytest.raises(Cancelled):
        write_workbook(tmp_path / "a.xlsx", HEAD, [sheet], masked=False, progress=StopAt(600))
    assert [each.name for each in tmp_path.rglob("*")] == ["pieces"]


def test_rows_are_read_one_by_one_and_never_all_held(tmp_path: Path) -> None:
    alive, most = set[int](), 0

    class Piece(str):
        __slots__ = ()

        def __del__(self) -> None:
            alive.discard(id(self))

    def rows() -> Iterator[tuple[Any, ...]]:
        nonlocal most
        for number in range(3000):
            piece = Piece(f"户{number}")
            alive.add(id(piece))
            most = max(most, len(alive))
            yield row(piece)

    write_workbook(tmp_path / "a.xlsx", HEAD, [Sheet("表", COLUMNS, rows(), 3000)], masked=False)
    assert most < 1000


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_libreoffice_reads_the_same_text(tmp_path: Path) -> None:
    texts = [text for text in TEXTS if text and len(text) < 1000]
    write(tmp_path / "a.xlsx", *[row(text) for text in texts])
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/office",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "a.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))[HEADER_ROW:][: len(texts)]
    # What was read as a formula would come out as its result.
    assert [line[1] for line in lines] == [tidied(text).text for text in texts]
