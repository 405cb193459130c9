"""`stationdesk atlas` and `stationdesk poster`: the book of maps and the large map, without the window."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.cli_sheets import area_of
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.printing import Paper
from stationdesk.core.progress import Progress

if TYPE_CHECKING:
    from stationdesk.core.fields import Key
    from stationdesk.services.preflight import Preflight
    from stationdesk.services.publishing import LeftOut
    from stationdesk.services.store import Store

Argument = Callable[..., object]

_PAPERS = {"A4": Paper.A4, "A5": Paper.A5}
_SIGNS = {"stop": "×", "warn": "！"}


def add_atlas(argument: Argument, option: Argument) -> None:
    """What `atlas` is told."""
    del argument
    option("--paper", choices=tuple(_PAPERS), default="A4", help=_("一页多大（默认 A4）"))
    option(
        "--booklet",
        action="store_true",
        help=_("按折叠的顺序排，两页印在一张纸上：A4 页用 A3 纸，A5 页用 A4 纸；沿短边翻转双面打印，对折"),
    )
    option(
        "--policy",
        metavar="CODE",
        action="append",
        help=_("印哪一项政策的办事指南，写编号，可以写几次；不写就印所有可以公开的"),
    )
    _add_common(option)


def add_poster(argument: Argument, option: Argument) -> None:
    """What `poster` is told."""
    del argument
    option(
        "--sheets",
        metavar="CxR",
        type=_sheets,
        default=(2, 2),
        help=_("几列乘几行 A4 纸，如 2x3 是横 2 张、竖 3 张（默认 2x2）"),
    )
    option("--landscape", action="store_true", help=_("每张 A4 纸横放"))
    _add_common(option)


def _add_common(option: Argument) -> None:
    option("--area", metavar="CODE", help=_("哪个村居，写代码或名称；不写就是全镇"))
    option("--bw", action="store_true", help=_("只用黑白，给旧复印机"))
    option("--draft", action="store_true", help=_("只做草稿：每页印上“草稿”，不算版次"))
    option("--out", metavar="F.pdf", type=Path, required=True, help=_("存为哪个 PDF 文件"))


def _sheets(text: str) -> tuple[int, int]:
    columns, _times, rows = text.lower().replace("×", "x").partition("x")
    return int(columns), int(rows)


def atlas(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Print the atlas that is asked for."""
    from stationdesk.services.atlas import AtlasOrder
    from stationdesk.services.atlas import atlas as make
    from stationdesk.ui.headless import printing

    order = AtlasOrder(
        area=area_of(store, given.area) if given.area else None,
        paper=_PAPERS[given.paper],
        colour=not given.bw,
        folded=given.booklet,
        policies=tuple(_policy(store, code) for code in given.policy) if given.policy else None,
        draft=given.draft,
    )
    with printing() as printer:
        report = make(store, given.out, order, printer, progress)
    words = _("已保存 {file}：地图册 {pages} 页，{maps} 幅图，索引 {entries} 项，图上 {drawn} 项。")
    print(
        words.format(
            file=report.path,
            pages=report.pages,
            maps=report.maps,
            entries=report.entries,
            drawn=report.drawn,
        )
    )
    if report.sides:
        sheets = report.sides // 2
        print(_("小册子 {sheets} 张纸：双面打印，沿短边翻转，叠好后对折。").format(sheets=sheets))
    _tell(report.found, report.left_out, report.warnings)
    return 0


def poster(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Print the poster that is asked for."""
    from stationdesk.services.posters import PosterOrder
    from stationdesk.services.posters import poster as make
    from stationdesk.ui.headless import printing

    columns, rows = given.sheets
    order = PosterOrder(
        area=area_of(store, given.area) if given.area else None,
        columns=columns,
        rows=rows,
        landscape=given.landscape,
        colour=not given.bw,
        draft=given.draft,
    )
    with printing() as printer:
        report = make(store, given.out, order, printer, progress)
    words = _(
        "已保存 {file}：{sheets} 张 A4 拼成 {width:.0f}×{height:.0f} 厘米，共 {pages} 页，1:{scale:,}。"
    )
    width, height = (side / 10 for side in report.size)
    print(
        words.format(
            file=report.path,
            sheets=report.sheets,
            width=width,
            height=height,
            pages=report.pages,
            scale=report.scale,
        )
    )
    _tell(report.found, report.left_out, report.warnings)
    return 0


def _tell(found: Preflight, left_out: Sequence[LeftOut], warnings: Sequence[str]) -> None:
    told = [each for each in found.findings if each.level in _SIGNS]
    for finding in told:
        print(f"  {_SIGNS[finding.level]} {finding.sentence}")
    said = {finding.sentence for finding in told}
    for warning in warnings:
        if warning not in said:
            print(f"  {warning}")
    for left in left_out:
        print(_("  没有印：{code} {name}，{why}").format(code=left.code, name=left.name, why=left.why))


def _policy(store: Store, code: str) -> Key:
    from stationdesk.services.listing import Filter, Query, keys_of

    keys = keys_of(store, Query("resource", filters=(Filter("code", frozenset({code})),)))
    if len(keys) != 1:
        raise UserError("没有编号是“{code}”的资源。请检查。", code=code)
    return keys[0]
