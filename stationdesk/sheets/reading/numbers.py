"""Numbers with their units, money, and yes or no."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal

from stationdesk.core.messages import _
from stationdesk.sheets.reading.cells import Cell
from stationdesk.sheets.reading.outcomes import Problem, Read

_NUMBER = re.compile(
    r"(?P<about>约|大约|近|共)?[¥￥]?(?P<sign>[+-]?)(?P<digits>\d[\d,]*(?:\.\d+)?|\.\d+)(?P<large>万|亿|千|百)?(?P<unit>.*)"
)
_UNIT = re.compile(r"(?:[^\d\s]{0,6}|[a-zA-Z]{0,4}[²³]?)(?:[/每][^\d]{1,3})?[左右多余]*")
_LARGE = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_CENT = Decimal("0.01")
_BEYOND = 10**12

_YES = frozenset({*"是有√✓✔对yt1o●可能收", "yes", "true", "同意", "可以", "收费"})
_NO = frozenset(
    {*"否无×✗✘xnf0不", "no", "false", "没有", "不是", "不同意", "不可以", "不能", "免费", "不收费"}
)


def read_number(kind: type, cell: Cell) -> Read | Problem:
    """A number of `kind` int, float or Decimal (money in 元, whole 分), its unit left off."""
    number = _from_cell(cell)
    if number is None or not number.is_finite():
        return Problem(_("“{text}”不是一个数字。").format(text=cell))
    if abs(number) >= _BEYOND:
        return Problem(_("“{text}”太大，不像是真的。").format(text=cell))
    if kind is int:
        if number != number.to_integral_value():
            return Problem(_("“{text}”应为整数。").format(text=cell))
        return Read(int(number))
    if kind is Decimal:
        money = number.quantize(_CENT, ROUND_HALF_UP)
        note = "" if money == number else _("“{text}”四舍五入到分，记 {money}").format(text=cell, money=money)
        return Read(money, note)
    return Read(float(number))


def _from_cell(cell: Cell) -> Decimal | None:
    if isinstance(cell, bool | date | time) or cell is None:
        return None
    return Decimal(str(cell)) if isinstance(cell, int | float) else _from_text(cell)


def _from_text(text: str) -> Decimal | None:
    # The 2 of a square metre would become a figure of the number.
    text = re.sub("[㎡㎥]|[mM][²³]", "平米", text)
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    match = _NUMBER.fullmatch(plain)
    if (
        match is None
        or not _UNIT.fullmatch(match["unit"])
        or match["unit"].startswith((",", "-", "~", "至", "%"))
    ):
        return None
    number = Decimal(match["sign"] + match["digits"].replace(",", ""))
    return number * _LARGE.get(match["large"] or "", 1)


def read_truth(cell: Cell) -> Read | Problem:
    """Yes or no."""
    if isinstance(cell, bool):
        return Read(cell)
    plain = "".join(unicodedata.normalize("NFKC", str(cell)).lower().split())
    if plain in _YES:
        return Read(value=True)
    if plain in _NO:
        return Read(value=False)
    return Problem(_("“{text}”看不出是还是否。请写“是”或“否”。").format(text=cell))
