"""A tiny invented town whose figures are known by hand, for the tests of the ledgers."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from stationdesk.core.changes import created
from stationdesk.core.clock import FixedClock
from stationdesk.core.fields import Key
from stationdesk.core.vocab import (
    Dimension,
    FollowLevel,
    HouseholdStatus,
    MapClass,
    MatchState,
    NeedResult,
    NeedStatus,
    NeedSubject,
    PersonStatus,
    Sex,
    Urgency,
    VisitMethod,
    VisitOutcome,
)
from stationdesk.db.base import blank
from stationdesk.db.models import RECORDS
from stationdesk.services.stations import Newcomer, Profile, create, open_station

TODAY = date(2026, 11, 5)
NAME = "石桥站"


class Town:
    """Adds records one by one, with what every test would repeat filled in."""

    def __init__(self, root: Path) -> None:
        clock = FixedClock.on(TODAY)
        self.store = create(
            root / NAME, Profile("石桥镇社会工作服务站", "石桥镇"), [Newcomer("张社工")], clock
        )
        self.worker = Key(self.store.actor.key)
        self.village = self.add("village", name="石桥村")

    def add(self, record: str, **values: Any) -> Key:
        """A new record with these values; the key."""
        change = created(record, {**blank(RECORDS[record]), **values})
        with self.store.writing("试验") as work:
            work.write([change])
        return change.key

    def household(self, code: str, **values: Any) -> Key:
        """A household on file since 2025."""
        return self.add(
            "household",
            **{
                "code": code,
                "village_key": self.village,
                "address": "石桥镇石桥村三组18号",
                "worker_key": self.worker,
                "status": HouseholdStatus.ACTIVE,
                "follow_level": FollowLevel.PRIORITY,
                "opened_on": date(2025, 3, 1),
                **values,
            },
        )

    def person(self, code: str, name: str, household: Key, *groups: str, **values: Any) -> Key:
        """A person on file since 2025, with categories."""
        key = self.add(
            "person",
            **{
                "code": code,
                "name": name,
                "household_key": household,
                "is_head": True,
                "sex": Sex.FEMALE,
                "id_number": "999999195001010018",
                "birth_date": date(1950, 1, 1),
                "phone": "13900000000",
                "status": PersonStatus.ACTIVE,
                "opened_on": date(2025, 3, 1),
                "note": "电话 13900000000，子女在外",
                **values,
            },
        )
        for group in groups:
            self.add("person_category", person_key=key, category=group)
        return key

    def need(self, code: str, raised_on: date, **values: Any) -> Key:
        """A need for money."""
        return self.add(
            "need",
            **{
                "code": code,
                "raised_on": raised_on,
                "item": "K4-01",
                "result": NeedResult.FINANCIAL,
                "urgency": Urgency.NORMAL,
                "subject": NeedSubject.PERSON,
                "status": NeedStatus.TO_MATCH,
                **values,
            },
        )

    def resource(self, code: str, name: str, **values: Any) -> Key:
        """A medical organisation known since 2025."""
        return self.add(
            "resource",
            **{
                "code": code,
                "name": name,
                "dimension": Dimension.ORGANISATIONS,
                "map_class": MapClass.MEDICAL,
                "collected_on": date(2025, 6, 1),
                "phone": "13911112222",
                **values,
            },
        )

    def match(self, code: str, need: Key, resource: Key, matched_on: date, **values: Any) -> Key:
        """A match that is under way."""
        return self.add(
            "match",
            **{
                "code": code,
                "need_key": need,
                "resource_key": resource,
                "matched_on": matched_on,
                "state": MatchState.SERVING,
                "in_money": False,
                **values,
            },
        )

    def visit(self, code: str, household: Key, visited_on: date, **values: Any) -> Key:
        """A visit at home that met the client."""
        return self.add(
            "visit",
            **{
                "code": code,
                "household_key": household,
                "visited_on": visited_on,
                "method": VisitMethod.HOME,
                "outcome": VisitOutcome.MET,
                "worker_key": self.worker,
                **values,
            },
        )


def known_town(root: Path) -> Town:
    """October 2026: see the tests for what it adds up to. A copy of one that is made once a run."""
    folder, village = _template()
    shutil.copytree(folder, root / NAME)
    town = Town.__new__(Town)
    town.store = open_station(root / NAME, clock=FixedClock.on(TODAY))
    town.worker, town.village = Key(town.store.actor.key), village
    return town


@cache
def _template() -> tuple[Path, Key]:
    folder = Path(tempfile.mkdtemp(prefix="ledger-town-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    town = _made(folder)
    town.store.close()
    return folder / NAME, town.village


def _made(root: Path) -> Town:
    town = Town(root)
    first = town.household("H-001")
    alone = town.person("D-001", "王秀兰", first, "G01", "G13")
    second = town.household("H-002", opened_on=date(2026, 10, 3))
    child = town.person(
        "D-002",
        "李小明",
        second,
        "G31",
        id_number="999999201503050010",
        birth_date=date(2015, 3, 5),
        opened_on=date(2026, 10, 3),
    )
    hidden_home = town.household("H-003")
    hidden = town.person("D-003", "赵某某", hidden_home, "G43", id_number=None)
    left = town.household("H-004", status=HouseholdStatus.MOVED, closed_on=date(2026, 10, 20))
    town.person("D-004", "孙建国", left, status=PersonStatus.MOVED, closed_on=date(2026, 10, 20))
    later = town.household("H-005", opened_on=date(2026, 11, 2))
    town.person("D-005", "周后来", later, opened_on=date(2026, 11, 2))

    clinic = town.resource("医-01", "石桥卫生院", verified_on=date(2026, 10, 9))
    fund = town.resource(
        "经-01",
        "慈善救助金",
        dimension=Dimension.FUNDS,
        map_class=MapClass.FUNDS,
        collected_on=date(2026, 10, 8),
        confidential=True,
        address="保密地址9号",
    )
    town.resource("医-02", "下月的卫生室", collected_on=date(2026, 11, 1))

    old = town.need("X-001", date(2026, 8, 1), person_key=alone)
    met = town.need(
        "X-002",
        date(2026, 10, 5),
        person_key=alone,
        urgency=Urgency.CRITICAL,
        status=NeedStatus.MET,
        closed_on=date(2026, 10, 25),
        amount=Decimal("300.00"),
    )
    childs = town.need("X-003", date(2026, 10, 6), person_key=child, result=NeedResult.MEDICAL)
    town.need("X-004", date(2026, 10, 7), person_key=hidden)
    town.need(
        "X-005",
        date(2026, 9, 7),
        village_key=town.village,
        subject=NeedSubject.COMMUNITY,
        status=NeedStatus.MET,
        closed_on=date(2026, 11, 2),
    )
    town.match(
        "P-001",
        met,
        fund,
        date(2026, 10, 8),
        state=MatchState.DONE,
        done_on=date(2026, 10, 20),
        amount=Decimal("300.00"),
        in_money=True,
    )
    town.match("P-002", met, clinic, date(2026, 10, 9), amount=Decimal("45.50"), people=1, instances=3)
    town.match(
        "P-003",
        childs,
        clinic,
        date(2026, 10, 10),
        state=MatchState.FAILED,
        amount=Decimal("99.00"),
        reason="时间不合",
    )
    town.match("P-004", old, clinic, date(2026, 9, 10), amount=Decimal("10.00"))

    town.visit("F-001", first, date(2026, 10, 12), person_key=alone, people=2)
    town.visit("F-002", first, date(2026, 10, 19), person_key=alone, method=VisitMethod.PHONE)
    town.visit("F-003", second, date(2026, 10, 13), person_key=child, outcome=VisitOutcome.NOBODY_HOME)
    town.visit("F-004", hidden_home, date(2026, 10, 14))
    town.visit("F-005", first, date(2026, 9, 1))
    return town
