"""Whether places that claim to be WGS-84 are shifted as GCJ-02 and BD-09 are: said, never mended unasked.

GeoJSON, KML and GPX are WGS-84 by their standards, but a map of the trade saves its shifted points in them all the
same. A shift shows where things of one name are on file already: read as the other datum, they all lie closer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import select

from stationdesk.core.datum import distance_m, in_china, to_wgs84
from stationdesk.core.messages import _
from stationdesk.core.vocab import Datum
from stationdesk.db.base import table_of
from stationdesk.db.models import RECORDS
from stationdesk.services.importing.lists import bare
from stationdesk.services.importing.plans import Plan
from stationdesk.services.store import Store
from stationdesk.sheets.reading.values import plain_words

FEWEST = 3
"""Known places that are compared at least: one or two may simply have been put in the wrong spot."""
_CLEAR = 0.4  # how much of the distance has to go for a datum to be suspected
_APART = 150.0  # metres below which nothing is suspected: GCJ-02 shifts by 300 to 700 m in China
_SAME_THING = 3_000.0  # metres beyond which two things of one name are two things

Pair = tuple[tuple[float, float], tuple[float, float]]
"""A place of the file as it stands there, and the place that is on file, (latitude, longitude)."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A suspicion: compared places, how far they lie from ours as told, and as `datum`, in metres (median)."""

    datum: Datum
    compared: int
    metres: float
    metres_then: float

    @property
    def sentence(self) -> str:
        """What the worker is told."""
        return _(
            "文件里有 {count} 处和本站同名，按 WGS-84 平均偏 {far:.0f} 米，按 {datum} 只偏 {near:.0f} 米："
            "这些坐标很可能是 {datum}。请核对后再选。"
        ).format(count=self.compared, far=self.metres, near=self.metres_then, datum=_(self.datum.label))


def suspected_shift(store: Store, plan: Plan) -> Shift | None:
    """The datum that the places of a plan seem to be in, where it is not WGS-84; None when nothing speaks for it."""
    return shift_of(_pairs(store, plan))


def shift_of(pairs: Sequence[Pair]) -> Shift | None:
    """`suspected_shift` on places that are known to be the same."""
    if len(pairs) < FEWEST:
        return None
    told = median(distance_m(theirs, ours) for theirs, ours in pairs)
    if told < _APART:
        return None
    others = {
        datum: median(distance_m(to_wgs84(*theirs, datum), ours) for theirs, ours in pairs)
        for datum in (Datum.GCJ02, Datum.BD09)
    }
    datum, near = min(others.items(), key=lambda each: each[1])
    return Shift(datum, len(pairs), told, near) if near <= told * (1 - _CLEAR) else None


def _pairs(store: Store, plan: Plan) -> list[Pair]:
    record = plan.kind.record
    at = {name: place for place, name in enumerate(plan.mapping) if name is not None}
    wanted = [at.get(f"{record}.{key}") for key in ("name", "latitude", "longitude")]
    table = table_of(RECORDS[record])
    if any(place is None for place in wanted) or "latitude" not in table.c:
        return []
    ours: dict[str, list[tuple[float, float]]] = defaultdict(list)
    query = select(table.c.name, table.c.latitude, table.c.longitude).where(table.c.latitude.is_not(None))
    with store.reading() as session:
        for name, lat, lon in session.execute(query):
            ours[bare(name)].append((lat, lon))
    pairs: list[Pair] = []
    for row in plan.table.rows:
        name, *place = (row.cells[each] for each in wanted if each is not None)
        theirs = _place(place)
        known = ours.get(bare(plain_words(name)), ())
        if theirs is None or len(known) != 1 or not in_china(*theirs):
            continue
        if distance_m(theirs, known[0]) < _SAME_THING:
            pairs.append((theirs, known[0]))
    return pairs


def _place(cells: Sequence[Any]) -> tuple[float, float] | None:
    try:
        lat, lon = (float(str(cell)) for cell in cells)
    except ValueError:
        return None
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None
