"""Which piece of the ground each page of an atlas shows, and on whose page an entry is looked for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from stationdesk.maps.atlas.spec import Area, AtlasSpec, Plot
from stationdesk.maps.sheet.geometry import inside, polygons_of
from stationdesk.maps.sheet.spec import Entry, Extent

_DEGREE = 111_000.0
"""Metres in a degree of latitude, for comparing lengths; what is drawn is computed exactly elsewhere."""
_LEAST = 500.0
"""Metres that a page shows at least, each way."""
_REACH = 0.5
"""An entry of a village that lies farther beyond its range than this, in sizes of the range, is not on its page."""
_STRAY = 1_500.0
"""Metres; where no range was drawn, an entry farther than this from the middle of the others is not on their page."""
_GROWTH = 1.3
"""A page is widened for a lost entry if it does not become so many times as wide."""


@dataclass(slots=True)
class _Sketch:
    """A plot while it is being put together."""

    area: Area
    extent: Extent | None
    codes: list[str] = field(default_factory=list)


def plots_of(spec: AtlasSpec) -> tuple[Plot, ...]:
    """A plot for every area that has anything to show, in reading order: rows from the north, each from the west.

    Every entry with a place is on one plot, unless it lies far from all of them.
    """
    placed = {entry.code: entry for entry in spec.whole.entries if entry.is_placed}
    taken: set[str] = set()
    sketches = []
    for area in spec.areas:
        own = [placed[code] for code in sorted(area.codes) if code in placed and code not in taken]
        sketch = _sketch(area, own)
        taken.update(sketch.codes)
        sketches.append(sketch)
    shown = [sketch for sketch in sketches if sketch.extent is not None]
    for code in sorted(placed.keys() - taken):
        _settle(placed[code], shown)
    plots = [
        Plot(sketch.area.name, _roomy(sketch.extent), tuple(sketch.codes), sketch.area)
        for sketch in shown
        if sketch.extent is not None
    ]
    return _in_rows(plots)


def _sketch(area: Area, own: Sequence[Entry]) -> _Sketch:
    """The range of an area with those of its entries that lie in it or near."""
    rings = [ring for outline in area.outlines for ring, *_holes in polygons_of(outline)]
    points = [point for ring in rings for point in ring]
    extent = _around(points)
    if extent is None:
        near = _together(own, area.place)
        points = [_point(entry) for entry in near]
        if area.place is not None:
            points.append(area.place)
        return _Sketch(area, _around(points), [entry.code for entry in near])
    reach = _grown(extent, _REACH)
    near = [entry for entry in own if _holds(reach, _point(entry))]
    whole = _around([*points, *(_point(entry) for entry in near)])
    return _Sketch(area, whole, [entry.code for entry in near])


def _together(own: Sequence[Entry], place: tuple[float, float] | None) -> list[Entry]:
    """Those of the entries that lie about one place: the middle of most of them."""
    if not own:
        return []
    middle = place or (median(_point(each)[0] for each in own), median(_point(each)[1] for each in own))
    usual = median(_metres(middle, _point(each)) for each in own)
    return [each for each in own if _metres(middle, _point(each)) <= max(_STRAY, 3 * usual)]


def _settle(entry: Entry, sketches: Sequence[_Sketch]) -> None:
    """Put an entry on the page in whose range it lies, else on one that shows its place, else on one that can."""
    point = _point(entry)
    for sketch in sketches:
        for outline in sketch.area.outlines:
            for ring, *_holes in polygons_of(outline):
                if inside(point, ring):
                    sketch.codes.append(entry.code)
                    return
    known = [(sketch, sketch.extent) for sketch in sketches if sketch.extent is not None]
    by_distance = sorted(known, key=lambda each: _metres(_middle(each[1]), point))
    for sketch, extent in by_distance:
        if _holds(_roomy(extent), point):
            sketch.codes.append(entry.code)
            return
    for sketch, extent in by_distance[:3]:
        wider = _around([(extent[0], extent[1]), (extent[2], extent[3]), point])
        if wider is not None and max(_size(wider)) <= max(*_size(extent), 2 * _LEAST) * _GROWTH:
            sketch.extent = wider
            sketch.codes.append(entry.code)
            return


def halves(plot: Plot, entries: Sequence[Entry]) -> tuple[Plot, Plot]:
    """Two plots for one whose marks do not find room: cut across the longer way, where as many lie on either side."""
    own = [entry for entry in entries if entry.code in set(plot.codes)]
    west, south, east, north = plot.extent
    width, height = _size(plot.extent)
    way = 0 if width >= height else 1
    cut = median(_point(entry)[way] for entry in own)
    low = [entry for entry in own if _point(entry)[way] < cut] or own[:1]
    codes = {entry.code for entry in low}
    high = [entry for entry in own if entry.code not in codes]
    bounds = ((west, south, cut, north), (cut, south, east, north))
    if way:
        bounds = ((west, cut, east, north), (west, south, east, cut))
        low, high = high, low
    first, second = (
        _roomy(_around([(box[0], box[1]), (box[2], box[3]), *(_point(entry) for entry in part)]) or box, 0.02)
        for box, part in zip(bounds, (low, high), strict=True)
    )
    names = ("北", "南") if way else ("西", "东")
    return (
        replace(plot, name=_part_name(plot.name, names[0]), extent=first, codes=_codes(low)),
        replace(plot, name=_part_name(plot.name, names[1]), extent=second, codes=_codes(high)),
    )


def _part_name(name: str, part: str) -> str:
    """柳河村（西）, and of a part of that 柳河村（西·北）."""
    return f"{name[:-1]}·{part}）" if name.endswith("）") else f"{name}（{part}）"


def _codes(entries: Sequence[Entry]) -> tuple[str, ...]:
    return tuple(entry.code for entry in entries)


def within(extent: Extent, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Those of the entries that have a mark and lie in an extent."""
    return tuple(entry for entry in entries if entry.is_placed and _holds(extent, _point(entry)))


