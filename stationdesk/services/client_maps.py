"""Printing 服务对象分布图: for the station alone, with its watermark, logged, never an edition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.errors import UserError
from stationdesk.core.files import write_safely
from stationdesk.core.messages import _
from stationdesk.core.printing import Printer
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import MapLevel, Privacy, SheetKind
from stationdesk.db.models import CodeRow, Household, Person, PersonCategory
from stationdesk.maps.sheet.layout import Layout
from stationdesk.maps.sheet.preflight import Finding, Level, entry_findings, glyph_findings, internal_findings
from stationdesk.maps.sheet.spec import SheetSpec
from stationdesk.services.backdrops import composed
from stationdesk.services.client_specs import ClientOrder, client_content
from stationdesk.services.giving import Given, give_out
from stationdesk.services.handout_specs import HandoutContent
from stationdesk.services.handouts import HandoutReport
from stationdesk.services.preflight import Preflight
from stationdesk.services.served import withheld_homes
from stationdesk.services.store import Store

_STEPS = 4
_ORDER = tuple(Level)


def client_map(
    store: Store,
    target: Path,
    order: ClientOrder,
    printer: Printer,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
    logged: bool = True,
) -> HandoutReport:
    """Print where the people served live to a PDF file; household by household only after `unlock_households`.

    The file is checked and logged before it takes its place. What is only looked at is not `logged`: whoever saves
    or prints it then calls `give_out`.

    Raises:
        UserError: it was not unlocked, nothing has a place, there is too much for one map, or a check failed.
        Cancelled: by `progress`; the target is as it was.
    """
    from stationdesk.maps.sheet.check import check_layout, check_print, check_spec
    from stationdesk.maps.sheet.press import print_sheet

    progress.say(_("读取服务对象"))
    progress.step(0, _STEPS)
    today = store.clock.today()
    with store.reading() as session:
        content = client_content(store, session, order, today)
        _refuse_withheld(session, content.spec, order)
    _check_places(content.spec, order)
    check_spec(content.spec, phones=False)
    progress.say(_("排版"))
    progress.step(1, _STEPS)
    sheet = composed(store, content.spec, based=order.based)
    check_layout(sheet)
    found = _looked_through(store, content, sheet.layout, order)
    given = Given(
        SheetKind.CLIENTS,
        len(content.spec.entries),
        found,
        None,
        _inside(content.spec, order),
        exact=order.level is MapLevel.EXACT,
    )
    progress.say(_("打印"))
    progress.step(2, _STEPS)

    def draw(part: Path) -> None:
        nonlocal sheet, given
        spec = sheet.layout.spec
        sheet, missing = print_sheet(sheet, printer, part)
        told = (replace(each, codes=(), records=()) for each in glyph_findings(spec, missing))
        given = replace(given, found=_sorted([*found.findings, *told]))

    def check(part: Path) -> None:
        progress.say(_("核对打印结果"))
        progress.step(3, _STEPS)
        check_print(part, sheet)
        if logged:
            give_out(store, "export", given, target.name)

    path = write_safely(target, draw, check, beside=beside)
    progress.step(_STEPS, _STEPS)
    layout = sheet.layout
    warnings = tuple(each.sentence for each in given.found.warnings)
    return HandoutReport(
        path, len(layout.spec.entries), len(layout.drawn), layout.pages, layout.ground.n, (), warnings, given
    )


def _inside(spec: SheetSpec, order: ClientOrder) -> str:
    """What the log says was on it."""
    words = _("逐户位置 {count} 户") if order.level is MapLevel.EXACT else _("{count} 个村居的合计")
    return words.format(count=len(spec.entries))


def _check_places(spec: SheetSpec, order: ClientOrder) -> None:
    if not spec.entries:
        raise UserError("这里没有可以上图的户：还没有登记对象类别或跟进级别，或按规定不上图。")
    if any(entry.is_placed for entry in spec.entries):
        return
    if order.level is MapLevel.EXACT:
        raise UserError("没有一户在地图上有位置。请先在地图页标出住户的位置，或改成“按村合计”。")
    raise UserError("没有一个村居在地图上有位置。请先在地图页标出村居的位置，再打印。")


def _refuse_withheld(session: Session, spec: SheetSpec, order: ClientOrder) -> None:
    """Ask once more, from the numbers on the sheet, whether somebody's category keeps a household off every map.

    Raises:
        UserError: it does. What is printed cannot be taken back.
    """
    if order.level is not MapLevel.EXACT:
        return
    codes = {entry.code for entry in spec.entries}
    query = (
        select(Household.code, CodeRow.privacy)
        .join(Person, Person.household_key == Household.key)
        .join(PersonCategory, PersonCategory.person_key == Person.key)
        .join(CodeRow, CodeRow.code == PersonCategory.category)
        .where(CodeRow.list == "client_group", CodeRow.privacy.is_not(None))
    )
    for row in session.execute(query):
        privacy: Privacy = row.privacy
        if row.code in codes and not privacy.on_internal_map:
            raise UserError(
                "有按规定不上图的户混在里面，没有打印。请重新打开程序再试；还不行请报告这个问题。"
            )


def _looked_through(store: Store, content: HandoutContent, layout: Layout, order: ClientOrder) -> Preflight:
    return _sorted(
        [
            *internal_findings(content.spec),
            *(replace(each, codes=(), records=()) for each in entry_findings(layout)),
            *(Finding("remark", Level.WARN, words) for words in content.remarks),
            *_told(store, content.spec, order),
        ]
    )


def _told(store: Store, spec: SheetSpec, order: ClientOrder) -> Iterator[Finding]:
    yield Finding("watermark", Level.TOLD, _("每页印着“{words}”").format(words=spec.watermark))
    if order.level is not MapLevel.EXACT:
        yield Finding("level", Level.TOLD, _("只有各村居的合计，没有任何一户的位置"))
        return
    yield Finding("names", Level.TOLD, _("姓名只印姓，没有证件号、电话和住址"))
    if withheld := len(withheld_homes(store)):
        yield Finding("withheld", Level.TOLD, _("{count} 户按规定不上任何地图").format(count=withheld))


def _sorted(found: list[Finding]) -> Preflight:
    return Preflight(tuple(sorted(found, key=lambda each: _ORDER.index(each.level))))
