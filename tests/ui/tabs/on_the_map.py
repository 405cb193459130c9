"""What a person does with the map in its tab: look at its page, click on it, type over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QLabel, QWidget

from stationdesk.ui.tabs.map import MapTab

SOON = 15_000
Evaluate = Callable[[str], Any]


def page_of(tab: MapTab) -> QWebEngineView:
    """The web view with the map."""
    found = tab.view.findChild(QWebEngineView, "map_page")
    assert found is not None
    return found


def canvas_of(tab: MapTab) -> QWidget:
    """What takes the mouse and the keys."""
    found = page_of(tab).focusProxy()
    assert found is not None
    return found


def click(tab: MapTab, evaluate: Evaluate, lat: float, lon: float) -> None:
    """Click on a place."""
    found = evaluate(f"stationdesk.map.latLngToContainerPoint([{lat}, {lon}])")
    click_at(tab, QPoint(round(found["x"]), round(found["y"])))


def click_at(tab: MapTab, at: QPoint) -> None:
    """Click on a point of the window of the map."""
    QTest.mouseClick(canvas_of(tab), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def press_key(tab: MapTab, key: Qt.Key) -> None:
    """Type a key while the map has the keyboard."""
    QTest.keyClick(canvas_of(tab), key)


def label(tab: MapTab, name: str) -> str:
    """The words of a label."""
    found = tab.findChild(QLabel, name)
    assert found is not None
    return found.text()


def banner(evaluate: Evaluate) -> str:
    """What the banner over the map says, if there is one."""
    return str(
        evaluate(
            "document.querySelector('.banner').hidden ? '' : document.querySelector('.banner').textContent"
        )
    )
