"""What a mark on paper can stand for: a class of resources, a kind of place, or, on internal maps, a household."""

from __future__ import annotations

from enum import StrEnum

from stationdesk.core.vocab.resources import MapClass
from stationdesk.maps.households import HOUSEHOLD_SYMBOLS, HouseholdMark
from stationdesk.maps.symbols import SYMBOLS, Symbol


class GroundClass(StrEnum):
    """What is listed of a map besides resources; the value is the letter in the mark.

    VILLAGE stands for all that a village has, where a map shows sums: of a town with too much to draw, of people.
    Groups, roads and water have their names on the map and no number; the index tells their square.
    """

    PLACE = "地"
    SIGHT = "景"
    VILLAGE = "村"
    GROUP = "组"
    AREA = "片"
    ROAD = "路"
    WATER = "水"

    @property
    def letter(self) -> str:
        """The one character drawn inside the mark."""
        return self.value

    @property
    def label(self) -> str:
        """What the legend and the index call it."""
        return _LABELS[self.value]

    @property
    def on_map(self) -> bool:
        """Whether it has a mark and a number."""
        return self in {GroundClass.PLACE, GroundClass.SIGHT, GroundClass.VILLAGE}


_LABELS = {
    "地": "重要单位",
    "景": "景点地标",
    "村": "村（居）合计",
    "组": "村、组",
    "片": "片区",
    "路": "道路",
    "水": "河流水面",
}

EntryClass = MapClass | GroundClass | HouseholdMark

CLASSES: tuple[EntryClass, ...] = (*MapClass, *GroundClass, *HouseholdMark)
"""In the order of legend and index."""

_DIAMOND = "M12 .2 23.8 12 12 23.8 .2 12Z"
_SQUARE = "M1.6 1.6H22.4V22.4H1.6Z"
_OCTAGON = "M7.4 .6H16.6L23.4 7.4V16.6L16.6 23.4H7.4L.6 16.6V7.4Z"
_OWN = {
    GroundClass.PLACE: Symbol("地", "重要单位", "方块", "#33415c", _SQUARE, letter_size=14.5),
    GroundClass.SIGHT: Symbol("景", "景点地标", "菱形", "#2f6b3a", _DIAMOND, letter_size=12.5),
    GroundClass.VILLAGE: Symbol("村", "村（居）合计", "八角", "#5a3a1b", _OCTAGON, letter_size=14),
}


def symbol_of(each: EntryClass) -> Symbol:
    """How the mark of a class is drawn."""
    if isinstance(each, HouseholdMark):
        return HOUSEHOLD_SYMBOLS[each]
    return SYMBOLS[each] if isinstance(each, MapClass) else _OWN[each]
