"""Small files of tiles, written by the tests themselves: some pictures, some shapes."""

from __future__ import annotations

import gzip
import io
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path

from PIL import Image
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

from stationdesk.maps.basemaps.mercator import tile_at

Tile = tuple[int, int, int]
"""Zoom, column, row from the north."""

TOWN = (34.50, 114.30)


def picture(colour: str = "#3366cc", size: int = 256, kind: str = "PNG") -> bytes:
    """One tile of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(out, kind)
    return out.getvalue()


def tiles_around(place: tuple[float, float], zooms: Iterable[int], reach: int = 2) -> list[Tile]:
    """The tiles within `reach` of a place, at each zoom."""
    found = []
    for zoom in zooms:
        column, row = tile_at(*place, zoom)
        side = range(1 << zoom)
        found += [
            (zoom, x, y)
            for x in range(column - reach, column + reach + 1)
            for y in range(row - reach, row + reach + 1)
            if x in side and y in side
        ]
    return found


def mbtiles(
    path: Path,
    tiles: Iterable[Tile],
    content: Callable[[Tile], bytes] = lambda _tile: picture(),
    told: Mapping[str, str] | None = None,
    *,
    index: bool = True,
) -> Path:
    """An MBTiles file."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        connection.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        if index:
            connection.execute("CREATE UNIQUE INDEX tile ON tiles (zoom_level, tile_column, tile_row)")
        connection.executemany("INSERT INTO metadata VALUES (?, ?)", (told or {}).items())
        connection.executemany(
            "INSERT INTO tiles VALUES (?, ?, ?, ?)",
            [(z, x, (1 << z) - 1 - y, content((z, x, y))) for z, x, y in tiles],
        )
    return path


def pmtiles(
    path: Path,
    tiles: Iterable[Tile],
    content: Callable[[Tile], bytes] = lambda _tile: picture(),
    kind: TileType = TileType.PNG,
    bounds: tuple[float, float, float, float] = (114.2, 34.4, 114.4, 34.6),
    told: Mapping[str, str] | None = None,
) -> Path:
    """A PMTiles file."""
    tiles = sorted(tiles, key=lambda tile: zxy_to_tileid(*tile))
    west, south, east, north = (round(value * 1e7) for value in bounds)
    packing = Compression.GZIP if kind is TileType.MVT else Compression.NONE
    with write(str(path)) as writer:
        for tile in tiles:
            given = content(tile)
            writer.write_tile(zxy_to_tileid(*tile), gzip.compress(given) if kind is TileType.MVT else given)
        writer.finalize(
            {
                "tile_type": kind,
                "tile_compression": packing,
                "min_zoom": tiles[0][0],
                "max_zoom": tiles[-1][0],
                "min_lon_e7": west,
                "min_lat_e7": south,
                "max_lon_e7": east,
                "max_lat_e7": north,
                "center_zoom": tiles[0][0],
                "center_lon_e7": (west + east) // 2,
                "center_lat_e7": (south + north) // 2,
            },
            dict(told or {}),
        )
    return path
