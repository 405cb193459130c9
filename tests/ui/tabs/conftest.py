"""The tabs over the small town, a real station."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from pytestqt.qtbot import QtBot

from stationdesk.ui.desk import Desk
from stationdesk.ui.forms import STATION, Codes, Kit
from stationdesk.ui.tabs.map import MapTab
from stationdesk.ui.theme import Look
from tests.small_town import TODAY, SmallTown, small_town
from tests.ui.tabs.acting import desk_over, shown
from tests.ui.tabs.on_the_map import SOON, Evaluate, page_of

# Before any test makes the application; app.py does the same.
QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    """The small town; closed at the end."""
    made = small_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def town_desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    """The desk over the small town."""
    yield from desk_over(town.store, look)


@pytest.fixture
def town_kit(town_desk: Desk) -> Kit:
    """What editors over the small town work with."""
    return Kit(town_desk, STATION, Codes(town_desk, STATION), lambda: TODAY)


@pytest.fixture
def map_tab(qtbot: QtBot, town_kit: Kit) -> MapTab:
    """The map of the small town, drawn."""
    made = shown(qtbot, MapTab(town_kit))
    qtbot.waitUntil(lambda: made.drawn[1] > 0 and made.drawn[0] == made.drawn[1], timeout=30_000)
    return made


@pytest.fixture
def evaluate(qtbot: QtBot, map_tab: MapTab) -> Evaluate:
    """Run an expression in the page of the map and give its value."""
    page = page_of(map_tab).page()

    def run(expression: str) -> Any:
        answers: list[str] = []
        page.runJavaScript(f"JSON.stringify({expression}) ?? 'null'", answers.append)
        qtbot.waitUntil(lambda: bool(answers), timeout=SOON)
        return json.loads(answers[0])

    return run
