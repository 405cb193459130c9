"""`stationdesk walk`: photos and tracks of a community walk become drafts without the window."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import Datum

if TYPE_CHECKING:
    from stationdesk.services.store import Store


def add_walk(argument: Callable[..., object], option: Callable[..., object]) -> None:
    """What `walk` is told."""
    argument("files", metavar="FILE", type=Path, nargs="+", help=_("照片（JPG）和轨迹（GPX、KML、KMZ）"))
    option("--name", metavar="NAME", default="", help=_("这次行走叫什么；不写就用日期"))
    option("--day", metavar="YYYY-MM-DD", type=date.fromisoformat, help=_("哪天；不写就看照片"))
    option(
        "--datum",
        type=Datum.of,
        choices=tuple(Datum),
        default=Datum.WGS84,
        metavar="wgs84|gcj02|bd09",
        help=_("照片和轨迹的坐标系（默认 wgs84）"),
    )
    option("--look", action="store_true", help=_("只看不收"))


def walk(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Take a walk in, and say what became of it."""
    from stationdesk.services.walks import Fate, WalkPlan, look, take_in

    sight = look(store, given.files, given.datum, progress)
    for name, why in sight.refused:
        print(why if name in why else f"{name}：{why}")
    print(
        _("照片 {photos} 张，地点 {places} 处，没有位置 {unplaced} 张，以前收入过 {known} 张。").format(
            photos=len(sight.photos),
            places=len(sight.places),
            unplaced=len(sight.unplaced),
            known=len(sight.known),
        )
    )
    if sight.metres:
        print(_("轨迹 {km:.1f} 公里").format(km=sight.metres / 1000))
    if sight.is_empty and sight.refused and not sight.known:
        raise UserError("没有一个文件能读，什么也没有收入。")
    if given.look:
        return 0
    day = given.day or sight.day or store.clock.today()
    plan = WalkPlan(given.name or _("{day} 行走").format(day=day.isoformat()), day)
    fates = [plan.fate(at, place) for at, place in enumerate(sight.places)]
    print(take_in(store, sight, plan, progress).why)
    print(_("新增 {count} 个资源草稿。").format(count=fates.count(Fate.DRAFT)))
    return 0
