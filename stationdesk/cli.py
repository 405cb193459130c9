"""The program's commands: the window without a sub-command, and its work without the window with one.

Every sub-command runs the services that the window runs. Exit status: 0, 2 for a refusal told in one
sentence on standard error, 1 for a bug, 130 when it was stopped by Ctrl+C.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from stationdesk import __version__
from stationdesk.cli_atlas import add_atlas, add_poster, atlas, poster
from stationdesk.cli_basemaps import add_basemap, basemap
from stationdesk.cli_cards import add_card, add_slip, card, slip
from stationdesk.cli_exchange import add_compare, add_export, compare, export
from stationdesk.cli_field_sheets import add_field_sheet, field_sheet
from stationdesk.cli_fields import add_field_command, field
from stationdesk.cli_forms import add_fill, add_template, fill, template
from stationdesk.cli_ledger import add_ledger, ledger
from stationdesk.cli_sheets import add_handout, add_preflight, handout, preflight
from stationdesk.cli_walk import add_walk, walk
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import Cancelled, Progress
from stationdesk.core.vocab import Datum

if TYPE_CHECKING:
    from stationdesk.core.fields import Key
    from stationdesk.services.imports import DryRun, Plan
    from stationdesk.services.store import Store
    from stationdesk.services.tables import FileRead

REFUSED = 2
STOPPED = 130
_KINDS = ("resources", "people", "needs", "visits", "categories", "organisations", "villages", "matches")
_SHOWN = 10
"""How many rows of a kind an import lists before it only counts them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with the given arguments, those of the process without; returns the exit status."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except UserError as error:
        print(error, file=sys.stderr)
        return REFUSED
    except (Cancelled, KeyboardInterrupt):
        print(_("已停止，没有留下半个文件。"), file=sys.stderr)
        return STOPPED


class _Help(argparse.HelpFormatter):
    """Help that begins in the language of the rest."""

    @override
    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, _("用法：") if prefix is None else prefix)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stationdesk",
        description=_("乡镇社工站的离线工作台。不带子命令时打开窗口。"),
        add_help=False,
        formatter_class=_Help,
    )
    commands = parser.add_subparsers(title=_("子命令"), metavar="COMMAND")
    options = parser.add_argument_group(_("选项"))
    options.add_argument(
        "--version", action="version", version=f"stationdesk {__version__}", help=_("显示版本号")
    )
    _add_common(options.add_argument)
    parser.set_defaults(run=_window, station=None, worker=None)

    def command(name: str, run: object, text: str) -> tuple[Callable[..., object], Callable[..., object]]:
        made = commands.add_parser(name, help=text, description=text, add_help=False, formatter_class=_Help)
        made.set_defaults(run=run)
        argument, option = made.add_argument_group(_("参数")), made.add_argument_group(_("选项"))
        _add_common(option.add_argument)
        option.add_argument("--worker", metavar="NAME", help=_("以哪位工作人员的名义（默认第一位）"))
        return argument.add_argument, option.add_argument

    _argument, option = command(
        "demo", _demo, _("打开练习镇；没有屏幕时在练习镇上做一遍主要工作，留下台账、发放图和画面")
    )
    option("--out", metavar="DIR", type=Path, help=_("成果放在哪个文件夹"))
    option("--window", action="store_true", help=_("打开窗口"))
    _add_import(*command("import", _import, _("导入名册或清单；撤销最近一次导入")))
    argument, option = command("table", _table, _("看一看程序怎样读懂一个表格文件，不写入"))
    argument(
        "file", metavar="FILE", type=Path, help=_("表格文件：.xlsx、.xls、.et、.ods、.csv，网页和 XML 表格")
    )
    option("--sheet", metavar="N", help=_("工作表的名称或第几张；不写就看全部"))
    option("--json", action="store_true", help=_("以 JSON 输出"))
    _argument, option = command("match", _match, _("给需求推荐资源"))
    option("--need", metavar="CODE", help=_("需求编号；不写就列出所有未对接的需求"))
    option("--json", action="store_true", help=_("以 JSON 输出"))
    add_handout(
        *command(
            "handout", partial(_on_paper, partial(handout, _password)), _("打印发放地图，先做发放前检查")
        )
    )
    add_preflight(*command("preflight", partial(_on_paper, preflight), _("发放前检查，不留下文件")))
    add_atlas(*command("atlas", partial(_on_paper, atlas), _("打印地图册：每村一页，可折成小册子")))
    add_poster(*command("poster", partial(_on_paper, poster), _("打印用 A4 纸拼成的大图")))
    add_card(*command("card", partial(_on_paper, card), _("打印一户一档、一人一档登记卡")))
    add_slip(*command("slip", partial(_on_paper, slip), _("打印入户走访单")))
    add_ledger(*command("ledger", partial(_at_station, ledger), _("导出一个月的台账，结账或重新打开一个月")))
    add_export(*command("export", partial(_at_station, export), _("把资源或村居导出成别的程序能读的格式")))
    add_compare(*command("compare", partial(_at_station, compare), _("拿对方的名册与本站比对，不写入")))
    add_template(
        *command("template", partial(_at_station, template), _("看懂一张空白上报表，提出哪里填什么"))
    )
    add_fill(*command("fill", partial(_at_station, fill), _("按模板填好一个月的上报表")))
    add_field_command(*command("field", partial(_at_station, field), _("本站自己加的字段：列出、增加、停用")))
    add_basemap(*command("basemap", partial(_at_station, basemap), _("底图：加入、列出、移除")))
    add_walk(*command("walk", partial(_at_station, walk), _("社区行走：照片和轨迹变成资源草稿")))
    add_field_sheet(
        *command("fieldsheet", partial(_on_paper, field_sheet), _("走访图：打印、收回照片、列出"))
    )
    _argument, option = command("backup", _backup, _("备份整个工作站，写好后重新打开核对"))
    option("--out", metavar="F", type=Path, required=True, help=_("存为哪个文件"))
    argument, _option = command("restore", _restore, _("从备份恢复；原来的工作站改名保留"))
    argument("file", metavar="F", type=Path, help=_("备份文件"))
    command("check", _check, _("检查整个工作站"))
    return parser


