"""The 200 resources of the practice town, with their typed parts and the organisations behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from stationdesk.core.changes import Change
from stationdesk.core.fields import Key
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
from stationdesk.db.models import PARTS
from stationdesk.services.practice.dice import Dice
from stationdesk.services.practice.offers import Offer
from stationdesk.services.practice.offers_fund import FUND_OFFERS
from stationdesk.services.practice.offers_policy import POLICY_OFFERS
from stationdesk.services.practice.offers_town import TOWN_OFFERS
from stationdesk.services.practice.offers_village import VILLAGE_OFFERS
from stationdesk.services.practice.people import Addresses, placed
from stationdesk.services.practice.terrain import STREETS, VILLAGES
from stationdesk.services.practice.town import Town, coded

_BODIES = (
    ("柳河镇人民政府", "O01", "1"),
    ("柳河镇中心卫生院", "O04", "2"),
    ("柳河镇中心学校", "O04", "3"),
    ("柳河镇慈善工作站", "O07", "4"),
    ("晴禾社会工作服务中心", "O08", "5"),
    ("练习县残疾人联合会", "O02", "6"),
    ("柳河镇商户联盟", "O06", "7"),
    ("练习县民政局", "O01", "8"),
)
_PROVIDERS = {"医": 1, "教": 2, "策": 7, "办": 0, "便": 6, "文": 0, "安": 0, "社": 4, "养": 4, "经": 3}
_LASTING = {ResourceStatus.ACTIVE: 30.0, ResourceStatus.SUSPENDED: 1.2}
_FLEETING = {**_LASTING, ResourceStatus.LAPSED: 1.4, ResourceStatus.WITHDRAWN: 1.4}
_MONEY = ("standard", "amount", "used")


@dataclass(frozen=True, slots=True)
class Supply:
    """A resource as the matches of the half year see it."""

    key: Key
    name: str
    offer: Offer
    village: int | None
    capacity: int | None
    per: CapacityPer | None
    usable: bool
    collected: date

    @property
    def items(self) -> frozenset[str]:
        """The need items it serves."""
        return frozenset(self.offer.items.split())


def stock(town: Town, addresses: Addresses, supplies: list[Supply]) -> Iterator[Change]:
    """The changes of organisations and resources; `supplies` is filled on the way."""
    dice = town.dice("resources")
    bodies: list[Key] = []
    for change in _organisations(town, dice):
        bodies.append(change.key)
        yield change
    lines: list[tuple[Offer, int | None]] = [
        (offer, village) for offer in VILLAGE_OFFERS for village in offer.villages
    ]
    lines += [(offer, _village_named(offer.where)) for offer in (*TOWN_OFFERS, *POLICY_OFFERS, *FUND_OFFERS)]
    lines.sort(
        key=lambda line: (
            list(MapClass).index(coded(MapClass, line[0].letter)),
            line[1] if line[1] is not None else -1,
        )
    )
    for number, (offer, village) in enumerate(lines):
        values, part = _resource(town, dice, offer, village, addresses)
        values["provider_key"] = _provider(offer, village, bodies)
        _vary(town, dice, number, values, offer)
        change = town.new("resource", values)
        yield change
        yield town.new(PARTS[values["dimension"]].__tablename__, part, change.key)
        usable = values["status"].can_be_matched and values["state_of_use"].can_be_matched
        supplies.append(
            Supply(
                change.key,
                values["name"],
                offer,
                village,
                values["capacity"],
                values["capacity_per"],
                usable and not values["do_not_contact"],
                values["collected_on"],
            )
        )


def _organisations(town: Town, dice: Dice) -> Iterator[Change]:
    names = [(name, kind) for name, kind, _place in _BODIES]
    for hamlet in VILLAGES:
        committee = f"{hamlet.name}居民委员会" if hamlet.town else f"{hamlet.name}民委员会"
        names += [(committee, "O03")]
    for name, kind in names:
        yield town.new(
            "organisation",
            {
                "name": name,
                "kind": kind,
                "credit_code": town.numbers.credit_code(),
                "registered": "已登记",
                "leader": town.names.full(town.names.surname(0), man=dice.chance(0.6), age=46),
                "phone": town.numbers.landline(),
                "address": f"柳河镇{name[:4]}" if kind == "O03" else "柳河镇建设街",
                "members": dice.whole(4, 40),
                "party": "党支部" if kind in {"O01", "O03"} else None,
                "offers": "场地、人手和车辆，提前说。" if dice.chance(0.4) else None,
            },
        )


def _provider(offer: Offer, village: int | None, bodies: list[Key]) -> Key | None:
    if offer.sub.startswith("R1"):
        return None
    if village is not None:
        return bodies[len(_BODIES) + village]
    return bodies[_PROVIDERS[offer.letter]]


def _village_named(where: str) -> int | None:
    return next((number for number, hamlet in enumerate(VILLAGES) if hamlet.name == where), None)


def _resource(
    town: Town, dice: Dice, offer: Offer, village: int | None, addresses: Addresses
) -> tuple[dict[str, Any], dict[str, Any]]:
    dimension = coded(Dimension, offer.sub[:2])
    hamlet = VILLAGES[village].name if village is not None else ""
    man = dice.chance(0.85 if offer.letter in {"便", "安"} else 0.55)
    contact = town.names.full(
        town.names.surname(village or 0),
        man=man,
        age=66 if offer.part.get("standing") == "退休" else dice.whole(34, 58),
    )
    amount, unit, per = (*offer.room.split(), "", "", "")[:3] if offer.room else ("", "", "")
    items = frozenset(offer.items.split())
    values: dict[str, Any] = {
        "name": offer.name.format(v=hamlet, n=contact),
        "dimension": dimension,
        "subcategory": offer.sub,
        "map_class": coded(MapClass, offer.letter),
        "offer_text": offer.text,
        "offer_items": items,
        "groups": frozenset(offer.groups.split()),
        "min_age": offer.ages[0],
        "max_age": offer.ages[1],
        "results": frozenset(coded(NeedResult, item[:2]) for item in items),
        "capacity": int(amount) if amount else None,
        "capacity_unit": unit or None,
        "capacity_per": coded(CapacityPer, per) if per else None,
        "fee": bool(offer.fee),
        "fee_text": offer.fee or None,
        "same_day": bool(offer.more.get("same_day")),
        "hours": offer.hours or None,
        "formality": Formality.INFORMAL
        if offer.sub[:2] == "R1" or offer.sub == "R2-09"
        else Formality.FORMAL,
        "locus": Locus.OUTSIDE if "练习县" in offer.name or offer.letter == "策" else Locus.INSIDE,
        "contact": contact if offer.title else None,
        "contact_title": offer.title or None,
        "confidential": bool(offer.more.get("confidential")),
        "source": dice.pick("1134455"),
        "collected_by": dice.pick(town.worker_names),
        **_place(town, dice, offer, village, addresses),
        **_papers(town, dice, offer),
    }
    values["documents"] = "身份证、户口簿、银行卡复印件" if offer.letter in {"策", "办"} else None
    return values, _part(town, dice, offer, contact, man=man)


def _place(town: Town, dice: Dice, offer: Offer, village: int | None, addresses: Addresses) -> dict[str, Any]:
    """A lot of the village office's group, or on the street that the line names; else the whole township."""
    if offer.letter in {"策", "经"}:
        return {"village_key": town.villages[village] if village is not None else None}
    if village is not None:
        person = offer.sub.startswith("R1")
        lot = town.layout.take(village, 0, near=None if person else VILLAGES[village].sites[0])
    elif offer.where in STREETS:
        groups = [(number, group) for number in (0, 1) for group in range(4)]
        free = [each for each in groups if town.layout.has(*each, offer.where)]
        lot = town.layout.take(*dice.pick(free or groups), street=offer.where)
    else:
        return {"address": offer.more.get("address")}
    return {"village_key": town.villages[lot.village], "address": addresses.of(lot), **placed(lot.point)}


