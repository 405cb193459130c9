"""The real program on a computer of its own: an empty home, its own preferences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stationdesk.core.messages import Language, use_language
from tests.journeys.person import Person

# Before any test makes the application; app.py does the same.
QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


@pytest.fixture
def person(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Person]:
    """Somebody who has never started the program on this computer."""
    monkeypatch.setenv("HOME", str(tmp_path))
    made = Person(qtbot, qapp, tmp_path / "window.json")
    yield made
    made.end()
    use_language(Language.CHINESE)