def _add_import(argument: Callable[..., object], option: Callable[..., object]) -> None:
    """What `import` is told."""
    argument(
        "file",
        metavar="FILE",
        type=Path,
        nargs="?",
        help=_("名册文件：.xlsx、.xls、.et、.ods、.csv、网页和 XML 表格、GeoJSON、KML、GPX、HSDS"),
    )
    option(
        "--as",
        dest="kind",
        choices=_KINDS,
        help=_("名册里是什么：资源、人和户、需求、走访、对象类别、组织、村居、对接；不写就看内容判断"),
    )
    option(
        "--datum",
        type=Datum.of,
        choices=tuple(Datum),
        metavar="wgs84|gcj02|bd09",
        help=_("坐标系；文件里有坐标而没有说明是哪种时必须写"),
    )
    option("--sheet", metavar="NAME", help=_("工作表；不写就选最像的一张"))
    option("--table", metavar="N", type=int, help=_("一张工作表里有几个表时，导入第几个；不写就选最像的"))
    option("--header", metavar="M-N", type=_rows, help=_("表头是第几行到第几行，如 2-3；不写就由程序找"))
    option(
        "--column",
        metavar="列=字段",
        action="append",
        default=[],
        help=_("改正一列的对应，如 --column 在哪=地址；字段留空就不导入这一列；可以写几次"),
    )
    option("--update", action="store_true", help=_("“有变化”的，用文件里的内容更新已有记录"))
    option(
        "--without-damaged-ids",
        action="store_true",
        help=_("证件号被表格软件损坏的行也导入，不带证件号；不写就不导入这些行"),
    )
    option("--dry-run", action="store_true", help=_("只检查，不写入"))
    option("--verdicts", metavar="OUT.xlsx", type=Path, help=_("每行的结论和原因写进文件的一份着色副本"))
    option("--undo", action="store_true", help=_("撤销最近一次导入，逐条说明撤了什么、留了什么、为什么"))
    option("--redo", action="store_true", help=_("重做最近一次撤销的导入"))


def _add_common(option: Callable[..., object]) -> None:
    option("-h", "--help", action="help", help=_("显示这段说明"))
    option("--station", metavar="DIR", type=Path, default=argparse.SUPPRESS, help=_("工作站文件夹"))


