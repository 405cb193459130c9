"""The rules of matching and what each counts for until a station changes it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stationdesk.core.vocab.choice import Choice, captioned, choice


@captioned("推荐规则")
class Rule(Choice):
    """What matching looks at; the points are our own proposal and are edited by the station."""

    ITEM = choice("item", "需求事项对得上")
    RESULT = choice("result", "需求结果同类")
    GROUP = choice("group", "对象类别适用")
    ANY_GROUP = choice("any_group", "不限对象")
    AGE = choice("age", "年龄")
    VILLAGE = choice("village", "同村")
    TOWN = choice("town", "面向全镇")
    NEAR = choice("near", "距离近")
    USABLE = choice("usable", "资源可用")
    VALID = choice("valid", "在有效期")
    CAPACITY = choice("capacity", "还有容量")
    SAME_DAY = choice("same_day", "紧急且当天可办")
    FREE = choice("free", "免费")
    SUCCESS = choice("success", "以往成功")
    STALE = choice("stale", "久未核实")
    REFUSED = choice("refused", "上次未成")


WEIGHTS: Mapping[Rule, int] = MappingProxyType(
    {
        Rule.ITEM: 40,
        Rule.RESULT: 15,
        Rule.GROUP: 20,
        Rule.ANY_GROUP: 8,
        Rule.AGE: 0,
        Rule.VILLAGE: 10,
        Rule.TOWN: 5,
        Rule.NEAR: 5,
        Rule.USABLE: 0,
        Rule.VALID: 0,
        Rule.CAPACITY: 0,
        Rule.SAME_DAY: 5,
        Rule.FREE: 3,
        Rule.SUCCESS: 5,
        Rule.STALE: -10,
        Rule.REFUSED: 0,
    }
)
