"""The resource library (资源库): organisations, resources, and one typed part for each dimension."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from stationdesk.core.fields import OFF_TABLE, Code, Guard, Key, Kind, Place, Search, Spec
from stationdesk.core.masks import mask_name, mask_phone
from stationdesk.core.vocab import (
    CapacityPer,
    ContactPublic,
    Dimension,
    Formality,
    Locus,
    MapClass,
    NeedResult,
    ResourceStatus,
    Sex,
    StateOfUse,
)
from stationdesk.db.base import Record, Told, derive, field
from stationdesk.db.models.places import Located
from stationdesk.db.slots import OwnSlots


class Organisation(OwnSlots, Record):
    """An organisation that provides resources or works beside the station."""

    __tablename__ = "organisation"

    name: Told[str] = field(
        "组织名称", width=14, ordered=True, search=Search.NAME, aliases=("单位名称", "机构名称")
    )
    kind: Told[Code | None] = field("组织类型", codes="org_kind", width=6)
    credit_code: Told[str | None] = field(
        "统一社会信用代码", width=10, search=Search.DIGITS, places=OFF_TABLE
    )
    registered: Told[str | None] = field("登记备案情况", places=OFF_TABLE)
    leader: Told[str | None] = field("负责人", width=5, mask=mask_name)
    phone: Told[str | None] = field("电话", kind=Kind.PHONE, width=8, mask=mask_phone, search=Search.DIGITS)
    address: Told[str | None] = field("地址", width=14, search=Search.WORDS)
    members: Told[int | None] = field("成员数", unit="人", places=OFF_TABLE)
    party: Told[str | None] = field("党组织", places=OFF_TABLE)
    offers: Told[str | None] = field("可提供资源意向", kind=Kind.TEXT, places=OFF_TABLE)
    agreement_from: Told[date | None] = field("协议起", places=OFF_TABLE)
    agreement_to: Told[date | None] = field("协议止", places=OFF_TABLE)
    note: Told[str | None] = field("备注", kind=Kind.TEXT, places=OFF_TABLE, search=Search.WORDS)


class Resource(Located, OwnSlots, Record):
    """Something or somebody the station can call on."""

    __tablename__ = "resource"
    __title__ = ("code", "name")

    code: Told[str] = field(
        "资源编号",
        kind=Kind.NUMBER,
        width=4,
        ordered=True,
        unique=True,
        search=Search.WORDS,
        aliases=("编号",),
    )
    name: Told[str] = field(
        "资源名称",
        width=10,
        ordered=True,
        search=Search.NAME,
        aliases=("名称", "单位名称", "机构名称", "name", "医院名称", "店名"),
    )
    alt_name: Told[str | None] = field("别名", width=8, search=Search.NAME, places=OFF_TABLE)
    dimension: Told[Dimension] = field("维度", width=5, ordered=True)
    second_dimension: Told[Dimension | None] = field("第二维度", places=OFF_TABLE)
    subcategory: Told[Code | None] = field(
        "子类", codes="subcategory", width=6, places=OFF_TABLE, aliases=("类别", "类型", "type", "class")
    )
    map_class: Told[MapClass] = field("图例类别", width=5, places=OFF_TABLE)
    offer_text: Told[str | None] = field(
        "能提供什么", width=12, search=Search.WORDS, aliases=("服务内容", "提供服务", "服务", "可提供资源")
    )
    offer_items: Told[frozenset[Code]] = field("对应需求事项", codes="need_item", width=10, places=OFF_TABLE)
    provider_key: Told[Key | None] = field(
        "提供方", link="organisation", places=OFF_TABLE, aliases=("所属单位",)
    )
    status: Told[ResourceStatus] = field("状态", width=4, default=ResourceStatus.ACTIVE, ordered=True)
    state_of_use: Told[StateOfUse] = field(
        "使用状况", width=5, default=StateOfUse.POTENTIAL, places=OFF_TABLE
    )
    formality: Told[Formality | None] = field("正式/非正式", places=OFF_TABLE)
    locus: Told[Locus | None] = field("内部/外部", places=OFF_TABLE)
    alert: Told[str | None] = field("提示", hint="短期通知，如“本周停诊”", places=OFF_TABLE)

    groups: Told[frozenset[Code]] = field(
        "适用对象", codes="client_group", width=10, page="条件与办理", places=OFF_TABLE, aliases=("服务对象",)
    )
    eligibility: Told[str | None] = field("适用条件", kind=Kind.TEXT, page="条件与办理", places=OFF_TABLE)
    ineligibility: Told[str | None] = field("不适用情形", kind=Kind.TEXT, page="条件与办理", places=OFF_TABLE)
    min_age: Told[int | None] = field("最小年龄", unit="岁", page="条件与办理", places=OFF_TABLE)
    max_age: Told[int | None] = field("最大年龄", unit="岁", page="条件与办理", places=OFF_TABLE)
    results: Told[frozenset[NeedResult]] = field("对应需求结果", page="条件与办理", places=OFF_TABLE)
    service_items: Told[frozenset[Code]] = field(
        "对应服务项", codes="mzt_item", page="条件与办理", places=OFF_TABLE
    )
    capacity: Told[int | None] = field(
        "容量", width=4, page="条件与办理", places=OFF_TABLE, aliases=("数量",)
    )
    capacity_unit: Told[str | None] = field("单位", page="条件与办理", places=OFF_TABLE, suggested=True)
    capacity_per: Told[CapacityPer | None] = field("每", page="条件与办理", places=OFF_TABLE)
    fee: Told[bool] = field("收费", page="条件与办理", places=OFF_TABLE, aliases=("是否收费",))
    fee_text: Told[str | None] = field("收费说明", page="条件与办理", places=OFF_TABLE)
    same_day: Told[bool] = field("当天可办", page="条件与办理", places=OFF_TABLE)
    process: Told[str | None] = field("办理流程", kind=Kind.TEXT, page="条件与办理", places=OFF_TABLE)
    documents: Told[str | None] = field("所需材料", kind=Kind.TEXT, page="条件与办理", places=OFF_TABLE)
    hours: Told[str | None] = field(
        "开放时间", width=8, page="条件与办理", places=OFF_TABLE, aliases=("办公时间", "营业时间", "服务时间")
    )
    valid_from: Told[date | None] = field("有效期起", page="条件与办理", places=OFF_TABLE)
    valid_to: Told[date | None] = field("有效期止", page="条件与办理", places=OFF_TABLE)

    village_key: Told[Key | None] = field(
        "村居", link="village", width=6, page="位置", aliases=("村", "社区", "所在村居")
    )
    address: Told[str | None] = field(
        "地址",
        width=14,
        page="位置",
        search=Search.WORDS,
        places=OFF_TABLE,
        aliases=("详细地址", "address", "ADD", "位置"),
    )

    contact: Told[str | None] = field(
        "联系人", width=5, page="联系", mask=mask_name, search=Search.NAME, places=OFF_TABLE
    )
    contact_title: Told[str | None] = field("职务", page="联系", places=OFF_TABLE)
    phone: Told[str | None] = field(
        "电话",
        kind=Kind.PHONE,
        width=7,
        page="联系",
        mask=mask_phone,
        search=Search.DIGITS,
        places=OFF_TABLE,
        aliases=("联系电话", "手机", "tel", "phone"),
    )
    phone_2: Told[str | None] = field(
        "备用电话", kind=Kind.PHONE, page="联系", mask=mask_phone, search=Search.DIGITS, places=OFF_TABLE
    )
    contact_public: Told[ContactPublic] = field(
        "联系人同意公开", default=ContactPublic.NONE, page="联系", places=OFF_TABLE
    )
    printable: Told[bool] = field("可上图打印", default=True, page="联系", places=OFF_TABLE)
    confidential: Told[bool] = field(
        "地址保密", page="联系", places=OFF_TABLE, hint="不上图、不打印、不导出地址"
    )
    do_not_contact: Told[bool] = field("勿联系", page="联系", places=OFF_TABLE, hint="不参加对接推荐")

    source: Told[Code | None] = field("信息来源", codes="source_method", page="来源与核实", places=OFF_TABLE)
    collected_on: Told[date | None] = field("采集日期", page="来源与核实", places=OFF_TABLE)
    collected_by: Told[str | None] = field("采集人", page="来源与核实", places=OFF_TABLE, suggested=True)
    verified_on: Told[date | None] = field(
        "核实日期", width=6, ordered=True, page="来源与核实", places=OFF_TABLE
    )
    verify_due: Told[date | None] = field("下次核实", page="来源与核实", places=OFF_TABLE)
    note: Told[str | None] = field(
        "备注",
        kind=Kind.TEXT,
        width=12,
        page="来源与核实",
        places=OFF_TABLE,
        search=Search.WORDS,
        guard=Guard.DROPPED,
    )


class _Part(Record):
    """The typed part of a resource: the same key, one to one."""

    __abstract__ = True
    __title__ = ()

    key: Mapped[Key] = mapped_column(String(32), ForeignKey("resource.key"), primary_key=True, sort_order=-1)


class ResourceHuman(_Part):
    """R1 人力: a person or a team of people."""

    __tablename__ = "resource_human"

    sex: Told[Sex | None] = field("性别", page="人力", places=OFF_TABLE)
    birth_month: Told[str | None] = field("出生年月", page="人力", places=OFF_TABLE, guard=Guard.DROPPED)
    standing: Told[str | None] = field(
        "身份", page="人力", places=OFF_TABLE, suggested=True, hint="党员、学生、退休……"
    )
    occupation: Told[str | None] = field("职业", page="人力", places=OFF_TABLE)
    skills: Told[frozenset[Code]] = field("特长", codes="skill", page="人力", places=OFF_TABLE)
    free_time: Told[str | None] = field("可服务时间", page="人力", places=OFF_TABLE)
    reach: Told[str | None] = field("可服务范围", page="人力", places=OFF_TABLE)
    volunteer_number: Told[str | None] = field("志愿者编号", page="人力", places=OFF_TABLE)
    person_key: Told[Key | None] = field("本站服务对象", link="person", page="人力", places=OFF_TABLE)


class ResourceOrganisation(_Part):
    """R2 组织: what an organisation itself can bring."""

    __tablename__ = "resource_organisation"

    credit_code: Told[str | None] = field("统一社会信用代码", page="组织", places=OFF_TABLE)
    kind: Told[Code | None] = field("组织类型", codes="org_kind", page="组织", places=OFF_TABLE)
    registered: Told[str | None] = field("登记备案情况", page="组织", places=OFF_TABLE)
    leader: Told[str | None] = field("负责人", page="组织", places=OFF_TABLE, mask=mask_name)
    members: Told[int | None] = field("成员数", unit="人", page="组织", places=OFF_TABLE)
    party: Told[str | None] = field("党组织", page="组织", places=OFF_TABLE)
    agreement_from: Told[date | None] = field("协议起", page="组织", places=OFF_TABLE)
    agreement_to: Told[date | None] = field("协议止", page="组织", places=OFF_TABLE)


class ResourceFund(_Part):
    """R3 经费: money that can be applied for."""

    __tablename__ = "resource_fund"

    kind: Told[Code | None] = field("资金来源类型", codes="fund_kind", page="经费", places=OFF_TABLE)
    amount: Told[Decimal | None] = field("金额", unit="元", page="经费", places=OFF_TABLE)
    used: Told[Decimal | None] = field("已用", unit="元", page="经费", places=OFF_TABLE)
    earmarked: Told[str | None] = field("限定用途", page="经费", places=OFF_TABLE)
    window_from: Told[date | None] = field("申请窗口起", page="经费", places=OFF_TABLE)
    window_to: Told[date | None] = field("申请窗口止", page="经费", places=OFF_TABLE)
    conditions: Told[str | None] = field("申请条件", kind=Kind.TEXT, page="经费", places=OFF_TABLE)
    receipt: Told[Code | None] = field("票据类型", codes="receipt_kind", page="经费", places=OFF_TABLE)


class ResourceSpace(_Part):
    """R4 空间: a room, a hall, a square."""

    __tablename__ = "resource_space"

    area: Told[float | None] = field("面积", unit="平方米", page="空间", places=OFF_TABLE)
    seats: Told[int | None] = field("可容纳人数", unit="人", page="空间", places=OFF_TABLE)
    equipment: Told[str | None] = field("设备", page="空间", places=OFF_TABLE)
    free_time: Told[str | None] = field("可预约时间", page="空间", places=OFF_TABLE)
    booking: Told[str | None] = field("预约方式", page="空间", places=OFF_TABLE)
    accessible: Told[str | None] = field(
        "无障碍", page="空间", places=OFF_TABLE, suggested=True, hint="坡道、扶手、无障碍厕所"
    )
    owner: Told[str | None] = field("产权单位", page="空间", places=OFF_TABLE)
    shelter: Told[bool] = field("避灾点", page="空间", places=OFF_TABLE)


class ResourcePolicy(_Part):
    """R5 政策: a policy with its terms; figures change each year and are edited by the worker."""

    __tablename__ = "resource_policy"

    document: Told[str | None] = field("文号", page="政策", places=OFF_TABLE)
    issuer: Told[str | None] = field("发布单位", page="政策", places=OFF_TABLE)
    issued_on: Told[date | None] = field("发布日期", page="政策", places=OFF_TABLE)
    effective_on: Told[date | None] = field("生效日期", page="政策", places=OFF_TABLE)
    conditions: Told[str | None] = field("认定条件", kind=Kind.TEXT, page="政策", places=OFF_TABLE)
    standard: Told[Decimal | None] = field("补助标准", unit="元", page="政策", places=OFF_TABLE)
    standard_unit: Told[str | None] = field(
        "标准单位", page="政策", places=OFF_TABLE, hint="每人每月、每户一次……", suggested=True
    )
    desk: Told[str | None] = field("办理地点", page="政策", places=OFF_TABLE)
    desk_phone: Told[str | None] = field("经办电话", kind=Kind.PHONE, page="政策", places=OFF_TABLE)


PARTS: dict[Dimension, type[Record]] = {
    Dimension.PEOPLE: ResourceHuman,
    Dimension.ORGANISATIONS: ResourceOrganisation,
    Dimension.FUNDS: ResourceFund,
    Dimension.SPACE: ResourceSpace,
    Dimension.POLICY: ResourcePolicy,
}
"""The typed part that belongs to each dimension."""

derive(
    "resource", "remaining", int, Spec("剩余容量", width=4, places=Place.TABLE | Place.POPUP | Place.SHEET)
)
derive("resource", "uses", int, Spec("累计对接", width=4, places=Place.TABLE | Place.POPUP | Place.SHEET))
derive("resource", "last_used", date, Spec("最近合作", width=6, places=Place.POPUP | Place.SHEET))
derive("resource", "distance", float, Spec("距站", width=4, unit="公里", places=Place.TABLE | Place.POPUP))
