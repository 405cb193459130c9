"""What the station's paper work needs: forms of the departments, layouts, closed months, targets, own fields."""

from datetime import date
from decimal import Decimal

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from stationdesk.core.fields import INTERNAL, OFF_TABLE, Key, Kind
from stationdesk.core.vocab.paperwork import FormMedium, MonthState, OwnGuard, OwnKind
from stationdesk.db.base import Plain, Record, Told, field


class KeptFile(Plain):
    """Bytes that never change, named by their digest: a blank form, a workbook as it was handed in."""

    __tablename__ = "kept_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class FormTemplate(Record):
    """A department's own form (上报模板), taught once: its blank, and what goes where."""

    __tablename__ = "form_template"

    name: Told[str] = field("模板名称", width=14, ordered=True)
    department: Told[str | None] = field("要表的单位", width=10, suggested=True)
    medium: Told[FormMedium] = field("表格种类", width=6, default=FormMedium.XLSX)
    file_name: Told[str] = field("空白表文件", width=14, places=INTERNAL)
    blank: Told[str] = field("空白表", places=INTERNAL)
    rules: Told[str] = field("填写规则", kind=Kind.TEXT, places=INTERNAL)
    note: Told[str | None] = field("备注", kind=Kind.TEXT, width=14, places=OFF_TABLE)


class ColumnSet(Record):
    """The columns of one of our own ledgers as a station wants them: order, names, what is left out."""

    __tablename__ = "column_set"

    ledger: Told[str] = field("台账", places=INTERNAL)
    name: Told[str] = field("方案名称", width=12, ordered=True)
    columns: Told[str] = field("列", kind=Kind.TEXT, places=INTERNAL)
    in_use: Told[bool] = field("使用中")


class ImportMap(Record):
    """What the columns of a list were taken for, to be proposed when a list of that form comes again."""

    __tablename__ = "import_map"
    __title__ = ("file_name",)
    __table_args__ = (UniqueConstraint("kind", "fingerprint"),)

    kind: Told[str] = field("导入种类", places=INTERNAL)
    fingerprint: Told[str] = field("表头特征", places=INTERNAL)
    file_name: Told[str] = field("文件名", width=14, places=INTERNAL)
    mapping: Told[str] = field("各列对应", kind=Kind.TEXT, places=INTERNAL)
    defaults: Told[str | None] = field("默认值", kind=Kind.TEXT, places=INTERNAL)
    used_on: Told[date] = field("最近使用", places=INTERNAL)


class ClosedMonth(Record):
    """A month whose ledgers were handed in: the files, the figures and the rows as they stood then."""

    __tablename__ = "closed_month"
    __title__ = ("month",)

    month: Told[str] = field("月份", width=5, ordered=True, unique=True)
    first: Told[date] = field("起", width=6)
    last: Told[date] = field("止", width=6)
    state: Told[MonthState] = field("月份状态", width=5, default=MonthState.CLOSED)
    closed_on: Told[date] = field("结账日期", width=6)
    worker_key: Told[Key | None] = field("结账人", link="worker", width=5)
    figures: Told[str] = field("上报数据", kind=Kind.TEXT, places=INTERNAL)
    rows: Told[str] = field("上报明细", places=INTERNAL)
    files: Told[str] = field("上报文件", kind=Kind.TEXT, places=INTERNAL)
    reopened_on: Told[date | None] = field("重新打开日期", width=6)
    reason: Told[str | None] = field("重新打开原因", kind=Kind.TEXT, width=12)


class Target(Record):
    """What a year's contract asks for on one line of the monthly table (年度指标)."""

    __tablename__ = "target"
    __title__ = ("line",)
    __table_args__ = (UniqueConstraint("year", "line"),)

    year: Told[int] = field("年度", width=4)
    line: Told[str] = field("指标", width=12, places=INTERNAL)
    value: Told[Decimal] = field("年度指标", width=6)


class CustomField(Record):
    """A field that the station added itself (自定义字段)."""

    __tablename__ = "custom_field"
    __title__ = ("label",)
    __table_args__ = (UniqueConstraint("record", "slot"),)

    record: Told[str] = field("所属类别", places=INTERNAL)
    slot: Told[str] = field("存放列", places=INTERNAL)
    label: Told[str] = field("字段名称", width=10)
    kind: Told[OwnKind] = field("字段类型", width=6, default=OwnKind.LINE)
    unit: Told[str | None] = field("单位", width=4)
    page: Told[str | None] = field("所在分页", width=6, hint="空为“自定义”")
    on_form: Told[bool] = field("在表单上", default=True)
    in_ledger: Told[bool] = field("进台账", default=True)
    on_slip: Told[bool] = field("印在走访单上")
    on_print: Told[bool] = field("印在卡片上")
    guard: Told[OwnGuard] = field("对外时", width=6, default=OwnGuard.DROPPED)
    position: Told[int] = field("顺序", places=INTERNAL)
    hidden: Told[bool] = field("停用")
