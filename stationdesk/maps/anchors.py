"""The marks of the station itself and of the villages, by which people find their way on the screen map."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stationdesk.core.vocab.choice import Choice, captioned, choice
from stationdesk.maps.symbols import Symbol


@captioned("定位标记")
class Anchor(Choice):
    """What is drawn so that a map can be read at all."""

    STATION = choice("station", "社工站")
    VILLAGE = choice("village", "村居")


_FLAG = "M4 .5H23.5L19 7.5 23.5 14.5H7V23.5H4Z"
_OCTAGON = "M7.2 .6H16.8L23.4 7.2V16.8L16.8 23.4H7.2L.6 16.8V7.2Z"

ANCHOR_SYMBOLS: Mapping[Anchor, Symbol] = MappingProxyType(
    {
        Anchor.STATION: Symbol("站", Anchor.STATION.label, "旗", "#7a1020", _FLAG, 7.5, 9.5),
        Anchor.VILLAGE: Symbol("村", Anchor.VILLAGE.label, "八角", "#3d4756", _OCTAGON, 12.0, 12.0),
    }
)
"""By kind, in the order of the legend."""

_TEARDROP = "M12 23.6C9.5 19 3.6 14.6 3.6 9A8.4 8.4 0 1 1 20.4 9C20.4 14.6 14.5 19 12 23.6Z"

PIN_SYMBOL = Symbol("钉", "钉点", "水滴", "#a11c2b", _TEARDROP, 9.5, 10.0)
"""A pin of a scan that is being pinned, on the map beside it."""
