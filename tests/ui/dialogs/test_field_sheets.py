"""走访图…: a sheet is printed with its number, and its photo is taken back under the map."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services.basemaps import bases_of
from stationdesk.services.field_sheets import field_sheets
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.field_sheets import FieldSheetsDialog
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.saved import Folders
from stationdesk.ui.theme import Look
from stationdesk.ui.web.printing import WebPrinter
from tests.pdf_pages import drawn_on
from tests.phone_files import seen_askew
from tests.small_town import SmallTown, small_town
from tests.ui.tabs.acting import desk_over, pressed, shown

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

SOON = 60_000
QUAD = ((260.0, 180.0), (2130.0, 240.0), (2290.0, 2980.0), (90.0, 2900.0))
SIZE = (2400, 3200)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[FieldSheetsDialog]:
    window = shown(qtbot, QWidget())  # outlives the dialog that stands over it
    folders = Folders(Preferences(tmp_path / "window.json"), tmp_path)
    made = FieldSheetsDialog(desk, WebPrinter(), folders, window)
    made.open()
    qtbot.waitUntil(lambda: combo(made, "field_sheets_area").count() == 3, timeout=SOON)
    yield made
    window.close()


def combo(dialog: FieldSheetsDialog, name: str) -> QComboBox:
    found = dialog.findChild(QComboBox, name)
    assert isinstance(found, QComboBox)
    return found


def rows(dialog: FieldSheetsDialog) -> list[list[str]]:
    table = dialog.findChild(QTableWidget, "field_sheets_list_of")
    assert isinstance(table, QTableWidget)
    found = [[table.item(row, column) for column in range(4)] for row in range(table.rowCount())]
    return [[item.text() for item in items if item is not None] for items in found]


def told(dialog: FieldSheetsDialog) -> str:
    return dialog.outcome.text if dialog.outcome.isVisible() else ""


def printed(
    qtbot: QtBot, dialog: FieldSheetsDialog, target: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Print what is asked for; returns the names that were proposed."""
    proposed: list[str] = []

    def choose(_parent: object, _title: str, path: str, _kinds: str) -> tuple[str, str]:
        proposed.append(Path(path).name)
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    pressed(dialog, "field_sheets_print")
    qtbot.waitUntil(lambda: bool(told(dialog)), timeout=SOON)
    return proposed


def test_every_paper_of_a_map_and_half_a_page_are_offered(dialog: FieldSheetsDialog) -> None:
    papers = combo(dialog, "field_sheets_paper")
    found = {papers.itemText(at) for at in range(papers.count())}
    assert found == {f"{paper} {way}" for paper in ("A4", "A3", "8开", "A5") for way in ("纵向", "横向")}


def test_a_sheet_of_a_village_is_printed_and_listed_as_still_out(
    qtbot: QtBot,
    town: SmallTown,
    dialog: FieldSheetsDialog,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    combo(dialog, "field_sheets_area").setCurrentText("柳河村")
    combo(dialog, "field_sheets_paper").setCurrentText("8开 横向")
    tick = dialog.findChild(QCheckBox, "field_sheets_list")
    assert isinstance(tick, QCheckBox)
    tick.setChecked(False)
    target = tmp_path / "走访.pdf"
    proposed = printed(qtbot, dialog, target, monkeypatch)
    assert proposed == ["柳河镇社工站_走访图_柳河村_2026-11-22.pdf"]
    assert "走访图 Z-0001 已保存（1 页）" in told(dialog)
    (page,) = read_proof(target)
    assert "Z-0001" in page.text
    assert "李" not in page.text
    qtbot.waitUntil(lambda: bool(rows(dialog)), timeout=SOON)
    assert rows(dialog) == [["Z-0001", "柳河村", "2026-11-22", "还在外面"]]


def test_a_photo_of_the_sheet_is_laid_under_the_map(
    qtbot: QtBot,
    town: SmallTown,
    dialog: FieldSheetsDialog,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "走访.pdf"
    printed(qtbot, dialog, target, monkeypatch)
    shot = tmp_path / "IMG_1.jpg"
    seen_askew(drawn_on(target, (100.0, 150.0)), QUAD, SIZE).save(shot, "JPEG", quality=90)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: (str(shot), ""))
    with qtbot.waitSignal(dialog.returned, timeout=SOON):
        pressed(dialog, "field_sheets_back")
    assert "走访图 Z-0001 已铺在地图下面（看清 4 个角标" in told(dialog)
    qtbot.waitUntil(lambda: rows(dialog)[0][3] == "2026-11-22", timeout=SOON)
    assert [base.name for base in bases_of(town.store)] == ["Z-0001 柳河镇"]
    with qtbot.waitSignal(dialog.returned, timeout=SOON):
        pressed(dialog, "field_sheets_back")
    assert "这张图以前收回过" in told(dialog)


def test_a_photo_of_something_else_is_refused_and_nothing_changes(
    qtbot: QtBot,
    town: SmallTown,
    dialog: FieldSheetsDialog,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = tmp_path / "IMG_2.jpg"
    Image.new("RGB", (1200, 900), "green").save(other)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: (str(other), ""))
    pressed(dialog, "field_sheets_back")
    qtbot.waitUntil(lambda: "IMG_2.jpg" in told(dialog), timeout=SOON)
    assert bases_of(town.store) == ()
    assert field_sheets(town.store) == ()
