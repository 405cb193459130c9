"""The colours of the window, told once for light and once for dark.

Every pair that is read as text on a ground keeps a contrast of at least 4.5 (WCAG 2.2, 1.4.3); a test says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor, QPalette


class Theme(StrEnum):
    """What the worker chose."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


class Role(StrEnum):
    """What a colour says beside the words it stands with."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    IDLE = "idle"
    ACCENT = "accent"


@dataclass(frozen=True, slots=True)
class Colours:
    """One palette; every value is `#rrggbb`."""

    ground: str  # behind everything
    surface: str  # cards, tables, fields
    raised: str  # table heads, hovered rows, read-only fields
    line: str
    strong_line: str  # the frame of a field
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str  # the chosen row, the chosen chip
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    idle: str
    idle_soft: str

    def pair(self, role: Role) -> tuple[str, str]:
        """Text and ground of a pill or a bar."""
        return {
            Role.OK: (self.ok, self.ok_soft),
            Role.WARN: (self.warn, self.warn_soft),
            Role.BAD: (self.bad, self.bad_soft),
            Role.IDLE: (self.idle, self.idle_soft),
            Role.ACCENT: (self.accent, self.accent_soft),
        }[role]


LIGHT = Colours(
    ground="#f3f5f8",
    surface="#ffffff",
    raised="#eff2f6",
    line="#e1e5ec",
    strong_line="#c3cad6",
    text="#1a2230",
    muted="#566072",
    accent="#0b6b61",
    accent_hover="#095a52",
    on_accent="#ffffff",
    accent_soft="#ddf0ed",
    ok="#17693a",
    ok_soft="#e2f3e7",
    warn="#855300",
    warn_soft="#fdf1d3",
    bad="#ac221b",
    bad_soft="#fce8e6",
    idle="#545d6e",
    idle_soft="#eceff4",
)

DARK = Colours(
    ground="#14171c",
    surface="#1c2128",
    raised="#252b34",
    line="#2f3742",
    strong_line="#465060",
    text="#e7eaef",
    muted="#a3adbc",
    accent="#56c9bb",
    accent_hover="#74d6ca",
    on_accent="#0b1f1c",
    accent_soft="#173b38",
    ok="#7ed399",
    ok_soft="#18321f",
    warn="#efc15c",
    warn_soft="#3a2d0f",
    bad="#ff9d94",
    bad_soft="#43201d",
    idle="#adb6c4",
    idle_soft="#2b323c",
)


def palette_of(colours: Colours) -> QPalette:
    """The palette that Fusion paints with."""
    palette = QPalette()
    both = {
        QPalette.ColorRole.Window: colours.ground,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.surface,
        QPalette.ColorRole.AlternateBase: colours.raised,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.Button: colours.surface,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.BrightText: colours.bad,
        QPalette.ColorRole.ToolTipBase: colours.raised,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.LinkVisited: colours.accent,
        QPalette.ColorRole.Light: colours.surface,
        QPalette.ColorRole.Midlight: colours.raised,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Dark: colours.strong_line,
        QPalette.ColorRole.Shadow: colours.strong_line,
    }
    for role, colour in both.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.muted))
    return palette
