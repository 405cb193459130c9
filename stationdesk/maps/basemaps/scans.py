"""Scans and photos that do not know where they lie: opened upright, shown small, laid by what people told of them.

What was told is a recipe, kept as JSON beside the base map, so that a pin can be moved later and the map made anew.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from stationdesk.core.errors import UserError
from stationdesk.core.files import write_safely
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import BasemapKind
from stationdesk.core.vocab.basemaps import PinMethod
from stationdesk.maps.basemaps import mbtiles, pictures, refusals, warp
from stationdesk.maps.basemaps.found import Found, plain_name, review_number_in
from stationdesk.maps.basemaps.paced import Length, Paced, judge_paced
from stationdesk.maps.basemaps.pinning import judge
from stationdesk.maps.basemaps.pins import Pin, Pinned
from stationdesk.maps.upright import upright, upright_size

SCAN_SUFFIX = ".scan"
"""How the originals of pinned pictures end in the folder of maps; what they are, their first bytes say."""

_BLOCK = 4 << 20
_MOST_SHOWN = 4096  # pixels a side of the picture that is shown while pinning
_PHONE_PICTURES = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypheif")


@dataclass(frozen=True, slots=True)
class ByPins:
    """A picture laid by its pins; without a method, by the one that errs less."""

    pins: tuple[Pin, ...]
    method: PinMethod | None = None


Recipe = ByPins | Paced
"""What people told of a picture: places of its points, or lengths between them."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A picture as it is looked at: its size upright, and a copy of at most 4096 pixels a side to show (JPEG)."""

    path: Path
    name: str
    size: tuple[int, int]
    shown: bytes


def look(path: Path) -> Scan:
    """What a picture looks like.

    Raises:
        UserError: it is no picture, damaged, or too large.
    """
    with _opened(path) as picture:
        size = upright_size(picture)
        picture.draft(None, (_MOST_SHOWN, _MOST_SHOWN))  # a JPEG is decoded no larger than it is shown
        pictures.load(path, picture)
        small = upright(picture)
        small.thumbnail((_MOST_SHOWN, _MOST_SHOWN), Image.Resampling.BOX)
        out = io.BytesIO()
        _on_white(small).save(out, "JPEG", quality=88)
    return Scan(path, plain_name(None, path.stem), size, out.getvalue())


def size_of(path: Path) -> tuple[int, int]:
    """The width and height of a picture, upright, in pixels.

    Raises:
        UserError: it is no picture, damaged, or too large.
    """
    with _opened(path) as picture:
        return upright_size(picture)


def laid_by(size: tuple[int, int], recipe: Recipe) -> Pinned:
    """Where a picture of this size lies.

    Raises:
        UserError: what was told makes no sense.
    """
    if isinstance(recipe, Paced):
        return judge_paced(size, recipe).pinned
    return judge(size, recipe.pins, recipe.method).pinned


def write(path: Path, recipe: Recipe, name: str, target: Path, progress: Progress = SILENT) -> Found:
    """Write the tiles of a picture, laid by its recipe; what is there afterwards is whole, or nothing is.

    Raises:
        UserError: the picture is damaged, the recipe makes no sense, or the disk is full.
        Cancelled: the worker stopped it; nothing is left behind.
    """
    with _opened(path) as picture:
        pinned = laid_by(upright_size(picture), recipe)
        extent = warp.extent_of(path, pinned)
        low, high = warp.zooms_of(pinned, extent)
        pictures.load(path, picture)
        turned = upright(picture)

        def cut(part: Path) -> None:
            warp.cut(turned, pinned, extent, (low, high), name, part, progress)

        def check(part: Path) -> None:
            mbtiles.look(part)

        write_safely(target, cut, check)
    return Found(
        kind=BasemapKind.PINNED,
        name=name,
        extent=extent,
        min_zoom=low,
        max_zoom=high,
        review_number=review_number_in(path.stem),
    )


def keep(path: Path, target: Path, progress: Progress = SILENT) -> None:
    """Copy the original in pieces; what is there afterwards is whole, or nothing is."""
    size = path.stat().st_size

    def copy(part: Path) -> None:
        done = 0
        with path.open("rb") as source, part.open("wb") as file:
            while block := source.read(_BLOCK):
                progress.step(done, max(size, done + 1))
                file.write(block)
                done += len(block)

    write_safely(target, copy, needed=size)


def recipe_json(recipe: Recipe) -> str:
    """The recipe as it is kept."""
    told: dict[str, Any]
    if isinstance(recipe, Paced):
        told = {
            "by": "lengths",
            "lengths": [
                [each.x1, each.y1, each.x2, each.y2, each.amount, each.in_paces] for each in recipe.lengths
            ],
            "pace": recipe.pace,
            "north": recipe.north,
            "at": recipe.at,
        }
    else:
        told = {
            "by": "pins",
            "method": recipe.method.code if recipe.method is not None else None,
            "pins": [[pin.x, pin.y, pin.lat, pin.lon, pin.name] for pin in recipe.pins],
        }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def recipe_of(text: str) -> Recipe:
    """The recipe that was kept.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """
    told = json.loads(text)
    if told["by"] == "lengths":
        north = told["north"]
        return Paced(
            tuple(_length(*each) for each in told["lengths"]),
            float(told["pace"]),
            (float(north[0]), float(north[1]), float(north[2]), float(north[3])) if north else None,
            (float(told["at"][0]), float(told["at"][1])),
        )
    method = told["method"]
    return ByPins(
        tuple(_pin(*each) for each in told["pins"]),
        PinMethod.of(method) if method else None,
    )


def _length(x1: float, y1: float, x2: float, y2: float, amount: float, in_paces: bool) -> Length:
    return Length(float(x1), float(y1), float(x2), float(y2), float(amount), in_paces)


def _pin(x: float, y: float, lat: float, lon: float, name: str) -> Pin:
    return Pin(float(x), float(y), float(lat), float(lon), name)


def _opened(path: Path) -> Image.Image:
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise UserError(
            "读不了“{name}”：{why}。请检查文件是否还在、U 盘是否插好。",
            name=path.name,
            why=error.strerror or "",
        ) from error
    if head[4:12] in _PHONE_PICTURES:
        raise UserError(
            "“{name}”是苹果手机的 HEIC 照片，读不了。请在手机上另存或转发成 JPG 再用。", name=path.name
        )
    if not head.startswith(pictures.MAGICS):
        raise refusals.no_picture(path)
    return pictures.opened(path)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"LA", "PA", "RGBA"} or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "#ffffff")
        return Image.alpha_composite(paper, clear).convert("RGB")
    return picture.convert("RGB")
