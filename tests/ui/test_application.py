"""Qt's own dialogs speak the language of the window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QTreeView
from pytestqt.qtbot import QtBot

from stationdesk.core.messages import Language
from stationdesk.ui.application import translate_qt

ENGLISH = re.compile("[A-Za-z]{2,}")


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    translators = translate_qt(qapp, Language.CHINESE)
    yield
    for each in translators:
        qapp.removeTranslator(each)
    QLocale.setDefault(before)


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("mode", [QFileDialog.AcceptMode.AcceptOpen, QFileDialog.AcceptMode.AcceptSave])
def test_a_file_is_chosen_in_chinese(qtbot: QtBot, tmp_path: Path, mode: QFileDialog.AcceptMode) -> None:
    (tmp_path / "资料").mkdir()
    dialog = QFileDialog(None, "选文件", str(tmp_path), "表格 (*.et)")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAcceptMode(mode)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    rows = dialog.findChild(QTreeView, "treeView")
    assert rows is not None
    model = rows.model()
    qtbot.waitUntil(lambda: model.rowCount(rows.rootIndex()) == 1)
    texts = [each.text() for each in dialog.findChildren(QLabel) if each.isVisible()]
    texts += [each.text() for each in dialog.findChildren(QAbstractButton) if each.isVisible()]
    texts += [str(model.headerData(column, rows.header().orientation())) for column in range(4)]
    texts.append(str(model.index(0, 2, rows.rootIndex()).data()))
    assert "文件夹" in texts
    assert not [text for text in texts if ENGLISH.search(text)]