class _Told(Progress):
    """Progress as words on standard error, where a person watches."""

    @override
    def step(self, done: int, total: int) -> None:
        return

    @override
    def say(self, sentence: str) -> None:
        if sys.stderr.isatty():
            print(f"… {sentence}", file=sys.stderr)


@contextmanager
def _opened(given: argparse.Namespace) -> Iterator[Store]:
    from stationdesk.services.stations import close, is_encrypted, open_station

    root = _root(given)
    password = _password(_("密码：")) if is_encrypted(root) else None
    store = open_station(root, given.worker, password)
    try:
        yield store
    finally:
        close(store)


def _at_station(job: Callable[[Store, argparse.Namespace, Progress], int], given: argparse.Namespace) -> int:
    """Run a command that works on the open station."""
    with _opened(given) as store:
        return job(store, given, _Told())


def _on_paper(job: Callable[[Store, argparse.Namespace, Progress], int], given: argparse.Namespace) -> int:
    """Run a command that prints."""
    _without_display()
    return _at_station(job, given)


def _root(given: argparse.Namespace) -> Path:
    if given.station is None:
        raise UserError("请用 --station 指明工作站文件夹。")
    return Path(given.station)


def _password(prompt: str) -> str:
    """A password from a prompt, or the first line of standard input; never an argument, which others can see."""
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass(prompt)
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise UserError("这个工作站设了密码，请从标准输入给出。")
    return line.rstrip("\r\n")


def _window(given: argparse.Namespace) -> int:
    from stationdesk.app import run

    return run(given.station, given.worker)


def _demo(given: argparse.Namespace) -> int:
    from stationdesk import demo

    if given.window or (given.out is None and _has_display()):
        from stationdesk.app import run
        from stationdesk.services.practice import WORKERS

        return run(demo.practice_station(given.station), given.worker or WORKERS[0])
    _without_display()
    for line in demo.show(given.out or Path("stationdesk-demo")):
        print(line, flush=True)
    return 0


def _rows(text: str) -> tuple[int, int]:
    first, _dash, last = text.partition("-")
    numbers = int(first), int(last or first)
    if not 1 <= numbers[0] <= numbers[1]:
        raise ValueError(text)
    return numbers


def _import(given: argparse.Namespace) -> int:
    from stationdesk.core.collecting import uncollected
    from stationdesk.services.exchange import suspected_shift
    from stationdesk.services.imports import ImportKind, dry_run, imports_of, last_import, read_plan

    if given.undo or given.redo:
        with _opened(given) as store:
            if given.undo:
                return _taken_back(store, last_import(store).batch, again=False)
            undone = next((each for each in imports_of(store) if not each.stands), None)
            if undone is None:
                raise UserError("没有可以重做的导入。")
            return _taken_back(store, undone.batch, again=True)
    if given.file is None:
        raise UserError("请写明要导入哪个文件；撤销最近一次导入用 --undo。")
    with _opened(given) as store, uncollected():
        kind = None if given.kind is None else ImportKind.of(given.kind)
        place = None if given.table is None else given.table - 1
        plan = read_plan(store, given.file, kind, given.sheet, _Told(), header=given.header, place=place)
        plan = _corrected(plan, given.column).dropping_damaged(drops=given.without_damaged_ids)
        datum = given.datum or (plan.proposed_datum if plan.asks_datum else None)
        for line in _understood(plan, datum):
            print(line)
        if (
            plan.asks_datum
            and (shift := suspected_shift(store, plan)) is not None
            and shift.datum is not datum
        ):
            print(shift.sentence, file=sys.stderr)
        return _brought_in(given, store, dry_run(store, plan, datum, progress=_Told()))


def _corrected(plan: Plan, columns: Sequence[str]) -> Plan:
    mapping = list(plan.mapping)
    labels = [column.label for column in plan.table.columns]
    fields = {_(field.label): field.name for field in reversed(plan.targets)}
    for each in columns:
        label, _sign, wanted = each.partition("=")
        if label not in labels:
            raise UserError("没有叫“{label}”的列，有的是：{labels}。", label=label, labels="、".join(labels))
        if wanted and wanted not in fields:
            raise UserError(
                "没有叫“{field}”的字段，有的是：{fields}。", field=wanted, fields="、".join(fields)
            )
        mapping[labels.index(label)] = fields[wanted] if wanted else None
    return plan.mapped(*mapping)


