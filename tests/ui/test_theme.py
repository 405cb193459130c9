"""Colours that can be read, icons that follow the theme, a size that changes while the program runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from stationdesk.ui.icons import icon
from stationdesk.ui.tables.pills import PILLS
from stationdesk.ui.theme import DARK, LIGHT, SIZES, Colours, Look, Role, Theme

ROOT = Path(__file__).parents[2]
READ_AS_TEXT = (
    ("text", "ground"),
    ("text", "surface"),
    ("text", "raised"),
    ("text", "accent_soft"),
    ("muted", "ground"),
    ("muted", "surface"),
    ("muted", "raised"),
    ("accent", "surface"),
    ("accent", "accent_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    *((role.value, f"{role.value}_soft") for role in Role),
    *((role.value, "surface") for role in Role),
)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    shown = QColor(colour)
    parts = (shown.redF(), shown.greenF(), shown.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), READ_AS_TEXT)
def test_every_text_stands_out_from_its_ground(colours: Colours, words: str, ground: str) -> None:
    first, second = luminance(getattr(colours, words)), luminance(getattr(colours, ground))
    contrast = (max(first, second) + 0.05) / (min(first, second) + 0.05)
    assert contrast >= 4.5


def test_every_state_that_is_a_pill_has_a_colour() -> None:
    forgotten = [
        f"{kind.__name__}.{each}"
        for kind, roles in PILLS.items()
        if issubclass(kind, Enum)
        for each in kind
        if str(each.value) not in roles
    ]
    assert not forgotten


@pytest.fixture
def own_look(qapp: QApplication, look: Look) -> Iterator[Look]:
    """The look, put back afterwards."""
    yield look
    look.set_theme(Theme.LIGHT)
    look.set_size(11)


def middle(button: QPushButton) -> set[str]:
    """The opaque colours of a button's icon."""
    image = button.icon().pixmap(24, 24).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def test_an_icon_takes_the_colour_of_the_theme_while_it_is_shown(own_look: Look, qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    own_look.set_icon(button, "plus")
    assert middle(button) == {LIGHT.text}
    own_look.set_theme(Theme.DARK)
    assert middle(button) == {DARK.text}


def test_the_icons_that_are_carried_are_the_icons_that_are_used() -> None:
    carried = set(re.findall(r'alias="([\w-]+)\.svg"', (ROOT / "resources.qrc").read_text("utf-8")))
    sources = [file.read_text("utf-8") for file in (ROOT / "stationdesk").rglob("*.py")]
    words = {
        node.value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not carried - words
    asked = {name for source in sources for name in re.findall(r'set_icon\([\w.]+, "([\w-]+)"', source)}
    assert asked
    assert not asked - carried


def test_an_unknown_icon_leaves_the_words(qapp: QApplication) -> None:
    assert icon("no-such-icon", QColor("black")).isNull()


def test_the_size_changes_what_is_on_the_screen(own_look: Look, qtbot: QtBot) -> None:
    label = QLabel("社工站")
    qtbot.addWidget(label)
    label.show()
    before = label.sizeHint().height()
    own_look.set_size(16)
    assert label.sizeHint().height() > before
    own_look.set_size(99)
    assert own_look.size == SIZES[-1]
