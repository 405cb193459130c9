"""One person as a record: what a card, a form and a neighbour would tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from stationdesk.core.changes import Change
from stationdesk.core.fields import Key
from stationdesk.core.vocab import ConsentState, PersonStatus, Sex
from stationdesk.services.practice.dice import Dice
from stationdesk.services.practice.families import Kind, Member
from stationdesk.services.practice.terrain import VILLAGES
from stationdesk.services.practice.town import Soul, Town

STRENGTHS = (
    "夫妻和睦，邻里关系好。",
    "会开车，农闲时愿意接送老人看病。",
    "家里开着小卖部，消息灵通，能帮着留意邻居。",
    "孩子成绩好，愿意给低年级同学讲题。",
    "男主人会水电维修，村里谁家坏了都找他。",
    "婆婆会做鞋垫和虎头帽，手艺可以带人。",
    "在群里很活跃，愿意当网格里的信息员。",
)
OLD_STRENGTHS = (
    "身体硬朗，自己种半亩菜，常送给邻居。",
    "当过村小教师，愿意给孩子讲故事。",
    "和左邻右舍处得好，隔壁每天来看一眼。",
    "会编竹筐、扎扫帚，想把手艺传下去。",
    "老党员，说话有分量，能帮着调解。",
    "喜欢唱戏，是票友社的老成员。",
    "女儿嫁在邻村，每周回来一次。",
)
HIGH_NOTES = (
    "敲门要大声，老人耳背；钥匙在东邻家。",
    "每周一电访，三次不接就请网格员上门。",
    "床头贴有紧急联系人和用药单。",
    "院门常开着，狗拴着，不咬人。",
)
NOTES = (
    "上午多在地里，下午四点以后在家。",
    "进村口第二个巷子，红漆大门。",
    "户主白天在工业小区上班，周日在家。",
    "电话换过，旧号停用。",
    "不愿意拍照，登记时尊重本人意思。",
    "和邻居有宅基地边界的老矛盾，走访时不要代传话。",
    "家里养着蜂，夏天走访注意。",
    "冬天去镇上女儿家住，开春回来。",
)
_SCHOOLS = ((3, "S2", ""), (6, "S1", "柳河镇中心幼儿园"), (12, "S3", "小学"), (15, "S4", "柳河镇初级中学"))
_SKILLS = {
    "T01": 2,
    "T04": 1,
    "T05": 4,
    "T06": 3,
    "T07": 3,
    "T08": 2,
    "T10": 6,
    "T11": 3,
    "T12": 1,
    "T14": 2,
    "T21": 2,
    "T22": 1,
}
_BASES = {
    "G01": "低保证",
    "G02": "特困供养证",
    "G21": "残疾人证",
    "G31": "村儿童主任登记表",
    "G33": "孤儿基本生活费认定",
    "G34": "事实无人抚养儿童认定",
    "G71": "优待证",
    "G18": "计生特扶证",
    "G03": "低保边缘认定表",
    "G05": "监测对象信息采集表",
}
_MONTHLY = {
    "G01": (310, 460),
    "G02": (820, 820),
    "G16": (50, 120),
    "G33": (1150, 1150),
    "G34": (1150, 1150),
    "G18": (950, 950),
}


class Fault(StrEnum):
    """What is odd about somebody's card, as in every real roster."""

    DOUBTFUL = "doubtful"
    NO_CARD = "no_card"
    AGE_ONLY = "age_only"


def faults(dice: Dice, souls: list[Soul]) -> Mapping[Key, Fault]:
    """Who has a card that is wrong, missing, or an age without a birthday."""
    adults = dice.some([soul for soul in souls if soul.age > 45 and soul.member.disability is None], 20)
    told = [Fault.DOUBTFUL] * 12 + [Fault.NO_CARD] * 4 + [Fault.AGE_ONLY] * 4
    return {soul.key: fault for soul, fault in zip(adults, told, strict=True)}


def birth_of(dice: Dice, age: int, today: date) -> date:
    """A birthday of somebody who is so many years old today."""
    latest = date(today.year - age, today.month, min(today.day, 28))
    return latest - timedelta(days=dice.whole(0, 360))


