"""Hostile text in every text field: stored, found, told, drawn, listed and printed as it is, and nothing of it runs."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from python_calamine import CalamineWorkbook

from stationdesk.core.changes import changed
from stationdesk.core.clock import Month
from stationdesk.core.entry import entered
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import free_name, safe_file_name, write_bytes_safely
from stationdesk.core.masks import mask_name
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import Audience, Datum, Dimension, MapClass, MapLevel
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.db.base import field_map
from stationdesk.db.models import RECORDS
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services.drawing import bound, draw, reshape
from stationdesk.services.handouts import HandoutOrder, HandoutReport, NotForGiving, handout
from stationdesk.services.history import history_of, undo
from stationdesk.services.importing.kinds import targets
from stationdesk.services.imports import ImportKind, Verdict, dry_run, read_plan, run
from stationdesk.services.ledgers import Options, ledger
from stationdesk.services.listing import Query, keys_of, page_of, rows_of
from stationdesk.services.mapping import map_document
from stationdesk.services.search import search
from stationdesk.services.store import Store
from stationdesk.sheets.cells import tidied
from stationdesk.sheets.checking import PersonalNumber
from stationdesk.sheets.ledgers import LEDGERS
from stationdesk.sheets.open_formats.comma import plain as plain_cell
from stationdesk.ui.composition import Window, compose
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.tabs.map import MapTab
from stationdesk.ui.tabs.map_side import lines_of
from stationdesk.ui.theme import Look, Theme
from stationdesk.ui.web.printing import WebPrinter
from stationdesk.ui.web.profile import MapPage
from tests.desk_station import new_station
from tests.hostile import STRINGS
from tests.hostile_town import ATTACK, DAY, MOST_PRINTED, NUMBER, HostileTown, hostile_town, text_fields
from tests.markup import interpreted
from tests.ui.tabs import writing
from tests.ui.tabs.acting import pressed

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

MONTH = Month.of(DAY)
MARKUP = ("<b>粗</b>", "&lt;", "&P&N&D")
"""The beginnings of the texts that Qt would take for markup or for a mnemonic."""

BROKEN = (
    '{"type": "LineString", "coordinates": "x"}',
    '{"type": "LineString", "coordinates": [[1, 2], [NaN, 4]]}',
    '{"type": "Polygon", "coordinates": [[[1, "</script>"]]]}',
    "[" * 100_000,
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileTown]:
    """One station for all tests: none of them leaves it changed."""
    made = hostile_town(tmp_path_factory.mktemp("hostile") / "站")
    yield made
    made.store.close()


def number_of(beginning: str) -> int:
    return next(number for number, text in enumerate(STRINGS) if text.startswith(beginning))


def key_of(town: HostileTown, record: str, number: int) -> Key:
    return list(town.given[record])[number]


# Stored, found, told


def test_the_list_holds_more_than_sixty_different_traps() -> None:
    assert len(set(STRINGS)) == len(STRINGS) >= 60
    assert sum(1 for text in STRINGS if clean_line(text)) >= 60


def test_every_text_field_of_every_record_gives_back_what_the_one_cleaning_made(town: HostileTown) -> None:
    for record, given in town.given.items():
        page = rows_of(town.store, record, list(given))
        assert len(page.rows) == len(given)
        for row in page.rows:
            wanted = town.stored(record, row.key)
            assert {name: row.values[name] for name in wanted} == wanted
    filled = {record: len(text_fields(record)) for record in RECORDS}
    assert set(town.given) == set(RECORDS)
    assert sum(filled.values()) > 100
    assert min(filled.values()) > 0


def test_every_text_stands_in_every_text_field(town: HostileTown) -> None:
    for record in set(RECORDS) - {"station"}:
        stored = [town.stored(record, key) for key in list(town.given[record])[: len(STRINGS)]]
        for field in text_fields(record):
            for text, values in zip(STRINGS, stored, strict=True):
                assert (values[field.key] or "").startswith(entered(field, text) or ""), field.name


def test_the_profile_of_the_station_takes_every_text(town: HostileTown) -> None:
    [key] = town.given["station"]
    fields = [each for each in text_fields("station") if each.optional]
    with town.store.writing("试验") as work:
        before = town.stored("station", key)
        for text in STRINGS:
            after = {field.key: entered(field, text) for field in fields}
            step = changed("station", key, before, after)
            work.write([step] if step is not None else [])
            read = work.session.get(RECORDS["station"], key)
            assert {name: getattr(read, name) for name in after} == after
            before = {**before, **after}
        back = changed("station", key, before, town.stored("station", key))
        assert back is not None
        work.write([back])


def test_every_text_is_found_by_itself(town: HostileTown) -> None:
    for number, text in enumerate(STRINGS):
        found = keys_of(town.store, Query("organisation", text=text))
        assert not clean_line(text) or key_of(town, "organisation", number) in found, text[:40]
        search(town.store, text)


def test_history_tells_every_text_and_undo_brings_it_back(town: HostileTown) -> None:
    organisations = list(town.given["organisation"])
    field = field_map(RECORDS["organisation"])["note"]
    texts = [entered(field, text) for text in STRINGS]
    turned = [*texts[1:], texts[0]]
    with town.store.writing("试验") as work:
        steps = zip(organisations, texts, turned, strict=True)
        edits = [changed("organisation", key, {"note": old}, {"note": new}) for key, old, new in steps]
        work.write([edit for edit in edits if edit is not None])
    for key, old, new in zip(organisations, texts, turned, strict=True):
        told = [entry.sentence for entry in history_of(town.store, "organisation", key)]
        assert old == new or f"备注：{old or '空'} → {new or '空'}" in told
    undo(town.store)
    rows = rows_of(town.store, "organisation", organisations).rows
    assert [row.values["note"] for row in rows] == texts


@pytest.mark.parametrize(
    "shape", ["", "{{7*7}}", "</script>", "null", "[1]", '{"type": []}', '{"type": "LineString"}', *BROKEN]
)
def test_a_shape_that_is_none_is_refused_in_words(town: HostileTown, shape: str) -> None:
    with pytest.raises(UserError, match="形状不对"):
        draw(town.store, FeatureKind.LANE, "小路", shape)
    with pytest.raises(UserError, match="形状不对"):
        reshape(town.store, key_of(town, "feature", 1), shape)


@pytest.mark.parametrize("shape", ["{{7*7}}", "</script>", "null", "[1]", '{"type": "Polygon"}', *BROKEN])
def test_a_range_that_is_none_is_refused_in_words(town: HostileTown, shape: str) -> None:
    with pytest.raises(UserError, match="形状不对"):
        bound(town.store, key_of(town, "village_group", 1), shape)


# Files


def formulas(path: Path) -> list[str]:
    package = zipfile.ZipFile(path)
    cells = (
        name for name in package.namelist() if name.startswith("xl/worksheets/")
    )  # a chart names its cells in <f>
    return [name for name in cells if b"<f>" in package.read(name) or b"<f " in package.read(name)]


def column(path: Path, title: str, label: str) -> list[str]:
    """What stands under a label in the rows of a ledger."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(title).to_python()
    at = [str(cell).replace("\n", "") for cell in rows[3]].index(label)
    return [str(row[at]) for row in rows[4:] if isinstance(row[0], float)]


