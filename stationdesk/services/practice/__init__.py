"""The practice town: an invented township to learn on, the same for everybody, its dates always recent.

Names, places, numbers and events are made up by `Dice` from a seed. ID numbers have an area code that no
place has, phones a prefix that nobody was given. The station bears the mark that every list and sheet shows.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select

from stationdesk.core.changes import Change, ChangeSet
from stationdesk.core.clock import Clock
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.db.models import Household, Resource, Station, Worker
from stationdesk.db.store import PROGRAM
from stationdesk.db.writing import Work
from stationdesk.services.numbers import SIGNS, next_numbers
from stationdesk.services.practice.ground import (
    STATION_HOUSE,
    STATION_PHONE,
    settle_station,
    settle_workers,
)
from stationdesk.services.practice.plan import PARTS, parts
from stationdesk.services.practice.town import empty_town
from stationdesk.services.stations import Newcomer, Profile, create
from stationdesk.services.store import Store

SEED = 7
WORKERS = ("许知秋", "蓝小满", "方远舟")


def practice_profile() -> Profile:
    """What the practice station is called."""
    return Profile("柳河镇社会工作服务站（练习）", "柳河镇", "练习县", STATION_PHONE, practice=True)


def create_practice(
    root: Path, clock: Clock | None = None, progress: Progress = SILENT, seed: int = SEED
) -> Store:
    """Make a practice station in an empty or new folder, fill it, and open it as its first worker.

    Whoever has learnt enough removes the folder; a town that was cut short leaves none.

    Raises:
        UserError: the folder holds other things. Cancelled: the worker stopped it.
    """
    store = create(root, practice_profile(), tuple(Newcomer(name) for name in WORKERS), clock)
    try:
        fill(store, progress, seed)
    except BaseException:
        store.close()
        shutil.rmtree(root, ignore_errors=True)  # `create` has just made it, in an empty place
        raise
    return store


def fill(store: Store, progress: Progress = SILENT, seed: int = SEED) -> ChangeSet:
    """Fill a practice station: one transaction and one batch, under the name of the program itself.

    The batch is not the worker's, so that undo begins with what the worker does.

    Raises:
        UserError: the station is not a practice station, or something is in it already.
        Cancelled: the worker stopped it; nothing was written.
    """
    with store.writing(_("建立练习镇")) as work:
        work.actor = PROGRAM
        station = work.session.scalars(select(Station)).first()
        if station is None or not station.practice:
            raise UserError("练习数据只能放进练习镇，这个工作站没有改动。请新建练习镇。")
        for model in (Household, Resource):
            if work.session.scalar(select(func.count()).select_from(model)):
                raise UserError("这个练习镇里已经有数据了，没有再放。要重新开始，请新建一个练习镇。")
        _fill(work, station, progress, seed)
        return work.done()


def _fill(work: Work, station: Station, progress: Progress, seed: int) -> None:
    progress.step(0, PARTS)
    workers = list(work.session.scalars(select(Worker).order_by(Worker.key)))
    town = empty_town(
        work.today, seed, tuple(each.key for each in workers), tuple(each.name for each in workers)
    )
    work.write(settle_workers(town, workers))
    for done, part in enumerate(parts(town), start=1):
        work.write(_numbered(work, part))
        for change in part:
            if change.values.get("name") == STATION_HOUSE:
                work.write(settle_station(town, station, change.values))
        progress.step(done, PARTS)


def _numbered(work: Work, changes: Sequence[Change]) -> list[Change]:
    """The changes with their numbers (户-0001, 医-07), each series in the order in which they come."""
    rest = list(changes)
    series: dict[tuple[str, str], list[int]] = {}
    for place, change in enumerate(rest):
        if change.record == "resource":
            series.setdefault(("resource", change.values["map_class"].letter), []).append(place)
        elif change.record in SIGNS:
            series.setdefault((change.record, ""), []).append(place)
    for (record, sign), places in series.items():
        for place, number in zip(places, next_numbers(work, record, len(places), sign), strict=True):
            rest[place] = rest[place].with_values({"code": number})
    return rest


__all__ = ["SEED", "WORKERS", "create_practice", "fill", "practice_profile"]
