"""XML tables of Excel 2003 that are named .xls."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.archives import MAX_ROWS
from stationdesk.sheets.reading.delimited import decode
from stationdesk.sheets.reading.office_xml import OfficeSheet, office_sheets
from stationdesk.sheets.reading.workbook import read_workbook

HEAD = (
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">'
)


def workbook(rows: str, after: str = "", prolog: str = '<?xml version="1.0"?>') -> str:
    return f'{prolog}{HEAD}<Styles/><Worksheet ss:Name="名单"><Table>{rows}</Table>{after}</Worksheet></Workbook>'


def cell(data: str, kind: str = "String", attributes: str = "") -> str:
    return f'<Cell {attributes}><Data ss:Type="{kind}">{data}</Data></Cell>'


def row(*cells: str, attributes: str = "") -> str:
    return f"<Row {attributes}>{''.join(cells)}</Row>"


def only(text: str) -> OfficeSheet:
    (sheet,) = office_sheets(text)
    return sheet


def test_cells_have_their_types() -> None:
    row = "".join(
        [
            cell("张三 &amp; 子"),
            cell("13800138000", "Number"),
            cell("1.5", "Number"),
            cell("1990-05-03T00:00:00.000", "DateTime"),
            cell("1990-05-03T08:30:00.000", "DateTime"),
            cell("1899-12-31T08:30:00.000", "DateTime"),
            cell("1", "Boolean"),
            cell("#N/A", "Error"),
            cell("<html:B>粗</html:B>体"),
        ]
    )
    assert only(workbook(f"<Row>{row}</Row>")).placing.rows == [
        (
            "张三 & 子",
            13800138000,
            1.5,
            date(1990, 5, 3),
            datetime.fromisoformat("1990-05-03T08:30"),
            time(8, 30),
            True,
            "#N/A",
            "粗体",
        )
    ]


def test_rows_and_cells_that_are_skipped_leave_blanks() -> None:
    rows = (
        row(cell("姓名"))
        + row(cell("张三", attributes='ss:Index="3"'), attributes='ss:Index="4"')
        + row(attributes='ss:Span="2"')
        + row(cell("李四"))
    )
    assert only(workbook(rows)).placing.rows == [
        *(("姓名",), (), (), (None, None, "张三")),
        *((), (), (), ("李四",)),
    ]


def test_merged_cells_push_their_neighbours_aside() -> None:
    rows = row(
        cell("联系", attributes='ss:MergeAcross="1"'), cell("备注", attributes='ss:MergeDown="1"')
    ) + row(cell("电话"), cell("微信"), cell("落到旁边"))
    placing = only(workbook(rows)).placing
    assert placing.rows == [("联系", None, "备注"), ("电话", "微信", None, "落到旁边")]
    assert placing.merges == [(0, 0, 0, 1), (0, 2, 1, 2)]


def test_numbers_that_are_written_out_keep_every_figure() -> None:
    long, zero = "999999195001010011", "007"
    rows = f"<Row>{cell(long, 'Number')}{cell(zero, 'Number')}{cell('4.40524188001010E+17', 'Number')}</Row>"
    assert only(workbook(rows)).placing.rows == [(long, zero, int(4.4052418800101e17))]


def test_remarks_are_no_part_of_a_cell() -> None:
    row = '<Row><Cell><Data ss:Type="String">张三</Data><Comment><Data>核实过</Data></Comment></Cell></Row>'
    assert only(workbook(row)).placing.rows == [("张三",)]


def test_hidden_sheets_are_marked() -> None:
    row = f"<Row>{cell('姓名')}</Row>"
    options = "<x:WorksheetOptions><x:Visible>{}</x:Visible></x:WorksheetOptions>"
    assert only(workbook(row, options.format("SheetHidden"))).hidden
    assert only(workbook(row, options.format("SheetVeryHidden"))).hidden
    assert not only(workbook(row, options.format("SheetVisible"))).hidden


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("declared", ["", ' encoding="UTF-8"', ' encoding="gb2312"'])
def test_a_file_is_read_in_the_encoding_it_is_in_whatever_it_declares(encoding: str, declared: str) -> None:
    text = workbook(row(cell("柳河镇")), prolog=f'<?xml version="1.0"{declared}?>')
    assert only(decode(text.encode(encoding))[0]).placing.rows == [("柳河镇",)]


def test_a_file_named_xls_is_read_through_the_process(tmp_path: Path) -> None:
    path = tmp_path / "名单.xls"
    path.write_bytes(
        workbook(row(cell("柳河镇")), prolog='<?xml version="1.0" encoding="gbk"?>').encode("gbk")
    )
    (sheet,) = read_workbook(path).sheets
    assert (sheet.name, sheet.rows) == ("名单", (("柳河镇",),))


@pytest.mark.parametrize(
    "text",
    [
        workbook("<Row/>", prolog='<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;">]>'),
        workbook("<Row/>", prolog='<!DOCTYPE a SYSTEM "file:///etc/passwd">'),
        workbook("<Row>") + "<",
        HEAD + "</Workbook>",
        HEAD,
    ],
)
def test_a_document_type_or_damage_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="已损坏"):
        office_sheets(text)


def test_a_cell_too_far_out_is_named_and_blank_rows_cost_nothing() -> None:
    with pytest.raises(UserError, match=f"A{MAX_ROWS + 1}"):
        office_sheets(workbook(row(cell("x"), attributes=f'ss:Index="{MAX_ROWS + 1}"')))
    with pytest.raises(UserError, match="AAA1"):
        office_sheets(workbook(row(cell("x", attributes='ss:Index="703"'))))
    rows = row(cell("姓名")) + row(attributes='ss:Index="1048576"')
    assert only(workbook(rows)).placing.rows == [("姓名",)]


VALUES = st.one_of(
    st.none(), st.text(alphabet="姓名 0123456789-.&<>", min_size=1, max_size=8), st.integers(-99, 10**14)
)


@given(st.lists(st.lists(VALUES, max_size=5), min_size=1, max_size=6))
def test_what_is_written_comes_out(rows: list[list[str | int | None]]) -> None:
    from xml.sax.saxutils import escape

    def written(value: str | int | None) -> str:
        if value is None:
            return "<Cell/>"
        return cell(escape(str(value)), "Number" if isinstance(value, int) else "String")

    body = "".join("<Row>" + "".join(map(written, row)) + "</Row>" for row in rows)
    wanted = [[None if isinstance(each, str) and each.isspace() else each for each in row] for row in rows]
    for row in wanted:
        while row and row[-1] is None:
            row.pop()
    while wanted and not wanted[-1]:
        wanted.pop()
    assert [list(row) for row in only(workbook(body)).placing.rows] == wanted
