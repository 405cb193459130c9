"""村居基本情况: the fact sheets of the villages side by side, with what the station serves in each."""

from __future__ import annotations

from stationdesk.core.fields import Guard
from stationdesk.sheets.columns import CellKind, Column, FromField, Total
from stationdesk.sheets.ledger import Ledger, Measure

_FACTS = (
    "households",
    "population",
    "residents",
    "over_60",
    "over_80",
    "children",
    "low_income",
    "destitute",
    "marginal",
    "disabled",
    "left_behind",
    "organisations",
    "volunteers",
)

VILLAGES = Ledger(
    "villages",
    "村居基本情况",
    Measure.STOCK,
    (
        FromField("village.name"),
        FromField("village.code"),
        FromField("village.secretary"),
        FromField("village.phone"),
        FromField("village.address"),
        FromField("village.area", width=4),
        *(FromField(f"village.{name}", width=4, total=Total.SUM) for name in _FACTS),
        FromField("village.industry", width=8),
        FromField("village.surnames", width=8),
        FromField("village.director", width=5),
        FromField("village.women_chair", width=5),
        FromField("village.child_officer", width=5),
        FromField("village.doctor", width=5),
        FromField("village.doctor_phone"),
        Column("files", "建档户数", CellKind.INTEGER, width=4, total=Total.SUM),
        Column("clients", "服务对象数", CellKind.INTEGER, width=4, total=Total.SUM),
        Column("visited", "本月走访户数", CellKind.INTEGER, width=4, total=Total.SUM),
        FromField("village.note", guard=Guard.DROPPED),
    ),
    frozen=1,
    notes=(
        "口径：总户数、人口等为村居填报的情况；建档户数、服务对象数为本站期末在册数，走访户数为期内至少走访一次的户数。",
    ),
    about=("village",),
)
