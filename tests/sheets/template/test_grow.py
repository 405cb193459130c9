"""A table that grew is the table as if it had been drawn with more rows from the start."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break

from stationdesk.core.errors import UserError
from stationdesk.core.fields import NoBook
from stationdesk.sheets.template.fill import Material, fill
from stationdesk.sheets.template.formulas import Growth, grown_formula, grown_ranges, renamed_formula
from stationdesk.sheets.template.places import LAST_ROW
from stationdesk.sheets.template.rules import NUMBERING, ColumnRule, FormKind, Rule, Template
from stationdesk.sheets.template.sources import Entry, Source

GROWTH = Growth("表", 5, 14, 3)
FIRST = 5


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SUM(F5:F14)", "SUM(F5:F17)"),
        ("SUM($F$5:$F$14)", "SUM($F$5:$F$17)"),
        ("SUM(F5:F13)", "SUM(F5:F13)"),
        ("F15+G16", "F18+G19"),
        ("F14", "F14"),
        ("F1+F4", "F1+F4"),
        ("SUM(F:F)", "SUM(F:F)"),
        ("SUM(5:14)", "SUM(5:17)"),
        ("SUM(表!F5:F14)+SUM(别的!F5:F14)", "SUM(表!F5:F17)+SUM(别的!F5:F14)"),
        ("SUM('表'!F5:F14)", "SUM('表'!F5:F17)"),
        ("'it''s'!A20+[1]表!A20", "'it''s'!A20+[1]表!A20"),
        ('IF(A20="A20",合计,#REF!)', 'IF(A23="A20",合计,#REF!)'),
        ("SUM(Table1[年龄])", "SUM(Table1[年龄])"),
        ("A20:B30", "A23:B33"),
        ("LOG10(A20)", "LOG10(A23)"),
        ("SUM(甲:丙!A20)", "SUM(甲:丙!A20)"),
    ],
)
def test_references_move_and_grow_with_the_table(before: str, after: str) -> None:
    assert grown_formula(before, GROWTH, "表") == after


def test_a_formula_of_a_row_is_dragged_and_keeps_to_what_lies_below() -> None:
    assert grown_formula("E13*F13/$F$15", GROWTH, "表", own=13, down=2) == "E15*F15/$F$18"
    assert grown_formula("SUM($F$5:F13)", GROWTH, "表", own=13, down=2) == "SUM($F$5:F15)"
    assert grown_formula("RANK(F13,$F$5:$F$14)", GROWTH, "表", own=13, down=2) == "RANK(F15,$F$5:$F$17)"


def test_what_is_no_formula_is_left_as_it_is() -> None:
    assert grown_formula('"unfinished', GROWTH, "表") == '"unfinished'
    assert grown_ranges("F5:F14 A20 nonsense", GROWTH) == "F5:F17 A23 nonsense"


def test_a_copied_sheet_speaks_of_itself() -> None:
    assert renamed_formula("表!A1+别的!A1+A1", "表", "张三 (2)") == "'张三 (2)'!A1+别的!A1+A1"


@dataclass(frozen=True)
class Drawing:
    """What a form is drawn with."""

    levels: int
    side: bool
    pairs: bool
    thick: bool
    per_row: bool
    footer: int
    title: str


drawings = st.builds(
    Drawing,
    st.integers(1, 3),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(1, 4),
    st.sampled_from(["表", "表 1", "it's", "A1"]),
)


def drawn(drawing: Drawing, rows: int) -> bytes:
    """A form with so many rows in its table."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = drawing.title
    quoted = "'" + drawing.title.replace("'", "''") + "'"
    thin, thick = Side(style="thin"), Side(style="thick")
    last = FIRST + rows - 1
    sheet["A1"] = "名册"
    sheet.merge_cells("A1:H1")
    sheet["H2"] = f"=SUM(E{FIRST}:E{last})"
    for column, label in enumerate("侧序名甲乙丙丁戊", 1):
        sheet.cell(FIRST - 1, column, label)
    if drawing.side:
        sheet.cell(FIRST, 1, "侧面")
        if rows > 1:
            sheet.merge_cells(start_row=FIRST, end_row=last, start_column=1, end_column=1)
    for row in range(FIRST, last + 1):
        sheet.row_dimensions[row].height = 21
        for column in range(1, 9):
            closing = drawing.thick and row == last
            sheet.cell(row, column).border = Border(left=thin, bottom=thick if closing else thin)
        sheet.cell(row, 5).number_format = "0.00"
        if drawing.pairs:
            sheet.merge_cells(start_row=row, end_row=row, start_column=6, end_column=7)
        if drawing.per_row:
            sheet.cell(row, 8, f"=E{row}*2/$E${last + 1}+SUM($E${FIRST}:E{row})")
        else:
            sheet.cell(row, 8, "元")
    total = last + 1
    sheet.cell(total, 1, "合计")
    sheet.merge_cells(start_row=total, end_row=total, start_column=1, end_column=3)
    sheet.cell(total, 5, f"=SUM(E{FIRST}:E{last})").font = Font(bold=True)
    sheet.cell(total, 6, f"=E{total}/COUNTA($C${FIRST}:$C${last})")
    for row in range(total + 1, total + 1 + drawing.footer):
        sheet.cell(row, 1, f"注 {row - total}")
        sheet.row_dimensions[row].height = 30 + row - total
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=8)
    end = total + drawing.footer
    sheet.cell(end, 1).comment = Comment("在此签字", "县民政局")
    sheet.cell(end, 1).hyperlink = "https://example.invalid/"
    choices = DataValidation(type="list", formula1=f"=$C${end}:$D${end}", sqref=f"D{FIRST}:D{last}")
    sheet.add_data_validation(choices)
    rule = cast("Any", CellIsRule)(
        operator="greaterThan", formula=[f"$E${total}"], fill=PatternFill(bgColor="FF0000")
    )
    sheet.conditional_formatting.add(f"E{FIRST}:E{last}", rule)
    sheet.print_area = f"A1:H{end}"
    sheet.print_title_rows = f"{FIRST - drawing.levels}:{FIRST - 1}"
    sheet.row_breaks.append(Break(id=total))
    sheet.auto_filter.ref = f"A{FIRST - 1}:H{last}"
    other = book.create_sheet("汇总")
    other["A1"] = f"=SUM({quoted}!E{FIRST}:E{last})"
    other["A2"] = f"={quoted}!$E${total}+A1"
    other["A3"] = f"=COUNTA({quoted}!C:C)"
    book.defined_names["全表"] = DefinedName("全表", attr_text=f"{quoted}!$A${FIRST}:$H${last}")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


