"""Vocabulary of the station itself: who works there, and how a place on the map came about."""

from __future__ import annotations

from stationdesk.core.vocab.choice import Choice, captioned, choice


@captioned("角色")
class Role(Choice):
    """What a worker may do."""

    WORKER = choice("worker", "社工")
    VOLUNTEER = choice("volunteer", "志愿者录入")
    VIEWER = choice("viewer", "只看统计")

    @property
    def may_write(self) -> bool:
        """Whether the role may add and change records."""
        return self is not Role.VIEWER

    @property
    def sees_records(self) -> bool:
        """Whether the role may open single records at all."""
        return self is not Role.VIEWER


@captioned("坐标系")
class Datum(Choice):
    """The datum a coordinate is given in. They lie up to 700 m apart, so it is always asked."""

    WGS84 = choice("wgs84", "WGS-84（GPS、天地图）")
    GCJ02 = choice("gcj02", "GCJ-02（高德、腾讯）")
    BD09 = choice("bd09", "BD-09（百度）")


@captioned("坐标来源")
class DatumOrigin(Choice):
    """How a position came into the record."""

    CLICKED = choice("clicked", "地图点选")
    TYPED = choice("typed", "手工填写")
    PASTED = choice("pasted", "粘贴")
    IMPORTED = choice("imported", "表格导入")
    DEVICE = choice("device", "手机或 GPS 定位")


@captioned("位置精度")
class Precision(Choice):
    """What a position stands for."""

    BUILDING = choice("building", "楼栋或院落")
    GROUP = choice("group", "村民组")
    VILLAGE = choice("village", "村居")


@captioned("用途")
class Audience(Choice):
    """Who a sheet, list or map is for; masks follow from it."""

    INTERNAL = choice("internal", "内部使用")
    PUBLIC = choice("public", "公示")
    REPORT = choice("report", "外送上报")

    @property
    def is_masked(self) -> bool:
        """Whether personal values are masked."""
        return self is not Audience.INTERNAL
