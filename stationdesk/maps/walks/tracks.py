"""Tracks from phones (GPX, KML/KMZ, GeoJSON): where somebody walked, when, and which places were marked on the way."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

from lxml import etree

from stationdesk.core.datum import distance_m, local_xy, metres_per_degree
from stationdesk.core.errors import UserError
from stationdesk.maps.basemaps.markup import MOST_BYTES, kml_in, local_name, parsed, text_of
from stationdesk.maps.basemaps.refusals import Foreign
from stationdesk.maps.basemaps.shape_files import shapes_in
from stationdesk.maps.basemaps.shape_tiles import LINE, POINT

ENDINGS = (".gpx", ".kml", ".kmz", ".geojson", ".json")
CHINA = timezone(timedelta(hours=8), "CST")
"""The one time of the whole country; a phone's camera writes it without saying so."""
_MOST_GAP = timedelta(minutes=5)
_MOST_POINTS = 200_000
_YEARS = range(1980, 2200)
_MOST_STRETCH = 2_000.0
"""Metres between two points beyond which nobody knows what was walked: one fix lost is a way to Africa and back."""


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """A point of a track in degrees; `at` in UTC, None where the file told no time."""

    lat: float
    lon: float
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WayPoint:
    """A place that somebody marked on the way, with what it was called."""

    lat: float
    lon: float
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """A file of walks: its unbroken stretches, and the places marked."""

    name: str
    runs: tuple[tuple[TrackPoint, ...], ...]
    places: tuple[WayPoint, ...] = ()

    @property
    def metres(self) -> float:
        """How far it is along the track."""
        return sum(distance_m((a.lat, a.lon), (b.lat, b.lon)) for run in self.runs for a, b in pairwise(run))

    @property
    def day(self) -> str:
        """The day of the first point that has a time, in China (ISO); empty where none has."""
        first = next((point.at for run in self.runs for point in run if point.at is not None), None)
        return "" if first is None else first.astimezone(CHINA).date().isoformat()

    def place_at(self, moment: datetime) -> tuple[float, float] | None:
        """Where the walker was at a moment, between the points before and after; None where the track has a gap."""
        timed = [point for run in self.runs for point in run if point.at is not None]
        times = [point.at for point in timed if point.at is not None]
        if not times or times != sorted(times):
            return None
        after = bisect_left(times, moment)
        if after < len(times) and times[after] == moment:
            return timed[after].lat, timed[after].lon
        if after in (0, len(times)) or times[after] - times[after - 1] > _MOST_GAP:
            return None
        a, b = timed[after - 1], timed[after]
        share = (moment - times[after - 1]) / (times[after] - times[after - 1])
        return a.lat + (b.lat - a.lat) * share, a.lon + (b.lon - a.lon) * share


