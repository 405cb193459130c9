"""A walk written down: the walk itself, its photos, and a draft for each new place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, created, new_key
from stationdesk.core.datum import distance_m, to_wgs84
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Values
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import Datum, DatumOrigin, Dimension, MapClass, Precision, ResourceStatus
from stationdesk.db.base import blank
from stationdesk.db.kept import keep
from stationdesk.db.models import Photo, Village, VillageGroup, Walk
from stationdesk.maps.sheet.geometry import inside
from stationdesk.maps.walks.tracks import TrackPoint, thinned
from stationdesk.services.places import located_values
from stationdesk.services.records import blank_of, checked
from stationdesk.services.sketch import refuse_real
from stationdesk.services.store import Store
from stationdesk.services.walks.sight import WalkPlace, WalkSight

_TRACK_STEP = 3.0
"""Metres between the points of a track that are kept: a phone writes one a second, and knows no better than that."""
_NEXT_VILLAGE = 3_000.0
"""Metres to the middle of the village that a place is taken to lie in."""


class Fate(Enum):
    """What becomes of a place of the walk."""

    DRAFT = auto()
    ATTACH = auto()
    SKIP = auto()


@dataclass(frozen=True, slots=True)
class WalkPlan:
    """What to make of a sight: the walk's name and day, and the fate and the name of each place by its position."""

    name: str
    day: date
    village_key: Key | None = None
    fates: Mapping[int, Fate] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    note: str = ""

    def fate(self, at: int, place: WalkPlace) -> Fate:
        """What was chosen, or else what is proposed: a photo of what is known already goes to it."""
        return self.fates.get(at, proposed(place))


def proposed(place: WalkPlace) -> Fate:
    """What is proposed for a place."""
    return Fate.ATTACH if place.near is not None and place.photos else Fate.DRAFT


def take_in(store: Store, sight: WalkSight, plan: WalkPlan, progress: Progress = SILENT) -> ChangeSet:
    """Write a walk, its photos and its drafts in one step, which undo takes back whole.

    Raises:
        UserError: there is nothing to take in, the walk has no name, its day is still to come, or the station works
            on a sketch, where places of the earth do not fit in.
        Cancelled: by `progress`; nothing is written.
    """
    if sight.is_empty:
        raise UserError("没有可以收入的照片或轨迹。请重新选择文件。")
    if not plan.name.strip():
        raise UserError("请给这次行走起个名字，例如“桃园村 11 月行走”。")
    if plan.day > store.clock.today():
        raise UserError("行走的日期还没有到。请检查日期。")
    start = blank_of(store, "resource")
    with store.writing(_("社区行走 {name}").format(name=plan.name.strip())) as work:
        if sight.places or sight.tracks:
            refuse_real(work.session)
        walk = new_key()
        changes = [created("walk", _walk_values(sight, plan), walk)]
        where = _Villages(work.session)
        shows: dict[int, Key] = {}
        for at, place in enumerate(sight.places):
            progress.step(at, len(sight.places) + len(sight.photos))
            match plan.fate(at, place):
                case Fate.DRAFT:
                    key = new_key()
                    name = clean_line(plan.names.get(at, "")) or name_of(sight, place)
                    village = where.of(place.lat, place.lon) or plan.village_key
                    changes += checked(work, (_draft(start, place, name, village, plan.day, key),))
                    shows.update(dict.fromkeys(place.photos, key))
                case Fate.ATTACH if place.near is not None:
                    shows.update(dict.fromkeys(place.photos, place.near[0]))
        spots = {at: place for place in sight.places for at in place.photos}
        for at, photo in enumerate(sight.photos):
            progress.step(len(sight.places) + at, len(sight.places) + len(sight.photos))
            spot = spots.get(at)
            values = {
                **blank(Photo),
                "file_name": photo.name,
                "taken_at": photo.taken_at or None,
                "latitude": spot.lat if spot else None,
                "longitude": spot.lon if spot else None,
                "picture": keep(work.connection, photo.picture),
                "thumbnail": keep(work.connection, photo.thumbnail),
                "source": photo.source,
                "walk_key": walk,
                "record": "resource" if at in shows else None,
                "record_key": shows.get(at),
            }
            changes.append(created("photo", values))
        work.write(changes)
        return work.done()


def name_of(sight: WalkSight, place: WalkPlace) -> str:
    """What a place is called until somebody names it: as on the track, or when it was photographed."""
    if place.name:
        return place.name
    times = [sight.photos[at].taken_at[11:16] for at in place.photos if sight.photos[at].taken_at]
    return _("未命名 {time}").format(time=times[0]) if times else _("未命名地点")


def _walk_values(sight: WalkSight, plan: WalkPlan) -> Values:
    runs = [
        list(thinned([[round(p.lon, 6), round(p.lat, 6)] for p in _as_wgs84(run, sight.datum)], _TRACK_STEP))
        for track in sight.tracks
        for run in track.runs
        if len(run) > 1
    ]
    track = json.dumps({"type": "MultiLineString", "coordinates": runs}) if runs else None
    return {
        **blank(Walk),
        "name": plan.name.strip(),
        "walked_on": plan.day,
        "village_key": plan.village_key,
        "track": track,
        "note": plan.note or None,
    }


def _as_wgs84(run: Sequence[TrackPoint], datum: Datum) -> Iterable[TrackPoint]:
    for point in run:
        yield TrackPoint(*to_wgs84(point.lat, point.lon, datum), point.at)


def _draft(start: Values, place: WalkPlace, name: str, village: Key | None, day: date, key: Key) -> Change:
    values = {
        **start,
        "name": name,
        "dimension": Dimension.SPACE,
        "map_class": MapClass.CONVENIENCE,
        "status": ResourceStatus.DRAFT,
        "printable": False,
        "village_key": village,
        "collected_on": day,
        "note": place.note or None,
        "precision": Precision.BUILDING,
        **located_values(
            place.lat, place.lon, Datum.WGS84, f"{place.lat:.7f}, {place.lon:.7f}", DatumOrigin.DEVICE
        ),
    }
    return created("resource", values, key)


class _Villages:
    """Which village a place lies in: by the drawn range of a group, or else the nearest village."""

    def __init__(self, session: Session) -> None:
        self._rings: list[tuple[Key, list[tuple[float, float]]]] = []
        for row in session.execute(
            select(VillageGroup.village_key, VillageGroup.boundary).where(VillageGroup.boundary.is_not(None))
        ):
            shape = json.loads(row.boundary)
            polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
            self._rings.extend((row.village_key, [tuple(spot) for spot in rings[0]]) for rings in polygons)
        self._middles = [
            (row.key, (row.latitude, row.longitude))
            for row in session.execute(
                select(Village.key, Village.latitude, Village.longitude).where(
                    Village.latitude.is_not(None), Village.longitude.is_not(None)
                )
            )
        ]

    def of(self, lat: float, lon: float) -> Key | None:
        """The village of a place; None where none is near."""
        for key, ring in self._rings:
            if inside((lon, lat), ring):
                return key
        near = [(distance_m(middle, (lat, lon)), key) for key, middle in self._middles]
        return min(((away, key) for away, key in near if away <= _NEXT_VILLAGE), default=(0.0, None))[1]
