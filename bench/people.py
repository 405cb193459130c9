"""A roster of invented people for the measurements: 20 columns, as many rows as wanted, one in a hundred faulty.

The same seed gives the same file. No place has the area code 999999, so that no number is anybody's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

HEADER = (
    "序号",
    "姓名",
    "性别",
    "身份证号",
    "出生日期",
    "民族",
    "联系电话",
    "村居",
    "居住地址",
    "户主姓名",
    "与户主关系",
    "对象类别",
    "健康状况",
    "文化程度",
    "婚姻状况",
    "政治面貌",
    "残疾等级",
    "监护人",
    "享受政策",
    "备注",
)
VILLAGES = (
    *("桃花村", "柳河村", "石桥村", "梨园村", "北岗村", "南洼村"),
    *("东关村", "西营村", "上店村", "下寨村", "大槐村", "小杨村"),
)

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许邓韩冯曹"
_GIVEN = "建国红梅志强桂英秀兰海燕文博子涵雨轩欣怡国庆春生玉珍俊杰小川大山福贵有余成才明月"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_GROUPS = ("低保", "特困", "残疾人", "留守儿童", "独居老人", None, None, None)
_RELATIONS = ("配偶", "子", "女", "孙子")


def _card(birth: date, sequence: int) -> str:
    first = f"999999{birth:%Y%m%d}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return first + _CHECK[total % 11]


def rows(count: int, seed: int = 7) -> Iterator[list[str | int | None]]:
    """The rows below the header: households of one to four, their heads first."""
    dice = random.Random(seed)  # noqa: S311 - invented people
    made = 0
    home = 0
    while made < count:
        home += 1
        village = dice.choice(VILLAGES)
        address = f"{village}{dice.randint(1, 12)}组{home}号"
        head = _name(dice)
        for member in range(min(dice.randint(1, 4), count - made)):
            name = head if member == 0 else head[0] + _name(dice)[1:]
            birth = date(1935, 1, 1) + timedelta(days=dice.randint(0, 30_000))
            number = _card(birth, made % 1000)
            if made % 100 == 50:
                number = f"{number[:15]}000"  # what a spreadsheet leaves of a number
            male = int(number[16]) % 2 if number[16].isdigit() else 0
            made += 1
            yield [
                made,
                name,
                "男" if male else "女",
                number,
                birth.isoformat(),
                dice.choice(("汉族", "汉族", "汉族", "回族", "满族")),
                f"1{dice.choice('3578')}{dice.randint(0, 10**9 - 1):09d}",
                village,
                address,
                head,
                "户主" if member == 0 else dice.choice(_RELATIONS),
                dice.choice(_GROUPS),
                dice.choice(("健康", "慢性病", None)),
                dice.choice(("小学", "初中", "高中", None)),
                dice.choice(("已婚", "未婚", "丧偶")),
                dice.choice(("群众", "中共党员")),
                None,
                None,
                dice.choice(("城乡居民医保", "高龄津贴", None)),
                f"第 {made} 人，来自{dice.choice(VILLAGES)}的亲戚照看" if made % 3 == 0 else None,
            ]


def _name(dice: random.Random) -> str:
    return dice.choice(_SURNAMES) + "".join(dice.choice(_GIVEN) for _sign in range(dice.choice((1, 2, 2, 2))))


def write(path: Path, count: int) -> None:
    """The roster as a workbook."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("花名册")
        sheet.write_row(0, 0, HEADER)
        for at, row in enumerate(rows(count), 1):
            sheet.write_row(at, 0, row)


def write_villages(path: Path) -> None:
    """The villages that the people live in."""
    path.write_text("村居名称,户数\n" + "".join(f"{name},100\n" for name in VILLAGES), encoding="utf-8")
