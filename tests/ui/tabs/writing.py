"""What a person does with a form: write Chinese through the input method, choose, look at what stands there."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.core.fields import Key
from stationdesk.ui.tabs.library import Library

W = TypeVar("W", bound=QWidget)


def seen(parent: QWidget, kind: type[W], name: str) -> W:
    """The one widget of this name that can be seen."""
    found = [each for each in parent.findChildren(kind, name) if each.isVisibleTo(parent)]
    assert len(found) == 1, f"{len(found)} of {name} to be seen"
    return found[0]


def write(parent: QWidget, name: str, text: str) -> None:
    """Replace what stands in a line or a combo, as the input method writes Chinese."""
    found = [each for each in parent.findChildren(QWidget, name) if each.isVisibleTo(parent)]
    assert len(found) == 1, f"{len(found)} of {name} to be seen"
    line = found[0].lineEdit() if isinstance(found[0], QComboBox) else found[0]
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(line, event)


def choose(parent: QWidget, name: str, label: str) -> None:
    """Choose from a combo, as its list or the keyboard does."""
    combo = seen(parent, QComboBox, name)
    place = combo.findText(label)
    assert place >= 0, f"{label} is not offered in {name}"
    combo.setCurrentIndex(place)
    combo.activated.emit(place)


def opened(qtbot: QtBot, tab: Library, key: Key) -> None:
    """Open a record and wait until it stands in the form."""
    tab.open_record(tab.record, key)
    qtbot.waitUntil(lambda: tab.form.key == key and not tab.form.is_new)


def begun(qtbot: QtBot, tab: Library) -> None:
    """Begin a new record and wait for the empty form."""
    tab.new_record()
    qtbot.waitUntil(lambda: tab.form.is_new)


def saved(qtbot: QtBot, tab: Library) -> Key:
    """Press save and wait until it is done."""
    with qtbot.waitSignal(tab.form.saved):
        tab.form.foot.save.click()
    assert tab.form.key is not None
    return tab.form.key
