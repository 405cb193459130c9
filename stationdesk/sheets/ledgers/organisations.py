"""社区社会组织登记: the community organisations the station works with."""

from __future__ import annotations

from stationdesk.core.fields import Guard
from stationdesk.sheets.columns import CellKind, Column, FromField, Total
from stationdesk.sheets.ledger import Ledger, Measure

ORGANISATIONS = Ledger(
    "organisations",
    "社区社会组织登记",
    Measure.STOCK,
    (
        FromField("organisation.name"),
        FromField("organisation.kind", "类别"),
        FromField("organisation.registered", "登记/备案情况", width=8),
        FromField("organisation.credit_code"),
        FromField("organisation.leader"),
        FromField("organisation.phone"),
        FromField("organisation.members", width=4, total=Total.SUM),
        FromField("organisation.party", width=6),
        FromField("organisation.address", "活动场所"),
        FromField("organisation.offers", "业务范围、可提供资源", width=12),
        FromField("organisation.agreement_from"),
        FromField("organisation.agreement_to"),
        Column("resources", "登记资源数", CellKind.INTEGER, width=4, total=Total.SUM),
        Column("links", "本月对接次数", CellKind.INTEGER, width=4, total=Total.SUM),
        Column("served", "本月服务人次", CellKind.INTEGER, width=4, total=Total.SUM),
        FromField("organisation.note", guard=Guard.DROPPED),
    ),
    frozen=1,
    notes=(
        "口径：列组织类型为“社区社会组织”的组织；登记资源数为期末在库的资源，对接次数、人次按对接日期在本期内、未撤回的记录。",
    ),
    about=("organisation",),
)
