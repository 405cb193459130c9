"""走访计划表: the households that are to be visited within the period, and whether they were."""

from __future__ import annotations

from stationdesk.core.fields import Guard
from stationdesk.core.masks import mask_minor_name, mask_name, mask_phone
from stationdesk.sheets.columns import CellKind, Column, FromField, Total
from stationdesk.sheets.ledger import Ledger, Measure

PLAN = Ledger(
    "plan",
    "走访计划表",
    Measure.FLOW,
    (
        FromField("household.code"),
        Column("client", "户主", width=5, guard=Guard.MASKED, mask=mask_name, minor_mask=mask_minor_name),
        Column("groups", "对象类别", width=10),
        FromField("household.village_key"),
        Column("group", "组", width=4),
        FromField("household.address"),
        Column("phone", "联系电话", CellKind.CODE, width=7, guard=Guard.MASKED, mask=mask_phone),
        FromField("household.follow_level"),
        Column("last_before", "上次走访", CellKind.DATE, width=6),
        Column("due", "应访日期", CellKind.DATE, width=6),
        FromField("household.worker_key"),
        Column("planned", "计划日期", width=5),
        Column("visited", "本期走访日期", CellKind.DATE, width=6, total=Total.COUNT),
        Column("late", "期末逾期天数", CellKind.INTEGER, width=4),
        Column("remark", "备注", width=8),
    ),
    frozen=2,
    notes=(
        "口径：列期末在册、按跟进级别在本期末以前应访的户；上次走访、应访日期按本期开始前的走访推算。",
        "口径：没有定跟进级别的户不列入。“计划日期”留空手填；“本期走访日期”为期内最近一次见到本人或家人的走访。",
    ),
    about=("household",),
)
