"""资源库台账: the resources there are at the end of the period."""

from __future__ import annotations

from stationdesk.sheets.columns import CellKind, Column, FromField, Total
from stationdesk.sheets.ledger import Ledger, Measure

RESOURCES = Ledger(
    "resources",
    "资源库台账",
    Measure.STOCK,
    (
        FromField("resource.code"),
        FromField("resource.name"),
        FromField("resource.dimension"),
        FromField("resource.second_dimension", width=5),
        FromField("resource.map_class"),
        FromField("resource.formality", width=4),
        FromField("resource.locus", width=4),
        FromField("resource.state_of_use"),
        FromField("resource.provider_key"),
        FromField("resource.offer_text"),
        FromField("resource.groups"),
        Column("capacity", "数量", width=5),
        FromField("resource.capacity_per", width=4),
        FromField("resource.fee", "是否收费", width=4),
        FromField("resource.hours"),
        FromField("resource.village_key"),
        FromField("resource.address"),
        FromField("resource.contact"),
        FromField("resource.phone"),
        FromField("resource.contact_public", "可否公开", width=6),
        FromField("resource.source", width=6),
        FromField("resource.collected_on"),
        FromField("resource.verified_on"),
        Column("uses", "本月对接次数", CellKind.INTEGER, width=4, total=Total.SUM),
        Column("uses_so_far", "累计对接", CellKind.INTEGER, width=4, total=Total.SUM),
        FromField("resource.valid_to", "有效期至"),
        FromField("resource.status"),
        FromField("resource.note"),
    ),
    frozen=2,
    notes=(
        "口径：列期末已入库且未撤的资源；对接次数为对接日期在本期内、未撤回的对接记录数。地址保密的资源不列地址。",
    ),
    about=("resource",),
)
