from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QListWidget, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import MapLevel, SheetForm, SheetKind
from stationdesk.db.models import AuditEntry
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services.editions import editions_of
from stationdesk.services.listing import Query, keys_of
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.handout import HandoutDialog
from stationdesk.ui.dialogs.handout_answers import Answers, answers_from
from stationdesk.ui.dialogs.handout_makers import Made
from stationdesk.ui.paper import printer_for
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.saved import Folders
from stationdesk.ui.theme import Look
from stationdesk.ui.web.printing import WebPrinter
from tests.desk_station import edit
from tests.small_town import SmallTown, small_town
from tests.ui.tabs.acting import button, desk_over, pressed, shown, typed

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

SOON = 60_000
ASKED = {
    SheetKind.COMMUNITY: {"paper_0", "way_0", "pages_0", "ink_0"},
    SheetKind.LARGE_PRINT: {"paper_0", "way_0", "ink_0"},
    SheetKind.POSTER: {"sheets", "way_0", "ink_0"},
    SheetKind.ATLAS: {"book", "guides", "ink_0"},
}
"""What is asked about the paper of each map."""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(Preferences(tmp_path / "window.json"), tmp_path)


def opened(qtbot: QtBot, desk: Desk, folders: Folders, last: dict[str, str] | None = None) -> HandoutDialog:
    """The dialog on the screen, its first preview on the way."""
    made = HandoutDialog(desk, WebPrinter(), folders, last)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it at the end
    return shown(qtbot, made, 1180, 700)


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk, folders: Folders) -> HandoutDialog:
    return opened(qtbot, desk, folders)


def made_by(qtbot: QtBot, dialog: HandoutDialog) -> Made:
    """What is made for the answers as they are."""
    qtbot.waitUntil(lambda: dialog.made is not None or dialog.refusal.isVisible(), timeout=SOON)
    assert dialog.made is not None, dialog.refusal.text
    return dialog.made


def said(dialog: HandoutDialog, name: str) -> str:
    found = dialog.findChild(QLabel, name)
    assert found is not None
    return found.text()


def remarks(dialog: HandoutDialog) -> list[str]:
    found = dialog.findChild(QListWidget, "handout_remarks")
    assert found is not None
    return [found.item(row).text() for row in range(found.count())]


def press_remark(dialog: HandoutDialog, words: str) -> None:
    """Press the line that holds these words."""
    found = dialog.findChild(QListWidget, "handout_remarks")
    assert found is not None
    item = next(found.item(row) for row in range(found.count()) if words in found.item(row).text())
    found.scrollToItem(item)
    QTest.mouseClick(
        found.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        found.visualItemRect(item).center(),
    )


def choose_area(dialog: HandoutDialog, name: str) -> None:
    """Choose a village with the arrow keys."""
    area = dialog.findChild(QComboBox, "handout_area")
    assert area is not None
    area.setFocus()
    while area.currentText() != name:
        QTest.keyClick(area, Qt.Key.Key_Down)


def test_the_sheet_is_shown_saved_and_printed_as_one_and_the_same_file(
    qtbot: QtBot, dialog: HandoutDialog, town: SmallTown, tmp_path: Path
) -> None:
    made_by(qtbot, dialog)
    pressed(dialog, "handout_paper_1")
    pressed(dialog, "handout_pages_1")
    assert dialog.answers.setup == PageSetup(Paper.A3, landscape=True)
    made = made_by(qtbot, dialog)
    assert dialog.file_name() == "柳河镇社工站_社区资源图_A3横向两页_2026-11.pdf"
    assert dialog.sight.view.isVisible()
    assert dialog.document.pageCount() == len(pypdf.PdfReader(made.path).pages)
    dialog.save_to(tmp_path / "发放.pdf")
    qtbot.waitUntil(dialog.refusal.isVisible, timeout=SOON)
    assert "第 1 版" in dialog.refusal.text
    assert (tmp_path / "发放.pdf").read_bytes() == made.path.read_bytes()
    printer = printer_for(made.setup)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "打印.pdf"))
    dialog.print_on(printer)
    qtbot.waitUntil(lambda: "已送到打印机" in dialog.refusal.text, timeout=SOON)
    with town.store.reading() as session:
        logged = session.scalars(select(AuditEntry.action).where(AuditEntry.record == "handout")).all()
    assert logged == ["export", "print"], "looking at a sheet gives nothing out; saving and printing do"
    assert [each.number for each in editions_of(town.store)] == [1], "saved and printed, it is one edition"
    printed = pypdf.PdfReader(tmp_path / "打印.pdf").pages
    assert len(printed) == dialog.document.pageCount()
    assert round(float(printed[0].mediabox.width) / 72 * 25.4) == 420


