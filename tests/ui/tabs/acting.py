"""What a person does with a tab: look at it, press buttons by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.theme import Look

W = TypeVar("W", bound=QWidget)


def desk_over(store: Store, look: Look) -> Iterator[Desk]:
    """A desk for one test; a bug that reaches it fails the test."""
    desk = Desk(store, look)
    bugs: list[object] = []
    desk.crashed.connect(bugs.append)
    yield desk
    desk.close()
    assert not bugs


def shown(qtbot: QtBot, widget: W, width: int = 1366, height: int = 690) -> W:
    """The widget on the screen, at the size it has on the station's laptop."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def button(parent: QWidget, name: str) -> QAbstractButton:
    """A button that can be seen, by name."""
    found = [each for each in parent.findChildren(QAbstractButton, name) if each.isVisibleTo(parent)]
    assert found, f"no button {name} to be seen"
    return found[-1]


def pressed(parent: QWidget, name: str) -> QAbstractButton:
    """Press a button that can be seen and used."""
    found = button(parent, name)
    assert found.isEnabled(), f"{name} cannot be pressed"
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    return found


def typed(parent: QWidget, name: str, text: str) -> None:
    """Type into a field that can be seen, by name."""
    found = [each for each in parent.findChildren(QWidget, name) if each.isVisibleTo(parent)]
    assert found, f"no field {name} to be seen"
    found[-1].setFocus()
    QTest.keyClicks(found[-1], text)
