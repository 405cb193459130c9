"""From an order to what is printed: the plain values of a sheet, read from the station."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import IndexOrder, SheetForm, SheetKind
from stationdesk.db.models import Resource, Station, Village
from stationdesk.maps.sheet.spec import Entry, Hotline, SheetSpec
from stationdesk.services.drawn_ground import (
    extent_of_ground,
    extent_of_village,
    ground_of,
    numbered_ground,
    without_numbered,
)
from stationdesk.services.large_print import plain_ground, six_of, with_ways
from stationdesk.services.overviews import overview_of
from stationdesk.services.publishing import LeftOut, Published, published

A4_LANDSCAPE = PageSetup(Paper.A4, landscape=True)
"""What every station can print."""


@dataclass(frozen=True, slots=True)
class HandoutOrder:
    """Which sheet is wanted: the map, its area (None: the whole town), and the paper it is for.

    `orders` are its indexes. `picked` are the resources of a sheet that shows a few only; empty: by rule. A `draft`
    says so across every page. `based` lays it over the base maps that the screen shows.
    """

    kind: SheetKind = SheetKind.RESOURCES
    area: Key | None = None
    setup: PageSetup = A4_LANDSCAPE
    colour: bool = True
    form: SheetForm = SheetForm.ONE_PAGE
    orders: tuple[IndexOrder, ...] = (IndexOrder.BY_CLASS,)
    draft: bool = False
    picked: tuple[Key, ...] = ()
    based: bool = True

    @property
    def shows_base(self) -> bool:
        """Whether the base maps of the screen lie under it; never on a large print, whose map is plain."""
        return self.based and self.kind is not SheetKind.LARGE_PRINT


@dataclass(frozen=True, slots=True)
class HandoutContent:
    """What an order prints, and what the worker is told about it; `remarks` are about this map in particular."""

    spec: SheetSpec
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


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
    if order.kind is SheetKind.CLIENTS:
        raise UserError("服务对象分布图不是发放图，只供站内使用。请在地图页上打印。")
    if order.kind is SheetKind.COMMUNITY:
        return _community(session, order, today)
    found = published(session, today, order.area, order.picked)
    if order.kind is SheetKind.LARGE_PRINT:
        return _large_print(session, order, today, found)
    whole = order.area is not None or order.kind is SheetKind.ATLAS  # an atlas has a page for every village
    overview = None if whole else overview_of(session, found.entries, found.villages)
    if overview is None:
        return HandoutContent(spec_with(session, order, today, found.entries), found.left_out, found.warnings)
    spec = spec_with(session, order, today, overview.entries)
    spec = replace(spec, subtitle=f"{spec.subtitle}　总图（各村合计，详见各村的图）".strip())
    return HandoutContent(spec, found.left_out, (overview.warning, *found.warnings), (overview.warning,))


def _community(session: Session, order: HandoutOrder, today: date) -> HandoutContent:
    """The ground as the station drew it: its places and sights numbered, no resources."""
    features = ground_of(session, order.area)
    extent = extent_of_village(session, order.area) if order.area is not None else None
    extent = extent or extent_of_ground(features)
    if extent is None:
        raise UserError(
            "社区地图上还什么都没有：请先在地图页画出主路、河流、村组范围和重要单位，再打印社区地图。"
        )
    entries = numbered_ground(features, extent if order.area is not None else None)
    spec = spec_with(session, order, today, entries)
    return HandoutContent(replace(spec, features=without_numbered(features), extent=extent, checked_on=None))


def _large_print(session: Session, order: HandoutOrder, today: date, found: Published) -> HandoutContent:
    """A few places in large type, with the way to each."""
    chosen = found.entries if order.picked else six_of(found.entries)
    if not any(entry.is_placed for entry in chosen):
        raise UserError("没有一处资源可以上图：请先在地图上标出资源的位置，再打印大字版。")
    spec = spec_with(session, order, today, ())
    known = published(session, today, order.area).entries if order.picked else found.entries
    entries = with_ways(chosen, spec.features, known)
    spec = replace(
        spec,
        entries=entries,
        features=plain_ground(spec.features),
        subtitle=f"{spec.subtitle}　大字版".strip(),
        checked_on=_checked_on(session, {entry.code for entry in entries}),
    )
    warnings = (
        () if order.picked else (_("大字版的 {count} 处是按类别自动挑选的").format(count=len(entries)),)
    )
    return HandoutContent(spec, found.left_out, warnings, warnings)


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
    place = village.name if village is not None else station.town
    title = station.map_title or f"{station.town}社区服务资源图"
    if order.kind is SheetKind.COMMUNITY:
        title = f"{place}社区地图"
    return SheetSpec(
        title=title,
        subtitle=village.name if village is not None and order.kind is not SheetKind.COMMUNITY else "",
        edition=Month.of(today).label,
        station=station.name,
        phone=station.phone or "",
        setup=order.setup,
        entries=entries,
        features=ground_of(session, area),
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
