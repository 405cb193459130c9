"""Sketch mode (示意图模式): no real coordinate is known, and everything lies on a plane of its own.

The plane lies around latitude 0, longitude 0 (`maps.basemaps.paced`), so that placing, printing and the index work
as ever. Real coordinates never come among those of the sketch; `services.reality` moves all of it at once when three
real ones are known.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, changed
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.vocab import DatumOrigin
from stationdesk.db.base import values_of
from stationdesk.db.models import Basemap, Feature, Household, Resource, Station, Village, VillageGroup
from stationdesk.db.writing import Work
from stationdesk.services.store import Store

REACH = 1.0
"""Degrees around nought that belong to the plane, some 110 km: no place in China lies there."""

_REAL = frozenset({DatumOrigin.TYPED, DatumOrigin.PASTED, DatumOrigin.IMPORTED, DatumOrigin.DEVICE})


def is_sketch(session: Session) -> bool:
    """Whether the station works on a sketch."""
    return bool(session.scalars(select(Station.sketch)).first())


def in_sketch(store: Store) -> bool:
    """`is_sketch`, for who has no session."""
    with store.reading() as session:
        return is_sketch(session)


def moves_everything(changes: ChangeSet) -> bool:
    """Whether a sketch began or became a real map: nothing lies where it lay."""
    return "station" in changes.records and any(
        change.record == "station" and "sketch" in change.values for change in changes.changes
    )


def lies_on_plane(lat: float, lon: float) -> bool:
    """Whether a position can only be one of a sketch."""
    return abs(lat) <= REACH and abs(lon) <= REACH


def refusal() -> UserError:
    """Why a real coordinate does not come in, and the way out."""
    return UserError(
        "这张图是示意图，没有真实坐标，真实坐标放不进来，混在一起会乱。请在图上点位置；"
        "等知道三处地方的真实坐标时，在“底图…”里用“换成真实坐标”把整张图换过去。"
    )


def refuse_real(session: Session) -> None:
    """Refuse whatever brings real coordinates (a list, a base map, a track) while the station works on a sketch.

    Raises:
        UserError: it does.
    """
    if is_sketch(session):
        raise refusal()


def check_real(work: Work, change: Change) -> None:
    """Refuse a real position in a change of a record while the station works on a sketch.

    Raises:
        UserError: the position was typed, pasted, imported or taken by a device, or lies off the plane.
    """
    values = change.values
    lat, lon = values.get("latitude"), values.get("longitude")
    told = values.get("place_origin") in _REAL and (lat is not None or lon is not None)
    off = any(each is not None and abs(each) > REACH for each in (lat, lon))
    if (told or off) and is_sketch(work.session):
        raise refusal()


def turn_on(work: Work) -> list[Change]:
    """The change that makes a station one that works on a sketch; none where it does already.

    Raises:
        UserError: real places are on file.
    """
    station = work.session.scalars(select(Station)).one()
    if station.sketch:
        return []
    count = placed(work.session)
    if count:
        raise UserError(
            "本站已有 {count} 处带真实坐标的地点、图形或底图，不能再用量的距离钉图，混在一起会乱。"
            "请用已知的地点来钉这张图。",
            count=count,
        )
    change = changed("station", station.key, values_of(station), {"sketch": True})
    return [change] if change is not None else []


def leave(store: Store) -> ChangeSet:
    """Work with real coordinates again, where nothing has been put on the sketch.

    Raises:
        UserError: something lies on it.
    """
    with store.writing(_("不再用示意图")) as work:
        count = placed(work.session)
        if count:
            raise UserError(
                "示意图上已经放了 {count} 处地点、图形或底图。请先移走，或在知道三处真实坐标后“换成真实坐标”。",
                count=count,
            )
        station = work.session.scalars(select(Station)).one()
        change = changed("station", station.key, values_of(station), {"sketch": False})
        if change is not None:
            work.write([change])
        return work.done()


def placed(session: Session) -> int:
    """How many records, drawings and base maps lie somewhere."""
    count = 0
    for model in (Station, Village, Resource, Household):
        count += session.scalar(select(func.count()).where(model.latitude.is_not(None))) or 0
    count += session.scalar(select(func.count()).select_from(Feature)) or 0
    count += session.scalar(select(func.count()).where(VillageGroup.boundary.is_not(None))) or 0
    count += session.scalar(select(func.count()).select_from(Basemap)) or 0
    return int(count)
