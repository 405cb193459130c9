from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stationdesk.services import history
from stationdesk.services.ledgers.column_sets import layouts_of
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.column_sets import ColumnSetsDialog
from tests.small_town import SmallTown
from tests.ui.tabs.acting import button, pressed, shown, typed
from tests.ui.tabs.conftest import town, town_desk

__all__ = ["town", "town_desk"]

SOON = 20_000


@pytest.fixture
def dialog(qtbot: QtBot, town_desk: Desk) -> ColumnSetsDialog:
    made = ColumnSetsDialog(town_desk, "needs")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    shown(qtbot, made, 820, 620)
    qtbot.waitUntil(lambda: made.columns.rowCount() > 0, timeout=SOON)
    return made


def labels(dialog: ColumnSetsDialog) -> list[str]:
    found = (dialog.columns.item(row, 0) for row in range(dialog.columns.rowCount()))
    return [item.text() for item in found if item is not None]


def choose(dialog: ColumnSetsDialog, words: str) -> None:
    combo = dialog.set_combo
    combo.setCurrentIndex(next(row for row in range(combo.count()) if combo.itemText(row).startswith(words)))
    combo.activated.emit(combo.currentIndex())


def test_columns_are_renamed_moved_hidden_and_kept_as_a_set(
    qtbot: QtBot, dialog: ColumnSetsDialog, town: SmallTown
) -> None:
    own = labels(dialog)
    assert own[:2] == ["需求编号", "提出日期"]
    assert not button(dialog, "column_sets_save").isEnabled()
    choose(dialog, "新方案")
    typed(dialog, "column_sets_name", "County")
    date, last = dialog.columns.item(1, 0), dialog.columns.item(len(own) - 1, 0)
    assert date is not None
    assert last is not None
    date.setText("登记时间")
    last.setCheckState(Qt.CheckState.Unchecked)
    dialog.columns.selectRow(1)
    pressed(dialog, "column_sets_up")
    assert labels(dialog)[:2] == ["登记时间", "需求编号"]
    assert not dialog.set_combo.isEnabled(), "nothing that was arranged is lost by a look at another set"
    pressed(dialog, "column_sets_use")
    qtbot.waitUntil(lambda: bool(layouts_of(town.store, "needs")), timeout=SOON)
    (layout,) = layouts_of(town.store, "needs")
    assert (layout.name, layout.in_use) == ("County", True)
    assert [(each.key, each.label) for each in layout.columns[:2]] == [
        ("need.raised_on", "登记时间"),
        ("need.code", ""),
    ]
    assert layout.columns[-1].hidden
    qtbot.waitUntil(lambda: "使用中" in dialog.set_combo.currentText(), timeout=SOON)
    history.undo(town.store)
    assert not layouts_of(town.store, "needs")


def test_a_set_that_cannot_be_says_why_and_keeps_what_was_typed(
    qtbot: QtBot, dialog: ColumnSetsDialog, town: SmallTown
) -> None:
    choose(dialog, "新方案")
    typed(dialog, "column_sets_name", "twice")
    first, second = dialog.columns.item(0, 0), dialog.columns.item(1, 0)
    assert first is not None
    assert second is not None
    second.setText(first.text())
    pressed(dialog, "column_sets_save")
    qtbot.waitUntil(dialog.refusal.isVisible, timeout=SOON)
    assert "有两列都叫" in dialog.refusal.text
    assert labels(dialog)[1] == first.text()
    assert not layouts_of(town.store, "needs")


def test_closing_asks_before_an_arrangement_is_lost(qtbot: QtBot, dialog: ColumnSetsDialog) -> None:
    choose(dialog, "新方案")
    typed(dialog, "column_sets_name", "half")
    pressed(dialog, "column_sets_close")
    assert dialog.isVisible()
    pressed(dialog, "question_yes")
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=SOON)