def test_what_was_left_out_is_named_with_the_reason(qtbot: QtBot, dialog: HandoutDialog) -> None:
    made_by(qtbot, dialog)
    assert any("保密庇护点：地址保密" in line for line in remarks(dialog))


def test_another_answer_makes_another_preview_by_itself(
    qtbot: QtBot, dialog: HandoutDialog, town: SmallTown
) -> None:
    first = made_by(qtbot, dialog)
    choose_area(dialog, "柳河村")
    assert dialog.answers.area == town["柳河村"]
    assert dialog.made is None
    assert not button(dialog, "handout_print").isEnabled()
    second = made_by(qtbot, dialog)
    assert (first.given.entries, second.given.entries) == (4, 2)
    assert dialog.document.pageCount() == len(pypdf.PdfReader(second.path).pages)


def test_two_answers_in_a_row_leave_the_preview_of_the_last(qtbot: QtBot, dialog: HandoutDialog) -> None:
    pressed(dialog, "handout_paper_2")
    pressed(dialog, "handout_way_0")
    pressed(dialog, "handout_ink_1")
    made = made_by(qtbot, dialog)
    assert made.setup == PageSetup(Paper.KAI8, landscape=False)
    box = pypdf.PdfReader(made.path).pages[0].mediabox
    assert [round(float(each) / 72 * 25.4) for each in (box.width, box.height)] == [260, 368]


def test_a_preview_that_was_stopped_can_be_made_again(
    qtbot: QtBot, dialog: HandoutDialog, desk: Desk
) -> None:
    qtbot.waitUntil(lambda: any(each.title for each in desk.under_way), timeout=SOON)
    for ticket in desk.under_way:
        ticket.cancel()
    qtbot.waitUntil(lambda: not desk.under_way, timeout=SOON)
    assert dialog.made is None
    pressed(dialog, "handout_make")
    made_by(qtbot, dialog)


def test_a_sheet_that_cannot_be_made_says_why(qtbot: QtBot, dialog: HandoutDialog) -> None:
    made_by(qtbot, dialog)
    choose_area(dialog, "东岗村")
    qtbot.waitUntil(dialog.refusal.isVisible, timeout=SOON)
    assert "位置" in dialog.refusal.text
    assert not button(dialog, "handout_save").isEnabled()


def test_a_fault_leaves_a_draft_that_is_saved_and_never_printed(
    qtbot: QtBot, desk: Desk, folders: Folders, town: SmallTown, tmp_path: Path
) -> None:
    edit(town.store, "resource", town["卫生院"], phone="没有电话", contact_public="phone")
    dialog = opened(qtbot, desk, folders)
    made = made_by(qtbot, dialog)
    assert made.given.draft
    assert "不能发放" in said(dialog, "handout_verdict")
    assert "草稿" in said(dialog, "handout_summary")
    assert not button(dialog, "handout_print").isEnabled()
    assert button(dialog, "handout_save").text() == "存草稿…"
    dialog.save_to(tmp_path / "草稿.pdf")
    qtbot.waitUntil(dialog.refusal.isVisible, timeout=SOON)
    assert "不能发放" in dialog.refusal.text
    assert editions_of(town.store) == ()
    with qtbot.waitSignal(dialog.open_wanted) as wanted:
        press_remark(dialog, "没有电话")
    assert wanted.args == ["resource", town["卫生院"]]
    assert not dialog.isVisible()


