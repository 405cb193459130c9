"""需求台账: needs raised within the period, and older ones that were open in it."""

from __future__ import annotations

from stationdesk.core.fields import Guard
from stationdesk.core.masks import mask_minor_name, mask_name
from stationdesk.sheets.columns import CellKind, Column, FromField
from stationdesk.sheets.ledger import Ledger, Measure

NEEDS = Ledger(
    "needs",
    "需求台账",
    Measure.FLOW,
    (
        FromField("need.code"),
        FromField("need.raised_on"),
        Column(
            "client",
            "服务对象（户）",
            width=6,
            guard=Guard.MASKED,
            mask=mask_name,
            minor_mask=mask_minor_name,
        ),
        Column("groups", "对象类别", width=9),
        Column("village", "村居", width=6),
        Column("group", "组", width=4),
        FromField("need.bradshaw", width=6),
        FromField("need.result"),
        FromField("need.item"),
        FromField("need.description"),
        Column("size", "数量/金额", width=6),
        FromField("need.urgency"),
        FromField("need.due_on", "应于"),
        FromField("need.methods", width=7),
        FromField("need.collected_by", width=5),
        FromField("need.status", "状态"),
        Column("resources", "对接资源", width=12),
        Column("matched_on", "对接日期", CellKind.DATE, width=6),
        Column("done_on", "完成日期", CellKind.DATE, width=6),
        FromField("need.client_words", width=8),
        FromField("need.satisfaction", width=3),
        FromField("need.close_reason", "未满足原因", guard=Guard.DROPPED),
        FromField("need.worker_key"),
        FromField("need.note"),
    ),
    frozen=3,
    notes=(
        "口径：列本期提出的需求，以及期初尚未办结的需求；状态按期末。对接日期为首次对接，完成日期为最近一次完成。",
    ),
    about=("need",),
)
