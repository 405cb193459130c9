"""A department's forms taught and filled for October 2026, in a town whose people are known by hand."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Side
from openpyxl.workbook.defined_name import DefinedName
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from typing_extensions import override

from stationdesk.core.changes import Change, created
from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import Audience, FollowLevel, HouseholdStatus, PersonStatus
from stationdesk.db.base import blank as blank_values
from stationdesk.db.models import AuditEntry, Household, Person, Station
from stationdesk.db.models.audit import AuditValues
from stationdesk.services import history
from stationdesk.services import templates as forms_of
from stationdesk.services.ledgers.figures import figures_of
from stationdesk.services.ledgers.period import periods_of
from stationdesk.services.release import Override
from stationdesk.services.templates import MOST_CARDS, Proposal, Taught
from stationdesk.services.templates.filling import trial_of
from stationdesk.sheets.leaks import PersonalNumber
from stationdesk.sheets.template.rules import (
    CONSTANT,
    Choosing,
    DateForm,
    FormKind,
    IdForm,
    Rule,
    Subject,
    Writing,
    with_cell,
    with_column,
)
from tests import forms
from tests.services.ledger_town import Town, known_town

OCTOBER = periods_of(Month(2026, 10))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The known town; tests that change it make their own."""
    town = known_town(tmp_path_factory.mktemp("station"))
    yield town
    town.store.close()


@pytest.fixture
def flat(town: Town, tmp_path: Path) -> Proposal:
    """The flat list, as it was understood."""
    return forms_of.propose(town.store, forms.flat_list(tmp_path / "名册.xlsx", 2))


def filled(town: Town, proposal: Proposal, target: Path, audience: Audience = Audience.INTERNAL) -> Path:
    return forms_of.fill_given(town.store, proposal.taught(), OCTOBER, target, audience).path


def sheet_of(path: Path, title: str | None = None) -> Any:
    book = load_workbook(path)
    return book[title] if title else book.worksheets[0]


