"""How the window looks: two palettes, one style sheet, one size."""

from stationdesk.ui.theme.colours import DARK, LIGHT, Colours, Role, Theme
from stationdesk.ui.theme.look import DEFAULT_SIZE, SIZES, Look

__all__ = ["DARK", "DEFAULT_SIZE", "LIGHT", "SIZES", "Colours", "Look", "Role", "Theme"]
