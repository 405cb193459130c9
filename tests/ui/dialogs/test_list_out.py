from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msoffcrypto
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from stationdesk.core.vocab import Audience
from stationdesk.db.models import AuditEntry
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services.listing import Query
from stationdesk.services.lists import PAPER
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.list_out import ListDialog
from stationdesk.ui.paper import printer_for
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.saved import Folders
from stationdesk.ui.theme import Look
from stationdesk.ui.web.printing import WebPrinter
from tests.small_town import SmallTown, small_town
from tests.ui.tabs.acting import button, desk_over, pressed, shown, typed

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

SOON = 60_000
COLUMNS = ("code", "name", "sex", "age", "village", "groups")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    for number in range(60):
        made.add("person", f"p{number}", name=f"赵{number:02}", household_key=made["李守林家"])
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


@pytest.fixture
def folders(town: SmallTown, tmp_path: Path) -> Folders:
    return Folders(Preferences(tmp_path / "preferences.json"), town.store.folder.exports)


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk, folders: Folders, town: SmallTown) -> ListDialog:
    chosen = (town["李守林"], town["王秀英"])
    made = ListDialog(desk, WebPrinter(), folders, Query("person", order="code"), COLUMNS, chosen)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it at the end
    shown(qtbot, made, 1180, 690)
    qtbot.waitUntil(lambda: button(made, "list_export").isEnabled())
    return made


def logged(town: SmallTown) -> list[str]:
    with town.store.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.action.in_(("export", "print")))
        return list(session.scalars(query.order_by(AuditEntry.seq)))


def test_the_workbook_holds_what_was_chosen_and_its_folder_is_remembered(
    qtbot: QtBot, dialog: ListDialog, folders: Folders, town: SmallTown, tmp_path: Path
) -> None:
    assert folders.of("list") == town.store.folder.exports
    pressed(dialog, "list_for_1")
    assert dialog.wanted.audience is Audience.REPORT
    assert dialog.file_name(".xlsx") == "柳河镇社工站_服务对象名册_2026-11-22_上报.xlsx"
    target = tmp_path / "U盘" / dialog.file_name(".xlsx")
    target.parent.mkdir()
    dialog.export_to(target)
    qtbot.waitUntil(dialog.outcome.isVisible, timeout=SOON)
    assert dialog.outcome.path == target
    assert "62 行" in dialog.outcome.text
    assert "限制查看" in dialog.outcome.text
    assert button(dialog, "list_result_open_folder").isEnabled()
    assert button(dialog, "list_result_open_file").isEnabled()
    assert folders.of("list") == target.parent
    rows = CalamineWorkbook.from_path(target).get_sheet_by_name("服务对象名册").to_python()
    assert rows[4][2] == "李*"
    assert logged(town) == ["export"]


def test_the_preview_the_saved_file_and_the_print_are_one_file(
    qtbot: QtBot, dialog: ListDialog, town: SmallTown, tmp_path: Path
) -> None:
    pressed(dialog, "list_look")
    qtbot.waitUntil(lambda: dialog.printed is not None or dialog.outcome.isVisible(), timeout=SOON)
    printed = dialog.printed
    assert printed is not None, dialog.outcome.text
    assert printed.path.parent.parent == town.store.folder.root, (
        "where the next start clears what a crash leaves"
    )
    pages = read_proof(printed.path)
    assert dialog.sight.document.pageCount() == len(pages) == printed.pages == 3
    for page in pages:
        text = plain(page.text)
        assert "档案号" in text, "the header stands on each sheet"
        assert "林站长" in text, "who printed it stands at the foot of each sheet"
        assert "共3页" in text
    assert logged(town) == [], "what is only looked at is given to nobody"
    dialog.save_to(tmp_path / "名册.pdf")
    qtbot.waitUntil(dialog.outcome.isVisible, timeout=SOON)
    assert (tmp_path / "名册.pdf").read_bytes() == printed.path.read_bytes()
    printer = printer_for(PAPER)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "打印.pdf"))
    dialog.print_on(printer)
    qtbot.waitUntil(lambda: "已送到打印机" in dialog.outcome.text, timeout=SOON)
    assert logged(town) == ["export", "print"]
    pressed(dialog, "list_rows_1")
    assert dialog.printed is None
    assert not button(dialog, "list_print").isEnabled()
    pressed(dialog, "list_close")
    assert not printed.path.exists(), "no copy of what was looked at stays behind"


def test_a_password_is_asked_twice_and_then_asked_for_by_the_file(
    qtbot: QtBot, dialog: ListDialog, tmp_path: Path
) -> None:
    pressed(dialog, "list_rows_1")
    pressed(dialog, "list_lock")
    typed(dialog, "list_password", "liuhe2026")
    typed(dialog, "list_password_again", "liuhe2062")
    target = tmp_path / "加密.xlsx"
    dialog.export_to(target)
    words = dialog.findChild(QLabel, "list_lock_words")
    assert words is not None
    assert "不一样" in words.text()
    typed(dialog, "list_password_again", "\b\b26")
    dialog.export_to(target)
    qtbot.waitUntil(dialog.outcome.isVisible, timeout=SOON)
    with target.open("rb") as file:
        office = msoffcrypto.OfficeFile(file)
        assert office.is_encrypted()
        office.load_key(password="liuhe2026", verify_password=True)
    left = [dialog.findChild(QLineEdit, name) for name in ("list_password", "list_password_again")]
    assert [line is not None and line.text() for line in left] == ["", ""], "the password is forgotten"
    # The next file is not given out open without a word: the password is asked for again.
    assert button(dialog, "list_lock").isChecked()
    second = tmp_path / "再一份.xlsx"
    dialog.export_to(second)
    assert words.property("look") == "problem"
    assert not second.exists()
