"""Households and people (服务对象), and the categories a person carries for a time."""

from datetime import date
from decimal import Decimal

from stationdesk.core.fields import INTERNAL, OFF_TABLE, Code, Guard, Key, Kind, Place, Search, Spec
from stationdesk.core.masks import mask_address, mask_id, mask_name, mask_phone
from stationdesk.core.vocab import ConsentState, FollowLevel, HouseholdStatus, PersonStatus, Sex
from stationdesk.db.base import Record, Told, derive, field
from stationdesk.db.models.places import Located
from stationdesk.db.slots import OwnSlots


class Household(Located, OwnSlots, Record):
    """A household (户): who lives and eats together, where, and how the station follows it."""

    __tablename__ = "household"
    __title__ = ("code",)

    code: Told[str] = field(
        "户编号", kind=Kind.NUMBER, width=5, ordered=True, unique=True, search=Search.WORDS, aliases=("户号",)
    )
    village_key: Told[Key | None] = field(
        "村居",
        link="village",
        width=7,
        aliases=(
            "村",
            "社区",
            "所在村居",
            "村（社区）",
            "村（居）",
            "村名",
            "所属村",
            "所在村",
            "行政村",
            "所属村居",
        ),
    )
    group_key: Told[Key | None] = field(
        "村民组", link="village_group", width=9, aliases=("组", "网格", "小组")
    )
    address: Told[str | None] = field(
        "居住地址",
        width=14,
        search=Search.WORDS,
        mask=mask_address,
        aliases=("详细地址", "家庭住址", "住址", "地址", "现居住地"),
    )
    kind: Told[Code | None] = field("户类别", codes="household_kind", width=5, places=OFF_TABLE)
    follow_level: Told[FollowLevel | None] = field("跟进级别", width=5, ordered=True, aliases=("风险等级",))
    worker_key: Told[Key | None] = field("负责社工", link="worker", width=5, aliases=("社工", "包户社工"))
    status: Told[HouseholdStatus] = field("户状态", width=4, default=HouseholdStatus.ACTIVE, places=OFF_TABLE)
    opened_on: Told[date | None] = field("建档日期", width=6, ordered=True, places=OFF_TABLE)
    closed_on: Told[date | None] = field("销档日期", places=OFF_TABLE)
    registered_size: Told[int | None] = field(
        "家庭人口", unit="人", page="家庭情况", places=OFF_TABLE, aliases=("人口数", "家庭人口数")
    )
    resident_size: Told[int | None] = field("常住人口", unit="人", page="家庭情况", places=OFF_TABLE)
    income: Told[Decimal | None] = field(
        "家庭年收入", unit="元", page="家庭情况", guard=Guard.DROPPED, places=OFF_TABLE, aliases=("年收入",)
    )
    income_sources: Told[frozenset[Code]] = field(
        "收入来源", codes="income_source", page="家庭情况", guard=Guard.DROPPED, places=OFF_TABLE
    )
    hardship: Told[frozenset[Code]] = field(
        "致困原因",
        codes="hardship_cause",
        page="家庭情况",
        guard=Guard.DROPPED,
        places=OFF_TABLE,
        aliases=("致贫原因",),
    )
    housing: Told[Code | None] = field("住房类型", codes="housing", page="家庭情况", places=OFF_TABLE)
    housing_area: Told[float | None] = field("住房面积", unit="平方米", page="家庭情况", places=OFF_TABLE)
    danger: Told[Code | None] = field("房屋安全等级", codes="danger_grade", page="家庭情况", places=OFF_TABLE)
    vehicle: Told[str | None] = field("交通工具", page="家庭情况", places=OFF_TABLE, suggested=True)
    strengths: Told[str | None] = field(
        "可用资源与优势", kind=Kind.TEXT, page="家庭情况", places=OFF_TABLE, guard=Guard.DROPPED
    )
    note: Told[str | None] = field(
        "备注",
        kind=Kind.TEXT,
        width=14,
        page="家庭情况",
        places=OFF_TABLE,
        guard=Guard.DROPPED,
        search=Search.WORDS,
    )


