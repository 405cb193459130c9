"""Vocabulary of what the station draws itself (社区地图)."""

from __future__ import annotations

from stationdesk.core.vocab.choice import Choice, captioned, choice


@captioned("地物类型")
class FeatureKind(Choice):
    """What a drawn feature is; the map and the sheet give each its own line or mark."""

    MAIN_ROAD = choice("main_road", "主路")
    LANE = choice("lane", "支路小巷")
    RIVER = choice("river", "河流水塘")
    AREA = choice("area", "片区")
    PLACE = choice("place", "重要单位")
    SIGHT = choice("sight", "景点地标")

    @property
    def is_line(self) -> bool:
        """Drawn as a line."""
        return self in {FeatureKind.MAIN_ROAD, FeatureKind.LANE, FeatureKind.RIVER}

    @property
    def is_point(self) -> bool:
        """Drawn as a single mark."""
        return self in {FeatureKind.PLACE, FeatureKind.SIGHT}
