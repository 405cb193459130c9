from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QListWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from stationdesk.core.printing import PageSetup, Paper
from stationdesk.db.models import AuditEntry
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.handout import HandoutDialog
from stationdesk.ui.paper import printer_for
from stationdesk.ui.theme import Look
from stationdesk.ui.web.printing import WebPrinter
from tests.small_town import SmallTown, small_town
from tests.ui.tabs.acting import button, desk_over, pressed, shown

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

SOON = 60_000


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk) -> HandoutDialog:
    made = HandoutDialog(desk, WebPrinter())
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it at the end
    shown(qtbot, made, 1180, 700)
    combo = made.findChild(QComboBox, "handout_area")
    assert combo is not None
    qtbot.waitUntil(lambda: combo.count() == 3)
    return made


def made(qtbot: QtBot, dialog: HandoutDialog) -> Path:
    pressed(dialog, "handout_make")
    qtbot.waitUntil(lambda: dialog.report is not None or dialog.refusal.isVisible(), timeout=SOON)
    assert dialog.report is not None, dialog.refusal.text
    return dialog.report.path


def entries(dialog: HandoutDialog) -> int | None:
    return dialog.report.entries if dialog.report is not None else None


def test_the_sheet_is_shown_saved_and_printed_as_one_and_the_same_file(
    qtbot: QtBot, dialog: HandoutDialog, town: SmallTown, tmp_path: Path
) -> None:
    pressed(dialog, "handout_paper_1")
    pressed(dialog, "handout_way_1")
    assert dialog.setup == PageSetup(Paper.A3, landscape=True)
    path = made(qtbot, dialog)
    assert path.name == "柳河镇社工站_资源图_A3横向_2026-11.pdf"
    assert dialog.preview.isVisible()
    assert dialog.document.pageCount() == len(pypdf.PdfReader(path).pages)
    with qtbot.waitSignal(dialog.folder_chosen, timeout=SOON):
        dialog.save_to(tmp_path / "发放.pdf")
    assert (tmp_path / "发放.pdf").read_bytes() == path.read_bytes()
    printer = printer_for(dialog.setup)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "打印.pdf"))
    dialog.print_on(printer)
    qtbot.waitUntil((tmp_path / "打印.pdf").is_file, timeout=SOON)
    with town.store.reading() as session:
        logged = session.scalars(select(AuditEntry.action).where(AuditEntry.record == "handout")).all()
    assert logged == ["export", "print"], "looking at a sheet gives nothing out; saving and printing do"
    printed = pypdf.PdfReader(tmp_path / "打印.pdf").pages
    assert len(printed) == dialog.document.pageCount()
    assert round(float(printed[0].mediabox.width) / 72 * 25.4) == 420


def test_what_was_left_out_is_named_with_the_reason(qtbot: QtBot, dialog: HandoutDialog) -> None:
    made(qtbot, dialog)
    remarks = dialog.findChild(QListWidget, "handout_remarks")
    assert remarks is not None
    lines = [remarks.item(row).text() for row in range(remarks.count())]
    assert any("保密庇护点：地址保密" in line for line in lines)


def test_a_village_alone_is_printed_and_another_choice_asks_for_a_new_sheet(
    qtbot: QtBot, dialog: HandoutDialog, town: SmallTown
) -> None:
    area = dialog.findChild(QComboBox, "handout_area")
    assert area is not None
    area.setFocus()
    while area.currentText() != "柳河村":
        QTest.keyClick(area, Qt.Key.Key_Down)
    assert dialog.area == town["柳河村"]
    made(qtbot, dialog)
    assert entries(dialog) == 2
    pressed(dialog, "handout_way_1")
    assert entries(dialog) is None
    assert not button(dialog, "handout_print").isEnabled()


def test_a_sheet_that_cannot_be_made_says_why(qtbot: QtBot, dialog: HandoutDialog, town: SmallTown) -> None:
    area = dialog.findChild(QComboBox, "handout_area")
    assert area is not None
    area.setFocus()
    while area.currentText() != "东岗村":
        QTest.keyClick(area, Qt.Key.Key_Down)
    pressed(dialog, "handout_make")
    qtbot.waitUntil(lambda: dialog.report is not None or dialog.refusal.isVisible(), timeout=SOON)
    assert dialog.refusal.text or dialog.report is not None


def test_closing_leaves_no_copy_behind(qtbot: QtBot, dialog: HandoutDialog) -> None:
    path = made(qtbot, dialog)
    assert path.is_file()
    pressed(dialog, "handout_close")
    assert not path.exists()
