"""What code branches on around printed maps: which map a sheet is."""

from __future__ import annotations

from stationdesk.core.vocab.choice import Choice, captioned, choice


@captioned("图种")
class SheetKind(Choice):
    """Which of the printed maps a sheet is; editions are counted for each kind and area."""

    RESOURCES = choice("resources", "社区资源图")
    COMMUNITY = choice("community", "社区地图")
    CLIENTS = choice("clients", "服务对象分布图")
    LARGE_PRINT = choice("large_print", "大字版资源图")
    ATLAS = choice("atlas", "地图册")
    POSTER = choice("poster", "拼接大图")

    @property
    def is_given_out(self) -> bool:
        """Whether the sheet may leave the station: the map of the people served never does."""
        return self is not SheetKind.CLIENTS
