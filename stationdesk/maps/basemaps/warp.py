"""Cutting a picture into tiles of web Mercator, however it lies: by its coordinates, or pinned by hand.

The picture is decoded once, as it is; only the piece under a tile is ever turned into four channels, so that the
memory this takes is that of the picture and of no copy of it.
"""

from __future__ import annotations

import io
import math
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

from PIL import Image

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import Progress
from stationdesk.maps.basemaps import refusals
from stationdesk.maps.basemaps.found import Extent
from stationdesk.maps.basemaps.mercator import MOST_LATITUDE, place_at, tile_at, world_xy

MOST_TILES = 60_000
"""Tiles of the deepest level: the largest picture that is taken has some 3,000 when it lies straight."""

_TILE = 256
_PIECES = 4  # a tile is laid over the picture in 4 by 4 pieces, each straight
_EDGE = 16  # points along each side when the extent is taken
_RIM = 2  # pixels around the piece under a tile, for what is blended
_MOST_ZOOM = 22


class Laid(Protocol):
    """A picture that lies somewhere. Pixels are (column, row) from the corner of the first, places (lat, lon)."""

    @property
    def size(self) -> tuple[int, int]:
        """Its width and height in pixels."""

    def degrees(self, column: float, row: float) -> tuple[float, float]:
        """The place of a pixel."""

    def pixels(self, places: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """The pixels of places."""


def extent_of(path: Path, laid: Laid) -> Extent:
    """The rectangle around a picture.

    Raises:
        UserError: it does not lie on the earth.
    """
    width, height = laid.size
    steps = [step / _EDGE for step in range(_EDGE + 1)]
    edge: list[tuple[float, float]] = [(width * step, row) for step in steps for row in (0, height)]
    edge += [(column, height * step) for step in steps for column in (0, width)]
    places = [laid.degrees(column, row) for column, row in edge]
    lats, lons = [lat for lat, _lon in places], [lon for _lat, lon in places]
    if not all(math.isfinite(each) for each in (*lats, *lons)) or max(map(abs, lons)) > 180.001:
        raise refusals.damaged(path, _("坐标不在地球上"))
    south, north = max(-MOST_LATITUDE, min(lats)), min(MOST_LATITUDE, max(lats))
    if south >= north:
        raise refusals.damaged(path, _("坐标不在地球上"))
    return Extent(min(lons), south, max(lons), north)


def zooms_of(laid: Laid, extent: Extent) -> tuple[int, int]:
    """From the level at which the whole fits into some tiles to the one that shows every pixel."""
    left, top = world_xy(extent.north, extent.west)
    right, bottom = world_xy(extent.south, extent.east)
    width, height = laid.size
    pixel = min((right - left) / width, (bottom - top) / height)
    high = min(_MOST_ZOOM, max(0, round(math.log2(1 / (_TILE * pixel)))))
    low = math.floor(math.log2(1 / max(right - left, bottom - top)))
    return min(high, max(0, low)), high


def cut(
    picture: Image.Image,
    laid: Laid,
    extent: Extent,
    zooms: tuple[int, int],
    name: str,
    target: Path,
    progress: Progress,
) -> None:
    """Write the tiles of a loaded picture, an MBTiles file of WebP at `target`.

    Raises:
        UserError: it would be far more tiles than the picture has pixels for.
        Cancelled: the worker stopped it.
    """
    low, high = zooms
    across, down = _block(extent, high)
    if len(across) * len(down) > MOST_TILES:
        raise UserError("照这样放，这张图大得没有意义，没有加入。请检查钉的点。")
    progress.say(_("正在把图片切成瓦片"))
    with closing(sqlite3.connect(target)) as store:
        store.execute("PRAGMA journal_mode = OFF")
        store.execute("PRAGMA synchronous = OFF")  # the whole file is synced before it is moved into place
        store.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        store.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB,"
            " PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID"
        )
        bounds = ",".join(f"{value:.7f}" for value in extent)
        told = {"name": name, "format": "webp", "bounds": bounds, "scheme": "tms"}
        store.executemany("INSERT INTO metadata VALUES (?, ?)", told.items())
        deepest = list(_tiles(extent, high))
        for done, (column, row) in enumerate(deepest):
            progress.step(done, len(deepest))
            tile = _laid(picture, laid, high, column, row)
            if tile is not None:
                _keep(store, high, column, row, tile)
        for zoom in range(high - 1, low - 1, -1):
            for column, row in _tiles(extent, zoom):
                _keep(store, zoom, column, row, _gathered(store, zoom, column, row))
        store.commit()