class Person(OwnSlots, Record):
    """A person on the station's books (人), in a household."""

    __tablename__ = "person"

    code: Told[str] = field(
        "档案号",
        kind=Kind.NUMBER,
        width=5,
        ordered=True,
        unique=True,
        search=Search.WORDS,
        aliases=("档案编号",),
    )
    name: Told[str] = field(
        "姓名",
        width=5,
        ordered=True,
        search=Search.NAME,
        mask=mask_name,
        aliases=("名字", "服务对象", "对象姓名"),
    )
    household_key: Told[Key] = field("所在户", link="household", width=6, aliases=("户编号", "户号"))
    relation: Told[Code | None] = field("与户主关系", codes="relation", width=5, aliases=("关系",))
    is_head: Told[bool] = field("户主", width=3, places=OFF_TABLE)
    id_kind: Told[Code | None] = field("证件类型", codes="id_kind", width=6, places=OFF_TABLE)
    id_number: Told[str | None] = field(
        "身份证号",
        kind=Kind.ID_NUMBER,
        width=10,
        search=Search.DIGITS,
        mask=mask_id,
        places=OFF_TABLE,
        aliases=("公民身份号码", "身份证", "身份证号码", "证件号", "证件号码"),
    )
    id_doubtful: Told[bool] = field(
        "号码待核", width=4, places=OFF_TABLE & ~Place.IMPORT, hint="号码校验不对，先存着，核对后取消"
    )
    sex: Told[Sex | None] = field("性别", width=3)
    birth_date: Told[date | None] = field(
        "出生日期",
        width=6,
        ordered=True,
        guard=Guard.DROPPED,
        places=OFF_TABLE,
        aliases=("出生年月", "生日", "出生年月日"),
    )
    age_told: Told[int | None] = field(
        "自报年龄",
        unit="岁",
        places=Place.FORM | Place.IMPORT | Place.HISTORY,
        hint="不知道出生日期时填",
        aliases=("年龄",),
    )
    phone: Told[str | None] = field(
        "联系电话",
        kind=Kind.PHONE,
        width=7,
        search=Search.DIGITS,
        mask=mask_phone,
        aliases=("电话", "手机", "手机号", "手机号码", "常用电话"),
    )
    status: Told[PersonStatus] = field("人员状态", width=4, default=PersonStatus.ACTIVE, places=OFF_TABLE)
    opened_on: Told[date | None] = field("建档日期", width=6, ordered=True, places=OFF_TABLE)
    closed_on: Told[date | None] = field("销档日期", places=OFF_TABLE)
    ethnic: Told[Code | None] = field("民族", codes="ethnic", width=4, page="身份", places=OFF_TABLE)
    political: Told[Code | None] = field("政治面貌", codes="political", page="身份", places=OFF_TABLE)
    education: Told[Code | None] = field(
        "学历", codes="education", page="身份", places=OFF_TABLE, aliases=("文化程度",)
    )
    marital: Told[Code | None] = field(
        "婚姻状况", codes="marital", page="身份", places=OFF_TABLE, aliases=("婚姻",)
    )
    occupation: Told[Code | None] = field(
        "从业状况", codes="occupation", page="身份", places=OFF_TABLE, aliases=("职业",)
    )
    workplace: Told[str | None] = field(
        "单位或学校", width=12, page="身份", places=OFF_TABLE, aliases=("工作单位", "就读学校")
    )
    registered_address: Told[str | None] = field(
        "户籍地址",
        width=14,
        page="身份",
        mask=mask_address,
        places=OFF_TABLE,
        aliases=("户籍地", "户口所在地"),
    )
    residence: Told[Code | None] = field("人户状态", codes="residence_state", page="身份", places=OFF_TABLE)
    emergency_contact: Told[str | None] = field(
        "紧急联系人", width=6, page="照护", mask=mask_name, places=OFF_TABLE
    )
    emergency_phone: Told[str | None] = field(
        "紧急联系电话",
        kind=Kind.PHONE,
        width=7,
        page="照护",
        mask=mask_phone,
        search=Search.DIGITS,
        places=OFF_TABLE,
    )
    health: Told[frozenset[Code]] = field(
        "健康状况", codes="health", page="照护", guard=Guard.DROPPED, places=OFF_TABLE, aliases=("身体状况",)
    )
    disability_number: Told[str | None] = field(
        "残疾证号",
        width=11,
        page="照护",
        mask=mask_id,
        guard=Guard.DROPPED,
        search=Search.DIGITS,
        places=OFF_TABLE,
    )
    disability_kinds: Told[frozenset[Code]] = field(
        "残疾类别", codes="disability_kind", page="照护", guard=Guard.DROPPED, places=OFF_TABLE
    )
    disability_grade: Told[Code | None] = field(
        "残疾等级", codes="disability_grade", page="照护", guard=Guard.DROPPED, places=OFF_TABLE
    )
    self_care: Told[Code | None] = field(
        "自理能力", codes="self_care", page="照护", guard=Guard.DROPPED, places=OFF_TABLE
    )
    carer: Told[str | None] = field(
        "监护人或照料人",
        width=8,
        page="照护",
        mask=mask_name,
        places=OFF_TABLE,
        aliases=("监护人", "照料人", "监护人/主要照顾者"),
    )
    insurance: Told[str | None] = field(
        "医保社保", width=10, page="照护", places=OFF_TABLE, suggested=True, guard=Guard.DROPPED
    )
    aid: Told[str | None] = field(
        "享受政策",
        width=12,
        page="照护",
        places=OFF_TABLE,
        suggested=True,
        guard=Guard.DROPPED,
        aliases=("享受救助", "政策救助情况"),
    )
    skills: Told[frozenset[Code]] = field("特长", codes="skill", page="身份", places=OFF_TABLE)
    consent: Told[ConsentState] = field("建档同意", default=ConsentState.NONE, page="照护", places=OFF_TABLE)
    consent_on: Told[date | None] = field("同意日期", page="照护", places=OFF_TABLE)
    note: Told[str | None] = field(
        "备注",
        kind=Kind.TEXT,
        width=14,
        page="照护",
        places=OFF_TABLE,
        guard=Guard.DROPPED,
        search=Search.WORDS,
    )


