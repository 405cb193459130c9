"""The practice town, opened in a window or worked through without one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from stationdesk.core.clock import Month
from stationdesk.core.messages import _
from stationdesk.core.paths import default_station_place
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import Audience

PAPERS = (PageSetup(Paper.A4, landscape=True), PageSetup(Paper.A3, landscape=True))


def practice_station(root: Path | None) -> Path:
    """The folder of the practice town, made the first time."""
    from stationdesk.services.practice import create_practice
    from stationdesk.services.stations import close, is_station

    place = root or default_station_place().parent / "练习镇"
    if not is_station(place):
        close(create_practice(place))
    return place


def show(out: Path) -> Iterator[str]:
    """Do the main job on a fresh practice town and leave its papers in `out`; yields a line for each.

    What an earlier run left there is replaced: the ledgers of last month, the hand-outs, pictures of the
    main screens.
    """
    from stationdesk.services.handouts import HandoutOrder, handout
    from stationdesk.services.ledgers import ledger
    from stationdesk.services.matching import suggest_all
    from stationdesk.services.practice import create_practice
    from stationdesk.services.stations import close
    from stationdesk.ui.headless import printing
    from stationdesk.ui.pictures import take_pictures

    out.mkdir(parents=True, exist_ok=True)
    station = out / "station"
    shutil.rmtree(station, ignore_errors=True)
    yield _("正在建练习镇（数据都是编的）…")
    store = create_practice(station)
    try:
        found = suggest_all(store)
        met = sum(1 for _need, suggestions in found if suggestions)
        yield _("{count} 条需求未对接，其中 {met} 条有资源可推荐").format(count=len(found), met=met)
        month = Month.of(store.clock.today()).previous
        for audience, word in ((Audience.INTERNAL, "internal"), (Audience.REPORT, "report")):
            report = ledger(store, month, audience, out / f"ledger-{month}-{word}.xlsx")
            yield _("{month} 台账：{file}（{rows} 行）").format(
                month=month.label, file=report.path, rows=sum(sheet.rows for sheet in report.sheets)
            )
        with printing() as printer:
            for setup in PAPERS:
                target = out / f"handout-{setup.paper}.pdf"
                printed = handout(store, target, HandoutOrder(setup=setup), printer)
                yield _("发放图：{file}（{entries} 项资源，{pages} 页）").format(
                    file=target, entries=printed.entries, pages=printed.pages
                )
        for picture in take_pictures(store, out):
            yield _("画面：{file}").format(file=picture)
    finally:
        close(store)