def _papers(town: Town, dice: Dice, offer: Offer) -> dict[str, Any]:
    """When it was found and looked at last, how it is applied for, and what of the contact is public."""
    collected = (
        dice.day(town.past(900), town.first) if dice.chance(0.7) else dice.day(town.first, town.past(3))
    )
    draw = dice.between(0, 1)
    verified: date | None = max(collected, dice.day(town.past(150), town.past(1)))
    if draw < 0.13:
        verified = collected = min(collected, dice.day(town.past(420), town.past(190)))
    elif draw < 0.17:
        verified = None
    office = offer.sub.startswith("R2") or offer.sub.startswith("R4")
    public = {
        ContactPublic.NAME_AND_PHONE: 3,
        ContactPublic.PHONE: 6 if office else 4,
        ContactPublic.NONE: 0.0 if offer.letter == "办" else 0.6 if office else 2.5,
    }
    phone = (
        town.numbers.landline()
        if office and (offer.letter == "办" or dice.chance(0.6))
        else town.numbers.mobile()
    )
    return {
        "phone": phone if offer.title or office else None,
        "phone_2": town.numbers.mobile() if dice.chance(0.1) else None,
        "contact_public": ContactPublic.NONE if offer.more.get("confidential") else dice.weighed(public),
        "collected_on": collected,
        "verified_on": verified,
        "process": "提出申请→村里初审→镇里审核→公示→发放" if offer.letter == "策" else None,
        "eligibility": f"限 {offer.ages[0]} 岁以上" if offer.ages[0] and not offer.ages[1] else None,
    }


