"""Labels of columns: how they are compared, and which words are labels in any table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from stationdesk.core.text import clean_line
from stationdesk.sheets.reading.cells import Cell

COMMON = frozenset(
    {
        *("序号", "编号", "代码", "编码", "姓名", "名称", "项目", "项目名称", "单位名称", "户主"),
        *("户主姓名", "性别", "年龄", "民族", "出生日期", "出生年月", "身份证号", "身份证号码"),
        *("证件号码", "电话", "联系电话", "手机", "手机号", "手机号码", "联系方式", "联系人", "地址"),
        *("住址", "家庭住址", "详细地址", "村", "村名", "村居", "社区", "组", "村组", "乡镇", "县"),
        *("户数", "人数", "人口", "家庭人口", "数量", "单位", "单价", "金额", "规格", "型号", "类别"),
        *("类型", "分类", "日期", "时间", "登记日期", "备注", "说明", "合计", "小计", "职务", "年级"),
        *("班级", "学校", "与户主关系", "关系", "保障类别", "低保类别", "残疾类别", "残疾等级"),
        *("健康状况", "文化程度", "婚姻状况", "政治面貌", "物资名称", "货物名称", "品名", "面积", "收入"),
        *("年收入", "经度", "纬度", "name", "id", "no", "no.", "№", "code", "type", "address", "phone"),
        *("tel", "date", "remark"),
    }
)
"""Words that stand above columns and hardly ever in them."""

_YEARS = range(1949, 2101)
_YEAR = re.compile(r"(19|20)\d\d")
_NUMBER = re.compile(
    r"[+-]?[\d,.]+%?|\d{1,4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?|\d{1,2}:\d{2}(:\d{2})?|"
    r"\d{15,18}[Xx]?|[\d\- +()]{7,}|#[A-Z/]+[0!?]*"
)
_KEYS = re.compile(
    r"序号?|号|№|no\.?|id|code|name|.{0,6}(姓名|名称|编号|编码|代码|序号)|户主|村|村名|村居|项目|品名|户号",
    re.IGNORECASE,
)


def label_text(text: str) -> str:
    """A label as it is compared: half width, without blanks and line breaks (联系 电话 -> 联系电话)."""
    return "".join(unicodedata.normalize("NFKC", clean_line(text)).split())


def labels_wanted(known: Collection[str]) -> frozenset[str]:
    """The labels of our fields, and those that any table has, as they are compared."""
    return COMMON.union(label_text(label).lower() for label in known)


def is_key(label: str) -> bool:
    """Whether a label names what a table begins with: a running number, a code, a name."""
    return _KEYS.fullmatch(label_text(label)) is not None


def is_year(cell: Cell) -> bool:
    """Whether a cell may be the label of the column of a year: 2025."""
    if isinstance(cell, str):
        return _YEAR.fullmatch(cell.strip()) is not None
    return isinstance(cell, int) and not isinstance(cell, bool) and cell in _YEARS


def is_datum(cell: Cell) -> bool:
    """Whether a cell is a number, a date or the like, which no label is."""
    if cell is None:
        return False
    return not isinstance(cell, str) or _NUMBER.fullmatch(cell.strip()) is not None
