"""服务对象分布图: what of the people served stands on paper, by village or household by household.

Neither is ever given out. By village, numbers under the least that is told are not told, and no sum of them is;
household by household, those of people whose category is kept off every map are not even read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.masks import mask_name
from stationdesk.core.messages import _
from stationdesk.core.printing import PageSetup
from stationdesk.core.vocab import HouseholdStatus, MapLevel, PersonStatus, SheetForm, SheetKind
from stationdesk.db.models import CodeRow, Household, Person, PersonCategory, Station, Village
from stationdesk.maps.sheet.classes import GroundClass
from stationdesk.maps.sheet.spec import Entry, Extent, SheetSpec
from stationdesk.services.drawn_ground import extent_of_village
from stationdesk.services.handout_specs import A4_LANDSCAPE, HandoutContent, HandoutOrder, spec_with
from stationdesk.services.homes import categories_of, heads_of, mark_of
from stationdesk.services.overviews import MOST_DRAWN
from stationdesk.services.scopes import due_visit, on_day
from stationdesk.services.served import Served, check_unlocked, private_homes, served_by_village
from stationdesk.services.store import Store

NO_VILLAGE = "没有填村居的"


@dataclass(frozen=True, slots=True)
class ClientOrder:
    """Which map of the people served is wanted: how much it shows, of which village (None: the whole town)."""

    level: MapLevel = MapLevel.VILLAGES
    area: Key | None = None
    setup: PageSetup = A4_LANDSCAPE
    colour: bool = True
    form: SheetForm = SheetForm.ONE_PAGE
    based: bool = True


def client_content(store: Store, session: Session, order: ClientOrder, today: date) -> HandoutContent:
    """What an order prints, marked as for the station alone.

    Raises:
        UserError: households are asked for that nobody unlocked; nothing has a place, or there is too much.
    """
    if order.level is MapLevel.RESOURCES:
        raise UserError("服务对象分布图只有“按村合计”和“逐户位置”两种。")
    if order.level is MapLevel.EXACT:
        check_unlocked(store, session)
        entries = tuple(_households(session, order.area, today))
        told = _household_words(session, order, entries)
    else:
        served = served_by_village(store, session)
        entries = tuple(_villages(session, order.area, served))
        told = _village_words(served, order.area)
    spec = spec_with(session, _as_handout(order), today, entries)
    return HandoutContent(_marked(spec, store, session, order, today), remarks=told)


def _as_handout(order: ClientOrder) -> HandoutOrder:
    return HandoutOrder(
        SheetKind.CLIENTS, order.area, order.setup, order.colour, order.form, based=order.based
    )


def _marked(spec: SheetSpec, store: Store, session: Session, order: ClientOrder, today: date) -> SheetSpec:
    """Its own title, no numbers to call, and on every page that it is internal, whose it is and of which day."""
    village = session.get(Village, order.area) if order.area is not None else None
    place = village.name if village is not None else session.scalars(select(Station.town)).one()
    words = "逐户位置" if order.level is MapLevel.EXACT else "按村合计"
    return replace(
        spec,
        title=f"{place}服务对象分布图",
        subtitle=f"{words}　内部资料",
        edition=today.isoformat(),
        hotlines=(),
        checked_on=None,
        watermark=watermark(store, today),
    )


def watermark(store: Store, today: date) -> str:
    """What stands across every page: internal, by whom, which day."""
    return f"内部资料　{store.actor.name}　{today.isoformat()}"


# By village


def _villages(session: Session, area: Key | None, served: Served) -> Iterator[Entry]:
    """Each village by its own place or that of its drawn groups; never by where its people live."""
    query = select(Village.key, Village.name, Village.latitude, Village.longitude).order_by(Village.key)
    for number, row in enumerate(session.execute(query), start=1):
        if area not in {None, row.key}:
            continue
        lat, lon = row.latitude, row.longitude
        if lat is None or lon is None:
            lat, lon = _middle_of(extent_of_village(session, row.key))
        yield _sum(number, row.name, _people(served, row.key), lat, lon)
    if area is None and served.counts.get(None):
        yield _sum(0, NO_VILLAGE, _people(served, None), None, None)


def _sum(number: int, name: str, told: str, lat: float | None, lon: float | None) -> Entry:
    code = f"{GroundClass.VILLAGE.letter}-{number:02d}"
    return Entry(code, str(number), GroundClass.VILLAGE, name, offer=told, lat=lat, lon=lon)


def _people(served: Served, village: Key | None) -> str:
    """How many, or that they are few; a village without any is told as one with few."""
    if served.is_told(village):
        return f"{served.counts[village]} 人"
    return f"不足 {served.least} 人" if served.least > 1 else "没有"


def _middle_of(extent: Extent | None) -> tuple[float | None, float | None]:
    if extent is None:
        return None, None
    west, south, east, north = extent
    return (south + north) / 2, (west + east) / 2


def _village_words(served: Served, area: Key | None) -> tuple[str, ...]:
    if area is not None or served.least <= 1:
        return ()
    few = _("不足 {least} 人的村居不写人数，合计里也没有它们：写明的共 {count} 人")
    return (few.format(least=served.least, count=served.told),)


# Household by household


def _households(session: Session, area: Key | None, today: date) -> Iterator[Entry]:
    """The households that somebody looks after, in the order of their villages."""
    carried = exists().where(
        Person.household_key == Household.key,
        Person.status == PersonStatus.ACTIVE,
        PersonCategory.person_key == Person.key,
        on_day(today),
    )
    query = (
        select(
            Household.key,
            Household.code,
            Household.latitude,
            Household.longitude,
            Household.follow_level,
            due_visit().label("due"),
            Village.name.label("village"),
        )
        .outerjoin(Village, Village.key == Household.village_key)
        .where(
            Household.status == HouseholdStatus.ACTIVE,
            Household.key.not_in(private_homes()),
            or_(carried, Household.follow_level.is_not(None)),
        )
        .order_by(Village.key, func.length(Household.code), Household.code)
    )
    if area is not None:
        query = query.where(Household.village_key == area)
    rows = session.execute(query).all()
    if len(rows) > MOST_DRAWN:
        raise UserError(
            "逐户位置一张图最多画 {most} 户，这里有 {count} 户。请选一个村居，或改成“按村合计”。",
            most=MOST_DRAWN,
            count=len(rows),
        )
    keys = frozenset(row.key for row in rows)
    heads, groups, words = heads_of(session, keys), categories_of(session, keys, today), _labels(session)
    for row in rows:
        codes = groups.get(row.key, ())
        yield Entry(
            code=row.code,
            number=row.code.rpartition("-")[2].lstrip("0") or row.code,
            map_class=mark_of(codes),
            name=mask_name(heads[row.key]) if row.key in heads else "—",
            offer="；".join(words.get(code, code) for code in codes),
            hours=_follow(row.follow_level.label if row.follow_level else "", row.due, today),
            under=row.village or NO_VILLAGE,
            lat=row.latitude,
            lon=row.longitude,
        )


def _follow(level: str, due: str | None, today: date) -> str:
    if not level or due is None:
        return level
    day = date.fromisoformat(due)
    told = f"{day:%m-%d}" if day.year == today.year else day.isoformat()
    return f"{level} 逾期 {told}" if day < today else f"{level} {told} 前"


def _labels(session: Session) -> Mapping[str, str]:
    rows = session.execute(select(CodeRow.code, CodeRow.label).where(CodeRow.list == "client_group"))
    return {row.code: row.label for row in rows}


def _household_words(session: Session, order: ClientOrder, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """What the worker is told: how many are not on it because nobody looks after them."""
    query = select(func.count()).where(
        Household.status == HouseholdStatus.ACTIVE, Household.key.not_in(private_homes())
    )
    if order.area is not None:
        query = query.where(Household.village_key == order.area)
    others = int(session.execute(query).scalar_one()) - len(entries)
    if others <= 0:
        return ()
    return (_("另有 {count} 户没有对象类别，也没有跟进级别，没有印").format(count=others),)
