"""`stationdesk fieldsheet`: sheets to be drawn on, printed and taken back without the window."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import Progress

if TYPE_CHECKING:
    from stationdesk.services.store import Store


def add_field_sheet(argument: Callable[..., object], option: Callable[..., object]) -> None:
    """What `fieldsheet` is told."""
    argument(
        "act", metavar="print|back|list", choices=("print", "back", "list"), help=_("打印、收回照片，或列出")
    )
    argument("photo", metavar="PHOTO", type=Path, nargs="?", help=_("收回时是走访图的照片"))
    option("--area", metavar="CODE", help=_("哪个村居，写代码或名称；不写就是全镇"))
    option("--paper", choices=("A4", "A3", "8k", "A5"), default="A4", help=_("纸张，8k 是 8 开（默认 A4）"))
    option("--landscape", action="store_true", help=_("横放"))
    option("--no-list", action="store_true", help=_("不印记录表"))
    option("--out", metavar="F.pdf", type=Path, help=_("打印时存为哪个 PDF 文件"))


def field_sheet(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Run one of the acts."""
    acts = {"print": _print, "back": _back, "list": _list}
    acts[given.act](store, given, progress)
    return 0


def _print(store: Store, given: argparse.Namespace, progress: Progress) -> None:
    from stationdesk.cli_sheets import PAPERS, area_of
    from stationdesk.core.printing import PageSetup, Paper
    from stationdesk.services.field_sheets import print_field_sheet
    from stationdesk.services.handout_specs import HandoutOrder
    from stationdesk.ui.headless import printing

    if given.out is None:
        raise UserError("请用 --out 写明存为哪个 PDF 文件。")
    area = area_of(store, given.area) if given.area else None
    papers = {**PAPERS, "A5": Paper.A5}
    order = HandoutOrder(area=area, setup=PageSetup(papers[given.paper], given.landscape), colour=False)
    with printing() as printer:
        made = print_field_sheet(store, given.out, order, printer, progress, checklist=not given.no_list)
    print(
        _("走访图 {number}，{pages} 页：{path}").format(number=made.number, pages=made.pages, path=made.path)
    )


def _back(store: Store, given: argparse.Namespace, progress: Progress) -> None:
    from stationdesk.services.returning import bring_back

    if given.photo is None:
        raise UserError("请写明走访图的照片。")
    back, _changes = bring_back(store, given.photo, progress)
    print(
        _("走访图 {number} 已铺在地图下面（看清 {seen} 个角标，误差约 {error:.0f} 米）。").format(
            number=back.number, seen=back.seen, error=back.error
        )
    )


def _list(store: Store, given: argparse.Namespace, progress: Progress) -> None:
    from stationdesk.services.field_sheets import field_sheets

    del given, progress
    lines = field_sheets(store)
    for line in lines:
        back = line.returned_on.isoformat() if line.returned_on else _("还在外面")
        print(f"{line.number}\t{line.title}\t{line.made_on.isoformat()}\t{back}")
    if not lines:
        print(_("还没有打印过走访图。"))
