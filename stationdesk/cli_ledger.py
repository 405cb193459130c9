"""The command `ledger`: the workbook of a month or some of its sheets, closing a month, opening it again."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import Audience

if TYPE_CHECKING:
    from stationdesk.core.clock import Month
    from stationdesk.services.ledgers import LedgerReport
    from stationdesk.services.store import Store

Argument = Callable[..., object]


def add_ledger(argument: Argument, option: Argument) -> None:
    """What `ledger` is told."""
    argument("month", metavar="2026-10", nargs="?", help=_("哪个月"))
    option(
        "--for",
        dest="audience",
        choices=("internal", "report"),
        default="internal",
        help=_("内部使用，或外送上报（按规定遮盖）；默认内部使用"),
    )
    option("--out", metavar="F.xlsx", type=Path, help=_("存为哪个 Excel 文件"))
    option(
        "--sheet",
        dest="sheets",
        metavar="NAME",
        action="append",
        default=[],
        help=_("只要这张表，如 roster 或 服务对象花名册；可以写几次"),
    )
    option("--list", dest="listed", action="store_true", help=_("列出有哪些表"))
    option(
        "--from-day",
        dest="first_day",
        metavar="N",
        type=int,
        help=_("每月从几日起算，1 到 28；不写就按本站设置。21：2026-10 是 9 月 21 日至 10 月 20 日"),
    )
    option("--close", action="store_true", help=_("结账：把这个月的台账和数字按现在的样子存下来"))
    option("--reopen", action="store_true", help=_("重新打开已结账的月份，要用 --reason 写明原因"))
    option("--reason", metavar="原因", default="", help=_("重新打开的原因"))
    option("--anew", action="store_true", help=_("已结账的月份也按现在的资料重新生成（不是上报数）"))
    option(
        "--release-anyway",
        metavar="原因",
        help=_("查出疑似个人信息也放行；写明原因，会记入操作记录"),
    )
    option("--password-file", metavar="F", type=Path, help=_("给工作簿加密码，密码在这个文件的第一行"))


def ledger(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Write, close or open a month as the words say."""
    from stationdesk.services.ledgers import Options
    from stationdesk.services.ledgers import ledger as write
    from stationdesk.services.ledgers.closing import close, reopen
    from stationdesk.services.release import Override
    from stationdesk.services.sealing import lock_for, password_in

    if given.listed:
        return _list()
    month = _month(given)
    if given.close and given.reopen:
        raise UserError("--close 和 --reopen 只能写一个。")
    override = Override(given.release_anyway) if given.release_anyway is not None else None
    password = password_in(given.password_file) if given.password_file is not None else None
    if given.reopen:
        reopen(store, month, given.reason)
        print(_("已重新打开 {month}。").format(month=month.label))
    if given.close:
        _warn(store, month, given.first_day)
        close(store, month, progress, first_day=given.first_day, override=override)
        print(_("{month}已结账，内部和上报两份台账已存下。").format(month=month.label))
    if given.out is not None:
        options = Options(
            first_day=given.first_day,
            only=tuple(given.sheets),
            anew=given.anew,
            override=override,
            lock=lock_for(store, password),
        )
        audience = Audience.of(given.audience)
        _tell(write(store, month, audience, given.out, progress, options=options))
    return 0


def _month(given: argparse.Namespace) -> Month:
    from stationdesk.core.clock import Month

    if given.month is None:
        raise UserError("请写明哪个月，例如 2026-10。")
    if given.out is None and not (given.close or given.reopen):
        raise UserError("请用 --out 指明存为哪个文件，或用 --close 结账。")
    try:
        return Month.parse(given.month)
    except ValueError as error:
        raise UserError("月份请写成 2026-10 这样，现在是“{given}”。", given=given.month) from error


def _list() -> int:
    from stationdesk.sheets.ledgers import LEDGERS

    for each in LEDGERS.values():
        when = "" if each.monthly else _("（要用 --sheet 指明）")
        print(f"{each.name}  {each.title}{when}")
    return 0


def _warn(store: Store, month: Month, first_day: int | None) -> None:
    from stationdesk.services.ledgers.closing import closing_of

    earlier = closing_of(store, month, first_day).earlier_open
    if earlier:
        print(
            _("注意：以前还有没结账的月份：{months}。").format(
                months="、".join(each.label for each in earlier)
            )
        )


def _tell(report: LedgerReport) -> None:
    print(_("已保存 {file}").format(file=report.path))
    if report.handed_in:
        print(_("  这是结账时上报的文件，一字未改。"))
    for sheet in report.sheets:
        print(_("  {title}：{rows} 行").format(title=sheet.title, rows=sheet.rows))
    if report.corrections:
        print(_("  以前月份的更正 {count} 处，见更正表。").format(count=report.corrections))
    for each in report.checks:
        print(f"  {each.text}")
