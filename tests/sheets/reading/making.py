"""Workbooks for the tests, made on the spot."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import xlwt

from stationdesk.core.fields import Field, Kind, Spec
from stationdesk.sheets.reading.cells import Merge, Sheet

Rows = Sequence[Sequence[Any]]
"""Rows of cells; what may stand in one is the business of the reader."""


def xlsx(path: Path, rows: Rows, merges: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for merge in merges:
        sheet.merge_cells(merge)
    book.save(path)
    return path


def xls(path: Path, rows: Rows) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, row in enumerate(rows):
        for index, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write(at, index, cell, day)
            elif cell is not None:
                sheet.write(at, index, cell)
    book.save(str(path))
    return path


def xlsx_with_sheet_xml(path: Path, rows_xml: str, dimension: str = "A1") -> Path:
    """A workbook whose one sheet is written by hand."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><dimension ref="{dimension}"/>'
            f"<sheetData>{rows_xml}</sheetData></worksheet>",
        )
    return path


_ODS = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text", "style")
)


def ods(path: Path, tables: str, styles: str = "", prolog: str = "") -> Path:
    """An .ods file whose tables are written by hand."""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "content.xml",
            f"{prolog}<office:document-content {_ODS}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
    return path


def ods_cell(text: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def text_cell(where: str, text: str) -> str:
    return f'<c r="{where}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(rows: Rows, merges: Sequence[tuple[int, int, int, int]] = ()) -> Sheet:
    return Sheet("名单", tuple(tuple(row) for row in rows), tuple(Merge(*merge) for merge in merges))


def told(
    label: str,
    kind: type = str,
    *,
    what: Kind = Kind.PLAIN,
    aliases: tuple[str, ...] = (),
    many: bool = False,
    codes: str = "",
    link: str = "",
) -> Field:
    spec = Spec(label, kind=what, aliases=aliases, codes=codes, link=link)
    return Field("thing", label, kind, optional=True, many=many, spec=spec)


class Lists:
    """Two editable lists."""

    def codes_of(self, codes: str) -> dict[str, str]:
        return {
            "group": {"G01": "最低生活保障对象（低保）", "G02": "特困人员", "G13": "独居老人"},
            "ethnic": {"01": "汉族", "03": "回族"},
        }[codes]

    def aliases_of(self, codes: str) -> dict[str, str]:
        return {"group": {"五保户": "G02"}, "ethnic": {}}[codes]


__all__ = ["Lists", "ods", "ods_cell", "sheet", "text_cell", "told", "xls", "xlsx", "xlsx_with_sheet_xml"]
