"""What the station does: matches between needs and resources, and home visits."""

from datetime import date
from decimal import Decimal

from stationdesk.core.fields import OFF_TABLE, Code, Guard, Key, Kind, Place, Search, Spec
from stationdesk.core.masks import mask_name
from stationdesk.core.vocab import MatchMethod, MatchState, VisitMethod, VisitOutcome
from stationdesk.db.base import Record, Told, derive, field
from stationdesk.db.slots import OwnSlots


class Match(OwnSlots, Record):
    """A need brought together with a resource (对接记录), up to the client's own word."""

    __tablename__ = "match"
    __title__ = ("code",)

    code: Told[str] = field(
        "对接编号", kind=Kind.NUMBER, width=5, ordered=True, unique=True, search=Search.WORDS
    )
    state: Told[MatchState] = field("对接状态", width=5, default=MatchState.PLANNED, ordered=True)
    need_key: Told[Key] = field("需求", link="need", width=9)
    resource_key: Told[Key] = field("资源", link="resource", width=10)
    matched_on: Told[date] = field("对接日期", width=6, ordered=True)
    method: Told[MatchMethod | None] = field("对接方式", width=4)
    worker_key: Told[Key | None] = field("对接社工", link="worker", width=5, places=OFF_TABLE)
    agreed: Told[bool | None] = field("案主同意", places=OFF_TABLE)
    agreed_on: Told[date | None] = field("同意日期", places=OFF_TABLE)
    content: Told[str | None] = field(
        "提供内容", kind=Kind.TEXT, width=12, search=Search.WORDS, places=OFF_TABLE
    )
    quantity: Told[int | None] = field("数量", width=4, places=OFF_TABLE, hint="占用资源容量的数量，空为 1")
    amount: Told[Decimal | None] = field("金额或折价", unit="元", width=6, places=OFF_TABLE)
    in_money: Told[bool] = field("是资金", places=OFF_TABLE, hint="勾选：资金；不勾：物资或服务折价")
    people: Told[int | None] = field("受益人数", unit="人", places=OFF_TABLE)
    instances: Told[int | None] = field("受益人次", unit="人次", places=OFF_TABLE)
    due_on: Told[date | None] = field("预计完成", width=6, ordered=True)
    done_on: Told[date | None] = field("完成日期", width=6, page="结果", places=OFF_TABLE)
    confirmed_on: Told[date | None] = field("确认日期", page="结果", places=OFF_TABLE)
    client_words: Told[str | None] = field(
        "服务对象原话", kind=Kind.TEXT, page="结果", places=OFF_TABLE, guard=Guard.DROPPED
    )
    satisfaction: Told[int | None] = field("满意度", page="结果", places=OFF_TABLE, hint="1 到 5 分")
    reason: Told[str | None] = field("未成或撤回原因", kind=Kind.TEXT, page="结果", places=OFF_TABLE)
    retry_on: Told[date | None] = field(
        "可再问日期", page="结果", places=OFF_TABLE, hint="被谢绝后，到这天前不再推荐"
    )
    follow_up_on: Told[date | None] = field("回访日期", page="结果", ordered=True, places=OFF_TABLE)
    provider_told_on: Told[date | None] = field("反馈资源方日期", page="结果", places=OFF_TABLE)
    why: Told[str | None] = field("推荐理由", kind=Kind.TEXT, page="结果", places=OFF_TABLE)
    note: Told[str | None] = field(
        "备注",
        kind=Kind.TEXT,
        width=10,
        page="结果",
        places=OFF_TABLE,
        guard=Guard.DROPPED,
        search=Search.WORDS,
    )


class Visit(OwnSlots, Record):
    """One call on a household (走访). Nobody at home is not a completed visit."""

    __tablename__ = "visit"
    __title__ = ("code",)

    code: Told[str] = field(
        "走访编号", kind=Kind.NUMBER, width=5, ordered=True, unique=True, search=Search.WORDS
    )
    visited_on: Told[date] = field("走访日期", width=6, ordered=True)
    household_key: Told[Key] = field("走访户", link="household", width=6)
    person_key: Told[Key | None] = field("走访对象", link="person", width=5)
    method: Told[VisitMethod] = field("走访方式", width=4, default=VisitMethod.HOME)
    outcome: Told[VisitOutcome] = field("走访结果", width=5, default=VisitOutcome.MET)
    purpose: Told[Code | None] = field("走访目的", codes="visit_purpose", width=6)
    worker_key: Told[Key | None] = field("走访社工", link="worker", width=5)
    companions: Told[str | None] = field("陪同人员", places=OFF_TABLE, suggested=True)
    started: Told[str | None] = field("开始", places=OFF_TABLE | Place.SLIP, hint="例：09:30")
    ended: Told[str | None] = field("结束", places=OFF_TABLE | Place.SLIP)
    people: Told[int | None] = field("见到人数", unit="人", places=OFF_TABLE, hint="计入人次，空为 1")
    urgent: Told[bool] = field("紧急", places=OFF_TABLE)
    next_on: Told[date | None] = field("下次走访", width=6, ordered=True)
    situation: Told[str | None] = field(
        "家庭与生活现状",
        kind=Kind.TEXT,
        page="情况",
        places=OFF_TABLE | Place.SLIP,
        guard=Guard.DROPPED,
        search=Search.WORDS,
    )
    wellbeing: Told[str | None] = field(
        "身心状态", kind=Kind.TEXT, page="情况", places=OFF_TABLE, guard=Guard.DROPPED
    )
    income_change: Told[str | None] = field(
        "经济收支变化", kind=Kind.TEXT, page="情况", places=OFF_TABLE, guard=Guard.DROPPED
    )
    difficulties: Told[str | None] = field(
        "主要困难与诉求",
        kind=Kind.TEXT,
        width=12,
        page="情况",
        places=OFF_TABLE | Place.SLIP,
        guard=Guard.DROPPED,
        search=Search.WORDS,
    )
    hazards: Told[str | None] = field(
        "安全隐患", page="情况", places=OFF_TABLE | Place.SLIP, guard=Guard.DROPPED
    )
    policy_told: Told[str | None] = field("政策宣传内容", page="服务", places=OFF_TABLE)
    service_given: Told[str | None] = field("当场提供服务", page="服务", places=OFF_TABLE | Place.SLIP)
    goods_given: Told[str | None] = field("发放物资", page="服务", places=OFF_TABLE | Place.SLIP)
    needs_found: Told[int | None] = field("发现需求数", page="服务", places=OFF_TABLE)
    advice: Told[str | None] = field(
        "跟进建议", kind=Kind.TEXT, page="服务", places=OFF_TABLE, guard=Guard.DROPPED
    )
    photos: Told[str | None] = field("照片编号", page="服务", places=OFF_TABLE)
    note: Told[str | None] = field(
        "备注",
        kind=Kind.TEXT,
        width=10,
        page="服务",
        places=OFF_TABLE,
        guard=Guard.DROPPED,
        search=Search.WORDS,
    )


derive(
    "match",
    "client",
    str,
    Spec("服务对象", width=5, places=Place.TABLE | Place.SHEET, mask=mask_name, guard=Guard.MASKED),
)
derive("visit", "head", str, Spec("户主", width=5, places=Place.TABLE, mask=mask_name, guard=Guard.MASKED))
derive("visit", "village", str, Spec("村居", width=7, places=Place.TABLE | Place.SHEET))
