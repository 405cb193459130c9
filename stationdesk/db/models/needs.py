"""The needs library (需求库)."""

from datetime import date
from decimal import Decimal

from stationdesk.core.fields import OFF_TABLE, Code, Guard, Key, Kind, Place, Search, Spec
from stationdesk.core.vocab import Bradshaw, NeedResult, NeedStatus, NeedSubject, Urgency
from stationdesk.db.base import Record, Told, derive, field
from stationdesk.db.slots import OwnSlots


class Need(OwnSlots, Record):
    """What somebody needs: whose need it is, of what kind, how urgent, and where it stands."""

    __tablename__ = "need"
    __title__ = ("code", "item")

    code: Told[str] = field(
        "需求编号", kind=Kind.NUMBER, width=5, ordered=True, unique=True, search=Search.WORDS
    )
    urgency: Told[Urgency] = field(
        "紧急程度", width=5, default=Urgency.NORMAL, ordered=True, aliases=("紧急", "是否紧急")
    )
    subject: Told[NeedSubject] = field("需求归属", default=NeedSubject.PERSON, places=OFF_TABLE)
    person_key: Told[Key | None] = field(
        "服务对象", link="person", width=5, aliases=("姓名", "身份证号", "对象")
    )
    household_key: Told[Key | None] = field(
        "所在户", link="household", width=6, places=OFF_TABLE, aliases=("户编号",)
    )
    village_key: Told[Key | None] = field("村居", link="village", width=7, places=OFF_TABLE)
    item: Told[Code] = field(
        "需求事项",
        codes="need_item",
        width=8,
        search=Search.WORDS,
        aliases=("事项", "需求", "需求内容", "服务需求"),
    )
    result: Told[NeedResult] = field("需求结果", width=5, ordered=True, aliases=("需求类别",))
    description: Told[str | None] = field(
        "具体描述",
        kind=Kind.TEXT,
        width=14,
        search=Search.WORDS,
        guard=Guard.DROPPED,
        places=OFF_TABLE,
        aliases=("描述", "说明", "情况说明"),
    )
    status: Told[NeedStatus] = field(
        "需求状态", width=5, default=NeedStatus.TO_MATCH, ordered=True, aliases=("状态",)
    )
    raised_on: Told[date] = field("提出日期", width=6, ordered=True, aliases=("日期", "登记日期"))
    due_on: Told[date | None] = field("期望完成日", width=6, ordered=True, aliases=("应于",))
    quantity: Told[str | None] = field("数量", places=OFF_TABLE)
    amount: Told[Decimal | None] = field("金额", unit="元", places=OFF_TABLE)
    worker_key: Told[Key | None] = field("负责社工", link="worker", width=5, places=OFF_TABLE)
    bradshaw: Told[frozenset[Bradshaw]] = field("需求类型", page="评估", places=OFF_TABLE)
    source: Told[Code | None] = field("来源途径", codes="need_source", page="评估", places=OFF_TABLE)
    collected_by: Told[str | None] = field("采集人", page="评估", places=OFF_TABLE, suggested=True)
    methods: Told[frozenset[Code]] = field("评估方法", codes="assess_method", page="评估", places=OFF_TABLE)
    assessed_on: Told[date | None] = field("评估日期", page="评估", places=OFF_TABLE)
    assessment: Told[str | None] = field(
        "评估说明", kind=Kind.TEXT, page="评估", places=OFF_TABLE, guard=Guard.DROPPED
    )
    client_wish: Told[str | None] = field(
        "案主意愿", kind=Kind.TEXT, page="评估", places=OFF_TABLE, guard=Guard.DROPPED
    )
    service_items: Told[frozenset[Code]] = field(
        "关联服务项", codes="mzt_item", page="评估", places=OFF_TABLE
    )
    close_reason: Told[str | None] = field(
        "关闭原因", kind=Kind.TEXT, width=10, page="结果", places=OFF_TABLE, aliases=("未满足原因",)
    )
    closed_on: Told[date | None] = field("关闭日期", page="结果", places=OFF_TABLE)
    client_words: Told[str | None] = field(
        "服务对象意见", kind=Kind.TEXT, page="结果", places=OFF_TABLE, guard=Guard.DROPPED
    )
    satisfaction: Told[int | None] = field("满意度", page="结果", places=OFF_TABLE, hint="1 到 5 分")
    publishable: Told[bool] = field("可公开", page="结果", places=OFF_TABLE & ~Place.IMPORT)
    note: Told[str | None] = field(
        "备注",
        kind=Kind.TEXT,
        width=10,
        page="结果",
        places=OFF_TABLE,
        guard=Guard.DROPPED,
        search=Search.WORDS,
    )


derive("need", "village", str, Spec("村居", width=7, places=Place.TABLE | Place.POPUP | Place.SHEET))
derive("need", "waiting", int, Spec("已等", width=4, unit="天", places=Place.TABLE | Place.POPUP))
derive("need", "matches", int, Spec("对接数", width=4, places=Place.TABLE | Place.POPUP))
