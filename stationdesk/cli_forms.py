"""The commands for the county's own forms: `template` proposes what goes where, `fill` fills it for a month."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import Audience

if TYPE_CHECKING:
    from stationdesk.services.store import Store
    from stationdesk.services.templates import Proposal
    from stationdesk.sheets.template.rules import Choosing, Template

KINDS = ("list", "card", "figures")
SUBJECTS = ("person", "household", "need", "resource", "match", "visit")

Argument = Callable[..., object]


def add_template(argument: Argument, option: Argument) -> None:
    """What `template` is told."""
    argument("form", metavar="FORM", type=Path, help=_("空白表：.xlsx、.xls 或 .docx"))
    option("--out", metavar="T.sdform", type=Path, required=True, help=_("模板存为哪个文件"))
    option("--name", metavar="NAME", help=_("模板叫什么；不写就用文件名"))
    option("--sheet", metavar="NAME", help=_("哪张工作表；不写就选最像的一张"))
    option("--header", metavar="M-N", type=_rows, help=_("表头是第几行到第几行，如 3-5；不写就由程序找"))
    option("--kind", choices=KINDS, help=_("名册、卡片还是统计表；不写就看内容判断"))
    option("--subject", choices=SUBJECTS, help=_("一行（张）是一个人、一户、一项需求……；不写就看内容判断"))
    option(
        "--set",
        dest="corrections",
        metavar="格=来源",
        action="append",
        default=[],
        help=_("改正一列或一格，如 --set C=person.sex、--set B2=head.station；来源留空就不填；可以写几次"),
    )
    option("--sources", action="store_true", help=_("列出可以填的全部来源"))


def add_fill(argument: Argument, option: Argument) -> None:
    """What `fill` is told."""
    argument("template", metavar="T", help=_("模板文件，或工作站里保存的模板名称"))
    argument("month", metavar="2026-10", help=_("哪个月"))
    option("--out", metavar="F", type=Path, required=True, help=_("填好的表存为哪个文件"))
    option(
        "--for",
        dest="audience",
        choices=("internal", "report"),
        default="internal",
        help=_("内部使用，或外送上报（按规定遮盖）；默认内部使用"),
    )
    option(
        "--category", action="append", metavar="名称", default=[], help=_("只填这些对象类别的；可以写几次")
    )
    option("--village", action="append", metavar="名称", default=[], help=_("只填这些村居的；可以写几次"))
    option("--age", metavar="60-", type=_ages, help=_("只填这个年龄段的，如 60-、0-17、60-79"))
    option("--override", metavar="原因", help=_("外送文件里查到疑似个人信息仍要放行时，写明原因"))
    option("--password-file", metavar="F", type=Path, help=_("给填好的表加密码，密码在这个文件的第一行"))


def template(store: Store, given: argparse.Namespace, _progress: Progress) -> int:
    """Propose a template for a blank form and write it to a file."""
    from stationdesk.services.templates import again, propose, write_exchange
    from stationdesk.sheets.template.rules import FormKind, Subject

    proposal = propose(store, given.form)
    if given.sheet or given.kind or given.subject or given.header:
        proposal = again(
            proposal,
            sheet=given.sheet,
            kind=FormKind.of(given.kind) if given.kind else None,
            subject=Subject.of(given.subject) if given.subject else None,
            header=given.header,
        )
    for correction in given.corrections:
        proposal = proposal.with_template(_corrected(proposal, correction))
    if given.sources:
        for source in proposal.choices():
            print(f"{source.name}  {source.group} · {source.label}")
    _tell(proposal)
    path = write_exchange(proposal.taught(given.name or ""), given.out)
    print(_("模板已保存 {file}").format(file=path))
    return 0


def fill(store: Store, given: argparse.Namespace, progress: Progress) -> int:
    """Fill a template for a month."""
    from stationdesk.core.clock import Month
    from stationdesk.services.ledgers.period import periods_of
    from stationdesk.services.ledgers.reading import first_day_of
    from stationdesk.services.release import Override
    from stationdesk.services.sealing import lock_for, password_in
    from stationdesk.services.templates import fill_given, kept_template, read_exchange
    from stationdesk.services.templates.keeping import key_of

    try:
        month = Month.parse(given.month)
    except ValueError as error:
        raise UserError("月份请写成 2026-10 这样，现在是“{given}”。", given=given.month) from error
    password = password_in(given.password_file) if given.password_file is not None else None
    key = None
    if Path(given.template).is_file():
        taught = read_exchange(Path(given.template))
    else:
        key = key_of(store, given.template)
        taught = kept_template(store, key)
    with store.reading() as session:
        periods = periods_of(month, first_day_of(session))
    report = fill_given(
        store,
        taught,
        periods,
        given.out,
        Audience.of(given.audience),
        progress,
        choosing=_choosing(store, given, taught.template.choosing),
        override=Override(given.override) if given.override else None,
        lock=lock_for(store, password),
        key=key,
    )
    print(
        _("已保存 {file}：填了 {rows} 处（行、张），表格加了 {added} 行。").format(
            file=report.path, rows=report.rows, added=report.added
        )
    )
    if report.files > 1:
        print(_("  张数多，分成 {files} 个文件，放在这个文件夹里。").format(files=report.files))
    for warning in report.warnings:
        print(f"  {warning}")
    return 0


def _tell(proposal: Proposal) -> None:
    shown = proposal.template
    for remark in proposal.remarks:
        print(("! " if remark.lost else "· ") + remark.sentence)
    print(
        _("{kind}，{subject}；工作表“{sheet}”").format(
            kind=_(shown.kind.label), subject=_(shown.subject.label), sheet=shown.sheet
        )
    )
    if shown.columns:
        print(
            _("表头第 {first}—{last} 行；从第 {start} 行起填，空表有 {rows} 行").format(
                first=shown.header[0], last=shown.header[1], start=shown.first, rows=shown.rows
            )
        )
    for column in shown.columns:
        print(f"  {column.column:>3}  {column.label} ← {_source(proposal, column.rule.source)}  {column.why}")
    for cell in shown.cells:
        print(f"  {cell.cell:>5}  {cell.label} ← {_source(proposal, cell.rule.source)}  {cell.why}")
    print(_("认出 {found} 处，{open} 处要您来定。").format(found=proposal.found, open=proposal.open))


def _source(proposal: Proposal, name: str) -> str:
    source = proposal.sources.get(name)
    return f"{source.label}（{name}）" if source is not None else name or "—"


def _corrected(proposal: Proposal, correction: str) -> Template:
    from stationdesk.sheets.reading.archives import column_number
    from stationdesk.sheets.template.proposing import writing_for
    from stationdesk.sheets.template.rules import Rule, with_cell, with_column

    place, equals, name = correction.partition("=")
    place, name = place.strip().upper(), name.strip()
    source = proposal.sources.get(name)
    if not equals or (name and source is None):
        raise UserError("“{text}”看不懂。请写成 C=person.sex 这样；--sources 列出全部来源。", text=correction)
    if not place.isalpha():
        return with_cell(proposal.template, place, Rule(name))
    number = column_number(place)
    column = next((each for each in proposal.template.columns if each.column == number), None)
    if column is None:
        raise UserError("表里没有“{column}”这一列。", column=place)
    writing = writing_for(source, column.label) if source is not None else column.rule.writing
    return with_column(proposal.template, number, Rule(name, writing=writing))


def _choosing(store: Store, given: argparse.Namespace, own: Choosing) -> Choosing | None:
    from dataclasses import replace

    from stationdesk.services.book import codes_of
    from stationdesk.services.ledgers.reading import GROUPS

    if not (given.category or given.village or given.age):
        return None
    choosing = own
    if given.category:
        known = {row.label: row.code for row in codes_of(store, GROUPS)}
        unknown = [label for label in given.category if label not in known and label not in known.values()]
        if unknown:
            raise UserError("没有“{label}”这个对象类别。", label="、".join(unknown))
        choosing = replace(choosing, categories=tuple(known.get(each, each) for each in given.category))
    if given.village:
        choosing = replace(choosing, villages=tuple(given.village))
    if given.age:
        choosing = replace(choosing, age_from=given.age[0], age_to=given.age[1])
    return choosing


def _rows(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", text)
    if match is None or int(match[1]) < 1 or int(match[2] or match[1]) < int(match[1]):
        raise argparse.ArgumentTypeError(_("请写成 3-5 这样"))
    return int(match[1]), int(match[2] or match[1])


def _ages(text: str) -> tuple[int | None, int | None]:
    match = re.fullmatch(r"(\d{1,3})?-(\d{1,3})?", text)
    if match is None or not (match[1] or match[2]):
        raise argparse.ArgumentTypeError(_("请写成 60- 或 0-17 这样"))
    return (int(match[1]) if match[1] else None), (int(match[2]) if match[2] else None)
