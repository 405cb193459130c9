"""Opening other people's files: everything that can be read is, everything else is refused in a sentence."""

from __future__ import annotations

import os
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.sheets.reading.workbook import read_workbook
from tests.sheets.reading.making import text_cell, xls, xlsx, xlsx_with_sheet_xml

ROWS: list[list[Any]] = [
    ["姓名", "电话", "生日"],
    ["张三", 13800138000, date(1950, 3, 1)],
    ["李四", None, date(1949, 1, 2)],
]
READ = (("姓名", "电话", "生日"), ("张三", 13800138000, date(1950, 3, 1)), ("李四", None, date(1949, 1, 2)))


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as told:
        read_workbook(path)
    return str(told.value)


def test_xlsx_and_old_xls_give_the_same_typed_cells(tmp_path: Path) -> None:
    assert read_workbook(xlsx(tmp_path / "新.xlsx", ROWS)).sheets[0].rows == READ
    assert read_workbook(xls(tmp_path / "旧.xls", ROWS)).sheets[0].rows == READ


def test_what_a_file_is_is_told_by_its_content_not_its_name(tmp_path: Path) -> None:
    misnamed = xlsx(tmp_path / "名单.xlsx", ROWS).rename(tmp_path / "名单.xls")
    assert read_workbook(misnamed).sheets[0].rows == READ


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("gbk", "GB18030"),
        ("gb18030", "GB18030"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_tables_are_read_in_every_encoding_and_with_every_separator(
    tmp_path: Path, encoding: str, told: str, separator: str
) -> None:
    lines = ["姓名,地址,电话", "张三,“桃花村”一组,13800138000", '李四,"柳河村,二组",', "王五,柳河村,110"]
    text = "\r\n".join(lines).replace(",", separator).replace(f"柳河村{separator}二组", "柳河村，二组")
    path = tmp_path / "名单.csv"
    path.write_bytes(text.encode(encoding))
    book = read_workbook(path)
    assert (book.encoding, book.separator) == (told, separator)
    assert book.sheets[0].rows == (
        ("姓名", "地址", "电话"),
        ("张三", "“桃花村”一组", "13800138000"),
        ("李四", "柳河村，二组"),
        ("王五", "柳河村", "110"),
    )


def test_a_rare_character_of_a_name_survives(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes("姓名,电话\n𠮷䶮,110\n".encode("gb18030"))
    assert read_workbook(path).sheets[0].rows[1] == ("𠮷䶮", "110")


def test_numbers_kept_as_text_by_a_formula_or_apostrophe_are_plain_text(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text('姓名,身份证号\n张三,"=""11010519491231002X"""\n李四,\'440524188001010014\n', "utf-8")
    assert [row[1] for row in read_workbook(path).sheets[0].rows[1:]] == [
        "11010519491231002X",
        "440524188001010014",
    ]


def test_a_wrong_dimension_loses_no_row(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}">{text_cell(f"A{n}", f"第{n}人")}</row>' for n in range(1, 1001))
    for dimension in ("A1", "A1:T500", "A1:XFD1048576"):
        path = xlsx_with_sheet_xml(tmp_path / "名单.xlsx", rows, dimension)
        assert len(read_workbook(path).sheets[0].rows) == 1000


def test_what_stands_further_right_keeps_its_column(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[], [None, None, "姓名", "电话"], [None, None, "张三", 110]]
    assert read_workbook(xlsx(tmp_path / "右.xlsx", rows)).sheets[0].rows == (
        (),
        (None, None, "姓名", "电话"),
        (None, None, "张三", 110),
    )


def test_a_formula_that_failed_is_told_and_not_blank(tmp_path: Path) -> None:
    rows = (
        f'<row r="1">{text_cell("A1", "姓名")}</row>'
        '<row r="3"><c r="C3" t="e"><f>VLOOKUP(1,A:B,2)</f><v>#N/A</v></c><c r="D3"><v>5</v></c></row>'
    )
    path = xlsx_with_sheet_xml(tmp_path / "错.xlsx", rows)
    assert read_workbook(path).sheets[0].rows == (("姓名",), (), (None, None, "#N/A", 5))


def test_what_a_mac_packs_beside_each_part_is_passed_over(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "名单.xlsx", ROWS)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/xl/worksheets/._sheet1.xml", b"\x00\x05\x16\x07\x00\x02")
    assert read_workbook(path).sheets[0].rows == READ


def test_one_far_cell_is_named_and_refused(tmp_path: Path) -> None:
    rows = f'<row r="1">{text_cell("A1", "姓名")}</row><row r="1048576">{text_cell("XFD1048576", "x")}</row>'
    assert "XFD1048576" in refusal(xlsx_with_sheet_xml(tmp_path / "远.xlsx", rows))


def test_far_cells_that_hold_only_a_format_do_not_matter(tmp_path: Path) -> None:
    rows = f'<row r="1">{text_cell("A1", "姓名")}</row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert read_workbook(xlsx_with_sheet_xml(tmp_path / "远.xlsx", rows)).sheets[0].rows == (("姓名",),)


def test_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "炸弹.xlsx"
    xlsx_with_sheet_xml(path, f'<row r="1">{text_cell("A1", "姓名")}</row>')
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    parts[name] = bomb + parts[name].replace(b'r="A1"', b'r="XFD1"')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    assert "已损坏" in refusal(path)


def test_a_package_that_unpacks_to_far_more_than_it_holds_is_refused(tmp_path: Path) -> None:
    path = xlsx_with_sheet_xml(tmp_path / "空.xlsx", " " * 60_000_000)
    assert path.stat().st_size < 200_000
    assert "压缩比" in refusal(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.xlsx", b"", "空的"),
        ("空.csv", b"\r\n\r\n", "空的"),
        ("网页.xls", "<html><body><p>姓名</p></body></html>".encode(), "没有表格"),
        (
            "外框.xls",
            b'<html><frameset><frame src="1.files/sheet001.htm"></frameset></html>',
            "旁边同名的文件夹",
        ),
        ("表.xls", b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "已损坏"),
        ("表.csv", '{"type": "FeatureCollection", "features": [{"姓名": 1}]}'.encode(), "JSON"),
        ("文.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "Word"),
        ("表.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "WPS 自己的格式"),
        ("坏.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "已损坏"),
        ("坏.xlsx", b"PK\x03\x04" + b"\x07" * 500, "已损坏"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "不是表格"),
        ("程序.csv", b"\x7fELF\x02\x01\x01" + b"\x00\x01" * 200, "程序数据"),
        (
            "区界.dbf",
            b"\x03\x5f\x07\x1a" + b"\x0a\x00,\x00\x01\x00" * 8 + b"\x00" * 20 + "某县".encode("gbk"),
            "程序数据",
        ),
        ("照片.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00,\x00\n\xdc\x00" * 40, "程序数据"),
        ("台.csv", ("姓名,備註\n" + "這個檔案是繁體中文編碼的文字檔,沒有問題\n" * 30).encode("big5"), "Big5"),
        ("断.csv", "姓名,电话\n张三,1\n李".encode("gbk") + b"\xff\xfe\n", "第 3 行"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert said in refusal(path)


def test_a_word_document_and_a_plain_archive_are_told_apart(tmp_path: Path) -> None:
    for part, said in (("word/document.xml", "Word"), ("照片/1.jpg", "压缩包")):
        path = tmp_path / "包.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(part, "x")
        assert said in refusal(path)


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "整.xlsx", ROWS * 50).read_bytes()
    path = tmp_path / "半.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    assert "已损坏" in refusal(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert "找不到" in refusal(tmp_path / "没有.xlsx")
    assert "文件夹" in refusal(tmp_path)


def test_a_quotation_mark_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text('姓名,备注\n张三,"话没说完\n' + "李四,好\n" * 200, "utf-8")
    assert "引号" in refusal(path)


def test_cancel_stops_the_reading_and_leaves_no_process(tmp_path: Path) -> None:
    class Impatient(NoProgress):
        @override
        def step(self, done: int, total: int) -> None:
            raise Cancelled

    path = xlsx(tmp_path / "名单.xlsx", ROWS)
    with pytest.raises(Cancelled):
        read_workbook(path, Impatient())
    # No child is left behind: neither running nor waiting to be collected.
    assert not _children()


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "名单.xlsx", ROWS)
    with pytest.raises(UserError, match="时间太长"):
        read_workbook(path, seconds=0)
    assert not _children()


def _children() -> list[str]:
    """Reading processes of ours; the tracker that Python keeps for spawned processes is none."""
    found = []
    for process in Path("/proc").glob("[0-9]*/stat"):
        try:
            state = process.read_text()
            command = (process.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(state.rpartition(")")[2].split()[1]) == os.getpid() and b"spawn_main" in command:
            found.append(state)
    return found
