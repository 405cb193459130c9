"""Station, workers, villages, groups and drawn features, as records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stationdesk.core.changes import Change, changed
from stationdesk.core.fields import Values
from stationdesk.core.vocab import Role
from stationdesk.db.base import values_of
from stationdesk.db.models import Station, Worker
from stationdesk.services.practice.dice import Dice
from stationdesk.services.practice.layout import features, geometry
from stationdesk.services.practice.numbers import AREA, LANDLINE
from stationdesk.services.practice.people import group_name, placed
from stationdesk.services.practice.terrain import VILLAGES
from stationdesk.services.practice.town import Town

TOWN_CODE = f"{AREA}100"
STATION_HOUSE = "柳河社工站"
STATION_PHONE = f"{LANDLINE}100100"
_INDUSTRIES = (
    "商贸、餐饮、务工",
    "商贸、学校和机关、务工",
    "小麦、玉米，外出务工",
    "桃、苹果，采摘",
    "花椒、核桃，外出务工",
    "花椒、谷子",
    "小麦、红薯，养羊",
    "蔬菜、莲藕",
    "大棚蔬菜",
    "小麦、花生，外出务工",
    "芦苇编、养鱼",
)


def settle_station(town: Town, station: Station, house: Values) -> Iterator[Change]:
    """What the profile of a new practice station still lacks; `house` is the resource that it is itself."""
    values: dict[str, Any] = {
        "town_code": TOWN_CODE,
        "phone": STATION_PHONE,
        "operator": "晴禾社会工作服务中心",
        "report_to": "练习县民政局",
        "leader": town.worker_names[0],
        "reviewer": town.worker_names[1 % len(town.worker_names)],
        "map_title": "柳河镇社区资源图（练习）",
        **{name: house[name] for name in ("address", *placed((0, 0)))},
    }
    before = values_of(station)
    told = {name: value for name, value in values.items() if before[name] is None}
    change = changed("station", station.key, before, told)
    if change is not None:
        yield change


def settle_workers(town: Town, workers: list[Worker]) -> Iterator[Change]:
    """Their phones, since when they work here, and who may see restricted files."""
    for number, worker in enumerate(workers):
        before = values_of(worker)
        after = {
            "phone": town.numbers.mobile(),
            "sees_restricted": number == 0,
            "role": Role.WORKER,
            "since": town.past(1100 - 320 * number),
        }
        change = changed("worker", worker.key, before, after)
        if change is not None:
            yield change


def settle_villages(town: Town) -> Iterator[Change]:
    """Fill `town.villages` and `town.groups`."""
    dice = town.dice("villages")
    for number, hamlet in enumerate(VILLAGES):
        key = town.keys.take()
        town.villages.append(key)
        yield town.new("village", _village(town, dice, number), key)
        for group, nickname in enumerate(hamlet.nicknames):
            town.groups[number, group] = town.keys.take()
            yield town.new(
                "village_group",
                {
                    "village_key": key,
                    "name": group_name(number, group),
                    "leader": _name(town, dice, number),
                    "phone": town.numbers.mobile(),
                    "boundary": geometry("Polygon", town.layout.areas[number, group]),
                    "note": nickname if hamlet.town else f"{nickname}自然村",
                },
                town.groups[number, group],
            )


def draw_features(town: Town) -> Iterator[Change]:
    """Roads, river, ponds, areas, places and sights."""
    for kind, name, shape in features(town.layout):
        yield town.new("feature", {"kind": kind, "name": name, "geometry": shape})


def _village(town: Town, dice: Dice, number: int) -> dict[str, Any]:
    hamlet = VILLAGES[number]
    families = dice.whole(520, 780) if hamlet.town else dice.whole(210, 430)
    people = round(families * dice.between(2.9, 3.5))
    committee = "社区居民委员会" if hamlet.town else "村民委员会"
    order = number + 1 if hamlet.town else 198 + number  # 001… communities, 200… villages
    doctor = None if hamlet.town else _name(town, dice, number)
    return {
        "code": f"{TOWN_CODE}{order:03d}",
        "name": hamlet.name,
        "secretary": _name(town, dice, number),
        "director": _name(town, dice, number),
        "women_chair": _name(town, dice, number, man=False),
        "child_officer": _name(town, dice, number, man=False),
        "doctor": doctor,
        "doctor_phone": town.numbers.mobile() if doctor else None,
        "phone": town.numbers.landline(),
        "address": f"柳河镇{hamlet.name.removesuffix('社区').removesuffix('村')}{committee}",
        "area": round(dice.between(0.9, 1.4) if hamlet.town else dice.between(2.6, 5.8), 1),
        "households": families,
        "population": people,
        "residents": round(people * (0.88 if hamlet.town else 0.62)),
        "over_60": round(people * 0.24),
        "over_80": round(people * 0.035),
        "children": round(people * 0.16),
        "low_income": round(people * 0.026),
        "destitute": dice.whole(3, 14),
        "marginal": dice.whole(6, 22),
        "disabled": round(people * 0.041),
        "left_behind": round(people * (0.02 if hamlet.town else 0.07)),
        "industry": _INDUSTRIES[number],
        "surnames": f"{'、'.join(town.names.common_in(number))}姓较多，汉族为主",
        "organisations": dice.whole(2, 6),
        "volunteers": dice.whole(12, 46),
        "since": None,
        **placed(hamlet.sites[0]),
    }


def _name(town: Town, dice: Dice, village: int, *, man: bool | None = None) -> str:
    surname = town.names.surname(village)
    return town.names.full(surname, man=dice.chance(0.65) if man is None else man, age=dice.whole(38, 58))
