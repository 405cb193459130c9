from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWebEngineWidgets import QWebEngineView
from pytestqt.qtbot import QtBot

from stationdesk.ui.web.map_view import MapView

# Before any test makes the application; app.py does the same.
QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

Evaluate = Callable[[str], Any]


def web_view_of(view: MapView) -> QWebEngineView:
    """The web view inside a map."""
    found = view.findChild(QWebEngineView, "map_page")
    assert found is not None
    return found


@pytest.fixture
def map_view(qtbot: QtBot) -> MapView:
    """A map in a window, with nothing on it yet."""
    view = MapView()
    qtbot.addWidget(view)
    view.resize(1000, 700)
    view.show()
    return view


@pytest.fixture
def evaluate(qtbot: QtBot, map_view: MapView) -> Evaluate:
    """Run an expression in the page and give its value."""
    page = web_view_of(map_view).page()

    def run(expression: str) -> Any:
        answers: list[str] = []
        page.runJavaScript(f"JSON.stringify({expression}) ?? 'null'", answers.append)
        qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
        return json.loads(answers[0])

    return run