def _understood(plan: Plan, datum: Datum | None) -> Iterator[str]:
    """What the file was taken for."""
    table = plan.table
    yield _("当作{kind}导入：工作表“{sheet}” {area}，表头第 {first}—{last} 行，{rows} 行").format(
        kind=_(plan.kind.label),
        sheet=table.sheet,
        area=table.area,
        first=table.header[0],
        last=table.header[1],
        rows=len(table.rows),
    )
    if plan.remembered is not None:
        yield _("各列按上次（{when}，{file}）对应").format(
            when=plan.remembered.used_on, file=plan.remembered.file_name
        )
    fields = {field.name: _(field.label) for field in plan.targets}
    pairs = zip(table.columns, plan.mapping, strict=True)
    yield "  " + "；".join(
        f"{column.label} → {fields[name] if name else _('不导入')}" for column, name in pairs
    )
    if datum is not None and plan.asks_datum:
        yield _("坐标系：{datum}").format(datum=_(datum.label))
    yield from table.notes
    if table.left_out:
        yield _("不是记录、没有导入的：{count} 行").format(count=len(table.left_out))


def _brought_in(given: argparse.Namespace, store: Store, dry: DryRun) -> int:
    from stationdesk.services.imports import Decisions, Verdict, run, write_copy

    for verdict in Verdict:
        rows = dry.of(verdict)
        print(_("{verdict}：{count} 行").format(verdict=_(verdict.label), count=len(rows)))
        if verdict in {Verdict.DOUBTFUL, Verdict.REFUSED}:
            for row in rows[:_SHOWN]:
                words = {"number": row.number, "title": row.title, "why": row.why}
                print(_("  第 {number} 行 {title}：{why}").format(**words))
            if len(rows) > _SHOWN:
                print(_("  另有 {count} 行").format(count=len(rows) - _SHOWN))
    if dry.rows.damaged:
        print(
            _("其中 {count} 行只因证件号损坏没有导入；写 --without-damaged-ids 就不带证件号导入。").format(
                count=dry.rows.damaged
            )
        )
    if given.verdicts is not None:
        print(_("每行的结论写在 {file}").format(file=write_copy(store, dry, given.verdicts, _Told())))
    if given.dry_run:
        print(_("只检查，没有写入。"))
        return 0
    outcome = run(store, dry, Decisions(update=given.update), progress=_Told())
    print(_("已导入，写入 {count} 条记录。").format(count=len(outcome.changes)))
    return 0


def _taken_back(store: Store, batch: Key, *, again: bool) -> int:
    from stationdesk.services.imports import redo_import, taken_back, undo_import

    outcome = (redo_import if again else undo_import)(store, batch, _Told())
    print(outcome.why)
    told = taken_back(store, outcome)
    for kept in (True, False):
        rows = [each for each in told if each.is_kept is kept]
        words = _("保留 {count} 条") if kept else _("已处理 {count} 条")
        print(words.format(count=len(rows)))
        for each in rows if kept else rows[:_SHOWN]:
            print(f"  {each.kind} {each.title}：{each.why or each.what}")
        if not kept and len(rows) > _SHOWN:
            print(_("  另有 {count} 条").format(count=len(rows) - _SHOWN))
    return 0


def _table(given: argparse.Namespace) -> int:
    from stationdesk.services.tables import as_json, read_tables

    try:
        read = read_tables(given.file, given.sheet, _Told())
    except UserError as error:
        if given.json:
            print(
                json.dumps({"file": given.file.name, "refused": str(error), "sheets": []}, ensure_ascii=False)
            )
        raise
    if given.json:
        print(json.dumps(as_json(read), ensure_ascii=False, indent=1))
    else:
        for line in _table_lines(read):
            print(line)
    if read.refused:
        print(read.refused, file=sys.stderr)
        return REFUSED
    return 0