def _block(extent: Extent, zoom: int) -> tuple[range, range]:
    west, north = tile_at(extent.north, extent.west, zoom)
    east, south = tile_at(extent.south, extent.east, zoom)
    return range(west, east + 1), range(north, south + 1)


def _tiles(extent: Extent, zoom: int) -> Iterator[tuple[int, int]]:
    across, down = _block(extent, zoom)
    yield from ((column, row) for column in across for row in down)


def _laid(picture: Image.Image, laid: Laid, zoom: int, column: int, row: int) -> Image.Image | None:
    """What of the picture falls into a tile, the rest of it clear; None where nothing does."""
    side = 1 << zoom
    steps = range(_PIECES + 1)
    places = [
        place_at((column + across / _PIECES) / side, (row + down / _PIECES) / side)
        for down in steps
        for across in steps
    ]
    corners = laid.pixels(places)
    under = _under(corners, picture.size)
    if under is None:
        return None
    left, top, _right, _bottom = under

    def corner(across: int, down: int) -> tuple[float, float]:
        x, y = corners[down * (_PIECES + 1) + across]
        return x - left, y - top

    piece = _TILE // _PIECES
    mesh = [
        (
            (across * piece, down * piece, (across + 1) * piece, (down + 1) * piece),
            # From the upper left against the clock, as Pillow wants them.
            (
                *corner(across, down),
                *corner(across, down + 1),
                *corner(across + 1, down + 1),
                *corner(across + 1, down),
            ),
        )
        for down in range(_PIECES)
        for across in range(_PIECES)
    ]
    return (
        picture.crop(under)
        .convert("RGBA")
        .transform(
            (_TILE, _TILE),
            Image.Transform.MESH,
            mesh,
            Image.Resampling.BILINEAR,
            fill=1,
            fillcolor=(0, 0, 0, 0),
        )
    )


def _under(corners: Sequence[tuple[float, float]], size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """The part of the picture under a tile: left, top, right, bottom; None where the tile lies beside it."""
    xs, ys = [x for x, _y in corners], [y for _x, y in corners]
    left, top = max(0, math.floor(min(xs)) - _RIM), max(0, math.floor(min(ys)) - _RIM)
    right, bottom = min(size[0], math.ceil(max(xs)) + _RIM), min(size[1], math.ceil(max(ys)) + _RIM)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _gathered(store: sqlite3.Connection, zoom: int, column: int, row: int) -> Image.Image:
    """A tile made of the four below it."""
    four = Image.new("RGBA", (2 * _TILE, 2 * _TILE))
    side = 1 << (zoom + 1)
    query = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
    for across in (0, 1):
        for down in (0, 1):
            place = (zoom + 1, 2 * column + across, side - 1 - (2 * row + down))
            found = store.execute(query, place).fetchone()
            if found is not None:
                with Image.open(io.BytesIO(found[0])) as part:
                    four.paste(part.convert("RGBA"), (across * _TILE, down * _TILE))
    return four.resize((_TILE, _TILE), Image.Resampling.BOX)


def _keep(store: sqlite3.Connection, zoom: int, column: int, row: int, tile: Image.Image) -> None:
    if tile.getbbox() is None:
        return
    out = io.BytesIO()
    tile.save(out, "WEBP", quality=85, method=3)
    store.execute(
        "INSERT INTO tiles VALUES (?, ?, ?, ?)", (zoom, column, (1 << zoom) - 1 - row, out.getvalue())
    )
