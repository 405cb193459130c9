"""Datums met in China, the reading of pasted coordinates, and distances on the ground.

WGS-84 is what is stored; CGCS2000 differs from it by decimetres and counts as the same. GCJ-02 is the shifted
datum of 高德 and 腾讯, BD-09 the one of 百度 on top of it. All coordinates here are (latitude, longitude) in
degrees, north and east positive.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from stationdesk.core.errors import UserError
from stationdesk.core.vocab.station import Datum


class Position(NamedTuple):
    """A place on the earth: degrees of latitude, then of longitude."""

    lat: float
    lon: float


class CoordinateError(UserError, ValueError):
    """A text that cannot be read as one coordinate."""


_AXIS = 6378245.0  # Krasovsky's ellipsoid, on which GCJ-02 reckons its shift
_ECCENTRICITY = 0.00669342162296594323
_BD_TURN = math.pi * 3000.0 / 180.0
_CLOSE = 1e-9  # degrees, a tenth of a millimetre
_MOST_STEPS = 30
_SHIFT = (150.0, 2_500.0)  # metres by which the datums lie apart in China
_SAME_SPOT = 100.0  # metres by which two people place one thing
_EARTH_RADIUS = 6371008.8  # metres, mean radius (IUGG)


def in_china(lat: float, lon: float) -> bool:
    """Whether GCJ-02 shifts the place: the rectangle of the published formula, Taipei included."""
    return 0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347


def to_wgs84(lat: float, lon: float, datum: Datum) -> Position:
    """The WGS-84 position of a coordinate given in `datum`, exact to 1e-9 degrees."""
    if datum is Datum.WGS84 or not in_china(lat, lon):
        return Position(lat, lon)
    here = Position(lat, lon)
    if datum is Datum.BD09:
        here = _solve(here, _gcj_to_bd)
    return _solve(here, _shifted)


def from_wgs84(lat: float, lon: float, datum: Datum) -> Position:
    """A WGS-84 position as a coordinate in `datum`."""
    if datum is Datum.WGS84 or not in_china(lat, lon):
        return Position(lat, lon)
    gcj = _shifted(Position(lat, lon))
    return _gcj_to_bd(gcj) if datum is Datum.BD09 else gcj


def distance_m(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Metres between two positions along the great circle (haversine)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*first, *second))
    chord = math.sin((lat2 - lat1) / 2) ** 2
    chord += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_RADIUS * math.asin(math.sqrt(min(1.0, chord)))


def mistaken_datum(
    given: tuple[float, float], chosen: Datum, known: tuple[float, float]
) -> tuple[Datum, float, float] | None:
    """The datum in which a coordinate lies where its thing is known to be, while in the chosen one it lies a shift off.

    `known` is the WGS-84 position on file. Returns the datum and the metres to `known` in the chosen one and in it.
    """
    far = distance_m(to_wgs84(*given, chosen), known)
    if not _SHIFT[0] <= far <= _SHIFT[1]:
        return None
    others = ((distance_m(to_wgs84(*given, datum), known), datum) for datum in Datum if datum is not chosen)
    near, datum = min(others)
    return (datum, far, near) if near <= _SAME_SPOT and near <= far / 4 else None


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres in one degree of latitude and in one of longitude, at `lat` on the WGS-84 ellipsoid."""
    angle = math.radians(lat)
    north = 111132.92 - 559.82 * math.cos(2 * angle) + 1.175 * math.cos(4 * angle)
    east = 111412.84 * math.cos(angle) - 93.5 * math.cos(3 * angle) + 0.118 * math.cos(5 * angle)
    return north, east


def local_xy(place: tuple[float, float], origin: tuple[float, float]) -> tuple[float, float]:
    """Metres east and north of `origin`, on a plane; good to 0.1 % over a township."""
    north, east = metres_per_degree(origin[0])
    return (place[1] - origin[1]) * east, (place[0] - origin[0]) * north


def from_local_xy(x: float, y: float, origin: tuple[float, float]) -> Position:
    """The position `x` metres east and `y` metres north of `origin`; undoes `local_xy`."""
    north, east = metres_per_degree(origin[0])
    return Position(origin[0] + y / north, origin[1] + x / east)


def _solve(target: Position, forward: Callable[[Position], Position]) -> Position:
    """Where `forward` leads to `target`: the shifts change slowly, so going back by the miss converges."""
    here = target
    for _step in range(_MOST_STEPS):
        there = forward(here)
        miss_lat, miss_lon = there.lat - target.lat, there.lon - target.lon
        here = Position(here.lat - miss_lat, here.lon - miss_lon)
        if abs(miss_lat) < _CLOSE and abs(miss_lon) < _CLOSE:
            break
    return here


def _shifted(place: Position) -> Position:
    """WGS-84 to GCJ-02, by the formula in general use."""
    x, y = place.lon - 105.0, place.lat - 35.0
    sin = math.sin
    pi = math.pi
    common = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + common
    lat += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    lat += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + common
    lon += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    lon += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    angle = math.radians(place.lat)
    magic = 1.0 - _ECCENTRICITY * sin(angle) ** 2
    lat = math.degrees(lat / (_AXIS * (1.0 - _ECCENTRICITY) / (magic * math.sqrt(magic))))
    lon = math.degrees(lon / (_AXIS / math.sqrt(magic) * math.cos(angle)))
    return Position(place.lat + lat, place.lon + lon)


