"""Editors of numbers: whole, money, decimal, latitude and longitude."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from typing_extensions import override

from stationdesk.core.fields import Kind, Value, plain_figure
from stationdesk.core.messages import _
from stationdesk.core.text import full_to_half
from stationdesk.ui.forms.editor import Unreadable
from stationdesk.ui.forms.texts import LineEditor


def _bare(text: str) -> str:
    """A number without blanks and thousands marks."""
    return full_to_half(text).replace(",", "").replace("，", "")


class _NumberEditor(LineEditor):
    """What the editors of numbers share: an empty line is no value, never zero."""

    @override
    def empty(self) -> Value:
        return None

    @override
    def remark(self, text: str) -> tuple[str, str]:
        if not text:
            return "", "small"
        try:
            self.read(text)
        except Unreadable as problem:
            return str(problem), "problem"
        return "", "small"


class IntEditor(_NumberEditor):
    """A whole number."""

    @override
    def read(self, text: str) -> Value:
        bare = _bare(text)
        if not re.fullmatch(r"-?\d{1,15}", bare):
            raise Unreadable("“{text}”不是整数，请只填数字", text=text)
        return int(bare)


class MoneyEditor(_NumberEditor):
    """Money in 元 with at most two decimals; 1.2万 is read as 12000."""

    @override
    def text_of(self, value: Value) -> str:
        return "" if value is None else f"{value:.2f}"

    @override
    def read(self, text: str) -> Value:
        bare = _bare(text).removesuffix("元").removeprefix("¥").removeprefix("￥")
        unit = 10_000 if bare.endswith("万") else 1
        try:
            amount = Decimal(bare.removesuffix("万")) * unit
        except InvalidOperation:
            raise Unreadable("“{text}”不是金额，请填数字，如 1200 或 1200.50", text=text) from None
        if not amount.is_finite() or abs(amount) >= 10**12:
            raise Unreadable("“{text}”不是金额，请填数字，如 1200 或 1200.50", text=text)
        exact = amount.quantize(Decimal("0.01"))
        if exact != amount:
            raise Unreadable("金额最多两位小数")
        return exact


class FigureEditor(_NumberEditor):
    """A number with at most two decimals that is no money."""

    @override
    def text_of(self, value: Value) -> str:
        return "" if value is None else plain_figure(value)

    @override
    def read(self, text: str) -> Value:
        bare = _bare(text)
        if not re.fullmatch(r"-?\d{1,12}(\.\d*)?", bare):
            raise Unreadable("“{text}”不是数字，请只填数字，如 3 或 2.5", text=text)
        figure = Decimal(bare)
        exact = figure.quantize(Decimal("0.01"))
        if exact != figure:
            raise Unreadable("数字最多两位小数")
        return exact


class FloatEditor(_NumberEditor):
    """A decimal number."""

    @override
    def text_of(self, value: Value) -> str:
        return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")

    @override
    def read(self, text: str) -> Value:
        bare = _bare(text)
        if not re.fullmatch(r"-?\d{1,12}(\.\d*)?", bare):
            raise Unreadable("“{text}”不是数字", text=text)
        return float(bare)


_DEGREES = re.compile(
    r"(?P<before>[NSEW]?)(?P<d>\d{1,3})[°度](?:(?P<m>\d{1,2}(?:\.\d+)?)['′分])?(?:(?P<s>\d{1,2}(?:\.\d+)?)[\"″秒])?(?P<after>[NSEW]?)",
    re.IGNORECASE,
)


class AngleEditor(FloatEditor):
    """Latitude or longitude in degrees, WGS-84: 34.7466, or degrees, minutes and seconds."""

    @override
    def read(self, text: str) -> Value:
        latitude = self.field.spec.kind is Kind.LATITUDE
        name = _("纬度") if latitude else _("经度")
        half = full_to_half(text).replace("’", "'").replace("”", '"').replace("''", '"').replace("′′", '"')
        found = _DEGREES.fullmatch(half)
        if found:
            angle = float(found["d"]) + float(found["m"] or 0) / 60 + float(found["s"] or 0) / 3600
            if (found["before"] or found["after"]).upper() in {"S", "W"}:
                angle = -angle
        elif re.fullmatch(r"-?\d{1,3}(\.\d*)?", half):
            angle = float(half)
        elif re.search(r"\d[,，;；]\s*\d", text):
            raise Unreadable("这里只填{name}；成对的坐标请用“填坐标”", name=name)
        else:
            raise Unreadable("“{text}”不是{name}，请填度数，如 34.7466", text=text, name=name)
        limit = 90 if latitude else 180
        if abs(angle) > limit:
            raise Unreadable("{name}应在 -{limit} 到 {limit} 之间", name=name, limit=limit)
        return angle