def read_track(path: Path) -> Track:
    """Read the tracks, routes and marked places of a file; what is no point and no line is left aside.

    Raises:
        UserError: it cannot be read, or there is nothing of a walk in it.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UserError(
                "“{name}”太大（超过 {most} MB），没有读。请只导出这一次行走。",
                name=path.name,
                most=MOST_BYTES // 1_000_000,
            )
        with path.open("rb") as file:
            head = file.read(4)
        if head.startswith((b"PK", b"{", b"[")) or path.suffix.lower() in (".geojson", ".json"):
            track = _kml(path, kml_in(path)) if head.startswith(b"PK") else _shapes(path)
        else:
            root = parsed(path, path.read_bytes())
            track = _gpx(path, root) if local_name(root) == "gpx" else _kml(path, root)
    except Foreign as trouble:
        raise UserError(
            "“{name}”不是轨迹，没有读。请在手机上重新导出（格式选 GPX）。", name=path.name
        ) from trouble
    except OSError as trouble:
        raise UserError("打不开“{name}”。请检查文件还在不在，再试一次。", name=path.name) from trouble
    count = sum(map(len, track.runs)) + len(track.places)
    if count == 0:
        raise UserError(
            "“{name}”里没有轨迹，也没有标记的地点。请在手机上重新导出（格式选 GPX）。", name=path.name
        )
    if count > _MOST_POINTS:
        raise UserError("“{name}”的点太多（{count} 个）。请只导出这一次行走。", name=path.name, count=count)
    return track


def _gpx(path: Path, root: etree._Element) -> Track:
    runs: list[tuple[TrackPoint, ...]] = []
    places: list[WayPoint] = []
    for each in root:
        match local_name(each):
            case "wpt":
                lat, lon = _spot(path, each)
                places.append(WayPoint(lat, lon, text_of(each, "name"), text_of(each, "desc")))
            case "rte":
                runs.append(tuple(_point(path, point) for point in each if local_name(point) == "rtept"))
            case "trk":
                runs.extend(
                    tuple(_point(path, point) for point in run if local_name(point) == "trkpt")
                    for run in each
                    if local_name(run) == "trkseg"
                )
    return Track(path.stem, tuple(run for run in runs if run), tuple(places))


def _point(path: Path, element: etree._Element) -> TrackPoint:
    return TrackPoint(*_spot(path, element), _moment(text_of(element, "time")))


def _spot(path: Path, element: etree._Element) -> tuple[float, float]:
    try:
        lat, lon = float(element.get("lat") or ""), float(element.get("lon") or "")
    except ValueError as trouble:
        raise _broken(path) from trouble
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise _broken(path)
    return lat, lon


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in _YEARS else None  # a clock that was never set


def _kml(path: Path, root: etree._Element) -> Track:
    """Lines, points and gx:Track of a KML; the times of a gx:Track stand beside its points."""
    runs: list[tuple[TrackPoint, ...]] = []
    places: list[WayPoint] = []
    for mark in root.iter():
        if local_name(mark) != "Placemark":
            continue
        for each in mark.iter():
            match local_name(each):
                case "Point":
                    lon, lat = _tuple(path, text_of(each, "coordinates"))
                    places.append(WayPoint(lat, lon, text_of(mark, "name"), text_of(mark, "description")))
                case "LineString":
                    words = text_of(each, "coordinates").split()
                    runs.append(
                        tuple(TrackPoint(lat, lon) for lon, lat in (_tuple(path, word) for word in words))
                    )
                case "Track":
                    runs.append(tuple(_track_points(path, each)))
    return Track(path.stem, tuple(run for run in runs if run), tuple(places))


def _track_points(path: Path, track: etree._Element) -> Iterator[TrackPoint]:
    times = [_moment(str(each.text or "").strip()) for each in track if local_name(each) == "when"]
    spots = [str(each.text or "") for each in track if local_name(each) == "coord"]
    for at, spot in enumerate(spots):
        lon, lat = _tuple(path, ",".join(spot.split()))
        yield TrackPoint(lat, lon, times[at] if len(times) == len(spots) else None)


def _tuple(path: Path, text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.strip().split(",")[:2])
    except ValueError as trouble:
        raise _broken(path) from trouble
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise _broken(path)
    return lon, lat


def _shapes(path: Path) -> Track:
    runs: list[tuple[TrackPoint, ...]] = []
    places: list[WayPoint] = []
    for shape in shapes_in(path):
        if shape.kind == LINE:
            runs.extend(tuple(TrackPoint(lat, lon) for lon, lat in part) for part in shape.parts)
        elif shape.kind == POINT:
            name = shape.tags.get("name", "")
            places.extend(WayPoint(lat, lon, name) for part in shape.parts for lon, lat in part)
    return Track(path.stem, tuple(runs), tuple(places))


def thinned(run: Sequence[Sequence[float]], step: float) -> Iterator[Sequence[float]]:
    """The points (lon, lat) of a track that are at least `step` metres apart, the first and the last among them."""
    if not run:
        return
    up, across = metres_per_degree(run[0][1])
    lon, lat = run[0]
    yield run[0]
    for point in run[1:-1]:
        if ((point[0] - lon) * across) ** 2 + ((point[1] - lat) * up) ** 2 >= step**2:
            lon, lat = point
            yield point
    if len(run) > 1:
        yield run[-1]


def squares_walked(
    runs: Sequence[Sequence[TrackPoint]], origin: tuple[float, float], side: float
) -> frozenset[tuple[int, int]]:
    """The squares of `side` metres, counted east and north of `origin`, that the tracks went through.

    A straight stretch is followed in steps of a quarter of a square, so that none is jumped; one of more than two
    kilometres is a gap, of which the ends count.
    """
    squares: set[tuple[int, int]] = set()
    for run in runs:
        points = [local_xy((point.lat, point.lon), origin) for point in run]
        for (x1, y1), (x2, y2) in zip(points, points[1:] or points, strict=False):
            longest = max(abs(x2 - x1), abs(y2 - y1))
            steps = max(1, int(longest / side * 4)) if longest <= _MOST_STRETCH else 1
            for step in range(steps + 1):
                x, y = x1 + (x2 - x1) * step / steps, y1 + (y2 - y1) * step / steps
                squares.add((int(x // side), int(y // side)))
    return frozenset(squares)


def _broken(path: Path) -> UserError:
    return UserError("“{name}”里的坐标看不懂，没有读。请在手机上重新导出（格式选 GPX）。", name=path.name)
