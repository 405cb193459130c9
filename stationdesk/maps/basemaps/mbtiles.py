"""MBTiles 1.3: an SQLite file with a table (or view) of tiles, pictures or shapes.

Such a file comes from anywhere: it is opened read-only, without its log, by the plain SQLite of Python, and a
view that never ends is stopped.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.maps.basemaps import refusals
from stationdesk.maps.basemaps.content import SHAPES, Unreadable, layers_of, picture_type, unpacked
from stationdesk.maps.basemaps.found import (
    MOST_ZOOM,
    Extent,
    Found,
    plain_credit,
    plain_name,
    review_number_in,
)
from stationdesk.maps.basemaps.mercator import checked_extent, extent_of_tiles
from stationdesk.maps.basemaps.tiles import Tile, Tiles

MAGIC = b"SQLite format 3\x00"
_WANTED = {"zoom_level", "tile_column", "tile_row", "tile_data"}
_ONE_TILE = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
_PATIENCE = 30.0  # seconds for one question to a file of somebody else's
_LARGEST_VALUE = 32 << 20
_STEPS = 100_000


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads; it goes with the block."""
    with contextlib.closing(connect(path)) as connection:
        yield connection


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a file of somebody else's, which it cannot change, for any one thread at a time."""
    # Immutable: neither a lock nor a log is made beside a file that may lie on a write-protected stick.
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
    return connection


def look(path: Path) -> Found:
    """What an MBTiles file holds.

    Raises:
        UserError: it is damaged, empty, without an index, or another kind of SQLite file.
    """
    _refuse_cut(path)
    try:
        with opened(path) as connection, _in_time(connection):
            return _found(path, connection)
    except (sqlite3.DatabaseError, Unreadable) as error:
        raise refusals.damaged(path) from error


def _refuse_cut(path: Path) -> None:
    """Half a copy is told at once, before its missing pages are met one by one while the map is looked at."""
    with path.open("rb") as file:
        head = file.read(100)
    size = int.from_bytes(head[16:18])
    wanted = (65536 if size == 1 else size) * int.from_bytes(head[28:32])
    there = path.stat().st_size
    if there < wanted:
        raise UserError(
            "“{name}”只有 {there:,} 字节，应有 {wanted:,} 字节，像是没有拷贝完，没有加入。请重新拷贝一份再试。",
            name=path.name,
            there=there,
            wanted=wanted,
        )
    log = path.with_name(f"{path.name}-wal")
    if log.is_file() and log.stat().st_size:
        raise UserError(
            "“{name}”正被别的程序使用，或没有正常关闭（旁边有 {log}），没有加入。请先关闭那个程序。",
            name=path.name,
            log=log.name,
        )


@contextlib.contextmanager
def _in_time(connection: sqlite3.Connection) -> Iterator[None]:
    end = time.monotonic() + _PATIENCE
    connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


def _found(path: Path, connection: sqlite3.Connection) -> Found:
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    if "gpkg_contents" in names:
        raise UserError(
            "“{name}”是 GeoPackage，不是 MBTiles，没有加入。请在 QGIS 里另存为 GeoJSON 或 MBTiles。",
            name=path.name,
        )
    columns = {row[1] for row in connection.execute("PRAGMA table_info(tiles)")}
    if not columns >= _WANTED:
        raise UserError("“{name}”是数据库文件，但里面没有地图瓦片，没有加入。请换一个文件。", name=path.name)
    _refuse_slow(path, connection)
    told = _told(connection) if "metadata" in names else {}
    zooms = _zooms(path, connection)
    turned = told.get("scheme") != "xyz"
    sample = connection.execute(
        "SELECT tile_data FROM tiles WHERE zoom_level = ? LIMIT 1", (zooms[0],)
    ).fetchone()
    credit = plain_credit(told.get("attribution"))
    return Found(
        kind=_kind(path, sample[0]),
        name=plain_name(told.get("name"), path.stem),
        extent=_extent(connection, told, zooms, turned=turned),
        min_zoom=zooms[0],
        max_zoom=zooms[-1],
        attribution=credit,
        review_number=review_number_in(told.get("attribution"), told.get("description"), told.get("name")),
        datum=Datum.WGS84 if "openstreetmap" in credit.casefold() else None,
    )


