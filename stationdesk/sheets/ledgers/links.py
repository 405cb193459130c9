"""资源链接登记: matches made within the period."""

from __future__ import annotations

from stationdesk.core.fields import Guard
from stationdesk.core.masks import mask_minor_name, mask_name
from stationdesk.sheets.columns import Column, FromField, Total
from stationdesk.sheets.ledger import Ledger, Measure

LINKS = Ledger(
    "links",
    "资源链接登记",
    Measure.FLOW,
    (
        FromField("match.code"),
        FromField("match.matched_on", "日期"),
        FromField("resource.name"),
        FromField("resource.dimension"),
        FromField("resource.provider_key"),
        FromField("resource.contact"),
        FromField("resource.phone"),
        FromField("match.content", "链接内容"),
        FromField("match.quantity"),
        FromField("match.amount", "折价/金额（元）", total=Total.SUM),
        Column("need", "用于需求/活动", width=10),
        Column("client", "受益对象", width=6, guard=Guard.MASKED, mask=mask_name, minor_mask=mask_minor_name),
        FromField("match.people", width=4),
        FromField("match.instances", total=Total.SUM, width=4),
        FromField("match.method", "方式"),
        FromField("match.state", "完成情况"),
        FromField("match.satisfaction", "回访满意度", width=3),
        FromField("match.provider_told_on"),
        FromField("match.worker_key", "社工"),
        FromField("match.note"),
    ),
    frozen=3,
    notes=(
        "口径：列对接日期在本期内的对接记录，未成和已撤的也列出，但不计入链接次数；完成情况按期末。",
        "口径：受益人数、人次没有填写的按 1 计；受益人数不加总，同一服务对象只计一次的合计见月报表。",
    ),
    about=("match",),
)
