"""Records as they stand on the screen map: the whole document, and the patch that one change makes of it.

The screen map is internal. Of the people served it shows, by its level, nothing, how many live in a village, or
their households; never a household whose people carry a category that is kept off every map, and never a resource
whose address is confidential.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import ChangeSet
from stationdesk.core.fields import Key
from stationdesk.core.masks import mask_name
from stationdesk.core.messages import _
from stationdesk.core.vocab import HouseholdStatus, MapClass, MapLevel, ResourceStatus
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.db.models import (
    Feature,
    Household,
    Person,
    PersonCategory,
    Resource,
    Station,
    Village,
    VillageGroup,
    Walk,
)
from stationdesk.maps.anchors import ANCHOR_SYMBOLS, Anchor
from stationdesk.maps.households import HOUSEHOLD_SYMBOLS
from stationdesk.maps.layers import (
    Layer,
    MapArea,
    MapDocument,
    MapFeature,
    MapObject,
    MapPatch,
    MapPlace,
    Mark,
    Name,
    Stroke,
    name_of,
)
from stationdesk.maps.symbols import SYMBOLS
from stationdesk.services.basemaps import map_bases
from stationdesk.services.homes import Keys, categories_of, heads_of, mark_of, rows_of
from stationdesk.services.listing import Filter, Query, count_of
from stationdesk.services.served import private_homes, served_by_village
from stationdesk.services.store import Store
from stationdesk.services.walks.squares import walked_ground

MOST_PATCHED = 400
"""Records in a patch; what changes more is shown by a new document."""

_WALKED = frozenset({"walk", "photo", "station"})
"""Whose change moves the squares that were walked: they hang on the station's own place."""
_ON_MAP = tuple(each for each in MapClass if each.on_map)


@dataclass(frozen=True, slots=True)
class Listed:
    """Records of one kind that the map tab lists; `query` has them."""

    record: str
    title: str
    count: int
    query: Query


def map_document(store: Store, level: MapLevel) -> MapDocument:
    """Everything that has a place or a shape, and of the people served what `level` allows."""
    with store.reading() as session:
        found = [thing for read in _readers(level).values() for thing in read(store, session, None)]
        bases = map_bases(store, session)
    return MapDocument(
        layers=(
            Layer("anchor", _("社工站和村居")),
            Layer("resource", _("资源")),
            *([Layer("household", _("住户（内部）"))] if level is MapLevel.EXACT else []),
            Layer("group", _("村民组")),
            Layer("feature", _("道路、河流、地物")),
            Layer("walked", _("走过的方格"), shown=False, walked=True),
        ),
        marks=(
            *(Mark(each.code, "anchor", symbol) for each, symbol in ANCHOR_SYMBOLS.items()),
            *(Mark(each.code, "resource", symbol) for each, symbol in SYMBOLS.items()),
            *(
                Mark(_draft(each), "resource", symbol, hollow=True, label=_draft_label(each))
                for each, symbol in SYMBOLS.items()
            ),
            *(
                Mark(each.code, "household", symbol, small=True)
                for each, symbol in HOUSEHOLD_SYMBOLS.items()
                if level is MapLevel.EXACT
            ),
        ),
        strokes=tuple(Stroke(each.code, _(each.label), _geometry_of(each)) for each in FeatureKind),
        places=tuple(thing for thing in found if isinstance(thing, MapPlace)),
        areas=tuple(thing for thing in found if isinstance(thing, MapArea)),
        features=tuple(thing for thing in found if isinstance(thing, MapFeature)),
        feature_layer="feature",
        bases=bases,
    )


