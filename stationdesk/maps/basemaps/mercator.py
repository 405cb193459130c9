"""Web Mercator (EPSG:3857) as tiles use it: the world as a square of side 1, north up, cut in 2^z by 2^z."""

from __future__ import annotations

import math

from stationdesk.maps.basemaps.found import Extent

MOST_LATITUDE = 85.0511287798066
"""Where the square ends."""

HALF_WORLD = 20037508.342789244
"""Metres of the projection from its middle to its edge."""


def world_xy(lat: float, lon: float) -> tuple[float, float]:
    """A place as (x, y) in the square of side 1; y grows to the south."""
    lat = max(-MOST_LATITUDE, min(MOST_LATITUDE, lat))
    sine = math.sin(math.radians(lat))
    return lon / 360 + 0.5, 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)


def place_at(x: float, y: float) -> tuple[float, float]:
    """The (lat, lon) of a point of the square; undoes `world_xy`."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y)))), (x - 0.5) * 360


def tile_at(lat: float, lon: float, zoom: int) -> tuple[int, int]:
    """Column and row (counted from the north) of the tile that holds a place."""
    x, y = world_xy(lat, lon)
    side = 1 << zoom
    return min(side - 1, max(0, int(x * side))), min(side - 1, max(0, int(y * side)))


def metres_of_pixel(lat: float, zoom: int) -> float:
    """Metres on the ground that a pixel of a tile (256 by 256) shows at a latitude."""
    return 2 * HALF_WORLD * math.cos(math.radians(lat)) / (256 << zoom)


def extent_of_tiles(zoom: int, west: int, north: int, east: int, south: int) -> Extent:
    """The extent of a block of tiles, its corners included; rows are counted from the north."""
    side = 1 << zoom
    top, left = place_at(west / side, north / side)
    bottom, right = place_at((east + 1) / side, (south + 1) / side)
    return Extent(left, bottom, right, top)


def checked_extent(values: object) -> Extent | None:
    """An extent that a file claims, or None where it makes no sense. Latitudes end where the tiles do."""
    if not isinstance(values, list | tuple) or len(values) != 4:
        return None
    try:
        west, south, east, north = (float(value) for value in values)
    except (TypeError, ValueError):
        return None
    if not (-180.001 <= west < east <= 180.001 and -90.001 <= south < north <= 90.001):
        return None  # not a number fails here too
    return Extent(max(-180.0, west), max(-MOST_LATITUDE, south), min(180.0, east), min(MOST_LATITUDE, north))
