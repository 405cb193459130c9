"""From an order to what is printed: the plain values of a sheet, read from the station."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import IndexOrder, SheetForm, SheetKind
from stationdesk.db.models import Feature, Resource, Station, Village, VillageGroup
from stationdesk.maps.sheet.spec import Entry, GroundKind, Hotline, SheetSpec
from stationdesk.maps.sheet.spec import Feature as SheetFeature
from stationdesk.services.publishing import LeftOut, published

A4_LANDSCAPE = PageSetup(Paper.A4, landscape=True)
"""What every station can print."""


@dataclass(frozen=True, slots=True)
class HandoutOrder:
    """Which sheet is wanted: the map, its area (None: the whole town), and the paper it is for.

    `orders` are its indexes. `picked` are the resources of a sheet that shows a few only; empty: by rule. A `draft`
    says so across every page.
    """

    kind: SheetKind = SheetKind.RESOURCES
    area: Key | None = None
    setup: PageSetup = A4_LANDSCAPE
    colour: bool = True
    form: SheetForm = SheetForm.ONE_PAGE
    orders: tuple[IndexOrder, ...] = (IndexOrder.BY_CLASS,)
    draft: bool = False
    picked: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class HandoutContent:
    """What an order prints, and what the worker is told about it."""

    spec: SheetSpec
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()


def spec_of(session: Session, order: HandoutOrder, today: date) -> SheetSpec:
    """What an order prints, as it may be given out.

    Raises:
        UserError: nothing may be published, or the station or the village is not there.
    """
    return content_of(session, order, today).spec


def content_of(session: Session, order: HandoutOrder, today: date) -> HandoutContent:
    """The same, with what is not on the sheet and why.

    Raises:
        UserError: as for `spec_of`.
    """
    found = published(session, today, order.area, order.picked)
    spec = spec_with(session, order, today, found.entries)
    return HandoutContent(spec, found.left_out, found.warnings)


def spec_with(session: Session, order: HandoutOrder, today: date, entries: tuple[Entry, ...]) -> SheetSpec:
    """The sheet of an order with these entries, which whoever chose them answers for.

    Raises:
        UserError: the station or the village is not there.
    """
    area = order.area
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
        setup=order.setup,
        entries=entries,
        features=(*_villages(session, area), *_drawings(session)),
        checked_on=_checked_on(session, {entry.code for entry in entries}),
        hotlines=tuple(_hotlines(station.helplines)),
        practice=station.practice,
        review_number=station.map_review or "",
        colour=order.colour,
        kind=order.kind,
        form=order.form,
        orders=order.orders,
        draft=order.draft,
        sketch=station.sketch,
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
