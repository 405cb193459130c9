"""月报表: the figures of the month that the records feed, with the month before and the year so far."""

from __future__ import annotations

from dataclasses import dataclass

from stationdesk.sheets.columns import CellKind, Column
from stationdesk.sheets.ledger import Ledger, Measure


@dataclass(frozen=True, slots=True)
class MonthlyLine:
    """One line: under which figure the service hands it in, how it is called, its unit, stock or flow."""

    key: str
    group: str
    label: str
    unit: str
    measure: Measure
    kind: CellKind = CellKind.INTEGER


def _stock(key: str, group: str, label: str, unit: str) -> MonthlyLine:
    return MonthlyLine(key, group, label, unit, Measure.STOCK)


def _flow(key: str, group: str, label: str, unit: str, kind: CellKind = CellKind.INTEGER) -> MonthlyLine:
    return MonthlyLine(key, group, label, unit, Measure.FLOW, kind)


CATEGORY = "{category}"
"""Stands in the keys and labels of the lines that are repeated for each category of clients."""

LINES: tuple[MonthlyLine, ...] = (
    _stock("households", "建档", "在册户数", "户"),
    _stock("persons", "建档", "在册人数", "人"),
    _flow("households_opened", "建档", "新建户档", "户"),
    _flow("persons_opened", "建档", "新增服务对象档案", "人"),
    _flow("households_closed", "建档", "销户档", "户"),
    _flow("persons_closed", "建档", "销档", "人"),
    _stock(f"category_households:{CATEGORY}", "对象类别", CATEGORY, "户"),
    _stock(f"category_persons:{CATEGORY}", "对象类别", CATEGORY, "人"),
    _flow("visits", "走访", "走访", "户次"),
    _flow("visits_home", "走访", "其中：入户", "户次"),
    _flow("visits_phone", "走访", "其中：电访、微信", "户次"),
    _flow("visited_households", "走访", "走访户数", "户"),
    _flow("visit_instances", "走访", "走访人次", "人次"),
    _flow("visits_in_vain", "走访", "未见到人（不计入走访）", "次"),
    _flow("coverage", "走访", "走访覆盖率", "%", CellKind.PERCENT),
    _stock("overdue", "走访", "逾期未访", "户"),
    _flow("needs", "需求", "新增需求", "项"),
    _flow("needs_K1", "需求", "其中：政策性", "项"),
    _flow("needs_K2", "需求", "其中：医疗性", "项"),
    _flow("needs_K3", "需求", "其中：心理性", "项"),
    _flow("needs_K4", "需求", "其中：资金性", "项"),
    _flow("needs_K5", "需求", "其中：安全性", "项"),
    _flow("needs_K6", "需求", "其中：发展性", "项"),
    _flow("needs_urgent", "需求", "新增中紧急的", "项"),
    _flow("needs_closed", "需求", "办结", "项"),
    _flow("needs_met", "需求", "其中：已满足", "项"),
    _stock("needs_open", "需求", "在办", "项"),
    _stock("needs_unmatched", "需求", "在办中未对接", "项"),
    _stock("resources", "资源", "资源总数", "个"),
    _stock("resources_R1", "资源", "其中：人力资源", "个"),
    _stock("resources_R2", "资源", "其中：组织资源", "个"),
    _stock("resources_R3", "资源", "其中：经费资源", "个"),
    _stock("resources_R4", "资源", "其中：空间资源", "个"),
    _stock("resources_R5", "资源", "其中：政策资源", "个"),
    _flow("resources_added", "资源", "新增", "个"),
    _flow("resources_verified", "资源", "核实", "个"),
    _stock("resources_stopped", "资源", "停用", "个"),
    _flow("matches", "对接", "链接次数", "次"),
    _flow("matches_done", "对接", "完成", "次"),
    _flow("goods_value", "对接", "物资、服务折价", "元", CellKind.MONEY),
    _flow("money_value", "对接", "资金", "元", CellKind.MONEY),
    _flow("people", "对接", "受益人数", "人"),
    _flow("instances", "对接", "受益人次", "人次"),
    _flow("match_rate", "对接", "对接率", "%", CellKind.PERCENT),
)
"""The lines in order; those of the categories are repeated for each category."""

MONTHLY = Ledger(
    "monthly",
    "月报表",
    Measure.FLOW,
    (
        Column("group", "类别", width=5, merged=True),
        Column("label", "指标", width=16),
        Column("unit", "单位", width=4),
        Column("measure", "性质", width=4),
        Column("this", "本月", CellKind.ANY, width=7),
        Column("previous", "上月", CellKind.ANY, width=7),
        Column("year", "本年累计", CellKind.ANY, width=7),
        Column("target", "年度指标", CellKind.ANY, width=7),
        Column("done", "完成率", CellKind.ANY, width=5),
    ),
    frozen=2,
    notes=(
        "口径：时点数为期末数，本年累计栏不填；时期数为期内发生数，本年累计从 1 月起算。",
        "年度指标按合同或任务书填写；完成率：时期数＝本年累计÷年度指标，时点数＝期末数÷年度指标。",
        "上月、本年累计：已结账月份用上报数，结账后的改动另列更正表；走访户数、受益人数、覆盖率、对接率按全年资料重新统计。",
        "户：户档数。人：服务对象数，同一人只计一次。户次：走访一户一次计一户次。人次：同一人每次都计。",
        "走访：只计见到本人或家人的走访，家中无人、未接通等不计；走访户数为期内至少走访一次的户数，同一户只计一次。",
        "覆盖率＝期内走访过的在册户数÷期末在册户数。逾期未访：到期末，按跟进级别已到应访日而没有走访的在册户。",
        "对象类别：一人可有几类，各类相加不等于在册人数；户数为有该类成员的在册户数。",
        "办结：期内关闭的需求（已满足、无法满足、撤回、转介）。在办：期末未关闭的需求；未对接：其中没有有效对接的。",
        "链接次数：对接日期在期内的对接，未成、已撤的不计；折价、资金、受益按同一范围合计。完成：完成日期在期内的对接。",
        "受益人数：期内同一服务对象（户、村居）只计一次；受益人次：每次对接都计；没有填写的按 1 计。",
        "对接率＝期内提出的需求中期末前已有完成的对接的÷期内提出的需求。",
    ),
)
