from __future__ import annotations

from datetime import date

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QListWidget
from pytestqt.qtbot import QtBot

from stationdesk.core.vocab import FollowLevel, NeedStatus
from stationdesk.services import history
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.bulk import BulkDialog
from stationdesk.ui.dialogs.import_wizard import ImportWizard
from stationdesk.ui.forms import Kit
from stationdesk.ui.pasting import open_paste
from stationdesk.ui.tables.table import MASKED_ROWS
from stationdesk.ui.tabs.clients import ClientsTab
from stationdesk.ui.tabs.needs import NeedsTab
from tests.desk_station import read
from tests.small_town import SmallTown
from tests.ui.tabs.acting import button, pressed, shown
from tests.ui.tabs.conftest import town, town_desk, town_kit

__all__ = ["town", "town_desk", "town_kit"]

SOON = 20_000


def opened(qtbot: QtBot, kit: Kit, record: str, *keys: object) -> BulkDialog:
    dialog = BulkDialog(record, keys, kit)  # type: ignore[arg-type]  # keys of the small town
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    return shown(qtbot, dialog, 760, 540)


def test_what_will_change_is_shown_first_and_undone_at_once(
    qtbot: QtBot, town: SmallTown, town_kit: Kit
) -> None:
    homes = (town["李守林家"], town["王秀英家"], town["赵小朋家"])
    dialog = opened(qtbot, town_kit, "household", *homes)
    dialog.choose_field(0, "follow_level")
    assert not button(dialog, "bulk_next").isEnabled(), "nothing was typed yet"
    dialog.editor(0).show_value(FollowLevel.HIGH)
    dialog.editor(0).edited.emit()
    qtbot.waitUntil(lambda: dialog.trial is not None, timeout=SOON)
    outcome = dialog.findChild(QLabel, "bulk_outcome")
    assert outcome is not None
    assert outcome.text() == "将改动 2 条，1 条已经是这样。"
    assert read(town.store, "household", homes[1])["follow_level"] is FollowLevel.PRIORITY
    assert pressed(dialog, "bulk_next").text() == "改动 2 条"
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=SOON)
    assert [read(town.store, "household", key)["follow_level"] for key in homes] == [FollowLevel.HIGH] * 3
    history.undo(town.store)
    assert [read(town.store, "household", key)["follow_level"] for key in homes] == [
        FollowLevel.HIGH,
        FollowLevel.PRIORITY,
        None,
    ]


def test_a_record_that_a_rule_refuses_is_named_with_the_reason(
    qtbot: QtBot, town: SmallTown, town_kit: Kit
) -> None:
    late = town.add("need", "刚提出", item="K4-01", village_key=town["柳河村"])
    early = town.add("need", "早提出", item="K4-01", village_key=town["柳河村"], raised_on=date(2026, 1, 5))
    dialog = opened(qtbot, town_kit, "need", late, early)
    dialog.choose_field(0, "status")
    dialog.editor(0).show_value(NeedStatus.MET)
    dialog.editor(0).edited.emit()
    pressed(dialog, "bulk_more")
    dialog.choose_field(1, "closed_on")
    dialog.editor(1).show_value(date(2026, 3, 1))
    dialog.editor(1).edited.emit()
    qtbot.waitUntil(lambda: dialog.trial is not None, timeout=SOON)
    stay = dialog.findChild(QListWidget, "bulk_stay")
    assert stay is not None
    assert stay.isVisible()
    assert stay.count() == 1
    assert "不能大于" in stay.item(0).text()
    pressed(dialog, "bulk_next")
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=SOON)
    assert read(town.store, "need", early)["status"] is NeedStatus.MET
    assert read(town.store, "need", late)["status"] is NeedStatus.TO_MATCH