def test_lines_about_several_resources_open_them_as_a_list(
    qtbot: QtBot, dialog: HandoutDialog, town: SmallTown
) -> None:
    edit(town.store, "resource", town["救助"], verified_on=None)
    made_by(qtbot, dialog)
    pressed(dialog, "handout_ink_1")
    made_by(qtbot, dialog)
    with qtbot.waitSignal(dialog.query_wanted) as wanted:
        press_remark(dialog, "2 项从未核实")
    [query] = wanted.args
    assert query.filters[0].values == {"养-01", "策-01"}


def test_a_line_about_the_station_itself_opens_its_settings(
    qtbot: QtBot, desk: Desk, folders: Folders, town: SmallTown
) -> None:
    [station] = keys_of(town.store, Query("station"))
    edit(town.store, "station", station, phone=None)
    dialog = opened(qtbot, desk, folders)
    made_by(qtbot, dialog)
    with qtbot.waitSignal(dialog.open_wanted) as wanted:
        press_remark(dialog, "没有填社工站电话")
    assert wanted.args[0] == "station"


def test_somebody_can_answer_for_a_child_of_the_same_name(
    qtbot: QtBot, desk: Desk, folders: Folders, town: SmallTown
) -> None:
    edit(town.store, "person", town["赵小朋"], age_told=9)
    edit(town.store, "resource", town["理发队"], offer_text="赵小朋理发店上门理发")
    dialog = opened(qtbot, desk, folders)
    assert made_by(qtbot, dialog).given.draft
    pressed(dialog, "handout_answer")
    typed(dialog, "reason_line", "zhe shi tong ming de dian zhu")
    pressed(dialog, "reason_yes")
    qtbot.waitUntil(lambda: dialog.made is not None and not dialog.made.given.draft, timeout=SOON)
    assert any("已放行" in line for line in remarks(dialog))
    pressed(dialog, "handout_ink_1")
    assert made_by(qtbot, dialog).given.draft, (
        "another sheet was not looked at by whoever answered for this one"
    )


def test_the_answers_of_last_time_stand_there_again(
    qtbot: QtBot, desk: Desk, folders: Folders, town: SmallTown
) -> None:
    given = Answers(
        SheetKind.COMMUNITY,
        town["柳河村"],
        Paper.KAI8,
        landscape=False,
        form=SheetForm.TWO_PAGES,
        colour=False,
    )
    dialog = opened(qtbot, desk, folders, dict(given.texts()))
    qtbot.waitUntil(lambda: dialog.answers.area is not None)
    assert dialog.answers == given
    with qtbot.waitSignal(dialog.answered) as told:
        pressed(dialog, "handout_paper_0")
    assert answers_from(told.args[0]).paper is Paper.A4


def test_every_map_that_is_offered_is_made_and_asks_about_its_own_paper_only(
    qtbot: QtBot, dialog: HandoutDialog, town: SmallTown, tmp_path: Path
) -> None:
    made_by(qtbot, dialog)
    pages = {}
    for kind, expected in ASKED.items():
        pressed(dialog, f"handout_kind_{kind.code}")
        assert dialog.made is None
        made = made_by(qtbot, dialog)
        assert made.given.kind is kind
        pages[kind] = dialog.document.pageCount()
        parts = ("paper_0", "way_0", "pages_0", "ink_0", "sheets", "book", "guides")
        found = {part: dialog.panel.findChild(QWidget, f"handout_{part}") for part in parts}
        asked = {part for part, widget in found.items() if widget is not None and widget.isVisible()}
        assert asked == expected
    assert pages[SheetKind.POSTER] >= 5, "a plan and four sheets"
    assert pages[SheetKind.ATLAS] >= 4
    dialog.save_to(tmp_path / "地图册.pdf")
    qtbot.waitUntil(dialog.refusal.isVisible, timeout=SOON)
    assert [(each.kind, each.number) for each in editions_of(town.store)] == [(SheetKind.ATLAS, 1)]


