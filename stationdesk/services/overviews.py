"""The overview of a town that has more resources than one map can show: village by village, and what is the town's own.

A map of 10,000 marks tells nobody anything, and its index would have 300 pages. Each village has its own sheet and
its page in the atlas; the overview says where the villages lie and what each of them has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab.resources import MapClass
from stationdesk.db.models import Village
from stationdesk.maps.sheet.classes import GroundClass
from stationdesk.maps.sheet.spec import Entry

MOST_DRAWN = 400
"""So many places of a town are drawn one by one."""
_OWN = 30
"""So many of the town's own places stand beside the villages."""
_FIRST = (MapClass.GOVERNMENT, MapClass.MEDICAL, MapClass.SAFETY, MapClass.ELDERLY, MapClass.EDUCATION)


@dataclass(frozen=True, slots=True)
class Overview:
    """The entries of an overview, and what the worker is told."""

    entries: tuple[Entry, ...]
    warning: str


def overview_of(
    session: Session, entries: Sequence[Entry], villages: Mapping[str, Key | None]
) -> Overview | None:
    """The overview of a town's entries; None where they can all be drawn. `villages` tells whose each code is."""
    if sum(entry.is_placed for entry in entries) <= MOST_DRAWN:
        return None
    by_village: dict[Key | None, list[Entry]] = {}
    for entry in entries:
        by_village.setdefault(villages.get(entry.code), []).append(entry)
    own = _most_wanted(by_village.pop(None, ()))
    sums = tuple(_sums(session, by_village))
    warning = _(
        "资源有 {count} 项，一张图画不下：总图按村（居）合计成 {villages} 处，另画镇里的 {own} 处，其余没有逐项列出。"
        "请按村打印，或者打印地图册。"
    ).format(count=len(entries), villages=len(sums), own=len(own))
    return Overview((*own, *sums), warning)


def _most_wanted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Of what belongs to no village, the places that people ask for most."""
    ranks = {each: rank for rank, each in enumerate(_FIRST)}
    placed = [entry for entry in entries if entry.is_placed]
    ordered = sorted(
        placed,
        key=lambda entry: (
            ranks.get(entry.map_class, len(ranks)) if isinstance(entry.map_class, MapClass) else len(ranks),
            len(entry.code),
            entry.code,
        ),
    )
    return tuple(ordered[:_OWN])


def _sums(session: Session, by_village: Mapping[Key | None, Sequence[Entry]]) -> Iterable[Entry]:
    """A village as one entry: how much it has of what, where its place is or the middle of what it has."""
    rows = session.execute(
        select(Village.key, Village.name, Village.latitude, Village.longitude).order_by(Village.key)
    )
    for number, row in enumerate(rows, start=1):
        members = by_village.get(row.key, ())
        if not members:
            continue
        lat, lon = row.latitude, row.longitude
        if lat is None or lon is None:
            lat, lon = _middle(members)
        counts = Counter(entry.map_class for entry in members)
        told = "、".join(f"{each.label} {counts[each]}" for each in MapClass if counts[each])
        yield Entry(
            code=f"{GroundClass.VILLAGE.letter}-{number:02d}",
            number=str(number),
            map_class=GroundClass.VILLAGE,
            name=row.name,
            offer=f"共 {len(members)} 项：{told}",
            lat=lat,
            lon=lon,
        )


def _middle(entries: Sequence[Entry]) -> tuple[float | None, float | None]:
    """The median place; none where no entry has one."""
    lats = sorted(entry.lat for entry in entries if entry.lat is not None)
    lons = sorted(entry.lon for entry in entries if entry.lon is not None)
    return (lats[len(lats) // 2], lons[len(lons) // 2]) if lats and lons else (None, None)
