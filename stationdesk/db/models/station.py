"""The station itself, its workers, its editable lists and its matching weights."""

from datetime import date

from sqlalchemy import UniqueConstraint

from stationdesk.core.fields import INTERNAL, OFF_TABLE, Key, Kind
from stationdesk.core.vocab import Privacy, Role
from stationdesk.db.base import Record, Told, field
from stationdesk.db.models.places import Located


class Station(Located, Record):
    """The profile of the station: one row; it heads every ledger and every printed sheet."""

    __tablename__ = "station"

    name: Told[str] = field("社工站名称", width=14, hint="例：柳河镇社会工作服务站")
    town: Told[str] = field("乡镇（街道）", width=10)
    town_code: Told[str | None] = field("乡镇代码", hint="9 位或 12 位区划代码")
    county: Told[str | None] = field("县（市、区）", width=10)
    phone: Told[str | None] = field("社工站电话", kind=Kind.PHONE, width=10)
    address: Told[str | None] = field("社工站地址", width=18)
    operator: Told[str | None] = field("承接机构", width=14)
    report_to: Told[str | None] = field("报送单位", width=14)
    leader: Told[str | None] = field("单位负责人", width=6, page="报表")
    reviewer: Told[str | None] = field("复核人", width=6, page="报表")
    month_starts_on: Told[int] = field(
        "每月从几日起算",
        width=4,
        page="报表",
        default=1,
        hint="1 到 28；如 21：2026-10 为 9 月 21 日至 10 月 20 日",
    )
    helplines: Told[str] = field(
        "求助电话",
        kind=Kind.TEXT,
        width=20,
        page="发放图",
        hint="每行一个：名称 空格 号码。印在发放图上，请先核实",
    )
    map_title: Told[str | None] = field("发放图标题", width=18, page="发放图")
    map_review: Told[str | None] = field("审图号", width=12, page="发放图", hint="底图有审图号时填写")
    least_counted: Told[int] = field(
        "分布图最小人数",
        width=4,
        page="发放图",
        default=5,
        hint="给领导看的服务对象分布图按村合计，不足这个人数的村只写“不足”",
    )
    sketch: Told[bool] = field("示意图模式", places=INTERNAL)
    practice: Told[bool] = field("练习镇", places=INTERNAL)


class Worker(Record):
    """Somebody who works with the program."""

    __tablename__ = "worker"

    name: Told[str] = field("姓名", width=6, ordered=True)
    role: Told[Role] = field("角色", width=8, default=Role.WORKER)
    phone: Told[str | None] = field("电话", kind=Kind.PHONE, width=8)
    sees_restricted: Told[bool] = field("可看限制档案")
    since: Told[date | None] = field("到岗日期")
    until: Told[date | None] = field("离岗日期")


class CodeRow(Record):
    """One row of an editable list: renamed, hidden, added; never deleted and never used again."""

    __tablename__ = "code"
    __title__ = ("label",)
    __table_args__ = (UniqueConstraint("list", "code"),)

    list: Told[str] = field("码表", places=INTERNAL)
    code: Told[str] = field("代码", width=6)
    label: Told[str] = field("名称", width=14)
    parent: Told[str | None] = field("上级代码", places=INTERNAL)
    position: Told[int] = field("顺序")
    hidden: Told[bool] = field("停用")
    verified: Told[bool] = field("已核对")
    built_in: Told[bool] = field("程序自带", places=INTERNAL)
    privacy: Told[Privacy | None] = field("隐私级别")
    note: Told[str | None] = field("说明", kind=Kind.TEXT, width=16, places=OFF_TABLE)


class Weight(Record):
    """What one matching rule counts for: the one editable place of the weights."""

    __tablename__ = "weight"
    __title__ = ("rule",)

    rule: Told[str] = field("规则", width=10, unique=True)
    points: Told[int] = field("分值", width=4)


class Attachment(Record):
    """A photo or paper that belongs to a record; the file lies in the station's folder."""

    __tablename__ = "attachment"

    record: Told[str] = field("所属类别", places=INTERNAL)
    record_key: Told[Key] = field("所属记录", places=INTERNAL)
    name: Told[str] = field("文件名", width=14)
    path: Told[str] = field("位置", places=INTERNAL)
    size: Told[int] = field("大小", unit="字节", places=INTERNAL)
    sha256: Told[str] = field("校验值", places=INTERNAL)
    added_on: Told[date] = field("加入日期")
    note: Told[str | None] = field("说明", kind=Kind.TEXT, width=16)
