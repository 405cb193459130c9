"""服务对象花名册: everybody on the books at the end of the period."""

from __future__ import annotations

from stationdesk.core.fields import Guard
from stationdesk.core.masks import mask_minor_name
from stationdesk.sheets.columns import CellKind, Column, FromField
from stationdesk.sheets.ledger import Ledger, Measure

ROSTER = Ledger(
    "roster",
    "服务对象花名册",
    Measure.STOCK,
    (
        FromField("person.code"),
        FromField("person.name", minor_mask=mask_minor_name),
        FromField("person.sex"),
        FromField("person.id_number"),
        # Beside an ID number, even a masked one, a date of birth tells too much.
        FromField("person.birth_date", guard=Guard.DROPPED),
        Column("age", "年龄", CellKind.INTEGER, width=3),
        FromField("person.ethnic"),
        FromField("household.village_key"),
        FromField("household.address", "详细地址"),
        FromField("person.registered_address"),
        FromField("person.residence", width=5),
        FromField("person.phone"),
        FromField("person.emergency_contact"),
        FromField("person.emergency_phone"),
        Column("groups", "对象类别", width=10),
        Column("relief", "兜底类型", width=8),
        FromField("person.disability_kinds", width=5),
        FromField("person.disability_grade", width=4),
        FromField("person.self_care", width=5),
        FromField("person.health", width=7),
        FromField("person.aid"),
        FromField("person.carer", "监护人/主要照顾者", width=6),
        FromField("household.follow_level"),
        FromField("household.worker_key"),
        FromField("person.opened_on"),
        Column("last_visit", "最近走访日期", CellKind.DATE, width=6),
        FromField("person.note"),
    ),
    frozen=2,
    notes=(
        "口径：列期末在册的服务对象；年龄为期末周岁，出生日期不详的按自报年龄；最近走访只计见到本人或家人的走访。",
        "口径：对象类别为期末仍有效的类别；兜底类型为其中的低保、特困、低保边缘、刚性支出困难、防返贫监测等低收入类别。",
    ),
    about=("person", "household"),
)
