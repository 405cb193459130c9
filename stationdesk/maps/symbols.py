"""The marks of the eight classes that stand on maps, the same on the screen and on paper.

A resource is told apart three times over: by shape, by letter and by colour. The first two survive a
photocopier; the colours were chosen so that their greys differ as well (CIE L* at least 4 apart) and a white
letter reads on each of them (contrast at least 4.5 : 1, WCAG 2.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stationdesk.core.vocab.resources import MapClass

BOX = 24
"""Side of the square, in units, that every path is drawn in."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """One class of the map.

    `path` is SVG path data in a box of 24 by 24 units, meant to be filled with `colour`; the `letter` is set
    in white and bold, centred on (12, `letter_y`), `letter_size` units high.
    """

    letter: str
    label: str
    shape: str  # what people call the shape
    colour: str
    path: str
    letter_y: float = 12.0
    letter_size: float = 13.0


_SQUARE = (
    "M4 1.5H20A2.5 2.5 0 0 1 22.5 4V20A2.5 2.5 0 0 1 20 22.5H4A2.5 2.5 0 0 1 1.5 20V4A2.5 2.5 0 0 1 4 1.5Z"
)
_CROSS = "M6 .8H18V6H23.2V18H18V23.2H6V18H.8V6H6Z"
_HOUSE = "M12 .8 23.4 9.6H21.8V23H2.2V9.6H.6Z"
_TRIANGLE = "M12 .4 24 22.9H0Z"
_CIRCLE = "M12 .8A11.2 11.2 0 1 1 12 23.2A11.2 11.2 0 1 1 12 .8Z"
_HEXAGON = "M6.2 1.8H17.8L23.8 12 17.8 22.2H6.2L.2 12Z"
_SHIELD = "M12 .6 22.4 3.6V12C22.4 18 17.6 21.6 12 23.6 6.4 21.6 1.6 18 1.6 12V3.6Z"
_HEART = (
    "M12 23.4C5 17.8 .4 13.6 .4 7.8.4 4 3.2 1.2 6.8 1.2 9 1.2 10.9 2.3 12 4 13.1 2.3 15 1.2 17.2 1.2"
    "C20.8 1.2 23.6 4 23.6 7.8 23.6 13.6 19 17.8 12 23.4Z"
)


def _symbol(of: MapClass, shape: str, colour: str, path: str, y: float = 12.0, size: float = 13.0) -> Symbol:
    return Symbol(of.letter, of.label, shape, colour, path, y, size)


SYMBOLS: Mapping[MapClass, Symbol] = MappingProxyType(
    {
        MapClass.GOVERNMENT: _symbol(MapClass.GOVERNMENT, "方形", "#12335f", _SQUARE, size=14),
        MapClass.MEDICAL: _symbol(MapClass.MEDICAL, "十字", "#94150f", _CROSS, size=11.5),
        MapClass.ELDERLY: _symbol(MapClass.ELDERLY, "房子", "#5b2488", _HOUSE, 14.6),
        MapClass.EDUCATION: _symbol(MapClass.EDUCATION, "三角", "#28601b", _TRIANGLE, 16.2, 11.5),
        MapClass.CONVENIENCE: _symbol(MapClass.CONVENIENCE, "圆形", "#855600", _CIRCLE, size=14),
        MapClass.CULTURE: _symbol(MapClass.CULTURE, "六角", "#00828c", _HEXAGON, size=14),
        MapClass.SAFETY: _symbol(MapClass.SAFETY, "盾牌", "#33200e", _SHIELD, 11.6),
        MapClass.SOCIAL: _symbol(MapClass.SOCIAL, "心形", "#be307b", _HEART, 10.6, 12.5),
    }
)
"""By class, in the order of the legend. Policies and funds stand in lists only and have no mark."""
