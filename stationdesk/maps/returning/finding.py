"""The sheet found in a photo: its number, and where the corners of its marks lie in the picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from stationdesk.core.errors import UserError
from stationdesk.core.progress import SILENT, Progress
from stationdesk.maps.returning.codes import Corner, CornerCode
from stationdesk.maps.upright import opened, upright

Pixel = tuple[float, float]
Quad = tuple[Pixel, Pixel, Pixel, Pixel]
"""A mark's corners in the picture, in its own order: upper left, upper right, lower right, lower left."""

MOST_PIXELS = 120_000_000
"""Phones take up to 108 million; the picture is held as grey, one byte a pixel, and once in colour."""
_LEAST = 2
"""Two marks give eight corners, and the paper is found; from one alone the far end would swim."""
_SIDES = (0, 2400, 1600)
"""The picture is searched as it is, and smaller: noise that hides a mark goes when a picture shrinks."""

_FORMATS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """A sheet in a picture: `size` in pixels, upright as the phone was held, and its marks by their corner."""

    number: str
    size: tuple[int, int]
    marks: Mapping[Corner, Quad]


def open_picture(path: Path) -> Image.Image:
    """The picture as colours, turned upright as the phone that took it says.

    Raises:
        UserError: it is no picture, is damaged, or is larger than this computer could hold.
    """
    try:
        with opened(path) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UserError(
                    "“{name}”有 {count} 万像素，太大了。请在手机上改用较小的照片再试。",
                    name=path.name,
                    count=picture.width * picture.height // 10_000,
                )
            return upright(picture).convert("RGB")
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        Image.DecompressionBombError,
    ) as trouble:
        if isinstance(trouble, FileNotFoundError | PermissionError):
            raise UserError("打不开“{name}”。请检查文件还在不在，再试一次。", name=path.name) from trouble
        raise UserError(
            "“{name}”不是能打开的照片，或者已损坏。请用手机重新传一次（格式选 JPG）。", name=path.name
        ) from trouble


def find_sheet(picture: Image.Image, name: str, progress: Progress = SILENT) -> FoundSheet:
    """Find the marks of one sheet in a picture. `name` is what the picture is called in a refusal.

    Raises:
        UserError: no mark is seen, too few are, or marks of two sheets.
        Cancelled: by `progress`.
    """
    grey = ImageOps.grayscale(picture)
    marks: dict[str, dict[Corner, Quad]] = {}
    for step, (shrunk, factor) in enumerate(_ways(grey)):
        progress.step(step, 2 * len(_SIDES))
        for code, quad in _read(shrunk):
            known = marks.setdefault(code.number, {})
            known.setdefault(code.corner, _scaled(quad, factor))
        if any(len(known) == len(Corner) for known in marks.values()):
            break
    whole = {number: known for number, known in marks.items() if len(known) >= _LEAST}
    if len(whole) > 1:
        raise UserError(
            "照片“{name}”里有几张走访图（{numbers}）。请一张一张地拍。",
            name=name,
            numbers="、".join(sorted(whole)),
        )
    if not whole:
        raise UserError(_refusal(marks), name=name, count=max(map(len, marks.values()), default=0))
    ((number, known),) = whole.items()
    return FoundSheet(number, picture.size, known)


def _refusal(marks: Mapping[str, object]) -> str:
    if marks:
        return "照片“{name}”里只看清 {count} 个角标，找不准整张图。请把纸放平，四个角都拍进来，再拍一张。"
    return "照片“{name}”里没有找到走访图的角标。请选本程序打印的走访图的照片：把纸放平，四个角都拍进来，光线要匀。"


def _ways(grey: Image.Image) -> Iterator[tuple[Image.Image, float]]:
    """The picture in several sizes, plain and with its shadows evened out; each with what to multiply by."""
    for side in _SIDES:
        longest = max(grey.size)
        if side and side >= longest:
            continue
        factor = longest / side if side else 1.0
        size = (round(grey.width / factor), round(grey.height / factor))
        shrunk = grey if factor == 1.0 else grey.resize(size, Image.Resampling.LANCZOS)
        yield shrunk, factor
        yield ImageOps.autocontrast(shrunk, cutoff=2), factor


def _read(grey: Image.Image) -> Iterator[tuple[CornerCode, Quad]]:
    for seen in zxingcpp.read_barcodes(np.asarray(grey), formats=_FORMATS):
        code = CornerCode.of(seen.text)
        if code is not None and seen.valid:
            at = seen.position
            corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
            a, b, c, d = ((float(each.x), float(each.y)) for each in corners)
            yield code, (a, b, c, d)


def _scaled(quad: Quad, factor: float) -> Quad:
    a, b, c, d = ((x * factor, y * factor) for x, y in quad)
    return a, b, c, d
