"""What a form holds beside its cells is still in it when it is filled."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import pytest
import xlsxwriter

from stationdesk.core.errors import UserError
from stationdesk.core.fields import NoBook
from stationdesk.sheets.template.book import open_book
from stationdesk.sheets.template.fill import Material, fill
from stationdesk.sheets.template.form import read_form
from stationdesk.sheets.template.rules import CellRule, ColumnRule, FormKind, Rule, Template
from stationdesk.sheets.template.sources import Entry, Source

SOURCES = {"person.name": Source("person.name", "姓名", "")}


def picture() -> io.BytesIO:
    """The smallest picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00\xff\x00\x00")
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def rich_form() -> bytes:
    """A form with what openpyxl would lose: a shape, header pictures, a chart's looks, newer conditions, rich text."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("表")
    framed = book.add_format({"border": 1})
    sheet.write_rich_string("A1", "填报单位", book.add_format({"bold": True}), "（盖章）")
    sheet.write_row("A3", ["序号", "姓名", "年龄"], framed)
    for row in range(3, 5):
        sheet.write_row(row, 0, ["", "", ""], framed)
    sheet.write("A6", "合计", framed)
    sheet.write_formula("C6", "=SUM(C4:C5)", framed)
    sheet.insert_textbox("E8", "盖章处")
    sheet.insert_image("A9", "logo.png", {"image_data": picture()})
    sheet.set_header("&C&G", {"image_center": "head.png", "image_data_center": picture()})
    sheet.write_comment("A6", "县里填", {"author": "县"})
    sheet.conditional_format("C4:C5", {"type": "data_bar", "data_bar_2010": True})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=表!$C$4:$C$5"})
    sheet.insert_chart("E12", chart)
    book.set_custom_property("表号", "民基 01 表")
    book.close()
    return target.getvalue()


def filled(content: bytes, count: int) -> bytes:
    template = Template(
        FormKind.LIST,
        sheet="表",
        header=(3, 3),
        first=4,
        rows=2,
        columns=(ColumnRule(2, "姓名", Rule("person.name")),),
    )
    entries = [Entry({"person.name": f"人{number}"}) for number in range(count)]
    target = io.BytesIO()
    fill(content, template, Material(SOURCES, NoBook(), {}, entries, count), target)
    return target.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_every_part_is_still_there_and_the_pictures_to_the_byte() -> None:
    before, after = parts(rich_form()), parts(filled(rich_form(), 2))
    assert set(after) == set(before) - {"xl/calcChain.xml"}
    for name in before:
        if name.startswith(("xl/media", "docProps", "xl/theme", "xl/drawings")):
            assert after[name] == before[name], name


def test_what_lies_below_the_table_moves_down_with_it() -> None:
    before, after = parts(rich_form()), parts(filled(rich_form(), 5))
    old, new = (each["xl/drawings/drawing1.xml"].decode() for each in (before, after))
    for row in (7, 8, 11):  # the text box, the picture and the chart, counted from 0
        assert f"<xdr:row>{row}</xdr:row>" in old
        assert f"<xdr:row>{row + 3}</xdr:row>" in new
    assert "$C$4:$C$8" in after["xl/charts/chart1.xml"].decode()
    assert 'ref="A9"' in after["xl/comments1.xml"].decode()
    sheet = after["xl/worksheets/sheet1.xml"].decode()
    assert "<xm:sqref>C4:C8</xm:sqref>" in sheet
    assert "SUM(C4:C8)" in sheet
    boxes = after["xl/drawings/vmlDrawing1.vml"].decode()
    assert "<x:Row>8</x:Row>" in boxes


def test_text_in_several_looks_keeps_them_where_nothing_is_written() -> None:
    told = parts(filled(rich_form(), 1))
    assert "<b/>" in told["xl/sharedStrings.xml"].decode()


def test_cards_share_pictures_and_have_boxes_of_their_own() -> None:
    template = Template(FormKind.CARD, sheet="表", cells=(CellRule("B4", "姓名", Rule("person.name")),))
    entries = [Entry({"person.name": name}, title=name) for name in ("甲", "乙/丙", "甲")]
    target = io.BytesIO()
    fill(rich_form(), template, Material(SOURCES, NoBook(), {}, entries, 3), target)
    book = open_book(target.getvalue())
    assert [sheet.title for sheet in book.sheets] == ["甲", "乙_丙", "甲(2)"]
    told = parts(target.getvalue())
    assert len([name for name in told if name.startswith("xl/media/")]) == len(
        [name for name in parts(rich_form()) if name.startswith("xl/media/")]
    )
    drawings = {part for sheet in book.sheets for part in sheet.links("drawing")}
    assert len(drawings) == 3
    selected = [name for name, part in told.items() if b'tabSelected="1"' in part]
    assert selected == ["xl/worksheets/sheet1.xml"]


def test_what_to_know_is_told_before_anything_is_taught() -> None:
    told = " ".join(remark.sentence for remark in read_form(rich_form(), "表.xlsx").remarks)
    assert "图片或图形" in told
    assert "公式" in told


def test_a_signature_goes_and_is_told_first() -> None:
    signed = io.BytesIO()
    with zipfile.ZipFile(signed, "w") as package:
        for name, content in parts(rich_form()).items():
            package.writestr(name, content)
        package.writestr("_xmlsignatures/sig1.xml", b"<Signature/>")
    assert read_form(signed.getvalue(), "表.xlsx").remarks[0].lost
    assert not any(name.startswith("_xml") for name in parts(filled(signed.getvalue(), 1)))


def test_a_long_list_of_codes_beside_the_form_is_carried_along_untouched() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet, codes = book.add_worksheet("表"), book.add_worksheet("字典")
    framed = book.add_format({"border": 1})
    sheet.write_row("A3", ["序号", "姓名", "村居"], framed)
    for row in range(3, 5):
        sheet.write_row(row, 0, ["", "", ""], framed)
    sheet.data_validation("C4:C5", {"validate": "list", "source": "=字典!$A$1:$A$30000"})
    for row in range(30_000):
        codes.write_number(row, 0, row)
    codes.hide()
    book.close()
    form = read_form(target.getvalue(), "表.xlsx")
    assert [sheet.title for sheet in form.sheets] == ["表", "字典"]
    assert form.sheets[1].tables == ()
    before, after = parts(target.getvalue()), parts(filled(target.getvalue(), 4))
    assert after["xl/worksheets/sheet2.xml"] == before["xl/worksheets/sheet2.xml"]
    assert "C4:C7" in after["xl/worksheets/sheet1.xml"].decode()


def bad(change: Any) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts(rich_form()).items():
            fresh = change(name, content)
            if fresh is not None:
                package.writestr(name, fresh)
    return target.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda name, content: (
            content.replace(b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet")
            if "sheet1.xml" in name and "_rels" not in name
            else content
        ),
        lambda name, content: content[:200] if name == "xl/workbook.xml" else content,
        lambda name, content: None if name == "[Content_Types].xml" else content,
        lambda name, content: content + b" " * 80_000_000 if name == "xl/styles.xml" else content,
        lambda name, content: b"<a/>" if name == "xl/workbook.xml" else content,
        lambda name, content: content.replace(b'r="4"', b'r="99999999"') if "sheet1.xml" in name else content,
    ],
    ids=["entities", "torn", "untyped", "bomb", "other", "far"],
)
def test_a_form_that_is_none_is_refused(change: Any) -> None:
    with pytest.raises(UserError):
        read_form(bad(change), "表.xlsx")
