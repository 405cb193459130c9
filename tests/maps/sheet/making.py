"""An invented town for the tests of the hand-out map: places in metres around a point, drawn things, entries."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import MapClass
from stationdesk.maps.sheet.spec import Entry, Feature, GroundKind, SheetSpec

LAT, LON = 30.2, 109.5
A4 = PageSetup(Paper.A4, landscape=True)
CLASSES = tuple(each for each in MapClass if each.on_map)


def at(east: float, north: float) -> tuple[float, float]:
    """(lon, lat) of a point some metres from the middle of the town."""
    return LON + east / 96_300, LAT + north / 110_850


def line(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [at(*point) for point in points]}


def curve(course: Callable[[float], tuple[float, float]], low: float, high: float) -> dict[str, Any]:
    return line(*(course(low + (high - low) * step / 40) for step in range(41)))


def ring(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[at(*point) for point in (*points, points[0])]]}


GROUND = (
    Feature(GroundKind.VILLAGE, "柳河村", ring((-1900, 1300), (-150, 1400), (-50, 100), (-1800, 80))),
    Feature(GroundKind.VILLAGE, "东岗村", ring((150, 1400), (2000, 1250), (1900, -100), (150, -200))),
    Feature(GroundKind.MAIN_ROAD, "人民路", curve(lambda t: (t, 90 * math.sin(t / 600) - 180), -2600, 2600)),
    Feature(GroundKind.LANE, "柳树巷", curve(lambda t: (40 * math.sin(t / 300) - 950, t), -100, 1700)),
    Feature(GroundKind.LANE, "岗上路", curve(lambda t: (1000 + 60 * math.sin(t / 350), t), -1700, 1500)),
    Feature(GroundKind.RIVER, "柳河", curve(lambda t: (t, 200 * math.sin(t / 900) - 1150), -2700, 2700)),
    Feature(GroundKind.PLACE, "老戏台", {"type": "Point", "coordinates": at(-1500, 350)}),
)


def entry(number: int, east: float, north: float, **values: Any) -> Entry:
    """One entry some metres from the middle; its class goes round with its number."""
    lon, lat = at(east, north)
    of = values.pop("map_class", CLASSES[number % len(CLASSES)])
    given = {
        "code": f"{of.letter}-{number:02d}",
        "number": str(number),
        "name": f"服务点{number}",
        "offer": "量血压、代买药",
        "hours": "工作日 8:30–17:00",
        "phone": f"0999-{number:07d}",
        "lat": lat,
        "lon": lon,
        **values,
    }
    return Entry(map_class=of, **given)


def entries(count: int, *, spot: int = 0, seed: int = 1) -> tuple[Entry, ...]:
    """So many entries over the town, two fifths of them about its middle; the first `spot` all in one place."""
    chance = random.Random(seed)
    made = []
    for number in range(1, count + 1):
        if chance.random() < 0.4:
            place = (chance.gauss(0, 350), chance.gauss(-100, 300))
        else:
            place = (chance.uniform(-2000, 2000), chance.uniform(-1350, 1350))
        made.append(entry(number, *((60.0, -150.0) if number <= spot else place)))
    return tuple(made)


def spec(given: Sequence[Entry], setup: PageSetup = A4, **values: Any) -> SheetSpec:
    """A hand-out of the entries on the town's ground."""
    return SheetSpec(
        **{
            "title": "柳河镇社区服务资源图",
            "station": "柳河镇社工站",
            "phone": "0999-0002022",
            "setup": setup,
            "entries": tuple(given),
            "features": GROUND,
            **values,
        }
    )