def _refuse_slow(path: Path, connection: sqlite3.Connection) -> None:
    """Without an index every tile means reading the whole file."""
    plan = connection.execute(f"EXPLAIN QUERY PLAN {_ONE_TILE}", (0, 0, 0)).fetchall()
    if any(str(row[3]).startswith("SCAN") for row in plan):
        raise UserError(
            "“{name}”里的瓦片没有索引，每看一眼都要读完整个文件，没有加入。请用制作它的软件重新导出，或给 tiles 表建"
            "（zoom_level, tile_column, tile_row）索引。",
            name=path.name,
        )


def _told(connection: sqlite3.Connection) -> dict[str, Any]:
    return {
        str(name): value for name, value in connection.execute("SELECT name, value FROM metadata LIMIT 200")
    }


def _zooms(path: Path, connection: sqlite3.Connection) -> list[int]:
    """The levels that there are tiles of; what the metadata say of them is often wrong."""
    query = "SELECT EXISTS (SELECT 1 FROM tiles WHERE zoom_level = ?)"
    zooms = [zoom for zoom in range(MOST_ZOOM + 1) if connection.execute(query, (zoom,)).fetchone()[0]]
    if not zooms:
        raise refusals.empty(path)
    return zooms


def _extent(
    connection: sqlite3.Connection, told: dict[str, Any], zooms: list[int], *, turned: bool
) -> Extent:
    bounds = told.get("bounds")
    claimed = checked_extent(bounds.split(",")) if isinstance(bounds, str) else None
    # The block of tiles at the deepest level; what is claimed can only be finer than that.
    zoom = zooms[-1]
    query = "SELECT min(tile_column), max(tile_column), min(tile_row), max(tile_row) FROM tiles WHERE zoom_level = ?"
    west, east, low, high = connection.execute(query, (zoom,)).fetchone()
    last = (1 << zoom) - 1
    if not all(isinstance(each, int) and 0 <= each <= last for each in (west, east, low, high)):
        raise Unreadable("tiles outside the world")
    north, south = (last - high, last - low) if turned else (low, high)
    block = extent_of_tiles(zoom, west, north, east, south)
    if claimed is None:
        return block
    both = (
        max(block.west, claimed.west),
        max(block.south, claimed.south),
        min(block.east, claimed.east),
        min(block.north, claimed.north),
    )
    return checked_extent(both) or block


def _kind(path: Path, sample: object) -> BasemapKind:
    if not isinstance(sample, bytes) or not sample:
        raise Unreadable("a tile that is no bytes")
    if picture_type(sample) is not None:
        return BasemapKind.MBTILES
    try:
        layers_of(unpacked(sample))
    except Unreadable as error:
        raise UserError(
            "“{name}”里的瓦片既不是 PNG、JPEG、WebP 图片，也不是矢量瓦片，没有加入。请换一种格式导出。",
            name=path.name,
        ) from error
    return BasemapKind.MBTILES_VECTOR


class MbTiles(Tiles):
    """The tiles of an MBTiles file."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._turned = True
        with contextlib.suppress(sqlite3.DatabaseError):
            self._turned = _told(self._connection).get("scheme") != "xyz"

    @override
    def tile(self, zoom: int, column: int, row: int, datum: Datum = Datum.WGS84) -> Tile | None:
        del datum
        place = (zoom, column, (1 << zoom) - 1 - row if self._turned else row)
        with _in_time(self._connection):
            try:
                found = self._connection.execute(_ONE_TILE, place).fetchone()
            except sqlite3.DatabaseError as error:
                raise Unreadable(str(error)) from error
        if found is None or not isinstance(found[0], bytes):
            return None
        kind = picture_type(found[0])
        return Tile(kind, found[0]) if kind else Tile(SHAPES, unpacked(found[0]))

    @override
    def close(self) -> None:
        self._connection.close()