class PersonCategory(Record):
    """One category a person belongs to, from a day to a day (低保, 独居, 残疾...); several at once."""

    __tablename__ = "person_category"
    __title__ = ("category",)

    person_key: Told[Key] = field("服务对象", link="person", width=6)
    category: Told[Code] = field("对象类别", codes="client_group", width=10)
    since: Told[date | None] = field("起", width=6)
    until: Told[date | None] = field("止", width=6)
    basis: Told[str | None] = field("认定依据", width=10)
    certificate: Told[str | None] = field("证号", width=10, search=Search.DIGITS)
    monthly: Told[Decimal | None] = field("月补助", unit="元")
    note: Told[str | None] = field("备注", width=10, places=INTERNAL | Place.FORM)


_TOLD = Place.TABLE | Place.POPUP | Place.SHEET | Place.SLIP | Place.PRINT
"""Where what is computed of people meets people: everywhere but where it would be typed."""

derive(
    "household",
    "head",
    str,
    Spec("户主", width=5, places=_TOLD, mask=mask_name, guard=Guard.MASKED),
)
derive(
    "household",
    "members",
    int,
    Spec("在册人数", width=4, unit="人", places=_TOLD),
)
derive("household", "last_visit", date, Spec("最近走访", width=6, places=_TOLD))
derive("household", "next_visit", date, Spec("下次应访", width=6, places=_TOLD))
derive("person", "village", str, Spec("村居", width=7, places=_TOLD))
derive("person", "age", int, Spec("年龄", width=3, unit="岁", places=_TOLD))
derive("person", "groups", str, Spec("对象类别", width=12, places=_TOLD))
