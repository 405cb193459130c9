"""发放地图 in the real window: a map is made, checked, given out, mended, and given out again."""

from __future__ import annotations

import os
from pathlib import Path
from unicodedata import normalize

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget

from stationdesk.core.fields import Key
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import SheetForm
from stationdesk.services.editions import editions_of
from stationdesk.ui.dialogs.handout import HandoutDialog
from stationdesk.ui.dialogs.handout_copies import CopiesDialog
from tests.journeys.person import Person

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen

SLOW = 60_000
"""Milliseconds a person waits for a page that is printed."""


def picture(person: Person, name: str) -> None:
    """Leave a picture of the dialog in the folder that JOURNEY_PICTURES names, for looking at."""
    folder = os.environ.get("JOURNEY_PICTURES")
    dialog = person.top(HandoutDialog, "handout_dialog")
    if folder and dialog is not None:
        dialog.grab().save(str(Path(folder) / f"handout-{name}.png"))


def add_resource(person: Person, name: str, coordinate: str, offers: str) -> Key:
    """A clinic that may be printed with its phone."""
    person.begin("resource")
    person.write("resource.name", name)
    person.choose("resource.dimension", "组织资源")
    person.choose("resource.map_class", "医疗")
    person.write("resource.offer_text", offers)
    person.turn_to("resource", "位置")
    person.write("resource_coordinate", coordinate)
    person.choose("resource_datum", "WGS-84（GPS、天地图）")
    person.turn_to("resource", "联系")
    person.type("resource.phone", "0371-60000001")
    person.choose("resource.contact_public", "只公开电话")
    return person.save("resource")


def handout(person: Person, button: str) -> HandoutDialog:
    """Press 发放地图 somewhere, and wait for the first preview."""
    person.press(button)
    dialog = person.dialog("handout_dialog")
    assert isinstance(dialog, HandoutDialog)
    shown(person, dialog)
    return dialog


def shown(person: Person, dialog: HandoutDialog) -> None:
    """Wait for the preview of what is answered now."""
    person.wait(lambda: dialog.made is not None or dialog.refusal.isVisible(), SLOW)
    assert dialog.made is not None, dialog.refusal.text


def saved(person: Person, dialog: HandoutDialog, file: Path) -> str:
    """Save the sheet under a name in the file dialog; what stands in the file."""
    with person.answering(file):
        person.press("handout_save", dialog)
    person.wait(file.is_file)
    person.wait(lambda: file.name in dialog.refusal.text)
    # Readers tell some characters by the radical that looks the same.
    text = "".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    return "".join(normalize("NFKC", text).split())


def press_line(dialog: HandoutDialog, words: str) -> None:
    """Press the line of the checks that holds these words."""
    found = dialog.findChild(QListWidget, "handout_remarks")
    assert found is not None
    item = next(found.item(row) for row in range(found.count()) if words in found.item(row).text())
    found.scrollToItem(item)
    at = found.visualItemRect(item).center()
    QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_map_is_given_out_stopped_by_its_checks_mended_and_given_out_again(
    person: Person, tmp_path: Path
) -> None:
    person.new_station(tmp_path / "柳河站")
    person.go_to("资源库")
    clinic = add_resource(person, "柳河镇卫生院", "34.504, 114.304", "看病、送药")
    add_resource(person, "东岗卫生室", "34.497, 114.306", "量血压")

    # The first edition: three answers, by mouse and keyboard.
    person.go_to("工作台")
    dialog = handout(person, "home_handout")
    person.press("handout_paper_1", dialog)
    person.press("handout_pages_1", dialog)
    shown(person, dialog)
    assert (dialog.answers.setup, dialog.answers.form) == (
        PageSetup(Paper.A3, landscape=True),
        SheetForm.TWO_PAGES,
    )
    assert dialog.document.pageCount() == 2
    assert person.text("handout_verdict", dialog).startswith("可以发放")
    assert person.text("handout_summary", dialog).startswith("第 1 版")
    picture(person, "1-first")
    text = saved(person, dialog, tmp_path / "第一版.pdf")
    assert "柳河镇卫生院" in text
    assert "0371-60000001" in text
    assert "第1版" in text
    assert "与上一版相比" not in text
    note_where_copies_went(person, dialog)
    person.press("handout_close", dialog)

    # A fault: only a draft, and its line leads to the record.
    fault = "看病，证件 999999200001010012"
    change_offer(person, clinic, fault)
    person.go_to("地图")
    dialog = handout(person, "map_handout")
    assert dialog.answers.form is SheetForm.TWO_PAGES, "the answers of last time stand there again"
    assert "不能发放" in person.text("handout_verdict", dialog)
    assert dialog.made is not None
    assert dialog.made.given.draft
    picture(person, "2-draft")
    text = saved(person, dialog, tmp_path / "草稿.pdf")
    assert "草稿" in text
    assert len(editions_of(person.store)) == 1
    press_line(dialog, "身份证号")
    person.wait(lambda: person.top(HandoutDialog, "handout_dialog") is None)
    person.wait(lambda: person.text("resource.offer_text") == fault)

    # Mended, it is the second edition and says what is new.
    person.write("resource.offer_text", "看病、送药、义诊")
    person.press("resource_save")
    person.wait(lambda: person.value("resource", clinic, "offer_text") == "看病、送药、义诊")
    person.settle()
    add_resource(person, "西街药房", "34.501, 114.301", "配药")
    dialog = handout(person, "resource_handout")
    assert person.text("handout_summary", dialog).startswith("第 2 版")
    picture(person, "3-second")
    text = saved(person, dialog, tmp_path / "第二版.pdf")
    assert "第2版与上一版相比" in text
    assert "新增1:医-03西街药房" in text
    assert "变更1:医-01柳河镇卫生院" in text
    assert [each.number for each in editions_of(person.store)] == [2, 1]
    assert list((tmp_path / "柳河站").glob(".stationdesk-*"))
    person.press("handout_close", dialog)
    person.settle()
    assert not list((tmp_path / "柳河站").glob(".stationdesk-*")), "what was looked at is gone"


def change_offer(person: Person, key: Key, words: str) -> None:
    """Write another offer into the resource with the lowest number."""
    person.go_to("资源库")
    person.press_row("resource_list", 0)
    person.turn_to("resource", "基本")
    person.wait(lambda: person.text("resource.name") == person.value("resource", key, "name"))
    person.write("resource.offer_text", words)
    person.press("resource_save")
    person.wait(lambda: person.value("resource", key, "offer_text") == words)
    person.settle()


def note_where_copies_went(person: Person, dialog: HandoutDialog) -> None:
    """Thirty copies to a village committee."""
    person.press("handout_copies", dialog)
    copies = person.dialog("copies_dialog")
    assert isinstance(copies, CopiesDialog)
    person.press("copies_add", copies)
    form = person.dialog("copies_given_dialog")
    person.write("copies_given.given_to", "五保村村委会", form)
    person.write("copies_given.copies", "30", form)
    person.press("copies_given_save", form)
    person.wait(lambda: editions_of(person.store)[0].copies == 30)
    person.settle()
    person.press("copies_close", copies)
