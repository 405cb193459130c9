"""Pictures that know where they lie: GeoTIFF, or any picture with a world file beside it.

They become tiles of the station's own at import (an MBTiles file of WebP), so that a large scan is looked at as
quickly as any other map, and never as a whole.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.maps.basemaps import refusals
from stationdesk.maps.basemaps.found import Found, plain_name, review_number_in
from stationdesk.maps.basemaps.frames import Frame, beside, frame_of_code, frame_of_text, frame_of_values
from stationdesk.maps.basemaps.warp import cut, extent_of, zooms_of

MAGICS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"II*\x00", b"MM\x00*", b"II+\x00", b"BM")
WORLD_FILES = (".pgw", ".pngw", ".jgw", ".jpgw", ".jpegw", ".tfw", ".tifw", ".bpw", ".wld")
MOST_PIXELS = 100_000_000
"""An A3 scan at 600 dpi has 70 million; what is larger would not fit into the memory of the station's laptop."""

_FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP")
_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"})
_SCALE, _TIE, _MATRIX, _KEYS = 33550, 33922, 34264, 34735  # tags of GeoTIFF 1.1
_MODEL, _RASTER, _GEOGRAPHIC, _PROJECTED = 1024, 1025, 2048, 3072  # its keys
_OWN = 32767


class Unplaced(UserError):
    """A picture that nothing places: it has to be pinned by hand."""


