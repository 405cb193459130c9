"""The window beside somebody else's list: read, corrected, compared, saved, and a record of ours opened."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QTableView
from pytestqt.qtbot import QtBot

from stationdesk.services.imports import ImportKind
from stationdesk.services.listing import Query, count_of
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.compare import CompareDialog
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.saved import Folders
from stationdesk.ui.theme import Look
from tests.small_town import SmallTown, small_town
from tests.ui.tabs.acting import desk_over, pressed, shown

ROWS = (
    ("名称", "地址", "电话"),
    ("青石药店", "青石街1号", "0371-11111111"),
    ("柳河镇卫生院", "别处9号", "0371-22222222"),
)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk, tmp_path: Path) -> CompareDialog:
    made = CompareDialog(desk, Folders(Preferences(tmp_path / "settings.ini"), tmp_path))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it at the end
    return shown(qtbot, made, 1100, 660)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "县平台资源.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)
    return path


def compared(qtbot: QtBot, dialog: CompareDialog, path: Path) -> None:
    dialog.open_file(path)
    qtbot.waitUntil(dialog.columns.isVisible, timeout=30_000)
    qtbot.waitUntil(dialog.next.isEnabled)
    pressed(dialog, "compare_next")
    qtbot.waitUntil(dialog.result_page.isVisible, timeout=30_000)
    qtbot.waitUntil(dialog.next.isEnabled)


def table(dialog: CompareDialog) -> list[list[str]]:
    view = dialog.findChild(QTableView, "compare_rows")
    assert view is not None
    model = view.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_a_list_is_compared_and_nothing_is_written(
    qtbot: QtBot, dialog: CompareDialog, roster: Path, town: SmallTown
) -> None:
    before = count_of(town.store, Query("resource"))

    compared(qtbot, dialog, roster)

    assert dialog.columns_page.plan is not None
    assert dialog.columns_page.plan.kind is ImportKind.RESOURCES
    pressed(dialog, "compare_group_only_there")
    assert table(dialog) == [["2", "青石药店", "青石街1号", "0371-11111111"]]
    pressed(dialog, "compare_group_only_here")
    assert len(table(dialog)) == before - 1
    lead = dialog.findChild(QLabel, "compare_lead")
    assert lead is not None
    assert "2 行" in lead.text()
    assert count_of(town.store, Query("resource")) == before


def test_the_result_is_saved_as_a_workbook(
    qtbot: QtBot, dialog: CompareDialog, roster: Path, tmp_path: Path
) -> None:
    compared(qtbot, dialog, roster)

    dialog.save_to(tmp_path / "比对.xlsx")
    qtbot.waitUntil(lambda: dialog.outcome.path is not None, timeout=30_000)

    assert load_workbook(tmp_path / "比对.xlsx").sheetnames[:3] == ["只在名册里", "只在本站", "内容不同"]


def test_a_record_of_ours_is_opened_from_its_row(qtbot: QtBot, dialog: CompareDialog, roster: Path) -> None:
    compared(qtbot, dialog, roster)
    pressed(dialog, "compare_group_only_here")

    with qtbot.waitSignal(dialog.open_wanted) as wanted:
        pressed(dialog, "compare_open_record")

    assert wanted.args[0] == "resource"


def test_what_belongs_in_the_file_can_be_narrowed_to_a_village(
    qtbot: QtBot, dialog: CompareDialog, roster: Path, town: SmallTown
) -> None:
    dialog.open_file(roster)
    qtbot.waitUntil(dialog.columns.isVisible, timeout=30_000)
    villages = dialog.findChild(QComboBox, "compare_village")
    assert villages is not None
    qtbot.waitUntil(lambda: villages.count() > 1)

    villages.setCurrentIndex(1)

    ground = dialog.ground
    assert ground is not None
    assert {each.field for each in ground.filters} == {"status", "village_key"}
    assert 0 < count_of(town.store, ground) < count_of(town.store, Query("resource"))


def test_a_file_that_cannot_be_read_is_told(qtbot: QtBot, dialog: CompareDialog, tmp_path: Path) -> None:
    path = tmp_path / "坏.kml"
    path.write_bytes(b"<kml><Placemark>")

    dialog.open_file(path)

    qtbot.waitUntil(lambda: "KML" in dialog.outcome.text, timeout=30_000)
