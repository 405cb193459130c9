"""A small invented town in a real station, for the tests of screens and of what they show."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from stationdesk.core.changes import created
from stationdesk.core.clock import FixedClock
from stationdesk.core.fields import Key
from stationdesk.core.vocab import (
    Dimension,
    FollowLevel,
    MapClass,
    MatchState,
    NeedResult,
    Urgency,
    VisitOutcome,
)
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.services.matches import match_from, move_match
from stationdesk.services.records import blank_of, save
from stationdesk.services.stations import Newcomer, Profile, create, open_station
from stationdesk.services.store import Store

TODAY = date(2026, 11, 22)
CENTRE = (34.50, 114.30)


@dataclass
class SmallTown:
    """A station with a handful of records, known by name."""

    store: Store
    keys: dict[str, Key] = field(default_factory=dict)

    def add(self, record: str, called: str, /, **values: Any) -> Key:
        """A new record through the service that forms use; found again under `called`."""
        change = created(record, {**blank_of(self.store, record), **values})
        save(self.store, change)
        self.keys[called] = change.key
        return change.key

    def __getitem__(self, name: str) -> Key:
        """The key of a record by the name it was added under."""
        return self.keys[name]


def station(folder: Path) -> Store:
    """An empty station without passwords, on a fixed day."""
    profile = Profile("柳河镇社会工作服务站", "柳河镇", "柳河县", "0371-00000000")
    return create(folder / "柳河站", profile, [Newcomer("林站长")], FixedClock.on(TODAY))


def small_town(folder: Path) -> SmallTown:
    """Two villages, three households, five resources, four needs, a match, visits and a road."""
    template, keys = _template()
    root = folder / "柳河站"
    shutil.copytree(template, root)
    return SmallTown(open_station(root, clock=FixedClock.on(TODAY)), dict(keys))


@cache
def _template() -> tuple[Path, Mapping[str, Key]]:
    """Made once a run, because a real station takes a while; every test gets a copy."""
    folder = Path(tempfile.mkdtemp(prefix="small-town-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    town = SmallTown(station(folder))
    _villages(town)
    _resources(town)
    _people(town)
    _needs(town)
    _matches(town)
    town.store.close()
    return folder / "柳河站", town.keys


def _at(north: float, east: float) -> Mapping[str, float]:
    return {"latitude": CENTRE[0] + north, "longitude": CENTRE[1] + east}


def _villages(town: SmallTown) -> None:
    town.add("village", "柳河村", name="柳河村", **_at(0, 0))
    town.add("village", "东岗村", name="东岗村")
    town.add("village_group", "三组", name="3组", village_key=town["柳河村"], boundary=SQUARE)
    town.add("feature", "柳河大道", kind=FeatureKind.MAIN_ROAD, name="柳河大道", geometry=ROAD)


SQUARE = '{"type": "Polygon", "coordinates": [[[114.29, 34.49], [114.31, 34.49], [114.31, 34.51], [114.29, 34.49]]]}'
ROAD = '{"type": "LineString", "coordinates": [[114.28, 34.5], [114.32, 34.501]]}'


def _resources(town: SmallTown) -> None:
    common = {"dimension": Dimension.ORGANISATIONS, "village_key": town["柳河村"]}
    town.add(
        "resource",
        "卫生院",
        **common,
        **_at(0.004, 0.004),
        name="柳河镇卫生院",
        map_class=MapClass.MEDICAL,
        offer_text="看病、送药、义诊",
        offer_items=frozenset({"K2-03", "K2-09"}),
        capacity=3,
        capacity_unit="人",
        verified_on=TODAY - timedelta(days=10),
    )
    town.add(
        "resource",
        "理发队",
        **common,
        **_at(-0.003, 0.006),
        name="巧手理发队",
        map_class=MapClass.CONVENIENCE,
        offer_text="上门理发",
        min_age=60,
        verified_on=TODAY - timedelta(days=300),
    )
    town.add(
        "resource",
        "照料中心",
        dimension=Dimension.SPACE,
        village_key=town["东岗村"],
        name="东岗日间照料中心",
        map_class=MapClass.ELDERLY,
        results=frozenset({NeedResult.MEDICAL}),
    )
    town.add(
        "resource",
        "救助",
        dimension=Dimension.POLICY,
        name="临时救助",
        map_class=MapClass.POLICY,
        offer_items=frozenset({"K4-01"}),
        verified_on=TODAY,
    )
    town.add(
        "resource",
        "庇护",
        **common,
        **_at(0.001, -0.002),
        name="保密庇护点",
        map_class=MapClass.SAFETY,
        confidential=True,
        verified_on=TODAY,
    )


def _people(town: SmallTown) -> None:
    long_ago = TODAY - timedelta(days=200)
    for name, group, level, place in (
        ("李守林", "G13", FollowLevel.HIGH, _at(0.002, 0.001)),
        ("王秀英", "G63", FollowLevel.PRIORITY, _at(-0.002, -0.001)),
        ("赵小朋", "G32", None, {}),
    ):
        home = town.add(
            "household",
            f"{name}家",
            village_key=town["柳河村"],
            address="柳河村 3 组",
            follow_level=level,
            opened_on=long_ago,
            **place,
        )
        person = town.add("person", name, name=name, household_key=home, is_head=True, opened_on=long_ago)
        town.add("person_category", f"{name}类别", person_key=person, category=group)
    town.add(
        "visit",
        "见到",
        household_key=town["李守林家"],
        visited_on=TODAY - timedelta(days=2),
        people=2,
        outcome=VisitOutcome.MET,
    )
    town.add(
        "visit",
        "没人",
        household_key=town["王秀英家"],
        visited_on=TODAY - timedelta(days=1),
        outcome=VisitOutcome.NOBODY_HOME,
    )


def _needs(town: SmallTown) -> None:
    for name, person, item, urgency, days in (
        ("送药", "李守林", "K2-03", Urgency.CRITICAL, 2),
        ("救急", "王秀英", "K4-01", Urgency.SOON, 5),
        ("心理", "赵小朋", "K3-01", Urgency.SOON, 9),
        ("体检", "王秀英", "K2-09", Urgency.NORMAL, 20),
    ):
        town.add(
            "need",
            name,
            person_key=town[person],
            item=item,
            urgency=urgency,
            raised_on=TODAY - timedelta(days=days),
        )


def _matches(town: SmallTown) -> None:
    made = match_from(town.store, town["体检"], town["卫生院"], "能提供体检")
    town.keys["体检对接"] = made.keys("match")[0]
    move_match(town.store, town["体检对接"], MatchState.CONTACTED)
    move_match(town.store, town["体检对接"], MatchState.DONE)
