"""The registry of what forms may be filled with: every field of the records, and what is derived from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import Enum
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Field, Guard, Kind, Place
from stationdesk.core.masks import mask_address, mask_id, mask_minor_name, mask_name, mask_phone
from stationdesk.core.vocab.choice import caption
from stationdesk.db.base import fields_of
from stationdesk.db.models import RECORD_TITLES, RECORDS, CodeRow
from stationdesk.services.ledgers.figures import Category, categories
from stationdesk.services.ledgers.reading import GROUPS
from stationdesk.sheets.columns import CellKind, kind_of
from stationdesk.sheets.ledgers.monthly import CATEGORY, LINES, MonthlyLine
from stationdesk.sheets.template.rules import FIGURE, NUMBERING, Subject
from stationdesk.sheets.template.sources import Source, Sources

WHOLE = caption("整张表")
PEOPLE = caption("人")
HOMES = caption("户")
_FIGURES = "月报表数字："

REACH: Mapping[str, frozenset[Subject]] = MappingProxyType(
    {
        "person": frozenset({Subject.PERSON, Subject.HOUSEHOLD, Subject.NEED, Subject.MATCH, Subject.VISIT}),
        "household": frozenset(
            {Subject.PERSON, Subject.HOUSEHOLD, Subject.NEED, Subject.MATCH, Subject.VISIT}
        ),
        "need": frozenset({Subject.NEED, Subject.MATCH}),
        "resource": frozenset({Subject.RESOURCE, Subject.MATCH}),
        "match": frozenset({Subject.MATCH}),
        "visit": frozenset({Subject.VISIT}),
    }
)
"""The rows on which the fields of a kind of record are known; on a row about a household, a person is its head."""

# Links whose titles are a sentence of their own: forms ask for the name, which is a field of what is linked.
_LEFT_OUT = frozenset(
    {
        *("person.household_key", "household.group_key", "person.is_head_of"),
        *("need.person_key", "need.household_key", "need.village_key", "need.subject"),
        *("match.need_key", "match.resource_key", "visit.household_key", "visit.person_key"),
        *("person.age_told", "person.id_doubtful"),
    }
)
_LEFT_KINDS = frozenset({Kind.LATITUDE, Kind.LONGITUDE, Kind.GEOMETRY})

# What departments' forms call things beside the names that rosters use.
_ALIASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "person.registered_address": ("户籍所在地", "户口地址", "户籍"),
        "person.occupation": ("就业状况", "就业情况", "就业状态"),
        "person.opened_on": ("建档时间",),
        "person.emergency_phone": ("紧急联系人电话", "紧急联系人联系电话", "紧急联系方式"),
        "household.housing": ("住房情况", "住房类别"),
        "visit.next_on": ("下次走访时间", "下次走访日期", "下次探访时间"),
        "visit.service_given": ("解决措施", "服务内容", "提供服务", "处理情况"),
        "visit.advice": ("下一步措施", "后续跟进", "跟进措施"),
        "person.code": ("编号", "档案编号"),
        "person.name": (
            "服务对象姓名",
            "受访人",
            "受访人姓名",
            "被走访人",
            "本人姓名",
            "人员姓名",
            "走访对象",
        ),
        "person.is_head": ("是否户主", "是否为户主"),
        "person.relation": ("与户主（申请人）关系", "家庭关系", "与本人关系"),
        "person.phone": ("本人电话", "联系方式", "电话号码", "联系电话号码"),
        "person.carer": ("监护人姓名", "主要照顾者", "照护人"),
        "person.birth_date": ("出生时间", "出生"),
        "household.code": ("户编码", "编号"),
        "household.village_key": (
            *("村居", "所在村（社区）", "村（居）", "行政村", "村（社区）名称", "村名", "所属村居", "所在村"),
        ),
        "household.address": ("现住址", "家庭地址", "家庭详细住址", "居住地", "常住地址"),
        "household.income": ("家庭年总收入", "年家庭收入", "家庭收入"),
        "household.worker_key": ("责任社工", "包保社工", "联系社工"),
        "need.code": ("编号",),
        "need.raised_on": ("收集日期", "采集日期", "提出时间"),
        "resource.code": ("编号",),
        "match.code": ("编号",),
        "visit.code": ("编号",),
        "visit.visited_on": ("走访时间", "日期", "入户日期", "探访日期"),
        "visit.worker_key": ("走访人", "走访人员", "探访人员"),
        "visit.difficulties": ("存在困难", "存在问题", "主要困难", "困难诉求", "反映问题"),
        "visit.situation": ("走访内容", "走访情况", "基本情况"),
        "visit.people": ("人次", "服务人次"),
        "match.matched_on": ("链接日期", "日期"),
        "match.content": ("链接内容", "服务内容"),
        "match.amount": ("折价/金额", "折合金额", "金额"),
        "resource.name": ("资源方", "链接资源"),
    }
)

GROUP = "group:"
"""What the sources for single categories begin with; their code follows."""
_INNER = re.compile(r"[（(](.*?)[）)]")

_HOME = REACH["household"]
_NAMED = REACH["person"]
_OWN = (
    Source(
        NUMBERING,
        caption("序号"),
        WHOLE,
        CellKind.INTEGER,
        frozenset(Subject),
        ("序", "顺序号", "行号", "No"),
    ),
    Source(
        "derived.age",
        caption("年龄"),
        PEOPLE,
        CellKind.INTEGER,
        _NAMED,
        ("周岁", "实足年龄", "年龄（周岁）"),
        unit="岁",
    ),
    Source(
        "derived.groups",
        caption("对象类别"),
        PEOPLE,
        subjects=_NAMED,
        aliases=(
            *(
                "人员类别",
                "困难类型",
                "救助类别",
                "类别",
                "人员类型",
                "对象类型",
                "困境类型",
                "身份类别",
                "服务对象类别",
            ),
        ),
    ),
    Source(
        "derived.relief",
        caption("兜底类型"),
        PEOPLE,
        subjects=_NAMED,
        aliases=("低收入类型", "兜底保障类型", "低保类别"),
    ),
    Source(
        "derived.last_visit",
        caption("最近走访日期"),
        HOMES,
        CellKind.DATE,
        _HOME,
        ("最近一次走访", "上次走访日期"),
    ),
    Source(
        "derived.group",
        caption("村民组"),
        HOMES,
        subjects=_HOME,
        aliases=("组", "村组", "小组", "所在组", "网格"),
    ),
    Source(
        "derived.size",
        caption("在册家庭成员数"),
        HOMES,
        CellKind.INTEGER,
        _HOME,
        ("户内人数", "家庭成员数", "保障人数"),
        unit="人",
    ),
    Source(
        "derived.head",
        caption("户主姓名"),
        HOMES,
        subjects=_HOME,
        aliases=("户主", "户主名"),
        guard=Guard.MASKED,
        mask=mask_name,
        minor_mask=mask_minor_name,
    ),
    Source(
        "derived.head_id",
        caption("户主身份证号"),
        HOMES,
        CellKind.CODE,
        _HOME,
        ("户主身份证号码", "户主证件号码"),
        guard=Guard.MASKED,
        mask=mask_id,
    ),
    Source(
        "derived.head_phone",
        caption("户主电话"),
        HOMES,
        CellKind.CODE,
        _HOME,
        ("户主联系电话", "户主手机"),
        guard=Guard.MASKED,
        mask=mask_phone,
    ),
    Source(
        "derived.members",
        caption("家庭成员姓名"),
        HOMES,
        subjects=_HOME,
        aliases=("家庭成员", "全部成员"),
        guard=Guard.DROPPED,
    ),
    Source(
        "derived.others",
        caption("其他家庭成员（关系）"),
        HOMES,
        subjects=_HOME,
        aliases=("共同生活家庭成员",),
        guard=Guard.DROPPED,
    ),
    Source(
        "derived.visits",
        caption("本期走访次数"),
        HOMES,
        CellKind.INTEGER,
        _HOME,
        ("走访次数", "本月走访次数"),
    ),
    Source(
        "derived.full_address",
        caption("村居加地址"),
        HOMES,
        subjects=_HOME,
        guard=Guard.MASKED,
        mask=mask_address,
    ),
)
_HEAD = (
    Source(
        "head.station",
        caption("填报单位"),
        WHOLE,
        aliases=(
            *(
                "填表单位",
                "单位",
                "单位名称",
                "报送单位",
                "上报单位",
                "制表单位",
                "社工站名称",
                "站点名称",
                "社工站",
            ),
        ),
    ),
    Source("head.town", caption("乡镇（街道）"), WHOLE, aliases=("乡镇", "街道", "乡（镇、街道）", "镇街")),
    Source("head.county", caption("县（市、区）"), WHOLE, aliases=("县区", "区县", "县")),
    Source("head.operator", caption("承接机构"), WHOLE, aliases=("运营机构", "服务机构")),
    Source("head.report_to", caption("报送对象"), WHOLE, aliases=("主管单位",)),
    Source(
        "head.leader",
        caption("单位负责人"),
        WHOLE,
        aliases=("负责人", "站长", "单位领导", "分管领导", "负责人签字"),
    ),
    Source("head.reviewer", caption("复核人"), WHOLE, aliases=("审核人", "审核", "校对")),
    Source(
        "head.worker",
        caption("填表人"),
        WHOLE,
        aliases=("填报人", "制表人", "制表", "经办人", "统计人", "登记人", "填写人"),
    ),
    Source(
        "head.phone",
        caption("社工站电话"),
        WHOLE,
        CellKind.CODE,
        aliases=("联系电话", "单位电话", "电话", "联系方式"),
    ),
    Source(
        "head.today",
        caption("填报日期"),
        WHOLE,
        CellKind.DATE,
        aliases=(
            *(
                "填表日期",
                "制表日期",
                "报送日期",
                "上报日期",
                "登记日期",
                "填报时间",
                "填表时间",
                "日期",
                "时间",
            ),
        ),
    ),
    Source(
        "head.period",
        caption("统计期间"),
        WHOLE,
        aliases=(
            *("统计月份", "报告期", "期间", "月份", "统计时间", "所属期", "所属月份", "填报月份", "报表月份"),
        ),
    ),
    Source("head.first", caption("期初日期"), WHOLE, CellKind.DATE, aliases=("起始日期", "开始日期")),
    Source(
        "head.last",
        caption("期末日期"),
        WHOLE,
        CellKind.DATE,
        aliases=("截止日期", "统计截止日期", "截至日期"),
    ),
    Source("head.year", caption("年度"), WHOLE, CellKind.INTEGER, aliases=("年份",)),
    Source("head.month", caption("月"), WHOLE, CellKind.INTEGER),
    Source(
        "head.count",
        caption("总行数（人数、户数）"),
        WHOLE,
        CellKind.INTEGER,
        aliases=("合计人数", "总人数", "合计户数", "总户数", "共计"),
    ),
)

_FIGURE_ALIASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "households": ("在册户数", "建档户数", "档案户数", "服务户数", "总户数"),
        "persons": ("在册人数", "建档人数", "服务对象总数", "服务对象人数", "总人数"),
        "persons_opened": ("新增档案", "新建服务对象档案", "新建档案", "新增建档人数"),
        "households_opened": ("新增户档", "新增建档户数"),
        "visits": ("走访户次", "走访次数", "入户走访户次", "走访总户次"),
        "visits_home": ("入户走访", "入户"),
        "visits_phone": ("电话探访", "电访"),
        "visit_instances": ("走访人次", "服务人次"),
        "coverage": ("覆盖率", "走访率"),
        "needs": ("新增需求", "收集需求", "需求数", "采集需求"),
        "needs_closed": ("办结需求", "办结", "已办结需求"),
        "needs_met": ("已满足需求", "已解决需求"),
        "needs_open": ("在办需求", "在办"),
        "needs_unmatched": ("未对接需求", "未对接"),
        "needs_urgent": ("紧急需求",),
        "resources": ("资源总数", "资源数", "资源库资源数"),
        "resources_added": ("新增资源",),
        "resources_verified": ("核实资源",),
        "matches": ("链接次数", "链接资源次数", "资源链接次数", "对接次数", "链接资源"),
        "matches_done": ("完成对接", "对接完成"),
        "goods_value": ("物资折价", "物资折价金额", "链接物资折价"),
        "money_value": ("链接资金", "资金金额", "资金"),
        "people": ("受益人数",),
        "instances": ("受益人次",),
        "match_rate": ("对接率",),
    }
)


def sources_of(session: Session | None = None) -> Sources:
    """Everything a form may be filled with; with a station, its own words and categories too."""
    words = _words(session)
    every = [*_field_sources(words), *(_with_words(each, words) for each in _OWN), *_HEAD]
    every += _group_sources(categories(session) if session is not None else ())
    every += _figure_sources(categories(session) if session is not None else ())
    return {each.name: each for each in every}


def _field_sources(words: Mapping[str, tuple[str, ...]]) -> Iterator[Source]:
    for record, subjects in REACH.items():
        for told in fields_of(RECORDS[record], Place.SHEET | Place.FORM):
            if told.derived or told.name in _LEFT_OUT or told.spec.kind in _LEFT_KINDS:
                continue
            yield Source(
                told.name,
                told.label,
                RECORD_TITLES[record],
                kind_of(told),
                subjects,
                (*told.spec.aliases, *_ALIASES.get(told.name, ())),
                _words_of(told, words),
                told.spec.unit,
                told,
                told.spec.guard,
                told.spec.mask,
                mask_minor_name if told.spec.mask is mask_name else None,
            )


def _words_of(told: Field, words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if told.spec.codes:
        return words.get(told.spec.codes, ())
    if issubclass(told.type, Enum):
        return tuple(str(getattr(each, "label", each.value)) for each in told.type)
    return ()


def _words(session: Session | None) -> Mapping[str, tuple[str, ...]]:
    if session is None:
        return {}
    words: dict[str, tuple[str, ...]] = {}
    query = select(CodeRow.list, CodeRow.label).where(CodeRow.hidden.is_(False)).order_by(CodeRow.position)
    for row in session.execute(query):
        words[row.list] = (*words.get(row.list, ()), row.label)
    return words


def _with_words(source: Source, words: Mapping[str, tuple[str, ...]]) -> Source:
    if source.name in {"derived.groups", "derived.relief"}:
        return replace(source, words=words.get(GROUPS, ()))
    return source


def _figure_sources(groups: tuple[Category, ...]) -> Iterator[Source]:
    for line in LINES:
        if CATEGORY not in line.key:
            label = line.label.removeprefix("其中：")
            yield _figure(line, line.key, label, _FIGURE_ALIASES.get(line.key, ()))
            continue
        for each in groups:
            label = line.label.replace(CATEGORY, each.label)
            count = {"户": "户数", "人": "人数"}.get(line.unit, "")
            yield _figure(line, line.key.replace(CATEGORY, each.code), label, (f"{label}{count}",))


def _group_sources(groups: tuple[Category, ...]) -> Iterator[Source]:
    """Whether a person is of a category: 是否低保, 是否独居老人, as forms ask it one by one."""
    for each in groups:
        inner = [word for word in _INNER.findall(each.label) if word]
        bare = _INNER.sub("", each.label)
        names = dict.fromkeys(
            f"{begins}{word}{ends}"
            for word in (*inner, bare)
            for begins, ends in (("是否", ""), ("是否为", ""), ("是否", "户"), ("是否", "对象"))
        )
        yield Source(
            f"{GROUP}{each.code}",
            f"是否{inner[0] if inner else bare}",
            PEOPLE,
            subjects=_NAMED,
            aliases=tuple(names),
        )


def _figure(line: MonthlyLine, key: str, label: str, aliases: tuple[str, ...]) -> Source:
    return Source(
        f"{FIGURE}{key}", label, f"{_FIGURES}{line.group}", line.kind, None, aliases, unit=line.unit
    )
