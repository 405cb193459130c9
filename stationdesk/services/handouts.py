"""The hand-out map 社区资源图: what may be published, laid out, printed, checked, logged, and moved into place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import write_safely
from stationdesk.core.masks import mask_name
from stationdesk.core.messages import _
from stationdesk.core.printing import PageSetup, Printer
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import Dimension, Privacy, ResourceStatus, StateOfUse
from stationdesk.db.models import (
    CodeRow,
    Feature,
    PersonCategory,
    Resource,
    ResourceHuman,
    Station,
    Village,
    VillageGroup,
)
from stationdesk.maps.sheet.spec import Entry, GroundKind, Hotline, SheetSpec
from stationdesk.maps.sheet.spec import Feature as SheetFeature
from stationdesk.services.store import Store

_STEPS = 4
_NAMED = 8
"""So many names are listed in a warning."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A resource that is not on the hand-out, and why, in the worker's words."""

    code: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class HandoutReport:
    """A printed hand-out: where it is, how much is on it, what is not, and what to look at before giving it out.

    `drawn` of the `entries` stand on the map itself; the others are in its index alone. `scale` is the n of 1 : n.
    """

    path: Path
    entries: int
    drawn: int
    pages: int
    scale: int
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]


def handout(  # noqa: PLR0913 - what is printed, where, and how
    store: Store,
    target: Path,
    setup: PageSetup,
    printer: Printer,
    area: Key | None = None,
    progress: Progress = SILENT,
    *,
    colour: bool = True,
    beside: bool = False,
    logged: bool = True,
) -> HandoutReport:
    """Print the hand-out map to a PDF file, of the whole town or of the village `area`.

    The file is checked and the export logged before it takes its place. Signs that no font of this computer has
    are printed as a mark and told in the warnings. With `beside`, a target that is open in
    another program is left alone and the file is called "name(2)". What is only looked at is not `logged`:
    whoever saves or prints it then calls `log_given`.

    Raises:
        UserError: nothing may be published or has a place, the paper is too small, or a check failed.
        Cancelled: by `progress`; the target is as it was.
    """
    from stationdesk.maps.sheet.check import check_layout, check_print, check_spec, warnings_of
    from stationdesk.maps.sheet.compose import compose
    from stationdesk.maps.sheet.glyphs import missing_signs, warning_of, with_marks

    progress.say(_("读取可以公开的资源"))
    progress.step(0, _STEPS)
    with store.reading() as session:
        chosen = _chosen(session, store.clock.today(), area)
        spec = _spec(session, store.clock.today(), area, setup, chosen.entries, colour=colour)
    check_spec(spec)
    progress.say(_("排版"))
    progress.step(1, _STEPS)
    sheet = compose(spec)
    check_layout(sheet)
    progress.say(_("打印"))
    progress.step(2, _STEPS)
    missing: frozenset[str] = frozenset()

    def draw(part: Path) -> None:
        nonlocal sheet, missing
        printer.print_html(sheet.html, part, setup)
        # Of signs that stand together the file may name the first one only.
        while fresh := missing_signs(part, sheet) - missing:
            missing |= fresh
            sheet = compose(with_marks(spec, missing))
            check_layout(sheet)
            printer.print_html(sheet.html, part, setup)

    def check(part: Path) -> None:
        progress.say(_("核对打印结果"))
        progress.step(3, _STEPS)
        check_print(part, sheet)
        if logged:
            log_given(store, "export", target.name, len(spec.entries))

    path = write_safely(target, draw, check, beside=beside)
    progress.step(_STEPS, _STEPS)
    warnings = (*chosen.warnings, *warnings_of(spec))
    if missing:
        warnings += (warning_of(spec, missing),)
    if far := sheet.layout.far:
        warnings += (_("{count} 项离得太远或图上放不下，只列在索引里").format(count=len(far)),)
    if dropped := sheet.layout.labels.dropped:
        names = "、".join(dropped[:_NAMED]) + ("……" if len(dropped) > _NAMED else "")
        warnings += (_("图上太挤，{count} 个地名没有标出：{names}").format(count=len(dropped), names=names),)
    return HandoutReport(
        path,
        len(spec.entries),
        len(sheet.layout.drawn),
        sheet.layout.pages,
        sheet.layout.ground.n,
        chosen.left_out,
        warnings,
    )


# What may be published


