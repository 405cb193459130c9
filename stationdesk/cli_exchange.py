"""The commands that exchange lists with other programs: `export` in open formats, `compare` with a list."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.messages import _
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import Audience, Datum

if TYPE_CHECKING:
    from stationdesk.services.compare import Comparison
    from stationdesk.services.store import Store

FORMATS = ("hsds", "hsds-csv", "geojson", "kml", "gpx", "csv")
KINDS = ("people", "resources", "needs", "villages", "organisations", "visits", "categories", "matches")
_SHOWN = 10
"""How many of a group are listed before they are only counted."""

Argument = Callable[..., object]


def add_export(argument: Argument, option: Argument) -> None:
    """What `export` is told."""
    del argument
    option(
        "--as",
        dest="form",
        required=True,
        choices=FORMATS,
        help=_("格式：HSDS 资源目录（JSON 或 CSV 数据包）、GeoJSON、KML、GPX、CSV"),
    )
    option("--out", metavar="F", type=Path, required=True, help=_("存为哪个文件"))
    option(
        "--kind",
        choices=("resources", "organisations", "villages"),
        default="resources",
        help=_("导出什么：资源、组织或村居（默认资源）"),
    )
    option("--village", metavar="NAME", help=_("只要这个村居的资源"))
    option(
        "--for",
        dest="audience",
        choices=tuple(Audience),
        metavar="internal|report|public",
        default=Audience.REPORT.value,
        help=_("给谁：内部使用、外送上报或公示；默认外送上报（按规定遮盖）"),
    )
    option("--override", metavar="原因", help=_("外送文件里查到疑似个人信息仍要放行时，写明原因"))


def add_compare(argument: Argument, option: Argument) -> None:
    """What `compare` is told."""
    argument("file", metavar="FILE", type=Path, help=_("对方的名册：表格文件，或 GeoJSON、KML、GPX、HSDS"))
    option("--kind", choices=KINDS, help=_("名册里是什么；不写就看内容判断"))
    option("--sheet", metavar="NAME", help=_("工作表；不写就选最像的一张"))
    option(
        "--datum",
        type=Datum.of,
        choices=tuple(Datum),
        metavar="wgs84|gcj02|bd09",
        help=_("坐标系；文件里有坐标、又没有注明时必须写"),
    )
    option("--village", metavar="NAME", help=_("本站这一边只看这个村居"))
    option("--category", metavar="NAME", help=_("本站这一边只看这个对象类别"))
    option("--out", metavar="F.xlsx", type=Path, help=_("把结果存为 Excel 文件"))
    option("--password-file", metavar="F", type=Path, help=_("给工作簿加密码，密码在这个文件的第一行"))
    option("--json", action="store_true", help=_("以 JSON 输出"))


def export(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Write a list in an open format, and say what is in it and what is not."""
    from stationdesk.services.compare import ground_named
    from stationdesk.services.exchange import Format, export_list
    from stationdesk.services.imports import ImportKind
    from stationdesk.services.listing import Query
    from stationdesk.services.release import Override

    kind = ImportKind.of(given.kind)
    query = ground_named(store, kind, given.village) if given.village else Query(kind.record)
    report = export_list(
        store,
        Format.of(given.form),
        given.out,
        query,
        Audience.of(given.audience),
        progress,
        override=Override(given.override) if given.override else None,
    )
    print(
        _("已保存 {file}：{count} 条，其中 {placed} 条有位置（WGS-84）。").format(
            file=report.path, count=report.records, placed=report.placed
        )
    )
    for line in _some([_("没有写入：{title}，{why}").format(title=e.title, why=e.why) for e in report.left]):
        print(line)
    return 0


def compare(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Compare a list with ours, and say or save what comes of it."""
    from stationdesk.services.compare import compare as compared
    from stationdesk.services.compare import ground_named, save_comparison
    from stationdesk.services.exchange import suspected_shift
    from stationdesk.services.imports import ImportKind, read_plan
    from stationdesk.services.sealing import password_in

    password = password_in(given.password_file) if given.password_file is not None else None
    kind = ImportKind.of(given.kind) if given.kind else None
    plan = read_plan(store, given.file, kind, sheet=given.sheet, progress=progress)
    if given.datum is None and plan.asks_datum and (shift := suspected_shift(store, plan)) is not None:
        print(shift.sentence, file=sys.stderr)
    ground = ground_named(store, plan.kind, given.village or "", given.category or "")
    found = compared(store, plan, given.datum or plan.proposed_datum, ground, progress)
    if given.out is not None:
        save_comparison(store, found, given.out, progress, password=password)
    if given.json:
        print(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
        return 0
    for line in _told(found):
        print(line)
    if given.out is not None:
        print(_("已保存 {file}").format(file=given.out))
    return 0


def _told(found: Comparison) -> list[str]:
    lines = [
        _("比对的栏目：{labels}").format(labels="、".join(found.compared)),
        _("两边相同：{count} 行").format(count=found.same),
        _("内容不同：{count} 行").format(count=len(found.different)),
    ]
    lines += _some(
        [
            _("第 {number} 行 {title}：{what}").format(
                number=pair.number,
                title=pair.title,
                what="；".join(
                    _("{label} 本站“{ours}”，名册“{theirs}”").format(
                        label=each.label, ours=each.ours, theirs=each.theirs
                    )
                    for each in pair.differences
                ),
            )
            for pair in found.different
        ]
    )
    lines.append(_("只在名册里：{count} 行").format(count=len(found.only_there)))
    lines += _some(
        [
            _("第 {number} 行 {title}").format(number=each.number, title=each.title)
            for each in found.only_there
        ]
    )
    lines.append(_("只在本站：{count} 条").format(count=len(found.only_here)))
    lines += _some([each.title for each in found.only_here])
    if found.unclear:
        lines.append(_("要人看：{count} 行").format(count=len(found.unclear)))
        lines += _some(
            [
                _("第 {number} 行 {title}：{why}").format(number=each.number, title=each.title, why=each.why)
                for each in found.unclear
            ]
        )
    if found.withheld:
        lines.append(_("另有 {count} 条按规定限制查看，不列名。").format(count=found.withheld))
    return lines


def _some(lines: Sequence[str]) -> list[str]:
    shown = [f"  {line}" for line in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        shown.append(_("  另有 {count} 条").format(count=len(lines) - _SHOWN))
    return shown


def _as_json(found: Comparison) -> dict[str, object]:
    return {
        "file": found.plan.file.name,
        "kind": found.plan.kind.value,
        "columns": found.labels,
        "compared": found.compared,
        "rows": found.rows,
        "same": found.same,
        "different": [asdict(each) for each in found.different],
        "only_there": [asdict(each) for each in found.only_there],
        "only_here": [asdict(each) for each in found.only_here],
        "unclear": [asdict(each) for each in found.unclear],
        "withheld": found.withheld,
    }