def everything(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


# what is proposed


def test_every_column_and_blank_of_a_flat_list_is_recognised(flat: Proposal) -> None:
    assert flat.template.kind is FormKind.LIST
    assert flat.template.subject is Subject.PERSON
    assert (flat.template.header, flat.template.first, flat.template.rows) == ((3, 3), 4, 2)
    assert [column.rule.source for column in flat.template.columns] == [
        *("row.number", "person.name", "person.sex", "person.id_number", "person.birth_date", "derived.age"),
        *("household.village_key", "person.phone", "derived.groups", "household.income", "person.note"),
    ]
    assert {cell.label: cell.rule.source for cell in flat.template.cells} == {
        "填报单位": "head.station",
        "填报日期": "head.today",
        "单位负责人": "head.leader",
        "复核人": "head.reviewer",
        "填表人": "head.worker",
        "联系电话": "head.phone",
    }
    assert flat.open == 0


def test_the_drop_down_and_the_words_of_the_header_say_how_to_write(flat: Proposal) -> None:
    by_source = {column.rule.source: column.rule.writing for column in flat.template.columns}
    assert dict(by_source["person.sex"].codes) == {"男": "1男", "女": "2女"}
    assert by_source["household.income"].factor == Decimal("0.0001")
    assert by_source["person.birth_date"].date_form is DateForm.MONTH_DOTTED


def test_three_levels_and_fixed_cells_are_recognised(town: Town, tmp_path: Path) -> None:
    proposal = forms_of.propose(town.store, forms.three_levels(tmp_path / "走访.xlsx"))
    template = proposal.template
    assert (template.kind, template.subject) == (FormKind.LIST, Subject.VISIT)
    assert (template.header, template.first, template.rows) == ((3, 5), 6, 8)
    assert all(column.rule.source for column in template.columns)
    assert {"C2": "head.station", "I2": "head.period"}.items() <= {
        cell.cell: cell.rule.source for cell in template.cells
    }.items()
    assert template.columns[1].rule.writing.date_form is DateForm.REAL


def test_a_card_is_told_from_a_list_although_it_holds_a_table(town: Town, tmp_path: Path) -> None:
    proposal = forms_of.propose(town.store, forms.person_card(tmp_path / "卡片.xlsx"))
    template = proposal.template
    assert (template.kind, template.subject) == (FormKind.CARD, Subject.PERSON)
    assert (template.first, template.rows) == (10, 4)
    assert {cell.cell: cell.span for cell in template.cells}["C4"] == 18
    assert proposal.open == 0


def test_a_statistics_form_in_the_old_format_is_converted_and_recognised(town: Town, tmp_path: Path) -> None:
    proposal = forms_of.propose(town.store, forms.figures_xls(tmp_path / "月报.xls"))
    assert proposal.template.kind is FormKind.FIGURES
    figures = [cell for cell in proposal.template.cells if cell.rule.source.startswith("figure:")]
    assert len(figures) == 30
    assert any(".xls" in remark.sentence for remark in proposal.remarks)


def test_what_the_worker_says_takes_the_place_of_the_guess(flat: Proposal) -> None:
    again = forms_of.again(flat, subject=Subject.HOUSEHOLD)
    assert again.template.subject is Subject.HOUSEHOLD
    assert forms_of.again(flat, kind=FormKind.CARD).template.kind is FormKind.CARD


def test_without_a_station_a_form_is_understood_as_well(tmp_path: Path) -> None:
    proposal = forms_of.propose(None, forms.flat_list(tmp_path / "名册.xlsx"))
    assert proposal.open == 0


# what is filled


def test_the_people_on_file_stand_in_the_form_and_nobody_else(
    town: Town, flat: Proposal, tmp_path: Path
) -> None:
    path = filled(town, flat, tmp_path / "填.xlsx")
    sheet = sheet_of(path)
    assert [[cell.value for cell in row[:9]] for row in sheet["A4:K5"]] == [
        [
            1,
            "王秀兰",
            "2女",
            "999999195001010018",
            "1950.01",
            76,
            "石桥村",
            "13900000000",
            "最低生活保障对象（低保）、独居老人",
        ]
        if row == 0
        else [
            2,
            "李小明",
            "2女",
            "999999201503050010",
            "2015.03",
            11,
            "石桥村",
            "13900000000",
            sheet["I5"].value,
        ]
        for row in (0, 1)
    ]
    assert sheet["A2"].value == "填报单位（盖章）：石桥镇社会工作服务站  填报日期：2026年11月5日"
    assert "赵某某" not in everything(path)  # may not be listed
    assert "周后来" not in everything(path)  # came later
    assert "孙建国" not in everything(path)  # left before


def test_ids_and_phones_are_text_and_cannot_become_numbers(
    town: Town, flat: Proposal, tmp_path: Path
) -> None:
    sheet = sheet_of(filled(town, flat, tmp_path / "填.xlsx"))
    assert (sheet["D4"].data_type, sheet["D4"].number_format) == ("s", "@")
    assert (sheet["H4"].data_type, sheet["H4"].number_format) == ("s", "@")


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    town = known_town(tmp_path)
    town.person("D-009", "=HYPERLINK(1)", town.household("H-009"), note="+1\x0b_x0041_")
    proposal = forms_of.propose(town.store, forms.flat_list(tmp_path / "名册.xlsx", 2))
    sheet = sheet_of(filled(town, proposal, tmp_path / "填.xlsx"))
    by_name = {row[1].value: row for row in sheet["A4:K6"]}
    assert by_name["=HYPERLINK(1)"][1].data_type == "s"
    told = CalamineWorkbook.from_path(tmp_path / "填.xlsx").get_sheet_by_index(0).to_python()
    assert "+1\n_x0041_" in {str(cell) for row in told for cell in row}
    town.store.close()


def test_the_table_grows_and_its_sum_with_it(town: Town, tmp_path: Path) -> None:
    proposal = forms_of.propose(town.store, forms.flat_list(tmp_path / "名册.xlsx", 1))
    report = forms_of.fill_given(town.store, proposal.taught(), OCTOBER, tmp_path / "填.xlsx")
    assert (report.rows, report.added, report.withheld) == (2, 1, 1)
    sheet = sheet_of(report.path)
    assert sheet["D6"].value == "=COUNTA(B4:B5)"
    assert str(sheet.data_validations.dataValidation[0].sqref) == "C4:C5"
    assert sheet.print_area == "'花名册'!$A$1:$K$8"
    assert load_workbook(report.path, data_only=True).worksheets[0]["D6"].value == 2


def test_a_column_is_written_as_the_worker_says(town: Town, flat: Proposal, tmp_path: Path) -> None:
    template = flat.template
    for column, rule in (
        (3, Rule("person.sex", writing=Writing(codes=(("男", "0"), ("女", "1"))))),
        (4, Rule("person.id_number", writing=Writing(id_form=IdForm.SPACED))),
        (5, Rule("person.birth_date", writing=Writing(date_form=DateForm.COMPACT))),
        (6, Rule(CONSTANT, text="略")),
        (7, Rule("household.village_key", writing=Writing(before="石桥镇", after="（辖区）"))),
        (9, Rule("derived.groups", writing=Writing(codes=(("独居老人", "独居"),), joint="/"))),
        (10, Rule("person.is_head", writing=Writing(yes="√", no=""))),
        (11, Rule("person.carer", writing=Writing(empty="无"))),
    ):
        template = with_column(template, column, rule)
    sheet = sheet_of(filled(town, flat.with_template(template), tmp_path / "填.xlsx"))
    assert [cell.value for cell in sheet["A4:K4"][0]] == [
        *(1, "王秀兰", 1, "999999 19500101 0018", "19500101", "略", "石桥镇石桥村（辖区）", "13900000000"),
        *("最低生活保障对象（低保）/独居", "√", "无"),
    ]


def test_an_id_with_an_apostrophe_carries_it_as_if_typed(town: Town, flat: Proposal, tmp_path: Path) -> None:
    rule = Rule("person.id_number", writing=Writing(id_form=IdForm.APOSTROPHE))
    proposal = flat.with_template(with_column(flat.template, 4, rule))
    cell = sheet_of(filled(town, proposal, tmp_path / "填.xlsx"))["D4"]
    assert cell.value == "999999195001010018"
    assert cell.quotePrefix


def test_a_form_takes_only_whom_its_choice_names(town: Town, flat: Proposal, tmp_path: Path) -> None:
    for choosing, names in (
        (Choosing(categories=("G13",)), ["王秀兰"]),
        (Choosing(age_to=17), ["李小明"]),
        (Choosing(age_from=60, villages=("石桥村",)), ["王秀兰"]),
    ):
        taught = flat.taught()
        report = forms_of.fill_given(town.store, taught, OCTOBER, tmp_path / "填.xlsx", choosing=choosing)
        sheet = sheet_of(report.path)
        assert [row[0].value for row in sheet["B4:B5"] if row[0].value] == names
    for choosing in (Choosing(villages=("没有的村",)), Choosing(categories=("G99",)), Choosing(age_from=120)):
        with pytest.raises(UserError):
            forms_of.fill_given(town.store, flat.taught(), OCTOBER, tmp_path / "无.xlsx", choosing=choosing)
    assert not (tmp_path / "无.xlsx").exists()


def test_one_row_a_household_names_its_head(town: Town, flat: Proposal, tmp_path: Path) -> None:
    template = replace(flat.template, subject=Subject.HOUSEHOLD)
    template = with_column(template, 11, Rule("derived.size"))
    sheet = sheet_of(filled(town, flat.with_template(template), tmp_path / "填.xlsx"))
    assert [(row[1].value, row[10].value) for row in sheet["A4:K5"]] == [("王秀兰", 1), ("李小明", 1)]
    assert "赵某某" not in everything(tmp_path / "填.xlsx")


def test_visits_of_the_month_fill_a_form_of_three_levels(town: Town, tmp_path: Path) -> None:
    proposal = forms_of.propose(town.store, forms.three_levels(tmp_path / "走访.xlsx", 2))
    report = forms_of.fill_given(town.store, proposal.taught(), OCTOBER, tmp_path / "填.xlsx")
    assert (report.rows, report.added, report.withheld) == (3, 1, 1)
    sheet = sheet_of(report.path)
    assert [row[4].value for row in sheet["A6:L8"]] == ["王秀兰", "李小明", "王秀兰"]
    assert sheet["B6"].value.date().isoformat() == "2026-10-12"
    assert sheet["C2"].value == "石桥镇社会工作服务站"
    assert sheet["K9"].value == "=SUM(K6:K8)"
    book = load_workbook(report.path)
    assert book["汇总"]["B1"].value == "=COUNTA(走访登记!B6:B8)"
    assert book["汇总"]["B2"].value == "='走访登记'!$K$9"
    assert book.defined_names["走访表"].attr_text == "走访登记!$A$6:$L$8"


def test_each_person_has_a_card_with_a_title_of_its_own(town: Town, tmp_path: Path) -> None:
    proposal = forms_of.propose(town.store, forms.person_card(tmp_path / "卡片.xlsx"))
    report = forms_of.fill_given(town.store, proposal.taught(), OCTOBER, tmp_path / "填.xlsx")
    book = load_workbook(report.path)
    assert book.sheetnames == ["001 王秀兰", "002 李小明"]
    card = book["002 李小明"]
    assert card["C3"].value == "李小明"
    assert "".join(str(cell.value) for cell in card["C4:T4"][0]) == "999999201503050010"
    assert card.print_area == "'002 李小明'!$A$1:$T$14"
    assert sorted(map(str, card.merged_cells.ranges)) == sorted(
        map(str, book["001 王秀兰"].merged_cells.ranges)
    )
    assert "☑低保" in book["001 王秀兰"]["C7"].value
    assert "☑独居老人" in book["001 王秀兰"]["C7"].value
    assert "□特困人员" in book["001 王秀兰"]["C7"].value


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town with a few people more than one file of cards may hold."""
    town = Town(tmp_path_factory.mktemp("crowd"))
    opened = {"opened_on": date(2025, 3, 1)}
    homes = [
        created(
            "household",
            {
                **blank_values(Household),
                **opened,
                "code": f"H-{number:03d}",
                "village_key": town.village,
                "address": f"{number} 号",
                "worker_key": town.worker,
                "status": HouseholdStatus.ACTIVE,
                "follow_level": FollowLevel.NORMAL,
            },
        )
        for number in range(1, 303)
    ]
    people = [
        created(
            "person",
            {
                **blank_values(Person),
                **opened,
                "code": home.after["code"],
                "name": f"赵人{number:03d}",
                "household_key": home.key,
                "status": PersonStatus.ACTIVE,
            },
        )
        for number, home in enumerate(homes, 1)
        if home.after is not None
    ]
    with town.store.writing("试验") as work:
        work.write(homes)
        work.write(people)
    yield town
    town.store.close()


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_more_cards_than_one_file_holds_fill_a_folder_of_files(
    crowd: Town, tmp_path: Path, ending: str
) -> None:
    make = {"xlsx": forms.person_card, "docx": forms.word_card}[ending]
    taught = forms_of.propose(crowd.store, make(tmp_path / f"卡片.{ending}")).taught()
    found = forms_of.preview(crowd.store, taught.template, OCTOBER)
    assert (found.count, found.files) == (302, 2)
    target = tmp_path / "出" / f"一人一档.{ending}"
    target.parent.mkdir()
    (target.parent / "一人一档").mkdir()  # what is there already is left alone
    report = forms_of.fill_given(crowd.store, taught, OCTOBER, target)
    assert (report.path, report.rows, report.files) == (target.parent / "一人一档(2)", 302, 2)
    assert sorted(each.name for each in target.parent.iterdir()) == ["一人一档", "一人一档(2)"]
    first, second = (report.path / f"一人一档-{number}.{ending}" for number in (1, 2))
    assert sorted(report.path.iterdir()) == [first, second]
    if ending == "xlsx":
        assert len(CalamineWorkbook.from_path(first).sheet_names) == MOST_CARDS
        assert CalamineWorkbook.from_path(second).sheet_names == ["301 赵人301", "302 赵人302"]
    else:
        assert len(docx.Document(str(first)).tables) == 2 * MOST_CARDS
        assert docx.Document(str(second)).tables[2].cell(0, 1).text == "赵人302"
    with crowd.store.reading() as session:
        last = session.scalars(select(AuditValues.values).order_by(AuditValues.seq.desc())).first()
    assert "，分成 2 个文件" in str(last)


class StopAtSecond(NoProgress):
    """Presses Cancel when the second file is begun."""

    @override
    def say(self, sentence: str) -> None:
        if "第 2 个" in sentence:
            raise Cancelled


def test_a_folder_of_files_is_there_with_all_of_them_or_not_at_all(crowd: Town, tmp_path: Path) -> None:
    taught = forms_of.propose(crowd.store, forms.person_card(tmp_path / "卡片.xlsx")).taught()
    logged = len(noted(crowd))
    target = tmp_path / "出" / "一人一档.xlsx"
    target.parent.mkdir()
    with pytest.raises(Cancelled):
        forms_of.fill_given(crowd.store, taught, OCTOBER, target, progress=StopAtSecond())
    assert not list(target.parent.iterdir())
    assert len(noted(crowd)) == logged


def test_a_family_longer_than_the_card_makes_it_grow(tmp_path: Path) -> None:
    town = known_town(tmp_path)
    home = town.household("H-030")
    for number in range(7):
        town.person(f"D-03{number}", f"孙家{number}", home, is_head=number == 0)
    proposal = forms_of.propose(town.store, forms.person_card(tmp_path / "卡片.xlsx"))
    forms_of.fill_given(town.store, proposal.taught(), OCTOBER, tmp_path / "填.xlsx")
    card = next(sheet for sheet in load_workbook(tmp_path / "填.xlsx") if sheet["C3"].value == "孙家0")
    assert [card.cell(row, 2).value for row in range(10, 16)] == [f"孙家{number}" for number in range(1, 7)]
    assert str(card["A9"].value) == "家庭成员"
    assert "A9:A15" in map(str, card.merged_cells.ranges)
    assert str(card["A16"].value).startswith("填表人：")
    town.store.close()


def test_the_figures_are_those_of_the_monthly_table(town: Town, tmp_path: Path) -> None:
    proposal = forms_of.propose(town.store, forms.figures_xls(tmp_path / "月报.xls"))
    sheet = sheet_of(filled(town, proposal, tmp_path / "填.xlsx"))
    with town.store.reading() as session:
        this, before, year = (
            figures_of(session, span) for span in (OCTOBER.this, OCTOBER.previous, OCTOBER.year)
        )
    for row, key in enumerate(
        (
            *("households", "persons", "persons_opened", "visits", "visited_households", "visit_instances"),
            *("needs", "needs_closed", "matches", "money_value"),
        ),
        4,
    ):
        assert sheet.cell(row, 4).value == this[key]
        assert sheet.cell(row, 5).value == before[key]
        stock = key in {"households", "persons"}
        assert sheet.cell(row, 6).value == ("—" if stock else year[key])
    assert "2026年10月" in sheet["A2"].value


def test_a_word_form_is_filled_a_page_a_person(town: Town, tmp_path: Path) -> None:
    proposal = forms_of.propose(town.store, forms.word_card(tmp_path / "登记.docx"))
    assert proposal.template.medium == "docx"
    assert proposal.open == 0
    path = filled(town, proposal, tmp_path / "填.docx")
    document = docx.Document(str(path))
    assert len(document.tables) == 4
    first, second = document.tables[0], document.tables[2]
    assert (first.cell(0, 1).text, second.cell(0, 1).text) == ("王秀兰", "李小明")
    assert first.cell(1, 1).text == "999999195001010018"
    assert "☑低保" in first.cell(3, 1).text
    assert document.paragraphs[1].text.startswith("填报单位：石桥镇社会工作服务站")
    assert [run.underline for run in document.paragraphs[1].runs if "石桥镇" in run.text] == [True]
    assert "{{" not in document.paragraphs[1].text


# what leaves the station


def test_a_report_masks_by_rule_and_leaves_out_what_may_not_go(
    town: Town, flat: Proposal, tmp_path: Path
) -> None:
    report = forms_of.fill_given(town.store, flat.taught(), OCTOBER, tmp_path / "报.xlsx", Audience.REPORT)
    sheet = sheet_of(report.path)
    assert [cell.value for cell in sheet["B4:F4"][0]] == ["王*", "2女", "999*************18", None, 76]
    assert [cell.value for cell in sheet["B5:D5"][0]] == ["小X（化名）", "2女", "999*************10"]
    assert sheet["K4"].value is None
    assert "13900000000" not in everything(report.path)
    assert any("出生日期" in warning for warning in report.warnings)


def test_what_a_form_computes_from_a_column_that_may_not_go_is_no_number(town: Town, tmp_path: Path) -> None:
    blank = forms.flat_list(tmp_path / "名册.xlsx", 2)
    book = load_workbook(blank)
    sheet: Any = book.worksheets[0]
    sheet["H6"] = "=J6/12"  # by way of the sum
    sheet["I6"] = "=COUNTA(B4:B5)"  # of what may go
    other = book.create_sheet("汇总")
    other["A1"] = "=SUM('花名册'!$J:$J)"
    other["A2"] = "=COUNTA('花名册'!B4:B5)"
    book.defined_names["收入"] = DefinedName("收入", attr_text="'花名册'!$J$4:$J$5")
    other["A3"] = "=AVERAGE(收入)"
    book.save(blank)
    proposal = forms_of.propose(town.store, blank)
    inside = load_workbook(filled(town, proposal, tmp_path / "内.xlsx"))
    assert inside["花名册"]["J6"].value == "=SUM(J4:J5)"
    assert inside["汇总"]["A3"].value == "=AVERAGE(收入)"
    report = load_workbook(filled(town, proposal, tmp_path / "报.xlsx", Audience.REPORT))
    sheet, other = report["花名册"], report["汇总"]
    assert [sheet[f"J{row}"].value for row in (4, 5)] == [None, None]
    assert [sheet[f"{column}6"].value for column in "DHIJ"] == [
        "=COUNTA(B4:B5)",
        "按规定不列出",
        "=COUNTA(B4:B5)",
        "按规定不列出",
    ]
    assert [other[f"A{row}"].value for row in (1, 2, 3)] == [
        "按规定不列出",
        "=COUNTA('花名册'!B4:B5)",
        "按规定不列出",
    ]


def test_a_formula_in_the_rows_and_a_blank_total_of_a_column_that_may_not_go_are_no_numbers(
    town: Town, tmp_path: Path
) -> None:
    labels = ["序号", "姓名", "身份证号码", "家庭年收入", "月收入", "联系电话"]
    blank = small_form(tmp_path / "收入.xlsx", labels)
    book = load_workbook(blank)
    for row in (2, 3):
        book.worksheets[0][f"E{row}"] = f"=D{row}/12"
    book.worksheets[0]["E4"] = "=SUM(E2:E3)"
    book.save(blank)
    proposal = forms_of.propose(town.store, blank)
    assert "total:4" in {cell.rule.source for cell in proposal.template.cells}
    sheet = sheet_of(filled(town, proposal, tmp_path / "报.xlsx", Audience.REPORT))
    assert [[cell.value for cell in row] for row in sheet["D2:E3"]] == [[None, None]] * 2
    assert [cell.value for cell in sheet["D4:E4"][0]] == ["按规定不列出", "按规定不列出"]


def test_a_column_masked_by_the_worker_is_masked_inside_too(
    town: Town, flat: Proposal, tmp_path: Path
) -> None:
    rule = Rule("person.id_number", writing=Writing(masked=True))
    proposal = flat.with_template(with_column(flat.template, 4, rule))
    assert sheet_of(filled(town, proposal, tmp_path / "填.xlsx"))["D4"].value == "999*************18"


def test_a_report_with_a_full_number_is_refused_until_somebody_answers_for_it(
    town: Town, flat: Proposal, tmp_path: Path
) -> None:
    proposal = flat.with_template(with_cell(flat.template, "K2", Rule(CONSTANT, text="举报电话 13812345678")))
    target = tmp_path / "报.xlsx"
    target.write_bytes(b"former")
    with pytest.raises(PersonalNumber):
        filled(town, proposal, target, Audience.REPORT)
    assert target.read_bytes() == b"former"
    forms_of.fill_given(
        town.store,
        proposal.taught(),
        OCTOBER,
        target,
        Audience.REPORT,
        override=Override("这是县里的公开举报电话"),
    )
    with town.store.reading() as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    assert "release" in actions
    assert target.read_bytes() != b"former"


def test_the_phone_of_the_station_itself_may_go_and_anothers_beside_it_may_not(tmp_path: Path) -> None:
    town = known_town(tmp_path)
    with town.store.writing("试验") as work:
        station = work.session.scalars(select(Station)).one()
        after = {"phone": "0600-7100100"}
        work.write([Change("station", station.key, {"phone": station.phone}, after)])
    proposal = forms_of.propose(town.store, forms.flat_list(tmp_path / "名册.xlsx", 2))
    path = filled(town, proposal, tmp_path / "报.xlsx", Audience.REPORT)
    assert str(sheet_of(path)["A8"].value).endswith("联系电话：0600-7100100")
    more = with_cell(proposal.template, "K2", Rule(CONSTANT, text="0600-71001000600-7100100，0600-7100101"))
    with pytest.raises(PersonalNumber):
        filled(town, proposal.with_template(more), tmp_path / "报.xlsx", Audience.REPORT)
    town.store.close()


def test_a_form_is_never_for_the_wall(town: Town, flat: Proposal, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="公示"):
        filled(town, flat, tmp_path / "公.xlsx", Audience.PUBLIC)


def test_a_filled_form_is_named_what_it_is(town: Town, flat: Proposal, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"\.xlsx"):
        filled(town, flat, tmp_path / "填.xls")
    assert list(tmp_path.glob("填*")) == []


def test_filling_is_logged_before_the_file_is_there(town: Town, flat: Proposal, tmp_path: Path) -> None:
    before = noted(town)
    filled(town, flat, tmp_path / "填.xlsx")
    assert noted(town)[len(before) :] == [("export", "form_template")]
    with pytest.raises(UserError):
        filled(town, flat, tmp_path / "没有的文件夹" / "填.xlsx")


def noted(town: Town) -> list[tuple[str, str]]:
    with town.store.reading() as session:
        rows = session.execute(select(AuditEntry.action, AuditEntry.record).order_by(AuditEntry.seq))
        return [(row.action, row.record) for row in rows]


class _Stop(NoProgress):
    @override
    def step(self, done: int, total: int) -> None:
        raise Cancelled


def test_cancel_leaves_the_target_as_it_was(town: Town, tmp_path: Path) -> None:
    proposal = forms_of.propose(town.store, forms.person_card(tmp_path / "卡片.xlsx"))
    target = tmp_path / "填.xlsx"
    target.write_bytes(b"former")
    with pytest.raises(Cancelled):
        forms_of.fill_given(town.store, proposal.taught(), OCTOBER, target, progress=_Stop())
    assert target.read_bytes() == b"former"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["卡片.xlsx", "填.xlsx"]


def test_a_source_that_the_station_lacks_is_named(town: Town, flat: Proposal, tmp_path: Path) -> None:
    proposal = flat.with_template(with_column(flat.template, 11, Rule("person.own_text_19")))
    with pytest.raises(UserError, match="own_text_19"):
        filled(town, proposal, tmp_path / "填.xlsx")


def small_form(path: Path, labels: list[str], total: str = "合计") -> Path:
    """A form of one header row, two framed rows and a total whose cells are blank."""
    thin = Side(style="thin")
    frame = Border(left=thin, right=thin, top=thin, bottom=thin)
    book = Workbook()
    sheet: Any = book.active
    sheet.append(labels)
    sheet.append([])
    for row in range(1, 5):
        for column in range(1, len(labels) + 1):
            sheet.cell(row, column).border = frame
    sheet.cell(4, 1, total)
    book.save(path)
    return path


def test_a_blank_total_gets_what_was_added_up(town: Town, tmp_path: Path) -> None:
    labels = ["序号", "对接编号", "资源名称", "对接日期", "金额或折价", "受益人数", "受益人次", "满意度"]
    proposal = forms_of.propose(town.store, small_form(tmp_path / "链接.xlsx", labels))
    assert proposal.template.subject is Subject.MATCH
    totals = {cell.cell: cell.rule.source for cell in proposal.template.cells}
    assert totals == {"E4": "total:5", "F4": "total:6", "G4": "total:7"}
    sheet = sheet_of(filled(town, proposal, tmp_path / "填.xlsx"))
    assert [row[1].value for row in sheet["A2:H4"]] == ["P-001", "P-002", "P-003"]
    assert [sheet[f"{column}5"].value for column in "EFG"] == [345.5, 2, 4]
    assert sheet["E4"].value is None  # a match that came to nothing brought nothing


def test_needs_stand_as_they_stood_at_the_end_of_the_month(town: Town, tmp_path: Path) -> None:
    labels = ["序号", "需求编号", "需求事项", "提出日期", "需求状态", "关闭日期", "姓名"]
    proposal = forms_of.propose(town.store, small_form(tmp_path / "需求.xlsx", labels))
    sheet = sheet_of(filled(town, proposal, tmp_path / "填.xlsx"))
    rows = {row[1].value: [cell.value for cell in row] for row in sheet["A2:G5"]}
    assert rows["X-005"][4:6] == ["待对接", None]  # closed in November
    assert rows["X-002"][4:7] == ["已满足", "2026-10-25", "王秀兰"]
    assert "X-004" not in rows  # of somebody who may not be listed


def test_a_form_may_ask_for_categories_one_by_one(town: Town, tmp_path: Path) -> None:
    labels = ["序号", "姓名", "身份证号", "是否低保", "是否独居老人", "监护人联系电话", "紧急联系人电话"]
    proposal = forms_of.propose(town.store, small_form(tmp_path / "表.xlsx", labels, ""))
    assert [column.rule.source for column in proposal.template.columns][3:] == [
        *("group:G01", "group:G13", "", "person.emergency_phone"),
    ]
    sheet = sheet_of(filled(town, proposal, tmp_path / "填.xlsx"))
    assert [[cell.value for cell in row[3:5]] for row in sheet["A2:G3"]] == [["是", "是"], ["否", "否"]]


def test_a_value_that_the_drop_down_lacks_is_told(town: Town, flat: Proposal, tmp_path: Path) -> None:
    proposal = flat.with_template(with_column(flat.template, 3, Rule("person.sex")))
    report = forms_of.fill_given(town.store, proposal.taught(), OCTOBER, tmp_path / "填.xlsx")
    assert any("性别" in warning and "2 处" in warning for warning in report.warnings)


def test_a_trial_is_shown_and_nothing_is_written_or_logged(
    town: Town, flat: Proposal, tmp_path: Path
) -> None:
    before, files = noted(town), sorted(tmp_path.iterdir())
    content = trial_of(town.store, flat.taught(), OCTOBER)
    assert load_workbook(io.BytesIO(content)).worksheets[0]["B4"].value == "王秀兰"
    assert noted(town) == before
    assert sorted(tmp_path.iterdir()) == files


def test_last_months_filled_form_serves_as_a_blank_without_its_people(town: Town, tmp_path: Path) -> None:
    book = load_workbook(forms.flat_list(tmp_path / "名册.xlsx", 3))
    for row, name in enumerate(("旧人甲", "旧人乙", "旧人丙"), 4):
        for column, value in (
            (2, name),
            (3, "1男"),
            (4, "999999194001010000"),
            (6, 80),
            (7, "旧村"),
            (8, "旧电话"),
        ):
            book.worksheets[0].cell(row, column, value)
    book.save(tmp_path / "上月.xlsx")
    proposal = forms_of.propose(town.store, tmp_path / "上月.xlsx")
    assert proposal.template.cleared
    assert proposal.remarks[0].lost
    rules = with_column(with_column(proposal.template, 7, Rule()), 8, Rule())
    path = filled(town, proposal.with_template(rules), tmp_path / "填.xlsx")
    sheet = sheet_of(path)
    assert [row[1].value for row in sheet["A4:K6"]] == ["王秀兰", "李小明", None]
    values = {cell.value for row in sheet.iter_rows() for cell in row}
    assert not values & {"旧人甲", "旧人丙", "旧村", "旧电话"}


# what is kept


def test_a_template_is_kept_changed_filled_removed_and_comes_back(tmp_path: Path) -> None:
    town = known_town(tmp_path)
    proposal = forms_of.propose(town.store, forms.flat_list(tmp_path / "名册.xlsx", 2))
    forms_of.save_template(town.store, proposal.taught("困难群众花名册", "县民政局"))
    (kept,) = forms_of.templates_of(town.store)
    assert (kept.name, kept.department, kept.kind) == ("困难群众花名册", "县民政局", FormKind.LIST)
    taught = forms_of.kept_template(town.store, kept.key)
    assert taught.blank == (tmp_path / "名册.xlsx").read_bytes()
    assert taught.template == proposal.template
    with pytest.raises(UserError, match="已经有"):
        forms_of.save_template(town.store, proposal.taught("困难群众花名册"))
    forms_of.edit_template(
        town.store, kept.key, name="花名册", template=with_column(taught.template, 11, Rule())
    )
    report = forms_of.fill(town.store, kept.key, OCTOBER, tmp_path / "填.xlsx")
    assert sheet_of(report.path)["K4"].value is None
    assert kept.used_on is None
    assert [each.used_on for each in forms_of.templates_of(town.store)] == [date(2026, 11, 5)]
    forms_of.remove_template(town.store, kept.key)
    assert forms_of.templates_of(town.store) == ()
    history.undo(town.store)
    assert forms_of.kept_template(town.store, kept.key).blank == taught.blank
    town.store.close()


def test_a_template_with_nothing_to_fill_or_without_a_name_is_not_kept(town: Town, flat: Proposal) -> None:
    blank = replace(flat.template, columns=(), cells=())
    with pytest.raises(UserError, match="还没有一处"):
        forms_of.save_template(town.store, flat.with_template(blank).taught("空"))
    with pytest.raises(UserError, match="名字"):
        forms_of.save_template(town.store, Taught(" ", flat.template, b"", "x.xlsx"))


def test_a_template_goes_to_another_station_as_a_file(town: Town, flat: Proposal, tmp_path: Path) -> None:
    file = forms_of.write_exchange(flat.taught("花名册", "县民政局", "每月5日前"), tmp_path / "花名册.sdform")
    taught = forms_of.read_exchange(file)
    assert taught == flat.taught("花名册", "县民政局", "每月5日前")
    other = known_town(tmp_path / "另一站")
    forms_of.import_template(other.store, file)
    (kept,) = forms_of.templates_of(other.store)
    forms_of.export_template(other.store, kept.key, tmp_path / "又.sdform")
    assert forms_of.read_exchange(tmp_path / "又.sdform") == taught
    other.store.close()


def _changed(source: Path, target: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for each in old.namelist():
            new.writestr(each, content if each == name else old.read(each))
    return target


def test_a_template_file_is_read_as_somebody_elses(flat: Proposal, tmp_path: Path) -> None:
    good = forms_of.write_exchange(flat.taught("花名册"), tmp_path / "好.sdform")
    about = json.loads(zipfile.ZipFile(good).read("form.json"))
    rules = json.loads(zipfile.ZipFile(good).read("rules.json"))
    bad = tmp_path / "坏.sdform"
    for name, content in (
        ("form.json", b"{}"),
        ("form.json", b"[" * 100_000),
        ("form.json", json.dumps({**about, "version": 99}).encode()),
        ("form.json", json.dumps({**about, "sha256": "0" * 64}).encode()),
        ("rules.json", b"not json"),
        ("rules.json", json.dumps({**rules, "version": 99}).encode()),
        ("rules.json", json.dumps({**rules, "kind": "other"}).encode()),
        ("rules.json", json.dumps({**rules, "first": -1}).encode()),
        ("rules.json", json.dumps({**rules, "first": True}).encode()),
        ("rules.json", json.dumps({**rules, "more": 1}).encode()),
        ("rules.json", json.dumps({**rules, "sheet": "没有这张"}).encode()),
        ("rules.json", json.dumps({**rules, "columns": [{"column": 10**9}]}).encode()),
        ("blank", b"PK"),
    ):
        with pytest.raises(UserError):
            forms_of.read_exchange(_changed(good, bad, name, content))
    bad.write_bytes(good.read_bytes()[:-400])
    with pytest.raises(UserError):
        forms_of.read_exchange(bad)
    with pytest.raises(UserError):
        forms_of.read_exchange(tmp_path / "没有.sdform")


def test_the_name_of_a_blank_that_came_along_is_no_path(flat: Proposal, tmp_path: Path) -> None:
    good = forms_of.write_exchange(flat.taught("花名册"), tmp_path / "好.sdform")
    about = json.loads(zipfile.ZipFile(good).read("form.json"))
    for name in ("../../etc/passwd", r"..\..\系统.xlsx"):
        bad = _changed(
            good, tmp_path / "径.sdform", "form.json", json.dumps({**about, "file_name": name}).encode()
        )
        assert "/" not in forms_of.read_exchange(bad).file_name
        assert "\\" not in forms_of.read_exchange(bad).file_name


# what is refused


def test_what_is_no_form_is_refused_in_one_sentence(town: Town, tmp_path: Path) -> None:
    for name, content in (
        ("空.xlsx", b""),
        ("字.xlsx", "姓名,电话".encode()),
        ("坏.xlsx", b"PK\x03\x04" + b"\x00" * 100),
        ("坏.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 50),
        ("锁.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 50),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UserError):
            forms_of.propose(town.store, tmp_path / name)
    with pytest.raises(UserError, match="找不到"):
        forms_of.propose(town.store, tmp_path / "没有.xlsx")


def test_a_form_with_macros_is_refused(town: Town, tmp_path: Path) -> None:
    forms.flat_list(tmp_path / "名册.xlsx")
    with zipfile.ZipFile(tmp_path / "名册.xlsx", "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    with pytest.raises(UserError, match="宏"):
        forms_of.propose(town.store, tmp_path / "名册.xlsx")


def test_an_empty_sheet_is_shown_without_anything_found(town: Town, tmp_path: Path) -> None:
    Workbook().save(tmp_path / "空.xlsx")
    proposal = forms_of.propose(town.store, tmp_path / "空.xlsx")
    assert proposal.found == 0
    with pytest.raises(UserError):
        forms_of.save_template(town.store, proposal.taught("空"))


def test_a_blank_cell_that_nothing_fits_is_left_to_the_worker(town: Town, tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["序号", "姓名", "身份证号", "村医签约编号", "联系电话"])
    sheet.append([1])
    book.save(tmp_path / "表.xlsx")
    proposal = forms_of.propose(town.store, tmp_path / "表.xlsx")
    unknown = [each for each in proposal.template.columns if not each.rule.source]
    assert [each.label for each in unknown] == ["村医签约编号"]
    assert proposal.open == 1