@dataclass(frozen=True, slots=True)
class _Chosen:
    entries: tuple[Entry, ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]


def _chosen(session: Session, today: date, area: Key | None) -> _Chosen:
    query = select(Resource).order_by(Resource.code)
    if area is not None:
        query = query.where(Resource.village_key == area)
    humans = {row.key: row for row in session.scalars(select(ResourceHuman))}
    guarded = _guarded_people(session)
    entries: list[Entry] = []
    left: list[LeftOut] = []
    printed: list[Resource] = []
    for resource in session.scalars(query):
        human = humans.get(resource.key)
        why = _why_not(resource, today)
        if not why and human is not None and human.person_key in guarded:
            why = _("本人属于按规定限制查看的对象")
        if why:
            left.append(LeftOut(resource.code, resource.name, why))
        else:
            entries.append(_entry(resource, human))
            printed.append(resource)
    if not entries:
        raise UserError("没有可以公开的资源：请先录入资源，或在资源的“联系”页勾选“可上图打印”。")
    return _Chosen(tuple(entries), tuple(left), tuple(_warnings(printed)))


def _guarded_people(session: Session) -> frozenset[Key]:
    """Whoever carries or ever carried a category that no export may show."""
    kept = [level for level in Privacy if not level.in_exports]
    codes = select(CodeRow.code).where(CodeRow.list == "client_group", CodeRow.privacy.in_(kept))
    people = select(PersonCategory.person_key).where(PersonCategory.category.in_(codes))
    return frozenset(session.scalars(people))


def _why_not(resource: Resource, today: date) -> str:
    """Why a resource may not be published; empty when it may."""
    reasons: Iterable[tuple[bool, Callable[[], str]]] = (
        (not resource.printable, lambda: _("没有勾选“可上图打印”")),
        (resource.confidential, lambda: _("地址保密")),
        (
            resource.status is not ResourceStatus.ACTIVE,
            lambda: _("状态是“{status}”").format(status=_(resource.status.label)),
        ),
        (resource.state_of_use is StateOfUse.STOPPED, lambda: _("已停用")),
        (resource.valid_to is not None and resource.valid_to < today, lambda: _("有效期已过")),
        (resource.valid_from is not None and resource.valid_from > today, lambda: _("有效期还没开始")),
    )
    return next((say() for holds, say in reasons if holds), "")


def _entry(resource: Resource, human: ResourceHuman | None) -> Entry:
    consent = resource.contact_public
    may_call = consent.shows_phone and not resource.do_not_contact
    shows_name = consent.shows_name and not resource.do_not_contact
    offer = resource.offer_text or ""
    return Entry(
        code=resource.code,
        number=resource.code.rpartition("-")[2].lstrip("0") or resource.code,
        map_class=resource.map_class,
        name=resource.name if shows_name else _without_person(resource, human),
        offer=f"{offer}（收费）" if resource.fee and offer else offer,
        hours=resource.hours or "",
        phone=(resource.phone or resource.phone_2 or "") if may_call else "",
        contact=f"{resource.contact or ''}{resource.contact_title or ''}" if shows_name else "",
        address=resource.address or "",
        lat=resource.latitude,
        lon=resource.longitude,
    )


_ASIDE = re.compile(r"[（(·\s]")
_GROUP_ENDS = tuple("队社会组站所室院店校团班办坊部家园岗点厅馆场中户")


def _without_person(resource: Resource, human: ResourceHuman | None) -> str:
    """The name of a resource, masked where it is the name of somebody who did not agree: 刘*（退休教师）."""
    name = resource.name
    if Dimension.PEOPLE not in (resource.dimension, resource.second_dimension):
        return name
    if resource.contact and resource.contact in name:
        return name.replace(resource.contact, mask_name(resource.contact))
    told = _ASIDE.split(name, maxsplit=1)[0]
    is_one = human is not None and bool(human.sex or human.birth_month or human.person_key)
    if is_one or (2 <= len(told) <= 3 and not told.endswith(_GROUP_ENDS)):
        return name.replace(told, mask_name(told), 1)
    return name