def _gcj_to_bd(place: Position) -> Position:
    radius = math.hypot(place.lon, place.lat) + 0.00002 * math.sin(place.lat * _BD_TURN)
    angle = math.atan2(place.lat, place.lon) + 0.000003 * math.cos(place.lon * _BD_TURN)
    return Position(radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065)


_SIZE = r"\d+(?:\.\d+)?"
_ANGLE = re.compile(
    r"(?P<before>[北南]纬|[东西]经|[NSEW]|纬度|经度|LATITUDE|LAT|LONGITUDE|LNG|LON)?\s*[:=]?\s*"
    rf"(?P<degrees>[-+]?{_SIZE})"
    r"(?:\s*[°度]"
    rf"(?:\s*(?P<minutes>{_SIZE})\s*['’‘分]"
    # The second mark is often left off; a number that carries a degree sign opens the next angle.
    rf"(?:\s*(?P<seconds>{_SIZE})(?![\d.]*\s*[°度])\s*(?:[\"”“秒]|''|’’)?)?)?)?"
    # A letter behind the number, unless it plainly belongs to the number that follows.
    rf"(?(before)|(?P<after>[NSEW]|\s+[NSEW](?!\s*[-+\d])|\s+[NSEW](?=[\s,]+[-+]?{_SIZE}\s*[NSEW]))?)"
)
_SEPARATORS = re.compile(r"[\s,;、/&()\[\]]*")
_GEO = re.compile(r"\s*GEO:")
_LATITUDE_MARKS = ("N", "S", "北", "南", "纬", "LAT")


def parse_coordinate(text: str) -> Position:
    """Read one pasted coordinate, in decimal degrees or in degrees, minutes and seconds.

    "34.79,114.30", "114.30，34.79", "北纬34°47′24″ 东经114°18′" are all read. Unmarked numbers are told apart
    by where China lies; CoordinateError says why a text is refused. The datum is not in the text: ask.
    """
    plain = unicodedata.normalize("NFKC", text.replace("º", "°")).upper().replace("\u2032", "'").strip()
    values = _angles(_GEO.sub("", plain))
    if len(values) != 2:
        raise CoordinateError(
            "坐标要有一个纬度和一个经度，例如 34.79, 114.30；“{text}”里找到 {count} 个数。",
            text=text.strip(),
            count=len(values),
        )
    (first, first_is_lat), (second, second_is_lat) = values
    if max(abs(first), abs(second)) > 180:
        raise CoordinateError(
            "“{text}”像是以米为单位的坐标，不是经纬度。请换成经纬度再填。", text=text.strip()
        )
    if first_is_lat is None and second_is_lat is None:
        place = _by_range(first, second, text)
    elif first_is_lat == second_is_lat:
        raise CoordinateError("“{text}”里两个数都标成了同一种，要有一个纬度和一个经度。", text=text.strip())
    elif first_is_lat or second_is_lat is False:
        place = Position(first, second)
    else:
        place = Position(second, first)
    if abs(place.lat) > 90:
        raise CoordinateError("纬度 {lat} 超出了 90 度。请检查纬度和经度是否写反。", lat=place.lat)
    if place == (0, 0):
        raise CoordinateError("坐标 0, 0 不是一个地方。请重新取点。")
    return place


def _angles(text: str) -> list[tuple[float, bool | None]]:
    """The angles in a text with whether each is marked as latitude; the whole text must be made of them."""
    found: list[tuple[float, bool | None]] = []
    at = _skip(text, 0)
    while at < len(text):
        match = _ANGLE.match(text, at)
        if match is None:
            raise CoordinateError(
                "看不懂“{text}”。请写成 34.79, 114.30，或 北纬34°47′24″ 东经114°18′00″。", text=text
            )
        found.append((_degrees(match, text), _is_latitude(match)))
        at = _skip(text, match.end())
    return found


def _skip(text: str, at: int) -> int:
    match = _SEPARATORS.match(text, at)
    return at if match is None else match.end()


def _degrees(match: re.Match[str], text: str) -> float:
    minutes, seconds = float(match["minutes"] or 0), float(match["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        raise CoordinateError("“{text}”里的分和秒要小于 60。", text=text)
    whole = float(match["degrees"])
    size = abs(whole) + minutes / 60 + seconds / 3600
    marks = (match["before"] or "") + (match["after"] or "").strip()
    south_or_west = match["degrees"].startswith("-") or any(mark in marks for mark in "SW南西")
    return -size if south_or_west else size


def _is_latitude(match: re.Match[str]) -> bool | None:
    marks = (match["before"] or "") + (match["after"] or "").strip()
    if not marks:
        return None
    return marks.startswith(_LATITUDE_MARKS)


def _by_range(first: float, second: float, text: str) -> Position:
    for lat, lon in ((first, second), (second, first)):
        if 3 <= lat <= 54 and 73 <= lon <= 136:
            return Position(lat, lon)
    raise CoordinateError(
        "“{text}”不在中国范围内，分不清哪个是纬度。请检查，或写明 北纬、东经。", text=text.strip()
    )
