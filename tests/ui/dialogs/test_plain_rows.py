"""Rows in a window of their own: every column is in sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.plain_rows import PlainRowsDialog

ROWS = (("接-0181", "北街社区便民服务站" * 3, "12"), ("接-0182", "诊所", ""), ("接-0183", "", "1,234.50"))


@pytest.mark.parametrize("columns", [1, 4, 9])
def test_the_last_column_is_in_sight_without_scrolling(desk: Desk, qtbot: QtBot, columns: int) -> None:
    dialog = PlainRowsDialog(desk.look, "plain", "数字背后的记录")
    qtbot.addWidget(dialog)
    dialog.show()
    labels = [f"第{number}栏" for number in range(columns)]
    middle = ROWS[0][1]
    dialog.fill("说明", [*labels, "计入数"], [(*[row[0]] * (columns - 1), middle, row[2]) for row in ROWS])
    table = dialog.table
    last = table.columnViewportPosition(columns) + table.columnWidth(columns)
    assert last <= table.viewport().width()
    assert last > table.viewport().width() - 2 * (columns + 1) - table.verticalScrollBar().sizeHint().width()
    assert dialog.width() <= dialog.screen().availableGeometry().width()
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)


def test_numbers_stand_below_each_other(desk: Desk, qtbot: QtBot) -> None:
    dialog = PlainRowsDialog(desk.look, "plain", "数字背后的记录")
    qtbot.addWidget(dialog)
    dialog.fill("说明", ("编号", "名称", "计入数"), ROWS)
    sides = [
        Qt.AlignmentFlag(dialog.rows.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole))
        for column in range(3)
    ]
    assert [bool(side & Qt.AlignmentFlag.AlignRight) for side in sides] == [False, False, True]