def _warnings(printed: Sequence[Resource]) -> Iterable[str]:
    """What the worker should know before it is copied: the oldest check, missing consents, missing places."""
    dated = [(each.verified_on, each.code) for each in printed if each.verified_on is not None]
    if dated:
        day, code = min(dated)
        yield _("核实最早的是 {code}，{day}").format(code=code, day=day.isoformat())
    if never := len(printed) - len(dated):
        yield _("{count} 项从未核实").format(count=never)
    silent = [
        each
        for each in printed
        if each.phone and (not each.contact_public.shows_phone or each.do_not_contact)
    ]
    if silent:
        yield _("{count} 项没有同意公开电话，电话没有印").format(count=len(silent))
    if lost := sum(1 for each in printed if each.map_class.on_map and each.latitude is None):
        yield _("{count} 项没有位置，只列在索引里").format(count=lost)


# The sheet


def _spec(
    session: Session,
    today: date,
    area: Key | None,
    setup: PageSetup,
    entries: tuple[Entry, ...],
    *,
    colour: bool,
) -> SheetSpec:
    station = session.scalars(select(Station)).first()
    if station is None:
        raise UserError("还没有社工站资料。请先填写社工站名称和乡镇（街道）名称。")
    village = session.get(Village, area) if area is not None else None
    if area is not None and village is None:
        raise UserError("选中的村居已经删除。请重新选择。")
    title = station.map_title or f"{station.town}社区服务资源图"
    return SheetSpec(
        title=title,
        subtitle=village.name if village is not None else "",
        edition=Month.of(today).label,
        station=station.name,
        phone=station.phone or "",
        setup=setup,
        entries=entries,
        features=(*_villages(session, area), *_drawings(session)),
        checked_on=_checked_on(session, {entry.code for entry in entries}),
        hotlines=tuple(_hotlines(station.helplines)),
        practice=station.practice,
        review_number=station.map_review or "",
        colour=colour,
    )


def _checked_on(session: Session, codes: set[str]) -> date | None:
    """The latest day on which anything on the sheet was verified."""
    days = session.execute(
        select(Resource.code, Resource.verified_on).where(Resource.verified_on.is_not(None))
    )
    return max((row.verified_on for row in days if row.code in codes), default=None)


def _hotlines(text: str) -> Iterable[Hotline]:
    """One a line: what it is for, a blank, the number."""
    for line in text.splitlines():
        label, _blank, number = line.strip().rpartition(" ")
        if label and number:
            yield Hotline(label.strip(), number)
        elif line.strip():
            raise UserError(
                "求助电话“{line}”看不懂。每行写一个：名称、空格、号码，例如“急救 120”。", line=line.strip()
            )


def _villages(session: Session, area: Key | None) -> Iterable[SheetFeature]:
    """Each village by the drawn ranges of its groups, or by its place; in the chosen village, group by group."""
    groups: dict[Key, list[tuple[str, Mapping[str, Any]]]] = {}
    query = select(VillageGroup.village_key, VillageGroup.name, VillageGroup.boundary)
    for row in session.execute(query.where(VillageGroup.boundary.is_not(None))):
        groups.setdefault(row.village_key, []).append((row.name, json.loads(row.boundary)))
    for village in session.execute(select(Village.key, Village.name, Village.latitude, Village.longitude)):
        drawn = groups.get(village.key, [])
        if village.key == area and drawn:
            yield from (SheetFeature(GroundKind.VILLAGE, name, shape) for name, shape in drawn)
        elif drawn:
            whole = {"type": "GeometryCollection", "geometries": [shape for _name, shape in drawn]}
            yield SheetFeature(GroundKind.VILLAGE, village.name, whole)
        elif village.latitude is not None:
            place = {"type": "Point", "coordinates": [village.longitude, village.latitude]}
            yield SheetFeature(GroundKind.VILLAGE, village.name, place)


def _drawings(session: Session) -> Iterable[SheetFeature]:
    query = select(Feature.kind, Feature.name, Feature.geometry).where(Feature.on_handout.is_(True))
    for row in session.execute(query):
        yield SheetFeature(GroundKind(row.kind.code), row.name, json.loads(row.geometry))


def log_given(store: Store, action: str, name: str, entries: int) -> None:
    """Log that a hand-out leaves the program: an "export" to a file, or a "print"; called before it does."""
    said = {
        "print": _("打印发放图“{name}”（{count} 项资源）"),
        "export": _("保存发放图“{name}”（{count} 项资源）"),
    }
    sentence = said[action].format(name=name, count=entries)
    with store.writing(sentence) as work:
        work.note(action, "handout", (), sentence)
