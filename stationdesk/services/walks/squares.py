"""Where somebody has walked, as squares of the ground: what is left white was never seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.datum import Position, from_local_xy
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.db.models import Photo, Station, Walk
from stationdesk.maps.walks.tracks import TrackPoint, squares_walked, thinned
from stationdesk.services.store import Store

SQUARE = 200.0
"""Metres along a side."""

_STEP = 6.0
"""Metres between the points of a track that are looked at: a phone writes one every second."""

_Square = tuple[int, int]


@dataclass(frozen=True, slots=True)
class WalkedGround:
    """One walk on the map: a GeoJSON GeometryCollection of the squares that nobody walked later, and of its tracks."""

    key: Key
    title: str
    geometry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Ways:
    """Where a walk led: its tracks, and a single point for each photo that knows its place."""

    key: Key
    title: str
    tracks: tuple[tuple[TrackPoint, ...], ...]
    spots: tuple[tuple[TrackPoint, ...], ...]

    def squares(self, origin: tuple[float, float]) -> frozenset[_Square]:
        """The squares that it went through."""
        return squares_walked((*self.tracks, *self.spots), origin, SQUARE)


def squares_covered(store: Store) -> tuple[tuple[Position, Position], ...]:
    """The squares somebody walked through: each its south-west and north-east corner, (lat, lon) in WGS-84.

    They hang on the station's own place, so that the walks of all years colour the same squares.
    """
    with store.reading() as session:
        ways = _ways(session)
        origin = _origin(session, ways)
    covered = {square for way in ways for square in way.squares(origin)}
    return tuple(_corners(square, origin) for square in sorted(covered))


def walked_ground(session: Session) -> tuple[WalkedGround, ...]:
    """The walks as the map shows them, those that led anywhere; no square is in two of them."""
    ways = _ways(session)
    origin = _origin(session, ways)
    taken: set[_Square] = set()
    found = []
    for way in ways:
        squares = way.squares(origin) - taken
        taken |= squares
        if squares or way.tracks:
            found.append(WalkedGround(way.key, way.title, _geometry(way, squares, origin)))
    return tuple(found)


def _ways(session: Session) -> list[_Ways]:
    """The walks that led anywhere, the last one first."""
    spots: dict[Key, list[tuple[TrackPoint, ...]]] = {}
    for row in session.execute(
        select(Photo.walk_key, Photo.latitude, Photo.longitude).where(
            Photo.walk_key.is_not(None), Photo.latitude.is_not(None), Photo.longitude.is_not(None)
        )
    ):
        spots.setdefault(row.walk_key, []).append((TrackPoint(row.latitude, row.longitude),))
    walks = session.execute(
        select(Walk.key, Walk.name, Walk.walked_on, Walk.track).order_by(Walk.walked_on.desc(), Walk.key)
    )
    return [
        _Ways(
            row.key,
            _("{day} {name}").format(day=row.walked_on, name=row.name),
            tuple(_tracks(row.track)),
            tuple(spots.get(row.key, ())),
        )
        for row in walks
        if row.track or row.key in spots
    ]


def _tracks(track: str | None) -> Iterable[tuple[TrackPoint, ...]]:
    runs = json.loads(track)["coordinates"] if track else ()
    for run in runs:
        yield tuple(TrackPoint(lat, lon) for lon, lat in thinned(run, _STEP))


def _origin(session: Session, ways: Sequence[_Ways]) -> tuple[float, float]:
    home = session.scalars(select(Station)).first()
    if home is not None and home.latitude is not None and home.longitude is not None:
        return home.latitude, home.longitude
    # The first walk of all, so that the next one does not move the squares.
    first = next((run[0] for way in reversed(ways) for run in (*way.tracks, *way.spots) if run), None)
    return (first.lat, first.lon) if first is not None else (0.0, 0.0)


def _corners(square: _Square, origin: tuple[float, float]) -> tuple[Position, Position]:
    column, row = square
    return (
        from_local_xy(column * SQUARE, row * SQUARE, origin),
        from_local_xy((column + 1) * SQUARE, (row + 1) * SQUARE, origin),
    )


def _geometry(way: _Ways, squares: Iterable[_Square], origin: tuple[float, float]) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    rings = [[_ring(*_corners(square, origin))] for square in sorted(squares)]
    if rings:
        parts.append({"type": "MultiPolygon", "coordinates": rings})
    lines = [
        [[round(point.lon, 6), round(point.lat, 6)] for point in run] for run in way.tracks if len(run) > 1
    ]
    if lines:
        parts.append({"type": "MultiLineString", "coordinates": lines})
    return {"type": "GeometryCollection", "geometries": parts}


def _ring(low: Position, high: Position) -> list[list[float]]:
    west, south, east, north = (round(each, 7) for each in (low.lon, low.lat, high.lon, high.lat))
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]
