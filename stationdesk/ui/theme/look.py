"""The look of the program, changed while it runs."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QIcon
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from stationdesk.ui.icons import icon, open_resources
from stationdesk.ui.theme.colours import DARK, LIGHT, Colours, Role, Theme, palette_of
from stationdesk.ui.theme.sheet import sheet_of

SIZES = range(9, 17)
"""Base sizes in points that the worker can choose."""
DEFAULT_SIZE = 11

FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "sans-serif",
)
"""The system's Chinese fonts, the one with the most rare name characters first."""


class Look(QObject):
    """Theme and size of the whole program. Made once by the app and handed on with the desk."""

    changed = Signal()

    def __init__(self, app: QApplication, theme: Theme = Theme.SYSTEM, size: int = DEFAULT_SIZE) -> None:
        super().__init__()
        self._app = app
        self._theme = theme
        self._size = min(max(size, SIZES.start), SIZES.stop - 1)
        open_resources()
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def theme(self) -> Theme:
        """What the worker chose."""
        return self._theme

    @property
    def size(self) -> int:
        """The base size in points."""
        return self._size

    @property
    def dark(self) -> bool:
        """Whether the window is dark now."""
        if self._theme is Theme.SYSTEM:
            return self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return self._theme is Theme.DARK

    @property
    def colours(self) -> Colours:
        """The palette in use."""
        return DARK if self.dark else LIGHT

    def colour(self, name: str) -> QColor:
        """One colour of the palette by its name in `Colours`."""
        return QColor(getattr(self.colours, name))

    def pair(self, role: Role) -> tuple[QColor, QColor]:
        """Text and ground for a role."""
        strong, soft = self.colours.pair(role)
        return QColor(strong), QColor(soft)

    def pixels(self, length: float) -> int:
        """A length given for 11 points, at the present size."""
        return round(length * self._size / DEFAULT_SIZE)

    def set_theme(self, theme: Theme) -> None:
        """Change the theme of everything that is on the screen."""
        self._theme = theme
        self._apply()

    def set_size(self, size: int) -> None:
        """Change the base size, kept within `SIZES`."""
        self._size = min(max(size, SIZES.start), SIZES.stop - 1)
        self._apply()

    def icon(self, name: str, colour: str = "text") -> QIcon:
        """The icon in a colour of the palette; see `set_icon` for one that follows the theme."""
        return icon(name, self.colour(colour))

    def set_icon(self, target: QAbstractButton | QAction, name: str, colour: str = "text") -> None:
        """Give a button or an action an icon that is drawn anew when the theme changes."""
        target.setProperty("icon_name", name)
        target.setProperty("icon_colour", colour)
        target.setIcon(self.icon(name, colour))
        if isinstance(target, QAbstractButton):
            edge = self.pixels(17)
            target.setIconSize(QSize(edge, edge))

    def _follow_system(self) -> None:
        if self._theme is Theme.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        font = QFont()
        font.setFamilies(list(FAMILIES))
        font.setPointSize(self._size)
        self._app.setFont(font)
        self._app.setPalette(palette_of(self.colours))
        self._app.setStyleSheet(sheet_of(self.colours, self._size))
        for widget in self._app.allWidgets():
            self._renew(widget)
        self.changed.emit()

    def _renew(self, widget: QWidget) -> None:
        targets: list[QObject] = [widget, *widget.actions()]
        for target in targets:
            name = target.property("icon_name")
            if name and isinstance(target, QAbstractButton | QAction):
                self.set_icon(target, name, target.property("icon_colour"))
