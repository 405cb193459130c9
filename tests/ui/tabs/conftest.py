"""The tabs over the small town, a real station."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from pytestqt.qtbot import QtBot

from stationdesk.ui.desk import Desk
from stationdesk.ui.forms import STATION, Codes, Kit
from stationdesk.ui.theme import Look
from tests.small_town import TODAY, SmallTown, small_town
from tests.ui.tabs.acting import desk_over

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
