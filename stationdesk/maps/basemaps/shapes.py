"""Points, lines and areas of a file that becomes a base map, as plain values, and what they add up to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from stationdesk.core.datum import to_wgs84
from stationdesk.core.messages import _
from stationdesk.core.vocab import Datum
from stationdesk.maps.basemaps.found import Extent, Named
from stationdesk.maps.basemaps.mercator import MOST_LATITUDE
from stationdesk.maps.basemaps.shape_tiles import LINE, POINT, SURFACE

NAME_OF = "name_of"
"""The tag of a point that only bears the name of something else: no dot is drawn there."""

DRAWN = "drawn"
"""The layer of what belongs to no scheme: the page draws it as the points, lines and areas it is."""

Spot = tuple[float, float]
"""Longitude, latitude; as files have it."""

_MOST_NAMED = 20_000


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape in degrees: `kind` is POINT, LINE or SURFACE, whose first part is its outline, the others holes.

    `from_zoom` is the level from which it is drawn.
    """

    kind: int
    parts: Sequence[Sequence[Spot]]
    tags: Mapping[str, str]
    layer: str = DRAWN
    from_zoom: int = 0

    @property
    def box(self) -> Extent:
        """The rectangle around it."""
        lons = [spot[0] for part in self.parts for spot in part]
        lats = [spot[1] for part in self.parts for spot in part]
        return Extent(min(lons), min(lats), max(lons), max(lats))

    def as_wgs84(self, datum: Datum) -> Shape:
        """The same shape, given in `datum`, in WGS-84."""
        if datum is Datum.WGS84:
            return self
        parts = [[_turned(spot, datum) for spot in part] for part in self.parts]
        return replace(self, parts=parts)


def shape_of(
    kind: int,
    parts: Sequence[Sequence[Spot]],
    tags: Mapping[str, str],
    layer: str = DRAWN,
    from_zoom: int = 0,
) -> Shape | None:
    """A shape that can be drawn; None for one without enough points, or that lies nowhere on the map."""
    least = {POINT: 1, LINE: 2, SURFACE: 3}[kind]
    sound = []
    for part in parts:
        spots = [spot for spot in part if _is_on_the_map(spot)]
        if kind == SURFACE and len(spots) > 1 and spots[0] == spots[-1]:
            spots.pop()
        if len(spots) >= least:
            sound.append(spots)
        elif kind == SURFACE and not sound:
            return None  # no outline: its holes are nothing
    return Shape(kind, sound, tags, layer, from_zoom) if sound else None


@dataclass
class Sum:
    """What shapes add up to while they are read one by one."""

    kinds: Counter[int] = field(default_factory=Counter)
    west: float = math.inf
    south: float = math.inf
    east: float = -math.inf
    north: float = -math.inf
    named: list[Named] = field(default_factory=list)

    def take(self, shape: Shape) -> None:
        """Count one more."""
        self.kinds[shape.kind] += 1
        box = shape.box
        self.west, self.south = min(self.west, box.west), min(self.south, box.south)
        self.east, self.north = max(self.east, box.east), max(self.north, box.north)
        name = shape.tags.get("name", "")
        if name and shape.kind == POINT and len(self.named) < _MOST_NAMED:
            lon, lat = shape.parts[0][0]
            self.named.append(Named(name, lat, lon))

    @property
    def extent(self) -> Extent | None:
        """The rectangle around all of them, with some air where it has no width; None without any."""
        if not self.kinds:
            return None
        air = 0.0005 if self.east - self.west < 0.0005 or self.north - self.south < 0.0005 else 0.0
        return Extent(
            max(-180.0, self.west - air),
            max(-MOST_LATITUDE, self.south - air),
            min(180.0, self.east + air),
            min(MOST_LATITUDE, self.north + air),
        )

    @property
    def sentence(self) -> str:
        """How much of what there is."""
        return _("点 {points}，线 {lines}，面 {areas}").format(
            points=self.kinds[POINT], lines=self.kinds[LINE], areas=self.kinds[SURFACE]
        )


def with_names_inside(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """Areas give their name to a point of its own, well inside: tiles cut them up, and would name every piece."""
    for shape in shapes:
        name = shape.tags.get("name", "")
        if shape.kind != SURFACE or not name:
            yield shape
            continue
        yield replace(shape, tags={key: value for key, value in shape.tags.items() if key != "name"})
        tags = {**shape.tags, NAME_OF: "area"}
        yield replace(shape, kind=POINT, parts=[[middle_of(shape.parts[0])]], tags=tags)


def middle_of(ring: Sequence[Spot]) -> Spot:
    """A point inside an outline: the middle of its widest stretch at half its height."""
    box = Shape(LINE, [ring], {}).box
    # A little off the half, where villages drawn on a grid have their corners.
    lat = box.south + (box.north - box.south) * 0.5013
    crossings = sorted(
        one[0] + (lat - one[1]) / (other[1] - one[1]) * (other[0] - one[0])
        for one, other in zip(ring, (*ring[1:], ring[0]), strict=True)
        if (one[1] > lat) != (other[1] > lat)
    )
    spans = list(zip(crossings[::2], crossings[1::2], strict=False))
    if not spans:
        return ring[0]
    west, east = max(spans, key=lambda span: span[1] - span[0])
    return (west + east) / 2, lat


def pieces(shapes: Iterable[Shape], clip: Extent | None) -> Iterator[Shape]:
    """Those that touch `clip`; all of them without."""
    for shape in shapes:
        box = shape.box
        if clip is None or not (
            box.east < clip.west or box.west > clip.east or box.north < clip.south or box.south > clip.north
        ):
            yield shape


def _is_on_the_map(spot: Spot) -> bool:
    return -180 <= spot[0] <= 180 and -90 <= spot[1] <= 90  # what is not a number is nowhere


def _turned(spot: Spot, datum: Datum) -> Spot:
    place = to_wgs84(spot[1], spot[0], datum)
    return place.lon, place.lat
