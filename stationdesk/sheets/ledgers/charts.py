"""图表: a few figures of the year drawn for the leader; the figures stand beside the drawings."""

from __future__ import annotations

from stationdesk.sheets.columns import CellKind, Column, Total
from stationdesk.sheets.ledger import Ledger, Measure

CHARTS = Ledger(
    "charts",
    "图表",
    Measure.FLOW,
    (
        Column("chart", "图", width=9, merged=True),
        Column("item", "项目", width=10),
        Column("value", "数量", CellKind.INTEGER, width=5, total=Total.NONE),
    ),
    notes=("口径：与月报表相同；已结账月份用上报数。对象类别一人可有几类。",),
)