def test_the_map_of_the_people_served_is_no_edition_and_says_so(
    qtbot: QtBot, dialog: HandoutDialog, town: SmallTown, tmp_path: Path
) -> None:
    made_by(qtbot, dialog)
    pressed(dialog, "handout_kind_clients")
    made = made_by(qtbot, dialog)
    assert (made.given.kind, made.given.edition) == (SheetKind.CLIENTS, 0)
    assert "内部资料" in said(dialog, "handout_verdict")
    assert button(dialog, "handout_print").isEnabled()
    dialog.save_to(tmp_path / "分布图.pdf")
    qtbot.waitUntil(dialog.refusal.isVisible, timeout=SOON)
    assert "不要外传" in dialog.refusal.text
    assert editions_of(town.store) == ()


def test_households_are_printed_after_the_password_only_and_that_is_on_record(
    qtbot: QtBot, dialog: HandoutDialog, town: SmallTown, tmp_path: Path
) -> None:
    made_by(qtbot, dialog)
    pressed(dialog, "handout_kind_clients")
    assert "户-" not in words_in(made_by(qtbot, dialog).path)
    assert said(dialog, "handout_verdict") == "内部资料，只供站内使用"
    pressed(dialog, "handout_level_1")
    ask = unlocking(qtbot, dialog)
    assert ask.isModal()
    assert "内部资料" in "".join(label.text() for label in ask.findChildren(QLabel))
    pressed(ask, "unlock_cancel")
    qtbot.waitUntil(lambda: dialog.answers.level is MapLevel.VILLAGES, timeout=SOON)
    assert "户-" not in words_in(made_by(qtbot, dialog).path)
    pressed(dialog, "handout_level_1")
    pressed(unlocking(qtbot, dialog), "unlock_save")
    qtbot.waitUntil(lambda: dialog.made is None, timeout=SOON)
    exact = made_by(qtbot, dialog)
    assert "户-0001" in words_in(exact.path)
    assert dialog.file_name() == "柳河镇社工站_服务对象分布图_逐户内部A4横向_2026-11.pdf"
    dialog.save_to(tmp_path / "分布.pdf")
    qtbot.waitUntil(dialog.refusal.isVisible, timeout=SOON)
    assert "内部资料" in dialog.refusal.text
    printer = printer_for(exact.setup)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "打印.pdf"))
    dialog.print_on(printer)
    qtbot.waitUntil(lambda: "已送到打印机" in dialog.refusal.text, timeout=SOON)
    with town.store.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.record.in_(("handout", "household")))
        query = query.order_by(AuditEntry.seq)
        done = [each for each in session.scalars(query) if each in {"revealed", "export", "print"}]
    assert done == ["revealed", "export", "print"]
    assert editions_of(town.store) == ()
    assert "level" not in dialog.answers.texts(), "the next time begins by village"


def unlocking(qtbot: QtBot, dialog: HandoutDialog) -> QDialog:
    """The question for the password."""

    def asked() -> list[QDialog]:
        return [each for each in dialog.findChildren(QDialog, "unlock_dialog") if each.isVisible()]

    qtbot.waitUntil(lambda: bool(asked()), timeout=SOON)
    return asked()[-1]


def words_in(file: Path) -> str:
    return plain("".join(page.text for page in read_proof(file)))


def test_answers_that_nobody_understands_any_more_are_as_at_the_beginning() -> None:
    assert answers_from({"kind": "globe", "paper": "A0", "sheets": "9x9", "landscape": "?"}) == Answers()


def test_closing_leaves_no_copy_behind(qtbot: QtBot, dialog: HandoutDialog, town: SmallTown) -> None:
    path = made_by(qtbot, dialog).path
    assert path.is_relative_to(town.store.folder.root), (
        "what is looked at lies in the station, not in a public place"
    )
    pressed(dialog, "handout_close")
    assert not path.exists()
    assert not path.parent.exists()


def test_closing_over_a_preview_that_is_being_made_leaves_nothing_either(
    qtbot: QtBot, dialog: HandoutDialog, desk: Desk, town: SmallTown
) -> None:
    qtbot.waitUntil(lambda: any(each.title for each in desk.under_way), timeout=SOON)
    pressed(dialog, "handout_close")
    qtbot.waitUntil(lambda: not desk.under_way, timeout=SOON)
    assert list(town.store.folder.root.glob(".stationdesk-*")) == []