def map_patch(store: Store, changes: ChangeSet, level: MapLevel) -> MapPatch | None:
    """What a change makes of the map at `level`; None when so much changed that a new document is due.

    The privacy of a client group decides on every household at once, so a change of the lists is such a one; what
    lies under the marks decides on where all of them are drawn.
    """
    if changes.records & {"code", "basemap"}:
        return None
    with store.reading() as session:
        readers = _readers(level)
        touched = _touched(session, changes)
        if changes.records & _WALKED:
            # A square belongs to the walk that went there last: any walk may have one more, or one less.
            touched["walk"] = {*touched.get("walk", ()), *session.scalars(select(Walk.key))}
        if level is MapLevel.VILLAGES and "household" in touched:
            # Somebody moved, came or left: any village may count differently.
            touched.setdefault("village", set()).update(session.scalars(select(Village.key)))
        touched = {record: keys for record, keys in touched.items() if record in readers}
        if sum(map(len, touched.values())) > MOST_PATCHED:
            return None
        put = [thing for record, keys in touched.items() for thing in readers[record](store, session, keys)]
    shown = {name_of(thing) for thing in put}
    names: list[Name] = [(record, key) for record, keys in touched.items() for key in sorted(keys)]
    return MapPatch(tuple(put), tuple(name for name in names if name not in shown))


def unplaced(store: Store) -> tuple[Listed, ...]:
    """What still waits for its place on the map, by kind of record."""
    kinds = (
        (_("资源"), Query("resource", filters=(Filter("map_class", frozenset(_ON_MAP)),), scope="unplaced")),
        (_("住户"), Query("household", filters=(Filter("latitude", frozenset({None})),), scope="active")),
        (_("村居"), Query("village", filters=(Filter("latitude", frozenset({None})),), order="name")),
    )
    return tuple(Listed(query.record, title, count_of(store, query), query) for title, query in kinds)


def ground(store: Store) -> tuple[Listed, ...]:
    """What belongs to the map itself, by kind of record: villages, their groups, own drawings."""
    kinds = (
        (_("村居"), Query("village", order="name")),
        (_("村民组"), Query("village_group", order="name")),
        (_("自己画的"), Query("feature", order="kind")),
    )
    return tuple(Listed(query.record, title, count_of(store, query), query) for title, query in kinds)


def withheld_households(store: Store) -> int:
    """How many households with a place are kept off the map for the sake of their people."""
    with store.reading() as session:
        query = select(func.count()).where(Household.key.in_(private_homes()), _placed(Household))
        return int(session.execute(query).scalar_one())


# What changed


def _touched(session: Session, changes: ChangeSet) -> dict[str, set[Key]]:
    touched: dict[str, set[Key]] = {}
    homes: set[Key] = set()
    people: set[Key] = set()
    for change in changes.changes:
        told = {**(change.before or {}), **change.values}
        if change.record in _READERS:
            touched.setdefault(change.record, set()).add(change.key)
        elif change.record == "person":
            people.add(change.key)
            homes.update(
                Key(values["household_key"])
                for values in (change.before or {}, change.values)
                if values.get("household_key")
            )
        elif change.record == "person_category":
            people.update(
                [Key(told["person_key"])] if told.get("person_key") else _person_of(session, change.key)
            )
    if people:
        homes.update(session.scalars(select(Person.household_key).where(Person.key.in_(people))))
    if homes:
        touched.setdefault("household", set()).update(homes)
    return touched


def _person_of(session: Session, category: Key) -> Sequence[Key]:
    return session.scalars(select(PersonCategory.person_key).where(PersonCategory.key == category)).all()


# Readers: the things of one kind, all of them or those of some keys


def _placed(model: Any) -> ColumnElement[bool]:
    return and_(model.latitude.is_not(None), model.longitude.is_not(None))


def _resources(_store: Store, session: Session, keys: Keys) -> Iterator[MapObject]:
    query = select(
        Resource.key,
        Resource.code,
        Resource.name,
        Resource.map_class,
        Resource.latitude,
        Resource.longitude,
        Resource.status,
    ).where(
        _placed(Resource),
        Resource.confidential.is_(False),
        Resource.map_class.in_(_ON_MAP),
        Resource.status.not_in((ResourceStatus.WITHDRAWN, ResourceStatus.LAPSED)),
    )
    for row in rows_of(session, query, Resource.key, keys):
        mark = _draft(row.map_class) if row.status is ResourceStatus.DRAFT else row.map_class.code
        yield MapPlace("resource", row.key, row.latitude, row.longitude, mark, row.code, row.name)


def _draft(map_class: MapClass) -> str:
    """The mark of a resource that is no more than a draft."""
    return f"draft_{map_class.code}"