@dataclass(frozen=True, slots=True)
class Placed:
    """How pixels lie in a frame: x = a·column + b·row + c, y = d·column + e·row + f, from the corner of the first."""

    size: tuple[int, int]
    affine: tuple[float, float, float, float, float, float]
    frame: Frame

    def degrees(self, column: float, row: float) -> tuple[float, float]:
        """The (lat, lon) of a pixel."""
        a, b, c, d, e, f = self.affine
        lons, lats = self.frame.to_degrees([a * column + b * row + c], [d * column + e * row + f])
        return lats[0], lons[0]

    def pixels(self, places: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """The (column, row) of places (lat, lon)."""
        a, b, c, d, e, f = self.affine
        whole = a * e - b * d
        xs, ys = self.frame.from_degrees([lon for _lat, lon in places], [lat for lat, _lon in places])
        return [
            ((e * (x - c) - b * (y - f)) / whole, (a * (y - f) - d * (x - c)) / whole)
            for x, y in zip(xs, ys, strict=True)
        ]


def look(path: Path) -> Found:
    """What a picture is, and where it lies.

    Raises:
        UserError: it is damaged or too large, or nothing says where it lies, in a frame that can be read.
    """
    with opened(path) as picture:
        placed = _placed(path, picture)
        words = picture.info.get("comment") or picture.info.get("Comment")
        is_tiff = picture.format == "TIFF" and beside(path, *WORLD_FILES) is None
    extent = extent_of(path, placed)
    low, high = zooms_of(placed, extent)
    return Found(
        kind=BasemapKind.GEOTIFF if is_tiff else BasemapKind.PICTURE,
        name=plain_name(None, path.stem),
        extent=extent,
        min_zoom=low,
        max_zoom=high,
        review_number=review_number_in(words if isinstance(words, str) else "", path.stem),
        datum=Datum.WGS84 if placed.frame.told else None,
    )


def write_tiles(path: Path, found: Found, target: Path, progress: Progress) -> None:
    """Cut a picture into tiles, an MBTiles file at `target`.

    Raises:
        UserError: the picture is damaged.
        Cancelled: the worker stopped it.
    """
    with opened(path) as picture:
        placed = _placed(path, picture)
        load(path, picture)
        cut(picture, placed, found.extent, (found.min_zoom, found.max_zoom), found.name, target, progress)


def load(path: Path, picture: Image.Image) -> None:
    """Decode all of a picture.

    Raises:
        UserError: it is damaged.
    """
    try:
        picture.load()
    except (OSError, ValueError, SyntaxError) as error:
        raise refusals.damaged(path) from error


def opened(path: Path) -> Image.Image:
    """Pillow's picture; only its head is read.

    Its own limit is a warning first and an error at twice that: the size is judged here.

    Raises:
        UserError: it is damaged, too large, or no picture that people look at.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(path, formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError) as error:
        raise refusals.damaged(path) from error
    width, height = picture.size
    if width * height > MOST_PIXELS:
        picture.close()
        raise _too_large(path)
    if picture.mode not in _MODES:
        mode = picture.mode
        picture.close()
        raise UserError(
            "“{name}”不是彩色或灰度图片（{mode}，多半是高程数据），没有加入。请导出成普通图片或 MBTiles。",
            name=path.name,
            mode=mode,
        )
    return picture


def _too_large(path: Path) -> UserError:
    return UserError(
        "“{name}”太大（超过 {most} 百万像素），没有加入。请缩小，或在 QGIS 里导出成 MBTiles。",
        name=path.name,
        most=MOST_PIXELS // 1_000_000,
    )


# Where it lies


def _placed(path: Path, picture: Image.Image) -> Placed:
    tags: Any = getattr(picture, "tag_v2", {})
    told = beside(path, ".prj")
    frame = (
        frame_of_text(path, told.read_text(encoding="utf-8", errors="replace")) if told is not None else None
    )
    keys = _keys(tags)
    affine = _tagged(path, tags, keys)
    if keys and frame is None:
        frame = _frame(path, keys)
    if affine is None:
        world = beside(path, *WORLD_FILES)
        if world is None:
            raise Unplaced(
                "“{name}”里没有坐标，旁边也没有坐标文件（.pgw、.jgw、.tfw、.wld），不知道它在哪里，没有加入。",
                name=path.name,
            )
        affine = _world(path, world)
    a, b, c, d, e, f = affine
    if not all(map(math.isfinite, affine)) or abs(a * e - b * d) < 1e-18:
        raise refusals.damaged(path, _("坐标没有意义"))
    width, height = picture.size
    middle = (a * width / 2 + b * height / 2 + c, d * width / 2 + e * height / 2 + f)
    return Placed((width, height), affine, frame or frame_of_values(path, *middle))


def _world(path: Path, world: Path) -> tuple[float, float, float, float, float, float]:
    words = world.read_text(encoding="ascii", errors="replace").replace(",", ".").split()
    try:
        a, d, b, e, c, f = (float(word) for word in words[:6])
    except ValueError as error:
        raise UserError(
            "“{name}”的坐标文件“{world}”看不懂，应是六行数字，没有加入。", name=path.name, world=world.name
        ) from error
    # It tells the middle of the first pixel.
    return a, b, c - a / 2 - b / 2, d, e, f - d / 2 - e / 2


def _keys(tags: Any) -> dict[int, int]:
    found = tags.get(_KEYS) if tags else None
    if not found:
        return {}
    rows = [found[place : place + 4] for place in range(4, len(found), 4)]
    return {row[0]: row[3] for row in rows if len(row) == 4 and row[1] == 0}


def _tagged(
    path: Path, tags: Any, keys: dict[int, int]
) -> tuple[float, float, float, float, float, float] | None:
    if not tags:
        return None
    if (matrix := tags.get(_MATRIX)) and len(matrix) >= 8:
        affine = (matrix[0], matrix[1], matrix[3], matrix[4], matrix[5], matrix[7])
    elif (scale := tags.get(_SCALE)) and (tie := tags.get(_TIE)) and len(tie) >= 6 and len(scale) >= 2:
        if len(tie) > 6:
            raise UserError(
                "“{name}”用多个控制点定位，还不能用，没有加入。请在 QGIS 里另存为普通 GeoTIFF。",
                name=path.name,
            )
        across, down = scale[0], -scale[1]
        affine = (across, 0.0, tie[3] - across * tie[0], 0.0, down, tie[4] - down * tie[1])
    else:
        return None
    a, b, c, d, e, f = (float(value) for value in affine)
    if keys.get(_RASTER) == 2:  # the coordinates tell the middles of pixels
        c, f = c - a / 2 - b / 2, f - d / 2 - e / 2
    return a, b, c, d, e, f


def _frame(path: Path, keys: dict[int, int]) -> Frame | None:
    code = keys.get(_PROJECTED) if keys.get(_MODEL) == 1 else keys.get(_GEOGRAPHIC)
    if code == _OWN:
        raise UserError(
            "“{name}”用的是自定义的坐标系，没有加入。请在 QGIS 里转成经纬度、Web 墨卡托或 CGCS2000 分带坐标再导出。",
            name=path.name,
        )
    return frame_of_code(path, code) if code else None
