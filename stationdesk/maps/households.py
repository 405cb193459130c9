"""The marks of households on the internal map: a shape for each reason to look in on them.

Smaller and paler than the marks of resources, so that the two are never mistaken for one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stationdesk.core.vocab.choice import Choice, captioned, choice
from stationdesk.maps.symbols import Symbol


@captioned("住户标记")
class HouseholdMark(Choice):
    """What a household is drawn as; where several hold, the first in this order."""

    CHILDREN = choice("children", "困境儿童户")
    ELDERLY = choice("elderly", "重点老人户")
    DISABLED = choice("disabled", "残疾人户")
    ASSISTED = choice("assisted", "低保特困户")
    PLAIN = choice("plain", "一般户")

    @property
    def letter(self) -> str:
        """The one character drawn inside the mark."""
        return HOUSEHOLD_SYMBOLS[self].letter

    @property
    def on_map(self) -> bool:
        """Whether it has a mark: every household that may be on a map at all has one."""
        return True


_TRIANGLE = "M12 2 23 21.5H1Z"
_HOUSE = "M12 2 22.5 10.5V22H1.5V10.5Z"
_DIAMOND = "M12 .8 23.2 12 12 23.2 .8 12Z"
_SQUARE = "M3 3H21V21H3Z"
_CIRCLE = "M12 3A9 9 0 1 1 12 21A9 9 0 1 1 12 3Z"


def _symbol(of: HouseholdMark, letter: str, shape: str, colour: str, path: str, y: float = 12.0) -> Symbol:
    return Symbol(letter, of.label, shape, colour, path, y, 11.0)


HOUSEHOLD_SYMBOLS: Mapping[HouseholdMark, Symbol] = MappingProxyType(
    {
        HouseholdMark.CHILDREN: _symbol(HouseholdMark.CHILDREN, "童", "三角", "#b4530a", _TRIANGLE, 15.0),
        HouseholdMark.ELDERLY: _symbol(HouseholdMark.ELDERLY, "老", "房子", "#7b4fa8", _HOUSE, 14.0),
        HouseholdMark.DISABLED: _symbol(HouseholdMark.DISABLED, "残", "菱形", "#2f6f9f", _DIAMOND),
        HouseholdMark.ASSISTED: _symbol(HouseholdMark.ASSISTED, "助", "方形", "#9c3b52", _SQUARE),
        HouseholdMark.PLAIN: _symbol(HouseholdMark.PLAIN, "户", "圆形", "#6b7684", _CIRCLE),
    }
)
"""By kind, in the order of the legend."""
