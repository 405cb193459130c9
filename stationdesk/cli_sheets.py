"""`stationdesk handout` and `stationdesk preflight`: sheets printed and looked through without the window."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import SheetForm, SheetKind

if TYPE_CHECKING:
    from stationdesk.core.fields import Key
    from stationdesk.services.handouts import HandoutOrder, HandoutReport
    from stationdesk.services.preflight import Finding
    from stationdesk.services.store import Store

Argument = Callable[..., object]

PAPERS = {"A4": Paper.A4, "A3": Paper.A3, "8k": Paper.KAI8}
_KINDS = {
    "resources": SheetKind.RESOURCES,
    "community": SheetKind.COMMUNITY,
    "clients": SheetKind.CLIENTS,
}
_SIGNS = {"stop": "×", "warn": "！", "told": "√"}


def add_handout(argument: Argument, option: Argument) -> None:
    """What `handout` is told."""
    del argument
    _add_order(option)
    option("--draft", action="store_true", help=_("只做草稿：每页印上“草稿”，不算版次"))
    option(
        "--exact",
        action="store_true",
        help=_("服务对象分布图逐户印出位置：再问一次密码，每页印“内部资料”；不写就按村合计"),
    )
    option("--out", metavar="F.pdf", type=Path, required=True, help=_("存为哪个 PDF 文件"))


def add_preflight(argument: Argument, option: Argument) -> None:
    """What `preflight` is told."""
    del argument
    _add_order(option)
    option("--json", action="store_true", help=_("以 JSON 输出"))


def _add_order(option: Argument) -> None:
    option(
        "--kind",
        choices=tuple(_KINDS),
        default="resources",
        help=_("哪一种图：社区资源图、社区地图、服务对象分布图（默认社区资源图）"),
    )
    option("--area", metavar="CODE", help=_("哪个村居，写代码或名称；不写就是全镇"))
    option("--paper", choices=tuple(PAPERS), default="A4", help=_("纸张，8k 是 8 开（默认 A4）"))
    option("--landscape", action="store_true", help=_("横放"))
    option(
        "--pages",
        choices=("1", "2"),
        default="1",
        help=_("1：图和索引在一页；2：一页图、一页索引（默认 1）"),
    )
    option("--bw", action="store_true", help=_("只用黑白，给旧复印机"))
    option("--large-print", action="store_true", help=_("大字版：六处地方，电话 24 磅"))


def handout(ask: Callable[[str], str], store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Print the sheet that is asked for; `ask` asks for the password again where households are shown."""
    if _KINDS[given.kind] is SheetKind.CLIENTS and not given.large_print:
        return _clients(ask, store, given, progress)
    if given.exact:
        raise UserError("--exact 只用于服务对象分布图。请去掉它，或把 --kind 写成 clients。")
    from stationdesk.services.handouts import handout as make
    from stationdesk.ui.headless import printing

    order = replace(_order(store, given), draft=given.draft)
    with printing() as printer:
        report = make(store, given.out, order, printer, progress)
    words = (
        _("已保存 {file}：草稿，{entries} 项，{pages} 页。")
        if given.draft
        else _("已保存 {file}：{entries} 项，{pages} 页，第 {edition} 版。")
    )
    print(words.format(file=report.path, entries=report.entries, pages=report.pages, edition=report.edition))
    for finding in report.found.findings:
        if finding.level != "told":
            print(_line(finding))
    for left in report.left_out:
        print(_("  没有印：{code} {name}，{why}").format(code=left.code, name=left.name, why=left.why))
    return 0


