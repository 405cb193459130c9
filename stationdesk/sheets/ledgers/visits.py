"""走访台账: every call on a household within the period, met or not."""

from __future__ import annotations

from stationdesk.core.fields import Guard
from stationdesk.core.masks import mask_minor_name, mask_name
from stationdesk.sheets.columns import CellKind, Column, FromField, Total
from stationdesk.sheets.ledger import Ledger, Measure

VISITS = Ledger(
    "visits",
    "走访台账",
    Measure.FLOW,
    (
        FromField("visit.code"),
        FromField("visit.visited_on"),
        FromField("visit.started", width=3),
        FromField("visit.ended", width=3),
        FromField("visit.worker_key"),
        FromField("visit.companions", width=6),
        Column("village", "村居", width=6),
        Column("client", "走访对象", width=6, guard=Guard.MASKED, mask=mask_name, minor_mask=mask_minor_name),
        Column("groups", "对象类别", width=9),
        FromField("visit.method"),
        FromField("visit.outcome"),
        Column("instances", "人次", CellKind.INTEGER, width=3, total=Total.SUM),
        FromField("visit.purpose"),
        FromField("visit.situation", width=10),
        FromField("visit.wellbeing", width=8),
        FromField("visit.income_change", width=8),
        FromField("visit.difficulties", width=10),
        FromField("visit.policy_told", width=8),
        FromField("visit.service_given", width=8),
        FromField("visit.goods_given", width=7),
        FromField("visit.hazards", width=7),
        FromField("visit.needs_found", width=4, total=Total.SUM),
        FromField("visit.urgent", "是否紧急", width=3),
        FromField("visit.advice", width=9),
        FromField("visit.next_on", "下次走访日期"),
        FromField("visit.photos", width=5),
        FromField("visit.note"),
    ),
    frozen=2,
    notes=("口径：走访的次数逐次列出；家中无人、未接通、已搬走、谢绝走访的不算完成，人次记 0。",),
    about=("visit",),
)
