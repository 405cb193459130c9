"""Web pages named .xls: their tables are read, nothing in them is run or fetched."""

from __future__ import annotations

import time
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.web_pages import archived_pages, page_sheet, page_text
from stationdesk.sheets.reading.workbook import read_workbook

ROSTER = """
<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv=Content-Type content="text/html; charset={charset}"><title>导出</title>
<style>td {{mso-number-format:"\\@"}}</style><script>document.write("坏")</script></head>
<body><h2>柳河镇 &amp; 花名册</h2>
<table border=1><thead>
<tr><th rowspan=2>姓名</th><th colspan="2">联系方式</th><th rowspan=2>备注</th></tr><tr><th>电话</th><th>微信</th></tr>
</thead><tr><td rowspan=2>张三<td x:num="13800138000">13800138000<td>z3<br>z33<td>&nbsp;</tr>
<tr><td><b>转</b> <i>8001</i></td><td></td><td>好</td></tr>
</table><p>注：本表一式两份</p></body></html>
"""
ROWS = [
    ("柳河镇 & 花名册",),
    ("姓名", "联系方式", None, "备注"),
    (None, "电话", "微信"),
    ("张三", "13800138000", "z3\nz33"),
    (None, "转 8001", None, "好"),
    ("注：本表一式两份",),
]


def test_a_page_becomes_one_sheet_in_its_own_order_with_merged_cells() -> None:
    sheet = page_sheet(ROSTER)
    assert sheet.rows == ROWS
    assert sheet.merges == [(1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 2, 3), (3, 0, 4, 0)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_a_page_is_read_in_the_encoding_it_is_in_whatever_it_declares(encoding: str, charset: str) -> None:
    assert page_sheet(page_text(ROSTER.format(charset=charset).encode(encoding))).rows == ROWS


def test_a_page_that_declares_big5_and_is_big5_is_read() -> None:
    page = '<meta charset="big5"><table><tr><td>姓名</td><td>電話</td></tr></table>'
    assert page_sheet(page_text(page.encode("big5"))).rows == [("姓名", "電話")]


def test_a_page_named_xls_is_read_through_the_process(tmp_path: Path) -> None:
    path = tmp_path / "花名册.xls"
    path.write_bytes(ROSTER.format(charset="gb2312").encode("gbk"))
    book = read_workbook(path)
    assert [sheet.name for sheet in book.sheets] == ["花名册"]
    assert list(book.sheets[0].rows) == ROWS


def test_a_table_inside_a_layout_loses_nothing_of_either() -> None:
    page = (
        "<table><tr><td>左栏</td><td>前面的话<table><tr><td>姓名</td><td>电话</td></tr>"
        "<tr><td>张三</td><td>110</td></tr></table>后面的话</td><td>右栏</td></tr></table>"
    )
    rows = page_sheet(page).rows
    assert ("姓名", "电话") in rows
    assert ("张三", "110") in rows
    assert {cell for row in rows for cell in row if cell} == {
        *("左栏", "前面的话", "姓名", "电话", "张三", "110", "后面的话", "右栏")
    }


def test_a_table_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    assert page_sheet("<table><tr><td>姓名<td>电话<tr><td>张三<td>110").rows == [
        ("姓名", "电话"),
        ("张三", "110"),
    ]


def test_tables_below_one_another_are_all_read() -> None:
    page = "<table><tr><th>姓名<th>电话</table><table><tr><td>张三<td>110</table>"
    assert page_sheet(page).rows == [("姓名", "电话"), ("张三", "110")]


def test_scripts_styles_and_entities_of_the_page_are_not_taken() -> None:
    page = (
        '<!DOCTYPE html [<!ENTITY a "炸"><!ENTITY b "&a;&a;">]><html><script>var a = "<td>坏</td>"</script>'
        "<table><tr><td>&b;</td><td>1&lt;2</td></tr></table><img src=http://127.0.0.1:9/x></html>"
    )
    cells = [cell for row in page_sheet(page).rows for cell in row if isinstance(cell, str)]
    assert "1<2" in cells
    assert not any("炸" in cell and "ENTITY" not in cell for cell in cells)
    assert not any("坏" in cell for cell in cells)


def test_spans_without_measure_neither_fill_memory_nor_lose_the_cell() -> None:
    page = '<table><tr><td rowspan="99999999" colspan="99999999">姓名</td></tr><tr><td>张三</td></tr></table>'
    with pytest.raises(UserError, match="太大"):
        page_sheet(page)
    tall = page_sheet('<table><tr><td rowspan="99999999">村</td><td>甲</td></tr><tr><td>乙</td></tr></table>')
    assert tall.rows == [("村", "甲"), (None, "乙")]
    assert tall.merges == [(0, 0, 1, 0)]


def test_a_web_archive_gives_its_pages() -> None:
    archive = MIMEMultipart("related")
    archive.attach(MIMEText("<html><frameset><frame src=1.htm></frameset></html>", "html", "utf-8"))
    archive.attach(MIMEText("<table><tr><td>姓名</td><td>电话</td></tr></table>", "html", "gb2312"))
    (page,) = archived_pages(archive.as_bytes())
    assert page_sheet(page).rows == [("姓名", "电话")]


def test_parts_within_parts_without_end_are_refused() -> None:
    parts = "".join(f"Content-Type: multipart/related; boundary=b{at}\n\n--b{at}\n" for at in range(2_000))
    with pytest.raises(UserError):
        archived_pages(f"MIME-Version: 1.0\n{parts}".encode())


def test_many_small_tables_take_no_longer_each_than_few() -> None:
    table = "<table><tr><td colspan=2>甲<td>乙<tr><td>1<td>2<td>3</table>"
    begun = time.process_time()
    sheet = page_sheet(table * 20_000)
    assert len(sheet.merges) == 20_000
    assert time.process_time() - begun < 15, "seconds; ten times as long as it takes"


def test_a_web_archive_named_xls_is_read_through_the_process(tmp_path: Path) -> None:
    archive = MIMEMultipart("related")
    for name in ("甲", "乙"):
        archive.attach(
            MIMEText(f"<table><tr><td>姓名</td></tr><tr><td>{name}</td></tr></table>", "html", "utf-8")
        )
    path = tmp_path / "名单.xls"
    path.write_bytes(archive.as_bytes())
    assert [(sheet.name, sheet.rows[1]) for sheet in read_workbook(path).sheets] == [
        ("名单 1", ("甲",)),
        ("名单 2", ("乙",)),
    ]


@given(st.text(alphabet="<>/=\"'& tdrhablecospnw2-!姓名\n", max_size=400))
def test_no_page_breaks_the_reader(text: str) -> None:
    try:
        sheet = page_sheet(f"<table>{text}")
    except UserError:
        return
    assert all(row is not None for row in sheet.rows)
    assert all(top <= bottom < len(sheet.rows) + 1_000 for top, _left, bottom, _right in sheet.merges)


CELL = st.text(alphabet="姓名电话 0123abc&<>", max_size=8)


@given(st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=6))
def test_what_is_written_into_a_table_comes_out_of_it(rows: list[list[str]]) -> None:
    from html import escape

    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    read = page_sheet(f"<table>{body}</table>").rows
    wanted = [[" ".join(cell.split()) or None for cell in row] for row in rows]
    for row in wanted:
        while row and row[-1] is None:
            row.pop()
    while wanted and not wanted[-1]:
        wanted.pop()
    assert [list(row) for row in read] == wanted
