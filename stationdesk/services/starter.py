"""From a white sheet to a community map (社区地图): what is drawn already, and a scale without coordinates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import ChangeSet
from stationdesk.core.datum import distance_m
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.vocab import MapClass
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.db.models import Basemap, Feature, Household, Resource, Station, Village
from stationdesk.services.sketch import turn_on
from stationdesk.services.store import Store

PACE = 0.7
"""Metres of one step of a grown person who walks at ease."""
_LEAST, _MOST = 20.0, 20_000.0
_ENOUGH = 3
"""Further places, lanes and areas from which a map says more than where the offices are."""


class StarterStep(StrEnum):
    """What people know their village by, in the order in which they would draw it for a stranger."""

    ROAD = "road"
    RIVER = "river"
    COMMITTEE = "committee"
    SCHOOL = "school"
    CLINIC = "clinic"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Start:
    """How far the map has come: `based` with a base map, `peopled` with resources.

    `centre` is where it begins (latitude, longitude), None where nothing is known.
    """

    done: frozenset[StarterStep]
    drawn: int
    sketch: bool
    based: bool
    peopled: bool
    centre: tuple[float, float] | None
    village: str = ""

    @property
    def is_white(self) -> bool:
        """Whether nobody has begun a map in any way."""
        return not (self.drawn or self.based or self.peopled)

    @property
    def knows_where(self) -> bool:
        """Whether there is a place on the earth, or a sheet of its own, to draw on."""
        return self.sketch or self.based or self.centre is not None or self.drawn > 0

    @property
    def next_step(self) -> StarterStep | None:
        """The first step that is not done."""
        return next((step for step in StarterStep if step not in self.done), None)


_SIGNS = {
    StarterStep.COMMITTEE: ("委会", "居委", "村部", "党群", "政府"),
    StarterStep.SCHOOL: ("学校", "小学", "中学", "幼儿园", "教学点"),
    StarterStep.CLINIC: ("卫生", "诊所", "医院", "医务"),
}
_FIRST = {FeatureKind.MAIN_ROAD: StarterStep.ROAD, FeatureKind.RIVER: StarterStep.RIVER}
_CLASSES = {StarterStep.SCHOOL: MapClass.EDUCATION, StarterStep.CLINIC: MapClass.MEDICAL}


def start_of(store: Store) -> Start:
    """What is on the map already, told by kinds and names: a step is done however it came about."""
    with store.reading() as session:
        drawn = session.execute(select(Feature.kind, Feature.name)).all()
        station = session.scalars(select(Station)).one()
        names = [name for kind, name in drawn if kind.is_point]
        kinds = [kind for kind, _name in drawn]
        done = {
            step
            for step, signs in _SIGNS.items()
            if any(sign in name for sign in signs for name in names) or _has_resource(session, step)
        }
        further = sum(kind not in _FIRST for kind in kinds) - len(done)
        done |= {step for kind, step in _FIRST.items() if kind in kinds}
        done |= {StarterStep.MORE} if further >= _ENOUGH else set()
        villages = session.scalars(select(Village.name).limit(2)).all()
        return Start(
            frozenset(done),
            len(drawn),
            station.sketch,
            bool(session.scalar(select(func.count()).select_from(Basemap))),
            _has_resource(session),
            (0.0, 0.0) if station.sketch else _centre(session, station),
            villages[0] if len(villages) == 1 else "",
        )


def _has_resource(session: Session, step: StarterStep | None = None) -> bool:
    """Whether a resource lies on the map, one that a step asks for."""
    wanted = select(Resource.key).where(Resource.latitude.is_not(None))
    if step is not None:
        told = [Resource.name.contains(sign) for sign in _SIGNS[step]]
        if step in _CLASSES:
            told.append(Resource.map_class == _CLASSES[step])
        wanted = wanted.where(or_(*told))
    return session.scalars(wanted.limit(1)).first() is not None


def _centre(session: Session, station: Station) -> tuple[float, float] | None:
    if station.latitude is not None and station.longitude is not None:
        return (station.latitude, station.longitude)
    for model in (Village, Resource, Household):
        query = select(func.avg(model.latitude), func.avg(model.longitude)).where(model.latitude.is_not(None))
        lat, lon = session.execute(query).one()
        if lat is not None and lon is not None:
            return (float(lat), float(lon))
    return None


def known_length(count: float, *, paces: bool) -> float:
    """A length that somebody walked or knows, in metres.

    Raises:
        UserError: no street of a village is as short or as long.
    """
    metres = count * PACE if paces else count
    if not _LEAST <= metres <= _MOST:
        raise UserError(
            "这个长度是 {metres} 米，不像一条街的长度（20 米到 20 公里）。请重新填。", metres=round(metres)
        )
    return metres


def begin_sketch(store: Store) -> ChangeSet:
    """From now on places lie on a plane of their own, not on the earth (`services.sketch`).

    Raises:
        UserError: real places are on file.
    """
    with store.writing(_("按步测画示意图")) as work:
        work.write(turn_on(work))
        return work.done()


def length_of(geometry: str) -> float:
    """How long a GeoJSON LineString is on the ground, in metres."""
    points = json.loads(geometry)["coordinates"]
    return sum(distance_m((a[1], a[0]), (b[1], b[0])) for a, b in pairwise(points))


def stretched(geometry: str, metres: float) -> str:
    """A GeoJSON LineString made as long as it is known to be, around the middle of its box."""
    drawn = length_of(geometry)
    if not drawn:
        return geometry
    points = json.loads(geometry)["coordinates"]
    middle = [(min(each) + max(each)) / 2 for each in zip(*points, strict=True)]
    times = metres / drawn
    longer = [
        [round(centre + (value - centre) * times, 7) for value, centre in zip(point, middle, strict=True)]
        for point in points
    ]
    return json.dumps({"type": "LineString", "coordinates": longer}, separators=(",", ":"))
