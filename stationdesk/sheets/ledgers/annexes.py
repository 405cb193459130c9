"""附表: the columns in which the rows behind a figure are listed, by the kind of record that it counts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stationdesk.core.fields import Guard
from stationdesk.core.masks import mask_minor_name, mask_name
from stationdesk.sheets.columns import CellKind, Column, FromField, Total

PORTION = Column("portion", "计入数", CellKind.ANY, width=5, total=Total.SUM)
"""What each row adds to the figure, so that the rows add up to it."""

_CLIENT = Column(
    "client", "服务对象", width=6, guard=Guard.MASKED, mask=mask_name, minor_mask=mask_minor_name
)
_VILLAGE = Column("village", "村居", width=6)

ANNEXES: Mapping[str, tuple[Column | FromField, ...]] = MappingProxyType(
    {
        "person": (
            FromField("person.code"),
            FromField("person.name", minor_mask=mask_minor_name),
            FromField("person.sex"),
            Column("age", "年龄", CellKind.INTEGER, width=3),
            _VILLAGE,
            Column("groups", "对象类别", width=10),
            FromField("person.status"),
            FromField("person.opened_on"),
            FromField("person.closed_on"),
        ),
        "household": (
            FromField("household.code"),
            Column("client", "户主", width=5, guard=Guard.MASKED, mask=mask_name, minor_mask=mask_minor_name),
            FromField("household.village_key"),
            Column("group", "组", width=4),
            FromField("household.follow_level"),
            FromField("household.worker_key"),
            Column("last_visit", "最近走访", CellKind.DATE, width=6),
            FromField("household.status"),
            FromField("household.opened_on"),
            FromField("household.closed_on"),
        ),
        "need": (
            FromField("need.code"),
            FromField("need.raised_on"),
            _CLIENT,
            _VILLAGE,
            FromField("need.result"),
            FromField("need.item"),
            FromField("need.urgency"),
            FromField("need.status", "状态"),
            Column("matched_on", "对接日期", CellKind.DATE, width=6),
            FromField("need.closed_on"),
        ),
        "resource": (
            FromField("resource.code"),
            FromField("resource.name"),
            FromField("resource.dimension"),
            FromField("resource.provider_key"),
            FromField("resource.village_key"),
            FromField("resource.state_of_use"),
            FromField("resource.status"),
            FromField("resource.collected_on"),
            FromField("resource.verified_on"),
        ),
        "match": (
            FromField("match.code"),
            FromField("match.matched_on", "日期"),
            FromField("resource.name"),
            Column("need", "用于需求", width=10),
            _CLIENT,
            FromField("match.content", "链接内容"),
            FromField("match.in_money", width=3),
            FromField("match.amount", "折价/金额（元）"),
            FromField("match.people", width=4),
            FromField("match.instances", width=4),
            FromField("match.state", "完成情况"),
            FromField("match.done_on"),
        ),
        "visit": (
            FromField("visit.code"),
            FromField("visit.visited_on"),
            _VILLAGE,
            Column(
                "client", "走访对象", width=6, guard=Guard.MASKED, mask=mask_name, minor_mask=mask_minor_name
            ),
            FromField("visit.method"),
            FromField("visit.outcome"),
            FromField("visit.purpose"),
            Column("instances", "人次", CellKind.INTEGER, width=3),
            FromField("visit.worker_key"),
        ),
    }
)
