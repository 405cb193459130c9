"""Pictures from outside, opened with care and set upright: their EXIF may be damaged, their ending may lie."""

from __future__ import annotations

import contextlib
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
"""What phones and scanners write; some of Pillow's other readers start programs of the computer (EPS)."""

DAMAGED_EXIF = (OSError, ValueError, SyntaxError, TypeError, KeyError, struct.error)
"""What Pillow raises on EXIF that is no EXIF."""

_SIDEWAYS = (5, 6, 7, 8)  # EXIF orientations that exchange width and height
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What sets a picture upright, by how it was held."""


@contextlib.contextmanager
def opened(source: Path | IO[bytes]) -> Iterator[Image.Image]:
    """Pillow's picture, without its warnings: of damage that shows, and of sizes, which whoever opens it judges.

    Only the head is read.

    Raises:
        OSError, SyntaxError, ValueError, TypeError, Image.DecompressionBombError: it is no picture, or damaged.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(source, formats=FORMATS) as picture:
            yield picture


def orientation(picture: Image.Image) -> int:
    """How a picture was held (EXIF 2.32, tag 0112); 1, upright, where nothing that can be read says it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            held = picture.getexif().get(_ORIENTATION)
    except DAMAGED_EXIF:
        return 1
    return held if held in _TURNS else 1


def upright_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height once it is set upright, in pixels."""
    width, height = picture.size
    return (height, width) if orientation(picture) in _SIDEWAYS else (width, height)


def upright(picture: Image.Image, held: int | None = None) -> Image.Image:
    """The picture set upright; `held` tells how it was held where its copy no longer does."""
    turn = _TURNS.get(orientation(picture) if held is None else held)
    return picture if turn is None else picture.transpose(turn)