def _table_lines(read: FileRead) -> Iterator[str]:
    """What was understood, for a person."""
    for sheet in read.sheets:
        yield (
            _("工作表“{name}”（隐藏，不会自动导入）").format(name=sheet.name)
            if sheet.hidden
            else _("工作表“{name}”").format(name=sheet.name)
        )
        if sheet.refused:
            yield f"  {sheet.refused}"
        for table in sheet.tables:
            first, last = table.header
            header = f"{first}" if first == last else f"{first}-{last}"
            yield _("  {area}：表头第 {header} 行，{columns} 列，{rows} 行内容").format(
                area=table.area, header=header, columns=len(table.columns), rows=len(table.rows)
            )
            yield "    " + " | ".join(f"{column.letter} {column.label}" for column in table.columns)
            yield from (f"    {note}" for note in table.notes)
            for each in table.left_out[:_SHOWN]:
                yield _("    第 {number} 行不算内容（{why}）：{text}").format(
                    number=each.number, why=each.why, text=each.text
                )
            if len(table.left_out) > _SHOWN:
                yield _("    另有 {count} 行").format(count=len(table.left_out) - _SHOWN)


def _match(given: argparse.Namespace) -> int:
    from stationdesk.services.listing import Filter, Query, keys_of, rows_of
    from stationdesk.services.matching import suggest, suggest_all

    with _opened(given) as store:
        if given.need:
            keys = keys_of(store, Query("need", filters=(Filter("code", frozenset({given.need})),)))
            if not keys:
                raise UserError("没有编号是“{code}”的需求。请检查编号。", code=given.need)
            suggested = {key: suggest(store, key, limit=10) for key in keys}
        else:
            suggested = dict(suggest_all(store, _Told()))
        page = rows_of(store, "need", tuple(suggested))
        told = []
        for row in page.rows:
            found = suggested[row.key]
            told.append(
                {
                    "need": row.values["code"],
                    "item": page.book.label("need_item", row.values["item"]),
                    "urgency": _(row.values["urgency"].label),
                    "waiting_days": row.values["waiting"],
                    "suggestions": [
                        {
                            "resource": each.code,
                            "name": each.name,
                            "points": each.points,
                            "kilometres": None if each.kilometres is None else round(each.kilometres, 2),
                            "remaining": each.remaining,
                            "valid_to": each.valid_to.isoformat() if each.valid_to else None,
                            "rules": [
                                {"rule": rule.rule.code, "answer": rule.answer.value, "words": rule.words}
                                for rule in each.findings
                            ],
                        }
                        for each in found
                    ],
                }
            )
    if given.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for need in told:
        print(f"{need['need']}  {need['urgency']}  {need['item']}")
        for place, each in enumerate(need["suggestions"], 1):
            words = "；".join(rule["words"] for rule in each["rules"])
            print(f"  {place}. {each['resource']} {each['name']}（{each['points']}）{words}")
        if not need["suggestions"]:
            print(_("  没有合适的资源"))
    return 0


def _backup(given: argparse.Namespace) -> int:
    from stationdesk.services.safety import backup

    with _opened(given) as store:
        path, manifest = backup(store, given.out, _Told())
    print(
        _("已备份到 {file}：{count} 条记录，重新打开核对过。").format(
            file=path, count=sum(manifest.counts.values())
        )
    )
    return 0


def _restore(given: argparse.Namespace) -> int:
    from stationdesk.services.safety import restore

    former, manifest = restore(_root(given), given.file)
    print(
        _("已恢复 {when} 的备份，{count} 条记录。").format(
            when=manifest.made_at[:16], count=sum(manifest.counts.values())
        )
    )
    if former is not None:
        print(_("原来的工作站保留在 {folder}").format(folder=former))
    return 0


def _check(given: argparse.Namespace) -> int:
    from stationdesk.services.safety import check

    with _opened(given) as store:
        findings = check(store, _Told())
    for each in findings:
        print(f"{'√' if each.is_good else '×'} {each.name}：{each.sentence}")
    if not all(each.is_good for each in findings):
        raise UserError("检查发现问题，见上面打 × 的各项。")
    return 0


def _has_display() -> bool:
    return sys.platform == "win32" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _without_display() -> None:
    if not _has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        # There is no graphics card to look for; the engine's own remarks about that help nobody.
        os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--disable-gpu --log-level=3")
