from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from stationdesk.db.models import AuditEntry
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services.cards import CardKind, CardsOut
from stationdesk.services.listing import Query
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.cards_out import CardsDialog
from stationdesk.ui.paper import printer_for
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.saved import Folders
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


def opened(qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path, wanted: CardsOut) -> CardsDialog:
    folders = Folders(Preferences(tmp_path / "preferences.json"), town.store.folder.exports)
    made = CardsDialog(desk, WebPrinter(), folders, wanted)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it at the end
    shown(qtbot, made, 1180, 690)
    qtbot.waitUntil(lambda: button(made, "cards_look").isEnabled())
    return made


def looked(qtbot: QtBot, dialog: CardsDialog) -> str:
    """The text of what is shown."""
    pressed(dialog, "cards_look")
    qtbot.waitUntil(lambda: dialog.printed is not None or dialog.outcome.isVisible(), timeout=SOON)
    assert dialog.printed is not None, dialog.outcome.text
    return "".join(plain(page.text) for page in read_proof(dialog.printed.path))


def logged(town: SmallTown) -> list[str]:
    with town.store.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.action.in_(("revealed", "export", "print")))
        return list(dict.fromkeys(session.scalars(query.order_by(AuditEntry.seq))))


def test_the_preview_the_saved_file_and_the_print_are_one_file(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    wanted = CardsOut(CardKind.HOUSEHOLD, Query("household"), (town["李守林家"],), "H-001")
    dialog = opened(qtbot, desk, town, tmp_path, wanted)
    assert dialog.file_name() == "柳河镇社工站_一户一档卡_H-001_2026-11-22_内部.pdf"
    assert not button(dialog, "cards_print").isEnabled()
    text = looked(qtbot, dialog)
    printed = dialog.printed
    assert printed is not None
    assert "李守林" in text
    assert dialog.sight.document.pageCount() == printed.pages == 1
    assert logged(town) == ["revealed"]
    dialog.save_to(tmp_path / "卡.pdf")
    qtbot.waitUntil(dialog.outcome.isVisible, timeout=SOON)
    assert (tmp_path / "卡.pdf").read_bytes() == printed.path.read_bytes()
    printer = printer_for(printed.setup)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "打印.pdf"))
    dialog.print_on(printer)
    qtbot.waitUntil(lambda: "已送到打印机" in dialog.outcome.text, timeout=SOON)
    assert logged(town) == ["revealed", "export", "print"]
    pressed(dialog, "cards_kind_1")
    assert not button(dialog, "cards_print").isEnabled()
    assert "入户走访单" in looked(qtbot, dialog)
    dialog.close()
    assert not list(town.store.folder.root.glob(".stationdesk-*")), "no copy stays behind"


def test_a_list_its_chosen_rows_or_a_village_are_printed(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    chosen = (town["李守林家"], town["王秀英家"])
    wanted = CardsOut(CardKind.SLIP, Query("household", order="code"), chosen)
    dialog = opened(qtbot, desk, town, tmp_path, wanted)
    assert "3" in button(dialog, "cards_range_0").text()
    asked = [dialog.wanted]
    for name in ("cards_range_1", "cards_paper_1", "cards_range_2"):
        pressed(dialog, name)
        asked.append(dialog.wanted)
    assert [each.keys for each in asked] == [None, chosen, chosen, None]
    assert [each.two_up for each in asked] == [True, True, False, False]
    assert asked[-1].words == "东岗村"
    pressed(dialog, "cards_range_0")
    text = looked(qtbot, dialog)
    assert "李守林" in text
    assert "王秀英" not in text, "a restricted file needs a permission"
    summary = dialog.findChild(QLabel, "cards_summary")
    assert summary is not None
    assert "另有 1 张按规定限制查看" in summary.text()


def test_a_restricted_file_is_refused_in_a_sentence(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    wanted = CardsOut(CardKind.PERSON, Query("person"), (town["王秀英"],), "D-002")
    dialog = opened(qtbot, desk, town, tmp_path, wanted)
    pressed(dialog, "cards_look")
    qtbot.waitUntil(dialog.outcome.isVisible, timeout=SOON)
    assert "可看限制档案" in dialog.outcome.text
    assert dialog.printed is None
    assert logged(town) == []
