"""What must not leave the station is found wherever it stands in a file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook
from openpyxl.comments import Comment

from stationdesk.sheets.leaks import (
    MOST,
    Leak,
    MinorNames,
    PersonalKind,
    PersonalNumber,
    leak_in,
    leaks_in,
    number_in,
    refuse,
)

NAMES = MinorNames(("李小明", "欧阳 小雨", "单"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("身份证99999919500101001X。", PersonalKind.ID_NUMBER),
        ("电话１３９１２３４５６７８", PersonalKind.MOBILE),
        ("139－1234－5678", PersonalKind.MOBILE),
        ("139—1234—5678", PersonalKind.MOBILE),
        ("139.1234.5678", PersonalKind.MOBILE),
        ("109.4812345, 139.1234567", None),
        ("打 0718-8221234 找他", PersonalKind.LANDLINE),
        ("（0718）822 1234", PersonalKind.LANDLINE),
        ("010 8221 1234", PersonalKind.LANDLINE),
        ("卡 6222 0212 3456 7890 123", PersonalKind.BANK),
        ("4111111111111111", PersonalKind.BANK),
        ("账号：8120 1234 5678", PersonalKind.BANK),
        ("4111111111111112", None),
        ("91420000MA4K12345X", None),
        ("999999001002", None),
        ("0718-*****22", None),
        ("999*************18", None),
        ("139****5678", None),
        ("2026-10-01 至 2026-10-31", None),
        ("0.333333333", None),
        ("1,234,567.89", None),
    ],
)
def test_a_number_of_one_person_is_told_from_other_numbers(text: str, kind: PersonalKind | None) -> None:
    assert number_in(text) is kind


@pytest.mark.parametrize("text", ["李小明", "家访李 小明时", "（李　小明）", "欧阳小雨的母亲"])
def test_the_name_of_a_minor_is_found_between_other_words_and_blanks(text: str) -> None:
    assert leak_in(text, NAMES) is PersonalKind.MINOR


@pytest.mark.parametrize("text", ["李小红", "李*", "小X（化名）", "单位", "小明李", ""])
def test_other_names_are_not(text: str) -> None:
    assert leak_in(text, NAMES) is None


def test_a_name_in_signs_of_old_encodings_is_found() -> None:
    assert MinorNames(["李\uf9e1"]).found_in("李\uf9e1家")


def test_without_names_nothing_is_looked_for() -> None:
    assert leak_in("李小明") is None
    assert not MinorNames(("", "单"))


def test_rows_are_searched_and_the_place_is_told() -> None:
    rows = [("王*", 3, None), ("李*", 4, "李小明的哥哥"), ("张*", 13912345678, "")]
    assert leaks_in(rows, NAMES, sheet="名册", labels=("姓名", "数", "备注")) == (
        Leak(PersonalKind.MINOR, "名册", 2, "备注"),
        Leak(PersonalKind.MOBILE, "名册", 3, "数"),
    )


def test_any_workbook_is_searched_with_its_notes_heads_and_hidden_sheets(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "花名册"
    sheet["B3"] = "13912345678"
    sheet["C4"] = '="李"&"小明"&"，李小明"'
    sheet["A1"].comment = Comment("李小明家", "某人")
    sheet.oddFooter.left.text = "经办 李小明"  # type: ignore[union-attr]  # a page has a left part
    hidden = book.create_sheet("底稿")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "999999195001010018"
    book.save(tmp_path / "a.xlsx")
    found = leaks_in(tmp_path / "a.xlsx", NAMES)
    assert Leak(PersonalKind.MOBILE, "花名册", 3, "B") in found
    assert Leak(PersonalKind.MINOR, "花名册", 4, "C") in found
    assert Leak(PersonalKind.ID_NUMBER, "底稿", 1, "A") in found
    elsewhere = [each for each in found if each.row == 0]
    assert {each.sheet for each in elsewhere} == {"花名册", "a.xlsx"}


def test_a_word_document_is_searched_paragraph_by_paragraph(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("一切正常")
    table = document.add_table(1, 2)
    # A word processor cuts a number into runs as it likes.
    paragraph = table.cell(0, 1).paragraphs[0]
    for piece in ("1391", "234", "5678"):
        paragraph.add_run(piece)
    document.save(str(tmp_path / "a.docx"))
    (leak,) = leaks_in(tmp_path / "a.docx")
    assert leak.kind is PersonalKind.MOBILE
    assert leak.row


def test_a_clean_workbook_has_none(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["王*", "999*************18", "139****0000", 12.5])
    book.save(tmp_path / "a.xlsx")
    assert leaks_in(tmp_path / "a.xlsx", NAMES) == ()


def test_so_many_places_are_told_and_no_more(tmp_path: Path) -> None:
    assert len(leaks_in([["13912345678"]] * (MOST + 5))) == MOST


def test_the_refusal_says_the_first_place_and_how_many_there_are() -> None:
    leaks = leaks_in([["x", "李小明"], ["y", "13912345678"]], NAMES, sheet="名册", labels=("a", "备注"))
    with pytest.raises(PersonalNumber, match=r"“名册”第 1 行“备注”里有未成年人姓名.*共 2 处") as refused:
        refuse(leaks)
    assert refused.value.leaks == leaks
    refuse(())


def test_a_part_that_is_no_table_does_not_stop_the_search(tmp_path: Path) -> None:
    book = Workbook()
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as package:
        package.writestr("xl/drawings/drawing1.xml", '<a xmlns="x"><t>13912345678</t></a>')
    assert [each.kind for each in leaks_in(tmp_path / "a.xlsx")] == [PersonalKind.MOBILE]


def _with_parts(path: Path, **parts: tuple[str, str]) -> None:
    """Replace a piece of text in parts of a package, by the end of their names."""
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name).decode() for name in package.namelist()}
    for end, (old, new) in parts.items():
        name = next(each for each in members if each.endswith(f"{end}.xml"))
        assert old in members[name]
        members[name] = members[name].replace(old, new)
    with zipfile.ZipFile(path, "w") as package:
        for name, text in members.items():
            package.writestr(name, text)


def test_what_a_formula_came_to_is_searched_apart_from_the_formula(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "a.xlsx")
    cell = "<sheetData><row r='1'><c r='A1'><f>[1]S!B1</f><v>13912345678</v></c></row></sheetData>"
    _with_parts(tmp_path / "a.xlsx", sheet1=("<sheetData></sheetData>", cell))
    assert leaks_in(tmp_path / "a.xlsx") == (Leak(PersonalKind.MOBILE, "Sheet", 1, "A"),)


def test_a_number_cut_into_runs_of_a_comment_is_found_once(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active["A1"].comment = Comment("整", "某人")
    book.save(tmp_path / "a.xlsx")
    runs = "<r><t>1391234</t></r><r><t>5678</t></r>"
    _with_parts(tmp_path / "a.xlsx", comment1=("<t>整</t>", runs))
    assert [each.kind for each in leaks_in(tmp_path / "a.xlsx")] == [PersonalKind.MOBILE]


def test_where_a_link_leads_is_searched(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "打电话"
    book.active["A1"].hyperlink = "tel:13912345678"
    book.save(tmp_path / "a.xlsx")
    assert [each.kind for each in leaks_in(tmp_path / "a.xlsx")] == [PersonalKind.MOBILE]