def _clients(ask: Callable[[str], str], store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Print where the people served live, for the station alone."""
    from stationdesk.core.vocab import MapLevel
    from stationdesk.services.client_maps import client_map
    from stationdesk.services.client_specs import ClientOrder
    from stationdesk.services.served import unlock_households
    from stationdesk.ui.headless import printing

    if given.draft:
        raise UserError("服务对象分布图是内部资料，没有草稿和版次。请去掉 --draft。")
    order = ClientOrder(
        MapLevel.EXACT if given.exact else MapLevel.VILLAGES,
        area_of(store, given.area) if given.area else None,
        _setup(given),
        colour=not given.bw,
        form=_form(given),
    )
    if given.exact:
        unlock_households(store, ask(_("再输一次密码：")) if store.key is not None else "")
    with printing() as printer:
        report = client_map(store, given.out, order, printer, progress)
    words = _("已保存 {file}：内部资料，{entries} 项，{pages} 页。不要外传，用后收好。")
    print(words.format(file=report.path, entries=report.entries, pages=report.pages))
    for warning in report.warnings:
        print(f"  {_SIGNS['warn']} {warning}")
    return 0


def preflight(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Print the sheet aside, say what was found on it, and leave nothing behind.

    Raises:
        UserError: after everything is told, when the sheet must not be given out.
    """
    from stationdesk.core.files import private_folder
    from stationdesk.services.handouts import handout as make
    from stationdesk.ui.headless import printing

    order = replace(_order(store, given), draft=True)  # a draft is made whatever is found
    with printing() as printer, private_folder(store.folder.root) as aside:
        report = make(store, aside / "preflight.pdf", order, printer, progress, logged=False)
    found = report.found
    if given.json:
        print(json.dumps(_told(order, report), ensure_ascii=False, indent=1))
    else:
        for finding in found.findings:
            print(_line(finding))
        for left in report.left_out:
            print(_("  没有印：{code} {name}，{why}").format(code=left.code, name=left.name, why=left.why))
    if not found.may_be_given:
        raise UserError("发放前检查没有通过，有 {count} 处要改；只能存成草稿。", count=len(found.stops))
    return 0


def _order(store: Store, given: argparse.Namespace) -> HandoutOrder:
    from stationdesk.services.handouts import HandoutOrder

    kind = SheetKind.LARGE_PRINT if given.large_print else _KINDS[given.kind]
    if given.large_print and given.kind != "resources":
        raise UserError("大字版只有社区资源图。请去掉 --large-print，或把 --kind 写成 resources。")
    if not kind.is_given_out:
        raise UserError("服务对象分布图是内部资料，不发放，没有发放前检查。")
    return HandoutOrder(
        kind=kind,
        area=area_of(store, given.area) if given.area else None,
        setup=_setup(given),
        colour=not given.bw,
        form=_form(given),
    )


def _setup(given: argparse.Namespace) -> PageSetup:
    return PageSetup(PAPERS[given.paper], given.landscape)


def _form(given: argparse.Namespace) -> SheetForm:
    return SheetForm.TWO_PAGES if given.pages == "2" else SheetForm.ONE_PAGE


def area_of(store: Store, told: str) -> Key:
    """A village by its code, or by its name where only one has it."""
    from stationdesk.services.listing import Filter, Query, keys_of

    for field in ("code", "name"):
        keys = keys_of(store, Query("village", filters=(Filter(field, frozenset({told})),)))
        if len(keys) == 1:
            return keys[0]
    raise UserError("没有（或不止一个）代码或名称是“{area}”的村居。请检查。", area=told)


def _line(finding: Finding) -> str:
    return f"  {_SIGNS[finding.level]} {finding.sentence}"


def _told(order: HandoutOrder, report: HandoutReport) -> Mapping[str, object]:
    found = report.found
    return {
        "kind": order.kind.code,
        "area": order.area,
        "paper": order.setup.paper.value,
        "may_be_given": found.may_be_given,
        "entries": report.entries,
        "drawn": report.drawn,
        "pages": report.pages,
        "findings": [
            {
                "rule": each.rule,
                "level": each.level.value,
                "sentence": each.sentence,
                "count": each.count,
                "codes": list(each.codes),
            }
            for each in found.findings
        ],
        "left_out": [{"code": each.code, "name": each.name, "why": each.why} for each in report.left_out],
    }