def test_the_list_offers_it_for_several_rows_and_gives_the_list_out(
    qtbot: QtBot, town: SmallTown, town_kit: Kit
) -> None:
    tab = shown(qtbot, NeedsTab(town_kit))
    qtbot.waitUntil(lambda: len(tab.table.rows.keys) > 1, timeout=SOON)
    tab.table.view.setFocus()
    tab.table.view.selectAll()
    with qtbot.waitSignal(tab.bulk_wanted) as asked:
        pressed(tab, "need_bulk")
    assert asked.args == ["need", tab.table.selected_keys()]
    with qtbot.waitSignal(tab.list_wanted) as wanted:
        QTest.keyClick(tab.table.view, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert wanted.args is not None
    query, columns, chosen = wanted.args
    assert query.scope == "open"
    assert columns[:2] == ("code", "urgency")
    assert chosen == tab.table.selected_keys()
    tab.table.select(tab.table.rows.keys[0])
    assert not [each for each in tab.findChildren(QAbstractButton, "need_bulk") if each.isVisible()]


def clipboard(text: str, masked: bool = False) -> None:
    content = QMimeData()
    content.setText(text)
    if masked:
        content.setData(MASKED_ROWS, b"1")
    QApplication.clipboard().setMimeData(content)


def test_rows_pasted_on_a_list_are_opened_in_the_import(
    qtbot: QtBot, town: SmallTown, town_kit: Kit, town_desk: Desk
) -> None:
    tab = shown(qtbot, ClientsTab(town_kit))
    page = tab.current
    qtbot.waitUntil(lambda: bool(page.table.rows.keys), timeout=SOON)
    clipboard("姓名\t性别\t居住地址\n周小满\t女\t柳河村3组\n")
    with qtbot.waitSignal(tab.paste_wanted) as asked:
        QTest.keyClick(page.table.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    record, columns = asked.args or ("", ())
    wizard = open_paste(town_desk, record, columns, None)
    assert isinstance(wizard, ImportWizard)
    wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(wizard)
    qtbot.waitUntil(lambda: wizard.columns_page.plan is not None, timeout=SOON)
    plan = wizard.columns_page.plan
    assert plan is not None
    assert plan.mapping == ("person.name", "person.sex", "household.address")


def test_what_was_copied_with_hidden_names_is_not_taken_for_names(
    qtbot: QtBot, town: SmallTown, town_kit: Kit, town_desk: Desk
) -> None:
    tab = shown(qtbot, ClientsTab(town_kit))
    page = tab.current
    qtbot.waitUntil(lambda: bool(page.table.rows.keys), timeout=SOON)
    page.table.view.selectAll()
    with qtbot.waitSignal(town_desk.noticed):
        QTest.keyClick(page.table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QApplication.clipboard().mimeData()
    assert copied.text().splitlines()[0].split("\t")[0] == "户编号", "several rows bring their header"
    assert "mso-number-format" in copied.html()
    assert "李守林" not in copied.text()
    lines = copied.text().splitlines()[1:]
    assert len(lines) == 2, "the household of somebody restricted (王秀英) is in no spreadsheet"
    assert not any("王" in line for line in lines)
    with qtbot.waitSignal(town_desk.noticed) as told:
        assert open_paste(town_desk, "household", page.table.rows.fields, None) is None
    assert "已隐去" in (told.args or [None])[0].text


def test_the_list_says_that_rows_can_be_pasted_and_by_which_key(
    qtbot: QtBot, town: SmallTown, town_kit: Kit
) -> None:
    tab = shown(qtbot, ClientsTab(town_kit))
    page = tab.current
    qtbot.waitUntil(lambda: bool(page.table.rows.keys), timeout=SOON)
    assert "Ctrl+V" in button(tab, "household_paste").toolTip()
    with qtbot.waitSignal(tab.paste_wanted) as asked:
        pressed(tab, "household_paste")
    assert asked.args == ["household", page.table.rows.fields]
    words = page.table.findChild(QLabel, "household_empty")
    assert words is not None
    page.say_when_empty("还没有户。", "")
    assert "Ctrl+V" in words.text()


def test_pasted_rows_without_a_header_are_shown_for_correction_before_anything_is_written(
    qtbot: QtBot, town: SmallTown, town_kit: Kit, town_desk: Desk
) -> None:
    tab = shown(qtbot, ClientsTab(town_kit))
    page = tab.current
    qtbot.waitUntil(lambda: bool(page.table.rows.keys), timeout=SOON)
    clipboard("13800138000\t周小满\t女\n13900139000\t李大有\t男\n")
    wizard = open_paste(town_desk, "household", page.table.rows.fields, None)
    assert isinstance(wizard, ImportWizard)
    wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(wizard)
    qtbot.waitUntil(lambda: wizard.columns_page.plan is not None, timeout=SOON)
    plan = wizard.columns_page.plan
    assert plan is not None
    assert plan.mapping == ("person.phone", "person.name", "person.sex")
    assert wizard.pages.currentWidget() is wizard.columns_page
    lead = wizard.findChild(QLabel, "import_columns_lead")
    assert lead is not None
    assert "没有表头" in lead.text()
    table = wizard.columns_page.table
    assert [item.text() for at in range(3) if (item := table.item(at, 3))] == ["有把握"] * 3