def _part(town: Town, dice: Dice, offer: Offer, contact: str, *, man: bool) -> dict[str, Any]:
    part: dict[str, Any] = dict(offer.part)
    for name in _MONEY:
        if name in part:
            part[name] = Decimal(part[name])
    kind = offer.sub[:2]
    if kind == "R1":
        part["skills"] = frozenset(str(part.get("skills", "T24")).split())
        if "{n}" in offer.name or offer.sub == "R1-15":
            part["sex"] = Sex.MALE if man else Sex.FEMALE
            part["birth_month"] = f"{town.today.year - dice.whole(30, 66)}-{dice.whole(1, 12):02d}"
        part.setdefault("reach", "全镇")
        if dice.chance(0.4):
            part["volunteer_number"] = f"练志{dice.whole(10000, 99999)}"
    elif kind == "R2":
        part.setdefault("leader", contact)
        part["credit_code"] = (
            town.numbers.credit_code() if part.get("kind") in {"O04", "O05", "O07", "O08", "O11"} else None
        )
        if part.get("kind") in {"O05", "O07", "O08"}:
            part |= {"agreement_from": town.past(400), "agreement_to": town.today + timedelta(days=330)}
    elif kind == "R3":
        part |= {"window_from": town.past(150), "window_to": town.today + timedelta(days=120)}
    elif kind == "R4":
        part.setdefault("free_time", "工作日，活动提前约")
        part.setdefault("owner", "村集体")
    else:
        issued = town.past(dice.whole(200, 1200))
        part |= {
            "document": f"练民〔{issued.year}〕{dice.whole(2, 68)} 号",
            "issuer": "练习县民政局",
            "issued_on": issued,
            "effective_on": issued + timedelta(days=30),
            "desk_phone": town.numbers.landline(),
        }
    return part


def _vary(town: Town, dice: Dice, number: int, values: dict[str, Any], offer: Offer) -> None:
    """Not everything works today: paused, lapsed, only heard of, not to be called, not to be printed."""
    fleeting = offer.sub[:2] == "R1" or offer.sub in {"R2-06", "R2-08", "R2-09"}
    values["status"] = dice.weighed(_FLEETING if fleeting else _LASTING)
    if offer.letter == "策":
        values["status"] = ResourceStatus.ACTIVE
    if values["status"] is ResourceStatus.SUSPENDED:
        values["alert"] = dice.pick(
            ("本月装修，暂停开放", "负责人外出学习，下月恢复", "人手不够，暂不接新人", "农忙停班，立冬后恢复")
        )
    if values["status"] is ResourceStatus.WITHDRAWN:
        values["note"] = "店已转让，保留记录。"
    values["state_of_use"] = dice.weighed(
        {
            StateOfUse.PARTNER: 60,
            StateOfUse.CONTACTED: 24,
            StateOfUse.POTENTIAL: 13,
            StateOfUse.STOPPED: 3.0 if fleeting else 0.0,
        }
    )
    values["do_not_contact"] = number % 97 == 50
    values["printable"] = number % 45 != 20
    if offer.letter == "策":
        values |= {"valid_from": town.past(300), "valid_to": town.today + timedelta(days=dice.whole(40, 700))}
    if offer.more.get("lapsed"):
        values |= {"status": ResourceStatus.LAPSED, "valid_from": town.past(800), "valid_to": town.past(70)}
