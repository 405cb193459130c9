"""What stands in an atlas: its areas with their entries, and how the chosen policies are applied for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import Dimension, SheetKind
from stationdesk.db.models import Resource, ResourcePolicy, Village, VillageGroup
from stationdesk.maps.atlas.spec import Area, AtlasSpec, Guide
from stationdesk.maps.sheet.spec import Entry, GroundKind
from stationdesk.maps.sheet.spec import Feature as SheetFeature
from stationdesk.services.handout_specs import HandoutContent, HandoutOrder, content_of
from stationdesk.services.publishing import published
from stationdesk.services.store import Store

PAPERS = (Paper.A4, Paper.A5)
"""Pages of an atlas; folded, they are printed two on A3 and two on A4."""

_TITLE = re.compile(r"(?<!地)图(?=（[^（）]*）$|$)")


@dataclass(frozen=True, slots=True)
class AtlasOrder:
    """Which atlas is wanted: of the whole town with a page a village, or of the village `area` with a page a group.

    `policies` are those whose 办事指南 is printed; None: all that may be published. `folded` puts the pages in the
    order of a booklet, two on a sheet of twice the paper. `based` False leaves out the base maps of the screen.
    """

    area: Key | None = None
    paper: Paper = Paper.A4
    colour: bool = True
    folded: bool = False
    policies: tuple[Key, ...] | None = None
    draft: bool = False
    based: bool = True


@dataclass(frozen=True, slots=True)
class AtlasContent:
    """What an order prints, and the hand-out that it is checked and counted as."""

    spec: AtlasSpec
    sheet: HandoutContent


def handout_order(order: AtlasOrder) -> HandoutOrder:
    """An atlas as the hand-out that its pre-flight and its editions know.

    Raises:
        UserError: the paper is not one for books.
    """
    if order.paper not in PAPERS:
        raise UserError("地图册只能用 A4 或 A5 的页。折成小册子时，A4 页印在 A3 纸上，A5 页印在 A4 纸上。")
    return HandoutOrder(
        SheetKind.ATLAS,
        order.area,
        PageSetup(order.paper),
        order.colour,
        orders=(),
        draft=order.draft,
        based=order.based,
    )


def atlas_content(session: Session, order: AtlasOrder, today: date) -> AtlasContent:
    """Read what an order prints.

    Raises:
        UserError: nothing may be published, or the station or the village is not there.
    """
    found = content_of(session, handout_order(order), today)
    whole = replace(found.spec, title=book_title(found.spec.title))
    villages = list(session.scalars(select(Village).order_by(Village.code, Village.name)))
    owners = _owners(session)
    groups = _groups(session)
    chosen = order.area
    if chosen is None and len(villages) == 1 and len(groups.get(villages[0].key, [])) > 1:
        chosen = villages[0].key
    unit = "村（居）"
    if chosen is not None and len(groups.get(chosen, [])) > 1:
        unit = "村民小组"
        areas = tuple(Area(name, (shape,)) for name, shape in groups[chosen])
        names = {village.name for village in villages if village.key == chosen}
        rest = (
            each
            for each in whole.features
            if each.kind is not GroundKind.VILLAGE
            or each.name not in names | {name for name, _shape in groups[chosen]}
        )
        parts = (SheetFeature(GroundKind.VILLAGE, name, shape) for name, shape in groups[chosen])
        whole = replace(whole, features=(*rest, *parts))
    else:
        shown = [each for each in villages if chosen is None or each.key == chosen]
        areas = tuple(_area(village, groups.get(village.key, []), owners) for village in shown)
    guides = tuple(_guides(session, order, whole.entries))
    spec = AtlasSpec(whole, areas, guides, unit, order.folded)
    return AtlasContent(spec, replace(found, spec=whole))


def book_title(title: str) -> str:
    """The name of the book, from that of the map: 柳河镇社区服务资源图 gives 柳河镇社区服务资源地图册."""
    if title.rstrip("）").endswith("册"):
        return title
    made, count = _TITLE.subn("地图册", title, count=1)
    if count:
        return made
    return f"{title}册" if title.endswith("图") else _("{title}地图册").format(title=title)


def _owners(session: Session) -> dict[Key, set[str]]:
    owners: dict[Key, set[str]] = {}
    query = select(Resource.village_key, Resource.code).where(Resource.village_key.is_not(None))
    for row in session.execute(query):
        owners.setdefault(row.village_key, set()).add(row.code)
    return owners


def _groups(session: Session) -> dict[Key, list[tuple[str, Mapping[str, Any]]]]:
    groups: dict[Key, list[tuple[str, Mapping[str, Any]]]] = {}
    query = select(VillageGroup.village_key, VillageGroup.name, VillageGroup.boundary)
    for row in session.execute(query.where(VillageGroup.boundary.is_not(None)).order_by(VillageGroup.name)):
        groups.setdefault(row.village_key, []).append((row.name, json.loads(row.boundary)))
    return groups


def _area(
    village: Village, groups: Sequence[tuple[str, Mapping[str, Any]]], owners: Mapping[Key, set[str]]
) -> Area:
    place = (
        (village.longitude, village.latitude)
        if village.longitude is not None and village.latitude is not None
        else None
    )
    return Area(
        village.name,
        tuple(shape for _name, shape in groups),
        place,
        frozenset(owners.get(village.key, ())),
        tuple(SheetFeature(GroundKind.VILLAGE, name, shape) for name, shape in groups),
    )


def _guides(session: Session, order: AtlasOrder, entries: Sequence[Entry]) -> Iterator[Guide]:
    """The policies among the entries, so that only what may be published is told, in the order of their numbers."""
    published = {entry.code: entry for entry in entries}
    query = (
        select(Resource, ResourcePolicy)
        .outerjoin(ResourcePolicy, ResourcePolicy.key == Resource.key)
        .where(Resource.dimension == Dimension.POLICY, Resource.code.in_(published))
        .order_by(Resource.code)
    )
    for resource, policy in session.execute(query):
        if order.policies is not None and resource.key not in order.policies:
            continue
        yield _guide(resource, policy, published[resource.code])


def guides_offered(store: Store) -> tuple[tuple[Key, str], ...]:
    """The policies whose 办事指南 may be printed, by key and title, in the order of their numbers."""
    with store.reading() as session:
        try:
            entries = published(session, store.clock.today()).entries
        except UserError:  # nothing may be published, and so no policy
            return ()
        names = {entry.code: entry.name for entry in entries}
        query = (
            select(Resource.key, Resource.code)
            .where(Resource.dimension == Dimension.POLICY, Resource.code.in_(names))
            .order_by(Resource.code)
        )
        return tuple((row.key, f"{row.code} {names[row.code]}") for row in session.execute(query))


def _guide(resource: Resource, policy: ResourcePolicy | None, entry: Entry) -> Guide:
    """What its own part tells, else what every resource has."""
    guide = Guide(
        code=resource.code,
        name=entry.name,
        conditions=resource.eligibility or entry.offer,
        documents=resource.documents or "",
        steps=resource.process or "",
        desk=entry.address,
        hours=entry.hours,
        phone=entry.phone,
    )
    if policy is None:
        return guide
    return replace(
        guide,
        conditions=policy.conditions or guide.conditions,
        amount=_amount(policy),
        desk=policy.desk or guide.desk,
        phone=policy.desk_phone or guide.phone,
    )


def _amount(policy: ResourcePolicy) -> str:
    if policy.standard is None:
        return ""
    return (
        f"{policy.standard:f} 元，{policy.standard_unit}"
        if policy.standard_unit
        else f"{policy.standard:f} 元"
    )
