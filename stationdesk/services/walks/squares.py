"""Where somebody has walked, as squares of the ground: what is left white was never seen."""

from __future__ import annotations

import json

from sqlalchemy import select

from stationdesk.core.datum import Position, from_local_xy
from stationdesk.db.models import Station, Walk
from stationdesk.maps.walks.tracks import TrackPoint, squares_walked
from stationdesk.services.store import Store

SQUARE = 200.0
"""Metres along a side."""


def squares_covered(store: Store) -> tuple[tuple[Position, Position], ...]:
    """The squares somebody walked through: each its south-west and north-east corner, (lat, lon) in WGS-84.

    They hang on the station's own place, so that the walks of all years colour the same squares.
    """
    with store.reading() as session:
        tracks = session.scalars(select(Walk.track).where(Walk.track.is_not(None))).all()
        home = session.scalars(select(Station)).first()
    runs = [
        [TrackPoint(lat, lon) for lon, lat in run]
        for track in tracks
        for run in json.loads(track or "")["coordinates"]
    ]
    if not runs:
        return ()
    origin = (runs[0][0].lat, runs[0][0].lon)
    if home is not None and home.latitude is not None and home.longitude is not None:
        origin = (home.latitude, home.longitude)
    return tuple(
        (
            from_local_xy(column * SQUARE, row * SQUARE, origin),
            from_local_xy((column + 1) * SQUARE, (row + 1) * SQUARE, origin),
        )
        for column, row in sorted(squares_walked(runs, origin, SQUARE))
    )
