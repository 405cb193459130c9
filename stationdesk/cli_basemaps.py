"""`stationdesk basemap`: base maps added, pinned, listed and removed without the window."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import Datum
from stationdesk.core.vocab.basemaps import PinMethod

if TYPE_CHECKING:
    from stationdesk.services.store import Store

_MB = 1_000_000


def add_basemap(argument: Callable[..., object], option: Callable[..., object]) -> None:
    """What `basemap` is told."""
    argument(
        "act",
        metavar="add|look|pin|sketch|list|remove|forget",
        choices=tuple(_ACTS),
        help=_("加入、只看不加、按钉点放扫描图、按量的距离放示意图、列出、移除，或彻底删除已移除底图的文件"),
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
    option(
        "--pins",
        metavar="F.csv",
        type=Path,
        help=_("pin：钉点，每行 列,行,经度,纬度[,名称]，列行是图上的像素，从左上角数起"),
    )
    option(
        "--method",
        type=PinMethod.of,
        choices=tuple(PinMethod),
        metavar="affine|tps",
        help=_("pin：整张拉正，或逐点贴合；不写就用误差小的"),
    )
    option(
        "--distances",
        metavar="F.csv",
        type=Path,
        help=_("sketch：量的距离，每行 列1,行1,列2,行2,长度[,米或步]；长度写“北”的一行是指北箭头"),
    )
    option("--pace", metavar="METRES", type=float, help=_("sketch：一步多少米"))


def basemap(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Run one of the acts."""
    _ACTS[given.act](store, given, progress)
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


def _pin(store: Store, given: argparse.Namespace, progress: Progress) -> None:
    from stationdesk.services import pinning

    path = Path(_what(given))
    recipe = pinning.ByPins(
        pinning.pins_in(_content(given.pins, "--pins"), given.datum or Datum.WGS84), given.method
    )
    judged = pinning.judge(pinning.look(path).size, recipe.pins, recipe.method)
    for number, (pin, error, miss) in enumerate(
        zip(recipe.pins, judged.errors, judged.misses, strict=True), 1
    ):
        told = f"{miss.metres:,.1f}" if miss is not None else "—"
        print(f"{number}\t{pin.name}\t{error:,.1f}\t{told}")
    for sentence in judged.sentences:
        print(sentence)
    print(pinning.add(store, path, recipe, name=given.name, progress=progress).why)


def _sketch(store: Store, given: argparse.Namespace, progress: Progress) -> None:
    from stationdesk.services import pinning

    path = Path(_what(given))
    recipe = pinning.lengths_in(_content(given.distances, "--distances"), given.pace or pinning.PACE)
    for sentence in pinning.judge_paced(pinning.look(path).size, recipe).sentences:
        print(sentence)
    print(pinning.add(store, path, recipe, name=given.name, progress=progress).why)


def _content(path: Path | None, option: str) -> bytes:
    if path is None:
        raise UserError("请用 {option} 写明列表文件。", option=option)
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError("读不了“{name}”：{why}。", name=path.name, why=error.strerror or "") from error


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
                    base.frame,
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


_ACTS: Mapping[str, Callable[[Store, argparse.Namespace, Progress], None]] = MappingProxyType(
    {
        "add": _add,
        "look": _look,
        "pin": _pin,
        "sketch": _sketch,
        "list": _list,
        "remove": _remove,
        "forget": _forget,
    }
)
