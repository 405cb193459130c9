"""更正表: what was changed, since a month was closed, of what had been handed in for it."""

from __future__ import annotations

from stationdesk.sheets.columns import CellKind, Column
from stationdesk.sheets.ledger import Ledger, Measure

CORRECTIONS = Ledger(
    "corrections",
    "更正表",
    Measure.FLOW,
    (
        Column("month", "更正月份", width=5),
        Column("ledger", "台账", width=7),
        Column("code", "编号", CellKind.CODE, width=6),
        Column("kind", "更正", width=3),
        Column("column", "项目", width=8),
        Column("submitted", "上报内容", CellKind.LONG, width=14),
        Column("present", "现在内容", CellKind.LONG, width=14),
        Column("who", "改动人", width=5),
        Column("when", "改动日期", CellKind.DATE, width=6),
    ),
    frozen=3,
    notes=(
        "口径：列已结账月份上报以后的改动；上月的各表都比对，本年更早月份只比对期内发生的走访、需求、对接和月报表的时期数。",
        "口径：以前的更正表里列过的不再列。改动人和日期取自操作记录，由其他记录引起的改动不注明。",
    ),
)