SOURCES = {
    NUMBERING: Source(NUMBERING, "序号", "", subjects=frozenset()),
    "person.name": Source("person.name", "姓名", ""),
}


def filled(drawing: Drawing, rows: int, count: int) -> bytes:
    template = Template(
        FormKind.LIST,
        sheet=drawing.title,
        header=(FIRST - 1, FIRST - 1),
        first=FIRST,
        rows=rows,
        columns=(
            ColumnRule(2, "序", Rule(NUMBERING)),
            ColumnRule(3, "名", Rule("person.name")),
        ),
    )
    entries = [Entry({"person.name": f"张{number}"}) for number in range(1, count + 1)]
    target = io.BytesIO()
    fill(drawn(drawing, rows), template, Material(SOURCES, NoBook(), {}, entries, count), target)
    return target.getvalue()


def told(content: bytes) -> dict[str, Any]:
    """Everything that openpyxl, which has no part in the filling, reads of a workbook."""
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: told_sheet(sheet) for sheet in book} | {
        "names": {name: each.attr_text for name, each in book.defined_names.items()}
    }


def told_sheet(sheet: Any) -> dict[str, Any]:
    return {
        "cells": {
            cell.coordinate: (
                cell.value,
                cell.number_format,
                cell.border.bottom.style,
                cell.font.b,
                cell.comment.text if cell.comment else None,
                cell.hyperlink.target if cell.hyperlink else None,
            )
            for row in sheet.iter_rows()
            for cell in row
        },
        "merged": sorted(str(area) for area in sheet.merged_cells.ranges),
        "heights": {row: each.height for row, each in sheet.row_dimensions.items() if each.height},
        "choices": [(str(each.sqref), each.formula1) for each in sheet.data_validations.dataValidation],
        "conditions": [
            (str(each.sqref), [rule.formula for rule in each.rules]) for each in sheet.conditional_formatting
        ],
        "print": (sheet.print_area, sheet.print_title_rows),
        "breaks": [each.id for each in sheet.row_breaks.brk],
        "filter": sheet.auto_filter.ref,
    }


@settings(max_examples=25, deadline=None)
@given(drawing=drawings, rows=st.integers(1, 5), more=st.integers(1, 7))
def test_growing_is_like_having_been_drawn_longer(drawing: Drawing, rows: int, more: int) -> None:
    # Of a single row nothing says that its heading speaks for all rows, or that its lower line closes the frame.
    drawing = replace(drawing, side=drawing.side and rows > 1, thick=drawing.thick and rows > 1)
    grown = told(filled(drawing, rows, rows + more))
    longer = told(filled(drawing, rows + more, rows + more))
    assert grown == longer


@settings(max_examples=10, deadline=None)
@given(drawing=drawings, rows=st.integers(2, 6), fewer=st.integers(1, 5))
def test_fewer_records_than_rows_leave_the_form_as_it_is(drawing: Drawing, rows: int, fewer: int) -> None:
    count = max(0, rows - fewer)
    before = told(drawn(drawing, rows))
    after = told(filled(drawing, rows, count))
    for row in range(FIRST, FIRST + count):
        for column in "BC":
            del before[drawing.title]["cells"][f"{column}{row}"]
            del after[drawing.title]["cells"][f"{column}{row}"]
    assert after == before


def test_a_table_that_would_leave_the_sheet_is_refused() -> None:
    drawing = Drawing(1, False, False, False, False, 1, "表")
    template = Template(
        FormKind.LIST, sheet="表", first=FIRST, rows=2, columns=(ColumnRule(2, "序", Rule(NUMBERING)),)
    )
    material = Material(SOURCES, NoBook(), {}, (), LAST_ROW)
    with pytest.raises(UserError, match="放不下"):
        fill(drawn(drawing, 2), template, material, io.BytesIO())
