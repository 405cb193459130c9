"""What of the resource library may stand on a sheet that is given out, and as what: names and phones as agreed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.masks import mask_name
from stationdesk.core.messages import _
from stationdesk.core.vocab import Dimension, Privacy, ResourceStatus, StateOfUse
from stationdesk.db.models import CodeRow, PersonCategory, Resource, ResourceHuman
from stationdesk.maps.sheet.spec import Entry


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A resource that is not on the hand-out, and why, in the worker's words."""

    code: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Published:
    """The entries of a hand-out, whatever could not be on it, and what the worker should know.

    `villages` tells of each entry's number which village it belongs to.
    """

    entries: tuple[Entry, ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]
    villages: Mapping[str, Key | None]


def published(
    session: Session, today: date, area: Key | None = None, picked: Sequence[Key] = ()
) -> Published:
    """What of the resources may be given out, of the whole town or of one village; or only the `picked` ones.

    Raises:
        UserError: when nothing may.
    """
    query = select(Resource).order_by(Resource.code)
    if area is not None:
        query = query.where(Resource.village_key == area)
    if picked:
        query = query.where(Resource.key.in_(picked))
    guarded, humans = _guarded_people(session), _humans(session)
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
    villages = {each.code: each.village_key for each in printed}
    return Published(tuple(entries), tuple(left), tuple(_warnings(printed)), villages)


def public_names(session: Session, codes: Iterable[str]) -> Mapping[str, str]:
    """What resources may be called in public now, in use or not; those that may not be named at all are missing."""
    guarded, humans = _guarded_people(session), _humans(session)
    query = select(Resource).where(
        Resource.code.in_(list(codes)), Resource.printable.is_(True), Resource.confidential.is_(False)
    )
    found = ((resource, humans.get(resource.key)) for resource in session.scalars(query))
    return {
        resource.code: _entry(resource, human).name
        for resource, human in found
        if human is None or human.person_key not in guarded
    }


def _humans(session: Session) -> Mapping[Key, ResourceHuman]:
    """The part of those who help themselves, by the resource."""
    return {row.key: row for row in session.scalars(select(ResourceHuman))}


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
