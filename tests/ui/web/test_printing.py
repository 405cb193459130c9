from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stationdesk.core.errors import UserError
from stationdesk.core.printing import MAP_PAPERS, PageSetup, Paper
from stationdesk.maps.sheet.check import check_print
from stationdesk.maps.sheet.compose import Sheet, compose
from stationdesk.maps.sheet.proof import Unreadable, read_proof
from stationdesk.ui.web.printing import WebPrinter
from tests.hostile import STRINGS
from tests.maps.sheet.making import A4, entries, entry, spec

PAGE = '<!DOCTYPE html><meta charset="utf-8"><style>@page{{size:{size};margin:0}}</style>{body}'
UNKNOWN = "\U00013000"  # an Egyptian hieroglyph: no font of a station's computer draws it


@pytest.fixture
def printer(qapp: QApplication) -> WebPrinter:
    return WebPrinter()


@pytest.mark.parametrize(
    "setup", [PageSetup(paper, way) for paper in MAP_PAPERS for way in (True, False)], ids=str
)
def test_a_sheet_prints_and_passes_its_checks(printer: WebPrinter, tmp_path: Path, setup: PageSetup) -> None:
    sheet = compose(spec(entries(30), setup, practice=True))
    target = tmp_path / "图.pdf"
    printer.print_html(sheet.html, target, setup)
    check_print(target, sheet)
    proof = read_proof(target)
    assert len(proof) == sheet.layout.pages
    assert proof[0].size == pytest.approx(setup.size, abs=1)


def test_printing_from_another_thread_waits_for_the_file(
    qtbot: QtBot, printer: WebPrinter, tmp_path: Path
) -> None:
    target = tmp_path / "a.pdf"
    with ThreadPoolExecutor(1) as lane:
        done = lane.submit(
            printer.print_html, PAGE.format(size="A4", body="便民服务"), target, PageSetup(Paper.A4)
        )
        qtbot.waitUntil(done.done, timeout=60_000)
    done.result()
    assert read_proof(target)[0].text == "便民服务"


@pytest.mark.qt_log_ignore("Not allowed to load local resource")
def test_no_script_runs_and_nothing_is_fetched(printer: WebPrinter, tmp_path: Path) -> None:
    aside = tmp_path / "aside.svg"
    aside.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>FETCHED</text></svg>', encoding="utf-8")
    body = (
        '<p id="p">before</p><script>document.getElementById("p").textContent="SCRIPT"</script>'
        f'<img src="x" onerror="document.body.textContent=1"><iframe src="{aside.as_uri()}"></iframe>'
        '<iframe src="stationdesk://sheet/other.html"></iframe><iframe src="http://example.invalid/"></iframe>'
    )
    target = tmp_path / "a.pdf"
    printer.print_html(PAGE.format(size="A4", body=body), target, PageSetup(Paper.A4))
    text = "".join(page.text for page in read_proof(target))
    assert "before" in text
    assert "SCRIPT" not in text
    assert "FETCHED" not in text


def test_a_page_of_more_than_two_megabytes_prints(printer: WebPrinter, tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    body = f"<!--{'长' * 900_000}-->末尾"
    printer.print_html(PAGE.format(size="A4", body=body), target, PageSetup(Paper.A4))
    assert read_proof(target)[0].text == "末尾"


@pytest.mark.parametrize("text", ["便民", "见面、长门、车站、马风", "①②③㎡℃", "䶮㛃", "Wi-Fi 10:30～12:00"])
def test_printed_text_reads_back_as_it_was_written(printer: WebPrinter, tmp_path: Path, text: str) -> None:
    given = (entry(1, 0, 0, name=text), entry(2, 500, 400))
    sheet = compose(spec(given, features=()))
    target = tmp_path / "a.pdf"
    printer.print_html(sheet.html, target, A4)
    check_print(target, sheet)


def test_a_sign_that_no_font_has_is_refused_with_the_entry_it_stands_in(
    printer: WebPrinter, tmp_path: Path
) -> None:
    given = entries(6)
    bad = replace(given[2], name=f"便民{UNKNOWN}点")
    sheet = compose(spec((*given[:2], bad, *given[3:])))
    target = tmp_path / "a.pdf"
    printer.print_html(sheet.html, target, A4)
    with pytest.raises(UserError, match=f"没有字形.*{bad.code}“{UNKNOWN}”"):
        check_print(target, sheet)


def test_a_sheet_that_lost_a_row_or_a_page_is_refused(printer: WebPrinter, tmp_path: Path) -> None:
    sheet = compose(spec(entries(40)))
    entry_lost = sheet.layout.spec.entries[-1]
    target = tmp_path / "a.pdf"
    printer.print_html(sheet.html.replace(entry_lost.phone, ""), target, A4)
    with pytest.raises(UserError, match=entry_lost.code):
        check_print(target, sheet)
    printer.print_html(sheet.html, target, A4)
    with pytest.raises(UserError, match="应有 1 页"):
        check_print(target, compose(spec(entries(3))))


def test_a_mark_that_was_not_drawn_is_refused(printer: WebPrinter, tmp_path: Path) -> None:
    sheet = compose(spec(entries(12)))
    cell = sheet.layout.marks[3].cells[0]
    lost = sheet.html.replace(f">{cell.map_class.letter}</text>", "></text>")
    target = tmp_path / "a.pdf"
    printer.print_html(lost, target, A4)
    with pytest.raises(UserError, match=f"图标“{cell.text}”"):
        check_print(target, sheet)


def test_hostile_words_print_as_they_are(printer: WebPrinter, tmp_path: Path) -> None:
    plain = [each for each in STRINGS if each.isprintable() and each.strip() and each.isascii()]
    given = [
        entry(number, number % 8 * 300.0, number // 8 * 300.0, name=word)
        for number, word in enumerate(plain, start=1)
    ]
    sheet = compose(spec(given))
    target = tmp_path / "a.pdf"
    printer.print_html(sheet.html, target, A4)
    check_print(target, sheet)


def test_a_folder_that_is_not_there_is_told(printer: WebPrinter, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有生成文件"):
        printer.print_html(PAGE.format(size="A4", body="x"), tmp_path / "no" / "a.pdf", PageSetup(Paper.A4))


def test_what_is_no_pdf_cannot_be_read_back(tmp_path: Path, qapp: QApplication) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"%PDF-1.4 cut off")
    with pytest.raises(Unreadable):
        read_proof(target)
    sheet: Sheet = compose(spec(entries(3)))
    with pytest.raises(UserError, match="读不出来"):
        check_print(target, sheet)