def values(town: Town, dice: Dice, soul: Soul, fault: Fault | None) -> dict[str, Any]:
    """The fields of a person."""
    member, home = soul.member, soul.home
    head = soul is home.souls[0]
    birth: date | None = birth_of(dice, member.age, town.today)
    card: str | None = town.numbers.card(birth, man=member.man) if birth else None
    more: dict[str, Any] = {}
    if fault is Fault.DOUBTFUL and card:
        wrong = "0" if card[17] != "0" else "1"
        card, more = card[:17] + wrong, {"id_doubtful": True}
    elif fault is not None:
        card = None
        if fault is Fault.AGE_ONLY:
            birth, more = None, {"age_told": member.age}
    phone = _phone(town, dice, soul)
    soul.phone = phone
    consent = _consent(dice, head=head)
    more |= _care(town, dice, soul, card)
    return {
        "name": soul.name,
        "household_key": home.key,
        "relation": member.relation,
        "is_head": head,
        "id_kind": "01" if card else "X4",
        "id_number": card,
        "sex": Sex.MALE if member.man else Sex.FEMALE,
        "birth_date": birth,
        "phone": phone,
        "status": _status(soul),
        "opened_on": home.opened,
        "closed_on": soul.closed,
        "ethnic": "03" if dice.chance(0.02) else "01",
        "political": "01" if member.age > 30 and dice.chance(0.08) else "13" if member.age > 18 else None,
        "education": _education(dice, member),
        "marital": member.marital,
        "registered_address": f"柳河镇{VILLAGES[home.lot.village].name}",
        "residence": "1" if member.away else "2" if "G51" in member.groups else "0",
        "consent": consent,
        "consent_on": home.opened if consent is not ConsentState.NONE else None,
        "skills": frozenset({dice.weighed(_SKILLS)})
        if member.age > 25 and dice.chance(0.12)
        else frozenset(),
        "note": "常年在外，过年回来。" if member.away and dice.chance(0.4) else None,
        **_work(dice, soul),
        **more,
    }


def categories(town: Town, dice: Dice, soul: Soul) -> Iterator[Change]:
    """What the person carries; a few carried 低保 until their income rose."""
    groups: dict[str, date | None] = dict(soul.member.groups)
    for code, since in groups.items():
        low, high = _MONTHLY.get(code, (0, 0))
        yield town.new(
            "person_category",
            {
                "person_key": soul.key,
                "category": code,
                "since": min(since, soul.closed) if since and soul.closed else since,
                "until": soul.closed,
                "basis": _BASES.get(code),
                "monthly": Decimal(dice.whole(low, high)) if high else None,
            },
        )
    if soul.home.kind is Kind.COUPLE and dice.chance(0.15):
        until = dice.day(town.first, town.past(5))
        yield town.new(
            "person_category",
            {
                "person_key": soul.key,
                "category": "G01",
                "since": until - timedelta(days=dice.whole(400, 1500)),
                "until": until,
                "basis": "低保证",
                "monthly": Decimal(350),
                "note": "家庭收入超过标准，动态退出。",
            },
        )


def _status(soul: Soul) -> PersonStatus:
    if soul.closed is None:
        return PersonStatus.ACTIVE
    moved = soul.home.closed is not None and soul.home.kind is not Kind.OLD_ALONE
    return PersonStatus.MOVED if moved else PersonStatus.DIED


def _phone(town: Town, dice: Dice, soul: Soul) -> str | None:
    age = soul.age
    share = 0.0 if age < 14 else 0.35 if age < 18 else 0.9 if age < 65 else 0.7 if age < 78 else 0.4
    if soul is soul.home.souls[0]:
        share = max(share, 0.8)
    if not dice.chance(share):
        return None
    return town.numbers.landline() if age > 72 and dice.chance(0.25) else town.numbers.mobile()