def union(extents: Sequence[Extent]) -> Extent:
    """The extent that holds all of some."""
    return (
        min(each[0] for each in extents),
        min(each[1] for each in extents),
        max(each[2] for each in extents),
        max(each[3] for each in extents),
    )


def gap(one: Extent, other: Extent) -> float:
    """How far two extents are apart, in the size of the first; 0 where they meet."""
    across = max(0.0, other[0] - one[2], one[0] - other[2]) * math.cos(math.radians(one[1]))
    up = max(0.0, other[1] - one[3], one[1] - other[3])
    return math.hypot(across, up) * _DEGREE / max(_size(one))


def _in_rows(plots: Sequence[Plot]) -> tuple[Plot, ...]:
    """North before south, and west before east among those that lie side by side."""
    left = sorted(plots, key=lambda plot: -_middle(plot.extent)[1])
    ordered: list[Plot] = []
    while left:
        top = left[0]
        # A row holds whatever has its middle in the upper part of the first one's height.
        floor = _middle(top.extent)[1] - _size(top.extent)[1] / _DEGREE * 0.45
        row = [plot for plot in left if _middle(plot.extent)[1] >= floor]
        ordered += sorted(row, key=lambda plot: _middle(plot.extent)[0])
        left = [plot for plot in left if plot not in row]
    return tuple(ordered)


def _point(entry: Entry) -> tuple[float, float]:
    return (entry.lon or 0.0, entry.lat or 0.0)


def _middle(extent: Extent) -> tuple[float, float]:
    return (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2


def _metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return math.hypot((a[0] - b[0]) * math.cos(math.radians(a[1])), a[1] - b[1]) * _DEGREE


def _size(extent: Extent) -> tuple[float, float]:
    """Width and height in metres."""
    west, south, east, north = extent
    return (east - west) * math.cos(math.radians(south)) * _DEGREE, (north - south) * _DEGREE


def _holds(extent: Extent, point: tuple[float, float]) -> bool:
    return extent[0] <= point[0] <= extent[2] and extent[1] <= point[1] <= extent[3]


def _around(points: Sequence[tuple[float, float]]) -> Extent | None:
    if not points:
        return None
    return (
        min(x for x, _ in points),
        min(y for _, y in points),
        max(x for x, _ in points),
        max(y for _, y in points),
    )


def _grown(extent: Extent, share: float) -> Extent:
    west, south, east, north = extent
    across, up = (east - west) * share, (north - south) * share
    return west - across, south - up, east + across, north + up


def _roomy(extent: Extent, share: float = 0.03) -> Extent:
    """A little more than the extent, and never less than can be read."""
    west, south, east, north = _grown(extent, share)
    width, height = _size((west, south, east, north))
    more_up = max(0.0, _LEAST - height) / _DEGREE / 2
    more_across = max(0.0, _LEAST - width) / (_DEGREE * math.cos(math.radians(south))) / 2
    return west - more_across, south - more_up, east + more_across, north + more_up


def neighbours(plots: Sequence[Plot], at: int, near: float = 0.35) -> Iterator[int]:
    """The plots about one, by their places: in each of the eight directions the nearest that is not far off."""
    here = plots[at]
    best: dict[int, tuple[float, int]] = {}
    for other, plot in enumerate(plots):
        if other == at or gap(here.extent, plot.extent) > near:
            continue
        (x, y), (ox, oy) = _middle(here.extent), _middle(plot.extent)
        across, up = (ox - x) * math.cos(math.radians(y)), oy - y
        sector = round(math.atan2(across, up) / math.tau * 8) % 8
        far = math.hypot(across, up)
        if sector not in best or far < best[sector][0]:
            best[sector] = (far, other)
    return iter(place for _far, place in (best[sector] for sector in sorted(best)))
