"""Blank forms as a county office hands them out: made here, so that nobody's real form lies in the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break

THIN = Side(style="thin")
THICK = Side(style="medium")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
TITLE = Font(name="方正小标宋简体", size=18, bold=True)
HEAD = Font(name="黑体", size=11)
BODY = Font(name="仿宋", size=11)
GREY = PatternFill("solid", fgColor="DDDDDD")


def _framed(sheet: Any, area: str, *, font: Font = BODY, fill: PatternFill | None = None) -> None:
    for row in sheet[area]:
        for cell in row:
            cell.border, cell.alignment, cell.font = FRAME, MIDDLE, font
            if fill is not None:
                cell.fill = fill


def _fit(sheet: Any, pages: int) -> None:
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, pages
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


FLAT = (
    "序号",
    "姓名",
    "性别",
    "身份证号码",
    "出生年月",
    "年龄",
    "所在村（社区）",
    "联系电话",
    "对象类别",
    "年收入（万元）",
    "备注",
)


def flat_list(path: Path, rows: int = 12) -> Path:
    """低保等困难群众花名册: a title, a unit line, drop-downs, a total that is a formula, notes and signatures."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "花名册"
    sheet["A1"], sheet["A1"].font, sheet["A1"].alignment = "困难群众基本情况花名册", TITLE, MIDDLE
    sheet.merge_cells("A1:K1")
    sheet.row_dimensions[1].height = 36
    sheet["A2"] = "填报单位（盖章）：              填报日期：     年   月   日"
    sheet.merge_cells("A2:K2")
    for column, label in enumerate(FLAT, 1):
        sheet.cell(3, column, label)
    _framed(sheet, "A3:K3", font=HEAD, fill=GREY)
    sheet.row_dimensions[3].height = 32
    last = 3 + rows
    _framed(sheet, f"A4:K{last}")
    for row in range(4, last + 1):
        sheet.row_dimensions[row].height = 24
        sheet.cell(row, 10).number_format = "0.00"
        sheet.cell(row, 1, row - 3)
    for column in range(1, 12):
        cell = sheet.cell(last, column)
        cell.border = Border(left=THIN, right=THIN, top=THIN, bottom=THICK)
    total = last + 1
    sheet.cell(total, 1, "合计")
    sheet.merge_cells(start_row=total, start_column=1, end_row=total, end_column=2)
    sheet.cell(total, 4, f"=COUNTA(B4:B{last})")
    sheet.cell(total, 10, f"=SUM(J4:J{last})").number_format = "0.00"
    _framed(sheet, f"A{total}:K{total}", font=HEAD)
    sheet.row_dimensions[total].height = 28
    sheet.cell(total + 1, 1, "注：1.性别填1或2；2.年收入以万元为单位，保留两位小数。")
    sheet.merge_cells(start_row=total + 1, start_column=1, end_row=total + 1, end_column=11)
    sheet.cell(total + 2, 1, "单位负责人：            复核人：            填表人：            联系电话：")
    sheet.merge_cells(start_row=total + 2, start_column=1, end_row=total + 2, end_column=11)
    sexes = DataValidation(type="list", formula1='"1男,2女"', allow_blank=True, showErrorMessage=True)
    sheet.add_data_validation(sexes)
    sexes.add(f"C4:C{last}")
    old: Any = cast("Any", CellIsRule)(
        operator="greaterThan", formula=["79"], fill=PatternFill(bgColor="FFDD99")
    )
    sheet.conditional_formatting.add(f"F4:F{last}", old)
    for letter, width in zip("ABCDEFGHIJK", (5, 9, 7, 22, 11, 6, 14, 14, 16, 10, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    _fit(sheet, 0)
    sheet.print_area = f"A1:K{total + 2}"
    sheet.print_title_rows = "1:3"
    cast("Any", sheet).oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.freeze_panes = "C4"
    book.save(path)
    return path


def three_levels(path: Path, rows: int = 8) -> Path:
    """入户走访登记表: three levels of labels, fixed cells for unit and month, a second sheet that adds up the first."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "走访登记"
    sheet["A1"], sheet["A1"].font, sheet["A1"].alignment = "社工站入户走访登记表", TITLE, MIDDLE
    sheet.merge_cells("A1:L1")
    sheet["A2"], sheet["H2"] = "填报单位：", "统计月份："
    sheet.merge_cells("A2:B2")
    sheet.merge_cells("C2:F2")
    sheet.merge_cells("I2:J2")
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 36, 22
    for area, text in {
        "A3:A5": "序号",
        "B3:D3": "走访情况",
        "B4:B5": "走访日期",
        "C4:C5": "走访方式",
        "D4:D5": "走访结果",
        "E3:I3": "走访对象",
        "E4:G4": "本人",
        "E5": "姓名",
        "F5": "性别",
        "G5": "年龄",
        "H4:I4": "家庭",
        "H5": "所在村居",
        "I5": "村民组",
        "J3:K3": "服务",
        "J4:J5": "主要困难与诉求",
        "K4:K5": "见到人数",
        "L3:L5": "走访社工",
    }.items():
        sheet[area.partition(":")[0]] = text
        if ":" in area:
            sheet.merge_cells(area)
    _framed(sheet, "A3:L5", font=HEAD, fill=GREY)
    last = 5 + rows
    _framed(sheet, f"A6:L{last}")
    for row in range(6, last + 1):
        sheet.row_dimensions[row].height = 30
        sheet.cell(row, 2).number_format = "yyyy-mm-dd"
    total = last + 1
    sheet.cell(total, 1, "合  计")
    sheet.merge_cells(start_row=total, start_column=1, end_row=total, end_column=10)
    sheet.cell(total, 11, f"=SUM(K6:K{last})")
    _framed(sheet, f"A{total}:L{total}", font=HEAD)
    sign = total + 2
    sheet.cell(
        sign, 1, "单位负责人（签字）：                 填表人：                 填表日期：    年  月  日"
    )
    sheet.merge_cells(start_row=sign, start_column=1, end_row=sign + 1, end_column=12)
    sheet.cell(sign, 1).alignment = Alignment(vertical="center")
    for letter, width in zip("ABCDEFGHIJKL", (5, 12, 9, 10, 9, 6, 6, 12, 12, 26, 8, 9), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.print_area = f"A1:L{sign + 1}"
    sheet.print_title_rows = "3:5"
    sheet.row_breaks.append(Break(id=sign + 1))
    sheet.auto_filter.ref = f"A5:L{last}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    _fit(sheet, 0)
    summary = book.create_sheet("汇总")
    summary["A1"], summary["B1"] = "走访次数", f"=COUNTA(走访登记!B6:B{last})"
    summary["A2"], summary["B2"] = "见到人数", f"='走访登记'!$K${total}"
    summary["A3"], summary["B3"] = "平均", "=IF(B1=0,0,B2/B1)"
    book.defined_names["走访表"] = DefinedName("走访表", attr_text=f"走访登记!$A$6:$L${last}")
    book.save(path)
    return path


def person_card(path: Path) -> Path:
    """服务对象信息卡: labels beside blanks, boxes to tick, an ID of one digit a cell, a table of the family."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "信息卡"
    sheet["A1"], sheet["A1"].font, sheet["A1"].alignment = "困难群众个人信息卡", TITLE, MIDDLE
    sheet.merge_cells("A1:T1")
    sheet.row_dimensions[1].height = 40
    sheet["A2"] = "填报单位：                                编号："
    sheet.merge_cells("A2:T2")
    for area, text in {
        "A3:B3": "姓名",
        "G3:H3": "性别",
        "K3:L3": "出生年月",
        "A4:B4": "身份证号",
        "A5:B5": "民族",
        "G5:H5": "文化程度",
        "K5:L5": "联系电话",
        "A6:B6": "家庭住址",
        "A7:B7": "对象类别",
        "C7:T7": "□低保 □特困人员 □独居老人 □其他",
        "A8:B8": "是否户主",
        "G8:H8": "家庭人口",
        "K8:L8": "负责社工",
    }.items():
        sheet[area.partition(":")[0]] = text
        sheet.merge_cells(area)
    for area in ("C3:F3", "I3:J3", "M3:T3", "C5:F5", "I5:J5", "M5:T5", "C6:T6", "C8:F8", "I8:J8", "M8:T8"):
        sheet.merge_cells(area)
    sheet["A9"] = "家庭成员"
    sheet.merge_cells("A9:A13")
    for area, text in {
        "B9:D9": "姓名",
        "E9:G9": "与户主关系",
        "H9:I9": "年龄",
        "J9:P9": "身份证号",
        "Q9:T9": "备注",
    }.items():
        sheet[area.partition(":")[0]] = text
    for row in range(9, 14):
        for first, last in (("B", "D"), ("E", "G"), ("H", "I"), ("J", "P"), ("Q", "T")):
            sheet.merge_cells(f"{first}{row}:{last}{row}")
    _framed(sheet, "A3:T13")
    for row in range(3, 14):
        sheet.row_dimensions[row].height = 28
    sheet["A14"] = "填表人：                  填表日期：    年   月   日"
    sheet.merge_cells("A14:T14")
    sheet.column_dimensions["A"].width = 6
    for column in range(2, 21):
        sheet.column_dimensions[get_column_letter(column)].width = 4.2
    sheet.print_area = "A1:T14"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "portrait", 9
    _fit(sheet, 1)
    book.save(path)
    return path


def figures_xls(path: Path) -> Path:
    """社工站工作统计月报表, an .xls: lines down, 本月 上月 本年累计 across, a sum, a unit line, signatures."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("月报表")
    lines = "borders: left thin, right thin, top thin, bottom thin; align: horiz center, vert center, wrap on"
    title = xlwt.easyxf("font: name 黑体, height 360, bold on; align: horiz center, vert center")
    head = xlwt.easyxf("font: name 黑体, height 220; pattern: pattern solid, fore_colour gray25; " + lines)
    body = xlwt.easyxf("font: name 宋体, height 220; " + lines)
    money = xlwt.easyxf("font: name 宋体, height 220; " + lines, num_format_str="#,##0.00")
    plain = xlwt.easyxf("font: name 宋体, height 220; align: vert center")
    sheet.write_merge(0, 0, 0, 6, "乡镇（街道）社工站工作统计月报表", title)
    for row, height in ((0, 800), *((row, 400) for row in range(1, 14))):
        sheet.row(row).height_mismatch, sheet.row(row).height = True, height
    sheet.write_merge(1, 1, 0, 6, "填报单位：                         统计期间：      年    月", plain)
    for column, text in enumerate(("类别", "指标", "单位", "本月", "上月", "本年累计", "备注")):
        sheet.write(2, column, text, head)
    rows = [
        ("建档", "在册户数", "户"),
        ("建档", "在册人数", "人"),
        ("建档", "新增服务对象档案", "人"),
        ("走访", "走访", "户次"),
        ("走访", "走访户数", "户"),
        ("走访", "走访人次", "人次"),
        ("需求", "新增需求", "项"),
        ("需求", "办结", "项"),
        ("对接", "链接次数", "次"),
        ("对接", "资金", "元"),
    ]
    start = 0
    for at, (group, label, unit) in enumerate(rows, 1):
        if at == len(rows) or rows[at][0] != group:
            sheet.write_merge(3 + start, 2 + at, 0, 0, group, body)
            start = at
        sheet.write(2 + at, 1, label, body)
        sheet.write(2 + at, 2, unit, body)
        for column in (3, 4, 5, 6):
            sheet.write(2 + at, column, None, money if unit == "元" and column < 6 else body)
    end = 3 + len(rows)
    sheet.write_merge(
        end,
        end,
        0,
        6,
        "单位负责人：              复核人：              填表人：              填报日期：    年  月  日",
        plain,
    )
    for column, width in enumerate((8, 22, 8, 12, 12, 12, 14)):
        sheet.col(column).width = width * 256
    sheet.set_portrait(False)
    sheet.paper_size_code = 9
    sheet.set_fit_num_pages(1)
    book.save(str(path))
    return path


def word_card(path: Path) -> Path:
    """服务对象登记表, a Word document: labels beside blanks, boxes, the family, signatures."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    document = docx.Document()
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run("困难家庭服务对象登记表")
    run.bold, run.font.size = True, Pt(18)
    line = document.add_paragraph("填报单位：")
    line.add_run("                    ").underline = True
    line.add_run("    编号：")
    line.add_run("__________")
    table = document.add_table(rows=5, cols=6, style="Table Grid")
    for row, texts in enumerate(
        (
            ("姓名", "", "性别", "", "出生年月", ""),
            ("身份证号", "", "", "民族", "", ""),
            ("家庭住址", "", "", "", "", ""),
            ("对象类别", "□低保 □特困 □独居老人 □空巢老人", "", "", "", ""),
            ("联系电话", "", "", "与户主关系", "", ""),
        )
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    for row, first, last in ((1, 1, 2), (1, 4, 5), (2, 1, 5), (3, 1, 5), (4, 1, 2), (4, 4, 5)):
        text = table.cell(row, first).text
        table.cell(row, first).merge(table.cell(row, last)).text = text
    document.add_paragraph("家庭成员情况")
    members = document.add_table(rows=4, cols=5, style="Table Grid")
    for column, text in enumerate(("序号", "姓名", "与户主关系", "年龄", "联系电话")):
        members.cell(0, column).text = text
    document.add_paragraph("填表人：              填表日期：    年   月   日")
    document.save(str(path))
    return path