def _consent(dice: Dice, *, head: bool) -> ConsentState:
    states = {
        ConsentState.WRITTEN: 62,
        ConsentState.ORAL: 26,
        ConsentState.EXPIRED: 3,
        ConsentState.WITHDRAWN: 1,
    }
    return dice.weighed({**states, ConsentState.NONE: 4 if head else 14})


def _education(dice: Dice, member: Member) -> str | None:
    if member.age < 7:
        return None
    if member.age < 19:
        return "E2" if member.age < 13 else "E3" if member.age < 16 else "E4"
    if member.age >= 70:
        return dice.weighed({"E1": 5 if not member.man else 2, "E2": 5, "E3": 1.2})
    if member.age >= 45:
        return dice.weighed({"E1": 0.5, "E2": 4, "E3": 5, "E4": 1.2})
    return dice.weighed({"E2": 0.6, "E3": 5, "E4": 2, "E5": 2, "E6": 1.2, "E7": 0.6})


def _work(dice: Dice, soul: Soul) -> dict[str, Any]:
    age, village = soul.age, VILLAGES[soul.home.lot.village].name
    if age < 16:
        _limit, _code, school = next(each for each in _SCHOOLS if age < each[0] or each[0] == 15)
        if school == "小学":
            near = village in {"桃园村", "东岗村", "石桥村", "南营村"} and age < 10
            school = f"柳河镇{village}小学" if near else "柳河镇中心小学"
        return {"occupation": "31" if age >= 6 else None, "workplace": school or None}
    if age < 23 and not soul.member.away:
        return {"occupation": "31", "workplace": "练习县第一高级中学" if age < 19 else "外地院校在读"}
    if soul.member.away:
        return {
            "occupation": "24",
            "workplace": dice.pick(("外地建筑工地", "外地电子厂", "外地服装厂", "外地跑快递")),
        }
    if soul.member.disability and soul.member.disability[1] in "12":
        return {"occupation": "70"}
    return {
        "occupation": dice.weighed(
            {"27": 7, "54": 1, "24": 1.5 if age < 60 else 0.1, "80": 0.6 if age > 60 else 0.01}
        )
    }


def _care(town: Town, dice: Dice, soul: Soul, card: str | None) -> dict[str, Any]:
    """Health, disability, who looks after whom, and which aid is drawn."""
    member, home = soul.member, soul.home
    health = {f"{ill}" for ill in member.ills}
    told: dict[str, Any] = {
        "insurance": "城乡居民医保、城乡居民养老保险" if soul.age > 22 else "城乡居民医保"
    }
    if member.disability is not None:
        kind, grade = member.disability
        health.add(f"6{kind}")
        told |= {"disability_kinds": frozenset({kind}), "disability_grade": grade}
        if card and not dice.chance(0.15):
            told["disability_number"] = f"{card}{kind}{grade}"
    told["health"] = frozenset(health or {"10" if soul.age < 60 else "20"})
    if soul.age >= 60 or member.disability:
        helpless = "G15" in member.groups or (member.disability is not None and member.disability[1] == "1")
        told["self_care"] = "3" if helpless else "2" if soul.age > 80 and dice.chance(0.5) else "1"
    carer = next(
        (
            other
            for other in home.souls
            if other is not soul and 17 < other.age < 80 and not other.member.away
        ),
        None,
    )
    if soul.age < 16 or told.get("self_care") in {"2", "3"}:
        told["carer"] = carer.name if carer else dice.pick(("邻居代为照看", "村护理员", "女儿（邻村）"))
    if soul is home.souls[0] and dice.chance(0.85):
        other = next((each for each in home.souls[1:] if each.age > 17), None)
        surname = soul.name[:-2] or soul.name[:1]
        told["emergency_contact"] = (
            other.name if other else town.names.full(surname, man=dice.chance(0.6), age=soul.age - 25)
        )
        told["emergency_phone"] = town.numbers.mobile()
    aid = [
        word
        for code, word in (
            ("G01", "低保"),
            ("G02", "特困供养"),
            ("G16", "高龄津贴"),
            ("G21", "残疾人两项补贴"),
        )
        if code in member.groups
    ]
    told["aid"] = "、".join(aid) or None
    return told
