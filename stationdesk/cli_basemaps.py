"""`stationdesk basemap`: base maps added, listed and removed without the window."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import Datum

if TYPE_CHECKING:
    from stationdesk.services.store import Store

_MB = 1_000_000


def add_basemap(argument: Callable[..., object], option: Callable[..., object]) -> None:
    """What `basemap` is told."""
    argument(
        "act",
        metavar="add|look|list|remove|forget",
        choices=("add", "look", "list", "remove", "forget"),
        help=_("加入、只看不加、列出、移除，或彻底删除已移除底图的文件"),
    )
    argument("what", metavar="FILE|NAME", nargs="?", help=_("加入时是底图文件，移除时是底图名称"))
    option(
        "--datum",
        type=Datum.of,
        choices=tuple(Datum),
        metavar="wgs84|gcj02|bd09",
        help=_("坐标系；文件里没有说明是哪种时必须写"),
    )
    option("--name", metavar="NAME", default="", help=_("底图叫什么；不写就用文件里的名称"))


def basemap(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Run one of the acts."""
    acts = {"add": _add, "look": _look, "list": _list, "remove": _remove, "forget": _forget}
    acts[given.act](store, given, progress)
    return 0


def _what(given: argparse.Namespace) -> str:
    if not given.what:
        raise UserError("请写明{what}。", what=_("底图名称") if given.act == "remove" else _("底图文件"))
    return str(given.what)


def _look(store: Store, given: argparse.Namespace, progress: Progress) -> None:
    from stationdesk.services.basemaps import look

    progress.say(_("正在查看底图"))
    for sentence in look(store, Path(_what(given))).sentences:
        print(sentence)


def _add(store: Store, given: argparse.Namespace, progress: Progress) -> None:
    from stationdesk.services.basemaps import add

    _look(store, given, progress)
    print(add(store, Path(_what(given)), given.datum, name=given.name, progress=progress).why)


def _list(store: Store, given: argparse.Namespace, progress: Progress) -> None:
    from stationdesk.services.basemaps import bases_of, forgotten

    del given, progress
    bases = bases_of(store)
    for base in bases:
        size = _("文件不在了") if base.size is None else f"{base.size / _MB:,.1f} MB"
        print(
            "\t".join(
                (
                    base.name,
                    _(base.kind.label),
                    _(base.datum.label),
                    f"{base.min_zoom}—{base.max_zoom}",
                    size,
                    _("显示") if base.shown else _("隐藏"),
                )
            )
        )
    if not bases:
        print(_("没有底图"))
    count, left = forgotten(store)
    if count:
        print(_("另有 {count} 个已移除底图的文件，共 {size:,.1f} MB").format(count=count, size=left / _MB))


def _remove(store: Store, given: argparse.Namespace, progress: Progress) -> None:
    from stationdesk.services.basemaps import find, remove

    del progress
    print(remove(store, find(store, _what(given))).why)


def _forget(store: Store, given: argparse.Namespace, progress: Progress) -> None:
    from stationdesk.services.basemaps import forget

    del given, progress
    print(_("腾出 {size:,.1f} MB").format(size=forget(store) / _MB))