def of_the_month(town: HostileTown, record: str, name: str) -> set[str]:
    """The texts of a field that the month's ledgers have to show."""
    keys = [key for key, text in zip(town.given[record], STRINGS, strict=False) if text != NUMBER]
    return {tidied(town.stored(record, key)[name] or "").text for key in keys}


@pytest.mark.parametrize("audience", [Audience.INTERNAL, Audience.REPORT])
def test_a_ledger_holds_every_text_as_text_and_no_formula(
    town: HostileTown, audience: Audience, tmp_path: Path
) -> None:
    # Villages and organisations have no month: theirs are listed with the name that is a full number.
    named = {"villages", "organisations"} if audience is Audience.REPORT else set()
    only = tuple(each.name for each in LEDGERS.values() if each.monthly and each.name not in named)
    options = Options(only=only)
    made = ledger(town.store, MONTH, audience, tmp_path / "台账.xlsx", options=options)
    assert formulas(made.path) == []
    kinds = {
        cell.data_type
        for sheet in load_workbook(made.path, read_only=True)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert kinds <= {"s", "n", "d", "inlineStr"}
    rows = {sheet.title: sheet.rows for sheet in made.sheets}
    of_month = len(STRINGS) - 1
    assert [rows[title] for title in ("服务对象花名册", "需求台账", "资源链接登记", "走访台账")] == [
        of_month
    ] * 4
    assert set(column(made.path, "资源库台账", "资源名称")) >= of_the_month(town, "resource", "name")
    assert set(column(made.path, "走访台账", "当场提供服务")) == of_the_month(town, "visit", "service_given")
    if audience is Audience.INTERNAL:
        assert set(column(made.path, "服务对象花名册", "姓名")) == of_the_month(town, "person", "name")
        assert set(column(made.path, "需求台账", "具体描述")) == of_the_month(town, "need", "description")


def test_a_report_with_a_full_number_in_a_text_is_refused(town: HostileTown, tmp_path: Path) -> None:
    with pytest.raises(PersonalNumber):
        ledger(town.store, MONTH.next, Audience.REPORT, tmp_path / "台账.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def printed(town: HostileTown, tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> HandoutReport:
    """The hand-out of the village whose resources may be printed."""
    target = tmp_path_factory.mktemp("printed") / "发放图.pdf"
    order = HandoutOrder(area=town.printed, setup=PageSetup(Paper.A3, landscape=True))
    # One of the texts looks like an ID number, and some signs no font has: such a sheet is a draft.
    with pytest.raises(NotForGiving, match="身份证号"):
        handout(town.store, target, order, WebPrinter())
    assert not target.exists()
    return handout(town.store, target, replace(order, draft=True), WebPrinter())


def test_a_hand_out_prints_every_text_and_tells_what_no_font_can_draw(
    town: HostileTown, printed: HandoutReport
) -> None:
    pages = read_proof(printed.path)
    text = plain("".join(page.text for page in pages))
    names = [clean_line(each) for each in STRINGS if len(each) <= MOST_PRINTED and clean_line(each)]
    assert printed.drawn == printed.entries >= len(names)
    assert sum(page.boxes for page in pages) == 0
    lost = [name for name in names if plain(name) not in text]
    told = next((warning for warning in printed.warnings if "〓" in warning), "")
    assert len(lost) <= 6  # emoji, old signs and what is written from right to left
    for name in lost:
        assert not set(plain(name)) - set(text) or told
    assert plain(ATTACK) in text


def test_other_eyes_read_the_hand_out_alike(town: HostileTown, printed: HandoutReport) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed; script/test installs it")
    seen = subprocess.run(["pdftotext", str(printed.path), "-"], check=True, capture_output=True, text=True)
    text = plain(seen.stdout)
    for name in ("{{7*7}}", "${1}", "<b>火警</b>", "&lt;&amp;&#x41;", "NULL", "0012"):
        assert plain(name) in text


def listed(path: Path, head: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([head, *rows])
    return path


TYPED = [text for text in STRINGS if clean_line(text) and len(text) < 32_000 and text.isprintable()]
"""What a list can hold that was made by another program."""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    made = new_station(tmp_path / "站")
    yield made
    made.close()


def test_a_list_of_hostile_texts_is_brought_in_as_it_stands(empty: Store, tmp_path: Path) -> None:
    rows = [
        [f"{text} 第{number}处", f"{number}号 {text}", f"记：{text}"] for number, text in enumerate(TYPED)
    ]
    file = listed(tmp_path / "=1+1 {{7*7}}.csv", ["资源名称", "地址", "备注"], rows)
    plan = read_plan(empty, file, ImportKind.RESOURCES)
    plan = plan.with_defaults({"resource.map_class": MapClass.CULTURE, "resource.dimension": Dimension.SPACE})
    dry = dry_run(empty, plan)
    assert [(row.title, row.why) for row in dry.rows if row.verdict is not Verdict.NEW] == []
    run(empty, dry)
    found = rows_of(empty, "resource", keys_of(empty, Query("resource"))).rows
    read = {row.values["name"]: (row.values["address"], row.values["note"]) for row in found}
    # In a CSV an apostrophe before a formula's sign keeps it from being computed; it is no part of the text.
    assert read == {
        clean_line(plain_cell(name)): (clean_line(address), clean_line(note)) for name, address, note in rows
    }


@pytest.mark.parametrize("kind", list(ImportKind))
def test_hostile_text_in_every_column_of_a_list_is_taken_or_refused_in_words(
    empty: Store, tmp_path: Path, kind: ImportKind
) -> None:
    fields = {each.label: each.name for each in targets(kind)}
    file = listed(tmp_path / "名单.csv", list(fields), [[text] * len(fields) for text in TYPED])
    plan = read_plan(empty, file, kind).mapped(*fields.values())
    dry = dry_run(empty, plan, Datum.WGS84)
    assert len(dry.rows) == len(plan.table.rows)
    assert all(row.why for row in dry.rows if row.verdict is Verdict.REFUSED)
    run(empty, dry)


def test_a_file_can_be_named_after_every_text(tmp_path: Path) -> None:
    for text in STRINGS:
        name = safe_file_name(f"{text}.xlsx")
        assert len(name) <= 120
        assert not set('<>:"/\\|?*') & set(name)
        assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in name)
        path = write_bytes_safely(free_name(tmp_path / name), text.encode("utf-8", "replace"))
        assert path.parent == tmp_path
    assert len(list(tmp_path.iterdir())) == len(STRINGS)


# The window and the map


@pytest.fixture
def window(town: HostileTown, qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Window]:
    """The real window over the station; a bug that reaches its desk fails the test."""
    made = compose(town.store, Look(qapp, Theme.LIGHT), Preferences(tmp_path / "window.json"))
    bugs: list[object] = []
    made.desk.crashed.connect(bugs.append)
    qtbot.addWidget(made.frame)
    made.frame.show()
    made.begin(None)
    yield made
    made.end()
    assert not bugs


WATCH = """(() => {
  window.seen = [];
  new MutationObserver(() => {
    if (document.querySelector('.card-lines')) {
      window.seen.push([...document.querySelectorAll('.card-title, .card-lines dd')].map((each) => each.textContent));
    }
  }).observe(document.querySelector('.leaflet-popup-pane'), { childList: true, subtree: true });
})()"""
"""Keeps what each popup says, so that the page need not be asked after each."""

OPENED = ("resource", "organisation", "need", "household", "person", "match", "visit", "village")


def settle(qtbot: QtBot, window: Window, *more: Callable[[], bool]) -> None:
    qtbot.waitUntil(lambda: not window.desk.under_way and all(is_so() for is_so in more), timeout=30_000)


def test_the_window_shows_text_as_text(town: HostileTown, window: Window, qtbot: QtBot) -> None:
    for record in OPENED:
        for beginning in MARKUP:
            window.frame.open_record(record, key_of(town, record, number_of(beginning)))
            settle(qtbot, window)
            assert list(interpreted(window.frame)) == []
    for name in ("home", "matching", "ledgers"):
        window.frame.show_tab(name)
        settle(qtbot, window)
        assert list(interpreted(window.frame)) == []


def test_the_look_for_markup_finds_what_is_planted(qtbot: QtBot) -> None:
    planted = QWidget()
    qtbot.addWidget(planted)
    QLabel("<b>粗</b>", planted)
    QLabel("&lt;", planted).setToolTip("<img src=x>")
    QPushButton("&P&N&D", planted)
    assert len(list(interpreted(planted))) == 4


def test_the_map_shows_every_text_runs_nothing_and_asks_for_nothing(
    town: HostileTown, window: Window, qtbot: QtBot
) -> None:
    tab = window.frame.show_tab("map")
    assert isinstance(tab, MapTab)
    view = tab.view.findChild(QWebEngineView, "map_page")
    assert isinstance(view, QWebEngineView)
    page = view.page()
    assert isinstance(page, MapPage)
    complaints: list[str] = []
    page.complained.connect(complaints.append)

    def evaluate(expression: str) -> Any:
        answers: list[str] = []
        page.runJavaScript(f"JSON.stringify({expression}) ?? 'null'", answers.append)
        qtbot.waitUntil(lambda: bool(answers), timeout=30_000)
        return json.loads(answers[0])

    writing.choose(tab, "map_level", "逐户位置")
    dialog = tab.window().findChild(QDialog, "unlock_dialog")
    assert dialog is not None
    pressed(dialog, "unlock_save")
    places = len(map_document(town.store, MapLevel.EXACT).places)
    settle(qtbot, window, lambda: tab.drawn == (places, places))
    evaluate(WATCH)
    wanted: list[list[str]] = []
    for record in ("resource", "household", "village", "feature"):
        for key in list(town.given[record])[: len(STRINGS)]:
            with qtbot.waitSignal(tab.view.asked, timeout=30_000):
                assert tab.view.select(record, key)
            settle(qtbot, window)
            shown = page_of(town.store, record, key)
            title = mask_name(shown.rows[0].values.get("head") or shown.rows[0].values.get("name") or "")
            wanted.append([title if record == "household" else shown.rows[0].values["name"]])
            wanted[-1] += [words for _label, words in lines_of(record, shown)]
    seen = evaluate("window.seen")
    assert [each for each in wanted if each not in seen] == []
    assert evaluate("window.__pwn ?? null") is None
    assert evaluate("document.querySelectorAll('.leaflet-popup img, iframe').length") == 0
    assert complaints == []
    assert tab.view.gate.refused == 0
    assert not Path("pwned").exists()
