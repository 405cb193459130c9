"""档案交接目录: every file of the station, for the day a worker hands them over."""

from __future__ import annotations

from stationdesk.core.fields import Guard
from stationdesk.core.masks import mask_minor_name, mask_name
from stationdesk.sheets.columns import CellKind, Column, FromField, Total
from stationdesk.sheets.ledger import Ledger, Measure

HANDOVER = Ledger(
    "handover",
    "档案交接目录",
    Measure.STOCK,
    (
        FromField("household.code"),
        Column("client", "户主", width=5, guard=Guard.MASKED, mask=mask_name, minor_mask=mask_minor_name),
        FromField("household.village_key"),
        Column("group", "组", width=4),
        FromField("household.status", "户状态"),
        FromField("household.opened_on"),
        FromField("household.closed_on"),
        FromField("household.worker_key"),
        Column("members", "人档", CellKind.INTEGER, width=3, total=Total.SUM),
        Column("needs", "需求记录", CellKind.INTEGER, width=3, total=Total.SUM),
        Column("matches", "对接记录", CellKind.INTEGER, width=3, total=Total.SUM),
        Column("visits", "走访记录", CellKind.INTEGER, width=3, total=Total.SUM),
        Column("papers", "附件", CellKind.INTEGER, width=3, total=Total.SUM),
        Column("paper_file", "纸质档案（页）", width=4),
        Column("received", "接收人核对", width=5),
        Column("remark", "备注", width=8),
    ),
    frozen=2,
    notes=(
        "口径：列期末以前建的全部户档，包括已销的；需求、对接、走访按发生日期到期末为止，附件按加入日期。",
        "移交人：　　　　　　　　接收人：　　　　　　　　监交人：　　　　　　　　交接日期：　　　　年　　月　　日",
    ),
    about=("household",),
    monthly=False,
)