def _draft_label(map_class: MapClass) -> str:
    return _("{label}（草稿，待补充）").format(label=_(map_class.label))


def _households(store: Store, session: Session, keys: Keys) -> Iterator[MapObject]:
    query = select(Household.key, Household.code, Household.latitude, Household.longitude).where(
        _placed(Household),
        Household.status == HouseholdStatus.ACTIVE,
        Household.key.not_in(private_homes()),
    )
    rows = list(rows_of(session, query, Household.key, keys))
    wanted = None if keys is None else {row.key for row in rows}
    heads = heads_of(session, wanted)
    carried = categories_of(session, wanted, store.clock.today())
    for row in rows:
        mark = mark_of(carried.get(row.key, ()))
        title = mask_name(heads[row.key]) if row.key in heads else ""
        yield MapPlace("household", row.key, row.latitude, row.longitude, mark.code, row.code, title)


def _villages(_store: Store, session: Session, keys: Keys) -> Iterator[MapObject]:
    query = select(Village.key, Village.name, Village.latitude, Village.longitude).where(_placed(Village))
    for row in rows_of(session, query, Village.key, keys):
        yield MapPlace("village", row.key, row.latitude, row.longitude, Anchor.VILLAGE.code, "", row.name)


def _station(_store: Store, session: Session, keys: Keys) -> Iterator[MapObject]:
    query = select(Station.key, Station.name, Station.latitude, Station.longitude).where(_placed(Station))
    for row in rows_of(session, query, Station.key, keys):
        yield MapPlace("station", row.key, row.latitude, row.longitude, Anchor.STATION.code, "", row.name)


def _village_groups(_store: Store, session: Session, keys: Keys) -> Iterator[MapObject]:
    query = select(VillageGroup.key, VillageGroup.name, VillageGroup.boundary).where(
        VillageGroup.boundary.is_not(None)
    )
    for row in rows_of(session, query, VillageGroup.key, keys):
        # Its village stands in the popup: the names of some fifty groups have little room.
        yield MapArea("village_group", row.key, "group", row.name, json.loads(row.boundary))


def _features(_store: Store, session: Session, keys: Keys) -> Iterator[MapObject]:
    query = select(Feature.key, Feature.kind, Feature.name, Feature.geometry)
    for row in rows_of(session, query, Feature.key, keys):
        yield MapFeature(row.key, row.kind.code, row.name, json.loads(row.geometry))


def _walks(_store: Store, session: Session, keys: Keys) -> Iterator[MapObject]:
    for walk in walked_ground(session):
        if keys is None or walk.key in keys:
            yield MapArea("walk", walk.key, "walked", walk.title, walk.geometry)


_READERS: Mapping[str, Callable[[Store, Session, Keys], Iterator[MapObject]]] = MappingProxyType(
    {
        "station": _station,
        "village": _villages,
        "resource": _resources,
        "household": _households,
        "village_group": _village_groups,
        "feature": _features,
        "walk": _walks,
    }
)


def _readers(level: MapLevel) -> Mapping[str, Callable[[Store, Session, Keys], Iterator[MapObject]]]:
    """What is read for a map at a level: what may not be shown is not even read."""
    if level is MapLevel.EXACT:
        return _READERS
    readers = {record: read for record, read in _READERS.items() if record != "household"}
    if level is MapLevel.VILLAGES:
        readers["village"] = _counted_villages
    return readers


def _counted_villages(store: Store, session: Session, keys: Keys) -> Iterator[MapObject]:
    """Villages with how many are served there, where they are enough not to be told apart."""
    counts = served_by_village(store, session)
    for place in _villages(store, session, keys):
        if isinstance(place, MapPlace):
            told = counts.words(place.key)
            yield replace(place, title=f"{place.title}（{told}）" if told else place.title)


def _geometry_of(kind: FeatureKind) -> str:
    return "Point" if kind.is_point else "LineString" if kind.is_line else "Polygon"


__all__ = [
    "MOST_PATCHED",
    "Listed",
    "MapDocument",
    "MapPatch",
    "ground",
    "map_document",
    "map_patch",
    "unplaced",
    "withheld_households",
]
